"""An executed notebook holds no folder, user, host or clock of who ran it, since its page offers it for download."""

import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from analysis.parameters.cell import INJECTED_TAG
from analysis.reporting.run.catalogue import PROJECT

KERNEL_FILE = re.compile(r"(?<!\S)\S*ipykernel_\d+[/\\]\d+\.py:\d+: ")
"""Where a warning arose: another name in each run."""
TIMES = ("start_time", "end_time", "duration")
"""What papermill notes of the clock, for the run and for each cell."""
WIDGETS = "application/vnd.jupyter.widget-state+json"
WIDGET = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def forget_places(content: NotebookNode, source: str, executed: str) -> None:
    """Take the folders out of what papermill noted and out of warnings.

    Parameters
    ----------
    content : NotebookNode
        An executed notebook, which is changed.
    source, executed : str
        What is noted in place of the paths of the notebook and of the executed one.
    """
    content.metadata.setdefault("papermill", {}).update(input_path=source, output_path=executed)
    for cell in content.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                output.text = _without_folders(KERNEL_FILE.sub("", output.text))


def forget_times(content: NotebookNode) -> None:
    """Take out of an executed notebook when and how long it ran, and the random name of the cell with its values."""
    for part in (content, *content.cells):
        for name in TIMES:
            part.metadata.get("papermill", {}).pop(name, None)
    for cell in content.cells:
        cell.metadata.pop("execution", None)
        if INJECTED_TAG in cell.metadata.get("tags", []):
            cell.id = INJECTED_TAG


def number_widgets(content: NotebookNode) -> NotebookNode:
    """Give the widgets of an executed notebook, which have random names, numbers in the order of their making."""
    states = content.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    numbers = {name: f"{number:032x}" for number, name in enumerate(states)}
    if not numbers:
        return content
    text = WIDGET.sub(lambda found: numbers.get(found[0], found[0]), nbformat.writes(content))
    return nbformat.reads(text, as_version=4)


def _without_folders(text: str) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - there may be none
    known = {str(PROJECT): "project", sys.prefix: "environment", tempfile.gettempdir(): "tmp", home: "~"}
    for folder in sorted(filter(_is_telling, known), key=len, reverse=True):  # the innermost first
        text = text.replace(folder, known[folder])
    return text


def _is_telling(folder: str) -> bool:
    return len(Path(folder).parts) > 1

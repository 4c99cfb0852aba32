"""An executed notebook holds no folder, user or host of who ran it, since its page offers it for download."""

import os
import re
import sys
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from analysis.reporting.run.catalogue import PROJECT

KERNEL_FILE = re.compile(r"(?<!\S)\S*ipykernel_\d+[/\\]\d+\.py:\d+: ")
"""Where a warning arose: another name in each run."""


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


def _without_folders(text: str) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - there may be none
    known = {str(PROJECT): "project", sys.prefix: "environment", tempfile.gettempdir(): "tmp", home: "~"}
    for folder in sorted(filter(_is_telling, known), key=len, reverse=True):  # the innermost first
        text = text.replace(folder, known[folder])
    return text


def _is_telling(folder: str) -> bool:
    return len(Path(folder).parts) > 1

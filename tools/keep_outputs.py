"""Run notebooks with their default parameters, keep what nbval compares, and say what changed.

``python tools/keep_outputs.py [NOTEBOOK.ipynb ...]`` does it for the named ones, else for all. Every output is kept but
pictures, charts and widgets, which nbval does not compare (``notebooks/conftest.py``). Read what it prints before you
commit: a number that moved is named in CHANGELOG.md.
"""

import json
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from analysis.checks.headlines import FOOTING_MIME
from analysis.figures.chart_files import CHART_MIME
from analysis.figures.ledger_file import LEDGER_MIME
from analysis.reporting.kernel.manager import OwnKernelManager
from analysis.reporting.run.catalogue import list_notebooks

PICTURES = {"image/png", CHART_MIME, LEDGER_MIME, FOOTING_MIME, "application/vnd.jupyter.widget-view+json"}
UNCOMPARED = "nbval-ignore-output"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},  # exporters take the suffix from it
}


def keep_outputs(path: Path) -> list[str]:
    """Execute one notebook in its folder, write it back with its outputs, and return the lines that changed."""
    notebook = nbformat.read(path, as_version=4)
    before = list(write_outputs(notebook))
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_manager_class=OwnKernelManager, resources=folder).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            compared = UNCOMPARED not in cell.metadata.get("tags", [])
            cell.outputs = [bare(output) for output in cell.outputs] if compared else []
            cell.execution_count = cell.execution_count if cell.outputs else None
    notebook.metadata = METADATA
    nbformat.write(notebook, path)
    return list(unified_diff(before, list(write_outputs(notebook)), "kept", "now", n=0, lineterm=""))


def bare(output: NotebookNode) -> NotebookNode:
    """Take pictures, charts and widgets out of an output, with what describes them."""
    if "data" in output:
        output.data = {kind: content for kind, content in output.data.items() if kind not in PICTURES}
        output.metadata = {}
    return output


def write_outputs(notebook: NotebookNode) -> Iterator[str]:
    """Write what is kept as lines, each with the number of its code cell as nbval counts them."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code):
        for output in cell.outputs:
            kept = output.get("data") or {"text": output.get("text", "")}
            for kind, content in sorted(kept.items()):
                plain = isinstance(content, str)
                text = content if plain else json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True)
                yield from (f"cell {number}, {kind}: {line}" for line in text.replace("\\n", "\n").splitlines())


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else [one.path for one in list_notebooks()]:
        changed = keep_outputs(path)
        print(*changed, f"{path.name}: {len(changed)} lines changed, {path.stat().st_size / 1000:.0f} KB", sep="\n")

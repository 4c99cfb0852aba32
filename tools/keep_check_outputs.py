"""Run notebooks with their default parameters and keep only the check cell's output in the file.

``python tools/keep_check_outputs.py [NOTEBOOK.ipynb ...]`` does it for the named ones, else for all. Look at the
difference before you commit it: a number that moved is named in CHANGELOG.md.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from analysis.reporting.catalogue import list_notebooks
from analysis.reporting.kernel import OwnKernelManager


def keep_check_output(path: Path) -> None:
    """Execute one notebook in its folder and write it back with the check cell's output alone."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, kernel_manager_class=OwnKernelManager, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code" and "nbval-check-output" not in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else (one.path for one in list_notebooks()):
        keep_check_output(path)
        print(f"kept the check cell's output of {path}")

"""What stands for a run: a change of cells, values, package or data makes it another run."""

import hashlib
import json
from pathlib import Path

from analysis.parameters import Parameters
from analysis.reporting.catalogue import Notebook

PACKAGE = Path(__file__).resolve().parents[1]


def run_key(notebook: Notebook, parameters: Parameters, surroundings: str) -> str:
    """Return what stands for a run: change a cell, a value, the package or the data, and it is another.

    Parameters
    ----------
    notebook : Notebook
        Its name and the text of its cells count; kept outputs do not.
    parameters : Parameters
        All values.
    surroundings : str
        From ``hash_surroundings``.
    """
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", [])]
        for cell in notebook.content["cells"]
    ]
    content = [notebook.name, cells, parameters.model_dump(), surroundings]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def hash_surroundings(data: Path) -> str:
    """Return a checksum of the package's source and templates, and of every file of the data folder."""
    digest = hashlib.sha256()
    for folder in (PACKAGE, data):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not _is_made(path, folder)):
            digest.update(f"{path.relative_to(folder).as_posix()} {checksum(path)}\n".encode())
    return digest.hexdigest()


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_made(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)

"""Time what a dossier's own cells take, without kernel, imports and page: tables, history, figures, sentences."""

import builtins
import contextlib
import io
from pathlib import Path

import nbformat
from timing import head, report

NOTEBOOK = Path(__file__).resolve().parent.parent / "notebooks" / "recognition" / "05-country-dossier.ipynb"
COUNTRIES = ("NIC", "TWN", "ISR", "DEU", "TUV")
TARGET_MS = 1_000


def main() -> None:
    """Print the median of each country in milliseconds beside the target."""
    content = nbformat.read(NOTEBOOK, as_version=4)
    sources = [cell.source for cell in content.cells if cell.cell_type == "code"]
    cells = [compile(source, str(NOTEBOOK), "exec") for source in sources[1:]]  # the first holds the parameters
    builtins.display = lambda *_, **__: None
    head()
    for country in COUNTRIES:
        report(f"dossier of {country}", 5, lambda country=country: run(cells, country), target=TARGET_MS)


def run(cells: list, country: str) -> None:
    """Run the cells in a fresh namespace; drawn figures are turned into PNG as in a notebook."""
    namespace = {"country": country, "__name__": "dossier"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            exec(cell, namespace)


if __name__ == "__main__":
    main()

"""Long cells: now and then a line says where a run is and since when, so that nobody takes work for a hang."""

import sys
import threading
import time
from collections.abc import Sequence

from nbformat import NotebookNode

from analysis.errors import printable

EVERY_S = 30


class Waiting:
    """Says on stderr, above a bar where there is one, that a cell is still at work.

    Parameters
    ----------
    name : str
        Of the notebook.
    every_s : float
        Seconds of one cell before the first line, and between lines.
    """

    def __init__(self, name: str, every_s: float = EVERY_S) -> None:
        self.name, self.every_s = name, every_s
        self._over = threading.Event()

    def begin(self, before: Sequence[NotebookNode]) -> None:
        """A cell has begun; ``before`` are the cells above it, whose last heading tells where it stands."""
        self._over = threading.Event()
        threading.Thread(target=self._tell, args=(self._over, heading_above(before)), daemon=True).start()

    def end(self) -> None:
        """No cell is at work."""
        self._over.set()

    def _tell(self, over: threading.Event, where: str) -> None:
        began = time.monotonic()
        while not over.wait(self.every_s):
            from tqdm import tqdm

            told = f"{self.name} is still at work{where}, for {time.monotonic() - began:.0f} s."
            tqdm.write(printable(told), file=sys.stderr)


def heading_above(cells: Sequence[NotebookNode]) -> str:
    """Say under which heading a cell stands, from the cells above it; empty where there is none.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell
    >>> heading_above([new_markdown_cell("# Which layer?")])
    ", under 'Which layer?'"
    """
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    return f", under '{headings[-1]}'" if headings else ""

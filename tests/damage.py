"""Twelve ways in which a table is damaged so that it still looks right: one case is one table, one way, one place."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from analysis.schema import TABLES

Rows = list[list[str]]
SEED = 7


@dataclass(frozen=True)
class Damage:
    """One damage: what is done to which column, and how the rows of a table, header first, become those of the file.

    ``row`` is the row of a spreadsheet in which the fault must be reported; 0 where any place will do.
    """

    way: str
    table: str
    columns: tuple[str, ...]
    row: int
    content: str


def write(rows: Rows) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def read(path: Path) -> Rows:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True))


def with_cell(rows: Rows, row: int, column: int, change: Callable[[str], str]) -> Rows:
    own = [list(cells) for cells in rows]
    own[row][column] = change(own[row][column])
    return own


def filled(rows: Rows, column: int) -> list[int]:
    return [number for number, cells in enumerate(rows) if number and cells[column]]


CHARACTERS = {
    "replacement character": lambda cell: cell[:1] + "\ufffd" + cell[1:],
    "control character": lambda cell: cell[:1] + "\x1b[31m" + cell[1:],
    "bidirectional override": lambda cell: cell[:1] + "\u202e" + cell[1:],
    "wrong encoding": lambda cell: cell + "\u00fc".encode().decode("cp1252"),
}


def find_damages(folder: Path, name: str) -> Iterator[Damage]:
    """Make every damage of one table; which row is hit is drawn, the same on every day."""
    rows, columns = read(folder / f"{name}.csv"), TABLES[name].frame.columns
    header = list(columns)
    kinds = [columns[column].metadata["kind"] for column in header]
    rng = np.random.default_rng([SEED, *name.encode()])
    texts = [at for at, kind in enumerate(kinds) if kind == "text" and filled(rows, at)]

    def case(way: str, hit: tuple[str, ...], row: int, changed: Rows) -> Damage:
        return Damage(way, name, hit, row, write(changed))

    for at in texts[-1:]:
        for way, change in CHARACTERS.items():
            row = int(rng.choice(filled(rows, at)))
            yield case(way, (header[at],), row + 1, with_cell(rows, row, at, change))
    yield case("cut at a line end", (), 0, rows[: max(2, 2 * len(rows) // 3)])
    text = write(rows)
    end = text.rstrip("\n").rfind("\n", 0, len(text) - 2)
    yield Damage("cut within a line", name, (), 0, text[: end + 4])
    for at, kind in enumerate(kinds):
        places = filled(rows, at)
        if not places:
            continue
        row, hit = int(rng.choice(places)), (header[at],)
        if kind in ("integer", "number"):
            yield case("inf", hit, row + 1, with_cell(rows, row, at, lambda cell: "inf"))
            nonzero = [place for place in places if float(rows[place][at])]
            for row in map(int, rng.choice(nonzero, 1) if nonzero else []):
                yield case("times 1,000", hit, 0, with_cell(rows, row, at, lambda cell: f"{float(cell) * 1000:.12g}"))
        if kind == "date":
            yield case("year 2199", hit, row + 1, with_cell(rows, row, at, lambda cell: "2199" + cell[4:]))
        if not columns[header[at]].nullable:
            yield case("emptied", hit, row + 1, with_cell(rows, row, at, lambda cell: ""))
        if columns[header[at]].metadata.get("refers_to") or columns[header[at]].metadata.get("allowed"):
            yield case("unknown name", hit, row + 1, with_cell(rows, row, at, lambda cell: "Unheard"))
    yield from _swaps(case, rows, header, kinds)
    yield _below_a_blank_line(case, rows, header, rng)


def _swaps(case: Callable, rows: Rows, header: list[str], kinds: list[str]) -> Iterator[Damage]:
    """Two neighbouring columns of one type, with all their cells swapped below headers that stay."""
    for at, (kind, following) in enumerate(pairwise(kinds)):
        if kind == following:
            swapped = [[*cells[:at], cells[at + 1], cells[at], *cells[at + 2 :]] for cells in rows[1:]]
            if swapped != rows[1:]:
                yield case("columns swapped", (header[at], header[at + 1]), 0, [rows[0], *swapped])


def _below_a_blank_line(case: Callable, rows: Rows, header: list[str], rng: np.random.Generator) -> Damage:
    """A blank line, and below it a row with a cell too many."""
    row = int(rng.integers(2, len(rows))) if len(rows) > 2 else 1
    own = [list(cells) for cells in rows]
    own[row].append("more")
    return case("below a blank line", (), row + 2, [*own[:2][:row], [], *own[min(row, 2) :]])

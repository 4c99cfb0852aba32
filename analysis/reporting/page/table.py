"""One table of a page: which cells head others, and which columns hold numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NUMBER = re.compile(r"[-−+≈~≤≥]?\s?[$€£]?\d[\d,.\u2009\u202f\xa0]*\s?%?")
DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
UNKNOWN = {"NaN", "NaT", "<NA>"}  # how pandas writes what is not known
EMPTY = {"", "-", "–", "—", "not published"} | UNKNOWN
LARGEST_SPAN = 1000


@dataclass
class Cell:
    """A cell: its element, the part of the table, the column and the row in which it stands, spans, text."""

    tag: str
    section: str
    column: int
    columns: int
    rows: int
    start: int
    row: int
    end: int = -1
    text: str = ""


@dataclass
class Table:
    """Collects the cells of a table while it is read; ``depth`` is the number of elements around it."""

    depth: int
    cells: list[Cell] = field(default_factory=list)
    section: str = "tbody"
    row: int = -1
    column: int = 0
    filled: dict[int, int] = field(default_factory=dict)  # column: rows that a cell further up still fills

    def start(self, tag: str, attributes: dict[str, str], place: int) -> None:
        """Note the start of a section, a row or a cell, whose start tag stands at ``place``."""
        if tag in {"thead", "tbody", "tfoot"}:
            self.section, self.filled = tag, {}
        elif tag == "tr":
            self.column = 0
            self.row += 1
        elif tag in {"th", "td"}:
            while self.filled.get(self.column):
                self.filled[self.column] -= 1
                self.column += 1
            columns, rows = _span(attributes, "colspan"), _span(attributes, "rowspan")
            self.cells.append(Cell(tag, self.section, self.column, columns, rows, place, self.row))
            self.filled |= dict.fromkeys(range(self.column, self.column + columns), rows - 1)
            self.column += columns

    def end_cell(self, start: int, end: int, text: str) -> None:
        """Note where a cell ends, and its text."""
        cell = next(cell for cell in reversed(self.cells) if cell.start == start)
        cell.end, cell.text = end, text

    def tags(self) -> Iterator[tuple[int, str]]:
        """Give the start and end tags of all cells, each with the place where it belongs."""
        numeric = self._numeric_columns()
        for cell in self.cells:
            tag = cell.tag if cell.text else "td"  # an empty header cell heads nothing
            spans = [("colspan", cell.columns), ("rowspan", cell.rows)]
            words = [f' {name}="{number}"' for name, number in spans if number > 1]
            if tag == "th":
                words.append(f' scope="{_scope(cell)}"')
            if cell.column in numeric and cell.columns == 1:
                words.append(' class="number"')
            elif DAY.fullmatch(cell.text):
                words.append(' class="day"')
            yield cell.start, f"<{tag}{''.join(words)}>"
            yield cell.end, f"</{tag}>"

    def grid(self) -> list[list[str]]:
        """Lay out the texts row by row; a cell that spans several places stands in each of them."""
        width = max((cell.column for cell in self.cells), default=-1) + 1
        grid = [[""] * width for _ in range(max(self.row, 0) + 1)]
        for cell in self.cells:
            top = max(cell.row, 0)
            for texts in grid[top : top + cell.rows]:
                for column in range(cell.column, min(cell.column + cell.columns, width)):
                    texts[column] = "" if cell.text in UNKNOWN else cell.text
        return grid

    def rows(self) -> list[list[str]]:
        """Lay out the texts as ``grid``, with the rows of the head made into one, which comes first."""
        heads = len({cell.row for cell in self.cells if cell.section == "thead"})
        grid = self.grid()
        head = [" ".join(dict.fromkeys(filter(None, texts))) for texts in zip(*grid[:heads], strict=True)]
        head = head or [""] * len(grid[0])
        return [[words or f"column {place}" for place, words in enumerate(head, start=1)], *grid[heads:]]

    def _numeric_columns(self) -> set[int]:
        texts: dict[int, list[str]] = {}
        for cell in self.cells:
            if cell.section == "tbody" and cell.columns == 1 and cell.text not in EMPTY:
                texts.setdefault(cell.column, []).append(cell.text)
        return {column for column, found in texts.items() if all(map(NUMBER.fullmatch, found))}


def _span(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return min(int(value), LARGEST_SPAN) if value.isascii() and value.isdigit() and int(value) else 1


def _scope(cell: Cell) -> str:
    if cell.section == "thead":
        return "colgroup" if cell.columns > 1 else "col"
    return "rowgroup" if cell.rows > 1 or cell.columns > 1 else "row"

"""One table of a page: which cells head others, which columns hold numbers, and its texts as rows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, count

from bs4 import NavigableString, Tag

from analysis.reporting.page.render import group_digits, say_plain

NUMBER = re.compile(r"[-−+≈~≤≥]?\s?[$€£]?\d[\d,.\u2009\u202f\xa0]*\s?%?")
DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
UNKNOWN = {"NaN", "NaT", "<NA>"}  # how pandas writes what is not known
EMPTY = {"", "-", "–", "—", "not published"} | UNKNOWN
LARGEST_SPAN = 1000
SECTIONS = {"thead", "tbody", "tfoot"}


@dataclass(frozen=True)
class Cell:
    """A cell: its element, the part of the table, the first row and column in which it stands, spans, text."""

    element: Tag
    section: str
    row: int
    column: int
    rows: int
    columns: int
    text: str


class Table:
    """A table of markup that ``clean`` let through, which has its rows in sections and its cells in rows."""

    def __init__(self, element: Tag) -> None:
        self.element = element
        self.cells = list(_lay_out(element))

    def mark(self) -> None:
        """Mark heads, numbers and days, group digits, write a dash for what is not known; drop all other attributes."""
        numeric = self._numeric_columns()
        for cell in self.cells:
            element = cell.element
            element.name = element.name if cell.text else "td"  # an empty header cell heads nothing
            spans = {"colspan": cell.columns, "rowspan": cell.rows}
            element.attrs = {name: str(number) for name, number in spans.items() if number > 1}
            if element.name == "th":
                element["scope"] = _scope(cell)
            if cell.column in numeric and cell.columns == 1:
                element["class"] = "number"
                if element.string and (grouped := group_digits(cell.text)) != cell.text:
                    (element.a or element).string = grouped
            elif DAY.fullmatch(cell.text):
                element["class"] = "day"
            if cell.text in UNKNOWN:
                element.string = "–"

    def rows(self) -> list[list[str]]:
        """Lay out the texts row by row; the rows of the head are made into one, which comes first.

        A cell that spans several places stands in each of them.
        """
        width = max((cell.column for cell in self.cells), default=-1) + 1
        grid = [[""] * width for _ in range(max((cell.row for cell in self.cells), default=0) + 1)]
        for cell in self.cells:
            for texts in grid[cell.row : cell.row + cell.rows]:
                for column in range(cell.column, min(cell.column + cell.columns, width)):
                    texts[column] = "" if cell.text in UNKNOWN else cell.text
        heads = len({cell.row for cell in self.cells if cell.section == "thead"})
        head = [" ".join(dict.fromkeys(filter(None, texts))) for texts in zip(*grid[:heads], strict=True)]
        head = head or [""] * width
        return [[words or say_plain("column", place) for place, words in enumerate(head, start=1)], *grid[heads:]]

    def take_title(self) -> str:
        """Take the title that the table brings along, and return its words; empty where it has none."""
        caption = self.element.caption
        words = words_of(caption) if caption else ""
        if caption:
            caption.decompose()
        return words

    def take_column(self, head: str) -> dict[int, str]:
        """Take a column out of the table, and return its texts by row; none where no column is called so."""
        columns = {cell.column for cell in self.cells if cell.section == "thead" and cell.text == head}
        places = [cell.column in columns and cell.columns == 1 for cell in self.cells]
        taken = list(compress(self.cells, places))
        for cell in taken:
            cell.element.decompose()
        self.cells = [cell for cell, place in zip(self.cells, places, strict=True) if not place]
        return {cell.row: cell.text for cell in taken if cell.section == "tbody"}

    def take_parts(self, start: str) -> dict[tuple[int, str], list[tuple[str, str]]]:
        """Take the columns whose heads begin so; by row and rest of the head, the parts of a cell and their keys."""
        heads = [cell.text for cell in self.cells if cell.section == "thead" and cell.text.startswith(start)]
        return {
            (row, head.removeprefix(start)): [(part, key) for part, _, key in _split(text) if key]
            for head in heads
            for row, text in self.take_column(head).items()
        }

    def link_parts(self, row: int, head: str, parts: Iterable[tuple[str, str]]) -> bool:
        """Make parts of the text of a cell links, in their order; tell whether there was one."""
        columns = {cell.column for cell in self.cells if cell.section == "thead" and cell.text == head}
        places = [cell for cell in self.cells if cell.section == "tbody" and cell.row == row and cell.column in columns]
        found = False
        for cell in places[:1]:
            text, done = cell.text, 0
            cell.element.clear()
            for words, address in parts:
                start = text.find(words, done)
                if start >= 0:
                    link = Tag(name="a", attrs={"href": address})
                    link.append(words)
                    cell.element.extend([NavigableString(text[done:start]), link])
                    done, found = start + len(words), True
            cell.element.append(NavigableString(text[done:]))
        return found

    def link_row(self, row: int, address: str) -> None:
        """Make the first number or day of a row a link, else its first text."""
        cells = [cell for cell in self.cells if cell.row == row and cell.section == "tbody" and cell.text not in EMPTY]
        told = [cell for cell in cells if NUMBER.match(cell.text) or DAY.match(cell.text)]
        for cell in [*told, *cells][:1]:
            inside = Tag(name="a", attrs={"href": address})
            inside.extend(list(cell.element.contents))
            cell.element.append(inside)

    def _numeric_columns(self) -> set[int]:
        texts: dict[int, list[str]] = {}
        for cell in self.cells:
            if cell.section == "tbody" and cell.columns == 1 and cell.text not in EMPTY:
                texts.setdefault(cell.column, []).append(cell.text)
        return {column for column, found in texts.items() if all(map(NUMBER.fullmatch, found))}


def _split(text: str) -> Iterator[tuple[str, str, str]]:
    return (part.strip().rpartition(" = ") for part in text.split(";"))


def words_of(element: Tag) -> str:
    """Return the text of an element, with one space wherever there is any or an element begins or ends."""
    return " ".join(element.get_text(" ").split())


def _lay_out(table: Tag) -> Iterator[Cell]:
    rows = count()
    for section in _children(table, SECTIONS):
        filled: dict[int, int] = {}  # column: the row up to which a cell further up fills it
        for element, row in zip(_children(section, {"tr"}), rows, strict=False):
            column = 0
            for cell in _children(element, {"th", "td"}):
                while filled.get(column, 0) > row:
                    column += 1
                columns, down = _span(cell, "colspan"), _span(cell, "rowspan")
                yield Cell(cell, section.name, row, column, down, columns, words_of(cell))
                filled |= dict.fromkeys(range(column, column + columns), row + down)
                column += columns


def _children(element: Tag, names: set[str]) -> list[Tag]:
    return [child for child in element.children if isinstance(child, Tag) and child.name in names]


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(int(value), LARGEST_SPAN) if value.isascii() and value.isdigit() and int(value) else 1


def _scope(cell: Cell) -> str:
    if cell.section == "thead":
        return "colgroup" if cell.columns > 1 else "col"
    return "rowgroup" if cell.rows > 1 or cell.columns > 1 else "row"

"""Files that a page carries in itself: CSV in a link, which needs neither network nor script."""

import base64
import csv
import gzip
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote

from markupsafe import Markup
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.figures.data_file import write_csv
from analysis.reporting.page.picture import DPI
from analysis.reporting.page.render import say, say_plain, word

PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?(e[-+]\d+)?")
POINTS = 96  # to an inch, as the drawing program counts
LARGEST_CELL = 32_767  # letters that a cell of a workbook may hold
KEPT = ",;:.()!*/?@=+$-_~"  # what an address may hold as it is
LINK = Markup('<a href="{}" download="{}">{}</a>')
COMPARISONS = "key-numbers"
"""Folder beside the index with the key numbers of all runs, a file for each notebook."""
LARGEST_IN_PAGE = 100_000  # bytes; what is larger lies beside the page


@dataclass(frozen=True)
class Download:
    """A CSV file as a link of a page.

    Attributes
    ----------
    name : str
        Of the file.
    csv : str
        What it holds.
    words : str
        What the link says.
    note : str
        What is left out.
    same_as : int
        The figure of the page that offers the same already; 0 where none does.
    file : str
        Where it lies, seen from the page, if it is too large to stand in it; else empty.
    """

    name: str
    csv: str
    words: str
    note: str = ""
    same_as: int = 0
    file: str = ""

    def __html__(self) -> str:
        if self.same_as:
            return say("same_data", self.words, self.same_as)
        if self.file:
            return say("beside", quote(self.file), self.words, write_size(len(self.csv.encode())))
        return LINK.format(text_address(self.csv), self.name, self.words) + self.note


def text_address(text: str, kind: str = "text/csv") -> str:
    """Write a text as an address that holds all of it, in the shorter of the two ways.

    Examples
    --------
    >>> text_address("a,b\\n1,2\\n")
    'data:text/csv;charset=utf-8,a,b%0A1,2%0A'
    """
    plain = f"data:{kind};charset=utf-8," + quote(text, safe=KEPT)
    packed = f"data:{kind};charset=utf-8;base64," + base64.b64encode(text.encode()).decode("ascii")
    return min(plain, packed, key=len)


CiteRows: TypeAlias = Callable[[Sequence[Sequence[str]]], Sequence[Sequence[str]]]


@dataclass
class Downloads:
    """What a page offers to take away; what is large, or no text, lies in a folder beside it.

    Attributes
    ----------
    stem : str
        Name of the page's file without suffix, with which the files' names begin.
    cite_rows : callable
        Adds to the rows of a table who is cited in each, with addresses, as ``References.cite_rows``.
    beside : dict of str to bytes
        Files that lie beside the page, by their path from it.
    sheets : dict of str to sequence of rows
        All tables and all data of the page, for one workbook.
    """

    stem: str
    cite_rows: CiteRows = list
    beside: dict[str, bytes] = field(default_factory=dict)
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)
    _offered: dict[str, int] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Name of the folder beside the page."""
        return f"{self.stem}.files"

    def of_figure(self, tables: Sequence[Mapping[str, Any]], whole: Mapping[str, str], number: int) -> list[Download]:
        """Offer the data behind a figure, as ``style.show`` put them out; ``whole`` has those that are cut there."""
        return [self._of_data(table, whole, number) for table in tables]

    def of_picture(self, packed: str, number: int) -> Markup:
        """Offer a figure as SVG, which ``style.show`` has packed, and as a picture of twice the size."""
        drawing = gzip.decompress(base64.b64decode(packed))
        name = f"{self.folder}/{self.stem}-figure-{number}"
        self.beside |= {f"{name}.svg": drawing, f"{name}.png": draw_twice(drawing.decode())}
        return say("to_save", number, quote(f"{name}.svg"), quote(f"{name}.png"))

    def of_table(self, rows: Sequence[Sequence[str]], number: int) -> Download:
        """Offer a table of the page; its first row is the head."""
        name = f"{self.stem}-table-{number}.csv"
        cited = [list(row) for row in self.cite_rows(rows)]
        self.sheets[say_plain("table_name", number)] = cited
        return self._place(Download(name, write_csv(cited), say_plain("table_data", number)))

    def write_workbook(self) -> str:
        """Put all tables and data into one workbook beside the page, and return its path; empty without any."""
        if not self.sheets:
            return ""
        path = f"{self.folder}/{self.stem}.xlsx"
        self.beside[path] = write_workbook(self.sheets)
        return path

    def _of_data(self, table: Mapping[str, Any], whole: Mapping[str, str], number: int) -> Download:
        name = str(table["name"])
        cited = self.cite_rows(list(csv.reader(io.StringIO(whole.get(name, str(table["csv"]))))))
        text = write_csv(cited)
        kept, rows = (int(table["rows"]) if name in whole else int(table["kept"])), int(table["rows"])
        before = self._offered.setdefault(text, number)
        words = say_plain("figure_data", number, name)
        file = "-".join(filter(None, [self.stem, f"figure-{number}", _plain(name)])) + ".csv"
        if before != number:
            return Download(file, text, words, same_as=before)
        self.sheets[" ".join(filter(None, [say_plain("figure_name", number), name]))] = [list(row) for row in cited]
        return self._place(Download(file, text, words, _left_out(kept, rows)))

    def _place(self, download: Download) -> Download:
        """Put what is too large for the page beside it."""
        content = download.csv.encode()
        if len(content) <= LARGEST_IN_PAGE:
            return download
        path = f"{self.folder}/{download.name}"
        self.beside[path] = content
        return replace(download, file=path)


def draw_twice(drawing: str) -> bytes:
    """Draw an SVG as PNG with twice the pixels of the page's picture."""
    import vl_convert

    return vl_convert.svg_to_png(drawing, scale=2 * DPI / POINTS)


def write_workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Write tables as one workbook, a sheet each; equal tables give equal bytes, and no cell is a formula."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(_sheet_name(name, book.sheetnames))
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write_cell(sheet, place, column, cell)
    return buffer.getvalue()


def _write_cell(sheet: Worksheet, row: int, column: int, cell: str) -> None:
    number = row and PLAIN_NUMBER.fullmatch(cell)
    if number:
        sheet.write_number(row, column, float(cell))
    else:
        sheet.write_string(row, column, cell[:LARGEST_CELL])


def _sheet_name(name: str, taken: Iterable[str]) -> str:
    """Cut a name to what a workbook allows, and tell it from those that are taken.

    Examples
    --------
    >>> _sheet_name("Figure 1 [a/b] of many, many tables", ["Figure 1 a b of many, many table"[:31]])
    'Figure 1 a b of many, many  (2)'
    """
    base = " ".join("".join(" " if letter in "[]:*?/\\'" else letter for letter in name).split())
    known, number, made = {one.lower() for one in taken}, 1, base[:31]
    while made.lower() in known:
        number += 1
        end = f" ({number})"
        made = base[: 31 - len(end)] + end
    return made


def comparison_download(rows: Sequence[Sequence[str]], notebook: str) -> Download:
    """Offer a comparison of the runs of a notebook, whole, as a file that lies beside the index."""
    file = f"{COMPARISONS}/{notebook.replace('/', '-')}.csv"
    return Download(file, write_csv(rows), word("compared"), file=file)


def write_size(size: int) -> str:
    """Write how large a file is.

    Examples
    --------
    >>> write_size(123_456)
    '123 KB'
    """
    return f"{size / 1000:,.0f} KB"


def _left_out(kept: int, rows: int) -> str:
    return say_plain("left_out", f"{kept:,}", f"{rows:,}") if kept < rows else ""


def _plain(name: str) -> str:
    return "-".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name).split())

"""Files that a page carries in itself: CSV in a link, which needs neither network nor script."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from analysis.figures.data_file import cut_csv, write_csv

KEPT = ",;:.()!*/?@=+$-_~"  # what an address may hold as it is
LINK = Markup('<a href="{}" download="{}">{}</a>')
SAME = Markup('{0}: <a href="#figure-{1}">the same as of figure {1}</a>')


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
    """

    name: str
    csv: str
    words: str
    note: str = ""
    same_as: int = 0

    def __html__(self) -> str:
        if self.same_as:
            return SAME.format(self.words, self.same_as)
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


def figure_downloads(
    tables: Sequence[Mapping[str, Any]], stem: str, number: int, offered: dict[str, int]
) -> tuple[Download, ...]:
    """Offer the data behind a figure, as ``style.show`` put them out.

    Parameters
    ----------
    tables : sequence of mapping
        name, csv, rows and kept of each table.
    stem : str
        How the files' names begin.
    number : int
        Of the figure on the page.
    offered : dict of str to int
        The data that the page offers so far, each with its figure; what is new is added.
    """
    return tuple(_figure_download(table, stem, number, offered) for table in tables)


def _figure_download(table: Mapping[str, Any], stem: str, number: int, offered: dict[str, int]) -> Download:
    name, text = str(table["name"]), str(table["csv"])
    before = offered.setdefault(text, number)
    file = "-".join(filter(None, [stem, f"figure-{number}", _plain(name)]))
    words = f"Data of figure {number}{f', {name}' if name else ''} (CSV)"
    note = _left_out(int(table["kept"]), int(table["rows"]))
    return Download(f"{file}.csv", text, words, note, same_as=before if before != number else 0)


def table_download(rows: Sequence[Sequence[str]], stem: str, number: int) -> Download:
    """Offer a table of the page; its first row is the head."""
    text, kept = cut_csv(rows)
    return Download(f"{stem}-table-{number}.csv", text, f"Data of table {number} (CSV)", _left_out(kept, len(rows) - 1))


def comparison_download(rows: Sequence[Sequence[str]], anchor: str) -> Download:
    """Offer a comparison of runs, whole."""
    return Download(f"{anchor}.csv", write_csv(rows), "Key numbers and parameters of these runs (CSV)")


def _left_out(kept: int, rows: int) -> str:
    return f", the first {kept:,} of {rows:,} rows" if kept < rows else ""


def _plain(name: str) -> str:
    return "-".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name).split())

"""What a page points at in its own words: a source by its short name, a figure or table by its number."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from bs4 import NavigableString, Tag
from bs4.element import PreformattedString
from markupsafe import Markup, escape

from analysis.figures.words import names_of_sources
from analysis.reporting.page.beside import Beside
from analysis.reporting.page.render import word
from analysis.reporting.page.table import words_of

YEAR = re.compile(r", (?:\d{4}|no date)[a-z]*")
FIGURE = re.compile(r"\b(Figure|Table) (\d+)\b")
IDENTIFIERS = re.compile(r"(?:\w+_)?source_ids?")
"""Heads of columns that hold identifiers of sources."""
UNLINKED = ("a", "code", "pre", "math", "h1", "h2", "h3", "h4", "h5", "h6")
PAGES = {
    "the page on hindcasts": "air_defence/06-hindcast",
    "the page on leakage": "air_defence/02-leakage-by-doctrine",
    "the page on doctrine": "air_defence/02-leakage-by-doctrine",
}
"""What a caption calls another page, and its name."""
PAGE = re.compile("|".join(PAGES))
LINKABLE = ("https://", "http://")


@dataclass
class References:
    """The sources that a page may name, and those that it has named so far.

    Attributes
    ----------
    sources : dict of str to dict
        Short name, as ``words.cite`` writes it, to the row of ``sources``.
    beside : Beside
        The pages that it may link.
    used : dict of str to dict
        Those that the page names, in the order in which it does.
    """

    sources: Mapping[str, Mapping[str, Any]]
    beside: Beside = field(default_factory=Beside)
    used: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _by_ending: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.sources:
            ending = YEAR.search(name, max(0, name.rfind(", ")))
            if ending:
                self._by_ending.setdefault(ending[0], []).append(name)

    @classmethod
    def of(cls, sources: pd.DataFrame, beside: Beside) -> "References":
        """Take all sources of the table ``sources``, for a page with others beside it."""
        names = names_of_sources(sources)
        rows = sources.astype("object").where(sources.notna(), None).to_dict("records")
        return cls({names[row["source_id"]]: row for row in rows}, beside)

    def link(self, text: str) -> Markup:
        """Write text with a link from each source that it names to its entry, and from each figure or page to it.

        Examples
        --------
        >>> known = References({"Haaretz, 2019": {"source_id": "R28"}})
        >>> print(known.link("Haaretz, 2019 <b>; see Figure 2"))
        <a href="#source-R28">Haaretz, 2019</a> &lt;b&gt;; see <a href="#figure-2">Figure 2</a>
        """
        return Markup("").join(self._parts(text))

    def link_within(self, tree: Tag) -> None:
        """Do the same for all text of an element that is no link, code or heading yet; no link may lead nowhere."""
        for link in tree.select("a[href]"):
            if not self.beside.has(str(link["href"]), words_of(link)):
                link.unwrap()
        for piece in list(tree.find_all(string=True)):
            if type(piece) is NavigableString and not piece.find_parent(UNLINKED):
                linked = self.link(str(piece))
                if "<a " in linked:
                    piece.replace_with(PreformattedString(str(linked)))

    def cite_rows(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """Add to a table who is named in each row, with addresses; the first row is the head.

        A table whose rows name no source stays as it is.

        Examples
        --------
        >>> known = References({"Haaretz, 2019": {"source_id": "R28", "url": "https://example.org/a"}})
        >>> known.cite_rows([["count", "source_id"], ["3", "R28"]])
        [['count', 'source_id', 'sources and addresses'], ['3', 'R28', 'Haaretz, 2019 <https://example.org/a>']]
        >>> known.cite_rows([["count"], ["3"]])
        [['count'], ['3']]
        """
        head, *body = rows or [[]]
        coded = [place for place, name in enumerate(head) if IDENTIFIERS.fullmatch(name)]
        cited = ["; ".join(map(self._in_full, self._named(row, coded))) for row in body]
        return (
            [[*head, word("cited")], *([*row, one] for row, one in zip(body, cited, strict=True))]
            if any(cited)
            else rows
        )

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Find the sources that a text names, and where each name ends."""
        for found in YEAR.finditer(text):
            fitting = [name for name in self._by_ending.get(found[0], []) if text.endswith(name, 0, found.end())]
            if fitting:
                yield found.end(), max(fitting, key=len)

    @property
    def entries(self) -> Iterable["Entry"]:
        """The list of sources at the page's end."""
        return [Entry(name, row) for name, row in self.used.items()]

    def _parts(self, text: str) -> Iterator[Markup]:
        done = 0
        for start, end, target in sorted(self._targets(text)):
            if start >= done:
                yield escape(text[done:start])
                yield Markup('<a href="{}">{}</a>').format(target, text[start:end])
                done = end
        yield escape(text[done:])

    def _targets(self, text: str) -> Iterator[tuple[int, int, str]]:
        for found in FIGURE.finditer(text):
            yield found.start(), found.end(), f"#{found[1].lower()}-{found[2]}"
        for found in PAGE.finditer(text):
            address = self.beside.find(PAGES[found[0]], found[0])
            if address:
                yield found.start(), found.end(), address
        for end, name in self.find(text):
            row = self.used.setdefault(name, self.sources[name])
            yield end - len(name), end, f"#source-{row['source_id']}"

    def _named(self, row: Sequence[str], coded: Iterable[int]) -> Iterable[str]:
        """Name the sources of a row of a table, each once: by identifier in some columns, by name in any."""
        identifiers = [one.strip() for place in coded for one in row[place].split(";")]
        found = [self._by_identifier[one] for one in identifiers if one in self._by_identifier]
        return dict.fromkeys([*found, *(name for cell in row for _, name in self.find(cell))])

    def _in_full(self, name: str) -> str:
        return f"{name} <{address_of(self.sources[name]) or word('no_address')}>"

    @cached_property
    def _by_identifier(self) -> dict[str, str]:
        return {str(row["source_id"]): name for name, row in self.sources.items()}


@dataclass(frozen=True)
class Entry:
    """A source in the list at the end of a page: its short name, and its row of ``sources``."""

    name: str
    row: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        """Where the page's links to it lead."""
        return f"source-{self.row['source_id']}"

    @property
    def address(self) -> str:
        """Its address, empty where there is none that a reader could open."""
        return address_of(self.row)


def address_of(source: Mapping[str, Any]) -> str:
    """Return the address of a row of ``sources``, empty where there is none that a reader could open.

    Examples
    --------
    >>> address_of({"url": "https://example.org"}), address_of({"url": "javascript:x"}), address_of({})
    ('https://example.org', '', '')
    """
    address = str(source.get("url") or "")
    return address if address.startswith(LINKABLE) else ""

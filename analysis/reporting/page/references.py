"""What a page points at in its own words: a source by its short name, a figure or table by its number."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from bs4 import NavigableString, Tag
from bs4.element import PreformattedString
from markupsafe import Markup, escape

from analysis.figures.words import names_of_sources

YEAR = re.compile(r", (?:\d{4}|no date)[a-z]*")
FIGURE = re.compile(r"\b(Figure|Table) (\d+)\b")
UNLINKED = ("a", "code", "pre", "math", "h1", "h2", "h3", "h4", "h5", "h6")
LINKABLE = ("https://", "http://")


@dataclass
class References:
    """The sources that a page may name, and those that it has named so far.

    Attributes
    ----------
    sources : dict of str to dict
        Short name, as ``words.cite`` writes it, to the row of ``sources``.
    used : dict of str to dict
        Those that the page names, in the order in which it does.
    """

    sources: Mapping[str, Mapping[str, Any]]
    used: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _by_ending: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.sources:
            ending = YEAR.search(name, max(0, name.rfind(", ")))
            if ending:
                self._by_ending.setdefault(ending[0], []).append(name)

    @classmethod
    def of(cls, sources: pd.DataFrame) -> "References":
        """Take all sources of the table ``sources``."""
        names = names_of_sources(sources)
        rows = sources.astype("object").where(sources.notna(), None).to_dict("records")
        return cls({names[row["source_id"]]: row for row in rows})

    def link(self, text: str) -> Markup:
        """Write text with a link from each source that it names to its entry, and from each figure's number to it.

        Examples
        --------
        >>> known = References({"Haaretz, 2019": {"source_id": "R28"}})
        >>> print(known.link("Haaretz, 2019 <b>; see Figure 2"))
        <a href="#source-R28">Haaretz, 2019</a> &lt;b&gt;; see <a href="#figure-2">Figure 2</a>
        """
        return Markup("").join(self._parts(text))

    def link_within(self, tree: Tag) -> None:
        """Do the same for all text of an element that is no link, code or heading yet."""
        for piece in list(tree.find_all(string=True)):
            if type(piece) is NavigableString and not piece.find_parent(UNLINKED):
                linked = self.link(str(piece))
                if "<a " in linked:
                    piece.replace_with(PreformattedString(str(linked)))

    @property
    def entries(self) -> Iterable["Entry"]:
        """The list of sources at the page's end."""
        return [Entry(name, row) for name, row in self.used.items()]

    def _parts(self, text: str) -> Iterator[Markup]:
        done = 0
        for start, end, target in sorted(self._targets(text)):
            if start >= done:
                yield escape(text[done:start])
                yield Markup('<a href="#{}">{}</a>').format(target, text[start:end])
                done = end
        yield escape(text[done:])

    def _targets(self, text: str) -> Iterator[tuple[int, int, str]]:
        for found in FIGURE.finditer(text):
            yield found.start(), found.end(), f"{found[1].lower()}-{found[2]}"
        for found in YEAR.finditer(text):
            fitting = [name for name in self._by_ending.get(found[0], []) if text.endswith(name, 0, found.end())]
            if fitting:
                name = max(fitting, key=len)
                row = self.used.setdefault(name, self.sources[name])
                yield found.end() - len(name), found.end(), f"source-{row['source_id']}"


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

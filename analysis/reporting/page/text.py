"""A notebook's text cells: Markdown to safe HTML, formulas to MathML, headings to anchors and contents."""

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

import latex2mathml.converter
import mistune
from mistune.plugins.formatting import strikethrough
from mistune.plugins.math import math
from mistune.plugins.table import table

from analysis.reporting.page.clean import Finish, Link, clean


@dataclass(frozen=True)
class Heading:
    """A heading of the page: its level, its anchor, its words."""

    level: int
    anchor: str
    words: str


@dataclass
class Headings:
    """The headings of a page so far; sees to it that there is one of level 1 and that no anchor comes twice."""

    found: list[Heading] = field(default_factory=list)

    def add(self, level: int, words: str) -> tuple[int, str]:
        """Note a heading and give the level and the anchor that it gets."""
        if any(heading.level == 1 for heading in self.found):
            level = max(level, 2)
        taken = {heading.anchor for heading in self.found}
        base = anchor = _slug(words)
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{base}-{number}"
        self.found.append(Heading(level, anchor, words))
        return level, anchor

    @property
    def last(self) -> str:
        """The words of the latest heading; empty before the first."""
        return self.found[-1].words if self.found else ""


def render_text(
    source: str,
    headings: Headings | None = None,
    label: str = "",
    finish: Finish | None = None,
    link: Link | None = None,
) -> str:
    """Turn Markdown into HTML without script, style or remote content.

    Parameters
    ----------
    source : str
        Markdown with tables and with formulas in ``$`` or ``$$``.
    headings : Headings, optional
        Collects the headings; without it headings become bold paragraphs.
    label : str
        What tables are about, for screen readers.
    finish, link : callable, optional
        Complete each table, and link what the text names, as ``clean`` takes them.

    Examples
    --------
    >>> render_text("A [page](01-a.ipynb) and $x^2$.")[:42]
    '<p>A <a href="01-a.html">page</a> and <mat'
    """
    return clean(str(_MARKDOWN(source)), label, headings.add if headings else None, finish, link)


def render_formula(latex: str, block: bool = False) -> str:
    """Turn a LaTeX formula into MathML; what cannot be read is shown as it was written."""
    return clean(_convert(latex, block))


def _convert(latex: str, block: bool = False) -> str:
    try:
        return latex2mathml.converter.convert(latex.strip(), display="block" if block else "inline")
    except Exception:  # the converter raises many kinds
        return f"<code>{escape(latex)}</code>"


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


class _Renderer(mistune.HTMLRenderer):
    def inline_math(self, latex: str) -> str:
        return _convert(latex)

    def block_math(self, latex: str) -> str:
        return f'<div class="formula" tabindex="0">{_convert(latex, block=True)}</div>\n'


_MARKDOWN = mistune.Markdown(_Renderer(escape=False), plugins=[strikethrough, table, math])

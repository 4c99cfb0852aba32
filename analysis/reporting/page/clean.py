"""Markup from outside, reduced to what a page may hold: everything else becomes text or goes.

What comes out is written anew, element by element, from a short list of elements and attributes, and all
text is escaped. So it is safe whatever the input was: no script, style, frame, form or event can get
through, because none is ever written.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

from analysis.reporting.page.table import UNKNOWN, Table

Heading = Callable[[int, str], tuple[int, str]]
Finish = Callable[[Table], tuple[str, str, str]]

BLOCKS = {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "caption"}
WORDS = {"a", "abbr", "b", "br", "code", "del", "em", "i", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup"}
CELLS = {"th", "td"}
TABLES = {"table", "thead", "tbody", "tfoot", "tr", *CELLS}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
MATHS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot",
    "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
}  # fmt: skip
VOID = {"br", "wbr", "hr", "img"}
WITHOUT_CONTENT = {
    "script", "style", "head", "title", "template", "iframe", "object", "applet", "noscript", "noembed",
    "noframes", "textarea", "select", "svg", "xmp", "plaintext", "audio", "video", "canvas",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "ol": {"start"},
    "math": {"display"},
    "mo": {
        "stretchy",
        "fence",
        "form",
        "separator",
        "lspace",
        "rspace",
        "accent",
        "largeop",
        "movablelimits",
        "minsize",
        "maxsize",
    },
    "mspace": {"width"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mstyle": {"displaystyle", "scriptlevel", "mathvariant"},
    "menclose": {"notation"},
    "mover": {"accent"},
    "munder": {"accentunder"},
}
BOX = '<div class="table" role="group" tabindex="0" aria-label="{}">'
CLASSES = {"formula", "warning", "note", "number", "muted", "language-python"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+")


def clean(markup: str, label: str = "", heading: Heading | None = None, finish: Finish | None = None) -> str:
    """Rewrite markup with allowed elements only.

    Parameters
    ----------
    markup : str
        HTML from anywhere; broken nesting is mended.
    label : str
        What the tables in it are about, for screen readers.
    heading : callable, optional
        Takes the level and the text of a heading and gives the level and the identifier that it gets.
        Without it headings become bold paragraphs.
    finish : callable, optional
        Takes each outermost table and gives its name for screen readers, its caption and what stands beneath it,
        the latter two as markup. Without it tables have their label only.

    Returns
    -------
    str
        Balanced HTML; each outermost table stands in a box of its own that can be scrolled.

    Examples
    --------
    >>> clean('<b onclick="x()">3 &lt; 4</b><script>alert(1)</script>')
    '<b>3 &lt; 4</b>'
    """
    cleaner = _Cleaner(label, heading, finish)
    cleaner.feed(markup)
    cleaner.close()
    return cleaner.result()


def safe_link(address: str) -> str | None:
    """Return a link's address if it can only open a document, else None; notebooks become their pages.

    Examples
    --------
    >>> safe_link("recognition/01-recognition-map.ipynb")
    'recognition/01-recognition-map.html'
    >>> safe_link("java\\nscript:alert(1)") is None
    True
    """
    address = re.sub(r"[\x00-\x20\x7f-\x9f]", "", address)
    scheme = re.match(r"([^/?#]*?):", address)
    if scheme:
        return address if scheme[1].lower() in {"http", "https", "mailto"} else None
    if address.startswith(("/", "\\")):
        return None
    return re.sub(r"\.ipynb(?=$|#)", ".html", address)


class _Cleaner(HTMLParser):
    def __init__(self, label: str, heading: Heading | None, finish: Finish | None) -> None:
        super().__init__(convert_charrefs=True)
        self.label, self.heading, self.finish = label, heading, finish
        self.parts: list[str] = []
        self.open: list[tuple[str, int]] = []  # element, and where its start tag stands in parts
        self.skipped: list[str] = []
        self.table: Table | None = None

    def result(self) -> str:
        while self.open:
            self._close_last()
        return "".join(self.parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped or tag in WITHOUT_CONTENT:
            self.skipped.append(tag)
            return
        attributes = {name: value or "" for name, value in attrs}
        if tag == "img":
            self._picture(attributes)
        elif tag in VOID:
            self.parts.append(f"<{tag}>")
        elif tag in BLOCKS | WORDS | TABLES | HEADINGS | MATHS:
            self._open(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag in self.skipped:
                while self.skipped.pop() != tag:
                    pass
            return
        if tag in (name for name, _ in self.open):
            while self._close_last() != tag:
                pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        between_cells = self.table is not None and self.open[-1][0] in TABLES - CELLS and not data.strip()
        if not self.skipped and not between_cells:
            self.parts.append(escape(data))

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table" and self.table is None:
            self.table = Table(len(self.open))
            self.parts.append(BOX.format(escape(self.label)))
        if self.table is not None and tag in TABLES:
            self.table.start(tag, attributes, len(self.parts))
        self.open.append((tag, len(self.parts)))
        self.parts.append(f"<{tag}{_keep(tag, attributes)}>")

    def _close_last(self) -> str:
        tag, start = self.open.pop()
        self.parts.append(f"</{tag}>")
        inside = "".join(self.parts[start + 1 : -1])
        if tag in HEADINGS:
            self._set_heading(tag, start, _text(inside))
        elif self.table is not None and tag in CELLS:
            words = _text(inside)
            if words in UNKNOWN:
                self.parts[start + 1 : -1] = ["–"]
            self.table.end_cell(start, len(self.parts) - 1, words)
        elif self.table is not None and tag == "table" and self.table.depth == len(self.open):
            self._finish_table(self.table, start)
            self.table = None
        return tag

    def _finish_table(self, table: Table, start: int) -> None:
        for place, cell_tag in table.tags():
            self.parts[place] = cell_tag
        self.parts.append("</div>")
        if self.finish is not None and table.cells:
            name, caption, beneath = self.finish(table)
            own = any(part.startswith("<caption") for part in self.parts[start:])
            self.parts[start - 1] = BOX.format(escape(name))
            self.parts[start] += "" if own else caption
            self.parts.append(beneath)

    def _set_heading(self, tag: str, start: int, text: str) -> None:
        if self.heading is None:
            self.parts[start], self.parts[-1] = "<p><strong>", "</strong></p>"
        else:
            level, identifier = self.heading(int(tag[1]), text)
            self.parts[start], self.parts[-1] = f'<h{level} id="{escape(identifier)}">', f"</h{level}>"

    def _picture(self, attributes: dict[str, str]) -> None:
        source, words = attributes.get("src", ""), escape(attributes.get("alt", ""))
        self.parts.append(f'<img src="{source}" alt="{words}">' if PICTURE.fullmatch(source) else words)


def _keep(tag: str, attributes: dict[str, str]) -> str:
    kept = {name: value for name, value in attributes.items() if name in ATTRIBUTES.get(tag, ())}
    if "href" in kept:
        link = safe_link(kept.pop("href"))
        kept |= {"href": link} if link else {}
    classes = [name for name in attributes.get("class", "").split() if name in CLASSES]
    kept |= {"class": " ".join(classes)} if classes else {}
    kept |= {"tabindex": "0"} if "formula" in classes else {}  # scrolls where it is wide, with the keyboard too
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())

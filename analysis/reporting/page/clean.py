"""Markup from outside, reduced to what a page may hold: everything else becomes text or goes.

nh3 parses as a browser does and lets through only the elements and attributes that stand in the lists below. What it
lets through is then completed as a tree: headings get their anchors, tables their heads, captions and boxes.
"""

import re
from collections.abc import Callable
from html import escape

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from bs4.formatter import HTMLFormatter
from nh3 import Cleaner

from analysis.reporting.page.table import SECTIONS, Table, words_of

Heading = Callable[[int, str], tuple[int, str]]
Finish = Callable[[Table], tuple[str, str, str]]
Link = Callable[[Tag], None]

BLOCKS = {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "caption", "details", "summary"}
WORDS = {"a", "abbr", "b", "br", "code", "del", "em", "i", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup"}
TABLES = {"table", *SECTIONS, "tr", "th", "td"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
MATHS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot",
    "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
}  # fmt: skip
TAGS = BLOCKS | WORDS | TABLES | HEADINGS | MATHS | {"img", "wbr"}
WITHOUT_CONTENT = {
    "script", "style", "head", "title", "template", "iframe", "object", "applet", "noscript", "noembed",
    "noframes", "textarea", "select", "svg", "xmp", "plaintext", "audio", "video", "canvas",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class"}, "a": {"href"}, "abbr": {"title"}, "img": {"src", "alt"}, "ol": {"start"},
    "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"},
    "math": {"display"}, "mspace": {"width"}, "mfrac": {"linethickness"}, "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "form", "separator", "lspace", "rspace", "accent", "largeop", "movablelimits",
           "minsize", "maxsize"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"}, "mtd": {"columnalign"},
    "mstyle": {"displaystyle", "scriptlevel", "mathvariant"}, "menclose": {"notation"},
    "mover": {"accent"}, "munder": {"accentunder"},
}  # fmt: skip
CLASSES = {"formula", "warning", "note", "number", "muted", "language-python"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
SPACE_BETWEEN_CELLS = re.compile(r"(?<=>)\s+(?=<(?:/?(?:thead|tbody|tfoot|tr)|t[hd]|/table)[ >])")
LINKS = {"http", "https", "mailto"}


def clean(
    markup: str,
    label: str = "",
    heading: Heading | None = None,
    finish: Finish | None = None,
    link: Link | None = None,
) -> str:
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
    link : callable, optional
        Puts links into the text of all that is left, such as ``References.link_within``.

    Returns
    -------
    str
        Balanced HTML; each outermost table stands in a box of its own that can be scrolled.

    Examples
    --------
    >>> clean('<b onclick="x()">3 &lt; 4</b><script>alert(1)</script>')
    '<b>3 &lt; 4</b>'
    """
    tree = _parse(markup)
    for element in tree(re.compile("^h[1-6]$")):
        _set_heading(element, heading)
    for table in _tables(tree):
        _set_table(table, label, finish)
    if link is not None:
        link(tree)
    return tree.decode_contents(formatter=_AS_READ)


def read_tables(markup: str) -> list[Table]:
    """Read the outermost tables of markup from anywhere that have cells."""
    return [table for table in _tables(_parse(markup)) if table.cells]


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
        return address if scheme[1].lower() in LINKS else None
    if address.startswith(("/", "\\")):
        return None
    return re.sub(r"\.ipynb(?=$|#)", ".html", address)


def _filter_value(tag: str, attribute: str, value: str) -> str | None:
    """Return what an allowed attribute may say; None drops it."""
    match attribute:
        case "href":
            return safe_link(value) or None
        case "src":
            return value if PICTURE.fullmatch(value) else None
        case "class":
            return " ".join(name for name in value.split() if name in CLASSES) or None
    return value


_CLEANER = Cleaner(
    tags=TAGS,
    clean_content_tags=WITHOUT_CONTENT,
    attributes=ATTRIBUTES,
    tag_attribute_values={"div": {"tabindex": {"0"}}},  # a wide formula scrolls, with the keyboard too
    attribute_filter=_filter_value,
    url_schemes=LINKS | {"data"},  # for pictures; links are filtered once more
    link_rel=None,
)


class _AsRead(HTMLFormatter):
    """Writes attributes in the order in which they were read."""

    def attributes(self, tag: Tag) -> list:
        return list(tag.attrs.items())


_AS_READ = _AsRead(entity_substitution=escape, void_element_close_prefix="")


def _parse(markup: str) -> Tag:
    """Read what may be let through as a tree, with words for pictures that may not."""
    cleaned = SPACE_BETWEEN_CELLS.sub("", _CLEANER.clean(markup))
    tree = BeautifulSoup(f"<div>{cleaned}</div>", "html.parser", preserve_whitespace_tags={"div"}).div
    assert tree is not None
    for picture in tree("img"):
        words = str(picture.attrs.setdefault("alt", ""))
        if "src" not in picture.attrs:
            picture.replace_with(words)
    return tree


def _tables(tree: Tag) -> list[Table]:
    return [Table(element) for element in tree("table") if not element.find_parent("table")]


def _set_heading(element: Tag, heading: Heading | None) -> None:
    if heading is None:
        element.name = "strong"
        element.wrap(Tag(name="p"))
    else:
        level, element["id"] = heading(int(element.name[1]), words_of(element))
        element.name = f"h{level}"


def _set_table(table: Table, label: str, finish: Finish | None) -> None:
    element = table.element
    table.mark()
    box = element.wrap(Tag(name="div", attrs={"class": "table", "role": "group", "tabindex": "0"}))
    if finish is not None and table.cells:
        label, caption, beneath = finish(table)
        if element.caption is None:
            element.insert(0, PreformattedString(caption))
        box.insert_after(PreformattedString(beneath))
    box["aria-label"] = label

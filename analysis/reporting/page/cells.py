"""From the cells of an executed notebook to the parts of a page; every output becomes text or safe markup."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from analysis.figures.chart_files import CHART_MIME
from analysis.figures.data_file import DATA_MIME
from analysis.parameters import FOOTER_MIME, PARAMETERS_MIME
from analysis.reporting.page.chart import write_chart
from analysis.reporting.page.claims import link_tables
from analysis.reporting.page.clean import clean
from analysis.reporting.page.download import Download, figure_downloads, table_download
from analysis.reporting.page.picture import Picture, palette_picture, svg_picture
from analysis.reporting.page.table import Table
from analysis.reporting.page.text import Heading, Headings, render_formula, render_text
from analysis.reporting.run.catalogue import DOMES_METADATA, read_defaults, write_value

CONTENTS_LEVELS = (2, 3)
NOTHING = Markup("")
LEXER, COLOURS = PythonLexer(), HtmlFormatter(nowrap=True)
KERNEL_FILE = re.compile(
    r"(?<!\S)\S*ipykernel_\d+[/\\]\d+\.py:\d+: "
)  # where a warning arose: another name in each run


@dataclass(frozen=True)
class Block:
    """One part of a page: safe markup, folded code, a figure, a note, or plain text.

    Attributes
    ----------
    kind : str
        html, code, figure, note, printed (what the code said in words) or plain (what it returned).
    html : Markup
        Safe markup of ``html`` and ``code``.
    text : str
        Words of the rest; a figure's describing sentence.
    picture : Picture or None
        The figure.
    caption : bool
        Is the sentence shown beneath the figure too.
    chart : Markup
        An interactive chart that takes the figure's place where scripts run.
    number : int
        Place of a figure among the page's figures, from 1.
    data : list of dict
        What the figure was drawn from, as ``style.show`` put it out.
    downloads : tuple of Download
        The same as files of the page.
    """

    kind: str
    html: Markup = NOTHING
    text: str = ""
    picture: Picture | None = None
    caption: bool = True
    chart: Markup = NOTHING
    number: int = 0
    data: list[dict[str, Any]] = field(default_factory=list)
    downloads: tuple[Download, ...] = ()


@dataclass
class Page:
    """What a page holds, in the order in which it is read, and what the files that go with it are called."""

    name: str
    stem: str
    index: str = ""
    tables: int = 0
    headings: Headings = field(default_factory=Headings)
    head: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    footer: Markup = NOTHING

    @property
    def title(self) -> str:
        """The heading of level 1, which is the question, or the notebook's name."""
        return next((heading.words for heading in self.headings.found if heading.level == 1), self.name)

    def finish_table(self, table: Table) -> tuple[str, str, str]:
        """Number a table, and give its name, its caption, and a link to its data."""
        self.tables += 1
        label = self.headings.last
        caption = Markup("<caption><b>Table {}.</b> {}</caption>").format(self.tables, label)
        link = Markup('<p class="data">{}</p>').format(table_download(table.rows(), self.stem, self.tables))
        return f"Table {self.tables}: {label}", str(caption), str(link)

    @property
    def contents(self) -> list[Heading]:
        """The headings that the table of contents lists."""
        return [heading for heading in self.headings.found if heading.level in CONTENTS_LEVELS]


def build_page(notebook: NotebookNode, name: str, stem: str = "page", index: str = "") -> Page:
    """Arrange the cells of an executed notebook as a page.

    Parameters
    ----------
    notebook : NotebookNode
        Notebook format 4, with outputs.
    name : str
        What the page calls the notebook.
    stem : str
        Name of the page's file without suffix; the executed notebook and the downloads are called the same.
    index : str
        Where the index of all pages is, seen from the page; empty where there is none.

    Notes
    -----
    The first text cell and the parameters make the head; the footer comes last, wherever its cell stands.
    Code without output is folded together with the code that follows.
    """
    page, waiting = Page(name, stem, index), []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            waiting += [cell.source] if cell.source.strip() else []
            shown = [block for output in cell.outputs for block in _render_output(output, page)]
            if shown:
                page.body += [*_fold(waiting), *shown]
                waiting = []
        elif cell.cell_type == "markdown":
            page.body += _fold(waiting)
            waiting = []
            block = _html(render_text(cell.source, page.headings, label=page.headings.last))
            (page.body if page.head or page.body else page.head).append(block)
    page.head += _say_what_differs(notebook)
    page.body = _number_figures(page.body + _fold(waiting), stem)
    if not page.headings.found or all(heading.level != 1 for heading in page.headings.found):
        page.head.insert(0, _html(f'<h1 id="top">{Markup.escape(name)}</h1>'))
    return page


def _say_what_differs(notebook: NotebookNode) -> list[Block]:
    """Name the parameters of a run of ours that are not the notebook's own."""
    try:
        defaults = read_defaults(notebook.cells)
        given = notebook.metadata[DOMES_METADATA]["parameters"]
    except (KeyError, SyntaxError, ValueError):
        return []
    differing = [
        Markup("<strong>{}</strong> (default: {})").format(name, write_value(default))
        for name, default in defaults.items()
        if given.get(name, default) != default
    ]
    said = Markup("Not the default: {}.").format(Markup(", ").join(differing))
    shown = said if differing else "All values are the defaults."
    return [_html(Markup("<p>{}</p>").format(shown))] if defaults else []


def _number_figures(blocks: list[Block], stem: str) -> list[Block]:
    numbers, offered = count(1), dict[str, int]()

    def complete(block: Block) -> Block:
        number = next(numbers)
        return replace(block, number=number, downloads=figure_downloads(block.data, stem, number, offered))

    return [complete(block) if block.kind == "figure" else block for block in blocks]


def _html(markup: str) -> Block:
    return Block("html", html=Markup(markup))


def _fold(sources: list[str]) -> list[Block]:
    if not sources:
        return []
    code = highlight("\n\n".join(sources), LEXER, COLOURS)
    return [Block("code", html=Markup(code.rstrip()))]


def _render_output(output: NotebookNode, page: Page) -> Iterator[Block]:
    if output.output_type == "stream":
        text = KERNEL_FILE.sub("", _join(output.text)).rstrip()
        yield Block("note" if output.name == "stderr" else "printed", text=text)
    elif output.output_type == "error":
        yield Block("note", text=f"{output.ename}: {output.evalue}")
    elif FOOTER_MIME in output.data:
        tables = output.data[FOOTER_MIME]["tables"]
        page.footer = link_tables(Markup(clean(_join(output.data.get("text/html", "")))), tables, page.name)
    elif PARAMETERS_MIME in output.data:
        page.head.append(_html(clean(_join(output.data.get("text/html", "")), label="Parameters")))
    else:
        yield from _render_data(output.data, output.metadata, page)


def _render_data(data: dict[str, Any], metadata: dict[str, Any], page: Page) -> Iterator[Block]:
    label = page.headings.last
    text = _join(data.get("text/plain", ""))
    if "image/png" in data:
        block = _figure(_join(data["image/png"]), metadata.get("image/png", {}).get("alt") or text, label)
        block = replace(block, data=data.get(DATA_MIME, []))
        yield replace(block, chart=write_chart(data[CHART_MIME])) if CHART_MIME in data else block
    elif "image/svg+xml" in data:
        alt = metadata.get("image/svg+xml", {}).get("alt") or text
        yield Block("figure", text=alt, picture=svg_picture(_join(data["image/svg+xml"])))
    elif "text/html" in data:
        yield _html(clean(_join(data["text/html"]), finish=page.finish_table))
    elif "text/markdown" in data:
        yield _html(render_text(_join(data["text/markdown"]), finish=page.finish_table))
    elif "text/latex" in data:
        yield _html(render_formula(_join(data["text/latex"]).strip().strip("$"), block=True))
    elif text:
        yield Block("plain", text=text)
    else:
        yield Block("note", text=f"An output of type {', '.join(data) or 'none'} cannot be shown on a page.")


def _figure(content: str, description: str, label: str) -> Block:
    described = bool(description) and not description.startswith("<")  # "<Figure size 640x480 with 1 Axes>"
    text = description if described else f"Figure without a description, under the heading {label!r}"
    try:
        return Block("figure", text=text, picture=palette_picture(content), caption=described)
    except (OSError, ValueError):
        return Block("note", text=f"A picture that cannot be read: {text}")


def _join(text: Any) -> str:
    if isinstance(text, str):
        return text
    return "".join(text) if isinstance(text, list) else json.dumps(text)

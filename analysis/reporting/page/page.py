"""From an executed notebook to one HTML file that needs neither network nor script."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Bool, List, Unicode

from analysis.figures.chart_files import CHART_MIME
from analysis.figures.data_file import DATA_MIME
from analysis.parameters import FOOTER_MIME, PARAMETERS_MIME
from analysis.reporting.page.claims import link_tables
from analysis.reporting.page.clean import clean
from analysis.reporting.page.download import Download, figure_downloads, table_download
from analysis.reporting.page.index import INDEX
from analysis.reporting.page.picture import Picture, palette_picture, svg_picture
from analysis.reporting.page.render import TEMPLATES, environment, scripts, write_chart
from analysis.reporting.page.table import Table
from analysis.reporting.page.text import Heading, Headings, render_formula, render_text
from analysis.reporting.run.catalogue import DOMES_METADATA, read_defaults, write_value
from analysis.reporting.run.files import write_whole
from analysis.reporting.run.places import KERNEL_FILE

CONTENTS_LEVELS = (2, 3)
NOTHING = Markup("")


@dataclass(frozen=True)
class Figure:
    """A figure of a page.

    Attributes
    ----------
    number : int
        Its place among the page's figures, from 1.
    picture : Picture or None
        What is shown; None where it cannot be read.
    text : str
        The sentence that describes it.
    caption : bool
        Is the sentence shown beneath the figure too.
    chart : Markup
        An interactive chart that takes the figure's place where scripts run.
    downloads : tuple of Download
        What the figure was drawn from, as files of the page.
    """

    number: int
    picture: Picture | None
    text: str
    caption: bool = True
    chart: Markup = NOTHING
    downloads: tuple[Download, ...] = ()


@dataclass
class Page:
    """What the template asks for while it writes a page in the order in which it is read, and what it has had so far.

    Attributes
    ----------
    name : str
        What the page calls the notebook.
    stem : str
        Name of the page's file without suffix; the executed notebook and the downloads are called the same.
    index : str
        Where the index of all pages is, seen from the page; empty where there is none.
    parameters : list of Markup
        What the notebook shows of its parameters.
    footer : Markup
        What it says of where its numbers come from.
    differing : list of tuple, optional
        Name and default of each parameter that has another value; None where that is not known.
    """

    name: str
    stem: str
    index: str
    parameters: list[Markup] = field(default_factory=list)
    footer: Markup = NOTHING
    differing: list[tuple[str, str]] | None = None
    headings: Headings = field(default_factory=Headings)
    figures: list[Figure] = field(default_factory=list)
    tables: int = 0
    offered: dict[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The heading of level 1, which is the question; empty where there is none."""
        return next((heading.words for heading in self.headings.found if heading.level == 1), "")

    @property
    def contents(self) -> list[Heading]:
        """The headings that the table of contents lists."""
        return [heading for heading in self.headings.found if heading.level in CONTENTS_LEVELS]

    @property
    def scripts(self) -> tuple[Markup, ...]:
        """The scripts that the page needs."""
        return scripts() if any(figure.chart for figure in self.figures) else ()

    def text(self, source: str) -> Markup:
        """Write a text cell."""
        return Markup(render_text(source, self.headings, label=self.headings.last))

    def html(self, markup: str) -> Markup:
        """Write an output in HTML."""
        return Markup(clean(markup, finish=self._finish_table))

    def markdown(self, source: str) -> Markup:
        """Write an output in Markdown."""
        return Markup(render_text(source, finish=self._finish_table))

    def figure(self, output: NotebookNode, kind: str) -> Figure:
        """Prepare an output that is a picture."""
        number, data = len(self.figures) + 1, output.data
        text, caption = output.metadata.get(kind, {}).get("alt") or data.get("text/plain", ""), True
        if kind == "image/png" and (not text or text.startswith("<")):  # "<Figure size 640x480 with 1 Axes>"
            text, caption = f"Figure without a description, under the heading {self.headings.last!r}", False
        try:
            picture = palette_picture(data[kind]) if kind == "image/png" else svg_picture(data[kind])
        except (OSError, ValueError):
            return Figure(0, None, text)
        chart = write_chart(data[CHART_MIME]) if CHART_MIME in data else NOTHING
        downloads = figure_downloads(data.get(DATA_MIME, []), self.stem, number, self.offered)
        self.figures.append(Figure(number, picture, text, caption, chart, downloads))
        return self.figures[-1]

    def _finish_table(self, table: Table) -> tuple[str, str, str]:
        """Number a table, and give its name, its caption, and a link to its data."""
        self.tables += 1
        label = self.headings.last
        caption = Markup("<caption><b>Table {}.</b> {}</caption>").format(self.tables, label)
        link = Markup('<p class="data">{}</p>').format(table_download(table.rows(), self.stem, self.tables))
        return f"Table {self.tables}: {label}", str(caption), str(link)


def arrange(notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    """Start the page of a notebook, and leave in its cells what the template shows in their order.

    Notes
    -----
    Parameters and footer leave their cells. Code without output is joined to the code that follows.
    """
    recorded = notebook.metadata.get(DOMES_METADATA, {})
    stem = str(resources["metadata"].get("name") or "notebook")
    name = str(recorded.get("notebook") or stem)
    page = Page(name, stem, index=f"{'../' * name.count('/')}{INDEX}" if recorded else "")
    page.differing = _find_differing(notebook, recorded)
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _take(output, page)]
            if cells and cells[-1].cell_type == "code" and not cells[-1].outputs:
                cell.source = "\n\n".join(filter(str.strip, [cells.pop().source, cell.source]))
        if cell.cell_type == "markdown" or (cell.cell_type == "code" and (cell.source.strip() or cell.outputs)):
            cells.append(cell)
    notebook.cells = cells
    return notebook, resources | {"page": page}


def _take(output: NotebookNode, page: Page) -> bool:
    """Give the page an output that holds parameters or the footer, and tell whether it does."""
    data = output.get("data", {})
    markup = data.get("text/html", "")
    if FOOTER_MIME in data:
        page.footer = link_tables(Markup(clean(markup)), data[FOOTER_MIME]["tables"], page.name)
    elif PARAMETERS_MIME in data:
        page.parameters.append(Markup(clean(markup, label="Parameters")))
    return FOOTER_MIME in data or PARAMETERS_MIME in data


def _find_differing(notebook: NotebookNode, recorded: dict[str, Any]) -> list[tuple[str, str]] | None:
    """Find the parameters of a run of ours that are not the notebook's own."""
    try:
        defaults, given = read_defaults(notebook.cells), recorded["parameters"]
    except (KeyError, SyntaxError, ValueError):
        return None
    differing = ((name, value) for name, value in defaults.items() if given.get(name, value) != value)
    return [(name, write_value(value)) for name, value in differing] if defaults else None


class PageExporter(TemplateExporter):
    """The house's page, as an exporter of nbconvert; one can export any number of notebooks.

    Notes
    -----
    Also ``jupyter nbconvert --to analysis.reporting.page.page.PageExporter executed.ipynb``. The page holds no
    time of making, so that equal notebooks give equal bytes.
    """

    export_from_notebook = "Domes & Ties page"
    output_mimetype = "text/html"

    file_extension = Unicode(".html")
    template_paths = List([str(TEMPLATES)])
    template_file = Unicode("page.html.j2")
    preprocessors = List([arrange])
    optimistic_validation = Bool(True)

    def _create_environment(self) -> Environment:
        made, lexer, colours = environment(), PythonLexer(), HtmlFormatter(nowrap=True)
        made.filters["formula"] = lambda latex: Markup(render_formula(latex.strip().strip("$"), block=True))
        made.filters["code"] = lambda source: Markup(highlight(source, lexer, colours).rstrip())
        made.filters["printed"] = lambda text: KERNEL_FILE.sub("", text).rstrip()
        return made


def write_page(executed: Path, name: str | None = None) -> Path:
    """Write the page of an executed notebook beside it and return where it is.

    Parameters
    ----------
    executed : pathlib.Path
        The notebook with its outputs.
    name : str, optional
        What notebook and page will be called in the end, without suffix, where they are moved afterwards:
        the page links to the notebook by its name.

    Raises
    ------
    RunError
        When the page cannot be written.
    """
    resources = {"metadata": {"name": Path(name).name if name else executed.stem}}
    html, _ = _exporter().from_notebook_node(nbformat.read(executed, as_version=4), resources)
    page = executed.with_suffix(".html")
    write_whole(page, html)
    return page


@cache
def _exporter() -> PageExporter:
    return PageExporter()

"""From an executed notebook to one HTML file that needs neither network nor script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
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

from analysis.checks.headlines import FOOTING_MIME
from analysis.errors import ParameterError
from analysis.figures.answer import ANSWER_MIME, split_point
from analysis.figures.chart_files import CHART_MIME
from analysis.figures.data_file import DATA_MIME, SAVED_MIME
from analysis.figures.ledger_file import LEDGER_MIME
from analysis.figures.marks import MARK, drop_marks
from analysis.figures.recognition.words import name_country, name_entity
from analysis.figures.words import CLAIM, CLAIMS_OF, write_day
from analysis.parameters import FOOTER_MIME, MODELS, PARAMETERS_MIME
from analysis.parameters.cell import read_defaults
from analysis.reporting.page.beside import ALONE, Beside, Together
from analysis.reporting.page.citation import Citation
from analysis.reporting.page.claims import Claims, link_tables
from analysis.reporting.page.clean import clean
from analysis.reporting.page.download import Download, Downloads
from analysis.reporting.page.index import INDEX, room_of
from analysis.reporting.page.picture import Picture, palette_picture, svg_picture
from analysis.reporting.page.references import References
from analysis.reporting.page.render import (
    TEMPLATES,
    environment,
    ledger_script,
    say,
    say_plain,
    scripts,
    word,
    write_chart,
    write_data,
)
from analysis.reporting.page.table import Table
from analysis.reporting.page.text import Heading, Headings, render_formula, render_text
from analysis.reporting.run.catalogue import DOMES_METADATA, write_value
from analysis.reporting.run.files import write_together
from analysis.reporting.run.places import KERNEL_FILE
from analysis.tables import load_table

CONTENTS_LEVELS = (2, 3)
NOTHING = Markup("")
FACT = r'<span data-fact="\1" data-written="\2">\3</span>'
NAMED: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "this entity": ("entity", name_entity),
    "this date": ("day", write_day),
    "this state": ("country", name_country),
}
"""Words of a question in the place of which a page names what its parameters stand for."""


@dataclass(frozen=True)
class Figure:
    """A figure of a page; its caption is its finding, and the details that stand folded beneath it.

    Attributes
    ----------
    number : int
        Its place among the page's figures, from 1.
    picture : Picture or None
        What is shown; None where it cannot be read.
    text : str
        All that describes it, for those who cannot see it.
    finding, details : Markup
        The caption, with links to what it names; empty where there is none.
    chart : Markup
        An interactive chart that takes the figure's place where scripts run.
    downloads : tuple of Download or Markup
        The figure to save, and what it was drawn from.
    opens_at_end : bool
        Whether a screen that is too narrow shows its right end first (``style.show``: ``newest``).
    """

    number: int
    picture: Picture | None
    text: str
    finding: Markup = NOTHING
    details: Markup = NOTHING
    chart: Markup = NOTHING
    downloads: tuple[Download | Markup, ...] = ()
    opens_at_end: bool = False


@dataclass
class Page:
    """What the template asks for while it writes a page in the order in which it is read, and what it has had so far.

    Attributes
    ----------
    name : str
        What the page calls the notebook.
    stem : str
        Name of the page's file without suffix; the executed notebook and the downloads are called the same.
    together : Together
        What is made together with it.
    parameters : list of Markup
        What the notebook shows of its parameters.
    answer : mapping
        The answer, ``short`` and ``sure``, as ``answer.show_answer`` puts it out; empty where the notebook has none.
    footing : mapping
        What bears most of the answer, as ``headlines.Footing`` puts it out; empty where the notebook does not tell.
    first : list of NotebookNode
        What the answer's cell shows besides, which stands beneath the answer.
    code : list of tuple
        The code of the notebook, each piece with the heading under which it stands.
    footer : Markup
        What it says of where its numbers come from.
    provenance : mapping
        The same as data, as ``provenance.Footer`` has it.
    differing : list of tuple, optional
        Of each parameter with another value than its default what it is and has, and the default; None where that is
        not known.
    ledger : mapping
        Every input of the answer, as ``ledger.show_ledger`` puts it out; empty where the notebook has none.
    run : str
        The command that runs the notebook with a case file and the page's parameters.
    """

    name: str
    stem: str
    together: Together = ALONE
    parameters: list[Markup] = field(default_factory=list)
    answer: Mapping[str, str] = field(default_factory=dict)
    footing: Mapping[str, Any] = field(default_factory=dict)
    first: list[NotebookNode] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)
    footer: Markup = NOTHING
    provenance: Mapping[str, Any] = field(default_factory=dict)
    differing: list[tuple[str, str]] | None = None
    ledger: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""
    headings: Headings = field(default_factory=Headings)
    figures: list[Figure] = field(default_factory=list)
    tables: int = 0

    def __post_init__(self) -> None:
        room = self.name.rpartition("/")[0]
        self.beside = Beside(f"{room}/{self.stem}" if room else self.stem, self.together)
        self.references = References.of(load_table("sources"), self.beside)
        self.downloads = Downloads(self.stem, self.references.cite_rows)

    @property
    def title(self) -> str:
        """The heading of level 1, which is the question; empty where there is none."""
        return next((heading.words for heading in self.headings.found if heading.level == 1), "")

    @property
    def index(self) -> str:
        """Where the index of all pages is, seen from the page; empty where none is made."""
        return f"{self.beside.up}{INDEX}" if self.together.shared else ""

    @property
    def room(self) -> str:
        """What the notebook is of, in the words of the index."""
        return room_of(self.name)

    @property
    def own(self) -> list[str]:
        """Tables that are the user's and not ours."""
        return list(self.provenance.get("own", ()))

    @property
    def case(self) -> Mapping[str, str]:
        """The case of the user that lies over the tables: ``name, note, checksum, differs``; empty without one."""
        return self.provenance.get("case", {})

    @cached_property
    def marked(self) -> dict[str, str]:
        """Sentences in which numbers are marked, by the same sentences as they read."""
        parts = [part for said in self.ledger.get("said", {}).values() for part in said.split("\n\n")]
        return {drop_marks(part): part for part in parts}

    @cached_property
    def claims(self) -> Claims:
        """Where the claims of the tables stand on which the page rests."""
        return Claims(tuple(self.provenance.get("tables", ())), self.beside)

    @property
    def citation(self) -> Citation | None:
        """How the page is cited; None where its notebook says nothing of its tables."""
        if not self.provenance:
            return None
        title, short = self.title or self.name, self.answer.get("short", "")
        changed = [now for now, _ in self.differing or ()]
        return Citation(title, short, self.name, self.stem, self.provenance, changed)

    @property
    def points(self) -> list[tuple[str, Markup]]:
        """The parts of the answer, each with the label that opens it; one part of an answer without labels has none."""
        split = [split_point(self.words(point)) for point in self.answer.get("points", ())]
        return [(label, Markup(words)) for label, words in split]

    @property
    def contents(self) -> list[Heading]:
        """The headings that the table of contents lists."""
        return [heading for heading in self.headings.found if heading.level in CONTENTS_LEVELS]

    @property
    def scripts(self) -> tuple[Markup, ...]:
        """The scripts that the page needs."""
        charts = scripts() if any(figure.chart for figure in self.figures) else ()
        return (*charts, ledger_script()) if self.ledger else charts

    def text(self, source: str) -> Markup:
        """Write a text cell."""
        return Markup(render_text(source, self.headings, label=self.headings.last, link=self.references.link_within))

    def html(self, markup: str) -> Markup:
        """Write an output in HTML."""
        return Markup(clean(markup, finish=self._finish_table, link=self.references.link_within))

    def markdown(self, source: str) -> Markup:
        """Write an output in Markdown."""
        return Markup(render_text(source, finish=self._finish_table, link=self.references.link_within))

    def words(self, text: str) -> Markup:
        """Write words with links to what they name; a number that the ledger may change says which fact it is."""
        return Markup(MARK.sub(FACT, str(self.references.link(self.marked.get(text, text)))))

    def open_ledger(self) -> Markup:
        """Write the ledger as data; it belongs to the figure before it."""
        more = {"figure": len(self.figures), "run": self.run, "over": self.case.get("name", "")}
        kept = {name: value for name, value in self.ledger.items() if name != "said"}  # these stand on the page
        return write_data(kept | more)

    def figure(self, output: NotebookNode, kind: str) -> Figure:
        """Prepare an output that is a picture."""
        number, data = len(self.figures) + 1, output.data
        told, shown = output.metadata.get(kind, {}).get("alt") or data.get("text/plain", ""), True
        if kind == "image/png" and (not told or told.startswith("<")):  # "<Figure size 640x480 with 1 Axes>"
            told, shown = say_plain("undescribed", repr(self.headings.last)), False
        try:
            picture = palette_picture(data[kind]) if kind == "image/png" else svg_picture(data[kind])
        except (OSError, ValueError):
            return Figure(0, None, told)
        finding, _, details = told.partition("\n\n") if shown else ("", "", "")
        chart = write_chart(data[CHART_MIME]) if CHART_MIME in data else NOTHING
        saved = data.get(SAVED_MIME, {})
        downloads: list[Download | Markup] = [self.downloads.of_picture(saved["svg"], number)] if saved else []
        downloads += self.downloads.of_figure(data.get(DATA_MIME, []), saved.get("csv", {}), number)
        caption = self.words(finding), self.words(details)
        shown_as = told.replace("\n\n", " "), *caption, chart, tuple(downloads)
        opens_at_end = bool(output.metadata.get(kind, {}).get("opens_at_end"))
        self.figures.append(Figure(number, picture, *shown_as, opens_at_end))
        return self.figures[-1]

    def _finish_table(self, table: Table) -> tuple[str, str, str]:
        """Number a table, link its rows to their claims, and give its name, its caption, and a link to its data.

        It is called by the title that it brings along, else by the heading above it.

        A column that is called "Claim" names them, one that is called "Claims of ..." those of parts of a cell; they
        stand in the data, and on the page as links. Beneath a table without any the claims of its inputs are linked.
        """
        self.tables += 1
        label = table.take_title() or self.headings.last
        caption = Markup('<caption id="table-{}">{}</caption>').format(
            self.tables, say("table_caption", self.tables, label)
        )
        download = self.downloads.of_table(table.rows(), self.tables)
        linked = self._link_parts(table)
        for row, key in table.take_column(CLAIM).items():
            address = self.claims.address(key)
            if address:
                table.link_row(row, address)
                linked = True
        link = Markup('<p class="data">{}</p>').format(download)
        if not linked and self.claims.pages():
            link += say("claims_behind", self.tables, self.claims.pages())
        return say_plain("table_title", self.tables, label), str(caption), str(link)

    def _link_parts(self, table: Table) -> bool:
        """Link the parts of cells to their claims, and tell whether there was any."""
        linked = False
        for (row, head), parts in table.take_parts(CLAIMS_OF).items():
            known = [(words, self.claims.address(key)) for words, key in parts]
            linked = table.link_parts(row, head, [part for part in known if part[1]]) or linked
        return linked


def arrange(notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    """Start the page of a notebook, and leave in its cells what the template shows in their order.

    Notes
    -----
    Parameters, footer, answer and code leave their cells: the answer comes first, the rest last.
    """
    recorded = notebook.metadata.get(DOMES_METADATA, {})
    stem = str(resources["metadata"].get("name") or "notebook")
    name = str(recorded.get("notebook") or stem)
    page = Page(name, stem, resources.get("together", ALONE))
    page.differing = _find_differing(notebook, recorded)
    page.run = _command(name, notebook, recorded)
    if notebook.cells and notebook.cells[0].cell_type == "markdown":
        notebook.cells[0].source = name_asked(notebook.cells[0].source, recorded.get("parameters", {}))
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = next((line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")), heading)
        elif cell.cell_type == "code":
            page.code += [(heading, cell.source)] if cell.source.strip() else []
            answered = any(ANSWER_MIME in output.get("data", {}) for output in cell.outputs)
            left = [output for output in cell.outputs if not _take(output, page)]
            page.first += left if answered else []
            cell.outputs = [] if answered else left
    return notebook, resources | {"page": page, "outputs": page.downloads.beside}


def name_asked(source: str, given: Mapping[str, Any]) -> str:
    """Put names in the place of "this entity" and the like in the first line, which is the question."""
    question, end, rest = source.partition("\n")
    for words, (parameter, write) in NAMED.items():
        if words in question and parameter in given:
            question = question.replace(words, write(given[parameter]))
    return question + end + rest


def _take(output: NotebookNode, page: Page) -> bool:
    """Give the page an output that holds parameters or the footer, and tell whether it does."""
    data = output.get("data", {})
    if ANSWER_MIME in data:
        page.answer = data[ANSWER_MIME]
    elif FOOTER_MIME in data:
        page.provenance = data[FOOTER_MIME]
        page.footer = _write_footer(page)
    elif PARAMETERS_MIME in data:
        page.parameters.append(Markup(clean(data.get("text/html", ""), label=word("parameters"))))
    elif LEDGER_MIME in data:
        page.ledger = data[LEDGER_MIME]
    elif FOOTING_MIME in data:
        page.footing = data[FOOTING_MIME]
    return not data.keys().isdisjoint({ANSWER_MIME, FOOTER_MIME, PARAMETERS_MIME})


def _write_footer(page: Page) -> Markup:
    """Write the lines that a notebook's footer hands over, each table with a link to its claims."""
    lines = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*line) for line in page.provenance["lines"])
    return link_tables(Markup("<dl>{}</dl>").format(lines), page.provenance["tables"], page.beside)


def _find_differing(notebook: NotebookNode, recorded: dict[str, Any]) -> list[tuple[str, str]] | None:
    """Find the parameters of a run of ours that are not the notebook's own: what each is and has, and its default."""
    try:
        defaults, given = read_defaults(notebook.cells), recorded["parameters"]
    except (KeyError, SyntaxError, ValueError):
        return None
    if not defaults:
        return None
    names = [name for name, value in defaults.items() if given.get(name, value) != value]
    said, usual = (_in_words(recorded["notebook"], values) for values in (given, defaults))
    return [(f"{said[name][0]}: {said[name][1]}", usual[name][1]) for name in names]


def _command(name: str, notebook: NotebookNode, recorded: dict[str, Any]) -> str:
    """Say how a run of ours is asked again with a case file."""
    try:
        defaults = read_defaults(notebook.cells)
    except (SyntaxError, ValueError):
        defaults = {}
    given = recorded.get("parameters", {})
    named = [f" -p {key}={given[key]}" for key, value in defaults.items() if given.get(key, value) != value]
    return f"domes report {name} --case FILE{''.join(named)}"


def _in_words(notebook: str, values: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Say what each parameter is and what its value stands for; as they are where the notebook has no model."""
    try:
        rows = MODELS[notebook].from_text(values).as_table()
    except (KeyError, ParameterError):
        return {name: (name, write_value(value)) for name, value in values.items()}
    return {row.name: (row.meaning, row.explanation or row.value) for row in rows}


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
        made.globals["ledger_type"] = LEDGER_MIME
        made.filters["formula"] = lambda latex: Markup(render_formula(latex.strip().strip("$"), block=True))
        made.filters["code"] = lambda source: Markup(highlight(source, lexer, colours).rstrip())
        made.filters["printed"] = lambda text: KERNEL_FILE.sub("", text).rstrip()
        made.filters["day"] = write_day
        return made


def write_page(executed: Path, name: str | None = None, together: Together = ALONE) -> Path:
    """Write the page of an executed notebook beside it and return where it is.

    Parameters
    ----------
    executed : pathlib.Path
        The notebook with its outputs.
    name : str, optional
        What notebook and page will be called in the end, without suffix, where they are moved afterwards:
        the page links to the notebook by its name.
    together : Together, optional
        What is made together with it, which it links; what is not made is named without a link.

    Raises
    ------
    RunError
        When the page cannot be written.
    """
    resources = {"metadata": {"name": Path(name).name if name else executed.stem}, "together": together}
    html, made = _exporter().from_notebook_node(nbformat.read(executed, as_version=4), resources)
    page = executed.with_suffix(".html")
    write_together({**{page.parent / path: content for path, content in made["outputs"].items()}, page: html})
    return page


def read_beside(page: Path, name: str) -> dict[str, bytes]:
    """Read the files that ``write_page`` put beside a page that it called ``name``, by their paths from it."""
    folder = page.parent / f"{Path(name).name}.files"
    return {path.relative_to(page.parent).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


@cache
def _exporter() -> PageExporter:
    return PageExporter()

"""The index page: every run of a folder, by notebook, with a comparison of the key numbers of its runs."""

import hashlib
import re
from calendar import month_name
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from analysis.air_defence.facts.choices import THREAT_CLASSES, THREATS
from analysis.errors import ParameterError
from analysis.figures.answer import ANSWER_MIME, split_point
from analysis.parameters import PARAMETERS_MIME
from analysis.parameters.cell import read_defaults
from analysis.reporting.page.claims import SELF_CHECK
from analysis.reporting.page.clean import read_tables
from analysis.reporting.page.download import Download, comparison_download
from analysis.reporting.page.picture import Picture, thumbnail
from analysis.reporting.page.render import TEMPLATES, fill_script, render, word
from analysis.reporting.page.table import Table
from analysis.reporting.run.catalogue import DOMES_METADATA, Notebook, write_value
from analysis.reporting.run.files import write_whole

INDEX = "index.html"
SHOWN_OPEN = 12
"""Up to how many runs a comparison is shown without being asked for."""
MOST_NUMBERS = 8
"""How many key numbers of a run, and twice as many columns of a comparison, are shown; its file has all."""
FIRST = "first"
"""What ``subjects`` of ``words.j2`` calls the tour and the briefs; the rest it calls by the folder of its notebooks."""
TOUR, BRIEF = "00-start-here", "00-brief-"
CODE = re.compile(r"\w_\w|\b[A-Z]{3}\b|\b(?:" + "|".join(THREAT_CLASSES) + r")\b")
"""A name that holds a code is not words, and stays in the comparison and its file."""
PLACE = r"(?:Figure|Table)s? \d+(?:,? (?:to |and )?(?:(?:Figure|Table)s? )?\d+)*"
POINTED = re.compile(rf" \({PLACE}\)|[;,] {PLACE}(?=[;)])|(?<=\(){PLACE}[;,] ")
"""What points at a figure or table, which the index does not show."""
MOST_WORDS = 100
"""How many words of an answer a card shows, if its first sentence is no longer."""
MONTHS = {name[:3].lower(): name.lower() for name in month_name[1:]}
WORD = re.compile(r"[^\W\d_][\w-]{2,}|\b(?:1[89]|20)\d\d\b")
"""What a reader may search for: words, and years."""
CHECK_TAG = "nbval-check-output"
MADE_BY = "thumbnail 4"
"""Changes whenever the same figure would give another small picture."""
SENTENCE_END = re.compile(r"(?<=[.?!]) (?=[A-Z\d])")
KEPT_PICTURE = re.compile(
    r'<img data-of="([0-9a-f]{16})" src="(data:image/png;base64,[A-Za-z0-9+/=]+)" width="(\d+)" height="(\d+)"'
)


@dataclass(frozen=True)
class Entry:
    """One page as the index shows it.

    Attributes
    ----------
    link : str
        Address of the page, relative to the index.
    question : str
        Its main heading.
    name : str
        The notebook that was run.
    parameters : dict of str to str
        Name to value, in the order of the notebook.
    points : tuple of str
        The parts of its answer, each after its label ("What it costs: ..."), as ``answer.show_answer`` put it out;
        empty where it has none.
    words : str
        Words of its headings and figures, which a reader can search for.
    said : dict of str to str
        Name to what the value stands for, of parameters whose values are codes.
    meanings : dict of str to str
        Name to what a parameter is.
    usual : frozenset of str
        Names of parameters that have their default.
    numbers : dict of str to str
        The key numbers that its check cell shows: what is counted, and how many.
    kilobytes : int
        Size of the page.
    figures : int
        How many figures it has.
    picture : Markup
        The first figure, small, as an element; of the tour the last, whose first is that of a brief. Empty where there
        is none.
    """

    link: str
    question: str
    name: str
    parameters: dict[str, str]
    numbers: dict[str, str]
    kilobytes: int
    figures: int
    picture: Markup
    points: tuple[str, ...] = ()
    words: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    usual: frozenset[str] = frozenset()

    @property
    def opening(self) -> str:
        """The first sentence of its answer, and those that open its other parts as far as there is room."""
        opening, *others = (found[0] for point in self.points if (found := _sentences(point)))
        for sentence in others:
            if len(opening.split()) + len(sentence.split()) <= MOST_WORDS:
                opening += f" {sentence}"
        return opening

    @property
    def short(self) -> str:
        """Its whole answer."""
        return " ".join(sentence for point in self.points for sentence in _sentences(point))

    @property
    def worded(self) -> dict[str, str]:
        """The key numbers whose names are words."""
        return {name: value for name, value in self.numbers.items() if value and not CODE.search(name)}

    def write(self, name: str) -> str:
        """Write a parameter in words, with what it is."""
        return f"{self.meanings.get(name, _spaced(name))}: {self.said.get(name) or _spaced(self.parameters[name])}"


@dataclass(frozen=True)
class Subject:
    """The notebooks of one subject, under its heading."""

    words: str
    groups: list["Group"]


@dataclass(frozen=True)
class Group:
    """The runs of one notebook.

    Attributes
    ----------
    name, question : str
        Of the notebook.
    anchor : str
        Of its heading.
    entries : list of Entry
        Its runs.
    differing : list of str
        The parameters in which the runs differ.
    shared : list of str
        The key numbers that all of the runs have.
    """

    name: str
    question: str
    anchor: str
    entries: list[Entry]
    differing: list[str]
    shared: list[str]

    @property
    def is_compared(self) -> bool:
        """Are there several runs, with numbers that all of them have?"""
        return len(self.entries) > 1 and bool(self.shared)

    @property
    def is_open(self) -> bool:
        """Is the comparison short enough to be shown at once."""
        return len(self.entries) <= SHOWN_OPEN

    @cached_property
    def download(self) -> Download:
        """The comparison as a file beside the index, with all parameters."""
        names = list(self.entries[0].parameters)
        rows = [[*names, *self.shared, "page"]]
        for entry in self.entries:
            values = [entry.parameters.get(name, "") for name in names]
            rows.append([*values, *(entry.numbers[name] for name in self.shared), entry.link])
        return comparison_download(rows, self.name)

    @property
    def columns(self) -> list[str]:
        """The key numbers that the comparison shows."""
        return self.shared[: 2 * MOST_NUMBERS]

    def title(self, entry: Entry) -> str:
        """Tell a run from the other runs of its notebook; the question where it is the only one."""
        if len(self.entries) == 1:
            return self.question
        told = (
            entry.said.get(name) or f"{_spaced(name)}: {_spaced(entry.parameters[name])}" for name in self.differing
        )
        return ", ".join(told) or entry.link

    def rest(self, entry: Entry) -> str:
        """The parameters that are not the notebook's own and that the title does not give."""
        told = self.differing if len(self.entries) > 1 else []
        return "; ".join(entry.write(name) for name in entry.parameters if name not in (*told, *entry.usual))


def _sentences(point: str) -> list[str]:
    """Part a point of an answer into sentences that stand without its figures; one that speaks of them is left out."""
    parts = SENTENCE_END.split(POINTED.sub("", point))
    return [part for part in parts if not re.search(PLACE, part)]


def _spaced(code: str) -> str:
    return word("flags").get(code, code.replace("_", " "))


def write_index(folder: Path, failures: Sequence[str] = ()) -> Path:
    """Write the index of all pages in a folder and its sub-folders, and return where it is.

    The key numbers of notebooks that ran more than once are written beside it, a CSV file each.

    Parameters
    ----------
    folder : pathlib.Path
        Where the pages are.
    failures : sequence of str
        What went wrong in the last run, shown above the pages.
    """
    index = folder / INDEX
    groups = group_entries(find_entries(folder, read_pictures(index)))
    self_check = SELF_CHECK if (folder / SELF_CHECK).exists() else ""
    found = [Subject(words, [one for one in groups if subject_of(one) == words]) for words in word("subjects").values()]
    subjects = [subject for subject in found if subject.groups]
    for group in groups:
        if group.is_compared:
            write_whole(folder / group.download.file, group.download.csv)
    values = {"subjects": subjects, "failures": failures, "self_check": self_check, "most": MOST_NUMBERS}
    write_whole(index, render("index.html.j2", scripts=(_script(),) if groups else (), **values))
    return index


def subject_of(group: Group) -> str:
    """Say under which heading a notebook stands: by its folder, but the tour and the briefs first.

    Examples
    --------
    >>> subject_of(Group("recognition/01-recognition-map", "Who?", "notebook-1", [], [], []))
    'Diplomatic recognition'
    """
    if group.name == TOUR or group.name.rpartition("/")[2].startswith(BRIEF):
        return word("subjects")[FIRST]
    return room_of(group.name)


def room_of(name: str) -> str:
    """Say in words of what the folder of a notebook is.

    Examples
    --------
    >>> room_of("air_defence/00-brief-t-dome"), room_of("02-how-far-to-trust")
    ('Layered air defence', 'The whole, and how far to trust it')
    """
    return word("subjects").get(name.rpartition("/")[0].split("/")[0], word("subjects")[""])


def group_entries(entries: Iterable[Entry]) -> list[Group]:
    """Put runs of one notebook together; notebooks and runs keep their order."""
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, []).append(entry)
    return [_group(place, runs) for place, runs in enumerate(by_name.values(), start=1)]


def _group(place: int, runs: list[Entry]) -> Group:
    if any(word("case") in run.parameters for run in runs):
        runs = [replace(run, parameters={word("case"): word("ours"), **run.parameters}) for run in runs]
    first = runs[0]
    differing = [
        name
        for name, value in first.parameters.items()
        if any(run.parameters.get(name) != value for run in runs) and all(name in run.parameters for run in runs)
    ]
    shared = [name for name in first.numbers if all(name in run.numbers for run in runs)]
    return Group(first.name, first.question, f"notebook-{place}", runs, differing, shared)


@cache
def _script() -> Markup:
    return Markup(fill_script((TEMPLATES / "index.js").read_text(encoding="utf-8")))


def find_entries(folder: Path, kept: Mapping[str, Picture]) -> Iterator[Entry]:
    """Find the executed notebooks in a folder and its sub-folders that have a page beside them.

    Parameters
    ----------
    folder : pathlib.Path
        Where the index stands.
    kept : mapping
        Small pictures that are made already, from ``read_pictures``.
    """
    paths = [*_sorted(folder.glob("*.ipynb")), *_sorted(folder.glob("*/*.ipynb"))]
    found = [pair for path in paths if (pair := _summarise(path, folder))]
    with ThreadPoolExecutor() as threads:  # pictures alone: Python 3.11 cannot parse code in several threads at once
        pictures = threads.map(lambda pair: _picture(pair[1], kept), found)
        yield from (replace(entry, picture=picture) for (entry, _), picture in zip(found, pictures, strict=True))


def read_pictures(index: Path) -> dict[str, Picture]:
    """Read the small pictures of an index, so that they need not be made again, by the checksum of their figure."""
    try:
        found = KEPT_PICTURE.findall(index.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}
    return {digest: Picture(source, int(width), int(height)) for digest, source, width, height in found}


def _summarise(executed: Path, folder: Path) -> tuple[Entry, Mapping[str, Any] | None] | None:
    """Summarise a run of ours that has a page, beside the figure that stands for it; None for other notebooks."""
    page, notebook = executed.with_suffix(".html"), Notebook(executed, executed.stem)
    if not page.exists() or not _is_ours(notebook):
        return None
    content = notebook.content
    recorded = content["metadata"][DOMES_METADATA]
    figures = list(_figures(content))
    parameters, usual = _parameters(notebook, recorded), read_defaults(content["cells"])
    rows = [row for table in _outputs(content, PARAMETERS_MIME) for row in table]
    entry = Entry(
        link=page.relative_to(folder).as_posix(),
        question=notebook.question,
        name=recorded["notebook"],
        parameters=parameters,
        numbers=_key_numbers(content),
        kilobytes=round(page.stat().st_size / 1000),
        figures=len(figures),
        points=_answer(content),
        words=_words(content),
        said={row["name"]: row["explanation"] for row in rows if _is_said(row, parameters)},
        meanings={row["name"]: row["meaning"] for row in rows if row.get("meaning")},
        usual=frozenset(name for name, value in usual.items() if parameters.get(name) == write_value(value)),
        picture=Markup(""),
    )
    return entry, figures[-1 if recorded["notebook"] == TOUR else 0] if figures else None


def _parameters(notebook: Notebook, recorded: Mapping[str, Any]) -> dict[str, str]:
    """What a run was made from: the case of the user where there is one, and its parameters."""
    case = {word("case"): str(recorded["case"])} if "case" in recorded else {}
    return case | {name: write_value(recorded["parameters"][name]) for name in _in_order(notebook, recorded)}


def _in_order(notebook: Notebook, recorded: Mapping[str, Any]) -> list[str]:
    """Name the recorded parameters in the order of the notebook; what it does not name comes last."""
    return sorted(recorded["parameters"], key=lambda name: [*notebook.defaults, name].index(name))


def _sorted(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: (path.parent, path.stem))  # the run with the defaults comes first


def _is_ours(notebook: Notebook) -> bool:
    try:
        recorded = notebook.content["metadata"][DOMES_METADATA]
        return isinstance(recorded["notebook"], str) and isinstance(recorded["parameters"], dict)
    except (ParameterError, KeyError, TypeError):
        return False


def _figures(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    outputs = (output for cell in content["cells"] for output in cell.get("outputs", []))
    return (output for output in outputs if "image/png" in output.get("data", {}))


def _outputs(content: Mapping[str, Any], kind: str) -> Iterator[Any]:
    outputs = (output for cell in content["cells"] for output in cell.get("outputs", []))
    return (output["data"][kind] for output in outputs if kind in output.get("data", {}))


def _answer(content: Mapping[str, Any]) -> tuple[str, ...]:
    answer: Mapping[str, Any] = next(iter(_outputs(content, ANSWER_MIME)), {})
    parts = (split_point(point) for point in answer.get("points", ()))
    return tuple(f"{label}: {words}" if label else words for label, words in parts)


def _is_said(row: Mapping[str, str], parameters: Mapping[str, str]) -> bool:
    """Does a row of the shown parameters explain the value that the run was given?"""
    return bool(row.get("explanation")) and parameters.get(row.get("name", "")) == row.get("value")


def _words(content: Mapping[str, Any]) -> str:
    """Each word of headings, of the answer and of the figures' captions once, months in full.

    A class of threats that a table or caption names has its code and its short name too.
    """
    texts = ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "markdown"]
    headings = [line for text in texts for line in text.splitlines() if line.startswith("#")]
    figures = [str(output["metadata"].get("image/png", {}).get("alt", "")) for output in _figures(content)]
    found = {word.lower() for text in (*headings, *figures, *_answer(content)) for word in WORD.findall(text)}
    shown = "".join((*figures, *map("".join, _outputs(content, "text/html")))).lower()
    named = [one for one in THREATS.items() if one[1].words.lower() in shown]
    found |= {
        word.lower() for code, threat in named for word in (code, *WORD.findall(f"{threat.words} {threat.short}"))
    }
    return " ".join(sorted(found | {MONTHS[word] for word in found & MONTHS.keys()}))


def _picture(output: Mapping[str, Any] | None, kept: Mapping[str, Picture]) -> Markup:
    if output is None:
        return Markup("")
    figure = "".join(output["data"]["image/png"])
    alt = output["metadata"].get("image/png", {}).get("alt", word("first_figure"))
    digest = hashlib.sha256(f"{MADE_BY} {figure}".encode()).hexdigest()[:16]
    small = kept.get(digest) or thumbnail(figure)
    element = Markup('<img data-of="{}" src="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">')
    return element.format(digest, Markup(escape(small.source)), small.width, small.height, alt)


def _key_numbers(content: Mapping[str, Any]) -> dict[str, str]:
    checked = (cell for cell in content["cells"] if CHECK_TAG in cell.get("metadata", {}).get("tags", []))
    outputs = (output.get("data", {}) for cell in checked for output in cell.get("outputs", []))
    tables = (table for data in outputs for table in read_tables("".join(data.get("text/html", ""))))
    return {name: value for table in tables for name, value in _numbers_of(table)}


def _numbers_of(table: Table) -> Iterator[tuple[str, str]]:
    head, *rows = table.rows()
    for name, *values in rows:
        for column, value in zip(head[1:], values, strict=True):
            yield (name if len(values) == 1 else f"{name}, {column}"), value

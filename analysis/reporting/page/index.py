"""The index page: every run of a folder, by notebook, with a comparison of the key numbers of its runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from analysis.reporting.page.download import Download, comparison_download
from analysis.reporting.page.entries import Entry, find_entries, read_pictures
from analysis.reporting.page.render import TEMPLATES, render
from analysis.reporting.run.files import write_whole

INDEX = "index.html"
SELF_CHECK = "self-check.html"
SHOWN_OPEN = 12
"""Up to how many runs a comparison is shown without being asked for."""
MOST_NUMBERS = 8
"""How many key numbers of a run, and twice as many columns of a comparison, are shown; its file has all."""


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
    def is_open(self) -> bool:
        """Is the comparison short enough to be shown at once."""
        return len(self.entries) <= SHOWN_OPEN

    @property
    def download(self) -> Download:
        """The comparison as a file, with all parameters."""
        names = list(self.entries[0].parameters)
        rows = [[*names, *self.shared, "page"]]
        for entry in self.entries:
            values = [entry.parameters.get(name, "") for name in names]
            rows.append([*values, *(entry.numbers[name] for name in self.shared), entry.link])
        return comparison_download(rows, self.anchor)

    @property
    def columns(self) -> list[str]:
        """The key numbers that the comparison shows."""
        return self.shared[: 2 * MOST_NUMBERS]

    def title(self, entry: Entry) -> str:
        """Tell a run from the other runs of its notebook; the question where it is the only one."""
        if len(self.entries) == 1:
            return self.question
        return ", ".join(f"{name} = {entry.parameters[name]}" for name in self.differing) or entry.link

    def rest(self, entry: Entry) -> str:
        """The parameters that the title does not give."""
        told = self.differing if len(self.entries) > 1 else []
        return ", ".join(f"{name} = {value}" for name, value in entry.parameters.items() if name not in told)


def write_index(folder: Path, failures: Sequence[str] = ()) -> Path:
    """Write the index of all pages in a folder and its sub-folders, and return where it is.

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
    values = {"groups": groups, "failures": failures, "self_check": self_check, "most": MOST_NUMBERS}
    write_whole(index, render("index.html.j2", scripts=(_script(),) if groups else (), **values))
    return index


def group_entries(entries: Iterable[Entry]) -> list[Group]:
    """Put runs of one notebook together; notebooks and runs keep their order."""
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, []).append(entry)
    return [_group(place, runs) for place, runs in enumerate(by_name.values(), start=1)]


def _group(place: int, runs: list[Entry]) -> Group:
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
    return Markup((TEMPLATES / "index.js").read_text(encoding="utf-8"))

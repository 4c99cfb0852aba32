"""Names of pages: from a template, safe on every file system, inside the output folder."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from analysis.case_in_use import use
from analysis.errors import ParameterError, require_choice
from analysis.parameters import Parameters
from analysis.reporting.batch.runs_file import Row, read_rows, resolve_notebook
from analysis.reporting.run.catalogue import OUR_PAGES, Notebook, parameters_hash
from analysis.reporting.run.given import add_rule

if TYPE_CHECKING:
    from analysis.own_case.file import OwnCase

CASE = "case"
"""Column of a file of runs that names a case file, from where that file lies."""
OWN_FIELDS = ("notebook", "values", "hash")
LONGEST_NAME = 120
MOST_PLACES = 10
"""Rows that a fault names."""
# What Windows keeps for devices, and what the output folder keeps for its own pages.
TAKEN = {"con", "prn", "aux", "nul", *OUR_PAGES} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}


def check_template(template: str) -> None:
    """Refuse a template that names a folder, or a field in a way that is not known.

    Parameters
    ----------
    template : str
        Text with ``{notebook}`` (its name without room), ``{values}`` (those that differ from the
        defaults), ``{hash}`` (of all parameters), or a parameter's name in braces.

    Raises
    ------
    ParameterError
        Says what is wrong with it.

    Examples
    --------
    >>> check_template("{country}-{hash}")
    >>> check_template("{country")
    Traceback (most recent call last):
    analysis.errors.ParameterError: --name '{country' is not a template (expected '}' before end of string).
    """
    if re.search(r"[/\\]", template):
        raise ParameterError(f"--name {template!r} names a folder; choose the folder with -o and leave out / and \\.")
    try:
        fields = list(_fields(template))
    except ValueError as error:
        raise ParameterError(f"--name {template!r} is not a template ({error}).") from None
    own = ", ".join(f"{{{name}}}" for name in OWN_FIELDS)
    if not fields:
        raise ParameterError(f"--name {template!r} gives every page one name; use {own} or parameters in braces.")
    wrong = [field for field in fields if not field.isidentifier()]
    if wrong:
        raise ParameterError(
            f"--name {template!r} has {{{wrong[0]}}} in braces, where a plain name must stand; use {own} or parameters."
        )


def page_name(notebook: Notebook, parameters: Parameters, template: str | None = None) -> str:
    """Name the page of a run, below the output folder and without suffix.

    Parameters
    ----------
    notebook : Notebook
        Its room, where it has one, is the page's folder.
    parameters : Parameters
        All values of the run.
    template : str, optional
        As ``check_template`` allows it; without one, the name that ``domes report`` gives.

    Raises
    ------
    ParameterError
        When the template names what is no parameter of this notebook.
    """
    room, _, own = notebook.name.rpartition("/")
    if template is None:
        name = notebook.page_name(parameters).rpartition("/")[2]
    else:
        values = parameters.model_dump() | {
            "notebook": own,
            "values": notebook.label(parameters),
            "hash": parameters_hash(parameters),
        }
        for field in _fields(template):
            require_choice("--name", field, values)
        name = template.format_map({field: _words(value) for field, value in values.items()})
    return f"{safe(room)}/{safe(name)}" if room else safe(name)


def safe(name: str) -> str:
    """Make a file's name that every file system takes: plain letters, digits, dot, hyphen and underscore.

    Examples
    --------
    >>> safe("../a b: c"), safe("CON"), safe("")
    ('a-b-c', 'CON-page', 'page')
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:LONGEST_NAME].strip(".-") or "page"
    return f"{plain}-page" if plain.split(".")[0].lower() in TAKEN else plain


def _fields(template: str) -> Iterator[str]:
    for _, field, form, conversion in Formatter().parse(template):
        if field is not None:
            yield field + (f":{form}" if form else "") + (f"!{conversion}" if conversion else "")


def _words(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class PlannedRun:
    """One run that is allowed.

    Attributes
    ----------
    place : str
        Where the file of runs asks for it, for example ``row 3``.
    notebook : Notebook
        What to run.
    given : dict
        The values that the file names, typed; the rest are the notebook's defaults.
    parameters : Parameters
        All values.
    page : str
        Name of the page below the output folder, without suffix.
    case : OwnCase or None
        Case of the user that lies over the tables.
    """

    place: str
    notebook: Notebook
    given: dict[str, Any]
    parameters: Parameters
    page: str
    case: "OwnCase | None" = None

    @property
    def checksum(self) -> str:
        """Checksum of the case; empty without one."""
        return self.case.in_use.sha256 if self.case else ""


def read_plan(path: Path, template: str | None = None) -> list[PlannedRun]:
    """Read a file of runs, check all of them, and name their pages.

    Parameters
    ----------
    path : pathlib.Path
        CSV or YAML, as ``read_rows`` takes it.
    template : str, optional
        How pages are named, as ``check_template`` takes it.

    Raises
    ------
    ParameterError
        When a run is not allowed, is asked for twice, or would take another's page; a line for each fault.
    """
    if template is not None:
        check_template(template)
    runs: list[PlannedRun] = []
    faults: list[tuple[str, str]] = []
    find = cache(lambda wanted: resolve_notebook(wanted, path))
    read = cache(lambda named: _read_case(path.parent / named))
    for row in read_rows(path):
        try:
            runs.append(_check_row(row, find, template, read))
        except ParameterError as error:
            faults += [(row.place, line) for line in str(error).splitlines()]
    faults += _find_repeated(runs) or _find_shared_pages(runs)
    if faults:
        lines = [f"{path} {places}: {fault}" for fault, places in _gather(faults).items()]
        raise ParameterError("\n".join([*lines, f"{len(lines)} fault{'s' * (len(lines) > 1)}; nothing was run."]))
    return runs


def _check_row(
    row: Row, find: Callable[[str], Notebook], template: str | None, read: Callable[[str], "OwnCase"]
) -> PlannedRun:
    if row.fault:
        raise ParameterError(row.fault)
    notebook = find(row.notebook)
    given, case = dict(row.given), None
    if CASE in given and CASE not in notebook.model.model_fields:
        named = str(given.pop(CASE))
        case = read(named) if named.strip() else None
    with use(case.in_use if case else None):
        return _check_values(row.place, notebook, given, template, case)


def _check_values(
    place: str, notebook: Notebook, values: dict[str, Any], template: str | None, case: "OwnCase | None"
) -> PlannedRun:
    notebook.model.require_one_name(values)
    named = notebook.model.rename(add_rule(values, notebook, case))
    faults = []
    for known in (False, True):  # an unknown name must not hide a wrong value
        try:
            parameters = notebook.check(
                {name: value for name, value in named.items() if (name in notebook.model.model_fields) is known}
            )
        except ParameterError as error:
            faults.append(str(error))
    if faults:
        raise ParameterError("\n".join(faults))
    given = parameters.model_dump(include=set(named))
    return PlannedRun(place, notebook, given, parameters, page_name(notebook, parameters, template), case)


def _read_case(path: Path) -> "OwnCase":
    from analysis.own_case.file import read_case  # the tables, which most files of runs do without

    return read_case(path)


def _find_repeated(runs: Iterable[PlannedRun]) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    first: dict[tuple[Path, str], PlannedRun] = {}
    for run in runs:
        key = (run.notebook.path.resolve(), run.parameters.model_dump_json() + run.checksum)
        earlier = first.setdefault(key, run)
        if earlier is not run:
            faults.append((run.place, f"asks for the same run as {earlier.place}; take one out."))
    return faults


def _find_shared_pages(runs: Iterable[PlannedRun]) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    first: dict[str, PlannedRun] = {}
    for run in runs:
        earlier = first.setdefault(run.page.casefold(), run)
        if earlier is not run:
            same = f"would write the page of {earlier.place}, {earlier.page}"
            faults.append((run.place, f"{same}; add {{hash}} to --name, or use a batch and folder of its own."))
    return faults


def _gather(faults: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name the places of each fault once; a design repeats one fault in many runs."""
    places: dict[str, list[str]] = {}
    for place, fault in faults:
        places.setdefault(fault, []).append(place)
    return {fault: _join(found) for fault, found in places.items()}


def _join(places: list[str]) -> str:
    word = places[0].split()[0]
    numbers = [place.split()[1] for place in places[:MOST_PLACES]]
    more = f" and {len(places) - MOST_PLACES:,} more" if len(places) > MOST_PLACES else ""
    return f"{word}{'s' * (len(places) > 1)} {', '.join(numbers)}{more}"

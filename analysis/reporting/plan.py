"""The plan of a batch: every run checked, with the name of its page, before anything is started."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.parameters import Parameters
from analysis.reporting.catalogue import Notebook
from analysis.reporting.names import check_template, page_name
from analysis.reporting.runs_file import Row, read_rows, resolve_notebook


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
    """

    place: str
    notebook: Notebook
    given: dict[str, Any]
    parameters: Parameters
    page: str


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
    for row in read_rows(path):
        try:
            runs.append(_check_row(row, find, template))
        except ParameterError as error:
            faults += [(row.place, line) for line in str(error).splitlines()]
    faults += _find_repeated(runs) or _find_shared_pages(runs)
    if faults:
        lines = [f"{path} {places}: {fault}" for fault, places in _gather(faults).items()]
        raise ParameterError("\n".join([*lines, f"{len(lines)} fault{'s' * (len(lines) > 1)}; nothing was run."]))
    return runs


def _check_row(row: Row, find: Callable[[str], Notebook], template: str | None) -> PlannedRun:
    if row.fault:
        raise ParameterError(row.fault)
    notebook = find(row.notebook)
    faults = []
    for known in (False, True):  # an unknown name must not hide a wrong value
        try:
            parameters = notebook.check(
                {name: value for name, value in row.given.items() if (name in notebook.model.model_fields) is known}
            )
        except ParameterError as error:
            faults.append(str(error))
    if faults:
        raise ParameterError("\n".join(faults))
    given = parameters.model_dump(include=set(row.given))
    return PlannedRun(row.place, notebook, given, parameters, page_name(notebook, parameters, template))


def _find_repeated(runs: Iterable[PlannedRun]) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    first: dict[tuple[Path, str], PlannedRun] = {}
    for run in runs:
        key = (run.notebook.path.resolve(), run.parameters.model_dump_json())
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
    numbers = [place.split()[1] for place in places]
    return f"{word}{'s' * (len(places) > 1)} {', '.join(numbers)}"

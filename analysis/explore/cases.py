"""Cases pinned while exploring: rows of a runs file that ``domes batch`` accepts, one file for each notebook."""

import csv
import json
import os
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from analysis.case_in_use import use
from analysis.csv_text import BrokenRowError, split_rows
from analysis.errors import DataError, ParameterError, RunError
from analysis.home import working_folder
from analysis.own_case.file import read_case
from analysis.parameters import MODELS, Parameters

PINNED = working_folder() / "reports" / "pinned"
LONGEST_WAIT_S = 5.0
OWN = "case"
"""Column of a runs file that names a case file of the user."""


@dataclass(frozen=True)
class Pinned:
    """Where a case went.

    Attributes
    ----------
    file : pathlib.Path
        The runs file.
    added : bool
        False where the same case stood there already.
    cases : int
        Rows that the file holds now.
    """

    file: Path
    added: bool
    cases: int

    @property
    def command(self) -> str:
        """The command that runs what is new in the file, to be given in the project's folder."""
        file = self.file.relative_to(PINNED.parents[1]) if self.file.is_relative_to(PINNED.parents[1]) else self.file
        pages = file.with_name(file.name.removesuffix(".csv").removesuffix(".runs"))
        return shlex.join(["domes", "batch", file.as_posix(), "-o", pages.as_posix(), "--resume"])


def file_of(notebook: str, folder: Path = PINNED) -> Path:
    """Name the runs file of a notebook.

    Examples
    --------
    >>> file_of("recognition/01-recognition-map").name
    'recognition-01-recognition-map.runs.csv'
    """
    return folder / f"{notebook.replace('/', '-')}.runs.csv"


def pin_case(case: Parameters, folder: Path = PINNED, own: Path | None = None) -> Pinned:
    """Add a case to the runs file of its notebook, unless it stands there already.

    Parameters
    ----------
    case : Parameters
        Choices of a notebook, checked by its model.
    folder : pathlib.Path
        Where the runs files are.
    own : pathlib.Path, optional
        Case file of the user that lies over the tables.

    Returns
    -------
    Pinned
        The file, whether a row was added, and how many there are.

    Raises
    ------
    DataError
        When the file has other columns than the notebook has parameters; it is then left as it is.
    RunError
        When the file cannot be written, or somebody else holds it for more than 5 s.

    Notes
    -----
    The file is written whole beside the old one and then put in its place, so that it is never half written.
    """
    file = file_of(case.notebook, folder)
    row = write_row(case)
    if own:
        row = {"notebook": row.pop("notebook"), OWN: Path(os.path.relpath(own, folder)).as_posix(), **row}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock"), timeout=LONGEST_WAIT_S):
            rows = _read_rows(file, [name for name in row if name != OWN], case.old_names)
            added = row not in rows
            if added:
                rows.append(row)
                _write_rows(file, rows)
    except Timeout:
        raise RunError(f"{file}: somebody else is writing it; try again.") from None
    except OSError as error:
        raise RunError(f"{file}: cannot be written ({error.strerror}).") from None
    return Pinned(file, added, len(rows))


def load_pinned(notebook: str, folder: Path = PINNED) -> list[tuple[Parameters, Path | None]]:
    """Read back the pinned cases of a notebook, each with its case file if it has one, the oldest first.

    Raises
    ------
    DataError
        When a row is not a case of the notebook; says which row and why.
    """
    model = MODELS[notebook]
    file = file_of(notebook, folder)
    cases: list[tuple[Parameters, Path | None]] = []
    rows = _read_rows(file, ["notebook", *model.model_fields], model.old_names)
    for number, row in enumerate(rows, 2):
        own = folder / row[OWN] if row.get(OWN) else None
        try:
            with use(read_case(own).in_use if own else None):
                values = {name: value for name, value in row.items() if name not in ("notebook", OWN)}
                cases.append((model.from_text(values), own))
        except ParameterError as error:
            raise DataError(f"{file} row {number}: {error}") from None
    return cases


def write_row(case: Parameters) -> dict[str, str]:
    """Write a case as a row of a runs file.

    Examples
    --------
    >>> from analysis.parameters import StartHereParameters
    >>> write_row(StartHereParameters(architecture="usa_guam", entity="PSE"))
    {'notebook': '00-start-here', 'architecture': 'usa_guam', 'entity': 'PSE'}
    """
    return {"notebook": case.notebook, **{name: _write(value) for name, value in case.model_dump().items()}}


def describe_case(case: Parameters) -> str:
    """Write a case in a line, for a list to choose from.

    Examples
    --------
    >>> from analysis.parameters import StartHereParameters
    >>> describe_case(StartHereParameters(architecture="usa_guam", entity="PSE"))
    'usa_guam, PSE'
    """
    return ", ".join(_write(value).replace(",", " ") for value in case.model_dump().values())


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _read_rows(file: Path, columns: list[str], old_names: Mapping[str, str]) -> list[dict[str, str]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise DataError(f"{file}: is not UTF-8 text; move it away and pin again.") from None
    try:
        (_, header), *found = [(number, cells) for number, cells in enumerate(split_rows(text), start=1) if cells] or [
            (1, [])
        ]
    except BrokenRowError as error:
        raise DataError(f"{file} row {error.row}: {error}") from None
    header = [old_names.get(name, name) for name in header]
    if [name for name in header if name != OWN] != columns:
        named = ", ".join(header) or "nothing"
        raise DataError(f"{file}: has the columns {named}, needs {', '.join(columns)}; move it away and pin again.")
    for number, cells in found:
        if len(cells) != len(header):
            raise DataError(f"{file} row {number}: has not as many fields as columns; mend or delete the row.")
    rows = [dict(zip(header, cells, strict=True)) for _, cells in found]
    return [{name: value for name, value in row.items() if name != OWN or value} for row in rows]


def _write_rows(file: Path, rows: list[dict[str, str]]) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=file.parent, prefix=".", suffix=".csv", delete=False, encoding="utf-8", newline=""
    ) as written:
        columns = max((list(row) for row in rows), key=len)  # with the column of case files once there is one
        writer = csv.DictWriter(written, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    Path(written.name).replace(file)

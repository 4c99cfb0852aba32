"""Load one checked table of the data folder, or say in which row and column it breaks which rule."""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pandera.errors

from analysis.errors import DataError, require_choice
from analysis.schema import TABLES, Table

DATA_FOLDER_VARIABLE = "DOMES_DATA"
LARGEST_FILE_BYTES = 5_000_000
SHOWN_FAULTS = 10


@dataclass(frozen=True, order=True)
class Fault:
    """One broken rule: where it is, what stands there, and what should.

    Attributes
    ----------
    file : str
        Path below the data folder.
    row : int
        Line of the row in a spreadsheet, with the header as row 1; 0 for the file as a whole.
    column : str
        Column, or empty for the row as a whole.
    value : str
        What stands there.
    rule : str
        What is allowed.
    source : str
        The row's source, where it has one.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str
    source: str = ""

    def __str__(self) -> str:
        place = self.file + (f" row {self.row}" if self.row else "")
        what = f" {self.column} = {self.value!r}" if self.column else f" {self.value}" if self.value else ""
        return f"{place}:{what} {self.rule}" + (f" (source {self.source})" if self.source else "")


def data_folder() -> Path:
    """Return the folder of tables: ``DOMES_DATA`` where it is set, else the project's own ``data``.

    Raises
    ------
    DataError
        When the folder does not exist.
    """
    chosen = os.environ.get(DATA_FOLDER_VARIABLE)
    folder = Path(chosen) if chosen else Path(__file__).resolve().parent.parent / "data"
    if not folder.is_dir():
        raise DataError(
            f"{folder}: there is no such folder of tables; set {DATA_FOLDER_VARIABLE} to one, or unset it."
        )
    return folder


def load_table(name: str) -> pd.DataFrame:
    """Load one table and check it by its schema.

    Parameters
    ----------
    name : str
        Room and table, for example ``air_defence/systems``; ``sources`` belongs to both rooms.

    Returns
    -------
    pandas.DataFrame
        Columns as in the schema: text as ``str`` (missing: NaN), whole numbers as ``Int64``, numbers as
        ``float64``, flags as ``boolean``. One row is what the schema's ``row`` says. The frame is the
        caller's own.

    Raises
    ------
    ParameterError
        When there is no such table.
    DataError
        When the file cannot be read or breaks a rule; names file, row, column, value and rule.

    Examples
    --------
    >>> load_table("air_defence/threats")["threat_class"].tolist()[:2]
    ['mortar_rocket', 'owa_drone']
    """
    require_choice("table", name, TABLES)
    path = data_folder() / f"{name}.csv"
    frame, faults = read_table(TABLES[name], path)
    if faults:
        lines = [str(fault) for fault in faults[:SHOWN_FAULTS]]
        more = len(faults) - len(lines)
        lines += [f"... and {more} more; `domes check-data` lists them all."] if more else []
        raise DataError("\n".join(lines))
    return frame


def read_table(definition: Table, path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a table and list everything in it that breaks the schema.

    Parameters
    ----------
    definition : Table
        What the table may hold.
    path : pathlib.Path
        The CSV file.

    Returns
    -------
    frame : pandas.DataFrame
        The table as far as it could be read, in the types of the schema; empty where it could not.
    faults : list of Fault
        Every broken rule, in the order of the rows; empty when all is well.
    """
    try:
        stamp = path.stat()
    except OSError:
        return _empty(definition), [
            _file_fault(definition, "", "cannot be read; the file is missing or out of reach.")
        ]
    frame, faults = _read_cached(definition.name, path, stamp.st_mtime_ns, stamp.st_size)
    return frame.copy(), list(faults)


@lru_cache(maxsize=128)
def _read_cached(name: str, path: Path, _modified: int, size: int) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    definition = TABLES[name]
    try:
        cells = _read_cells(definition, path, size)
    except DataError as error:
        return _empty(definition), (_file_fault(definition, "", str(error)),)
    header, rows = cells[0], cells[1:]
    faults = _check_shape(definition, header, rows)
    if faults:
        return _empty(definition), tuple(faults)
    text = pd.DataFrame(rows, columns=header, dtype="str").replace("", pd.NA).astype("str")
    frame, faults = _coerce(definition, text)
    faults += _check_schema(definition, frame, text, {(fault.row, fault.column) for fault in faults})
    return frame, tuple(sorted(faults, key=lambda fault: (fault.row, fault.column)))


def _read_cells(definition: Table, path: Path, size: int) -> list[list[str]]:
    if path.is_dir():
        raise DataError("is a folder, where a CSV file is expected.")
    if size > LARGEST_FILE_BYTES:
        raise DataError(
            f"has {size:,} bytes; a table may have {LARGEST_FILE_BYTES:,}. Look for a runaway cell."
        )
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(f"is not UTF-8 in line {line}; save it as UTF-8 (an old Latin-1 export?).") from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}.") from None
    if "\0" in content:
        line = content[: content.index("\0")].count("\n") + 1
        raise DataError(f"holds a NUL byte in line {line}; it is damaged. Restore it from git.")
    try:
        cells = [row for row in csv.reader(content.splitlines(keepends=True), strict=True) if row]
    except csv.Error as error:
        raise DataError(f"is no proper CSV: {error}.") from None
    if not cells:
        raise DataError(f"is empty; it must begin with the header {','.join(definition.frame.columns)}.")
    return cells


def _file_fault(definition: Table, value: str, rule: str, row: int = 0, column: str = "") -> Fault:
    return Fault(f"{definition.name}.csv", row, column, value, rule)


def _check_shape(definition: Table, header: list[str], rows: list[list[str]]) -> list[Fault]:
    expected = list(definition.frame.columns)
    if len(header) == 1 and ";" in header[0]:
        return [_file_fault(definition, "", "is separated by semicolons; save it with commas.", 1)]
    missing = [name for name in expected if name not in header]
    extra = [name for name in header if name not in expected]
    faults = [_file_fault(definition, "", f"lacks the column {name}.", 1) for name in missing]
    faults += [_file_fault(definition, "", f"has an unknown column {name!r}.", 1) for name in extra]
    if not faults and header != expected:
        faults.append(
            _file_fault(definition, "", f"has its columns in another order than {','.join(expected)}.", 1)
        )
    faults += [
        _file_fault(definition, "", f"has {len(row)} cells where the header has {len(header)}.", number)
        for number, row in enumerate(rows, start=2)
        if len(row) != len(header)
    ]
    return faults


def _coerce(definition: Table, text: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    frame, faults = text.copy(), []
    words = {
        "integer": "must be a whole number",
        "number": "must be a number",
        "flag": "must be true or false",
    }
    for name, column in definition.frame.columns.items():
        kind = column.metadata["kind"]
        if kind not in words:
            continue
        values = (
            text[name].map({"true": True, "false": False})
            if kind == "flag"
            else pd.to_numeric(text[name], "coerce")
        )
        if kind == "integer":
            values = values.where(values % 1 == 0)
        wrong = values.isna() & text[name].notna()
        faults += _faults_at(definition, text, name, wrong[wrong].index, words[kind])
        frame[name] = values.astype({"integer": "Int64", "number": "float64", "flag": "boolean"}[kind])
    return frame, faults


def _check_schema(
    definition: Table, frame: pd.DataFrame, text: pd.DataFrame, known: set[tuple[int, str]]
) -> list[Fault]:
    try:
        definition.frame.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    faults = []
    for name, check, index in zip(cases["column"], cases["check"], cases["index"], strict=True):
        if pd.isna(index):
            faults.append(_file_fault(definition, "", f"breaks the rule {check}."))
            continue
        column = name if name in frame.columns else definition.key[0]
        rule = {"not_nullable": "must not be empty"}.get(check, check)
        rule = (
            f"must be unique (key {' + '.join(definition.key)})" if "unique" in check.split("(")[0] else rule
        )
        faults += _faults_at(definition, text, column, [int(index)], rule)
    return [fault for fault in dict.fromkeys(faults) if (fault.row, fault.column) not in known]


def _faults_at(
    definition: Table, text: pd.DataFrame, column: str, rows: Iterable[int], rule: str
) -> list[Fault]:
    source = next((name for name in ("source_id", "source_ids") if name in text.columns), None)
    values = text[column].fillna("")
    sources = text[source].fillna("") if source else pd.Series("", index=text.index)
    file = f"{definition.name}.csv"
    return [Fault(file, row + 2, column, values[row][:80], f"{rule}.", sources[row]) for row in rows]


def _empty(definition: Table) -> pd.DataFrame:
    types = {"integer": "Int64", "number": "float64", "flag": "boolean"}
    return pd.DataFrame(
        {
            name: pd.Series(dtype=types.get(column.metadata["kind"], "str"))
            for name, column in definition.frame.columns.items()
        }
    )

"""Load one checked table of the data folder, or say in which row and column it breaks which rule."""

import io
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors

from analysis import data_package
from analysis.case_in_use import FOLDER_VARIABLE, folder_in_use
from analysis.csv_text import split_rows
from analysis.data_package import PACKAGE, expected_rows
from analysis.errors import DataError, Fault, require_choice
from analysis.facts import Facts
from analysis.home import PROJECT
from analysis.schema import TABLES, Table
from analysis.schema.characters import find_damage
from analysis.schema.columns import DTYPES

DATA_FOLDER_VARIABLE = FOLDER_VARIABLE
LARGEST_FILE_BYTES = 5_000_000
SHOWN_FAULTS = 10
NUMBERS = ("integer", "number")
LARGEST_WHOLE = 2**53
"""From there on, numbers with a point no longer tell whole ones apart."""
BREAKS = re.compile(r"[\t\n\r\v\f]")
PLAIN = bytes(range(ord(" "), 127)) + b"\r\n"
"""What a file holds that has no damaged character."""
CELL_END = "\0"  # which no cell holds
LOOSE = re.compile(rf"{BREAKS.pattern}|\s{CELL_END}|{CELL_END}\s")
"""Where joined cells have a break, or a space at one of their ends; each is asked only then."""
FIRST_ROW = 2
"""Row of a spreadsheet in which the first record stands, below the header: row 2 has the index 0."""
ROOMS = ("air_defence", "recognition")
RESULTS = ("left_out", "fits")
SHIPPED = PROJECT / "data"
"""The project's own tables."""


def data_folder() -> Path:
    """Return the folder of tables: that of a case in use, ``DOMES_DATA`` where it is set, or the project's ``data``.

    Raises
    ------
    DataError
        When the folder does not exist.
    """
    chosen = folder_in_use() or os.environ.get(DATA_FOLDER_VARIABLE)
    return require_folder(Path(chosen)) if chosen else require_folder(SHIPPED)


def use_folder(folder: Path) -> None:
    """Read tables from another folder, here and in every kernel started afterwards."""
    os.environ[DATA_FOLDER_VARIABLE] = str(require_folder(folder).resolve())


def require_folder(folder: Path) -> Path:
    """Refuse a folder of tables that is not there, or has not one of them.

    Raises
    ------
    DataError
        Names the folder and the variable.
    """
    if not os.path.isdir(folder):  # noqa: PTH112 - the method raises for a name that is too long
        raise DataError(f"{folder}: there is no such folder of tables; name one, or unset {DATA_FOLDER_VARIABLE}.")
    if not any(os.path.isfile(folder / f"{name}.csv") for name in TABLES):  # noqa: PTH113 - it raises out of reach
        raise DataError(
            f"{folder}: holds no table that can be read, such as {next(iter(TABLES))}.csv; name a folder laid out like "
            f"{SHIPPED}, or unset {DATA_FOLDER_VARIABLE}."
        )
    return folder


def stored_results(name: str) -> pd.DataFrame:
    """Read what `make calibrate` found beside the posterior: no data, but results that take minutes to find again.

    Parameters
    ----------
    name : {"left_out", "fits"}
        Predictions of raids that were left out, or a row a fit.

    Returns
    -------
    pandas.DataFrame
        As written by ``tools/calibrate.py``; ``inputs_sha256`` says to what it was fitted.

    Raises
    ------
    ParameterError
        When there is no such file of results.

    Examples
    --------
    >>> stored_results("fits")["coverage_scope"].unique().tolist()
    ['layer', 'place']
    """
    require_choice("results", name, RESULTS)
    return pd.read_csv(PROJECT / "docs" / "calibration" / f"{name}.csv")


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
    return frame.reset_index(drop=True)


def load_facts(room: str) -> Facts:
    """Bundle the tables of a room, and those of both and of the map; each is read and checked when it is asked for.

    Parameters
    ----------
    room : {"air_defence", "recognition"}
        Which room.

    Returns
    -------
    Facts
        Tables by their names without room: ``facts.systems`` is ``load_table("air_defence/systems")``.

    Examples
    --------
    >>> facts = load_facts("air_defence")
    >>> facts.threats["threat_class"].tolist()[:2], facts.used
    (['mortar_rocket', 'owa_drone'], ['air_defence/threats'])
    """
    require_choice("room", room, ROOMS)
    places = {name.rpartition("/")[2]: name for name in TABLES if name.rpartition("/")[0] in ("", "geography", room)}
    return Facts({short: partial(load_table, name) for short, name in places.items()}, places)


def read_table(
    definition: Table, path: Path, all_rows: bool = True, all_columns: bool = True
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a table and list everything in it that breaks the schema.

    Parameters
    ----------
    definition : Table
        What the table may hold.
    path : pathlib.Path
        The CSV file.
    all_rows : bool, optional
        Whether fewer rows than ``datapackage.json`` says are a fault.
    all_columns : bool, optional
        Whether a column that is not there is a fault, or is empty, as in a folder of an earlier version.

    Returns
    -------
    frame : pandas.DataFrame
        The table as far as it could be read, in the types of the schema; empty where it could not. The index is the
        row in a spreadsheet less 2: where the file has blank lines, it has gaps.
    faults : list of Fault
        Every broken rule, in the order of the rows; empty when all is well. Fewer rows than ``datapackage.json`` beside
        the tables says is one; more is not, for users add rows.
    """
    try:
        stamp = path.stat()
    except OSError:
        return _empty(definition), [_file_fault(definition, "", f"is missing in {path.parent}, or out of reach.")]
    frame, found = _read_cached(definition.name, path, stamp.st_mtime_ns, stamp.st_size, all_columns)
    package = path.parents[definition.name.count("/")] / PACKAGE
    expected = expected_rows(package).get(f"{definition.name}.csv", 0)
    faults = list(found)
    if all_rows and not faults and len(frame) < expected:
        rule = (
            f"has {len(frame)} rows where datapackage.json says {expected}: is the file cut short? Restore it; or, "
            "where rows were taken out on purpose, correct `rows` there (`make data-documents` does)."
        )
        faults = [_file_fault(definition, "", rule)]
    return frame.copy(), faults


def forget() -> None:
    """Drop the tables that are kept in memory, so that the next load reads and checks the file anew."""
    _read_cached.cache_clear()
    _read_content.cache_clear()
    data_package.forget()


@lru_cache(maxsize=128)
def _read_cached(
    name: str, path: Path, _modified: int, size: int, all_columns: bool
) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    try:
        return _read_content(name, _read_bytes(path, size), all_columns)
    except DataError as error:
        definition = TABLES[name]
        return _empty(definition), (_file_fault(definition, "", str(error), getattr(error, "row", 0)),)


def _read_bytes(path: Path, size: int) -> bytes:
    if not path.is_file():
        raise DataError("is a folder, a pipe or a device, where a CSV file is expected.")
    if size > LARGEST_FILE_BYTES:
        raise DataError(f"has {size:,} bytes; a table may have {LARGEST_FILE_BYTES:,}. Look for a runaway cell.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}.") from None


@lru_cache(maxsize=128)
def _read_content(name: str, content: bytes, all_columns: bool) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Read a table from its bytes: the same ones in another folder, as in a copy with a row changed, are read once."""
    definition = TABLES[name]
    (_, *numbers), (header, *rows) = _read_cells(definition, content)
    wanted = [] if all_columns else [name for name in definition.frame.columns if name not in definition.key]
    absent = [name for name in wanted if name not in header]
    if absent:
        header, rows = _with_empty(definition, absent, header, rows)
    faults = _check_shape(definition, header, numbers, rows)
    if faults:
        return _empty(definition), tuple(faults)
    columns = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(header, ())
    written = _Written(columns, pd.Index(numbers, dtype="int64") - FIRST_ROW)
    frame, faults = _coerce(definition, written, _read_numbers(definition, content, written.index))
    faults += _find_loose_keys(definition, written)
    faults += _find_damaged_cells(definition, written) if content.translate(None, PLAIN) else []
    faults += _check_schema(definition, frame, written, {(fault.row, fault.column) for fault in faults})
    faults = [fault for fault in faults if fault.column not in absent]
    return frame, tuple(sorted(faults, key=lambda fault: (fault.row, fault.column)))


@dataclass(frozen=True)
class _Written:
    """The cells of a table as they are written, by column, and the rows in which they stand."""

    columns: Mapping[str, Sequence[str]]
    index: pd.Index

    def text(self, name: str) -> pd.Series:
        """Give a column, missing where a cell is empty."""
        return pd.Series([value or None for value in self.columns[name]], self.index, dtype="str")


def _read_cells(definition: Table, content: bytes) -> tuple[list[int], list[list[str]]]:
    """Read the rows that are not blank, and give their numbers in a spreadsheet, where blank ones count."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(
            f"is not UTF-8 in line {line}; save it anew as UTF-8, which spreadsheets call CSV UTF-8."
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DataError(f"holds a NUL byte in line {line}; it is damaged. Restore it from git.")
    rows = split_rows(text)
    numbers, cells = [number for number, row in enumerate(rows, start=1) if row], [row for row in rows if row]
    if not cells:
        raise DataError(f"is empty; it must begin with the header {','.join(definition.frame.columns)}.")
    return numbers, cells


def _file_fault(definition: Table, value: str, rule: str, row: int = 0, column: str = "") -> Fault:
    return Fault(f"{definition.name}.csv", row, column, value, rule)


def _check_shape(definition: Table, header: list[str], numbers: list[int], rows: list[list[str]]) -> list[Fault]:
    expected = list(definition.frame.columns)
    if len(header) == 1 and "\t" in header[0]:
        return [_file_fault(definition, "", "is separated by tabs; save it with commas.", 1)]
    if len(header) == 1 and ";" in header[0]:
        return [_file_fault(definition, "", "is separated by semicolons; save it with commas.", 1)]
    missing = [name for name in expected if name not in header]
    extra = [name for name in header if name not in expected]
    faults = [_file_fault(definition, "", _say_missing(definition, name), 1) for name in missing]
    faults += [_file_fault(definition, "", f"has an unknown column {name!r}.", 1) for name in extra]
    twice = [name for name in expected if header.count(name) > 1]
    faults += [_file_fault(definition, "", f"has the column {name} more than once; take one out.", 1) for name in twice]
    again = [number for number, row in zip(numbers, rows, strict=True) if row == header]
    faults += [_file_fault(definition, "", "repeats the header; take the row out.", number) for number in again]
    if not faults and header != expected:
        faults.append(_file_fault(definition, "", f"has its columns in another order than {','.join(expected)}.", 1))
    faults += [
        _file_fault(definition, "", f"has {len(row)} cells where the header has {len(header)}.", number)
        for number, row in zip(numbers, rows, strict=True)
        if len(row) != len(header)
    ]
    return faults


def _with_empty(
    definition: Table, absent: list[str], header: list[str], rows: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """Add columns that a file does not have, empty, each where it belongs."""
    wanted = [name for name in definition.frame.columns if name in header or name in absent]
    wanted += [name for name in header if name not in wanted]
    whole = [header.index(name) if name in header else -1 for name in wanted]
    if len(set(header)) < len(header):
        return header, rows  # a column that stands twice is the fault that is named
    filled = [[row[at] if at >= 0 else "" for at in whole] if len(row) == len(header) else row for row in rows]
    return wanted, filled


def _say_missing(definition: Table, name: str) -> str:
    """Say where a column belongs and what it says; a folder of an earlier version has not all of them."""
    columns = list(definition.frame.columns)
    place = f"after {columns[columns.index(name) - 1]}" if name != columns[0] else "first"
    meaning = definition.frame.columns[name].description
    return f"lacks the column {name}; add it {place}, as in {SHIPPED / definition.name}.csv: {meaning}."


def _find_loose_keys(definition: Table, written: _Written) -> list[Fault]:
    """Find keys with a space at an end, or with a break, which nobody sees and which match no other."""
    faults = []
    for name, cells in written.columns.items():
        if (name in definition.key or name.endswith("_id")) and LOOSE.search(CELL_END.join(["", *cells, ""])):
            loose = [place for place, cell in enumerate(cells) if cell != cell.strip() or BREAKS.search(cell)]
            rule = "must not begin or end with a space, nor hold a tab or line break"
            faults += _faults_at(definition, written, name, written.index[loose], rule)
    return faults


def _find_damaged_cells(definition: Table, written: _Written) -> list[Fault]:
    """Find cells with characters that no table may hold: text that was read in a wrong encoding, or that hides some."""
    faults = []
    for name, cells in written.columns.items():
        if _is_plain("".join(cells)):
            continue
        values = written.text(name).dropna()
        apart = values[~values.map(partial(unicodedata.is_normalized, "NFC"))]
        rule = "has letters and accents apart; write them as one (Unicode NFC), as the other tables do"
        faults += _faults_at(definition, written, name, apart.index, rule)
        unusual = values[~values.map(_is_plain)]
        for index, value in unusual.items():
            if damage := find_damage(value):
                faults += _faults_at(definition, written, name, [index], damage)
    return faults


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _read_numbers(definition: Table, content: bytes, index: pd.Index) -> pd.DataFrame:
    """Read the columns of numbers at once, where every cell of them is a number or empty; no column otherwise."""
    columns = {name for name, column in definition.frame.columns.items() if column.metadata["kind"] in NUMBERS}
    how: dict[str, Any] = {"encoding": "utf-8-sig", "keep_default_na": False, "na_values": [""], "dtype": "float64"}
    try:
        found = pd.read_csv(io.BytesIO(content), usecols=lambda name: name in columns, **how)
    except (ValueError, pd.errors.ParserError):
        return pd.DataFrame()
    return found.set_axis(index) if len(found) == len(index) else pd.DataFrame()


def _coerce(definition: Table, written: _Written, numbers: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Turn text into the types of the schema; ``numbers`` are the columns of which it is known that they are some."""
    frame: dict[str, pd.Series] = {}
    faults = []
    words = {
        "integer": "must be a whole number",
        "number": "must be a number",
        "flag": "must be true or false",
    }
    for name, column in definition.frame.columns.items():
        kind, given = column.metadata["kind"], numbers[name] if name in numbers else written.text(name)
        if kind not in words:
            frame[name] = given
            continue
        if kind == "flag":
            values = given.map({"true": True, "false": False})
        else:
            values = pd.to_numeric(given, "coerce")
            values = values.where(np.isfinite(values))
        if kind == "integer":
            values = values.where((values % 1 == 0) & (values.abs() < LARGEST_WHOLE))
        wrong = values.isna() & given.notna()
        faults += _faults_at(definition, written, name, wrong[wrong].index, words[kind])
        frame[name] = values.astype(DTYPES[kind])
    return pd.DataFrame(frame), faults


def _check_schema(
    definition: Table, frame: pd.DataFrame, written: _Written, known: set[tuple[int, str]]
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
        rule = f"must be unique (key {' + '.join(definition.key)})" if "unique" in check.split("(")[0] else rule
        faults += _faults_at(definition, written, column, [int(index)], rule)
    return [fault for fault in dict.fromkeys(faults) if (fault.row, fault.column) not in known]


def _faults_at(
    definition: Table, written: _Written, column: str, rows: Sequence[int] | pd.Index, rule: str
) -> list[Fault]:
    if not len(rows):
        return []
    source = next((name for name in ("source_id", "source_ids") if name in written.columns), None)
    cells, sources = written.columns[column], written.columns[source] if source else [""] * len(written.index)
    places = zip(rows, written.index.get_indexer(rows), strict=True)
    file = f"{definition.name}.csv"
    return [Fault(file, row + FIRST_ROW, column, cells[at][:80], f"{rule}.", sources[at]) for row, at in places]


def _empty(definition: Table) -> pd.DataFrame:
    columns = definition.frame.columns.items()
    return pd.DataFrame({name: pd.Series(dtype=DTYPES[column.metadata["kind"]]) for name, column in columns})

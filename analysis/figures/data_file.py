"""The data behind a figure or a table as CSV that a spreadsheet opens without running anything in it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from typing import Any, TypeAlias

import networkx as nx
import pandas as pd

Table: TypeAlias = pd.DataFrame | pd.Series | nx.Graph
Data: TypeAlias = Table | Mapping[Any, Any]
"""What a figure was drawn from: one table, several by name, or results (dataclasses) by name."""

DATA_MIME = "application/vnd.domes.data+json"
"""Media type by which the page recognises the data behind a figure."""
SAVED_MIME = "application/vnd.domes.saved+json"
"""Media type of what a page saves beside itself: the figure as SVG, and whole tables of which the data are cut."""
SAVED_VARIABLE = "DOMES_SAVED"
"""Set in the kernel of a run of ours, whose page can save files; elsewhere cells stay quick and notebooks small."""
LARGEST_BYTES = 16_000
DIGITS = 6
FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")  # the last four are full-width forms, which spreadsheets read too
NUMBER = re.compile(r"[-+]?(\d[\d.,]*|\.\d+)([eE][-+]?\d+)?\s?%?")


def write_csv(rows: Iterable[Sequence[str]]) -> str:
    """Write rows of text as CSV; a cell that a spreadsheet would take for a formula gets a leading apostrophe.

    Examples
    --------
    >>> print(write_csv([["state", "change"], ["=1+1", "-3.5"], ["a, b", "@x"]]), end="")
    state,change
    '=1+1,-3.5
    "a, b",'@x
    """
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def pack_data(data: Data) -> list[dict[str, Any]]:
    """Turn the data behind a figure into CSV tables of bounded size.

    Parameters
    ----------
    data : DataFrame, Series, Graph, or mapping
        What the figure was drawn from; of several tables, the name of each and the table; of results that are
        dataclasses, the name of each and the result, whose plain values make a row.

    Returns
    -------
    list of dict
        For each table its name (empty where there is one only), csv, rows (how many there are) and kept
        (how many of them the CSV holds, from the first).

    Notes
    -----
    Floats keep six significant digits, outlines (geometry) are left out, lists are joined by semicolons.

    Examples
    --------
    >>> pack_data(pd.DataFrame({"state": ["Haiti"], "share": [1 / 3]}))
    [{'name': '', 'csv': 'state,share\\nHaiti,0.333333\\n', 'rows': 1, 'kept': 1}]
    """
    return [_pack(name, table) for name, table in _tables(data)]


def pack_whole(data: Data) -> dict[str, str]:
    """Write those tables behind a figure whole, by name, of which :func:`pack_data` keeps the first rows only.

    Examples
    --------
    >>> pack_whole(pd.DataFrame({"share": [1 / 3]})), len(pack_whole(pd.DataFrame({"row": range(9_999)}))[""])
    ({}, 48889)
    """
    found = {name: (frame, _pack(name, frame)) for name, frame in _tables(data)}
    return {name: _write_frame(frame) for name, (frame, pack) in found.items() if pack["kept"] < pack["rows"]}


def _cut_csv(rows: Sequence[Sequence[str]]) -> tuple[str, int]:
    """Write a head and as many of the rows after it as fit, and say how many these are."""
    head, *rest = rows
    parts, size = [write_csv([head])], 0
    for row in rest:
        line = write_csv([row])
        size += len(line.encode())
        if size > LARGEST_BYTES:
            break
        parts.append(line)
    return "".join(parts), len(parts) - 1


def _tables(data: Data) -> Iterator[tuple[str, pd.DataFrame]]:
    if not isinstance(data, Mapping):
        yield "", _frame(data)
    elif data and all(is_dataclass(result) for result in data.values()):
        plain = [
            {name: value for name, value in vars(one).items() if pd.api.types.is_scalar(value)} for one in data.values()
        ]
        yield "", pd.DataFrame(plain, index=[_text(name) for name in data])
    else:
        yield from ((str(name), _frame(table)) for name, table in data.items())


def _frame(table: Table) -> pd.DataFrame:
    if isinstance(table, nx.Graph):
        return pd.DataFrame([{"source": one, "target": other} | edge for one, other, edge in table.edges(data=True)])
    return table.to_frame() if isinstance(table, pd.Series) else table


def _pack(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    text, kept = _cut_csv(_rows(frame.head(LARGEST_BYTES)))  # a row takes a byte at least
    return {"name": name, "csv": text, "rows": len(frame), "kept": kept}


def _write_frame(frame: pd.DataFrame) -> str:
    return write_csv(_rows(frame))


def _rows(frame: pd.DataFrame) -> list[Sequence[str]]:
    flat = _flat(frame)
    columns = [[_text(value) for value in flat[column]] for column in flat]
    return [[str(column) for column in flat], *zip(*columns, strict=True)]


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame plain columns: those of a meaningful index first, joined names where there are levels."""
    outlines = [name for name, kind in frame.dtypes.items() if str(kind) == "geometry"]
    flat = pd.DataFrame(frame.drop(columns=outlines))
    flat.columns = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in flat.columns]
    if isinstance(flat.index, pd.RangeIndex) and flat.index.name is None:
        return flat
    names = [str(name) if name is not None else f"row {n}" for n, name in enumerate(flat.index.names, start=1)]
    names = ["row" if name == "row 1" and len(names) == 1 else name for name in names]
    kept = flat.drop(columns=[name for name in names if name in flat.columns])
    return kept.rename_axis(index=names).reset_index()


def _text(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ";".join(_text(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value))
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if isinstance(value, date):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value)


def _harmless(cell: str) -> str:
    cell = cell.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")  # a bare return would begin a row
    formula = cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)
    return f"'{cell}" if formula and not NUMBER.fullmatch(cell) else cell

"""What changed between two versions of the data folder, claim by claim; which columns were swapped."""

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pandas as pd

from analysis.base_map import BASE_MAPS
from analysis.errors import DataError, Fault
from analysis.schema import TABLES, Table
from analysis.tables import read_table, require_folder

HEADER_ROW = 1
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Change:
    """One claim that was added or removed, or one field of it that was changed.

    Attributes
    ----------
    table, key : str
        Where the claim stands.
    column : str
        The field; empty when the whole claim came or went.
    old, new : str
        The values; empty when the claim was not there.
    """

    table: str
    key: str
    column: str
    old: str
    new: str

    def __str__(self) -> str:
        if self.column:
            place = f"{self.table} {self.key}".rstrip()
            return f"{place}: {self.column} {self.old or 'empty'!r} -> {self.new or 'empty'!r}"
        return f"{self.table} {self.key}: {'added' if self.new else 'removed'}"


def find_changes(old: Path, new: Path) -> list[Change]:
    """Compare two data folders.

    Parameters
    ----------
    old, new : pathlib.Path
        Folders laid out like ``data/``. A table that one of them lacks counts as empty there.

    Returns
    -------
    list of Change
        In the order of the tables and their keys, base maps last; empty when nothing changed.

    Raises
    ------
    DataError
        When a folder or a table cannot be read.
    """
    changes: list[Change] = []
    if old.resolve() == new.resolve():
        return changes
    for name, definition in TABLES.items():
        frames = [_read(folder, name) for folder in (old, new)]
        key = list(definition.key or definition.frame.columns)  # a row without a name is its own
        indexed = [frame.astype("str").fillna("").drop_duplicates(key).set_index(key) for frame in frames]
        changes += _compare(name, *indexed)
    for name in BASE_MAPS.values():
        before, after = (_digest(folder / name) for folder in (old, new))
        changes += [Change(name, "", "sha256", before, after)] if before != after else []
    return changes


def say_changes(changes: list[Change], old: Path, new: Path) -> str:
    """Say in one line in which tables claims differ, and what lists them; empty without any.

    Examples
    --------
    >>> told = [Change("air_defence/sensors", key, "band", "L", "S") for key in ("green_pine", "giraffe")]
    >>> say_changes(told, Path("data"), Path("my data"))
    "2 differences from our tables: 2 of air_defence/sensors.csv; `domes diff data 'my data'` lists them."
    """
    counts = Counter(change.table for change in changes)
    if not counts:
        return ""
    files = {table: table if table in BASE_MAPS.values() else f"{table}.csv" for table in counts}
    tables = ", ".join(f"{number:,} of {files[table]}" for table, number in counts.items())
    many = "1 difference" if len(changes) == 1 else f"{len(changes):,} differences"
    command = shlex.join(["domes", "diff", str(old), str(new)])
    return f"{many} from our tables: {tables}; `{command}` lists {'it' if len(changes) == 1 else 'them'}."


def _digest(path: Path) -> str:
    """The first digits of a file's checksum; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _read(folder: Path, name: str) -> pd.DataFrame:
    path = require_folder(folder) / f"{name}.csv"
    frame, faults = read_table(TABLES[name], path, all_rows=False, all_columns=False)
    if faults and path.exists():
        raise DataError(f"{folder}: {faults[0]} `domes check-data {folder}` lists all faults.")
    return frame


def _compare(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Change]:
    old_keys, new_keys = set(old.index), set(new.index)
    for key in sorted(old_keys ^ new_keys):
        yield Change(name, _text(key), "", "yes" if key in old_keys else "", "yes" if key in new_keys else "")
    both = [key for key in old.index if key in new_keys]
    before, after = old.loc[both], new.loc[both]
    for column in before.columns:
        for key in before.index[(before[column] != after[column]).to_numpy()]:
            yield Change(name, _text(key), column, str(before[column][key]), str(after[column][key]))


def _text(key: object) -> str:
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def find_swapped_columns(frames: Mapping[str, pd.DataFrame], ours: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Find pairs of columns that hold what the other one holds in the project's table.

    Parameters
    ----------
    frames, ours : dict of DataFrame
        A user's tables, and those that the project ships, by name.

    Notes
    -----
    Rows are set side by side by their key, or where it is swapped itself by their place. A pair is named where half of
    the rows that can tell them apart are swapped: one row the other way round may be a correction.
    """
    for name in frames.keys() & ours.keys():
        definition, theirs, own = TABLES[name], frames[name], ours[name]
        if theirs.equals(own.set_axis(theirs.index)) if len(theirs) == len(own) else False:
            continue
        columns = list(definition.frame.columns.items())
        for (left, first), (right, second) in combinations(columns, 2):
            if first.metadata["kind"] == second.metadata["kind"] and _are_swapped(definition, theirs, own, left, right):
                rule = f"holds what {right} holds in the project's own table, and the reverse; swap them back."
                yield Fault(f"{name}.csv", HEADER_ROW, left, "", rule)


def _are_swapped(definition: Table, theirs: pd.DataFrame, ours: pd.DataFrame, left: str, right: str) -> bool:
    if definition.key and not {left, right} & set(definition.key):
        key, pair = list(definition.key), [left, right]
        both = theirs[[*key, *pair]].merge(ours[[*key, *pair]], on=key, suffixes=("", "_ours"))
    else:
        number = min(len(theirs), len(ours))
        own = ours[[left, right]].head(number).reset_index(drop=True).add_suffix("_ours")
        both = theirs[[left, right]].head(number).reset_index(drop=True).join(own)
    text = both.astype("str").fillna("")
    telling = text[f"{left}_ours"] != text[f"{right}_ours"]
    turned = telling & (text[left] == text[f"{right}_ours"]) & (text[right] == text[f"{left}_ours"])
    return bool(turned.any() and turned.sum() >= LEAST_SHARE * telling.sum())

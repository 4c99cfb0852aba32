"""What changed between two versions of the data folder, claim by claim."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import DataError
from analysis.schema import TABLES
from analysis.tables import read_table, require_folder


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
            return f"{self.table} {self.key}: {self.column} {self.old or 'empty'!r} -> {self.new or 'empty'!r}"
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
        In the order of the tables and their keys; empty when nothing changed.

    Raises
    ------
    DataError
        When a folder or a table cannot be read.
    """
    changes: list[Change] = []
    for name, definition in TABLES.items():
        frames = [_read(folder, name) for folder in (old, new)]
        key = list(definition.key or definition.frame.columns)  # a row without a name is its own
        indexed = [frame.astype("str").fillna("").drop_duplicates(key).set_index(key) for frame in frames]
        changes += _compare(name, *indexed)
    return changes


def _read(folder: Path, name: str) -> pd.DataFrame:
    path = require_folder(folder) / f"{name}.csv"
    frame, faults = read_table(TABLES[name], path)
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

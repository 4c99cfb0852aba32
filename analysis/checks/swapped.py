"""Columns of one type that were swapped below their headers: known by what the project's own table holds."""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from analysis.checks.rules import Frames
from analysis.errors import Fault
from analysis.schema import TABLES, Table

HEADER_ROW = 1
LEAST_ROWS, LEAST_SHARE = 1, 0.5


def find_swapped_columns(frames: Frames, ours: Frames) -> Iterator[Fault]:
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
    return turned.sum() >= LEAST_ROWS and turned.sum() >= LEAST_SHARE * telling.sum()

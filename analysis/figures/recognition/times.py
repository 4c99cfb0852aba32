"""Rows of the interactive map: which shape or square shows whose status, from when until when, and why."""

from textwrap import shorten
from typing import Any

import pandas as pd

from analysis.figures.words import write_when
from analysis.recognition.timelines import EPOCH, STATUSES

TITLE_LETTERS = 70
FIRST, ENDLESS = -36_500, 99_999  # days from 1970, about 1870 and 2243: enough for every chart


def write_times(
    timelines: pd.DataFrame, codes: list[str], lineage: pd.DataFrame, sources: pd.DataFrame, kind: str
) -> list[dict[str, Any]]:
    """Write timelines as rows of a chart, with the shapes that stand in for former states.

    Parameters
    ----------
    timelines : pandas.DataFrame
        From :func:`analysis.recognition.timelines.find_timelines`.
    codes : list of str
        The shapes and squares there are; a state without one has its own row as well.
    lineage, sources : pandas.DataFrame
        The tables of these names. A shape whose own state does not exist shows its nearest predecessor.
    kind : {"recognition", "relations"}
        What the timelines are about.

    Returns
    -------
    list of dict
        code (shape), name (state shown), key (place of the status in ``STATUSES``), since and until (days from
        1970, half-open), when (in words), source. One row is a time in which a shape shows one status.

    Examples
    --------
    >>> row = {"iso3": "SUN", "name": "Soviet Union", "status": "has relations", "since": 0, "until": 8030,
    ...        "precision": "day", "source_id": "S1"}
    >>> lineage = pd.DataFrame({"predecessor": ["SUN"], "successor": ["RUS"]})
    >>> sources = pd.DataFrame({"source_id": ["S1"], "title": ["A list"]})
    >>> rows = write_times(pd.DataFrame([row]), ["RUS"], lineage, sources, "relations")
    >>> [(one["code"], one["name"]) for one in rows], rows[0]["when"]
    ([('SUN', 'Soviet Union'), ('RUS', 'Soviet Union')], '1 January 1970 to 27 December 1991')
    """
    places = {words: number for number, words in enumerate(STATUSES[kind].values())}
    short = sources["title"].map(lambda title: shorten(title, TITLE_LETTERS, placeholder=" ..."))
    titles = dict(zip(sources["source_id"], short, strict=True))
    own = [_write_row(row, places, titles) for row in timelines.to_dict("records")]
    of_state: dict[str, list[dict[str, Any]]] = {}
    for row in own:
        of_state.setdefault(row["code"], []).append(row)
    parents = dict(zip(lineage["successor"], lineage["predecessor"], strict=True))
    heirs = [row for code in codes for row in _inherit(code, parents, of_state)]
    return own + heirs


def find_stand_ins(lineage: pd.DataFrame, codes: list[str]) -> set[str]:
    """Name the former states that are drawn as the shape of a state that did not exist beside them.

    Examples
    --------
    >>> lineage = pd.DataFrame({"predecessor": ["SUN", "DDR"], "successor": ["RUS", "DEU"],
    ...                         "kind": ["continuator", "union"]})
    >>> find_stand_ins(lineage, ["RUS", "DEU"])
    {'SUN'}
    """
    beside = lineage["kind"].isin(["union", "end of state"])
    return set(lineage.loc[~beside & lineage["successor"].isin(codes), "predecessor"])


def _write_row(row: dict[str, Any], places: dict[str, int], titles: dict[str, str]) -> dict[str, Any]:
    since, until = max(row["since"], FIRST), min(row["until"], ENDLESS)
    source = f"{row['source_id']}: {titles.get(row['source_id'], '')}" if isinstance(row["source_id"], str) else ""
    return {
        "code": row["iso3"],
        "name": row["name"],
        "key": places[row["status"]],
        "since": since,
        "until": until,
        "when": _write_span(row, since, until),
        "source": source,
    }


def _write_span(row: dict[str, Any], since: int, until: int) -> str:
    begin = EPOCH + pd.Timedelta(days=since)
    words = (
        "" if since == FIRST else write_when(begin, row["precision"] if isinstance(row["precision"], str) else "day")
    )
    if until == ENDLESS:
        return f"since {words}" if words else "always"
    end = f"to {write_when(EPOCH + pd.Timedelta(days=until), 'day')}"
    return f"{words} {end}" if words else f"up {end}"


def _inherit(code: str, parents: dict[str, str], of_state: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Give the times of a shape's predecessors, nearest first, in which it has no row of its own."""
    taken = [(row["since"], row["until"]) for row in of_state.get(code, [])]
    rows, parent = [], parents.get(code)
    while parent:
        for row in of_state.get(parent, []):
            for since, until in _subtract((row["since"], row["until"]), taken):
                rows.append(row | {"code": code, "since": since, "until": until})
        taken += [(row["since"], row["until"]) for row in of_state.get(parent, [])]
        parent = parents.get(parent)
    return rows


def _subtract(span: tuple[int, int], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    left = [span]
    for since, until in taken:
        left = [
            part for one in left for part in ((one[0], min(one[1], since)), (max(one[0], until), one[1]))
            if part[0] < part[1]
        ]  # fmt: skip
    return left

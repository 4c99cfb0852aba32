"""The ties that could end: who was watched from when until when, with delayed entry and censoring."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, require_choice
from analysis.recognition.facts.choices import END_REASONS, ENTITIES, IMPLIED, KINDS, WHERE_DATED
from analysis.recognition.facts.states import FAR_AHEAD, day_of

ENTRY = "1950-12-31"  # beginnings before 1949 are partly placeholders, and many of those ties ended by mid-1950
OBSERVED_UNTIL = "2026-05-21"  # the latest page seen on ties with Taipei and Beijing
CLOCKS = {"age": "years since the tie began", "calendar": "years since the day of entry"}
DAYS_PER_YEAR = 365.25


def ties_at_risk(
    spells: pd.DataFrame,
    entity: str,
    kind: str = "relations",
    entry: str | date = ENTRY,
    until: str | date = OBSERVED_UNTIL,
    clock: str = "age",
    reasons: Sequence[str] = END_REASONS,
    cuts: Sequence[str] = (),
    implied: str | None = None,
) -> pd.DataFrame:
    """List the ties with an entity that could end, each with the time in which it was watched.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    entity : str
        Code of the entity, one of ``choices.ENTITIES``.
    kind : {"recognition", "relations"}
        What may end.
    entry : str or date
        First day of watching: a tie counts from that day or its own beginning, whichever is later.
    until : str or date
        Last day of watching; ties that stand then are censored.
    clock : {"age", "calendar"}
        Time zero: the beginning of each tie, or ``entry``.
    reasons : sequence of str
        Endings that count, out of ``choices.END_REASONS``; a tie that ends otherwise is censored.
    cuts : sequence of str
        Days at which ties are cut, so that each part lies in one period.
    implied : {"include", "exclude"}, optional
        Whether ties count that only follow from the other kind; by default as ``choices.WHERE_DATED`` says: relations
        that are taken from recognition begin too early, so that they are left out.

    Returns
    -------
    pandas.DataFrame
        The columns of ``spells``, then start and stop (watched from, until), enter and exit (the same in years
        of the clock), ended, period. One row is one tie, or its part in one period.

    Raises
    ------
    ParameterError
        For an unknown choice, or when no tie could be watched.

    Notes
    -----
    A tie that a successor carries on is censored at the succession. The age of ties marked ``left_truncated``
    is partly a placeholder, and too low; the calendar clock does not use it. How much the dates matter shows when the
    same is asked of :func:`analysis.recognition.facts.spells.move_to_bounds`.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> ties = ties_at_risk(build_spells(load_table("recognition/events"), load_table("recognition/lineage")), "TWN")
    >>> len(ties), int(ties["ended"].sum())
    (110, 98)
    """
    for name, value, choices in (("entity", entity, ENTITIES), ("kind", kind, KINDS), ("clock", clock, CLOCKS)):
        require_choice(name, value, choices)
    implied = implied or WHERE_DATED[kind]
    require_choice("implied", implied, IMPLIED)
    for reason in reasons:
        require_choice("reasons", reason, END_REASONS)
    own = spells[spells["entity"].eq(entity) & spells["kind"].eq(kind)]
    own = own if implied == "include" else own[~own["implied"]]
    own = own.assign(end_reason=own["end_reason"].mask(own["end"].notna(), own["end_reason"].fillna("not_known")))
    opened, closed = day_of(entry), day_of(until)
    edges = [opened, *sorted(day for day in map(day_of, cuts) if opened < day < closed), closed]
    ties = pd.concat([_watch(own, *edge, reasons) for edge in pairwise(edges)], ignore_index=True)
    if ties.empty:
        raise ParameterError(f"entity = {entity!r}: no {kind} are on record between {entry} and {until}.")
    zero = ties["begin"] if clock == "age" else opened
    years = {"enter": (ties["start"] - zero).dt.days, "exit": (ties["stop"] - zero).dt.days}
    return ties.assign(**{name: days / DAYS_PER_YEAR for name, days in years.items()})


def count_at_risk(ties: pd.DataFrame) -> pd.DataFrame:
    """Count the ties at risk and those that end, at each time at which one ends.

    Parameters
    ----------
    ties : pandas.DataFrame
        From :func:`ties_at_risk` (enter, exit, ended).

    Returns
    -------
    pandas.DataFrame
        time (years), at_risk, ended. One row is one time at which a tie ended.

    Notes
    -----
    A tie is at risk after it entered, and up to the time of its own end.

    Examples
    --------
    >>> ties = pd.DataFrame({"enter": [0, 0, 2], "exit": [1, 3, 4], "ended": [True, True, False]})
    >>> count_at_risk(ties)["at_risk"].tolist()
    [2, 2]
    """
    times, ended = np.unique(ties.loc[ties["ended"], "exit"], return_counts=True)
    entered = np.searchsorted(np.sort(ties["enter"]), times, "left")
    left = np.searchsorted(np.sort(ties["exit"]), times, "left")
    return pd.DataFrame({"time": times, "at_risk": entered - left, "ended": ended})


def _watch(own: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp, reasons: Sequence[str]) -> pd.DataFrame:
    """The part of each tie between two days; an end on the last of them counts."""
    start, stop = own["begin"].clip(lower=since), own["end"].fillna(FAR_AHEAD).clip(upper=until)
    ended = own["end"].le(until) & ~own["passed_on"] & own["end_reason"].isin(reasons)
    parts = own.assign(start=start, stop=stop, ended=ended, period=f"{since:%Y-%m-%d} to {until:%Y-%m-%d}")
    return parts[start < stop]

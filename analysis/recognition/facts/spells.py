"""From dated acts to spells: since when and until when one state recognised, or had relations with, an entity."""

from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import DataError, require_choice
from analysis.recognition.facts.choices import CONFIDENCES, STARTS
from analysis.recognition.facts.states import FAR_AHEAD, LONG_AGO, days_of, find_holders

PAIR = ["recogniser", "entity"]
TIE = [*PAIR, "kind"]
# Ties of one kind that say nothing about the other: Taipei has an office in Hargeisa and no more, and
# recognised Israel in 1949 without ever having relations.
UNCONNECTED = {("TWN", "SOL"), ("TWN", "ISR")}
# Israel's table records relations only where they differ from recognition.
RELATIONS_FROM_RECOGNITION = ["ISR"]
# Ties with Taipei that stood when the government in Beijing was proclaimed; their real beginning is often unknown.
LEGACY_DAY = pd.Timestamp("1949-10-01")
CLAIMANTS = ("TWN", "CHN")
LINKS = {"recognition": "of", "relations": "with"}
BOUNDS = ["low", "high"]
NO_ACT = -1  # an end without an act of its own, or no end
OF_END = [*BOUNDS, "precision", "claim_id", "confidence"]
BEGIN_FIELDS = [f"begin_{name}" for name in OF_END]
END_FIELDS = [*(f"end_{name}" for name in OF_END), "end_reason", "end_disputed_by"]
COLUMNS = [
    *TIE, "begin", *BEGIN_FIELDS, "end", *END_FIELDS, "acted_as", "passed_on", "implied", "left_truncated",
    "confidence", "source_id",
]  # fmt: skip
SWITCH_COLUMNS = [
    "recogniser", "from_entity", "to_entity", "end", "begin", "gap_days", "end_precision", "begin_precision",
    "end_claim_id", "begin_claim_id",
]  # fmt: skip


def build_spells(events: pd.DataFrame, lineage: pd.DataFrame | None = None) -> pd.DataFrame:
    """Join the acts of each state towards each entity to spells.

    Parameters
    ----------
    events : pandas.DataFrame
        The table ``recognition/events``: one row is one dated act.
    lineage : pandas.DataFrame, optional
        The table ``recognition/lineage``. With it, acts stand under the state that made them, and a
        successor holds them from the day of succession; without it, under the code in ``recogniser``.

    Returns
    -------
    pandas.DataFrame
        recogniser, entity, kind; begin and end, each with _low and _high (the bounds that the sources allow),
        _precision, _claim_id (the act) and _confidence;
        end_reason; end_disputed_by; acted_as (the predecessor that made the act); passed_on (a successor carries
        the tie on); implied (only the other kind is on record); left_truncated; confidence (the weaker of both
        ends); source_id (of the beginning). One row is one spell, half-open: it stands on ``begin`` and no longer
        on ``end`` (NaT: it goes on). Spells of one recogniser, entity and kind never overlap.

    Raises
    ------
    DataError
        When acts do not alternate; names recogniser, entity, act, date and source.

    Notes
    -----
    Relations imply recognition: days of relations without a recognition on record become implied recognition.
    A recogniser of Israel without any act of relations counts as having relations throughout, which begins
    many of them too early. A recognition that is repeated while it stands begins no new spell. A successor
    takes over a spell where the act's ``acted_as`` says so, or where ``inherits_recognition`` is ``yes`` and it
    made no act of its own; else a spell ends with its state. ``left_truncated`` marks ties with Taipei of
    1 October 1949 or before. Where a day only follows from another (a succession, relations that imply recognition),
    its bounds are those of what it follows from.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> nauru = spells.query("recogniser == 'NRU' and entity == 'TWN' and kind == 'relations'")
    >>> nauru["begin"].dt.year.tolist(), nauru["end"].dt.year.tolist()
    ([1980, 2005], [2002, 2024])
    """
    acts = _in_order(_drop_repeated(events))
    _refuse_faults(acts)
    spells = _pair_acts(acts)
    if lineage is not None:
        spells = _assign_holders(spells, lineage)
    spells = pd.concat([spells, _imply_recognition(spells), _imply_relations(spells)], ignore_index=True)
    spells = _describe_ends(_sort(spells, [*TIE, "begin"]).reset_index(drop=True), acts)
    spells["left_truncated"] = spells["entity"].eq("TWN") & (spells["begin"] <= LEGACY_DAY)
    spells["confidence"] = _weaker(spells["begin_confidence"], spells["end_confidence"])
    return spells[COLUMNS]


def find_alternation_faults(events: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Find the acts that cannot follow the act before them.

    Parameters
    ----------
    events : pandas.DataFrame
        The table ``recognition/events``.

    Yields
    ------
    tuple of int and str
        Index of the row, and a sentence: the act begins what already stands (a repeated recognition is
        among these), ends what does not stand, or resumes what never stood.

    Examples
    --------
    >>> acts = {"recogniser": ["NIC"], "entity": "ISR", "kind": "relations", "act": "resumed", "date": "1981-03-02"}
    >>> list(find_alternation_faults(pd.DataFrame(acts)))
    [(0, 'NIC resumed relations with ISR on 1981-03-02, but none had been ended')]
    """
    yield from _find_faults(_in_order(events))


def _find_faults(acts: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Find them among acts that stand in order."""
    before = acts.groupby(TIE, sort=False)[["act", "date"]].shift()
    starts, stood = acts["act"].isin(STARTS), before["act"].isin(STARTS)
    reasons = ("but it had stood since " + before["date"]).where(starts & stood)
    reasons = reasons.mask(acts["act"].eq("resumed") & before["act"].isna(), "but none had been ended")
    reasons = reasons.mask(~starts & ~stood, "but none stood").dropna().sort_index()
    for index, reason in reasons.items():
        act = acts.loc[index]
        what = "" if act["act"] == "recognised" else f"{act['kind']} {LINKS[act['kind']]} "
        yield index, f"{act['recogniser']} {act['act']} {what}{act['entity']} on {act['date']}, {reason}"


def move_to_bounds(spells: pd.DataFrame, bound: str) -> pd.DataFrame:
    """Date every beginning and end by the earliest, or by the latest, day that its sources allow.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`build_spells`.
    bound : {"low", "high"}
        The earliest or the latest day.

    Returns
    -------
    pandas.DataFrame
        ``spells`` with other ``begin`` and ``end``; without spells that no day is left for.

    Raises
    ------
    ParameterError
        For an unknown bound.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> spells = build_spells(load_table("recognition/events"))
    >>> france = "recogniser == 'FRA' and entity == 'TWN' and kind == 'relations'"
    >>> [move_to_bounds(spells, bound).query(france)["end"].dt.strftime("%d %b").item() for bound in BOUNDS]
    ['01 Jan', '31 Dec']
    """
    require_choice("bound", bound, BOUNDS)
    moved = spells.assign(begin=spells[f"begin_{bound}"], end=spells[f"end_{bound}"])
    return moved[~(moved["end"] <= moved["begin"])].reset_index(drop=True)


def find_switches(spells: pd.DataFrame, claimants: tuple[str, str] = CLAIMANTS, within_days: int = 366) -> pd.DataFrame:
    """Find the changes of a state's relations from one claimant to the other.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`build_spells`.
    claimants : tuple of str
        Two entities that claim to be the same.
    within_days : int
        Largest time between the end with the one and the beginning with the other, in days, in either order.

    Returns
    -------
    pandas.DataFrame
        recogniser, from_entity, to_entity, end, begin, gap_days (begin minus end; negative: both stood for
        a while), end_precision, begin_precision, end_claim_id, begin_claim_id. One row is one switch, in
        the order of beginnings; each end and each beginning is used once, for its nearest counterpart.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> switches = find_switches(build_spells(load_table("recognition/events")))
    >>> switches.query("recogniser == 'NIC'")[["to_entity", "gap_days"]].to_numpy().tolist()
    [['CHN', 0], ['TWN', -3], ['CHN', 0]]
    """
    ties = spells[spells["kind"].eq("relations") & spells["entity"].isin(claimants)]
    left = ties[ties["end"].notna()].rename(columns={"entity": "from_entity"}).drop(columns=BEGIN_FIELDS)
    joined = ties.rename(columns={"entity": "to_entity", "end": "goes_on_to"}).drop(columns=END_FIELDS)
    pairs = left.merge(joined, on="recogniser", suffixes=("_before", ""))
    pairs["gap_days"] = (pairs["begin"] - pairs["end"]).dt.days
    turned = pairs["from_entity"].ne(pairs["to_entity"]) & (pairs["begin_before"] < pairs["begin"])
    turned &= ~(pairs["goes_on_to"] <= pairs["end"]) & (pairs["gap_days"].abs() <= within_days)
    nearest = pairs[turned].sort_values("gap_days", key=abs, kind="stable")
    nearest = nearest.drop_duplicates(["recogniser", "end"]).drop_duplicates(["recogniser", "begin"])
    return nearest.sort_values(["begin", "recogniser"], ignore_index=True)[SWITCH_COLUMNS]


def mark_switches(spells: pd.DataFrame, switches: pd.DataFrame, claimants: tuple[str, str] = CLAIMANTS) -> pd.DataFrame:
    """Let the reasons of ends follow one definition of a switch, that of :func:`find_switches`.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`build_spells`.
    switches : pandas.DataFrame
        From :func:`find_switches`, for the same claimants.
    claimants : tuple of str
        As there.

    Returns
    -------
    pandas.DataFrame
        The spells; an end of relations with a claimant has the reason ``switch`` where it is one of ``switches``, and
        ``withdrawal`` where the data call it a switch that it is not, such as one that took longer than the days allow.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> spells = build_spells(load_table("recognition/events"))
    >>> marked = mark_switches(spells, find_switches(spells, within_days=31))
    >>> marked.query("recogniser == 'PRT' and entity == 'TWN' and kind == 'relations'")["end_reason"].tolist()
    ['withdrawal']
    """
    own = spells["kind"].eq("relations") & spells["entity"].isin(claimants) & spells["end"].notna()
    switched = own & spells["end_claim_id"].isin(switches["end_claim_id"])
    called = own & spells["end_reason"].eq("switch") & ~switched
    return spells.assign(end_reason=spells["end_reason"].mask(switched, "switch").mask(called, "withdrawal"))


def find_overlaps(spells: pd.DataFrame, claimants: tuple[str, str] = CLAIMANTS) -> pd.DataFrame:
    """Find the times in which a state had relations with both claimants.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`build_spells`.
    claimants : tuple of str
        Two entities that claim to be the same.

    Returns
    -------
    pandas.DataFrame
        recogniser, begin, end (half-open; NaT: goes on), days. One row is one time with both, longest first.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> overlaps = find_overlaps(build_spells(load_table("recognition/events")))
    >>> len(overlaps), overlaps.loc[0, "recogniser"], int(overlaps.loc[0, "days"])
    (63, 'LBR', 1491)
    """
    ties = spells.loc[spells["kind"].eq("relations"), [*PAIR, "begin", "end"]]
    one, other = (ties[ties["entity"].eq(claimant)] for claimant in claimants)
    both = one.merge(other, on="recogniser", suffixes=("_one", "_other"))
    begin = both[["begin_one", "begin_other"]].max(axis="columns")
    end = both[["end_one", "end_other"]].min(axis="columns")
    overlaps = pd.DataFrame({"recogniser": both["recogniser"], "begin": begin, "end": end})
    overlaps = overlaps[~(overlaps["end"] <= overlaps["begin"])]
    overlaps["days"] = (overlaps["end"] - overlaps["begin"]).dt.days
    return overlaps.sort_values(["days", "begin"], ascending=[False, True], ignore_index=True)


def are_connected(ties: pd.DataFrame) -> np.ndarray:
    """Say for which rows (recogniser, entity) recognition and relations imply each other."""
    pairs = zip(ties["recogniser"], ties["entity"], strict=True)
    return np.array([pair not in UNCONNECTED for pair in pairs], dtype="bool")


def _drop_repeated(events: pd.DataFrame) -> pd.DataFrame:
    """Leave out an act of recognition while an earlier one stands."""
    acts = _in_order(events)
    stood = acts.groupby(TIE, sort=False)["act"].shift().isin(STARTS)
    return events.drop(index=acts.index[stood & acts["act"].eq("recognised")])


def _refuse_faults(acts: pd.DataFrame) -> None:
    row, sentence = next(_find_faults(acts), (0, ""))
    if sentence:
        place = f"recognition/events.csv row {row + 2}"
        raise DataError(f"{place}: {sentence} (source {acts.loc[row, 'source_id']}); `domes check-data` lists all.")


def _in_order(events: pd.DataFrame) -> pd.DataFrame:
    """Acts with their day, in the order of time; those of one day by turns, an end first where something stood."""
    acts = events.assign(day=days_of(events["date"]))
    one_day = [*TIE, "day"]
    acts = _sort(acts, [*one_day, *(["claim_id"] if "claim_id" in acts else [])])
    shared = np.flatnonzero(acts.duplicated(one_day, keep=False))
    if not len(shared):
        return acts
    starts = acts["act"].isin(STARTS).to_numpy()
    step = pd.Series(np.where(starts, 1, -1))
    stands_before = step.groupby(_number_ties(acts)).cumsum() - step > 0
    order = np.arange(len(acts))
    days = acts[one_day].to_numpy()
    for _, day in groupby(shared, key=lambda place: tuple(days[place])):
        places = list(day)
        begins, ends = ([place for place in places if starts[place] == wanted] for wanted in (True, False))
        turns = zip_longest(ends, begins) if stands_before[places[0]] else zip_longest(begins, ends)
        order[places] = [place for turn in turns for place in turn if place is not None]
    return acts.iloc[order]


def _sort(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Rows in the order of columns of codes and days; faster for codes than ``sort_values``, which factorises each."""
    keys = [rows[name].to_numpy("int64" if name in ("day", "begin") else "str") for name in reversed(names)]
    return rows.iloc[np.lexsort(keys)]


def _number_ties(acts: pd.DataFrame) -> np.ndarray:
    """Number the ties of acts that stand in order, from 1."""
    ties = acts[TIE].to_numpy()
    return np.cumsum(np.append(True, (ties[1:] != ties[:-1]).any(axis=1)))


def _pair_acts(acts: pd.DataFrame) -> pd.DataFrame:
    """One row for each act that begins a spell: its place among the acts, and that of the act that follows it or -1."""
    ties, begins = _number_ties(acts), np.flatnonzero(acts["act"].isin(STARTS))
    follows = np.append(np.where(ties[1:] == ties[:-1], np.arange(1, len(acts)), NO_ACT), NO_ACT)
    spells = acts.iloc[begins][[*TIE, "day", "acted_as"]].rename(columns={"day": "begin"})
    told = {"end": "day", "end_reason": "end_reason", "end_disputed_by": "disputed_by"}
    ends = {name: _take(acts[column], follows[begins]) for name, column in told.items()}
    places = {"begin_act": begins, "end_act": follows[begins]}
    return spells.assign(**ends, **places, not_before=LONG_AGO, passed_on=False, implied=False)


def _take(column: pd.Series, places: np.ndarray) -> Any:
    """The values of a column at some places, none at -1."""
    return pd.api.extensions.take(column.array, places, allow_fill=True)


def _describe_ends(spells: pd.DataFrame, acts: pd.DataFrame) -> pd.DataFrame:
    """Say of the act at each end its name, confidence and precision, and the bounds that its sources allow.

    A day that only follows from another, such as that of a succession, is known as that is: it is its own bounds.
    """
    low, high = (days_of(acts[f"date_{bound}"]) for bound in BOUNDS)
    for end in ("begin", "end"):
        places, day = spells[f"{end}_act"].to_numpy(), spells[end]
        moved = day.notna() & (day != _take(acts["day"], places))
        for name, dates in (("low", low), ("high", high)):
            bound = pd.Series(_take(dates, places), index=spells.index).mask(moved, day)
            spells[f"{end}_{name}"] = bound.clip(lower=spells["not_before"]) if end == "begin" else bound
        precision = pd.Series(_take(acts["date_precision"], places), index=spells.index)
        spells[f"{end}_precision"] = precision.mask(moved & day.ne(spells["not_before"]), "day")
        for name in ("claim_id", "confidence"):
            spells[f"{end}_{name}"] = _take(acts[name], places)
    return spells.assign(source_id=_take(acts["source_id"], spells["begin_act"].to_numpy()))


def _assign_holders(spells: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """Cut the spells of predecessors at the succession, and give each part to the state that held it."""
    maker = spells["acted_as"].fillna(spells["recogniser"])
    carrier = spells["recogniser"].where(spells["acted_as"].notna() | spells["end"].isna())
    holders = find_holders(lineage)
    carrier = _find_heirs(spells, lineage).fillna(carrier)
    held = spells.assign(maker=maker, carrier=carrier).merge(holders, on=["maker", "carrier"], how="left")
    held["recogniser"] = held["holder"].fillna(held["recogniser"])
    held["acted_as"] = held["maker"].where(held["maker"].ne(held["recogniser"]))
    held["begin"] = held["begin"].mask(held["since"] > held["begin"], held["since"])
    cut = held["until"].lt(FAR_AHEAD) & ~(held["end"] <= held["until"])
    held = _end_early(held, cut, held["until"])
    held["end_reason"] = held["end_reason"].mask(cut, "end_of_state")
    held["passed_on"] = cut & held["holder"].ne(held["carrier"])
    held = held[~(held["end"] <= held["begin"])]
    return held.drop_duplicates([*TIE, "begin"])[spells.columns]


def _find_heirs(spells: pd.DataFrame, lineage: pd.DataFrame) -> pd.Series:
    """The successor that inherits an open spell by rule, having made no act of its own."""
    named = lineage[lineage["inherits_recognition"].eq("yes")].set_index("predecessor")["successor"]
    heirs = spells["recogniser"].map(named).where(spells["end"].isna() & spells["acted_as"].isna())
    own = pd.MultiIndex.from_frame(spells[TIE])
    acted = pd.MultiIndex.from_frame(spells[TIE].assign(recogniser=heirs)).isin(own)
    return heirs.mask(acted)


def _end_early(spells: pd.DataFrame, cut: pd.Series, day: pd.Series, act: pd.Series | int = NO_ACT) -> pd.DataFrame:
    """Put another end, and another act or none, in the place of the act that ended a spell."""
    emptied = {name: spells[name].mask(cut) for name in ("end_reason", "end_disputed_by")}
    return spells.assign(end=spells["end"].mask(cut, day), end_act=spells["end_act"].mask(cut, act), **emptied)


def _imply_recognition(spells: pd.DataFrame) -> pd.DataFrame:
    """Recognition on the days of relations that no act of recognition covers."""
    relations = spells[spells["kind"].eq("relations") & are_connected(spells)]
    implied = relations.merge(_find_gaps(spells[spells["kind"].eq("recognition")]), on=PAIR, how="left")
    implied["not_before"] = implied["gap_begin"].fillna(LONG_AGO)
    implied["begin"] = implied[["begin", "not_before"]].max(axis="columns")
    cut = implied["gap_end"].lt(FAR_AHEAD) & ~(implied["end"] <= implied["gap_end"])
    implied = _end_early(implied, cut, implied["gap_end"], implied["next_act"])
    implied = implied[~(implied["end"] <= implied["begin"])]
    return implied.assign(kind="recognition", implied=True)[spells.columns]


def _find_gaps(explicit: pd.DataFrame) -> pd.DataFrame:
    """The times before, between and after the spells of each pair, with the act that ends each gap."""
    explicit = _sort(explicit, [*PAIR, "begin"])
    before = explicit[[*PAIR, "begin", "begin_act"]].rename(columns={"begin": "gap_end", "begin_act": "next_act"})
    before["gap_begin"] = explicit.groupby(PAIR)["end"].shift().fillna(LONG_AGO)
    last = explicit.drop_duplicates(PAIR, keep="last")
    after = last.loc[last["end"].notna(), [*PAIR, "end"]].rename(columns={"end": "gap_begin"})
    gaps = pd.concat([before, after.assign(gap_end=FAR_AHEAD, next_act=NO_ACT)], ignore_index=True)
    return gaps.fillna({"gap_end": FAR_AHEAD})


def _imply_relations(spells: pd.DataFrame) -> pd.DataFrame:
    """Relations throughout recognition, where none are on record for a pair and the entity's table allows it."""
    pairs = pd.MultiIndex.from_frame(spells[PAIR])
    recorded = pairs.isin(pairs[spells["kind"].eq("relations")])
    wanted = spells["entity"].isin(RELATIONS_FROM_RECOGNITION) & are_connected(spells)
    return spells[wanted & ~recorded].assign(kind="relations", implied=True)


def _weaker(one: pd.Series, other: pd.Series) -> pd.Series:
    """The lower of two confidences; a missing one does not count."""
    ranks = {name: rank for rank, name in enumerate(CONFIDENCES)}
    lower = np.fmin(one.map(ranks).to_numpy("float"), other.map(ranks).to_numpy("float"))
    return pd.Series(lower, index=one.index).map(dict(enumerate(CONFIDENCES)))

"""The panel that others merge: a row for each state, entity and year in which both existed, with zeros."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, require_choice
from analysis.facts import Facts
from analysis.recognition.facts.choices import (
    CODE_SYSTEMS,
    CONFIDENCES,
    ENTITIES,
    IMPLIED,
    KINDS,
    PART_YEARS,
    PARTLY_RECORDED,
    RELATIONS_RECORDED,
    RULES,
)
from analysis.recognition.facts.codes import codes_on, day_after, first_day
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.facts.states import FAR_AHEAD, LONG_AGO, observed_until, spans_of_states, un_seats
from analysis.recognition.panel import NEVER, choose_spells, find_overlap

ASKED = tuple(entity for entity in ENTITIES if entity not in PARTLY_RECORDED)
"""Entities whose recognition by every state is on record: what has no act is a zero."""
STATE = ["iso3", "state_name", *(f"{system}_code" for system in CODE_SYSTEMS), "un_member"]
OF_A_YEAR = STATE[2:]  # what changes with the year
DETAILS = ["begin", "begin_low", "begin_high", "end", "end_low", "end_high", "confidence", "claim_ids"]
VALUES = [*KINDS, *(f"{kind}_implied" for kind in KINDS), "representation"]
OF_AN_ENTITY = [*VALUES, *(f"{kind}_{detail}" for kind in KINDS for detail in DETAILS), "observed_until"]
COLUMNS = [*STATE, "entity", "year", *OF_AN_ENTITY]
OFFICE_HOLDER = "TWN"  # the one entity whose offices abroad are on record


@dataclass(frozen=True)
class _Held:
    """One kind of tie with one entity: by state and year whether it counts, and which joined tie it is."""

    counts: np.ndarray
    implied: np.ndarray
    which: np.ndarray
    ties: pd.DataFrame
    recorded: np.ndarray


def build_dyad_years(
    facts: Facts,
    years: Iterable[int],
    entities: Sequence[str] = ASKED,
    rule: str = "net",
    part_year: str = "december 31",
    implied: str = "include",
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Say for each state, entity and year in which both existed whether the one recognised the other, and since when.

    Parameters
    ----------
    facts : Facts
        Tables ``events``, ``lineage``, ``states``, ``state_codes``, ``entity_periods``, ``observed``, ``withheld``
        and ``taiwan_offices``.
    years : iterable of int
        Calendar years.
    entities : sequence of str
        Codes of ``choices.ENTITIES``.
    rule, minimum_confidence
        As in :func:`analysis.recognition.panel.recognisers`.
    part_year : str
        One of ``choices.PART_YEARS``: when what stood in a part of a year counts for it, a tie or existence.
    implied : {"include", "exclude"}
        Whether relations count that follow from recognition alone. Recognition that follows from relations always
        counts, for relations imply it.

    Returns
    -------
    pandas.DataFrame
        The columns ``COLUMNS``, in the order of entity, state and year; :func:`analysis.schema.panel.describe_panel`
        says what each means. One row is a state, an entity and a year.

    Raises
    ------
    ParameterError
        For an unknown choice, or when no year is asked for.

    Notes
    -----
    A row stands where both existed by the rule of part-years, and also where a tie counts before a state existed
    (an accepted exception, such as Algeria's provisional government with Beijing from 1958), so that a column sums
    to the count of :func:`analysis.recognition.panel.counts`. Recognition is empty, not zero, where only departures
    from general recognition are on record (``choices.PARTLY_RECORDED``); relations are empty where an entity's are
    not on record (all but ``choices.RELATIONS_RECORDED``). Begin and end are those of the tie that counts in
    the year, of the last one where there were two, joined over acts that overlap.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> panel = build_dyad_years(load_facts("recognition"), [1979], ["TWN"])
    >>> int(panel["relations"].sum()), panel.query("iso3 == 'USA'")["relations"].tolist()
    (22, [0])
    """
    choices = {"rule": RULES, "part_year": PART_YEARS, "implied": IMPLIED, "minimum_confidence": CONFIDENCES}
    given = {"rule": rule, "part_year": part_year, "implied": implied, "minimum_confidence": minimum_confidence}
    for name, allowed in choices.items():
        require_choice(name, given[name], allowed)
    for entity in entities:
        require_choice("entities", entity, ENTITIES)
    calendar = np.unique(np.fromiter(years, dtype="int64"))
    if not len(calendar) or not len(entities):
        raise ParameterError("years, entities: name one of each at least, such as 1949-2025 and TWN.")
    spells = build_spells(facts.events, facts.lineage)
    spans = spans_of_states(facts.states, facts.lineage)
    known = _find_codes(facts, spans, calendar, part_year) | {"un_member": _find_seats(facts, calendar, part_year)}
    parts = []
    for entity in entities:
        held = {kind: _find_held(facts, spells, entity, kind, calendar, given) for kind in KINDS}
        exists = _find_existence(facts, spans, entity, calendar, part_year)
        seen = observed_until(entity, facts.observed)
        parts.append(_lay_out(facts, entity, calendar, held, exists, known, seen))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def widen(panel: pd.DataFrame) -> pd.DataFrame:
    """Put what belongs to each entity beside each other: a row for each state and year.

    Parameters
    ----------
    panel : pandas.DataFrame
        From :func:`build_dyad_years`.

    Returns
    -------
    pandas.DataFrame
        The columns of the state, year, and those of each entity with its code behind them (``relations_TWN``);
        empty where the entity did not exist, and for a state's answer to itself.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> wide = widen(build_dyad_years(load_facts("recognition"), [1979], ["TWN", "CHN"]))
    >>> wide[["relations_TWN", "relations_CHN"]].sum().tolist()
    [22, 121]
    """
    rows = ["iso3", "year"]
    parts = [panel[[*STATE, "year"]].drop_duplicates(rows).set_index(rows).sort_index()]
    for entity in panel["entity"].drop_duplicates():
        own = panel[panel["entity"].eq(entity)].set_index(rows)[OF_AN_ENTITY]
        parts.append(own.add_suffix(f"_{entity}").reindex(parts[0].index))
    wide = pd.concat(parts, axis="columns").reset_index()
    return wide[[*STATE, "year", *wide.columns[len(STATE) + 1 :]]]


def ties_by_sureness(panel: pd.DataFrame, entity: str, kind: str = "recognition") -> pd.DataFrame:
    """Count the ties of each year by what they rest on, beside the states that could have one.

    Parameters
    ----------
    panel : pandas.DataFrame
        From :func:`build_dyad_years`.
    entity, kind : str
        Which ties.

    Returns
    -------
    pandas.DataFrame
        year; states (with a row in which the answer is on record), members (of the United Nations among them), high,
        medium, low (ties by act, by confidence), implied (ties that follow from the other kind, whatever their
        confidence), by_day (of all ties, those whose first day is known). One row is a year.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> panel = build_dyad_years(load_facts("recognition"), [1979], ["TWN"])
    >>> int(ties_by_sureness(panel, "TWN", "relations")[["high", "medium", "low", "implied"]].sum(axis=1).iloc[0])
    22
    """
    own = panel[panel["entity"].eq(entity) & panel[kind].notna()]
    held, implied = own[kind].eq(1), own[f"{kind}_implied"].eq(1)
    marks = {word: held & ~implied & own[f"{kind}_confidence"].eq(word) for word in reversed(CONFIDENCES)}
    by_day = held & own[f"{kind}_begin_low"].eq(own[f"{kind}_begin_high"])
    marks = {
        "states": own[kind].notna(),
        "members": own["un_member"].eq(1),
        **marks,
        "implied": held & implied,
        "by_day": by_day,
    }
    return pd.DataFrame(marks).astype("int64").groupby(own["year"].astype("int64")).sum().reset_index()


def summarise_entities(panel: pd.DataFrame) -> pd.DataFrame:
    """Sum the panel up by entity and kind: how many rows, ties and zeros, and what the ties rest on.

    Parameters
    ----------
    panel : pandas.DataFrame
        From :func:`build_dyad_years`.

    Returns
    -------
    pandas.DataFrame
        entity, kind, first_year, rows (on record), ties, implied, high (both 0 to 1, shares of the ties; the
        second of ties by an act of their own kind and of high confidence), by_day (share
        whose first day is known). One row is an entity and a kind that is on record for it.
    """
    rows = []
    for entity in panel["entity"].drop_duplicates():
        for kind in KINDS:
            years = ties_by_sureness(panel, entity, kind)
            ties = int(years[["high", "medium", "low", "implied"]].sum().sum())
            if len(years):
                shares = [years[name].sum() / ties if ties else np.nan for name in ("implied", "high", "by_day")]
                rows.append((entity, kind, years["year"].min(), years["states"].sum(), ties, *shares))
    return pd.DataFrame(rows, columns=["entity", "kind", "first_year", "rows", "ties", "implied", "high", "by_day"])


def _find_held(
    facts: Facts, spells: pd.DataFrame, entity: str, kind: str, calendar: np.ndarray, given: dict[str, str]
) -> _Held:
    states = facts.states["iso3"]
    ties = choose_spells(spells, entity, kind, given["rule"], None, None, given["minimum_confidence"])
    place = pd.Index(states).get_indexer(spells["recogniser"].to_numpy()[ties.row])
    ties = replace(ties, group=place)
    by_act = ties.keep(~ties.implied).join()
    joined = by_act if kind == "relations" and given["implied"] == "exclude" else ties.join()
    shape = (len(states), len(calendar))
    counts, implied = np.zeros(shape, dtype="int64"), np.zeros(shape, dtype="int64")
    overlap, needed = find_overlap(joined.since, joined.until, calendar, given["part_year"])
    np.add.at(counts, joined.group, overlap)
    np.add.at(implied, by_act.group, find_overlap(by_act.since, by_act.until, calendar, given["part_year"])[0])
    which = np.full(shape, -1)
    order = np.where(overlap > 0, np.arange(len(joined.row))[:, None], -1)
    np.maximum.at(which, joined.group, order)
    return _Held(
        counts=counts >= needed,
        implied=(counts >= needed) & (implied < needed),
        which=which,
        ties=_describe(spells, joined, kind),
        recorded=_find_recorded(facts, spells, entity, kind),
    )


def _describe(spells: pd.DataFrame, joined: Any, kind: str) -> pd.DataFrame:
    """Give each joined tie its days, their bounds, its confidence and the acts at which it begins and ends."""
    begins = spells.iloc[joined.row]
    own = spells[spells["recogniser"].isin(begins["recogniser"]) & spells["entity"].isin(begins["entity"])]
    own = own[own["end"].notna()].sort_values("kind", key=lambda kinds: kinds.eq(kind), kind="stable")
    day = own["end"].to_numpy().astype("datetime64[D]").astype("int64")
    ends = dict(zip(zip(own["recogniser"], day.tolist(), strict=True), own.index, strict=True))  # its own kind last
    keys = zip(begins["recogniser"], joined.until.tolist(), strict=True)
    found = [ends.get(key, -1) if key[1] < NEVER else -1 for key in keys]
    ended = spells.reindex(found)
    first, last = begins["begin_claim_id"].tolist(), ended["end_claim_id"].tolist()
    claims = [";".join(dict.fromkeys(filter(_is_text, pair))) for pair in zip(first, last, strict=True)]
    sure = [
        min(filter(_is_text, pair), key=CONFIDENCES.index)
        for pair in zip(begins["begin_confidence"].tolist(), ended["end_confidence"].tolist(), strict=True)
    ]
    columns = {name: begins[name].to_numpy() for name in ("begin", "begin_low", "begin_high")}
    columns |= {name: ended[name].to_numpy() for name in ("end", "end_low", "end_high")}
    return pd.DataFrame(columns | {"confidence": sure, "claim_ids": claims})[DETAILS]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _find_recorded(facts: Facts, spells: pd.DataFrame, entity: str, kind: str) -> np.ndarray:
    """Say for each state whether no act means no tie: everybody's ties are on record, or it has acts of its own."""
    states = facts.states["iso3"]
    if entity in RELATIONS_RECORDED or (kind == "recognition" and entity not in PARTLY_RECORDED):
        return np.ones(len(states), dtype="bool")
    own = spells["entity"].eq(entity)
    acted = states.isin(spells.loc[own & spells["kind"].eq(kind), "recogniser"])
    withheld = facts.withheld.loc[facts.withheld["entity"].eq(entity), "recogniser"]
    return (acted | (states.isin(withheld) if kind == "recognition" else False)).to_numpy()


def _find_existence(facts: Facts, spans: pd.DataFrame, entity: str, calendar: np.ndarray, part_year: str) -> np.ndarray:
    """Say for each state and year whether both it and the entity existed; a state does not stand beside itself."""
    since, until = _numbers(spans["since"].fillna(LONG_AGO)), _numbers(spans["until"].fillna(FAR_AHEAD))
    periods = facts.entity_periods[facts.entity_periods["entity"].eq(entity)]
    days, needed = np.zeros((len(spans), len(calendar)), dtype="int64"), np.ones(len(calendar), dtype="int64")
    for begin, end in zip(periods["begin"], periods["end"], strict=True):
        own_since, own_until = first_day(begin).astype("int64"), day_after(end).astype("int64")
        both = np.maximum(since, own_since), np.minimum(until, own_until)
        overlap, needed = find_overlap(*both, calendar, part_year)
        days += overlap
    return (days >= needed) & facts.states["iso3"].ne(entity).to_numpy()[:, None]


def _find_codes(facts: Facts, spans: pd.DataFrame, calendar: np.ndarray, part_year: str) -> dict[str, np.ndarray]:
    """Find the numbers of each state in each year: those of its last day in the year, or of 1 July."""
    years = (calendar - 1970).astype("datetime64[Y]")
    asked = years.astype("datetime64[M]") + 6 if part_year == "july 1" else years + 1
    days = asked.astype("datetime64[D]") - (part_year != "july 1")
    last = spans["until"].fillna(FAR_AHEAD).to_numpy().astype("datetime64[D]") - 1
    days = np.minimum(days[None, :], last[:, None])
    own = facts.state_codes, facts.states["iso3"]
    return {f"{system}_code": codes_on(own[0], system, own[1], days) for system in CODE_SYSTEMS}


def _find_seats(facts: Facts, calendar: np.ndarray, part_year: str) -> np.ndarray:
    """Say for each state and year whether it held a seat in the United Nations, by the rule of part-years."""
    since, until = (pd.Series(days) for days in un_seats(facts.states))
    seats = _numbers(since.fillna(FAR_AHEAD)), _numbers(until.fillna(FAR_AHEAD))
    overlap, needed = find_overlap(*seats, calendar, part_year)
    return (overlap >= needed).astype("float64")


def _lay_out(
    facts: Facts,
    entity: str,
    calendar: np.ndarray,
    held: dict[str, _Held],
    exists: np.ndarray,
    codes: dict[str, np.ndarray],
    seen: pd.Timestamp,
) -> pd.DataFrame:
    wanted = exists.copy()
    for one in held.values():
        wanted |= one.counts
    state, year = np.nonzero(wanted)
    columns: dict[str, Any] = {"iso3": facts.states["iso3"].to_numpy()[state]}
    columns["state_name"] = facts.states["name"].to_numpy()[state]
    columns |= {name: pd.array(codes[name][state, year]).astype("Int16") for name in OF_A_YEAR}
    columns |= {"entity": entity, "year": calendar[year].astype("int16")}
    for kind, one in held.items():
        known = one.recorded[state] | one.counts[state, year]
        columns[kind] = pd.array(np.where(known, one.counts[state, year], np.nan)).astype("Int8")
        columns[f"{kind}_implied"] = pd.array(np.where(known, one.implied[state, year], np.nan)).astype("Int8")
        place = np.where(one.counts[state, year], one.which[state, year], -1)
        details = one.ties.reindex(place)
        columns |= {f"{kind}_{name}": details[name].to_numpy() for name in DETAILS}
    by_act = held["relations"].counts & ~held["relations"].implied
    columns["representation"] = _find_representation(facts, entity, calendar, by_act, held, seen)[state, year]
    return pd.DataFrame(columns).assign(observed_until=seen)


def _find_representation(
    facts: Facts, entity: str, calendar: np.ndarray, by_act: np.ndarray, held: dict[str, _Held], seen: pd.Timestamp
) -> np.ndarray:
    """Name the highest form of representation on record; offices are on record for Taipei alone."""
    form = np.where(by_act, "embassy", "unknown").astype("object")
    if entity != OFFICE_HOLDER:
        return form
    offices = facts.taiwan_offices
    states, free = facts.states["iso3"], ~held["relations"].counts
    now = calendar == seen.year
    is_open = offices["status"].eq("open")
    since = offices[is_open].groupby("host")["opened_year"].min().reindex(states).astype("float64").to_numpy()
    stands = (since[:, None] <= calendar) | (states.isin(offices.loc[is_open, "host"]).to_numpy()[:, None] & now)
    never = ~states.isin(offices.loc[is_open, "host"]).to_numpy()[:, None] & now
    form[free & never] = "none"
    form[free & stands] = "office"
    return form


def _numbers(days: pd.Series) -> np.ndarray:
    """Days counted from 1970."""
    return days.to_numpy().astype("datetime64[D]").astype("int64")

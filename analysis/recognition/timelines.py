"""How every state stands towards one entity over time: a status, from when until when, and the act behind it."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from analysis.facts import Facts
from analysis.recognition.facts.choices import PARTLY_RECORDED
from analysis.recognition.facts.states import days_of, spans_of_states
from analysis.recognition.panel import NEVER, choose_spells

EPOCH = pd.Timestamp("1970-01-01")
Spans = tuple[np.ndarray, np.ndarray, np.ndarray]  # place of the state, since, until
STATUS_TIMES = ["iso3", "name", "status", "since", "until"]
TIMELINE = [*STATUS_TIMES, "precision", "source_id"]
STATUSES = {
    "recognition": {
        "act": "recognises",
        "implied": "recognises, implied by relations",
        "disputed": "withdrawn, which the other side disputes",
        "past": "withdrawn or suspended",
        "withheld": "openly withholds recognition",
        "none": "no recognition on record",
    },
    "relations": {
        "act": "has relations",
        "implied": "has relations, implied by recognition",
        "past": "relations ended or suspended",
        "none": "no relations on record",
    },
}


def find_timelines(
    spells: pd.DataFrame,
    facts: Facts,
    entity: str,
    kind: str = "recognition",
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Say of every state, for all time, how it stands towards an entity.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells` with lineage.
    facts : Facts
        Tables of ``recognition/``: ``events, states, lineage, withheld``.
    entity, kind, minimum_confidence
        As in :func:`analysis.recognition.panel.recognisers`.

    Returns
    -------
    pandas.DataFrame
        iso3, name, status (in words), since and until (half-open days counted from 1970-01-01; very large: goes
        on), precision and source_id of the act that began it (missing where no act did). One row is a time in
        which one state's status stays the same, by state and time.

    Notes
    -----
    The statuses are those of :func:`find_statuses`.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> found = find_timelines(build_spells(facts.events, facts.lineage), facts, "TWN", "relations")
    >>> found.loc[found["iso3"] == "HND", "status"].tolist()
    ['no relations on record', 'has relations', 'relations ended or suspended']
    """
    times = find_statuses(spells, facts, entity, kind, minimum_confidence)
    withheld = facts.withheld
    return _add_acts(times, _list_acts(spells, facts.events, withheld[withheld["entity"].eq(entity)], entity))


def find_statuses(
    spells: pd.DataFrame,
    facts: Facts,
    entity: str,
    kind: str = "recognition",
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Say which status every state has towards an entity, from when until when.

    Parameters
    ----------
    spells, facts, entity, kind, minimum_confidence
        As in :func:`find_timelines`.

    Returns
    -------
    pandas.DataFrame
        iso3, name, status (one of ``STATUSES[kind]``, in words), since and until (half-open days counted from
        1970-01-01; very large: goes on). One row is a time in which one state's status stays the same.

    Notes
    -----
    Of the statuses that fit on a day the first of ``STATUSES`` holds, save that a state which openly withholds
    recognition is shown as such only where it has no act on record, and where it is not the only one of whom that is
    on record: it would be set apart from many of whom no source speaks. Entities of which only departures are on record
    keep a single refusal. A state has times while it exists, and before it where it acted already; the entity has none.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> times = find_statuses(build_spells(facts.events, facts.lineage), facts, "XKX")
    >>> times.loc[times["iso3"] == "SUR", "status"].tolist()
    ['no recognition on record', 'recognises', 'withdrawn or suspended']
    """
    states, withheld = facts.states, facts.withheld
    codes = states["iso3"].to_numpy()
    held = dict(_find_held(spells, codes, entity, kind, minimum_confidence))
    refusals = withheld[withheld["entity"].eq(entity)]
    if refusals["recogniser"].nunique() == 1 and entity not in PARTLY_RECORDED:
        refusals = refusals.iloc[:0]
    held["withheld"] = _spans_of(refusals["recogniser"], codes, days_of(refusals["since"]), days_of(refusals["until"]))
    spans = spans_of_states(states, facts.lineage)
    held["exists"] = (np.arange(len(codes)), _number(spans["since"]), _number(spans["until"], NEVER))
    days = np.unique(np.concatenate([part for _, since, until in held.values() for part in (since, until)]))
    days = days[days < NEVER]
    stands = {name: _spread(*one, days, len(codes)) for name, one in held.items()}
    status = _rank(stands, kind)
    status[(codes == entity)[:, None] | ~(stands["exists"] | stands["act"] | stands["implied"])] = -1
    return _join_runs(status, days, states, kind)


def _find_held(
    spells: pd.DataFrame, codes: np.ndarray, entity: str, kind: str, minimum_confidence: str
) -> Iterator[tuple[str, Spans]]:
    """For each rule the times that count: place of the state, since, until."""
    recognisers = spells["recogniser"].to_numpy()
    for rule in ("gross", "undisputed", "net"):
        ties = choose_spells(spells, entity, kind, rule, None, None, minimum_confidence)
        place = pd.Index(codes).get_indexer(recognisers[ties.row])
        for name, wanted in (
            {"act": ~ties.implied, "implied": ties.implied}.items() if rule == "net" else ((rule, True),)
        ):
            chosen = (place >= 0) & wanted
            yield name, (place[chosen], ties.since[chosen], ties.until[chosen])


def _spans_of(recognisers: pd.Series, codes: np.ndarray, since: pd.Series, until: pd.Series) -> Spans:
    place = pd.Index(codes).get_indexer(recognisers)
    known = place >= 0
    return place[known], _number(since, -NEVER)[known], _number(until, NEVER)[known]


def _spread(place: np.ndarray, since: np.ndarray, until: np.ndarray, days: np.ndarray, number: int) -> np.ndarray:
    """Say for each state (row) and change day (column) whether a time of the state stands on it."""
    wanted = since < until
    steps = np.zeros((number, len(days) + 1), dtype="int64")
    np.add.at(steps, (place[wanted], np.searchsorted(days, since[wanted])), 1)
    np.add.at(steps, (place[wanted], np.searchsorted(days, until[wanted])), -1)
    return steps.cumsum(axis=1)[:, :-1] > 0


def _rank(stands: dict[str, np.ndarray], kind: str) -> np.ndarray:
    """Give each state and day the place of its status in ``STATUSES[kind]``."""
    names = list(STATUSES[kind])
    order = {"withheld": "withheld", "past": "gross", "disputed": "undisputed", "act": "act", "implied": "implied"}
    status = np.full(stands["act"].shape, names.index("none"))
    for name, source in order.items():
        if name in names:
            wanted = stands[source] & ~stands["act"] if name == "implied" else stands[source]
            status[wanted] = names.index(name)
    return status


def _join_runs(status: np.ndarray, days: np.ndarray, states: pd.DataFrame, kind: str) -> pd.DataFrame:
    """From a status for each state and change day to one row for each run of the same one."""
    begins = np.diff(status, axis=1, prepend=-2) != 0
    place, column = np.nonzero(begins)
    after = np.append(column[1:], 0)
    goes_on = np.append(place[1:] != place[:-1], True)
    rows = pd.DataFrame(
        {
            "iso3": states["iso3"].to_numpy()[place],
            "name": states["name"].to_numpy()[place],
            "status": status[place, column],
            "since": days[column],
            "until": np.where(goes_on, NEVER, days[after]),
        }
    )
    words = dict(enumerate(STATUSES[kind].values()))
    rows = rows[rows["status"] >= 0].reset_index(drop=True)
    return rows.assign(status=rows["status"].map(words))


def _list_acts(
    spells: pd.DataFrame, events: pd.DataFrame, refusals: pd.DataFrame, entity: str
) -> Iterable[tuple[tuple[str, int], tuple[str, str]]]:
    """Precision and source of each act, by state and day; a beginning comes after an end and so wins over it."""
    own = spells[spells["entity"].eq(entity)]
    sources = events.set_index("claim_id")["source_id"].to_dict()
    for edge in ("end", "begin"):
        acts = own[own[edge].notna()]
        found = (
            acts["recogniser"],
            _number(acts[edge]),
            acts[f"{edge}_precision"],
            acts[f"{edge}_claim_id"].map(sources),
        )
        for code, day, precision, source in zip(*found, strict=True):
            yield (code, int(day)), (precision, source)
    written = refusals["since"].str.len().map({4: "year", 7: "month", 10: "day"})
    found = (refusals["recogniser"], _number(days_of(refusals["since"]), -NEVER), written, refusals["source_id"])
    for code, day, precision, source in zip(*found, strict=True):
        yield (code, int(day)), (precision, source)


def _add_acts(rows: pd.DataFrame, acts: Iterable[tuple[tuple[str, int], tuple[str, str]]]) -> pd.DataFrame:
    known = dict(acts)
    found = [known.get(key, (None, None)) for key in zip(rows["iso3"], rows["since"].tolist(), strict=True)]
    precision, source = (
        pd.Series(list(part), dtype="str") for part in (zip(*found, strict=True) if found else ((), ()))
    )
    return rows.assign(precision=precision, source_id=source)[TIMELINE]


def _number(days: pd.Series, missing: int = NEVER) -> np.ndarray:
    """Count days from 1970."""
    values = days.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(values), missing, values.astype("int64"))

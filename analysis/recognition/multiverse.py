"""One count under every reasonable rule: which of them reaches a total that somebody else published."""

from collections.abc import Sequence
from datetime import date
from itertools import product

import pandas as pd

from analysis.facts import Facts
from analysis.recognition.facts.choices import CONFIDENCES, RULES
from analysis.recognition.facts.states import days_of, read_days
from analysis.recognition.panel import choose_spells

MEMBERS = {"all": None, "members": "day", "members today": "today"}
UNIVERSES = {
    "rule": tuple(RULES),
    "members": tuple(MEMBERS),
    "minimum_confidence": CONFIDENCES,
    "implied": ("include", "exclude"),
    "denied": ("include", "exclude"),
    "dates": ("used", "alternative"),
}
"""What may be chosen otherwise, the usual choice first."""
CHOICES = list(UNIVERSES)
DATE = r"\d{4}(-\d\d){0,2}"
DENIALS = ("none", "never", "not confirmed")  # of table disputes, where a date would stand
PUBLISHED_STATES = {"all": "all", "un_members": "members", "un_members_today": "members today"}


def count_universes(
    spells: pd.DataFrame, facts: Facts, entity: str, on: str | date, kind: str = "recognition"
) -> pd.DataFrame:
    """Count the recognisers of a day under every combination of choices.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    facts : Facts
        Tables of ``recognition/``: ``states, disputes``.
    entity : str
        Code of the entity, one of ``choices.ENTITIES``.
    on : str or date
        The day.
    kind : {"recognition", "relations"}
        What is counted.

    Returns
    -------
    pandas.DataFrame
        The columns of ``UNIVERSES``, departures (number of choices that are not the usual one) and count. One row is a
        universe; the usual one, with every choice as ``UNIVERSES`` has it first, stands on top.

    Raises
    ------
    ParameterError
        For an unknown entity or kind.

    Notes
    -----
    ``denied`` says whether those count whose recognition a source denies or could not confirm (``DENIALS`` in the table
    of disputes). ``implied`` leaves out ties that no act of their kind began. With alternative ``dates`` every act
    whose date is disputed takes that of the other source. A choice may change nothing; universes are no sample, and
    how many give a number says nothing of how likely it is.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> found = count_universes(build_spells(facts.events, facts.lineage), facts, "TWN", "1979-12-31", "relations")
    >>> len(found), int(found["count"].iloc[0])
    (216, 22)
    """
    return _count_each(spells, facts, entity, [on], kind)[0]


def _count_each(spells: pd.DataFrame, facts: Facts, entity: str, days: Sequence[str | date], kind: str) -> list:
    """Count the recognisers of each day under every combination of choices."""
    own = spells[spells["entity"].eq(entity)].reset_index(drop=True)
    dated = {"used": own, "alternative": move_disputed(own, facts.disputes)}
    undenied = ~own["recogniser"].isin(find_denied(facts.disputes, entity, kind)).to_numpy()
    numbers = read_days(days).astype("datetime64[D]").astype("int64")
    counts = []
    for rule, (members, seats), confidence, dates in product(RULES, MEMBERS.items(), CONFIDENCES, dated):
        states = None if seats is None else facts.states
        ties = choose_spells(dated[dates], entity, kind, rule, states, seats, confidence)
        for number, day in enumerate(numbers):
            held = ties.keep((ties.since <= day) & (day < ties.until))
            held = held.keep(held.is_first())
            act, sure = ~held.implied, undenied[held.row]
            for implied, doubted in product(UNIVERSES["implied"], UNIVERSES["denied"]):
                kept = (act | (implied == "include")) & (sure | (doubted == "include"))
                counts.append((number, rule, members, confidence, implied, doubted, dates, int(kept.sum())))
    universes = pd.DataFrame(counts, columns=["number", *CHOICES, "count"])
    usual = [universes[name].ne(values[0]) for name, values in UNIVERSES.items()]
    universes.insert(len(CHOICES) + 1, "departures", sum(usual).astype("int64"))
    ordered = universes.sort_values("departures", kind="stable")
    return [own.drop(columns="number").reset_index(drop=True) for _, own in ordered.groupby("number")]


def find_denied(disputes: pd.DataFrame, entity: str, kind: str = "recognition") -> list[str]:
    """Name the states whose recognition of an entity, or relations with it, some source denies or could not confirm.

    Parameters
    ----------
    disputes : pandas.DataFrame
        The table ``recognition/disputes``.
    entity, kind
        As in :func:`count_universes`.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> find_denied(load_table("recognition/disputes"), "PSE")
    ['CAF', 'CZE', 'ETH', 'HUN', 'PNG', 'TGO']
    """
    acts = disputes["claim_id"].fillna("").str.contains(f"-{entity}-{kind}-(?:recognised|established)-")
    return sorted(disputes.loc[acts & disputes["date_alternative"].isin(DENIALS), "recogniser"].unique())


def move_disputed(spells: pd.DataFrame, disputes: pd.DataFrame) -> pd.DataFrame:
    """Give every spell whose beginning or end is disputed the day of the other source.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    disputes : pandas.DataFrame
        The table ``recognition/disputes``; the first dispute of an act counts, and only one that names a date.

    Notes
    -----
    A day that would set the end of a spell before its beginning is left as it was.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> moved = move_disputed(build_spells(load_table("recognition/events")), load_table("recognition/disputes"))
    >>> moved.query("recogniser == 'MLT' and entity == 'PSE'")["begin"].dt.year.tolist()
    [1988]
    """
    named = disputes[disputes["claim_id"].notna() & disputes["date_alternative"].str.fullmatch(DATE)]
    named = named.drop_duplicates("claim_id")
    days = pd.Series(days_of(named["date_alternative"]).to_numpy(), named["claim_id"], dtype="datetime64[us]")
    begin, end = (
        pd.Series(days.reindex(spells[f"{side}_claim_id"]).to_numpy(), spells.index).fillna(spells[side])
        for side in ("begin", "end")
    )
    runs = ~(end <= begin)
    return spells.assign(begin=begin.where(runs, spells["begin"]), end=end.where(runs, spells["end"]))


def reach_published(spells: pd.DataFrame, facts: Facts, entity: str, kind: str = "recognition") -> pd.DataFrame:
    """Ask of every published total of an entity which universe of ours reaches it.

    Parameters
    ----------
    spells, entity, kind
        As in :func:`count_universes`.
    facts : Facts
        Tables of ``recognition/``: ``states, disputes, published_counts``.

    Returns
    -------
    pandas.DataFrame
        claim_id, date, day, published, source_id, states (whom the source counts), reason (why ours by the source's own
        rule differs); low and high (of all universes of that day); reached (true or false); universes (how many
        reach it); departures and the columns
        of ``UNIVERSES`` (of the one that departs least from what the source says that it counts; missing where none
        does). One row is a total of states at a day, or ever up to it, in the order of dates.

    Notes
    -----
    Totals of regions, breaks and resumptions are left out. A total of states ever is met by the rule ``gross`` alone.
    With so many universes some number is reached by luck: a universe that reaches a total is a possible reading of it,
    not its explanation, and the more so the more it departs.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> found = reach_published(build_spells(facts.events, facts.lineage), facts, "PSE").set_index("claim_id")
    >>> found.loc["PSE-recognition-2025-09-21-145-AFPTALLY2025", ["members", "denied"]].tolist()
    ['members', 'exclude']
    """
    published = facts.published_counts
    own = published[published["entity"].eq(entity) & published["kind"].eq(kind)]
    own = own[own["measure"].isin(["current", "ever"]) & own["states"].isin(list(PUBLISHED_STATES))]
    own = own.assign(day=days_of(own["date"])).sort_values("day", kind="stable")
    universes = _count_each(spells, facts, entity, own["date"].tolist(), kind)
    rows = [_reach(row, each) for row, each in zip(own.itertuples(), universes, strict=True)]
    columns = [
        "claim_id",
        "date",
        "day",
        "published",
        "source_id",
        "states",
        "reason",
        "low",
        "high",
        "reached",
        "universes",
    ]
    return pd.DataFrame(rows, columns=[*columns, "departures", *CHOICES])


def _reach(row, universes: pd.DataFrame) -> dict[str, object]:
    if row.measure == "ever":
        universes = universes[universes["rule"].eq("gross")]
    own = {"rule": "gross" if row.measure == "ever" else row.rule, "members": PUBLISHED_STATES[row.states]}
    wanted = {name: own.get(name, values[0]) for name, values in UNIVERSES.items()}
    departures = sum(universes[name].ne(word) for name, word in wanted.items())
    same = universes.assign(departures=departures)[universes["count"].eq(row.count)].sort_values(
        "departures", kind="stable"
    )
    found = {
        "claim_id": row.claim_id, "date": row.date, "day": row.day, "published": int(row.count),
        "source_id": row.source_id, "states": row.states, "reason": row.reason, "low": int(universes["count"].min()),
        "high": int(universes["count"].max()), "reached": len(same) > 0, "universes": len(same),
    }  # fmt: skip
    return found | (same.iloc[0][["departures", *CHOICES]].to_dict() if len(same) else {})

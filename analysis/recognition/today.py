"""Who has ties with Taipei, Beijing, Israel and Palestine on a day: counts, totals of others, what changed lately."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from analysis.facts import Facts
from analysis.recognition.facts.states import day_of, days_of, observed_until
from analysis.recognition.multiverse import CHOICES, UNIVERSES, count_universes, reach_published
from analysis.recognition.panel import recognisers

FOUR = (("TWN", "relations"), ("CHN", "relations"), ("ISR", "recognition"), ("PSE", "recognition"))
"""The four entities, each with the kind of tie by which it is usually counted."""
CHANGES = ["entity", "kind", "recogniser", "day", "precision", "change", "claim_id"]


def count_today(spells: pd.DataFrame, facts: Facts, on: str | date) -> pd.DataFrame:
    """Count the states that have ties with each of the four on a day, by the rule net and beside it.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    facts : Facts
        Tables of ``recognition/``: ``states, disputes, observed``.
    on : str or date
        The day.

    Returns
    -------
    pandas.DataFrame
        entity, kind, count (of every state), members (of the United Nations on that day), others (codes of those that
        are none, joined by semicolons), states (codes of all), ever (up to that day, the rule gross), low and high (of
        all reasonable rules, ``count_universes``), net_low and net_high (of those that count ties that stand),
        net_lowest (of the rules that give net_low that nearest to the usual one: what it chooses otherwise, as
        "members=members;..."), moved (in the same way, the one choice that moves the count of ties that stand most) and
        moved_to (the count then), seen (last day up to which the ties were watched). One row is one of the four.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> found = count_today(build_spells(facts.events, facts.lineage), facts, "2024-12-31")
    >>> found[["entity", "count", "members"]].to_numpy().tolist()[::3]
    [['TWN', 12, 11], ['PSE', 148, 146]]
    """
    rows = []
    for entity, kind in FOUR:
        universes = count_universes(spells, facts, entity, on, kind)
        standing = universes[universes["rule"].ne("gross")]
        lowest = (
            standing[standing["count"].eq(standing["count"].min())].sort_values("departures", kind="stable").iloc[0]
        )
        single = standing[standing["departures"].eq(1)]
        moved = single.loc[(single["count"] - standing["count"].iloc[0]).abs().idxmax()]
        seated = recognisers(spells, entity, on, kind, states=facts.states, members="day")["recogniser"]
        every = recognisers(spells, entity, on, kind)["recogniser"]
        rows.append({
            "entity": entity, "kind": kind, "count": len(every), "members": len(seated),
            "others": ";".join(every[~every.isin(seated)]), "states": ";".join(every),
            "ever": len(recognisers(spells, entity, on, kind, rule="gross")),
            "low": int(universes["count"].min()), "high": int(universes["count"].max()),
            "net_low": int(standing["count"].min()), "net_high": int(standing["count"].max()),
            "net_lowest": _write_choices(lowest), "moved": _write_choices(moved), "moved_to": int(moved["count"]),
            "seen": observed_until(entity, facts.observed),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _write_choices(universe: pd.Series) -> str:
    """Write what a universe chooses otherwise than usual."""
    return ";".join(f"{name}={universe[name]}" for name in CHOICES if universe[name] != UNIVERSES[name][0])


def find_changes(
    spells: pd.DataFrame,
    asked: Sequence[tuple[str, str]],
    on: str | date,
    years: int | None = None,
) -> pd.DataFrame:
    """List the beginnings and ends of ties up to a day, by acts of their own kind.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    asked : sequence of tuple of str
        Entities, each with a kind of tie.
    on : str or date
        The last day.
    years : int, optional
        Only those of so many years before it; by default all.

    Returns
    -------
    pandas.DataFrame
        entity, kind, recogniser, day, precision, change (began or ended), claim_id. One row is a change, in the order
        of time.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> found = find_changes(spells, [("TWN", "relations")], "2024-12-31", years=2)
    >>> found[["recogniser", "change"]].to_numpy().tolist()
    [['HND', 'ended'], ['NRU', 'ended']]
    """
    wanted = pd.Series(zip(spells["entity"], spells["kind"], strict=True), spells.index).isin(list(asked))
    own = spells[wanted & ~spells["implied"]]
    parts = []
    for side, change in {"begin": "began", "end": "ended"}.items():
        names = {side: "day", f"{side}_precision": "precision", f"{side}_claim_id": "claim_id"}
        parts.append(own.rename(columns=names).assign(change=change)[CHANGES])
    changes = pd.concat(parts).dropna(subset=["day"]).sort_values("day", kind="stable", ignore_index=True)
    last = day_of(on)
    first = changes["day"].min() if years is None else last - pd.DateOffset(years=years)
    return changes[changes["day"].between(first, last)].reset_index(drop=True)


def add_last_departure(changes: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """Put the last end of relations with Taipei before the changes, unless it is among them.

    Parameters
    ----------
    changes, latest : pandas.DataFrame
        From :func:`find_changes`: those to show, and all up to the day.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> latest = find_changes(spells, FOUR, "2026-11-22")
    >>> add_last_departure(latest.iloc[:0], latest)["recogniser"].tolist()
    ['NRU']
    """
    left = latest[latest["entity"].eq("TWN") & latest["change"].eq("ended")].tail(1)
    rest = changes[~changes["claim_id"].isin(left["claim_id"])] if len(left) else changes
    return pd.concat([left, rest]).sort_values("day", kind="stable", ignore_index=True)


def find_rivals(spells: pd.DataFrame, facts: Facts, on: str | date, years: int) -> pd.DataFrame:
    """List the totals that others published of the four in the years before a day, and which rule of ours gives each.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    facts : Facts
        Tables of ``recognition/``: ``states, disputes, published_counts``.
    on : str or date
        The last day.
    years : int
        How many years before it.

    Returns
    -------
    pandas.DataFrame
        entity, kind, ours (our count by the rule that the source states), and the columns of
        :func:`analysis.recognition.multiverse.reach_published`. One row is a total, in the order of entities and dates.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> found = find_rivals(build_spells(facts.events, facts.lineage), facts, "2025-12-31", 1)
    >>> found.loc[found["source_id"].eq("AFPHOW2025"), ["published", "ours", "denied"]].to_numpy().tolist()
    [[142, 147, 'exclude']]
    """
    last, published = day_of(on), facts.published_counts
    recent = published[days_of(published["date"]).between(last - pd.DateOffset(years=years), last)]
    asked = Facts({"states": facts.states, "disputes": facts.disputes, "published_counts": recent})
    totals = [reach_published(spells, asked, *one).assign(entity=one[0], kind=one[1]) for one in FOUR]
    found = pd.concat([own for own in totals if len(own)] or totals, ignore_index=True)
    differences = published.set_index("claim_id")["expected_difference"]
    ours = found["published"] + found["claim_id"].map(differences).astype("int64")
    return found.assign(ours=ours).reset_index(drop=True)

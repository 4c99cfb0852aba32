"""The tables of evidence in words: every published count, shares that lie apart, tallies that differ, key numbers."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.figures.air_defence.evidence import OF_WORDS, name_attack

SIDES = {
    "claimed": "defending side",
    "counted later": "the same side, later",
    "independent estimate": "independent",
    "press or unnamed source": "press or unnamed",
    "claimed by the attacking side": "attacking side",
}
COUNTS = {
    "threats_launched": "launched",
    "threats_engaged": "fired at",
    "threats_intercepted": "intercepted",
    "leaked": "through",
}


def table_of_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Lay out every published count of every event, in the order of the events.

    Parameters
    ----------
    claims : pandas.DataFrame
        From ``evidence.list_claims``.
    """
    sure = claims["confidence"].where(claims["confirmed"], "seen in no source")
    table = {
        "Event": [name_attack(claims, row) for row in claims.itertuples()],
        "Days": claims["date_start"] + " to " + claims["date_end"],
        "Who says it": claims["claimed_by"] + " (" + claims["who"].map(SIDES) + ")",
        "Counts": [_say_counts(row) for row in claims.to_dict("records")],
        "Share": _say_share(claims["share"], claims["denominator"]),
        "Kind of count": _kinds(claims),
        "Disputed by": claims["disputed_by"].fillna(""),
        "Source": claims["source_id"] + " (" + sure + ")",
    }
    return pd.DataFrame(table).set_index("Event").rename_axis(index=None, columns="Event")


def _say_counts(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{row[name]:,.0f} {words}" for name, words in COUNTS.items() if pd.notna(row[name]))


def _say_share(shares: pd.Series, of: pd.Series) -> pd.Series:
    """Say a share and of what it is one, empty where there is none."""
    words = of.map(OF_WORDS).mask(of == "not_stated", "(of what is not stated)")
    said = shares.map(lambda share: f"{100 * share:.3g} % ", na_action="ignore") + words
    return said.fillna("")


def _kinds(claims: pd.DataFrame) -> pd.Series:
    """Say whether both counts were published, and whether a count is a running total."""
    both = claims["both_counts"].map({True: "both counts", False: ""})
    running = claims["running"].map({True: "running total or overlap", False: ""})
    return both + (claims["both_counts"] & claims["running"]).map({True: ", ", False: ""}) + running


def _yes(flags: pd.Series) -> pd.Series:
    return flags.map({True: "yes", False: "no"})


def table_of_apart(claims: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Lay out how far the shares published about one attack lie apart, the widest first.

    Parameters
    ----------
    claims, apart : pandas.DataFrame
        From ``evidence.list_claims`` and ``evidence.claims_apart``.
    """
    table = {"Attack": [name_attack(claims, row) for row in apart.itertuples()]}
    for end in ("highest", "lowest"):
        said = _say_share(apart[end], apart[f"{end}_of"])
        table[end.capitalize()] = (said + ", " + apart[f"{end}_by"]).tolist()
    table["Apart, percentage points"] = (100 * apart["apart"]).map("{:.1f}".format).tolist()
    table["Same days"] = _yes(apart["same_days"]).tolist()
    return pd.DataFrame(table).set_index("Attack").rename_axis(index=None, columns="Attack")


def table_of_rivals(claims: pd.DataFrame, rivals: pd.DataFrame) -> pd.DataFrame:
    """Lay out the tallies of one event about which sources differ.

    Parameters
    ----------
    claims, rivals : pandas.DataFrame
        From ``evidence.list_claims`` and ``evidence.rival_tallies``.
    """
    if rivals.empty:
        return pd.DataFrame({"Tally": ["no two counts of the same days"]}, index=["none"]).rename_axis(columns="Attack")
    table = {
        "Attack": [name_attack(claims, row) for row in rivals.itertuples()],
        "Tally": rivals["tally"].tolist(),
        "Lowest": [f"{row.lowest:,.0f} ({row.lowest_by})" for row in rivals.itertuples()],
        "Highest": [f"{row.highest:,.0f} ({row.highest_by})" for row in rivals.itertuples()],
    }
    return pd.DataFrame(table).set_index("Attack").rename_axis(index=None, columns="Attack")


def table_of_evidence(claims: pd.DataFrame, counts: pd.DataFrame, apart: pd.DataFrame, threats: int) -> pd.DataFrame:
    """Lay out the key numbers: how many counts there are, of what kind, and what the widest pair would predict.

    Parameters
    ----------
    claims, counts, apart : pandas.DataFrame
        From ``engagement_claims``: ``list_claims``, ``predict_from_counts`` and ``claims_apart``.
    threats : int
        Threats in the next, notional raid.
    """
    numbers = {
        "Published counts": len(claims),
        "Events": claims["event_group"].nunique(),
        "Counts that give a share": int(claims["share"].notna().sum()),
        "Pairs of counts behind an interval": len(counts),
        "of these, of an event of its own": int((~counts["running"]).sum()),
    }
    table = {name: f"{number:,}" for name, number in numbers.items()}
    if len(apart):
        widest = name_attack(claims, apart.iloc[0])
        table[f"Shares lie furthest apart: {widest}"] = f"{100 * apart.iloc[0]['apart']:.1f} percentage points"
    for row in counts.itertuples():
        if len(apart) and row.event_group == apart.iloc[0]["event_group"]:
            name = f"Through, of {threats}, by {row.threats_intercepted:,} of {row.tried:,} ({row.claimed_by})"
            table[name] = f"{row.leakers_low} to {row.leakers_high}"
    return pd.Series(table, name="value").to_frame()

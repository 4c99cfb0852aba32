"""The tables of evidence in words: every published count, shares that lie apart, tallies that differ, key numbers."""

import pandas as pd

from analysis.figures.air_defence.evidence import OF_WORDS, WHO_WORDS, name_attack

COUNTS = {
    "threats_launched": "Launched",
    "threats_engaged": "Fired at",
    "threats_intercepted": "Claimed interceptions",
    "leaked": "Came through",
}


def table_of_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Lay out every published count of every event, in the order of the events.

    Parameters
    ----------
    claims : pandas.DataFrame
        From ``engagement_claims.list_claims``.
    """
    table = {
        "Event": [name_attack(claims, row) for row in claims.itertuples()],
        "Days": claims["date_start"] + " to " + claims["date_end"],
        "Who says it": claims["claimed_by"] + " (" + claims["who"].map(WHO_WORDS) + ")",
        **{words: _whole(claims[name]) for name, words in COUNTS.items()},
        "Share": _percent(claims["share"]),
        "Of what": claims["denominator"].map(OF_WORDS),
        "Both counts published": _yes(claims["both_counts"]),
        "Running total or overlap": _yes(claims["running"]),
        "Disputed by": claims["disputed_by"].fillna(""),
        "Confidence": claims["confidence"].where(claims["confirmed"], "seen in no source"),
        "Source": claims["source_id"],
    }
    return pd.DataFrame(table).set_index("Event").rename_axis(index=None, columns="Event")


def _whole(counts: pd.Series) -> list[str]:
    return ["" if pd.isna(count) else f"{count:,.0f}" for count in counts]


def _percent(shares: pd.Series) -> list[str]:
    return ["" if pd.isna(share) else f"{100 * share:.3g} %" for share in shares]


def _yes(flags: pd.Series) -> pd.Series:
    return flags.map({True: "yes", False: "no"})


def table_of_apart(claims: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Lay out how far the shares published about one attack lie apart, the widest first.

    Parameters
    ----------
    claims, apart : pandas.DataFrame
        From ``engagement_claims.list_claims`` and ``engagement_claims.claims_apart``.
    """
    table = {"Attack": [name_attack(claims, row) for row in apart.itertuples()]}
    for end in ("highest", "lowest"):
        said = pd.Series(_percent(apart[end]), index=apart.index, dtype="str")
        words = said + " " + apart[f"{end}_of"].map(OF_WORDS).str.replace("of what, is", "(of what is") + ", "
        words = words.str.replace("not stated, ", "not stated), ")
        table[end.capitalize()] = (words + apart[f"{end}_by"]).tolist()
    table["Apart, percentage points"] = (100 * apart["apart"]).map("{:.1f}".format).tolist()
    table["Same days"] = _yes(apart["same_days"]).tolist()
    return pd.DataFrame(table).set_index("Attack").rename_axis(index=None, columns="Attack")


def table_of_rivals(claims: pd.DataFrame, rivals: pd.DataFrame) -> pd.DataFrame:
    """Lay out the tallies of one event about which sources differ.

    Parameters
    ----------
    claims, rivals : pandas.DataFrame
        From ``engagement_claims.list_claims`` and ``engagement_claims.rival_tallies``.
    """
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

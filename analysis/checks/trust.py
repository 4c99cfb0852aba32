"""How far to trust the data: confidence by table, what second readers found, where sources disagree most."""

import pandas as pd

from analysis.air_defence.facts.claims import combine_claims, is_confirmed
from analysis.checks.self_check import UNEXPLAINED
from analysis.schema import TABLES
from analysis.tables import load_table

OUTCOMES = {
    "not found": "not.found|no independent source",
    "differs": "differ|contradict|not reconcilable|not itemised",
    "agrees": "agree|confirmed|arithmetic holds|within|one day apart",
}
OF_THE_SOURCE = "source_id|source_ids|confidence|note|notes|row|rows"
"""Fields, joined by " / ", of which a reading changed what a row rests on; a change of any other is one of a value."""


def confidence_by_table() -> pd.DataFrame:
    """Count the claims of each table by confidence.

    Returns
    -------
    pandas.DataFrame
        One row is a table and a confidence: ``table, confidence`` (high, medium, low, unconfirmed; the last
        are low claims that nobody has seen in a source and are not counted as low again), ``claims``.
    """
    counts = []
    for name, definition in TABLES.items():
        if {"confidence", "note"} <= set(definition.frame.columns):
            frame = load_table(name)
            grade = frame["confidence"].where(is_confirmed(frame), "unconfirmed")
            counts.append(grade.value_counts().rename_axis("confidence").reset_index(name="claims").assign(table=name))
    return pd.concat(counts, ignore_index=True)[["table", "confidence", "claims"]]


def outcomes_by_table() -> pd.DataFrame:
    """Count the second readings of each table by outcome.

    Returns
    -------
    pandas.DataFrame
        One row is a table and an outcome: ``table, outcome`` (agrees, differs, not found; sourced: the reader
        changed what the row rests on, its source, grade or note; changed: a value or a date), ``readings``.
    """
    readings = load_table("second_readings")
    of_source = readings["field"].str.fullmatch(f"({OF_THE_SOURCE})( / ({OF_THE_SOURCE}))*").fillna(False)
    outcome = of_source.map({True: "sourced", False: "changed"})
    for name, words in reversed(OUTCOMES.items()):
        outcome = outcome.mask(readings["verdict"].str.contains(words), name)
    return readings.assign(outcome=outcome).groupby(["table", "outcome"]).size().reset_index(name="readings")


def widest_disagreements(most: int = 12) -> pd.DataFrame:
    """List the figures of systems on which sources differ most.

    Parameters
    ----------
    most : int
        How many to list.

    Returns
    -------
    pandas.DataFrame
        One row is a figure by one kind of claim: ``system_id, interceptor, parameter, low, best, high, unit,
        n_claims, n_publishers, confidence, ratio`` (high over low), widest first; single claims are left out.
    """
    figures = combine_claims(load_table("air_defence/system_parameters"), load_table("sources"))
    several = figures[(figures["n_publishers"] > 1) & (figures["low"] > 0)]
    several = several.assign(ratio=several["high"] / several["low"]).sort_values("ratio", ascending=False)
    columns = ["system_id", "interceptor", "parameter", "low", "best", "high", "unit", "n_claims", "n_publishers"]
    return several.head(most)[[*columns, "confidence", "ratio"]].reset_index(drop=True)


def count_disagreements() -> pd.DataFrame:
    """Count the published totals by entity, and those that ours does not meet.

    Returns
    -------
    pandas.DataFrame
        One row is an entity: ``entity, published, differ, unexplained, largest`` (largest difference either way).
    """
    counts = load_table("recognition/published_counts")
    differ = counts["expected_difference"] != 0
    unexplained = counts["reason"].str.startswith(UNEXPLAINED, na=False)
    groups = counts.assign(differ=differ, unexplained=unexplained, size=counts["expected_difference"].abs())
    table = groups.groupby("entity").agg(
        published=("count", "size"),
        differ=("differ", "sum"),
        unexplained=("unexplained", "sum"),
        largest=("size", "max"),
    )
    return table.sort_values("published", ascending=False).reset_index()

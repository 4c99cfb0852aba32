"""From reports of the Ukrainian Air Force to nights: how many of each family were launched and stopped."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.air_defence.facts.choices import DEFINITIONS
from analysis.errors import DataError, Fault, require_choice

TABLE = "air_defence/ukraine_reports.csv"
ORDERLY = r"\d{4}-\d{2}-\d{2}( ([01]\d|2[0-4]):[0-5]\d)?"
KEY = ["start", "end", "model"]
COUNTS = ["launched", "destroyed", "lost"]
MOST_LAUNCHED = 10_000
"""More in one row, twelve times the largest night on record, is taken for a slip."""
SHOWN = 10
ODD_TIMES = "rows whose times are not written as the others are (the day was read)"
UNKNOWN = "weapon models that are not in ukraine_models"
WITHOUT_FAMILY = {
    "several_classes": "models of several classes in one row",
    "not_a_raid": "reconnaissance and front-line weapons",
    "unknown": "weapons that the report does not name",
}
NIGHT_COLUMNS = ["family", "night", "launched", "killed", "reports"]


@dataclass(frozen=True, eq=False)
class Nights:
    """What the reports say, night by night, and what had to be left out.

    Attributes
    ----------
    nights : pandas.DataFrame
        One row is a family in a night, in the order of the nights: ``family, night`` (day on which the reports end),
        ``launched, killed`` (by the definition), ``reports`` (rows that were added).
    omitted : pandas.DataFrame
        One row is a reason: ``reason, rows, launched`` (threats in these rows).
    noticed : pandas.DataFrame
        One row is something that was kept, and that a reader should know: ``what, rows``.
    unknown_models : list of str
        Models that ``ukraine_models`` lacks; their rows are left out.
    first, last : pandas.Timestamp
        First and last night of the record, whatever the family.
    definition : str
        What counts as stopped.
    """

    nights: pd.DataFrame
    omitted: pd.DataFrame
    noticed: pd.DataFrame
    unknown_models: list[str]
    first: pd.Timestamp
    last: pd.Timestamp
    definition: str

    def of(self, family: str) -> pd.DataFrame:
        """Return the nights of one family, in their order; without rows where there is none."""
        return self.nights[self.nights["family"] == family].reset_index(drop=True)


def shares_by_month(nights: Nights, family: str) -> pd.DataFrame:
    """Share stopped of one family in each month, by the definition of the nights.

    Returns
    -------
    pandas.DataFrame
        One row is a month with a night: ``month`` (its first day), ``launched, killed, share`` (0 to 1),
        ``definition``.
    """
    own = nights.of(family)
    months = own.groupby(own["night"].dt.to_period("M").dt.to_timestamp())[["launched", "killed"]].sum()
    months = months.rename_axis("month").reset_index()
    return months.assign(share=months["killed"] / months["launched"], definition=nights.definition)


def find_impossible(reports: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Give the position of each row that counts more destroyed than launched, and what should be."""
    more = (reports["destroyed"] > reports["launched"]) & (reports["launched"] >= 0)
    for index in reports.index[more.fillna(False)]:
        yield int(index), f"must not exceed launched = {reports.loc[index, 'launched']}."


def count_nights(reports: pd.DataFrame, models: pd.DataFrame, definition: str = "destroyed_or_lost") -> Nights:
    """Add the reports up to nights by family, and count what is left out.

    Parameters
    ----------
    reports, models : pandas.DataFrame
        Tables ``air_defence/ukraine_reports`` and ``air_defence/ukraine_models``.
    definition : {"destroyed_or_lost", "destroyed"}
        What counts as stopped.

    Returns
    -------
    Nights
        Nights, omissions with their reasons, and what should be known of the rows that were kept.

    Raises
    ------
    ParameterError
        When the definition is not known.
    DataError
        When a row counts more destroyed than launched, or the table has no row; names file and row.

    Notes
    -----
    A night bears the day on which a report ends, so that evening and morning of one raid stand together. Rows that
    are equal in every column count once; other rows of one night and family are added. Destroyed and lost together
    are capped at launched. A row is left out for the first reason that fits. No time of day is used: where it is not
    written as in the other rows, the day that it follows counts.

    Examples
    --------
    >>> reports = pd.DataFrame({
    ...     "start": ["2025-07-01 20:00", "2025-07-02"], "end": ["2025-07-02 08:00", "2025-07-02"],
    ...     "model": ["Shahed-136/131", "Orlan-10"], "launched": [50, 1], "destroyed": [30, 1], "lost": [15, None],
    ...     "source": ["a", "b"],
    ... })
    >>> models = pd.DataFrame({
    ...     "model": ["Shahed-136/131", "Orlan-10"], "family": ["owa_drone", None], "left_out": [None, "not_a_raid"],
    ... })
    >>> counted = count_nights(reports, models)
    >>> counted.nights[["family", "launched", "killed"]].values.tolist()
    [['owa_drone', 50, 45]]
    >>> counted.omitted[["reason", "rows"]].values.tolist()
    [['reconnaissance and front-line weapons', 1]]
    """
    require_choice("definition", definition, DEFINITIONS)
    if reports.empty:
        raise DataError(f"{TABLE} has no row; give at least the reports of one night.")
    _refuse_impossible(reports)
    rows = reports.assign(
        reason=_reasons(reports, models), family=reports["model"].map(models.set_index("model")["family"])
    )
    ends = pd.to_datetime(rows["end"].str[:10])
    kept = rows[rows["reason"] == ""]
    killed = kept["destroyed"] + (kept["lost"].fillna(0) if definition == "destroyed_or_lost" else 0)
    capped = killed > kept["launched"]
    kept = kept.assign(killed=killed.mask(capped, kept["launched"]), night=ends[kept.index], reports=1)
    nights = kept.groupby(["family", "night"], as_index=False)[["launched", "killed", "reports"]].sum()
    nights = nights.sort_values(["night", "family"], ignore_index=True)[NIGHT_COLUMNS]
    return Nights(
        nights=nights.astype({"launched": "int64", "killed": "int64", "reports": "int64"}),
        omitted=_count_omitted(rows),
        noticed=_notice(rows, kept, nights, capped),
        unknown_models=sorted(set(rows.loc[rows["reason"] == UNKNOWN, "model"].fillna("no model at all"))),
        first=ends.min(),
        last=ends.max(),
        definition=definition,
    )


def _refuse_impossible(reports: pd.DataFrame) -> None:
    found = [
        str(Fault(TABLE, row + 2, "destroyed", str(reports.loc[row, "destroyed"]), rule))
        for row, rule in find_impossible(reports)
    ]
    if found:
        more = [f"... and {len(found) - SHOWN} more rows."] if len(found) > SHOWN else []
        raise DataError("\n".join(found[:SHOWN] + more))


def _reasons(reports: pd.DataFrame, models: pd.DataFrame) -> pd.Series:
    """Say of each row why it is left out; empty where it is kept."""
    known = models.set_index("model")
    family, why = reports["model"].map(known["family"]), reports["model"].map(known["left_out"])
    tests = {
        "rows equal to an earlier one in every column": reports.duplicated(),
        UNKNOWN: ~reports["model"].isin(known.index),
        **{words: why == code for code, words in WITHOUT_FAMILY.items()},
        "a count below zero": (reports[COUNTS] < 0).fillna(False).any(axis=1),
        f"more than {MOST_LAUNCHED:,} launched in one row": reports["launched"] > MOST_LAUNCHED,
        "launched is not given": reports["launched"].isna(),
        "nothing was launched": reports["launched"] == 0,
        "destroyed is not given": reports["destroyed"].isna(),
        "ends before it begins": reports["end"].str[:10] < reports["start"].str[:10],
        "no family in ukraine_models": family.isna(),
    }
    reasons = pd.Series("", index=reports.index)
    for words, test in tests.items():
        reasons = reasons.mask((reasons == "") & test.fillna(False).astype(bool), words)
    return reasons


def _count_omitted(rows: pd.DataFrame) -> pd.DataFrame:
    possible = rows["launched"].where(rows["launched"].between(0, MOST_LAUNCHED))
    gone = rows.assign(launched=possible)[rows["reason"] != ""].groupby("reason", sort=False)
    counts = gone.agg(rows=("model", "size"), launched=("launched", "sum")).reset_index()
    return counts.sort_values("rows", ascending=False, kind="stable", ignore_index=True)


def _notice(rows: pd.DataFrame, kept: pd.DataFrame, nights: pd.DataFrame, capped: pd.Series) -> pd.DataFrame:
    malformed = ~(kept["start"].str.fullmatch(ORDERLY) & kept["end"].str.fullmatch(ORDERLY))
    counts = {
        ODD_TIMES: malformed,
        "rows with more destroyed and lost than launched (capped at launched)": capped,
        "rows of equal times and model, but with other counts or another report (added)": kept.duplicated(KEY),
        "rows over two dates (counted to the second)": kept["start"].str[:10] != kept["end"].str[:10],
        "nights and families with several rows (added)": nights["reports"] > 1,
    }
    return pd.DataFrame({"what": list(counts), "rows": [int(found.sum()) for found in counts.values()]})

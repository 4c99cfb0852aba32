"""Ties without recognition: trips between Taipei and a partner, offices on both sides, agreements in force."""

import pandas as pd

from analysis.recognition.facts.choices import LEVELS
from analysis.recognition.facts.states import days_of

TAIPEI = "TWN"
AGREEMENTS = r"(\d+) agreements"
TRIPS = [
    "trip_id", "day", "date", "date_precision", "from_iso3", "to_iso3", "to_taiwan", "level", "acknowledged", "number",
    "who", "topic", "note", "rows", "source_ids",
]  # fmt: skip


def find_exchanges(exchanges: pd.DataFrame, partner: str) -> pd.DataFrame:
    """Choose the exchanges between Taipei and one partner, in the order of time.

    Parameters
    ----------
    exchanges : pandas.DataFrame
        The table ``recognition/taiwan_exchanges``.
    partner : str
        Code of a state or place; ``TWN`` stands for all partners.

    Returns
    -------
    pandas.DataFrame
        Rows of the table with ``day`` (a month counts as its 15th, a year as 1 July). One row is a visit,
        meeting or statement; several may be one trip.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> len(find_exchanges(load_table("recognition/taiwan_exchanges"), "MDG"))
    1
    """
    own = exchanges[exchanges["from_iso3"].eq(partner) | exchanges["to_iso3"].eq(partner)]
    return own.assign(day=days_of(own["date"])).sort_values(["day", "claim_id"], ignore_index=True)


def group_trips(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Join the rows of each trip, so that a trip stands once.

    Parameters
    ----------
    exchanges : pandas.DataFrame
        From :func:`find_exchanges`.

    Returns
    -------
    pandas.DataFrame
        trip_id; day, date, date_precision, from_iso3 and to_iso3 of its first row; to_taiwan (to, not from), level,
        acknowledged (a row at least was announced), number (from 1 for those that are not, else 0), who, topic, note,
        rows (how many), source_ids. One row is one trip, in the order of days.

    Notes
    -----
    The level of a trip is the commonest of its rows; of two that are equally common, the higher one. A trip that
    was only reported, and not acknowledged at the time, stands with ``acknowledged`` false: show it, do not
    count it. The table is a sample of what was found: neither rates nor growth follow from it.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> trips = group_trips(find_exchanges(load_table("recognition/taiwan_exchanges"), "ISR")).set_index("trip_id")
    >>> trips.loc["deputy_fm_israel_2025-12", ["level", "acknowledged"]].astype("str").tolist()
    ['deputy_minister', 'False']
    """
    ranks = {level: rank for rank, level in enumerate(LEVELS)}
    trips = exchanges.assign(
        to_taiwan=exchanges["to_iso3"].eq(TAIPEI),
        level=exchanges["level"].map(ranks),
        acknowledged=exchanges["public"].eq("yes"),
    ).groupby("trip_id", sort=False)
    joined = trips[["day", "date", "date_precision", "from_iso3", "to_iso3", "to_taiwan"]].first()
    joined["level"] = trips["level"].agg(lambda ranks: ranks.mode().min()).map(dict(enumerate(LEVELS)))
    joined["acknowledged"] = trips["acknowledged"].any()
    joined[["who", "topic", "note"]] = trips[["who", "topic", "note"]].agg(_join)
    joined["rows"] = trips.size()
    joined["source_ids"] = trips["source_id"].agg(_join, ", ")
    joined["number"] = (~joined["acknowledged"]).cumsum().where(~joined["acknowledged"], 0)
    return joined.reset_index()[TRIPS]


def _join(words: pd.Series, between: str = "; ") -> str:
    return between.join(dict.fromkeys(words.dropna()))


def find_agreements(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Read how many agreements are in force from what was said at exchanges.

    Parameters
    ----------
    exchanges : pandas.DataFrame
        From :func:`find_exchanges`.

    Returns
    -------
    pandas.DataFrame
        day, date_precision, agreements (number), source_id. One row is one published count; none where the exchanges
        are with more than one partner, as a count is of the agreements with one.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> counts = find_agreements(find_exchanges(load_table("recognition/taiwan_exchanges"), "ISR"))
    >>> counts["agreements"].tolist()
    [15, 31, 32, 32, 33, 34, 34]
    """
    count = exchanges["topic"].str.extract(AGREEMENTS)[0]
    if len({*exchanges["from_iso3"], *exchanges["to_iso3"]} - {TAIPEI}) > 1:
        count[:] = None
    found = exchanges.loc[count.notna(), ["day", "date_precision", "source_id"]]
    found.insert(2, "agreements", count.dropna().astype("int64"))
    return found.reset_index(drop=True)


def find_offices(offices: pd.DataFrame, partner: str) -> pd.DataFrame:
    """Choose the offices of Taipei in one partner, with the partner's own in Taipei.

    Parameters
    ----------
    offices : pandas.DataFrame
        The table ``recognition/taiwan_offices``.
    partner : str
        Code of a state or place; ``TWN`` stands for all hosts.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> find_offices(load_table("recognition/taiwan_offices"), "ISR")["opened_year"].tolist()
    [1993]
    """
    own = offices["host"].eq(partner) | (partner == TAIPEI)
    return offices[own].reset_index(drop=True)

"""Shares that were stopped in raids that happened, by class, and what they would let through of a notional raid."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.nights import Nights, count_nights
from analysis.air_defence.facts.choices import DEFINITIONS, PREDICTED_FAMILIES
from analysis.errors import ParameterError, require_choice
from analysis.facts import Facts

STAND_INS = {"mrbm": "srbm", "srbm": "mrbm"}
"""Whose rate is taken where a record holds none of a class: the other of the two ballistic classes."""
RATES = ["record", "threat_class", "begin", "end", "raids", "launched", "stopped", "rate", "rate_low", "rate_high"]
TAILS = (0.05, 0.95)


def rates_of_nights(nights: Nights, first_day: str, last_day: str, record: str) -> pd.DataFrame:
    """Give the share stopped of each class in a period of the Ukrainian record.

    Parameters
    ----------
    nights : Nights
        From ``count_nights``, whose definition says what counts as stopped.
    first_day, last_day : str
        First and last night, YYYY-MM-DD, both included.
    record : str
        Name of the period, for the reader.

    Returns
    -------
    pandas.DataFrame
        One row is a class: ``record, threat_class, begin, end, raids`` (nights), ``launched, stopped, rate`` (0 to 1),
        ``rate_low, rate_high`` (shares between which the nights of nine threats in ten lie). A class that was not
        launched has no row.

    Notes
    -----
    Counts are the defender's own, over a whole country: a rate says nothing of one defended place.
    """
    inside = nights.nights["night"].between(first_day, last_day) & nights.nights["family"].isin(PREDICTED_FAMILIES)
    chosen = nights.nights[inside]
    raids = pd.DataFrame(
        {
            "threat_class": chosen["family"],
            "begin": chosen["night"].dt.strftime("%Y-%m-%d"),
            "launched": chosen["launched"],
            "stopped": chosen["killed"],
        }
    )
    return _sum_up(raids.assign(end=raids["begin"]), record)


def rates_of_raids(
    observed: pd.DataFrame, raid_ids: str, record: str, definition: str = "destroyed_or_lost"
) -> pd.DataFrame:
    """Give the share stopped of each class in raids of ``air_defence/observed_raids``.

    Parameters
    ----------
    observed : pandas.DataFrame
        Table ``air_defence/observed_raids``. Rows that count only what was destroyed (``censored``), count other than
        all that was launched or detected, or give no number of these are left out.
    raid_ids : str
        Beginning of the names of the raids, such as ``uae_2026``.
    record : str
        Name of the raids together, for the reader.
    definition : {"destroyed_or_lost", "destroyed"}
        Whether what failed by itself counts as stopped too.

    Returns
    -------
    pandas.DataFrame
        As :func:`rates_of_nights`; ``raids`` counts rows.
    """
    require_choice("definition", definition, DEFINITIONS)
    whole = observed["denominator"].isin(["launched", "detected"]) & ~observed["censored"].astype(bool)
    counted = observed["launched"].gt(0) & observed["destroyed"].notna()
    rows = observed[observed["raid_id"].str.startswith(raid_ids) & whole & counted.fillna(False)]
    failed = rows["failed"].fillna(0) if definition == "destroyed_or_lost" else 0
    stopped = np.minimum((rows["destroyed"] + failed).astype("int64"), rows["launched"].astype("int64"))
    raids = rows[["threat_class", "begin", "end"]].assign(launched=rows["launched"].astype("int64"), stopped=stopped)
    return _sum_up(raids, record)


def _sum_up(raids: pd.DataFrame, record: str) -> pd.DataFrame:
    rows = []
    for name, own in raids.groupby("threat_class", sort=False):
        shares, launched = (own["stopped"] / own["launched"]).to_numpy(float), own["launched"].to_numpy(float)
        low, high = np.quantile(shares, TAILS, weights=launched, method="inverted_cdf")
        totals = own[["launched", "stopped"]].sum()
        rate = totals["stopped"] / totals["launched"]
        rows.append((record, name, own["begin"].min(), own["end"].max(), len(own), *totals, rate, low, high))
    return pd.DataFrame(rows, columns=RATES)


def leakers_at_rates(threats: Mapping[str, int], rates: pd.DataFrame) -> pd.DataFrame:
    """Say how many of a notional raid would come through at the rates of a record.

    Parameters
    ----------
    threats : mapping of str to int
        Threats by class.
    rates : pandas.DataFrame
        From :func:`rates_of_nights` or :func:`rates_of_raids`, one record.

    Returns
    -------
    pandas.DataFrame
        One row is a class of the raid: ``threat_class, threats, rate_of`` (the class whose rate is taken; empty where
        the record holds none), ``rate, leakers, leakers_low, leakers_high`` (empty likewise).

    Raises
    ------
    ParameterError
        When the rates are of several records.

    Examples
    --------
    >>> rates = pd.DataFrame({"record": ["a"], "threat_class": ["srbm"], "rate": [0.25], "rate_low": [0.0],
    ...                       "rate_high": [0.5]})
    >>> leakers_at_rates({"mrbm": 8, "hgv": 2}, rates)[["threat_class", "rate_of", "leakers"]].values.tolist()
    [['mrbm', 'srbm', 6.0], ['hgv', '', nan]]
    """
    if rates["record"].nunique() > 1:
        raise ParameterError(f"rates hold {rates['record'].nunique()} records; give those of one.")
    known = rates.set_index("threat_class")
    rows = []
    for name, number in threats.items():
        taken = next((one for one in (name, STAND_INS.get(name, name)) if one in known.index), "")
        rate, low, high = known.loc[taken, ["rate", "rate_low", "rate_high"]] if taken else (np.nan,) * 3
        rows.append((name, number, taken, rate, number * (1 - rate), number * (1 - high), number * (1 - low)))
    return pd.DataFrame(
        rows, columns=["threat_class", "threats", "rate_of", "rate", "leakers", "leakers_low", "leakers_high"]
    )


def leakers_at_real_rates(threats: Mapping[str, int], facts: Facts) -> pd.DataFrame:
    """Say how many of a notional raid would come through at the rates of the records that pages print beside a model.

    Parameters
    ----------
    threats : mapping of str to int
        Threats by class.
    facts : Facts
        Tables of ``air_defence/``: ``ukraine_reports, ukraine_models, observed_raids``.

    Returns
    -------
    pandas.DataFrame
        As :func:`leakers_at_rates`, with ``record``: Ukraine in the second half of 2025; the Emirates; and the same
        with what failed by itself as let through.
    """
    record = count_nights(facts.ukraine_reports, facts.ukraine_models)
    emirates = facts.observed_raids, "uae_2026"
    real = [
        rates_of_nights(record, "2025-07-01", "2025-12-31", "Ukraine, second half of 2025"),
        rates_of_raids(*emirates, "the Emirates from 28 February 2026"),
        rates_of_raids(*emirates, "the same, what fell in the sea as let through", "destroyed"),
    ]
    return pd.concat([leakers_at_rates(threats, one).assign(record=one["record"].iloc[0]) for one in real])

"""Cost exchange and value protected, by layer and threat class, in ranges."""

import pandas as pd

from analysis.air_defence.assumed import ENDS, assumption
from analysis.air_defence.choices import PRICE_BASES, THREAT_CLASSES
from analysis.air_defence.claims import is_confirmed, keep_confidence
from analysis.air_defence.cost import cost_exchange_ratio, expected_shots, value_protected
from analysis.air_defence.engagement import kill_probability
from analysis.errors import require_choice

STAKE = "value_at_stake"
"""The assumption that says what one leak would destroy."""
ORDER = ("exo", "upper_endo", "long", "medium", "short", "very_short")


def stake(assumptions: pd.DataFrame) -> float:
    """Value that one leak would destroy, as assumed at best, in USD.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        Table ``air_defence/assumptions``.
    """
    return assumption(assumptions, STAKE)["best"]


def list_prices(systems: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Put names and layers beside the prices of some systems, the highest layer first.

    Parameters
    ----------
    systems : pandas.DataFrame
        Rows of ``air_defence/systems`` whose prices are wanted.
    prices : pandas.DataFrame
        From ``prices.price_ranges``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``prices`` with ``name`` and ``layer``; within a system by ``choices.PRICE_BASES``.
    """
    rows = systems[["system_id", "name", "layer"]].merge(prices, on="system_id")
    rows = rows.assign(height=rows["layer"].map(ORDER.index), kind=rows["price_basis"].map(PRICE_BASES.index))
    order = ["height", "name", "kind", "interceptor", "dated"]
    return rows.sort_values(order, kind="stable", ignore_index=True).drop(columns=["height", "kind"])


def exchange_by_layer(
    systems: pd.DataFrame,
    capability: pd.DataFrame,
    threats: pd.DataFrame,
    prices: pd.DataFrame,
    assumptions: pd.DataFrame,
    shots: int,
    doctrine: str,
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Cost exchange ratio and value protected of every layer against every class that it is rated against.

    Parameters
    ----------
    systems : pandas.DataFrame
        Rows of ``air_defence/systems`` whose layers are wanted.
    capability, threats, assumptions : pandas.DataFrame
        Tables of ``air_defence/``.
    prices : pandas.DataFrame
        From ``prices.price_ranges``.
    shots, doctrine
        As in ``cost.expected_shots``; the same for every layer.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the ratings used.

    Returns
    -------
    pandas.DataFrame
        One row is a system against a class by one kind of price, the highest layer first. Columns: ``system_id, name,
        layer, interceptor, price_basis, dated, threat_class, capability, confirmed`` (rating and price were both seen
        in a source); ``ratio_low, ratio_best, ratio_high``; ``value_low, value_best, value_high`` (value protected for
        each threat engaged, USD); ``pays_above`` (value at stake, in USD, above which an engagement pays, at the best
        values) and ``single_shot_best``.

    Raises
    ------
    ParameterError
        When a choice or number is not allowed.
    DataError
        When an assumption is missing.

    Notes
    -----
    For one threat that is tracked and for which rounds are there. Low takes every input at the end that makes the
    number low, and high at the other, which is wider than chance would make it. Prices of threats have no year and no
    stated kind: they stand as published beside interceptor prices of one year. Value at stake is one assumption for
    all; lives are left out.
    """
    require_choice("doctrine", doctrine, ("barrage", "shoot-look-shoot"))
    ratings = keep_confidence(capability, minimum_confidence)
    ratings = ratings[ratings["capability"] != "none"].assign(seen=is_confirmed)
    rows = list_prices(systems, prices).reset_index(names="place")
    rows = rows.merge(ratings[["system_id", "threat_class", "capability", "seen"]], on="system_id")
    rows = rows.merge(threats.filter(regex="^threat_class$|^unit_cost"), on="threat_class")
    rows["confirmed"] = rows["seen"] & (rows["n_unconfirmed"] == 0)
    numbers = [_numbers(row, assumptions, shots, doctrine) for _, row in rows.iterrows()]
    rows = pd.concat([rows.reset_index(drop=True), pd.DataFrame(numbers, columns=_NUMBERS)], axis=1)
    rows["threat"] = rows["threat_class"].map(list(THREAT_CLASSES).index)
    rows = rows.sort_values(["place", "threat"], kind="stable", ignore_index=True)
    columns = ["system_id", "name", "layer", "interceptor", "price_basis", "dated", "threat_class", "capability"]
    return rows[[*columns, "confirmed", *_NUMBERS]]


_NUMBERS = [
    *(f"ratio_{end}" for end in ENDS),
    *(f"value_{end}" for end in ENDS),
    "pays_above",
    "single_shot_best",
]


def _numbers(row: pd.Series, assumptions: pd.DataFrame, shots: int, doctrine: str) -> dict[str, float]:
    """Work out the numbers of one row from the ends of its inputs."""
    kill, leak = assumption(assumptions, f"single_shot_{row['capability']}"), assumption(assumptions, STAKE)
    other = {"low": "high", "best": "best", "high": "low"}
    found: dict[str, float] = {"single_shot_best": kill["best"]}
    for end, away in other.items():
        threat = row[f"unit_cost_usd_{away}"]
        found[f"ratio_{end}"] = float(cost_exchange_ratio(row[end], threat, kill[away], shots, doctrine))
        found[f"value_{end}"] = float(value_protected(1, kill[end], shots, doctrine, leak[end], row[away]))
    fired = expected_shots(kill["best"], shots, doctrine)
    found["pays_above"] = float(fired * row["best"] / kill_probability(kill["best"], shots))
    return found

"""Cost exchange and value protected, by layer and threat class, in ranges."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES, DOCTRINES, PRICE_BASES, SYSTEMS, THREAT_CLASSES
from analysis.air_defence.facts.claims import (
    ENDS,
    OF_ONE,
    assumption,
    assumption_of,
    distribution_of,
    is_confirmed,
    keep_confidence,
)
from analysis.air_defence.facts.prices import KEY, PREFERRED, name_basis, prefer_prices
from analysis.air_defence.models.engagement import kill_probability
from analysis.air_defence.models.exchange import cost_exchange_ratio, expected_shots, value_protected
from analysis.air_defence.questions.uncertainty import draw_inputs, sensitivity
from analysis.errors import ParameterError, require_choice
from analysis.facts import Facts

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
    order = ["height", "name", "kind", "interceptor", "buyer", "dated"]
    return rows.sort_values(order, kind="stable", ignore_index=True).drop(columns=["height", "kind"])


def exchange_by_layer(
    facts: Facts,
    prices: pd.DataFrame,
    shots: int,
    doctrine: str,
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Cost exchange ratio and value protected of every layer against every class that it is rated against.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``systems, capability, threats, assumptions``.
    prices : pandas.DataFrame
        From ``prices.price_ranges``.
    shots, doctrine
        As in ``exchange.expected_shots``; the same for every layer.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the ratings used.

    Returns
    -------
    pandas.DataFrame
        One row is a system against a class by one kind of price, the highest layer first. Columns: ``system_id, name,
        layer, interceptor, price_basis, buyer, dated, threat_class, capability, confirmed`` (rating and price were both
        seen in a source); ``ratio_low, ratio_best, ratio_high``; ``value_low, value_best, value_high`` (value protected
        for each threat engaged, USD); ``pays_above`` (value at stake, in USD, above which an engagement pays at the
        best values) and ``single_shot_best``.

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
    require_choice("doctrine", doctrine, DOCTRINES)
    ratings = keep_confidence(facts.capability, minimum_confidence)
    ratings = ratings[ratings["capability"] != "none"].assign(seen=is_confirmed)
    rows = list_prices(facts.systems, prices).reset_index(names="place")
    rows = rows.merge(ratings[["system_id", "threat_class", "capability", "seen"]], on="system_id")
    rows = rows.merge(facts.threats.filter(regex="^threat_class$|^unit_cost"), on="threat_class")
    rows["confirmed"] = rows["seen"] & (rows["n_unconfirmed"] == 0)
    numbers = [_numbers(row, facts.assumptions, shots, doctrine) for _, row in rows.iterrows()]
    rows = pd.concat([rows.reset_index(drop=True), pd.DataFrame(numbers, columns=_NUMBERS)], axis=1)
    rows["threat"] = rows["threat_class"].map(list(THREAT_CLASSES).index)
    rows = rows.sort_values(["place", "threat"], kind="stable", ignore_index=True)
    columns = ["system_id", "name", "layer", "interceptor", "price_basis", "buyer", "dated", "threat_class"]
    return rows[[*columns, "capability", "confirmed", *_NUMBERS]]


_NUMBERS = [
    *(f"ratio_{end}" for end in ENDS),
    *(f"value_{end}" for end in ENDS),
    "pays_above",
    "single_shot_best",
]


def _numbers(row: pd.Series, assumptions: pd.DataFrame, shots: int, doctrine: str) -> dict[str, float]:
    """Work out the numbers of one row from the ends of its inputs."""
    kill, leak = assumption(assumptions, _kill_of(row, assumptions)), assumption(assumptions, STAKE)
    other = {"low": "high", "best": "best", "high": "low"}
    found: dict[str, float] = {"single_shot_best": kill["best"]}
    for end, away in other.items():
        threat = row[f"unit_cost_usd_{away}"]
        found[f"ratio_{end}"] = float(cost_exchange_ratio(row[end], threat, kill[away], shots, doctrine))
        found[f"value_{end}"] = float(value_protected(1, kill[end], shots, doctrine, leak[end], row[away]))
    fired = expected_shots(kill["best"], shots, doctrine)
    found["pays_above"] = float(fired * row["best"] / kill_probability(kill["best"], shots))
    return found


def _kill_of(row: pd.Series, assumptions: pd.DataFrame) -> str:
    """Name the assumption that gives the kill probability of a system against a class."""
    shared = f"single_shot_{row['capability']}"
    return assumption_of(assumptions, row["system_id"], "single_shot", shared, row["threat_class"])


INPUTS = ("interceptor price", "threat price", "kill probability", "value at stake")
DRAWS, BASE = 4096, 512


@dataclass(frozen=True)
class Pair:
    """A layer against a class, taken apart.

    Attributes
    ----------
    title : str
        System, class and kind of price, in words.
    ranges : pandas.DataFrame
        From :func:`pair_ranges`.
    ratio, value : pandas.DataFrame
        From :func:`swing_by_input`, for the exchange ratio and for the value protected (USD).
    bands : pandas.DataFrame
        Quantiles 0.05, 0.5 and 0.95 (the index) of ``ratio`` and ``value`` when all inputs are drawn at once.
    shares : pandas.Series
        Share of the variance of the value protected that each input answers for (total Sobol index).

    Where the pair has no price or no rating all frames are empty, and the title says which classes have both.
    """

    title: str
    ranges: pd.DataFrame
    ratio: pd.DataFrame
    value: pd.DataFrame
    bands: pd.DataFrame
    shares: pd.Series

    @property
    def swings(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """The three frames that a sentence about the pair needs: ratio, value and bands."""
        return self.ratio, self.value, self.bands

    @property
    def both(self) -> dict[str, pd.DataFrame]:
        """The swings of both results, by the name of the result."""
        return {"ratio": self.ratio, "value": self.value}

    def numbers(self) -> dict[str, float]:
        """The key numbers of the pair, by their names in words; none where there is no such pair."""
        if self.ratio.empty:
            return {}
        low, high = self.bands["ratio"][0.05], self.bands["ratio"][0.95]
        named = {
            "exchange ratio at the best values": float(self.ratio["at_best"].iloc[0]),
            "ratio, low end of 9 draws in 10": float(low),
            "ratio, high end of 9 draws in 10": float(high),
            "value protected at the best values, million USD": float(self.value["at_best"].iloc[0] / 1e6),
        }
        return {f"{self.title}: {name}": value for name, value in named.items()}


def take_apart(
    exchange: pd.DataFrame, prices: pd.DataFrame, facts: Facts, system_id: str, threat_class: str,
    shots: int, doctrine: str, seed: int, buyer: str = "",
) -> Pair:  # fmt: skip
    """Say how far each input moves the results of one engagement, alone and together.

    Parameters
    ----------
    exchange, prices, facts, system_id, threat_class
        As in :func:`pair_ranges`.
    shots, doctrine
        As in ``exchange.expected_shots``.
    seed : int
        Seed of the draws.
    buyer : str
        As in :func:`pair_ranges`.

    Returns
    -------
    Pair
        See there; where it has no price or no rating, it says so.
    """
    mine = exchange[(exchange["system_id"] == system_id) & exchange["price_basis"].isin(PREFERRED)]
    if threat_class not in set(mine["threat_class"]):
        return _no_pair(system_id, threat_class, list(mine["threat_class"].unique()))
    basis, ranges = pair_ranges(exchange, prices, facts, system_id, threat_class, buyer=buyer)
    known = ranges["best"]  # for inputs without spread, which are not drawn

    def one(name: str) -> Callable[[pd.DataFrame], pd.Series]:
        return lambda draws: pair_outcomes(draws.assign(**known.drop(draws.columns)), shots, doctrine)[name]

    ratio, value = (swing_by_input(one(name), ranges) for name in ("ratio", "value"))
    bands = pair_outcomes(draw_inputs(ranges, DRAWS, seed), shots, doctrine).quantile([0.05, 0.5, 0.95])
    shares = sensitivity(one("value"), ranges, BASE, seed).set_index("input")["total"]
    title = name_pair(system_id, threat_class, basis)
    return Pair(title, ranges, ratio, value, bands, shares.reindex(ranges.index).fillna(0.0))


def _no_pair(system_id: str, threat_class: str, known: list[str]) -> Pair:
    """Give a pair that has no price or no rating, with empty frames."""
    ranges = pd.DataFrame(columns=[*ENDS, "whole", "assumed", "why"], index=pd.Index([], name="input"))
    swings = pd.DataFrame(columns=["input", "at_low", "at_high", "at_best", "swing"])
    bands = pd.DataFrame(columns=["ratio", "value"], index=[0.05, 0.5, 0.95], dtype=float)
    title = f"{SYSTEMS[system_id]} against one {THREAT_CLASSES[threat_class].lower()}"
    title += f" (with a price and a rating: {', '.join(known) or 'no class'})"
    return Pair(title, ranges, swings, swings, bands, pd.Series(dtype=float))


def published_check() -> dict[str, float]:
    """Reproduce the exchange ratio of one Tamir against one crude rocket, by its name in words.

    References
    ----------
    50,000 and 800 US dollars, rows ``jpost_2011`` of ``system_parameters`` and ``mortar_rocket`` of ``threats``.

    Examples
    --------
    >>> published_check()
    {'one Tamir of 50,000 USD against a rocket of 800 USD': 62.5}
    """
    name = "one Tamir of 50,000 USD against a rocket of 800 USD"
    return {name: float(cost_exchange_ratio(50_000, 800, 0.9, 1, "barrage"))}


def buyer_of(architecture: str, facts: Facts) -> str:
    """Name the state that pays for an architecture, by its ISO code; an empty text where several do.

    Parameters
    ----------
    architecture : str
        One of ``choices.ARCHITECTURES``.
    facts : Facts
        Table ``air_defence/architectures``.

    Raises
    ------
    ParameterError
        When the architecture is not known.
    """
    require_choice("architecture", architecture, ARCHITECTURES)
    owner = facts.architectures.set_index("architecture_id")["owner"][architecture]
    return "" if pd.isna(owner) else str(owner)


def name_pair(system_id: str, threat_class: str, price_basis: str) -> str:
    """Name a pair in words.

    Examples
    --------
    >>> name_pair("patriot_pac3_mse", "srbm", "domestic")
    'Patriot PAC-3 MSE against one short-range ballistic missile, domestic price'
    """
    return f"{SYSTEMS[system_id]} against one {THREAT_CLASSES[threat_class].lower()}, {price_basis} price"


def pair_ranges(
    exchange: pd.DataFrame, prices: pd.DataFrame, facts: Facts, system_id: str, threat_class: str,
    price_basis: str | None = None, buyer: str = "",
) -> tuple[str, pd.DataFrame]:  # fmt: skip
    """Low, best and high of what one engagement hangs on, for one layer, class and kind of price.

    Parameters
    ----------
    exchange : pandas.DataFrame
        From ``cost.exchange_by_layer``; says which pairs there are.
    prices : pandas.DataFrame
        As there.
    facts : Facts
        Tables ``threats, assumptions`` of ``air_defence/``.
    system_id, threat_class : str
        The pair.
    price_basis : str, optional
        Kind of price; by default what ``buyer`` itself pays, of whatever kind, else the first of ``PREFERRED`` that is
        published; dated prices before undated ones.
    buyer : str
        ISO code of the state that pays for the defence (``owner`` of ``air_defence/architectures``); may be empty.

    Returns
    -------
    price_basis : str
        Kind of price that was taken, with the buyer where it is the one asked for.
    ranges : pandas.DataFrame
        One row is an input (the index, one of ``INPUTS``): ``low, best, high, whole, assumed, why``; for
        ``uncertainty.draw_inputs``.

    Raises
    ------
    ParameterError
        When there is no such pair; the message lists the kinds of price and classes that there are.
    """
    kinds = PREFERRED if price_basis is None else (price_basis,)
    mine = exchange[exchange["system_id"] == system_id]
    pair = mine[(mine["threat_class"] == threat_class) & mine["price_basis"].isin(kinds)]
    if pair.empty:
        known = sorted({f"{row.threat_class} ({row.price_basis})" for row in mine.itertuples()})
        raise ParameterError(
            f"{system_id} against {threat_class}: no price of that kind, or no rating of that confidence. "
            f"{system_id} can be asked about {', '.join(known) or 'nothing: it has no price'}."
        )
    row = prefer_prices(pair, buyer).iloc[0]
    same = (prices[KEY] == row[KEY]).all(axis=1)
    price = prices[same].iloc[0]
    basis = name_basis(row, buyer)
    threat = facts.threats.set_index("threat_class").loc[threat_class]
    shot = _kill_of(row, facts.assumptions)
    kill = assumption(facts.assumptions, shot)
    rated = "assumed of this system alone" if OF_ONE in shot else "kill probability assumed by rating"
    stake = assumption(facts.assumptions, STAKE)
    ends = [
        [*(price[end] for end in ENDS), False, not row["dated"], f"published, {basis}, in dollars of one year"],
        [*(threat[f"unit_cost_usd_{end}"] for end in ENDS), False, False, "published or leaked; no year is given"],
        [*kill.values(), False, True, f"rated {row['capability']}; {rated}"],
        [*stake.values(), False, True, "assumed: what one leak would destroy"],
    ]
    columns = [*ENDS, "whole", "assumed", "why"]
    laws = ["", "", *(distribution_of(facts.assumptions, name) for name in (shot, STAKE))]
    ranges = pd.DataFrame(ends, columns=columns, index=pd.Index(INPUTS, name="input"))
    return basis, ranges.assign(distribution=laws)


def pair_outcomes(draws: pd.DataFrame, shots: int, doctrine: str) -> pd.DataFrame:
    """Exchange ratio and value protected of one engagement for each draw of its inputs.

    Parameters
    ----------
    draws : pandas.DataFrame
        One row is a draw, one column an input of ``INPUTS``.
    shots, doctrine
        As in ``exchange.expected_shots``.

    Returns
    -------
    pandas.DataFrame
        One row is a draw: ``ratio`` and ``value`` (USD for each threat engaged).

    Examples
    --------
    >>> draws = pd.DataFrame([[50_000, 800, 0.9, 1_000_000]], columns=list(INPUTS))
    >>> pair_outcomes(draws, shots=1, doctrine="barrage").values.tolist()
    [[62.5, 850000.0]]
    """
    price, threat, kill, stake = (draws[name].to_numpy(float) for name in INPUTS)
    ratio = cost_exchange_ratio(price, threat, kill, shots, doctrine)
    value = value_protected(1, kill, shots, doctrine, stake, price)
    return pd.DataFrame({"ratio": ratio, "value": value}, index=draws.index)


def swing_by_input(model: Callable[[pd.DataFrame], pd.Series], ranges: pd.DataFrame) -> pd.DataFrame:
    """How far a result moves when one input goes from low to high and the others stay at their best values.

    Parameters
    ----------
    model : callable
        Takes a frame of inputs, one row a case, and returns one number for each.
    ranges : pandas.DataFrame
        ``low, best, high``; the index names the inputs.

    Returns
    -------
    pandas.DataFrame
        One row is an input, the one that moves the result most first: ``input, at_low, at_high, at_best, swing``.

    Notes
    -----
    One input at a time: effects of two inputs together do not show; ``uncertainty.sensitivity`` has them.

    Examples
    --------
    >>> ranges = pd.DataFrame({"low": [1.0, 1.0], "best": 2.0, "high": [3.0, 9.0]}, index=["small", "large"])
    >>> swing_by_input(lambda cases: cases["small"] + cases["large"], ranges).values.tolist()
    [['large', 3.0, 11.0, 4.0, 8.0], ['small', 3.0, 5.0, 4.0, 2.0]]
    """
    best = ranges["best"].astype(float)
    cases = [best]
    for name in ranges.index:
        cases += [best.where(best.index != name, ranges.loc[name, end]) for end in ("low", "high")]
    results = pd.Series(model(pd.DataFrame(cases).reset_index(drop=True))).to_numpy(float)
    table = pd.DataFrame(
        {"input": ranges.index, "at_low": results[1::2], "at_high": results[2::2], "at_best": results[0]}
    )
    table["swing"] = (table["at_high"] - table["at_low"]).abs()
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)

"""Draws of uncertain inputs, and what they do: bands for what is not known, beside the distribution of luck."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from SALib.analyze import sobol as sobol_indices
from SALib.sample import sobol as sobol_points
from scipy.stats import beta, qmc, triang

from analysis.air_defence.facts.choices import IGNORANCE
from analysis.air_defence.models.arguments import require_amount, require_count, require_one
from analysis.errors import ParameterError, require_choice

SHAPES = ("pert", "uniform")
BETA = r"beta\(([0-9.]+),([0-9.]+)\)"
"""A law between 0 and 1 by its two exponents; low and high then hold nine of ten draws and are no limits."""
KILL = "single_shot"
METHODS = ("sobol", "latin hypercube")
LARGEST_DRAWS = 10_000_000
LARGEST_TABLE = 100_000_000  # numbers drawn at a time: 0.8 GB
LUCK = ["mean", "probability_zero", "q05", "q50", "q95"]
BAND = 0.9  # share of the draws inside a band


def require_ranges(ranges: pd.DataFrame) -> pd.DataFrame:
    """Refuse ranges that are not low <= best <= high, naming the first input that is wrong.

    Parameters
    ----------
    ranges : pandas.DataFrame
        One row is an uncertain input, the index its name. Columns: ``low, best, high`` and, where counts are among
        them, ``whole`` (true for a count) and ``distribution`` (the law of an input: uniform, triangular, pert, or
        beta(a,b), whose low and high are no limits; empty for the shape that is asked for).

    Returns
    -------
    pandas.DataFrame
        The same, with ``whole`` false and ``distribution`` empty where they were not given.

    Raises
    ------
    ParameterError
        When a number is missing or not finite, the order is wrong, a name stands twice, or a count has a fraction.

    Examples
    --------
    >>> require_ranges(pd.DataFrame({"low": [0.9], "best": [0.8], "high": [1.0]}, index=["upper.track"]))
    Traceback (most recent call last):
    analysis.errors.ParameterError: ranges.upper.track = 0.9, 0.8, 1.0 is not allowed; give low <= best <= high.
    """
    _require_columns("ranges", ranges, ["low", "best", "high"])
    if not ranges.index.is_unique:
        twice = ranges.index[ranges.index.duplicated()][0]
        raise ParameterError(f"ranges names {twice!r} more than once; give each input one row.")
    whole = ranges["whole"].fillna(False).astype(bool) if "whole" in ranges else pd.Series(False, ranges.index)
    for name, low, best, high in ranges[["low", "best", "high"]].itertuples():
        values = require_amount(f"ranges.{name}", [low, best, high], smallest=-1e15)
        if not low <= best <= high:
            raise ParameterError(f"ranges.{name} = {low}, {best}, {high} is not allowed; give low <= best <= high.")
        if whole[name] and (values != np.floor(values)).any():
            raise ParameterError(f"ranges.{name} = {low}, {best}, {high} is not allowed; a count needs whole numbers.")
    laws = ranges["distribution"].fillna("") if "distribution" in ranges else ""
    return ranges[["low", "best", "high"]].astype(float).assign(whole=whole, distribution=laws)


def draw_inputs(
    ranges: pd.DataFrame,
    n_draws: int,
    seed: int,
    shape: str = "pert",
    method: str = "sobol",
    ignorance: str = "apart",
) -> pd.DataFrame:
    """Draw uncertain inputs from their low, best and high values.

    Parameters
    ----------
    ranges : pandas.DataFrame
        As for :func:`require_ranges`; the index names the inputs, as in ``layers.raid_leakers_by_draw``.
    n_draws : int
        Draws, 1 to 10,000,000 (draws times inputs at most 100,000,000). A power of two keeps Sobol points balanced.
    seed : int
        Seed of the scrambling.
    shape : {"pert", "uniform"}
        PERT: most weight near the best value, none beyond low and high. Uniform: the best value is not used.
    method : {"sobol", "latin hypercube"}
        Scrambled Sobol points, or a Latin hypercube.
    ignorance : {"apart", "together"}
        Whether kill probabilities (names that end in ``single_shot``) are drawn each for itself, or lie all at one
        common quantile of their ranges, as one wrong belief about interceptors would move them.

    Returns
    -------
    pandas.DataFrame
        One row is a draw, one column an input, in the order of ``ranges``.

    Raises
    ------
    ParameterError
        When ranges are not in order, a choice is not known, or more is asked than fits in memory.

    Notes
    -----
    Drawn apart, inputs are independent, which is often hopeful: one unknown cause may lower several at once. Counts
    are rounded to the nearest whole number (PERT) or taken equally often from low to high (uniform). Low and high are
    read as limits: where they are only a likely range, spread them first.

    References
    ----------
    Malcolm and others' PERT distribution: a beta distribution whose mean is (low + 4 best + high) / 6.

    Examples
    --------
    >>> ranges = pd.DataFrame({"low": [0.5], "best": [0.7], "high": [0.8]}, index=["upper.srbm.single_shot"])
    >>> draws = draw_inputs(ranges, 1024, seed=7)
    >>> round(float(draws["upper.srbm.single_shot"].mean()), 3)  # (0.5 + 4 * 0.7 + 0.8) / 6
    0.683
    """
    known = require_ranges(ranges)
    require_choice("shape", shape, SHAPES)
    require_choice("method", method, METHODS)
    require_choice("ignorance", ignorance, IGNORANCE)
    require_one(n_draws=n_draws, seed=seed)
    largest = max(1, min(LARGEST_DRAWS, LARGEST_TABLE // max(1, len(known))))
    n, start = int(require_count("n_draws", n_draws, largest, smallest=1)), int(require_count("seed", seed, 2**53))
    if known.empty:
        return pd.DataFrame(index=range(n))
    if method == "sobol":
        points = qmc.Sobol(len(known), rng=np.random.default_rng(start)).random_base2((n - 1).bit_length())[:n]
    else:
        points = qmc.LatinHypercube(len(known), rng=np.random.default_rng(start)).random(n)
    if ignorance == "together":
        kills = np.flatnonzero(known.index.str.endswith(KILL))
        points[:, kills] = points[:, kills[:1]]
    return spread(points, known, shape)


def spread(points: np.ndarray, ranges: pd.DataFrame, shape: str) -> pd.DataFrame:
    """Turn points of the unit cube into inputs, one column for each row of checked ranges.

    Examples
    --------
    >>> ranges = require_ranges(pd.DataFrame({"low": [4], "best": [5], "high": [6], "whole": True}, index=["n"]))
    >>> spread(np.array([[0.1], [0.5], [0.9]]), ranges, "uniform")["n"].tolist()
    [4, 5, 6]
    """
    columns = {}
    for place, (name, low, best, high, whole, law) in enumerate(ranges.itertuples()):
        columns[name] = _quantiles(points[:, place], (low, best, high), whole, law or shape)
    return pd.DataFrame(columns)


def _quantiles(share: np.ndarray, ends: tuple[float, float, float], whole: bool, law: str) -> np.ndarray:
    """Values of one input at shares of its law."""
    low, best, high = ends
    own = re.fullmatch(BETA, law)
    if own:
        return beta.ppf(share, float(own[1]), float(own[2]))
    if low == high:
        values = np.full(share.size, low)
    elif law == "uniform":
        values = np.minimum(low + np.floor(share * (high - low + 1)), high) if whole else low + share * (high - low)
    elif law == "triangular":
        values = triang.ppf(share, (best - low) / (high - low), low, high - low)
    else:
        left, right = 1 + 4 * (best - low) / (high - low), 1 + 4 * (high - best) / (high - low)
        values = low + (high - low) * beta.ppf(share, left, right)
    return np.round(values).astype(np.int64) if whole else np.clip(values, low, high)


def outcome_bands(results: pd.DataFrame, confidence: float = BAND, by: list[str] | None = None) -> pd.DataFrame:
    """Band over draws of each number that describes luck: what is not known, kept apart from chance.

    Parameters
    ----------
    results : pandas.DataFrame
        From ``layers.raid_leakers_by_draw`` or ``compute.sweep``; one row is a draw.
    confidence : float
        Share of the draws inside the band, 0 to 1.
    by : list of str
        Columns of ``results`` to group by, such as the raid; none gives one band for each quantity.

    Returns
    -------
    pandas.DataFrame
        One row is a quantity (in a group): ``mean, probability_zero, q05, q50, q95``. Columns: those of ``by``,
        ``quantity, low, median, high``.

    Raises
    ------
    ParameterError
        When ``confidence`` is out of range or a column is missing.

    Notes
    -----
    The row ``q95`` says how bad luck may turn out, and its low and high how far that is from being known. A band
    covers the ranges that were drawn from, not what those leave out.

    Examples
    --------
    >>> results = pd.DataFrame({name: [1.0, 2.0, 3.0] for name in LUCK})
    >>> outcome_bands(results, confidence=1.0).set_index("quantity").loc["q95"].tolist()
    [1.0, 2.0, 3.0]
    """
    require_one(confidence=confidence)
    inside = float(require_amount("confidence", confidence, largest=1.0))
    _require_columns("results", results, [*LUCK, *(by or [])])
    long = results.melt(id_vars=by or [], value_vars=LUCK, var_name="quantity")
    groups = long.groupby([*(by or []), "quantity"], sort=False)["value"]
    limits = {"low": (1 - inside) / 2, "median": 0.5, "high": (1 + inside) / 2}
    return pd.DataFrame({name: groups.quantile(q) for name, q in limits.items()}).reset_index()


def split_variance(results: pd.DataFrame) -> pd.Series:
    """Split the variance of the leakers into luck and what is not known.

    Parameters
    ----------
    results : pandas.DataFrame
        From ``layers.raid_leakers_by_draw``; one row is a draw.

    Returns
    -------
    pandas.Series
        ``luck`` (mean of the variances), ``ignorance`` (variance of the means, the part from simulation taken out)
        and ``total``, their sum.

    Examples
    --------
    >>> results = pd.DataFrame({"mean": [1.0, 3.0], "variance": [0.5, 1.5], "standard_error": 0.0})
    >>> split_variance(results).to_dict()
    {'luck': 1.0, 'ignorance': 1.0, 'total': 2.0}
    """
    luck = float(results["variance"].mean())
    noise = float((results["standard_error"] ** 2).mean())
    ignorance = max(0.0, float(results["mean"].var(ddof=0)) - noise)
    return pd.Series({"luck": luck, "ignorance": ignorance, "total": luck + ignorance})


def sensitivity(
    model: Callable[[pd.DataFrame], pd.Series], ranges: pd.DataFrame, n_base: int, seed: int, shape: str = "pert"
) -> pd.DataFrame:
    """Sobol indices: the share of a result's variance that each uncertain input is answerable for.

    Parameters
    ----------
    model : callable
        Takes draws (a frame as from :func:`draw_inputs`) and returns one number for each.
    ranges : pandas.DataFrame
        As for :func:`require_ranges`; inputs without spread are left out.
    n_base : int
        Base points, a power of two from 2 to 65,536; the model is asked for n_base (inputs + 2) draws.
    seed : int
        Seed of the points and of the resampling behind the errors.
    shape : {"pert", "uniform"}
        As in :func:`draw_inputs`.

    Returns
    -------
    pandas.DataFrame
        One row is an input, the most important first: ``input, first_order`` (its own effect), ``total`` (with its
        interactions) and the half-widths of their 95 % intervals, ``first_order_error, total_error``.

    Raises
    ------
    ParameterError
        When ranges are not in order, a choice is not known, or ``n_base`` is not a power of two.

    Notes
    -----
    The indices rank inputs under these ranges: an input whose range is drawn too narrow looks harmless. Estimates
    may be slightly negative. All are 0 where the result does not vary.

    References
    ----------
    Sobol's indices, by SALib.

    Examples
    --------
    >>> ranges = pd.DataFrame({"low": [0.0, 0.0], "best": 0.5, "high": [3.0, 1.0]}, index=["large", "small"])
    >>> found = sensitivity(lambda draws: draws["large"] + draws["small"], ranges, 1024, seed=1, shape="uniform")
    >>> found[["input", "total"]].round(2).values.tolist()  # 9 / 10 and 1 / 10
    [['large', 0.9], ['small', 0.1]]
    """
    known = require_ranges(ranges)
    require_choice("shape", shape, SHAPES)
    require_one(n_base=n_base, seed=seed)
    n, start = int(require_count("n_base", n_base, 65_536, smallest=2)), int(require_count("seed", seed, 2**32 - 1))
    if n & (n - 1):
        raise ParameterError(f"n_base = {n} is not allowed; give a power of two from 2 to 65,536.")
    varied = known[known["low"] < known["high"]]
    columns = ["first_order", "first_order_error", "total", "total_error"]
    if varied.empty:
        return pd.DataFrame(columns=["input", *columns])
    problem = {"num_vars": len(varied), "names": list(varied.index), "bounds": [[0.0, 1.0]] * len(varied)}
    unit = sobol_points.sample(problem, n, calc_second_order=False, seed=start)
    results = np.asarray(model(spread(unit, varied, shape)), float)
    if np.ptp(results) == 0.0:
        table = pd.DataFrame(0.0, index=varied.index, columns=columns)
    else:
        found = sobol_indices.analyze(problem, results, calc_second_order=False, seed=start)
        table = pd.DataFrame(
            dict(zip(columns, (found[key] for key in ("S1", "S1_conf", "ST", "ST_conf")), strict=True)), varied.index
        )
    return table.rename_axis("input").reset_index().sort_values("total", ascending=False, ignore_index=True)


def _require_columns(name: str, frame: pd.DataFrame, columns: list[str]) -> None:
    """Refuse a frame that lacks a column."""
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ParameterError(f"{name} has no column {missing[0]!r}; it needs {', '.join(columns)}.")

"""From published counts to intervals and predictions."""

import numpy as np
from scipy import special

from analysis.air_defence.models.arguments import (
    LARGEST_RAID,
    Numbers,
    require_amount,
    require_count,
    require_one,
    require_positive,
    unwrap,
)
from analysis.air_defence.models.salvo import Leakers
from analysis.errors import ParameterError, require_choice

METHODS = ("exact", "jeffreys")
LARGEST_ATTEMPTS = 1_000_000
LARGEST_CORRELATION = 0.99


def kill_interval(
    intercepts: Numbers, attempts: Numbers, confidence: Numbers = 0.95, method: str = "exact"
) -> tuple[Numbers, Numbers]:
    """Interval for the chance behind a published count of successes.

    Parameters
    ----------
    intercepts : int or array
        Successes, 0 to ``attempts``.
    attempts : int or array
        Attempts, 0 to 1,000,000; with none the interval is 0 to 1.
    confidence : float or array
        Confidence level, 1e-9 to 1 - 1e-9.
    method : {"exact", "jeffreys"}
        Clopper-Pearson, which covers at least as often as it says, or the shorter Jeffreys interval, which does so on
        average.

    Returns
    -------
    tuple of (float or numpy.ndarray)
        ``low`` and ``high``, 0 to 1; ``low`` is 0 when nothing succeeded and ``high`` is 1 when everything did.

    Raises
    ------
    ParameterError
        When an argument is out of range or the method is not known.

    Notes
    -----
    The interval covers chance alone: attempts are taken as independent and counted honestly. It says nothing of a
    claim's bias, and an engagement after salvo fire is not a shot. Give it only two counts that were both published.

    References
    ----------
    Clopper and Pearson; Jeffreys.

    Examples
    --------
    >>> low, high = kill_interval(9, 18)
    >>> round(low, 3), round(high, 3)
    (0.26, 0.74)
    """
    require_choice("method", method, METHODS)
    won, lost = _count_outcomes(intercepts, attempts)
    level = require_amount("confidence", confidence, smallest=1e-9, largest=1 - 1e-9)
    left, right = (0.0, 1.0) if method == "exact" else (0.5, 0.5)
    tail, some_won, some_lost = (1 - level) / 2, won > 0, lost > 0
    low = special.betaincinv(np.where(some_won, won, 1) + left, lost + right, tail)
    high = special.betaincinv(won + right, np.where(some_lost, lost, 1) + left, 1 - tail)
    return unwrap(np.where(some_won, low, 0.0)), unwrap(np.where(some_lost, high, 1.0))


def predicted_leakers(
    intercepts: int,
    attempts: int,
    threats: int,
    prior: tuple[float, float] = (0.5, 0.5),
    raid_correlation: float = 0.0,
    raids: int = 1,
) -> Leakers:
    """Distribution of leakers in the next raid, given a published count and how much raids differ.

    Parameters
    ----------
    intercepts : int
        Successes, 0 to ``attempts``.
    attempts : int
        Attempts, 0 to 1,000,000.
    threats : int
        Threats in the next raid, 0 to 100,000.
    prior : tuple of float
        Successes and failures that the prior counts for, both above 0: (0.5, 0.5) is Jeffreys, (1, 1) uniform.
    raid_correlation : float
        Intra-class correlation of the outcomes within a raid, 0 (raids differ by luck alone) to 0.99.
    raids : int
        Raids among which the attempts were spread, 1 or more; without correlation it does not matter.

    Returns
    -------
    Leakers
        Beta-binomial: exact without correlation; with it, exact in mean and variance.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    The unknown chance is the same for every threat, so the raid goes well or badly as a whole and the spread is wider
    than a binomial one. Without correlation it is also the same as in the past. With correlation every raid has a
    chance of its own around a common mean: the count then tells less of that mean (the design effect of equal raids,
    1 + (attempts / raids - 1) correlation) and the next raid differs from it. Another threat, doctrine or reporter
    breaks this, and so does a count that was biased.

    References
    ----------
    Design effect: Kish 1965.

    Examples
    --------
    >>> next_raid = predicted_leakers(9, 18, threats=10)
    >>> round(next_raid.mean, 3), next_raid.quantile(0.05), next_raid.quantile(0.95)
    (5.0, 2, 8)
    >>> next_raid = predicted_leakers(9, 18, threats=10, raid_correlation=0.3)
    >>> round(next_raid.mean, 3), next_raid.quantile(0.05), next_raid.quantile(0.95)
    (5.0, 0, 10)
    """
    require_one(intercepts=intercepts, attempts=attempts, threats=threats, raids=raids)
    common = float(require_amount("raid_correlation", raid_correlation, largest=LARGEST_CORRELATION))
    many = int(require_count("raids", raids, LARGEST_ATTEMPTS, smallest=1))
    won, lost = _count_outcomes(intercepts, attempts)
    raid = int(require_count("threats", threats, LARGEST_RAID))
    strengths = require_positive("prior", prior)
    if strengths.shape != (2,):
        raise ParameterError(f"prior = {prior!r} is not allowed; give two numbers above 0, successes and failures.")
    kills, leaks = strengths[0] + int(won), strengths[1] + int(lost)
    if common:
        kills, leaks = _differing(strengths, int(won), int(lost), common, many)
    k = np.arange(raid)
    ratios = (raid - k) / (k + 1) * (leaks + k) / (kills + raid - k - 1)
    heights = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    weights = np.exp(heights - heights.max())
    return Leakers(weights / weights.sum())


def _differing(strengths: np.ndarray, won: int, lost: int, common: float, raids: int) -> np.ndarray:
    """Successes and failures of the beta law from which a raid that differs from others draws its chance."""
    effect = 1 + max((won + lost) / raids - 1, 0.0) * common
    counted = strengths + np.array([won, lost]) / effect
    whole = common + (1 - common) / (counted.sum() + 1)  # of the raid around the mean, and of not knowing the mean
    return np.asarray(counted / counted.sum() * (1 - whole) / whole)


def _count_outcomes(intercepts: Numbers, attempts: Numbers) -> tuple[np.ndarray, np.ndarray]:
    won = require_count("intercepts", intercepts, LARGEST_ATTEMPTS)
    tried = require_count("attempts", attempts, LARGEST_ATTEMPTS)
    if np.any(won > tried):
        raise ParameterError(f"intercepts = {intercepts!r} is not allowed; give at most attempts = {attempts!r}.")
    return won, tried - won

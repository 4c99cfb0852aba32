"""Many threats: the distribution of leakers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.air_defence.models.arguments import (
    LARGEST_RAID,
    require_amount,
    require_count,
    require_one,
    require_probability,
)
from analysis.air_defence.models.engagement import kill_probability, miss_probability
from analysis.errors import ParameterError, require_choice

FAILURE_SCOPES = ("shot", "threat", "raid")
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Leakers:
    """Distribution of the number of threats that leak.

    Parameters
    ----------
    pmf : numpy.ndarray
        Probability of 0, 1, 2, ... leakers; not negative, summing to 1 (within 1e-9).
    standard_error : float
        Standard error of the mean where the distribution was simulated; 0.0 where it is exact.

    Raises
    ------
    ParameterError
        When ``pmf`` is not a distribution.

    Examples
    --------
    >>> coin = Leakers(np.array([0.5, 0.5]))
    >>> coin.mean, coin.variance, coin.probability_zero, coin.quantile(0.9)
    (0.5, 0.25, 0.5, 1)
    """

    pmf: np.ndarray
    standard_error: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is not a distribution, and keep a copy that cannot be written to."""
        pmf = require_amount("pmf", self.pmf, largest=1 + 1e-9)
        if pmf.ndim != 1 or not abs(pmf.sum() - 1) <= 1e-9:
            raise ParameterError(
                f"pmf sums to {pmf.sum():.12g} in {pmf.ndim} dimensions; give one list that sums to 1."
            )
        pmf.flags.writeable = False
        object.__setattr__(self, "pmf", pmf)

    @cached_property
    def mean(self) -> float:
        """Leakers on average."""
        return float(np.arange(self.pmf.size) @ self.pmf)

    @cached_property
    def variance(self) -> float:
        """Variance of the number of leakers."""
        return float((np.arange(self.pmf.size) - self.mean) ** 2 @ self.pmf)

    @property
    def probability_zero(self) -> float:
        """Chance that nothing leaks."""
        return float(self.pmf[0])

    def quantile(self, q: float) -> int:
        """Smallest number of leakers k with P(leakers <= k) >= q, to within rounding (1e-12).

        Parameters
        ----------
        q : float
            Probability, 0 to 1; 1 gives the largest number that can occur.

        Returns
        -------
        int
            Leakers.

        Raises
        ------
        ParameterError
            When ``q`` is out of range.

        Examples
        --------
        >>> Leakers(np.array([0.25, 0.5, 0.25])).quantile(0.75)
        1
        """
        require_one(q=q)
        wanted = float(require_probability("q", q))
        largest = int(np.flatnonzero(self.pmf)[-1])
        if wanted == 1.0:
            return largest
        return min(largest, int(np.searchsorted(np.cumsum(self.pmf), wanted - ROUNDING)))


def binomial(threats: int, leakage: float, kill: float) -> np.ndarray:
    """Distribution of leakers among equal, independent threats.

    Parameters
    ----------
    threats : int
        Threats, 0 to 100,000.
    leakage, kill : float
        Chance that one threat leaks, and its complement: both, so that neither loses digits near 0 or 1.

    Returns
    -------
    numpy.ndarray
        Probability of 0 to ``threats`` leakers.

    Notes
    -----
    Ratios of neighbouring terms, from the most likely number outwards: nothing overflows, and nothing cancels.

    Examples
    --------
    >>> binomial(2, 0.5, 0.5).tolist()
    [0.25, 0.5, 0.25]
    """
    if leakage == 0.0 or kill == 0.0:
        return np.eye(1, threats + 1, 0 if leakage == 0.0 else threats)[0]
    mode = min(threats, int((threats + 1) * leakage))
    above, below = np.arange(mode, threats), np.arange(mode, 0, -1)
    rising = np.cumprod((threats - above) / (above + 1) * (leakage / kill))
    falling = np.cumprod(below / (threats - below + 1) * (kill / leakage))
    weights = np.concatenate([falling[::-1], [1.0], rising])
    return weights / weights.sum()


def leaker_distribution(
    threats: int, single_shot: float, shots: int, track: float = 1.0, scope: str = "threat"
) -> Leakers:
    """Distribution of leakers where every threat gets the same barrage.

    Parameters
    ----------
    threats : int
        Threats in the raid, 0 to 100,000.
    single_shot : float
        Single-shot kill probability of a tracked threat, 0 to 1.
    shots : int
        Interceptors fired at each threat, 0 to 1,000,000.
    track : float
        Chance that detection, tracking and classification work, 0 to 1.
    scope : {"threat", "shot", "raid"}
        What one failure of tracking spoils: all shots at a threat, one shot, or the whole raid.

    Returns
    -------
    Leakers
        Exact.

    Raises
    ------
    ParameterError
        When an argument is out of range, or the scope is not known.

    Notes
    -----
    Threats are equal and independent (within scope ``raid``: once the raid is tracked), and no magazine binds.
    Scopes ``threat`` and ``raid`` have the same mean and very different tails; scope ``shot`` makes every shot try
    its luck anew, so it leaks less when several are fired. The scope is the largest single choice in such a model.

    References
    ----------
    Wilkening's Bernoulli model of missile defence.

    Examples
    --------
    >>> by_threat = leaker_distribution(10, 0.8, 2, track=0.9)
    >>> by_raid = leaker_distribution(10, 0.8, 2, track=0.9, scope="raid")
    >>> round(by_threat.mean, 3), round(by_raid.mean, 3)
    (1.36, 1.36)
    >>> by_threat.quantile(0.95), by_raid.quantile(0.95)
    (3, 10)
    """
    require_choice("scope", scope, FAILURE_SCOPES)
    require_one(threats=threats, single_shot=single_shot, shots=shots, track=track)
    raid, tracked = int(require_count("threats", threats, LARGEST_RAID)), float(require_probability("track", track))
    p = float(require_probability("single_shot", single_shot)) * (tracked if scope == "shot" else 1.0)
    miss, kill = float(miss_probability(p, shots)), float(kill_probability(p, shots))
    if scope == "shot":
        return Leakers(binomial(raid, miss, kill))
    if scope == "threat":
        return Leakers(binomial(raid, 1 - tracked + tracked * miss, tracked * kill))
    untracked = binomial(raid, 1.0, 0.0)
    return Leakers(tracked * binomial(raid, miss, kill) + (1 - tracked) * untracked)

"""The law of a night: a beta-binomial share stopped, whose mean moves with the size of the night and with time."""

from dataclasses import dataclass, field

import numpy as np
from scipy import stats
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln

from analysis.air_defence.models.arguments import LARGEST_RAID, require_count, require_one, require_probability

LEVEL_SD, SLOPE_SD = 3.0, 0.7
CORRELATION_MEAN, CORRELATION_SD = -2.0, 1.0
"""Weak priors, assumed: normal on the logit share (0, 3), on its slope in log size (0, 0.7), and on logit correlation
(-2, 1), so that nine in ten correlations lie between 0.03 and 0.41 before a night is seen."""
START = (1.0, 0.0, -2.0)
SMALLEST_CORRELATION, SMALLEST_SHARE = 1e-6, 1e-9


@dataclass(frozen=True)
class Law:
    """How many of a night's threats are stopped.

    Attributes
    ----------
    level : float
        Logit of the share stopped in a night of typical size.
    slope : float
        Change of that logit for one unit of the logarithm of the size.
    logit_correlation : float
        Logit of the intra-class correlation within a night.
    typical_launched : float
        The typical size: mean number launched, recent nights counting more.
    spread : numpy.ndarray, optional
        About the covariance of the three values above, as the search for the mode left it.

    Examples
    --------
    >>> law = Law(level=0.0, slope=0.0, logit_correlation=0.0, typical_launched=20.0)
    >>> float(law.share(20)), law.correlation, law.killed(2).round(3).tolist()
    (0.5, 0.5, [0.375, 0.25, 0.375])
    """

    level: float
    slope: float
    logit_correlation: float
    typical_launched: float
    spread: np.ndarray | None = field(default=None, repr=False, compare=False)

    @property
    def correlation(self) -> float:
        """Intra-class correlation of the outcomes within one night, 0 to 1."""
        return float(expit(self.logit_correlation))

    def share(self, launched: int) -> float:
        """Mean share stopped in a night of that many, 0 to 1."""
        return float(expit(self.level + self.slope * np.log(launched / self.typical_launched)))

    def killed(self, launched: int) -> np.ndarray:
        """Probability of 0, 1, ... ``launched`` stopped."""
        return beta_binomial(launched, self.share(launched), self.correlation)


def beta_binomial(launched: int, share: float, correlation: float) -> np.ndarray:
    """Probability of 0, 1, ... ``launched`` stopped when all threats of a night share one unknown chance.

    Parameters
    ----------
    launched : int
        Threats, 0 to 100,000.
    share : float
        Mean share stopped, 0 to 1; within 1e-9 of an end it is taken as certain.
    correlation : float
        Intra-class correlation, 0 (binomial) to 1 (all or none).

    Returns
    -------
    numpy.ndarray
        Sums to 1.

    Notes
    -----
    The chance has a beta law with mean m and variance ``correlation * m (1 - m)``, so that the number stopped has the
    variance ``n m (1 - m) (1 + (n - 1) correlation)``.

    References
    ----------
    Skellam 1948; intra-class correlation as in Williams 1975.

    Examples
    --------
    >>> beta_binomial(2, 0.5, 0.0).round(3).tolist(), beta_binomial(2, 0.5, 1 / 3).round(3).tolist()
    ([0.25, 0.5, 0.25], [0.333, 0.333, 0.333])
    """
    require_one(launched=launched, share=share, correlation=correlation)
    number = int(require_count("launched", launched, LARGEST_RAID))
    mean, common = float(require_probability("share", share)), float(require_probability("correlation", correlation))
    counts, mean = np.arange(number + 1), round(mean, 9) if min(mean, 1 - mean) < SMALLEST_SHARE else mean
    if common < SMALLEST_CORRELATION or not 0 < mean < 1:
        return np.asarray(stats.binom.pmf(counts, number, mean))
    if common > 1 - SMALLEST_CORRELATION:
        return np.where(counts == number, mean, 0.0) + np.where(counts == 0, 1 - mean, 0.0)
    strength = (1 - common) / common
    pmf = stats.betabinom.pmf(counts, number, mean * strength, (1 - mean) * strength)
    return np.asarray(pmf / pmf.sum())


def fit_law(
    killed: np.ndarray, launched: np.ndarray, weights: np.ndarray, sized: bool = True, start: Law | None = None
) -> Law:
    """Fit the law to past nights: the mode of its posterior.

    Parameters
    ----------
    killed, launched : numpy.ndarray of int
        Stopped and launched in each past night; launched 1 or more, killed at most that. Without any night the mode
        of the prior comes back.
    weights : numpy.ndarray of float
        How much the likelihood of each night counts, 0 to 1.
    sized : bool
        Let the share move with the size of a night; else the slope is 0.
    start : Law, optional
        Where the search begins, such as the law of the day before.

    Returns
    -------
    Law
        At the posterior mode under weak priors (``LEVEL_SD`` and what follows it).

    Examples
    --------
    >>> law = fit_law(np.full(200, 30), np.full(200, 40), np.ones(200))
    >>> round(law.share(40), 2), law.correlation < 0.01
    (0.75, True)
    """
    typical = float(np.average(launched, weights=weights)) if len(launched) else 1.0
    sizes = np.log(launched / typical) * sized
    first = (start.level, start.slope, start.logit_correlation) if start else START
    options = {"gtol": 1e-5, "hess_inv0": None if start is None else start.spread}
    found = minimize(_loss, first, args=(killed, launched, sizes, weights), jac=True, method="BFGS", options=options)
    level, slope, logit_correlation = (float(value) for value in found.x)
    return Law(level, slope * sized, logit_correlation, typical, (found.hess_inv + found.hess_inv.T) / 2)


def _loss(
    values: np.ndarray, killed: np.ndarray, launched: np.ndarray, sizes: np.ndarray, weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """Negative log posterior, constants left out, and its gradient."""
    level, slope, logit_correlation = values
    share = np.clip(expit(level + slope * sizes), SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    common = min(max(float(expit(logit_correlation)), SMALLEST_CORRELATION), 1 - SMALLEST_CORRELATION)
    strength = (1 - common) / common
    won, lost, spared = share * strength, (1 - share) * strength, launched - killed
    likelihood = gammaln(killed + won) - gammaln(won) + gammaln(spared + lost) - gammaln(lost)
    likelihood = likelihood + gammaln(strength) - gammaln(launched + strength)
    of_won, of_lost = digamma(killed + won) - digamma(won), digamma(spared + lost) - digamma(lost)
    of_share = weights * strength * (of_won - of_lost) * share * (1 - share)
    of_strength = share * of_won + (1 - share) * of_lost + digamma(strength) - digamma(launched + strength)
    steps = np.array([level / LEVEL_SD, slope / SLOPE_SD, (logit_correlation - CORRELATION_MEAN) / CORRELATION_SD])
    pulls = steps / np.array([LEVEL_SD, SLOPE_SD, CORRELATION_SD])
    gradient = -np.array([of_share.sum(), of_share @ sizes, -strength * (weights @ of_strength)])
    return float(0.5 * steps @ steps - weights @ likelihood), gradient + pulls

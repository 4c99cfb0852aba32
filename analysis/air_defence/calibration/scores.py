"""Scores of predicted nights: what an interval held, where outcomes fell, how far off the distribution was."""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.air_defence.calibration.law import beta_binomial
from analysis.air_defence.calibration.rolling import BASELINES, LAW
from analysis.air_defence.models.salvo import ROUNDING

LEVELS = (0.5, 0.9)
SUMMARY = [
    "threat_class", "nights", "inside_50", "inside_90", "inside_90_randomised", "expected_inside_90", "crps",
    *(f"crps_{name}" for name in BASELINES), "log_score",
]  # fmt: skip


def closed_interval(pmf: np.ndarray, level: float) -> tuple[int, int]:
    """Lowest and highest count between which a share ``level`` of nights should fall, both ends included.

    Examples
    --------
    >>> closed_interval(np.array([0.02, 0.08, 0.8, 0.1]), 0.9)
    (1, 3)
    """
    cumulated = np.cumsum(pmf)
    ends = (np.searchsorted(cumulated, tail - ROUNDING) for tail in ((1 - level) / 2, (1 + level) / 2))
    low, high = (min(int(end), len(pmf) - 1) for end in ends)
    return low, high


def crps(pmf: np.ndarray, counted: int) -> float:
    """Score a distribution of whole counts against the count: the continuous ranked probability score, per threat.

    Parameters
    ----------
    pmf : numpy.ndarray
        Chance of 0, 1, 2, ... threats; its length less one is the number launched.
    counted : int
        What happened.

    Returns
    -------
    float
        0 to 1, less is better: of a whole count it is the ranked probability score, and divided by the number launched
        it can be averaged over nights of unlike size.

    References
    ----------
    Epstein 1969; Gneiting and Raftery 2007, Strictly proper scoring rules, prediction, and estimation.

    Examples
    --------
    >>> crps(np.array([0.0, 1.0, 0.0]), 1), crps(np.array([0.0, 1.0, 0.0]), 2)
    (0.0, 0.5)
    """
    reached = np.arange(len(pmf)) >= counted
    return float(np.square(np.cumsum(pmf) - reached).sum() / max(1, len(pmf) - 1))


def score_nights(predictions: pd.DataFrame, level: float = 0.9) -> pd.DataFrame:
    """Score each prediction of each night.

    Parameters
    ----------
    predictions : pandas.DataFrame
        From :func:`rolling.predict_nights`: ``launched, killed, share, correlation``.
    level : float
        Level of the interval whose ends are given for drawing, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        The predictions, and ``low, high`` (ends of that interval, in threats), ``median``, ``below, at`` (chance of
        fewer stopped than were, and of just so many), ``inside_50, inside_90`` (did the closed interval hold the
        night), ``expected_inside_50, expected_inside_90`` (chance of that if the prediction is right: more than the
        level, since counts are whole), ``crps`` (per threat) and ``log_score`` (natural logarithm of ``at``).

    Notes
    -----
    Of :func:`crps` less is better; of a log score, more.

    References
    ----------
    Gneiting and Raftery 2007; Czado, Gneiting and Held 2009 (count data).

    Examples
    --------
    >>> night = pd.DataFrame({"launched": [2], "killed": [1], "share": [0.5], "correlation": [0.0]})
    >>> score_nights(night)[["low", "high", "below", "at", "crps"]].values.round(4).tolist()
    [[0.0, 2.0, 0.25, 0.5, 0.0625]]
    """
    asked = ("launched", "killed", "share", "correlation")
    nights = zip(*(predictions[name].tolist() for name in asked), strict=True)
    rows = [_score(launched, killed, share, common, level) for launched, killed, share, common in nights]
    return predictions.assign(**pd.DataFrame(rows, index=predictions.index, columns=_COLUMNS))


_COLUMNS = [
    "low", "high", "median", "below", "at",
    *(f"{name}_{100 * level:.0f}" for level in LEVELS for name in ("inside", "expected_inside")), "crps", "log_score",
]  # fmt: skip


def _score(launched: int, killed: int, share: float, correlation: float, level: float) -> tuple[float, ...]:
    pmf = beta_binomial(launched, share, correlation)
    held: list[float] = []
    for one in LEVELS:
        low, high = closed_interval(pmf, one)
        held += [low <= killed <= high, pmf[low : high + 1].sum()]
    with np.errstate(divide="ignore"):
        log_score = np.log(pmf[killed])
    ends = (*closed_interval(pmf, level), closed_interval(pmf, 0.0)[0])
    return (*ends, pmf[:killed].sum(), pmf[killed], *held, crps(pmf, killed), log_score)


def randomised_pit(scored: pd.DataFrame, draws: int, seed: int) -> np.ndarray:
    """Place each outcome within its prediction, spread evenly over the step at a whole count.

    Parameters
    ----------
    scored : pandas.DataFrame
        Columns ``below, at`` of :func:`score_nights`.
    draws : int
        Random places for each night.
    seed : int
        Random seed.

    Returns
    -------
    numpy.ndarray
        Draws by nights, 0 to 1; even where the predictions are right, whatever the size of the nights.

    References
    ----------
    Randomised probability integral transform: Smith 1985; Brockwell 2007.

    Examples
    --------
    >>> randomised_pit(pd.DataFrame({"below": [0.2], "at": [0.0]}), draws=2, seed=1).tolist()
    [[0.2], [0.2]]
    """
    spread = np.random.default_rng(seed).random((draws, len(scored)))
    return np.asarray(scored["below"].to_numpy() + spread * scored["at"].to_numpy())


def held_by_chance(nights: int, share: float = 0.9, level: float = 0.95) -> tuple[float, float]:
    """Shares of that many independent nights between which a true ``share`` would be seen, by the binomial law.

    Examples
    --------
    >>> [round(end, 2) for end in held_by_chance(20)]
    [0.75, 1.0]
    """
    ends = stats.binom.ppf([(1 - level) / 2, (1 + level) / 2], nights, share) / max(nights, 1)
    return float(ends[0]), float(ends[1])


def coverage_curve(scored: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """Share of nights inside the central interval of each level, by the randomised transform.

    Parameters
    ----------
    scored : pandas.DataFrame
        Rows of one way: ``family, below, at`` of :func:`score_nights`.
    draws, seed : int
        As in :func:`randomised_pit`.

    Returns
    -------
    pandas.DataFrame
        One row is a family and a level from 0.1 to 0.9: ``family, nights, level, inside`` (0 to 1), ``low, high``
        (shares between which chance alone keeps it in 19 of 20 records, were the level right).
    """
    rows = []
    for family, own in scored.groupby("family", sort=False):
        distance = np.abs(randomised_pit(own, draws, seed) - 0.5)
        for level in np.linspace(0.1, 0.9, 9).round(1):
            inside = float((distance < level / 2).mean())
            rows.append((family, len(own), level, inside, *held_by_chance(len(own), level)))
    return pd.DataFrame(rows, columns=["family", "nights", "level", "inside", "low", "high"])


def pit_histogram(scored: pd.DataFrame, draws: int, seed: int, bins: int = 10) -> pd.DataFrame:
    """Share of nights whose outcome fell into each part of its prediction, by the randomised transform.

    Parameters
    ----------
    scored : pandas.DataFrame
        As in :func:`coverage_curve`.
    draws, seed : int
        As in :func:`randomised_pit`.
    bins : int
        Parts of equal chance, 2 or more.

    Returns
    -------
    pandas.DataFrame
        One row is a family and a part: ``family, nights, part_low, part_high`` (0 to 1), ``share, low, high`` (as in
        :func:`coverage_curve`). Right predictions give equal shares.
    """
    edges = np.linspace(0, 1, bins + 1)
    rows = []
    for family, own in scored.groupby("family", sort=False):
        counts, _ = np.histogram(randomised_pit(own, draws, seed), edges)
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True):
            rows.append((family, len(own), low, high, count / counts.sum(), *held_by_chance(len(own), 1 / bins)))
    return pd.DataFrame(rows, columns=["family", "nights", "part_low", "part_high", "share", "low", "high"])


def summarise(scored: pd.DataFrame, families: list[str], draws: int, seed: int) -> pd.DataFrame:
    """Sum the scores up: one row a class.

    Parameters
    ----------
    scored : pandas.DataFrame
        From :func:`score_nights`, with ``family`` and ``way``.
    families : list of str
        Classes, in the order of the rows; one without nights gets a row with 0 and nothing else.
    draws, seed : int
        As in :func:`randomised_pit`.

    Returns
    -------
    pandas.DataFrame
        Columns ``SUMMARY``: shares of nights inside the closed intervals (0 to 1), the share inside 90 % by the
        randomised transform, what the closed interval should hold if all is right, mean CRPS per threat of the law and
        of each baseline, mean log score.
    """
    rows = []
    for family in families:
        law = scored[(scored["family"] == family) & (scored["way"] == LAW)]
        row: dict[str, object] = {"threat_class": family, "nights": len(law)}
        if len(law):
            means = law[["inside_50", "inside_90", "expected_inside_90", "crps", "log_score"]].astype(float).mean()
            pit = randomised_pit(law, draws, seed)
            row |= means.to_dict() | {"inside_90_randomised": float(((pit > 0.05) & (pit < 0.95)).mean())}
            means = scored[scored["family"] == family].groupby("way")["crps"].mean()
            row |= {f"crps_{name}": means[name] for name in BASELINES}
        rows.append(row)
    return pd.DataFrame(rows, columns=SUMMARY)

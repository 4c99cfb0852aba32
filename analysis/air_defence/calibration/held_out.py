"""What the fitted levels would have said of raids that they had not seen, and how good that was."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.fit import Calibration, folds, leave_out
from analysis.air_defence.calibration.scores import closed_interval, crps
from analysis.air_defence.calibration.stand_in import mixture
from analysis.air_defence.calibration.tempering import Particles, draw_prior

INTERVAL = 0.9
SAID = ("mean", "q05", "q95", "crps")
OBSERVED = ("claim_id", "raid_id", "name", "war", "threat_class", "threats", "leaked_low", "leaked_high")
COLUMNS = (*OBSERVED, *SAID, "inside", "width", *(f"{name}_alone" for name in SAID), "inside_alone", "width_alone")
LARGEST_MIXTURE = 1_000
"""Particles of which a distribution of leakers is mixed."""

Progress = Callable[[str], None]


def predict_held_out(
    calibration: Calibration,
    fitted: Particles,
    left_out: str,
    n_moves: int,
    seed: int,
    workers: int = 2,
    progress: Progress = lambda line: None,
) -> pd.DataFrame:
    """Predict every observed raid from levels fitted without it, or without its whole war.

    Parameters
    ----------
    calibration : Calibration
        From ``fit.calibrate``.
    fitted : Particles
        From ``fit.fit``.
    left_out : {"raid", "war"}
        What is left out at a time.
    n_moves, seed : int
        As for ``fit.fit``.
    workers : int
        Fits at a time.
    progress : callable
        Takes a line after each fit.

    Returns
    -------
    pandas.DataFrame
        One row is a threat class in a raid: who and what was counted (``claim_id, raid_id, name, war, threat_class,
        threats, leaked_low, leaked_high``), what was said (``mean, q05, q95`` threats counted as leaked, 90 % between),
        ``inside`` (1 where the middle of what was counted lies there), ``width`` of the interval (share of the threats)
        and ``crps`` (share of the threats); the same with ``_alone``, from the assumptions without any raid.

    Notes
    -----
    What is predicted is the count as that side would give it, its bias included. The continuous ranked probability
    score is the mean over the range that was counted. Particles are those of the stand-in for the chain. Without a raid
    they walk from the fit to all; without a war they begin at the assumptions, since too few particles find the way
    back from a fit to a war that is most of the record.
    """
    rng = np.random.default_rng(seed)
    alone = draw_prior(calibration.terms, len(fitted.places), len(calibration.prior.names), rng)
    ignorant = _said_of(calibration, alone, np.ones(len(calibration.asked.rows), bool)).add_suffix("_alone")
    parts = list(folds(calibration.asked, left_out))

    def without(place: int) -> pd.DataFrame:
        name, own = parts[place]
        start = fitted if left_out == "raid" else alone
        particles = leave_out(calibration, start, own, n_moves, seed + 1 + place, has_seen=left_out == "raid")
        progress(f"without {left_out} {name}: {particles.steps - start.steps} steps")
        return _said_of(calibration, particles, own)

    with ThreadPoolExecutor(workers) as pool:
        said = pd.concat(pool.map(without, range(len(parts))))
    rows = calibration.asked.rows[[*OBSERVED]]
    return rows.join(said).join(ignorant)[[*COLUMNS]]


def _said_of(calibration: Calibration, particles: Particles, chosen: np.ndarray) -> pd.DataFrame:
    """Say of the chosen rows what the particles predict, and score it."""
    step = max(1, len(particles.places) // LARGEST_MIXTURE)
    levels = calibration.prior.levels(particles.places[::step])
    share, correlation = calibration.counted(levels, calibration.leaking(levels)), calibration.correlation(levels)
    even = np.full(len(share), 1.0 / len(share))
    threats, low, high = calibration.asked.counts
    said = {}
    for row in np.flatnonzero(chosen):
        pmf = mixture(share[:, row].copy(), correlation[:, row].copy(), even, int(threats[row]))
        said[row] = describe(pmf, int(low[row]), int(high[row]))
    return pd.DataFrame.from_dict(said, orient="index")


def describe(pmf: np.ndarray, low: int, high: int) -> dict[str, float]:
    """Sum a distribution of counts up, and score it against a count, or a range of counts.

    Parameters
    ----------
    pmf : numpy.ndarray
        Chance of 0, 1, 2, ... ; its length less one is the number of threats.
    low, high : int
        Fewest and most that were counted.

    Returns
    -------
    dict of str to float
        ``mean, q05, q95, inside, width, crps``, as in :func:`predict_held_out`.

    Examples
    --------
    >>> describe(np.array([0.0, 1.0, 0.0]), 1, 1)["crps"], describe(np.array([0.0, 1.0, 0.0]), 2, 2)["crps"]
    (0.0, 0.5)
    """
    q05, q95 = closed_interval(pmf, INTERVAL)
    threats = max(1, pmf.size - 1)
    return {
        "mean": float(np.arange(pmf.size) @ pmf),
        "q05": float(q05),
        "q95": float(q95),
        "inside": float(q05 <= (low + high) / 2 <= q95),
        "width": (q95 - q05) / threats,
        "crps": float(np.mean([crps(pmf, seen) for seen in range(low, high + 1)])),
    }


def score_other_days(predictions: pd.DataFrame) -> pd.DataFrame:
    """Score a plain rule beside the fit: the shares that leaked in the other rows of the same war and class.

    Parameters
    ----------
    predictions : pandas.DataFrame
        From :func:`predict_held_out`, each row once.

    Returns
    -------
    pandas.DataFrame
        One row is a row of ``predictions`` that has another of its war and class: ``claim_id, war, threat_class`` and
        ``crps, crps_fitted, crps_alone`` (shares of the threats): of the plain rule, of the fit and of the assumptions.

    Notes
    -----
    The rule knows no layers: each other day is as likely as any, its share rounded to whole threats; where a count is a
    range its middle is taken, and the score is the mean over the range, as for the fit. A row that stands alone in its
    war and class cannot be predicted so and is left out.

    Examples
    --------
    >>> rows = pd.DataFrame({"claim_id": ["a", "b", "c"], "war": "w", "threat_class": ["srbm", "srbm", "mrbm"],
    ...     "threats": [10, 20, 5], "leaked_low": [1, 4, 0], "leaked_high": [1, 4, 0], "crps": 0.2, "crps_alone": 0.3})
    >>> score_other_days(rows)[["claim_id", "crps", "crps_fitted"]].round(2).values.tolist()
    [['a', 0.1, 0.2], ['b', 0.1, 0.2]]
    """
    middle = (predictions["leaked_low"] + predictions["leaked_high"]) / 2 / predictions["threats"]
    found = []
    for _, own in predictions.groupby(["war", "threat_class"], sort=False):
        for row in own.itertuples() if len(own) > 1 else ():
            others = np.rint(middle[own.index.drop(row.Index)].to_numpy() * row.threats).astype("int64")
            pmf = np.bincount(others, minlength=row.threats + 1) / len(others)
            said = describe(pmf, int(row.leaked_low), int(row.leaked_high))
            found.append((row.claim_id, row.war, row.threat_class, said["crps"], row.crps, row.crps_alone))
    return pd.DataFrame(found, columns=["claim_id", "war", "threat_class", "crps", "crps_fitted", "crps_alone"])


def score(predictions: pd.DataFrame) -> pd.Series:
    """Sum predictions up: by raid, every row counting once, and by war, every war counting once.

    Parameters
    ----------
    predictions : pandas.DataFrame
        From :func:`predict_held_out`.

    Returns
    -------
    pandas.Series
        ``inside, inside_by_war, width, crps, crps_by_war`` (means; shares), ``wars`` and ``rows``; the same of
        ignorance alone with ``_alone``.

    Examples
    --------
    >>> said = {name: 0.5 for name in ("width", "crps", "width_alone", "crps_alone")}
    >>> rows = pd.DataFrame({"war": ["a", "a", "b"], "inside": [1.0, 0.0, 1.0], "inside_alone": 1.0} | said)
    >>> score(rows)[["inside", "inside_by_war", "wars"]].round(2).tolist()
    [0.67, 0.75, 2.0]
    """
    found = {}
    for ending in ("", "_alone"):
        found[f"inside{ending}"] = predictions[f"inside{ending}"].mean()
        for name in ("inside", "crps"):
            found[f"{name}_by_war{ending}"] = predictions.groupby("war")[f"{name}{ending}"].mean().mean()
        for name in ("width", "crps"):
            found[f"{name}{ending}"] = predictions[f"{name}{ending}"].mean()
    return pd.Series(found | {"wars": float(predictions["war"].nunique()), "rows": float(len(predictions))})

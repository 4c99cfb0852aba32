"""Each night predicted from the nights before it alone: by the law, and by three plain ways to compare it with."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analysis.air_defence.calibration.law import Law, fit_law

HALF_LIVES_DAYS = (10.0, 30.0, 90.0, 180.0, 365.0, 730.0, np.inf)
"""Half-lives that are tried; the last one forgets nothing."""
CHOSEN_BEFORE = pd.Timestamp("2025-07-01")
"""Half-lives are chosen on nights before this day, whatever nights are tested."""
LEAST_PAST = 20  # nights of a family, of any size, before one is predicted
LEAST_SCORED = 10  # nights without which no half-life is chosen, and nothing is forgotten
MONTH_DAYS = 30
LAW = "law"
BASELINES = {
    "binomial": "one chance, from all past nights",
    "beta_binomial": "beta-binomial, from all past nights alike",
    "last_month": "one chance, from the last 30 days",
}
PREDICTED = ["family", "night", "way", "launched", "killed", "share", "correlation"]


def pick_nights(nights: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, least_launched: int) -> np.ndarray:
    """Give the positions of the nights that are large enough and have enough nights before them.

    Parameters
    ----------
    nights : pandas.DataFrame
        Nights of one family in their order: ``night, launched``.
    first, last : pandas.Timestamp
        First and last night, both included.
    least_launched : int
        Smallest number launched.
    """
    asked = nights["night"].between(first, last) & (nights["launched"] >= least_launched)
    return np.flatnonzero(asked & (nights.index >= LEAST_PAST))


def roll(nights: pd.DataFrame, picked: np.ndarray, half_life_days: float, sized: bool = True) -> Iterator[Law]:
    """Fit the law for each of some nights, to all nights before it.

    Parameters
    ----------
    nights : pandas.DataFrame
        Nights of one family in their order: ``night, launched, killed``.
    picked : numpy.ndarray of int
        Positions of the nights that are predicted, in their order.
    half_life_days : float
        Days after which a night counts half; infinite for all alike.
    sized : bool
        As in :func:`law.fit_law`.
    """
    days = (nights["night"] - pd.Timestamp(0)).dt.days.to_numpy()
    launched, killed = nights["launched"].to_numpy(), nights["killed"].to_numpy()
    law = None
    for position in picked:
        weights = 0.5 ** ((days[position] - days[:position]) / half_life_days)
        law = fit_law(killed[:position], launched[:position], weights, sized, law)
        yield law


def choose_half_life(nights: pd.DataFrame, before: pd.Timestamp, least_launched: int) -> pd.DataFrame:
    """Compare half-lives by the log score of the nights before a day, each predicted from its own past.

    Parameters
    ----------
    nights : pandas.DataFrame
        Nights of one family in their order: ``night, launched, killed``.
    before : pandas.Timestamp
        First day whose night is not looked at.
    least_launched : int
        Smallest night that is scored.

    Returns
    -------
    pandas.DataFrame
        One row is a half-life: ``half_life_days, nights, log_score`` (mean; empty where no night was scored),
        ``chosen``. With fewer than ten nights to score, nothing is forgotten.
    """
    picked = pick_nights(nights, nights["night"].min(), before - pd.Timedelta(days=1), least_launched)
    if len(picked) < LEAST_SCORED:
        return pd.DataFrame({"half_life_days": [np.inf], "nights": [len(picked)], "log_score": [np.nan],
                             "chosen": [True]})  # fmt: skip
    scores = [np.mean([*_log_scores(nights, picked, half_life)]) for half_life in HALF_LIVES_DAYS]
    best = int(np.argmax(scores))
    return pd.DataFrame(
        {
            "half_life_days": HALF_LIVES_DAYS,
            "nights": len(picked),
            "log_score": scores,
            "chosen": np.arange(len(scores)) == best,
        }
    )


def _log_scores(nights: pd.DataFrame, picked: np.ndarray, half_life_days: float) -> Iterator[float]:
    laws = roll(nights, picked, half_life_days)
    for law, launched, killed in zip(laws, nights["launched"].iloc[picked], nights["killed"].iloc[picked], strict=True):
        strength, share = (1 - law.correlation) / law.correlation, law.share(launched)
        yield float(stats.betabinom.logpmf(killed, launched, share * strength, (1 - share) * strength))


def predict_nights(
    nights: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, least_launched: int, half_life_days: float
) -> pd.DataFrame:
    """Predict each night from the nights before it, by the law and by each baseline.

    Parameters
    ----------
    nights : pandas.DataFrame
        Nights of one family in their order: ``family, night, launched, killed``.
    first, last : pandas.Timestamp
        First and last night that is predicted, both included.
    least_launched : int
        Smallest night that is predicted.
    half_life_days : float
        As in :func:`roll`.

    Returns
    -------
    pandas.DataFrame
        One row is a night and a way: ``family, night, way`` (law, binomial, beta_binomial, last_month), ``launched,
        killed, share`` (predicted mean share stopped) and ``correlation`` (0 where every threat is alone).

    Notes
    -----
    How many are launched is taken as known: the law says how many of them are stopped. A last month without a night is
    replaced by all past nights.
    """
    picked = pick_nights(nights, first, last, least_launched)
    own, plain = roll(nights, picked, half_life_days), roll(nights, picked, np.inf, sized=False)
    rows = []
    for position, law, all_alike in zip(picked, own, plain, strict=True):
        night, past = nights.iloc[position], nights.iloc[:position]
        recent = past[past["night"] >= night["night"] - pd.Timedelta(days=MONTH_DAYS)]
        ways = {
            LAW: (law.share(night["launched"]), law.correlation),
            "binomial": (_pooled(past), 0.0),
            "beta_binomial": (all_alike.share(night["launched"]), all_alike.correlation),
            "last_month": (_pooled(recent if len(recent) else past), 0.0),
        }
        rows += [
            (night["family"], night["night"], way, night["launched"], night["killed"], *values)
            for way, values in ways.items()
        ]
    return pd.DataFrame(rows, columns=PREDICTED)


def _pooled(nights: pd.DataFrame) -> float:
    return float(nights["killed"].sum() / nights["launched"].sum())

"""What the law of nights would have said of nights that happened: chosen on the past, tested on what came after."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration import rolling, scores
from analysis.air_defence.calibration.nights import Nights
from analysis.air_defence.facts.choices import PREDICTED_FAMILIES
from analysis.errors import NothingToShowError

RECORDED_WAR = "ukraine"
"""War whose nights the record holds."""
CLOSED_AT_LEAST = 0.85  # share of nights inside the closed 90 % interval
CRUISE_WITHIN = 1.02  # CRPS of cruise missiles against that of the beta-binomial on all past


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Predictions of past nights and their scores.

    Attributes
    ----------
    scored : pandas.DataFrame
        One row is a night of a family, predicted in one way, as ``scores.score_nights`` gives it.
    half_lives : pandas.DataFrame
        One row is a half-life that was tried for a family: ``family`` and the columns of ``choose_half_life``.
    asked : pandas.DataFrame
        One row is a family: ``family, in_record`` (nights of any size), ``in_period, too_small, too_early`` (fewer
        than twenty nights before it), ``predicted``.
    """

    scored: pd.DataFrame
    half_lives: pd.DataFrame
    asked: pd.DataFrame

    def by_law(self) -> pd.DataFrame:
        """Return the rows of the law alone, without the baselines."""
        return self.scored[self.scored["way"] == rolling.LAW].reset_index(drop=True)


def hindcast(nights: Nights, first_day: str, last_day: str, least_launched: int, level: float = 0.9) -> Hindcast:
    """Predict and score every night of a period, family by family.

    Parameters
    ----------
    nights : Nights
        From ``count_nights``.
    first_day, last_day : str
        First and last night, YYYY-MM-DD, both included.
    least_launched : int
        Smallest night that is tested; smaller ones still count as past.
    level : float
        Level of the interval that is drawn, 0 to 1.

    Returns
    -------
    Hindcast
        Predictions, scores, the half-lives that were tried, and which nights were not predicted.

    Raises
    ------
    NothingToShowError
        When no night of any family can be predicted in the period.

    Notes
    -----
    The half-life of each family is chosen on nights before the first of July 2025, or before ``first_day`` where that
    is earlier: never on a night that is tested.
    """
    first, last = pd.Timestamp(first_day), pd.Timestamp(last_day)
    predictions, tried, asked = [], [], []
    for family in PREDICTED_FAMILIES:
        own = nights.of(family)
        asked.append(_ask(family, own, first, last, least_launched))
        if not asked[-1]["predicted"]:
            continue
        choice = rolling.choose_half_life(own, min(first, rolling.CHOSEN_BEFORE), least_launched)
        tried.append(choice.assign(family=family))
        half_life = float(choice.loc[choice["chosen"], "half_life_days"].iloc[0])
        predictions.append(rolling.predict_nights(own, first, last, least_launched, half_life))
    if not predictions:
        raise NothingToShowError(
            f"no night of {least_launched} or more launched can be predicted from first_day = {first_day!r} to "
            f"last_day = {last_day!r}; the record has nights from {nights.first:%Y-%m-%d} to {nights.last:%Y-%m-%d}, "
            f"and the first {rolling.LEAST_PAST} of a class are past only. "
            "Choose other days or a smaller least_launched."
        )
    scored = scores.score_nights(pd.concat(predictions, ignore_index=True), level)
    return Hindcast(scored, pd.concat(tried, ignore_index=True), pd.DataFrame(asked))


def predict_raids(nights: Nights, raids: pd.DataFrame, half_lives: pd.DataFrame, level: float = 0.9) -> pd.DataFrame:
    """Predict raids by class alone, each from the nights that ended before it, or say why that cannot be.

    Parameters
    ----------
    nights : Nights
        From ``count_nights``, by the definition under which ``raids`` count what came through: destroyed or lost.
    raids : pandas.DataFrame
        Rows of ``air_defence/observed_raids``, of any war.
    half_lives : pandas.DataFrame
        From :class:`Hindcast`; of a family that has none, nothing is forgotten.
    level : float
        Level of the interval, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row is a row of ``raids``: ``claim_id, why`` (empty where it is predicted); ``past`` (nights before),
        ``mean, q05, q95`` (threats that come through; ends of the interval) and ``inside``, whether what was counted
        lies there. How many were launched is taken as known.
    """
    chosen = half_lives[half_lives["chosen"].astype(bool)].set_index("family")["half_life_days"]
    rows = []
    for raid in raids.itertuples():
        own, ends = nights.of(raid.threat_class), pd.Timestamp(raid.end)
        past = own.loc[own["night"] < ends, ["family", "night", "launched", "killed"]]
        row = {"claim_id": raid.claim_id, "why": _why_no_night(raid, past), "past": len(past)}
        if not row["why"]:
            asked = pd.concat([past, past.tail(1).assign(night=ends, launched=int(raid.launched))], ignore_index=True)
            (law,) = rolling.roll(asked, np.array([len(past)]), float(chosen.get(raid.threat_class, np.inf)))
            leaked = law.killed(int(raid.launched))[::-1]
            low, high = scores.closed_interval(leaked, level)
            mean, counted = float(np.arange(leaked.size) @ leaked), (raid.leaked_low + raid.leaked_high) / 2
            row |= {"mean": mean, "q05": low, "q95": high, "inside": low <= counted <= high}
        rows.append(row)
    return pd.DataFrame(rows, columns=["claim_id", "why", "past", "mean", "q05", "q95", "inside"])


def _why_no_night(raid: Any, past: pd.DataFrame) -> str:
    """Say why a raid is no night of the record, or cannot be predicted from those before it; empty where it can."""
    counted = not any(pd.isna([raid.launched, raid.leaked_low, raid.leaked_high]))
    days = (pd.Timestamp(raid.end) - pd.Timestamp(raid.begin)).days
    tests = {
        "nights of this war are not on record": raid.war != RECORDED_WAR,
        "what came through is not counted": not counted or raid.launched < 1,
        "several nights counted together": days > 1,
        f"fewer than {rolling.LEAST_PAST} nights of its class before it": len(past) < rolling.LEAST_PAST,
    }
    return next((why for why, failing in tests.items() if failing), "")


def _ask(family: str, own: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, least: int) -> dict[str, object]:
    inside = own[own["night"].between(first, last)]
    large = inside[inside["launched"] >= least]
    early = int((large.index < rolling.LEAST_PAST).sum())
    return {"family": family, "in_record": len(own), "in_period": len(inside), "too_small": len(inside) - len(large),
            "too_early": early, "predicted": len(large) - early}  # fmt: skip


def summarise(found: Hindcast, draws: int, seed: int) -> pd.DataFrame:
    """Sum the scores up, one row a class, those without a night too; as ``scores.summarise``."""
    return scores.summarise(found.scored, list(found.asked["family"]), draws, seed)


def list_targets(summary: pd.DataFrame) -> pd.DataFrame:
    """Say which aims the class level meets, set before any night was tested.

    Parameters
    ----------
    summary : pandas.DataFrame
        From ``scores.summarise``.

    Returns
    -------
    pandas.DataFrame
        One row is an aim: ``threat_class, aim`` (randomised, closed, sharper_than_..., close_to_beta_binomial),
        ``value``, ``bound_low, bound_high`` (between which it should lie), ``met``. A class without nights has none.

    Examples
    --------
    >>> row = {"threat_class": "srbm", "nights": 20, "inside_90": 1.0, "inside_90_randomised": 0.7}
    >>> list_targets(pd.DataFrame([row]))[["aim", "met"]].values.tolist()
    [['randomised', False], ['closed', True]]
    """
    rows: list[tuple[str, str, float, float, float]] = []
    for row in summary[summary["nights"] > 0].to_dict("records"):
        family = row["threat_class"]
        low, high = scores.held_by_chance(row["nights"])
        rows += [(family, "randomised", row["inside_90_randomised"], low, high),
                 (family, "closed", row["inside_90"], CLOSED_AT_LEAST, 1.0)]  # fmt: skip
        if family == "owa_drone":
            rows += [(family, f"sharper_than_{name}", row["crps"], 0.0, row[f"crps_{name}"])
                     for name in rolling.BASELINES]  # fmt: skip
        if family == "subsonic_cm":
            rows += [(family, "sharper_than_binomial", row["crps"], 0.0, row["crps_binomial"]),
                     (family, "close_to_beta_binomial", row["crps"], 0.0,
                      CRUISE_WITHIN * row["crps_beta_binomial"])]  # fmt: skip
    targets = pd.DataFrame(rows, columns=["threat_class", "aim", "value", "bound_low", "bound_high"])
    return targets.assign(met=targets["value"].between(targets["bound_low"], targets["bound_high"]))

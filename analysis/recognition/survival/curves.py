"""How long ties last: survival, competing endings and their clustering, with delayed entry and censoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.errors import NothingToShowError, ParameterError, require_choice
from analysis.recognition.facts.choices import END_REASONS
from analysis.recognition.facts.states import day_of
from analysis.recognition.many_tests import false_discovery_q
from analysis.recognition.survival.risk_sets import DAYS_PER_YEAR, ENTRY, OBSERVED_UNTIL, count_at_risk, ties_at_risk

Z95 = float(norm.ppf(0.975))
LARGEST_WINDOW_DAYS = 36_525


@dataclass(frozen=True)
class Clustering:
    """Pairs of endings close to each other, against a world in which every tie at risk is as likely to end.

    Attributes
    ----------
    statistic : int
        Pairs of endings within the window, of one group where there are groups.
    p : float
        Share of draws with at least as many.
    expected, low, high : float
        Average and middle 95 % of the draws.
    ended : int
        Number of endings.
    q : float
        p adjusted for all comparisons of one page (:func:`adjust_clusterings`); NaN before.
    """

    statistic: int
    p: float
    expected: float
    low: float
    high: float
    ended: int
    q: float = np.nan


def adjust_clusterings(found: Mapping[str, Clustering]) -> dict[str, Clustering]:
    """Give each of several comparisons its q, the share of false discoveries among them.

    Examples
    --------
    >>> one = Clustering(statistic=9, p=0.01, expected=4.0, low=2.0, high=7.0, ended=10)
    >>> {name: test.q for name, test in adjust_clusterings({"in time": one, "in space": replace(one, p=0.4)}).items()}
    {'in time': 0.02, 'in space': 0.4}
    """
    adjusted = false_discovery_q({name: one.p for name, one in found.items()})
    return {name: replace(one, q=adjusted[name]) for name, one in found.items()}


def compare_clusterings(
    spells: pd.DataFrame, entity: str, groups: Mapping[str, str | None], **how: Any
) -> dict[str, Clustering]:
    """Compare the endings of ties with chance in several ways, and give each its q among them.

    Parameters
    ----------
    spells, entity
        As in :func:`clustering`.
    groups : mapping
        Name of each comparison to the column within which endings are compared, None where in time alone.
    **how
        As for :func:`clustering`, the same for all.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> ties = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> found = compare_clusterings(ties, "TWN", {"in time": None}, draws=99, seed=7)
    >>> found["in time"].statistic > found["in time"].high
    True
    """
    return adjust_clusterings({name: clustering(spells, entity, by, **how) for name, by in groups.items()})


def survival_curve(
    spells: pd.DataFrame,
    entity: str,
    entry: str | date = ENTRY,
    by: str | None = None,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
    clock: str = "age",
    reasons: Sequence[str] = END_REASONS,
) -> pd.DataFrame:
    """Estimate the share of ties that last, by Kaplan and Meier.

    Parameters
    ----------
    spells, entity, entry, kind, until, clock, reasons
        As in :func:`ties_at_risk`.
    by : str, optional
        Column of ``spells`` with a group, such as a region joined to it: one curve for each.

    Returns
    -------
    pandas.DataFrame
        The group where there is one, time (years), survival, low and high (0 to 1), at_risk and ended (numbers of
        ties). One row is one time at which a tie ended, after a row for time 0.

    Raises
    ------
    ParameterError
        As in :func:`ties_at_risk`, or for an unknown column.

    Notes
    -----
    ``low`` and ``high`` are 95 % limits at each time, on the log-log scale, missing once nothing is left.
    With delayed entry the curve holds for ties that reach the first age at which some were watched; where few
    are at risk at first, one ending moves all that follows.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> curve = survival_curve(spells, "TWN", clock="calendar")
    >>> curve.loc[curve["time"] < 19.9, "survival"].round(2).iloc[-1] > curve["survival"].iloc[-1]
    np.True_
    """
    if by is not None:
        require_choice("by", by, spells.columns)
    ties = ties_at_risk(spells, entity, kind, entry, until, clock, reasons)
    if by is None:
        return _estimate_survival(ties)
    curves = {group: _estimate_survival(own) for group, own in ties.groupby(by)}
    return pd.concat(curves, names=[by]).reset_index(level=0).reset_index(drop=True)


def survival_at_ages(
    spells: pd.DataFrame,
    entity: str,
    ages: Sequence[float],
    entry: str | date = ENTRY,
    by: str | None = None,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
) -> pd.DataFrame:
    """Say which share of ties reaches some ages, and how many were still watched there.

    Parameters
    ----------
    spells, entity, entry, by, kind, until
        As in :func:`survival_curve`.
    ages : sequence of float
        Years since the tie began.

    Returns
    -------
    pandas.DataFrame
        The group where there is one, age (years), survival, low and high (0 to 1; missing where nobody was watched at
        that age and some might have reached it), at_risk (ties watched at that age), ended (ties that ended before or
        at it). One row is an age.

    Raises
    ------
    ParameterError
        As in :func:`survival_curve`.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> found = survival_at_ages(spells.query("not left_truncated"), "TWN", [10, 500])
    >>> found["at_risk"].tolist()[1], bool(found["survival"].isna().tolist()[1])
    (0, True)
    """
    if by is not None:
        require_choice("by", by, spells.columns)
    ties = ties_at_risk(spells, entity, kind, entry, until)
    curve = survival_curve(spells, entity, entry, by, kind, until)
    groups = {"all": ties} if by is None else dict(list(ties.groupby(by)))
    curves = {"all": curve} if by is None else dict(list(curve.groupby(by)))
    rows = [
        _read_curve(curves[group], own, age) | ({} if by is None else {by: group})
        for group, own in groups.items()
        for age in ages
    ]
    columns = ["age", "survival", "low", "high", "at_risk", "ended"]
    return pd.DataFrame(rows)[columns if by is None else [by, *columns]]


def _read_curve(curve: pd.DataFrame, ties: pd.DataFrame, age: float) -> dict[str, float | int]:
    step = curve[curve["time"] <= age].iloc[-1]
    at_risk = int(((ties["enter"] < age) & (age <= ties["exit"])).sum())
    reached = at_risk > 0 or step["survival"] == 0
    known = {name: float(step[name]) if reached else np.nan for name in ("survival", "low", "high")}
    return {"age": age, **known, "at_risk": at_risk, "ended": int((ties["ended"] & (ties["exit"] <= age)).sum())}


def incidence_at_days(
    spells: pd.DataFrame,
    entity: str,
    days: Sequence[str],
    entry: str | date = ENTRY,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
) -> pd.DataFrame:
    """Say which share of ties had ended for each reason by some days, by Aalen and Johansen and as counted.

    Parameters
    ----------
    spells, entity, entry, kind, until
        As in :func:`cumulative_incidence`, on the calendar clock.
    days : sequence of str
        Days after ``entry``, and not after ``until``.

    Returns
    -------
    pandas.DataFrame
        day, end_reason, incidence, low and high (0 to 1), raw (endings over the ties watched up to that day, 0 to 1),
        ended, watched (ties watched at some time up to that day) and at_risk (ties that stood on that day). One row is
        a reason by a day.

    Raises
    ------
    ParameterError
        As in :func:`cumulative_incidence`, or for a day outside the time of watching.

    Notes
    -----
    The estimate follows a tie that stood on the day of entry and was exposed to all that came; ties that began later
    enter when they begin. The raw share takes late ties, which had less time to end, like early ones: it is mostly
    smaller.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> found = incidence_at_days(spells, "TWN", ["2025-12-31"]).set_index("end_reason")
    >>> bool(found.loc["switch", "raw"] < found.loc["switch", "incidence"])
    True
    """
    opened, closed = day_of(entry), day_of(until)
    incidence = cumulative_incidence(spells, entity, entry, kind, until, "calendar")
    ties = ties_at_risk(spells, entity, kind, entry, until, "calendar")
    rows = []
    for day in days:
        if not opened < day_of(day) <= closed:
            raise ParameterError(f"days: {day} must lie after {entry} and not after {until}.")
        years = (day_of(day) - opened).days / DAYS_PER_YEAR
        watched = ties[ties["enter"] < years]
        stands = int((watched["exit"] > years).sum())
        for reason, steps in incidence.groupby("end_reason"):
            step = steps[steps["time"] <= years].iloc[-1]
            ended = int((watched["ended"] & watched["end_reason"].eq(reason) & (watched["exit"] <= years)).sum())
            rows.append(
                {"day": day, "end_reason": reason, "incidence": float(step["incidence"]), "low": float(step["low"]),
                 "high": float(step["high"]), "raw": ended / len(watched), "ended": ended, "watched": len(watched),
                 "at_risk": stands}
            )  # fmt: skip
    columns = ["day", "end_reason", "incidence", "low", "high", "raw", "ended", "watched", "at_risk"]
    return pd.DataFrame(rows, columns=columns)


def cumulative_incidence(
    spells: pd.DataFrame,
    entity: str,
    entry: str | date = ENTRY,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
    clock: str = "age",
) -> pd.DataFrame:
    """Estimate the share of ties that have ended for each reason, by Aalen and Johansen.

    Parameters
    ----------
    spells, entity, entry, kind, until, clock
        As in :func:`ties_at_risk`.

    Returns
    -------
    pandas.DataFrame
        end_reason, time (years), incidence, low and high (0 to 1), at_risk and ended (numbers of ties). One row
        is one reason at one time at which a tie ended for it, after a row for time 0.

    Raises
    ------
    ParameterError
        As in :func:`ties_at_risk`.

    Notes
    -----
    Reasons compete: a tie that ends for one can no longer end for another, so that the shares and the survival
    add up to 1. ``low`` and ``high`` are as in :func:`survival_curve`.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> sorted(set(cumulative_incidence(spells, "TWN")["end_reason"]))
    ['end_of_state', 'switch', 'withdrawal']
    """
    ties = ties_at_risk(spells, entity, kind, entry, until, clock)
    risk = count_at_risk(ties)
    lasting = (1 - risk["ended"] / risk["at_risk"]).cumprod().shift(fill_value=1.0)
    columns = ["end_reason", "time", "incidence", "low", "high", "at_risk", "ended"]
    parts = [pd.DataFrame(columns=columns)]
    for reason, mine in ties[ties["ended"]].groupby("end_reason"):
        ended = risk["time"].map(mine["exit"].value_counts()).fillna(0)
        incidence = (lasting * ended / risk["at_risk"]).cumsum()
        low, high = _find_limits(incidence, _find_incidence_error(incidence, lasting, ended, risk))
        rows = risk.assign(end_reason=reason, incidence=incidence, low=low, high=high, ended=ended.astype("int64"))
        parts += [_start_at_zero(ties, end_reason=reason, incidence=0.0), rows[ended > 0]]
    return pd.concat(parts[1:] or parts, ignore_index=True)[columns]


def clustering(
    spells: pd.DataFrame,
    entity: str,
    by: str | None,
    seed: int,
    entry: str | date = ENTRY,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
    reasons: Sequence[str] = END_REASONS,
    window_days: int = 366,
    draws: int = 5_000,
) -> Clustering:
    """Ask whether endings come close together, in time or in a group at a given time, more than chance gives.

    Parameters
    ----------
    spells, entity, entry, kind, until, reasons
        As in :func:`analysis.recognition.survival.risk_sets.ties_at_risk`; take ``("switch",)`` for switches alone.
    by : str or None
        Column of ``spells`` with a group, such as a region joined to it; None: time alone.
    seed : int
        Random seed.
    window_days : int
        Two endings are close when at most so many days lie between them, 1 or more.
    draws : int
        Number of draws, 1 or more.

    Returns
    -------
    Clustering
        Number of close pairs, and its comparison with the draws.

    Raises
    ------
    ParameterError
        As for ties at risk, for an unknown column, or a number out of range.
    NothingToShowError
        When fewer than two ties ended.

    Notes
    -----
    With ``by`` the days of the endings stay, so that a common shock such as 1971-73 does not count; each draw
    says anew which tie, of those then at risk, ended. Without it each ending falls on a day drawn in proportion
    to the number of ties at risk that day. Days taken from months and years (15th, 1 July) coincide too often;
    the window should be much longer. This shows clustering, which shared causes explain as well as contagion.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> in_time = clustering(spells, "TWN", by=None, seed=7, draws=500)
    >>> in_time.statistic > in_time.high
    True
    """
    for name, value, most in (("window_days", window_days, LARGEST_WINDOW_DAYS), ("draws", draws, 1_000_000)):
        if not 1 <= value <= most:
            raise ParameterError(f"{name} = {value} must be between 1 and {most:,}.")
    if by is not None:
        require_choice("by", by, spells.columns)
    ties = ties_at_risk(spells, entity, kind, entry, until, "calendar", reasons)
    days = np.sort((ties.loc[ties["ended"], "stop"] - ties["start"].min()).dt.days.to_numpy())
    if len(days) < 2:
        ties_ended = "1 tie" if len(days) else "no tie"
        raise NothingToShowError(
            f"entity = {entity!r}: {ties_ended} ended between {entry} and {until} ({', '.join(reasons)}), and "
            "endings come close only where there are two; let more endings count, such as switches within more days."
        )
    rng = np.random.default_rng(seed)
    if by is None:
        observed, drawn = _count_close(days[np.newaxis], window_days), _draw_days(ties, len(days), draws, rng)
        drawn = _count_close(drawn, window_days)
    else:
        group = ties[by].astype("str").to_numpy()
        ended = np.flatnonzero(ties["ended"])
        ended = ended[np.argsort(ties["stop"].to_numpy()[ended], kind="stable")]
        observed = _count_alike(group[ended][np.newaxis], days, window_days)
        drawn = _count_alike(group[_draw_ties(ties, draws, rng)], days, window_days)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Clustering(
        statistic=int(observed[0]),
        p=(1 + int((drawn >= observed[0]).sum())) / (1 + draws),
        expected=float(drawn.mean()),
        low=float(low),
        high=float(high),
        ended=len(days),
    )


def _estimate_survival(ties: pd.DataFrame) -> pd.DataFrame:
    curve = SurvfuncRight(ties["exit"], ties["ended"].astype("int64"), entry=ties["enter"])
    low, high = _find_limits(curve.surv_prob, curve.surv_prob_se)
    rows = pd.DataFrame({"time": curve.surv_times, "survival": curve.surv_prob, "low": low, "high": high})
    rows = rows.assign(at_risk=curve.n_risk.astype("int64"), ended=curve.n_events.astype("int64"))
    return pd.concat([_start_at_zero(ties, survival=1.0), rows], ignore_index=True)[list(rows.columns)]


def _start_at_zero(ties: pd.DataFrame, **share: object) -> pd.DataFrame:
    known = {"time": [0.0], "at_risk": int((ties["enter"] <= 0).sum()), "ended": 0}
    value = next(number for number in share.values() if isinstance(number, float))
    return pd.DataFrame({**known, **share, "low": value, "high": value})


def _find_limits(share: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % limits on the log-log scale; missing where the share is 0 or 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(Z95 * error / (share * np.abs(np.log(share))))
        return share**spread, share ** (1 / spread)


def _find_incidence_error(incidence: pd.Series, lasting: pd.Series, ended: pd.Series, risk: pd.DataFrame) -> np.ndarray:
    """Standard error of the cumulative incidence (delta method)."""
    left = (risk["at_risk"] - risk["ended"]).clip(lower=1)
    hazard = risk["ended"] / (risk["at_risk"] * left)
    later = incidence.to_numpy()[:, np.newaxis] - incidence.to_numpy()
    step = lasting * ended / risk["at_risk"] ** 2
    own = lasting**2 * ended * (risk["at_risk"] - ended) / risk["at_risk"] ** 3
    parts = later**2 * hazard.to_numpy() - 2 * later * step.to_numpy() + own.to_numpy()
    return np.sqrt(np.tril(parts).sum(axis=1))


def _draw_days(ties: pd.DataFrame, ended: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Days on which endings fall if every day of every tie is as likely; one row is one draw, in order."""
    since, until = ((ties[name] - ties["start"].min()).dt.days.to_numpy() for name in ("start", "stop"))
    change = np.bincount(since + 1, minlength=until.max() + 2) - np.bincount(until + 1, minlength=until.max() + 2)
    exposure = np.cumsum(np.cumsum(change))
    return np.sort(np.searchsorted(exposure, rng.random((draws, ended)) * exposure[-1], "right"), axis=1)


def _draw_ties(ties: pd.DataFrame, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Which tie ended at each ending, in the order of days; a tie that has not ended stays at risk."""
    start, stop, ended = (ties[name].to_numpy() for name in ("start", "stop", "ended"))
    leaves = np.where(ended, ties["stop"].max(), stop)
    alive = np.ones((draws, len(ties)), dtype="bool")
    chosen = np.empty((draws, int(ended.sum())), dtype="int64")
    for number, day in enumerate(np.sort(stop[ended])):
        ranks = np.cumsum(alive & (start < day) & (day <= leaves), axis=1, dtype="int32")
        pick = (rng.random(draws) * ranks[:, -1]).astype("int32")
        chosen[:, number] = (ranks > pick[:, np.newaxis]).argmax(axis=1)
        alive[np.arange(draws), chosen[:, number]] = False
    return chosen


def _count_close(days: np.ndarray, window_days: int) -> np.ndarray:
    """Pairs of days within the window, in each row of days in order."""
    ahead = [np.searchsorted(row, row + window_days, "right") - np.arange(1, len(row) + 1) for row in days]
    return np.array([row.sum() for row in ahead])


def _count_alike(group: np.ndarray, days: np.ndarray, window_days: int) -> np.ndarray:
    """Pairs of endings within the window and of one group, in each row of groups."""
    number = np.unique(group, return_inverse=True)[1].reshape(group.shape).astype("int16")
    one, other = np.nonzero(np.triu(np.abs(np.subtract.outer(days, days)) <= window_days, k=1))
    return np.array([(row[one] == row[other]).sum() for row in number])

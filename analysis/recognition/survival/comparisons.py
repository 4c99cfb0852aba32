"""Do ties end sooner in one group than in another: the log-rank test, and Cox regression as its check."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import chi2
from statsmodels.duration.survfunc import survdiff

from analysis.errors import ParameterError, require_choice
from analysis.recognition.facts.choices import END_REASONS
from analysis.recognition.survival.risk_sets import ENTRY, OBSERVED_UNTIL, count_at_risk, ties_at_risk

ROUNDING = 1e-9  # two statistics closer than this are the same
APART_YEARS = 10_000.0  # no tie lasts as long
TIE = ["recogniser", "begin"]  # names one tie, also where it is cut at periods


@dataclass(frozen=True)
class LogRank:
    """Endings of each group against those expected if all groups were alike.

    Attributes
    ----------
    groups : pandas.DataFrame
        ties, ended, expected. One row is one group.
    statistic : float
        Chi-square.
    degrees_of_freedom : int
        Groups less one.
    p : float
        From the chi-square distribution, which needs some five endings expected in each group.
    p_shuffle : float
        Share of shuffles of the groups among states that set them as far apart; NaN where a state is in several.
    """

    groups: pd.DataFrame
    statistic: float
    degrees_of_freedom: int
    p: float
    p_shuffle: float


def log_rank(
    spells: pd.DataFrame,
    entity: str,
    by: str,
    cuts: Sequence[str] = (),
    entry: str | date = ENTRY,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
    clock: str = "age",
    reasons: Sequence[str] = END_REASONS,
    draws: int = 10_000,
    seed: int = 0,
) -> LogRank:
    """Compare how long ties of several groups last.

    Parameters
    ----------
    spells, entity, cuts, entry, kind, until, clock, reasons
        As in :func:`analysis.recognition.survival.risk_sets.ties_at_risk`. Where there are cuts, ties are compared only
        within the same period.
    by : str
        Column of ``spells`` with a group, such as a region joined to it; or ``period``, which compares the
        periods between the cuts.
    draws : int
        Number of shuffles, 1 or more.
    seed : int
        Random seed.

    Returns
    -------
    LogRank
        The groups, the test, and its p by shuffling.

    Raises
    ------
    ParameterError
        As for ties at risk, for an unknown column, less than one draw, fewer than two groups, or no ending.

    Notes
    -----
    The test has little power where hazards cross. Ties of one state depend on each other: the shuffle moves all
    ties of a state together, and the chi-square does not. Groups that entered at other times are not quite
    exchangeable; compare within periods.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> test = log_rank(spells, "TWN", "period", cuts=["1971-01-01", "1974-01-01"])
    >>> test.groups["ended"].tolist(), test.degrees_of_freedom
    ([14, 31, 53], 2)
    """
    if draws < 1:
        raise ParameterError(f"draws = {draws} must be 1 or more.")
    require_choice("by", by, [*spells.columns, "period"])
    ties = ties_at_risk(spells, entity, kind, entry, until, clock, reasons, cuts).dropna(subset=[by])
    if ties[by].nunique() < 2 or not ties["ended"].any():
        groups, ended = ties[by].nunique(), int(ties["ended"].sum())
        raise ParameterError(f"by = {by!r}: {groups} groups with {ended} endings; two groups and an ending are needed.")
    if by != "period":  # periods follow each other on the clock, so that ties are compared within each
        shift = ties["period"].rank(method="dense") * APART_YEARS
        ties = ties.assign(enter=ties["enter"] + shift, exit=ties["exit"] + shift)
    times = (ties[name].to_numpy(dtype="float64") for name in ("exit", "ended"))
    group = ties[by].astype("str").to_numpy()
    statistic = float(survdiff(*times, group, entry=ties["enter"].to_numpy())[0])
    ties = ties.assign(expected=_expect_endings(ties))
    sums = ties.groupby(by)[["ended", "expected"]].sum()
    sums.insert(0, "ties", ties.drop_duplicates([by, *TIE]).groupby(by).size())
    shuffled = _shuffle_groups(ties, by, draws, np.random.default_rng(seed))
    freedom = len(sums) - 1
    return LogRank(sums, statistic, freedom, float(chi2.sf(statistic, freedom)), shuffled)


def _expect_endings(ties: pd.DataFrame) -> np.ndarray:
    """The hazard that each tie passed through, estimated from all ties."""
    risk = count_at_risk(ties)
    hazard = np.concatenate([[0.0], np.cumsum(risk["ended"] / risk["at_risk"])])
    before, after = (hazard[np.searchsorted(risk["time"], ties[name], "right")] for name in ("enter", "exit"))
    return after - before


def _shuffle_groups(ties: pd.DataFrame, by: str, draws: int, rng: np.random.Generator) -> float:
    states = ties.assign(excess=ties["ended"] - ties["expected"]).groupby("recogniser")
    if (states[by].nunique() > 1).any():
        return np.nan
    excess = states["excess"].sum().to_numpy()
    group = np.unique(states[by].first().astype("str"), return_inverse=True)[1]
    inside = np.eye(group.max() + 1)[group]
    orders = rng.permuted(np.tile(np.arange(len(excess)), (draws, 1)), axis=1)
    apart = ((excess[orders] @ inside) ** 2 / inside.sum(axis=0)).sum(axis=1)
    observed = ((excess @ inside) ** 2 / inside.sum(axis=0)).sum()
    return (1 + int((apart >= observed - ROUNDING).sum())) / (1 + draws)

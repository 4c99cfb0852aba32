"""How every state stands towards one entity, and how recognition of two entities goes together."""

from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from analysis.errors import ParameterError
from analysis.recognition.spells import CLAIMANTS
from analysis.recognition.stances import find_stances, find_strata
from analysis.recognition.states import day_of
from analysis.recognition.timelines import EPOCH, find_statuses

ROUNDING = 1e-9  # two distances from an average closer than this are the same


def status_by_state(
    spells: pd.DataFrame,
    states: pd.DataFrame,
    lineage: pd.DataFrame,
    withheld: pd.DataFrame,
    entity: str,
    on: str | date,
    kind: str = "recognition",
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Say of every state that exists on a day how it stands towards an entity; :func:`find_statuses` has the rule.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.spells.build_spells` with lineage.
    states, lineage, withheld : pandas.DataFrame
        The tables ``recognition/states``, ``lineage`` and ``withheld``.
    entity, on, kind, minimum_confidence
        As in :func:`analysis.recognition.panel.recognisers`.

    Returns
    -------
    pandas.DataFrame
        iso3, name, status (one of ``STATUSES[kind]``, in words). One row is a state that exists on that day,
        other than the entity, or that acted before it counts as a state.

    Notes
    -----
    A year without a day counts as its 1 July.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> events, *tables = (load_table(f"recognition/{name}") for name in ("events", "states", "lineage", "withheld"))
    >>> status = status_by_state(build_spells(events, tables[1]), *tables, "TWN", "1979-12-31", "relations")
    >>> status["status"].value_counts().to_dict()["has relations"]
    22
    """
    day = (day_of(on) - EPOCH).days
    times = find_statuses(spells, states, lineage, withheld, entity, kind, minimum_confidence)
    stands = (times["since"] <= day) & (day < times["until"])
    return times.loc[stands, ["iso3", "name", "status"]].reset_index(drop=True)


@dataclass(frozen=True)
class Association:
    """How far two yes-or-no answers go together in a table of two by two.

    Attributes
    ----------
    odds_ratio : float
        Cross product; infinite or NaN where a cell is empty.
    odds_low, odds_high : float
        Exact 95 % interval of the conditional odds ratio.
    phi : float
        Correlation, -1 to 1; NaN where a margin is empty.
    jaccard : float
        Both, as a share of those with one at least.
    p_exact : float
        Two-sided exact test of Fisher.
    """

    odds_ratio: float
    odds_low: float
    odds_high: float
    phi: float
    jaccard: float
    p_exact: float


@dataclass(frozen=True)
class CoRecognition(Association):
    """Who recognises two entities on a day, against what the margins alone would give.

    Attributes
    ----------
    table : pandas.DataFrame
        States by their answer towards the one (rows yes, no) and towards the other (columns yes, no).
    expected : float
        States that would recognise both, on average over all shuffles.
    low, high : float
        Middle 95 % of the draws.
    p_shuffle : float
        Share of draws at least as far from ``expected`` as the observed number; NaN where nothing can move.
    draws : int
        Number of draws.
    """

    table: pd.DataFrame
    expected: float
    low: float
    high: float
    p_shuffle: float
    draws: int


def measure_association(both: int, left_only: int, right_only: int, neither: int) -> Association:
    """Measure how far two answers go together.

    Parameters
    ----------
    both, left_only, right_only, neither : int
        States in each cell, 0 or more.

    Examples
    --------
    >>> round(measure_association(both=108, left_only=55, right_only=30, neither=0).phi, 4)
    -0.2708
    """
    table = np.array([[both, left_only], [right_only, neither]])
    margins = float(np.prod(table.sum(axis=0), dtype=float) * np.prod(table.sum(axis=1), dtype=float))
    cross, against = float(both) * neither, float(left_only) * right_only
    interval = odds_ratio(table).confidence_interval(0.95) if margins else (np.nan, np.nan)
    return Association(
        odds_ratio=cross / against if against else np.inf if cross else np.nan,
        odds_low=float(interval[0]),
        odds_high=float(interval[1]),
        phi=(cross - against) / margins**0.5 if margins else np.nan,
        jaccard=both / (both + left_only + right_only) if both + left_only + right_only else np.nan,
        p_exact=float(fisher_exact(table).pvalue),
    )


def co_recognition(
    spells: pd.DataFrame,
    on: str | date,
    left: str,
    right: str,
    states: pd.DataFrame,
    kind: str = "recognition",
    rule: str = "net",
    members: str | None = "day",
    lineage: pd.DataFrame | None = None,
    memberships: pd.DataFrame | None = None,
    minimum_confidence: str = "low",
    draws: int = 10_000,
    seed: int = 0,
) -> CoRecognition:
    """Compare who recognises two entities on a day with what chance would give.

    Parameters
    ----------
    spells, on, states, kind, rule, members, lineage, minimum_confidence
        As in :func:`find_stances`.
    left, right : str
        Codes of two entities out of ``FULLY_RECORDED``.
    memberships : pandas.DataFrame, optional
        As in :func:`find_strata`: without it, the shuffle stays within regions only.
    draws : int
        Number of draws, 1 or more.
    seed : int
        Random seed.

    Returns
    -------
    CoRecognition
        The table, its measures of association, and the comparison with the shuffle.

    Raises
    ------
    ParameterError
        For an unknown choice, twice the same entity, or less than one draw.

    Notes
    -----
    The two entities themselves are left out of the table. The shuffle keeps the number that recognises each
    entity in each stratum, so that the number of both is hypergeometric in each. Beijing's answer to Taipei, and
    Taipei's to Beijing, stay fixed; towards each other the two exclude one another, and ``p_shuffle`` is NaN.
    Say "unusual under this shuffle": states decide by looking at each other, which no shuffle shows. The
    exact test ignores strata. Ties with Beijing or Taipei concern a government, the others a state.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> found = co_recognition(spells, "2024-12-31", "TWN", "PSE", load_table("recognition/states"))
    >>> found.table.to_numpy().tolist(), round(found.expected, 1)
    ([[8, 3], [138, 44]], 7.6)
    """
    if left == right:
        raise ParameterError(f"right = {right!r} is the same as left; choose two entities.")
    if draws < 1:
        raise ParameterError(f"draws = {draws} must be 1 or more.")
    stances = find_stances(
        spells, on, states, [left, right], kind, rule, members, lineage, minimum_confidence=minimum_confidence
    ).dropna(subset=[left, right])
    answers = stances[[left, right]].to_numpy(dtype="bool")
    strata = find_strata(stances, on, memberships)
    fixed = stances["iso3"].isin(CLAIMANTS) & (left in CLAIMANTS or right in CLAIMANTS)
    strata = strata.mask(fixed, stances["iso3"])
    count = np.bincount(3 - answers @ [2, 1], minlength=4).reshape(2, 2)
    table = pd.DataFrame(count, index=pd.Index(["yes", "no"], name=left), columns=pd.Index(["yes", "no"], name=right))
    drawn, expected = draw_both(answers, strata.to_numpy(), draws, np.random.default_rng(seed))
    held = {left, right} == set(CLAIMANTS)
    far = np.abs(drawn - expected) >= abs(count[0, 0] - expected) - ROUNDING
    low, high = np.quantile(drawn, [0.025, 0.975])
    return CoRecognition(
        **asdict(measure_association(*count.ravel().tolist())),
        table=table,
        expected=np.nan if held else expected,
        low=np.nan if held else float(low),
        high=np.nan if held else float(high),
        p_shuffle=np.nan if held else (1 + int(far.sum())) / (1 + draws),
        draws=draws,
    )


def draw_both(
    answers: np.ndarray, strata: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Draw how many would answer yes twice if answers were shuffled within strata.

    Parameters
    ----------
    answers : numpy.ndarray of bool
        Two columns; one row is one state.
    strata : numpy.ndarray
        Label of each row.
    draws : int
        Number of draws.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple of numpy.ndarray and float
        The number of both in each draw, and its exact mean.

    Examples
    --------
    >>> answers = np.array([[True, True], [False, True], [True, False], [False, False]])
    >>> drawn, mean = draw_both(answers, np.array(["a", "a", "b", "b"]), 5, np.random.default_rng(0))
    >>> mean, set(drawn.tolist()) <= {1}
    (1.0, True)
    """
    _, label = np.unique(strata, return_inverse=True)
    size = np.bincount(label)
    one, other = (np.bincount(label, weights=column).astype("int64") for column in answers.T)
    drawn = rng.hypergeometric(one, size - one, other, size=(draws, len(size))).sum(axis=1)
    return drawn, float((one * other / size).sum())

"""Who recognises whom on a day: one row a state, one column an entity, and the groups of alike states."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from analysis.errors import ParameterError, require_choice
from analysis.facts import Facts
from analysis.recognition.facts.choices import ENTITIES, MEMBERS, PARTLY_RECORDED
from analysis.recognition.facts.spells import CLAIMANTS
from analysis.recognition.facts.states import day_of, days_of, members_on, system_on, un_seats
from analysis.recognition.many_tests import adjust_pairs as adjust_pairs
from analysis.recognition.panel import recognisers
from analysis.recognition.timelines import EPOCH, find_statuses

FULLY_RECORDED = tuple(entity for entity in ENTITIES if entity not in PARTLY_RECORDED)


def find_stances(
    spells: pd.DataFrame,
    on: str | date,
    states: pd.DataFrame,
    entities: Sequence[str] = FULLY_RECORDED,
    kind: str = "recognition",
    rule: str = "net",
    members: str | None = "day",
    lineage: pd.DataFrame | None = None,
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Say of each state whether it recognises each of several entities on a day.

    Parameters
    ----------
    spells, on, kind, rule, minimum_confidence
        As in :func:`analysis.recognition.panel.recognisers`; spells built with lineage.
    states : pandas.DataFrame
        The table ``recognition/states``.
    entities : sequence of str
        Codes out of ``FULLY_RECORDED``.
    members : {"day", "today"}, optional
        Members of the United Nations on that day, or today; None: every state that exists on that day.
    lineage : pandas.DataFrame, optional
        The table ``recognition/lineage``; needed on days on which a historic state, such as Yugoslavia, exists.

    Returns
    -------
    pandas.DataFrame
        iso3, name, un_region, then for each entity whether the state recognises it (missing for the entity itself).
        One row is one state, in the order of codes.

    Raises
    ------
    ParameterError
        For an entity that is not fully recorded, an unknown choice, a day that needs ``lineage``, or a day on
        which the United Nations has no member.

    Notes
    -----
    What is not on record counts as no recognition.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> stances = find_stances(spells, "2024-12-31", load_table("recognition/states"), ["TWN", "PSE"])
    >>> len(stances), int(stances["TWN"].sum()), int((stances["TWN"] & stances["PSE"]).sum())
    (193, 11, 8)
    """
    for entity in entities:
        require_choice("entity", entity, FULLY_RECORDED)
    chosen = _choose_states(states, on, members, lineage).sort_values("iso3", ignore_index=True)
    stances = chosen[["iso3", "name", "un_region"]].copy()
    for entity in entities:
        found = recognisers(spells, entity, on, kind, rule, minimum_confidence=minimum_confidence)["recogniser"]
        answers = stances["iso3"].isin(found).astype("boolean")
        stances[entity] = answers.mask(stances["iso3"].eq(entity))
    return stances


def find_strata(stances: pd.DataFrame, on: str | date, memberships: pd.DataFrame | None = None) -> pd.Series:
    """Name the group of alike states within which a shuffle may move answers.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`find_stances`.
    on : str or date
        The day.
    memberships : pandas.DataFrame, optional
        The table ``recognition/memberships``; with it, members of the OIC stand apart within each region.

    Returns
    -------
    pandas.Series of str
        Region, with "OIC" added for its members. One row is one state, as in ``stances``.

    Examples
    --------
    >>> stances = pd.DataFrame({"iso3": ["ALB", "AUT"], "un_region": "Europe"})
    >>> table = {"iso3": ["ALB"], "organisation": ["OIC"], "start": ["1992"], "end": [None]}
    >>> find_strata(stances, "2024", pd.DataFrame(table)).tolist()
    ['Europe, OIC', 'Europe']
    """
    if memberships is None:
        return stances["un_region"].astype("str")
    members = members_on(memberships[memberships["organisation"].eq("OIC")], on)
    oic = stances["iso3"].isin(members["iso3"])
    return stances["un_region"].where(~oic, stances["un_region"] + ", OIC")


def entities_of(stances: pd.DataFrame) -> list[str]:
    """Name the entities that a frame of stances answers to, in its order."""
    return [name for name in stances.columns if name in FULLY_RECORDED]


def measure_similarity(stances: pd.DataFrame) -> pd.DataFrame:
    """Measure how alike each two states answer.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`find_stances`.

    Returns
    -------
    pandas.DataFrame
        Share of the entities that both states recognise or both do not, 0 to 1, leaving out what is missing
        for one of them. One row is one state and one column another, by iso3.

    Notes
    -----
    Every entity weighs the same, so that nearly all states are alike about those that few recognise.

    Examples
    --------
    >>> answers = {"iso3": ["NRU", "SYR"], "ABK": [True, True], "ISR": [True, False], "PSE": [False, True]}
    >>> round(float(measure_similarity(pd.DataFrame(answers)).loc["NRU", "SYR"]), 3)
    0.333
    """
    values = stances[entities_of(stances)].to_numpy(dtype="float64", na_value=np.nan)
    known, yes = ~np.isnan(values), values == 1
    no = known & ~yes
    alike = yes.astype("float64") @ yes.T + no.astype("float64") @ no.T
    return pd.DataFrame(alike / (known.astype("float64") @ known.T), stances["iso3"], stances["iso3"].to_numpy())


def cross_stances(stances: pd.DataFrame, left: tuple[str, str], right: tuple[str, str]) -> pd.DataFrame:
    """Count states by their answers towards two pairs of entities, four ways by four.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`find_stances`, with the four entities.
    left, right : tuple of str
        The pair whose answers name the rows, and the pair that names the columns.

    Returns
    -------
    pandas.DataFrame
        One row is an answer to ``left``, one column an answer to ``right``: both, the one only, the other only,
        neither. The four entities themselves are left out.

    Examples
    --------
    >>> answers = {"TWN": [True, False], "CHN": [False, True], "ISR": [True, True], "PSE": [False, True]}
    >>> cross_stances(pd.DataFrame(answers), ("TWN", "CHN"), ("ISR", "PSE")).loc["TWN only", "ISR only"]
    np.int64(1)
    """
    known = stances.dropna(subset=[*left, *right])
    words = {pair: ["both", f"{pair[0]} only", f"{pair[1]} only", "neither"] for pair in (left, right)}
    cells = [
        pd.Categorical.from_codes(3 - 2 * known[one].astype("int64") - known[other].astype("int64"), words[one, other])
        for one, other in (left, right)
    ]
    return pd.crosstab(*cells, rownames=[" and ".join(left)], colnames=[" and ".join(right)], dropna=False)


def _choose_states(
    states: pd.DataFrame, on: str | date, members: str | None, lineage: pd.DataFrame | None
) -> pd.DataFrame:
    if members is not None:
        require_choice("members", members, MEMBERS)
    if lineage is None:
        past = states[states["status"].eq("historic") & (days_of(states["end_date"]) >= day_of(on))]
        if len(past):
            names = ", ".join(past["name"])
            raise ParameterError(f"lineage = None: on {on} it is needed to tell {names} from their successors.")
        lineage = pd.DataFrame(columns=["predecessor", "successor", "date", "kind"], dtype="str")
    chosen = system_on(states, lineage, on)
    if members == "day":
        chosen = chosen[chosen["un_member"]]
    if members == "today":
        since, until = un_seats(states)
        chosen = chosen[chosen["iso3"].isin(states["iso3"][~np.isnat(since) & np.isnat(until)])]
    if chosen.empty:
        raise ParameterError(f"day = {on}: the United Nations has no member then; the first joined on 1945-10-24.")
    return chosen


ROUNDING = 1e-9  # two distances from an average closer than this are the same


def status_by_state(
    spells: pd.DataFrame,
    facts: Facts,
    entity: str,
    on: str | date,
    kind: str = "recognition",
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Say of every state that exists on a day how it stands towards an entity; :func:`find_statuses` has the rule.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells` with lineage.
    facts : Facts
        Tables of ``recognition/``: ``states, lineage, withheld``.
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
    >>> from analysis.tables import load_facts
    >>> from analysis.recognition.facts.spells import build_spells
    >>> facts = load_facts("recognition")
    >>> status = status_by_state(build_spells(facts.events, facts.lineage), facts, "TWN", "1979-12-31", "relations")
    >>> status["status"].value_counts().to_dict()["has relations"]
    22
    """
    day = (day_of(on) - EPOCH).days
    times = find_statuses(spells, facts, entity, kind, minimum_confidence)
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
    q_shuffle, q_exact : float
        ``p_shuffle`` and ``p_exact`` adjusted for all pairs of one page (:func:`adjust_pairs`); NaN before.
    """

    table: pd.DataFrame
    expected: float
    low: float
    high: float
    p_shuffle: float
    draws: int
    q_shuffle: float = np.nan
    q_exact: float = np.nan


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
    >>> from analysis.recognition.facts.spells import build_spells
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

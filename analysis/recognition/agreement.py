"""How far our dates agree with codings that others made: Cohen's kappa, Krippendorff's alpha, every disagreement."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, require_choice
from analysis.recognition.facts.codes import day_after, first_day
from analysis.recognition.panel import build_panel

# What the others hold against a tie of ours in a year: Rich's years fit their last day, and a mission may close in one.
PART_YEAR = {"rich": "december 31", "missions": "any day"}
LEVELS = ("nominal", "interval")
LETTERS = {"day": 10, "month": 7, "year": 4, "before": 4}  # of an ISO date that are seen


@dataclass(frozen=True)
class Agreement:
    """How often two codings say the same.

    Attributes
    ----------
    compared, agreed : int
        Answers that both give, and those that are the same.
    share : float
        The one over the other, 0 to 1; NaN without any.
    kappa : float
        Cohen's: agreement beyond what the margins alone give, 1 for no disagreement; NaN where one coding has one
        answer only, as a list of what exists has.
    kappa_low, kappa_high : float
        Asymptotic 95 % limits.
    """

    compared: int
    agreed: int
    share: float
    kappa: float
    kappa_low: float
    kappa_high: float


def compare_with_rich(spells: pd.DataFrame, rich: pd.DataFrame) -> pd.DataFrame:
    """Set relations with Taipei as Rich coded them beside ours on the last day of each year.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    rich : pandas.DataFrame
        The table ``recognition/comparison_rich``.

    Returns
    -------
    pandas.DataFrame
        entity, iso3, year, theirs, ours (true or false). One row is a state in a year.

    Notes
    -----
    Only states of that coding are compared: it lacks small states, among them most of Taipei's partners in the Pacific.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> compared = compare_with_rich(spells, load_table("recognition/comparison_rich"))
    >>> round(measure_agreement(compared).kappa, 2)
    0.98
    """
    theirs = rich[["iso3", "year"]].assign(entity="TWN", theirs=rich["relations"].eq(1))
    return _add_ours(spells, theirs, PART_YEAR["rich"])


def compare_with_missions(spells: pd.DataFrame, missions: pd.DataFrame) -> pd.DataFrame:
    """Set each mission that the Correlates of War list beside our relations of that year.

    Parameters
    ----------
    spells : pandas.DataFrame
        As in :func:`compare_with_rich`, built with lineage.
    missions : pandas.DataFrame
        The table ``recognition/comparison_missions``.

    Returns
    -------
    pandas.DataFrame
        entity, iso3, year, theirs (always true), ours (relations on some day of the year). One row is a state in a wave
        with a mission at the entity, or of the entity.

    Notes
    -----
    The list has no row where there was no mission, and relations need none: it can miss ours, and no kappa is defined.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> compared = compare_with_missions(spells, load_table("recognition/comparison_missions"))
    >>> measure_agreement(compared).share > 0.95
    True
    """
    posted = missions["mission_at_entity"].gt(0) | missions["mission_of_entity"].gt(0)
    theirs = missions.loc[posted, ["entity", "iso3", "year"]].assign(theirs=True)
    return _add_ours(spells, theirs, PART_YEAR["missions"])


def _add_ours(spells: pd.DataFrame, theirs: pd.DataFrame, part_year: str) -> pd.DataFrame:
    if theirs.empty:
        return theirs[["entity", "iso3", "year", "theirs"]].assign(ours=pd.Series(dtype=bool))
    key = ["entity", "recogniser", "year"]
    years = range(int(theirs["year"].min()), int(theirs["year"].max()) + 1)
    panel = build_panel(spells[spells["entity"].isin(theirs["entity"])], years, part_year)
    held = pd.MultiIndex.from_frame(panel.loc[panel["kind"].eq("relations"), key])
    rows = pd.MultiIndex.from_frame(theirs.rename(columns={"iso3": "recogniser"})[key])
    return theirs[["entity", "iso3", "year", "theirs"]].assign(ours=rows.isin(held)).reset_index(drop=True)


def measure_agreement(compared: pd.DataFrame) -> Agreement:
    """Measure how far two codings agree.

    Parameters
    ----------
    compared : pandas.DataFrame
        theirs, ours (true or false). One row is an answer that both give.

    Notes
    -----
    State-years follow each other and are not independent: the limits are too narrow, and show the size of chance alone.

    References
    ----------
    Cohen, J. (1960), A coefficient of agreement for nominal scales; limits as in statsmodels (Fleiss and others 1969).

    Examples
    --------
    >>> compared = pd.DataFrame({"theirs": [True, True, False, False], "ours": [True, False, False, False]})
    >>> found = measure_agreement(compared)
    >>> found.share, round(found.kappa, 2)
    (0.75, 0.5)
    """
    theirs, ours = (compared[name].to_numpy(dtype="int64") for name in ("theirs", "ours"))
    number, agreed = len(compared), int((theirs == ours).sum())
    share = agreed / number if number else np.nan
    if len(set(theirs)) < 2 or len(set(ours)) < 2:
        return Agreement(number, agreed, share, np.nan, np.nan, np.nan)
    from statsmodels.stats.inter_rater import cohens_kappa  # takes a second, and check-data needs none

    found = cohens_kappa(np.bincount(2 * theirs + ours, minlength=4).reshape(2, 2))
    return Agreement(number, agreed, share, float(found.kappa), float(found.kappa_low), float(found.kappa_upp))


def list_disagreements(compared: pd.DataFrame) -> pd.DataFrame:
    """Keep the answers on which two codings differ, in the order of entity, state and year.

    Examples
    --------
    >>> rows = {"entity": "TWN", "iso3": ["LBR", "HTI"], "year": 1996, "theirs": [False, True], "ours": [True, True]}
    >>> list_disagreements(pd.DataFrame(rows))["iso3"].tolist()
    ['LBR']
    """
    differing = compared[compared["theirs"].ne(compared["ours"])]
    return differing.sort_values(["entity", "iso3", "year"], ignore_index=True)


def compare_with_blind(events: pd.DataFrame, blind: pd.DataFrame) -> pd.DataFrame:
    """Set the date of each act that was coded blind beside ours.

    Parameters
    ----------
    events : pandas.DataFrame
        The table ``recognition/events``.
    blind : pandas.DataFrame
        The table ``recognition/blind_codings``.

    Returns
    -------
    pandas.DataFrame
        claim_id, reading, theirs, ours (both as precise as the less precise of the two), theirs_day, ours_day (days
        from 1 January 1970, the middle of what the full dates leave open), fits (whether theirs can lie within our
        ``date_low`` and ``date_high``). One row is an act that both date.

    Notes
    -----
    The coder saw state, entity, act and source, and may have read a text that goes back to the same list as ours: this
    measures reading and copying, not whether the world was so.

    Examples
    --------
    >>> acts = {"claim_id": ["a"], "date": "1971-10-25", "date_precision": "day"}
    >>> acts |= {"date_low": "1971-10-25", "date_high": "1971-10-25"}
    >>> blind = pd.DataFrame({"claim_id": ["a"], "coded": ["1971-10"], "reading": ["same"]})
    >>> compare_with_blind(pd.DataFrame(acts), blind)[["theirs", "ours", "fits"]].to_numpy().tolist()
    [['1971-10', '1971-10', True]]
    """
    both = blind.dropna(subset="coded").merge(events, on="claim_id", suffixes=("_theirs", ""))
    seen = both["date_precision"].map(LETTERS).combine(both["coded"].str.len(), min)
    first, low = (_count_days(map(first_day, both[name])) for name in ("coded", "date_low"))
    last, high = (_count_days(map(day_after, both[name])) - 1 for name in ("coded", "date_high"))
    return pd.DataFrame(
        {
            "claim_id": both["claim_id"],
            "reading": both["reading"],
            "theirs": [date[:letters] for date, letters in zip(both["coded"], seen, strict=True)],
            "ours": [date[:letters] for date, letters in zip(both["date"], seen, strict=True)],
            "theirs_day": (first + last) / 2,
            "ours_day": (low + high) / 2,
            "fits": (first <= high) & (last >= low),
        }
    )


def _count_days(days: Iterable[np.datetime64]) -> np.ndarray:
    """Count days from 1 January 1970."""
    return np.array([*days], dtype="datetime64[D]").astype("int64")


def krippendorff_alpha(codings: pd.DataFrame, level: str = "nominal") -> float:
    """Measure how far two or more coders agree, also where some of them left units out.

    Parameters
    ----------
    codings : pandas.DataFrame
        One row is a unit, one column a coder; missing where a coder gave no answer. Numbers for ``interval``, such as
        days; anything for ``nominal``.
    level : {"nominal", "interval"}
        Whether two different answers are simply different, or apart by the square of their distance.

    Returns
    -------
    float
        1 for no disagreement, 0 for that of chance, less than 0 for more than that; NaN where no unit has two answers,
        or all answers are the same.

    Raises
    ------
    ParameterError
        For an unknown level, or answers that are no numbers where distances are wanted.

    References
    ----------
    Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, from which the example is.

    Examples
    --------
    >>> one, other = list("aabbdcccedda"), list("babbbccceddd")
    >>> round(krippendorff_alpha(pd.DataFrame({"one": one, "other": other})), 3)
    0.692
    """
    require_choice("level", level, LEVELS)
    if level == "interval" and not all(pd.api.types.is_numeric_dtype(kind) for kind in codings.dtypes):
        raise ParameterError("level = 'interval' needs numbers; count days from a first day, or take 'nominal'.")
    answers = codings.stack().dropna()
    answers = answers[answers.groupby(level=0).transform("size") > 1]
    value, kinds = pd.factorize(answers)
    counts = pd.crosstab(answers.index.get_level_values(0), value).to_numpy(dtype="float64")
    if len(kinds) < 2:
        return np.nan
    numbers = np.asarray(kinds, dtype="float64") if level == "interval" else np.arange(len(kinds))
    apart = np.subtract.outer(numbers, numbers) ** 2 if level == "interval" else 1.0 - np.eye(len(kinds))
    pairs = (counts.T / (counts.sum(axis=1) - 1)) @ counts  # coincidences, a value with itself in one answer included
    observed = (pairs * apart).sum()
    total = counts.sum(axis=0)
    expected = (np.outer(total, total) * apart).sum() / (total.sum() - 1)
    return float(1 - observed / expected)

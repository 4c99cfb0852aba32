"""Alignment in the General Assembly, years before, beside recognition."""

import warnings
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.errors import ParameterError, require_choice
from analysis.recognition.panel import recognisers
from analysis.recognition.states import days_of, system_on

MEASURES = ("ideal_point", "agree_usa", "agree_chn", "agree_isr")
ALIGNED = ["iso3", "year", "recognises", "measured", *MEASURES]
STATES_PER_TERM = 10  # of the rarer answer; with fewer, estimates of a logit are far from the truth


def align_recognition(
    alignment: pd.DataFrame,
    spells: pd.DataFrame,
    entity: str,
    years: Iterable[int],
    states: pd.DataFrame,
    lineage: pd.DataFrame,
    lag: int = 1,
    kind: str = "recognition",
    rule: str = "net",
) -> pd.DataFrame:
    """Set beside each state's recognition of an entity how it had voted some years before.

    Parameters
    ----------
    alignment : pandas.DataFrame
        The table ``recognition/un_alignment``.
    spells, entity, kind, rule
        As in :func:`analysis.recognition.panel.recognisers`; spells built with lineage.
    years : iterable of int
        Years, on the last day of which recognition is read.
    states, lineage : pandas.DataFrame
        The tables ``recognition/states`` and ``lineage``.
    lag : int
        Years from the measure to recognition, 1 or more.

    Returns
    -------
    pandas.DataFrame
        iso3, year, recognises, measured (year of the measures), ideal_point, agree_usa, agree_chn, agree_isr (0 to 1).
        One row is one state in one year, for states that exist at its end and had a seat in ``measured``.

    Raises
    ------
    ParameterError
        For a year whose measure lies outside the table: nothing is carried forward. For a lag below 1.

    Notes
    -----
    Recognising changes voting; without a lag the measure would hold the effect. A high ideal point means close
    to the United States. The Soviet measure counts for Russia, and Serbia and Montenegro's for Serbia.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> names = ["events", "lineage", "states", "un_alignment"]
    >>> events, lineage, states, alignment = (load_table(f"recognition/{name}") for name in names)
    >>> spells = build_spells(events, lineage)
    >>> len(align_recognition(alignment, spells, "PSE", [2020], states, lineage))
    193
    >>> align_recognition(alignment, spells, "PSE", [2021], states, lineage)
    Traceback (most recent call last):
    analysis.errors.ParameterError: years = 2021: with lag 1 the measures of 1946 to 2019 serve the years 1947 to 2020.
    """
    if lag < 1:
        raise ParameterError(f"lag = {lag} must be 1 or more; recognising changes voting in the same year.")
    wanted, known = sorted(set(years)), alignment["year"]
    first, last = int(known.min()), int(known.max())
    for year in wanted:
        if not first <= year - lag <= last:
            served = f"{first + lag} to {last + lag}"
            raise ParameterError(
                f"years = {year}: with lag {lag} the measures of {first} to {last} serve the years {served}."
            )
    carried = lineage[lineage["kind"].eq("continuator")]
    pairs = [*zip(carried["predecessor"], carried["successor"], strict=True)]
    partner = dict([*pairs, *((after, before) for before, after in pairs)])
    parts = []
    for year in wanted:
        day = date(year, 12, 31)
        part, system = alignment[known.eq(year - lag)], system_on(states, lineage, day)["iso3"]
        held = part["iso3"].where(part["iso3"].isin(system), part["iso3"].map(partner))
        part = part.assign(iso3=held, year=year, measured=year - lag, own=held.eq(part["iso3"]))
        part = part[held.isin(system) & held.ne(entity)].sort_values(["iso3", "own"])
        found = recognisers(spells, entity, day, kind, rule)["recogniser"]
        parts.append(
            part.drop_duplicates("iso3", keep="last").assign(recognises=lambda rows, f=found: rows["iso3"].isin(f))
        )
    return pd.concat(parts, ignore_index=True)[ALIGNED] if parts else pd.DataFrame(columns=ALIGNED)


def compare_alignment(aligned: pd.DataFrame, measure: str = "ideal_point") -> pd.DataFrame:
    """Compare the alignment of states that recognise with that of states that do not, year by year.

    Parameters
    ----------
    aligned : pandas.DataFrame
        From :func:`align_recognition`.
    measure : {"ideal_point", "agree_usa", "agree_chn", "agree_isr"}
        What to compare.

    Returns
    -------
    pandas.DataFrame
        year, recognising and others (numbers of states), median_recognising and median_others, above (chance
        that a recognising state lies above another, 0 to 1), p (two-sided rank test). One row is one year in which
        both kinds exist.

    Notes
    -----
    States that vote together are not independent, and years are not either: read ``above``, not ``p``, over time.

    Examples
    --------
    >>> rows = {"year": 2000, "recognises": [True, True, False, False], "ideal_point": [0.1, 0.2, 0.8, 0.9]}
    >>> compare_alignment(pd.DataFrame(rows))[["above", "p"]].round(3).to_numpy().tolist()
    [[0.0, 0.333]]
    """
    require_choice("measure", measure, MEASURES)
    rows = []
    for year, own in aligned.dropna(subset=[measure]).groupby("year"):
        inside, outside = (own.loc[own["recognises"].eq(answer), measure] for answer in (True, False))
        if len(inside) and len(outside):
            test = mannwhitneyu(inside, outside)
            above = float(test.statistic) / (len(inside) * len(outside))
            rows.append((year, len(inside), len(outside), inside.median(), outside.median(), above, float(test.pvalue)))
    columns = ["year", "recognising", "others", "median_recognising", "median_others", "above", "p"]
    return pd.DataFrame(rows, columns=columns)


def recognition_logit(
    aligned: pd.DataFrame,
    memberships: pd.DataFrame,
    organisations: Sequence[str] = (),
    measure: str = "ideal_point",
) -> pd.DataFrame:
    """Relate recognition to alignment and memberships in the year of the measure, by a logit.

    Parameters
    ----------
    aligned : pandas.DataFrame
        From :func:`align_recognition`, of one year or several.
    memberships : pandas.DataFrame
        The table ``recognition/memberships``.
    organisations : sequence of str
        As in ``memberships``; one covariate each.
    measure : {"ideal_point", "agree_usa", "agree_chn", "agree_isr"}
        The measure of alignment.

    Returns
    -------
    pandas.DataFrame
        odds_ratio, low and high (95 % interval), p, states and observations. One row is one covariate (index);
        the measure's odds ratio is for one unit.

    Raises
    ------
    ParameterError
        For an unknown name, for fewer than ten states of the rarer answer to each covariate, or for a covariate
        that separates the answers, where no odds ratio is finite.

    Notes
    -----
    With several years the errors allow for the dependence within each state. An association: whoever recognises
    may also choose its company.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> names = ["events", "lineage", "states", "un_alignment", "memberships"]
    >>> events, lineage, states, alignment, memberships = (load_table(f"recognition/{name}") for name in names)
    >>> aligned = align_recognition(alignment, build_spells(events, lineage), "PSE", [2020], states, lineage)
    >>> found = recognition_logit(aligned, memberships, ["OIC"])
    >>> bool(found.loc["ideal_point", "high"] < 1), int(found.loc["OIC", "states"])
    (True, 193)
    """
    require_choice("measure", measure, MEASURES)
    for organisation in organisations:
        require_choice("organisations", organisation, sorted(set(memberships["organisation"])))
    own = aligned.dropna(subset=[measure])
    covariates = own[[measure]].assign(**{name: _find_members(own, memberships, name) for name in organisations})
    answer = own["recognises"].astype("bool")
    rarer = min(own.loc[answer, "iso3"].nunique(), own.loc[~answer, "iso3"].nunique())
    if rarer < STATES_PER_TERM * covariates.shape[1]:
        raise ParameterError(
            f"organisations: {covariates.shape[1]} covariates, but only {rarer} states of the rarer answer; one needs "
            f"{STATES_PER_TERM}. Use relations.co_recognition, whose test is exact."
        )
    for name in organisations:
        if pd.crosstab(covariates[name], answer).to_numpy().min(initial=1) == 0 or covariates[name].nunique() < 2:
            raise ParameterError(f"organisations: {name} separates the answers; no odds ratio is finite. Leave it out.")
    return _fit_logit(covariates, answer, own)


def _find_members(aligned: pd.DataFrame, memberships: pd.DataFrame, organisation: str) -> pd.Series:
    """Say for each row whether the state was a member at the end of the year of the measure."""
    spells = memberships[memberships["organisation"].eq(organisation)]
    spells = spells.assign(begin=days_of(spells["start"]), until=days_of(spells["end"]))
    rows = aligned[["iso3", "measured"]].reset_index().merge(spells[["iso3", "begin", "until"]], on="iso3")
    day = pd.to_datetime(rows["measured"].astype("str") + "-12-31")
    inside = rows.loc[(rows["begin"] <= day) & ~(rows["until"] <= day), "index"]
    return pd.Series(aligned.index.isin(inside), index=aligned.index).astype("float64")


def _fit_logit(covariates: pd.DataFrame, answer: pd.Series, own: pd.DataFrame) -> pd.DataFrame:
    design = covariates.astype("float64").assign(constant=1.0)
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(own["iso3"])[0]}}
    with warnings.catch_warnings():
        warnings.simplefilter("error", PerfectSeparationWarning)
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = Logit(answer.astype("float64"), design).fit(disp=0, **(errors if own["year"].nunique() > 1 else {}))
        except (PerfectSeparationWarning, ConvergenceWarning, np.linalg.LinAlgError):
            raise ParameterError(f"covariates {', '.join(covariates)} separate the answers; leave one out.") from None
    bounds = np.exp(fit.conf_int())
    found = {"odds_ratio": np.exp(fit.params), "low": bounds[0], "high": bounds[1], "p": fit.pvalues}
    frame = pd.DataFrame(found).assign(states=own["iso3"].nunique(), observations=len(own))
    return frame.drop(index="constant")

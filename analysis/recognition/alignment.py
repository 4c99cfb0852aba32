"""How recognition goes with alignment in the General Assembly and with memberships: a logit."""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.errors import ParameterError, require_choice
from analysis.facts import Facts
from analysis.recognition.facts.choices import ALIGNED_BY
from analysis.recognition.facts.states import days_of

MEASURES = tuple(ALIGNED_BY)
STATES_PER_TERM = 10  # of the rarer answer; with fewer, estimates of a logit are far from the truth


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
        ``iso3, year, recognises`` (on the last day of the year), ``measured`` (year of the measure) and the measures.
        One row is one state in one year.
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
    >>> cells = [(True, True)] * 40 + [(True, False)] * 20 + [(False, True)] * 30 + [(False, False)] * 60
    >>> aligned = pd.DataFrame(cells, columns=["member", "recognises"]).rename_axis("iso3").reset_index()
    >>> members = aligned[aligned["member"]].assign(organisation="OIC", start="1990", end=None)
    >>> aligned = aligned.assign(year=2001, measured=2000, ideal_point=aligned.index % 2)
    >>> round(float(recognition_logit(aligned, members, ["OIC"]).loc["OIC", "odds_ratio"]), 2)
    4.0
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


OUTCOMES = {
    "palestine": "recognises Palestine",
    "israel": "recognises Israel",
    "vote": "voted yes on resolution 67/19",
}
RESOLUTION = "A/RES/67/19"
PROXY = "OIC"  # belonging to the organisation, for the share of Muslims among the people


def compare_religion(panel: pd.DataFrame, facts: Facts, year: int, measure: str = "ideal_point") -> pd.DataFrame:
    """Ask how recognition of Palestine and of Israel, and the vote of 2012, go with religion, after a published model.

    Parameters
    ----------
    panel : pandas.DataFrame
        From :func:`analysis.recognition.dyad_years.build_dyad_years`, with Palestine, Israel and the year.
    facts : Facts
        Tables ``memberships``, ``un_alignment`` and ``un_votes``.
    year : int
        Year of recognition and of the measure of alignment, which the vote takes too.
    measure : str
        One of ``MEASURES``.

    Returns
    -------
    pandas.DataFrame
        outcome, coefficient of membership (log odds), low, high (95 %), p, states. One row is one of ``OUTCOMES``.

    Raises
    ------
    ParameterError
        As in :func:`recognition_logit`.

    Notes
    -----
    The published models hold shares of religions, regulation of religion, trade, distance and more, which may not be
    handed on; here membership of the Organisation of Islamic Cooperation stands for the first and one measure of
    alignment for all else. Members of the United Nations with a known measure are compared. Sign and size can be
    set beside the published ones, values cannot.

    References
    ----------
    Mirilovic, N. and Siroky, D. S. (2015), Two States in the Holy Land? Politics and Religion 8, 263-285.

    Examples
    --------
    >>> from analysis.recognition.dyad_years import build_dyad_years
    >>> from analysis.tables import load_facts
    >>> facts = load_facts("recognition")
    >>> found = compare_religion(build_dyad_years(facts, [2012], ["PSE", "ISR"]), facts, 2012)
    >>> (found["coefficient"] > 0).tolist()
    [True, False, True]
    """
    members = panel[panel["year"].eq(year) & panel["un_member"].eq(1)]
    votes = facts.un_votes[facts.un_votes["resolution"].eq(RESOLUTION)]
    answers = {
        "palestine": members.loc[members["entity"].eq("PSE"), ["iso3", "recognition"]],
        "israel": members.loc[members["entity"].eq("ISR"), ["iso3", "recognition"]],
        "vote": votes[["iso3"]].assign(recognition=votes["vote"].eq("yes").astype("int64")),
    }
    measures = facts.un_alignment.loc[facts.un_alignment["year"].eq(year), ["iso3", measure]]
    rows = []
    for outcome, answer in answers.items():
        aligned = answer.merge(measures, on="iso3").assign(year=year, measured=year)
        aligned["recognises"] = aligned["recognition"].eq(1)
        one = recognition_logit(aligned, facts.memberships, [PROXY], measure).loc[PROXY]
        rows.append((outcome, *np.log(one[["odds_ratio", "low", "high"]]), one["p"], int(one["states"])))
    return pd.DataFrame(rows, columns=["outcome", "coefficient", "low", "high", "p", "states"])


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

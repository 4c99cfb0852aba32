"""Who recognises whom on a day: one row a state, one column an entity, and the groups of alike states."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, require_choice
from analysis.recognition.choices import ENTITIES, MEMBERS
from analysis.recognition.panel import recognisers
from analysis.recognition.states import day_of, days_of, members_on, system_on, un_seats

# Of these, whom nearly every state recognises, only the acts that depart from that are on record.
PARTLY_RECORDED = ("ARM", "CYP", "KOR", "PRK")
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
    >>> from analysis.recognition.spells import build_spells
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
        raise ParameterError(f"on = {on}: the United Nations has no member then; the first joined on 1945-10-24.")
    return chosen

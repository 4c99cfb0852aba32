"""In which years and regions ties began and ended, and which organisations' members have them."""

from datetime import date

import pandas as pd

from analysis.recognition.facts.choices import WHERE_DATED
from analysis.recognition.facts.states import day_of, members_on
from analysis.recognition.panel import build_panel, recognisers

WITHOUT_MEMBERS = "(suspended)"  # ends the name of rows that are times of suspension, not of membership


def changes_by_region(
    spells: pd.DataFrame,
    states: pd.DataFrame,
    entity: str,
    until: str | date,
    kind: str = "recognition",
    rule: str = "net",
    minimum_confidence: str = "low",
    implied: str | None = None,
) -> pd.DataFrame:
    """Count for each year and region the states that came to have a tie, and those that no longer had one.

    Parameters
    ----------
    spells, entity, kind, rule, minimum_confidence
        As in :func:`analysis.recognition.panel.recognisers`.
    states : pandas.DataFrame
        The table ``recognition/states``.
    until : str or date
        The last day; its year is counted up to it.
    implied : {"include", "exclude"}, optional
        Whether ties count that only follow from the other kind; by default as ``choices.WHERE_DATED`` says, since a
        year is claimed for each.

    Returns
    -------
    pandas.DataFrame
        year, un_region, began, ended, standing (states with a tie at the end of the year). One row is a region in a
        year in which anything began or ended there.

    Notes
    -----
    Ends of years are compared, so that a tie that began and ended within one year does not show, and a change of one
    predecessor into one successor shows as an end and a beginning. Under the rule ``gross`` nothing ends but states.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"))
    >>> found = changes_by_region(spells, load_table("recognition/states"), "PSE", "2025-12-31")
    >>> int(found.query("year == 1988")["began"].sum())
    82
    """
    last = day_of(until)
    own = spells[spells["entity"].eq(entity)]
    own = own[own["begin"] <= last]
    if own.empty:
        return pd.DataFrame(columns=["year", "un_region", "began", "ended", "standing"])
    own = own.assign(end=own["end"].where(own["end"] <= last))
    years = range(own["begin"].dt.year.min(), last.year + 1)
    implied = implied or WHERE_DATED.get(kind, "include")
    panel = build_panel(own, years, rule=rule, minimum_confidence=minimum_confidence, implied=implied)
    held = panel[panel["kind"].eq(kind)].merge(states[["iso3", "un_region"]], left_on="recogniser", right_on="iso3")
    held = pd.crosstab(held["year"], [held["un_region"], held["recogniser"]]).reindex(years, fill_value=0)
    change = held.diff().fillna(held)
    parts = {"began": change.clip(lower=0), "ended": -change.clip(upper=0), "standing": held}
    found = pd.DataFrame({name: _by_region(part) for name, part in parts.items()}).reset_index()
    return found[found["began"].gt(0) | found["ended"].gt(0)].reset_index(drop=True)


def _by_region(part: pd.DataFrame) -> pd.Series:
    return part.T.groupby(level="un_region").sum().T.rename_axis("year").stack().astype("int64")


def shares_by_organisation(
    spells: pd.DataFrame,
    memberships: pd.DataFrame,
    entity: str,
    on: str | date,
    kind: str = "recognition",
    rule: str = "net",
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Count for each organisation how many of its members of a day have a tie with an entity.

    Parameters
    ----------
    spells, entity, on, kind, rule, minimum_confidence
        As in :func:`analysis.recognition.panel.recognisers`.
    memberships : pandas.DataFrame
        The table ``recognition/memberships``.

    Returns
    -------
    pandas.DataFrame
        organisation, members, with_tie, share (0 to 1), the largest share first. One row is an organisation that had
        members on that day, the entity itself left out.

    Notes
    -----
    A state belongs to several organisations and counts in each. Suspended members are members unless a row says when
    they left.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"))
    >>> found = shares_by_organisation(spells, load_table("recognition/memberships"), "PSE", "2025-12-31")
    >>> found.set_index("organisation").loc["G7", ["members", "with_tie"]].tolist()
    [7, 3]
    """
    counted = memberships["iso3"].ne(entity) & ~memberships["organisation"].str.endswith(WITHOUT_MEMBERS)
    members = members_on(memberships[counted], on).drop_duplicates(["organisation", "iso3"])
    tied = recognisers(spells, entity, on, kind=kind, rule=rule, minimum_confidence=minimum_confidence)["recogniser"]
    groups = members["iso3"].isin(tied).groupby(members["organisation"])
    found = pd.DataFrame({"members": groups.size(), "with_tie": groups.sum()}).astype("int64").reset_index()
    found["share"] = found["with_tie"] / found["members"]
    return found.sort_values(["share", "members"], ascending=False, kind="stable", ignore_index=True)

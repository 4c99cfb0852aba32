"""Our count for each total that somebody else published, by that total's own rule."""

import pandas as pd

from analysis.checks.dates import first_day_of
from analysis.checks.rules import Frames
from analysis.recognition import panel
from analysis.recognition.facts.choices import ENDS
from analysis.recognition.facts.states import days_of

# Black Africa, as the sources of the 1970s and 1980s use the word: Africa without its northern shore and South Africa.
NOT_BLACK_AFRICA = {"DZA", "EGY", "LBY", "MAR", "TUN", "SDN", "MRT", "ESH", "ZAF"}
OF_ACTS = ("breaks", "resumptions")
MEMBERS = {"un_members": "day", "un_members_today": "today"}
"""States that a total counts where it counts members alone, as the panel names them."""


def our_count(frames: Frames) -> pd.Series:
    """Count for each row of ``recognition/published_counts`` what its source counted.

    Parameters
    ----------
    frames : dict of DataFrame
        All tables by name.

    Returns
    -------
    pandas.Series of int
        Our count, by the index of the published one: states in force on the day (measure ``current``), ever up
        to it (``ever``), or the states that broke or resumed relations since ``since`` (``breaks``,
        ``resumptions``).
    """
    spells, events = frames.spells, frames["recognition/events"]
    states, published = frames["recognition/states"], frames["recognition/published_counts"]
    regions, days = _regions(states), days_of(published["date"])
    found = pd.Series(0, published.index)
    of_acts = published["measure"].isin(OF_ACTS) & published["states"].isin(list(regions))
    for row in published[of_acts].itertuples():
        found[row.Index] = _count_acts(events, regions[row.states], row, days[row.Index])
    for (entity, kind, rule, whose), rows in published[~of_acts].groupby(["entity", "kind", "rule", "states"]):
        counted = states[states["iso3"].isin(regions.get(whose, states["iso3"]))]
        ask = {"kind": kind, "rule": rule, "states": counted, "members": MEMBERS.get(whose)}
        found[rows.index] = panel.counts(spells, entity, days[rows.index], **ask)["count"].to_numpy()
    return found


def _regions(states: pd.DataFrame) -> dict[str, set[str]]:
    africa = set(states["iso3"][states["un_region"] == "Africa"])
    americas = (states["un_region"] == "Americas") & (states["un_subregion"] != "Northern America")
    return {
        "africa": africa,
        "black_africa": africa - NOT_BLACK_AFRICA,
        "latin_america": set(states["iso3"][americas]),
    }


def _count_acts(events: pd.DataFrame, region: set[str], row, day: pd.Timestamp) -> int:
    days, first_day = days_of(events["date"]), first_day_of(pd.Series([row.since]))[0]
    acts = ENDS if row.measure == "breaks" else ("resumed",)
    chosen = (events["entity"] == row.entity) & (events["kind"] == row.kind) & events["act"].isin(acts)
    chosen &= events["recogniser"].isin(region) & (days <= day) & (days >= first_day)
    return events["recogniser"][chosen].nunique()

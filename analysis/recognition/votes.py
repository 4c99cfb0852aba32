"""Votes on the key resolutions of the General Assembly, beside the ties that the voters had."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import require_choice
from analysis.recognition.choices import ENTITIES, KINDS
from analysis.recognition.panel import recognisers
from analysis.recognition.spells import CLAIMANTS
from analysis.recognition.states import day_of

VOTES = ("yes", "no", "abstain", "absent")
DAYS_PER_YEAR = 365.25


def tabulate_votes(
    votes: pd.DataFrame,
    spells: pd.DataFrame,
    resolution: str,
    entities: tuple[str, str] = CLAIMANTS,
    kind: str = "relations",
) -> pd.DataFrame:
    """Count the votes on a resolution by the ties that the voters had on that day.

    Parameters
    ----------
    votes : pandas.DataFrame
        The table ``recognition/un_votes``.
    spells : pandas.DataFrame
        From :func:`analysis.recognition.spells.build_spells` with lineage.
    resolution : str
        As in ``votes``, for example ``A/RES/2758(XXVI)``.
    entities : tuple of str
        Two entities out of ``choices.ENTITIES``.
    kind : {"recognition", "relations"}
        What counts as a tie.

    Returns
    -------
    pandas.DataFrame
        One row is a vote (yes, no, abstain, absent), one column the ties: the one only, the other only, both, neither.

    Notes
    -----
    The entities' own votes stand under the ties that they have. Resolution 2758 was about who represents
    China; a vote for it was not recognition. Absent means that a member has no vote on record.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> table = tabulate_votes(load_table("recognition/un_votes"), spells, "A/RES/2758(XXVI)", ("CHN", "TWN"))
    >>> table.loc["yes"].to_dict()
    {'CHN only': 56, 'TWN only': 9, 'both': 0, 'neither': 11}
    """
    roll = _find_roll_call(votes, resolution)
    day = roll["date"].iloc[0]
    one, other = (roll["iso3"].isin(recognisers(spells, name, day, kind)["recogniser"]) for name in entities)
    words = [f"{entities[0]} only", f"{entities[1]} only", "both", "neither"]
    ties = np.select([one & ~other, other & ~one, one & other], words[:3], words[3])
    cells = pd.Categorical(roll["vote"], VOTES), pd.Categorical(ties, words)
    return pd.crosstab(*cells, rownames=["vote"], colnames=["ties"], dropna=False)


def find_leads(
    votes: pd.DataFrame, spells: pd.DataFrame, resolution: str, entity: str, kind: str = "relations"
) -> pd.DataFrame:
    """Say of each voter how long its vote ran ahead of its tie with an entity.

    Parameters
    ----------
    votes, spells, resolution, kind
        As in :func:`tabulate_votes`.
    entity : str
        Code of the entity, one of ``choices.ENTITIES``.

    Returns
    -------
    pandas.DataFrame
        iso3, vote, standing (the tie stood on the day of the vote), begin (of that tie or, where none stood, of
        the next; NaT: none followed), lead_days (from the vote to ``begin``; negative where the tie stood).
        One row is one member that was called.

    Notes
    -----
    A tie of a later successor does not count for the state that voted. Where no tie followed, the record
    ends: that is no evidence that none ever will.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> leads = find_leads(load_table("recognition/un_votes"), spells, "A/RES/2758(XXVI)", "CHN")
    >>> leads.set_index("iso3").loc[["PRT", "USA"], ["vote", "lead_days"]].to_numpy().tolist()
    [['yes', 2663.0], ['no', 2625.0]]
    """
    require_choice("entity", entity, ENTITIES)
    require_choice("kind", kind, KINDS)
    roll = _find_roll_call(votes, resolution)
    day = day_of(roll["date"].iloc[0])
    ties = spells[spells["entity"].eq(entity) & spells["kind"].eq(kind) & ~(spells["end"] <= day)]
    begin = ties.groupby("recogniser")["begin"].min().reindex(roll["iso3"]).reset_index(drop=True)
    leads = roll[["iso3", "vote"]].reset_index(drop=True)
    return leads.assign(standing=begin <= day, begin=begin, lead_days=(begin - day).dt.days)


def summarise_leads(leads: pd.DataFrame, years: Sequence[int] = (1, 2, 5, 10)) -> pd.DataFrame:
    """Count by vote how many had a tie on the day, and how many more had one after some years.

    Parameters
    ----------
    leads : pandas.DataFrame
        From :func:`find_leads`.
    years : sequence of int
        Years after the vote.

    Returns
    -------
    pandas.DataFrame
        voters, standing, then within_1_years and so on (of those without a tie on the day), never. One row is a vote.

    Examples
    --------
    >>> leads = {"vote": ["yes", "yes", "no"], "standing": [True, False, False], "lead_days": [-9, 200, None]}
    >>> summarise_leads(pd.DataFrame(leads), years=[1]).loc["yes"].tolist()
    [2, 1, 1, 0]
    """
    waiting = ~leads["standing"]
    marks = {"voters": leads["vote"].notna(), "standing": leads["standing"]}
    marks |= {f"within_{span}_years": waiting & (leads["lead_days"] <= span * DAYS_PER_YEAR) for span in years}
    marks["never"] = waiting & leads["lead_days"].isna()
    counts = pd.DataFrame(marks).groupby(leads["vote"]).sum()
    return counts.reindex([vote for vote in VOTES if vote in counts.index])


def _find_roll_call(votes: pd.DataFrame, resolution: str) -> pd.DataFrame:
    require_choice("resolution", resolution, list(dict.fromkeys(votes["resolution"])))
    return votes[votes["resolution"].eq(resolution)]

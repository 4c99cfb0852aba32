"""Where to start: one result from each subject, as facts of one answer."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES, PROGRAMME_STATES
from analysis.air_defence.facts.coverage import UNNAMED
from analysis.figures.recognition.words import count_confidences, count_unseen, name_entity
from analysis.figures.words import CLAIM, name_table


def facts_of_start(
    briefing: pd.DataFrame,
    members: pd.DataFrame,
    behind: pd.DataFrame,
    rated: Mapping[str, Any],
    entity: str,
    states: int,
    on: str,
    seen: pd.Timestamp | None = None,
    mover: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Facts of ``start.in_short``: claims of the news item, systems of an architecture, states with relations.

    Parameters
    ----------
    briefing : pandas.DataFrame
        Table ``briefing``.
    members : pandas.DataFrame
        From ``coverage.list_members``, one architecture; what fires nothing, such as a command network, is not counted.
    behind : pandas.DataFrame
        The claims behind the numbers: ``confidence, note``.
    rated : mapping
        From ``coverage.facts_of_counts``: how many ratings the first figure draws, and how many were seen in a source.
    entity : str
        Whose relations are counted.
    states : int
        How many have them.
    on : str
        Day of the count.
    seen : pandas.Timestamp, optional
        Day up to which the ties were watched, where that is before.
    mover : mapping, optional
        From ``multiverse.find_mover``: which single choice moves the count of states most.
    """
    fires = members["layer"] != "not_applicable"
    counts = members.loc[fires, "state"].value_counts()
    return {
        "claims": len(briefing),
        "architecture": ARCHITECTURES[str(members["architecture_id"].iloc[0])],
        "unnamed": int((fires & members["reserve"].eq(UNNAMED)).sum()),
        "by_state": {words: int(counts.get(name, 0)) for name, words in PROGRAMME_STATES.items()},
        "entity": name_entity(entity),
        "states": states,
        "on": on,
        "seen": seen,
        "behind": len(behind),
        "sure": count_confidences(behind),
        "unseen": count_unseen(behind),
        "mover": mover or {},
        "ratings": rated["ratings"],
        "ratings_unseen": rated["ratings"] - rated["seen"],
    }


def table_of_item(briefing: pd.DataFrame) -> pd.DataFrame:
    """Lay out the claims of the news item, each with the kind of row that records it; by number.

    A row leads to the first claim that records it, or to the claim of the item itself where a page takes it up.
    """
    pointers = briefing["pointers"].fillna("").str.split(";")
    tables = pointers.map(lambda listed: [name_table(one.partition("#")[0]) for one in listed if "#" in one])
    rows = pointers.map(lambda listed: [one.partition("#")[2] for one in listed if "#" in one])
    table = {
        "What the item says": briefing["claim"],
        "Of": briefing["date"].fillna(""),
        "Where it is recorded": tables.map(lambda names: ", ".join(dict.fromkeys(names)) or "a page"),
        CLAIM: rows.map(";".join).where(rows.map(len) > 0, briefing["claim_id"]),
    }
    return pd.DataFrame(table).set_index(pd.RangeIndex(1, len(briefing) + 1)).rename_axis(columns="Claim of the item")

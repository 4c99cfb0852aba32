"""The ties of one state over time, with those that it took over, and the ties between two sides."""

from collections.abc import Sequence

import pandas as pd

from analysis.recognition.choices import ENTITIES
from analysis.recognition.spells import CLAIMANTS
from analysis.recognition.states import days_of, find_holders

PAIR = ["recogniser", "entity", "kind"]
HISTORY = [
    *PAIR, "begin", "begin_precision", "end", "end_precision", "end_reason", "end_disputed_by", "implied",
    "left_truncated", "held_by",
]  # fmt: skip


def find_history(spells: pd.DataFrame, lineage: pd.DataFrame, country: str) -> pd.DataFrame:
    """Find the ties of one state with every entity, and those of the states whose ties it took over.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.spells.build_spells` with lineage.
    lineage : pandas.DataFrame
        The table ``recognition/lineage``.
    country : str
        Code of a state.

    Returns
    -------
    pandas.DataFrame
        recogniser (the state asked for), entity, kind, begin and end (half-open; NaT: goes on) with _precision,
        end_reason, end_disputed_by, implied, left_truncated, held_by (codes of the states that held the tie, in
        order). One row is a time without a break.

    Notes
    -----
    A predecessor's ties are those of all entities, as soon as one of them was taken over.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> lineage = load_table("recognition/lineage")
    >>> history = find_history(build_spells(load_table("recognition/events"), lineage), lineage, "RUS")
    >>> history.query("entity == 'ISR' and kind == 'relations'")["held_by"].tolist()
    ['SUN', 'SUN', 'SUN, RUS']
    """
    makers = spells.loc[spells["recogniser"].eq(country), "acted_as"].dropna()
    holders = find_holders(lineage)
    before = holders.loc[holders["carrier"].eq(country) & holders["maker"].isin(makers), "holder"]
    own = spells[spells["recogniser"].isin([country, *before])]
    own = own.assign(held_by=own["recogniser"], recogniser=country).sort_values([*PAIR, "begin"], kind="stable")
    follows = own["begin"].eq(own.groupby(PAIR)["end"].shift())
    parts = own.groupby((~follows).cumsum(), sort=False)
    joined = own[~follows].reset_index(drop=True)
    for name in ("end", "end_precision", "end_reason", "end_disputed_by"):
        joined[name] = own[name].to_numpy()[parts.cumcount(ascending=False).eq(0).to_numpy()]
    joined["implied"] = parts["implied"].all().to_numpy()
    joined["held_by"] = parts["held_by"].agg(lambda codes: ", ".join(dict.fromkeys(codes))).to_numpy()
    return joined[HISTORY]


def find_mutual_ties(spells: pd.DataFrame, lineage: pd.DataFrame, partner: str) -> pd.DataFrame:
    """Find the ties between one partner and Taipei and Beijing, in both directions.

    Parameters
    ----------
    spells, lineage
        As in :func:`find_history`.
    partner : str
        Code of a state or place.

    Returns
    -------
    pandas.DataFrame
        As from :func:`find_history`: first what the partner did, then what Taipei and Beijing did. Towards states
        that are among the entities only, acts of the two are on record.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.spells import build_spells
    >>> lineage = load_table("recognition/lineage")
    >>> ties = find_mutual_ties(build_spells(load_table("recognition/events"), lineage), lineage, "ISR")
    >>> ties[["recogniser", "entity"]].drop_duplicates().to_numpy().tolist()
    [['ISR', 'CHN'], ['TWN', 'ISR'], ['CHN', 'ISR']]
    """
    own = find_history(spells, lineage, partner)
    theirs = [find_history(spells, lineage, claimant) for claimant in CLAIMANTS]
    parts = [own[own["entity"].eq(claimant)] for claimant in CLAIMANTS]
    parts += [ties[ties["entity"].eq(partner)] for ties in theirs]
    return pd.concat(parts, ignore_index=True)


def find_withheld(
    withheld: pd.DataFrame, recognisers: Sequence[str], entities: Sequence[str] = tuple(ENTITIES)
) -> pd.DataFrame:
    """Choose what some states openly withhold from some entities, with its days.

    Parameters
    ----------
    withheld : pandas.DataFrame
        The table ``recognition/withheld``.
    recognisers, entities : sequence of str
        Codes of states, and of entities.

    Returns
    -------
    pandas.DataFrame
        Rows of the table with ``day`` and ``until_day`` (a year counts as its 1 July; NaT: not on record, or still).

    Examples
    --------
    >>> row = {"recogniser": "CYP", "entity": "NCY", "since": "1983", "until": None}
    >>> find_withheld(pd.DataFrame([row]), ["CYP"])["day"].dt.year.tolist()
    [1983]
    """
    own = withheld[withheld["recogniser"].isin(recognisers) & withheld["entity"].isin(entities)]
    return own.assign(day=days_of(own["since"]), until_day=days_of(own["until"]))


def find_acts(events: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """Choose the acts from which ties were made.

    Parameters
    ----------
    events : pandas.DataFrame
        The table ``recognition/events``.
    ties : pandas.DataFrame
        From :func:`find_history` or :func:`find_mutual_ties`.

    Returns
    -------
    pandas.DataFrame
        Rows of the table, in the order of time.

    Examples
    --------
    >>> events = pd.DataFrame({"recogniser": ["ISR", "ISR"], "entity": ["CHN", "XKX"], "date": ["1950-01-09", "2020"]})
    >>> ties = pd.DataFrame({"recogniser": ["ISR"], "entity": ["CHN"], "held_by": ["ISR"]})
    >>> find_acts(events, ties)["date"].tolist()
    ['1950-01-09']
    """
    made = {
        (maker, entity)
        for codes, entity in zip(ties["held_by"], ties["entity"], strict=True)
        for maker in codes.split(", ")
    } | set(zip(ties["recogniser"], ties["entity"], strict=True))
    pairs = zip(events["recogniser"], events["entity"], strict=True)
    return events[[pair in made for pair in pairs]].sort_values("date", kind="stable", ignore_index=True)


def list_members(memberships: pd.DataFrame, country: str) -> pd.DataFrame:
    """Choose the memberships of one state, in the order of their beginnings.

    Parameters
    ----------
    memberships : pandas.DataFrame
        The table ``recognition/memberships``.
    country : str
        Code of a state.

    Examples
    --------
    >>> table = {"iso3": ["NIC", "PER"], "organisation": ["BRICS", "OIC"], "start": ["2024", "2023"]}
    >>> list_members(pd.DataFrame(table), "NIC")["organisation"].tolist()
    ['BRICS']
    """
    own = memberships[memberships["iso3"].eq(country)]
    return own.sort_values("start", kind="stable", ignore_index=True)

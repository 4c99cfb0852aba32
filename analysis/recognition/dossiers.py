"""One state beside others: neighbours with a like profile, states with the same one, and who recognises it."""

import pandas as pd

from analysis.recognition.choices import ENTITIES
from analysis.recognition.panel import counts
from analysis.recognition.spells import CLAIMANTS
from analysis.recognition.stances import entities_of, measure_similarity
from analysis.recognition.states import days_of, un_seats

DRAWN_RULES = ("net", "undisputed", "gross")


def compare_neighbours(stances: pd.DataFrame, neighbours: pd.DataFrame, country: str) -> pd.DataFrame:
    """Compare a state's answers to all entities with those of its neighbours.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.stances.find_stances`.
    neighbours : pandas.DataFrame
        The table ``geography/neighbours``.
    country : str
        Code of a state.

    Returns
    -------
    pandas.DataFrame
        iso3, name, basis, distance_km, similarity (0 to 1), differing (codes of the entities to which the two give
        different answers), then the answer to each entity. One row is one neighbour, the most alike first.

    Notes
    -----
    Similarity weighs every entity the same, as in :func:`analysis.recognition.stances.measure_similarity`.

    Examples
    --------
    >>> answers = {"iso3": ["NIC", "HND", "CRI"], "name": ["Nicaragua", "Honduras", "Costa Rica"]}
    >>> answers |= {"XKX": [False, True, True], "PSE": [True, True, True]}
    >>> table = {"iso3": ["NIC", "NIC"], "neighbour": ["HND", "CRI"], "basis": "land", "distance_km": 0}
    >>> compared = compare_neighbours(pd.DataFrame(answers), pd.DataFrame(table), "NIC")
    >>> compared[["iso3", "similarity", "differing"]].to_numpy().tolist()
    [['CRI', 0.5, 'XKX'], ['HND', 0.5, 'XKX']]
    """
    entities = entities_of(stances)
    own = neighbours[neighbours["iso3"].eq(country)].drop(columns="iso3").rename(columns={"neighbour": "iso3"})
    found = own.merge(stances[["iso3", "name", *entities]], on="iso3")
    answers = stances.set_index("iso3").loc[country, entities]
    apart = found[entities].ne(answers).fillna(False).astype("bool")
    found["differing"] = [" ".join(apart.columns[row]) for row in apart.to_numpy()]
    found["similarity"] = found["iso3"].map(measure_similarity(stances)[country])
    found = found.sort_values(["similarity", "distance_km", "name"], ascending=[False, True, True], ignore_index=True)
    return found[["iso3", "name", "basis", "distance_km", "similarity", "differing", *entities]]


def find_alike(stances: pd.DataFrame, country: str) -> pd.DataFrame:
    """List the other states that give the same answer to every entity.

    Parameters
    ----------
    stances, country
        As for :func:`compare_neighbours`.

    Returns
    -------
    pandas.DataFrame
        iso3, name. One row is one state; what is missing for one of two states does not part them.

    Examples
    --------
    >>> answers = {"iso3": ["NIC", "CUB", "CRI"], "name": ["Nicaragua", "Cuba", "Costa Rica"]}
    >>> find_alike(pd.DataFrame(answers | {"XKX": [False, False, True]}), "NIC")["name"].tolist()
    ['Cuba']
    """
    alike = measure_similarity(stances)[country].to_numpy() == 1
    return stances.loc[alike & stances["iso3"].ne(country), ["iso3", "name"]].reset_index(drop=True)


def find_state(states: pd.DataFrame, country: str) -> pd.Series:
    """Find the row of a state, with the days of its seat in the United Nations.

    Parameters
    ----------
    states : pandas.DataFrame
        The table ``recognition/states``.
    country : str
        Code of a state.

    Returns
    -------
    pandas.Series
        The row, with seat_since (NaT: never) and seat_until (NaT: still held).

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> find_state(load_table("recognition/states"), "CHN")["seat_since"].year
    1971
    """
    since, until = un_seats(states)
    own = states.assign(seat_since=pd.to_datetime(since), seat_until=pd.to_datetime(until))
    return own.set_index("iso3", drop=False).loc[country]


def kind_received(entity: str) -> str:
    """Name the kind of tie by which the recognition of an entity is counted.

    Examples
    --------
    >>> kind_received("TWN"), kind_received("XKX")
    ('relations', 'recognition')
    """
    return "relations" if entity in CLAIMANTS else "recognition"


def count_received(spells: pd.DataFrame, country: str) -> pd.DataFrame:
    """Count over time who recognises a state, or has relations with it, where it is among the entities.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.spells.build_spells`.
    country : str
        Code of a state.

    Returns
    -------
    pandas.DataFrame
        rule, day, count; empty for a state that is not among the entities. One row is a day on which the count
        under a rule changes.

    Examples
    --------
    >>> count_received(pd.DataFrame(), "NIC").empty
    True
    """
    if country not in ENTITIES:
        return pd.DataFrame({"rule": [], "day": pd.to_datetime([]), "count": []})
    lines = {rule: counts(spells, country, kind=kind_received(country), rule=rule) for rule in DRAWN_RULES}
    return pd.concat(lines, names=["rule"]).reset_index("rule").reset_index(drop=True)


def find_published(published: pd.DataFrame, entity: str, kind: str | None = None) -> pd.DataFrame:
    """Choose the totals that others published of who recognises an entity.

    Parameters
    ----------
    published : pandas.DataFrame
        The table ``recognition/published_counts``.
    entity : str
        Code of a state or contested entity.
    kind : {"recognition", "relations"}, optional
        What was counted; by default what :func:`kind_received` says.

    Returns
    -------
    pandas.DataFrame
        Rows of the table with ``day``: totals at a day or up to it, of all states or of members.

    Examples
    --------
    >>> row = {"entity": "XKX", "kind": "recognition", "measure": "current", "states": "all", "date": "2015-09"}
    >>> find_published(pd.DataFrame([row]), "XKX")["day"].dt.day.tolist()
    [15]
    """
    own = published["entity"].eq(entity) & published["kind"].eq(kind or kind_received(entity))
    own &= published["measure"].isin(["current", "ever"])
    own &= published["states"].isin(["all", "un_members", "un_members_today"])
    return published[own].assign(day=days_of(published.loc[own, "date"]))

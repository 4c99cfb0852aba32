"""The ties of one state over time, with those that it took over, and the ties between two sides."""

from collections.abc import Sequence

import pandas as pd

from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.facts.spells import CLAIMANTS
from analysis.recognition.facts.states import days_of, find_holders, un_seats
from analysis.recognition.panel import counts
from analysis.recognition.relations import entities_of, measure_similarity

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
        From :func:`analysis.recognition.facts.spells.build_spells` with lineage.
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
    >>> from analysis.recognition.facts.spells import build_spells
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
    >>> from analysis.recognition.facts.spells import build_spells
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


DRAWN_RULES = ("net", "undisputed", "gross")


def compare_neighbours(stances: pd.DataFrame, neighbours: pd.DataFrame, country: str) -> pd.DataFrame:
    """Compare a state's answers to all entities with those of its neighbours.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`.
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
    Similarity weighs every entity the same, as in :func:`analysis.recognition.relations.measure_similarity`.

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
        From :func:`analysis.recognition.facts.spells.build_spells`.
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

"""Whole recognition profiles: which states are alike, which entities share their recognisers more than chance gives."""

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
import prince
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.compiling import keep_compiled
from analysis.errors import ParameterError
from analysis.recognition.facts.spells import CLAIMANTS
from analysis.recognition.many_tests import false_discovery_q
from analysis.recognition.relations import entities_of
from analysis.recognition.relations import measure_similarity as measure_similarity

ROUNDING = 1e-9  # two distances from an average closer than this are the same
TRADES_PER_STATE = 3  # between two draws, so that the next has forgotten the last
BURN_IN_PER_STATE = 50


@dataclass(frozen=True)
class Correspondence:
    """States and answers on the same two axes.

    Attributes
    ----------
    states : pandas.DataFrame
        iso3, name, axis_1, axis_2. One row is one state.
    answers : pandas.DataFrame
        entity, recognised (true or false), axis_1, axis_2. One row is one answer to one entity.
    explained : tuple of float
        Share of the inertia on each axis, 0 to 1, adjusted by Greenacre.
    unadjusted : tuple of float
        The same of the table of answers as it stands, which understates how well the axes describe it: the two columns
        of one entity repeat each other.
    """

    states: pd.DataFrame
    answers: pd.DataFrame
    explained: tuple[float, float]
    unadjusted: tuple[float, float]


def cluster_states(stances: pd.DataFrame, clusters: int = 5) -> pd.DataFrame:
    """Group the states by their whole profile.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`.
    clusters : int
        Largest number of clusters, 1 or more.

    Returns
    -------
    pandas.DataFrame
        iso3, name, profile (codes of the entities that the state recognises, in order), cluster (1 is the
        largest). One row is one state, in the order of codes.

    Raises
    ------
    ParameterError
        For less than one cluster.

    Notes
    -----
    Average linkage on one minus :func:`measure_similarity`; no chance enters, and the order of rows does not
    matter. A cluster describes a day; it names no bloc.

    Examples
    --------
    >>> answers = {"ISR": [True, True, False], "PSE": [True, True, True], "XKX": [True, False, False]}
    >>> answers |= {"iso3": ["ALB", "BRA", "DZA"], "name": ["Albania", "Brazil", "Algeria"]}
    >>> cluster_states(pd.DataFrame(answers), clusters=2)[["profile", "cluster"]].to_numpy().tolist()
    [['ISR PSE XKX', 1], ['ISR PSE', 1], ['PSE', 2]]
    """
    if clusters < 1:
        raise ParameterError(f"clusters = {clusters} must be 1 or more.")
    ordered = stances.sort_values("iso3", ignore_index=True)
    entities = entities_of(ordered)
    apart = squareform(1 - measure_similarity(ordered).to_numpy(), checks=False).round(12)
    label = pd.Series(fcluster(linkage(apart, "average"), clusters, "maxclust") if len(ordered) > 1 else [1])
    ranks = {old: rank for rank, old in enumerate(label.value_counts().sort_index().sort_values().index[::-1], start=1)}
    answers = ordered[entities].fillna(False).to_numpy(dtype="bool")
    profiles = [" ".join(np.array(entities)[row]) for row in answers]
    return ordered[["iso3", "name"]].assign(profile=profiles, cluster=label.map(ranks))


def correspond(stances: pd.DataFrame) -> Correspondence:
    """Place states and answers on two axes by multiple correspondence analysis.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`.

    Returns
    -------
    Correspondence
        Coordinates of the states and of the answers.

    Raises
    ------
    ParameterError
        When fewer than two entities divide the states.

    Notes
    -----
    States that are themselves among the entities are left out, and so are entities to which all give one answer.
    Rare answers lie far out. Adjusted shares do not add up to 1. The sign of an axis has no meaning: the answer
    farthest out lies on the positive side.

    References
    ----------
    Greenacre, M. (2007), Correspondence Analysis in Practice, on the adjustment of inertia; as prince computes it.

    Examples
    --------
    >>> answers = {"ISR": [True, True, False, False], "PSE": [True, False, True, True]}
    >>> answers |= {"iso3": ["ALB", "AUT", "DZA", "SYR"], "name": ["Albania", "Austria", "Algeria", "Syria"]}
    >>> correspond(pd.DataFrame(answers)).states["axis_1"].round(2).tolist()
    [0.21, 1.37, -0.79, -0.79]
    """
    entities = entities_of(stances)
    known = stances.dropna(subset=entities)
    divided = [entity for entity in entities if known[entity].nunique() == 2]
    if len(divided) < 2:
        raise ParameterError(f"stances: only {len(divided)} of {len(entities)} entities divide the states; add others.")
    table = known[divided].astype("bool")
    model = prince.MCA(n_components=2, random_state=0, engine="scipy").fit(table)
    rows, columns = model.row_coordinates(table).to_numpy(), model.column_coordinates(table).to_numpy()
    signs = np.sign(columns[np.abs(columns).argmax(axis=0), [0, 1]])
    rows, columns = rows * signs, columns * signs
    plain = model.eigenvalues_ / model.total_inertia_
    adjusted = prince.MCA(n_components=2, random_state=0, engine="scipy", correction="greenacre").fit(table)
    labels = [(entity, answer) for entity in divided for answer in (False, True)]
    return Correspondence(
        states=known[["iso3", "name"]].assign(axis_1=rows[:, 0], axis_2=rows[:, 1]).reset_index(drop=True),
        answers=pd.DataFrame(labels, columns=["entity", "recognised"]).assign(
            axis_1=columns[:, 0], axis_2=columns[:, 1]
        ),
        explained=_share(adjusted.percentage_of_variance_ / 100),
        unadjusted=_share(plain),
    )


def _share(shares: np.ndarray) -> tuple[float, float]:
    return float(shares[0]), float(shares[1])


def project_entities(stances: pd.DataFrame, strata: pd.Series, draws: int = 10_000, seed: int = 0) -> nx.Graph:
    """Link the entities by the states that recognise both, against what all margins together give.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`.
    strata : pandas.Series
        From :func:`analysis.recognition.relations.find_strata`.
    draws : int
        Number of draws, 1 or more.
    seed : int
        Random seed.

    Returns
    -------
    networkx.Graph
        One node is one entity (recognisers: number). One edge is a pair with states in common (weight), their
        average number over the draws (expected), the share of draws at least as far from it (p_shuffle), and that
        adjusted for all pairs with an edge (q_shuffle). Pairs without a state in common have no edge.

    Raises
    ------
    ParameterError
        For less than one draw.

    Notes
    -----
    A draw keeps how many entities each state recognises, and how many states of each stratum recognise each
    entity: two states of one stratum trade the entities that only one of them recognises. Answers to Taipei
    and Beijing, and the cell of a state with itself, stay fixed. Say "unusual under this shuffle".

    Examples
    --------
    >>> answers = {"iso3": ["AND", "BRB", "CUB", "DZA"], "ISR": [True, True, False, False]}
    >>> answers |= {"PSE": [True, True, False, False], "ESH": [False, False, True, True]}
    >>> graph = project_entities(pd.DataFrame(answers), pd.Series(["all"] * 4), draws=2_000)
    >>> graph.edges["ISR", "PSE"]["weight"], round(graph.edges["ISR", "PSE"]["expected"], 1)
    (2, 0.7)
    """
    if draws < 1:
        raise ParameterError(f"draws = {draws} must be 1 or more.")
    entities = entities_of(stances)
    yes = stances[entities].fillna(False).to_numpy(dtype="bool")
    bits = 1 << np.arange(len(entities))
    movable = stances[entities].notna().to_numpy() & ~np.isin(entities, CLAIMANTS)
    rng = np.random.default_rng(seed)
    drawn = _draw_shared(yes @ bits, movable @ bits, *_order_strata(strata), len(entities), draws, rng)
    common = yes.T.astype("int64") @ yes
    shared = nx.Graph()
    shared.add_nodes_from((entity, {"recognisers": int(common[n, n])}) for n, entity in enumerate(entities))
    for low, high in zip(*np.triu_indices(len(entities), 1), strict=True):
        weight, values = int(common[low, high]), drawn[:, low, high]
        if not weight:
            continue
        far = np.abs(values - values.mean()) >= abs(weight - values.mean()) - ROUNDING
        found = {"weight": weight, "expected": float(values.mean()), "p_shuffle": (1 + int(far.sum())) / (1 + draws)}
        shared.add_edge(entities[low], entities[high], **found)
    chances = {(one, other): edge["p_shuffle"] for one, other, edge in shared.edges(data=True)}
    nx.set_edge_attributes(shared, false_discovery_q(chances), "q_shuffle")
    return shared


def _order_strata(strata: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in the order of strata, and for each place in it the first and the size of its stratum."""
    label = np.unique(strata.to_numpy(dtype="str"), return_inverse=True)[1]
    order = np.argsort(label, kind="stable")
    size = np.bincount(label)
    first = np.cumsum(size) - size
    return order, first[label[order]], size[label[order]]


@keep_compiled()
def _draw_shared(masks, free, order, first, size, n_entities, draws, rng):
    """Count, in each draw, the rows that hold both of each two bits."""
    rows, fixed = masks[order].copy(), ~free[order]
    shared = np.zeros((draws, n_entities, n_entities), dtype=np.int32)
    for draw in range(-1, draws):
        for _ in range(len(rows) * (BURN_IN_PER_STATE if draw < 0 else TRADES_PER_STATE)):
            one = int(rng.random() * len(rows))
            other = first[one] + int(rng.random() * size[one])
            apart = (rows[one] ^ rows[other]) & ~fixed[one] & ~fixed[other]
            left, held = 0, 0
            for bit in range(n_entities):
                left += (apart >> bit) & 1
                held += ((apart & rows[one]) >> bit) & 1
            for bit in range(n_entities):
                if (apart >> bit) & 1:
                    takes = rng.random() * left < held
                    rows[one] = rows[one] | (1 << bit) if takes else rows[one] & ~(1 << bit)
                    rows[other] = rows[other] & ~(1 << bit) if takes else rows[other] | (1 << bit)
                    left -= 1
                    held -= 1 if takes else 0
        if draw >= 0:
            for row in rows:
                for low in range(n_entities):
                    if (row >> low) & 1:
                        for high in range(low + 1, n_entities):
                            shared[draw, low, high] += (row >> high) & 1
    return shared

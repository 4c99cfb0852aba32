"""Which recognitions go together: two pairs of entities, all of them, whole profiles; each against shuffles."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis.figures import grammar, style
from analysis.figures.recognition.words import (
    NAMES,
    SHORT,
    UNUSUAL,
    count_confidences,
    count_unseen,
    name_country,
    write_share,
    write_states,
)
from analysis.figures.words import write_day
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.profiles import Correspondence
from analysis.recognition.relations import CoRecognition

SHADES = LinearSegmentedColormap.from_list("shades", style.SHARE_SHADES)
AMONG_DRAWS = {"more": "more than the draws give", "fewer": "fewer", "alike": "not unusual under this shuffle"}
MOST_LETTERS = 44  # of the names of the states with one profile
WIDTH = 1.9  # of a figure of profiles, in widths of its squares: names of states stand beside them
FEWEST = 5  # states of a row, for a share of them to be written and shaded
NEAR = 0.035  # places nearer than this share of the plane are one mark
THE_FOUR = "the four themselves"
FOUR = ["TWN", "CHN", "ISR", "PSE"]
CHINA = {(True, False): "Taipei", (False, True): "Beijing", (True, True): "both sides", (False, False): "neither side"}
STATES_OF_TWO = {
    (True, True): "both",
    (True, False): "Israel only",
    (False, True): "Palestine only",
    (False, False): "neither",
}
Pairs = Mapping[tuple[str, str], CoRecognition]


def plot_answers_by_side(table: pd.DataFrame) -> Figure:
    """Draw how many states give which answer to one pair of entities, by their answer to another pair.

    ``table`` is that of ``cross_stances``; the shade of a cell is its share of the row, where that has enough states.
    """
    sums = table.sum(axis="columns")
    shares = table.div(sums.where(sums >= FEWEST), axis="index").fillna(0)
    texts = table.astype("str") + (100 * shares).map("\n{:.0f} %".format).where(shares > 0, "")
    title = f"States by whom they recognise: number, and share of a row of {FEWEST} or more"
    with grammar.drawing(title, 4, 0.6, 1.4, wide=style.NARROW) as (figure, axes):
        grammar.draw_cells(axes, shares, texts, 10, cmap=SHADES, vmin=0, vmax=1, linewidths=0)
        rows = [f"{_name_answer(answer)} ({sums[answer]})" for answer in table.index]
        grammar.name_cells(axes, [_name_answer(answer) for answer in table.columns], rows)
        axes.set_xlabel(f"Recognises ({_name_two(table.columns)})")
        axes.set_ylabel(f"Recognises ({_name_two(table.index)})")
    return figure


def _name_answer(answer: str) -> str:
    code, *rest = answer.split()
    return " ".join([SHORT.get(code, code), *rest])


def _name_two(answers: pd.Index) -> str:
    """The two entities of a pair, from the answers ``both``, ``TWN only``, ``CHN only``, ``neither``."""
    return " and ".join(SHORT[answer.split()[0]] for answer in answers[1:3])


def name_both(pair: tuple[str, str]) -> str:
    """Name a pair of entities in short."""
    return f"{SHORT[pair[0]]} and {SHORT[pair[1]]}"


def plot_both_by_pair(found: Pairs) -> Figure:
    """Draw how many more or fewer states recognise both of a pair than the shuffle gives on average, which is zero.

    ``found`` gives the comparison of ``co_recognition`` for each pair; a pair that excludes each other is left out.
    """
    shown = {pair: one for pair, one in found.items() if not np.isnan(one.expected)}
    marks = [[end - one.expected for end in (_count_both(one), one.low, one.high)] for one in shown.values()]
    rows = pd.DataFrame(marks, columns=["beyond", "low", "high"]).assign(place=range(len(marks)))
    title = "Do more states recognise both than the shuffle gives?"
    with grammar.drawing(title, len(rows), 0.42) as (figure, axes):
        band: dict[str, Any] = {"linewidth": 8, "alpha": 0.35, "label": "middle 95 % of the draws"}
        grammar.draw_ranges(axes, rows, "low", "high", style.MUTED, **band)
        grammar.draw_dots(axes, rows, "beyond", style.INK, size=60, label="observed", marker="D")
        axes.axvline(0, color=style.INK, linewidth=0.8)
        grammar.name_rows(axes, [f"{name_both(pair)}: {_count_both(one)}" for pair, one in shown.items()], 10)
        axes.set_xlabel("States that recognise both, more or fewer than the draws on average")
        grammar.move_legend(figure, axes, 2)
    return figure


def _count_both(one: CoRecognition) -> int:
    return int(one.table.iloc[0, 0])


def plot_shared_by_pair(graph: nx.Graph) -> Figure:
    """Draw for every two entities how many states recognise both, and whether the draws give more or fewer.

    ``graph`` is that of ``project_entities``; entities that nobody recognises are left out, and rows without a pair.
    """
    entities = [entity for entity, number in graph.nodes(data="recognisers") if number]
    kinds, texts = (pd.DataFrame(index=entities[1:], columns=entities[:-1], dtype="object") for _ in range(2))
    for *pair, edge in graph.edges(data=True):
        column, row = sorted(pair, key=entities.index)
        kinds.loc[row, column] = _compare_with_draws(edge)
        texts.loc[row, column] = f"{edge['weight']}\n({edge['expected']:.1f})"
    kinds, texts = (cells.dropna(how="all").dropna(axis="columns", how="all") for cells in (kinds, texts))
    title = "States that recognise both, and (in brackets) the average of the draws"
    with grammar.drawing(title, len(kinds) + 1, 0.48, 1.8) as (figure, axes):
        grammar.draw_kinds(axes, kinds, style.SHARED_COLOURS, texts, 9, linewidths=2.5)
        columns, rows = ([f"{SHORT[entity]} ({graph.nodes[entity]['recognisers']})" for entity in named]
                         for named in (kinds.columns, kinds.index))  # fmt: skip
        grammar.name_cells(axes, columns, rows, rotation=30, ha="right", rotation_mode="anchor")
        grammar.put_legend(figure, grammar.keys_of(AMONG_DRAWS, kinds.stack(), color=style.SHARED_COLOURS))
    return figure


def _compare_with_draws(edge: Mapping[str, float]) -> str:
    if edge["q_shuffle"] >= UNUSUAL:
        return "alike"
    return "more" if edge["weight"] > edge["expected"] else "fewer"


def plot_profiles_by_cluster(clustered: pd.DataFrame) -> Figure:
    """Draw each profile as a row of squares, one for each entity that is recognised, in the order of clusters.

    ``clustered`` is that of ``cluster_states``. Beside a row stand the states that have it: their number, and their
    names where they are few.
    """
    profiles = _order_profiles(clustered)
    recognised = profiles["profile"].str.get_dummies(" ")
    entities = [entity for entity in SHORT if entity in recognised]
    squares = recognised[entities].apply(lambda column: column.map({1: column.name}))
    with grammar.drawing("Profiles of recognition", len(profiles), 0.24, 1.5) as (figure, axes):
        grammar.draw_kinds(axes, squares, style.ENTITY_COLOURS, linewidths=3)
        names = profiles["name"].map(_name_states)
        grammar.write_rows(axes, names, len(entities) + 0.2, 0.5, 8.5, va="center_baseline")
        changes = profiles.index[profiles["cluster"].diff().fillna(0) > 0]
        axes.hlines(changes, 0, WIDTH * len(entities), color=style.MUTED, linewidth=0.8)
        clusters = list(profiles["cluster"].astype("str"))
        grammar.name_cells(axes, [SHORT[entity] for entity in entities], clusters, rotation=35, ha="left")
        axes.xaxis.tick_top()
        axes.set(xlim=(0, WIDTH * len(entities)), ylabel="Cluster")
    return figure


def _order_profiles(clustered: pd.DataFrame) -> pd.DataFrame:
    """One row a profile of a cluster, the commonest of each cluster first."""
    profiles = clustered.groupby(["cluster", "profile"])["name"].agg(list).reset_index()
    profiles = profiles.assign(number=profiles["name"].map(len))
    return profiles.sort_values(["cluster", "number"], ascending=[True, False], kind="stable", ignore_index=True)


def _name_states(names: list[str]) -> str:
    number = write_states(len(names))
    named = f"{number}: {', '.join(sorted(names))}"
    return named if len(named) <= MOST_LETTERS else number


def _name_profile(profile: str) -> str:
    return ", ".join(SHORT[entity] for entity in profile.split()) or "none"


def plot_answers_on_plane(found: Correspondence) -> Figure:
    """Draw states and the answers "recognised" on the two axes of ``correspond``.

    A circle is one or more states whose profiles lie together, its area their number; a square is the recognition of
    an entity.
    """
    states, answers = _group(found.states, "name"), found.answers[found.answers["recognised"]]
    title = "Which answers go together (circles: states, by number)"
    with grammar.drawing(title, figsize=(style.WIDE[0], 6.8)) as (figure, axes):
        axes.axhline(0, color=style.GRID, linewidth=1)
        axes.axvline(0, color=style.GRID, linewidth=1)
        sizes = 18 + 9 * states["members"].map(len)
        sns.scatterplot(states, x="axis_1", y="axis_2", s=sizes, color=style.MUTED, alpha=0.45, linewidth=0, ax=axes)
        sns.scatterplot(answers, x="axis_1", y="axis_2", hue="entity", palette=style.ENTITY_COLOURS, marker="s", s=60,
                        zorder=3, legend=False, ax=axes)  # fmt: skip
        for place in _group(answers, "entity", near=1e-6).itertuples():
            if len(place.members) > 1:  # one square hides the other
                names = " and ".join(SHORT[entity] for entity in place.members)
                side = "right" if place.axis_1 > 0 else "left"
                grammar.write_near(axes, names, (place.axis_1, place.axis_2), (0, 9), ha=side, fontsize=10)
        first, second = (f"({share:.0%} of the adjusted inertia)".replace("%", " %") for share in found.explained)
        axes.set(xlabel=f"First axis {first}", ylabel=f"Second axis {second}")
        words = {entity: f"recognises {SHORT[entity]}" for entity in answers["entity"]}
        circles = grammar.key("states of like profiles", marker="o", color=style.MUTED, alpha=0.45)
        squares = grammar.keys_of(words, words, marker="s", color=style.ENTITY_COLOURS)
        grammar.put_legend(figure, [circles, *squares])
    return figure


def _group(points: pd.DataFrame, label: str, near: float = NEAR) -> pd.DataFrame:
    """Join points that lie in one place: axis_1, axis_2 and the list of their labels."""
    rows = points[["axis_1", "axis_2"]].to_numpy()
    step = near * max(np.ptp(rows, axis=0).max(), 1e-9)
    groups = points.groupby(list(np.round(rows / step).T), sort=False)
    joined = groups.agg(axis_1=("axis_1", "mean"), axis_2=("axis_2", "mean"), members=(label, list))
    return joined.reset_index(drop=True)


def table_of_answers(stances: pd.DataFrame, entity: str) -> pd.DataFrame:
    """Name the states that recognise an entity, "yes" under each other one that they recognise; by State.

    ``stances`` is that of ``find_stances``.
    """
    own = stances[stances[entity].fillna(False).astype("bool")].sort_values("name").set_index("name")
    known = [name for name in own.columns if name in ENTITIES and name != entity and own[name].fillna(False).any()]
    answers = own[known].fillna(False).astype("bool").replace({True: "yes", False: ""})
    return answers.rename(columns=SHORT).rename_axis(index=None, columns="State")


def table_of_associations(found: Pairs) -> pd.DataFrame:
    """Lay out the table of two by two of each pair and its measures of association, by Pair.

    Columns: Both, First only, Second only, Neither, Odds ratio (with its exact 95 % interval), Phi, Jaccard, Exact p,
    Shuffles as far (empty where the two exclude each other), and of both the q over all pairs of ``adjust_pairs``.
    """
    counts = ["Both", "First only", "Second only", "Neither"]
    columns = ["Pair", *counts, "Odds ratio (95 %)", "Phi", "Jaccard", "Exact p", "Exact q"]
    columns += ["Shuffles as far", "Shuffles q"]
    rows = []
    for pair, one in found.items():
        measures = (_write_odds(one), round(one.phi, 2), round(one.jaccard, 2))
        chances = (_write_chance(one.p_exact), _write_chance(one.q_exact))
        shuffle = ("", "") if np.isnan(one.p_shuffle) else (write_share(one.p_shuffle), _write_chance(one.q_shuffle))
        rows.append((name_both(pair), *one.table.to_numpy().ravel().tolist(), *measures, *chances, *shuffle))
    return grammar.head_rows(pd.DataFrame(rows, columns=columns))


def _write_chance(chance: float) -> str:
    return "" if np.isnan(chance) else "below 0.001" if chance < 0.001 else f"{chance:.3f}"


def _write_odds(one: CoRecognition) -> str:
    if np.isnan(one.odds_ratio) or np.isnan(one.odds_low):
        return "not defined"
    if np.isinf(one.odds_ratio):
        return f"infinite ({one.odds_low:.2f} or more)"
    return f"{one.odds_ratio:.2f} ({one.odds_low:.2f} to {one.odds_high:.2f})"


def table_of_profiles(clustered: pd.DataFrame) -> pd.DataFrame:
    """Name the states that have each profile: Recognises, Number, States, by Cluster; the commonest of one first."""
    profiles = _order_profiles(clustered)
    return grammar.head_rows({
        "Cluster": profiles["cluster"],
        "Recognises": [_name_profile(profile) for profile in profiles["profile"]],
        "Number": profiles["number"],
        "States": [", ".join(sorted(names)) for names in profiles["name"]],
    })  # fmt: skip


def title_profiles(on: str) -> str:
    """Say what a map of profiles shows.

    Examples
    --------
    >>> title_profiles("2026-11-22")
    'Taipei or Beijing, Israel or Palestine: whom states recognised on 22 November 2026'
    """
    return f"Taipei or Beijing, Israel or Palestine: whom states recognised on {write_day(on)}"


def name_profiles(stances: pd.DataFrame) -> pd.DataFrame:
    """Put into words whom each state recognises, of Taipei and Beijing and of Israel and Palestine: iso3, name, status.

    ``stances`` is that of ``find_stances``; the four entities themselves stand apart.
    """
    known = stances[~stances["iso3"].isin(FOUR)]
    answers = known[FOUR].astype("bool").itertuples(index=False, name=None)
    words = [f"{CHINA[answer[:2]]}: {STATES_OF_TWO[answer[2:]]}" for answer in answers]
    themselves = pd.DataFrame({"iso3": FOUR, "name": [NAMES[entity] for entity in FOUR], "status": THE_FOUR})
    return pd.concat([known[["iso3", "name"]].assign(status=words), themselves], ignore_index=True)


def profile_colours(status: pd.DataFrame) -> dict[str, str]:
    """Give the colour of each profile of ``name_profiles`` that some state has, in the order of a legend."""
    every = {
        f"{side}: {words}": shade
        for side, shades in style.PROFILE_SHADES.items()
        for words, shade in zip(STATES_OF_TWO.values(), shades, strict=True)
    }
    every[THE_FOUR] = style.INK
    found = set(status["status"])
    return {words: colour for words, colour in every.items() if words in found}


def facts_of_answers(table: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``co_recognition.answers``: for each answer to the one pair the states by their answer to the other."""
    rows = []
    for answer, row in table[table.sum(axis="columns") > 0].iterrows():
        whom = _name_two(table.index) if answer == "both" else _name_answer(str(answer))
        names = {name: _name_two(table.columns) if name == "both" else _name_answer(name) for name in row.index}
        parts = [f"{names[name]} {number}" for name, number in row.items() if number]
        rows.append({"whom": whom, "number": row.sum(), "parts": parts})
    return {"rows": rows, "fewest": FEWEST}


def facts_of_answer(
    crossed: pd.DataFrame, found: Pairs, graph: nx.Graph, acts: pd.DataFrame, on: str, members: str,
    seen: Mapping[str, pd.Timestamp], uncounted: Mapping[str, list[str]],
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``co_recognition.in_short``: the answers to two pairs, and which pairs go together beyond chance.

    ``crossed``, ``found`` and ``graph`` are drawn on the page, the first pair of ``found`` is the one asked for;
    ``acts`` are those behind it, ``seen`` the last days up to which the ties of its entities were watched;
    ``uncounted`` is from :func:`name_uncounted`.
    """
    asked, one = next(iter(found.items()))
    said = {"asked": [SHORT[entity] for entity in asked], "number_of_both": _count_both(one), "one": one, "on": on}
    said |= {
        "sure": count_confidences(acts),
        "unseen": count_unseen(acts),
        "acts": len(acts),
        "seen": dict(seen),
        "members": members,
        "uncounted": dict(uncounted),
    }
    said |= {"edge": graph.get_edge_data(*asked)}
    return facts_of_answers(crossed) | facts_of_shared(graph) | said


def name_uncounted(recognisers: Mapping[str, pd.Series], stances: pd.DataFrame) -> dict[str, list[str]]:
    """Name those who recognise an entity (codes) and are not counted: not among the states asked, or one of the four.

    Examples
    --------
    >>> name_uncounted({"TWN": pd.Series(["BLZ", "VAT"])}, pd.DataFrame({"iso3": ["BLZ"]}))
    {'Taipei': ['the Holy See']}
    """
    counted = set(stances["iso3"]) - set(FOUR)
    return {SHORT[entity]: sorted(map(name_country, own[~own.isin(counted)])) for entity, own in recognisers.items()}


def facts_of_both(found: Pairs) -> dict[str, Any]:
    """Facts of ``co_recognition.both``: of each pair by its name how many states recognise both, and the draws."""
    tested = {name_both(pair): one for pair, one in found.items() if pd.notna(one.expected)}
    unusual = [name for name, one in tested.items() if _take_chance(one) < UNUSUAL]
    return {"pairs": {name_both(pair): (_count_both(one), one) for pair, one in found.items()}, "tested": tested,
            "unusual": unusual}  # fmt: skip


def _take_chance(one: CoRecognition) -> float:
    return one.p_shuffle if np.isnan(one.q_shuffle) else one.q_shuffle


def facts_of_shared(graph: nx.Graph) -> dict[str, Any]:
    """Facts of ``co_recognition.shared``: how many pairs of entities have states in common, and the unusual ones."""
    edges = list(graph.edges(data=True))
    unusual = [
        f"{name_both((one, other))}, recognised by {write_states(edge['weight'])} where {edge['expected']:.1f} "
        "are expected by chance"
        for one, other, edge in edges
        if edge["q_shuffle"] < UNUSUAL
    ]
    alone = sum(edge["p_shuffle"] < UNUSUAL <= edge["q_shuffle"] for *_, edge in edges)
    return {"number": len(edges), "unusual": unusual, "alone": alone}


def facts_of_profiles(clustered: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``co_recognition.profiles``: how many profiles and clusters, and the commonest profile of each."""
    clusters = [
        {"cluster": cluster, "states": len(own), "commonest": _name_profile(own["profile"].value_counts().index[0])}
        for cluster, own in clustered.groupby("cluster")
    ]
    return {
        "largest": max(clusters, key=lambda own: own["states"]),
        "states": len(clustered),
        "different": clustered["profile"].nunique(),
        "clusters": clusters,
    }


def facts_of_plane(found: Correspondence) -> dict[str, Any]:
    """Facts of ``co_recognition.plane``: what lies farthest out, the largest group of states, what the axes hold."""
    places = _group(found.answers[found.answers["recognised"]], "entity")
    far = places.loc[np.hypot(places["axis_1"], places["axis_2"]).idxmax(), "members"]
    most = max(len(names) for names in _group(found.states, "name")["members"])
    return {
        "explained": sum(found.explained),
        "unadjusted": sum(found.unadjusted),
        "far": [SHORT[entity] for entity in far],
        "most": most,
    }

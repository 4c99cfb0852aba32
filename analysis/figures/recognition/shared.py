"""How many states recognise both of every two entities, against what shuffling all answers together gives."""

from typing import Any

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from analysis.figures import style
from analysis.figures.layout import readable_ink
from analysis.figures.recognition.co_recognition import SHORT, name_both
from analysis.figures.recognition.words import UNUSUAL

MORE, FEWER, AS_MANY = "#0072b2", "#e69f00", "#e3e6ea"


def plot_shared_by_pair(graph: nx.Graph) -> Figure:
    """Draw for every two entities how many states recognise both, and whether the draws give more or fewer.

    Parameters
    ----------
    graph : networkx.Graph
        From :func:`analysis.recognition.profiles.project_entities`.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One cell is one pair: states that recognise both, and the average of the draws beneath. Entities that
        nobody recognises are left out.

    Examples
    --------
    >>> graph = nx.Graph([("ISR", "PSE", {"weight": 2, "expected": 0.7, "p_shuffle": 0.3})])
    >>> nx.set_node_attributes(graph, 2, "recognisers")
    >>> [text.get_text() for text in plot_shared_by_pair(graph).axes[0].texts]
    ['2\\n(0.7)']
    """
    entities = [entity for entity, number in graph.nodes(data="recognisers") if number]
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.8 + 0.48 * len(entities)))
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    for one, other, edge in graph.edges(data=True):
        column, row = sorted((entities.index(one), entities.index(other)))
        colour = AS_MANY if edge["p_shuffle"] >= UNUSUAL else MORE if edge["weight"] > edge["expected"] else FEWER
        axes.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, color=colour, linewidth=0))
        text = f"{edge['weight']}\n({edge['expected']:.1f})"
        axes.text(column, row, text, color=readable_ink(colour), **look)
    axes.set_xticks(range(len(entities) - 1), [SHORT[entity] for entity in entities[:-1]], rotation=30, ha="right")
    named = [f"{SHORT[entity]} ({graph.nodes[entity]['recognisers']})" for entity in entities[1:]]
    axes.set_yticks(range(1, len(entities)), named)
    axes.set(xlim=(-0.6, len(entities) - 1.4), ylim=(len(entities) - 0.4, 0.4))
    axes.grid(visible=False)
    axes.set_title("States that recognise both, and (in brackets) the average of the draws")
    words = {MORE: "more than in 95 % of the draws", FEWER: "fewer", AS_MANY: "not unusual under this shuffle"}
    figure.legend(handles=[Patch(color=key, label=words[key]) for key in words], loc="outside lower left", ncols=3)
    plt.close(figure)
    return figure


def describe_shared(graph: nx.Graph) -> str:
    """Say how many pairs of entities have states in common, and name those that are unusual under the shuffle.

    Parameters
    ----------
    graph
        As for :func:`plot_shared_by_pair`.

    Examples
    --------
    >>> graph = nx.Graph([("ABK", "OST", {"weight": 5, "expected": 0.4, "p_shuffle": 0.0001})])
    >>> describe_shared(graph)
    '1 pair of entities has states in common. Unusual under this shuffle: Abkhazia and South Ossetia 5 (0.4).'
    """
    edges = list(graph.edges(data=True))
    unusual = [
        f"{name_both((one, other))} {edge['weight']} ({edge['expected']:.1f})"
        for one, other, edge in edges
        if edge["p_shuffle"] < UNUSUAL
    ]
    start = "1 pair of entities has" if len(edges) == 1 else f"{len(edges)} pairs of entities have"
    return f"{start} states in common. Unusual under this shuffle: {', '.join(unusual) or 'none'}."

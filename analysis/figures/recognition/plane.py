"""States and answers on one plane: what a correspondence analysis of all recognition profiles shows."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.recognition.co_recognition import SHORT
from analysis.figures.words import write_list
from analysis.recognition.profiles import Correspondence

NEAR = 0.035  # places nearer than this share of the plane are one mark


def plot_answers_on_plane(found: Correspondence) -> Figure:
    """Draw the answers "recognised" and the states on the two axes of a correspondence analysis.

    Parameters
    ----------
    found : Correspondence
        From :func:`analysis.recognition.profiles.correspond`.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. A circle is one or more states whose profiles lie together, its area their number; a square is the
        answer "recognises" to an entity.

    Examples
    --------
    >>> states = pd.DataFrame({"iso3": ["ALB"], "name": ["Albania"], "axis_1": [0.2], "axis_2": [0.1]})
    >>> answers = pd.DataFrame({"entity": ["PSE"], "recognised": [True], "axis_1": [0.3], "axis_2": [0.2]})
    >>> plot_answers_on_plane(Correspondence(states, answers, (0.6, 0.3))).axes[0].get_xlabel()
    'First axis (60 % of the inertia)'
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 6.8))
    places = _group(found.states, "name")
    sizes = [18 + 9 * len(names) for names in places["members"]]
    axes.scatter(
        places["axis_1"],
        places["axis_2"],
        sizes,
        color=style.MUTED,
        alpha=0.45,
        linewidths=0,
        label="states of like profiles",
    )
    answers = found.answers[found.answers["recognised"]]
    for row in answers.itertuples():
        colour, label = style.ENTITY_COLOURS[row.entity], f"recognises {SHORT[row.entity]}"
        axes.scatter(row.axis_1, row.axis_2, 60, color=colour, marker="s", edgecolors="white", label=label, zorder=3)
    for place in _group(answers, "entity", near=1e-6).itertuples():
        if len(place.members) > 1:  # one square hides the other
            words, side = (
                " and ".join(SHORT[entity] for entity in place.members),
                "right" if place.axis_1 > 0 else "left",
            )
            axes.annotate(words, (place.axis_1, place.axis_2), (0, 9), textcoords="offset points", ha=side, fontsize=10)
    axes.axhline(0, color=style.GRID, linewidth=1)
    axes.axvline(0, color=style.GRID, linewidth=1)
    first, second = (f"({share:.0%} of the inertia)".replace("%", " %") for share in found.explained)
    axes.set(xlabel=f"First axis {first}", ylabel=f"Second axis {second}")
    axes.set_title("Which answers go together (circles: states, by number)")
    figure.legend(loc="outside lower left", ncols=3)
    plt.close(figure)
    return figure


def describe_plane(found: Correspondence) -> str:
    """Say which answers lie farthest out, where most states lie, and how much the two axes hold.

    Parameters
    ----------
    found
        As for :func:`plot_answers_on_plane`.

    Examples
    --------
    >>> states = pd.DataFrame({"iso3": ["ALB"], "name": ["Albania"], "axis_1": [0.2], "axis_2": [0.1]})
    >>> answers = pd.DataFrame({"entity": ["PSE"], "recognised": [True], "axis_1": [0.3], "axis_2": [0.2]})
    >>> describe_plane(Correspondence(states, answers, (0.6, 0.3)))
    'The two axes hold 90 % of the inertia. Farthest out lies the recognition of Palestine; the largest group of alike \
profiles is 1 state. Rare answers lie far out because they are rare.'
    """
    places = _group(found.answers[found.answers["recognised"]], "entity")
    far = places.loc[np.hypot(places["axis_1"], places["axis_2"]).idxmax(), "members"]
    most = max(len(names) for names in _group(found.states, "name")["members"])
    return (
        f"The two axes hold {sum(found.explained) * 100:.0f} % of the inertia. Farthest out lies the recognition of "
        f"{write_list([SHORT[entity] for entity in far])}; the largest group of alike profiles is {most} "
        f"state{'' if most == 1 else 's'}. Rare answers lie far out because they are rare."
    )


def _group(points: pd.DataFrame, label: str, near: float = NEAR) -> pd.DataFrame:
    """Join points that lie in one place: axis_1, axis_2 and the list of their labels."""
    rows = points[["axis_1", "axis_2"]].to_numpy()
    step = near * max(np.ptp(rows, axis=0).max(), 1e-9)
    groups = points.groupby(list(np.round(rows / step).T), sort=False)
    joined = groups.agg(axis_1=("axis_1", "mean"), axis_2=("axis_2", "mean"), members=(label, list))
    return joined.reset_index(drop=True)

"""The capability matrix: threat class by system, from all ratings and from confirmed ones only."""

from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from analysis.air_defence.facts.choices import ARCHITECTURES, LAYERS
from analysis.figures import style
from analysis.figures.air_defence.words import (
    CLASS_WORDS,
    LAYER_WORDS,
    draw_sentence,
    name_system,
    say_nothing_left,
    tint_labels,
)
from analysis.figures.words import write_list

HALF = {"fillstyle": "left", "markerfacecoloralt": "white"}
MEMBER_MARKS = {"fielded": "●", "planned": "○"}
RATING_LETTERS = {"primary": "P", "secondary": "S", "limited": "L", "none": ""}


def plot_capability_by_system(
    matrix: pd.DataFrame, confirmed: pd.DataFrame, members: pd.DataFrame, minimum_confidence: str
) -> Figure:
    """Draw who has each system, and how far it is rated against each threat class.

    Parameters
    ----------
    matrix, confirmed : pandas.DataFrame
        From ``coverage.capability_matrix``: all ratings, and the confirmed ones only.
    members : pandas.DataFrame
        From ``coverage.list_members``; gives the columns of the first panel.
    minimum_confidence : str
        Least confidence of the ratings, for the sentence where none is left.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a sentence instead of a matrix where no rating is left.
    """
    if matrix.empty:
        return draw_sentence(say_nothing_left(minimum_confidence))
    rows = _order(members)
    architectures = members["architecture_id"].drop_duplicates()
    widths = [0.36 * len(architectures), len(CLASS_WORDS) * 0.36, len(CLASS_WORDS) * 0.36]
    size = (style.WIDE[0], 2.6 + 0.235 * len(rows))
    figure, panels = plt.subplots(1, 3, sharey=True, figsize=size, width_ratios=widths)
    _draw_members(panels[0], members, rows)
    _draw_ratings(panels[1], matrix, rows, "All ratings")
    _draw_ratings(panels[2], confirmed, rows, "Ratings seen in a source")
    panels[0].set_yticks(range(len(rows)), labels=rows["name"].map(name_system), fontsize=8.5)
    tint_labels(panels[0].get_yticklabels(), rows["listed"])
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    _mark_layers(panels, rows)
    figure.suptitle("Systems rated against each threat class", x=0.01, ha="left", weight="bold", fontsize=13)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=4, fontsize=8.5)
    plt.close(figure)
    return figure


def _order(members: pd.DataFrame) -> pd.DataFrame:
    listed = members[members["state"].isin(MEMBER_MARKS)]["system_id"]
    rows = members[["system_id", "name", "layer"]].drop_duplicates()
    rows = rows.assign(order=rows["layer"].map(LAYERS.index), listed=rows["system_id"].isin(listed))
    return rows.sort_values(["order", "name"], kind="stable", ignore_index=True)


def _draw_members(axes: Axes, members: pd.DataFrame, rows: pd.DataFrame) -> None:
    places = {system: place for place, system in enumerate(rows["system_id"])}
    architectures = members["architecture_id"].drop_duplicates().tolist()
    for row in members[members["state"].isin(MEMBER_MARKS)].itertuples():
        face = style.INK if row.state == "fielded" else "white"
        mark: dict[str, Any] = {"markersize": 6, "markerfacecolor": face, "markeredgecolor": style.INK}
        mark |= HALF if row.reserve else {}
        axes.plot(architectures.index(row.architecture_id), places[row.system_id], "o", **mark)
    _frame(axes, [ARCHITECTURES[name] for name in architectures], "Listed in")


def _draw_ratings(axes: Axes, matrix: pd.DataFrame, rows: pd.DataFrame, title: str) -> None:
    places = {system: place for place, system in enumerate(rows["system_id"])}
    classes = list(CLASS_WORDS)
    for row in matrix[matrix["capability"].notna()].itertuples():
        corner = classes.index(row.threat_class) - 0.5, places[row.system_id] - 0.5
        colour = style.CAPABILITY_COLOURS[row.capability]
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor="white", linewidth=1))
        ink = "white" if row.capability == "primary" else style.INK
        letter = RATING_LETTERS[row.capability]
        axes.text(corner[0] + 0.5, corner[1] + 0.52, letter, ha="center", va="center", fontsize=8, color=ink)
    for place in rows.index[rows["layer"] == "not_applicable"]:
        axes.text(
            len(classes) / 2 - 0.5, place, "not rated itself", ha="center", va="center", fontsize=8, color=style.MUTED
        )
    _frame(axes, list(CLASS_WORDS.values()), title)


def _frame(axes: Axes, labels: list[str], title: str) -> None:
    axes.set_xlim(-0.5, len(labels) - 0.5)
    axes.set_xticks(range(len(labels)), labels=labels, rotation=90, fontsize=8.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_title(title, fontsize=10.5)
    axes.grid(visible=False)


def _mark_layers(panels: list[Axes], rows: pd.DataFrame) -> None:
    for layer, group in rows.groupby("layer", sort=False):
        first, last = group.index[0], group.index[-1]
        for axes in panels:
            axes.axhline(first - 0.5, color=style.MUTED, linewidth=0.8)
        panels[2].text(
            len(CLASS_WORDS) - 0.3,
            (first + last) / 2,
            fill(LAYER_WORDS[layer], 13),
            va="center",
            fontsize=8,
            color=style.MUTED,
        )


def _legend() -> list[Artist]:
    mark: dict[str, Any] = {"marker": "o", "linestyle": "none", "color": style.INK}
    marks = [
        plt.Line2D([], [], label="fielded", **mark),
        plt.Line2D([], [], label="fielded, but arriving or retired", **mark | HALF),
        plt.Line2D([], [], label="planned", **mark, markerfacecolor="white"),
        plt.Line2D([], [], label="no mark: not listed in it", **mark | {"marker": ""}),
    ]
    ratings = [
        Patch(facecolor=style.CAPABILITY_COLOURS[name], edgecolor=style.GRID, label=f"{letter} {name}".strip())
        for name, letter in RATING_LETTERS.items()
    ]
    return [*marks, *ratings, Patch(facecolor="white", edgecolor=style.GRID, label="blank: no such rating")]


def describe_capability(
    matrix: pd.DataFrame, confirmed: pd.DataFrame, members: pd.DataFrame, minimum_confidence: str
) -> str:
    """Say what the capability matrix shows, with its numbers.

    Parameters are those of the same names in ``plot_capability_by_system``.
    """
    if matrix.empty:
        return say_nothing_left(minimum_confidence)
    ratings, sure = matrix["capability"].notna(), confirmed["capability"].notna()
    listed = members[members["state"].isin(MEMBER_MARKS)]["system_id"]
    weapons = members[members["layer"] != "not_applicable"].drop_duplicates("system_id")
    absent = weapons[~weapons["system_id"].isin(listed)]["name"].map(name_system)
    held = members[members["reserve"] != ""]
    reserves = [
        f"{name_system(row.name)} ({ARCHITECTURES[row.architecture_id]}: {row.reserve})" for row in held.itertuples()
    ]
    text = f" Half a mark: {write_list(reserves)}." if reserves else ""
    return (
        f"{int(ratings.sum())} ratings of {matrix[ratings]['system_id'].nunique()} systems against "
        f"{len(CLASS_WORDS)} threat classes, of which {int(sure.sum())} were seen in a source; "
        "the grading in four steps is this project's reading. They are systems rated against a class, not "
        f"engagement opportunities.{text} In grey, for comparison with the rest of the table and listed in none of "
        f"these architectures: {write_list(absent)}."
    )

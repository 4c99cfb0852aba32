"""A state's answers to every entity beside those of its neighbours."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.figures import style
from analysis.figures.layout import readable_ink
from analysis.figures.recognition.histories import plot_nothing, put_title
from analysis.figures.recognition.words import NAMES, name_country, name_entity
from analysis.figures.words import write_day, write_list
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.relations import entities_of

FRAME_INCHES, ROW_INCHES = 2.0, 0.34
MOST_NAMES = 12
SHORT = {"TWN": "Taipei", "CHN": "Beijing"}


def plot_answers_by_neighbour(stances: pd.DataFrame, compared: pd.DataFrame, country: str, on: str) -> Figure:
    """Draw whom a state and its neighbours recognise, the most alike neighbour first.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`.
    compared : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.compare_neighbours`.
    country : str
        Code of a state.
    on : str
        The day.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One row is a state, one column an entity; a filled square is recognition.

    Examples
    --------
    >>> stances = pd.DataFrame({"iso3": ["NIC"], "name": ["Nicaragua"], "XKX": [False], "PSE": [True]})
    >>> row = {"iso3": "HND", "name": "Honduras", "basis": "land", "distance_km": 0.0, "similarity": 1.0}
    >>> compared = pd.DataFrame([row | {"XKX": False, "PSE": True}])
    >>> figure = plot_answers_by_neighbour(stances, compared, "NIC", "2026-11-22")
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['Nicaragua', 'Honduras (land)']
    """
    title = f"Whom {name_country(country)} and its neighbours recognise on {write_day(on)}"
    entities, own = entities_of(stances), stances[stances["iso3"] == country]
    if compared.empty or own.empty:
        return plot_nothing(title)
    rows = pd.concat([own, compared], ignore_index=True)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], FRAME_INCHES + ROW_INCHES * len(rows)))
    _draw_answers(axes, rows[entities])
    labels = [NAMES[country], *(_name_row(row) for row in compared.itertuples())]
    axes.set_yticks(np.arange(len(rows)) + 0.5, labels, color=style.INK)
    axes.get_yticklabels()[0].set_fontweight("bold")
    look: dict[str, Any] = {"color": style.INK, "rotation": 35, "ha": "right", "rotation_mode": "anchor"}
    names = [SHORT.get(name, ENTITIES[name]) for name in entities]
    axes.set_xticks(np.arange(len(entities)) + 0.5, names, **look)
    axes.tick_params(axis="x", labelsize=9)
    axes.set(xlim=(0, len(entities) + 1.2), ylim=(len(rows), 0))
    for height, share in enumerate(compared["similarity"], start=1):
        axes.text(len(entities) + 0.2, height + 0.5, f"{share:.0%}".replace("%", " %"), va="center", fontsize=9)
    axes.text(len(entities) + 0.2, 0.5, "alike", va="center", fontsize=9, color=style.MUTED)
    axes.grid(visible=False)
    put_title(figure, title)
    keys = {"recognises": style.MUTED, "no recognition on record": style.EMPTY, "itself": "white"}
    handles = [Patch(facecolor=colour, edgecolor=style.GRID, label=words) for words, colour in keys.items()]
    figure.legend(handles=handles, loc="outside lower left", ncols=3)
    plt.close(figure)
    return figure


def _draw_answers(axes: Axes, answers: pd.DataFrame) -> None:
    """One square an answer: the entity's colour with a tick, grey, or white for the entity itself."""
    yes, known = answers.fillna(False).to_numpy(dtype="bool"), answers.notna().to_numpy()
    own = np.array([to_rgb(style.ENTITY_COLOURS[entity]) for entity in answers])
    colours = np.where(known[..., None], to_rgb(style.EMPTY), 1.0)
    colours[yes] = np.broadcast_to(own, colours.shape)[yes]
    axes.pcolormesh(colours, edgecolors="white", linewidth=3)
    up, across = np.nonzero(yes)
    inks = [readable_ink(style.ENTITY_COLOURS[answers.columns[column]]) for column in across]
    axes.scatter(across + 0.5, up + 0.5, 45, marker="$✓$", c=inks, linewidths=0)


def _name_row(row) -> str:
    place = "land" if row.basis == "land" else f"sea, {row.distance_km:.0f} km"
    return f"{NAMES[row.iso3]} ({place})"


def describe_neighbours(compared: pd.DataFrame, alike: pd.DataFrame, country: str) -> str:
    """Say which neighbours answer most and least alike, and which states have the same profile.

    Parameters
    ----------
    compared, alike : pandas.DataFrame
        From ``compare_neighbours`` and ``find_alike`` of :mod:`analysis.recognition.dossiers`.
    country : str
        Code of a state.

    Examples
    --------
    >>> row = {"iso3": "HND", "similarity": 0.5, "differing": "XKX"}
    >>> alike = pd.DataFrame({"iso3": ["CUB"], "name": ["Cuba"]})
    >>> describe_neighbours(pd.DataFrame([row]), alike, "NIC")
    'Of 1 neighbour, Honduras answers most like Nicaragua (alike 50 %; not on Kosovo). The same profile: Cuba.'
    """
    name = name_country(country)
    sentences = [f"No neighbour of {name} is on record."]
    if len(compared):
        number = f"{len(compared)} neighbour{'s' * (len(compared) > 1)}"
        best, worst = compared.iloc[0], compared.iloc[-1]
        sentences = [f"Of {number}, {name_country(best['iso3'])} answers most like {name} ({_write_likeness(best)})"]
        if worst["similarity"] < best["similarity"]:
            sentences[0] += f", {name_country(worst['iso3'])} least ({_write_likeness(worst)})"
        sentences[0] += "."
    names = sorted(alike["name"])
    if not names:
        sentences.append("No other state has the same profile.")
    elif len(names) <= MOST_NAMES:
        sentences.append(f"The same profile: {write_list(names)}.")
    else:
        sentences.append(f"{len(names)} other states and entities have the same profile.")
    return " ".join(sentences)


def _write_likeness(row: pd.Series) -> str:
    share = f"alike {row['similarity']:.0%}".replace("%", " %")
    entities = [name_entity(name) for name in row["differing"].split()]
    return f"{share}; not on {write_list(entities)}" if entities else share

"""With which claimant of China states have relations over time, and when one partner turned to which."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.recognition.words import name_country, name_entity, write_states
from analysis.figures.words import write_day
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.facts.spells import CLAIMANTS, LEGACY_DAY

DASHES: Any = (0, (4, 2))


def plot_relations_by_claimant(counts: pd.DataFrame, ties: pd.DataFrame, partner: str, until: str) -> Figure:
    """Draw how many states have relations with Taipei and with Beijing, and when one partner began its ties.

    Parameters
    ----------
    counts : pandas.DataFrame
        entity, day, count; one row is a day on which the number of states changes.
    ties : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.find_mutual_ties`.
    partner : str
        Code of a state or place.
    until : str
        Last day that is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Time in years from October 1949.

    Examples
    --------
    >>> counts = pd.DataFrame({"entity": ["TWN", "CHN"], "day": pd.to_datetime(["1949-10-01"] * 2), "count": [50, 9]})
    >>> ties = pd.DataFrame(columns=["recogniser", "entity", "kind", "begin", "begin_precision"])
    >>> figure = plot_relations_by_claimant(counts, ties, "ISR", "2026-11-22")
    >>> figure.axes[0].get_ylabel()
    'States'
    """
    figure, axes = plt.subplots(figsize=style.WIDE)
    last = pd.Timestamp(until)
    for entity in CLAIMANTS:
        steps = counts[(counts["entity"] == entity) & (counts["day"] <= last)]
        held = [*steps["count"], steps["count"].iloc[-1]]
        colour = style.ENTITY_COLOURS[entity]
        axes.step([*steps["day"], last], held, where="post", color=colour, linewidth=2.2, label=ENTITIES[entity])
        beside: dict[str, Any] = {"xytext": (6, -4), "textcoords": "offset points", "color": colour}
        axes.annotate(str(held[-1]), (date2num(last), held[-1]), fontweight="bold", annotation_clip=False, **beside)
    axes.set(xlim=(LEGACY_DAY, last), xlabel="Year", ylabel="States")
    axes.set_ylim(0, 1.4 * counts["count"].max())
    axes.set_title("How many states had relations with Taipei and with Beijing")
    for tie in _find_turns(ties, partner).itertuples():
        colour = style.ENTITY_COLOURS[tie.entity]
        axes.axvline(tie.begin, color=colour, linewidth=1, linestyle=DASHES)
        words = f"{'recognised' if tie.kind == 'recognition' else 'relations'} {tie.begin.year}"
        place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "va": "top"}
        axes.annotate(words, (date2num(tie.begin), 0.98), (3, 0), rotation=90, color=colour, fontsize=9, **place)
    label = f"begun by {name_country(partner)}"
    axes.plot([], [], color=style.MUTED, linewidth=1, linestyle=DASHES, label=label)
    figure.legend(loc="outside lower left", ncols=3)
    plt.close(figure)
    return figure


def _find_turns(ties: pd.DataFrame, partner: str) -> pd.DataFrame:
    """What the partner began after October 1949: relations, and recognition that came earlier than these."""
    own = ties[(ties["recogniser"] == partner) & ties["entity"].isin(CLAIMANTS) & (ties["begin"] > LEGACY_DAY)]
    return own.sort_values(["begin", "kind"]).drop_duplicates(["entity", "begin"], keep="last")


def describe_relations(counts: pd.DataFrame, ties: pd.DataFrame, partner: str, until: str) -> str:
    """Say how many states have relations with each claimant, and with which the partner has.

    Parameters
    ----------
    counts, ties, partner, until
        As for :func:`plot_relations_by_claimant`.

    Examples
    --------
    >>> counts = pd.DataFrame({"entity": ["TWN", "CHN"], "day": pd.to_datetime(["1949-10-01"] * 2), "count": [50, 9]})
    >>> ties = pd.DataFrame(columns=["recogniser", "entity", "kind", "begin", "end"])
    >>> describe_relations(counts, ties, "ISR", "1949-12-31").split(". ")[1]
    'Israel has relations with neither of them on record.'
    """
    day = pd.Timestamp(until)
    held = {entity: counts[(counts["entity"] == entity) & (counts["day"] <= day)]["count"] for entity in CLAIMANTS}
    numbers = {entity: int(steps.iloc[-1]) if len(steps) else 0 for entity, steps in held.items()}
    own = ties[(ties["recogniser"] == partner) & (ties["kind"] == "relations") & ~(ties["end"] <= day)]
    name = name_country(partner)
    names = " and ".join(name_entity(entity) for entity in CLAIMANTS if entity in set(own["entity"]))
    sentence = f"{write_states(numbers['TWN'])} maintained diplomatic relations with {name_entity('TWN')} on"
    sentence += f" {write_day(day)}, and {numbers['CHN']} with {name_entity('CHN')}. "
    return sentence + f"{name[0].upper()}{name[1:]} has relations with {names or 'neither of them on record'}."

"""Rows that several figures share: systems under a heading for each threat class, in one panel or in several."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures import grammar, style
from analysis.figures.air_defence.words import name_system

ROW_INCHES = 0.235
PAIR = ["system_id", "threat_class"]


def order_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Order systems by class, each class under its heading.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``system_id, name, threat_class``; one row is a system and a class, in the order of the figure.

    Returns
    -------
    pandas.DataFrame
        ``system_id, threat_class, label, place``; one row is a row of the figure, a heading has no ``system_id``.
    """
    systems = frame[PAIR].assign(label=[name_system(str(name), width=26) for name in frame["name"]])
    parts = [systems.head(0)]
    for name, group in systems.groupby("threat_class", sort=False):
        heading = {"system_id": "", "threat_class": name, "label": THREAT_CLASSES[str(name)]}
        parts += [pd.DataFrame([heading]), group]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(place=range(len(rows)))


def place_in_rows(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Give each record (``system_id, threat_class``) its ``place`` among the rows of a figure."""
    return frame.merge(rows[[*PAIR, "place"]], on=PAIR)


def label_rows(axes: Axes, rows: pd.DataFrame) -> None:
    """Write the labels at the left, headings in bold, and put the first row on top."""
    grammar.name_rows(axes, list(rows["label"]), 8.5)
    is_heading = rows["system_id"] == ""
    for label, bold in zip(axes.get_yticklabels(), is_heading, strict=False):  # an inner panel shows no label
        label.set_fontweight("bold" if bold else "normal")
    for place in rows.loc[is_heading, "place"]:
        axes.axhline(place + 0.45, color=style.GRID, linewidth=0.8, zorder=0)


@contextmanager
def draw_panels(
    title: str, rows: pd.DataFrame, architectures: Sequence[str]
) -> Iterator[tuple[Figure, dict[str, Axes]]]:
    """Give a figure with a panel for each architecture, three beside each other, all with the same rows."""
    inches = 0.5 + ROW_INCHES * len(rows)
    with grammar.small_multiples(title, architectures, inches, 1.5, sharex=True, sharey=True) as (figure, panels):
        for architecture, axes in panels.items():
            label_rows(axes, rows)
            axes.set_title(fill(ARCHITECTURES[architecture], 20), fontsize=10)
            axes.tick_params(axis="x", labelsize=9)
        yield figure, panels

"""Rows that several figures share: systems under a heading for each threat class, in one panel or in several."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures import grammar, style
from analysis.figures.air_defence.words import name_system

ROW_INCHES = 0.235


@dataclass(frozen=True)
class Rows:
    """Where each system stands under each class, and the labels from the top down."""

    places: dict[tuple[str, str], int]
    labels: list[str]
    headings: list[int]

    def place(self, row: object) -> int:
        """Place of a record with ``system_id`` and ``threat_class``."""
        return self.places[row.system_id, row.threat_class]  # type: ignore[attr-defined]


def order_rows(frame: pd.DataFrame) -> Rows:
    """Order systems by class, each class under its heading.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``system_id, name, threat_class``; one row is a system and a class, in the order of the figure.
    """
    places: dict[tuple[str, str], int] = {}
    labels: list[str] = []
    headings: list[int] = []
    for name, group in frame.groupby("threat_class", sort=False):
        headings.append(len(labels))
        labels.append(THREAT_CLASSES[str(name)])
        for row in group.itertuples():
            places[row.system_id, row.threat_class] = len(labels)
            labels.append(name_system(str(row.name), width=26))
    return Rows(places, labels, headings)


def label_rows(axes: Axes, rows: Rows) -> None:
    """Write the labels at the left, headings in bold, and put the first row on top."""
    axes.set_yticks(range(len(rows.labels)), labels=rows.labels, fontsize=8.5)
    for number, label in enumerate(axes.get_yticklabels()):
        label.set(color=style.INK, weight="bold" if number in rows.headings else "normal")
    for heading in rows.headings:
        axes.axhline(heading + 0.45, color=style.GRID, linewidth=0.8, zorder=0)
    axes.set_ylim(len(rows.labels) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)


@contextmanager
def draw_panels(title: str, rows: Rows, architectures: Sequence[str]) -> Iterator[tuple[Figure, dict[str, Axes]]]:
    """Give a figure with a panel for each architecture, three beside each other, all with the same rows."""
    inches = 0.5 + ROW_INCHES * len(rows.labels)
    with grammar.small_multiples(title, architectures, inches, 1.5, sharex=True, sharey=True) as (figure, panels):
        for architecture, axes in panels.items():
            label_rows(axes, rows)
            axes.set_title(fill(ARCHITECTURES[architecture], 20), fontsize=10)
            axes.tick_params(axis="x", labelsize=9)
        yield figure, panels

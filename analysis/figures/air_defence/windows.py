"""Engagement windows: how long each system can engage a threat, and how long before it sees it."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.rows import Rows
from analysis.figures.air_defence.words import name_system
from analysis.figures.words import write_list

SHORTEST_S, LONGEST_S = 0.8, 3000.0
WINDOW = "#0072b2"


def draw_windows(axes: Axes, rows: Rows, windows: pd.DataFrame) -> None:
    """Draw for each system and class the seconds within reach, with their spread, and the seconds of sight before.

    Parameters
    ----------
    axes : matplotlib Axes
        The panel, with its rows labelled.
    rows : Rows
        Where each system stands.
    windows : pandas.DataFrame
        From ``windows.engagement_windows``: one row is a system and a class.
    """
    axes.set_xscale("log")
    longest = max(LONGEST_S, 1.3 * float(windows[["window_high_s", "lead_best_s"]].max(axis=None)))
    axes.set(xlim=(SHORTEST_S, longest), xlabel="Seconds within reach (log from 1)")
    axes.set_xticks([1, 10, 100, 1000], labels=["1", "10", "100", "1,000"])
    axes.minorticks_off()
    for row in windows.itertuples():
        _draw_row(axes, rows.place(row), row)


def _draw_row(axes: Axes, place: int, row: Any) -> None:
    low, best, high = (max(value, 1.0) for value in (row.window_low_s, row.window_best_s, row.window_high_s))
    axes.plot([low, high], [place, place], color=WINDOW, linewidth=1.8, zorder=2, solid_capstyle="butt")
    if row.lead_best_s >= 1:
        mark = "x" if row.sight_assumed else "|"
        axes.plot(row.lead_best_s, place, mark, color=style.MUTED, markersize=6, markeredgewidth=1.5, zorder=3)
    mark, filled = ">" if row.at_least else "o", "white" if row.far_assumed else WINDOW
    axes.plot(best, place, mark, markersize=5.5, color=WINDOW, markerfacecolor=filled, zorder=4)


def window_keys() -> list[Artist]:
    """Legend entries of the windows."""
    dot: dict[str, Any] = {"color": WINDOW, "linestyle": "-", "markersize": 5.5}
    tick: dict[str, Any] = {"color": style.MUTED, "linestyle": "none", "markersize": 6, "markeredgewidth": 1.5}
    return [
        Line2D([], [], marker="o", label="within reach, with spread", **dot),
        Line2D([], [], marker=">", label="at least", **dot),
        Line2D([], [], marker="o", markerfacecolor="white", label="reach assumed", **dot),
        Line2D([], [], marker="|", label="seen before that (no mark: not before)", **tick),
        Line2D([], [], marker="x", label="the same, radar assumed", **tick),
    ]


def describe_windows(windows: pd.DataFrame) -> str:
    """Say what the windows show, with their numbers.

    Parameters are those of the same names in ``draw_windows``.
    """
    if windows.empty:
        return "No system is rated against these classes."
    parts = []
    for name, group in windows.groupby("threat_class", sort=False):
        ordered = group.sort_values("window_best_s", kind="stable")
        least, most = (f"{name_system(str(row['name']))} ({row['window_best_s']:,.0f} s)" for _, row in _ends(ordered))
        shortest = np.round(ordered["window_best_s"].median())
        parts.append(f"{THREAT_CLASSES[str(name)]}: from {least} to {most}, median {shortest:,.0f} s")
    assumed = windows.loc[windows["far_assumed"], "name"].drop_duplicates().map(name_system)
    hidden = windows[windows["hidden_s"] >= 1].sort_values("hidden_s", ascending=False)
    words = f"Seconds within reach by the best values. {'; '.join(parts)}."
    words += f" The greatest range or ceiling is assumed for {write_list(assumed)}."
    if len(hidden):
        row = hidden.iloc[0]
        where = f"{name_system(row['name'])} against {THREAT_CLASSES[row['threat_class']].lower()}"
        words += (
            f" In {len(hidden)} of {len(windows)} rows the interceptor reaches farther than its own radar sees, most "
            f"for {where}: {row['hidden_s']:,.0f} s more, which only a track from elsewhere could use. These seconds "
            "are counted nowhere below."
        )
    return words


def _ends(ordered: pd.DataFrame) -> list[tuple[Any, pd.Series]]:
    return list(ordered.iloc[[0, -1]].iterrows())

"""The staircase of shots against sensor-to-shooter time, and what a network's faster decision is worth on it."""

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.rows import ROW_INCHES, label_rows, order_rows
from analysis.figures.air_defence.windows import draw_windows, window_keys
from analysis.figures.air_defence.words import CLASS_WORDS, name_system
from analysis.figures.layout import readable_ink
from analysis.figures.words import write_list

COLOURS = mpl.colormaps["YlOrBr"]
ALONE, NETWORKED = "#c2185b", "#0072b2"
TINY = 0.0005
PLACES = (0.5, 0.3, 0.7, 0.15, 0.85)


def plot_leakage_by_reaction(staircase: pd.DataFrame, times: pd.DataFrame) -> Figure:
    """Draw each system's window, and beside it its staircase from above, coloured by the leakage.

    Parameters
    ----------
    staircase : pandas.DataFrame
        From ``staircases.leakage_staircase``: one row is a step.
    times : pandas.DataFrame
        From ``staircases.value_of_time``: one row is a system and a class.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; one row for each row of ``times``. At the right a field for each number of shots, with both reaction
        times marked.
    """
    rows = order_rows(times)
    height = 2.3 + ROW_INCHES * len(rows.labels)
    figure, (left, axes) = plt.subplots(
        1, 2, figsize=(style.WIDE[0], height), sharey=True, gridspec_kw={"width_ratios": [1, 2]}
    )
    label_rows(left, rows)
    draw_windows(left, rows, times)
    longest = float(staircase["to_s"].max())
    axes.set(xlim=(0, longest), xlabel="Sensor-to-shooter time: seconds from own detection to launch")
    axes.grid(visible=False)
    marks = times.set_index(["system_id", "threat_class"])[["reaction_before_s", "reaction_after_s"]]
    for step in staircase.itertuples():
        taken = marks.loc[[(step.system_id, step.threat_class)]].to_numpy().ravel()
        _draw_step(axes, rows.place(step), step, longest, taken)
    for row in times.itertuples():
        place = rows.place(row)
        axes.plot(row.reaction_after_s, place, "D", color=NETWORKED, markeredgecolor="white", markersize=6, zorder=4)
        axes.plot(row.reaction_before_s, place, "o", color=ALONE, markeredgecolor="white", markersize=7, zorder=4)
    left.set_title("Time within reach", fontsize=11)
    axes.set_title("Shots that it leaves room for", fontsize=11)
    scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 100), COLOURS)
    bar = figure.colorbar(scale, ax=axes, orientation="horizontal", shrink=0.6, aspect=40, pad=0.01)
    bar.set_label("Leakage of one threat through this layer, %; kill probabilities assumed", fontsize=9)
    bar.ax.tick_params(labelsize=8.5)
    figure.legend(handles=[*window_keys(), *_legend()], loc="outside lower center", ncols=4, fontsize=8.5)
    plt.close(figure)
    return figure


def _draw_step(axes: Axes, place: int, step: Any, longest: float, taken: np.ndarray) -> None:
    colour = COLOURS(step.leakage)
    width = step.to_s - step.from_s
    axes.barh(place, width, left=step.from_s, height=0.84, color=colour, edgecolor="white", linewidth=0.8, zorder=1)
    spots = [step.from_s + share * width for share in PLACES]
    spot = max(spots, key=lambda at: min(longest / 30, *abs(taken - at)))
    if width >= longest / 50 and min(abs(taken - spot)) > longest / 75:
        ink = readable_ink(mpl.colors.to_hex(colour))
        axes.text(spot, place + 0.02, str(step.shots), ha="center", va="center", fontsize=7.5, color=ink, zorder=2)


def _legend() -> list[Artist]:
    return [
        Line2D([], [], marker="o", color=ALONE, linestyle="none", markersize=7, label="stand-alone battery"),
        Line2D([], [], marker="D", color=NETWORKED, linestyle="none", markersize=6, label="battery in a network"),
    ]


def describe_leakage_by_reaction(times: pd.DataFrame) -> str:
    """Say where the faster decision saves leakage and where it saves nothing.

    Parameters are those of the same names in ``plot_leakage_by_reaction``.
    """
    if times.empty:
        return "No system is rated against these classes."
    gaining = times[times["gain"] > TINY].sort_values("gain", ascending=False)
    saved = (times["reaction_before_s"] - times["reaction_after_s"]).iloc[0]
    words = f"The network decides {saved:,.0f} s faster by assumption. "
    words += f"In {len(times) - len(gaining)} of {len(times)} rows that is worth less than 0.05 points of leakage"
    words += f", among them {_say_covered(times)} where the lead covers even the slower reaction. "
    if gaining.empty:
        return words + "No row gains."
    said = (
        f"{name_system(row.name_)} against {THREAT_CLASSES[row.threat_class].lower()}, {row.shots_before} to "
        f"{row.shots_after} shots, {100 * row.leakage_before:.0f} to {100 * row.leakage_after:.0f} %"
        for row in gaining.rename(columns={"name": "name_"}).itertuples()
    )
    return words + f"It is worth most for {write_list(said, most=4)}."


def _say_covered(times: pd.DataFrame) -> str:
    return str(int((times["lead_best_s"] >= times["reaction_before_s"]).sum()))


def plot_saved_second_by_system(staircase: pd.DataFrame, times: pd.DataFrame) -> Figure:
    """Draw leakage as steps for the systems at which the faster decision saves most, with both times marked.

    Parameters
    ----------
    staircase, times : pandas.DataFrame
        As in ``plot_leakage_by_reaction``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; up to four panels, the greatest gain first; steps are flat where a saved second is worth nothing.
    """
    chosen = times.sort_values("gain", ascending=False, kind="stable").head(4)
    figure, grid = plt.subplots(1, 4, figsize=(style.WIDE[0], 3.5), sharey=True, sharex=True)
    for axes, row in zip(grid, chosen.rename(columns={"name": "name_"}).itertuples(), strict=False):
        here = (staircase["system_id"] == row.system_id) & (staircase["threat_class"] == row.threat_class)
        steps = staircase[here]
        axes.stairs(100 * steps["leakage"], [*steps["from_s"], steps["to_s"].iloc[-1]], baseline=None, color=style.INK,
                    linewidth=2)  # fmt: skip
        for at, leak, mark, colour in (
            (row.reaction_before_s, row.leakage_before, "o", ALONE),
            (row.reaction_after_s, row.leakage_after, "D", NETWORKED),
        ):
            axes.plot(at, 100 * leak, mark, color=colour, markeredgecolor="white", markersize=9, zorder=4)
        axes.set_title(f"{name_system(row.name_, 24)}\n{CLASS_WORDS[row.threat_class]}", fontsize=9.5)
        axes.tick_params(labelsize=9)
        axes.set_xlabel("Sensor to shooter, s", fontsize=9.5)
    for axes in grid[len(chosen) :]:
        axes.set_axis_off()
    grid[0].set(ylabel="Leakage of one threat, %", ylim=(-4, 104))
    figure.suptitle("The staircase at its steepest: leakage by seconds", x=0.01, ha="left", weight="bold", fontsize=13)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=2, fontsize=8.5)
    plt.close(figure)
    return figure


def describe_saved_second(times: pd.DataFrame) -> str:
    """Say what a second is worth on average over those saved, and how far the next step is.

    Parameters are those of the same names in ``plot_leakage_by_reaction``.
    """
    best = times.sort_values("gain", ascending=False, kind="stable").head(4)
    best = best[best["gain"] > 0]
    if best.empty:
        return "The faster decision saves nothing in any row: every system stays on the same step."
    said = (f"{name_system(row['name'])} {100 * row['gain_per_s']:.1f}" for _, row in best.iterrows())
    near = times[np.isfinite(times["next_step_s"])]
    words = f"Points of leakage for each second saved, on average: {write_list(said)}. "
    words += "On a step, one second more or less changes nothing: "
    if near.empty:
        return words + "no row can gain another shot by a faster reaction."
    steps = near["next_step_s"]
    return words + (
        f"{len(near)} of {len(times)} rows could gain another shot by a still faster reaction, after a further "
        f"{steps.min():.1f} to {steps.max():.1f} s; in the others no saving brings one."
    )


def table_of_times(times: pd.DataFrame) -> pd.DataFrame:
    """Put the value of time into words and rounded numbers, for a table.

    Parameters
    ----------
    times : pandas.DataFrame
        From ``staircases.value_of_time``.

    Returns
    -------
    pandas.DataFrame
        One row is a system and a class, indexed by the name of the system.
    """
    rows = times.assign(
        system=times["name"].map(name_system),
        against=times["threat_class"].map(CLASS_WORDS),
        reaction=[f"{row.reaction_best:.0f}{', assumed' * row.reaction_assumed}" for row in times.itertuples()],
        shots=[f"{row.shots_before} to {row.shots_after}" for row in times.itertuples()],
        gain=[
            f"{100 * row.gain:.1f} ({100 * row.gain_low:.1f} to {100 * row.gain_high:.1f})"
            for row in times.itertuples()
        ],
        second=[f"{100 * row.gain_per_s:.2f}" for row in times.itertuples()],
        step=["none" if np.isinf(step) else f"{step:.1f}" for step in times["next_step_s"]],
        window=times["window_best_s"].round().astype(int),
        lead=times["lead_best_s"].round().astype(int),
    )
    words = {
        "against": "against",
        "window": "reach, s",
        "lead": "seen, s",
        "reaction": "own reaction, s",
        "shots": "shots, alone to network",
        "gain": "leakage saved, points",
        "second": "a second",
        "step": "next step, s",
        "why": "limits",
    }
    return rows.set_index("system")[list(words)].rename(columns=words).rename_axis(index=None, columns="system")


def _say_points(row: Any) -> str:
    return f"{100 * row.gain:.1f} ({100 * row.gain_low:.1f} to {100 * row.gain_high:.1f})"

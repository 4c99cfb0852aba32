"""What a network is worth beside stand-alone batteries, layer by layer: shared shots and shared channels."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.air_defence.facts.choices import ARCHITECTURES
from analysis.figures import style
from analysis.figures.air_defence.rows import draw_panels, order_rows
from analysis.figures.air_defence.words import draw_sentence, name_system
from analysis.figures.words import write_list

APART, NETWORK = "#c2185b", "#0072b2"
LEAST_LATE = 0.5


def plot_saved_by_coordination(coordination: pd.DataFrame, times: pd.DataFrame, n_threats: int) -> Figure:
    """Draw for each layer the leakers that evenly spread shots save, with the spread over its inputs.

    Parameters
    ----------
    coordination : pandas.DataFrame
        From ``networks.coordination_by_layer``.
    times : pandas.DataFrame
        From ``staircases.value_of_time``: gives the order of the rows.
    n_threats : int
        Threats that each layer meets alone.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; one panel for each architecture.
    """
    rows = order_rows(times)
    figure, panels = draw_panels(rows, list(coordination["architecture_id"].drop_duplicates()))
    for architecture, axes in panels.items():
        for row in coordination[coordination["architecture_id"] == architecture].itertuples():
            place = rows.place(row)
            guessed = row.rounds_assumed or row.batteries_assumed
            line = ":" if guessed else "-"
            axes.plot([row.saved_low, row.saved_high], [place, place], color=NETWORK, linewidth=1.6, linestyle=line)
            filled = "white" if guessed else NETWORK
            axes.plot(row.saved, place, "o", color=NETWORK, markerfacecolor=filled, markersize=5.5, zorder=3)
        axes.set_xlabel(f"Saved, of {n_threats:,}", fontsize=9)
    most = float(coordination["saved_high"].max()) if len(coordination) else 1.0
    for axes in panels.values():
        axes.set_xlim(-0.02 * most, 1.05 * most)
    figure.suptitle("Leakers saved by spreading a layer's shots evenly", x=0.01, ha="left", weight="bold", fontsize=13)
    solid: dict[str, Any] = {"color": NETWORK, "marker": "o", "markersize": 5.5}
    handles = [
        Line2D([], [], label="best values, and spread over rounds and kill probabilities", **solid),
        Line2D([], [], linestyle=":", markerfacecolor="white", label="the same, batteries or rounds assumed", **solid),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8.5)
    plt.close(figure)
    return figure


def plot_late_by_pooling(saturation: pd.DataFrame, times: pd.DataFrame, n_threats: int) -> Figure:
    """Draw for each layer the threats that find no free channel in time, batteries apart and in one pool.

    Parameters
    ----------
    saturation : pandas.DataFrame
        From ``networks.saturation_by_layer``.
    times, n_threats
        As in ``plot_saved_by_coordination``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; one panel for each architecture, and a row for each layer that misses half a threat or more in any of
        them; a sentence where none does.
    """
    ends = saturation.rename(columns={"late_apart": "apart", "late_networked": "networked"})
    ends = ends.assign(assumed=ends["channels_assumed"] | ends["batteries_assumed"])
    keys = ["system_id", "threat_class"]
    short = ends[ends[["apart", "networked"]].max(axis=1) >= LEAST_LATE]
    if short.empty:
        return draw_sentence("No layer misses a threat for want of a free channel.")
    rows = order_rows(times.merge(short[keys].drop_duplicates(), on=keys))
    figure, panels = draw_panels(rows, list(ends["architecture_id"].drop_duplicates()))
    ends = ends.merge(short[keys].drop_duplicates(), on=keys)
    for architecture, axes in panels.items():
        for row in ends[ends["architecture_id"] == architecture].itertuples():
            _draw_pair(axes, rows.place(row), row)
        axes.set_xlim(-0.03 * n_threats, 1.03 * n_threats)
        axes.set_xlabel(f"Not engaged, of {n_threats:,}", fontsize=9)
    title = "Threats of a finite raid that find no free channel in time"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=13)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def _draw_pair(axes: Axes, place: int, row: Any) -> None:
    line = ":" if row.assumed else "-"
    axes.plot([row.networked, row.apart], [place, place], color=style.MUTED, linewidth=1.8, linestyle=line, zorder=2)
    axes.plot(
        row.apart, place, "o", color=APART, markerfacecolor="white", markeredgewidth=1.6, markersize=6.5, zorder=3
    )
    axes.plot(row.networked, place, "D", color=NETWORK, markersize=4.5, zorder=4)


def _legend() -> list[Artist]:
    return [
        Line2D([], [], marker="o", color=APART, markerfacecolor="white", linestyle="none", label="batteries apart"),
        Line2D([], [], marker="D", color=NETWORK, linestyle="none", markersize=5, label="one network"),
        Line2D([], [], color=style.MUTED, linestyle=":", label="dotted: batteries or channels assumed"),
    ]


def describe_coordination(coordination: pd.DataFrame, times: pd.DataFrame) -> str:
    """Say for each architecture where a common picture saves most, with its spread.

    Parameters are those of the same names in ``plot_saved_by_coordination``.
    """
    names = times.drop_duplicates("system_id").set_index("system_id")["name"].map(name_system)
    parts = []
    for architecture, group in coordination.groupby("architecture_id", sort=False):
        row = group.sort_values("saved", ascending=False, kind="stable").iloc[0]
        spread = f"{row['saved_low']:.1f} to {row['saved_high']:.1f} over the spread of its inputs"
        parts.append(
            f"{ARCHITECTURES[str(architecture)]}: {group['saved'].min():.1f} to {group['saved'].max():.1f} leakers "
            f"saved, most by {names[row['system_id']]} with {row['rounds_best']:,} rounds and "
            f"{row['batteries_best']} batteries ({spread})"
        )
    return f"Each layer alone against the whole raid. {'; '.join(parts)}. Kill probabilities are assumed by rating."


def describe_pooling(saturation: pd.DataFrame, times: pd.DataFrame) -> str:
    """Say for each architecture how many layers are saturated, apart and in one pool.

    Parameters are those of the same names in ``plot_late_by_pooling``.
    """
    names = times.drop_duplicates("system_id").set_index("system_id")["name"].map(name_system)
    parts = []
    for architecture, group in saturation.groupby("architecture_id", sort=False):
        counts = [int((group[column] >= 1).sum()) for column in ("late_apart", "late_networked")]
        still = group.loc[group["late_networked"] >= 1, "system_id"].drop_duplicates().map(names)
        words = f", of which {write_list(still)} stay so in one network" if counts[1] else ", none in one network"
        parts.append(
            f"{ARCHITECTURES[str(architecture)]}: {counts[0]} of {len(group)} rows miss a threat or more{words}"
        )
    worst = saturation["standard_error"].max()
    return f"{'; '.join(parts)}. Simulated, with a standard error of at most {worst:.2g} threats."


def plot_late_by_channels(late: pd.DataFrame, n_threats: int) -> Figure:
    """Draw the threats not engaged in time against the channels, for some times within which a channel must be free.

    Parameters
    ----------
    late : pandas.DataFrame
        From ``networks.late_by_channels``.
    n_threats : int
        Threats in the raid.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; solid for the finite raid, dashed for one without end.
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 4.2))
    shades = ("#9ecae1", "#4292c6", "#2171b5", "#041f45")
    for (time_s, group), colour in zip(late.groupby("time_s"), shades, strict=False):
        axes.plot(
            group["channels"], group["late"], color=colour, linewidth=2.2, label=f"{time_s:g} s to find a channel"
        )
        axes.plot(group["channels"], group["late_long_run"], color=colour, linewidth=1.2, linestyle="--")
    axes.plot([], [], color=style.MUTED, linewidth=1.2, linestyle="--", label="raid without end (formula)")
    axes.set(xlabel="Simultaneous engagements", ylabel=f"Not engaged, of {n_threats:,} threats", xlim=(0, None))
    axes.set_ylim(bottom=0)
    axes.set_title("A finite raid needs fewer channels than a raid without end")
    axes.legend()
    plt.close(figure)
    return figure


def describe_late(late: pd.DataFrame, n_threats: int) -> str:
    """Say how many channels keep the raid from saturating the layer.

    Parameters are those of the same names in ``plot_late_by_channels``.
    """
    parts = []
    for time_s, group in late.groupby("time_s"):
        enough = group.loc[group["late"] <= n_threats / 100, "channels"]
        words = f"{enough.min()} channels" if len(enough) else f"more than {group['channels'].max()} channels"
        parts.append(f"{words} with {time_s:g} s to find one")
    at_least = " ".join(("At most 1 % of the raid goes unengaged with", write_list(parts)))
    return (
        f"{at_least}. The formula for a raid without end, dashed, says more, for a raid begins with every channel free."
    )


def table_of_late(late: pd.DataFrame) -> pd.DataFrame:
    """Name the columns of ``networks.late_by_channels`` in words, rounded, for a table."""
    words = {
        "channels": "channels",
        "time_s": "seconds to find one",
        "late": "not engaged, simulated",
        "standard_error": "standard error",
        "late_long_run": "not engaged, raid without end",
    }
    return late.round(1).rename(columns=words).set_index("channels").rename_axis(index=None, columns="channels")

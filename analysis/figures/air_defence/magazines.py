"""Where magazines run dry as the raid grows, and which layer does the work."""

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.air_defence.facts.choices import SYSTEMS, THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.leakage import LUCK, UNKNOWN, add_legend
from analysis.figures.air_defence.words import CLASS_WORDS, name_system, write_threats
from analysis.figures.words import write_list, write_percent

CLASS_COLOURS = {
    "mortar_rocket": "#999999",
    "owa_drone": "#e69f00",
    "subsonic_cm": "#009e73",
    "supersonic_cm": "#66a61e",
    "tactical_aircraft": "#8c6bb1",
    "crbm": "#a6761d",
    "srbm": "#56b4e9",
    "mrbm": "#0072b2",
    "irbm": "#4d4d4d",
    "hgv": "#cc79a7",
}
SPENT = mpl.colormaps["YlOrBr"]
LIKELY = 0.5  # chance from which a magazine is said to run short


def plot_leakers_by_size(summary: pd.DataFrame, dry: pd.DataFrame) -> Figure:
    """Draw mean and 95 % leakers against the size of the raid, and below it how empty each magazine gets.

    Parameters
    ----------
    summary, dry : pandas.DataFrame
        From ``leakage.leakers_by_size``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    systems = list(dict.fromkeys(dry["system_id"]))
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(style.WIDE[0], 5.4 + 0.3 * len(systems)), sharex=True,
        height_ratios=[3.6, 0.8 + 0.32 * len(systems)],
    )  # fmt: skip
    for name, colour, words in (("mean", LUCK, "mean"), ("q95", "#8c6bb1", "95 % point: 19 of 20 raids have no more")):
        upper.fill_between(
            summary["threats"], summary[f"{name}_low"], summary[f"{name}_high"], color=colour, alpha=0.18
        )
        upper.plot(summary["threats"], summary[name], "o-", color=colour, linewidth=2, markersize=5, label=words)
    upper.plot(summary["threats"], summary["threats"], ":", color=style.MUTED, linewidth=1.2, label="everything leaks")
    upper.set(ylim=(0, 1.1 * float(summary["q95_high"].max()) + 0.5), ylabel="Threats that leak")
    upper.set_title(
        "Leakers by the size of the raid, at the best values; band: 9 of 10 draws of the inputs", fontsize=11
    )
    upper.legend(loc="upper left", fontsize=9)
    _draw_magazines(figure, lower, systems, dry, summary["threats"].to_numpy(float))
    lower.set_xticks(
        summary["threats"],
        labels=[f"{row.threats}\n{row.case} %" for row in summary.itertuples()],
        fontsize=9,
    )
    lower.set_xlabel("Threats in the raid, and its size against the chosen one")
    plt.close(figure)
    return figure


def _draw_magazines(figure: Figure, axes: Axes, systems: list[str], dry: pd.DataFrame, threats: np.ndarray) -> None:
    middles = (threats[1:] + threats[:-1]) / 2
    edges = [threats[0] - (middles[0] - threats[0]), *middles, threats[-1] + (threats[-1] - middles[-1])]
    share = dry.assign(share=dry["spent"] / dry["rounds"].clip(lower=1)).pivot(
        index="system_id", columns="threats", values="share"
    )
    scale = mpl.colors.Normalize(0, 1)
    axes.pcolormesh(edges, np.arange(len(systems) + 1) - 0.5, share.loc[systems], cmap=SPENT, norm=scale, lw=0.6)
    short = dry[dry["short"] > LIKELY]
    axes.plot(
        short["threats"], short["system_id"].map(systems.index), "o", color=style.INK, markeredgecolor="white",
        markersize=7,
    )  # fmt: skip
    axes.set_yticks(range(len(systems)), labels=[name_layer(name) for name in systems], fontsize=9)
    axes.set(ylim=(len(systems) - 0.5, -0.5), xlim=(edges[0], edges[-1]))
    axes.grid(visible=False)
    axes.set_title("Rounds in place that are spent on average", fontsize=11)
    bar = figure.colorbar(mpl.cm.ScalarMappable(scale, SPENT), ax=axes, pad=0.01, aspect=12)
    bar.ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    dot = Line2D(
        [], [], marker="o", linestyle="none", color=style.INK, markersize=7,
        label="more likely than not, rounds allotted to some class run short",
    )  # fmt: skip
    add_legend(figure, [dot], ncols=1)


def name_layer(system_id: str) -> str:
    """Name the system of a layer in words."""
    return name_system(SYSTEMS.get(system_id, system_id))


def describe_leakers_by_size(summary: pd.DataFrame, dry: pd.DataFrame) -> str:
    """Say how leakers grow with the raid and from which size magazines run short.

    Parameters are those of the same names in :func:`plot_leakers_by_size`.
    """
    first, last = summary.iloc[0], summary.iloc[-1]
    here = summary[summary["case"] == 100]
    said = [
        f"{row.threats:,} threats: {write_threats(row.mean)} leak on average ({write_threats(row.mean_low)} to "
        f"{write_threats(row.mean_high)} by what is not known), {row.q95:,.0f} or fewer in 19 of 20 raids"
        for row in pd.concat([summary.iloc[[0]], here, summary.iloc[[-1]]]).drop_duplicates("case").itertuples()
    ]
    starts = dry[dry["short"] > LIKELY].groupby("system_id", sort=False)["threats"].min()
    full = [name for name in dict.fromkeys(dry["system_id"]) if name not in starts.index]
    runs = write_list(f"{name_layer(name)} from {size:,}" for name, size in starts.sort_values(kind="stable").items())
    rest = f"; at no size drawn: {write_list(map(name_layer, full))}" if full else ""
    rise = last["mean"] / last["threats"], first["mean"] / first["threats"]
    return (
        f"{'; '.join(said)}. The share that leaks goes from {write_percent(rise[1])} to {write_percent(rise[0])}. "
        f"Rounds allotted to some class more likely than not run short, by threats in the raid: {runs}{rest}. "
        "The raid is notional; it shows what the structure does, and ranks no architecture."
    )


def plot_work_by_layer(work: pd.DataFrame, totals: pd.DataFrame) -> Figure:
    """Draw for each layer what it stops by class, and the rounds that it spends of those in place.

    Parameters
    ----------
    work : pandas.DataFrame
        From ``leakage.Case.work``: one row is a class at a layer.
    totals : pandas.DataFrame
        From ``leakage.work_over_draws``: one row is a layer.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; the highest layer on top.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(style.WIDE[0], 2.3 + 0.5 * len(totals)), sharey=True, width_ratios=[3, 2]
    )
    places = {name: place for place, name in enumerate(totals["system_id"])}
    start = dict.fromkeys(places, 0.0)
    for row in work.itertuples():
        left.barh(places[row.layer], row.killed, left=start[row.layer], height=0.62,
                  color=CLASS_COLOURS[row.threat_class], edgecolor="white", linewidth=0.6)  # fmt: skip
        start[row.layer] += row.killed
    for place, row in enumerate(totals.itertuples()):
        left.plot(row.arriving, place, "D", color=style.INK, markerfacecolor="white", markersize=7, zorder=4)
        left.plot([row.killed_low, row.killed_high], [place + 0.4] * 2, color=UNKNOWN, linewidth=3, alpha=0.8)
        _draw_rounds(right, place, row)
    left.set_yticks(range(len(totals)), labels=[name_layer(name) for name in totals["system_id"]], fontsize=9)
    left.set(ylim=(len(totals) - 0.4, -0.6), xlim=(0, None), xlabel="Threats")
    right.set(xlim=(0, 1.0), xlabel="Rounds in place that are spent")
    right.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    for axes, title in ((left, "Stopped, of those that arrive"), (right, "Spent; chance that rounds run short")):
        axes.grid(visible=False, axis="y")
        axes.set_title(title, fontsize=11)
    keys: list[Any] = [
        Patch(facecolor=CLASS_COLOURS[name], label=CLASS_WORDS[name]) for name in dict.fromkeys(work["threat_class"])
    ]
    keys += [
        Line2D(
            [], [], marker="D", linestyle="none", color=style.INK, markerfacecolor="white", label="arrive on average"
        ),
        Line2D([], [], color=UNKNOWN, linewidth=3, alpha=0.8, label="9 of 10 draws of the inputs"),
    ]
    figure.suptitle("Which layer does the work", x=0.01, ha="left", weight="bold", fontsize=13)
    add_legend(figure, keys, ncols=3)
    plt.close(figure)
    return figure


def _draw_rounds(axes: Axes, place: int, row: Any) -> None:
    rounds = max(1, row.rounds)
    axes.barh(place, 1.0, height=0.62, color=style.EMPTY)
    axes.barh(place, row.spent / rounds, height=0.62, color="#9aa5b1")
    words = f"{row.spent:,.0f} of {row.rounds:,}"
    axes.text(0.02, place, words, va="center", fontsize=8.5, color=style.INK)
    short = f"{write_percent(row.short)}" + (f", {CLASS_WORDS[row.short_class].lower()}" if row.short >= LIKELY else "")
    axes.text(1.02, place, short, va="center", fontsize=8.5, color=style.INK, transform=axes.get_yaxis_transform())


def describe_work(work: pd.DataFrame, totals: pd.DataFrame) -> str:
    """Say which layer stops most, how many rounds are spent, and which magazines run short.

    Parameters are those of the same names in :func:`plot_work_by_layer`.
    """
    ranked = totals.sort_values("killed", ascending=False, kind="stable")
    said = write_list(
        f"{name_layer(row.system_id)} {write_threats(row.killed)} of {write_threats(row.arriving)} "
        f"({write_threats(row.killed_low)} to {write_threats(row.killed_high)})"
        for row in ranked.head(3).itertuples()
    )
    short = [
        f"{name_layer(row.system_id)} for {_several(row.short_class)} ({write_percent(row.short)}; in "
        f"{write_percent(row.runs_dry)} of the draws more likely than not)"
        for row in totals[totals["short"] > LIKELY].itertuples()
    ]
    places = f"at {write_list(short, most=3)}" if short else "nowhere"
    most = work.loc[work["killed"].idxmax()]
    return (
        f"On average {write_threats(totals['killed'].sum())} threats are stopped with {totals['spent'].sum():,.0f} of "
        f"{totals['rounds'].sum():,} rounds in place. Most is done by {said}, of those that arrive, in brackets 9 of "
        f"10 draws; the largest part is {name_layer(most['layer'])} against {_several(most['threat_class'])}. Rounds "
        f"allotted to a class are likely to run short {places}. An upper layer works first and so meets "
        "more: that is its place in the sequence, not its quality."
    )


def _several(threat_class: str) -> str:
    words = THREAT_CLASSES[threat_class].lower()
    return words if words.endswith(("artillery", "aircraft")) else f"{words}s"

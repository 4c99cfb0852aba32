"""How many threats of a notional raid leak, by doctrine and by what fails together: luck beside what is not known."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from analysis.figures import style
from analysis.figures.air_defence.words import write_threats
from analysis.figures.words import write_percent

LUCK, UNKNOWN = "#0072b2", "#d55e00"
SCOPE_WORDS = {
    "layer": "each layer on its own",
    "threat": "one track of a threat for all layers",
    "raid": "one event for the whole raid",
}
SCOPE_COLOURS = {"layer": "#009e73", "threat": "#0072b2", "raid": "#cc79a7"}
SMALLEST = 1e-3  # chances below this end the axis
CAVEAT = (
    "A leak is no estimate of casualties or damage. Kill probabilities and tracking are assumed; the raid is notional."
)


def add_legend(figure: Figure, keys: Sequence[Artist], ncols: int) -> None:
    """Put the legend under a figure, and the caveat of all figures about leakers above it."""
    legend = figure.legend(handles=keys, loc="outside lower center", ncols=ncols, fontsize=9, title=CAVEAT)
    legend.get_title().set(fontsize=8.5, color=style.MUTED)


def plot_leakers_by_doctrine(luck: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """Draw the distribution of leakers, one panel a doctrine: luck as bars, what is not known as bands below.

    Parameters
    ----------
    luck, summary : pandas.DataFrame
        Of ``leakage.Outcomes``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    figure, panels = plt.subplots(
        len(summary), 1, figsize=(style.WIDE[0], 1.4 + 2.0 * len(summary)), sharex=True, sharey=True, squeeze=False
    )
    top = 1.08 * float(luck["chance"].max())
    right = max(float(luck.loc[luck["chance"] >= SMALLEST, "leakers"].max()), float(summary["q95_high"].max()), 1.0)
    for axes, row in zip(panels[:, 0], summary.itertuples(), strict=True):
        here = luck[(luck["case"] == row.case) & (luck["leakers"] <= right + 1)]
        axes.bar(
            here["leakers"], here["chance"], width=0.8 if right < 100 else 1.0, color=LUCK, alpha=0.85, linewidth=0
        )
        axes.axhline(0, color=style.INK, linewidth=0.8)
        _draw_bands(axes, row, top)
        axes.set(ylim=(-0.42 * top, top), xlim=(-0.7, 1.03 * right + 0.7))
        axes.set_title(str(row.case), fontsize=11)
        axes.yaxis.set_major_formatter(lambda chance, _: f"{100 * chance:.0f} %" if chance >= 0 else "")
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False, axis="x")
        axes.set_ylabel("Chance", fontsize=10)
    panels[-1, 0].set_xlabel(f"Threats that leak, of {summary['threats'].iloc[0]}")
    figure.suptitle("How many threats leak, by shot doctrine", x=0.01, ha="left", weight="bold", fontsize=13)
    add_legend(figure, _keys_of_bands(), ncols=2)
    plt.close(figure)
    return figure


def _draw_bands(axes: Axes, row: Any, top: float) -> None:
    for place, name, alpha in ((-0.14, "mean", 0.65), (-0.31, "q95", 0.3)):
        ends = [getattr(row, f"{name}_low"), getattr(row, f"{name}_high")]
        axes.plot(ends, [place * top] * 2, color=UNKNOWN, linewidth=8, alpha=alpha, solid_capstyle="butt")
        axes.plot(
            getattr(row, f"{name}_median"), place * top, "D", color=UNKNOWN, markerfacecolor="white", markersize=6
        )
        axes.plot(getattr(row, name), place * top, "|", color=LUCK, markersize=13, markeredgewidth=2.6)


def _keys_of_bands() -> list[Artist]:
    return [
        Patch(facecolor=LUCK, alpha=0.85, label="luck: chance of so many leakers, every input at its best value"),
        Line2D([], [], color=LUCK, marker="|", linestyle="none", markersize=11, markeredgewidth=2.6,
               label="their mean (upper band) and 95 % point (lower band)"),
        Patch(facecolor=UNKNOWN, alpha=0.65, label="not known: the mean in 9 of 10 draws of the inputs, ◇ the median"),
        Patch(facecolor=UNKNOWN, alpha=0.3, label="not known: the 95 % point in 9 of 10 draws, ◇ the median"),
    ]  # fmt: skip


def describe_leakers_by_doctrine(summary: pd.DataFrame) -> str:
    """Say the leakers of each doctrine, by luck and by what is not known.

    Parameters are those of the same names in :func:`plot_leakers_by_doctrine`.
    """
    rows = list(summary.itertuples())
    means = "; ".join(
        f"{row.case}: {write_threats(row.mean)} ({write_threats(row.mean_low)} to {write_threats(row.mean_high)})"
        for row in rows
    )
    tails = ", ".join(f"{row.q95:,.0f} ({row.q95_low:,.0f} to {row.q95_high:,.0f})" for row in rows)
    none = ", ".join(write_percent(row.probability_zero) for row in rows)
    return (
        f"Leakers of {summary['threats'].iloc[0]:,} threats of the notional raid, on average at the best values (and "
        f"over what is not known). {means}. In the same order, 19 of 20 raids have no more than {tails}, and nothing "
        f"leaks with a chance of {none}. A leak is no estimate of casualties; kill probabilities are assumptions, so "
        "read the step from doctrine to doctrine, not the level."
    )


def say_outcome(row: Any) -> str:
    """Say the leakers of one case, by luck and by what is not known.

    Parameters
    ----------
    row : named tuple
        A row of the summary of ``leakage.Outcomes``.
    """
    return (
        f"{write_threats(row.mean)} on average and {row.q95:,.0f} or fewer in 19 of 20 raids at the best "
        f"values, nothing leaks with a chance of {write_percent(row.probability_zero)}; over what is not known the "
        f"mean runs from {write_threats(row.mean_low)} to {write_threats(row.mean_high)} and that 19-of-20 number from "
        f"{row.q95_low:,.0f} to {row.q95_high:,.0f}"
    )


def plot_leakers_by_scope(luck: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """Draw the tail of the leakers for each scope of common failure, and beside it mean and 95 % point.

    Parameters
    ----------
    luck, summary : pandas.DataFrame
        Of ``leakage.leakers_by_scope``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(style.WIDE[0], 4.8), width_ratios=[3, 2])
    for scope, rows in luck.groupby("case", sort=False):
        shown = rows[(rows["at_least"] >= SMALLEST / 10) & (rows["leakers"] > 0)]
        left.step(shown["leakers"], shown["at_least"], where="mid", color=SCOPE_COLOURS[str(scope)], linewidth=2.2)
    left.set(yscale="log", ylim=(SMALLEST, 1.2), xscale="log", xlim=(0.9, 1.1 * max(2, summary["threats"].max())))
    left.set_xlabel("Number of threats that leak, log scale")
    left.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    left.xaxis.set_major_formatter(lambda threats, _: f"{threats:g}")
    left.xaxis.set_minor_locator(NullLocator())
    left.set_ylabel("Chance of so many or more, log scale")
    left.yaxis.set_major_formatter(lambda chance, _: f"{100 * chance:g} %")
    left.set_title("Luck, at the best values", fontsize=11)
    for place, row in enumerate(summary.itertuples()):
        colour = SCOPE_COLOURS[row.case]
        for shift, name, alpha, mark in ((-0.16, "mean", 0.65, "o"), (0.16, "q95", 0.3, "s")):
            ends = [getattr(row, f"{name}_low"), getattr(row, f"{name}_high")]
            right.plot(ends, [place + shift] * 2, color=colour, linewidth=9, alpha=alpha, solid_capstyle="butt")
            right.plot(getattr(row, name), place + shift, mark, color=colour, markeredgecolor=style.INK, markersize=7)
    right.set_yticks(
        range(len(summary)), labels=[SCOPE_WORDS[name].replace(" for ", "\nfor ") for name in summary["case"]]
    )
    right.set(ylim=(len(summary) - 0.5, -0.5), xlabel=f"Threats that leak, of {summary['threats'].iloc[0]}")
    right.set_xlim(left=-0.02 * max(1.0, float(summary["q95_high"].max())))
    right.grid(visible=False, axis="y")
    right.set_title("Band: 9 of 10 draws of the inputs", fontsize=11)
    keys = [
        Line2D([], [], color=SCOPE_COLOURS[name], linewidth=2.2, label=SCOPE_WORDS[name]) for name in summary["case"]
    ]
    keys += [
        Line2D([], [], marker=mark, linestyle="none", color=style.MUTED, markeredgecolor=style.INK, label=label)
        for mark, label in (("o", "mean at the best values"), ("s", "95 % point at the best values"))
    ]
    figure.suptitle("What fails together: leakers by scope of one track", x=0.01, ha="left", weight="bold", fontsize=13)
    add_legend(figure, keys, ncols=3)
    plt.close(figure)
    return figure


def describe_leakers_by_scope(summary: pd.DataFrame) -> str:
    """Say how mean and tail differ by scope.

    Parameters are those of the same names in :func:`plot_leakers_by_scope`.
    """
    said = "; ".join(
        f"{SCOPE_WORDS[row.case]}: {write_threats(row.mean)} leak on average ({write_threats(row.mean_low)} to "
        f"{write_threats(row.mean_high)} by what is not known), {row.q95:,.0f} or fewer in 19 of 20 raids "
        f"({row.q95_low:,.0f} to {row.q95_high:,.0f}), none with a chance of {write_percent(row.probability_zero)}, "
        f"variance by luck {row.variance_luck:,.1f}"
        for row in summary.itertuples()
    )
    common = summary.set_index("case").loc[["threat", "raid"]]
    first, second = (write_threats(value) for value in common["mean"])
    moves = f"stays at {first}" if first == second else f"goes from {first} to {second}"
    return (
        f"What fails together: {said}. From one track a threat to one event for the raid the mean {moves}, but the "
        "tail is another: most raids go better and a few fail as a whole. Layers on their own are the hopeful limit; "
        "which scope is real is not published."
    )

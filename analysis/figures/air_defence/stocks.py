"""Stocks before and after a raid, months to make the rounds again, and a second raid."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.air_defence.words import name_system
from analysis.figures.words import write_list

COLOURS = {"exist": "#9aa5b1", "in_place": "#0072b2", "left": "#d55e00"}
WORDS = {
    "exist": "rounds that exist (published or open estimate)",
    "in_place": "ready where the raid comes",
    "left": "left there after the raid",
}
MARKS = {"exist": "o", "in_place": "s", "left": "v"}
WHOSE = {"own": "own make", "shared": "made for several states"}


def plot_stock_by_system(stock: pd.DataFrame, months: pd.DataFrame) -> Figure:
    """Draw the rounds of each system before and after a raid, and beside it the months to make them again.

    Parameters
    ----------
    stock : pandas.DataFrame
        From ``stocks.stock_after_raid``.
    months : pandas.DataFrame
        From ``stocks.months_to_restock``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    size = (style.WIDE[0], 2.1 + 0.38 * len(stock))
    figure, (left, right) = plt.subplots(1, 2, figsize=size, sharey=True, width_ratios=[3, 2])
    for place, row in enumerate(stock.itertuples()):
        ends = [row.left, row.in_place if pd.isna(row.exist) else row.exist]
        left.plot(ends, [place, place], color=style.GRID, linewidth=2, zorder=1)
        for name, mark in MARKS.items():
            face = "white" if name == "exist" or not row.confirmed else COLOURS[name]
            look: dict[str, Any] = {"color": COLOURS[name], "markerfacecolor": face, "markeredgewidth": 1.6}
            left.plot(getattr(row, name), place, mark, markersize=8, **look)
    left.set_xscale("symlog", linthresh=10)
    left.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    left.set(xlim=(-1, None), ylim=(len(stock) - 0.5, -0.7), xlabel="Rounds (log scale above 10)")
    left.set_yticks(range(len(stock)), labels=[name_system(name) for name in stock["name"]], fontsize=9)
    left.set_title("Rounds before and after the raid", fontsize=11)
    _draw_months(right, months)
    keys = [
        plt.Line2D(
            [], [], marker=MARKS[name], linestyle="none", color=COLOURS[name], label=WORDS[name],
            markerfacecolor="white" if name == "exist" else COLOURS[name],
        )
        for name in MARKS
    ]  # fmt: skip
    keys += [
        plt.Line2D(
            [],
            [],
            marker="s",
            linestyle="none",
            color=style.MUTED,
            markerfacecolor="white",
            label="hollow: launchers or rounds are assumed",
        ),
        plt.Line2D(
            [],
            [],
            marker="|",
            linestyle="none",
            color=style.INK,
            markersize=11,
            label="months, if the whole output came here",
        ),
        plt.Line2D(
            [], [], marker="o", color="#8c6bb1", markerfacecolor="white", label="months, with an assumed share of it"
        ),
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=2, fontsize=8.5)
    plt.close(figure)
    return figure


def _draw_months(axes: Axes, months: pd.DataFrame) -> None:
    for place, row in enumerate(months.itertuples()):
        if pd.isna(row.output):
            words = "no yearly output is published"
            axes.text(
                0.03, place, words, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5, color=style.MUTED
            )
            continue
        axes.plot([row.months_low, row.months_high], [place, place], color="#8c6bb1", linewidth=5, alpha=0.35)
        axes.plot(
            row.months_best, place, "o", color="#8c6bb1", markerfacecolor="white", markersize=8, markeredgewidth=1.6
        )
        axes.plot(row.whole_line, place, "|", color=style.INK, markersize=14, markeredgewidth=2)
        words = f"{row.output:,.0f} a year, {WHOSE[row.whose]}"
        axes.text(0.03, place - 0.34, words, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)
    axes.set(xlim=(0, None), xlabel="Months")
    axes.grid(visible=False, axis="y")
    axes.set_title("Months to make them again", fontsize=11)


def describe_stock(stock: pd.DataFrame, months: pd.DataFrame) -> str:
    """Say what the raid spends and how long it takes to make it again.

    Parameters are those of the same names in :func:`plot_stock_by_system`.
    """
    most = stock.loc[stock["spent"].idxmax()]
    empty = stock[stock["left"] < 0.05 * stock["in_place"]]
    made = months[months["output"].notna()]
    lines = [
        f"{name_system(row.name)} {row.spent:,.0f} rounds, {row.whole_line:.1f} months of its whole output "
        f"({row.output:,.0f} a year, {WHOSE[row.whose]}), {row.months_best:.1f} ({row.months_low:.1f} to "
        f"{row.months_high:.1f}) with the assumed share"
        for row in made.itertuples()
    ]
    drained = (
        f" Nearly nothing is left in place of {write_list(map(name_system, empty['name']))}." if len(empty) else ""
    )
    return (
        f"On average the raid spends {stock['spent'].sum():,.0f} rounds of {stock['in_place'].sum():,.0f} in place, "
        f"most of them {name_system(most['name'])} ({most['spent']:,.0f} of {most['in_place']:,.0f}).{drained} Output "
        f"is published for {len(made)} of {len(stock)} systems: {'; '.join(lines) or 'none'}. Most output is capacity, "
        "and orders wait for years before it begins."
    )


def plot_second_raid(raids: pd.DataFrame) -> Figure:
    """Draw the leakers of a raid, and of the same raid again on what is left.

    Parameters
    ----------
    raids : pandas.DataFrame
        From ``stocks.raid_table``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.4 + 0.6 * len(raids)))
    for place, row in enumerate(raids.itertuples()):
        axes.plot(
            [row.low, row.high], [place + 0.14] * 2, color="#d55e00", linewidth=8, alpha=0.4, solid_capstyle="butt"
        )
        axes.plot(
            [row.q05, row.q95], [place - 0.14] * 2, color="#0072b2", linewidth=8, alpha=0.4, solid_capstyle="butt"
        )
        axes.plot(row.mean, place - 0.14, "o", color="#0072b2", markersize=8)
        axes.plot(
            row.median, place + 0.14, "D", color="#d55e00", markerfacecolor="white", markersize=7, markeredgewidth=1.6
        )
    axes.set_yticks(range(len(raids)), labels=raids["raid"])
    axes.set(ylim=(len(raids) - 0.5, -0.5), xlim=(0, None), xlabel=f"Threats that leak, of {raids['threats'].iloc[0]}")
    axes.set_title("A second raid on what the first one leaves")
    keys = [
        plt.Line2D([], [], color="#0072b2", marker="o", alpha=0.8, label="luck at best values: mean, 9 of 10 raids"),
        plt.Line2D([], [], color="#d55e00", marker="D", markerfacecolor="white", alpha=0.8,
                   label="what is not known: median and 9 of 10 draws of the mean"),
    ]  # fmt: skip
    figure.legend(handles=keys, loc="outside lower center", ncols=2, fontsize=9)
    plt.close(figure)
    return figure


def describe_second_raid(raids: pd.DataFrame) -> str:
    """Say how a second raid differs from the first.

    Parameters are those of the same names in :func:`plot_second_raid`.
    """
    said = [
        f"{row.raid}: {row.mean:.1f} of {row.threats} leak on average ({row.q05:.0f} to {row.q95:.0f} by luck; "
        f"{row.low:.1f} to {row.high:.1f} by what is not known)"
        for row in raids.itertuples()
    ]
    words = "; ".join(said)
    return (
        f"{words[:1].upper()}{words[1:]}. The raid is notional and nothing but rounds is lost in it; kill "
        "probabilities, tracking and rounds in place are assumptions, so read the step from the first raid to the "
        "second, not the level."
    )

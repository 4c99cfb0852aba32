"""How long ties last, and why they end."""

import math
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from analysis.figures import style
from analysis.figures.recognition.words import name_entity
from analysis.recognition.survival.risk_sets import DAYS_PER_YEAR, ENTRY

PANELS_A_ROW = 3
OTHERS = "#b4bcc6"
REASONS = {
    "switch": ("change to the other side", "#d55e00"),
    "withdrawal": ("broken off without a change", "#e69f00"),
    "suspension": ("suspended", "#cc79a7"),
    "union": ("union of two states", "#a6761d"),
    "end_of_state": ("end of the state", "#4d4d4d"),
    "not_known": ("reason not known", "#9aa3ad"),
}


def plot_survival_by_group(curves: pd.DataFrame, by: str, entity: str, title: str) -> Figure:
    """Draw the share of ties that last, one panel for each group, with all other groups in grey behind.

    Parameters
    ----------
    curves : pandas.DataFrame
        From :func:`analysis.recognition.survival.curves.survival_curve` with ``by``, by age.
    by : str
        The column with the group.
    entity : str
        With whom the ties are; gives the colour.
    title : str
        What is shown.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. The band holds the 95 % limits at each time.

    Examples
    --------
    >>> curves = {"group": "Africa", "time": [0, 5], "survival": [1.0, 0.5], "low": [1.0, 0.1], "high": [1.0, 0.8]}
    >>> figure = plot_survival_by_group(pd.DataFrame(curves | {"ended": [0, 1]}), "group", "TWN", "Ties")
    >>> figure.axes[0].get_title(loc="left")
    'Africa: 1 ended'
    """
    groups = dict(list(curves.groupby(by)))
    columns = min(PANELS_A_ROW, len(groups))
    rows = math.ceil(len(groups) / columns)
    panels: dict[str, Any] = {"figsize": (style.WIDE[0], 0.9 + 2.3 * rows), "sharex": True, "sharey": True}
    figure, grid = plt.subplots(rows, columns, squeeze=False, **panels)
    for axes, (group, own) in zip(grid.flat, groups.items(), strict=False):
        for other in groups.values():
            axes.step(other["time"], other["survival"], where="post", color=OTHERS, linewidth=1)
        colour = style.ENTITY_COLOURS[entity]
        axes.fill_between(own["time"], own["low"], own["high"], step="post", color=colour, alpha=0.18, linewidth=0)
        axes.step(own["time"], own["survival"], where="post", color=colour, linewidth=2.2)
        axes.set_title(f"{group}: {own['ended'].sum()} ended", fontsize=11)
        axes.set(ylim=(0, 1.02))
        axes.yaxis.set_major_formatter(PercentFormatter(1))
    for axes in grid.flat[len(groups) :]:
        axes.remove()
    figure.supxlabel("Years since the tie began", fontsize=11)
    figure.supylabel("Share of ties that last", fontsize=11)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=style.INK)
    plt.close(figure)
    return figure


def describe_survival(curves: pd.DataFrame, by: str, entity: str) -> str:
    """Say for each group which share of the ties lasts to the end of the curve, with its limits.

    Parameters
    ----------
    curves, by, entity
        As for :func:`plot_survival_by_group`.

    Examples
    --------
    >>> curves = {"group": "Africa", "time": [0, 5], "survival": [1.0, 0.5], "low": [1.0, 0.1], "high": [1.0, 0.8]}
    >>> describe_survival(pd.DataFrame(curves | {"ended": [0, 1]}), "group", "TWN")
    'Share of ties with the Republic of China (Taiwan) that last, at the end of each curve: Africa 50 % (10 to 80 %).'
    """
    parts = []
    for group, own in curves.groupby(by):
        last = own.iloc[-1]
        limits = "" if pd.isna(last["low"]) else f" ({100 * last['low']:.0f} to {100 * last['high']:.0f} %)"
        parts.append(f"{group} {100 * last['survival']:.0f} %{limits}")
    return f"Share of ties with {name_entity(entity)} that last, at the end of each curve: {', '.join(parts)}."


def plot_incidence_by_reason(incidence: pd.DataFrame, entity: str) -> Figure:
    """Draw the share of ties that have ended for each reason, one upon the other; what is left lasts.

    Parameters
    ----------
    incidence : pandas.DataFrame
        From :func:`analysis.recognition.survival.curves.cumulative_incidence`, with the calendar clock.
    entity : str
        With whom the ties are.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.

    Examples
    --------
    >>> incidence = pd.DataFrame({"end_reason": "switch", "time": [0.0, 5.0], "incidence": [0.0, 0.4]})
    >>> plot_incidence_by_reason(incidence, "TWN").axes[0].get_ylabel()
    'Share of ties'
    """
    figure, axes = plt.subplots(figsize=style.WIDE)
    wide = incidence.pivot(index="time", columns="end_reason", values="incidence").ffill().fillna(0)
    start = pd.Timestamp(ENTRY)
    years = wide.index + start.year + start.day_of_year / DAYS_PER_YEAR
    reasons = [reason for reason in REASONS if reason in wide]
    shares = [*(wide[reason] for reason in reasons), 1 - wide.sum(axis="columns")]
    colours = [*(REASONS[reason][1] for reason in reasons), style.EMPTY]
    labels = [*(REASONS[reason][0] for reason in reasons), "lasts"]
    axes.stackplot(years, *shares, step="post", colors=colours, labels=labels, linewidth=0)
    axes.set(xlim=(years[0], years[-1]), ylim=(0, 1), xlabel="Year", ylabel="Share of ties")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.set_title(f"How ties with {name_entity(entity)} ended")
    figure.legend(loc="outside lower left", ncols=4)
    plt.close(figure)
    return figure


def describe_incidence(incidence: pd.DataFrame, entity: str) -> str:
    """Say which share of ties has ended for each reason, with 95 % limits.

    Parameters
    ----------
    incidence, entity
        As for :func:`plot_incidence_by_reason`, with low, high and ended.

    Examples
    --------
    >>> rows = {"end_reason": "switch", "time": [0, 5], "incidence": [0, 0.4], "low": [0, 0.2], "high": [0, 0.6]}
    >>> describe_incidence(pd.DataFrame(rows | {"ended": [0, 2]}), "ISR")
    'Share of ties with Israel that has ended: change to the other side 40 % (20 to 60 %; 2 ties).'
    """
    parts = []
    for reason in REASONS:
        own = incidence[incidence["end_reason"].eq(reason)]
        if len(own):
            last, ended = own.iloc[-1], int(own["ended"].sum())
            limits = f"{100 * last['low']:.0f} to {100 * last['high']:.0f} %"
            noun = "tie" if ended == 1 else "ties"
            parts.append(f"{REASONS[reason][0]} {100 * last['incidence']:.0f} % ({limits}; {ended} {noun})")
    return f"Share of ties with {name_entity(entity)} that has ended: {', '.join(parts) or 'none'}."

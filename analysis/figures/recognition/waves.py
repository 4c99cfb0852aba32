"""Waves: when ties began and ended in each region, and how far the members of each organisation have come."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.figures import style
from analysis.figures.recognition.histories import put_title
from analysis.figures.recognition.words import VERBS, name_entity
from analysis.figures.words import write_day, write_list

REGION_COLOURS = {
    "Africa": "#e69f00",
    "Americas": "#0072b2",
    "Asia": "#cc79a7",
    "Europe": "#009e73",
    "Oceania": "#5b6672",
}
LEAST_YEARS = 10  # on the axis of years
FIRST_YEAR = 1945


def plot_changes_by_region(changes: pd.DataFrame, entity: str, kind: str, rule: str, until: str) -> Figure:
    """Draw the ties that began in each year above a line and those that ended below it, by region.

    Parameters
    ----------
    changes : pandas.DataFrame
        From :func:`analysis.recognition.panel.changes_by_region`.
    entity, kind, rule : str
        What was counted.
    until : str
        The last day; gives the last year.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Years from 1945 or the first change after it; earlier years are left out.

    Examples
    --------
    >>> row = {"year": 1988, "un_region": "Asia", "began": 29, "ended": 0, "standing": 29}
    >>> figure = plot_changes_by_region(pd.DataFrame([row]), "PSE", "recognition", "net", "2026-11-22")
    >>> figure.axes[0].get_ylabel()
    'States: began above, ended below'
    """
    shown = changes[changes["year"] >= FIRST_YEAR]
    last = pd.Timestamp(until).year
    first = min(int(shown["year"].min()) if len(shown) else last, last - LEAST_YEARS)
    figure, axes = plt.subplots(figsize=style.WIDE)
    for column, sign in (("began", 1), ("ended", -1)):
        table = shown.pivot_table(index="year", columns="un_region", values=column, aggfunc="sum", fill_value=0)
        base = np.zeros(len(table))
        for region, colour in REGION_COLOURS.items():
            heights = sign * table.get(region, pd.Series(0, table.index)).to_numpy()
            some = heights != 0  # most years of a region have none, and each bar takes its time
            axes.bar(table.index[some], heights[some], 0.85, base[some], color=colour, linewidth=0)
            base += heights
    axes.axhline(0, color=style.INK, linewidth=1)
    axes.set(xlim=(first - 1, last + 1), xlabel="Year", ylabel="States: began above, ended below")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0f}"))
    put_title(figure, f"States that {VERBS[kind]} {name_entity(entity)}: beginnings and ends by year (rule: {rule})")
    keys = [Patch(color=colour, label=region, linewidth=0) for region, colour in REGION_COLOURS.items()]
    figure.legend(handles=keys, loc="outside lower left", ncols=5)
    plt.close(figure)
    return figure


def describe_changes(changes: pd.DataFrame, entity: str, kind: str) -> str:
    """Say in which years most ties began and ended, and where.

    Parameters
    ----------
    changes, entity, kind
        As for :func:`plot_changes_by_region`.

    Examples
    --------
    >>> row = {"year": 1988, "un_region": "Asia", "began": 29, "ended": 0, "standing": 29}
    >>> describe_changes(pd.DataFrame([row]), "PSE", "recognition")
    'Of states that recognised Palestine, most began in 1988 (29, of them 29 in Asia). None ended.'
    """
    shown = changes[changes["year"] >= FIRST_YEAR]
    if shown.empty:
        return f"Since {FIRST_YEAR} no year begins or ends a tie with {name_entity(entity)}."
    sentences = []
    starts = {"began": f"Of states that {VERBS[kind]} {name_entity(entity)}, most began", "ended": "Most ended"}
    for column, start in starts.items():
        totals = shown.groupby("year")[column].sum()
        if not totals.max():
            continue
        peak = totals.idxmax()
        there = shown[shown["year"].eq(peak)].set_index("un_region")[column]
        sentences.append(f"{start} in {peak} ({totals[peak]}, of them {there.max()} in {there.idxmax()}).")
    if not shown["ended"].any():
        sentences.append("None ended.")
    return " ".join(sentences)


def plot_share_by_organisation(shares: pd.DataFrame, entity: str, kind: str, on: str) -> Figure:
    """Draw the share of each organisation's members that have the tie, with the counts.

    Parameters
    ----------
    shares : pandas.DataFrame
        From :func:`analysis.recognition.panel.shares_by_organisation`.
    entity, kind, on : str
        What was counted, and the day.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One row is an organisation, the largest share at the top.

    Examples
    --------
    >>> row = {"organisation": "G7", "members": 7, "with_tie": 3, "share": 3 / 7}
    >>> plot_share_by_organisation(pd.DataFrame([row]), "PSE", "recognition", "2025-12-31").axes[0].get_xlabel()
    'Share of members'
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.6 + 0.3 * max(1, len(shares))))
    rows = np.arange(len(shares))
    axes.barh(rows, 1.0, 0.72, color=style.EMPTY, linewidth=0)
    axes.barh(rows, shares["share"], 0.72, color=style.ENTITY_COLOURS[entity], linewidth=0)
    axes.set_yticks(rows, [f"{row.organisation} ({row.with_tie} of {row.members})" for row in shares.itertuples()])
    axes.set(xlim=(0, 1), ylim=(len(shares) - 0.4, -0.6), xlabel="Share of members")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    axes.grid(visible=False, axis="y")
    put_title(figure, f"Members that {VERBS[kind]} {name_entity(entity)}, {write_day(on)}")
    plt.close(figure)
    return figure


def describe_shares(shares: pd.DataFrame, entity: str, kind: str, on: str) -> str:
    """Say where all members, and where the fewest, have the tie; or, where some have none, where the most.

    Parameters
    ----------
    shares, entity, kind, on
        As for :func:`plot_share_by_organisation`.

    Examples
    --------
    >>> row = {"organisation": "G7", "members": 7, "with_tie": 3, "share": 3 / 7}
    >>> describe_shares(pd.DataFrame([row]), "PSE", "recognition", "2025-12-31")
    'On 31 December 2025, of 1 organisation, the smallest share of members that recognised Palestine was in G7: 3 of 7.'
    """
    number = f"{len(shares)} organisation{'' if len(shares) == 1 else 's'}"
    if shares.empty:
        return f"On {write_day(on)} none of the organisations followed had members."
    tie = f"{VERBS[kind]} {name_entity(entity)}"
    if not shares["with_tie"].any():
        return f"On {write_day(on)} no member of {number} is on record as one that {tie}."
    none, every = int(shares["with_tie"].eq(0).sum()), list(shares.loc[shares["share"].eq(1), "organisation"])
    which, row = ("largest", shares.iloc[0]) if none else ("smallest", shares.iloc[-1])
    sentence = (
        f"On {write_day(on)}, of {number}, the {which} share of members that {tie} was in {row['organisation']}: "
        f"{row['with_tie']} of {row['members']}"
    )
    sentence += f"; no member did in {none}" if none else ""
    return f"{sentence}; all members did in {write_list(every)}." if every else f"{sentence}."

"""How many states have a tie over time, under each rule and beside the totals that others published."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import style
from analysis.figures.recognition.words import VERBS, name_entity, write_states
from analysis.figures.words import write_day
from analysis.recognition.facts.choices import RULES
from analysis.recognition.facts.spells import LEGACY_DAY

FIRST_DAY = pd.Timestamp("1945-01-01")
FIRST_DAYS = {"TWN": LEGACY_DAY}  # ties that are older have no real beginning
SCOPE_NAMES = {"all": "all", "un_members": "UN members", "un_members_today": "UN members of today"}
FEWEST = 5  # states, at the top of the axis
LINES: dict[str, Any] = {"net": "-", "undisputed": (0, (5, 2)), "gross": (0, (1, 1.5))}
SCOPES = {"all": ("o", "all states"), "un_members": ("s", "UN members"), "ever": ("D", "ever up to that day")}


def plot_count_by_rule(
    counts: pd.DataFrame, published: pd.DataFrame, entity: str, kind: str, rule: str, on: str, until: str
) -> Figure:
    """Draw the number of states over time under each rule, with the totals that others published as points.

    Parameters
    ----------
    counts : pandas.DataFrame
        rule, day, count; one row is a day on which the count under a rule changes. The rule ``UN members`` is
        the chosen rule for members of the United Nations only.
    published : pandas.DataFrame
        day, count, states (``all``, or ``un_members`` and the like), measure (``current`` or ``ever``); one row
        is a published total.
    entity, kind, rule, on : str
        What was counted; the day that is marked.
    until : str
        Last day that is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Time in years from 1945, or from the first change where that is later; for Taipei from
        1 October 1949.

    Examples
    --------
    >>> counts = pd.DataFrame({"rule": "net", "day": pd.to_datetime(["1950-01-06", "1964-01-27"]), "count": [20, 47]})
    >>> none = pd.DataFrame({"day": pd.to_datetime([]), "count": [], "states": [], "measure": []})
    >>> figure = plot_count_by_rule(counts, none, "CHN", "relations", "net", "1960-01-01", "1970-01-01")
    >>> figure.axes[0].get_ylabel()
    'States'
    """
    figure, axes = plt.subplots(figsize=style.WIDE)
    last = max(pd.Timestamp(until), pd.Timestamp(on))
    _draw_counts(axes, counts, entity, rule, last)
    first = max(FIRST_DAYS.get(entity, FIRST_DAY), counts["day"].min()) if len(counts) else FIRST_DAY
    first = min(first, pd.Timestamp(on))
    _draw_published(axes, published[published["day"] >= first])
    axes.axvline(pd.Timestamp(on), color=style.INK, linewidth=1, label=write_day(on))
    axes.set(xlim=(first, last + (last - first) * 0.02), xlabel="Year", ylabel="States")
    axes.set_ylim(0, max(axes.get_ylim()[1], FEWEST))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(f"How many states {VERBS[kind]} {name_entity(entity)}")
    figure.legend(loc="outside lower left", ncols=2)
    plt.close(figure)
    return figure


def _draw_counts(axes: Axes, counts: pd.DataFrame, entity: str, rule: str, last: pd.Timestamp) -> None:
    """One line a rule; a rule that never differs from the chosen one has none."""
    lines = {name: steps for name, steps in counts[counts["day"] <= last].groupby("rule", sort=False)}
    chosen = [list(lines[rule][name]) for name in ("day", "count")] if rule in lines else []
    for name, steps in lines.items():
        colour, label, look = style.MUTED, f"{name}: {RULES.get(name, '')}", dict[str, Any](linewidth=1.2)
        if name == rule:
            colour, look = style.ENTITY_COLOURS[entity], {"linewidth": 2.4, "zorder": 3}
        elif name not in RULES:
            colour, label = style.ENTITY_COLOURS[entity], f"{rule}, UN members only"
        elif chosen == [list(steps["day"]), list(steps["count"])]:
            continue
        else:
            look["linestyle"] = LINES[name]
        until = [*steps["count"], steps["count"].iloc[-1]]
        axes.step([*steps["day"], last], until, where="post", color=colour, label=label, **look)


def _draw_published(axes: Axes, published: pd.DataFrame) -> None:
    scopes = published["states"].replace("un_members_today", "un_members").mask(published["measure"].eq("ever"), "ever")
    look: dict[str, Any] = {"facecolors": "white", "edgecolors": style.INK, "zorder": 4, "clip_on": False}
    for scope, (marker, words) in SCOPES.items():
        own = published[scopes == scope]
        if len(own):
            axes.scatter(own["day"], own["count"], 26, marker=marker, label=f"published total, {words}", **look)


def describe_count(counts: pd.DataFrame, published: pd.DataFrame, entity: str, kind: str, rule: str, on: str) -> str:
    """Say what the count is on a day, where it was highest, and how far published totals are from it.

    Parameters
    ----------
    counts, published, entity, kind, rule, on
        As for :func:`plot_count_by_rule`; ``published`` also holds expected_difference (our count, by the rule of
        the row, less the published one) and source_id.

    Examples
    --------
    >>> counts = pd.DataFrame({"rule": "net", "day": pd.to_datetime(["1950-01-06", "1964-01-27"]), "count": [20, 47]})
    >>> none = pd.DataFrame(columns=["day", "count", "expected_difference", "source_id"])
    >>> describe_count(counts, none, "CHN", "relations", "net", "1960-01-01").split(". ")[1]
    'No published total is on record.'
    """
    steps = counts[(counts["rule"] == rule) & (counts["day"] <= pd.Timestamp(on))]
    number = int(steps["count"].iloc[-1]) if len(steps) else 0
    sentence = f"{write_states(number)} {VERBS[kind]} {name_entity(entity)} on {write_day(on)} (rule: {rule})."
    before = steps.loc[steps["count"].idxmax()] if len(steps) else None
    if before is not None and before["count"] > number:
        sentence += f" The highest count up to then was {int(before['count'])}, from {write_day(before['day'])}."
    if published.empty:
        return f"{sentence} No published total is on record."
    difference = published["expected_difference"].astype("int64")
    same = int((difference == 0).sum())
    sentence += (
        f" {same} of {len(published)} published totals {'equals' if same == 1 else 'equal'} ours by the same rule"
    )
    far = difference.abs().idxmax()
    if difference[far] == 0:
        return f"{sentence}."
    row = published.loc[far]
    return (
        f"{sentence}; the furthest from it is {int(row['count'])} for {write_day(row['day'])} "
        f"(source {row['source_id']}), where ours is {int(row['count'] + difference[far])}."
    )


def table_of_differences(published: pd.DataFrame) -> pd.DataFrame:
    """Lay out the published totals that differ from our count, and why.

    Parameters
    ----------
    published : pandas.DataFrame
        Rows of the table ``recognition/published_counts`` with ``day``.

    Returns
    -------
    pandas.DataFrame
        Published, Ours, Counted (which states), Rule, Why, Source, indexed by Date. One row is a total that
        differs, in order of time.

    Examples
    --------
    >>> row = {"day": pd.Timestamp("1970-12-31"), "date": "1970-12-31", "count": 65, "expected_difference": 1,
    ...        "states": "all", "rule": "net", "reason": "the break with Chile", "source_id": "C06"}
    >>> table_of_differences(pd.DataFrame([row]))["Ours"].tolist()
    [66]
    """
    differing = published[published["expected_difference"] != 0].sort_values("day", kind="stable")
    table = {
        "Date": differing["date"],
        "Published": differing["count"],
        "Ours": differing["count"] + differing["expected_difference"],
        "Counted": differing["states"].map(SCOPE_NAMES),
        "Rule": differing["rule"],
        "Why": differing["reason"],
        "Source": differing["source_id"],
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")

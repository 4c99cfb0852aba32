"""Who changed relations from Taipei to Beijing or back: when, in which order, and who kept both for a time."""

import math
from itertools import cycle

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.errors import require_choice
from analysis.figures import style
from analysis.figures.recognition.status import WRITTEN
from analysis.figures.recognition.words import NAMES, write_states
from analysis.figures.words import write_day
from analysis.recognition.facts.spells import CLAIMANTS, LEGACY_DAY

SEATS = {"TWN": "Taipei", "CHN": "Beijing"}
LANES = {"TWN": -0.2, "CHN": 0.2}  # above and below the middle of a row
LANE_HEIGHT = 0.36
TIMES = ("once", "more than once")
ROW_INCHES, MOST_ROWS = 0.19, 30  # of one column of states
SHORT_DAYS = 28  # an overlap that is not longer is not drawn
UNDOCUMENTED = "circumstances not on record"
OVERLAP_COLOURS = (style.INK, "#56b4e9", "#009e73", "#cc79a7", "#e69f00")


def plot_switches_by_year(switches: pd.DataFrame, until: str) -> Figure:
    """Draw how many states changed to Beijing (up) and to Taipei (down) in each year.

    Parameters
    ----------
    switches : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_switches` (to_entity, begin).
    until : str
        Last day of the record.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One bar is one year and direction.

    Examples
    --------
    >>> switches = {"to_entity": ["CHN", "TWN"], "begin": pd.to_datetime(["1985-12-07", "1990-11-06"])}
    >>> plot_switches_by_year(pd.DataFrame(switches), "2026-05-21").axes[0].get_ylabel()
    'States'
    """
    figure, axes = plt.subplots(figsize=style.WIDE)
    for entity, sign in (("CHN", 1), ("TWN", -1)):
        numbers = switches.loc[switches["to_entity"].eq(entity), "begin"].dt.year.value_counts()
        bars = axes.bar(
            numbers.index, sign * numbers, color=style.ENTITY_COLOURS[entity], label=f"to {SEATS[entity]}", linewidth=0
        )
        axes.bar_label(bars, [str(number) for number in numbers], fontsize=8, color=style.MUTED, padding=1)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0f}"))
    axes.set(xlim=(LEGACY_DAY.year - 1, pd.Timestamp(until).year + 1), xlabel="Year", ylabel="States")
    axes.margins(y=0.1)
    axes.set_title("Changes of relations between Taipei and Beijing in each year")
    axes.legend(loc="upper right")
    plt.close(figure)
    return figure


def describe_switches(switches: pd.DataFrame) -> str:
    """Say how many switches there were, in which direction, in which year most, and which was the latest.

    Parameters
    ----------
    switches : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_switches` (recogniser, to_entity, begin).

    Examples
    --------
    >>> switches = {"recogniser": ["NIC"] * 2, "to_entity": ["CHN", "TWN"]}
    >>> switches |= {"begin": pd.to_datetime(["1985-12-07", "1990-11-06"])}
    >>> describe_switches(pd.DataFrame(switches)).split(". ")[0]
    '2 switches by 1 state: 1 to Beijing and 1 to Taipei'
    """
    if switches.empty:
        return "No switch is on record."
    to_beijing = int(switches["to_entity"].eq("CHN").sum())
    of_year, of_state = switches["begin"].dt.year.value_counts(), switches["recogniser"].value_counts()
    repeated, last = int((of_state > 1).sum()), switches.loc[switches["begin"].idxmax()]
    years = ", ".join(map(str, sorted(of_year.index[of_year == of_year.max()])))
    return (
        f"{len(switches)} switch{'' if len(switches) == 1 else 'es'} by {write_states(len(of_state))}: {to_beijing} to "
        f"Beijing and {len(switches) - to_beijing} to Taipei. Most came in {years} ({of_year.max()}). "
        f"{write_states(repeated)} switched more than once. The latest is {NAMES[last['recogniser']]}, to "
        f"{SEATS[last['to_entity']]} on {write_day(last['begin'])}."
    )


def plot_ties_by_switcher(switches: pd.DataFrame, ties: pd.DataFrame, until: str, times: str) -> Figure:
    """Draw the ribbon of relations of each switcher: the upper lane with Taipei, the lower one with Beijing.

    Parameters
    ----------
    switches : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_switches`; states stand in its order.
    ties : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`.
    until : str
        Last day that is drawn.
    times : {"once", "more than once"}
        Which switchers are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. More than thirty states stand in two columns. Ties older than 1 October 1949 begin at the edge.

    Examples
    --------
    >>> switches = pd.DataFrame({"recogniser": ["FRA"]})
    >>> ties = pd.DataFrame({"recogniser": "FRA", "kind": "relations", "entity": ["TWN", "CHN"]})
    >>> ties["begin"], ties["end"] = pd.to_datetime(["1913", "1964"]), pd.to_datetime(["1964", None])
    >>> figure = plot_ties_by_switcher(switches, ties, "2005-01-01", "once")
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['France']
    """
    codes = list(dict.fromkeys(_choose(switches, times)["recogniser"]))
    own = ties[ties["kind"].eq("relations") & ties["entity"].isin(CLAIMANTS) & ~(ties["end"] <= LEGACY_DAY)]
    columns = 1 if len(codes) <= MOST_ROWS else 2
    rows = max(1, math.ceil(len(codes) / columns))
    size = (style.WIDE[0], 1.1 + ROW_INCHES * rows)
    figure, row_of_axes = plt.subplots(1, columns, figsize=size, squeeze=False)
    for number, axes in enumerate(row_of_axes[0]):
        _draw_ribbon(axes, own, codes[number * rows : (number + 1) * rows], rows, pd.Timestamp(until))
    figure.suptitle(f"States that switched {times}", x=0.01, ha="left", fontsize=13, fontweight="bold", color=style.INK)
    keys = [Patch(color=style.ENTITY_COLOURS[entity], label=f"relations with {SEATS[entity]}") for entity in CLAIMANTS]
    figure.legend(handles=keys, loc="outside lower left", ncols=2)
    plt.close(figure)
    return figure


def _choose(switches: pd.DataFrame, times: str) -> pd.DataFrame:
    require_choice("times", times, TIMES)
    repeated = switches["recogniser"].duplicated(keep=False)
    return switches[~repeated if times == "once" else repeated]


def _draw_ribbon(axes: Axes, ties: pd.DataFrame, codes: list[str], rows: int, last: pd.Timestamp) -> None:
    own = ties[ties["recogniser"].isin(codes)]
    begin = own["begin"].clip(lower=LEGACY_DAY)
    width = own["end"].fillna(last).clip(upper=last) - begin
    lanes = own["recogniser"].map({code: row for row, code in enumerate(codes)}) + own["entity"].map(LANES)
    colours = own["entity"].map(style.ENTITY_COLOURS)
    axes.barh(lanes, width, LANE_HEIGHT, begin, color=list(colours), linewidth=0)
    axes.set_yticks(range(len(codes)), [NAMES[code] for code in codes], fontsize=8.5)
    axes.set(xlim=(LEGACY_DAY, last), ylim=(rows - 0.4, -0.6), xlabel="Year")
    axes.grid(visible=False, axis="y")


def describe_ties_by_switcher(switches: pd.DataFrame, times: str) -> str:
    """Name every state of a ribbon, with the year and direction of each of its switches.

    Parameters
    ----------
    switches, times
        As for :func:`plot_ties_by_switcher`.

    Examples
    --------
    >>> switches = {"recogniser": ["NRU"] * 2, "to_entity": ["CHN", "TWN"], "begin": pd.to_datetime(["2002", "2005"])}
    >>> describe_ties_by_switcher(pd.DataFrame(switches), "more than once")
    '1 state switched more than once. To Beijing unless marked T (to Taipei): Nauru 2002, 2005 T.'
    """
    own = _choose(switches, times)
    if own.empty:
        return f"No state switched {times}."
    years = own["begin"].dt.year.astype("str") + own["to_entity"].map({"TWN": " T", "CHN": ""})
    parts = [f"{NAMES[code]} {', '.join(mine)}" for code, mine in years.groupby(own["recogniser"], sort=False)]
    sentence = f"{write_states(len(parts))} switched {times}. To Beijing unless marked T (to Taipei): "
    return f"{sentence}{'; '.join(parts)}."


def table_of_switches(switches: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Lay out every switch for reading, with the sources of both of its acts.

    Parameters
    ----------
    switches : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_switches`.
    events : pandas.DataFrame
        The table ``recognition/events``.

    Returns
    -------
    pandas.DataFrame
        To, Ended, Began (as precise as known), Days between, Sources, indexed by State. One row is a switch.

    Examples
    --------
    >>> table_of_switches(pd.DataFrame(columns=["recogniser", "to_entity", "gap_days"]), pd.DataFrame()).empty
    True
    """
    if switches.empty:
        return pd.DataFrame()
    source = events.set_index("claim_id")["source_id"]
    ends, begins = (source.reindex(switches[f"{side}_claim_id"]).tolist() for side in ("end", "begin"))
    table = {
        "State": switches["recogniser"].map(NAMES),
        "To": switches["to_entity"].map(SEATS),
        "Ended": _write_days(switches["end"], switches["end_precision"]),
        "Began": _write_days(switches["begin"], switches["begin_precision"]),
        "Days between": switches["gap_days"],
        "Sources": ["; ".join(dict.fromkeys([one, other])) for one, other in zip(ends, begins, strict=True)],
    }
    return pd.DataFrame(table).set_index("State").rename_axis(index=None, columns="State")


def _write_days(days: pd.Series, precisions: pd.Series) -> list[str]:
    return [day.strftime(WRITTEN[precision]) for day, precision in zip(days, precisions, strict=True)]


def plot_overlap_by_state(overlaps: pd.DataFrame, documented: pd.DataFrame) -> Figure:
    """Draw how long each state had relations with both, where that was longer than four weeks.

    Parameters
    ----------
    overlaps : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_overlaps`.
    documented : pandas.DataFrame
        The table ``recognition/overlaps``, which gives the circumstances of each in words.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Days on a logarithmic scale.

    Examples
    --------
    >>> overlap = pd.DataFrame({"recogniser": "LBR", "begin": pd.to_datetime(["1993-08-10"]), "days": 1491})
    >>> documented = pd.DataFrame({"recogniser": ["LBR"], "begin": "1993-08-10", "type": "both embassies"})
    >>> plot_overlap_by_state(overlap, documented).axes[0].get_xscale()
    'log'
    """
    known = documented[["recogniser", "type"]].assign(begin=pd.to_datetime(documented["begin"]))
    shown = overlaps[overlaps["days"] > SHORT_DAYS].merge(known, on=["recogniser", "begin"], how="left")
    shown["type"] = shown["type"].fillna(UNDOCUMENTED)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.6 + 0.21 * max(len(shown), 4)))
    rows = pd.Series(range(len(shown)), index=shown.index)
    kinds = dict(zip(dict.fromkeys(shown["type"]), cycle(OVERLAP_COLOURS), strict=False))
    axes.hlines(rows, SHORT_DAYS, shown["days"], color=style.GRID, linewidth=1.5, zorder=1)
    for kind, own in shown.groupby("type", sort=False):
        axes.scatter(own["days"], rows[own.index], 34, color=kinds[kind], label=kind, zorder=2)
    for row, days in zip(rows, shown["days"], strict=True):
        axes.annotate(f"{days:,}", (days, row), (7, 0), textcoords="offset points", va="center", fontsize=8.5)
    labels = shown["recogniser"].map(NAMES) + ", " + shown["begin"].dt.year.astype("str")
    axes.set_yticks(rows, labels, fontsize=9)
    axes.set(xscale="log", xlim=(SHORT_DAYS, max(2.2 * shown["days"].max(), 100) if len(shown) else 100))
    axes.set(ylim=(len(shown) - 0.4, -0.6), xlabel="Days with relations with both (logarithmic scale)")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(visible=False, axis="y")
    axes.set_title(f"Relations with both for more than {SHORT_DAYS} days, and since when")
    axes.legend(loc="lower right", fontsize=9)
    plt.close(figure)
    return figure


def describe_overlaps(overlaps: pd.DataFrame) -> str:
    """Say how many times states had relations with both, how many of them were short, and which was longest.

    Parameters
    ----------
    overlaps : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_overlaps`.

    Examples
    --------
    >>> overlaps = {"recogniser": ["LBR"], "days": [1491], "begin": pd.to_datetime(["1993-08-10"])}
    >>> describe_overlaps(pd.DataFrame(overlaps | {"end": pd.to_datetime(["1997-09-09"])})).split(". ")[1]
    'The longest is that of Liberia: 1,491 days, from 10 August 1993 to 8 September 1997.'
    """
    if overlaps.empty:
        return "No state had relations with both at the same time."
    longest, short = overlaps.iloc[0], int((overlaps["days"] <= SHORT_DAYS).sum())
    until = "" if pd.isna(longest["end"]) else f" to {write_day(longest['end'] - pd.Timedelta(days=1))}"
    sentence = (
        f"{len(overlaps)} times a state had relations with both; {short} of them lasted at most {SHORT_DAYS} days and "
        f"are not drawn. The longest is that of {NAMES[longest['recogniser']]}: {longest['days']:,} days, from "
        f"{write_day(longest['begin'])}{until}."
    )
    if len(overlaps) > 1:
        sentence += f" The next lasted {overlaps['days'].iloc[1]:,} days ({NAMES[overlaps['recogniser'].iloc[1]]})."
    return sentence

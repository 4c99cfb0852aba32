"""Ties without recognition: exchanges by level, offices, agreements, and with whom states have relations."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, YearLocator, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures import style
from analysis.figures.recognition.histories import plot_nothing, put_title
from analysis.figures.recognition.words import NAMES, name_country
from analysis.figures.words import write_when
from analysis.recognition.facts.choices import LEVELS

RECENT_YEARS = 3  # before the year of the last day: these have a wider scale
FRAME_INCHES, ROW_INCHES, AGREEMENTS_INCHES, MARK_INCHES = 1.9, 0.28, 1.1, 0.14
FEWEST_ROWS = 2  # of marks, on each side of the middle of a lane
PANEL_INCHES = (2.2, 5.2)
REPORTED = "reported, unacknowledged at the time"
SAMPLE = "The exchanges are a sample of what public sources report: neither rates nor growth follow from them."


def plot_exchanges_by_level(trips: pd.DataFrame, agreements: pd.DataFrame, partner: str, until: str) -> Figure:
    """Draw every exchange on record by level and direction, with published counts of agreements beneath.

    Parameters
    ----------
    trips, agreements : pandas.DataFrame
        From :func:`analysis.recognition.facts.exchanges.group_trips` and ``find_agreements``.
    partner : str
        Code of a state or place; ``TWN`` stands for all partners.
    until : str
        Last day that is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Time in years; the last years have a panel of their own with a wider scale. Without any exchange
        it says that nothing is on record.

    Examples
    --------
    >>> trip = {"day": pd.Timestamp("2025-12-15"), "to_taiwan": False, "level": "deputy_minister", "who": "a deputy",
    ...         "acknowledged": False, "date_precision": "month", "number": 1}
    >>> none = pd.DataFrame(columns=["day", "agreements"])
    >>> figure = plot_exchanges_by_level(pd.DataFrame([trip]), none, "ISR", "2026-11-22")
    >>> figure.get_suptitle()
    'Exchanges on record between Taiwan and Israel'
    """
    title = f"Exchanges on record between Taiwan and {name_partner(partner)}"
    if trips.empty:
        return plot_nothing(title)
    levels = [level for level in LEVELS if level in set(trips["level"])]
    spans = _find_spans(trips, pd.Timestamp(until))
    placed = [
        _place(trips[trips["day"].between(*span)], span, inches)
        for span, inches in zip(spans, PANEL_INCHES[-len(spans) :], strict=True)
    ]
    depth = max([FEWEST_ROWS, *(int(part["row"].max()) + 1 for part in placed if len(part))])
    heights = [len(levels) * depth * ROW_INCHES, *[AGREEMENTS_INCHES] * bool(len(agreements))]
    ratios = {"width_ratios": PANEL_INCHES[-len(spans) :], "height_ratios": heights}
    size = (style.WIDE[0], FRAME_INCHES + sum(heights))
    figure, grid = plt.subplots(
        len(heights), len(spans), figsize=size, squeeze=False, sharex="col", sharey="row", gridspec_kw=ratios
    )
    for column, span, part in zip(grid.T, spans, placed, strict=True):
        _draw_trips(column[0], part, levels, depth, partner)
        if len(agreements):
            _draw_agreements(column[1], agreements[agreements["day"].between(*span)])
        for axes in column:
            _set_years(axes, span, wider=span is spans[-1])
        column[-1].set_xlabel("Year" if span is spans[0] else "Year, on a wider scale")
    grid[-1, 0].set_ylabel("Agreements\nin force" if len(agreements) else "")
    put_title(figure, title)
    grid[0, 0].set_yticks(range(len(levels)), [LEVELS[level].replace(", ", ",\n") for level in levels])
    grid[0, 0].set_ylim(len(levels) - 0.5, -0.5)
    grid[0, 0].tick_params(axis="y", labelcolor=style.INK)
    _add_legend(figure, trips, partner)
    plt.close(figure)
    return figure


def _set_years(axes: Axes, span: tuple[pd.Timestamp, pd.Timestamp], wider: bool) -> None:
    axes.set_xlim(*span)
    axes.xaxis.set_major_locator(YearLocator(1) if wider else AutoDateLocator(minticks=2, maxticks=5))
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))


def _find_spans(trips: pd.DataFrame, last: pd.Timestamp) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The recent years, and before them the time from the first exchange, where one is older."""
    edge = pd.Timestamp(last.year - RECENT_YEARS, 1, 1)
    older = trips.loc[trips["day"] < edge, "day"]
    return [*([(pd.Timestamp(older.min().year - 1, 1, 1), edge)] if len(older) else []), (edge, last)]


def _place(trips: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], inches: float) -> pd.DataFrame:
    """Give each trip the row of its lane in which its mark hides no other."""
    gap = (span[1] - span[0]) * (MARK_INCHES / inches)
    rows = trips.groupby(["level", "to_taiwan"])["day"].transform(lambda days: _stack(days, gap))
    return trips.assign(row=rows.astype("int64"))


def _draw_trips(axes: Axes, trips: pd.DataFrame, levels: list[str], depth: int, partner: str) -> None:
    """One mark a trip: to Taiwan above the middle of its lane, from Taiwan below; beside each other where close."""
    for (level, to_taiwan), own in trips.groupby(["level", "to_taiwan"]):
        colour, marker = _look_of(to_taiwan, partner)
        up = levels.index(level) + (-1 if to_taiwan else 1) * (own["row"] + 0.7) / (2 * depth + 1)
        faces = np.where(own["acknowledged"], colour, "white")
        axes.scatter(
            own["day"], up, 44, marker=marker, c=faces, edgecolors=colour, linewidths=1.4, zorder=3, clip_on=False
        )
        for day, height, number in zip(own["day"], up, own["number"], strict=True):
            if number:
                offset: dict[str, Any] = {"xytext": (6, -3), "textcoords": "offset points"}
                axes.annotate(str(number), (date2num(day), height), fontsize=9, **offset)


def _stack(days: pd.Series, gap: pd.Timedelta) -> list[int]:
    """For each day in order, the first row in which no mark is nearer than the gap."""
    last: list[pd.Timestamp] = []
    rows = []
    for day in days:
        row = next((number for number, before in enumerate(last) if day - before >= gap), len(last))
        last[row : row + 1] = [day]
        rows.append(row)
    return rows


def _look_of(to_taiwan: bool, partner: str) -> tuple[str, str]:
    other = style.INK if partner == "TWN" else style.ENTITY_COLOURS.get(partner, style.INK)
    return (other, "^") if to_taiwan else (style.ENTITY_COLOURS["TWN"], "o")


def _draw_agreements(axes: Axes, agreements: pd.DataFrame) -> None:
    axes.scatter(agreements["day"], agreements["agreements"], 30, marker="D", color=style.INK, zorder=3)
    for row in agreements.drop_duplicates("agreements").itertuples():
        place = (date2num(row.day), row.agreements)
        axes.annotate(str(row.agreements), place, (0, 6), textcoords="offset points", ha="center", fontsize=9)
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.35 * agreements["agreements"].max()))


def _add_legend(figure: Figure, trips: pd.DataFrame, partner: str) -> None:
    known, handles = trips[trips["acknowledged"]], []
    for to_taiwan, words in ((False, "from Taiwan"), (True, "to Taiwan")):
        colour, marker = _look_of(to_taiwan, partner)
        label = f"{words} ({int((known['to_taiwan'] == to_taiwan).sum())})"
        handles.append(Line2D([], [], linestyle="", marker=marker, color=colour, label=label))
    reported = trips[~trips["acknowledged"]]
    if len(reported):
        look: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": style.MUTED, "markeredgewidth": 1.4}
        label = f"{REPORTED} ({len(reported)}, not counted)"
        handles.append(Line2D([], [], linestyle="", marker="o", label=label, **look))
    handles += [Line2D([], [], linestyle="", label=words) for words in write_trips(reported)]
    figure.legend(handles=handles, loc="outside lower left", ncols=2, handletextpad=0.3)


def write_trips(trips: pd.DataFrame) -> list[str]:
    """Write the number, the visitor and the time of each trip."""
    return [
        f"{trip.number} {trip.who.split('; ')[0]}, {write_when(trip.day, trip.date_precision)}"
        for trip in trips.itertuples()
    ]


def name_partner(partner: str) -> str:
    """Name one partner, or all of them."""
    return "its partners" if partner == "TWN" else name_country(partner)


def describe_exchanges(trips: pd.DataFrame, agreements: pd.DataFrame, partner: str) -> str:
    """Say how many exchanges are on record, at which levels, what was reported only, and the agreements in force.

    Parameters
    ----------
    trips, agreements, partner
        As for :func:`plot_exchanges_by_level`.

    Examples
    --------
    >>> none = pd.DataFrame(columns=["day", "to_taiwan", "level", "acknowledged", "agreements"])
    >>> describe_exchanges(none, none, "NRU")
    'No exchange between Taiwan and Nauru is on record.'
    """
    names = f"between Taiwan and {name_partner(partner)}"
    if trips.empty:
        return f"No exchange {names} is on record."
    known, reported = trips[trips["acknowledged"]], trips[~trips["acknowledged"]]
    number = len(known)
    sentence = f"{number or 'No'} acknowledged exchange{'s' * (number != 1)} {names} {'is' if number < 2 else 'are'}"
    sentence += " on record, each trip once"
    if number:
        to_taiwan, levels = int(known["to_taiwan"].sum()), known["level"].value_counts()
        counts = ", ".join(f"{words.split(',')[0]} {levels[name]}" for name, words in LEVELS.items() if name in levels)
        sentence += f": {number - to_taiwan} from Taiwan and {to_taiwan} to Taiwan; by level: {counts}"
    sentence += "."
    if len(reported):
        sentence += f" {REPORTED.capitalize()}, shown and not counted: {'; '.join(write_trips(reported))}."
    if len(agreements):
        first = agreements.drop_duplicates("agreements").itertuples()
        counts = ", ".join(f"{row.agreements} ({write_when(row.day, row.date_precision)})" for row in first)
        sentence += f" Agreements in force by published count: {counts}."
    return f"{sentence} {SAMPLE}"


def table_of_exchanges(trips: pd.DataFrame) -> pd.DataFrame:
    """Lay out exchanges for reading, each trip once.

    Parameters
    ----------
    trips : pandas.DataFrame
        From :func:`analysis.recognition.facts.exchanges.group_trips`.

    Returns
    -------
    pandas.DataFrame
        From, To, Who, Level, Subject, Acknowledged, Source, indexed by Date (as precise as known). One row is one trip.

    Examples
    --------
    >>> trip = {"date": "2025-12", "from_iso3": "TWN", "to_iso3": "ISR", "who": "a deputy", "level": "deputy_minister",
    ...         "topic": "unknown", "acknowledged": False, "source_ids": "V21", "note": ""}
    >>> table_of_exchanges(pd.DataFrame([trip])).loc["2025-12", ["To", "Acknowledged"]].tolist()
    ['Israel', 'reported, unacknowledged at the time']
    """
    table = {
        "Date": trips["date"],
        "From": trips["from_iso3"].map(NAMES),
        "To": trips["to_iso3"].map(NAMES),
        "Who": trips["who"],
        "Level": trips["level"].map(LEVELS).str.split(",").str[0],
        "Subject": trips["topic"] + trips["note"].where(trips["note"].eq(""), "; " + trips["note"]),
        "Acknowledged": trips["acknowledged"].map({True: "yes", False: REPORTED}),
        "Source": trips["source_ids"],
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")

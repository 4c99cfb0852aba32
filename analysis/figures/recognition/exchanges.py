"""What Taiwan keeps with a partner that does not recognise it: offices, exchanges, and who has relations."""

from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, YearLocator, date2num
from matplotlib.figure import Figure

from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.recognition.words import NAMES, count_confidences, count_unseen, name_country
from analysis.figures.words import cite, cite_within, write_when
from analysis.recognition.facts.choices import ENTITIES, LEVELS
from analysis.recognition.facts.spells import CLAIMANTS, LEGACY_DAY

RECENT_YEARS = 3  # before the year of the last day: these have a wider scale
FRAME_INCHES, ROW_INCHES, AGREEMENTS_INCHES, MARK_INCHES = 1.9, 0.28, 1.1, 0.14
FEWEST_ROWS = 2  # of marks, on each side of the middle of a lane
PANEL_INCHES = (1.1, 2.5)
LEVEL_LETTERS = 17  # of a line beside a lane
MARKS = {"from Taiwan": "o", "to Taiwan": "^"}
REPORTED = "reported, unacknowledged at the time"
COUNTERPARTS = {
    "yes": "has one in Taipei",
    "no": "has none in Taipei",
    "former": "no longer has one in Taipei",
    "honorary": "has an honorary consulate in Taipei",
}
DASHES: Any = (0, (4, 2))


def plot_exchanges_by_level(trips: pd.DataFrame, agreements: pd.DataFrame, partner: str, until: str) -> Figure:
    """Draw every exchange on record by level and direction, with published counts of agreements beneath.

    ``trips`` and ``agreements`` are those of ``group_trips`` and ``find_agreements``; the partner ``TWN`` stands for
    all partners. The last years have a panel of their own with a wider scale.
    """
    title = f"Exchanges on record between Taiwan and {name_partner(partner)}"
    if trips.empty:
        return grammar.plot_nothing(say("histories.nothing", {}), title)
    levels = [level for level in LEVELS if level in set(trips["level"])]
    spans = _find_spans(trips, pd.Timestamp(until))
    widths = PANEL_INCHES[-len(spans) :]
    parts = [_place(trips, span, width) for span, width in zip(spans, widths, strict=True)]
    depth = max([FEWEST_ROWS, *(int(part["row"].max()) + 1 for part in parts if len(part))])
    heights = [len(levels) * depth * ROW_INCHES, *[AGREEMENTS_INCHES] * bool(len(agreements))]
    panels: dict[str, Any] = {"figsize": (style.NARROW, FRAME_INCHES + sum(heights)), "squeeze": False}
    panels |= {"nrows": len(heights), "ncols": len(spans), "sharex": "col", "sharey": "row"}
    ratios = {"width_ratios": widths, "height_ratios": heights}
    with grammar.drawing(title, gridspec_kw=ratios, **panels) as (figure, grid):
        for column, span, part in zip(grid.T, spans, parts, strict=True):
            _draw_trips(column[0], part, levels, depth, partner)
            if len(agreements):
                _draw_agreements(column[1], agreements[agreements["day"].between(*span)])
            for axes in column:
                _set_years(axes, span, wider=span is spans[-1])
            column[-1].set_xlabel("Year" if span is spans[0] else "Year, drawn wider")
        grid[-1, 0].set_ylabel("Agreements\nin force" if len(agreements) else "")
        grid[0, 0].set_yticks(range(len(levels)), [fill(LEVELS[level], LEVEL_LETTERS) for level in levels], fontsize=9)
        grid[0, 0].set_ylim(len(levels) - 0.5, -0.5)
        grid[0, 0].tick_params(axis="y", labelcolor=style.INK)
        _put_keys(figure, trips, partner)
    return figure


def _find_spans(trips: pd.DataFrame, last: pd.Timestamp) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The recent years, and before them the time from the first exchange, where one is older."""
    edge = pd.Timestamp(last.year - RECENT_YEARS, 1, 1)
    older = trips.loc[trips["day"] < edge, "day"]
    return [*([(pd.Timestamp(older.min().year - 1, 1, 1), edge)] if len(older) else []), (edge, last)]


def _place(trips: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], inches: float) -> pd.DataFrame:
    """Give each trip of a span the row of its lane in which its mark hides no other."""
    gap, own = (span[1] - span[0]) * (MARK_INCHES / inches), trips[trips["day"].between(*span)]
    rows = pd.Series(0, own.index)
    for _, lane in own.groupby(["level", "to_taiwan"]):
        rows[lane.index] = _stack(lane, gap)
    return own.assign(row=rows)


def _stack(trips: pd.DataFrame, gap: pd.Timedelta) -> list[int]:
    """For each trip in order, the first row in which no mark is nearer than the gap, or than two after a number."""
    free: list[pd.Timestamp] = []
    rows = []
    for trip in trips.itertuples():
        row = next((number for number, since in enumerate(free) if trip.day >= since), len(free))
        free[row : row + 1] = [trip.day + gap * (2 if trip.number else 1)]
        rows.append(row)
    return rows


def _draw_trips(axes: Axes, trips: pd.DataFrame, levels: list[str], depth: int, partner: str) -> None:
    """One mark a trip: to Taiwan above the middle of its lane, from Taiwan below; beside each other where close."""
    away = np.where(trips["to_taiwan"], -1, 1) * (trips["row"] + 0.7) / (2 * depth + 1)
    side = trips["to_taiwan"].map({True: "to Taiwan", False: "from Taiwan"})
    marks = trips.assign(place=trips["level"].map(levels.index) + away, side=side, hollow=~trips["acknowledged"])
    look: dict[str, Any] = {"marks": MARKS, "mark_by": "side", "edgecolor": "face", "linewidth": 1.4, "clip_on": False}
    grammar.draw_dots(axes, marks, "day", _colour_sides(partner), by="side", hollow="hollow", size=44, **look)
    for trip in marks[marks["number"] > 0].itertuples():
        grammar.write_near(axes, str(trip.number), (date2num(trip.day), trip.place), (6, -3), fontsize=9)


def _colour_sides(partner: str) -> dict[str, str]:
    other = style.INK if partner == "TWN" else style.ENTITY_COLOURS.get(partner, style.INK)
    return {"from Taiwan": style.ENTITY_COLOURS["TWN"], "to Taiwan": other}


def _draw_agreements(axes: Axes, agreements: pd.DataFrame) -> None:
    with grammar.by_seaborn(axes) as drawn:
        sns.scatterplot(
            agreements, x="day", y="agreements", s=36, marker="D", color=style.INK, linewidth=0, zorder=3, **drawn
        )
    for row in agreements.drop_duplicates("agreements").itertuples():
        place = (date2num(row.day), row.agreements)
        grammar.write_near(axes, str(row.agreements), place, (0, 6), ha="center", fontsize=9)
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.35 * agreements["agreements"].max()))


def _set_years(axes: Axes, span: tuple[pd.Timestamp, pd.Timestamp], wider: bool) -> None:
    axes.set_xlim(*span)
    axes.xaxis.set_major_locator(YearLocator(1) if wider else AutoDateLocator(minticks=1, maxticks=3))
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))


def _put_keys(figure: Figure, trips: pd.DataFrame, partner: str) -> None:
    """Say what the marks mean, how many there are of each, and which trips were only reported."""
    colours, reported = _colour_sides(partner), trips[~trips["acknowledged"]]
    to_taiwan = int(trips["to_taiwan"][trips["acknowledged"]].sum())
    numbers = {"from Taiwan": len(trips) - len(reported) - to_taiwan, "to Taiwan": to_taiwan}
    words = {side: f"{side} ({number})" for side, number in numbers.items()}
    keys = grammar.keys_of(words, words, marker=MARKS, color=colours)
    if len(reported):
        look: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": style.MUTED, "markeredgewidth": 1.4}
        keys.append(grammar.key(f"{REPORTED} ({len(reported)}, not counted)", marker="o", **look))
    keys += [grammar.key(trip, marker="") for trip in write_trips(reported)]
    grammar.put_legend(figure, keys, 1, fontsize=9, handletextpad=0.3)


def write_trips(trips: pd.DataFrame) -> list[str]:
    """Write the number, the visitor and the time of each trip."""
    return [f"{number} {visit}" for number, visit in zip(trips["number"], _write_visits(trips), strict=True)]


def _write_visits(trips: pd.DataFrame) -> list[str]:
    return [f"{trip.who.split('; ')[0]}, {write_when(trip.day, trip.date_precision)}" for trip in trips.itertuples()]


def name_partner(partner: str) -> str:
    """Name one partner, or all of them."""
    return "its partners" if partner == "TWN" else name_country(partner)


def plot_relations_by_claimant(counts: pd.DataFrame, ties: pd.DataFrame, partner: str, until: str) -> Figure:
    """Draw how many states have relations with Taipei and with Beijing, and when one partner began its ties.

    ``counts`` has entity, day, count, a row for each day on which the number of states changes; ``ties`` are those of
    ``find_mutual_ties``.
    """
    last = pd.Timestamp(until)
    with grammar.drawing("How many states had relations with Taipei and with Beijing") as (figure, axes):
        for entity in CLAIMANTS:
            steps = grammar.hold(counts[(counts["entity"] == entity) & (counts["day"] <= last)], day=last)
            colour, held = style.ENTITY_COLOURS[entity], steps["count"].iloc[-1]
            grammar.draw_steps(axes, steps, "day", "count", colour)
            look: dict[str, Any] = {"color": colour, "fontweight": "bold", "annotation_clip": False}
            grammar.write_near(axes, str(held), (date2num(last), held), (6, -4), **look)
        axes.set(xlim=(LEGACY_DAY, last), ylim=(0, 1.4 * counts["count"].max()), xlabel="Year", ylabel="States")
        _mark_turns(axes, _find_turns(ties, partner))
        keys = grammar.keys_of(ENTITIES, CLAIMANTS, color=style.ENTITY_COLOURS, linewidth=2.2)
        begun = f"begun by {name_country(partner)}"
        keys.append(grammar.key(begun, color=style.MUTED, linewidth=1, linestyle=DASHES))
        grammar.put_legend(figure, keys)
    return figure


def _find_turns(ties: pd.DataFrame, partner: str) -> pd.DataFrame:
    """What the partner began after October 1949: relations, and recognition that came earlier than these."""
    own = ties[(ties["recogniser"] == partner) & ties["entity"].isin(CLAIMANTS) & (ties["begin"] > LEGACY_DAY)]
    return own.sort_values(["begin", "kind"]).drop_duplicates(["entity", "begin"], keep="last")


def _mark_turns(axes: Axes, turns: pd.DataFrame) -> None:
    for tie in turns.itertuples():
        colour = style.ENTITY_COLOURS[tie.entity]
        axes.axvline(tie.begin, color=colour, linewidth=1, linestyle=DASHES)
        words = f"{'recognised' if tie.kind == 'recognition' else 'relations'} {tie.begin.year}"
        look: dict[str, Any] = {"rotation": 90, "color": colour, "fontsize": 9, "va": "top"}
        grammar.write_near(axes, words, (date2num(tie.begin), 0.98), (3, 0), xycoords=("data", "axes fraction"), **look)


def table_of_exchanges(trips: pd.DataFrame, sources: pd.DataFrame | None = None) -> pd.DataFrame:
    """Lay out exchanges of ``group_trips`` for reading, each trip once, by Date (as precise as known).

    Columns: From, To, Who, Level, Subject (with the note), Acknowledged, Source.
    """
    subjects = trips["topic"] + trips["note"].where(trips["note"].eq(""), "; " + trips["note"])
    return grammar.head_rows({
        "Date": trips["date"],
        "From": trips["from_iso3"].map(NAMES),
        "To": trips["to_iso3"].map(NAMES),
        "Who": trips["who"],
        "Level": trips["level"].map(LEVELS).str.split(",").str[0],
        "Subject": [cite_within(sources, subject) for subject in subjects],
        "Acknowledged": trips["acknowledged"].map({True: "yes", False: REPORTED}),
        "Source": [cite(sources, *some.split(", ")) for some in trips["source_ids"]],
    })  # fmt: skip


def facts_of_partner(
    ties: pd.DataFrame, offices: pd.DataFrame, trips: pd.DataFrame, agreements: pd.DataFrame, partner: str,
    claims: pd.DataFrame,
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``exchanges.in_short``: relations, offices, exchanges and agreements with one partner.

    ``claims`` are the acts and offices on which it rests (``confidence, note``).
    """
    standing = ties.loc[(ties["recogniser"] == partner) & (ties["kind"] == "relations") & ties["end"].isna(), "entity"]
    opened = offices[offices["status"] == "open"]
    return {
        "name": name_country(partner),
        "held": [entity for entity in CLAIMANTS if entity in set(standing)],
        "opened": len(opened),
        "counterparts": int((opened["host_office_in_taipei"] == "yes").sum()),
        "known": int(trips["acknowledged"].sum()),
        "reported": _write_visits(trips[~trips["acknowledged"]]),
        "counted": agreements.iloc[-1] if len(agreements) else None,
        "acts": len(claims),
        "sure": count_confidences(claims),
        "unseen": count_unseen(claims),
        "reported_trips": int((~trips["acknowledged"]).sum()),
        "acknowledgement": REPORTED,
    }


def facts_of_offices(offices: pd.DataFrame, partner: str, sources: pd.DataFrame | None = None) -> dict[str, Any]:
    """Facts of ``exchanges.offices``: the offices of ``find_offices`` on both sides; ``TWN`` stands for all hosts."""
    facts = {"hosts": len(offices), "opened": int((offices["status"] == "open").sum()), "office": None}
    if partner != "TWN" and len(offices):
        office = offices.iloc[0]
        cited = {"source": cite(sources, office["source_id"])}
        facts["office"] = office.to_dict() | {"counterpart": COUNTERPARTS[office["host_office_in_taipei"]]} | cited
    return facts | {"name": name_country(partner), "everywhere": partner == "TWN"}


def facts_of_exchanges(trips: pd.DataFrame, agreements: pd.DataFrame, partner: str) -> dict[str, Any]:
    """Facts of ``exchanges.exchanges``: how many there are by direction and level, what was reported, agreements."""
    known, levels = trips[trips["acknowledged"]], trips["level"][trips["acknowledged"]].value_counts()
    return {
        "name": name_partner(partner),
        "on_record": len(trips),
        "known": len(known),
        "to_taiwan": int(known["to_taiwan"].sum()),
        "levels": [f"{words.split(',')[0]} {levels[name]}" for name, words in LEVELS.items() if name in levels],
        "reported": write_trips(trips[~trips["acknowledged"]]),
        "acknowledgement": REPORTED,
        "counts": agreements.drop_duplicates("agreements").to_dict("records"),
    }


def facts_of_relations(counts: pd.DataFrame, ties: pd.DataFrame, partner: str, until: str) -> dict[str, Any]:
    """Facts of ``exchanges.relations``: how many states have relations with each claimant, and whom a partner has."""
    day = pd.Timestamp(until)
    past = counts[counts["day"] <= day].groupby("entity")["count"].last()
    own = ties[(ties["recogniser"] == partner) & (ties["kind"] == "relations") & ~(ties["end"] <= day)]
    return {
        "numbers": {entity: int(past.get(entity, 0)) for entity in CLAIMANTS},
        "until": day,
        "name": name_country(partner),
        "held": [entity for entity in CLAIMANTS if entity in set(own["entity"])],
    }

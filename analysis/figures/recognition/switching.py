"""Who changed relations from Taipei to Beijing or back, who kept both for a time, how long ties last, why they end."""

import math
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.errors import require_choice
from analysis.figures import grammar, style
from analysis.figures.recognition.words import NAMES, SEATS, WRITTEN, count_confidences, count_unseen, name_entity
from analysis.figures.words import CLAIM, cite, cite_in_full, cite_within, write_day
from analysis.recognition.facts.spells import CLAIMANTS, LEGACY_DAY
from analysis.recognition.survival.comparisons import LogRank
from analysis.recognition.survival.curves import Clustering
from analysis.recognition.survival.risk_sets import DAYS_PER_YEAR, ENTRY

RIBBON_DAY = LEGACY_DAY - pd.DateOffset(years=5)  # where ribbons begin, so that ties that ended in 1949 are seen
LANES = {"TWN": -0.2, "CHN": 0.2}  # above and below the middle of a row
LANE_HEIGHT = 0.36
TIMES = ("once", "more than once")
ROW_INCHES, MOST_ROWS = 0.19, 30  # of one column of states
FEW = 2  # switches of a year, whose bar needs no number
SHORT_DAYS = 28  # an overlap that is not longer is not drawn
UNDOCUMENTED = "circumstances not on record"
DATES = {"used": "as used", "low": "all at the earliest day that sources allow", "high": "all at the latest day"}
REASONS = {
    "switch": "change to the other side",
    "withdrawal": "broken off without a change",
    "suspension": "suspended",
    "union": "union of two states",
    "end_of_state": "end of the state",
    "not_known": "reason not known",
}


def plot_switches_by_year(switches: pd.DataFrame, until: str) -> Figure:
    """Draw the states that changed to Beijing (up) and to Taipei (down) in each year (``to_entity, begin``)."""
    numbers = switches.groupby([switches["begin"].dt.year, "to_entity"]).size().rename("n").reset_index()
    numbers["n"] *= numbers["to_entity"].map({"CHN": 1, "TWN": -1})
    title = "Changes of relations between Taipei and Beijing in each year"
    with grammar.drawing(title, wide=style.NARROW) as (figure, axes):
        sns.barplot(numbers, x="begin", y="n", hue="to_entity", palette=style.ENTITY_COLOURS, dodge=False,
                    native_scale=True, saturation=1, linewidth=0, legend=False, ax=axes)  # fmt: skip
        for bars in axes.containers:
            _label_bars(axes, bars)
        axes.axhline(0, color=style.INK, linewidth=0.8)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(grammar.COUNT)
        axes.set(
            xlim=(LEGACY_DAY.year - 1, pd.Timestamp(until).year + 1),
            xlabel="Year",
            ylabel="\u2190 to Taipei     States     to Beijing \u2192",
        )
        axes.margins(y=0.1)
        grammar.put_legend(figure, _seats("to"))
    return figure


def _label_bars(axes: Axes, bars: Any) -> None:
    """Write a number at each bar, away from a bar of the year before or after that would stand in its way."""
    heights = {round(bar.get_x() + bar.get_width() / 2): abs(bar.get_height()) for bar in bars}
    labels = [f"{height:.0f}" if height > FEW else "" for height in heights.values()]
    texts = axes.bar_label(bars, labels, fontsize=8, color=bars[0].get_facecolor(), padding=1)
    for text, (year, height) in zip(texts, heights.items(), strict=True):
        before, after = (heights.get(other, 0) >= height for other in (year - 1, year + 1))
        text.set_horizontalalignment("left" if before and not after else "right" if after else "center")


def plot_ties_by_switcher(switches: pd.DataFrame, ties: pd.DataFrame, until: str, times: str) -> Figure:
    """Draw the ribbon of each state that switched ``once`` or ``more than once``: above Taipei, below Beijing.

    More than thirty states stand in two columns; ties older than 1 October 1949 begin at the edge, some years before.
    """
    codes, last = list(dict.fromkeys(choose_switchers(switches, times)["recogniser"])), pd.Timestamp(until)
    own = ties[ties["kind"].eq("relations") & ties["entity"].isin(CLAIMANTS) & ~(ties["end"] <= LEGACY_DAY)]
    begin = own["begin"].mask(own["begin"] <= LEGACY_DAY, RIBBON_DAY)
    own = own.assign(begin=begin, end=own["end"].fillna(last).clip(upper=last))
    columns = 1 if len(codes) <= MOST_ROWS else 2
    rows = max(1, math.ceil(len(codes) / columns))
    title = f"States that switched {times}"
    with grammar.drawing(title, rows, ROW_INCHES, 1.1, ncols=columns, squeeze=False) as (figure, grid):
        for number, axes in enumerate(grid[0]):
            here = codes[number * rows : (number + 1) * rows]
            _draw_ribbons(axes, own[own["recogniser"].isin(here)], here)
            axes.set(xlim=(RIBBON_DAY, last), ylim=(rows - 0.4, -0.6), xlabel="Year")
        grammar.put_legend(figure, _seats("relations with"), 2)
    return figure


def _draw_ribbons(axes: Axes, ties: pd.DataFrame, codes: list[str]) -> None:
    lanes = ties["recogniser"].map({code: row for row, code in enumerate(codes)}) + ties["entity"].map(LANES)
    colours = list(ties["entity"].map(style.ENTITY_COLOURS))
    axes.barh(lanes, ties["end"] - ties["begin"], LANE_HEIGHT, ties["begin"], color=colours, linewidth=0)
    grammar.name_rows(axes, [NAMES[code] for code in codes], 8.5)


def choose_switchers(switches: pd.DataFrame, times: str) -> pd.DataFrame:
    """Keep the switches of states that switched ``once`` or ``more than once``."""
    require_choice("times", times, TIMES)
    repeated = switches["recogniser"].duplicated(keep=False)
    return switches[~repeated if times == "once" else repeated]


def _seats(lead: str) -> list:
    words = {code: f"{lead} {SEATS[code]}" for code in CLAIMANTS}
    return grammar.keys_of(words, CLAIMANTS, color=style.ENTITY_COLOURS)


def plot_overlap_by_state(overlaps: pd.DataFrame, documented: pd.DataFrame) -> Figure:
    """Draw how long each state had relations with both (``recogniser, begin, days``), where longer than four weeks.

    ``documented`` is the table ``recognition/overlaps``, which gives the circumstances of each in words.
    """
    known = documented[["recogniser", "type"]].assign(begin=pd.to_datetime(documented["begin"]))
    rows = overlaps[overlaps["days"] > SHORT_DAYS].merge(known, on=["recogniser", "begin"], how="left")
    rows = rows.fillna({"type": UNDOCUMENTED}).assign(place=range(len(rows)), start=SHORT_DAYS)
    colours = dict(zip(dict.fromkeys(rows["type"]), cycle(style.OVERLAP_COLOURS), strict=False))
    title = f"Relations with both for more than {SHORT_DAYS} days, and since when"
    with grammar.drawing(title, max(len(rows), 4), 0.21) as (figure, axes):
        grammar.draw_ranges(axes, rows, "start", "days", style.GRID, zorder=1)
        grammar.draw_dots(axes, rows, "days", colours, by="type")
        for row in rows.itertuples():
            grammar.write_near(axes, f"{row.days:,}", (row.days, row.place), (7, 0), va="center", fontsize=8.5)
        grammar.name_rows(axes, list(rows["recogniser"].map(NAMES) + ", " + rows["begin"].dt.year.astype("str")))
        longest = rows["days"].max() if len(rows) else 0
        axes.set(xscale="log", xlim=(SHORT_DAYS, max(2.2 * longest, 100)))
        axes.set_xlabel("Days with relations with both (logarithmic scale)")
        axes.xaxis.set_major_formatter(grammar.COUNT)
        grammar.put_legend(figure, [grammar.key(kind, marker="o", color=colour) for kind, colour in colours.items()], 2)
    return figure


def plot_survival_by_group(curves: pd.DataFrame, shares: pd.DataFrame, by: str, entity: str, title: str) -> Figure:
    """Draw the share of ties that last, a panel for each group of the column ``by``, the others in grey behind.

    ``curves`` are those of ``survival_curve`` by age, of ties whose beginning is known; the band holds the
    95 % limits at each time. Points stand at the ages of ``shares`` (``survival_at_ages``), each with the number of
    ties still watched there.
    """
    groups = dict(list(curves.groupby(by)))
    with grammar.small_multiples(title, groups, 2.3, 0.9, sharex=True, sharey=True) as (figure, panels):
        for group, axes in panels.items():
            own = groups[group]
            sns.lineplot(curves, x="time", y="survival", units=by, estimator=None, drawstyle="steps-post",
                         color=style.OTHERS, linewidth=1, ax=axes)  # fmt: skip
            marks = shares[shares[by] == group].dropna(subset=["survival"])
            steps = pd.concat([own, marks.rename(columns={"age": "time"})]).sort_values("time", kind="stable")
            grammar.draw_steps(axes, steps, "time", "survival", style.ENTITY_COLOURS[entity], ("low", "high"))
            axes.set_title(f"{group}: {own['ended'].sum()} ended", fontsize=11)
            _mark_shares(axes, marks, style.ENTITY_COLOURS[entity])
            axes.set(ylim=(0, 1.02), xlabel="", ylabel="")
            axes.yaxis.set_major_formatter(grammar.PERCENT)
        figure.supxlabel(f"Years since the tie began, of ties that began after {write_day(LEGACY_DAY)}", fontsize=11)
        figure.supylabel("Share of ties that last", fontsize=11)
    return figure


def _mark_shares(axes: Axes, shares: pd.DataFrame, colour: str) -> None:
    sns.scatterplot(shares, x="age", y="survival", color=colour, s=26, zorder=4, clip_on=False, legend=False, ax=axes)
    for row in shares.itertuples():
        grammar.write_near(axes, str(row.at_risk), (row.age, row.survival), (4, 4), fontsize=8.5, zorder=5)


def plot_incidence_by_reason(incidence: pd.DataFrame, entity: str) -> Figure:
    """Draw the share of ties that have ended for each reason, one upon the other; what is left lasts.

    ``incidence`` is that of ``cumulative_incidence`` with the calendar clock.
    """
    wide = incidence.pivot(index="time", columns="end_reason", values="incidence").ffill().fillna(0)
    years = wide.index + pd.Timestamp(ENTRY).year + pd.Timestamp(ENTRY).day_of_year / DAYS_PER_YEAR
    words = {reason: REASONS[reason] for reason in REASONS if reason in wide} | {"lasts": "lasts"}
    wide = wide.assign(lasts=1 - wide.sum(axis="columns"))
    with grammar.drawing(f"How ties with {name_entity(entity)} ended") as (figure, axes):
        colours = [style.REASON_COLOURS[reason] for reason in words]
        axes.stackplot(years, *(wide[reason] for reason in words), step="post", colors=colours, linewidth=0)
        axes.set(xlim=(years[0], years[-1]), ylim=(0, 1), xlabel="Year", ylabel="Share of ties")
        axes.yaxis.set_major_formatter(grammar.PERCENT)
        grammar.put_legend(figure, grammar.keys_of(words, words, color=style.REASON_COLOURS), 4)
    return figure


def plot_endings_by_group(test: LogRank, entity: str, title: str) -> Figure:
    """Draw how many ties of each group ended, beside the number expected if all groups were alike."""
    rows = test.groups.assign(place=range(len(test.groups)))
    with grammar.drawing(title, len(rows), 0.38) as (figure, axes):
        grammar.draw_ranges(axes, rows, "expected", "ended", style.GRID, linewidth=3, zorder=1)
        expected, colour = "expected if all were alike", style.ENTITY_COLOURS[entity]
        grammar.draw_dots(axes, rows, "expected", style.INK, hollow=True, size=60, label=expected)
        grammar.draw_dots(axes, rows, "ended", colour, size=60, label="ended")
        grammar.name_rows(axes, [f"{row.Index} ({row.ties} ties)" for row in rows.itertuples()], 10)
        axes.set(xlim=(0, None), xlabel=f"Ties that ended since {write_day(ENTRY)}, whenever they began")
        grammar.move_legend(figure, axes, 2)
    return figure


def plot_close_pairs_by_test(tests: Mapping[str, Clustering], window_days: int) -> Figure:
    """Draw how many pairs of endings are close in each comparison, beside the middle 95 % of the draws."""
    rows = pd.DataFrame([vars(test) for test in tests.values()]).assign(place=range(len(tests)))
    with grammar.drawing("Do switches come close together?", len(rows), 0.5) as (figure, axes):
        band: dict[str, Any] = {"linewidth": 8, "alpha": 0.35, "label": "middle 95 % of the draws"}
        grammar.draw_ranges(axes, rows, "low", "high", style.MUTED, **band)
        grammar.draw_dots(axes, rows, "expected", style.INK, hollow=True, size=50, label="average of the draws")
        grammar.draw_dots(axes, rows, "statistic", style.INK, size=60, label="observed", marker="D")
        grammar.name_rows(axes, list(tests), 10)
        axes.set(xlim=(0, None), xlabel=f"Pairs of endings at most {window_days} days apart")
        grammar.move_legend(figure, axes, 3)
    return figure


def table_of_switches(switches: pd.DataFrame, events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out every switch for reading: To, Ended, Began (as precise as known), Days between, Sources; by State."""
    if switches.empty:
        return pd.DataFrame()
    source = events.set_index("claim_id")["source_id"]
    ends, begins = (source.reindex(switches[f"{side}_claim_id"]).tolist() for side in ("end", "begin"))
    return grammar.head_rows({
        "State": switches["recogniser"].map(NAMES),
        "To": switches["to_entity"].map(SEATS),
        "Ended": _write_days(switches["end"], switches["end_precision"]),
        "Began": _write_days(switches["begin"], switches["begin_precision"]),
        "Days between": switches["gap_days"],
        "Sources": [cite(sources, *pair) for pair in zip(ends, begins, strict=True)],
        CLAIM: switches["end_claim_id"] + ";" + switches["begin_claim_id"],
    })  # fmt: skip


def _write_days(days: pd.Series, precisions: pd.Series) -> list[str]:
    return [day.strftime(WRITTEN[precision]) for day, precision in zip(days, precisions, strict=True)]


def table_of_statements(exchanges: pd.DataFrame, switches: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out what Taipei and states that left it said to each other after they parted, in the order of time.

    The latest switch of each state counts. Columns: From, To, Who, What, Source, by Date (as precise as known).
    """
    parted = switches.drop_duplicates("recogniser", keep="last").query("to_entity == 'CHN'").set_index("recogniser")
    since = exchanges["from_iso3"].map(parted["begin"]).fillna(exchanges["to_iso3"].map(parted["begin"]))
    said = exchanges[exchanges["date"] > since.dt.strftime("%Y-%m-%d")].sort_values("date", kind="stable")
    return grammar.head_rows({
        "Date": said["date"],
        "From": said["from_iso3"].map(NAMES),
        "To": said["to_iso3"].map(NAMES),
        "Who": said["who"],
        "What": [cite_within(sources, topic) for topic in said["topic"]],
        "Source": cite_in_full(sources, said["source_id"]),
        CLAIM: said["claim_id"],
    })  # fmt: skip


def facts_of_switches(switches: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``switching.switches``: how many, in which direction, in which year most, and the latest."""
    years, states = switches["begin"].dt.year.value_counts(), switches["recogniser"].value_counts()
    last = switches.loc[switches["begin"].idxmax()] if len(switches) else None
    most = sorted(years.index[years == years.max()])
    return {"directions": switches["to_entity"].value_counts(), "years": years, "states": states, "most": most,
            "last": last, "seats": SEATS}  # fmt: skip


def facts_of_answer(
    switches: pd.DataFrame, acts: pd.DataFrame, medians: pd.DataFrame, near: Mapping[str, Clustering],
    entity: str, within_days: int, window_days: int, seen: pd.Timestamp, if_longer: int,
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``switching.in_short``: the switches, how long ties last, and whether switches come close together.

    ``acts`` are the acts behind the switches, ``medians`` as for :func:`facts_of_medians`, ``near`` the comparisons in
    time and within a region; ``seen`` is the last day up to which the ties of ``entity`` were watched, ``if_longer``
    how many switches there are with twice the days between end and beginning.
    """
    said = {"sure": count_confidences(acts), "unseen": count_unseen(acts), "acts": len(acts), "seen": {entity: seen}}
    said |= {"within_days": within_days, "window_days": window_days, "if_longer": if_longer}
    surest = acts.loc[acts["confidence"].eq("high"), "claim_id"]
    said["if_sure"] = int((switches["end_claim_id"].isin(surest) & switches["begin_claim_id"].isin(surest)).sum())
    return facts_of_switches(switches) | facts_of_medians(medians, entity) | said | {"tests": list(near.values())}


def facts_of_medians(medians: pd.DataFrame, entity: str) -> dict[str, Any]:
    """Facts of ``switching.half_of_ties``: within how many years half of the ties end, from ``median_at_bounds``."""
    years = {ties: own.set_index("dates")["median_years"] for ties, own in medians.groupby("ties")}
    return {"half": years, "entity": entity}


def table_of_medians(medians: pd.DataFrame) -> pd.DataFrame:
    """Lay out within how many years half of the ties end (``median_at_bounds``), by Dates; a column a choice."""
    names = {"every": "Every tie", "dated": f"Without ties older than {write_day(LEGACY_DAY)}"}
    years = medians["median_years"]
    written = years.map("{:.1f} years".format).where(years.notna(), "more than half still stand")
    table = medians.assign(years=written).pivot(index="dates", columns="ties", values="years")
    table = table.reindex(list(DATES)).rename(index=DATES)[[*names]].rename(columns=names)
    return table.rename_axis(index=None, columns="Dates")


def facts_of_switchers(switches: pd.DataFrame, times: str) -> dict[str, Any]:
    """Facts of ``switching.switchers``: each state of a ribbon with year and direction of each of its switches."""
    own = choose_switchers(switches, times)
    years = own["begin"].dt.year.astype("str") + own["to_entity"].map({"TWN": " T", "CHN": ""})
    parts = [f"{NAMES[code]} {', '.join(mine)}" for code, mine in years.groupby(own["recogniser"], sort=False)]
    last = own.loc[own["begin"].idxmax()] if len(own) else None
    return {"parts": parts, "times": times, "last": last, "seats": SEATS, "legacy": LEGACY_DAY}


def facts_of_overlaps(overlaps: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``switching.overlaps``: how many there were, how many of them were short, and which were longest."""
    last_days = overlaps["end"] - pd.Timedelta(days=1) if len(overlaps) else []
    named = overlaps.assign(name=overlaps["recogniser"].map(NAMES), last_day=last_days)
    return {"longest": named.head(2).to_dict("records"), "number": len(overlaps), "short_days": SHORT_DAYS,
            "short": int((overlaps["days"] <= SHORT_DAYS).sum())}  # fmt: skip


def table_of_shares(shares: pd.DataFrame, by: str) -> pd.DataFrame:
    """Lay out which share of ties reaches each age, with its 95 % limits, and how many were watched there; by Group."""
    rows = [
        {"Group": getattr(row, by), f"{row.age:g} years": _write_reached(row),
         f"Watched at {row.age:g}": str(row.at_risk)}
        for row in shares.itertuples()
    ]  # fmt: skip
    return pd.DataFrame(rows).groupby("Group").first().rename_axis(index=None, columns="Group")


def _write_reached(row: Any) -> str:
    if np.isnan(row.survival):
        return "not known"
    limits = "" if np.isnan(row.low) else f" ({100 * row.low:.0f} to {100 * row.high:.0f} %)"
    return f"{100 * row.survival:.0f} %{limits}"


def table_of_incidence(incidence: pd.DataFrame) -> pd.DataFrame:
    """Lay out what had ended by each day (``incidence_at_days``), estimated and as counted; by Day.

    Columns: Reason, Aalen-Johansen (95 %), As counted, Ended, Watched, Still stood.
    """
    return grammar.head_rows({
        "Day": incidence["day"],
        "Reason": incidence["end_reason"].map(REASONS),
        "Aalen-Johansen (95 %)": [
            f"{100 * row.incidence:.0f} % ({100 * row.low:.0f} to {100 * row.high:.0f} %)" if row.incidence else "0 %"
            for row in incidence.itertuples()
        ],
        "As counted": (100 * incidence["raw"]).map("{:.0f} %".format),
        "Ended": incidence["ended"],
        "Watched": incidence["watched"],
        "Still stood": incidence["at_risk"],
    })  # fmt: skip


def facts_of_survival(curves: pd.DataFrame, shares: pd.DataFrame, by: str, entity: str, age: float) -> dict[str, Any]:
    """Facts of ``switching.survival``: the share of a group's ties that reaches an age, and how many were watched."""
    rows = shares[shares["age"] == age].sort_values(by).rename(columns={by: "group"})
    return {"shares": rows, "entity": entity, "age": age, "ended": int(curves["ended"].sum()), "legacy": LEGACY_DAY}


def facts_of_incidence(incidence: pd.DataFrame, entity: str) -> dict[str, Any]:
    """Facts of ``switching.incidence``: what had ended for each reason by the last day of ``incidence_at_days``."""
    rows = incidence[incidence["day"].eq(incidence["day"].max()) & incidence["ended"].gt(0)]
    rows = rows.set_index("end_reason").reindex([reason for reason in REASONS if reason in set(rows["end_reason"])])
    facts = {"rows": rows.assign(words=rows.index.map(REASONS)), "entity": entity, "entry": ENTRY}
    if len(rows):
        facts |= {"day": rows["day"].iloc[0], "watched": rows["watched"].iloc[0], "at_risk": rows["at_risk"].iloc[0],
                  "lasts": 1 - rows["incidence"].sum()}  # fmt: skip
    return facts


def facts_of_endings(test: LogRank, split: str, descriptive: bool = False) -> dict[str, Any]:
    """Facts of ``switching.endings``: how many ties of each group ended, and how unusual that is.

    Where the groups can be shuffled among states the share of shuffles is given, else the chi-square; neither where
    groups were cut around known events (``descriptive``).
    """
    apart = test.groups["ended"] - test.groups["expected"]
    return {"test": test, "split": split, "most": test.groups.loc[apart.idxmax()],
            "shuffled": not np.isnan(test.p_shuffle), "descriptive": descriptive, "entry": ENTRY}  # fmt: skip


def facts_of_close_pairs(tests: Mapping[str, Clustering]) -> dict[str, Any]:
    """Facts of ``switching.close_pairs``: for each comparison how many close pairs there are, and draws give."""
    return {"tests": tests}

"""Raids that happened beside what was predicted of them: nights by class, intervals, scores and broken definitions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from analysis.air_defence.calibration.hindcast import Hindcast
from analysis.air_defence.calibration.nights import ODD_TIMES, Nights
from analysis.air_defence.calibration.rolling import BASELINES, LAW, LEAST_PAST
from analysis.air_defence.facts.choices import DEFINITIONS, FAMILIES
from analysis.figures import grammar, style
from analysis.figures.words import YES

NEARER = 0.02
"""Least part by which a CRPS must be below another for a prediction to be called nearer."""
WIDE = 0.8
"""Average width of an interval, as a share of a raid, above which it holds nearly any outcome."""
BREAK = pd.Timestamp("2025-07-24")
"""Report from which on what was lost is counted as destroyed."""
WAYS = {LAW: "the law: size of the night, recent nights count more", **BASELINES}
SCORES = {
    "threat_class": "Class",
    "nights": "Nights",
    "inside_50": "Inside 50 %",
    "inside_90": "Inside 90 %",
    "inside_90_randomised": "Inside 90 %, randomised",
    "expected_inside_90": "Inside 90 %, expected",
    "crps": "CRPS of the law",
    "crps_binomial": "CRPS, one chance from all past nights",
    "crps_beta_binomial": "CRPS, beta-binomial, all past nights alike",
    "crps_last_month": "CRPS, one chance from the last 30 days",
    "log_score": "Log score",
}
"""Columns of the table of scores, by their names in ``scores.SUMMARY``."""
AIMS = {
    "randomised": "90 % interval, outcome placed at random within its step",
    "closed": "90 % interval, ends included",
    "sharper_than_binomial": "CRPS below one chance from all past nights",
    "sharper_than_beta_binomial": "CRPS below beta-binomial from all past nights alike",
    "sharper_than_last_month": "CRPS below one chance from the last 30 days",
    "close_to_beta_binomial": "CRPS within 2 % of beta-binomial from all past nights alike",
}
OF_INTERVALS = ("randomised", "closed")
"""Aims of whether an interval holds; the others are of how near a prediction comes."""
LOOSER = "close_to_beta_binomial"
NIGHT_INCHES = 1.8
DATES = ["%Y", "%b\n%Y", "%d %b\n%Y", "%H:%M", "%H:%M", "%S"]
"""How days of an axis are written where they are years, months, days and less apart."""


def plot_share_by_night(predicted: pd.DataFrame) -> Figure:
    """Draw the share stopped in every night tested upon its predicted interval, a panel a class.

    ``predicted`` holds the rows of the law (``Hindcast.by_law``).
    """
    families = predicted["family"].unique()
    shape: dict[str, Any] = {"across": 1, "wide": style.NARROW, "sharex": True}
    title = "Share stopped in each night, upon its prediction"
    with grammar.small_multiples(title, families, NIGHT_INCHES, 1.3, **shape) as (figure, panels):
        for family, axes in panels.items():
            _draw_nights(axes, predicted[predicted["family"] == family])
            axes.set_title(FAMILIES[family], fontsize=11)
        days = figure.axes[-1].xaxis
        days.set_major_locator(locator := AutoDateLocator(maxticks=8))
        days.set_major_formatter(ConciseDateFormatter(locator, formats=DATES, zero_formats=DATES, show_offset=False))
        keys = [
            grammar.key("predicted interval", color=style.BAND_COLOUR, linewidth=5),
            grammar.key("reported, inside it", marker="o", color=style.HELD_COLOURS[True]),
            grammar.key("reported, outside it", marker="D", color=style.HELD_COLOURS[False]),
        ]
        grammar.put_legend(figure, keys, 2, fontsize=9.5)
    return figure


def _draw_nights(axes: Axes, nights: pd.DataFrame) -> None:
    launched, held = nights["launched"], nights["killed"].between(nights["low"], nights["high"])
    axes.vlines(nights["night"], nights["low"] / launched, nights["high"] / launched, colors=style.BAND_COLOUR,
                linewidth=1.4, zorder=1)  # fmt: skip
    for inside, mark in ((True, "o"), (False, "D")):
        some = nights[held == inside]
        axes.scatter(some["night"], some["killed"] / some["launched"], s=9, marker=mark, linewidth=0, zorder=3,
                     color=style.HELD_COLOURS[inside])  # fmt: skip
    axes.set(ylim=(-0.03, 1.03), ylabel="Share stopped")
    axes.yaxis.set_major_formatter(grammar.PERCENT)


def plot_inside_by_level(curve: pd.DataFrame) -> Figure:
    """Draw the share of nights inside their interval against its level, a panel a class (``coverage_curve``)."""
    title = "Do the intervals hold what they promise?"
    families = curve["family"].unique()
    with grammar.small_multiples(title, families, 4.3, 0, len(families), sharey=True) as (figure, panels):
        for family, axes in panels.items():
            own = curve[curve["family"] == family]
            axes.fill_between(own["level"], own["low"], own["high"], color=style.BAND_COLOUR, linewidth=0)
            axes.plot([0, 1], [0, 1], color=style.MUTED, linewidth=1, linestyle="--")
            grammar.draw_lines(axes, own, "level", "inside", style.HELD_COLOURS[True])
            axes.set(xlabel="Level of the interval", ylabel="Nights inside it", ylim=(0, 1.02))
            axes.xaxis.set_major_formatter(grammar.PERCENT)
            _name_panel(axes, family, own)
        keys = [
            grammar.key("nights inside", color=style.HELD_COLOURS[True], linewidth=2),
            grammar.key("as many as the level says", color=style.MUTED, linewidth=1, linestyle="--"),
            grammar.key("19 of 20 records, if it holds", color=style.BAND_COLOUR),
        ]
        grammar.put_legend(figure, keys)
    return figure


def _name_panel(axes: Axes, family: str, own: pd.DataFrame) -> None:
    """Write what a panel of shares shows: its class, how many nights, and shares on both axes."""
    axes.set(xlim=(0, 1), xticks=(0.2, 0.4, 0.6, 0.8))
    axes.set_title(f"{FAMILIES[family]}\n{own['nights'].iloc[0]:,} nights", fontsize=10)
    axes.yaxis.set_major_formatter(grammar.PERCENT)
    axes.label_outer()


def plot_place_by_part(parts: pd.DataFrame) -> Figure:
    """Draw where the outcomes fell within their predictions, a panel a class (``pit_histogram``)."""
    title, families = "Where outcomes fell within their predictions", parts["family"].unique()
    with grammar.small_multiples(title, families, 4.0, 0, len(families), sharey=True) as (figure, panels):
        for family, axes in panels.items():
            own = parts[parts["family"] == family]
            axes.axhspan(own["low"].iloc[0], own["high"].iloc[0], color=style.BAND_COLOUR, linewidth=0, zorder=0)
            axes.bar(own["part_low"], own["share"], own["part_high"] - own["part_low"], align="edge",
                     color=style.HELD_COLOURS[True], edgecolor="white", zorder=2)  # fmt: skip
            axes.axhline(1 / len(own), color=style.MUTED, linewidth=1, linestyle="--", zorder=3)
            axes.set(xlabel="Place within the prediction", ylabel="Share of nights")
            axes.grid(visible=False, axis="x")
            _name_panel(axes, family, own)
        keys = [
            grammar.key("share of nights", color=style.HELD_COLOURS[True]),
            grammar.key("right predictions", color=style.MUTED, linewidth=1, linestyle="--"),
            grammar.key("19 of 20 records, if they are right", color=style.BAND_COLOUR),
        ]
        grammar.put_legend(figure, keys)
    return figure


def plot_score_by_way(summary: pd.DataFrame) -> Figure:
    """Draw the mean CRPS per threat of the law and of each baseline, a group a class (``scores.summarise``)."""
    columns = {"crps": LAW} | {f"crps_{name}": name for name in BASELINES}
    tested = summary[summary["nights"] > 0].reset_index(drop=True)
    rows = tested[list(columns)].rename(columns=columns).stack().rename_axis(["family", "way"]).rename("crps")
    rows = rows.reset_index().assign(place=lambda found: 5 * found["family"] + found["way"].map(list(WAYS).index))
    with grammar.drawing("How far predictions were off (less is better)", len(rows)) as (figure, axes):
        grammar.draw_bars(axes, rows, "crps", style.WAY_OF_PREDICTING_COLOURS, by="way", height=0.8)
        for row in rows.itertuples():
            axes.text(row.crps, row.place, f" {row.crps:.3f}", va="center", fontsize=9, color=style.INK)
        axes.set_yticks(5 * np.arange(len(tested)) + 1.5, labels=[FAMILIES[name] for name in tested["threat_class"]])
        axes.set(ylim=(5 * len(tested) - 1.5, -0.7))
        axes.set_xlabel("Continuous ranked probability score, threats off for one launched")
        axes.margins(x=0.08)
        axes.grid(visible=False, axis="y")
        grammar.put_legend(figure, grammar.keys_of(WAYS, WAYS, color=style.WAY_OF_PREDICTING_COLOURS), 2)
    return figure


def plot_share_by_definition(months: pd.DataFrame) -> Figure:
    """Draw the share stopped in each month by each definition, with the day on which one of them broke.

    ``months`` holds ``shares_by_month`` of one family, a definition after the other.
    """
    with grammar.drawing("Share of drones stopped by month, by what counts as stopped") as (figure, axes):
        for definition, own in months.groupby("definition"):
            grammar.draw_lines(axes, own, "month", "share", style.DEFINITION_COLOURS[str(definition)], markersize=4)
        axes.axvline(BREAK, color=style.MUTED, linewidth=1, linestyle="--")
        axes.set(ylim=(0, 1.02), xlabel="", ylabel="Share stopped, of those launched")
        axes.yaxis.set_major_formatter(grammar.PERCENT)
        keys = grammar.keys_of(DEFINITIONS, months["definition"], color=style.DEFINITION_COLOURS, linewidth=2)
        broken = grammar.key("from here on, reports count the lost as destroyed", color=style.MUTED, linewidth=1,
                             linestyle="--")  # fmt: skip
        grammar.put_legend(figure, [*keys, broken], 2)
    return figure


def table_of_scores(summary: pd.DataFrame) -> pd.DataFrame:
    """Lay out the scores (``hindcast.summarise``), one row a class."""
    classes = summary["threat_class"].map(FAMILIES)
    return grammar.head_rows(summary.assign(threat_class=classes).round(4).rename(columns=SCORES))


def table_of_targets(targets: pd.DataFrame, wide: Sequence[str]) -> pd.DataFrame:
    """Lay out every aim with its value, its bounds and whether it was met, as ``list_targets`` gives them.

    ``wide`` are the classes whose intervals hold nearly any outcome (``facts_of_scores``).
    """
    percent = targets["aim"].isin(OF_INTERVALS)
    hardly = percent & targets["threat_class"].isin(wide)
    remark = hardly.map({True: "could hardly fail: its interval holds nearly any outcome", False: ""})
    written = {
        name: np.where(percent, (100 * targets[name]).map("{:.1f} %".format), targets[name].map("{:.4f}".format))
        for name in ("value", "bound_low", "bound_high")
    }
    return grammar.head_rows({
        "Class": targets["threat_class"].map(FAMILIES),
        "Aim": targets["aim"].map(AIMS),
        "Value": written["value"],
        "From": written["bound_low"],
        "To": written["bound_high"],
        "Met": targets["met"].map(YES),
        "Remark": remark.mask(targets["aim"] == LOOSER, "a looser aim: to come close, not nearer"),
    })  # fmt: skip


def table_of_half_lives(found: Hindcast) -> pd.DataFrame:
    """Lay out the half-lives that were tried for each class, and the mean log score of each."""
    tried = found.half_lives
    days = tried["half_life_days"].map(lambda days: f"{days:.0f} days" if np.isfinite(days) else "nothing forgotten")
    return grammar.head_rows({
        "Class": tried["family"].map(FAMILIES),
        "Half-life": days,
        "Nights": tried["nights"],
        "Log score": tried["log_score"].map("{:.3f}".format, na_action="ignore").fillna("too few nights"),
        "Chosen": tried["chosen"].map({True: "yes", False: ""}),
    })  # fmt: skip


def table_of_asked(found: Hindcast) -> pd.DataFrame:
    """Lay out how many nights of each class there are, and which of those asked for were not predicted."""
    words = {
        "in_record": "In the record",
        "in_period": "In the period",
        "too_small": "Too small",
        "too_early": f"Fewer than {LEAST_PAST} before",
        "predicted": "Predicted",
    }
    table = found.asked.rename(columns=words).assign(family=found.asked["family"].map(FAMILIES)).set_index("family")
    return table.rename_axis(index=None, columns="Nights")


def table_of_omitted(nights: Nights) -> pd.DataFrame:
    """Lay out which rows of the record were left out, with the reason, and what was noticed in the rest."""
    left = nights.omitted.rename(columns={"reason": "what"}).assign(treatment="left out")
    kept = nights.noticed.assign(treatment="kept")
    rows = pd.concat([left, kept], ignore_index=True)
    launched = rows["launched"].astype("float64").map("{:,.0f}".format, na_action="ignore").fillna("")
    written = rows["rows"].map("{:,}".format)
    table = {"What": rows["what"], "Rows": written, "Threats": launched, "Treatment": rows["treatment"]}
    return grammar.head_rows(table)


def facts_of_period(nights: Nights, found: Hindcast, first_day: str, last_day: str, cited: str) -> dict[str, Any]:
    """Facts of ``hindcast.period``: what lies beyond the record, how it is ``cited``, odd times, unknown models."""
    asked = found.asked
    return {
        "cited": cited,
        "record_first": nights.first,
        "record_last": nights.last,
        "beyond": pd.Timestamp(last_day) > nights.last,
        "before": pd.Timestamp(first_day) < nights.first,
        "odd_times": int(nights.noticed.set_index("what")["rows"][ODD_TIMES]),
        "unknown_models": nights.unknown_models,
        "without": [FAMILIES[name] for name in asked.loc[asked["predicted"] == 0, "family"]],
    }


def facts_of_scores(summary: pd.DataFrame, targets: pd.DataFrame, predicted: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``hindcast.in_short`` and of the captions of coverage and scores; ``predicted`` are rows of the law."""
    widths = ((predicted["high"] - predicted["low"]) / predicted["launched"]).groupby(predicted["family"]).mean()
    rows = [
        row | {"name": FAMILIES[row["threat_class"]].lower(), "width": widths[row["threat_class"]],
               "wide": widths[row["threat_class"]] > WIDE}
        for row in summary.to_dict("records") if row["nights"]
    ]  # fmt: skip
    gains = {row["name"]: 1 - row["crps"] / min(row[f"crps_{name}"] for name in BASELINES) for row in rows}
    missed = targets[~targets["met"]]
    return {
        "rows": rows,
        "best": [name for name, gain in gains.items() if gain > NEARER],
        "level": [name for name, gain in gains.items() if 0 <= gain <= NEARER],
        "further": [name for name, gain in gains.items() if gain < 0],
        "gain_least": NEARER,
        "wide": [row["threat_class"] for row in rows if row["wide"]],
        "aims": len(targets),
        "missed": [f"{AIMS[row.aim]} ({FAMILIES[row.threat_class].lower()})" for row in missed.itertuples()],
    }


def facts_of_half_lives(found: Hindcast) -> dict[str, Any]:
    """Facts of ``hindcast.half_lives``: the classes whose chosen half-life is the shortest or the longest tried."""
    tried = found.half_lives.dropna(subset=["log_score"])
    ends = tried.groupby("family")["half_life_days"].agg(["min", "max"])
    chosen = tried[tried["chosen"]]
    own = ends.loc[chosen["family"]]
    at_edge = (chosen["half_life_days"].to_numpy() == own["min"]) | (chosen["half_life_days"].to_numpy() == own["max"])
    return {"at_edge": [FAMILIES[name].lower() for name in chosen["family"][at_edge.to_numpy()]]}


def facts_of_nights(predicted: pd.DataFrame, percent: int) -> dict[str, Any]:
    """Facts of ``hindcast.nights``: how many nights lie inside the interval that is drawn, class by class."""
    held = predicted["killed"].between(predicted["low"], predicted["high"])
    counts = held.groupby(predicted["family"], sort=False).agg(["sum", "size"])
    rows = [{"name": FAMILIES[str(name)].lower(), "held": int(row["sum"]), "nights": int(row["size"])}
            for name, row in counts.iterrows()]  # fmt: skip
    return {"rows": rows, "percent": percent}


def facts_of_definitions(months: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``hindcast.definitions``: shares by each definition in the month of the break and in the next."""
    shares = months.set_index(["definition", "month"])["share"]
    during, after = BREAK.to_period("M").to_timestamp(), (BREAK.to_period("M") + 1).to_timestamp()
    told = {name: [shares.get((name, month)) for month in (during, after)] for name in DEFINITIONS}
    return {"told": {name: ends for name, ends in told.items() if None not in ends}}

"""The altitude ladder: from which to which height each system is said to intercept."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.figures import style
from analysis.figures.air_defence.words import TARGET_COLOURS, TARGET_WORDS, name_system, tint_labels, write_km
from analysis.figures.words import write_list

LEFT_KM, RIGHT_KM = 1.0, 3000.0
STATE_COLOURS = {"fielded": "#7aa6c9", "planned": "#bcd3e6"}
NOT_LISTED_COLOUR = "#d5d9de"
ASSUMED_COLOUR = "#a3195b"
MARKERS = {"exact": "o", "at_least": ">", "demonstrated": "D", "at_most": "<", "goal": "*"}
SAID_BOUNDS = {"at_least": "at least ", "demonstrated": "shown ", "at_most": "at most ", "goal": "goal "}


def plot_altitude_by_system(spans: pd.DataFrame, limits: pd.DataFrame, states: pd.DataFrame) -> Figure:
    """Draw a bar for each system from its lowest to its highest published altitude.

    Parameters
    ----------
    spans : pandas.DataFrame
        From ``envelope.altitude_spans``: one row a system.
    limits : pandas.DataFrame
        From ``envelope.published_limits``: the figures behind the ceilings.
    states : pandas.DataFrame
        From ``coverage.overall_states``: ``system_id, state, reserve``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a row for every system, and a bar for each with a published ceiling.
    """
    rows = _order(spans, states)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.9 + 0.235 * len(rows)))
    known = limits[limits["status"] == "published"]
    ceilings, floors = (known[known["limit"] == limit] for limit in ("max_altitude", "min_altitude"))
    for place, row in enumerate(rows.itertuples()):
        if row.status == "published":
            _draw_bar(axes, place, row)
        for claim in floors[floors["system_id"] == row.system_id].itertuples():
            _draw_claim(axes, place, claim, marker="|")
        figures = ceilings[ceilings["system_id"] == row.system_id].sort_values("best_km")
        for number, claim in enumerate(figures.itertuples()):
            _draw_claim(axes, place + 0.26 * (number - (len(figures) - 1) / 2), claim)
        axes.text(1.01, place, _say_row(row), transform=axes.get_yaxis_transform(), va="center", fontsize=8.5)
    axes.set_xscale("log")
    axes.set(xlim=(LEFT_KM, RIGHT_KM), ylim=(-0.7, len(rows) - 0.3), xlabel="Altitude of interception (km, log scale)")
    axes.set_xticks([1, 3, 10, 30, 100, 300, 1000], labels=["1", "3", "10", "30", "100", "300", "1,000"])
    axes.set_yticks(range(len(rows)), labels=rows["label"], fontsize=9)
    tint_labels(axes.get_yticklabels(), rows["state"].isin(STATE_COLOURS))
    axes.grid(axis="y", visible=False)
    axes.set_title("Published altitudes of interception, by system")
    axes.text(1.01, len(rows) - 0.2, "Ceiling, km", transform=axes.get_yaxis_transform(), fontsize=8.5, weight="bold")
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def _order(spans: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    rows = spans.merge(states[["system_id", "state", "reserve"]], on="system_id")
    ranks = rows["status"].map({"published": 3, "not at this confidence": 2, "not published": 1}).fillna(0)
    rows = rows.assign(rank=ranks).sort_values(["rank", "ceiling_km", "name"], kind="stable", ignore_index=True)
    suffix = rows["state"].map({"planned": ", planned"}).fillna("") + rows["reserve"].map(
        lambda word: word and f", {word}"
    )
    return rows.assign(label=rows["name"].map(name_system) + suffix)


def _draw_bar(axes: Axes, place: int, row: Any) -> None:
    colour = STATE_COLOURS.get(row.state, NOT_LISTED_COLOUR)
    left = max(row.floor_km, LEFT_KM)
    is_goal = row.ceiling_bound == "goal"
    axes.barh(
        place,
        row.ceiling_km - left,
        left=left,
        height=0.62,
        facecolor="none" if is_goal else colour,
        edgecolor=colour,
        hatch="////" if is_goal else None,
        linestyle=":" if row.floor_assumed else "-",
        alpha=0.6 if row.floor_assumed else 1.0,
        zorder=1,
    )
    if row.floor_assumed:
        _draw_assumed_floor(axes, place, row)


def _draw_assumed_floor(axes: Axes, place: int, row: Any) -> None:
    """Mark a lower end that nobody publishes: dashes over what it is assumed to lie between, and a question mark."""
    ends = [max(end, LEFT_KM) for end in (row.floor_low_km, row.floor_high_km)]
    axes.plot(ends, [place, place], color=ASSUMED_COLOUR, linewidth=1.4, linestyle=(0, (2, 1.5)), zorder=3)
    axes.plot(
        max(row.floor_km, LEFT_KM), place, marker="$?$", color=ASSUMED_COLOUR, markersize=6, clip_on=False, zorder=5
    )


def _draw_claim(axes: Axes, place: float, claim: Any, marker: str = "") -> None:
    colour = TARGET_COLOURS[claim.target_kind]
    axes.plot([claim.low_km, claim.high_km], [place, place], color=colour, linewidth=1.6, zorder=3)
    if not marker and claim.bound in ("at_least", "demonstrated"):
        arrow = {"arrowstyle": "->", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (claim.high_km * 1.45, place), (claim.best_km, place), arrowprops=arrow, zorder=3)
    axes.plot(
        claim.best_km,
        place,
        marker or MARKERS[claim.bound],
        markersize=9 if marker else 5,
        markeredgecolor=colour,
        markerfacecolor=colour if claim.bound == "exact" else "white",
        zorder=4,
    )


def _say_row(row: Any) -> str:
    if row.status != "published":
        return row.status
    return SAID_BOUNDS.get(row.ceiling_bound, "") + write_km(row.ceiling_low_km, row.ceiling_km, row.ceiling_high_km)


def _legend() -> list[Artist]:
    dark: dict[str, Any] = {"color": TARGET_COLOURS["not_stated"], "markersize": 5}
    open_mark = dark | {"markerfacecolor": "white"}
    return [
        Patch(facecolor=STATE_COLOURS["fielded"], label="fielded in a chosen architecture"),
        Patch(facecolor=STATE_COLOURS["planned"], label="planned only"),
        Patch(facecolor=NOT_LISTED_COLOUR, label="for comparison: listed in none of them"),
        Patch(facecolor="white", edgecolor=style.MUTED, hatch="////", label="up to a goal (star)"),
        Patch(facecolor="white", edgecolor=style.MUTED, linestyle=":", label="pale, dotted: lower end assumed"),
        Line2D([], [], marker="o", label="figure, with its spread between sources", **dark),
        Line2D([], [], marker="|", label="published lower end, with its spread", **dark | {"markersize": 9}),
        Line2D(
            [],
            [],
            color=ASSUMED_COLOUR,
            marker="$?$",
            linestyle=(0, (2, 1.5)),
            label="assumed lower end, with its bounds",
        ),
        Line2D([], [], marker=">", linestyle="-", label="at least (open arrow)", **open_mark),
        Line2D([], [], marker="D", linestyle="-", label="shown in a test", **open_mark),
        Line2D([], [], marker="<", linestyle="none", label="at most", **open_mark),
        *(Patch(facecolor=TARGET_COLOURS[kind], label=TARGET_WORDS[kind]) for kind in TARGET_COLOURS if kind != "any"),
    ]


def describe_altitude(spans: pd.DataFrame, states: pd.DataFrame) -> str:
    """Say what the altitude ladder shows, with its numbers.

    Parameters are those of the same names in ``plot_altitude_by_system``.
    """
    rows = _order(spans, states)
    known = rows[rows["status"] == "published"]
    if known.empty:
        return "No system has a published altitude of interception at this confidence."
    lowest, highest = (f"{name_system(row['name'])} ({_digits_km(row)})" for _, row in known.iloc[[0, -1]].iterrows())
    high = known.loc[known["floor_assumed"] & (known["floor_high_km"] > 0), "name"].map(name_system)
    unknown = rows[rows["status"].isin(["not published", "not at this confidence"])]
    ratio = known["ceiling_high_km"] / known["ceiling_low_km"]
    widest = known.loc[ratio.idxmax()]
    text = (
        f"Systems with a published ceiling: {len(known)}, from {lowest} to {highest}; given only as at least: "
        f"{int(known['ceiling_open'].sum())}, as a goal: {int((known['ceiling_bound'] == 'goal').sum())}, without a "
        f"published lower end: {int(known['floor_assumed'].sum())}."
    )
    if len(high):
        text += f" The lower end is assumed, and perhaps above the ground, for {write_list(high)}."
    if len(unknown):
        text += f" No figure for {write_list(unknown['name'].map(name_system))}."
    if ratio.max() <= 1:
        return text
    spread = write_km(widest["ceiling_low_km"], widest["ceiling_km"], widest["ceiling_high_km"])
    return f"{text} The values on record lie furthest apart for {name_system(widest['name'])}: {spread} km."


def _digits_km(row: pd.Series) -> str:
    return f"{write_km(*[row['ceiling_km']] * 3)} km"

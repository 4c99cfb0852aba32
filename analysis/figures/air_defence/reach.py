"""How high and how far each system is said to reach: every published claim, and the box that both ends make."""

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from analysis.air_defence.facts.coverage import NOT_LISTED
from analysis.air_defence.facts.envelope import PUBLISHED, UNPUBLISHED, UNSURE
from analysis.figures import grammar, style
from analysis.figures.air_defence.rows import ROW_INCHES
from analysis.figures.air_defence.words import BOUND_WORDS, TARGET_WORDS, name_system, write_km
from analysis.figures.captions import say
from analysis.figures.words import CLAIM, cite

LADDER_KM = (1.0, 3000.0)
RANGE_KM, ALTITUDE_KM = (2.0, 4000.0), (1.0, 2500.0)  # axes of the envelopes
PANELS_ACROSS = 6
DASHES = (0, (2, 1.5))
BOUND_MARKS = {"exact": "o", "at_least": ">", "demonstrated": "D", "at_most": "<", "goal": "*"}
CEILING_WORDS = {"at_least": "at least ", "demonstrated": "shown ", "at_most": "at most ", "goal": "goal "}
LIMIT_WORDS = {"min_altitude": "lowest", "max_altitude": "highest", "min_range": "nearest", "max_range": "farthest"}
MEMBER_WORDS = {
    "fielded": "fielded in a chosen architecture",
    "funded": "funded, not fielded",
    "announced": "announced only",
    NOT_LISTED: "for comparison: listed in none of them",
}
LACKING = {
    (True, False): "range not\npublished",
    (False, True): "height not\npublished",
    (False, False): "neither\npublished",
}
"""What a panel says where height, range or both are missing."""


def plot_altitude_by_system(spans: pd.DataFrame, limits: pd.DataFrame, states: pd.DataFrame) -> Figure:
    """Draw a bar for each system from its lowest to its highest published altitude, and upon it every claim.

    ``spans`` and ``limits`` are those of ``envelope``; ``states`` give ``system_id, state, reserve``.
    """
    rows = _order_ladder(spans, states)[::-1].assign(place=range(len(spans)))
    title = "Published altitudes of interception, by system"
    with grammar.drawing(title, len(rows), ROW_INCHES, 1.9) as (figure, axes):
        for row in rows[rows["status"] == PUBLISHED].itertuples():
            _draw_bar(axes, row)
        _draw_assumed_floors(axes, rows[rows["floor_assumed"]])
        _draw_claims(axes, limits, rows)
        grammar.name_rows(axes, list(rows["label"]))
        grammar.tint_labels(axes.get_yticklabels(), rows["state"] != NOT_LISTED)
        grammar.write_beside(axes, [_write_ceiling(row) for row in rows.itertuples()])
        axes.text(1.01, -0.8, "Ceiling, km", transform=axes.get_yaxis_transform(), fontsize=8.5, weight="bold")
        axes.set(xscale="log", xlim=LADDER_KM, xlabel="Altitude of interception (km, log scale)")
        axes.set_xticks([1, 3, 10, 30, 100, 300, 1000], labels=["1", "3", "10", "30", "100", "300", "1,000"])
        grammar.put_legend(figure, _key_ladder(), fontsize=8.5)
    return figure


def _order_ladder(spans: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """Order systems by ceiling, the lowest first; before them those without a figure, and before these networks."""
    rows = spans.merge(states[["system_id", "state", "reserve"]], on="system_id")
    ranks = rows["status"].map({PUBLISHED: 3, UNSURE: 2, UNPUBLISHED: 1}).fillna(0)
    rows = rows.assign(rank=ranks).sort_values(["rank", "ceiling_km", "name"], kind="stable", ignore_index=True)
    coming = rows["state"].map({"funded": ", funded", "announced": ", announced"}).fillna("")
    reserve = (", " + rows["reserve"]).where(rows["reserve"] != "", "")
    return rows.assign(label=[name_system(name, 46) for name in rows["name"]] + coming + reserve)


def _draw_bar(axes: Axes, row: Any) -> None:
    colour, left = style.MEMBER_COLOURS[row.state], max(row.floor_km, LADDER_KM[0])
    look: dict[str, Any] = {"linestyle": ":", "alpha": 0.6} if row.floor_assumed else {}
    is_goal = row.ceiling_bound == "goal"
    look |= {"facecolor": "none", "hatch": "////"} if is_goal else {"facecolor": colour}
    axes.barh(row.place, row.ceiling_km - left, 0.62, left, edgecolor=colour, zorder=1, **look)


def _draw_assumed_floors(axes: Axes, rows: pd.DataFrame) -> None:
    """Mark lower ends that nobody publishes: dashes over what they are assumed to lie between, and a question mark."""
    ends = {name: rows[name].clip(lower=LADDER_KM[0]) for name in ("floor_low_km", "floor_km", "floor_high_km")}
    dashed, strokes = rows.assign(**ends), [DASHES]
    grammar.draw_ranges(axes, dashed, "floor_low_km", "floor_high_km", style.NO_SOURCE, linestyles=strokes, zorder=3)
    look: dict[str, Any] = {"linewidth": 1, "edgecolor": style.NO_SOURCE, "clip_on": False, "zorder": 5}
    grammar.draw_dots(axes, dashed, "floor_km", style.NO_SOURCE, marker="$?$", size=36, **look)


def _draw_claims(axes: Axes, limits: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Draw what is claimed of each lower end on the row, of each ceiling one claim above the other."""
    known = limits[limits["status"] == PUBLISHED].merge(rows[["system_id", "place"]])
    known = known.sort_values("best_km", kind="stable")
    floors, ceilings = (known[known["limit"] == limit] for limit in ("min_altitude", "max_altitude"))
    claims = ceilings.groupby("system_id")["place"]
    places = ceilings["place"] - 0.26 * (claims.cumcount() - (claims.transform("size") - 1) / 2)
    ceilings = ceilings.assign(place=places, open=ceilings["bound"] != "exact")
    for some in (floors, ceilings):
        grammar.draw_ranges(axes, some, "low_km", "high_km", style.TARGET_COLOURS, "target_kind", linewidth=1.6)
    for claim in ceilings[ceilings["bound"].isin(["at_least", "demonstrated"])].itertuples():
        _point(axes, (claim.best_km, claim.place), (claim.high_km * 1.45, claim.place), claim.target_kind)
    look: dict[str, Any] = {"colour": style.TARGET_COLOURS, "by": "target_kind", "zorder": 4}
    grammar.draw_dots(axes, floors, "best_km", marker="|", size=81, linewidth=1.2, **look)
    grammar.draw_dots(axes, ceilings, "best_km", marks=BOUND_MARKS, mark_by="bound", hollow="open", size=36, **look)


def _point(axes: Axes, start: tuple[float, float], end: tuple[float, float], target_kind: str) -> None:
    """Draw the arrow of a claim that is only "at least"."""
    look: dict[str, Any] = {"arrowstyle": "->", "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look | {"color": style.TARGET_COLOURS[target_kind]}, zorder=3)


def _write_ceiling(row: Any) -> str:
    if row.status != PUBLISHED:
        return row.status
    return CEILING_WORDS.get(row.ceiling_bound, "") + write_km(row.ceiling_low_km, row.ceiling_km, row.ceiling_high_km)


def _key_ladder() -> list[Artist]:
    dark: dict[str, Any] = {"color": style.TARGET_COLOURS["not_stated"], "markersize": 5, "linestyle": "-"}
    hollow, edge = dark | {"markerfacecolor": "white"}, style.MUTED
    return [
        *grammar.keys_of(MEMBER_WORDS, MEMBER_WORDS, color=style.MEMBER_COLOURS),
        Patch(facecolor="white", edgecolor=edge, hatch="////", label="up to a goal (star)"),
        Patch(facecolor="white", edgecolor=edge, linestyle=":", label="pale, dotted: lower end assumed"),
        grammar.key("figure, with its spread between sources", marker="o", **dark),
        grammar.key("published lower end, with its spread", marker="|", **dark | {"markersize": 9}),
        grammar.key("assumed lower end, with its bounds", marker="$?$", color=style.NO_SOURCE, linestyle=DASHES),
        grammar.key("at least (open arrow)", marker=">", **hollow),
        grammar.key("shown in a test", marker="D", **hollow),
        grammar.key("at most", marker="<", **hollow | {"linestyle": "none"}),
        *grammar.keys_of(TARGET_WORDS, set(TARGET_WORDS) - {"any"}, color=style.TARGET_COLOURS),
    ]


def facts_of_altitude(spans: pd.DataFrame, states: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``reach.altitude``: the lowest and the highest ceiling, what is open, assumed, lacking and disputed."""
    rows = _order_ladder(spans, states)
    known = rows[rows["status"] == PUBLISHED]
    ratio = known["ceiling_high_km"] / known["ceiling_low_km"]
    return {
        "known": known.to_dict("records"),
        "open": int(known["ceiling_open"].sum()),
        "goals": int((known["ceiling_bound"] == "goal").sum()),
        "assumed": int(known["floor_assumed"].sum()),
        "high": list(known.loc[known["floor_assumed"] & (known["floor_high_km"] > 0), "name"]),
        "unknown": list(rows.loc[rows["status"].isin([UNPUBLISHED, UNSURE]), "name"]),
        "widest": known.loc[ratio.idxmax()].to_dict() if ratio.max() > 1 else None,
    }


def table_of_limits(limits: pd.DataFrame, states: pd.DataFrame, sources: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Lay out the published limits of ``kind`` altitude or range of the listed systems, with the kind of each claim."""
    listed = limits["system_id"].isin(states.loc[states["state"] != NOT_LISTED, "system_id"])
    rows = limits[listed & (limits["status"] == PUBLISHED) & limits["limit"].str.endswith(kind)]
    return grammar.head_rows({
        "System": rows["name"].map(name_system),
        "End": rows["limit"].map(LIMIT_WORDS),
        "Bound": rows["bound"].map(BOUND_WORDS),
        "Target": rows["target_kind"].map(TARGET_WORDS).str.removeprefix("target "),
        "Median (lowest to highest), km": [write_km(row.low_km, row.best_km, row.high_km) for row in rows.itertuples()],
        "Publishers": rows["n_publishers"].where(rows["n_publishers"] > 0, "seen in no source"),
        "Confidence": rows["confidence"],
        "Sources": [cite(sources, *ids.split(";")) for ids in rows["source_ids"]],
        CLAIM: rows["claim_ids"],
    })  # fmt: skip


def plot_envelope_by_system(envelopes: pd.DataFrame, members: pd.DataFrame) -> Figure:
    """Draw range and altitude of each listed system as a box, a small panel a system, the lowest ceiling first.

    ``envelopes`` are those of ``envelope.range_altitude_envelopes``, ``members`` those of ``coverage.list_members``.
    """
    rows = list_envelopes(envelopes, members)
    if find_boxes(rows).empty:
        return grammar.plot_nothing(say("reach.envelope", facts_of_envelope(envelopes, members)))
    systems = rows.sort_values(["ceiling_km", "name"], na_position="first", kind="stable")["system_id"].unique()
    grid: dict[str, Any] = {"ncols": PANELS_ACROSS, "sharex": True, "sharey": True}
    title = "Published range and altitude of interception (both scales are logarithmic)"
    with grammar.small_multiples(title, systems, 1.5, 1.3, PANELS_ACROSS, **grid) as (figure, panels):
        for system, axes in panels.items():
            _draw_envelope(axes, rows[rows["system_id"] == system])
        for axes in [*panels.values()][-PANELS_ACROSS:]:  # the last of each column
            axes.tick_params(labelbottom=True)
            axes.set_xlabel("Range (km)", fontsize=7.5)
        figure.supylabel("Altitude (km)", fontsize=9)
        grammar.put_legend(figure, _key_envelopes(), fontsize=8.5)
    return figure


def list_envelopes(envelopes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """List the envelopes of the interceptors that an architecture lists, ``fielded`` where one of them fields it."""
    listed = members[members["state"] != NOT_LISTED]
    rows = envelopes[envelopes["system_id"].isin(listed["system_id"]) & (envelopes["layer"] != "not_applicable")]
    return rows.assign(fielded=rows["system_id"].isin(listed.loc[listed["state"] == "fielded", "system_id"]))


def find_boxes(rows: pd.DataFrame) -> pd.DataFrame:
    """Find the rows of :func:`list_envelopes` with both a published range and a published upper end."""
    return rows[(rows["status"] == PUBLISHED) & (rows["range_status"] == PUBLISHED)]


def find_corner(row: Any) -> tuple[float, float]:
    """Find the lower left corner of a box in km, within the axes."""
    left = RANGE_KM[0] if pd.isna(row.min_range_km) else max(row.min_range_km, RANGE_KM[0])
    return left, max(row.floor_km, ALTITUDE_KM[0])


def _draw_envelope(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the boxes of one system, or the one limit that is published, and say what is not."""
    axes.set(xscale="log", yscale="log", xlim=RANGE_KM, ylim=ALTITUDE_KM)
    axes.set_xticks([10, 100, 1000], labels=["10", "100", "1,000"])
    axes.set_yticks([1, 10, 100, 1000], labels=["1", "10", "100", "1,000"])
    axes.tick_params(labelsize=7.5)
    axes.minorticks_off()
    first, ranged = rows.iloc[0], rows[rows["range_status"] == PUBLISHED]
    has_height, is_goal = first["status"] == PUBLISHED, first["ceiling_bound"] == "goal"
    for row in ranged.itertuples():
        if has_height:
            _draw_box(axes, row)
        else:
            axes.axvline(row.range_km, color=style.TARGET_COLOURS[row.target_kind], linewidth=1.4)
    if has_height and ranged.empty:
        axes.axhline(first["ceiling_km"], color=style.MUTED, linewidth=1.4, linestyle="--" if is_goal else "-")
    if text := LACKING.get((has_height, not ranged.empty)):
        look: dict[str, Any] = {"transform": axes.transAxes, "fontsize": 7.5, "color": style.MUTED, "va": "center"}
        axes.text(0.45, 0.35, f"a goal;\n{text}" if is_goal else text, **look)
    heading = axes.set_title(name_system(first["name"], 24), fontsize=7.6, weight="normal")
    grammar.tint_labels([heading], [first["fielded"]])


def _draw_box(axes: Axes, row: Any) -> None:
    colour = style.TARGET_COLOURS[row.target_kind]
    left, bottom = find_corner(row)
    fill: dict[str, Any] = {"facecolor": colour, "alpha": 0.1, "hatch": "////" if row.ceiling_bound == "goal" else None}
    axes.add_patch(Rectangle((left, bottom), row.range_km - left, row.ceiling_km - bottom, edgecolor="none", **fill))
    line: dict[str, Any] = {"color": colour, "linestyle": "-" if row.fielded else "--", "linewidth": 1.1}
    axes.plot([left, left, row.range_km, row.range_km], [bottom, row.ceiling_km, row.ceiling_km, bottom], **line)
    axes.plot([left, row.range_km], [bottom, bottom], **line | {"linestyle": ":" if row.floor_assumed else "-"})
    spread: dict[str, Any] = {"color": colour, "linewidth": 2.4, "alpha": 0.75, "solid_capstyle": "butt"}
    axes.plot([row.range_low_km, row.range_high_km], [row.ceiling_km] * 2, **spread)
    axes.plot([row.range_km] * 2, [row.ceiling_low_km, row.ceiling_high_km], **spread)
    if row.ceiling_open:
        _point(axes, (row.range_km, row.ceiling_km), (row.range_km, row.ceiling_high_km * 3), row.target_kind)


def _key_envelopes() -> list[Artist]:
    line: dict[str, Any] = {"color": style.MUTED, "linewidth": 1.5}
    ranges = {kind: f"range {words}" for kind, words in TARGET_WORDS.items() if kind != "any"}
    return [
        *grammar.keys_of(ranges, ranges, color=style.TARGET_COLOURS),
        grammar.key("fielded in one of them", **line),
        grammar.key("dashed, grey name: not fielded", **line, linestyle="--"),
        grammar.key("dotted below: lower end assumed", **line, linestyle=":"),
        grammar.key("spread between sources", **line | {"linewidth": 2.4}),
        grammar.key("arrow: at least this high", color=style.MUTED, marker="^", linestyle="-"),
        grammar.key("one straight line: only that limit is published", marker=""),
    ]


def facts_of_envelope(envelopes: pd.DataFrame, members: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``reach.envelope``: those of the boxes, and the range whose claims lie furthest apart."""
    rows = list_envelopes(envelopes, members)
    both = find_boxes(rows).reset_index(drop=True)
    ratio = both["range_high_km"] / both["range_low_km"]
    return facts_of_boxes(rows) | {"widest": both.loc[ratio.idxmax()].to_dict() if len(both) else None}


def facts_of_boxes(rows: pd.DataFrame) -> dict[str, Any]:
    """Facts of several captions: how many systems have a box, which have none, and the ends of range and altitude."""
    both = find_boxes(rows)
    return {
        "boxes": both["system_id"].nunique(),
        "lacking": list(rows.loc[~rows["system_id"].isin(both["system_id"])].drop_duplicates("system_id")["name"]),
        "ranges": (both["range_km"].min(), both["range_km"].max()),
        "ceilings": (both["ceiling_km"].min(), both["ceiling_km"].max()),
    }

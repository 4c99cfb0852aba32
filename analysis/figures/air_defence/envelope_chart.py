"""Range and altitude of all systems in one picture for the browser, each layer to switch on and off."""

from collections.abc import Iterable, Sequence
from itertools import product
from math import log10
from typing import Any

import altair as alt
import pandas as pd

from analysis.air_defence.facts.envelope import PUBLISHED
from analysis.figures import charts, style
from analysis.figures.air_defence.reach import (
    ALTITUDE_KM,
    RANGE_KM,
    facts_of_boxes,
    find_boxes,
    find_corner,
    list_envelopes,
)
from analysis.figures.air_defence.words import BOUND_WORDS, LAYER_WORDS, TARGET_WORDS, name_system, write_km
from analysis.figures.captions import say

WIDTH, HEIGHT = 470, 400
LABEL_HEIGHT, LETTER_WIDTH, SCALE = 14.5, 5.9, 1.35  # pixels, and how much wider than drawn a page mostly shows it
LINES: dict[str, list[float]] = {
    "fielded in one of them": [1, 0],
    "funded or announced only": [6, 4],
    "lower end assumed": [1.5, 3],
    "a goal": [9, 3, 2, 3],
}
"""What a stroke of an edge means, and its dashes."""
FIELDED, COMING, ASSUMED, GOAL = LINES
MARKED = "datum.code === hovered || datum.code === chosen"
STRONG = f"(hovered === '' && chosen === '') || {MARKED}"
TIP = [alt.Tooltip(f"{name}:N", title=title) for name, title in
       {"name": "System", "tier": "Layer", "range": "Range", "ceiling": "Upper end", "floor": "Lower end",
        "state": "State"}.items()]  # fmt: skip


def plot_envelopes_by_layer(envelopes: pd.DataFrame, members: pd.DataFrame) -> alt.LayerChart:
    """Draw the envelopes of all listed systems over each other; a parameter for each layer says whether it is shown.

    Frames as for ``reach.plot_envelope_by_system``. The chart's parameters are ``show_<layer>`` (true or false),
    ``hovered`` and ``chosen`` (codes of systems).
    """
    rows = list_envelopes(envelopes, members)
    layers = find_layers(rows)
    chart = alt.layer(*_draw(layers), datasets=write_rows(rows)).properties(
        width=WIDTH, height=HEIGHT, title=alt.Title("Published range and altitude of interception", fontSize=13)
    )
    start = {"hovered": "", "chosen": "", "columns": 3} | {f"show_{layer}": True for layer in layers}
    chart = chart.add_params(*(alt.param(name=name, value=value) for name, value in start.items()))
    return charts.theme(chart).configure_legend(orient="bottom", columns=alt.ExprRef("columns === 1 ? 2 : 3"))


def control_layers(envelopes: pd.DataFrame, members: pd.DataFrame) -> charts.Controls:
    """Make a switch for each layer with a listed system, the highest first, all on, and a sentence a position.

    Six layers have 64 positions.
    """
    rows = list_envelopes(envelopes, members)
    layers = find_layers(rows)
    switches = [
        charts.Control(f"show_{layer}", LAYER_WORDS[layer], [False, True], ["off", "on"], start=1, kind="switch")
        for layer in layers
    ]
    positions = {
        ",".join(map(str, places)): [layer for layer, on in zip(layers, places, strict=True) if on]
        for places in product((0, 1), repeat=len(layers))
    }
    sentences = {place: say("reach.layers", facts_of_layers(rows, shown)) for place, shown in positions.items()}
    note = say("reach.chart_note", {"left": RANGE_KM[0], "bottom": ALTITUDE_KM[0]})
    return charts.Controls(switches, sentences, note)


def find_layers(rows: pd.DataFrame) -> list[str]:
    """Find the layers that intercept and have a row, the highest first.

    Examples
    --------
    >>> find_layers(pd.DataFrame({"layer": ["short", "exo", "not_applicable"]}))
    ['exo', 'short']
    """
    return [layer for layer in style.LAYER_COLOURS if layer in set(rows["layer"])]


def facts_of_layers(rows: pd.DataFrame, layers: Sequence[str]) -> dict[str, Any]:
    """Facts of ``reach.layers``: what the boxes of the layers that are on show (``reach.list_envelopes``)."""
    own = rows[rows["layer"].isin(layers)]
    both = find_boxes(own)
    return facts_of_boxes(own) | {
        "shown": [LAYER_WORDS[layer].lower() for layer in layers],
        "all_shown": len(layers) == len(find_layers(rows)),
        "systems": own["system_id"].nunique(),
        "assumed": both.loc[both["floor_assumed"].eq(True), "system_id"].nunique(),
    }


def _draw(layers: Sequence[str]) -> list[Any]:
    """The parts of the chart, the lowest first."""
    shown = " || ".join(f"(datum.layer === '{layer}' && show_{layer})" for layer in layers) or "false"
    tall = alt.Scale(type="log", domain=list(ALTITUDE_KM), nice=False)
    wide = alt.Scale(type="log", domain=list(RANGE_KM), nice=False)
    x = alt.X("x:Q", scale=wide, axis=_axis("Range, km (logarithmic)", [10, 100, 1000]))
    y = alt.Y("y:Q", scale=tall, axis=_axis("Altitude, km (logarithmic)", [1, 10, 100, 1000]))
    ends = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    scale = alt.Scale(domain=list(layers), range=[style.LAYER_COLOURS[layer] for layer in layers])
    names = {layer: LAYER_WORDS[layer] for layer in layers}
    legend = alt.Legend(title=None, labelExpr=f"({names})[datum.label]", symbolType="square", symbolOpacity=1)
    colour = alt.Color("colour:N", scale=None)
    fill = alt.Fill("layer:N", scale=scale, legend=legend)
    strokes = alt.Scale(domain=list(LINES), range=list(LINES.values()))
    dash = alt.StrokeDash("line:N", scale=strokes, legend=None)
    look = alt.condition(STRONG, alt.value(1), alt.value(0.12))

    def of(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name)).transform_filter(shown)

    fills = alt.condition(MARKED, alt.value(0.3), alt.value(0.06))
    boxes = of("boxes").mark_rect().encode(**ends, fill=fill, fillOpacity=fills, tooltip=TIP, order="place:Q")
    edges = of("edges").mark_rule(strokeWidth=1.3).encode(**ends, color=colour, strokeDash=dash, opacity=look)
    spreads = of("spreads").mark_rule(strokeWidth=3.5).encode(**ends, color=colour, opacity=look)
    arrows = of("open").mark_point(shape="triangle-up", size=38, filled=True)
    arrows = arrows.encode(x=x, y=y, color=colour, opacity=look)
    named = alt.condition(f"columns > 1 ? {STRONG} : {MARKED}", alt.value(1), alt.value(0))
    put: dict[str, Any] = {"align": "right", "baseline": "bottom", "dx": -2, "dy": -1, "fontSize": 10.5}
    written = {"x": x, "y": y, "text": "text:N", "opacity": named}
    halos = of("labels").mark_text(**put, stroke="white", strokeWidth=3.5, strokeJoin="round").encode(**written)
    labels = of("labels").mark_text(**put, color=style.INK).encode(**written, tooltip=TIP)
    return [boxes, edges, spreads, arrows, halos, labels]


def _axis(title: str, values: Sequence[int]) -> alt.Axis:
    return alt.Axis(title=title, values=list(values), format=",d")


def write_rows(rows: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Write the rows of the chart's data sets; small boxes come last, so that the pointer finds them.

    The sets are ``boxes``, ``edges``, ``spreads``, ``open`` (upper ends that are "at least") and ``labels``. Every row
    holds the ``code`` of its system, its ``layer`` and ``colour``; boxes and labels also what a pointer tells, and
    boxes their ``place`` above each other, which they keep when a layer comes back.
    """
    ordered = rows.sort_values(["ceiling_km", "range_km"], ascending=False, kind="stable")
    tips = [(row, _write_tip(row)) for row in ordered.itertuples()]
    boxed = [(row, tip) for row, tip in tips if row.status == row.range_status == PUBLISHED]
    labels = {
        row.system_id: _write_label(row, tip)
        for row, tip in reversed(tips)
        if PUBLISHED in (row.status, row.range_status)
    }
    marks = {row.Index: {name: tip[name] for name in ("code", "layer", "colour")} for row, tip in tips}
    return {
        "boxes": [tip | _write_box(row) | {"place": place} for place, (row, tip) in enumerate(boxed)],
        "edges": [marks[row.Index] | edge for row, _ in tips for edge in _write_edges(row)],
        "spreads": [marks[row.Index] | spread for row, _ in boxed for spread in _write_spreads(row)],
        "open": [
            marks[row.Index] | {"x": row.range_km, "y": row.ceiling_high_km * 1.12}
            for row, _ in boxed
            if row.ceiling_open
        ],
        "labels": place_labels(reversed(labels.values())),
    }


def place_labels(labels: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Move labels up or down, in steps of their height, until none stands on another.

    A label is ``text`` and its right end ``x, y`` in km; the first keep their places.

    Examples
    --------
    >>> first, second = place_labels([{"text": "a", "x": 10, "y": 10}, {"text": "b", "x": 10, "y": 10}])
    >>> first["y"], second["y"] < 10
    (10.0, True)
    """
    across, up = (SCALE * size / (log10(high) - log10(low)) for size, (low, high) in zip(
        (WIDTH, HEIGHT), (RANGE_KM, ALTITUDE_KM), strict=True))  # fmt: skip
    placed: list[tuple[float, float, float]] = []
    moved = []
    for label in labels:
        right, at = across * log10(label["x"]), up * log10(label["y"])
        left = right - LETTER_WIDTH * len(label["text"])
        for step in sorted(range(-12, 13), key=abs):
            y = at + step * LABEL_HEIGHT / 2
            if not any(left < r and lft < right and abs(y - other) < LABEL_HEIGHT for lft, r, other in placed):
                break
        placed.append((left, right, y))
        moved.append(label | {"y": float(f"{10 ** (y / up):.4g}")})
    return moved


def _write_tip(row: Any) -> dict[str, Any]:
    """What a reader sees when pointing at a system, beside its code and layer."""
    height, far = row.status == PUBLISHED, row.range_status == PUBLISHED
    tip = {"code": row.system_id, "name": name_system(row.name), "layer": row.layer, "tier": LAYER_WORDS[row.layer],
           "range": row.range_status, "ceiling": row.status, "floor": "not published",
           "colour": style.LAYER_COLOURS[row.layer], "state": FIELDED if row.fielded else COMING}  # fmt: skip
    if far:
        spread = write_km(row.range_low_km, row.range_km, row.range_high_km)
        tip["range"] = f"{_bound(row.range_bound)}{spread} km, {TARGET_WORDS[row.target_kind]}"
    if height:
        tip["ceiling"] = (
            f"{_bound(row.ceiling_bound)}{write_km(row.ceiling_low_km, row.ceiling_km, row.ceiling_high_km)} km"
        )
        tip["floor"] = f"{write_km(row.floor_low_km, row.floor_km, row.floor_high_km)} km"
        tip["floor"] += ", assumed" if row.floor_assumed else ", published"
    return tip


def _bound(bound: str) -> str:
    return "" if bound == "exact" else f"{BOUND_WORDS[bound]} "


def _write_box(row: Any) -> dict[str, Any]:
    left, bottom = find_corner(row)
    return {"x": left, "x2": row.range_km, "y": bottom, "y2": row.ceiling_km}


def _write_edges(row: Any) -> list[dict[str, Any]]:
    """The four edges of a box, or the one limit that is published."""
    line = FIELDED if row.fielded else COMING
    line = GOAL if row.ceiling_bound == "goal" else line
    height, far = row.status == PUBLISHED, row.range_status == PUBLISHED
    if height and far:
        left, bottom = find_corner(row)
        below = ASSUMED if row.floor_assumed else line
        ends = [
            (left, left, bottom, row.ceiling_km, line), (left, row.range_km, row.ceiling_km, row.ceiling_km, line),
            (row.range_km, row.range_km, bottom, row.ceiling_km, line), (left, row.range_km, bottom, bottom, below),
        ]  # fmt: skip
    elif far:
        ends = [(row.range_km, row.range_km, *ALTITUDE_KM, line)]
    else:
        ends = [(*RANGE_KM, row.ceiling_km, row.ceiling_km, line)] if height else []
    return [dict(zip(("x", "x2", "y", "y2", "line"), end, strict=True)) for end in ends]


def _write_spreads(row: Any) -> list[dict[str, Any]]:
    across = {"x": row.range_low_km, "x2": row.range_high_km, "y": row.ceiling_km, "y2": row.ceiling_km}
    up = {"x": row.range_km, "x2": row.range_km, "y": row.ceiling_low_km, "y2": row.ceiling_high_km}
    return [spread for spread in (across, up) if spread["x"] != spread["x2"] or spread["y"] != spread["y2"]]


def _write_label(row: Any, tip: dict[str, Any]) -> dict[str, Any]:
    """The name at the upper right corner of a box, or on the one limit that is published."""
    at = {
        "x": row.range_km if row.range_status == PUBLISHED else RANGE_KM[1],
        "y": row.ceiling_km if row.status == PUBLISHED else ALTITUDE_KM[1] * 0.7,
    }
    return tip | at | {"text": name_system(row.name, 24)}

"""Range and altitude of all systems in one picture for the browser, each layer to switch on and off."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures import charts, style
from analysis.figures.air_defence.envelope_rows import HEIGHT, LINES, WIDTH, write_rows
from analysis.figures.air_defence.envelopes import ALTITUDE_KM, RANGE_KM, find_boxes, list_rows, say_ends
from analysis.figures.air_defence.words import LAYER_COLOURS, LAYER_WORDS, name_system
from analysis.figures.words import write_list

NOTE = (
    "A box holds the envelope; its edges are claims of different sources, not one measured shape. Thick strokes: "
    "spread between sources. Dashed: planned only. Dotted below: the lower end is assumed. Dashes and dots: a goal. "
    "Triangle: at least this high. A single stroke: only that limit is published. Nothing is drawn left of 2 km and "
    "below 1 km. Point at a box or a name for its numbers."
)
MARKED = "datum.code === hovered || datum.code === chosen"
STRONG = f"(hovered === '' && chosen === '') || {MARKED}"
TIP = [alt.Tooltip(f"{name}:N", title=title) for name, title in
       {"name": "System", "tier": "Layer", "range": "Range", "ceiling": "Upper end", "floor": "Lower end",
        "state": "State"}.items()]  # fmt: skip


def plot_envelopes_by_layer(envelopes: pd.DataFrame, members: pd.DataFrame) -> alt.LayerChart:
    """Draw the envelopes of all listed systems over each other; a parameter for each layer says whether it is shown.

    Parameters
    ----------
    envelopes, members : pandas.DataFrame
        As for :func:`analysis.figures.air_defence.envelopes.plot_envelope_by_system`.

    Returns
    -------
    altair.LayerChart
        Parameters ``show_<layer>`` (true or false), ``hovered`` and ``chosen`` (codes of systems).
    """
    rows = list_rows(envelopes, members)
    layers = find_layers(rows)
    chart = alt.layer(*_draw(layers), datasets=write_rows(rows)).properties(
        width=WIDTH, height=HEIGHT, title=alt.Title("Published range and altitude of interception", fontSize=13)
    )
    start = {"hovered": "", "chosen": "", "columns": 3} | {f"show_{layer}": True for layer in layers}
    chart = chart.add_params(*(alt.param(name=name, value=value) for name, value in start.items()))
    return charts.theme(chart).configure_legend(orient="bottom", columns=alt.ExprRef("columns === 1 ? 2 : 3"))


def control_layers(envelopes: pd.DataFrame, members: pd.DataFrame) -> charts.Controls:
    """Make a switch for each layer that has a listed system, all on at first, with a sentence for each position.

    Parameters
    ----------
    envelopes, members : pandas.DataFrame
        As for :func:`plot_envelopes_by_layer`.

    Returns
    -------
    analysis.figures.charts.Controls
        The highest layer first; two positions for each layer, so 64 sentences at most.
    """
    rows = list_rows(envelopes, members)
    layers = find_layers(rows)
    switches = [
        charts.Control(f"show_{layer}", LAYER_WORDS[layer], [False, True], ["off", "on"], start=1, kind="switch")
        for layer in layers
    ]
    sentences = {
        ",".join(map(str, places)): describe_layers(rows, [layers[n] for n, on in enumerate(places) if on])
        for places in product((0, 1), repeat=len(layers))
    }
    return charts.Controls(switches, sentences, NOTE)


def find_layers(rows: pd.DataFrame) -> list[str]:
    """Find the layers that intercept and have a row, the highest first.

    Examples
    --------
    >>> find_layers(pd.DataFrame({"layer": ["short", "exo", "not_applicable"]}))
    ['exo', 'short']
    """
    return [layer for layer in LAYER_COLOURS if layer in set(rows["layer"])]


def describe_layers(rows: pd.DataFrame, layers: Sequence[str]) -> str:
    """Say what the boxes of some layers show, with their numbers.

    Parameters
    ----------
    rows : pandas.DataFrame
        From ``envelopes.list_rows``.
    layers : sequence of str
        Layers that are switched on.
    """
    if not layers:
        return "No layer is switched on."
    shown = rows[rows["layer"].isin(layers)]
    both = find_boxes(shown)
    every = shown["system_id"].nunique()
    names = "all layers" if len(layers) == len(find_layers(rows)) else "; ".join(LAYER_WORDS[x].lower() for x in layers)
    text = f"Shown: {names}. Range and altitude are both published for "
    if both.empty:
        return f"{text}none of {every} {'system' if every == 1 else 'systems'}."
    lacking = shown.loc[~shown["system_id"].isin(both["system_id"])].drop_duplicates("system_id")["name"]
    text += f"{both['system_id'].nunique()} of {every} {'system' if every == 1 else 'systems'}"
    text += f" (not for {write_list(lacking.map(name_system))}). " if len(lacking) else ". "
    assumed = both.loc[both["floor_assumed"].eq(True), "system_id"].nunique()
    return (
        f"{text}Ranges run from {say_ends(both['range_km'])} km, upper ends from {say_ends(both['ceiling_km'])} km. "
        f"The lower end is assumed for {assumed} and published for {both['system_id'].nunique() - assumed}."
    )


def _draw(layers: Sequence[str]) -> list[Any]:
    """The parts of the chart, the lowest first."""
    shown = " || ".join(f"(datum.layer === '{layer}' && show_{layer})" for layer in layers) or "false"
    tall = alt.Scale(type="log", domain=list(ALTITUDE_KM), nice=False)
    wide = alt.Scale(type="log", domain=list(RANGE_KM), nice=False)
    x = alt.X("x:Q", scale=wide, axis=_axis("Range, km (logarithmic)", [10, 100, 1000]))
    y = alt.Y("y:Q", scale=tall, axis=_axis("Altitude, km (logarithmic)", [1, 10, 100, 1000]))
    ends = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    scale = alt.Scale(domain=list(layers), range=[LAYER_COLOURS[layer] for layer in layers])
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
    labels = of("labels").mark_text(align="right", baseline="bottom", dx=-2, dy=-1, fontSize=10.5, color=style.INK)
    labels = labels.encode(x=x, y=y, text="text:N", opacity=named, tooltip=TIP)
    return [boxes, edges, spreads, arrows, labels]


def _axis(title: str, values: Sequence[int]) -> alt.Axis:
    return alt.Axis(title=title, values=list(values), format=",d")

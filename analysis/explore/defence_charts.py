"""What is shown of a defence: facts of its sentences, and linked charts that all read one state.

A move of a slider so sends a few numbers and words, and no chart.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES, RAIDS, THREAT_CLASSES
from analysis.air_defence.questions.uncertainty import BAND
from analysis.explore.defence import PRICE_YEAR, Band, Result
from analysis.figures import style
from analysis.figures.air_defence.leakage import name_threats
from analysis.figures.air_defence.leakage_chart import MOST_BARS, chart_leakers, write_leakers
from analysis.figures.charts import theme
from analysis.parameters import AirDefenceExploreParameters as Choices

WIDTH, HEIGHT = 340, 150
MARGIN = 150  # pixels beside the plots, for names of systems
LONGEST_NAME = 125
MOST_SYSTEMS = 16
TAIL = 0.95  # share of the raids of which the sentence gives the most leakers
OFTEN_SHORT = 0.5
EMPTY = {"first": 0, "pmf": [], "ends": [0, 1], "band": [], "mean": None, "on": [], "members": [], "work": []}


def facts_of_leakers(choices: Choices, result: Result, band: Band | None = None) -> dict[str, Any]:
    """Facts of ``explore.leakers``: how many leak, and how far that is known; without a band it keeps its place."""
    leakers, words = result.leakers, facts_of_nothing(choices)
    most = {"most": leakers.quantile(TAIL), "tail": TAIL, "none_leaks": leakers.probability_zero}
    classes = [
        {"name": name_threats(name), "leak": leak, "threats": result.raid[name]}
        for name, leak in result.by_class.items()
    ]
    words |= {"fitted": choices.inputs == "calibrated", "classes": classes}
    return words | most | {"total": sum(result.raid.values()), "mean": leakers.mean, "band": band, "inside": BAND}


def facts_of_work(result: Result) -> dict[str, Any]:
    """Facts of ``explore.work``: the raid, what stopping it costs, where rounds run out, and what is out of action."""
    rows = result.work.to_dict("records")  # plain sums: this is asked for at every move of a slider
    priced = [row for row in rows if pd.notna(row["cost_usd"])]
    million = {"low": "cost_low_usd", "best": "cost_usd", "high": "cost_high_usd"}
    return {
        "raid": {THREAT_CLASSES[name]: threats for name, threats in result.raid.items()},
        "spent": sum(row["spent"] for row in rows),
        "cost": {end: sum(row[column] for row in priced) / 1e6 for end, column in million.items()} if priced else None,
        "price_year": PRICE_YEAR,
        "unpriced": [row["name"] for row in rows if pd.isna(row["cost_usd"])],
        "short": [row["name"] for row in rows if row["short"] >= OFTEN_SHORT],
        "silent": result.silent,
    }


def facts_of_nothing(choices: Choices) -> dict[str, Any]:
    """Facts of ``explore.nothing``: an architecture no system of which engages any class of the raid."""
    return {"architecture": ARCHITECTURES[choices.architecture], "raid": RAIDS[choices.raid]}


def state_of(
    result: Result, members: Sequence[str], band: Sequence[float] = (), room: Sequence[float] = ()
) -> dict[str, Any]:
    """Put what the charts show into plain numbers, as the parameter ``state`` of :func:`draw_panel` takes them.

    ``members`` are the systems of the architecture, ``band`` both ends of the mean where they are known already, and
    ``room`` the band before, for which the axis keeps room while a new one is drawn.
    """
    work = result.work[["name", "killed", "spent", "short", "cost_usd"]].astype(object)
    leakers = write_leakers(result.leakers.pmf, result.leakers.mean, band, room, MOST_BARS)
    return leakers | {
        "on": list(result.work["system_id"]),
        "members": list(members),
        "work": work.where(work.notna(), None).to_dict("records"),
    }


def draw_panel(envelopes: pd.DataFrame) -> Any:
    """Put the three charts of a defence under each other; they share one state, as :func:`state_of` makes it.

    ``envelopes`` are those of ``envelope.range_altitude_envelopes``.
    """
    charts = alt.vconcat(chart_leakers(WIDTH, HEIGHT), chart_work(), chart_envelopes(envelopes), spacing=18)
    charts = charts.add_params(alt.param(name="state", value=EMPTY))
    charts = charts.resolve_scale(color="independent", fill="independent").properties(usermeta={"margin": MARGIN})
    return (
        theme(charts)
        .configure_title(anchor="start", frame="group", fontSize=13, subtitleColor=style.MUTED)
        .configure_legend(orient="bottom", columns=3, labelColor=style.MUTED)
    )


def chart_envelopes(envelopes: pd.DataFrame) -> Any:
    """Draw range and altitude of every system; systems out of action are pale, others' are not drawn."""
    columns = ["system_id", "name", "layer", "floor_km", "ceiling_km", "range_km", "floor_assumed"]
    boxes = envelopes[envelopes["layer"].isin(list(style.LAYER_COLOURS)) & envelopes["range_km"].notna()][columns]
    boxes = boxes.dropna(subset=["ceiling_km"]).sort_values("range_km", ascending=False, kind="stable")
    boxes = boxes.drop_duplicates("system_id").assign(near_km=0.0)
    scale = alt.Scale(domain=list(style.LAYER_COLOURS), range=list(style.LAYER_COLOURS.values()))
    legend = alt.Legend(title=None, labelExpr="replace(datum.label, '_', ' ')", symbolStrokeWidth=0)
    km = alt.Scale(type="symlog", constant=10)
    base = alt.Chart(boxes).transform_filter("indexof(state.members, datum.system_id) >= 0")
    base = base.transform_calculate(on="indexof(state.on, datum.system_id) >= 0")
    box = base.mark_rect(strokeWidth=1.5, fillOpacity=0.15).encode(
        x=alt.X("near_km:Q", title="Range, km (published; logarithmic beyond 10)", scale=km),
        x2="range_km:Q",
        y=alt.Y("floor_km:Q", title="Altitude, km", scale=km),
        y2="ceiling_km:Q",
        fill=alt.Fill("layer:N", legend=legend, scale=scale),
        stroke=alt.Stroke("layer:N", legend=None, scale=scale),
        opacity=alt.condition("datum.on", alt.value(1), alt.value(0.15)),
        tooltip=["name:N", "layer:N", "range_km:Q", "floor_km:Q", "ceiling_km:Q", "floor_assumed:N"],
    )
    return box.properties(
        width=WIDTH, height=HEIGHT + 30, title=alt.Title("Ranges and altitudes covered", subtitle="pale: out of action")
    )


def chart_work() -> Any:
    """Draw for each system the rounds that it spends and the threats that it stops, with their cost on hover."""
    rows = alt.Chart(alt.sequence(0, MOST_SYSTEMS, as_="place")).transform_filter("datum.place < length(state.work)")
    rows = rows.transform_calculate(
        system="state.work[datum.place].name",
        spent="state.work[datum.place].spent",
        stopped="state.work[datum.place].killed",
        cost="state.work[datum.place].cost_usd",
        short="state.work[datum.place].short",
    ).transform_fold(["spent", "stopped"], as_=["what", "number"])
    colours = style.EFFORT_COLOURS
    bars = rows.mark_bar().encode(
        y=alt.Y("system:N", title=None, sort=None).axis(labelLimit=LONGEST_NAME),
        yOffset="what:N",
        x=alt.X("number:Q", title="Rounds spent, threats stopped (means)"),
        color=alt.Color("what:N", title=None).scale(domain=list(colours), range=list(colours.values())),
        tooltip=[
            alt.Tooltip("system:N"),
            alt.Tooltip("spent:Q", title="rounds spent", format=".1f"),
            alt.Tooltip("stopped:Q", title="threats stopped", format=".1f"),
            alt.Tooltip("cost:Q", title="cost of rounds, USD", format=",.0f"),
            alt.Tooltip("short:Q", title="chance that rounds run out", format=".0%"),
        ],
    )
    return bars.properties(width=WIDTH, height=HEIGHT + 70, title="Which layer does the work")

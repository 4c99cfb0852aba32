"""How many threats leak, with doctrine and size of the raid to choose: a chart for the browser."""

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.air_defence.questions.uncertainty import BAND
from analysis.figures import charts, style
from analysis.figures.captions import say

WIDTH, HEIGHT, HEIGHT_BELOW = 500, 210, 130
MOST_BARS = 400
SMALLEST = 1e-4  # chances below this end the picture of a distribution


def plot_leakers_by_position(luck: pd.DataFrame, summary: pd.DataFrame) -> alt.VConcatChart:
    """Draw the leakers at a position of the controls, and below it the mean of every doctrine against the size.

    ``luck`` and ``summary`` are those of ``leakage.leakers_by_doctrine_and_size``. The parameters ``doctrine`` and
    ``size`` are places among the doctrines and among the sizes, in their order.
    """
    ways, sizes = _list_values(summary)
    positions = [[write_position(luck, summary, way, size) for size in sizes] for way in ways]
    most = max(len(position["pmf"]) for row in positions for position in row)
    own = _find_own(summary)
    params = [
        alt.param(name="doctrine", value=ways.index(own.case)),
        alt.param(name="size", value=sizes.index(own.percent)),
        alt.param(name="positions", value=positions),
        alt.param(name="state", expr="positions[doctrine][size]"),
    ]
    chart = alt.vconcat(chart_leakers(most_bars=most), _draw_means(summary, ways, sizes), spacing=16)
    chart = chart.resolve_scale(color="independent").add_params(*params)
    return charts.theme(chart).configure_title(anchor="start", frame="group", fontSize=13, subtitleColor=style.MUTED)


def control_positions(summary: pd.DataFrame) -> charts.Controls:
    """Make the choice of a doctrine and of a size, both at the case's own at first, with a sentence for each position.

    ``summary`` is that of ``leakage.leakers_by_doctrine_and_size``.
    """
    ways, sizes = _list_values(summary)
    own = _find_own(summary)
    threats = summary.drop_duplicates("percent").set_index("percent")["threats"]
    labels = [f"{threats[size]:,} threats ({size} %)" for size in sizes]
    controls = [
        charts.Control("doctrine", "Doctrine", list(range(len(ways))), ways, ways.index(own.case), "select"),
        charts.Control("size", "Raid (100 %: this page's)", list(range(len(sizes))), labels, sizes.index(own.percent)),
    ]
    sentences = {
        f"{ways.index(row.case)},{sizes.index(row.percent)}": say("leakage.position", {"row": row})
        for row in summary.itertuples()
    }
    return charts.Controls(controls, sentences, say("leakage.note", {"inside": BAND}))


def write_position(luck: pd.DataFrame, summary: pd.DataFrame, way: str, size: int) -> dict[str, Any]:
    """Write what :func:`chart_leakers` shows of a doctrine (``case``) and a size (``percent``) as plain numbers."""
    row = summary[(summary["case"] == way) & (summary["percent"] == size)].iloc[0]
    here = luck[(luck["case"] == way) & (luck["percent"] == size)]
    return write_leakers(here["chance"].to_numpy(), row["mean"], (row["mean_low"], row["mean_high"]))


def write_leakers(
    pmf: np.ndarray, mean: float, band: Sequence[float] = (), room: Sequence[float] = (), most_bars: int | None = None
) -> dict[str, Any]:
    """Write a distribution of leakers for :func:`chart_leakers` as plain numbers.

    ``pmf`` holds the chances of 0, 1, 2 ... leakers, ``band`` both ends of their mean for what is not known, ``room``
    leakers for which the axis keeps room besides; at most ``most_bars`` are written.

    Examples
    --------
    >>> write_leakers(np.array([0, 0.25, 0.75]), 1.75, band=(1.2, 3))
    {'first': 1, 'pmf': [0.25, 0.75], 'ends': [0.5, 3.0], 'band': [1.2, 3.0], 'mean': 1.75}
    """
    seen = np.flatnonzero(pmf >= SMALLEST)
    first, last = int(seen[0]), int(seen[-1])
    last = last if most_bars is None else min(last, first + most_bars - 1)
    shown = [first - 0.5, last + 0.5, *band, *room]
    return {
        "first": first,
        "pmf": [round(float(chance), 5) for chance in pmf[first : last + 1]],
        "ends": [round(float(end), 2) for end in (min(shown), max(shown))],
        "band": [round(float(end), 2) for end in band],
        "mean": round(float(mean), 2),
    }


def chart_leakers(width: int = WIDTH, height: int = HEIGHT, most_bars: int = MOST_BARS) -> Any:
    """Draw the distribution of leakers as bars, their mean as a line and what is not known as a band.

    It reads a parameter ``state`` of the chart that holds it, as :func:`write_leakers` makes it.
    """
    shown = alt.Chart(alt.sequence(0, most_bars, as_="place")).transform_filter("datum.place < length(state.pmf)")
    shown = shown.transform_calculate(leakers="state.first + datum.place", chance="state.pmf[datum.place]")
    shown = shown.transform_calculate(begin="datum.leakers - 0.5", end="datum.leakers + 0.5")
    ends = alt.Scale(domain=[alt.ExprRef("state.ends[0]"), alt.ExprRef("state.ends[1]")], nice=False, zero=False)
    leakers: dict[str, Any] = {"title": "Threats that leak", "scale": ends}
    bars = shown.mark_rect(color=style.LUCK, stroke="white", strokeWidth=0.5).encode(
        x=alt.X("begin:Q", **leakers).axis(format="d", tickMinStep=1),
        x2="end:Q",
        y=alt.Y("chance:Q", title="Chance").axis(format="~%", tickCount=4),
        y2=alt.datum(0),
        tooltip=[alt.Tooltip("leakers:Q"), alt.Tooltip("chance:Q", format=".1%")],
    )
    one = alt.Chart(alt.sequence(0, 1, as_="place"))
    known = one.transform_filter("length(state.band) == 2")
    known = known.transform_calculate(low="state.band[0]", high="state.band[1]")
    band = known.mark_rect(color=style.NOT_KNOWN, opacity=0.25).encode(x=alt.X("low:Q", **leakers), x2="high:Q")
    mean = one.transform_calculate(mean="state.mean").mark_rule(color=style.INK, strokeWidth=2)
    mean = mean.encode(x=alt.X("mean:Q", **leakers))
    title = alt.Title("How many threats leak", subtitle="bars: luck; line: mean; band: what is not known")
    return alt.layer(band, bars, mean).properties(width=width, height=height, title=title)


def _draw_means(summary: pd.DataFrame, ways: list[str], sizes: list[int]) -> Any:
    """The mean of every doctrine against the size; the chosen doctrine is strong, the chosen size is marked."""
    numbers = summary[["case", "threats", "mean", "mean_low", "mean_high"]].round(3)
    places = {"way": summary["case"].map(ways.index), "at": summary["percent"].map(sizes.index)}
    rows = alt.Chart(numbers.assign(**places))
    x = alt.X("threats:Q", title="Threats in the raid", scale=alt.Scale(nice=False, zero=False)).axis(grid=False)
    chosen = rows.transform_filter("datum.way === doctrine")
    band = chosen.mark_area(color=style.NOT_KNOWN, opacity=0.25).encode(
        x=x, y=alt.Y("mean_low:Q", title="Leakers, mean"), y2="mean_high:Q"
    )
    colours = alt.Scale(domain=ways, range=list(islice(cycle(style.WAY_COLOURS), len(ways))))
    colour = alt.Color("case:N", scale=colours).legend(title=None, orient="bottom")
    strong = alt.condition("datum.way === doctrine", alt.value(1), alt.value(0.45))
    lines = rows.mark_line(strokeWidth=2).encode(x=x, y="mean:Q", color=colour, opacity=strong)
    marked = chosen.transform_filter("datum.at === size")
    point = marked.mark_point(filled=True, size=80, color=style.INK, opacity=1).encode(
        x=x,
        y="mean:Q",
        tooltip=[
            alt.Tooltip("case:N", title="Doctrine"),
            alt.Tooltip("threats:Q", title="Threats"),
            alt.Tooltip("mean:Q", title="Leakers, mean", format=".2f"),
        ],
    )
    title = alt.Title("At every size", subtitle="lines: means; band: what is not known")
    return alt.layer(band, lines, point).properties(width=WIDTH, height=HEIGHT_BELOW, title=title)


def _list_values(summary: pd.DataFrame) -> tuple[list[str], list[int]]:
    return summary["case"].drop_duplicates().tolist(), summary["percent"].drop_duplicates().tolist()


def _find_own(summary: pd.DataFrame) -> Any:
    """The row of the case as it was given; failing that, the first of the same size, and the first row."""
    order = summary.assign(other=summary["percent"] != 100).sort_values(["own", "other"], ascending=[False, True])
    return next(order.itertuples())

"""Interactive charts: one look, controls for a page, and a static figure beside each for where no script runs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import altair as alt
from IPython.display import display
from matplotlib.figure import Figure

from analysis.errors import ParameterError
from analysis.figures import style
from analysis.figures.chart_files import CHART_MIME


@dataclass(frozen=True)
class Control:
    """A control beside a chart on a page.

    Attributes
    ----------
    param : str
        The chart's parameter that it sets.
    label : str
        What a reader sees and a screen reader says.
    values : sequence
        What the parameter may be; a switch has the value when off, then when on.
    labels : sequence of str
        What each value is called, as many as values.
    start : int
        Place of the value at first.
    kind : {"slider", "select", "switch"}
        How it looks.
    play : bool
        Has the slider a button that moves it on its own.
    """

    param: str
    label: str
    values: Sequence[Any]
    labels: Sequence[str]
    start: int = 0
    kind: Literal["slider", "select", "switch"] = "slider"
    play: bool = False

    def __post_init__(self) -> None:
        if len(self.values) != len(self.labels) or not 0 <= self.start < len(self.values):
            raise ParameterError(
                f"{self.label}: {len(self.values)} values, {len(self.labels)} labels, start = {self.start}; give each "
                "value a label, and the place of one of them as start."
            )


@dataclass(frozen=True)
class Controls:
    """The controls of one chart, and the sentence for each of their positions.

    Attributes
    ----------
    controls : sequence of Control
        In the order in which they stand.
    sentences : mapping
        Places of all controls, joined by commas (``"3"``, ``"0,2"``), to the sentence that describes the chart then.
    note : str
        Source and caveats, in small letters beneath the chart, as on the figure.
    """

    controls: Sequence[Control] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def show(
    chart: alt.TopLevelMixin,
    figure: Figure,
    description: str,
    controls: Controls | None = None,
    data: style.Data | None = None,
) -> None:
    """Show an interactive chart where scripts run on a page, and a figure everywhere else.

    Parameters
    ----------
    chart : altair chart
        Holds its own data; no address is ever asked.
    figure : matplotlib Figure
        The same in its first state: shown in a notebook, on paper, and without scripts.
    description : str
        What the figure shows, with its numbers, from ``captions.say``.
    controls : Controls, optional
        What a reader of the page may move.
    data : DataFrame, Series, or mapping of name to these, optional
        As for :func:`analysis.figures.style.show`.
    """
    content, metadata = style.bundle(figure, description, data)
    spec = json.dumps(write_spec(chart), ensure_ascii=False)  # as text: every step of a run copies what an output holds
    written = {"spec": spec, **asdict(controls or Controls())}
    display(content | {CHART_MIME: written}, metadata=metadata, raw=True)


def theme(chart: Any) -> Any:
    """Give a chart the house's look.

    Examples
    --------
    >>> bars = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q")
    >>> theme(bars).to_dict()["config"]["font"]
    'sans-serif'
    """
    words: dict[str, Any] = {
        "labelColor": style.MUTED,
        "titleColor": style.INK,
        "labelFontSize": 11,
        "titleFontSize": 12,
    }
    axis: dict[str, Any] = words | {
        "gridColor": style.GRID,
        "domainColor": style.GRID,
        "tickColor": style.GRID,
        "titleFontWeight": "normal",
    }
    title: dict[str, Any] = {"color": style.INK, "anchor": "start", "fontSize": 15, "fontWeight": "bold"}
    return chart.configure(
        font="sans-serif", background="white", axis=alt.AxisConfig(**axis), title=alt.TitleConfig(**title),
        legend=alt.LegendConfig(**words), view=alt.ViewConfig(stroke=None),
    )  # fmt: skip


def write_spec(chart: Any) -> dict[str, Any]:
    """Write a chart as a Vega-Lite specification that holds its data.

    Examples
    --------
    >>> bars = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q")
    >>> write_spec(bars)["mark"]["type"]
    'bar'
    """
    data, bare = chart["datasets"], chart.copy(deep=False)
    if data is alt.Undefined:
        return chart.to_dict()
    bare["datasets"] = alt.Undefined  # rows need neither the copies nor the checks that a description needs
    spec = bare.to_dict()
    return spec | {"datasets": spec.get("datasets", {}) | data}

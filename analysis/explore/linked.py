"""A chart in JupyterLab that follows a slider in the browser, without a question to the kernel."""

from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import ipywidgets as widgets
import traitlets
import vl_convert

from analysis.figures import chart_files
from analysis.figures.charts import write_spec

SCRIPT = Path(__file__).parent / "linked.js"


@cache
def _bundle() -> str:
    snippet = chart_files.SCRIPT.read_text(encoding="utf-8") + SCRIPT.read_text(encoding="utf-8")
    return vl_convert.javascript_bundle(snippet)


class LinkedChart(anywidget.AnyWidget):
    """A chart whose parameters, choice and data are traits; only what changes is sent, and drawn.

    Parameters
    ----------
    chart : altair chart
        May have parameters ``day`` and ``chosen``, a selection ``brush`` over ``day``, and others for ``values``.
    least_height : int
        Pixels kept free from the start, so that nothing jumps when the chart appears.
    **traits
        ``slider`` (a widget whose value is the day), ``values``, ``tables``, ``chosen``; ``above`` and ``below``, words
        that change in the same message as the chart, and ``least_above``, the room kept for those above, in em.

    Notes
    -----
    Altair's own JupyterChart can be moved through Python alone. Here the chart reads the day from the slider itself, so
    that it follows even while the kernel is busy, and no message is spent on it. It is as wide as its room, and drawn
    anew when that changes. Vega comes with the chart: no network is needed.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)
    tables = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    slider = traitlets.Instance(widgets.Widget, allow_none=True).tag(sync=True, **widgets.widget_serialization)
    chosen = traitlets.Unicode("").tag(sync=True)
    brush: traitlets.List = traitlets.List().tag(sync=True)
    above = traitlets.Unicode("").tag(sync=True)
    below = traitlets.Unicode("").tag(sync=True)
    least_above = traitlets.Float(0.0).tag(sync=True)
    least_height = traitlets.Int(300).tag(sync=True)
    tooltip_style = traitlets.Unicode(chart_files.STYLE.read_text(encoding="utf-8")).tag(sync=True)

    def __init__(self, chart: alt.TopLevelMixin, least_height: int = 300, **traits: Any) -> None:
        super().__init__(_esm=_bundle(), spec=write_spec(chart), least_height=least_height, **traits)

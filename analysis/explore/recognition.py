"""Explore who recognises whom: choices, a day that moves, linked maps, the history of a state, pinned cases."""

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from analysis.errors import DomesError
from analysis.explore.cases import PINNED
from analysis.explore.linked import LinkedChart
from analysis.explore.pinning import Pinboard
from analysis.explore.ties import Ties, name_day, number_day
from analysis.facts import Facts
from analysis.figures import style
from analysis.figures.captions import say
from analysis.figures.recognition.linked import write_note
from analysis.parameters import RecognitionMapParameters
from analysis.recognition.facts.choices import CONFIDENCES, ENTITIES, KINDS, RULES

DAYS_A_STEP, MS_A_STEP = 61, 90
LEAST_HEIGHT = 380
WIDE = {"description_width": "initial"}
TO_ENTITY = {"recognition": "recognition", "relations": "diplomatic relations"}


class Explorer:
    """The controls and the chart; what is chosen stands in ``case``.

    Parameters
    ----------
    facts : Facts
        The tables of ``recognition/``.
    params : Parameters
        The choices at first: entity, on, kind, rule, minimum_confidence.
    until : str
        Last day of the data, YYYY-MM-DD.
    folder : pathlib.Path
        Where pinned cases go.
    """

    def __init__(self, facts: Facts, params: Any, until: str, folder: Path = PINNED) -> None:
        self.ties = Ties(facts, until)
        self.case = RecognitionMapParameters(**params.model_dump())
        self._make_controls()
        chart = self.ties.plot(self.case)
        self.chart = LinkedChart(chart, LEAST_HEIGHT, slider=self.slider)
        widgets.jsdlink((self.play, "value"), (self.slider, "value"))
        self.pinboard = Pinboard(self.case.notebook, lambda: self.case, self.set_case, folder)
        self._observe()
        self._tell()
        self._tell_history()

    def show(self, figure: Figure, description: str, data: style.Data | None = None) -> None:
        """Show the controls where widgets work, and a figure with its sentence and its data everywhere else."""
        content, metadata = style.bundle(figure, description, data)
        display(self.view()._repr_mimebundle_() | content, metadata=metadata, raw=True)

    def view(self) -> widgets.VBox:
        """Lay out the controls and the chart."""
        choices = _row(
            self.choosers["entity"], self.choosers["kind"], self.choosers["rule"], self.choosers["minimum_confidence"]
        )
        days = _row(self.play, self.slider, self.picker)
        looking = _row(self.search, self.found)
        return widgets.VBox(
            [
                choices,
                days,
                self.sentence,
                self.chart,
                widgets.HTML(f'<div style="font-size: smaller; line-height: 1.4">{escape(write_note())}</div>'),
                looking,
                self.pinboard.view(),
                self.history,
            ],
            layout={"overflow": "hidden"},
        )

    def set_case(self, case: RecognitionMapParameters) -> None:
        """Take over all choices of a case."""
        with self._held():
            for name, chooser in self.choosers.items():
                chooser.value = getattr(case, name)
            self.slider.value = number_day(case.day)
        self._choose()

    def _make_controls(self) -> None:
        options = {
            "entity": [(f"{name} ({code})", code) for code, name in ENTITIES.items()],
            "kind": [(TO_ENTITY[kind], kind) for kind in KINDS],
            "rule": [(f"{rule}: {words}", rule) for rule, words in RULES.items()],
            "minimum_confidence": [(level, level) for level in CONFIDENCES],
        }
        labels = {"entity": "Entity", "kind": "What counts", "rule": "Rule", "minimum_confidence": "Least confidence"}
        self.choosers = {
            name: widgets.Dropdown(
                options=options[name], value=getattr(self.case, name), description=label, style=WIDE,
                layout={"width": "auto", "max_width": "24rem"},
            )
            for name, label in labels.items()
        }  # fmt: skip
        first, last = self.ties.span
        last, day = max(last, number_day(self.case.day)), number_day(self.case.day)
        self.play = widgets.Play(value=day, min=first, max=last, step=DAYS_A_STEP, interval=MS_A_STEP, tooltip="Play")
        self.slider = widgets.IntSlider(
            value=day, min=first, max=last, description="Day", readout=False, layout={"flex": "1 1 auto"}
        )
        self.picker = widgets.DatePicker(
            value=date.fromisoformat(self.case.day), description="Exact day", style=WIDE, layout={"width": "15rem"},
            min=date.fromisoformat(name_day(first)), max=date.fromisoformat(name_day(last)),
        )  # fmt: skip
        names = sorted(map(self.ties.write_name, self.ties.names))
        self.search = widgets.Combobox(
            options=names, description="Find a state", placeholder="name or code, such as Honduras or HND",
            continuous_update=False, style=WIDE, layout={"width": "24rem"},
        )  # fmt: skip
        self.sentence = widgets.HTML(layout={"min_height": "4.4em", "width": "100%"})
        self.found = widgets.HTML(layout={"min_height": "3.2em", "flex": "1 1 auto"})
        self.history = widgets.HTML(layout={"max_height": "17rem", "overflow": "auto", "width": "100%"})

    def _observe(self) -> None:
        self._moves = True
        for chooser in self.choosers.values():
            chooser.observe(lambda _: self._choose(), "value")
        self.slider.observe(lambda _: self._move(), "value")
        self.picker.observe(self._pick, "value")
        self.search.observe(self._search, "value")
        self.chart.observe(lambda _: self._tell_history(), "chosen")
        self.chart.observe(self._brush, "brush")

    def _held(self) -> "_Held":
        return _Held(self)

    def _choose(self) -> None:
        """Another entity, kind, rule or confidence: send the rows that differ, and nothing else."""
        if not self._moves:
            return
        self._take()
        self.chart.tables = self.ties.write_tables(self.case)
        self.chart.values = {"entity": self.case.entity}
        self._tell()

    def _move(self) -> None:
        """Another day: the chart has moved by itself, the words follow."""
        if not self._moves:
            return
        self._take()
        self._tell()

    def _take(self) -> None:
        chosen = {name: chooser.value for name, chooser in self.choosers.items()}
        self.case = RecognitionMapParameters(**chosen, day=name_day(self.slider.value))
        with self._held():
            self.play.value = self.slider.value  # it plays from here
            self.picker.value = date.fromisoformat(self.case.day)

    def _pick(self, change: dict[str, Any]) -> None:
        if self._moves and change["new"]:
            self.slider.value = min(max(number_day(change["new"]), self.slider.min), self.slider.max)

    def _search(self, change: dict[str, Any]) -> None:
        if not change["new"].strip():
            self.chart.chosen = ""
            return
        try:
            self.chart.chosen = self.ties.find_code(change["new"])
        except DomesError as error:
            self.found.value = _paragraph(str(error))

    def _brush(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.slider.value = min(max(round(change["new"][1]), self.slider.min), self.slider.max)
        self._tell()

    def _tell(self) -> None:
        sentences = [self.ties.describe(self.case), *self.ties.list_limits(self.case)]
        if self.chart_brush:
            begin, end = (name_day(round(day)) for day in self.chart_brush)
            sentences.append(say("recognition_map.brush", {"begin": begin, "end": end}))
        self.sentence.value = _paragraph(*sentences)
        self._tell_state()

    @property
    def chart_brush(self) -> list[float]:
        """First and last day of the brush on the curve; empty without one."""
        return list(self.chart.brush)

    def _tell_state(self) -> None:
        code = self.chart.chosen
        known = code in self.ties.names
        words = self.ties.describe_state(self.case, code) if known else say("recognition_map.hint", {})
        self.found.value = _paragraph(words)

    def _tell_history(self) -> None:
        code = self.chart.chosen
        self._tell_state()
        if code not in self.ties.names:
            self.history.value = ""
            return
        name = self.ties.write_name(code)
        if self.search.value != name:
            self.search.value = name
        self.history.value = _list_in_html(self.ties.list_history(code), f"All acts of {name} on record")


class _Held:
    """While one control is set from another, their observers stand still."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer

    def __enter__(self) -> None:
        self.explorer._moves = False

    def __exit__(self, *_: object) -> None:
        self.explorer._moves = True


def _row(*parts: widgets.Widget) -> widgets.HBox:
    return widgets.HBox(parts, layout={"width": "100%", "flex_flow": "row wrap", "align_items": "center"})


def _paragraph(*sentences: str) -> str:
    inside = "<br>".join(map(escape, sentences))
    return f'<div role="status" style="line-height: 1.4; max-width: 75rem">{inside}</div>'


def _list_in_html(table: pd.DataFrame, title: str) -> str:
    if table.empty:
        return f"<b>{escape(title)}</b><br>None."
    look = 'style="text-align: left; vertical-align: top; padding: 0 1em 0.2em 0; line-height: 1.35"'
    head = "".join(f"<th {look}>{escape(name)}</th>" for name in ("Date", *table.columns))
    rows = "".join(
        "<tr>" + "".join(f"<td {look}>{escape(str(word))}</td>" for word in row) + "</tr>" for row in table.itertuples()
    )
    return f"<b>{escape(title)}</b><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

"""Explore a defence in JupyterLab: two cases side by side, exact answers while a slider moves, bands a moment later."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES, DOCTRINES, RAIDS
from analysis.air_defence.questions.cases import Case
from analysis.case_in_use import use
from analysis.explore.cases import PINNED
from analysis.explore.defence import Band, Question, Ready, Result, band_of, build, draw_bands, solve
from analysis.explore.defence_charts import (
    EMPTY,
    draw_panel,
    facts_of_leakers,
    facts_of_nothing,
    facts_of_work,
    state_of,
)
from analysis.explore.linked import LinkedChart
from analysis.explore.own_panel import OwnPanel
from analysis.explore.own_values import OWN_RAID, OwnValues
from analysis.explore.pinning import Pinboard
from analysis.facts import Facts
from analysis.figures import style
from analysis.figures.air_defence.leakage_by_class import STATE_WORDS
from analysis.figures.captions import say
from analysis.parameters import AirDefenceExploreParameters as Choices

BAND_DRAWS, BAND_SEED = 256, 7
PAUSE_S = 0.15  # without a move, before the band is drawn
BREATH_S = 0.005  # between a few draws and the next, for moves that wait
OTHER_INPUTS = ("architecture", "raid", "inputs", "programme_state", "coverage_scope", "allotment")
OTHER_SYSTEMS = ("architecture", "programme_state")
"""Choices after which a system has other inputs to begin with, and after which other systems count."""
LEAST_HEIGHT, LEAST_WIDTH, LEAST_WORDS = 620, "400px", 11.2
COLUMNS = "repeat(auto-fill, minmax(180px, 1fr))"
WIDE = widgets.Layout(width="100%")
INPUT_WORDS = {"calibrated": "fitted to raids that happened", "assumed": "assumed"}
RAIDS_WORDS = {True: "as those that happened", False: "not at all: luck of single shots alone"}
ALLOTMENT_WORDS = {"proportional": "to classes in proportion", "ballistic_first": "to ballistic missiles first"}
COVERAGE_WORDS = {"layer": "each layer for itself", "place": "one place, local layers together"}
SCOPE_WORDS = {"layer": "each layer on its own", "threat": "one track a threat", "raid": "one event a raid"}


class DefencePanel:
    """Controls, sentence and charts of one case.

    Attributes
    ----------
    choices : AirDefenceExploreParameters
        What is chosen now.
    result : Result
        What follows from it; where no system engages a class of the raid everything leaks, and the sentence says so.
    view : ipywidgets.Widget
        What is shown.
    """

    def __init__(self, choices: Choices, ready: Ready, title: str, own: OwnValues | None = None) -> None:
        self.choices, self.ready, self.title, self.own = choices, ready, title, own
        self.when_chosen: Callable[[], None] = lambda: None
        self.when_answered: Callable[[Result], None] = lambda _: None
        self.result: Result | None = None
        self._waiting: asyncio.Task | None = None
        self._filling = False
        self._named_raid = choices.raid
        self._most_systems = ready.most_systems
        self.controls = _make_controls(choices)
        self.systems = widgets.GridBox(layout=widgets.Layout(grid_template_columns=COLUMNS, min_height="96px"))
        self._room: tuple[float, ...] = ()
        self.chart = LinkedChart(
            draw_panel(ready.envelopes), LEAST_HEIGHT, values={"state": EMPTY}, least_above=LEAST_WORDS
        )
        for control in self.controls.values():
            control.observe(self._read, "value")
        self._list_systems()
        self.view = widgets.VBox(
            [
                widgets.HTML(f"<h3>{escape(title)}</h3>"),
                *self.controls.values(),
                widgets.Label("Systems in action"),
                self.systems,
                self.chart,
            ],
            layout=widgets.Layout(flex=f"1 1 {LEAST_WIDTH}", min_width="0", padding="0 12px 0 0", overflow="hidden"),
        )
        self.update()

    @property
    def name(self) -> str:
        """The architecture in words."""
        with self._named():
            return ARCHITECTURES[self.choices.architecture]

    def _named(self) -> AbstractContextManager[None]:
        """Let names of the user's own stand in choices and sentences."""
        return use(self.own.in_use if self.own else None)

    def base_case(self) -> Case:
        """Give the case without the inputs that were moved."""
        with self._named():
            raid = self.own.raid if self.own and self.choices.raid == OWN_RAID else None
            return self.ready.case(self.choices, raid)

    def follow_own(self, anew: bool) -> None:
        """Follow values of the user's own; ``anew`` where tables or names are others now."""
        if anew and self.own:
            if self.ready.facts is not self.own.facts:
                self.ready = Ready(self.own.facts)
            self._offer_names()
            self._list_systems()
        self.update()

    def _offer_names(self) -> None:
        """Offer architectures and raids of the user's own too, and the own raid once there is one."""
        assert self.own
        with self._named():
            names = {"architecture": dict(ARCHITECTURES), "raid": dict(RAIDS)}
        values = self.choices.model_dump()
        before = values["raid"]
        if self.own.raid is not None:
            values["raid"] = OWN_RAID
        elif before == OWN_RAID and OWN_RAID not in names["raid"]:
            values["raid"] = self._named_raid
        self._named_raid = before if before != OWN_RAID else self._named_raid
        for name, words in names.items():
            values[name] = values[name] if values[name] in words else next(iter(words))
        self._filling = True
        for name, words in names.items():
            self.controls[name].options = [(text, code) for code, text in words.items()]
            self.controls[name].value = values[name]
        self._filling = False
        if values["raid"] != before or values["architecture"] != self.choices.architecture:
            with self._named():
                self.choices = Choices(**values)

    def choose(self, choices: Choices) -> None:
        """Set every control to a case, such as one that was loaded."""
        self._filling = True
        for name, control in self.controls.items():
            control.value = getattr(choices, name)
        self._filling = False
        self.choices = choices
        self._list_systems()
        self.update()
        self.when_chosen()

    def update(self) -> None:
        """Go the way down: choices, then a question, then its answer, then charts; the band when nothing moves."""
        if self._waiting:
            self._waiting.cancel()
        with self._named():
            self._answer()

    def _answer(self) -> None:
        question = build(self.choices, self.ready, self.own)
        self.result = solve(question)
        self.when_answered(self.result)
        if not question.case.defence.layers:
            self._tell(EMPTY, say("explore.nothing", facts_of_nothing(self.choices)))
            return
        self._show(self.result, None)
        try:
            self._waiting = asyncio.get_running_loop().create_task(self._add_band(question, self.result))
        except RuntimeError:
            self._waiting = None  # outside JupyterLab nothing moves, and nothing waits

    async def _add_band(self, question: Question, result: Result) -> None:
        await asyncio.sleep(PAUSE_S)
        draws = None
        for so_far in draw_bands(question, BAND_DRAWS, BAND_SEED):
            draws = so_far
            await asyncio.sleep(BREATH_S)  # a slider that moves now cancels the rest
        if draws is not None:
            with self._named():
                self._show(result, band_of(draws))

    def _show(self, result: Result, band: Band | None) -> None:
        ends = (band.low, band.high) if band else ()
        self._room = ends or self._room
        state = state_of(result, self.members, ends, self._room)
        above = say("explore.leakers", facts_of_leakers(self.choices, result, band))
        self._tell(state, above, say("explore.work", facts_of_work(result)))

    def _tell(self, state: dict[str, Any], above: str, below: str = "") -> None:
        with self.chart.hold_sync():  # one message
            self.chart.values, self.chart.above, self.chart.below = {"state": state}, above, below

    def _read(self, change: dict[str, Any]) -> None:
        if self._filling:
            return
        values = {name: control.value for name, control in self.controls.items()}
        others = change["owner"] in [self.controls[name] for name in OTHER_SYSTEMS]
        if others:
            values["systems_off"] = []
        with self._named():
            self.choices = Choices(**(self.choices.model_dump() | values))
        if others:
            self._list_systems()
        self.update()
        if change["owner"] in [self.controls[name] for name in OTHER_INPUTS]:
            self.when_chosen()

    def _list_systems(self) -> None:
        with self._named():
            self.members = list(self.ready.rounds(self.choices.architecture, self.choices.programme_state)["system_id"])
        boxes = []
        for system in self.members:
            on = system not in self.choices.systems_off
            box = widgets.Checkbox(on, description=self.ready.names[system], indent=False)
            box.tooltip = self.ready.names[system]
            box.layout.width = "auto"
            box.observe(self._switch, "value")
            boxes.append(box)
        spare = [widgets.Label() for _ in range(self._most_systems - len(boxes))]  # so that both cases stay level
        self.systems.children = boxes + spare

    def _switch(self, _: dict[str, Any]) -> None:
        off = [system for system, box in zip(self.members, self.systems.children, strict=False) if not box.value]
        with self._named():
            self.choices = Choices(**(self.choices.model_dump() | {"systems_off": off}))
        self.update()


def _make_controls(choices: Choices) -> dict[str, widgets.Widget]:
    """Make a labelled control for every choice but the systems; keys reach all of them."""
    named = {"style": {"description_width": "165px"}, "layout": WIDE}

    def menu(name: str, label: str, words: Mapping[Any, str]) -> widgets.Widget:
        options = [(text, code) for code, text in words.items()]
        return widgets.Dropdown(options=options, value=getattr(choices, name), description=label, **named)

    def slider(name: str, label: str, low: int, high: int) -> widgets.Widget:
        value = getattr(choices, name)
        return widgets.IntSlider(value, low, high, description=label, continuous_update=True, **named)

    return {
        "architecture": menu("architecture", "Architecture", ARCHITECTURES),
        "raid": menu("raid", "Raid, notional mix", RAIDS),
        "raid_percent": slider("raid_percent", "Size of the raid, %", 10, 500),
        "doctrine": menu("doctrine", "Shot doctrine", {name: name for name in DOCTRINES}),
        "shots": slider("shots", "Shots for a threat", 1, 4),
        "track_scope": menu("track_scope", "What fails together", SCOPE_WORDS),
        "inputs": menu("inputs", "Kill, track, coverage", INPUT_WORDS),
        "programme_state": menu("programme_state", "What counts", STATE_WORDS),
        "coverage_scope": menu("coverage_scope", "Coverage", COVERAGE_WORDS),
        "raid_correlation": menu("raid_correlation", "Raids differ", RAIDS_WORDS),
        "allotment": menu("allotment", "Rounds go", ALLOTMENT_WORDS),
        "sensor_to_shooter_s": slider("sensor_to_shooter_s", "Sensor to shooter, s", 0, 180),
    }


class Explorer:
    """Two cases side by side, with the buttons that pin and load the first.

    Parameters
    ----------
    facts : Facts
        The tables of ``air_defence/``.
    choices : AirDefenceExploreParameters
        The first case; its architecture ``beside`` gives the second one, otherwise alike.
    folder : pathlib.Path
        Where pinned cases go.
    """

    def __init__(self, facts: Facts, choices: Choices, folder: Path = PINNED) -> None:
        ready = Ready(facts)
        other = Choices(**choices.model_dump() | {"architecture": choices.beside, "systems_off": []})
        self.own = OwnValues(facts)
        self.panels = [DefencePanel(choices, ready, "First case", self.own), DefencePanel(other, ready, "Beside it")]
        first = self.panels[0]
        self.own_panel = OwnPanel(self.own, first, folder.parent / "cases")
        first.when_chosen = self.own_panel.refill
        self.pinboard = Pinboard(choices.notebook, self.find_case, self.take_case, folder, self.find_file)

    def find_case(self) -> Choices:
        """Give the first case as it is chosen now, with the architecture that stands beside it."""
        beside = self.panels[1].choices.architecture
        with use(self.own.in_use):
            return Choices(**self.panels[0].choices.model_dump() | {"beside": beside})

    def find_file(self) -> Path | None:
        """Save values of the user's own as the case file of a pinned run; None where all is ours."""
        return self.own_panel.keep() if self.own.differs else None

    def take_case(self, choices: Choices, file: Path | None) -> None:
        """Take over a pinned case, with its case file or with our own values."""
        if file:
            self.own_panel.take(file)
        elif self.own.differs:
            self.own.clear()
            self.panels[0].follow_own(True)
        self.panels[0].choose(choices)

    def show_work(self, table_of: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Show a table of the work in the first case, which follows every choice where widgets work.

        Parameters
        ----------
        table_of : callable
            Lays out ``Result.work``.
        """
        first = self.panels[0]
        assert first.result
        table, self.work = table_of(first.result.work), widgets.HTML()

        def follow(result: Result) -> None:
            self.work.value = table_of(result.work).to_html()

        follow(first.result)
        first.when_answered = follow
        plain = {"text/plain": repr(table), "text/html": table._repr_html_()}
        display(self.work._repr_mimebundle_() | plain, raw=True)

    def frame(self) -> pd.DataFrame:
        """Lay out the distributions of both cases: case, leakers, chance. One row is a number of leakers."""
        parts = [
            pd.DataFrame({"case": f"{place}. {panel.name}", "chance": panel.result.leakers.pmf})
            for place, panel in enumerate(self.panels, 1)
            if panel.result  # None until something was chosen
        ]
        return pd.concat([part.rename_axis("leakers").reset_index() for part in parts], ignore_index=True)

    def show(self, figure: Figure, description: str, data: style.Data | None = None) -> None:
        """Show the controls where widgets work, and a figure with its sentence and its data everywhere else."""
        content, metadata = style.bundle(figure, description, data)
        panels = widgets.HBox([panel.view for panel in self.panels], layout={"flex_flow": "row wrap"})
        view = widgets.VBox([panels, self.own_panel.view, self.pinboard.view()])
        display(view._repr_mimebundle_() | content, metadata=metadata, raw=True)

"""Controls for values of the user's own: inputs of systems, layers, a raid; what differs; save and load a case file."""

import asyncio
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as widgets

from analysis.air_defence.facts.choices import THREAT_CLASSES, THREATS
from analysis.air_defence.questions.cases import Case
from analysis.errors import DomesError, ParameterError
from analysis.explore.defence import Ready
from analysis.explore.own_values import SAVED, OwnValues, list_saved
from analysis.figures.words import write_plural
from analysis.home import working_folder
from analysis.parameters import AirDefenceExploreParameters as Choices

NAMED: dict[str, Any] = {"style": {"description_width": "250px"}, "layout": {"width": "100%"}}
MOST_ROUNDS, MOST_THREATS = 1_000, 500
NOTHING = ("choose ...", "")
PAUSE_S = 0.15


class FirstCase(Protocol):
    """The case that is changed."""

    choices: Choices
    ready: Ready
    members: list[str]

    def base_case(self) -> Case:
        """Give the case without the inputs that were moved; raises ``ParameterError`` where there is none."""

    def follow_own(self, anew: bool) -> None:
        """Follow a move; ``anew`` where tables or names are others now."""


class OwnPanel:
    """A block that opens below both cases and changes the first one.

    Parameters
    ----------
    own : OwnValues
        What is changed.
    first : FirstCase
        The case that follows.
    folder : pathlib.Path
        Where case files are saved.
    """

    def __init__(self, own: OwnValues, first: FirstCase, folder: Path = SAVED) -> None:
        self.own, self.first, self.folder = own, first, folder
        self._filling = False
        self._telling: asyncio.TimerHandle | None = None
        self.open = widgets.ToggleButton(
            value=False,
            description="Your own values",
            tooltip="Change inputs, layers and the raid; save a case",
        )
        self.system = widgets.Dropdown(description="System of the first case", **NAMED)
        self.inputs = widgets.VBox()
        self.back = widgets.Button(description="Back to ours", tooltip="Give this system our inputs again")
        self.layer = widgets.Dropdown(description="A layer to add", **NAMED)
        self.layer_rounds = widgets.IntSlider(24, 0, MOST_ROUNDS, description="with so many ready rounds", **NAMED)
        self.add = widgets.Button(description="Add this layer", tooltip="Put the system into the first case")
        self.use_raid = widgets.Checkbox(
            False, description="A raid of your own, not the named one", indent=False, layout={"width": "auto"}
        )
        self.raid = {
            name: widgets.IntSlider(0, 0, MOST_THREATS, description=words, continuous_update=True, **NAMED)
            for name, words in THREAT_CLASSES.items()
        }
        self.table = widgets.HTML()
        self.name = widgets.Text(description="Name of the case", placeholder="My case", **NAMED)
        self.note = widgets.Text(description="Why, in a sentence", **NAMED)
        self.save = widgets.Button(description="Save as a case", tooltip="Write a case file")
        self.load = widgets.Dropdown(options=[NOTHING], description="Load a case file", **NAMED)
        self.message = widgets.HTML(layout={"min_height": "1.6em"})
        self.raid_box = widgets.VBox([*self.raid.values()], layout={"display": "none"})
        self.body = widgets.VBox(self._blocks(), layout={"display": "none", "padding": "8px 0"})
        self.view = widgets.VBox([self.open, self.body])
        self._listen()
        self.list_files()
        self.refill()

    def _blocks(self) -> list[widgets.Widget]:
        return [
            widgets.HTML("<h4>Inputs of a system</h4>"),
            *(self.system, self.inputs, self.back),
            widgets.HTML("<h4>A layer more</h4>"),
            *(self.layer, self.layer_rounds, self.add),
            widgets.HTML("<h4>The raid</h4>"),
            *(self.use_raid, self.raid_box),
            widgets.HTML("<h4>What differs from ours</h4>"),
            *(self.table, self.name, self.note, self.save, self.load, self.message),
        ]

    def _listen(self) -> None:
        self.open.observe(self._show, "value")
        self.system.observe(lambda _: None if self._filling else self._list_inputs(), "value")
        self.back.on_click(lambda _: self._guard(self._back))
        self.add.on_click(lambda _: self._guard(self._add))
        self.use_raid.observe(lambda _: None if self._filling else self._move_raid(), "value")
        for slider in self.raid.values():
            slider.observe(lambda _: None if self._filling else self._move_raid(), "value")
        self.save.on_click(lambda _: self._guard(self.keep))
        self.load.observe(lambda _: self._guard(self._load), "value")

    def _show(self, _: dict[str, Any]) -> None:
        self.body.layout.display = "" if self.open.value else "none"

    def refill(self) -> None:
        """List the systems of the first case as it is chosen now, and those that could be added."""
        ready, members = self.first.ready, list(self.first.members)
        armed = ready.facts.systems
        armed = armed[~armed["intercept_mechanism"].isin(["not_applicable", "directed_energy"])]["system_id"]
        self._filling = True
        before = self.system.value
        self.system.options = [(ready.names[name], name) for name in members]
        self.system.value = before if before in members else next(iter(members), None)
        self.layer.options = [(ready.names[name], name) for name in armed if name not in members]
        self._filling = False
        self._list_inputs()
        self.tell()

    def tell(self) -> None:
        """Write the table of what differs."""
        choices = self.first.choices
        try:
            case = self.first.base_case()
        except ParameterError:  # no system engages the raid, which the sentence says
            return
        rows = self.own.differences(case, choices.architecture, self.first.ready.names)
        if rows.empty:
            self.table.value = "<p>Nothing: all values are ours.</p>"
            return
        head = "".join(f'<th scope="col">{word}</th>' for word in ("", "ours", "yours", "unit"))
        body = "".join(
            f'<tr><th scope="row">{escape(item)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
            for item, *cells in rows.itertuples(index=False)
        )
        self.table.value = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def list_files(self) -> None:
        """List the case files that can be loaded."""
        self._filling = True
        self.load.options = [NOTHING, *((path.stem, str(path)) for path in list_saved(self.folder))]
        self._filling = False

    def _list_inputs(self) -> None:
        """Give the chosen system a slider for each of its inputs, at what it has now."""
        choices, sliders = self.first.choices, []
        try:
            case = self.first.base_case()
        except ParameterError:
            self.inputs.children = ()
            return
        ranges, moved = case.defence.ranges, self.own.of_architecture(choices.architecture, case)
        layer = next((layer for layer in case.defence.layers if layer.name == self.system.value), None)
        for threat in layer.single_shot if layer else ():
            words = f"Kill probability, {THREATS[threat].short.lower()}"
            sliders.append(self._slider(f"{self.system.value}.{threat}.single_shot", words, ranges, moved))
        if layer:
            covered = max(layer.coverage_of(threat) for threat in layer.single_shot)
            sliders.append(self._slider(f"{layer.name}.track", "Track", ranges, moved))
            sliders.append(self._slider(f"{layer.name}.coverage", "Coverage", ranges, moved, covered))
            sliders.append(self._slider(f"{layer.name}.rounds", "Ready rounds", ranges, moved))
        self.inputs.children = sliders or [widgets.Label("This system engages no class of the raid.")]

    def _slider(
        self, name: str, words: str, ranges: Any, moved: dict[str, float], else_: float = 0.0
    ) -> widgets.Widget:
        value = moved.get(name, ranges.loc[name, "best"] if name in ranges.index else else_)
        options = {"description": words, "continuous_update": True, **NAMED}
        if name.endswith(".rounds"):
            slider = widgets.IntSlider(int(value), 0, max(MOST_ROUNDS, int(value)), **options)
        else:
            slider = widgets.FloatSlider(round(float(value), 2), min=0, max=1, step=0.01, **options)
        slider.observe(lambda change: self._move(name, change["new"]), "value")
        return slider

    def _move(self, name: str, value: float) -> None:
        self.own.move(self.first.choices.architecture, name, value)
        self.first.follow_own(False)
        self._tell_soon()

    def _move_raid(self) -> None:
        begins = self.use_raid.value and self.own.raid is None
        if begins and not any(slider.value for slider in self.raid.values()):
            self._fill_raid(self.first.base_case().defence.raid)
        changes = begins or (not self.use_raid.value and self.own.raid is not None)
        self.own.raid = {name: slider.value for name, slider in self.raid.items()} if self.use_raid.value else None
        self.raid_box.layout.display = "" if self.use_raid.value else "none"
        self.first.follow_own(changes)
        self._tell_soon()

    def _tell_soon(self) -> None:
        """Write the table once nothing moves, so that a slider does not wait for it."""
        if self._telling:
            self._telling.cancel()
        try:
            self._telling = asyncio.get_running_loop().call_later(PAUSE_S, self.tell)
        except RuntimeError:  # outside JupyterLab nothing moves
            self.tell()

    def _fill_raid(self, threats: Any) -> None:
        self._filling = True
        for name, slider in self.raid.items():
            slider.value = min(MOST_THREATS, threats.get(name, 0))
        self._filling = False

    def _back(self) -> None:
        self.own.back(self.first.choices.architecture, str(self.system.value))
        self.first.follow_own(False)
        self.refill()

    def _add(self) -> None:
        added = str(self.layer.value)
        self.own.add_layer(self.first.choices.architecture, added, int(self.layer_rounds.value))
        self.first.follow_own(True)
        self.refill()
        self.system.value = added

    def keep(self) -> Path:
        """Save what differs as a case file, and say where it is."""
        file = self.own.save(self.name.value.strip() or "My case", self.note.value.strip(), self.folder)
        self.list_files()
        shown = file.relative_to(working_folder()) if file.is_relative_to(working_folder()) else file
        self._say(f"Saved as {shown}; run it with domes report NOTEBOOK --case {shown}")
        return file

    def _load(self) -> None:
        if self._filling or not self.load.value:
            return
        self.take(Path(self.load.value))

    def take(self, file: Path) -> None:
        """Take a case file over, and show it everywhere."""
        case = self.own.load(file)
        self._filling = True
        self.name.value, self.note.value, self.use_raid.value = case.form.name, case.form.note, False
        self.raid_box.layout.display = "none"
        self._filling = False
        self.first.follow_own(True)
        self.refill()
        self._say(f"Loaded {file}; {write_plural(len(case.differences), 'difference')} from ours")

    def _say(self, text: str) -> None:
        self.message.value = f'<div role="status">{escape(text)}</div>'

    def _guard(self, action: Callable[[], object]) -> None:
        try:
            action()
        except DomesError as error:
            self._say(str(error))

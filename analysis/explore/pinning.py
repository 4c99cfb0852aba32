"""The buttons with which a case is pinned and loaded, the same in both rooms."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from analysis.errors import DomesError
from analysis.explore.cases import PINNED, describe_case, load_cases, pin_case
from analysis.parameters import Parameters

NOTHING = ("choose ...", "")


class Pinboard:
    """**Pin this case** and **Load a case**.

    Parameters
    ----------
    notebook : str
        Whose runs file it is.
    find_case : callable
        Gives the case as it is chosen now.
    set_case : callable
        Takes over all choices of a case.
    folder : pathlib.Path
        Where the runs files are.
    """

    def __init__(
        self,
        notebook: str,
        find_case: Callable[[], Parameters],
        set_case: Callable[[Any], None],
        folder: Path = PINNED,
    ) -> None:
        self.notebook, self.folder = notebook, folder
        self.find_case, self.set_case = find_case, set_case
        self.pin = widgets.Button(description="Pin this case", tooltip="Write these choices as a row of a runs file")
        self.cases = widgets.Dropdown(
            options=[NOTHING],
            description="Load a case",
            style={"description_width": "initial"},
            layout={"width": "24rem"},
        )
        self.message = widgets.HTML(layout={"min_height": "3.2em", "flex": "1 1 20rem"})
        self.pin.on_click(lambda _: self._guard(self._pin))
        self.cases.observe(lambda _: self._guard(self._load), "value")
        self._guard(self._list)

    def view(self) -> widgets.HBox:
        """Lay out the two in a row, with the message beside them."""
        return widgets.HBox(
            [self.pin, self.cases, self.message],
            layout={"width": "100%", "flex_flow": "row wrap", "align_items": "center"},
        )

    def _guard(self, action: Callable[[], None]) -> None:
        try:
            action()
        except DomesError as error:
            self.message.value = escape(str(error))

    def _pin(self) -> None:
        pinned = pin_case(self.find_case(), self.folder)
        self._list()
        said = "Pinned" if pinned.added else "Was pinned already"
        rows = f"{pinned.cases} case" + ("" if pinned.cases == 1 else "s")
        command = f"<code>{escape(pinned.command)}</code>"
        self.message.value = (
            f'<div role="status">{said}; {rows} in the file. In the project folder, with its environment active, '
            f"run<br>{command}</div>"
        )

    def _list(self) -> None:
        cases = load_cases(self.notebook, self.folder)
        self.cases.options = [NOTHING, *((describe_case(case), case) for case in cases)]

    def _load(self) -> None:
        if self.cases.value:
            self.set_case(self.cases.value)

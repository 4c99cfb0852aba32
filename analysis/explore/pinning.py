"""The buttons with which a case is pinned and loaded, the same in both rooms."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import ipywidgets as widgets

from analysis.errors import DomesError
from analysis.explore.cases import PINNED, describe_case, load_pinned, pin_case
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
    find_file : callable, optional
        Gives the case file of the user that belongs to the case, or None; ``set_case`` then takes that file too.
    """

    def __init__(
        self,
        notebook: str,
        find_case: Callable[[], Parameters],
        set_case: Callable[..., None],
        folder: Path = PINNED,
        find_file: Callable[[], Path | None] | None = None,
    ) -> None:
        self.notebook, self.folder, self.find_file = notebook, folder, find_file
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
        pinned = pin_case(self.find_case(), self.folder, self.find_file() if self.find_file else None)
        self._list()
        said = "Pinned" if pinned.added else "Was pinned already"
        rows = f"{pinned.cases} case" + ("" if pinned.cases == 1 else "s")
        command = f"<code>{escape(pinned.command)}</code>"
        self.message.value = (
            f'<div role="status">{said}; {rows} in the file. In the project folder, with its environment active, '
            f"run<br>{command}</div>"
        )

    def _list(self) -> None:
        pinned = load_pinned(self.notebook, self.folder)
        told = [f"{own.stem}: {describe_case(case)}" if own else describe_case(case) for case, own in pinned]
        self.cases.options = [NOTHING, *zip(told, pinned, strict=True)]

    def _load(self) -> None:
        if self.cases.value:
            self.set_case(*(self.cases.value if self.find_file else self.cases.value[:1]))

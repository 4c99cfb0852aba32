"""The notebooks: where they are, what they ask, which parameters they take; read without starting a kernel."""

import hashlib
import json
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pydantic import create_model

from analysis.case_in_use import case_in_use
from analysis.errors import ParameterError, suggest
from analysis.home import PROJECT
from analysis.parameters import MODELS, Parameters
from analysis.parameters.cell import INJECTED_TAG, read_annotations, read_defaults, source_of
from analysis.reporting.run.annotations import type_of
from analysis.reporting.run.files import is_file, read_whole

NOTEBOOKS = PROJECT / "notebooks"
LONGEST_LABEL = 56
OUR_PAGES = {"index", "self-check"}
"""Names that the folder of pages keeps for pages of ours."""
NBFORMAT = 4
FORMAT = ("nbformat", "nbformat_minor")
MOST_LETTERS = 100  # of what is wrong with a notebook
DOMES_METADATA = "domes"
"""Key in an executed notebook's metadata; holds the notebook's name and all parameters of the run."""


@dataclass(frozen=True)
class Notebook:
    """One notebook file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    name : str
        Its path below ``notebooks/`` without the suffix, or its stem when it lies elsewhere.
    """

    path: Path
    name: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """The notebook as it stands in its file."""
        text = read_whole(self.path)
        try:
            content = json.loads(text)
            reason: object = _find_flaw(content)
            if not reason and not self.path.is_relative_to(NOTEBOOKS):  # ours are known to keep it, and many
                reason = _find_invalid_part(content)
            if not reason:
                return content
        except (ValueError, RecursionError) as error:
            reason = error
        raise ParameterError(f"{self.path}: cannot be read as a notebook ({reason}).")

    @property
    def question(self) -> str:
        """The first heading of the first text cell that has one, else the name."""
        texts = (source_of(cell) for cell in self.content["cells"] if cell["cell_type"] == "markdown")
        headings = (re.search(r"^#\s+(.+)$", text, re.MULTILINE) for text in texts)
        name = self.content.get("metadata", {}).get(DOMES_METADATA, {}).get("notebook", self.name)
        return next((match[1].strip() for match in headings if match), name)

    @property
    def defaults(self) -> dict[str, Any]:
        """The literals of the cell tagged ``parameters``, by name; the values of its run where there was one."""
        return self._read(read_defaults) | self.injected

    @property
    def injected(self) -> dict[str, Any]:
        """The values that papermill put into a notebook that was run; empty for any other."""
        return self._read(partial(read_defaults, tag=INJECTED_TAG))

    def _read(self, read: Callable[[Iterable[Mapping[str, Any]]], dict[str, Any]]) -> dict[str, Any]:
        cells = self.content["cells"]
        try:
            return read(cells)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ParameterError(
                f"{self.path}: the cell tagged parameters may hold only lines such as name: int = 7."
            ) from None

    @property
    def model(self) -> type[Parameters]:
        """What the parameters may be: the notebook's own model, else names, types and defaults of its cell."""
        if self.name in MODELS:
            return MODELS[self.name]
        annotations = self._read(read_annotations)
        kinds = {name: type_of(annotations.get(name), value) for name, value in self.defaults.items()}
        fields: dict[str, Any] = {name: (kind, ...) for name, kind in kinds.items()}
        model = create_model("NotebookParameters", __base__=Parameters, **fields)
        model.notebook = self.name
        return model

    def check(self, given: Mapping[str, Any]) -> Parameters:
        """Put given values over the defaults and check them all.

        Parameters
        ----------
        given : mapping
            Name to value, as text or already typed; what is not named keeps its default.

        Raises
        ------
        ParameterError
            When a name is unknown or a value is not allowed; a line for each fault.
        """
        self.model.require_one_name(given)
        return self.model.from_text(self.defaults | self.model.rename(given))

    def page_name(self, parameters: Parameters) -> str:
        """Name the page of a run, below the output folder and without suffix.

        A run with the defaults takes the notebook's name. Any other adds the name of the case in use and the values
        that differ, made safe for every file system, and a hash of all parameters and the case, so that no two runs
        share a name.
        """
        if case_in_use() is None and parameters.model_dump() == self.check({}).model_dump():
            return self.name
        label, digest = self.label(parameters), parameters_hash(parameters)
        return f"{self.name}--{label}-{digest}" if label else f"{self.name}--{digest}"

    def label(self, parameters: Parameters) -> str:
        """Shorten the case in use and the values that differ from the defaults to letters, digits and hyphens."""
        values, defaults = parameters.model_dump(), self.check({}).model_dump()
        changed = [value for name, value in values.items() if value != defaults[name]]
        words = " ".join(" ".join(map(str, value)) if isinstance(value, list) else str(value) for value in changed)
        words = " ".join([case.name, words]) if (case := case_in_use()) else words
        return re.sub(r"[^A-Za-z0-9]+", "-", words)[:LONGEST_LABEL].strip("-")


def parameters_hash(parameters: Parameters) -> str:
    """Return twelve digits that stand for all parameters of a run, and for the case in use."""
    case = case_in_use()
    values = json.dumps(parameters.model_dump(), sort_keys=True) + (case.sha256 if case else "")
    return hashlib.sha256(values.encode()).hexdigest()[:12]


def list_notebooks() -> list[Notebook]:
    """List the project's notebooks, the tour first, then room by room."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb")) + sorted(NOTEBOOKS.glob("[!.]*/*.ipynb"))
    return [Notebook(path, _name(path)) for path in paths]


def find_notebook(wanted: str) -> Notebook:
    """Find a notebook by its path, its name, or a part of its name that only one has.

    Parameters
    ----------
    wanted : str
        For example ``notebooks/recognition/01-recognition-map.ipynb`` or ``recognition-map``.

    Raises
    ------
    ParameterError
        When none or several fit; says which there are.
    """
    path = Path(wanted)
    if path.suffix == ".ipynb" and is_file(path):
        return Notebook(path, _name(path))
    known = {notebook.name: notebook for notebook in list_notebooks()}
    name = wanted.removesuffix(".ipynb").removeprefix("notebooks/")
    if name in known:
        return known[name]
    fitting = [one for one in known if name in one] if name else []
    if len(fitting) == 1:
        return known[fitting[0]]
    if fitting:
        raise ParameterError(f"{wanted} fits several notebooks: {', '.join(fitting)}; give more of the name.")
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = suggest(near, f"there are: {', '.join(known) or 'none'}.")
    raise ParameterError(f"{wanted or repr(wanted)} is not a notebook; {hint}")


def write_value(value: Any) -> str:
    """Write the value of a parameter as a reader sees it.

    Examples
    --------
    >>> write_value(["israel_2025", "usa_guam"]), write_value([])
    ('israel_2025, usa_guam', 'none')
    """
    return (", ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)


def _find_flaw(content: Any) -> str:
    """Say why what a file holds is no notebook of the format that is read; empty where it is one.

    Examples
    --------
    >>> _find_flaw({"cells": [], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}).partition(";")[0]
    'its nbformat is 3, and 4 is read'
    """
    if not isinstance(content, dict) or not all(type(content.get(name)) is int for name in FORMAT):
        return f"it has no number as {' or '.join(FORMAT)}; save it with Jupyter"
    if content["nbformat"] != NBFORMAT:
        convert = f"`jupyter nbconvert --to notebook --nbformat {NBFORMAT}` writes it anew"
        return f"its nbformat is {content['nbformat']}, and {NBFORMAT} is read; {convert}"
    if not isinstance(content.get("cells"), list):
        return "it lacks a list of cells; save it with Jupyter"
    return ""


def _find_invalid_part(content: dict[str, Any]) -> str:
    """Say which cell of a notebook, or what besides, breaks the schema of its format; empty where all keep it.

    Examples
    --------
    >>> _find_invalid_part({"cells": [{"cell_type": "raw"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    "cell 1, 'metadata' is a required property; save it with Jupyter"
    """
    alone = [("", {**content, "cells": []})]
    alone += [(f"cell {n}, ", {**content, "cells": [cell]}) for n, cell in enumerate(content["cells"], start=1)]
    flaws = (place + flaw for place, part in alone if (flaw := _find_invalid(part)))
    return next(flaws, "")


def _find_invalid(content: dict[str, Any]) -> str:
    """Say in which key a notebook breaks the schema of its format; empty where it keeps it."""
    import nbformat  # slow

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nbformat.warnings.MissingIDFieldWarning)
        try:
            nbformat.validate(deepcopy(content), version=NBFORMAT)
        except nbformat.ValidationError as error:
            key = ".".join(str(part) for part in error.path)
            return f"{key + ': ' if key else ''}{error.message[:MOST_LETTERS]}; save it with Jupyter"
        except TypeError:  # nbformat takes every type of a cell for text
            return "cell_type: is no text; save it with Jupyter"
    return ""


def _name(path: Path) -> str:
    resolved = path.resolve()
    if resolved.is_relative_to(NOTEBOOKS):
        return resolved.relative_to(NOTEBOOKS).with_suffix("").as_posix()
    return f"{resolved.stem}-page" if resolved.stem.casefold() in OUR_PAGES else resolved.stem

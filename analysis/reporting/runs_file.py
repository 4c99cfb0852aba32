"""A file of runs: a CSV with a row a run, or a YAML file with fixed values and a design."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import ParameterError
from analysis.reporting.catalogue import Notebook, find_notebook
from analysis.reporting.designs import DESIGNS, draw_design

NOTEBOOK = "notebook"
SUFFIXES = (".csv", ".yaml", ".yml")
KEYS = (NOTEBOOK, "fixed", *DESIGNS)


@dataclass(frozen=True)
class Row:
    """One run as the file asks for it; nothing is checked yet.

    Attributes
    ----------
    place : str
        Where it stands, for example ``row 3``; the header of a CSV is row 1.
    notebook : str
        Path or name of the notebook.
    given : dict
        Name to text, or to a list of texts.
    fault : str
        What is wrong with the row as such; empty where nothing is.
    """

    place: str
    notebook: str
    given: dict[str, Any]
    fault: str = ""


def read_rows(path: Path) -> list[Row]:
    """Read the runs that a file asks for, in its order.

    Parameters
    ----------
    path : pathlib.Path
        CSV: a row a run, a column a parameter, an empty cell for the notebook's default. A column
        ``notebook`` names the notebook; without it ``NN-question.runs.csv`` belongs to
        ``NN-question.ipynb`` beside it. YAML: ``notebook``, ``fixed`` and one of ``grid``, ``zip`` and
        ``latin_hypercube``.

    Raises
    ------
    ParameterError
        When the file cannot be read or has no run.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ParameterError(f"{path}: is neither CSV nor YAML; give a file that ends in {', '.join(SUFFIXES)}.")
    text = _read_text(path)
    rows = list(_rows_of_csv(path, text) if path.suffix.lower() == ".csv" else _rows_of_yaml(path, text))
    if not rows:
        raise ParameterError(f"{path}: asks for no run; write a row for each.")
    return rows


def resolve_notebook(wanted: str, runs: Path) -> Notebook:
    """Find the notebook that a row names: in the project, or beside the file of runs.

    Raises
    ------
    ParameterError
        When there is none, or several fit.
    """
    beside = runs.parent / wanted
    return find_notebook(str(beside) if beside.suffix == ".ipynb" and beside.is_file() else wanted)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before the first letter
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ParameterError(f"{path}: is not UTF-8 text; save it as CSV UTF-8.") from None


def _rows_of_csv(path: Path, text: str) -> Iterator[Row]:
    try:
        header, *records = csv.reader(StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise ParameterError(f"{path}: is not CSV ({error}).") from None
    except ValueError:
        raise ParameterError(f"{path}: is empty; write a row of names, then a row for each run.") from None
    names = [name.strip() for name in header]
    _check_header(path, names)
    own = "" if NOTEBOOK in names else _own_notebook(path)
    for number, record in enumerate(records, start=2):
        cells = {name: cell.strip() for name, cell in zip(names, record, strict=False) if cell.strip()}
        if not any(cell.strip() for cell in record):
            continue
        odd = len(record) != len(names)
        named = cells.pop(NOTEBOOK, own)
        fault = "" if named else "names no notebook; give its path in the column notebook."
        fault = f"has {len(record)} cells, the header {len(names)}; quote a value that holds a comma." if odd else fault
        yield Row(f"row {number}", named, cells, fault)


def _check_header(path: Path, names: list[str]) -> None:
    if len(names) == 1 and ";" in names[0]:
        raise ParameterError(f"{path} row 1: {names[0]!r} is one column; separate columns by commas.")
    twice = [name for name, times in Counter(names).items() if times > 1 and name]
    if twice:
        raise ParameterError(f"{path} row 1: names {', '.join(twice)} more than once; name each column once.")
    if "" in names:
        raise ParameterError(f"{path} row 1: column {names.index('') + 1} has no name; name it or take it out.")
    if NOTEBOOK in names[1:]:
        raise ParameterError(f"{path} row 1: notebook is column {names.index(NOTEBOOK) + 1}; put it first.")


def _own_notebook(path: Path) -> str:
    own = path.with_name(path.name.removesuffix(path.suffix).removesuffix(".runs") + ".ipynb")
    if path.stem.endswith(".runs") and own.is_file():
        return str(own)
    raise ParameterError(
        f"{path}: names no notebook; add a first column notebook, or lay NAME.runs.csv beside its notebook NAME.ipynb."
    )


def _rows_of_yaml(path: Path, text: str) -> Iterator[Row]:
    content = _read_mapping(path, text)
    unknown = [key for key in content if key not in KEYS]
    if unknown:
        raise ParameterError(f"{path}: {', '.join(unknown)} is not known here; give {', '.join(KEYS)}.")
    named, fixed = content.get(NOTEBOOK), content.get("fixed") or {}
    notebook = named if named else _own_notebook(path)
    chosen = [name for name in DESIGNS if name in content]
    if len(chosen) != 1 or not isinstance(fixed, dict) or not isinstance(notebook, str):
        raise ParameterError(f"{path}: must hold notebook, fixed (name: value), and one of {', '.join(DESIGNS)}.")
    try:
        found = resolve_notebook(notebook, path)
        runs = draw_design(chosen[0], content[chosen[0]], found)
    except ParameterError as error:
        raise ParameterError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None
    both = sorted(set(fixed) & set().union(*runs))
    if both:
        raise ParameterError(f"{path}: {', '.join(both)} is both fixed and in {chosen[0]}; name it once.")
    for number, run in enumerate(runs, start=1):
        yield Row(f"run {number}", notebook, fixed | run)


class _Texts(yaml.BaseLoader):
    """Leaves every value as text, since YAML reads the name `on` as true; refuses a name given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [str(name) for name, times in Counter(map(str, names)).items() if times > 1]
        if twice:
            raise yaml.YAMLError(f"{', '.join(twice)} is given twice")
        return super().construct_mapping(node, deep)


def _read_mapping(path: Path, text: str) -> dict[str, Any]:
    try:
        content = yaml.load(text, Loader=_Texts)
    except yaml.YAMLError as error:
        raise ParameterError(f"{path}: is not YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(content, dict):
        raise ParameterError(f"{path}: must hold notebook, fixed, and one of {', '.join(DESIGNS)}.")
    return content

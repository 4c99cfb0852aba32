"""Designs of a batch: every combination, one by one, or a Latin hypercube."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from analysis.csv_text import BrokenRowError, split_rows
from analysis.errors import ParameterError, require_choice
from analysis.reporting.run.catalogue import Notebook, find_notebook
from analysis.reporting.run.files import is_file, read_whole
from analysis.reporting.run.given import Texts

Runs = list[dict[str, Any]]
MOST_RUNS = 100_000
SIGNIFICANT_DIGITS = 6
MOST_DIGITS = 39
"""Of a whole number: as many as 128 bits have."""
HYPERCUBE_KEYS = ("n", "seed", "ranges", "choices")


def draw_design(kind: str, content: Any, notebook: Notebook) -> Runs:
    """Draw the runs of a design, in its order.

    Parameters
    ----------
    kind : str
        ``grid`` takes every combination of the lists, the last name changing fastest; ``zip`` takes the
        first of each list, then the second; ``latin_hypercube`` draws ``n`` runs with ``seed`` from
        ``ranges`` (name to lowest and highest) and ``choices`` (name to list).
    content : mapping
        What stands under the name of the design, as text.
    notebook : Notebook
        Whose parameters say which ranges are of whole numbers.

    Raises
    ------
    ParameterError
        When the design is not as it should be; a line for each fault.

    Notes
    -----
    A number drawn from a range has six significant digits. Both ends of a range of whole numbers are in it.
    """
    require_choice("design", kind, DESIGNS)
    if not isinstance(content, dict) or not content:
        raise ParameterError(f"{kind}: must hold lines such as `name: [1, 2, 3]`.")
    runs = DESIGNS[kind](content, notebook)
    if len(runs) > MOST_RUNS:
        raise ParameterError(f"{kind}: gives {len(runs)} runs; at most {MOST_RUNS} are allowed.")
    return runs


def _grid(content: Mapping[str, Any], _: Notebook) -> Runs:
    lists = _lists("grid", content)
    number = 1
    for values in lists.values():
        number *= len(values)
    if number > MOST_RUNS:
        raise ParameterError(f"grid: gives {number} runs; at most {MOST_RUNS} are allowed.")
    return [dict(zip(lists, values, strict=True)) for values in product(*lists.values())]


def _zip(content: Mapping[str, Any], _: Notebook) -> Runs:
    lists = _lists("zip", content)
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ParameterError(f"zip: {shown} values; give each list as many as the others.")
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


def _latin_hypercube(content: Mapping[str, Any], notebook: Notebook) -> Runs:
    for key in content:
        require_choice("latin_hypercube", key, HYPERCUBE_KEYS)
    n, seed = (_whole(f"latin_hypercube {key}", content.get(key)) for key in ("n", "seed"))
    if not 1 <= n <= MOST_RUNS:
        raise ParameterError(f"latin_hypercube n = {n} is not allowed; give 1 to {MOST_RUNS}.")
    ranges = _mapping("ranges", content.get("ranges") or {})
    choices = _lists("latin_hypercube choices", _mapping("choices", content.get("choices") or {}))
    both = sorted(set(ranges) & set(choices))
    if both:
        raise ParameterError(f"latin_hypercube: {', '.join(both)} is in ranges and in choices; name it once.")
    if not ranges and not choices:
        raise ParameterError("latin_hypercube: give ranges (name: [1, 10]) or choices (name: [a, b]).")
    from scipy.stats import qmc  # here, since it takes 0.5 s

    scales: dict[str, Callable[[float], str]] = {name: _scale(name, pair, notebook) for name, pair in ranges.items()}
    scales |= {name: _pick(values) for name, values in choices.items()}
    places = qmc.LatinHypercube(d=len(scales), rng=seed).random(n).tolist()
    return [{name: scale(u) for (name, scale), u in zip(scales.items(), row, strict=True)} for row in places]


def _scale(name: str, pair: Any, notebook: Notebook) -> Callable[[float], str]:
    field = notebook.model.model_fields.get(name)
    kind: Any = field.annotation if field else float
    try:
        low, high = (int(end) if kind is int else float(end) for end in pair)
        fits = isinstance(pair, list) and "".join(pair).isascii() and low <= high and float(high - low) < float("inf")
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits or kind not in (int, float):
        whole = "whole numbers" if kind is int else "numbers"
        found = f"{pair!r} is not a range of {whole}; give [lowest, highest]"
        wrong = found if kind in (int, float) else "takes no number; put it under choices"
        raise ParameterError(f"latin_hypercube ranges {name}: {wrong}.")
    if kind is int:
        return lambda u: str(int(low) + int(u * (int(high) - int(low) + 1)))
    return lambda u: repr(min(high, max(low, float(f"{low + u * (high - low):.{SIGNIFICANT_DIGITS}g}"))))


def _pick(values: list[Any]) -> Callable[[float], Any]:
    return lambda u: values[int(u * len(values))]


def _lists(where: str, content: Mapping[str, Any]) -> dict[str, list[Any]]:
    wrong = [name for name, values in content.items() if not isinstance(values, list) or not values]
    if wrong:
        raise ParameterError("\n".join(f"{where}: {name} needs a list, such as [1, 2, 3]." for name in wrong))
    return dict(content)


def _mapping(name: str, content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise ParameterError(f"latin_hypercube {name}: must hold lines such as `name: [1, 10]`.")
    return content


def _whole(name: str, value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS:
        return int(value)
    raise ParameterError(
        f"{name} = {value!r} is not a whole number; give one, 0 or more, of {MOST_DIGITS} digits at most."
    )


DESIGNS: dict[str, Callable[[Mapping[str, Any], Notebook], Runs]] = {
    "grid": _grid,
    "zip": _zip,
    "latin_hypercube": _latin_hypercube,
}
"""What draws the runs of each design."""


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
    text = _read_text(path)  # of what cannot be read, that is what is wrong
    if path.suffix.lower() not in SUFFIXES:
        raise ParameterError(f"{path}: is neither CSV nor YAML; give a file that ends in {', '.join(SUFFIXES)}.")
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
    return find_notebook(str(beside) if beside.suffix == ".ipynb" and is_file(beside) else wanted)


def _read_text(path: Path) -> str:
    try:
        return read_whole(path).decode("utf-8-sig")  # spreadsheets put a mark before the first letter
    except UnicodeDecodeError:
        raise ParameterError(f"{path}: is not UTF-8 text; save it as UTF-8.") from None


def _rows_of_csv(path: Path, text: str) -> Iterator[Row]:
    try:
        (first, header), *records = (
            (number, cells) for number, cells in enumerate(split_rows(text), start=1) if any(map(str.strip, cells))
        )
    except BrokenRowError as error:
        raise ParameterError(f"{path} row {error.row}: {error}") from None
    except ValueError:
        raise ParameterError(f"{path}: is empty; write a row of names, then a row for each run.") from None
    names = [name.strip() for name in header]
    _check_header(f"{path} row {first}", names)
    own = "" if NOTEBOOK in names else _own_notebook(path)
    for number, record in records:
        cells = {name: cell.strip() for name, cell in zip(names, record, strict=False) if cell.strip()}
        odd = len(record) != len(names)
        named = cells.pop(NOTEBOOK, own)
        fault = "" if named else "names no notebook; give its path in the column notebook."
        fault = _say_odd(len(record), len(names)) if odd else fault
        yield Row(f"row {number}", named, cells, fault)


def _say_odd(cells: int, names: int) -> str:
    """Say that a row has fewer or more cells than there are names, and what to do."""
    found = f"has {cells} cell{'' if cells == 1 else 's'}, the header {names}"
    remedy = "write a comma for an empty cell too" if cells < names else "quote a value that holds a comma"
    return f"{found}; {remedy}."


def _check_header(place: str, names: list[str]) -> None:
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise ParameterError(f"{place}: {names[0]!r} is one column; separate columns by commas.")
    twice = [name for name, times in Counter(names).items() if times > 1 and name]
    if twice:
        raise ParameterError(f"{place}: names {', '.join(twice)} more than once; name each column once.")
    if "" in names:
        raise ParameterError(f"{place}: column {names.index('') + 1} has no name; name it or take it out.")
    if NOTEBOOK in names[1:]:
        raise ParameterError(f"{place}: notebook is column {names.index(NOTEBOOK) + 1}; put it first.")


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


def _read_mapping(path: Path, text: str) -> dict[str, Any]:
    try:
        content = yaml.load(text, Loader=Texts)
    except RecursionError:
        raise ParameterError(f"{path}: is nested too deep; a design takes lists of plain values.") from None
    except yaml.YAMLError as error:
        raise ParameterError(f"{path}: is not YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(content, dict):
        raise ParameterError(f"{path}: must hold notebook, fixed, and one of {', '.join(DESIGNS)}.")
    return content

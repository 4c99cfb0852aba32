"""Designs of a batch: every combination, one by one, or a Latin hypercube."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from analysis.errors import ParameterError, require_choice
from analysis.reporting.catalogue import Notebook

Runs = list[dict[str, Any]]
MOST_RUNS = 100_000
SIGNIFICANT_DIGITS = 6
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
        fits = not isinstance(pair, str) and low <= high and abs(high - low) < float("inf")
    except (TypeError, ValueError):
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
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    raise ParameterError(f"{name} = {value!r} is not a whole number; give one, 0 or more.")


DESIGNS: dict[str, Callable[[Mapping[str, Any], Notebook], Runs]] = {
    "grid": _grid,
    "zip": _zip,
    "latin_hypercube": _latin_hypercube,
}
"""What draws the runs of each design."""

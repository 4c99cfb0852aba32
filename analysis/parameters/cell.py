"""The cell of a notebook that is tagged ``parameters``: its names, literals and annotations, read from its text."""

import ast
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from analysis.home import PROJECT

PARAMETERS_TAG, INJECTED_TAG = "parameters", "injected-parameters"


def read_defaults(cells: Iterable[Mapping[str, Any]], tag: str = PARAMETERS_TAG) -> dict[str, Any]:
    """Read the literals of the cell tagged ``parameters``, or otherwise, by name.

    Raises
    ------
    SyntaxError, ValueError
        When the cell holds anything else.
    """
    return _read_literals(_tagged(cells, tag))


def read_annotations(cells: Iterable[Mapping[str, Any]]) -> dict[str, ast.expr]:
    """Read what the cell tagged ``parameters`` says of the types of its names."""
    lines = ast.parse(_tagged(cells, PARAMETERS_TAG)).body
    return {
        line.target.id: line.annotation
        for line in lines
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }


@cache
def defaults_of(notebook: str) -> dict[str, Any]:
    """Read the defaults of a notebook of the project from its file; none where they cannot be read."""
    try:
        return read_defaults(json.loads((PROJECT / "notebooks" / f"{notebook}.ipynb").read_bytes())["cells"])
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):
        return {}


def _tagged(cells: Iterable[Mapping[str, Any]], tag: str) -> str:
    return source_of(next((cell for cell in cells if tag in cell.get("metadata", {}).get("tags", [])), {}))


def source_of(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _read_literals(code: str) -> dict[str, Any]:
    literals = {}
    for node in ast.parse(code).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                literals[name] = ast.literal_eval(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                literals[name] = ast.literal_eval(value)
            case _:
                raise ValueError(ast.unparse(node))
    return literals

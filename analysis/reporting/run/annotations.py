"""The types of a notebook's parameters, from the annotations of its cell; without one, from the default value."""

import ast
from types import NoneType
from typing import Annotated, Any

from analysis.parameters.rules import Listed, OrNone

PLAIN: dict[str, Any] = {"str": str, "int": int, "float": float, "bool": bool, "dict": dict, "None": NoneType}


def type_of(annotation: ast.expr | None, default: Any) -> Any:
    """Return what pydantic takes as the type of a parameter.

    Parameters
    ----------
    annotation : ast.expr or None
        What stands behind the name: plain types, ``list[...]``, and ``... | None``. Anything else counts as none.
    default : object
        The value in the cell, from whose type follows what is not annotated.

    Examples
    --------
    >>> type_of(ast.parse("float", mode="eval").body, 1), type_of(None, 1)
    (<class 'float'>, <class 'int'>)
    """
    found = _read(annotation) if annotation is not None else None
    if found is not None:
        return found
    if isinstance(default, list):
        kinds = {type(one) for one in default}
        return _list(kinds.pop() if len(kinds) == 1 else str)
    return Any if default is None else type(default)


def _read(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=None):
            return NoneType
        case ast.Constant(value=str(text)):
            return _read(ast.parse(text, mode="eval").body)
        case ast.Name(id="list") | ast.Attribute(attr="List"):
            return _list(str)
        case ast.Name(id=name):
            return PLAIN.get(name)
        case ast.Subscript(value=ast.Name(id="list" | "List"), slice=inner):
            return _list(_read(inner) or str)
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return _or_none(_read(inner))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            kinds = [_read(left), _read(right)]
            return _or_none(next(kind for kind in kinds if kind is not NoneType)) if NoneType in kinds else None
    return None


def _list(kind: Any) -> Any:
    return Annotated[list[kind], Listed()]


def _or_none(kind: Any) -> Any:
    return None if kind in (None, NoneType) else Annotated[kind | None, OrNone()]

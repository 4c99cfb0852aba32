"""Numbers in a sentence that know which fact they are, so that a page can put another in their place."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

OPEN, SAID, CLOSE = "\ue000", "\ue001", "\ue002"  # no text has them
MARK = re.compile(f"{OPEN}([\\w.]+)\\|(\\w+){SAID}([^{OPEN}{CLOSE}]*){CLOSE}")
"""Groups: which fact, how it is written, and the number as it is written."""


class Marked(float):
    """A number of the facts of a caption that knows its place among them, such as ``by_class.0.mean``."""

    key: str

    @classmethod
    def at(cls, key: str, value: float) -> "Marked":
        """Return the number with its place."""
        made = cls(value)
        made.key = key
        return made


def mark_numbers(facts: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Mark all numbers below some names of the facts of a caption.

    Examples
    --------
    >>> mark_numbers({"mean": 0.5, "other": 1}, ["mean"])["mean"].key
    'mean'
    """
    return {**facts, **{name: _mark(name, facts[name]) for name in names if name in facts}}


def _mark(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _mark(f"{key}.{name}", one) for name, one in value.items()}
    if isinstance(value, list):
        return [_mark(f"{key}.{place}", one) for place, one in enumerate(value)]
    if isinstance(value, bool | str) or value is None:
        return value
    try:
        return Marked.at(key, float(value))
    except (TypeError, ValueError):
        return value


def keep_marks(name: str, write: Callable[..., str]) -> Callable[..., str]:
    """Let a filter of captions keep the mark of a number that it writes.

    Examples
    --------
    >>> drop_marks(keep_marks("count", "{:.0f}".format)(Marked.at("threats", 84)))
    '84'
    """

    @wraps(write)
    def call(value: Any, *more: Any, **how: Any) -> str:
        text = write(value, *more, **how)
        return f"{OPEN}{value.key}|{name}{SAID}{text}{CLOSE}" if isinstance(value, Marked) else text

    return call


def drop_marks(text: str) -> str:
    """Return a text as it reads."""
    return MARK.sub(lambda found: found[3], text)

"""All that figures say in sentences: a template a family, a macro a caption, filled with the facts of a figure."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

import analysis.figures.air_defence.words as air_defence  # figures import this module: no other one of theirs is loaded
import analysis.figures.recognition.words as recognition
from analysis.figures import words
from analysis.figures.marks import keep_marks

DETAILS = "||"
"""In a template: here the finding of a caption ends, and its details begin."""
FILTERS: dict[str, Callable[..., str]] = {
    "percent": words.write_percent,
    "two_digits": words.write_two_digits,
    "count": words.write_count,
    "number": words.write_number,
    "list": words.write_list,
    "list_lines": lambda block, **how: words.write_list(filter(None, map(str.strip, block.splitlines())), **how),
    "day": words.write_day,
    "when": words.write_when,
    "raise_first": words.raise_first,
    "name": recognition.NAMES.__getitem__,
    "country": recognition.name_country,
    "entity": recognition.name_entity,
    "states": recognition.write_states,
    "share": recognition.write_share,
    "km": air_defence.write_km,
    "money": air_defence.write_money,
    "system": air_defence.name_system,
    "threats": air_defence.write_threats,
}


def say(name: str, facts: Mapping[str, Any]) -> str:
    """Fill a caption with the facts of its figure.

    Parameters
    ----------
    name : str
        Family and caption, such as ``switching.overlaps``: the macro ``overlaps`` of ``switching.j2``.
    facts : mapping of str to anything
        What the template names, from the ``facts_of_`` function of the figure.

    Returns
    -------
    str
        The finding and, after an empty line, the details, where the template sets them apart by :data:`DETAILS`; line
        breaks of the template are spaces.

    Raises
    ------
    jinja2.UndefinedError
        When the template names what the facts lack.
    ValueError
        When a fact has the name of a macro, which would hide it.

    Examples
    --------
    >>> say("switching.switchers", {"parts": [], "times": "more than once"})
    'No state switched more than once.'
    """
    family, caption = name.split(".")
    hidden = sorted(set(facts) & set(vars(_template(family).module)))
    if hidden:  # a macro would be taken for the fact without a word
        raise ValueError(
            f"facts of {name}: {', '.join(hidden)} is the name of a macro of {family}.j2; rename the fact."
        )
    spoken = getattr(_template(family).make_module(dict(facts)), caption)()
    return "\n\n".join(filter(None, (re.sub(r"[ \n]+", " ", part).strip() for part in spoken.split(DETAILS))))


@cache
def _template(family: str) -> Template:
    return _environment().get_template(f"{family}.j2")


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    spoken = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    spoken.filters |= {name: keep_marks(name, write) for name, write in FILTERS.items()} | {"plural": _write_plural}
    spoken.tests["known"] = pd.notna
    spoken.globals["UNUSUAL"] = recognition.UNUSUAL
    return spoken


def _write_plural(number: float, word: str, plural: str = "") -> str:
    """Write a number with its word; what is marked is the number alone, as by the filter ``count``."""
    digits, space, name = words.write_plural(number, word, plural).partition(" ")
    return keep_marks("count", lambda _: digits)(number) + space + name

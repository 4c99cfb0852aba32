"""The errors that a user can meet; each names the place, the value, what is allowed and the next step."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

LONGEST_QUOTE = 200
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What commands a terminal or turns the direction of writing, line breaks and tabs apart."""


def printable(text: object) -> str:
    """Write text so that a terminal only shows it: what would command it stands as an escape sequence.

    Examples
    --------
    >>> print(printable("red \x1b[31m or not"))
    red \\x1b[31m or not
    """
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), str(text))


def quote(value: object) -> str:
    """Write a value as it stands in Python, shortened in its middle where it is long.

    Examples
    --------
    >>> quote("mixed"), len(quote("9" * 5000))
    ("'mixed'", 200)
    """
    text = repr(value)
    if len(text) <= LONGEST_QUOTE:
        return text
    half = (LONGEST_QUOTE - 5) // 2
    return f"{text[:half]} ... {text[half - LONGEST_QUOTE + 5 :]}"


def suggest(near: Sequence[str], rest: str) -> str:
    """Ask whether what is near was meant; what follows begins a sentence after that, and goes on where nothing is near.

    Examples
    --------
    >>> suggest(["raid"], "it has: raid."), suggest([], "it has: raid.")
    ('did you mean raid? It has: raid.', 'it has: raid.')
    """
    return f"did you mean {' or '.join(near)}? {rest[0].upper()}{rest[1:]}" if near else rest


class DomesError(Exception):
    """Common parent, so that the command line can turn any of ours into one clear line."""

    def __str__(self) -> str:
        return printable(super().__str__())


class DataError(DomesError):
    """A table in the data folder breaks a rule, or cannot be read."""


class ParameterError(DomesError, ValueError):
    """A value given by the user is out of range or not among the choices."""


class NothingToShowError(ParameterError):
    """What was asked is allowed and has no answer in the data; the page is made and says why (``because ...``)."""


class RunError(DomesError):
    """A notebook run failed or could not be started."""


class RefusedRunError(RunError):
    """A notebook run ended because a cell refused the data or the parameters, not because something broke."""


@dataclass(frozen=True, order=True)
class Fault:
    """One broken rule: where it is, what stands there, and what should.

    Attributes
    ----------
    file : str
        Path below the data folder.
    row : int
        Line of the row in a spreadsheet, with the header as row 1; 0 for the file as a whole.
    column : str
        Column, or empty for the row as a whole.
    value : str
        What stands there.
    rule : str
        What is allowed.
    source : str
        The row's source, where it has one.
    follows : bool
        Whether it may only follow from another fault, since what it compares is computed from rows that have one.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str
    source: str = ""
    follows: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        place = self.file + (f" row {self.row}" if self.row else "")
        what = f" {self.column} = {self.value!r}" if self.column else f" {self.value}" if self.value else ""
        source = f" (source {self.source})" if self.source not in ("", self.value) else ""
        return printable(f"{place}:{what} {self.rule}{source}")


def require_choice(name: str, value: object, choices: Iterable[str]) -> None:
    """Refuse a value that is not among the choices, naming the nearest one.

    Parameters
    ----------
    name : str
        The argument or parameter, as the user wrote it.
    value : object
        What the user gave.
    choices : iterable of str
        What is allowed.

    Raises
    ------
    ParameterError
        When ``value`` is not among ``choices``.

    Examples
    --------
    >>> require_choice("kind", "relations", ["recognition", "relations"])
    >>> require_choice("rule", "nett", ["net", "gross"])
    Traceback (most recent call last):
    analysis.errors.ParameterError: rule = 'nett' is not known; did you mean 'net'? Choose one of net, gross.
    """
    allowed = list(choices)
    if value in allowed:
        return
    asked = str(value)[:LONGEST_QUOTE]  # what is longer is near to nothing, and takes long to compare
    near = get_close_matches(asked, allowed, n=1) or get_close_matches(asked.upper(), allowed, n=1)
    hint = suggest([repr(one) for one in near], f"choose one of {', '.join(allowed)}.")
    raise ParameterError(f"{name} = {quote(value)} is not known; {hint}")

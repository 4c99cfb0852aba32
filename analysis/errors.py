"""The errors that a user can meet; each names the place, the value, what is allowed and the next step."""

from collections.abc import Iterable
from difflib import get_close_matches


class DomesError(Exception):
    """Common parent, so that the command line can turn any of ours into one clear line."""


class DataError(DomesError):
    """A table in the data folder breaks a rule, or cannot be read."""


class ParameterError(DomesError, ValueError):
    """A value given by the user is out of range or not among the choices."""


class RunError(DomesError):
    """A notebook run failed or could not be started."""


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
    near = get_close_matches(str(value), allowed, n=1) or get_close_matches(str(value).upper(), allowed, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ParameterError(f"{name} = {value!r} is not known; {hint}Choose one of {', '.join(allowed)}.")

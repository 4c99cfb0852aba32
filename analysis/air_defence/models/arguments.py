"""How the room's models check the numbers that they are given, and how large these may be."""

import reprlib
from typing import Any, TypeAlias

import numpy as np

from analysis.errors import ParameterError

Numbers: TypeAlias = Any  # one number, or an array of them: arguments so marked broadcast together

LARGEST_RAID = 100_000
LARGEST_SHOTS = 1_000_000
LARGEST_AMOUNT = 1e15


def require_amount(name: str, value: Numbers, smallest: float = 0.0, largest: float = LARGEST_AMOUNT) -> np.ndarray:
    """Refuse what is not a finite number from ``smallest`` to ``largest``, naming the first that is not.

    Parameters
    ----------
    name : str
        The argument, as the user wrote it.
    value : float or array of float
        What the user gave.
    smallest, largest : float
        What is allowed, both included.

    Returns
    -------
    numpy.ndarray
        The value as floats, of the shape given (no dimension for one number).

    Raises
    ------
    ParameterError
        When a value is text, missing, not finite or out of range.

    Examples
    --------
    >>> require_amount("delay_s", -3.0)
    Traceback (most recent call last):
    analysis.errors.ParameterError: delay_s = -3.0 is not allowed; give a number from 0 to 1e+15.
    """
    return _require(name, value, smallest, largest, f"a number from {smallest:g} to {largest:g}")


def require_positive(name: str, value: Numbers) -> np.ndarray:
    """Refuse what is not a number from 1e-15 to 1e15; arguments, result and error as in :func:`require_amount`."""
    return require_amount(name, value, smallest=1 / LARGEST_AMOUNT)


def require_probability(name: str, value: Numbers) -> np.ndarray:
    """Refuse what is not a probability; arguments, result and error as in :func:`require_amount`.

    Examples
    --------
    >>> require_probability("track", [0.9, 1.2])
    Traceback (most recent call last):
    analysis.errors.ParameterError: track[1] = 1.2 is not allowed; give a probability from 0 to 1.
    """
    return _require(name, value, 0.0, 1.0, "a probability from 0 to 1")


def require_count(name: str, value: Numbers, largest: int, smallest: int = 0) -> np.ndarray:
    """Refuse what is not a whole number; returns integers, otherwise as :func:`require_amount`.

    Examples
    --------
    >>> require_count("threats", 2.5, 100_000)
    Traceback (most recent call last):
    analysis.errors.ParameterError: threats = 2.5 is not allowed; give a whole number from 0 to 100,000.
    """
    asked = f"a whole number from {smallest:,} to {largest:,}"
    numbers = _require(name, value, smallest, largest, asked)
    _refuse(name, value, numbers == np.floor(numbers), asked)
    return numbers.astype(np.int64)


def require_one(**values: Numbers) -> None:
    """Refuse an array where the model takes one number; give the arguments by name.

    Examples
    --------
    >>> require_one(threats=[3, 4])
    Traceback (most recent call last):
    analysis.errors.ParameterError: threats = [3, 4] is not allowed; give one number.
    """
    for name, value in values.items():
        if np.ndim(value):
            raise ParameterError(f"{name} = {reprlib.repr(value)} is not allowed; give one number.")


def _require(name: str, value: Numbers, smallest: float, largest: float, asked: str) -> np.ndarray:
    try:
        given = np.asarray(value)
        numbers = given.astype(float) if given.dtype.kind in "iufO" else np.full(given.shape, np.nan)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{name} = {reprlib.repr(value)} is not allowed; give {asked}.") from None
    _refuse(name, value, (numbers >= smallest) & (numbers <= largest), asked)
    return numbers


def _refuse(name: str, value: Numbers, allowed: np.ndarray, asked: str) -> None:
    if allowed.all():
        return
    place = tuple(int(i) for i in np.argwhere(~allowed)[0])
    first = np.asarray(value)[place]
    shown = reprlib.repr(first.item() if isinstance(first, np.generic) else value)
    where = f"{name}[{', '.join(map(str, place))}]" if place else name
    raise ParameterError(f"{where} = {shown} is not allowed; give {asked}.")


def unwrap(result: np.ndarray) -> Numbers:
    """Give one plain number where one was asked for, and the array otherwise.

    Examples
    --------
    >>> unwrap(np.array(0.5))
    0.5
    """
    return result.item() if result.ndim == 0 else result

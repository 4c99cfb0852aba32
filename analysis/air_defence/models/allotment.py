"""Allot the rounds of a magazine to the classes of a raid."""

from collections.abc import Mapping

import numpy as np

from analysis.air_defence.facts.choices import ALLOTMENTS, THREATS
from analysis.errors import require_choice

FIXED = ALLOTMENTS[:2]
"""Allotments that are made before the raid; in a shared magazine whoever comes is fired at."""


def allot_rounds(
    rounds: int, raid: Mapping[str, int], allotment: str = "proportional", shots: int = 2
) -> dict[str, int]:
    """Allot a magazine to classes before a raid; what is left over goes to the largest remainders.

    Parameters
    ----------
    rounds : int
        Interceptors to allot, 0 or more.
    raid : dict of str to int
        Threats by class; the classes that the layer engages.
    allotment : {"proportional", "ballistic_first"}
        In proportion to the threats of all classes; or first to those that do not fly level, up to ``shots`` for each
        threat, and the rest to the others.
    shots : int
        Interceptors at one threat, at most, 1 or more.

    Returns
    -------
    dict of str to int
        Interceptors by class; they add up to ``rounds``.

    Raises
    ------
    ParameterError
        When the allotment is not known, or is none that is made before the raid.

    Notes
    -----
    A fixed allotment is a plan made before the raid: rounds left over in one class do not help another, so leakage is
    at least that of one shared magazine that is used well. It takes the raid as launched, not as it arrives.

    Examples
    --------
    >>> allot_rounds(10, {"srbm": 20, "mrbm": 8, "owa_drone": 2})
    {'srbm': 6, 'mrbm': 3, 'owa_drone': 1}
    >>> allot_rounds(60, {"srbm": 20, "mrbm": 8, "owa_drone": 2}, "ballistic_first")
    {'srbm': 40, 'mrbm': 16, 'owa_drone': 4}
    """
    allotted = allot_magazines(np.array([rounds]), raid, allotment, shots)
    return {name: int(share[0]) for name, share in allotted.items()}


def allot_magazines(
    rounds: np.ndarray, raid: Mapping[str, int], allotment: str = "proportional", shots: int = 2
) -> dict[str, np.ndarray]:
    """Allot each of several magazines as :func:`allot_rounds` does; the first class wins a tie.

    Parameters
    ----------
    rounds : numpy.ndarray of int, shape (n,)
        Interceptors of each magazine, 0 or more.
    raid, allotment, shots
        As in :func:`allot_rounds`.

    Returns
    -------
    dict of str to numpy.ndarray of int, shape (n,)
        Interceptors by class; at each place they add up to ``rounds``.

    Examples
    --------
    >>> allot_magazines(np.array([10, 5]), {"srbm": 20, "mrbm": 8})
    {'srbm': array([7, 4]), 'mrbm': array([3, 1])}
    """
    require_choice("allotment", allotment, FIXED)
    if allotment == "proportional":
        return _in_proportion(rounds, raid)
    first = {name: n for name, n in raid.items() if name in THREATS and not THREATS[name].flies_level}
    rest = {name: n for name, n in raid.items() if name not in first}
    wanted = shots * sum(first.values())
    given = np.minimum(rounds, wanted) if sum(rest.values()) else rounds
    allotted = _in_proportion(given, first) | _in_proportion(rounds - given, rest)
    return {name: allotted[name] for name in raid}


def _in_proportion(rounds: np.ndarray, raid: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Allot each magazine in proportion to the threats."""
    threats = np.array(list(raid.values()), dtype=float)
    exact = np.outer(rounds, threats / max(threats.sum(), 1.0))
    whole = np.floor(exact).astype(np.int64)
    places = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    whole += places < (rounds - whole.sum(axis=1))[:, None]
    return dict(zip(raid, whole.T, strict=True))

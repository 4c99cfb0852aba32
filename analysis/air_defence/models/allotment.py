"""Allot the rounds of a magazine to the classes of a raid."""

from collections.abc import Mapping

import numpy as np


def allot_rounds(rounds: int, raid: Mapping[str, int]) -> dict[str, int]:
    """Allot a magazine to classes in proportion to their threats; what is left over goes to the largest remainders.

    Parameters
    ----------
    rounds : int
        Interceptors to allot, 0 or more.
    raid : dict of str to int
        Threats by class; the classes that the layer engages.

    Returns
    -------
    dict of str to int
        Interceptors by class; they add up to ``rounds``.

    Notes
    -----
    A fixed allotment is a plan made before the raid: rounds left over in one class do not help another, so leakage is
    at least that of one shared magazine that is used well. It takes the raid as launched, not as it arrives.

    Examples
    --------
    >>> allot_rounds(10, {"srbm": 20, "mrbm": 8, "owa_drone": 2})
    {'srbm': 6, 'mrbm': 3, 'owa_drone': 1}
    """
    return {name: int(share[0]) for name, share in allot_magazines(np.array([rounds]), raid).items()}


def allot_magazines(rounds: np.ndarray, raid: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Allot each of several magazines as :func:`allot_rounds` does; the first class wins a tie.

    Parameters
    ----------
    rounds : numpy.ndarray of int, shape (n,)
        Interceptors of each magazine, 0 or more.
    raid : dict of str to int
        Threats by class; the classes that the layer engages.

    Returns
    -------
    dict of str to numpy.ndarray of int, shape (n,)
        Interceptors by class; at each place they add up to ``rounds``.

    Examples
    --------
    >>> allot_magazines(np.array([10, 5]), {"srbm": 20, "mrbm": 8})
    {'srbm': array([7, 4]), 'mrbm': array([3, 1])}
    """
    threats = np.array(list(raid.values()), dtype=float)
    exact = np.outer(rounds, threats / max(threats.sum(), 1.0))
    whole = np.floor(exact).astype(np.int64)
    places = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    whole += places < (rounds - whole.sum(axis=1))[:, None]
    return dict(zip(raid, whole.T, strict=True))

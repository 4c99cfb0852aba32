"""Sensor-to-shooter time: the window, the shots that it leaves room for, and what a saved second is worth."""

import numpy as np

from analysis.air_defence.models.arguments import LARGEST_SHOTS, Numbers, require_amount, require_positive, unwrap
from analysis.errors import ParameterError


def shot_opportunities(window_s: Numbers, reaction_s: Numbers, cycle_s: Numbers) -> Numbers:
    """Shots, one after another, for which a threat can still be reached.

    Parameters
    ----------
    window_s : float or array
        Seconds from first detection to the last moment at which a launch still helps, 0 or more.
    reaction_s : float or array
        Seconds from detection to the first launch (sensor-to-shooter time), 0 or more.
    cycle_s : float or array
        Seconds from one launch to the next: flight, assessment, new launch; above 0.

    Returns
    -------
    int or numpy.ndarray of int
        floor((window - reaction) / cycle) + 1, or 0 where the reaction takes longer than the window.

    Raises
    ------
    ParameterError
        When an argument is out of range, or when there would be more than 1,000,000 opportunities.

    Notes
    -----
    A staircase: a saved second is worth a shot at some times and nothing at others. Times are fixed numbers; see
    :func:`completion_probability` for random ones. A quotient within 1e-12 of a whole number counts as whole.

    Examples
    --------
    >>> shot_opportunities(window_s=90, reaction_s=[35, 15, 100], cycle_s=20).tolist()
    [3, 4, 0]
    """
    left_s = require_amount("window_s", window_s) - require_amount("reaction_s", reaction_s)
    cycles = left_s / require_positive("cycle_s", cycle_s) * (1 + 1e-12)
    if np.any(cycles >= LARGEST_SHOTS):
        raise ParameterError(
            f"cycle_s = {cycle_s!r} is not allowed with window_s = {window_s!r}; "
            f"give a cycle that leaves room for at most {LARGEST_SHOTS:,} shots."
        )
    return unwrap(np.where(left_s >= 0, np.floor(np.maximum(cycles, 0)) + 1, 0).astype(np.int64))

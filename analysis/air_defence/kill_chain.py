"""Sensor-to-shooter time: the window, the shots that it leaves room for, and what a saved second is worth."""

import numpy as np
from scipy import special

from analysis.air_defence.arguments import (
    LARGEST_SHOTS,
    Numbers,
    require_amount,
    require_count,
    require_positive,
    unwrap,
)
from analysis.air_defence.engagement import miss_probability
from analysis.errors import ParameterError

LARGEST_STAGES = 1_000_000


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


def latency_gain(
    window_s: Numbers, reaction_before_s: Numbers, reaction_after_s: Numbers, cycle_s: Numbers, single_shot: Numbers
) -> Numbers:
    """Leakage of one threat that a shorter sensor-to-shooter time takes away.

    Parameters
    ----------
    window_s, reaction_before_s, reaction_after_s, cycle_s : float or array
        Seconds, as in :func:`shot_opportunities`, with the reaction time before and after.
    single_shot : float or array
        Single-shot kill probability, 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Leakage before less leakage after, -1 to 1; negative where the reaction became slower.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Every opportunity is used, until a kill that is seen at once; shots are independent and no magazine binds.

    Examples
    --------
    >>> round(latency_gain(90, 35, 15, 20, single_shot=0.6), 4)  # 6.4 to 2.56 per cent
    0.0384
    """
    before = miss_probability(single_shot, shot_opportunities(window_s, reaction_before_s, cycle_s))
    after = miss_probability(single_shot, shot_opportunities(window_s, reaction_after_s, cycle_s))
    return unwrap(np.asarray(before - after))


def completion_probability(window_s: Numbers, mean_total_s: Numbers, stages: Numbers) -> Numbers:
    """Chance that a chain of stages of random length is finished within the window (Erlang distribution).

    Parameters
    ----------
    window_s : float or array
        Seconds available, 0 or more.
    mean_total_s : float or array
        Mean seconds of the whole chain, above 0.
    stages : int or array
        Equal stages one after another, such as detect, decide, assign, launch; 1 to 1,000,000.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Stages are independent and exponential with the same mean; more stages with the same total make it steadier. Real
    stages share causes of delay, such as an overloaded operator, which makes long totals likelier than here.

    Examples
    --------
    >>> round(completion_probability(window_s=30, mean_total_s=30, stages=1), 4)
    0.6321
    """
    window = require_amount("window_s", window_s)
    steps = require_count("stages", stages, LARGEST_STAGES, smallest=1)
    return unwrap(
        np.asarray(special.gammainc(steps, steps * (window / require_positive("mean_total_s", mean_total_s))))
    )

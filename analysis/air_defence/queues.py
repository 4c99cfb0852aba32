"""Queues that lose customers, in steady state: closed forms. A channel is one engagement at a time."""

import numpy as np

from analysis.air_defence.arguments import (
    Numbers,
    require_amount,
    require_count,
    unwrap,
)

LARGEST_CHANNELS = 10_000
LARGEST_LOAD = 1_000_000


def erlang_b(channels: Numbers, load: Numbers) -> Numbers:
    """Share of arrivals that find every channel busy and are lost at once (Erlang B).

    Parameters
    ----------
    channels : int or array
        Simultaneous engagements, 0 to 10,000.
    load : float or array
        Offered load: arrivals for each mean engagement time, 0 to 1,000,000 erlangs.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1; 1 with no channel.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Poisson arrivals in steady state; only the mean of the engagement time matters. A raid is short and bunched:
    ``saturation.finite_raid`` is the default for one, and this is its check and limit.

    Examples
    --------
    >>> round(erlang_b(17, 10), 7)
    0.0129489
    """
    places = require_count("channels", channels, LARGEST_CHANNELS)
    offered = require_amount("load", load, largest=LARGEST_LOAD)
    places, offered = np.broadcast_arrays(places, offered)
    blocked = np.ones(places.shape)
    for channel in range(1, int(places.max(initial=0)) + 1):
        busier = offered * blocked / (channel + offered * blocked)
        blocked = np.where(channel <= places, busier, blocked)
    return unwrap(blocked)

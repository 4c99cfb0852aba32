"""Queues that lose customers, in steady state: closed forms. A channel is one engagement at a time."""

from typing import NamedTuple

import numpy as np

from analysis.air_defence.arguments import (
    LARGEST_RAID,
    Numbers,
    require_amount,
    require_count,
    require_one,
    require_positive,
    unwrap,
)
from analysis.errors import ParameterError, require_choice

LARGEST_CHANNELS = 10_000
LARGEST_PLACES = 100_000
LARGEST_LOAD = 1_000_000
CONGESTIONS = ("call", "time")


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


def erlang_c(channels: Numbers, load: Numbers) -> Numbers:
    """Share of arrivals that must wait, where all wait as long as it takes (Erlang C).

    Parameters
    ----------
    channels, load
        As in :func:`erlang_b`.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1; 1 where the load is at least the number of channels, since the queue then never ends.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Poisson arrivals and exponential engagement times in steady state. No threat waits for ever: use it for what an
    operator faces, not for leakage.

    Examples
    --------
    >>> round(erlang_c(2, 1.0), 4)
    0.3333
    """
    blocked, places, offered = np.asarray(erlang_b(channels, load)), np.asarray(channels), np.asarray(load, dtype=float)
    free = 1 - offered / np.maximum(places, 1) * (1 - blocked)
    return unwrap(np.where(offered < places, blocked / np.where(free > 0, free, 1.0), 1.0))


def engset(channels: Numbers, sources: Numbers, load_per_idle_source: Numbers, congestion: str = "call") -> Numbers:
    """Share lost where a limited number of sources sends the arrivals (Engset).

    Parameters
    ----------
    channels : int or array
        Simultaneous engagements, 0 to 10,000.
    sources : int or array
        Sources, each of which sends one threat at a time, 1 to 100,000.
    load_per_idle_source : float or array
        Arrival rate of an idle source times the mean engagement time, 0 to 1,000,000.
    congestion : {"call", "time"}
        Share of arrivals that are lost, or share of time in which every channel is busy.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1.

    Raises
    ------
    ParameterError
        When an argument is out of range or the kind of congestion is not known.

    Notes
    -----
    Steady state; a source whose threat is lost is idle again at once. An arrival sees the system as it would be
    without its own source, so that call congestion is time congestion with one source fewer.

    Examples
    --------
    >>> round(engset(1, 2, 1.0), 4), round(engset(1, 2, 1.0, congestion="time"), 4)
    (0.5, 0.6667)
    """
    require_choice("congestion", congestion, CONGESTIONS)
    others = require_count("sources", sources, LARGEST_RAID, smallest=1) - (1 if congestion == "call" else 0)
    places = require_count("channels", channels, LARGEST_CHANNELS)
    offered = require_amount("load_per_idle_source", load_per_idle_source, largest=LARGEST_LOAD)
    places, others, offered = np.broadcast_arrays(places, others, offered)
    blocked = np.ones(places.shape)
    for channel in range(1, int(places.max(initial=0)) + 1):
        sent = np.maximum(others - channel + 1, 0) * offered * blocked
        blocked = np.where(channel <= places, sent / (channel + sent), blocked)
    return unwrap(blocked)


class FiniteQueue(NamedTuple):
    """Share of arrivals lost, and mean number that wait (those in service not included)."""

    loss: Numbers
    mean_queue: Numbers


def finite_queue(channels: int, places: int, load: Numbers) -> FiniteQueue:
    """Loss and queue where only so many can be in the system (M/M/c/K).

    Parameters
    ----------
    channels : int
        Simultaneous engagements, 1 to 10,000.
    places : int
        Places in the system, those in service included; ``channels`` to 100,000.
    load : float or array
        Offered load in erlangs, 0 to 1,000,000.

    Returns
    -------
    FiniteQueue
        ``(loss, mean_queue)``: a share 0 to 1, and threats.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Poisson arrivals, exponential engagement times, steady state; those that wait are patient. With as many places as
    channels it is Erlang B, with very many it nears Erlang C.

    Examples
    --------
    >>> queue = finite_queue(channels=1, places=2, load=1.0)
    >>> round(queue.loss, 4), round(queue.mean_queue, 4)
    (0.3333, 0.3333)
    """
    require_one(channels=channels, places=places)
    c = int(require_count("channels", channels, LARGEST_CHANNELS, smallest=1))
    k = int(require_count("places", places, LARGEST_PLACES, smallest=c))
    offered = require_amount("load", load, largest=LARGEST_LOAD)
    waiting = np.maximum(np.arange(k + 1) - c, 0)
    deaths = np.minimum(np.arange(1, k + 1), c)
    loss, queue = np.zeros(offered.shape), np.zeros(offered.shape)
    for place, births in np.ndenumerate(offered):
        state = _stationary(np.full(k, births), deaths)
        loss[place], queue[place] = state[-1], waiting @ state
    return FiniteQueue(unwrap(loss), unwrap(queue))


def _stationary(births: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    """Stationary distribution of a birth-death chain, summed in logarithms so that no state overflows."""
    with np.errstate(divide="ignore"):
        heights = np.concatenate([[0.0], np.cumsum(np.log(births) - np.log(deaths))])
    weights = np.exp(heights - heights.max())
    return weights / weights.sum()


def erlang_a(arrival_rate: Numbers, channels: Numbers, service_rate: Numbers, abandon_rate: Numbers) -> Numbers:
    """Share of arrivals lost where each waits for a random time and then is gone (M/M/c+M, Erlang A).

    Parameters
    ----------
    arrival_rate : float or array
        Threats a second, above 0.
    channels : int or array
        Simultaneous engagements, 0 to 10,000.
    service_rate : float or array
        Engagements that one channel finishes in a second, above 0.
    abandon_rate : float or array
        1 / mean seconds in which a waiting threat can still be engaged; at least arrival_rate / 1,000,000.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1: threats that are never taken into service.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Poisson arrivals, everything exponential, steady state. Windows in air defence are closer to fixed than to
    exponential: ``saturation.fixed_window``.

    Examples
    --------
    >>> round(erlang_a(arrival_rate=1.0, channels=1, service_rate=1.0, abandon_rate=1.0), 4)
    0.3679
    """
    places = require_count("channels", channels, LARGEST_CHANNELS)
    coming = require_positive("arrival_rate", arrival_rate)
    served, leaving = require_positive("service_rate", service_rate), require_positive("abandon_rate", abandon_rate)
    if np.any(coming / leaving > LARGEST_LOAD):
        raise ParameterError(
            f"abandon_rate = {abandon_rate!r} is not allowed with arrival_rate = {arrival_rate!r}; "
            f"give at least arrival_rate / {LARGEST_LOAD:,}."
        )
    return unwrap(np.asarray(_share_abandoned(coming, places, served, leaving)))


@np.vectorize
def _share_abandoned(coming: float, channels: int, served: float, leaving: float) -> float:
    patient = coming / leaving
    tail = int(max(0.0, patient - channels * served / leaving) + 10 * np.sqrt(patient)) + 100
    queue = np.maximum(np.arange(1, channels + tail + 1) - channels, 0)
    deaths = np.minimum(np.arange(1, channels + tail + 1), channels) * served + queue * leaving
    state = _stationary(np.full(channels + tail, coming), deaths)
    return leaving * (queue @ state[1:]) / coming

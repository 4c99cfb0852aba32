"""Queues that lose customers, in steady state: closed forms. A channel is one engagement at a time."""

import numpy as np

from analysis.air_defence.models.arguments import (
    LARGEST_RAID,
    Numbers,
    require_amount,
    require_count,
    require_one,
    require_positive,
    unwrap,
)
from analysis.air_defence.models.salvo import Leakers
from analysis.compiling import keep_compiled
from analysis.errors import require_choice

LARGEST_CHANNELS = 10_000
LARGEST_LOAD = 1_000_000
SERVICES = ("constant", "exponential")
"""How long engagements hold a channel: all equally long, or by the law of no memory."""


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


LARGEST_SIMULATION = 2_000_000_000
LARGEST_SEED = 2**32 - 1
BLOCK = 1_000_000


def fixed_window(arrival_rate: Numbers, channels: Numbers, service_rate: Numbers, window: Numbers) -> Numbers:
    """Share of arrivals not taken into service within a fixed time, first come first served (M/M/c+D).

    Parameters
    ----------
    arrival_rate, service_rate : float or array
        Arrivals a second, and engagements that one channel ends a second; above 0. The offered load, one by the
        other, is at most 1,000,000.
    channels : int or array
        Simultaneous engagements, 0 to 10,000.
    window : float or array
        Seconds in which a threat must be taken into service, 0 or more.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1; with window 0 it is Erlang B.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Poisson arrivals, exponential engagement times, steady state. A raid is a transient that starts with every channel
    free, so this says too much leaks from a short one: :func:`finite_raid`. Only being taken into service is
    counted; the engagement may still miss.

    References
    ----------
    Barrer (1957), Operations Research 5, 644, treats impatient customers with air defence in mind, in random order of
    service. Bocquet, DSTO-TR-1772, reviews queues for defence studies.

    Examples
    --------
    >>> round(fixed_window(arrival_rate=10, channels=17, service_rate=1, window=0), 7)
    0.0129489
    """
    places = require_count("channels", channels, LARGEST_CHANNELS)
    coming, served = require_positive("arrival_rate", arrival_rate), require_positive("service_rate", service_rate)
    seconds = require_amount("window", window)
    load = require_amount("arrival_rate / service_rate", coming / served, largest=LARGEST_LOAD)
    drift = coming - places * served
    spread = np.abs(drift) * seconds
    shrunk = np.exp(-spread)  # the formula is divided by exp(drift window) where the drift is up, so nothing overflows
    waited = np.where(drift == 0, seconds, -np.expm1(-spread) / np.where(drift == 0, 1.0, np.abs(drift)))
    with np.errstate(divide="ignore"):
        free = np.where(drift > 0, shrunk, 1.0) / np.asarray(erlang_b(np.maximum(places - 1, 0), load))
    lost = load / np.maximum(places, 1) * np.where(drift > 0, 1.0, shrunk)
    return unwrap(np.where(places == 0, 1.0, lost / (free + coming * waited + lost)))


def finite_raid(
    threats: int,
    channels: int,
    spacing_s: float,
    service_s: float,
    window_s: float,
    seed: int,
    n_simulations: int = 20_000,
    service: str = "constant",
) -> Leakers:
    """Threats of one raid that are not taken into service in time, event by event.

    Parameters
    ----------
    threats : int
        Threats in the raid, 0 to 100,000; threats times simulations at most 2,000,000,000.
    channels : int
        Simultaneous engagements, 0 to 10,000; all free when the raid begins.
    spacing_s : float
        Mean seconds between arrivals (exponential), 0 or more; 0 is all at once.
    service_s : float
        Mean seconds that an engagement holds a channel, 0 or more.
    window_s : float
        Seconds in which a threat must be taken into service, 0 or more; first come first served.
    seed : int
        Random seed, 0 to 4,294,967,295.
    n_simulations : int
        Raids simulated, 2 or more.
    service : {"constant", "exponential"}
        Whether every engagement holds its channel equally long, or some much shorter and some much longer.

    Returns
    -------
    Leakers
        A Monte Carlo estimate with the standard error of its mean.

    Raises
    ------
    ParameterError
        When an argument is out of range or the work is too much.

    Notes
    -----
    Only being taken into service is counted; the engagement may still miss. A standard error of 0 says that every
    simulated raid leaked the same number, not that nothing else can happen. Engagement times are steadier than
    exponential ones, which free some channels early and so leak too little where the window is short; constant ones are
    the other limit. A planner who sees the raid coming would not always take threats in order of arrival.

    Examples
    --------
    >>> at_once = finite_raid(threats=10, channels=4, spacing_s=0, service_s=30, window_s=0, seed=7)
    >>> at_once.mean, at_once.standard_error
    (6.0, 0.0)
    >>> raid = dict(threats=100, channels=18, spacing_s=0.5, service_s=20, window_s=10, seed=7)
    >>> [round(finite_raid(**raid, service=law).mean) for law in SERVICES]
    [43, 34]
    """
    require_choice("service", service, SERVICES)
    require_one(threats=threats, channels=channels, spacing_s=spacing_s, service_s=service_s, window_s=window_s)
    require_one(seed=seed, n_simulations=n_simulations)
    raid = int(require_count("threats", threats, LARGEST_RAID))
    shooters = min(raid, int(require_count("channels", channels, LARGEST_CHANNELS)))
    spacing, held, window = (
        float(require_amount(name, value))
        for name, value in (("spacing_s", spacing_s), ("service_s", service_s), ("window_s", window_s))
    )
    runs = int(require_count("n_simulations", n_simulations, LARGEST_SIMULATION // max(raid, 1), smallest=2))
    rng = np.random.default_rng(int(require_count("seed", seed, LARGEST_SEED)))
    counts = np.zeros(raid + 1, dtype=np.int64)
    if shooters == 0:
        counts[raid] = runs
    for start in range(0, runs if shooters else 0, max(1, BLOCK // max(raid, 1))):
        size = min(max(1, BLOCK // max(raid, 1)), runs - start)
        draws = rng.standard_exponential((size, 2, raid))
        if service == "constant":
            draws[:, 1] = 1.0
        _count_late(draws, spacing, held, window, np.zeros(shooters), counts)
    leakers = Leakers(counts / runs)
    return Leakers(leakers.pmf, standard_error=float(np.sqrt(leakers.variance / (runs - 1))))


@keep_compiled()
def _count_late(draws, spacing_s, service_s, window_s, free_at, counts):  # pragma: no cover (compiled)
    """Add one raid for each draw to ``counts``; ``free_at`` is a heap of the times at which channels fall free."""
    for run in range(draws.shape[0]):
        free_at[:] = 0.0
        now, late = 0.0, 0
        for threat in range(draws.shape[2]):
            now += spacing_s * draws[run, 0, threat]
            begin = max(now, free_at[0])
            if begin - now > window_s:
                late += 1
                continue
            end, hole = begin + service_s * draws[run, 1, threat], 0
            while True:
                child = 2 * hole + 1
                if child + 1 < free_at.size and free_at[child + 1] < free_at[child]:
                    child += 1
                if child >= free_at.size or free_at[child] >= end:
                    break
                free_at[hole] = free_at[child]
                hole = child
            free_at[hole] = end
        counts[late] += 1

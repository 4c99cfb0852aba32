"""Magazines that several threat classes share, compiled: a simulation of the raid, threat by threat."""

import numpy as np
from numba import njit

from analysis.air_defence.exact.lanes import text_of
from analysis.air_defence.exact.raid import LAYER, RAID, THREAT
from analysis.compiling import keep_compiled

ARRIVED, KILLED, SPENT, SHORT = range(4)  # first axis of what :func:`simulate` counts


@njit(error_model="numpy")
def shoot(rng, p, most, looks, stock, slot):
    """Fire at one threat; return whether it is killed, the shots, and whether rounds were missing."""
    if looks:
        for fired in range(most):
            if stock[slot] == 0:
                return False, fired, True
            stock[slot] -= 1
            if rng.random() < p:
                return True, fired + 1, False
        return False, most, False
    fired = min(most, stock[slot])
    stock[slot] -= fired
    return rng.random() >= (1.0 - p) ** fired, fired, fired < most


@njit(error_model="numpy")
def engage(rng, threat_class, p, slots, track, feeds, scope, shots, looks, stock, counts, missing):
    """Take one threat through all layers; return whether it leaks."""
    for layer in range(shots.shape[1]):
        if shots[threat_class, layer] == 0:
            continue
        counts[ARRIVED, threat_class, layer] += 1
        tracked = rng.random() < track[layer] if scope == LAYER else feeds
        if not tracked:
            continue
        killed, fired, short = shoot(
            rng, p[threat_class, layer], shots[threat_class, layer], looks[layer], stock, slots[threat_class, layer]
        )
        counts[SPENT, threat_class, layer] += fired
        missing[threat_class, layer] |= short
        if killed:
            counts[KILLED, threat_class, layer] += 1
            return False
    return True


def make_entry(text):
    """Return the compiled entry point; ``text`` is part of what it is kept on disk under, see ``lanes.text_of``."""

    @keep_compiled(error_model="numpy", nogil=True)
    def simulate(rng, n_simulations, threats, p, slots, stocks, track, common, scope, shots, looks):
        """Simulate a raid many times; classes take turns, and a threat passes all layers before the next.

        ``slots`` names for each class and layer the magazine, an entry of ``stocks``. Returns how often 0, 1, ...
        threats leaked, and by class and layer (see ``ARRIVED``, ...) threats, kills, shots, and raids short of rounds.
        """
        _ = text
        leaked = np.zeros(threats.sum() + 1, np.int64)
        counts = np.zeros((4, threats.size, shots.shape[1]), np.int64)
        for _ in range(n_simulations):
            stock, left, leakers = stocks.copy(), threats.copy(), 0
            missing = np.zeros((threats.size, shots.shape[1]), np.bool_)
            raid_feeds = scope == RAID and rng.random() < common
            while left.max() > 0:
                for threat_class in range(threats.size):
                    if left[threat_class] == 0:
                        continue
                    left[threat_class] -= 1
                    feeds = rng.random() < common if scope == THREAT else raid_feeds
                    if engage(rng, threat_class, p, slots, track, feeds, scope, shots, looks, stock, counts, missing):
                        leakers += 1
            leaked[leakers] += 1
            counts[SHORT] += missing
        return leaked, counts

    return simulate


simulate = make_entry(text_of("analysis.air_defence.exact.raid", "analysis.air_defence.exact.sharing"))

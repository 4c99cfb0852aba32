"""Magazines that several threat classes share, compiled: a simulation of the raid, threat by threat."""

import numpy as np
from numba import njit

from analysis.air_defence.exact.defence import LAYER, RAID, THREAT
from analysis.air_defence.exact.lanes import text_of
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
def engage(
    rng, threat_class, p, slots, reach, feeds, scope, defended, first_local, shots, looks, stock, counts, missing
):
    """Take one threat through all layers; return whether it leaks."""
    for layer in range(shots.shape[1]):
        if shots[threat_class, layer] == 0:
            continue
        counts[ARRIVED, threat_class, layer] += 1
        reached = reach[threat_class, layer]
        fires = rng.random() < reached if scope == LAYER or reached < 1.0 else True
        if not fires or not feeds or (layer >= first_local and not defended):
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
    def simulate(rng, n_simulations, threats, p, slots, stocks, reach, common, place, scope, first_local, shots, looks):
        """Simulate a raid many times; classes take turns, and a threat passes all layers before the next.

        ``slots`` names for each class and layer the magazine, an entry of ``stocks``; the others are as in
        ``defence.Packed``. Returns the leakers by simulation and class, whether the one track of the raid failed, and
        by class and layer (see ``ARRIVED``, ...) threats, kills, shots, and raids short of rounds.
        """
        _ = text
        leaked, failed = np.zeros((n_simulations, threats.size), np.int16), np.zeros(n_simulations, np.bool_)
        counts = np.zeros((4, threats.size, shots.shape[1]), np.int64)
        for run in range(n_simulations):
            stock, left = stocks.copy(), threats.copy()
            missing = np.zeros((threats.size, shots.shape[1]), np.bool_)
            failed[run] = scope == RAID and rng.random() >= common
            while left.max() > 0:
                for threat_class in range(threats.size):
                    if left[threat_class] == 0:
                        continue
                    left[threat_class] -= 1
                    feeds = rng.random() < common if scope == THREAT else not failed[run]
                    defended = rng.random() < place[threat_class] if place[threat_class] < 1.0 else True
                    if engage(
                        rng,
                        threat_class,
                        p,
                        slots,
                        reach,
                        feeds,
                        scope,
                        defended,
                        first_local,
                        shots,
                        looks,
                        stock,
                        counts,
                        missing,
                    ):
                        leaked[run, threat_class] += 1
            counts[SHORT] += missing
        return leaked, failed, counts

    return simulate


simulate = make_entry(text_of("analysis.air_defence.exact.sharing"))

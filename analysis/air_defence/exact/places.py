"""Threats that one draw decides for all layers, compiled: one track, or a place that is defended or is not.

The layers that such a draw joins are conditioned on the number of threats that it lets them meet; numbers are worked on
side by side, and the threats that it keeps from the layers leak. Upper layers meet every tracked threat; of those that
pass them a binomial number flies to a defended place, since upper layers do not know where a threat flies.
"""

import numpy as np

from analysis.air_defence.exact.chain import outcome, pass_layers
from analysis.air_defence.exact.lanes import LANES, ZERO, binomial_row, clear, part, thin

STATE, PARTIAL, BINOMIAL = 0, 1, 3  # rows of ``work``, as in ``chain``


@part()
def pass_each(least, most, weights, begin, end, lane, p, rounds, reach, shots, looks, short, work, inverse, row):
    """Take every number of threats from ``least`` to ``most`` through some layers of one lane, side by side.

    Returns P(k pass) in row number - least and column k; adds each layer's shortages, by ``weights``, to ``short``.
    """
    passed = np.zeros((most - least + 1, most + 1))
    ps, magazines = np.empty((shots.size, LANES)), np.empty((shots.size, LANES), np.int64)
    reaches, each = np.empty((shots.size, LANES)), np.empty((shots.size, LANES))
    for layer in range(begin, end):
        short[layer, lane] = 0.0
        for side in range(LANES):
            ps[layer, side], magazines[layer, side] = p[layer, lane], rounds[layer, lane]
            reaches[layer, side] = reach[layer, lane]
    for first in range(least, most + 1, LANES):
        last = min(first + LANES - 1, most)
        clear(work[STATE], first, last)
        for side in range(LANES):
            work[STATE, min(first + side, last) * LANES + side] = 1.0
        low, high = pass_layers(
            begin, end, first, last, last - first + 1, ps, magazines, reaches, shots, looks, each, work, inverse, row
        )
        for number in range(first, last + 1):
            side = number - first
            for k in range(low, min(high, number) + 1):
                passed[number - least, k] = work[STATE, k * LANES + side]
            for layer in range(begin, end):
                short[layer, lane] += weights[number] * each[layer, side]
    return passed


@part()
def split(threats, least, most, weights, passed, place, inverse):
    """Joint chances of threats that fly to a defended place (rows) and that leak for sure; and the rows' first."""
    row = np.empty(threats + 2)
    low, high = threats, 0
    for tracked in range(least, most + 1):
        for alive in range(tracked + 1):
            if weights[tracked] * passed[tracked - least, alive] > 0.0:
                low, high = min(low, alive), max(high, alive)
    bottom, _ = binomial_row(low, place, 1.0 - place, inverse, row)
    _, top = binomial_row(high, place, 1.0 - place, inverse, row)
    joint = np.zeros((top - bottom + 1, threats + 1))
    for alive in range(low, high + 1):
        first, last = binomial_row(alive, place, 1.0 - place, inverse, row)
        for tracked in range(max(alive, least), most + 1):
            weight = weights[tracked] * passed[tracked - least, alive]
            for defended in range(max(first, bottom), min(last, top) + 1) if weight > 0.0 else range(0):
                joint[defended - bottom, threats - tracked + alive - defended] += weight * row[defended]
    return bottom, joint


@part()
def meet_place(threats, lane, local, p, rounds, reach, chance, place, shots, looks, short, total, work, inverse, row):
    """Add to one lane of ``total`` the leakers of a class of which not every threat meets every layer.

    ``chance`` that one track feeds all layers, 1 where each tracks for itself; ``place``, that a threat flies where the
    layers from ``local`` on defend.
    """
    weights = np.empty(threats + 2)
    least, most = binomial_row(threats, chance, 1.0 - chance, inverse, weights)
    above = pass_each(
        least, most, weights, ZERO, local, lane, p, rounds, reach, shots, looks, short, work, inverse, row
    )
    bottom, joint = split(threats, least, most, weights, above, place, inverse)
    top, defended = bottom + joint.shape[0] - 1, np.zeros(threats + 2)
    for number in range(bottom, top + 1):
        for leaking in range(threats + 1):
            defended[number] += joint[number - bottom, leaking]
    below = pass_each(
        bottom, top, defended, local, shots.size, lane, p, rounds, reach, shots, looks, short, work, inverse, row
    )
    for number in range(bottom, top + 1):
        for leaking in range(threats + 1):
            weight = joint[number - bottom, leaking]
            for k in range(min(number, threats - leaking) + 1) if weight > 0.0 else range(0):
                total[(leaking + k) * LANES + lane] += weight * below[number - bottom, k]


@part()
def never_binds(threats, local, rounds, shots):
    """Whether the magazine of every local layer is enough for all threats, in every lane."""
    enough = True
    for layer in range(local, shots.size):
        for lane in range(LANES):
            enough &= rounds[layer, lane] >= shots[layer] * threats
    return enough


@part()
def meet_plenty(low, high, local, p, reach, place, shots, short, work, inverse, row):
    """Take the state in ``work`` through local layers whose magazines never bind: one chance to pass them all."""
    leak, kill = np.empty(LANES), np.empty(LANES)
    for lane in range(LANES):
        passing, killed = 1.0, 0.0
        for layer in range(local, shots.size):
            short[layer, lane] = 0.0
            hit, miss = outcome(p[layer, lane], shots[layer])
            killed += passing * reach[layer, lane] * hit
            passing *= (1.0 - reach[layer, lane]) + reach[layer, lane] * miss
        leak[lane] = (1.0 - place[lane]) + place[lane] * passing
        kill[lane] = place[lane] * killed
    return thin(work[STATE], low, high, leak, kill, inverse, row, work[PARTIAL], work[BINOMIAL])

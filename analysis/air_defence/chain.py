"""One threat class through the layers, each layer with a magazine for that class: the exact Markov chain, compiled.

Within a layer the number tracked decides how far the magazine reaches. Threats that the whole doctrine serves survive
independently; a Horner scheme over the number tracked, from the largest down, joins them to what lies beyond the
magazine. Where no magazine can bind, layers merge into one chance of survival and cost nothing.
"""

import numpy as np
from numba import njit

from analysis.air_defence.lanes import (
    LANES,
    NEGLIGIBLE,
    PADDING,
    TINY,
    binomial_row,
    finish,
    is_negligible,
    multiply,
    thin,
    trim,
)
from analysis.air_defence.looks import engage_beyond

LEAK, KILL, HIT, MISS, LAST_HIT, LAST_MISS, TRACK = range(7)  # rows of ``rates``, one value for each lane
STATE, PARTIAL, COLUMN, BINOMIAL, BEFORE, BEYOND = range(6)  # rows of ``work``


@njit(cache=True, error_model="numpy")
def outcome(single_shot, shots):
    """Return the chance that some shots kill, and that all of them miss; neither loses digits."""
    hit, miss = 0.0, 1.0
    for _ in range(shots):
        hit += miss * single_shot
        miss *= 1.0 - single_shot
    return hit, miss


@njit(cache=True, error_model="numpy")
def find_level(served, track, high, inverse, row):
    """Return the most tracked threats to begin with, and where and how large the first column is highest there."""
    alive = high if served >= high * track else max(served, int(served / track))
    _, last = binomial_row(alive, track, 1.0 - track, inverse, row)
    level = min(served, last)
    return level, alive - level, row[level]


@njit(cache=True, error_model="numpy")
def open_column(lane, level, peak, value, track, high, inverse, column):
    """Write P(u of u + level threats are not tracked) for all u of one lane; return the largest u."""
    last, weight = peak, value
    column[peak * LANES + lane] = value
    while last < high and not (weight < NEGLIGIBLE and last * track > level * (1.0 - track)):
        last += 1
        weight *= (last + level) * inverse[last] * (1.0 - track)
        column[last * LANES + lane] = weight
    first, weight = peak, value
    while first > 0:
        weight *= first * inverse[first + level] / (1.0 - track)
        first -= 1
        column[first * LANES + lane] = weight
    return last


@njit(cache=True, error_model="numpy")
def spill(lane, served, rates, state, low, high, column, partial):
    """Add the threats beyond the magazine of one lane to ``partial``; return the chance that there are any."""
    passed, short = 0.0, 0.0
    for over in range(high - served):
        passed += rates[TRACK, lane] * column[over * LANES + lane]
        if served + 1 + over < low:
            continue
        weight = state[(served + 1 + over) * LANES + lane] * passed
        partial[over * LANES + lane] += weight * rates[LAST_HIT, lane]
        partial[(over + 1) * LANES + lane] += weight * rates[LAST_MISS, lane]
        short += weight
    return short


@njit(cache=True, error_model="numpy")
def add_four(alive, column, total, width):
    """Add the products of four entries with four entries, one by one, lane by lane."""
    for lane in range(width):
        total[lane] += alive[lane] * column[lane]
        total[LANES + lane] += alive[LANES + lane] * column[LANES + lane]
        total[2 * LANES + lane] += alive[2 * LANES + lane] * column[2 * LANES + lane]
        total[3 * LANES + lane] += alive[3 * LANES + lane] * column[3 * LANES + lane]


@njit(cache=True, error_model="numpy")
def step_four(u, level, step, column, width):
    """Step four entries of the column to one threat tracked fewer."""
    r0, r1 = level / (u + level), level / (u + level + 1)
    r2, r3 = level / (u + level + 2), level / (u + level + 3)
    for lane in range(width):
        c0, c1 = column[lane] * r0 * step[lane], column[LANES + lane] * r1 * step[lane]
        c2, c3 = column[2 * LANES + lane] * r2 * step[lane], column[3 * LANES + lane] * r3 * step[lane]
        column[lane] = c0 if c0 > TINY else 0.0
        column[LANES + lane] = c1 if c1 > TINY else 0.0
        column[2 * LANES + lane] = c2 if c2 > TINY else 0.0
        column[3 * LANES + lane] = c3 if c3 > TINY else 0.0


@njit(cache=True, error_model="numpy")
def add_column(level, state, low, high, column, last, step, partial):
    """Add the threats of which ``level`` are tracked to ``partial``, and step the column to one tracked fewer."""
    for u in range(max(0, low - level), last + 1, 4):
        cells = column[u * LANES : (u + 4) * LANES]
        if u + level <= high:
            alive = state[(u + level) * LANES : (u + level + 4) * LANES]
            add_four(alive, cells, partial[u * LANES : (u + 4) * LANES], step.size)
        if level > 0:
            step_four(u, level, step, cells, step.size)


@njit(cache=True, error_model="numpy")
def serve(low, high, served, rates, spills, short, work, inverse, row):
    """Take a state through one layer whose magazine may bind; without ``spills``, only what it is sure to serve."""
    state, partial, column = work[STATE], work[PARTIAL], work[COLUMN]
    partial[: (high + PADDING) * LANES] = 0.0
    column[: (high + PADDING) * LANES] = 0.0
    state[(high + 1) * LANES : (high + 4) * LANES] = 0.0
    levels, peaks, values = np.empty(LANES, np.int64), np.empty(LANES, np.int64), np.empty(LANES)
    step = 1.0 / rates[TRACK]
    for lane in range(LANES):
        levels[lane], peaks[lane], values[lane] = find_level(served[lane], rates[TRACK, lane], high, inverse, row)
    level, lowest = levels.max(), levels.min()
    last, bottom, top = -1, high, -1
    while True:
        for lane in range(LANES):
            if levels[lane] == level:
                track = rates[TRACK, lane]
                ends = open_column(lane, level, peaks[lane], values[lane], track, high, inverse, column)
                last = max(last, ends)
                if spills and level == served[lane] and served[lane] < high:
                    short[lane] = spill(lane, level, rates, state, low, high, column, partial)
                    bottom, top = min(bottom, max(0, low - level - 1)), max(top, high - level)
        if low - level <= last:
            bottom, top = min(bottom, max(0, low - level)), max(top, min(last, high - level))
            add_column(level, state, low, high, column, last, step, partial)
        if level % 4 == 0:
            while last > 0 and is_negligible(column, last):
                column[last * LANES : (last + 1) * LANES] = 0.0
                last -= 1
        if level == 0 or (level <= lowest and low - level >= last):
            break
        level -= 1
        if top >= bottom:
            multiply(partial, bottom, top, rates[MISS], rates[HIT])
            top += 1
            if level % 4 == 0:
                bottom, top = trim(partial, bottom, top)
    return finish(partial, bottom, top, level, rates[MISS], rates[HIT], inverse, row, work[BINOMIAL], state)


@njit(cache=True, error_model="numpy")
def set_rates(single_shot, magazine, track, shots, rates, served):
    """Fill the rates of one layer for all lanes, and how many threats its magazine serves in full."""
    for lane in range(LANES):
        hit, miss = outcome(single_shot[lane], shots)
        served[lane] = magazine[lane] // shots
        rates[LAST_HIT, lane], rates[LAST_MISS, lane] = outcome(single_shot[lane], magazine[lane] % shots)
        rates[LEAK, lane] = (1.0 - track[lane]) + track[lane] * miss
        rates[KILL, lane] = track[lane] * hit
        blind = track[lane] == 0.0  # no shot is fired: the same as tracked threats at which every shot misses
        rates[TRACK, lane] = 1.0 if blind else track[lane]
        rates[HIT, lane] = 0.0 if blind else hit
        rates[MISS, lane] = 1.0 if blind else miss
        if blind:
            rates[LAST_HIT, lane], rates[LAST_MISS, lane] = 0.0, 1.0


@njit(cache=True, error_model="numpy")
def look(low, high, single_shot, magazine, shots, served, rates, short, work, inverse, row):
    """Take a state through one shoot-look-shoot layer whose magazine may bind; return the new ends."""
    before, beyond, state = work[BEFORE], work[BEYOND], work[STATE]
    before[low * LANES : (high + 1) * LANES] = state[low * LANES : (high + 1) * LANES]
    beyond[: (high + 1) * LANES] = 0.0
    bottom, top = serve(low, high, served, rates, False, short, work, inverse, row)
    for lane in range(LANES):
        if served[lane] < high:
            hit, miss, track = rates[HIT, lane], rates[MISS, lane], rates[TRACK, lane]
            p = single_shot[lane] if hit > 0.0 else 0.0
            short[lane] = engage_beyond(
                before, lane, low, high, served[lane], p, magazine[lane], shots, track, hit, miss, inverse, beyond
            )
    beyond[bottom * LANES : (top + 1) * LANES] += state[bottom * LANES : (top + 1) * LANES]
    state[: (high + 1) * LANES] = beyond[: (high + 1) * LANES]
    return trim(state, 0, high)


@njit(cache=True, error_model="numpy")
def pass_layers(low, high, single_shot, magazine, track, shots, looks, short, work, inverse, row):
    """Take the state in ``work`` through all layers; return the ends of what comes out.

    ``single_shot``, ``magazine`` and ``track`` have one row a layer, one column a lane; a layer that does not
    engage the class has no shots. ``short`` receives the chance that a layer's magazine was too small.
    """
    rates, served = np.empty((7, LANES)), np.empty(LANES, np.int64)
    leak, kill = np.ones(LANES), np.zeros(LANES)
    for layer in range(shots.size):
        short[layer] = 0.0
        if shots[layer] == 0:
            continue
        p, rounds, n = single_shot[layer], magazine[layer], shots[layer]
        set_rates(p, rounds, track[layer], n, rates, served)
        if served.min() < high and kill.max() > 0.0:
            low, high = thin(work[STATE], low, high, leak, kill, inverse, row, work[PARTIAL], work[BINOMIAL])
            leak[:], kill[:] = 1.0, 0.0
        if served.min() >= high:
            for lane in range(LANES):
                kill[lane] += leak[lane] * rates[KILL, lane]
                leak[lane] *= rates[LEAK, lane]
        elif looks[layer]:
            low, high = look(low, high, p, rounds, n, served, rates, short[layer], work, inverse, row)
        else:
            low, high = serve(low, high, served, rates, True, short[layer], work, inverse, row)
        for lane in range(LANES):
            if track[layer, lane] == 0.0:
                short[layer, lane] = 0.0
    if kill.max() > 0.0:
        low, high = thin(work[STATE], low, high, leak, kill, inverse, row, work[PARTIAL], work[BINOMIAL])
    return low, high

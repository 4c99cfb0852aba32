"""One threat class through the layers, each layer with a magazine for that class: the exact Markov chain, compiled.

Within a layer the number tracked decides how far the magazine reaches. Threats that the whole doctrine serves survive
independently; a Horner scheme over the number tracked, from the largest down, joins them to what lies beyond the
magazine. Where no magazine can bind, layers merge into one chance of survival and cost nothing.
"""

import math

import numpy as np

from analysis.air_defence.exact.lanes import (
    LANES,
    NEGLIGIBLE,
    NONE,
    PADDING,
    TINY,
    ZERO,
    binomial_row,
    clear,
    finish,
    is_negligible,
    multiply,
    part,
    thin,
    trim,
)
from analysis.air_defence.exact.looks import engage_beyond

LEAK, KILL, HIT, MISS, LAST_HIT, LAST_MISS, TRACK = range(7)  # rows of ``rates``, one value for each lane
FAR = -math.log(NEGLIGIBLE)
STATE, PARTIAL, COLUMN, BINOMIAL, BEFORE, BEYOND = range(6)  # rows of ``work``


@part()
def outcome(single_shot, shots):
    """Return the chance that some shots kill, and that all of them miss; neither loses digits."""
    hit, miss = 0.0, 1.0
    for _ in range(shots):
        hit += miss * single_shot
        miss *= 1.0 - single_shot
    return hit, miss


@part()
def is_rare(k, n, p):
    """Whether Chernoff's bound makes it negligible that k or more extreme of n happen, each with chance p."""
    share = k / n
    far = 0.0
    if share > 0.0:
        far += share * math.log(share / p)
    if share < 1.0:
        far += (1.0 - share) * math.log((1.0 - share) / (1.0 - p))
    return n * far > FAR


@part()
def simplify(low, high, served, rates, state):
    """Treat all threats as tracked in lanes where the magazine surely lasts, or surely does not: nothing changes."""
    for lane in range(LANES):
        track, first, last = rates[TRACK, lane], low, high
        while first < high and state[first * LANES + lane] < NEGLIGIBLE:
            first += 1
        while last > first and state[last * LANES + lane] < NEGLIGIBLE:
            last -= 1
        wanted = served[lane] + 1
        lasts = wanted > last or (track < 1.0 and wanted > track * last and is_rare(wanted, last, track))
        if lasts:
            served[lane] = high
            rates[HIT, lane], rates[MISS, lane] = rates[KILL, lane], rates[LEAK, lane]
        runs_dry = track < 1.0 and served[lane] < track * first and is_rare(served[lane], first, track)
        if lasts or runs_dry:
            rates[TRACK, lane] = 1.0


@part()
def find_level(served, track, high, inverse, row):
    """Return the most tracked threats to begin with, and where and how large the first column is highest there."""
    alive = high if served >= high * track else max(served, int(served / track))
    _, last = binomial_row(alive, track, 1.0 - track, inverse, row)
    level = min(served, last)
    return level, alive - level, row[level]


@part()
def open_column(lane, level, peak, value, track, high, inverse, column):
    """Write P(u of u + level threats are not tracked) for all u of one lane; return the largest u."""
    last, weight = peak, value
    column[peak * LANES + lane] = value
    while last < high and not (weight < NEGLIGIBLE and last * track > level * (1.0 - track)):
        last += 1
        weight *= (last + level) * inverse[last] * (1.0 - track)
        column[last * LANES + lane] = weight
    first, weight = peak, value
    while first > 0 and weight > TINY:
        weight *= first * inverse[first + level] / (1.0 - track)
        first -= 1
        column[first * LANES + lane] = weight
    return last


@part()
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


@part(fastmath={"contract"})
def add_column(level, state, low, high, column, last, step, partial):
    """Add the threats of which ``level`` are tracked to ``partial``, and step the column to one tracked fewer."""
    width = step.size  # LANES, see ``lanes.multiply``
    for u in range(max(0, low - level), last + 1, 4):
        tracked_of = max(1, u + level)
        r0, r1 = level / tracked_of, level / (tracked_of + 1)
        r2, r3 = level / (tracked_of + 2), level / (tracked_of + 3)
        first = min(u + level, high + 1)  # beyond the state, four entries that are zero
        alive = state[first * LANES : (first + 4) * LANES]
        cells, total = column[u * LANES : (u + 4) * LANES], partial[u * LANES : (u + 4) * LANES]
        for lane in range(width):
            c0, c1, c2 = cells[lane], cells[LANES + lane], cells[2 * LANES + lane]
            c3, back = cells[3 * LANES + lane], step[lane]
            total[lane] += alive[lane] * c0
            total[LANES + lane] += alive[LANES + lane] * c1
            total[2 * LANES + lane] += alive[2 * LANES + lane] * c2
            total[3 * LANES + lane] += alive[3 * LANES + lane] * c3
            cells[lane], cells[LANES + lane] = c0 * (r0 * back), c1 * (r1 * back)
            cells[2 * LANES + lane], cells[3 * LANES + lane] = c2 * (r2 * back), c3 * (r3 * back)


@part()
def serve(low, high, served, rates, spills, short, work, inverse, row):
    """Take a state through one layer whose magazine may bind; without ``spills``, only what it is sure to serve."""
    state, partial, column = work[STATE], work[PARTIAL], work[COLUMN]
    clear(partial, ZERO, high + PADDING - 1)
    clear(column, ZERO, high + PADDING - 1)
    clear(state, high + 1, high + 4)
    simplify(low, high, served, rates, state)
    levels, peaks = np.empty(LANES, np.int64), np.empty(LANES, np.int64)
    values, step, level, lowest = np.empty(LANES), np.empty(LANES), ZERO, high
    for lane in range(LANES):
        levels[lane], peaks[lane], values[lane] = find_level(served[lane], rates[TRACK, lane], high, inverse, row)
        step[lane] = 1.0 / rates[TRACK, lane]
        level, lowest = max(level, levels[lane]), min(lowest, levels[lane])
    last, bottom, top = NONE, high, NONE
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
                clear(column, last, last)
                last -= 1
        if level == 0 or (level <= lowest and low - level >= last):
            break
        level -= 1
        if top >= bottom:
            multiply(partial, bottom, top, rates[MISS], rates[HIT])
            top += 1
            if level % 4 == 0:
                bottom, top = trim(partial, bottom, top)
    if top < bottom:
        return ZERO, NONE
    return finish(partial, bottom, top, level, rates[MISS], rates[HIT], inverse, row, work[BINOMIAL], state)


@part()
def set_rates(single_shot, magazine, track, shots, rates, served):
    """Fill the rates of one layer, and how many threats each lane's magazine serves in full; return the least."""
    least = magazine[0] // shots
    for lane in range(LANES):
        hit, miss = outcome(single_shot[lane], shots)
        served[lane] = magazine[lane] // shots
        least = min(least, served[lane])
        rates[LAST_HIT, lane], rates[LAST_MISS, lane] = outcome(single_shot[lane], magazine[lane] % shots)
        rates[LEAK, lane] = (1.0 - track[lane]) + track[lane] * miss
        rates[KILL, lane] = track[lane] * hit
        blind = track[lane] == 0.0  # no shot is fired: the same as tracked threats at which every shot misses
        rates[TRACK, lane] = 1.0 if blind else track[lane]
        rates[HIT, lane] = 0.0 if blind else hit
        rates[MISS, lane] = 1.0 if blind else miss
        if blind:
            rates[LAST_HIT, lane], rates[LAST_MISS, lane] = 0.0, 1.0
    return least


@part(inline="always")
def look(low, high, used, single_shot, magazine, shots, served, rates, short, work, inverse, row):
    """Take a state through one shoot-look-shoot layer whose magazine may bind; return the new ends."""
    before, beyond, state = work[BEFORE], work[BEYOND], work[STATE]
    for entry in range(low * LANES, (high + 1) * LANES):
        before[entry] = state[entry]
    clear(beyond, ZERO, high)
    simple, simple_rates = served.copy(), rates.copy()
    bottom, top = serve(low, high, simple, simple_rates, np.False_, short, work, inverse, row)
    for lane in range(used):
        if simple[lane] < high:
            hit, miss, track = rates[HIT, lane], rates[MISS, lane], rates[TRACK, lane]
            p = single_shot[lane] if hit > 0.0 else 0.0
            short[lane] = engage_beyond(
                before, lane, low, high, served[lane], p, magazine[lane], shots, track, hit, miss, inverse, beyond
            )
    for entry in range(bottom * LANES, (top + 1) * LANES):
        beyond[entry] += state[entry]
    for alive in range(high + 1):
        for lane in range(LANES):
            state[alive * LANES + lane] = beyond[alive * LANES + min(lane, used - 1)]
    return trim(state, ZERO, high)


@part()
def pass_layers(begin, end, low, high, used, single_shot, magazine, track, shots, looks, short, work, inverse, row):
    """Take the state in ``work`` through the layers from ``begin`` to before ``end``; return the ends of the outcome.

    ``single_shot``, ``magazine`` and ``track`` have one row a layer, one column a lane; a layer that does not engage
    the class has no shots; lanes beyond the first ``used`` repeat the last of these. ``short`` receives the chance
    that a layer's magazine was too small.
    """
    rates, served = np.empty((7, LANES)), np.empty(LANES, np.int64)
    leak, kill, merged = np.empty(LANES), np.empty(LANES), False
    for layer in range(begin, end):
        for lane in range(LANES):
            short[layer, lane] = 0.0
        if shots[layer] == 0:
            continue
        p, rounds, n = single_shot[layer], magazine[layer], shots[layer]
        least = set_rates(p, rounds, track[layer], n, rates, served)
        if least < high and merged:
            low, high = thin(work[STATE], low, high, leak, kill, inverse, row, work[PARTIAL], work[BINOMIAL])
            merged = False
        if least >= high:
            for lane in range(LANES):
                passing = leak[lane] if merged else 1.0
                kill[lane] = (kill[lane] if merged else 0.0) + passing * rates[KILL, lane]
                leak[lane] = passing * rates[LEAK, lane]
            merged = True
        elif looks[layer]:
            low, high = look(low, high, used, p, rounds, n, served, rates, short[layer], work, inverse, row)
        else:
            low, high = serve(low, high, served, rates, np.True_, short[layer], work, inverse, row)
        for lane in range(LANES):
            if track[layer, lane] == 0.0:
                short[layer, lane] = 0.0
    if merged:
        low, high = thin(work[STATE], low, high, leak, kill, inverse, row, work[PARTIAL], work[BINOMIAL])
    return low, high

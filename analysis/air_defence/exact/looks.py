"""Shoot-look-shoot where a magazine runs dry, compiled: threats beyond those that it is sure to serve.

Every shot kills with the same chance, whichever threat it is fired at. So a magazine that is used up has killed a
binomial number, and the threats finished by then follow from where the hits fell; a magazine that is not used up has
killed with each threat a number of shots cut off at the doctrine's limit. Both are sums over kills, kept here.
"""

import numpy as np

from analysis.air_defence.exact.lanes import LANES, NEGLIGIBLE, binomial_row, part


@part(fastmath={"reassoc", "contract"})
def weigh(weights, values):
    """Sum of products of numbers that are not negative."""
    total = 0.0
    for i in range(weights.size):
        total += weights[i] * values[i]
    return total


@part()
def tracked_rows(state, lane, first, high, served, track, inverse, row):
    """Joint chances of n alive (from ``first``) and j tracked (from ``served + 1``), and the ends of each row."""
    joint = np.zeros((high - first + 1, high - served))
    ends = np.zeros((high - first + 1, 2), np.int64)
    for n in range(first, high + 1):
        low, last = binomial_row(n, track, 1.0 - track, inverse, row)
        low = max(low, served + 1)
        if last < low or state[n * LANES + lane] == 0.0:
            continue
        ends[n - first, 0], ends[n - first, 1] = low - served - 1, last - served
        for j in range(low, last + 1):
            joint[n - first, j - served - 1] = state[n * LANES + lane] * row[j]
    return joint, ends


@part()
def geometric(single_shot, shots):
    """Chances of 0, 1, ... misses before a kill within some shots, and the sum by which they were divided."""
    ratios, total, miss = np.empty(shots), 0.0, 1.0
    for r in range(shots):
        ratios[r] = miss
        total += miss
        miss *= 1.0 - single_shot
    for r in range(shots):
        ratios[r] /= total
    return ratios, total


@part()
def add_misses(sums, low, high, ratios, following):
    """Distribution of misses before one kill more: ``sums`` and one cut-off geometric; return its ends."""
    for t in range(low, high + ratios.size):
        following[t] = 0.0
    for t in range(low, high + 1):
        for r in range(ratios.size):
            following[t + r] += sums[t] * ratios[r]
    high += ratios.size - 1
    total = 0.0
    for t in range(low, high + 1):
        total += following[t]
    for t in range(low, high + 1):
        following[t] /= total  # 1 but for rounding, which would add up over thousands of kills
    while high > low and following[high] < NEGLIGIBLE:
        high -= 1
    while high > low and following[low] < NEGLIGIBLE:
        low += 1
    return low, high


@part()
def step_kills(chances, edge, hit, miss):
    """Step P(k of j tracked are killed), for all j from the last served on, to one kill more."""
    before, chances[0] = chances[0], edge
    for j in range(1, chances.size):
        here = chances[j]
        chances[j] = hit * before + miss * chances[j - 1]
        before = here


@part()
def fill_outcomes(spare, shots, chances, sums, ends, following, ends_following, cut, results, dry):
    """Chance of some kills among j tracked, for j beyond those served: in all, and with the magazine run dry."""
    cumulated = np.empty(ends[1] - ends[0] + 1)
    total = 0.0
    for t in range(ends[0], ends[1] + 1):
        total += sums[t]
        cumulated[t - ends[0]] = total
    left, empty = spare, 0.0  # misses that the magazine has room for when j threats are finished
    for j in range(results.size):
        if ends_following[0] <= left <= ends_following[1]:
            empty += chances[j] * cut * following[left]
        left -= shots
        within = 0.0
        if left >= ends[0]:
            within = cumulated[min(left, ends[1]) - ends[0]]
        dry[j] = empty
        results[j] = chances[j + 1] * within + empty


@part()
def kill_range(served, most, single_shot, magazine, hit, miss, inverse, row, edge):
    """Kills that are not negligible; writes P(kills) among the threats surely served to ``edge``."""
    low, last = binomial_row(magazine, single_shot, 1.0 - single_shot, inverse, row)
    _, last_served = binomial_row(most, hit, miss, inverse, row)
    first, end = binomial_row(served, hit, miss, inverse, row)
    for k in range(first, end + 1):
        edge[k] = row[k]
    return min(low, first), min(magazine, most, max(last, last_served))


@part()
def engage_beyond(state, lane, low, high, served, single_shot, magazine, shots, track, hit, miss, inverse, out):
    """Add to one lane of ``out`` the cases with more threats tracked than surely served; return P(magazine dry)."""
    row, edge = np.empty(max(magazine, high) + 2), np.zeros(max(magazine, high) + 2)
    first = max(low, served + 1)
    joint, ends = tracked_rows(state, lane, first, high, served, track, inverse, row)
    tracked = np.zeros(high - served)
    most = served
    for n in range(joint.shape[0]):
        most = max(most, served + ends[n, 1])
        for j in range(ends[n, 0], ends[n, 1]):
            tracked[j] += joint[n, j]
    if most == served:
        return 0.0
    start, stop = kill_range(served, most, single_shot, magazine, hit, miss, inverse, row, edge)
    ratios, cut = geometric(single_shot, shots)
    sums, following = np.zeros((shots - 1) * (stop + 2) + 1), np.zeros((shots - 1) * (stop + 2) + 1)
    sums[0], span = 1.0, (0, 0)
    chances, results, dry = np.zeros(most - served + 1), np.empty(most - served), np.empty(most - served)
    short = 0.0
    for kills in range(stop + 1):
        span_following = add_misses(sums, span[0], span[1], ratios, following)
        if kills >= start:
            step_kills(chances, edge[kills], hit, miss)
            spare = magazine - kills - shots * (served - kills)
            fill_outcomes(spare, shots, chances, sums, span, following, span_following, cut, results, dry)
            short += weigh(tracked[: most - served], dry)
            for n in range(max(first, kills), high + 1):
                begin, end = ends[n - first]
                out[(n - kills) * LANES + lane] += weigh(joint[n - first, begin:end], results[begin:end])
        sums, following, span = following, sums, span_following
    return short

"""All threat classes of a raid together, compiled: the distribution of leakers in all, for one draw or for many."""

import numpy as np

from analysis.air_defence.exact.chain import STATE, pass_layers
from analysis.air_defence.exact.lanes import LANES, PADDING, ZERO, binomial_row, clear, convolve, part, text_of, trim
from analysis.compiling import keep_compiled

LAYER, THREAT, RAID = range(3)  # as in ``choices.TRACK_SCOPES``
QUANTILES = (0.05, 0.5, 0.95)
ROUNDING = 1e-12  # as in ``salvo.Leakers.quantile``
SUMMARY = ("mean", "variance", "probability_zero", "q05", "q50", "q95")


@part()
def pick_lanes(source, first, out):
    """Copy LANES draws of every row, from ``first`` on; beyond the last draw, the last one again."""
    for lane in range(LANES):
        draw = min(first + lane, source.shape[1] - 1)
        for i in range(source.shape[0]):
            out[i, lane] = source[i, draw]


@part(inline="always")
def track_once(threats, lane, p, rounds, chance, shots, looks, short, total, work, inverse, row):
    """Leakers of one class in one lane of ``total`` where one track feeds all layers; return their ends.

    The numbers tracked that can occur are worked on side by side; threats that are not tracked leak.
    """
    weights = np.empty(threats + 2)
    least, most = binomial_row(threats, chance, 1.0 - chance, inverse, weights)
    every, each = np.ones((shots.size, LANES)), np.empty((shots.size, LANES))
    ps, magazines = np.empty((shots.size, LANES)), np.empty((shots.size, LANES), np.int64)
    for layer in range(shots.size):
        short[layer, lane] = 0.0
        for side in range(LANES):
            ps[layer, side], magazines[layer, side] = p[layer, lane], rounds[layer, lane]
    low, high = threats, ZERO
    for first in range(least, most + 1, LANES):
        last = min(first + LANES - 1, most)
        clear(work[STATE], first, last)
        for side in range(LANES):
            work[STATE, min(first + side, last) * LANES + side] = 1.0
        bottom, top = pass_layers(
            first, last, last - first + 1, ps, magazines, every, shots, looks, each, work, inverse, row
        )
        for tracked in range(first, last + 1):
            side, lost = tracked - first, threats - tracked
            for k in range(bottom, min(top, tracked) + 1):
                total[(lost + k) * LANES + lane] += weights[tracked] * work[STATE, k * LANES + side]
            low, high = min(low, lost + bottom), max(high, lost + min(top, tracked))
            for layer in range(shots.size):
                short[layer, lane] += weights[tracked] * each[layer, side]
    return low, high


@part(inline="always")
def leak_of_class(threats, used, p, rounds, track, common, scope, shots, looks, short, out, work, inverse, row):
    """Write the leakers of one class to ``out``, a draw in each lane; return their ends."""
    if scope == THREAT:
        clear(out, ZERO, threats)
        low, high = threats, ZERO
        for lane in range(used):
            ends = track_once(threats, lane, p, rounds, common[lane], shots, looks, short, out, work, inverse, row)
            low, high = min(low, ends[0]), max(high, ends[1])
        return trim(out, low, high)
    for lane in range(LANES):
        work[STATE, threats * LANES + lane] = 1.0
    low, high = pass_layers(threats, threats, used, p, rounds, track, shots, looks, short, work, inverse, row)
    for entry in range(low * LANES, (high + 1) * LANES):
        out[entry] = work[STATE, entry]
    return low, high


@part()
def fail_together(total, low, high, threats, common):
    """Let the whole raid go untracked with chance ``1 - common``; return the new ends."""
    clear(total, high + 1, threats)
    for k in range(low, high + 1):
        for lane in range(LANES):
            total[k * LANES + lane] *= common[lane]
    for lane in range(LANES):
        total[threats * LANES + lane] += 1.0 - common[lane]
    return low, threats


@part(inline="always")
def leak_of_raid(threats, first, p, rounds, track, common, scope, shots, looks, short, totals, work, inverse, row):
    """Leakers of all classes in LANES draws from ``first`` on; return the row of ``totals`` and the ends."""
    layers = shots.shape[1]
    ps, tracks = np.empty((layers, LANES)), np.ones((layers, LANES))
    magazines, commons = np.empty((layers, LANES), np.int64), np.empty((1, LANES))
    pick_lanes(common, first, commons)
    if scope == LAYER:
        pick_lanes(track, first, tracks)
    for lane in range(LANES):
        totals[0, lane] = 1.0
    used = min(LANES, common.shape[1] - first)
    here, low, high = 0, ZERO, ZERO
    for c in range(threats.size):
        pick_lanes(p[c], first, ps)
        pick_lanes(rounds[c], first, magazines)
        bottom, top = leak_of_class(
            threats[c],
            used,
            ps,
            magazines,
            tracks,
            commons[0],
            scope,
            shots[c],
            looks,
            short[c],
            totals[2],
            work,
            inverse,
            row,
        )
        low, high = convolve(totals[here], low, high, totals[2], bottom, top, totals[1 - here], commons[0].size)
        here = 1 - here
    if scope == RAID:
        low, high = fail_together(totals[here], low, high, threats.sum(), commons[0])
        for c in range(threats.size):
            for layer in range(layers):
                for lane in range(LANES):
                    short[c, layer, lane] *= commons[0, lane]
    return here, low, high


@part()
def summarise(total, low, high, sums):
    """Sum up all lanes: one row of ``sums`` for each column of ``SUMMARY``, then the cumulated probability."""
    mean, variance, q05, q50, q95, cumulated = sums[0], sums[1], sums[3], sums[4], sums[5], sums[6]
    width = mean.size  # LANES, see ``lanes.multiply``
    for lane in range(width):
        mean[lane], variance[lane], cumulated[lane] = 0.0, 0.0, 0.0
        q05[lane], q50[lane], q95[lane] = low, low, low
        sums[2, lane] = total[lane] if low == 0 else 0.0
    for k in range(low, high + 1):
        chances = total[k * LANES : (k + 1) * LANES]
        for lane in range(width):
            mean[lane] += k * chances[lane]
            cumulated[lane] += chances[lane]
            q05[lane] += 1.0 if cumulated[lane] < QUANTILES[0] - ROUNDING else 0.0
            q50[lane] += 1.0 if cumulated[lane] < QUANTILES[1] - ROUNDING else 0.0
            q95[lane] += 1.0 if cumulated[lane] < QUANTILES[2] - ROUNDING else 0.0
    for k in range(low, high + 1):
        chances = total[k * LANES : (k + 1) * LANES]
        for lane in range(width):
            variance[lane] += (k - mean[lane]) ** 2 * chances[lane]


@part()
def keep(total, low, high, short, pmf, shortages):
    """Copy the distribution and the shortages of the first lane."""
    for k in range(low, high + 1):
        pmf[k] = total[k * LANES]
    for c in range(shortages.shape[0]):
        for layer in range(shortages.shape[1]):
            shortages[c, layer] = short[c, layer, 0]


def reserve(threats, shots):
    """Return the arrays that a raid needs: totals, work, inverse, row."""
    largest, everyone = threats.max(), threats.sum()
    inverse = np.zeros(max(2, shots.max(initial=0)) * largest + PADDING)
    inverse[1:] = 1.0 / np.arange(1, inverse.size)
    return (
        aligned(3, (everyone + PADDING) * LANES),
        aligned(6, (largest + PADDING) * LANES),
        inverse,
        np.empty(largest + PADDING),
    )


def aligned(rows, columns):
    """Zeros of which every row begins where a line of the processor's cache does, which no vector then straddles."""
    spare = 64 // 8
    raw = np.zeros(rows * columns + spare)
    first = -raw.ctypes.data // 8 % spare
    return raw[first : first + rows * columns].reshape(rows, columns)


def make_entry(text):
    """Return the compiled entry point; ``text`` is part of what it is kept on disk under, see ``lanes.text_of``."""

    @keep_compiled(error_model="numpy", nogil=True)
    def leak_of_draws(
        threats,
        p,
        rounds,
        track,
        common,
        scope,
        shots,
        looks,
        totals,
        work,
        inverse,
        row,
        sums,
        short,
        out,
        pmf,
        shortages,
    ):
        """Fill ``out``, one row a draw, and for the first draw ``pmf`` and ``shortages``."""
        _ = text
        draws = common.shape[1]
        for first in range(0, draws, LANES):
            here, low, high = leak_of_raid(
                threats, first, p, rounds, track, common, scope, shots, looks, short, totals, work, inverse, row
            )
            summarise(totals[here], low, high, sums)
            for lane in range(min(LANES, draws - first)):
                for column in range(len(SUMMARY)):
                    out[first + lane, column] = sums[column, lane]
            if first == 0:
                keep(totals[here], low, high, short, pmf, shortages)

    return leak_of_draws


leak_of_draws = make_entry(
    text_of(*(f"analysis.air_defence.exact.{name}" for name in ("lanes", "looks", "chain", "raid")))
)


def leak(threats, p, rounds, track, common, scope, shots, looks):
    """Leakers of every draw: summaries, one row a draw; and of the first draw the distribution and shortages.

    Parameters: ``threats`` by class; ``p`` and ``rounds`` by class, layer and draw; ``track`` by layer and draw;
    ``common``, one row, by draw; ``scope``, 0 to 2; ``shots`` by class and layer, 0 where a layer does not engage
    a class; ``looks`` by layer, whether it fires again only after a miss. Shortages, by class and layer, are the
    chances that a magazine was too small.
    """
    out, pmf, shortages = np.empty((common.shape[1], len(SUMMARY))), np.zeros(threats.sum() + 1), np.zeros(shots.shape)
    sums, short = np.empty((len(SUMMARY) + 1, LANES)), np.zeros((*shots.shape, LANES))
    leak_of_draws(
        threats,
        p,
        rounds,
        track,
        common,
        scope,
        shots,
        looks,
        *reserve(threats, shots),
        sums,
        short,
        out,
        pmf,
        shortages,
    )
    return out, pmf, shortages

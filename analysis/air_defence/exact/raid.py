"""All threat classes of a raid together, compiled: the distribution of leakers in all, for one draw or for many."""

from typing import NamedTuple

import numpy as np

from analysis.air_defence.exact.chain import STATE, pass_layers
from analysis.air_defence.exact.defence import RAID, THREAT
from analysis.air_defence.exact.lanes import LANES, PADDING, ZERO, clear, convolve, part, text_of, trim
from analysis.air_defence.exact.places import meet_place, meet_plenty, never_binds
from analysis.air_defence.exact.raid_effect import vary
from analysis.compiling import keep_compiled

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
def leak_of_class(
    threats, used, p, rounds, reach, common, place, scope, local, shots, looks, short, out, work, inverse, row
):
    """Write the leakers of one class to ``out``, a draw in each lane; return their ends."""
    by_place = local < shots.size and place.min() < 1.0
    plenty = by_place and scope != THREAT and never_binds(threats, local, rounds, shots)
    if scope == THREAT or (by_place and not plenty):
        clear(out, ZERO, threats)
        low, high = threats, ZERO
        for lane in range(used):
            chance = common[lane] if scope == THREAT else 1.0
            meet_place(
                threats,
                lane,
                local,
                p,
                rounds,
                reach,
                chance,
                place[lane] if by_place else 1.0,
                shots,
                looks,
                short,
                out,
                work,
                inverse,
                row,
            )
        return trim(out, ZERO, threats)
    for lane in range(LANES):
        work[STATE, threats * LANES + lane] = 1.0
    end = local if plenty else shots.size
    low, high = pass_layers(
        ZERO, end, threats, threats, used, p, rounds, reach, shots, looks, short, work, inverse, row
    )
    if plenty:
        low, high = meet_plenty(low, high, local, p, reach, place, shots, short, work, inverse, row)
    for entry in range(low * LANES, (high + 1) * LANES):
        out[entry] = work[STATE, entry]
    return low, high


@part()
def count_beyond_rounds(threats, p, rounds, reach, shots, looks, beyond):
    """Write, for each lane, how many threats leak for want of rounds even where every shot kills."""
    for lane in range(LANES):
        most = 0
        for layer in range(shots.size):
            if shots[layer] > 0 and p[layer, lane] > 0.0 and reach[layer, lane] > 0.0:
                salvo = 1 if looks[layer] else shots[layer]
                most += (rounds[layer, lane] + salvo - 1) // salvo
        beyond[lane] = max(0, threats - most)


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
def leak_of_raid(
    threats,
    first,
    p,
    rounds,
    reach,
    common,
    place,
    rho,
    scope,
    local,
    shots,
    looks,
    short,
    totals,
    work,
    inverse,
    row,
    sums,
    out,
    pmf,
):
    """Leakers of all classes in LANES draws from ``first`` on: fill ``out`` and, for the first draw, ``pmf``."""
    layers, classes, used = shots.shape[1], threats.size, min(LANES, common.shape[1] - first)
    ps, reaches = np.empty((layers, LANES)), np.empty((layers, LANES))
    magazines, beyond = np.empty((layers, LANES), np.int64), np.empty(LANES, np.int64)
    commons, own = np.empty((1, LANES)), np.empty((2, LANES))
    pick_lanes(common, first, commons)
    for lane in range(LANES):
        totals[0, lane] = 1.0
    here, low, high = 0, ZERO, ZERO
    for c in range(classes):
        pick_lanes(p[c], first, ps)
        pick_lanes(rounds[c], first, magazines)
        pick_lanes(reach[c], first, reaches)
        pick_lanes(place[c : c + 1], first, own[0:1])
        pick_lanes(rho[c : c + 1], first, own[1:2])
        bottom, top = leak_of_class(
            threats[c],
            used,
            ps,
            magazines,
            reaches,
            commons[0],
            own[0],
            scope,
            local,
            shots[c],
            looks,
            short[c],
            totals[2],
            work,
            inverse,
            row,
        )
        if own[1].max() > 0.0:
            count_beyond_rounds(threats[c], ps, magazines, reaches, shots[c], looks, beyond)
            bottom, top = vary(threats[c], used, beyond, own[1], totals[2], bottom, top, work, inverse, row)
        low, high = convolve(totals[here], low, high, totals[2], bottom, top, totals[1 - here], commons[0].size)
        here = 1 - here
        if scope == RAID:
            bottom, top = fail_together(totals[2], bottom, top, threats[c], commons[0])
        report(totals[2], bottom, top, first, used, sums, out[c], pmf[c])
    if scope == RAID:
        low, high = fail_together(totals[here], low, high, threats.sum(), commons[0])
        for c in range(classes):
            for layer in range(layers):
                for lane in range(LANES):
                    short[c, layer, lane] *= commons[0, lane]
    report(totals[here], low, high, first, used, sums, out[classes], pmf[classes])


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
def report(total, low, high, first, used, sums, out, pmf):
    """Write the summary of each draw, and the distribution of the very first."""
    summarise(total, low, high, sums)
    for lane in range(used):
        for column in range(len(SUMMARY)):
            out[first + lane, column] = sums[column, lane]
    if first == 0:
        for k in range(low, high + 1):
            pmf[k] = total[k * LANES]


def reserve(threats, shots):
    """Return the arrays that a raid needs: totals, work, inverse, row."""
    largest, everyone = threats.max(), threats.sum()
    inverse = np.zeros(max(2, shots.max(initial=0)) * largest + PADDING)
    inverse[1:] = 1.0 / np.arange(1, inverse.size)
    return (
        aligned(3, (everyone + PADDING) * LANES),
        aligned(7, (largest + PADDING) * LANES),
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
        reach,
        common,
        place,
        rho,
        scope,
        local,
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
        """Fill ``out``, one row a class (the last one: all) and a draw; for the first, ``pmf`` and ``shortages``."""
        _ = text
        for first in range(0, common.shape[1], LANES):
            leak_of_raid(
                threats,
                first,
                p,
                rounds,
                reach,
                common,
                place,
                rho,
                scope,
                local,
                shots,
                looks,
                short,
                totals,
                work,
                inverse,
                row,
                sums,
                out,
                pmf,
            )
            if first == 0:
                for c in range(threats.size):
                    for layer in range(shots.shape[1]):
                        shortages[c, layer] = short[c, layer, 0]

    return leak_of_draws


MODULES = ("lanes", "looks", "chain", "places", "raid_effect", "raid")
leak_of_draws = make_entry(text_of(*(f"analysis.air_defence.exact.{name}" for name in MODULES)))


class Leak(NamedTuple):
    """Leakers of a raid: by class, and of all classes in the last row.

    Attributes
    ----------
    summaries : numpy.ndarray
        By row, draw and :data:`SUMMARY`.
    pmf : numpy.ndarray
        Distribution in the first draw, by row and number of leakers.
    short : numpy.ndarray
        Chance in the first draw, by class and layer, that a magazine was too small.
    """

    summaries: np.ndarray
    pmf: np.ndarray
    short: np.ndarray


def leak(threats, p, rounds, reach, common, place, rho, scope, local, shots, looks):
    """Leakers of every draw; the parameters are the attributes of ``defence.Packed``."""
    rows, everyone = threats.size + 1, threats.sum() + 1
    found = Leak(np.empty((rows, common.shape[1], len(SUMMARY))), np.zeros((rows, everyone)), np.zeros(shots.shape))
    sums, short = np.empty((len(SUMMARY) + 1, LANES)), np.zeros((*shots.shape, LANES))
    leak_of_draws(
        threats,
        p,
        rounds,
        reach,
        common,
        place,
        rho,
        scope,
        local,
        shots,
        looks,
        *reserve(threats, shots),
        sums,
        short,
        *found,
    )
    return found

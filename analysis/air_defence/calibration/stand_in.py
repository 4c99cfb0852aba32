"""What comes of an observed raid, by mean flows instead of the exact chain: compiled, for millions of asks."""

from math import erf, exp, lgamma, log, pi, sqrt

import numpy as np

from analysis.compiling import keep_compiled

SHOTS = 2
"""Interceptors for a threat at each layer, fired together."""
LEAST, MOST = 1e-9, 1.0 - 1e-9
LAYER, PLACE = 0, 1  # as in ``choices.COVERAGE_SCOPES``
UPPER = 2  # as in ``prior.GROUPS``


@keep_compiled(error_model="numpy", nogil=True)
def expected_served(mean, variance, limit):
    """Mean of the smaller of a normal number and a limit."""
    if limit <= 0.0 or mean <= 0.0:
        return 0.0, 0.0
    if limit == np.inf:
        return mean, 1.0
    spread = sqrt(max(variance, 1e-12))
    gap = (limit - mean) / spread
    below = 0.5 * (1.0 + erf(gap / sqrt(2.0)))
    height = exp(-0.5 * gap * gap) / sqrt(2.0 * pi)
    return max(0.0, mean * below + limit * (1.0 - below) - spread * height), below


@keep_compiled(error_model="numpy", nogil=True)
def share_leaking(threats, kills, covers, track, rounds, ratings, groups, layers, scope):
    """Share of the threats that pass all layers of a defence, the highest first.

    ``kills`` by rating and ``covers`` by group; ``rounds``, ``ratings`` and ``groups`` by layer. In scope ``PLACE``
    one draw says whether a threat goes where the local layers stand; in ``LAYER`` each layer draws for itself.
    """
    alive, variance, elsewhere, divided = threats, 0.0, 0.0, False
    for layer in range(layers):
        group = groups[layer]
        reach = track * covers[group]
        if scope == PLACE and group != UPPER:
            reach = track
            if not divided:
                here = covers[group]
                elsewhere = alive * (1.0 - here)
                variance = here * here * variance + alive * here * (1.0 - here)
                alive, divided = alive * here, True
        kill = 1.0 - (1.0 - kills[ratings[layer]]) ** SHOTS
        demand = alive * reach
        limit = rounds[layer] / SHOTS
        served, plenty = expected_served(demand, reach * reach * variance + alive * reach * (1.0 - reach), limit)
        hit = reach * kill
        thinned = (1.0 - hit) * (1.0 - hit) * variance + alive * hit * (1.0 - hit)
        emptied = variance + served * kill * (1.0 - kill)
        variance = plenty * thinned + (1.0 - plenty) * emptied
        alive = max(0.0, alive - served * kill)
    return (alive + elsewhere) / threats


@keep_compiled(error_model="numpy", nogil=True)
def interpolate(table, place, first, step):
    """Value of a table at a place, linear between evenly spaced nodes, level beyond them."""
    at = min(max((place - first) / step, 0.0), table.size - 1.0)
    left = min(int(at), table.size - 2)
    return table[left] + (at - left) * (table[left + 1] - table[left])


@keep_compiled(error_model="numpy", nogil=True)
def leak_shares(arriving, kill, cover, track, rounds_at, reload, asked, tables, first, step, scope, out):
    """Fill ``out``, one row a particle and one column an observation: share leaking of what arrives at the layers.

    ``asked`` is ``raids.Stood``. ``tables`` holds the rounds of each observation and layer by place in their range.
    What was engaged was covered, tracked and fired at, so no rounds were missing.
    """
    war, engaged, salvos, sharing, reloads, layers, ratings, groups = asked
    rounds, full = np.empty(ratings.shape[1]), np.ones(cover.shape[2])
    for particle in range(out.shape[0]):
        for row in range(out.shape[1]):
            w = war[row]
            free = reload[particle, w] if reloads[row] < 0 else float(reloads[row])
            depth = sharing[row] ** (free - 1.0)
            for layer in range(layers[row]):
                rounds[layer] = np.inf
                if not engaged[row]:
                    rounds[layer] = depth * interpolate(tables[row, layer], rounds_at[particle, w], first, step)
            covers = full if engaged[row] else cover[particle, w]
            reach = 1.0 if engaged[row] else track[particle]
            threats = max(arriving[particle, row] / salvos[row], 1e-3)
            out[particle, row] = share_leaking(
                threats, kill[particle, w], covers, reach, rounds, ratings[row], groups[row], layers[row], scope
            )


@keep_compiled(error_model="numpy", nogil=True)
def log_chances(share, correlation, threats, low, high, out):
    """Fill ``out``: log of the chance that low to high of the threats leak, beta-binomial.

    ``share`` (mean share that leaks) and ``correlation`` (within a raid) by particle and observation, the others by
    observation.
    """
    for row in range(out.shape[1]):
        n, least = float(threats[row]), float(low[row])
        ways = lgamma(n + 1.0) - lgamma(least + 1.0) - lgamma(n - least + 1.0)
        for particle in range(out.shape[0]):
            mean = min(max(share[particle, row], LEAST), MOST)
            size = 1.0 / min(max(correlation[particle, row], 1e-6), MOST) - 1.0
            a, b = mean * size, (1.0 - mean) * size
            start = ways + lgamma(least + a) + lgamma(n - least + b) - lgamma(n + size)
            start += lgamma(size) - lgamma(a) - lgamma(b)
            total, term = 1.0, 1.0
            for k in range(low[row], high[row]):
                term *= (n - k) * (k + a) / ((k + 1.0) * (n - k - 1.0 + b))
                total += term
            out[particle, row] = start + log(total)


@keep_compiled(error_model="numpy", nogil=True)
def mixture(share, correlation, weights, threats):
    """Distribution of the leakers among some threats over weighted particles, each beta-binomial."""
    pmf, ways, n = np.zeros(threats + 1), np.empty(threats + 1), float(threats)
    for k in range(threats + 1):
        ways[k] = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)
    for particle in range(share.size):
        mean = min(max(share[particle], LEAST), MOST)
        size = 1.0 / min(max(correlation[particle], 1e-6), MOST) - 1.0
        a, b = mean * size, (1.0 - mean) * size
        base = lgamma(size) - lgamma(a) - lgamma(b) - lgamma(n + size)
        for k in range(threats + 1):
            pmf[k] += weights[particle] * exp(base + ways[k] + lgamma(k + a) + lgamma(n - k + b))
    return pmf / pmf.sum()

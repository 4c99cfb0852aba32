"""What the threats of one class in one raid have in common, compiled: the share killed differs from raid to raid.

The chain gives a class a distribution of leakers with some mean. Between raids the chance that a threat leaks follows a
beta law with that mean, and a correlation: the chance that two threats of a raid share a common fate. Where a raid's
chance is lower than the mean, each leaker is stopped with the chance that makes up for it; where it is higher, each
threat that was stopped leaks. So the mean stays, without correlation nothing changes, and where no magazine binds the
leakers are beta-binomial. Threats for which there are no rounds leak in every raid and take no part.
"""

import math

import numpy as np

from analysis.air_defence.exact.lanes import LANES, PADDING, ZERO, clear, part, thin, trim

STATE, PARTIAL, LEAKED, BINOMIAL, KILLED, SUM_KILLED, SUM_LEAKED = range(7)  # rows of ``work``
NODES = 12
ACCURACY = 2.0**-53
NO_WEIGHT = 1e-17
NO_CORRELATION = 1e-12
SWEEPS = 60  # two or three are usual for an eigenvalue


@part()
def beta_nodes(share, correlation, nodes, weights, beside):
    """Gauss's nodes and weights, at the best as many as ``nodes`` holds, of the beta law on 0 to 1; return how many.

    Notes
    -----
    Golub and Welsch (1969): nodes are the eigenvalues of the matrix of the law's orthogonal polynomials (Jacobi's), the
    weights the squares of the first entries of its eigenvectors; found by the QL method. The mean is met exactly.
    """
    n = nodes.size
    if correlation >= 1.0:
        nodes[0], nodes[1], weights[0], weights[1] = 0.0, 1.0, 1.0 - share, share
        return 2
    total = 1.0 / correlation - 1.0
    a, b = share * total, (1.0 - share) * total
    nodes[0], weights[0] = share, 1.0
    beside[0] = math.sqrt(a * b / (total + 1.0)) / total
    for k in range(1, n):
        before = 2.0 * (k - 1.0) + total
        weights[k], beside[k] = 0.0, 0.0
        nodes[k] = 0.5 + 0.5 * (a - b) * (total - 2.0) / (before * (before + 2.0))
        if k < n - 1:
            j = k + 1.0
            middle = 2.0 * j + total - 2.0
            square = j * (j + a - 1.0) * (j + b - 1.0) * (j + total - 2.0)
            beside[k] = math.sqrt(square / ((middle + 1.0) * (middle - 1.0))) / middle
    for place in range(n):
        diagonalise(place, nodes, weights, beside)
    for k in range(n):
        nodes[k], weights[k] = min(1.0, max(0.0, nodes[k])), weights[k] ** 2
    return n


@part()
def diagonalise(place, diagonal, first, beside):
    """Turn one more entry of a symmetric matrix of three diagonals into an eigenvalue, by the implicit QL method."""
    for _ in range(SWEEPS):
        end = place
        while end < diagonal.size - 1:
            if abs(beside[end]) <= ACCURACY * (abs(diagonal[end]) + abs(diagonal[end + 1])):
                break
            end += 1
        if end == place:
            return
        g = (diagonal[place + 1] - diagonal[place]) / (2.0 * beside[place])
        r = math.sqrt(g * g + 1.0)
        g = diagonal[end] - diagonal[place] + beside[place] / (g + math.copysign(r, g))
        sine, cosine, p = 1.0, 1.0, 0.0
        for i in range(end - 1, place - 1, -1):
            f, b = sine * beside[i], cosine * beside[i]
            r = math.sqrt(f * f + g * g)
            beside[i + 1] = r
            if r == 0.0:
                diagonal[i + 1] -= p
                beside[end] = 0.0
                break
            sine, cosine = f / r, g / r
            g = diagonal[i + 1] - p
            r = (diagonal[i] - g) * sine + 2.0 * cosine * b
            p = sine * r
            diagonal[i + 1] = g + p
            g = cosine * r - b
            f = first[i + 1]
            first[i + 1] = sine * first[i] + cosine * f
            first[i] = cosine * first[i] - sine * f
        else:
            diagonal[place] -= p
            beside[place], beside[end] = g, 0.0


@part()
def find_nodes(threats, used, least, correlation, state, low, high, factors, weights, most):
    """Fill, for the side of raids that leak less (0) and more (1), the factors and weights of each node and lane.

    A factor is the chance that a leaker (side 0), or a threat that was stopped (side 1), stays what it was.
    ``most`` receives how many nodes a side has in some lane.
    """
    nodes, beta_weights = np.empty(factors.shape[1]), np.empty(factors.shape[1])
    beside = np.empty(factors.shape[1])
    for lane in range(used):
        able, mean = threats - least[lane], 0.0
        for k in range(low, high + 1):
            mean += (k - least[lane]) * state[k * LANES + lane]
        share = mean / able if able > 0 else 0.0
        if correlation[lane] < NO_CORRELATION or share <= 0.0 or share >= 1.0:
            factors[0, 0, lane], weights[0, 0, lane] = 1.0, 1.0
            most[0] = max(most[0], 1)
            continue
        counts = np.zeros(2, np.int64)
        for node in range(beta_nodes(share, correlation[lane], nodes, beta_weights, beside)):
            side = 1 if nodes[node] > share else 0
            stays = (1.0 - nodes[node]) / (1.0 - share) if side == 1 else nodes[node] / share
            if beta_weights[node] > NO_WEIGHT:
                factors[side, counts[side], lane] = min(1.0, stays)
                weights[side, counts[side], lane] = beta_weights[node]
                counts[side] += 1
        for side in range(2):
            most[side] = max(most[side], counts[side])
    for lane in range(used, LANES):
        for side in range(2):
            for node in range(factors.shape[1]):
                factors[side, node, lane] = factors[side, node, used - 1]
                weights[side, node, lane] = weights[side, node, used - 1]


@part()
def mix(source, low, high, n_nodes, factors, weights, total, work, inverse, row):
    """Thin a distribution once for every node, and add it up by weight in ``total``."""
    state, stops = work[STATE], np.empty(LANES)
    for node in range(n_nodes):
        clear(state, ZERO, high + PADDING - 1)
        for entry in range(low * LANES, (high + 1) * LANES):
            state[entry] = source[entry]
        for lane in range(LANES):
            stops[lane] = 1.0 - factors[node, lane]
        first, last = thin(state, low, high, factors[node], stops, inverse, row, work[PARTIAL], work[BINOMIAL])
        for k in range(first, last + 1):
            for lane in range(LANES):
                total[k * LANES + lane] += weights[node, lane] * state[k * LANES + lane]


@part()
def vary(threats, used, least, correlation, state, low, high, work, inverse, row):
    """Let the share that leaks differ between raids, in place; ``least`` leak for want of rounds. Return the ends."""
    n_nodes = max(NODES, int(1.2 * math.sqrt(threats)))
    factors, weights = np.ones((2, n_nodes, LANES)), np.zeros((2, n_nodes, LANES))
    most = np.zeros(2, np.int64)
    find_nodes(threats, used, least, correlation, state, low, high, factors, weights, most)
    for place in (LEAKED, KILLED, SUM_LEAKED, SUM_KILLED):
        clear(work[place], ZERO, threats)
    shift_low, shift_high = threats, ZERO
    for lane in range(LANES):
        shift_low, shift_high = min(shift_low, least[lane]), max(shift_high, least[lane])
        for k in range(max(low, least[lane]), high + 1):
            work[LEAKED, (k - least[lane]) * LANES + lane] = state[k * LANES + lane]
            work[KILLED, (threats - k) * LANES + lane] = state[k * LANES + lane]
    bottom, top = max(ZERO, low - shift_high), max(ZERO, high - shift_low)
    mix(work[LEAKED], bottom, top, most[0], factors[0], weights[0], work[SUM_LEAKED], work, inverse, row)
    mix(
        work[KILLED],
        threats - high,
        threats - max(low, shift_low),
        most[1],
        factors[1],
        weights[1],
        work[SUM_KILLED],
        work,
        inverse,
        row,
    )
    clear(state, ZERO, threats)
    for lane in range(LANES):
        for k in range(least[lane], threats + 1):
            leaked, killed = (
                work[SUM_LEAKED, (k - least[lane]) * LANES + lane],
                work[SUM_KILLED, (threats - k) * LANES + lane],
            )
            state[k * LANES + lane] = leaked + killed
    return trim(state, ZERO, threats)

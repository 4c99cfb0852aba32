"""Distributions of many draws side by side, compiled: one draw in each lane of a vector register.

A state is the distribution of the threats that are still alive, kept for :data:`LANES` draws at once: entry
``alive * LANES + lane``. Only sums of products of numbers that are not negative are formed, so no digits are lost;
entries below :data:`NEGLIGIBLE` at either end are dropped. Read as a polynomial in z, a state that meets threats
which survive with probability ``leak`` each is composed with ``kill + leak z``; Horner's rule does that in place.
"""

from numba import njit

LANES = 16
NEGLIGIBLE = 1e-18


@njit(cache=True, error_model="numpy")
def binomial_row(n, leak, kill, inverse, row):
    """Write P(k of n survive) into ``row[low..high]``; return low and high, beyond which it is negligible."""
    if leak == 0.0 or kill == 0.0:
        only = 0 if leak == 0.0 else n
        row[only] = 1.0
        return only, only
    mode = min(n, int((n + 1) * leak))
    low, high, total = mode, mode, 1.0
    row[mode] = 1.0
    weight, odds = 1.0, leak / kill
    while high < n and weight > NEGLIGIBLE:
        weight *= (n - high) * inverse[high + 1] * odds
        high += 1
        row[high] = weight
        total += weight
    weight, odds = 1.0, kill / leak
    while low > 0 and weight > NEGLIGIBLE:
        weight *= low * inverse[n - low + 1] * odds
        low -= 1
        row[low] = weight
        total += weight
    scale = 1.0 / total
    for k in range(low, high + 1):
        row[k] *= scale
    return low, high


@njit(cache=True, error_model="numpy")
def is_negligible(state, k):
    """Whether entry k is negligible in every lane."""
    cell = state[k * LANES : (k + 1) * LANES]
    largest = 0.0
    for lane in range(cell.size):
        largest = max(largest, cell[lane])
    return largest < NEGLIGIBLE


@njit(cache=True, error_model="numpy")
def trim(state, low, high):
    """Set negligible entries at both ends to zero; return the ends of what is left."""
    while low < high and is_negligible(state, high):
        state[high * LANES : (high + 1) * LANES] = 0.0
        high -= 1
    while low < high and is_negligible(state, low):
        state[low * LANES : (low + 1) * LANES] = 0.0
        low += 1
    return low, high


@njit(cache=True, error_model="numpy")
def multiply(state, low, high, leak, kill):
    """Multiply the polynomial by ``kill + leak z`` in place: one more threat in every lane."""
    for k in range(high + 1, low, -1):
        cell, below = state[k * LANES : (k + 1) * LANES], state[(k - 1) * LANES : k * LANES]
        for lane in range(cell.size):
            cell[lane] = kill[lane] * cell[lane] + leak[lane] * below[lane]
    cell = state[low * LANES : (low + 1) * LANES]
    for lane in range(cell.size):
        cell[lane] *= kill[lane]
    return trim(state, low, high + 1)


@njit(cache=True, error_model="numpy")
def convolve(left, left_low, left_high, right, right_low, right_high, out):
    """Distribution of the sum of two independent counts, lane by lane; return its ends."""
    low, high = left_low + right_low, left_high + right_high
    out[low * LANES : (high + 1) * LANES] = 0.0
    for i in range(left_low, left_high + 1):
        first = left[i * LANES : (i + 1) * LANES]
        for j in range(right_low, right_high + 1):
            second = right[j * LANES : (j + 1) * LANES]
            cell = out[(i + j) * LANES : (i + j + 1) * LANES]
            for lane in range(cell.size):
                cell[lane] += first[lane] * second[lane]
    return trim(out, low, high)


@njit(cache=True, error_model="numpy")
def binomial_lanes(n, leak, kill, inverse, row, out):
    """Write the distribution of survivors among n threats into every lane of ``out``; return its ends."""
    out[: (n + 1) * LANES] = 0.0
    low, high = n, 0
    for lane in range(LANES):
        first, last = binomial_row(n, leak[lane], kill[lane], inverse, row)
        for k in range(first, last + 1):
            out[k * LANES + lane] = row[k]
        low, high = min(low, first), max(high, last)
    return low, high


@njit(cache=True, error_model="numpy")
def finish(state, low, high, n, leak, kill, inverse, row, binomial, out):
    """Multiply by ``(kill + leak z) ** n`` at once, into ``out``; return its ends."""
    first, last = binomial_lanes(n, leak, kill, inverse, row, binomial)
    return convolve(state, low, high, binomial, first, last, out)


@njit(cache=True, error_model="numpy")
def thin(state, low, high, leak, kill, inverse, row, partial, binomial):
    """Let every threat alive survive with probability ``leak``, in place; return the new ends."""
    partial[: (high + 2) * LANES] = 0.0
    partial[:LANES] = state[high * LANES : (high + 1) * LANES]
    bottom, top = 0, 0
    for alive in range(high - 1, low - 1, -1):
        bottom, top = multiply(partial, bottom, top, leak, kill)
        bottom = 0
        for lane in range(LANES):
            partial[lane] += state[alive * LANES + lane]
    return finish(partial, bottom, top, low, leak, kill, inverse, row, binomial, state)

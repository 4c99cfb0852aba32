"""Distributions of many draws side by side, compiled: one draw in each lane of the processor's vector registers.

A state is the distribution of the threats that are still alive: entry ``alive * LANES + lane``, kept from a lowest to a
highest number alive. Only sums of products of numbers that are not negative are formed, so no digits are lost;
entries below :data:`NEGLIGIBLE` in every lane are dropped at both ends. Read as a polynomial in z, a state whose
threats survive with probability ``leak`` each is composed with ``kill + leak z``; Horner's rule does that in place.
Loops over lanes are unrolled by hand over four entries, because that halves the traffic with memory.
"""

import hashlib
import inspect
import sys
from typing import Any, cast

import numpy as np
from numba import njit

LANES = 32
ZERO, NONE = np.int64(0), np.int64(-1)  # a bare 0 is a type of its own: what is called with it is compiled once more
NEGLIGIBLE = 1e-17
TINY = 1e-150  # smaller numbers are set to zero: their products would leave the range of fast arithmetic
PADDING = 8  # entries beyond the largest state that the unrolled loops may touch


def part(**options: Any) -> Any:
    """Compile a function that only compiled code calls: without the wrappers by which Python and C would call it."""
    return cast(Any, njit)(**({"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"} | options))


def text_of(*modules):
    """Digest of the text of some modules, by name.

    Compiled code is kept on disk by the text of one module, although it contains what that module calls. An entry point
    that refers to this digest is compiled anew when any of the modules changes; what it calls is not kept by itself.
    """
    return hashlib.sha256("".join(inspect.getsource(sys.modules[name]) for name in modules).encode()).hexdigest()


@part()
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


@part()
def clear(state, low, high):
    """Set the entries from low to high to zero."""
    cells = state[low * LANES : (high + 1) * LANES]
    for entry in range(cells.size):
        cells[entry] = 0.0


@part()
def is_negligible(state, k):
    """Whether entry k is negligible in every lane."""
    left = 0
    for entry in range(k * LANES, (k + 1) * LANES):
        left += state[entry] >= NEGLIGIBLE
    return left == 0


@part()
def trim(state, low, high):
    """Set negligible entries at both ends to zero; return the ends of what is left."""
    while low < high and is_negligible(state, high):
        clear(state, high, high)
        high -= 1
    while low < high and is_negligible(state, low):
        clear(state, low, low)
        low += 1
    return low, high


@part(fastmath={"contract"})
def multiply(state, low, high, leak, kill):
    """Multiply by ``kill + leak z`` in place, one more threat in every lane; entries outside the ends must be zero."""
    width = leak.size  # LANES, but unknown to the compiler, which would otherwise unroll before it vectorises
    top = high + 1
    while top >= max(4, low):
        five = state[(top - 4) * LANES : (top + 1) * LANES]
        for lane in range(width):
            stay, live = kill[lane], leak[lane]
            s0, s1, s2 = five[lane], five[LANES + lane], five[2 * LANES + lane]
            s3, s4 = five[3 * LANES + lane], five[4 * LANES + lane]
            s4, s3 = stay * s4 + live * s3, stay * s3 + live * s2
            s2, s1 = stay * s2 + live * s1, stay * s1 + live * s0
            five[4 * LANES + lane] = s4 if s4 > TINY else 0.0
            five[3 * LANES + lane] = s3 if s3 > TINY else 0.0
            five[2 * LANES + lane] = s2 if s2 > TINY else 0.0
            five[LANES + lane] = s1 if s1 > TINY else 0.0
        top -= 4
    for k in range(top, max(0, low - 1), -1):
        two = state[(k - 1) * LANES : (k + 1) * LANES]
        for lane in range(width):
            s1 = kill[lane] * two[LANES + lane] + leak[lane] * two[lane]
            two[LANES + lane] = s1 if s1 > TINY else 0.0
    if low == 0:
        for lane in range(width):
            s0 = kill[lane] * state[lane]
            state[lane] = s0 if s0 > TINY else 0.0


@part(fastmath={"contract"}, inline="always")
def add_products(left, right, out, width):
    """Add the products of four entries with four entries to seven, lane by lane."""
    for lane in range(width):
        a0, a1, a2, a3 = left[lane], left[LANES + lane], left[2 * LANES + lane], left[3 * LANES + lane]
        b0, b1, b2, b3 = right[lane], right[LANES + lane], right[2 * LANES + lane], right[3 * LANES + lane]
        out[lane] += a0 * b0
        out[LANES + lane] += a0 * b1 + a1 * b0
        out[2 * LANES + lane] += a0 * b2 + a1 * b1 + a2 * b0
        out[3 * LANES + lane] += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
        out[4 * LANES + lane] += a1 * b3 + a2 * b2 + a3 * b1
        out[5 * LANES + lane] += a2 * b3 + a3 * b2
        out[6 * LANES + lane] += a3 * b3


@part(fastmath={"contract"})
def convolve(left, left_low, left_high, right, right_low, right_high, out, width):
    """Distribution of the sum of two independent counts, lane by lane; return its ends."""
    low, high = left_low + right_low, left_high + right_high
    clear(left, left_high + 1, left_high + 3)
    clear(right, right_high + 1, right_high + 3)
    clear(out, low, high + 6)
    for i in range(left_low, left_high + 1, 4):
        for j in range(right_low, right_high + 1, 4):
            add_products(
                left[i * LANES : (i + 4) * LANES],
                right[j * LANES : (j + 4) * LANES],
                out[(i + j) * LANES : (i + j + 7) * LANES],
                width,
            )
    sums = out[low * LANES : (high + 1) * LANES]
    for entry in range(sums.size):
        sums[entry] = sums[entry] if sums[entry] > TINY else 0.0
    return trim(out, low, high)


@part()
def binomial_lanes(n, leak, kill, inverse, row, out):
    """Write the distribution of survivors among n threats into every lane of ``out``; return its ends."""
    clear(out, ZERO, n)
    low, high = n, 0
    for lane in range(LANES):
        first, last = binomial_row(n, leak[lane], kill[lane], inverse, row)
        for k in range(first, last + 1):
            out[k * LANES + lane] = row[k]
        low, high = min(low, first), max(high, last)
    return low, high


@part()
def finish(state, low, high, n, leak, kill, inverse, row, binomial, out):
    """Multiply by ``(kill + leak z) ** n`` at once, into ``out``; return its ends."""
    first, last = binomial_lanes(n, leak, kill, inverse, row, binomial)
    return convolve(state, low, high, binomial, first, last, out, leak.size)


@part()
def thin(state, low, high, leak, kill, inverse, row, partial, binomial):
    """Let every threat alive survive with probability ``leak``, in place; return the new ends."""
    clear(partial, ZERO, high + PADDING - 1)
    top = NONE
    for alive in range(high, low - 1, -1):
        if top >= 0:
            multiply(partial, ZERO, top, leak, kill)
        top += 1
        while alive % 4 == 0 and top > 0 and is_negligible(partial, top):
            clear(partial, top, top)
            top -= 1
        for lane in range(LANES):
            partial[lane] += state[alive * LANES + lane]
    return finish(partial, ZERO, top, low, leak, kill, inverse, row, binomial, state)

"""Random numbers without a state: each is a pure function of a seed, a component, a draw's number and two names.

A draw's key and a stream's key are mixed into 64 bits, and the upper 52 of them become a standard normal by the inverse
of its distribution. So nothing depends on what else is drawn, in which order, or on how many threads.

References
----------
Guy L. Steele, Doug Lea, Christine H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the 64-bit
mixing function, its constants by David Stafford ("Mix13").
Peter J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function", 2003: relative error
below 1.15e-9 everywhere.
John K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011: why to count instead of stepping.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]
Bits = Any
"""A np.uint64, or an array of them."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)

UNIFORM_STEP = 2.0**-52
LOW_TAIL = 0.02425


@part
def mixed(value: Bits) -> Bits:
    """Return 64 bits of which each depends on every bit given: a bijection. Of an array, its numbers' own."""
    value = (value ^ (value >> SHIFT_30)) * FIRST_FACTOR
    value = (value ^ (value >> SHIFT_27)) * SECOND_FACTOR
    return value ^ (value >> SHIFT_31)


def made_draw_keys(seed_key: np.uint64, count: int) -> Keys:
    """Return the key of each draw, by its number alone: more draws leave the first ones as they are."""
    start, numbers = np.full(1, seed_key, dtype=np.uint64), np.arange(1, count + 1, dtype=np.uint64)
    return np.asarray(mixed(mixed(start) + GOLDEN * numbers))


@part
def fill_normals(
    draw_keys: Keys,
    chosen: Rows,
    count: int,
    seed_key: np.uint64,
    component: np.uint64,
    first: np.uint64,
    second: np.uint64,
    shares: Floats,
    normals: Floats,
) -> None:
    """Write a component's standard normals in the first ``count`` of the chosen draws; ``shares`` is working space.

    A component has a stream of its own for each pair of names; their order matters. Three passes, because the first two
    run on several draws at once and few draws need the third.
    """
    stream = mixed((mixed((mixed(seed_key + GOLDEN * component) ^ first) + GOLDEN) ^ second) + GOLDEN)
    for place in range(count):
        shares[place] = (float(np.int64(mixed(draw_keys[chosen[place]] ^ stream) >> SHIFT_12)) + 0.5) * UNIFORM_STEP
    for place in range(count):
        normals[place] = _middle(shares[place])
    for place in range(count):
        if abs(shares[place] - 0.5) > 0.5 - LOW_TAIL:
            normals[place] = inverse_normal(shares[place])


@part
def inverse_normal(share: float) -> float:
    """Return the standard normal value that a share of all lies below, for a share between 0 and 1."""
    if LOW_TAIL <= share <= 1.0 - LOW_TAIL:
        return _middle(share)
    q = math.sqrt(-2.0 * math.log(min(share, 1.0 - share)))
    above = (-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00
    above = ((above * q - 2.549732539343734e00) * q + 4.374664141464968e00) * q + 2.938163982698783e00
    below = (7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00
    below = (below * q + 3.754408661907416e00) * q + 1.0
    return above / below if share < LOW_TAIL else -above / below


@part
def _middle(share: float) -> float:
    """Return the value that a share between the tails lies below."""
    q = share - 0.5
    r = q * q
    above = -3.969683028665376e01 * r + 2.209460984245205e02
    above = ((above * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r
    above = (above - 3.066479806614716e01) * r + 2.506628277459239e00
    below = -5.447609879822406e01 * r + 1.615858368580409e02
    below = ((below * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r
    below = (below - 1.328068155288572e01) * r + 1.0
    return q * above / below

"""Terrain irregularity Δh: the spread between the deciles of a profile about its straight-line fit.

NTIA's code selects each decile by partial sorting. Here one pass counts the residuals into equal buckets, a second
collects the two buckets that hold the deciles, and only those few values are searched: three times as fast, no branch
that cannot be foreseen, the same value.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import kernel

Floats = NDArray[np.float64]

MAX_SAMPLES = 245
_BUCKETS = 64
SCRATCH_SIZE = 3 * MAX_SAMPLES + _BUCKETS

ROUGHNESS_SCALE_M = 50e3
_FLAT_M = 1e-9
"""A spread of less is none: it is rounding, and buckets of it would be empty."""


@kernel
def roughness_share(distance_m: float) -> float:
    """Return the share of Δh that a path of that length meets: ERL 79-ITS 67, equation 3."""
    return 1.0 - 0.8 * math.exp(-distance_m / ROUGHNESS_SCALE_M)


@kernel
def moments(height_m: Floats, first: int, last: int, middle: float) -> tuple[float, float]:
    """Return Σ h and Σ h (i − middle) over the points first to last, both ends at half weight.

    Four sums side by side: a single one would wait for each addition.
    """
    total_0 = total_1 = total_2 = total_3 = 0.0
    moment_0 = moment_1 = moment_2 = moment_3 = 0.0
    arm = first - middle
    i = first
    while i + 3 <= last:
        total_0 += height_m[i]
        total_1 += height_m[i + 1]
        total_2 += height_m[i + 2]
        total_3 += height_m[i + 3]
        moment_0 += height_m[i] * arm
        moment_1 += height_m[i + 1] * (arm + 1.0)
        moment_2 += height_m[i + 2] * (arm + 2.0)
        moment_3 += height_m[i + 3] * (arm + 3.0)
        arm += 4.0
        i += 4
    while i <= last:
        total_0 += height_m[i]
        moment_0 += height_m[i] * arm
        arm += 1.0
        i += 1
    ends = 0.5 * (height_m[first] + height_m[last])
    ends_moment = 0.5 * (height_m[first] * (first - middle) + height_m[last] * (last - middle))
    return (total_0 + total_1) + (total_2 + total_3) - ends, (moment_0 + moment_1) + (moment_2 + moment_3) - ends_moment


@kernel
def _resample(height_m: Floats, intervals: int, start: float, stride: float, count: int, samples: Floats) -> None:
    """Fill ``count`` samples of the profile at equal strides from a place between its points. [points]"""
    for j in range(count):
        place = start + stride * j
        i = min(int(place), intervals - 1)
        here_m: float = height_m[i]
        samples[j] = here_m + (height_m[i + 1] - here_m) * (place - i)


@kernel
def _remove_line(samples: Floats, count: int) -> tuple[float, float]:
    """Take the least-squares line (but for a constant) off the samples; return the lowest and highest left."""
    length = count - 1.0
    middle = 0.5 * length
    _, moment = moments(samples, 0, count - 1, middle)
    slope = moment * 12.0 / ((length * length + 2.0) * length)
    lowest, highest = np.inf, -np.inf
    for j in range(count):
        left = samples[j] - slope * j
        samples[j] = left
        lowest = left if left < lowest else lowest
        highest = left if left > highest else highest
    return lowest, highest


@kernel
def _select(values: Floats, count: int, rank: int) -> float:
    """Return the value of a rank (0 the smallest), rearranging the values: Hoare's FIND."""
    low, high = 0, count - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    chosen: float = values[rank]
    return chosen


@kernel
def _tail_spread(samples: Floats, count: int, tail: int, lowest: float, highest: float, scratch: Floats) -> float:
    """Return the tail-th largest less the tail-th smallest sample."""
    counts = scratch[:_BUCKETS]
    counts[:] = 0.0
    scale = (_BUCKETS - 1e-6) / (highest - lowest)
    for j in range(count):
        counts[int((samples[j] - lowest) * scale)] += 1.0
    lower, lower_rank = 0, tail - 1
    while counts[lower] <= lower_rank:
        lower_rank -= int(counts[lower])
        lower += 1
    upper, upper_rank = _BUCKETS - 1, tail - 1
    while counts[upper] <= upper_rank:
        upper_rank -= int(counts[upper])
        upper -= 1
    low_values = scratch[_BUCKETS : _BUCKETS + MAX_SAMPLES]
    high_values = scratch[_BUCKETS + MAX_SAMPLES : _BUCKETS + 2 * MAX_SAMPLES]
    low_count = high_count = 0
    # Every value is written, and kept only by the count's moving on: no branch to be mispredicted.
    for j in range(count):
        value = samples[j]
        bucket = int((value - lowest) * scale)
        low_values[min(low_count, MAX_SAMPLES - 1)] = value
        high_values[min(high_count, MAX_SAMPLES - 1)] = value
        low_count += 1 if bucket == lower else 0
        high_count += 1 if bucket == upper else 0
    high = _select(high_values, high_count, high_count - 1 - upper_rank)
    return high - _select(low_values, low_count, lower_rank)


@kernel
def terrain_irregularity_m(
    height_m: Floats, intervals: int, step_m: float, start_m: float, end_m: float, scratch: Floats
) -> float:
    """Return Δh of a stretch of a profile; 0 where it is shorter than two intervals. [m]

    ``scratch`` has SCRATCH_SIZE entries, whatever they hold.
    """
    start, end = start_m / step_m, end_m / step_m
    if end - start < 2.0:
        return 0.0
    tail = min(max(4, int(0.1 * (end - start + 8.0))), 25)
    count = 10 * tail - 5
    samples = scratch[:MAX_SAMPLES]
    _resample(height_m, intervals, start, (end - start) / (count - 1), count, samples)
    lowest, highest = _remove_line(samples, count)
    if not highest - lowest > _FLAT_M:
        return 0.0
    spread_m = _tail_spread(samples, count, tail, lowest, highest, scratch[MAX_SAMPLES:])
    return spread_m / roughness_share(end_m - start_m)

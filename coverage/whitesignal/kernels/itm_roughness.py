"""Terrain irregularity Δh: the spread between the deciles of a profile about its straight-line fit.

NTIA's code selects each decile by partial sorting. Here one pass counts the residuals into equal buckets, a second
collects the two buckets that hold the deciles, and only those few values are searched: the same value, faster.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.itm_lanes import largest, moments
from whitesignal.kernels.jit import NONE, part

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MAX_SAMPLES = 245
_BUCKETS = 64
SCRATCH_SIZE = 4 * MAX_SAMPLES + 2 * _BUCKETS

ROUGHNESS_SCALE_M = 50e3
_FLAT_M = 1e-9
"""A spread of less is none: it is rounding, and buckets of it would be empty."""


@part
def roughness_share(distance_m: float) -> float:
    """Return the share of Δh that a path of that length meets: ERL 79-ITS 67, equation 3."""
    return 1.0 - 0.8 * math.exp(-distance_m / ROUGHNESS_SCALE_M)


@part
def _resample(height_m: Floats, intervals: int, start: float, stride: float, count: int, samples: Floats) -> None:
    """Fill ``count`` samples of the profile at equal strides from a place between its points. [points]"""
    for j in range(count):
        place = start + stride * j
        i = min(int(place), intervals - 1)
        here_m: float = height_m[i]
        samples[j] = here_m + (height_m[i + 1] - here_m) * (place - i)


@part
def _remove_line(samples: Floats, count: int, negative: Floats) -> None:
    """Take the slope of the least-squares line off the samples, and fill their negatives."""
    length = count - 1.0
    _, moment = moments(samples, NONE, count - 1, 0.5 * length)
    slope = moment * 12.0 / ((length * length + 2.0) * length)
    for j in range(count):
        samples[j] -= slope * j
        negative[j] = -samples[j]


@part
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


@part
def _rank_bucket(counts: Counts, rank: int, first: int) -> tuple[int, int]:
    """Return the bucket that holds a rank, counted from the first bucket or backwards from the last, and its rank."""
    bucket = first
    stride = 1 if first == 0 else -1
    held = counts[bucket] + counts[_BUCKETS + bucket]
    while held <= rank:
        rank -= held
        bucket += stride
        held = counts[bucket] + counts[_BUCKETS + bucket]
    return bucket, rank


@part
def _tail_spread(samples: Floats, count: int, tail: int, lowest: float, highest: float, scratch: Floats) -> float:
    """Return the tail-th largest less the tail-th smallest sample."""
    low_values = scratch[:MAX_SAMPLES]
    high_values = scratch[MAX_SAMPLES : 2 * MAX_SAMPLES]
    bucket_of = scratch[2 * MAX_SAMPLES : 3 * MAX_SAMPLES].view(np.int64)
    counts = scratch[3 * MAX_SAMPLES : 3 * MAX_SAMPLES + 2 * _BUCKETS].view(np.int64)
    for bin_at in range(counts.size):
        counts[bin_at] = 0
    scale = (_BUCKETS - 1e-6) / (highest - lowest)
    for j in range(count):
        bucket_of[j] = int((samples[j] - lowest) * scale)
    # Neighbours fall into one bucket: two sets of counts, so that the second need not wait for the first.
    for j in range(0, count - 1, 2):
        counts[bucket_of[j]] += 1
        counts[_BUCKETS + bucket_of[j + 1]] += 1
    counts[bucket_of[count - 1]] += count % 2
    lower, lower_rank = _rank_bucket(counts, tail - 1, NONE)
    upper, upper_rank = _rank_bucket(counts, tail - 1, NONE + _BUCKETS - 1)
    low_count = high_count = NONE
    for j in range(count):
        if bucket_of[j] == lower:
            low_values[low_count] = samples[j]
            low_count += 1
        if bucket_of[j] == upper:
            high_values[high_count] = samples[j]
            high_count += 1
    high = _select(high_values, high_count, high_count - 1 - upper_rank)
    return high - _select(low_values, low_count, lower_rank)


@part
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
    samples, negative = scratch[:MAX_SAMPLES], scratch[MAX_SAMPLES : 2 * MAX_SAMPLES]
    _resample(height_m, intervals, start, (end - start) / (count - 1), count, samples)
    _remove_line(samples, count, negative)
    lowest, highest = -largest(negative, count), largest(samples, count)
    if not highest - lowest > _FLAT_M:
        return 0.0
    spread_m = _tail_spread(samples, count, tail, lowest, highest, scratch[MAX_SAMPLES:])
    return spread_m / roughness_share(end_m - start_m)

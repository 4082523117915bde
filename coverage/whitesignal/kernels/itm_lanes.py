"""Sums and the largest of an array, four at a time.

A loop that adds to, or compares with, one number waits for each result before it takes the next value. Four
numbers side by side do not wait, and the compiler puts them into one register.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]


@part
def moments(values: Floats, first: int, last: int, middle: float) -> tuple[float, float]:
    """Return Σ v and Σ v (i − middle) over the entries first to last, both ends at half weight."""
    total_0 = total_1 = total_2 = total_3 = 0.0
    moment_0 = moment_1 = moment_2 = moment_3 = 0.0
    arm = first - middle
    i = first
    while i + 3 <= last:
        total_0 += values[i]
        total_1 += values[i + 1]
        total_2 += values[i + 2]
        total_3 += values[i + 3]
        moment_0 += values[i] * arm
        moment_1 += values[i + 1] * (arm + 1.0)
        moment_2 += values[i + 2] * (arm + 2.0)
        moment_3 += values[i + 3] * (arm + 3.0)
        arm += 4.0
        i += 4
    while i <= last:
        total_0 += values[i]
        moment_0 += values[i] * arm
        arm += 1.0
        i += 1
    ends = 0.5 * (values[first] + values[last])
    ends_moment = 0.5 * (values[first] * (first - middle) + values[last] * (last - middle))
    return (total_0 + total_1) + (total_2 + total_3) - ends, (moment_0 + moment_1) + (moment_2 + moment_3) - ends_moment


@part
def largest(values: Floats, count: int) -> float:
    """Return the largest of the first values; -inf of none."""
    high_0 = high_1 = high_2 = high_3 = -np.inf
    i = 0
    while i + 3 < count:
        high_0 = values[i] if values[i] > high_0 else high_0
        high_1 = values[i + 1] if values[i + 1] > high_1 else high_1
        high_2 = values[i + 2] if values[i + 2] > high_2 else high_2
        high_3 = values[i + 3] if values[i + 3] > high_3 else high_3
        i += 4
    while i < count:
        high_0 = values[i] if values[i] > high_0 else high_0
        i += 1
    return max(max(high_0, high_1), max(high_2, high_3))

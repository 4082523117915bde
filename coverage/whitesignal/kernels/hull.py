"""The upper hull of the terrain walked so far, kept as a stack: where a receiver further out finds its horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]


@part
def tangent(hull_km: Floats, hull_m: Floats, size: int, path_km: float, rx_m: float) -> int:
    """Return the hull's point that stands highest seen from the receiver; the nearest is looked at first."""
    at = size - 1
    if at <= 0:
        return 0
    slope = (hull_m[at] - rx_m) / (path_km - hull_km[at])
    while at > 0:
        further = (hull_m[at - 1] - rx_m) / (path_km - hull_km[at - 1])
        if further < slope:
            break
        slope = further
        at -= 1
    return at


@part
def push(hull_km: Floats, hull_m: Floats, size: int, here_km: float, here_m: float) -> int:
    """Put a point on the upper hull, take off those it hides, and return the hull's new size."""
    while size > 1:
        below_km, below_m = hull_km[size - 2], hull_m[size - 2]
        across = (hull_m[size - 1] - below_m) * (here_km - below_km)
        if across > (here_m - below_m) * (hull_km[size - 1] - below_km):
            break
        size -= 1
    hull_km[size], hull_m[size] = here_km, here_m
    return size + 1

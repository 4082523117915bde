"""A ray walked outward once for the Irregular Terrain Model, and the paths to the cells beside it.

The transmitter's horizon is a running maximum, the receiver's the tangent to the upper hull of the terrain behind it,
line fits are differences of running sums. Only the terrain's irregularity Δh, a spread between two deciles, is not
built from the last point's: it is found at some points, with the air, and interpolated between them.

Departures from the exact walk, beside those: which point is a horizon is decided in air that is the same along the
whole ray, while its angle, distance and all else take each path's own air; sums run in another order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels.hull import push, tangent
from whitesignal.kernels.itm_path import surface_air
from whitesignal.kernels.itm_roughness import terrain_irregularity_m
from whitesignal.kernels.jit import NONE, part

Floats = NDArray[np.float64]

STRIDE_SHARE = 4
"""Both are found anew no later than this part of the path further out: near the mast the irregularity grows fast."""

REFRACTIVITY, RADIUS_M, IRREGULARITY_M = 0, 1, 2
"""Rows of what is found on a ray: surface refractivity [N-units], effective earth radius and Δh [m]."""
AIR_SIZE = 3


@part
def running_sums(height_m: Floats, count: int, sums: Floats, moments: Floats) -> None:
    """Fill Σ h and Σ i h over the points before each, shape (≥ count + 1,)."""
    total = moment = 0.0
    sums[0] = moments[0] = 0.0
    for i in range(count):
        total += height_m[i]
        moment += height_m[i] * i
        sums[i + 1], moments[i + 1] = total, moment


@part
def fitted_line(
    height_m: Floats, sums: Floats, moments: Floats, intervals: int, start: float, end: float
) -> tuple[float, float]:
    """Return what `itm_path.line_fit` returns, from running sums. [m]"""
    first = int(max(start, 0.0))
    last = intervals - int(max(intervals - end, 0.0))
    length = float(last - first)
    middle = first + 0.5 * length
    total = sums[last + 1] - sums[first] - 0.5 * (height_m[first] + height_m[last])
    whole = moments[last + 1] - moments[first] - 0.5 * (height_m[first] * first + height_m[last] * last)
    mean_m = total / length
    slope = (whole - middle * total) * 12.0 / ((length * length + 2.0) * length)
    return mean_m - slope * middle, mean_m + slope * (intervals - middle)


@part
def walk_ray(
    height_m: Floats,
    count: int,
    step_m: float,
    tx_height_m: float,
    rx_height_m: float,
    n0: float,
    stride: int,
    sums: Floats,
    hull_m: Floats,
    hull_height_m: Floats,
    scratch: Floats,
    air: Floats,
) -> None:
    """Fill the air and the irregularity of the path to each point: found at some, along a line between them.

    Parameters
    ----------
    height_m
        Ground above sea level at multiples of the step from the transmitter, shape (≥ count,). [m]
    stride
        Both are found at every so many points at least.
    sums
        What `running_sums` wrote.
    hull_m, hull_height_m, scratch
        Room for the hull, shape (≥ count,), and for the irregularity, (SCRATCH_SIZE,).
    air
        Filled from column 1 on: shape (AIR_SIZE, ≥ count), rows REFRACTIVITY, RADIUS_M and IRREGULARITY_M.
    """
    _, ray_radius_m = surface_air(n0, sums[count] / count)
    bulge = 0.5 / ray_radius_m
    tx_top_m = height_m[0] + tx_height_m
    steepest, tx_m, size, before, ahead = -np.inf, 0.0, NONE, 0, 1
    for k in range(1, count):
        path_m = step_m * k
        curved_m = height_m[k] - bulge * path_m * path_m
        slope = (curved_m - tx_top_m) / path_m
        if k == ahead:
            skipped = int(0.1 * k)
            mean_m = (sums[k - skipped + 1] - sums[skipped]) / (k - 2 * skipped + 1)
            air[REFRACTIVITY, k], air[RADIUS_M, k] = surface_air(n0, mean_m)
            tx_horizon_m = rx_horizon_m = path_m
            if tx_m > 0.0 and steepest + (bulge - 0.5 / air[RADIUS_M, k]) * tx_m > (
                (height_m[k] + rx_height_m - tx_top_m) / path_m - 0.5 * path_m / air[RADIUS_M, k]
            ):
                behind = tangent(hull_m, hull_height_m, size, path_m, curved_m + rx_height_m)
                tx_horizon_m, rx_horizon_m = tx_m, path_m - hull_m[behind]
            start_m = min(15.0 * tx_height_m, 0.1 * tx_horizon_m)
            end_m = path_m - min(15.0 * rx_height_m, 0.1 * rx_horizon_m)
            air[IRREGULARITY_M, k] = terrain_irregularity_m(height_m, k, step_m, start_m, end_m, scratch)
            first = max(before, 1)
            for row in range(AIR_SIZE):
                rise = (air[row, k] - air[row, first]) / max(k - first, 1)
                for i in range(first + 1, k):
                    air[row, i] = air[row, first] + rise * (i - first)
            before, ahead = k, min(k + max(min(stride, k // STRIDE_SHARE), 1), count - 1)
        if slope > steepest:
            steepest, tx_m = slope, path_m
        size = push(hull_m, hull_height_m, size, path_m, curved_m)


@part
def cell_horizons(
    height_m: Floats,
    intervals: int,
    own: int,
    step_m: float,
    path_m: float,
    tx_height_m: float,
    rx_height_m: float,
    tx_at: int,
    hull_m: Floats,
    hull_height_m: Floats,
    size: int,
    ray_bulge: float,
    path: Floats,
) -> None:
    """Fill the horizons of a path whose last points are a cell's own and whose others are a ray's.

    ``tx_at`` is the steepest of the ray's points, 0 where there is none; the hull is of the same points.
    """
    own_step_m = path_m / intervals
    bulge = 0.5 / path[at.RADIUS_M]
    tx_top_m, rx_top_m = height_m[0] + tx_height_m, height_m[intervals] + rx_height_m
    rise, fall = (rx_top_m - tx_top_m) / path_m, path_m * bulge
    tx_angle = rx_angle = -np.inf
    tx_m = rx_m = path_m
    if tx_at > 0:
        tx_m = step_m * tx_at
        tx_angle = (height_m[tx_at] - tx_top_m) / tx_m - tx_m * bulge
        behind = tangent(hull_m, hull_height_m, size, path_m, rx_top_m - ray_bulge * path_m * path_m)
        rx_m = path_m - hull_m[behind]
        rx_angle = (height_m[int(hull_m[behind] / step_m + 0.5)] - rx_top_m) / rx_m - rx_m * bulge
    for j in range(own, 0, -1):
        back_m = own_step_m * j
        out_m = path_m - back_m
        here_m = height_m[intervals - j]
        # Multiplied rather than divided: a division takes longer than all the rest.
        if here_m - tx_top_m > (tx_angle + out_m * bulge) * out_m:
            tx_angle, tx_m = (here_m - tx_top_m) / out_m - out_m * bulge, out_m
        if here_m - rx_top_m > (rx_angle + back_m * bulge) * back_m:
            rx_angle, rx_m = (here_m - rx_top_m) / back_m - back_m * bulge, back_m
    if not tx_angle > rise - fall:
        tx_angle, tx_m, rx_angle, rx_m = rise - fall, path_m, -rise - fall, path_m
    path[at.PATH_M] = path_m
    path[at.TX_ANGLE_RAD], path[at.TX_HORIZON_M] = tx_angle, tx_m
    path[at.RX_ANGLE_RAD], path[at.RX_HORIZON_M] = rx_angle, rx_m


@part
def fit_heights(
    height_m: Floats,
    intervals: int,
    tx_height_m: float,
    rx_height_m: float,
    sums: Floats,
    moments: Floats,
    path: Floats,
) -> None:
    """Fill the effective heights of a path from its length and its horizons."""
    path_m, tx_horizon_m, rx_horizon_m = path[at.PATH_M], path[at.TX_HORIZON_M], path[at.RX_HORIZON_M]
    per_m = intervals / path_m
    start = min(15.0 * tx_height_m, 0.1 * tx_horizon_m) * per_m
    end = (path_m - min(15.0 * rx_height_m, 0.1 * rx_horizon_m)) * per_m
    if tx_horizon_m + rx_horizon_m > 1.5 * path_m:
        tx_fit_m, rx_fit_m = fitted_line(height_m, sums, moments, intervals, start, end)
    else:
        tx_fit_m, _ = fitted_line(height_m, sums, moments, intervals, start, 0.9 * tx_horizon_m * per_m)
        _, rx_fit_m = fitted_line(height_m, sums, moments, intervals, (path_m - 0.9 * rx_horizon_m) * per_m, end)
    path[at.TX_EFFECTIVE_M] = tx_height_m + max(height_m[0] - tx_fit_m, 0.0)
    path[at.RX_EFFECTIVE_M] = rx_height_m + max(height_m[intervals] - rx_fit_m, 0.0)

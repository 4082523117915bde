"""A path of the Irregular Terrain Model, as far as no frequency has a say: horizons, Δh, effective heights.

`path_geometry` reads a profile and serves every band; `itm_loss.loss_db` adds a band. Both are held against NTIA's
own code, whose order of operations is kept wherever a rounding decides which points a fit takes in.

References
----------
G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA (1985).
A. G. Longley and P. L. Rice, "Prediction of tropospheric radio transmission loss over irregular terrain",
ESSA Technical Report ERL 79-ITS 67 (1968).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels.itm_lanes import largest, moments
from whitesignal.kernels.itm_roughness import MAX_SAMPLES, roughness_share, terrain_irregularity_m
from whitesignal.kernels.itm_scatter import describe_scatter
from whitesignal.kernels.jit import kernel, part

Floats = NDArray[np.float64]

EARTH_CURVATURE_PER_M = 157e-9
EARTH_RADIUS_M = 6370e3
VARIABILITY_RADIUS_M = 9000e3
STEEP_RAD = 0.2
"""Beyond it the model's small angles are no longer small."""


@part
def mean_height_m(height_m: Floats, intervals: int) -> float:
    """Return the mean height of the profile without the outer tenth of its points at either end. [m]"""
    first = int(0.1 * intervals)
    last = intervals - first
    total, _ = moments(height_m, first, last, 0.0)
    ends_m: float = height_m[first] + height_m[last]
    return (total + 0.5 * ends_m) / (last - first + 1)


@part
def surface_air(n0: float, height_m: float) -> tuple[float, float]:
    """Return the surface refractivity [N-units] and the effective earth radius [m]: TN101, equations 4.3 and 4.4."""
    refractivity = n0 * math.exp(-height_m / 9460.0)
    curvature = EARTH_CURVATURE_PER_M * (1.0 - 0.04665 * math.exp(refractivity / 179.3))
    return refractivity, 1.0 / curvature


@part
def _steepest(
    height_m: Floats, intervals: int, top_m: float, start_m: float, stride_m: float, bulge: float, block: Floats
) -> tuple[float, int]:
    """Return the steepest slope from an antenna to an inner point, and the point's index; the first of equals.

    The antenna's distance from point i is ``start_m`` + ``stride_m`` i. Slopes are taken a block at a time, into
    ``block``: a loop without a comparison is one the compiler works through four points at once.
    """
    steepest, index = -np.inf, -1
    first = 1
    while first < intervals:
        count = min(intervals - first, block.size)
        for i in range(count):
            distance_m = start_m + stride_m * (first + i)
            block[i] = (height_m[first + i] - top_m) / distance_m - distance_m * bulge
        highest = largest(block, count)
        if highest > steepest:
            steepest, index = highest, 0
            while block[index] < highest:
                index += 1
            index += first
        first += count
    return steepest, index


@part
def _walked_m(start_m: float, stride_m: float, count: int) -> float:
    """Return the distance after a number of strides, summed one by one as NTIA's code does.

    Its last digit matters: where 0.9 or 0.1 of a horizon's distance is a whole number of steps, it decides whether a
    fit takes in one point more.
    """
    for _ in range(count):
        start_m += stride_m
    return start_m


@part
def horizons(
    height_m: Floats,
    intervals: int,
    step_m: float,
    tx_height_m: float,
    rx_height_m: float,
    radius_m: float,
    scratch: Floats,
) -> tuple[float, float, int, float, float, int]:
    """Return angle [rad], distance [m] and index of the transmitter's horizon, then of the receiver's.

    In line of sight the horizon is the other antenna, at the path's length, with index -1.
    """
    path_m = intervals * step_m
    tx_top_m, rx_top_m = height_m[0] + tx_height_m, height_m[intervals] + rx_height_m
    bulge = 0.5 / radius_m
    rise, fall = (rx_top_m - tx_top_m) / path_m, path_m * bulge
    block = scratch[:MAX_SAMPLES]
    tx_angle, tx_index = _steepest(height_m, intervals, tx_top_m, 0.0, step_m, bulge, block)
    if not tx_angle > rise - fall:
        return rise - fall, path_m, -1, -rise - fall, path_m, -1
    rx_angle, rx_index = _steepest(height_m, intervals, rx_top_m, path_m, -step_m, bulge, block)
    if not rx_angle > -rise - fall:  # grazing: only by rounding does one end see what the other does not
        return tx_angle, _walked_m(0.0, step_m, tx_index), tx_index, -rise - fall, path_m, -1
    tx_m, rx_m = _walked_m(0.0, step_m, tx_index), _walked_m(path_m, -step_m, rx_index)
    return tx_angle, tx_m, tx_index, rx_angle, rx_m, rx_index


@part
def line_fit(height_m: Floats, intervals: int, start: float, end: float) -> tuple[float, float]:
    """Return the heights at both ends of the profile of a straight line fitted to a stretch of it. [m]

    The stretch is given in intervals from the first point and taken out to whole ones. It is never empty: it runs
    from a tenth at most to nine tenths at least of a horizon's distance, or of the path.
    """
    first = int(max(start, 0.0))
    last = intervals - int(max(intervals - end, 0.0))
    length = float(last - first)
    middle = first + 0.5 * length
    total, moment = moments(height_m, first, last, middle)
    mean_m = total / length
    slope = moment * 12.0 / ((length * length + 2.0) * length)
    return mean_m - slope * middle, mean_m + slope * (intervals - middle)


@part
def terrain_path(
    height_m: Floats,
    count: int,
    step_m: float,
    tx_height_m: float,
    rx_height_m: float,
    n0: float,
    scratch: Floats,
    out: Floats,
) -> None:
    """Fill a path's entries up to its effective heights, its directions and the places of its horizons.

    Horizons are the terrain's, whether the other antenna is in sight or not; the rest is as `path_geometry` has it.

    Parameters
    ----------
    height_m
        Ground above sea level at equal steps from the transmitter, shape (≥ count,). [m]
    count
        Number of points, both ends included, two or more.
    step_m
        Distance between points. [m]
    tx_height_m, rx_height_m
        Antennas above ground. [m]
    n0
        Refractivity at sea level. [N-units]
    scratch
        Shape (itm_roughness.SCRATCH_SIZE,), whatever it holds: the kernel's own working space.
    out
        Shape (PATH_SIZE,); `itm_layout` names its entries.
    """
    intervals = count - 1
    path_m = step_m * intervals
    mean_m = mean_height_m(height_m, intervals)
    refractivity, radius_m = surface_air(n0, mean_m)
    tx_angle, tx_horizon_m, tx_index, rx_angle, rx_horizon_m, rx_index = horizons(
        height_m, intervals, step_m, tx_height_m, rx_height_m, radius_m, scratch
    )
    # Hufford 1982, page 25: terrain counts from about 15 times the tower's height on.
    start_m = min(15.0 * tx_height_m, 0.1 * tx_horizon_m)
    end_m = path_m - min(15.0 * rx_height_m, 0.1 * rx_horizon_m)
    out[at.IRREGULARITY_M] = terrain_irregularity_m(height_m, intervals, step_m, start_m, end_m, scratch)
    well_in_sight = tx_horizon_m + rx_horizon_m > 1.5 * path_m
    if well_in_sight:
        tx_fit_m, rx_fit_m = line_fit(height_m, intervals, start_m / step_m, end_m / step_m)
    else:
        tx_fit_m, _ = line_fit(height_m, intervals, start_m / step_m, 0.9 * tx_horizon_m / step_m)
        _, rx_fit_m = line_fit(height_m, intervals, (path_m - 0.9 * rx_horizon_m) / step_m, end_m / step_m)
    out[at.PATH_M] = path_m
    out[at.MEAN_HEIGHT_M] = mean_m
    out[at.REFRACTIVITY] = refractivity
    out[at.RADIUS_M] = radius_m
    out[at.TX_ANGLE_RAD], out[at.RX_ANGLE_RAD] = tx_angle, rx_angle
    out[at.TX_HORIZON_M], out[at.RX_HORIZON_M] = tx_horizon_m, rx_horizon_m
    out[at.TX_HORIZON_INDEX], out[at.RX_HORIZON_INDEX] = tx_index, rx_index
    out[at.DEPARTURE_DEG], out[at.ARRIVAL_DEG] = math.degrees(math.atan(tx_angle)), math.degrees(math.atan(rx_angle))
    out[at.TX_EFFECTIVE_M] = tx_height_m + max(height_m[0] - tx_fit_m, 0.0)
    out[at.RX_EFFECTIVE_M] = rx_height_m + max(height_m[intervals] - rx_fit_m, 0.0)


@kernel
def path_geometry(
    height_m: Floats,
    count: int,
    step_m: float,
    tx_height_m: float,
    rx_height_m: float,
    n0: float,
    scratch: Floats,
    out: Floats,
) -> None:
    """Fill ``out`` with everything about a path that no frequency changes; all arguments are `terrain_path`'s."""
    terrain_path(height_m, count, step_m, tx_height_m, rx_height_m, n0, scratch, out)
    if out[at.TX_HORIZON_M] + out[at.RX_HORIZON_M] > 1.5 * out[at.PATH_M]:
        estimate_horizons(out)
    finish_path(tx_height_m * rx_height_m, out)


@part
def _smooth_horizon_m(effective_m: float, radius_m: float) -> float:
    """Return the distance of an antenna's horizon over the smooth earth. [m]"""
    return math.sqrt(2.0 * effective_m * radius_m)


@part
def _rough_share(irregularity_m: float, effective_m: float) -> float:
    """Return the share of the smooth earth's horizon distance that rough ground leaves."""
    return math.exp(-0.07 * math.sqrt(irregularity_m / max(effective_m, 5.0)))


@part
def estimate_horizons(out: Floats) -> None:
    """Replace a path's horizons by those that its effective heights and Δh make likely, as in the area mode.

    Where they come out short of the path, the effective heights are raised first.
    """
    radius_m, irregularity_m, path_m = out[at.RADIUS_M], out[at.IRREGULARITY_M], out[at.PATH_M]
    tx_m, rx_m = out[at.TX_EFFECTIVE_M], out[at.RX_EFFECTIVE_M]
    tx_smooth_m, rx_smooth_m = _smooth_horizon_m(tx_m, radius_m), _smooth_horizon_m(rx_m, radius_m)
    tx_horizon_m = tx_smooth_m * _rough_share(irregularity_m, tx_m)
    rx_horizon_m = rx_smooth_m * _rough_share(irregularity_m, rx_m)
    both_m = tx_horizon_m + rx_horizon_m
    if both_m <= path_m:
        raise_by = (path_m / both_m) ** 2
        tx_m *= raise_by
        rx_m *= raise_by
        tx_smooth_m, rx_smooth_m = _smooth_horizon_m(tx_m, radius_m), _smooth_horizon_m(rx_m, radius_m)
        tx_horizon_m = tx_smooth_m * _rough_share(irregularity_m, tx_m)
        rx_horizon_m = rx_smooth_m * _rough_share(irregularity_m, rx_m)
    rough_m = 0.65 * irregularity_m
    out[at.TX_EFFECTIVE_M], out[at.RX_EFFECTIVE_M] = tx_m, rx_m
    out[at.TX_HORIZON_M], out[at.RX_HORIZON_M] = tx_horizon_m, rx_horizon_m
    out[at.TX_ANGLE_RAD] = (rough_m * (tx_smooth_m / tx_horizon_m - 1.0) - 2.0 * tx_m) / tx_smooth_m
    out[at.RX_ANGLE_RAD] = (rough_m * (rx_smooth_m / rx_horizon_m - 1.0) - 2.0 * rx_m) / rx_smooth_m


@part
def finish_path(structural_product_m2: float, out: Floats) -> None:
    """Fill the latter part of a path's vector from the terms in its first, and its warnings.

    ``structural_product_m2`` is the product of the antennas' heights above ground.
    """
    path_m, radius_m, irregularity_m = out[at.PATH_M], out[at.RADIUS_M], out[at.IRREGULARITY_M]
    tx_m, rx_m = out[at.TX_EFFECTIVE_M], out[at.RX_EFFECTIVE_M]
    tx_horizon_m, rx_horizon_m = out[at.TX_HORIZON_M], out[at.RX_HORIZON_M]
    tx_smooth_m, rx_smooth_m = _smooth_horizon_m(tx_m, radius_m), _smooth_horizon_m(rx_m, radius_m)
    smooth_sight_m = tx_smooth_m + rx_smooth_m
    sight_m = tx_horizon_m + rx_horizon_m
    horizon_angles = out[at.TX_ANGLE_RAD] + out[at.RX_ANGLE_RAD]
    sight_angle = -max(horizon_angles, -sight_m / radius_m)
    out[at.SMOOTH_SIGHT_M] = smooth_sight_m
    out[at.SIGHT_M] = sight_m
    out[at.SIGHT_ANGLE_RAD] = sight_angle
    out[at.WARNINGS] = _warnings(tx_smooth_m, rx_smooth_m, out)

    out[at.DIFFRACTION_SCALE] = (radius_m * radius_m) ** (1.0 / 3.0)
    smooth_roughness_m = irregularity_m * roughness_share(smooth_sight_m)
    # ERL 79-ITS 67, equation 3.6a: the deviation σ_h of the terrain within the first Fresnel zone.
    out[at.CLUTTER_FACTOR] = 1e-5 * structural_product_m2 * fresnel_deviation_m(smooth_roughness_m)
    # For low antennas with known path parameters C is about 10: ERL 79-ITS 67, page 3-8.
    excess_m2 = tx_m * rx_m - structural_product_m2
    out[at.WEIGHT_TERM] = math.sqrt(1.0 + excess_m2 / (structural_product_m2 + 10.0))
    out[at.WEIGHT_GAP_M] = sight_m - sight_angle * radius_m
    fourth_thirds = 4.0 / 3.0 * EARTH_RADIUS_M
    out[at.TX_RADIUS_RATIO] = (fourth_thirds * 2.0 * tx_m / (tx_horizon_m * tx_horizon_m)) ** (1.0 / 3.0)
    out[at.RX_RADIUS_RATIO] = (fourth_thirds * 2.0 * rx_m / (rx_horizon_m * rx_horizon_m)) ** (1.0 / 3.0)
    out[at.PATH_ROUGHNESS_M] = irregularity_m * roughness_share(path_m)
    out[at.LOG_PATH_M] = math.log(path_m)
    out[at.FREE_SPACE_DB] = 20.0 * math.log10(path_m / 1000.0)
    out[at.HEIGHTS_M] = _smooth_horizon_m(tx_m, VARIABILITY_RADIUS_M) + _smooth_horizon_m(rx_m, VARIABILITY_RADIUS_M)
    out[at.TRANSHORIZON] = 0.0 if path_m < smooth_sight_m else 1.0
    if path_m < smooth_sight_m:
        out[at.SCATTER_NEAR : at.PATH_SIZE] = 0.0
        return
    ratio = rx_m / tx_m if tx_horizon_m >= rx_horizon_m else tx_m / rx_m
    difference_m = abs(tx_horizon_m - rx_horizon_m)
    for first, distance_m in ((at.SCATTER_NEAR, sight_m + 200e3), (at.SCATTER_FAR, sight_m + 400e3)):
        describe_scatter(
            distance_m, difference_m, ratio, horizon_angles, sight_angle, radius_m, out[at.REFRACTIVITY],
            out[first : first + at.SCATTER_SIZE],
        )  # fmt: skip


@part
def fresnel_deviation_m(roughness_m: float) -> float:
    """Return σ_h of a terrain irregularity: ERL 79-ITS 67, equation 3.6a. [m]"""
    return 0.78 * roughness_m * math.exp(-0.5 * math.sqrt(math.sqrt(roughness_m)))


@part
def _warnings(tx_smooth_m: float, rx_smooth_m: float, path: Floats) -> int:
    """Return NTIA's warning flags of a path, summed: horizons, refractivity, distance."""
    flags = 0
    flags += at.WARN_TX_ANGLE if abs(path[at.TX_ANGLE_RAD]) > STEEP_RAD else 0
    flags += at.WARN_RX_ANGLE if abs(path[at.RX_ANGLE_RAD]) > STEEP_RAD else 0
    flags += at.WARN_TX_HORIZON_NEAR if path[at.TX_HORIZON_M] < 0.1 * tx_smooth_m else 0
    flags += at.WARN_RX_HORIZON_NEAR if path[at.RX_HORIZON_M] < 0.1 * rx_smooth_m else 0
    flags += at.WARN_TX_HORIZON_FAR if path[at.TX_HORIZON_M] > 3.0 * tx_smooth_m else 0
    flags += at.WARN_RX_HORIZON_FAR if path[at.RX_HORIZON_M] > 3.0 * rx_smooth_m else 0
    flags += at.WARN_REFRACTIVITY if path[at.REFRACTIVITY] < 250.0 else 0
    steep_m = abs(path[at.TX_EFFECTIVE_M] - path[at.RX_EFFECTIVE_M]) / STEEP_RAD
    flags += at.WARN_PATH_STEEP if path[at.PATH_M] < steep_m else 0
    flags += at.WARN_PATH_SHORT if path[at.PATH_M] < 1e3 else 0
    flags += at.WARN_PATH_LONG if path[at.PATH_M] > 1000e3 else 0
    flags += at.WARN_PATH_VERY_LONG if path[at.PATH_M] > 2000e3 else 0
    return flags

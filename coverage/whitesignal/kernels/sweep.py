"""The path to a map cell, from a ray walked outward once and the cell's own last points.

The same quantities as `kernels.diffraction.path_geometry`. In the frame whose heights fall away with the earth's curve
straight rays stay straight, so along a ray the transmitter's horizon is a running maximum, the receiver's the tangent
to the upper hull of the terrain behind it, kept as a stack, and the fitted smooth earth two running sums.
Recommendation ITU-R P.1812-8 §4.3 and attachment 1; equation numbers are its own.

Departures from the exact walk: all but the last points are the nearest ray's; the smooth earth's obstructions (89) and,
in line of sight, the largest ν are looked for on the hull and the own points. With clutter the hull and the own points
are the surface's, also where the recommendation asks the bare ground (89): a forest then shifts the smooth earth, by a
tenth of a decibel at most. Every path is taken as inland: within a station's reach the sea's ground constants change
half of the time's loss by less than 0.1 dB.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.edges import smooth_clearance
from whitesignal.kernels.hull import tangent
from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]

NU_FACTOR = 0
"""ν times the root of the wavelength; -inf without a point between. [√m]"""
ANGLE_MRAD = 1
"""Path angular distance (θ); 0 in line of sight. [mrad]"""
DEPARTURE_SLOPE = 2
"""Slope at the transmitter, of the receiver in line of sight, else of the horizon. [m/km]"""
TX_EFFECTIVE_HEIGHT_M = 3
"""Transmitting antenna above the smooth earth (h'te). [m]"""
RX_EFFECTIVE_HEIGHT_M = 4
"""Receiving antenna above the smooth earth (h're). [m]"""
SPREADING_DB = 5
"""Free space beyond that of 1 km. [dB]"""
CLEARANCE_M = 6
"""Smallest clearance of the ray over the smooth curved earth (hse); -inf beyond the smooth earth's horizon. [m]"""
CLEARANCE_NEEDED_FACTOR = 7
"""Clearance for no diffraction (hreq) divided by the root of the wavelength. [√m]"""
PATH_KM = 8
"""Length of the path. [km]"""
STEP_KM = 9
"""Spacing of the own points. [km]"""
PATH_SIZE = 10

TX_SLOPE = 0
"""Steepest slope from the transmitter to the surface so far, in the curved frame. [m/km]"""
TX_FLAT_SLOPE = 1
"""Steepest slope from the transmitter to the bare ground so far, without curvature. [m/km]"""
FRONT_SIZE = 2


@part
def fitted_sums(ground_m: Floats, count: int, step_km: float, area: Floats, moment: Floats) -> None:
    """Fill the running sums (85) and (86) of a ray, at each of its points."""
    area[0] = moment[0] = 0.0
    for k in range(1, count):
        here_km = step_km * k
        area[k], moment[k] = add_interval(
            area[k - 1], moment[k - 1], here_km - step_km, ground_m[k - 1], here_km, ground_m[k]
        )


@part
def add_interval(
    area: float, moment: float, before_km: float, before_m: float, here_km: float, here_m: float
) -> tuple[float, float]:
    """Return the sums (85) and (86) with one interval more."""
    wide_km = here_km - before_km
    area += wide_km * (here_m + before_m)
    moment += wide_km * (here_m * (2.0 * here_km + before_km) + before_m * (here_km + 2.0 * before_km))
    return area, moment


@part
def cell_geometry(
    ground_m: Floats,
    surface_m: Floats,
    own: int,
    intervals: int,
    front_km: float,
    front_m: float,
    area: float,
    moment: float,
    front: Floats,
    tx_ground_m: float,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    hull_km: Floats,
    hull_m: Floats,
    size: int,
    path: Floats,
) -> None:
    """Fill a path's vector.

    Parameters
    ----------
    ground_m, surface_m
        Bare ground, and ground with clutter, of the cell (0) and of the own points before it (1 to ``own``), shape
        (≥ own + 1,). [m]
    intervals
        Number of the path's intervals; ``path`` holds its length.
    front_km, front_m, area, moment
        The ray's last point before the own ones, and its running sums there. [km], [m]
    front
        Shape (FRONT_SIZE,): the steepest slopes to the ray's points up to there; the hull is of the same points.
    """
    path_km = path[PATH_KM]
    step_km = path_km / intervals
    path[STEP_KM] = step_km
    bulge = 500.0 / effective_radius_km
    tx_m, rx_m = tx_ground_m + tx_height_m, ground_m[0] + rx_height_m
    curved_rx_m = rx_m - bulge * path_km * path_km
    line, flat_line = (curved_rx_m - tx_m) / path_km, (rx_m - tx_m) / path_km
    tx_slope, tx_flat_slope, rx_slope = front[TX_SLOPE], front[TX_FLAT_SLOPE], -np.inf
    highest_m = steepest = 0.0
    behind = 0
    if size > 0:
        behind = tangent(hull_km, hull_m, size, path_km, curved_rx_m)
        rx_slope = (hull_m[behind] - curved_rx_m) / (path_km - hull_km[behind])
    before_km, before_m = front_km, front_m
    for j in range(own, 0, -1):
        rest_km = step_km * j
        here_km = path_km - rest_km
        area, moment = add_interval(area, moment, before_km, before_m, here_km, ground_m[j])
        before_km, before_m = here_km, ground_m[j]
        curved_m = surface_m[j] - bulge * here_km * here_km
        tx_slope = max(tx_slope, (curved_m - tx_m) / here_km)
        rx_slope = max(rx_slope, (curved_m - curved_rx_m) / rest_km)
        tx_flat_slope = max(tx_flat_slope, (ground_m[j] - tx_m) / here_km)
        above_m = ground_m[j] - tx_m - flat_line * here_km
        highest_m, steepest = max(highest_m, above_m), max(steepest, above_m / rest_km)
    area, moment = add_interval(area, moment, before_km, before_m, path_km, ground_m[0])

    path[SPREADING_DB] = 10.0 * math.log10(path_km * path_km + 1e-6 * (rx_m - tx_m) ** 2)
    path[DEPARTURE_SLOPE] = max(line, tx_slope)
    path[NU_FACTOR], path[ANGLE_MRAD] = -np.inf, 0.0
    if tx_slope >= line:
        path[NU_FACTOR] = math.sqrt(0.002 * path_km * max((tx_slope - line) * (rx_slope + line), 0.0))  # (20)
        # The receiver's own horizon: the frame, level at the transmitter, is tilted there by D / ae.
        tilt = 1000.0 * path_km / effective_radius_km
        path[ANGLE_MRAD] = tilt + 1000.0 * (math.atan(0.001 * tx_slope) + math.atan(0.001 * (rx_slope - tilt)))  # (84)
    else:
        path[NU_FACTOR] = clear_nu_factor(hull_km, hull_m, size, surface_m, own, path, tx_m, line, bulge)
    tx_fitted_m = (2.0 * area * path_km - moment) / (path_km * path_km)  # (87)
    rx_fitted_m = (moment - area * path_km) / (path_km * path_km)  # (88)
    if tx_flat_slope > flat_line:
        if size > 0:
            hull_highest_m, hull_steepest = obstruction(hull_km, hull_m, behind, path_km, tx_m, flat_line, bulge)
            highest_m, steepest = max(highest_m, hull_highest_m), max(steepest, hull_steepest)
        tx_m_per_km = tx_flat_slope - flat_line
        share = highest_m / (tx_m_per_km + steepest)
        tx_fitted_m -= share * tx_m_per_km  # (90), (91)
        rx_fitted_m -= share * steepest
    path[TX_EFFECTIVE_HEIGHT_M] = tx_m - min(tx_fitted_m, tx_ground_m)
    path[RX_EFFECTIVE_HEIGHT_M] = rx_m - min(rx_fitted_m, ground_m[0])
    path[CLEARANCE_M], path[CLEARANCE_NEEDED_FACTOR] = smooth_clearance(
        path_km, path[TX_EFFECTIVE_HEIGHT_M], path[RX_EFFECTIVE_HEIGHT_M], effective_radius_km
    )


@part
def clear_nu_factor(
    hull_km: Floats,
    hull_m: Floats,
    size: int,
    surface_m: Floats,
    own: int,
    path: Floats,
    tx_m: float,
    line: float,
    bulge: float,
) -> float:
    """Return the largest ν on a clear path times the root of the wavelength: equation (15). [√m]"""
    path_km = path[PATH_KM]
    largest = -np.inf
    for i in range(size):
        here_km = hull_km[i]
        above_m = hull_m[i] - tx_m - line * here_km
        largest = max(largest, above_m / math.sqrt(here_km * (path_km - here_km)))
    for j in range(1, own + 1):
        rest_km = path[STEP_KM] * j
        here_km = path_km - rest_km
        above_m = surface_m[j] - bulge * here_km * here_km - tx_m - line * here_km
        largest = max(largest, above_m / math.sqrt(here_km * rest_km))
    return largest * math.sqrt(0.002 * path_km)


@part
def obstruction(
    hull_km: Floats, hull_m: Floats, behind: int, path_km: float, tx_m: float, flat_line: float, bulge: float
) -> tuple[float, float]:
    """Return the hull's largest height above the line of sight and its slope from the receiver: (89a), (89c)."""
    highest_m = steepest = 0.0
    for i in range(behind, -1, -1):
        here_km = hull_km[i]
        above_m = hull_m[i] + bulge * here_km * here_km - tx_m - flat_line * here_km
        steepest = max(steepest, above_m / (path_km - here_km))
        if above_m < highest_m:
            break
        highest_m = above_m
    return highest_m, steepest

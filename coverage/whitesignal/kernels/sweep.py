"""A ray walked outward once: the geometry of the path to each of its points, every one from the last.

The same quantities as `kernels.diffraction.path_geometry`, but for all receivers along a ray in one walk. In the frame
whose heights fall away with the earth's curve straight rays stay straight, so the transmitter's horizon is a running
maximum, the receiver's horizon the tangent to the upper hull of the terrain behind it, kept as a stack, and the fitted
smooth earth two running sums. Recommendation ITU-R P.1812-8 §4.3 and attachment 1; equation numbers are its own.

Departures from the exact walk, all without weight at the distances a mobile station reaches: the smooth earth's
obstructions (89) are looked for on the hull of the curved terrain, with its clutter, and in line of sight ν is looked
for on that hull. All of a path is taken as inland: at half of the time, which is all that is swept, sea and coast
change the exact loss by less than 0.1 dB within 35 km.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.edges import smooth_clearance
from whitesignal.kernels.hull import push, tangent
from whitesignal.kernels.jit import kernel

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
RAY_ROWS = 8


@kernel
def read_ray(
    height_m: NDArray[np.float32],
    tx_column: float,
    tx_row: float,
    step_columns: float,
    step_rows: float,
    count: int,
    profile_m: Floats,
) -> None:
    """Fill the heights at ``count`` equidistant places on a line that stays within the raster's cell centres."""
    for k in range(count):
        across = tx_column - 0.5 + step_columns * k
        down = tx_row - 0.5 + step_rows * k
        left, upper = int(across), int(down)
        across -= left
        down -= upper
        upper_left, upper_right = float(height_m[upper, left]), float(height_m[upper, left + 1])
        lower_left, lower_right = float(height_m[upper + 1, left]), float(height_m[upper + 1, left + 1])
        above = upper_left + (upper_right - upper_left) * across
        below = lower_left + (lower_right - lower_left) * across
        profile_m[k] = above + (below - above) * down


@kernel
def walk_ray(
    ground_m: Floats,
    surface_m: Floats,
    count: int,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    hull_km: Floats,
    hull_m: Floats,
    out: Floats,
) -> None:
    """Fill the geometry of the path to each point of a ray.

    Parameters
    ----------
    ground_m, surface_m
        Heights above sea level of the bare ground, and of the ground with clutter, at multiples of the step from the
        transmitter, shape (≥ count,); the same array without clutter. [m]
    tx_height_m, rx_height_m
        Antennas above ground. [m]
    hull_km, hull_m
        Room for the hull, shape (≥ count,).
    out
        Shape (RAY_ROWS, ≥ count); filled from column 1.
    """
    bulge = 500.0 / effective_radius_km
    tx_m = ground_m[0] + tx_height_m
    tx_slope = tx_flat_slope = -np.inf
    size = 0
    area = moment = 0.0
    for k in range(1, count):
        path_km = step_km * k
        before_km = path_km - step_km
        here_m, before_m = ground_m[k], ground_m[k - 1]
        area += step_km * (here_m + before_m)  # (85)
        moment += step_km * (here_m * (2.0 * path_km + before_km) + before_m * (path_km + 2.0 * before_km))  # (86)
        rx_m = here_m + rx_height_m
        curved_rx_m = rx_m - bulge * path_km * path_km
        line = (curved_rx_m - tx_m) / path_km
        flat_line = (rx_m - tx_m) / path_km
        out[SPREADING_DB, k] = 10.0 * math.log10(path_km * path_km + 1e-6 * (rx_m - tx_m) ** 2)
        out[DEPARTURE_SLOPE, k] = max(line, tx_slope)
        horizon = tangent(hull_km, hull_m, size, path_km, curved_rx_m)
        out[NU_FACTOR, k] = -np.inf
        out[ANGLE_MRAD, k] = 0.0
        tx_fitted_m = (2.0 * area * path_km - moment) / (path_km * path_km)  # (87)
        rx_fitted_m = (moment - area * path_km) / (path_km * path_km)  # (88)
        if size > 0:
            rx_slope = (hull_m[horizon] - curved_rx_m) / (path_km - hull_km[horizon])
            if tx_slope >= line:
                product = max((tx_slope - line) * (rx_slope + line), 0.0)
                out[NU_FACTOR, k] = math.sqrt(0.002 * path_km * product)  # (20)
                # The receiver's own horizon: the frame, level at the transmitter, is tilted there by D / ae.
                tilt = 1000.0 * path_km / effective_radius_km
                out[ANGLE_MRAD, k] = tilt + 1000.0 * (
                    math.atan(0.001 * tx_slope) + math.atan(0.001 * (rx_slope - tilt))
                )  # (84)
            else:
                out[NU_FACTOR, k] = _clear_nu_factor(hull_km, hull_m, size, path_km, tx_m, line)
            if tx_flat_slope > flat_line:
                tx_m_per_km = tx_flat_slope - flat_line
                obstruction_m, rx_m_per_km = _obstruction(hull_km, hull_m, horizon, path_km, tx_m, flat_line, bulge)
                share = obstruction_m / (tx_m_per_km + rx_m_per_km)
                tx_fitted_m -= share * tx_m_per_km  # (90), (91)
                rx_fitted_m -= share * rx_m_per_km
        out[TX_EFFECTIVE_HEIGHT_M, k] = tx_m - min(tx_fitted_m, ground_m[0])
        out[RX_EFFECTIVE_HEIGHT_M, k] = rx_m - min(rx_fitted_m, here_m)
        out[CLEARANCE_M, k], out[CLEARANCE_NEEDED_FACTOR, k] = smooth_clearance(
            path_km, out[TX_EFFECTIVE_HEIGHT_M, k], out[RX_EFFECTIVE_HEIGHT_M, k], effective_radius_km
        )
        tx_slope = max(tx_slope, (surface_m[k] - bulge * path_km * path_km - tx_m) / path_km)
        tx_flat_slope = max(tx_flat_slope, (here_m - tx_m) / path_km)
        size = push(hull_km, hull_m, size, path_km, surface_m[k] - bulge * path_km * path_km)


@kernel
def _clear_nu_factor(hull_km: Floats, hull_m: Floats, size: int, path_km: float, tx_m: float, line: float) -> float:
    """Return the largest ν on a clear path times the root of the wavelength: equation (15). [√m]"""
    largest = -np.inf
    for i in range(size):
        here_km = hull_km[i]
        above_m = hull_m[i] - tx_m - line * here_km
        largest = max(largest, above_m / math.sqrt(here_km * (path_km - here_km)))
    return largest * math.sqrt(0.002 * path_km)


@kernel
def _obstruction(
    hull_km: Floats, hull_m: Floats, horizon: int, path_km: float, tx_m: float, flat_line: float, bulge: float
) -> tuple[float, float]:
    """Return the terrain's largest height above the line of sight and its slope from the receiver: (89a), (89c)."""
    highest_m = steepest = 0.0
    for i in range(horizon, -1, -1):
        here_km = hull_km[i]
        above_m = hull_m[i] + bulge * here_km * here_km - tx_m - flat_line * here_km
        steepest = max(steepest, above_m / (path_km - here_km))
        if above_m < highest_m:
            break
        highest_m = above_m
    return highest_m, steepest

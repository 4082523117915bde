"""Delta-Bullington diffraction, split so that one walk along a profile serves every band.

Nothing that a profile's points decide depends on frequency: the Bullington edge, the point of the largest ν in
line of sight and the clearance over the smooth earth are the same at 900 and at 2600 MHz. `path_geometry` finds
them once and writes a vector; `delta_bullington_loss_db` turns the vector into decibels, once per band.

Recommendation ITU-R P.1812-8 §4.3 and Annex 1, Attachment 1, §5.6; the same method as ITU-R P.526 §4.5.
Equation numbers are P.1812's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.edges import (
    bullington_loss_db,
    edge_nu_factor,
    first_term_loss_db,
    smooth_clearance,
    smooth_nu_factor,
)
from whitesignal.kernels.jit import part
from whitesignal.units import SPEED_OF_LIGHT_M_PER_S

PATH_KM = 0
BLOCKED = 1
"""1 where some point stands on or above the straight line between the antennas, else 0."""
NU_FACTOR = 2
"""ν of the actual profile times the square root of the wavelength. [√m]; -inf without intermediate points"""
SMOOTH_NU_FACTOR = 3
"""The same for the smooth profile. [√m]"""
TX_SMOOTH_HEIGHT_M = 4
"""Smooth-earth height under the transmitter above sea level (hstd). [m]"""
RX_SMOOTH_HEIGHT_M = 5
"""Smooth-earth height under the receiver above sea level (hsrd). [m]"""
TX_EFFECTIVE_HEIGHT_M = 6
"""Transmitting antenna above the smooth earth (h'ts = h'te). [m]"""
RX_EFFECTIVE_HEIGHT_M = 7
"""Receiving antenna above the smooth earth (h'rs = h're). [m]"""
DEPARTURE_DEG = 8
"""Elevation at the transmitter, of the receiver if in line of sight, else of the horizon. [degrees]"""
ARRIVAL_DEG = 9
"""Elevation at the receiver, of the transmitter if in line of sight, else of the horizon. [degrees]"""
RIDGE_INDEX = 10
"""Profile index of the point with the largest ν: the ridge that blocks, or that comes nearest to it; -1 if none."""
TX_HORIZON_INDEX = 11
"""Profile index of the transmitter's horizon; the ridge in line of sight."""
RX_HORIZON_INDEX = 12
"""Profile index of the receiver's horizon; the ridge in line of sight."""
EDGE_KM = 13
"""Distance of the Bullington point from the transmitter; the ridge's in line of sight. [km]"""
EDGE_HEIGHT_M = 14
"""Height of the Bullington point above sea level; the ridge's in line of sight. [m]"""
CLEARANCE_M = 15
"""Smallest clearance of the ray over the smooth curved earth (hse); -inf beyond the smooth earth's horizon. [m]"""
CLEARANCE_NEEDED_FACTOR = 16
"""Clearance for no diffraction (hreq) divided by the square root of the wavelength. [√m]"""
MARGINAL_RADIUS_KM = 17
"""Effective earth radius that would make the smooth path marginal line of sight (aem). [km]"""
TX_FITTED_HEIGHT_M = 18
"""Height under the transmitter of the line fitted to the ground by least squares (hst, uncorrected). [m]"""
RX_FITTED_HEIGHT_M = 19
"""The same under the receiver (hsr, uncorrected). [m]"""
GEOMETRY_SIZE = 20

BULLINGTON_ACTUAL = 0
"""Bullington loss of the actual profile (Lbulla). [dB]"""
BULLINGTON_SMOOTH = 1
"""Bullington loss of the smooth profile (Lbulls). [dB]"""
SPHERICAL_EARTH = 2
"""Loss of the spherical earth with the smooth profile's heights (Ldsph). [dB]"""
DIFFRACTION = 3
"""The whole: Lbulla + max(Ldsph - Lbulls, 0). [dB]"""
TERMS_SIZE = 4

SEA_PERMITTIVITY = 80.0
SEA_CONDUCTIVITY_S_PER_M = 5.0


@part
def path_geometry(
    distance_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    surface_m: NDArray[np.float64],
    count: int,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` with everything about a path that no frequency changes.

    Parameters
    ----------
    distance_km
        Distance of each point from the transmitter, rising from 0; need not be equidistant, shape (≥ count,). [km]
    height_m
        Ground above sea level, shape (≥ count,). [m]
    surface_m
        Ground plus clutter; the same array without clutter. Both ends' values are not read: the ends are bare. [m]
    count
        Number of points, both ends included. With two the path is line of sight without an obstacle.
    tx_height_m, rx_height_m
        Antennas above ground. [m]
    effective_radius_km
        Effective earth radius. [km]
    out
        Shape (GEOMETRY_SIZE,); this module's constants name its entries.
    """
    last = count - 1
    path_km = distance_km[last]
    tx_m = height_m[0] + tx_height_m
    rx_m = height_m[last] + rx_height_m
    bulge_m_per_km2 = 500.0 / effective_radius_km
    line_m_per_km = (rx_m - tx_m) / path_km if path_km > 0.0 else 0.0
    tx_slope = rx_slope = tx_obstruction = rx_obstruction = obstruction_m = nu_squared = -np.inf
    tx_horizon = rx_horizon = ridge = -1
    area = moment = 0.0
    before_km, before_m = distance_km[0], height_m[0]
    for i in range(1, last):
        here_km, here_m = distance_km[i], height_m[i]
        rest_km = path_km - here_km
        both_km2 = here_km * rest_km
        # One division per point: its product with either distance is the other's reciprocal.
        reciprocal = 1.0 / both_km2
        line_m = tx_m + line_m_per_km * here_km
        above_m = here_m - line_m  # (89d)
        intrusion_m = surface_m[i] + bulge_m_per_km2 * both_km2 - line_m
        slope = intrusion_m * rest_km * reciprocal  # of (13), above the line of sight
        if slope > tx_slope:
            tx_slope, tx_horizon = slope, i
        slope = intrusion_m * here_km * reciprocal  # of (17), above the line of sight
        if slope >= rx_slope:
            rx_slope, rx_horizon = slope, i
        # ν grows with its signed square, which needs no root.
        squared = intrusion_m * abs(intrusion_m) * reciprocal  # of (15)
        if squared > nu_squared:
            nu_squared, ridge = squared, i
        obstruction_m = max(obstruction_m, above_m)  # (89a)
        tx_obstruction = max(tx_obstruction, above_m * rest_km * reciprocal)  # (89b)
        rx_obstruction = max(rx_obstruction, above_m * here_km * reciprocal)  # (89c)
        step_km = here_km - before_km
        area += step_km * (here_m + before_m)  # (85)
        moment += step_km * (here_m * (2.0 * here_km + before_km) + before_m * (here_km + 2.0 * before_km))  # (86)
        before_km, before_m = here_km, here_m
    here_m = height_m[last]
    step_km = path_km - before_km
    area += step_km * (here_m + before_m)
    moment += step_km * (here_m * (2.0 * path_km + before_km) + before_m * (path_km + 2.0 * before_km))

    out[PATH_KM] = path_km
    out[RIDGE_INDEX] = ridge
    _actual_edge(distance_km, surface_m, tx_m, bulge_m_per_km2, line_m_per_km, tx_slope, rx_slope, nu_squared, out)
    if out[BLOCKED] == 0.0:
        tx_horizon = rx_horizon = ridge
    out[TX_HORIZON_INDEX] = tx_horizon
    out[RX_HORIZON_INDEX] = rx_horizon
    _smooth_heights(area, moment, height_m[0], here_m, obstruction_m, tx_obstruction, rx_obstruction, out)
    out[TX_EFFECTIVE_HEIGHT_M] = tx_m - out[TX_SMOOTH_HEIGHT_M]  # (37a)
    out[RX_EFFECTIVE_HEIGHT_M] = rx_m - out[RX_SMOOTH_HEIGHT_M]  # (37b)
    out[SMOOTH_NU_FACTOR] = smooth_nu_factor(
        distance_km, count, out[TX_EFFECTIVE_HEIGHT_M], out[RX_EFFECTIVE_HEIGHT_M], bulge_m_per_km2
    )
    _smooth_clearance(effective_radius_km, out)


@part
def _actual_edge(
    distance_km: NDArray[np.float64],
    surface_m: NDArray[np.float64],
    tx_m: float,
    bulge_m_per_km2: float,
    line_m_per_km: float,
    tx_slope: float,
    rx_slope: float,
    nu_squared: float,
    out: NDArray[np.float64],
) -> None:
    """Write ν's factor, the edge and both elevations; the slopes are above the line of sight. [m/km]"""
    path_km = out[PATH_KM]
    blocked = tx_slope >= 0.0 and path_km > 0.0
    out[BLOCKED] = 1.0 if blocked else 0.0
    # Seen from either end the far end lies this much lower than the chord: the earth curves away. [m/km]
    fall = bulge_m_per_km2 * path_km
    out[DEPARTURE_DEG] = math.degrees(math.atan(0.001 * (line_m_per_km + max(tx_slope, 0.0) - fall)))
    out[ARRIVAL_DEG] = math.degrees(math.atan(0.001 * (max(rx_slope, 0.0) - line_m_per_km - fall)))
    ridge = int(out[RIDGE_INDEX])
    if not blocked:
        out[NU_FACTOR] = -math.sqrt(0.002 * path_km * -nu_squared) if ridge >= 0 else -np.inf
        out[EDGE_KM] = distance_km[ridge] if ridge >= 0 else 0.0
        out[EDGE_HEIGHT_M] = surface_m[ridge] if ridge >= 0 else tx_m
        return
    slopes = tx_slope + rx_slope
    edge_km = rx_slope * path_km / slopes if slopes > 0.0 else distance_km[ridge]  # (18); grazing: the ridge itself
    edge_m = tx_m + (line_m_per_km + tx_slope) * edge_km
    out[NU_FACTOR] = edge_nu_factor(tx_slope, rx_slope, path_km)
    out[EDGE_KM] = edge_km
    out[EDGE_HEIGHT_M] = edge_m - bulge_m_per_km2 * edge_km * (path_km - edge_km)


@part
def _smooth_heights(
    area: float,
    moment: float,
    tx_ground_m: float,
    rx_ground_m: float,
    obstruction_m: float,
    tx_obstruction: float,
    rx_obstruction: float,
    out: NDArray[np.float64],
) -> None:
    """Write the smooth surface's heights under both ends: equations (87) to (91)."""
    path_km = out[PATH_KM]
    if path_km <= 0.0:
        out[TX_SMOOTH_HEIGHT_M], out[RX_SMOOTH_HEIGHT_M] = tx_ground_m, rx_ground_m
        out[TX_FITTED_HEIGHT_M], out[RX_FITTED_HEIGHT_M] = tx_ground_m, rx_ground_m
        return
    tx_smooth_m = (2.0 * area * path_km - moment) / path_km**2
    rx_smooth_m = (moment - area * path_km) / path_km**2
    out[TX_FITTED_HEIGHT_M], out[RX_FITTED_HEIGHT_M] = tx_smooth_m, rx_smooth_m
    if obstruction_m > 0.0:
        share = obstruction_m / (tx_obstruction + rx_obstruction)
        tx_smooth_m -= share * tx_obstruction
        rx_smooth_m -= share * rx_obstruction
    out[TX_SMOOTH_HEIGHT_M] = min(tx_smooth_m, tx_ground_m)
    out[RX_SMOOTH_HEIGHT_M] = min(rx_smooth_m, rx_ground_m)


@part
def _smooth_clearance(effective_radius_km: float, out: NDArray[np.float64]) -> None:
    """Write what the spherical-earth part needs of the smooth path: equations (22) to (26)."""
    path_km, tx_m, rx_m = out[PATH_KM], out[TX_EFFECTIVE_HEIGHT_M], out[RX_EFFECTIVE_HEIGHT_M]
    out[MARGINAL_RADIUS_KM] = 500.0 * (path_km / (math.sqrt(tx_m) + math.sqrt(rx_m))) ** 2
    out[CLEARANCE_M], out[CLEARANCE_NEEDED_FACTOR] = smooth_clearance(path_km, tx_m, rx_m, effective_radius_km)


@part
def _spherical_earth_db(
    geometry: NDArray[np.float64],
    frequency_mhz: float,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    sea_fraction: float,
    effective_radius_km: float,
) -> float:
    """Return the spherical-earth loss (Ldsph): equations (22) to (28). [dB]"""
    root_wavelength = math.sqrt(SPEED_OF_LIGHT_M_PER_S / (frequency_mhz * 1e6))
    clearance_m: float = geometry[CLEARANCE_M]
    needed_m: float = geometry[CLEARANCE_NEEDED_FACTOR] * root_wavelength
    beyond = clearance_m == -np.inf
    if not beyond and clearance_m > needed_m:
        return 0.0
    radius_km = effective_radius_km if beyond else geometry[MARGINAL_RADIUS_KM]
    path_km, tx_m, rx_m = geometry[PATH_KM], geometry[TX_EFFECTIVE_HEIGHT_M], geometry[RX_EFFECTIVE_HEIGHT_M]
    loss_db = 0.0
    if sea_fraction < 1.0:
        land_db = first_term_loss_db(
            path_km, tx_m, rx_m, frequency_mhz, vertical, permittivity, conductivity, radius_km
        )
        loss_db += (1.0 - sea_fraction) * land_db
    if sea_fraction > 0.0:
        sea_db = first_term_loss_db(
            path_km, tx_m, rx_m, frequency_mhz, vertical, SEA_PERMITTIVITY, SEA_CONDUCTIVITY_S_PER_M, radius_km
        )
        loss_db += sea_fraction * sea_db
    if beyond:
        return loss_db
    return (1.0 - clearance_m / needed_m) * max(loss_db, 0.0)


@part
def delta_bullington_loss_db(
    geometry: NDArray[np.float64],
    frequency_mhz: float,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    sea_fraction: float,
    effective_radius_km: float,
    terms: NDArray[np.float64],
) -> float:
    """Return the diffraction loss of a path in one band and fill its terms: equations (37) to (39). [dB]

    Parameters
    ----------
    geometry
        What `path_geometry` wrote, shape (GEOMETRY_SIZE,).
    frequency_mhz
        Frequency. [MHz]
    vertical
        Polarization: vertical, else horizontal.
    permittivity, conductivity
        Of the land, relative and in [S/m]; the recommendation has 22 and 0.003. The sea's are 80 and 5.
    sea_fraction
        Share of the path over sea, 0 to 1.
    effective_radius_km
        Effective earth radius, as given to `path_geometry`. [km]
    terms
        Shape (TERMS_SIZE,); this module's constants name its entries.
    """
    path_km = geometry[PATH_KM]
    if path_km <= 0.0:
        for term in range(TERMS_SIZE):
            terms[term] = 0.0
        return 0.0
    inverse_root_wavelength = math.sqrt(frequency_mhz * 1e6 / SPEED_OF_LIGHT_M_PER_S)
    actual_db = bullington_loss_db(geometry[NU_FACTOR] * inverse_root_wavelength, path_km)
    smooth_db = bullington_loss_db(geometry[SMOOTH_NU_FACTOR] * inverse_root_wavelength, path_km)
    spherical_db = _spherical_earth_db(
        geometry, frequency_mhz, vertical, permittivity, conductivity, sea_fraction, effective_radius_km
    )
    loss_db = actual_db + max(spherical_db - smooth_db, 0.0)
    terms[BULLINGTON_ACTUAL] = actual_db
    terms[BULLINGTON_SMOOTH] = smooth_db
    terms[SPHERICAL_EARTH] = spherical_db
    terms[DIFFRACTION] = loss_db
    return loss_db

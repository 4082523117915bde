"""ITU-R P.1812, split so that one walk along a profile serves every band.

`path_geometry` walks the profile, `set_climate` adds what time, latitude and refractivity make of it; both write into
one vector that no frequency changes. `kernels.p1812_band.basic_loss_db` turns the vector into decibels, once per band.

Recommendation ITU-R P.1812-8, annex 1, §3.6 to §4.6 and attachment 1. Equation numbers are its own.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.diffraction import (
    GEOMETRY_SIZE as DIFFRACTION_SIZE,
)
from whitesignal.kernels.diffraction import (
    PATH_KM,
    RX_FITTED_HEIGHT_M,
    TX_FITTED_HEIGHT_M,
)
from whitesignal.kernels.diffraction import (
    path_geometry as diffraction_geometry,
)
from whitesignal.kernels.jit import part
from whitesignal.units import EARTH_RADIUS_KM

SEA = 1
COASTAL = 3
INLAND = 4

BETA0_RADIUS_KM = 3.0 * EARTH_RADIUS_KM
"""Effective earth radius exceeded for β0 % of time (aβ): equation (7b). [km]"""

BETA0_GEOMETRY = DIFFRACTION_SIZE
"""Where the delta-Bullington vector at the radius for β0 % of time starts; the median one starts at 0."""

_WALK = 2 * DIFFRACTION_SIZE
HAS_BETA0 = _WALK
"""1 where the walk at the radius for β0 % of time was done, else 0."""
RADIUS_KM = _WALK + 1
"""Median effective earth radius (ae). [km]"""
SEA_FRACTION = _WALK + 2
"""Share of the path over sea (ω)."""
LAND_KM = _WALK + 3
"""Longest continuous section over land, inland and coastal (dtm). [km]"""
INLAND_KM = _WALK + 4
"""Longest continuous section inland (dlm). [km]"""
TX_AT_SEA = _WALK + 5
RX_AT_SEA = _WALK + 6
"""1 where the terminal's own zone is sea, else 0."""
TX_ANTENNA_M = _WALK + 7
"""Transmitting antenna above sea level (hts). [m]"""
RX_ANTENNA_M = _WALK + 8
"""Receiving antenna above sea level (hrs). [m]"""
BEYOND_HORIZON = _WALK + 9
"""1 where the bare terrain hides the other end (trans-horizon path), else 0."""
TX_HORIZON_KM = _WALK + 10
"""From the transmitter to its horizon; in line of sight to the point with the largest ν (dlt). [km]"""
RX_HORIZON_KM = _WALK + 11
"""From the receiver to its horizon; in line of sight to the same point (dlr). [km]"""
TX_HORIZON_MRAD = _WALK + 12
"""Elevation of the transmitter's horizon, in line of sight of the receiver (θt). [mrad]"""
RX_HORIZON_MRAD = _WALK + 13
"""Elevation of the receiver's horizon, in line of sight of the transmitter (θr). [mrad]"""
ANGLE_MRAD = _WALK + 14
"""Path angular distance (θ). [mrad]"""
TX_DUCT_SMOOTH_M = _WALK + 15
"""Smooth earth under the transmitter for ducting (hst of (92a)). [m]"""
RX_DUCT_SMOOTH_M = _WALK + 16
"""The same under the receiver (hsr of (92b)). [m]"""
TX_DUCT_HEIGHT_M = _WALK + 17
"""Transmitting antenna above it (hte). [m]"""
RX_DUCT_HEIGHT_M = _WALK + 18
"""Receiving antenna above it (hre). [m]"""
ROUGHNESS_M = _WALK + 19
"""Largest height of the ground above the smooth earth between the horizons (hm). [m]"""

_CLIMATE = _WALK + 20
TIME_PERCENT = _CLIMATE
"""Share of time for which the loss is not exceeded (p). [%]"""
BETA0_PERCENT = _CLIMATE + 1
"""Share of time with strong refraction near the ground (β0). [%]"""
TIME_FACTOR = _CLIMATE + 2
"""Interpolation between the median and β0 % of time (Fi)."""
ANGLE_FACTOR = _CLIMATE + 3
"""Interpolation by angular distance (Fj)."""
DISTANCE_FACTOR = _CLIMATE + 4
"""Interpolation by distance (Fk)."""
SPREADING_DB = _CLIMATE + 5
"""Free space at 1 GHz (of Lbfs). [dB]"""
FOCUSING_DB = _CLIMATE + 6
"""Multipath and focusing at p % of time (Esp). [dB]"""
FOCUSING_BETA0_DB = _CLIMATE + 7
"""Multipath and focusing at β0 % of time (Esβ). [dB]"""
SCATTER_DB = _CLIMATE + 8
"""Troposcatter but for its frequency's part (of Lbs). [dB]"""
DUCT_DB = _CLIMATE + 9
"""Ducting but for its frequency's parts: distance, coast and time (of Lba). [dB]"""
DUCT_ANGLE_DB = _CLIMATE + 10
"""Ducting's loss by angle at 1 GHz (γd θ' of (50)). [dB]"""
TX_SHIELD_MRAD = _CLIMATE + 11
"""Horizon's elevation above what a duct follows (θ''t); no shielding where negative. [mrad]"""
RX_SHIELD_MRAD = _CLIMATE + 12
"""The same at the receiver (θ''r). [mrad]"""
GEOMETRY_SIZE = _CLIMATE + 13


@part
def path_geometry(
    distance_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    surface_m: NDArray[np.float64],
    zone: NDArray[np.int8],
    count: int,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    with_beta0: bool,
    out: NDArray[np.float64],
) -> None:
    """Fill the walk's part of ``out``: everything that the profile alone decides.

    Parameters
    ----------
    distance_km
        Distance of each point from the transmitter, rising from 0; need not be equidistant, shape (≥ count,). [km]
    height_m
        Ground above sea level, shape (≥ count,). [m]
    surface_m
        Ground plus clutter; the same array without clutter. Both ends' values are not read: the ends are bare. [m]
    zone
        `SEA`, `COASTAL` or `INLAND` of each point, shape (≥ count,); an empty array where all is inland.
    count
        Number of points, both ends included, at least 3.
    tx_height_m, rx_height_m
        Antennas above ground. [m]
    effective_radius_km
        Median effective earth radius. [km]
    with_beta0
        Whether to walk the profile at the radius for β0 % of time too: needed below 50 % of time only.
    out
        Shape (GEOMETRY_SIZE,). Its first part is the vector of ``kernels.diffraction`` and may be read as such; this
        module's constants name the rest.
    """
    diffraction_geometry(
        distance_km, height_m, surface_m, count, tx_height_m, rx_height_m, effective_radius_km, out[:DIFFRACTION_SIZE]
    )
    out[HAS_BETA0] = 1.0 if with_beta0 else 0.0
    if with_beta0:
        diffraction_geometry(
            distance_km, height_m, surface_m, count, tx_height_m, rx_height_m, BETA0_RADIUS_KM, out[BETA0_GEOMETRY:]
        )
    last = count - 1
    out[RADIUS_KM] = effective_radius_km
    out[TX_ANTENNA_M] = height_m[0] + tx_height_m
    out[RX_ANTENNA_M] = height_m[last] + rx_height_m
    _sections(distance_km, zone, count, out)
    tx_horizon, rx_horizon = _horizons(distance_km, height_m, count, out)
    out[TX_DUCT_SMOOTH_M] = min(out[TX_FITTED_HEIGHT_M], height_m[0])  # (92a)
    out[RX_DUCT_SMOOTH_M] = min(out[RX_FITTED_HEIGHT_M], height_m[last])  # (92b)
    out[TX_DUCT_HEIGHT_M] = out[TX_ANTENNA_M] - out[TX_DUCT_SMOOTH_M]  # (94a)
    out[RX_DUCT_HEIGHT_M] = out[RX_ANTENNA_M] - out[RX_DUCT_SMOOTH_M]  # (94b)
    out[ROUGHNESS_M] = _roughness_m(distance_km, height_m, tx_horizon, rx_horizon, out)


@part
def _sections(distance_km: NDArray[np.float64], zone: NDArray[np.int8], count: int, out: NDArray[np.float64]) -> None:
    """Write how the path divides into sea, coast and inland; zones meet half-way between two points."""
    path_km = out[PATH_KM]
    if zone.size == 0:
        out[SEA_FRACTION] = out[TX_AT_SEA] = out[RX_AT_SEA] = 0.0
        out[LAND_KM] = out[INLAND_KM] = path_km
        return
    sea_km = land_km = inland_km = 0.0
    land_from_km = inland_from_km = start_km = 0.0
    for i in range(1, count + 1):
        here, next_zone = zone[i - 1], zone[i] if i < count else 0
        if here == next_zone:
            continue
        border_km = 0.5 * (distance_km[i - 1] + distance_km[i]) if i < count else path_km
        if here == SEA:
            sea_km += border_km - start_km
            land_from_km = border_km
        else:
            land_km = max(land_km, border_km - land_from_km)
        if here == INLAND:
            inland_km = max(inland_km, border_km - inland_from_km)
        if next_zone == INLAND:
            inland_from_km = border_km
        start_km = border_km
    out[SEA_FRACTION] = sea_km / path_km
    out[LAND_KM] = land_km
    out[INLAND_KM] = inland_km
    out[TX_AT_SEA] = 1.0 if zone[0] == SEA else 0.0
    out[RX_AT_SEA] = 1.0 if zone[count - 1] == SEA else 0.0


@part
def _horizons(
    distance_km: NDArray[np.float64], height_m: NDArray[np.float64], count: int, out: NDArray[np.float64]
) -> tuple[int, int]:
    """Write both horizons of the bare terrain and return their indices: attachment 1, equations (76) to (84).

    Clutter is left out, as in the recommendation: only diffraction knows of it. Of equal elevations the horizon is
    the one nearest to its antenna, of equal ν the point nearest to the receiver.
    """
    last = count - 1
    path_km, tx_m = out[PATH_KM], out[TX_ANTENNA_M]
    bulge_m_per_km2 = 500.0 / out[RADIUS_KM]
    line_m_per_km = (out[RX_ANTENNA_M] - tx_m) / path_km
    tx_slope = rx_slope = nu_squared = -np.inf
    tx_horizon = rx_horizon = ridge = 0
    for i in range(1, last):
        here_km = distance_km[i]
        rest_km = path_km - here_km
        both_km2 = here_km * rest_km
        # One division per point: its product with either distance is the other's reciprocal.
        reciprocal = 1.0 / both_km2
        intrusion_m = height_m[i] + bulge_m_per_km2 * both_km2 - (tx_m + line_m_per_km * here_km)
        slope = intrusion_m * rest_km * reciprocal
        if slope > tx_slope:
            tx_slope, tx_horizon = slope, i
        slope = intrusion_m * here_km * reciprocal
        if slope >= rx_slope:
            rx_slope, rx_horizon = slope, i
        # ν grows with its signed square, which needs no root.
        squared = intrusion_m * abs(intrusion_m) * reciprocal
        if squared >= nu_squared:
            nu_squared, ridge = squared, i
    beyond = tx_slope > 0.0
    if not beyond:
        tx_horizon = rx_horizon = ridge
        tx_slope = rx_slope = 0.0
    # Seen from either end the far end lies this much lower than the chord: the earth curves away. [m/km]
    fall = bulge_m_per_km2 * path_km
    out[BEYOND_HORIZON] = 1.0 if beyond else 0.0
    out[TX_HORIZON_KM] = distance_km[tx_horizon]
    out[RX_HORIZON_KM] = path_km - distance_km[rx_horizon]
    out[TX_HORIZON_MRAD] = 1000.0 * math.atan(0.001 * (tx_slope + line_m_per_km - fall))  # (77), (78)
    out[RX_HORIZON_MRAD] = 1000.0 * math.atan(0.001 * (rx_slope - line_m_per_km - fall))  # (81), (82a)
    out[ANGLE_MRAD] = 1000.0 * path_km / out[RADIUS_KM] + out[TX_HORIZON_MRAD] + out[RX_HORIZON_MRAD]  # (84)
    return tx_horizon, rx_horizon


@part
def _roughness_m(
    distance_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    tx_horizon: int,
    rx_horizon: int,
    out: NDArray[np.float64],
) -> float:
    """Return the terrain roughness from one horizon to the other: equations (93) and (95). [m]"""
    smooth_m = out[TX_DUCT_SMOOTH_M]
    smooth_m_per_km = (out[RX_DUCT_SMOOTH_M] - smooth_m) / out[PATH_KM]
    roughness_m = -np.inf
    for i in range(tx_horizon, rx_horizon + 1):
        roughness_m = max(roughness_m, height_m[i] - (smooth_m + smooth_m_per_km * distance_km[i]))
    return roughness_m


@part
def inverse_normal(share: float) -> float:
    """Return the normal variable exceeded with a given probability: attachment 2, equations (96) and (97)."""
    share = min(max(share, 1e-6), 1.0 - 1e-6)
    tail = min(share, 1.0 - share)
    t = math.sqrt(-2.0 * math.log(tail))
    above = (0.010328 * t + 0.802853) * t + 2.515516698
    below = ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0
    variable = t - above / below
    return variable if share <= 0.5 else -variable


@part
def set_climate(
    geometry: NDArray[np.float64],
    time_percent: float,
    n0: float,
    latitude_deg: float,
    tx_coast_km: float,
    rx_coast_km: float,
) -> None:
    """Add to a walked geometry what time, latitude and refractivity make of it, for every band.

    Parameters
    ----------
    geometry
        What `path_geometry` wrote, shape (GEOMETRY_SIZE,); below 50 % of time with the walk for β0 % of time.
    time_percent
        Share of time for which the loss is not exceeded, 1 to 50. [%]
    n0
        Sea-level surface refractivity. [N-units]
    latitude_deg
        Of the path's centre. [degrees]
    tx_coast_km, rx_coast_km
        Distance over land from either terminal to the coast along the path. [km]
    """
    path_km = geometry[PATH_KM]
    tau = 1.0 - math.exp(-4.12e-4 * math.pow(geometry[INLAND_KM], 2.41))  # (3)
    beta0 = _beta0_percent(geometry[LAND_KM], tau, abs(latitude_deg))
    geometry[TIME_PERCENT] = time_percent
    geometry[BETA0_PERCENT] = beta0
    geometry[TIME_FACTOR] = _time_factor(time_percent, beta0)
    geometry[ANGLE_FACTOR] = 0.5 - 0.5 * math.tanh(2.4 * (geometry[ANGLE_MRAD] - 0.3) / 0.3)  # (57)
    geometry[DISTANCE_FACTOR] = 0.5 - 0.5 * math.tanh(1.5 * (path_km - 20.0) / 20.0)  # (58)
    rise_km = 0.001 * (geometry[TX_ANTENNA_M] - geometry[RX_ANTENNA_M])
    geometry[SPREADING_DB] = 92.4 + 10.0 * math.log10(path_km * path_km + rise_km * rise_km)  # (8), (8a)
    horizons_km = geometry[TX_HORIZON_KM] + geometry[RX_HORIZON_KM]
    focusing_db = 2.6 * (1.0 - math.exp(-0.1 * horizons_km))
    geometry[FOCUSING_DB] = focusing_db * math.log10(time_percent / 50.0)  # (9a)
    geometry[FOCUSING_BETA0_DB] = focusing_db * math.log10(beta0 / 50.0)  # (9b)
    rare_db = 10.125 * math.pow(math.log10(50.0 / time_percent), 0.7)
    path_db = 20.0 * math.log10(path_km) + 0.573 * geometry[ANGLE_MRAD]
    geometry[SCATTER_DB] = 190.1 + path_db - 0.15 * n0 - rare_db  # (44) without Lf
    sea_fraction = geometry[SEA_FRACTION]
    tx_coast_km = 0.0 if geometry[TX_AT_SEA] > 0.0 else tx_coast_km
    rx_coast_km = 0.0 if geometry[RX_AT_SEA] > 0.0 else rx_coast_km
    geometry[DUCT_DB] = (
        102.45
        + 20.0 * math.log10(horizons_km)
        + _coast_gain_db(sea_fraction, tx_coast_km, geometry[TX_HORIZON_KM], geometry[TX_ANTENNA_M])
        + _coast_gain_db(sea_fraction, rx_coast_km, geometry[RX_HORIZON_KM], geometry[RX_ANTENNA_M])
        + _duct_time_db(geometry, time_percent, tau, beta0)
    )  # of (47) and (50)
    tx_follows_mrad, rx_follows_mrad = 0.1 * geometry[TX_HORIZON_KM], 0.1 * geometry[RX_HORIZON_KM]
    geometry[TX_SHIELD_MRAD] = geometry[TX_HORIZON_MRAD] - tx_follows_mrad  # (48a)
    geometry[RX_SHIELD_MRAD] = geometry[RX_HORIZON_MRAD] - rx_follows_mrad
    angle_mrad = (
        1000.0 * path_km / geometry[RADIUS_KM]
        + min(geometry[TX_HORIZON_MRAD], tx_follows_mrad)
        + min(geometry[RX_HORIZON_MRAD], rx_follows_mrad)
    )  # (52), (52a)
    geometry[DUCT_ANGLE_DB] = 5e-5 * geometry[RADIUS_KM] * angle_mrad  # (51)


@part
def _beta0_percent(land_km: float, tau: float, latitude_deg: float) -> float:
    """Return the share of time with strong refraction near the ground: equations (2) to (5). [%]"""
    mu1 = math.pow(10.0, -land_km / (16.0 - 6.6 * tau)) + math.pow(10.0, -5.0 * (0.496 + 0.354 * tau))
    mu1 = min(math.pow(mu1, 0.2), 1.0)
    if latitude_deg <= 70.0:
        return math.pow(10.0, 1.67 - 0.015 * latitude_deg) * math.pow(mu1, 0.065 + 0.0176 * latitude_deg)
    return 4.17 * math.pow(mu1, 1.3)


@part
def _time_factor(time_percent: float, beta0: float) -> float:
    """Return Fi: equation (40).

    At 50 % of time it is 0 by definition. The approximation (96) would give 1e-9, by which the walk at the radius
    for β0 % of time would still count.
    """
    if time_percent >= 50.0:
        return 0.0
    if time_percent <= beta0:
        return 1.0
    return inverse_normal(0.01 * time_percent) / inverse_normal(0.01 * beta0)


@part
def _coast_gain_db(sea_fraction: float, coast_km: float, horizon_km: float, antenna_m: float) -> float:
    """Return how much easier a duct over sea is reached from one terminal: equations (49) and (49a). [dB]"""
    if sea_fraction < 0.75 or coast_km > 5.0 or coast_km > horizon_km:
        return 0.0
    return -3.0 * math.exp(-0.25 * coast_km * coast_km) * (1.0 + math.tanh(0.07 * (50.0 - antenna_m)))


@part
def _duct_time_db(geometry: NDArray[np.float64], time_percent: float, tau: float, beta0: float) -> float:
    """Return ducting's loss by time (Ap): equations (53) to (56). [dB]"""
    path_km: float = geometry[PATH_KM]
    roots = math.sqrt(geometry[TX_DUCT_HEIGHT_M]) + math.sqrt(geometry[RX_DUCT_HEIGHT_M])
    alpha = max(-0.6 - 3.5e-9 * math.pow(path_km, 3.1) * tau, -3.4)  # (55a)
    mu2 = min(math.pow(500.0 / geometry[RADIUS_KM] * (path_km / roots) ** 2, alpha), 1.0)  # (55)
    log_beta: float = math.log10(beta0 * mu2)  # (54)
    if geometry[ROUGHNESS_M] > 10.0:
        between_km = min(path_km - geometry[TX_HORIZON_KM] - geometry[RX_HORIZON_KM], 40.0)  # (56a)
        log_beta -= 4.6e-5 * (geometry[ROUGHNESS_M] - 10.0) * (43.0 + 6.0 * between_km) / math.log(10.0)  # (56)
    rarity = math.log10(time_percent) - log_beta
    bend = 9.51 - 4.8 * log_beta + 0.198 * log_beta * log_beta
    gamma = 1.076 / math.pow(2.0058 - log_beta, 1.012) * math.exp(-bend * 1e-6 * math.pow(path_km, 1.13))  # (53a)
    return -12.0 + (1.2 + 0.0037 * path_km) * rarity + 12.0 * math.pow(10.0, rarity * gamma)  # (53)

"""The Irregular Terrain Model's loss of a path in one band: line of sight, diffraction, scatter, variability.

Each region has its reference attenuation: diffraction is a straight line through two distances far beyond the
horizon, line of sight a curve from the two-ray field to that line, scatter another straight line.

References
----------
G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA (1985).
A. G. Longley and P. L. Rice, ESSA Technical Report ERL 79-ITS 67 (1968).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels.itm_path import EARTH_RADIUS_M, fresnel_deviation_m
from whitesignal.kernels.itm_roughness import roughness_share
from whitesignal.kernels.itm_scatter import UNDEFINED_DB, scatter_losses_db
from whitesignal.kernels.itm_variability import vary
from whitesignal.kernels.jit import kernel, part

Floats = NDArray[np.float64]

_DB = 10.0 / math.log(10.0)
"""Decibels in a natural logarithm, which takes half the time of a decimal one."""

_LEAST_SCALE = math.exp(-10.0)
"""Of the reflected ray, however rough the ground."""

_NO_SCATTER_M = 10e6
"""Where scatter is not defined, it takes over here: nowhere."""


@part
def _edge_db(nu_squared: float) -> float:
    """Return the knife edge's loss: TN101 volume 2, equations III.24b and III.24c. [dB]"""
    if nu_squared < 5.76:
        return 6.02 + 9.11 * math.sqrt(nu_squared) - 1.27 * nu_squared
    return 12.953 + _DB * math.log(nu_squared)


@part
def _height_db(normal_km: float, k: float) -> float:
    """Return F(x, K), the height's part of diffraction over the smooth earth: Algorithm, equation 6.4. [dB]"""
    if normal_km < 200.0:
        w = -math.log(k)
        if k < 1e-5 or normal_km * w * w * w > 5495.0:
            return 17.372 * math.log(normal_km) - 117.0 if normal_km > 1.0 else -117.0
        return 2.5e-5 * normal_km * normal_km / k - 8.686 * w - 15.0
    log_km = math.log(normal_km)
    far_db = 0.05751 * normal_km - 4.343 * log_km
    if normal_km < 2000.0:
        w = 0.0134 * normal_km * math.exp(-0.005 * normal_km)
        far_db = (1.0 - w) * far_db + w * (17.372 * log_km - 117.0)
    return far_db


@part
def _diffraction_db(path: Floats, band: Floats, distance_m: float, terminals_km: float, terminals_db: float) -> float:
    """Return the diffraction loss at a distance beyond both horizons; NaN where Vogler's formula has none. [dB]

    ``terminals_km`` and ``terminals_db``: normal distances of both terminals, and their height gains less clutter.
    """
    sight_m = path[at.SIGHT_M]
    beyond_m = distance_m - sight_m
    beyond_rad = distance_m / path[at.RADIUS_M] - path[at.SIGHT_ANGLE_RAD]  # Algorithm, equation 4.12
    fresnel = 0.0795775 * band[at.WAVE_NUMBER] * beyond_rad * beyond_rad * beyond_m
    tx_m, rx_m = path[at.TX_HORIZON_M], path[at.RX_HORIZON_M]
    knife_db = _edge_db(fresnel * tx_m / (beyond_m + tx_m)) + _edge_db(fresnel * rx_m / (beyond_m + rx_m))

    # Vogler's three radii: the third fits the path between the horizons.
    ratio = (4.0 / 3.0 * EARTH_RADIUS_M * beyond_rad / beyond_m) ** (1.0 / 3.0)
    between_km = (1.607 - band[at.IMPEDANCE_FACTOR] * ratio) * ratio * ratio * band[at.FREQUENCY_ROOT]
    normal_km = between_km * beyond_m / 1000.0 + terminals_km
    if normal_km <= 0.0:
        return math.nan
    smooth_db = 0.05751 * normal_km - _DB * math.log(normal_km) - terminals_db - 20.0  # Algorithm, equation 4.20

    roughness = min(path[at.IRREGULARITY_M] * roughness_share(distance_m) * band[at.WAVE_NUMBER], 6283.2)
    weight = 25.1 / (25.1 + math.sqrt((path[at.WEIGHT_TERM] + path[at.WEIGHT_GAP_M] / distance_m) * roughness))
    both_db: float = weight * smooth_db + (1.0 - weight) * knife_db
    return both_db


@part
def diffraction_line(path: Floats, band: Floats) -> tuple[float, float]:
    """Return intercept [dB] and slope [dB/m] of the diffraction line: Algorithm, equations 4.5 to 4.9."""
    k = band[at.IMPEDANCE_FACTOR]
    root = band[at.FREQUENCY_ROOT] / 1000.0
    tx_ratio, rx_ratio = path[at.TX_RADIUS_RATIO], path[at.RX_RADIUS_RATIO]
    tx_km = (1.607 - k * tx_ratio) * tx_ratio * tx_ratio * root * path[at.TX_HORIZON_M]
    rx_km = (1.607 - k * rx_ratio) * rx_ratio * rx_ratio * root * path[at.RX_HORIZON_M]
    heights_db = _height_db(tx_km, k * tx_ratio) + _height_db(rx_km, k * rx_ratio)
    # ERL 79-ITS 67, equation 3.38c
    clutter_db = min(15.0, 0.5 * _DB * math.log(1.0 + path[at.CLUTTER_FACTOR] * band[at.FREQUENCY_MHZ]))
    length_m = path[at.DIFFRACTION_SCALE] / band[at.FREQUENCY_ROOT]
    near_m = max(path[at.SMOOTH_SIGHT_M], path[at.SIGHT_M] + 5.0 * length_m)
    far_m = near_m + 10.0 * length_m
    near_db = _diffraction_db(path, band, near_m, tx_km + rx_km, heights_db)
    far_db = _diffraction_db(path, band, far_m, tx_km + rx_km, heights_db)
    slope = (far_db - near_db) / (far_m - near_m)
    return near_db + clutter_db - slope * near_m, slope


@part
def _sight_db(path: Floats, band: Floats, distance_m: float, weight: float, diffraction_db: float) -> float:
    """Return the loss at a distance in line of sight: two rays, weighted with the diffraction line. [dB]"""
    deviation_m = fresnel_deviation_m(path[at.IRREGULARITY_M] * roughness_share(distance_m))
    wave_number = band[at.WAVE_NUMBER]
    tx_m, rx_m = path[at.TX_EFFECTIVE_M], path[at.RX_EFFECTIVE_M]
    heights_m = tx_m + rx_m
    sine = heights_m / math.sqrt(distance_m * distance_m + heights_m * heights_m)  # Algorithm, equation 4.46
    real, imaginary = band[at.IMPEDANCE_REAL], band[at.IMPEDANCE_IMAGINARY]
    damping = wave_number * deviation_m * sine
    scale = math.exp(-damping) if damping < 10.0 else _LEAST_SCALE
    scale /= (sine + real) ** 2 + imaginary**2
    # (sin ψ − Z) / (sin ψ + Z): Algorithm, equation 4.47
    ray_real = ((sine - real) * (sine + real) - imaginary**2) * scale
    ray_imaginary = -2.0 * sine * imaginary * scale
    squared = ray_real * ray_real + ray_imaginary * ray_imaginary  # Algorithm, equation 4.48
    if squared < 0.25 or squared < sine:
        factor = math.sqrt(sine / squared)
        ray_real *= factor
        ray_imaginary *= factor
    phase = wave_number * 2.0 * tx_m * rx_m / distance_m  # Algorithm, equation 4.49
    if phase > math.pi / 2.0:
        phase = math.pi - (math.pi / 2.0) ** 2 / phase  # Algorithm, equation 4.50
    cosine = math.cos(phase)  # of an angle between 0 and π: its sine is not negative
    field = (cosine + ray_real) ** 2 + (ray_imaginary - math.sqrt(max(1.0 - cosine * cosine, 0.0))) ** 2
    return (1.0 - weight) * diffraction_db - weight * _DB * math.log(field)


@part
def _sight_attenuation_db(path: Floats, band: Floats, intercept_db: float, slope: float) -> float:
    """Return the reference attenuation in line of sight: ERL 79-ITS 67, equations 3.16 to 3.21. [dB]"""
    smooth_m: float = path[at.SMOOTH_SIGHT_M]
    sight_m: float = path[at.SIGHT_M]
    smooth_db = smooth_m * slope + intercept_db
    weight = 1.0 / (1.0 + band[at.FREQUENCY_MHZ] * path[at.IRREGULARITY_M] / max(10e3, smooth_m))
    near_m = 0.04 * band[at.FREQUENCY_MHZ] * path[at.TX_EFFECTIVE_M] * path[at.RX_EFFECTIVE_M]  # 3.16a
    if intercept_db >= 0.0:
        near_m = min(near_m, 0.5 * sight_m)
        far_m = near_m + 0.25 * (sight_m - near_m)  # 3.16d
    else:
        far_m = max(0.25 * sight_m, -intercept_db / slope)
    far_db = _sight_db(path, band, far_m, weight, slope * far_m + intercept_db)
    linear, logarithmic, bent = 0.0, 0.0, False
    log_smooth = math.log(smooth_m)
    if near_m < far_m:
        near_db = _sight_db(path, band, near_m, weight, slope * near_m + intercept_db)
        log_near = math.log(near_m)
        whole_m, part_m = smooth_m - near_m, far_m - near_m
        logarithmic = max(
            (whole_m * (far_db - near_db) - part_m * (smooth_db - near_db))
            / (whole_m * (math.log(far_m) - log_near) - part_m * (log_smooth - log_near)),
            0.0,
        )  # 3.20
        bent = intercept_db > 0.0 or logarithmic > 0.0
        if bent:
            linear = (smooth_db - near_db - logarithmic * (log_smooth - log_near)) / whole_m  # 3.21
            if linear < 0.0:
                linear = 0.0
                logarithmic = max(smooth_db - near_db, 0.0) / (log_smooth - log_near)
                if logarithmic == 0.0:
                    linear = slope
    if not bent:
        linear = max(smooth_db - far_db, 0.0) / (smooth_m - far_m)
        logarithmic = 0.0
        if linear == 0.0:
            linear = slope
    # 3.19, anchored where the smooth earth's line of sight ends
    short_m: float = smooth_m - path[at.PATH_M]
    log_short: float = log_smooth - path[at.LOG_PATH_M]
    return smooth_db - linear * short_m - logarithmic * log_short


@part
def _beyond_attenuation_db(path: Floats, band: Floats, intercept_db: float, slope: float) -> tuple[float, int]:
    """Return the reference attenuation beyond the horizon, and whether diffraction or scatter rules. [dB]"""
    path_m = path[at.PATH_M]
    near_m = path[at.SIGHT_M] + 200e3
    near_db, far_db = scatter_losses_db(
        path[at.SCATTER_NEAR : at.SCATTER_NEAR + at.SCATTER_SIZE],
        path[at.SCATTER_FAR : at.SCATTER_FAR + at.SCATTER_SIZE],
        0.5 * (band[at.FREQUENCY_DB] - 32.45),
        band[at.WAVE_NUMBER],
        path[at.TX_EFFECTIVE_M],
        path[at.RX_EFFECTIVE_M],
    )
    if not near_db < UNDEFINED_DB - 1.0:
        mode = at.TROPOSCATTER if path_m > _NO_SCATTER_M else at.DIFFRACTION
        return slope * path_m + intercept_db, mode
    scatter_slope = (far_db - near_db) / 200e3
    length_m = path[at.DIFFRACTION_SCALE] / band[at.FREQUENCY_ROOT]
    crossing_m = max(path[at.SMOOTH_SIGHT_M], path[at.SIGHT_M] + 1.088 * length_m * band[at.LOG_FREQUENCY])
    crossing_m = max((near_db - intercept_db - scatter_slope * near_m) / (slope - scatter_slope), crossing_m)
    if path_m > crossing_m:
        return scatter_slope * (path_m - crossing_m) + slope * crossing_m + intercept_db, at.TROPOSCATTER
    return slope * path_m + intercept_db, at.DIFFRACTION


@kernel
def loss_db(path: Floats, band: Floats, terms: Floats) -> float:
    """Return the basic transmission loss of a path in one band and fill its terms. [dB]

    Parameters
    ----------
    path
        What `itm_path.path_geometry` wrote, shape (PATH_SIZE,).
    band
        Frequency, ground, climate and percentages, shape (BAND_SIZE,); `propagation.itm_band` makes it.
    terms
        Shape (TERMS_SIZE,); `itm_layout` names the entries of all three.
    """
    intercept_db, slope = diffraction_line(path, band)
    if path[at.TRANSHORIZON] == 0.0:
        mode = at.LINE_OF_SIGHT
        reference_db = _sight_attenuation_db(path, band, intercept_db, slope)
    else:
        reference_db, mode = _beyond_attenuation_db(path, band, intercept_db, slope)
    reference_db = max(0.0, reference_db)  # zero, too, where diffraction is undefined, as in NTIA's code
    free_space_db = band[at.FREQUENCY_DB] + path[at.FREE_SPACE_DB]
    terms[at.DIFFRACTION_INTERCEPT] = intercept_db
    terms[at.DIFFRACTION_SLOPE] = slope
    terms[at.REFERENCE] = reference_db
    terms[at.FREE_SPACE] = free_space_db
    terms[at.MODE] = mode
    total_db: float = free_space_db + vary(path, band, reference_db, terms)
    terms[at.LOSS] = total_db
    return total_db

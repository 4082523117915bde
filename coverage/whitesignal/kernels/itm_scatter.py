"""Tropospheric scatter of the Irregular Terrain Model: the part of a path, and the part of a band.

References
----------
G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA (1985), §§ 4 and 6.
P. L. Rice et al., "Transmission loss predictions for tropospheric communication circuits", NBS Technical Note 101
(1967), chapter 9 and annex III.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import part

ANGLE = 0
"""Angular distance θ. [rad]"""
EFFICIENCY = 1
"""Scattering efficiency η_s."""
ASYMMETRY_DB = 2
"""The most that asymmetry adds to the frequency gain. [dB]"""
BASE_DB = 3
"""The loss without the frequency's parts. [dB]"""

UNDEFINED_DB = 1001.0
"""Said of a path so low and a frequency so small that the frequency gain is not defined."""

_LOG10 = math.log(10.0)
_SQRT2 = math.sqrt(2.0)


@part
def _attenuation_db(theta_d_m: float) -> float:
    """Return F(θd): Algorithm, equation 6.9. [dB]"""
    log10 = math.log(theta_d_m) / _LOG10
    if theta_d_m <= 10e3:
        return 133.4 + 0.332e-3 * theta_d_m - 10.0 * log10
    if theta_d_m <= 70e3:
        return 104.6 + 0.212e-3 * theta_d_m - 2.5 * log10
    return 71.8 + 0.157e-3 * theta_d_m + 5.0 * log10


@part
def describe_scatter(
    distance_m: float,
    horizon_difference_m: float,
    height_ratio: float,
    horizon_angles_rad: float,
    sight_angle_rad: float,
    radius_m: float,
    refractivity: float,
    out: NDArray[np.float64],
) -> None:
    """Fill the four entries that say all of a path's scatter at a distance but for its frequency.

    ``horizon_difference_m`` is not negative; ``height_ratio`` is the effective height of the terminal with the nearer
    horizon over the other's. ``horizon_angles_rad`` is the sum of both.
    """
    angle = horizon_angles_rad + distance_m / radius_m
    asymmetry = (distance_m - horizon_difference_m) / (distance_m + horizon_difference_m)
    skew = min(max(0.1, height_ratio / asymmetry), 10.0)  # TN101, equation 9.5
    asymmetry = max(0.1, asymmetry)
    crossing_m = (distance_m - horizon_difference_m) * (distance_m + horizon_difference_m) * angle * 0.25 / distance_m
    layer = min(1.7, crossing_m / 8.0e3) ** 3
    refraction = 0.031 - refractivity * 2.32e-3 + refractivity * refractivity * 5.67e-6
    efficiency = crossing_m / 1.7556e3 * (1.0 + refraction * math.exp(-layer * layer))  # TN101, equation 9.3a
    out[ANGLE] = angle
    out[EFFICIENCY] = efficiency
    out[ASYMMETRY_DB] = (
        6.0 * (0.6 - math.log10(max(efficiency, 1.0))) * math.log10(asymmetry) * math.log10(skew)
    )  # of TN101, equation 9.5
    beyond_rad = distance_m / radius_m - sight_angle_rad
    theta_d_m = beyond_rad * distance_m
    out[BASE_DB] = (
        _attenuation_db(theta_d_m)
        + 40.0 * math.log10(beyond_rad)
        - 0.1 * (refractivity - 301.0) * math.exp(-theta_d_m / 40e3)
    )  # Algorithm, equation 4.63


@part
def _gain_curve_db(index: int, inverse_square: float) -> float:
    """Return H_01 of one whole η_s: Algorithm, equation 6.13, of 1/r². [dB]"""
    if index == 1:
        a, b = 25.0, 24.0
    elif index == 2:
        a, b = 80.0, 45.0
    elif index == 3:
        a, b = 177.0, 68.0
    elif index == 4:
        a, b = 395.0, 80.0
    else:
        a, b = 705.0, 105.0
    return 10.0 * math.log10(1.0 + (a * inverse_square + b) * inverse_square)


@part
def _gain_db(r: float, efficiency: float) -> float:
    """Return H_0 of one terminal, between the curves of two whole η_s. [dB]"""
    bounded = min(max(1.0, efficiency), 5.0)
    whole = int(bounded)
    share = bounded - whole
    inverse_square = 1.0 / (r * r)
    gain_db = _gain_curve_db(whole, inverse_square)
    if share != 0.0:
        gain_db = (1.0 - share) * gain_db + share * _gain_curve_db(whole + 1, inverse_square)
    return gain_db


@part
def frequency_gain_db(path: NDArray[np.float64], wave_number: float, tx_m: float, rx_m: float) -> float:
    """Return H_0 of a path at one distance; NaN where it is not defined. [dB]

    ``path`` holds `describe_scatter`'s entries; the heights are effective ones.
    """
    r_1 = 2.0 * wave_number * path[ANGLE] * tx_m  # TN101, equation 9.4a
    r_2 = 2.0 * wave_number * path[ANGLE] * rx_m
    if r_1 < 0.2 and r_2 < 0.2:
        return math.nan
    efficiency: float = path[EFFICIENCY]
    both_db = 0.5 * (_gain_db(r_1, efficiency) + _gain_db(r_2, efficiency))
    gain_db: float = max(0.0, both_db + min(path[ASYMMETRY_DB], both_db))
    if efficiency < 1.0:
        low_db = 10.0 * math.log10(
            ((1.0 + _SQRT2 / r_1) * (1.0 + _SQRT2 / r_2)) ** 2 * (r_1 + r_2) / (r_1 + r_2 + 2.0 * _SQRT2)
        )
        gain_db = efficiency * gain_db + (1.0 - efficiency) * low_db
    return gain_db


@part
def scatter_losses_db(
    near: NDArray[np.float64], far: NDArray[np.float64], band_db: float, wave_number: float, tx_m: float, rx_m: float
) -> tuple[float, float]:
    """Return the troposcatter losses at the nearer and at the farther distance. [dB]

    ``band_db`` is 10 log f. A gain above 15 dB at the nearer distance is replaced by that at the farther one, where
    there is one: Algorithm, page 12.
    """
    far_gain_db = frequency_gain_db(far, wave_number, tx_m, rx_m)
    far_defined = not math.isnan(far_gain_db)
    far_db = far[BASE_DB] + band_db + far_gain_db if far_defined else UNDEFINED_DB
    if far_defined and far_gain_db > 15.0:
        return near[BASE_DB] + band_db + far_gain_db, far_db
    near_gain_db = frequency_gain_db(near, wave_number, tx_m, rx_m)
    if math.isnan(near_gain_db):
        return UNDEFINED_DB, far_db
    if near_gain_db > 15.0 and far_defined:
        near_gain_db = far_gain_db
    return near[BASE_DB] + band_db + near_gain_db, far_db

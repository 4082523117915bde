"""Variability of the Irregular Terrain Model: in time, from place to place, from one situation to the next.

References
----------
G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA (1985), § 5.
P. L. Rice et al., NBS Technical Note 101 (1967), volume 2, equations III.69 and III.70.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]


@part
def _curve_db(band: Floats, first: int, distance_m: float) -> float:
    """Return one of the climate's curves at an effective distance: TN101, equation III.69. [dB]"""
    swell = (distance_m - band[first + 3]) / band[first + 4]
    onset = distance_m / band[first + 2]
    onset *= onset
    value_db: float = (band[first] + band[first + 1] / (1.0 + swell * swell)) * onset / (1.0 + onset)
    return value_db


@part
def vary(path: Floats, band: Floats, reference_db: float, terms: Floats) -> float:
    """Return the attenuation relative to free space in the percentages asked for, and fill its three terms. [dB]"""
    path_m = path[at.PATH_M]
    reach_m = path[at.HEIGHTS_M] + band[at.VARIABILITY_M]  # Algorithm, equation 5.3
    distance_m = 130e3 * path_m / reach_m if path_m < reach_m else 130e3 + path_m - reach_m
    median_db = _curve_db(band, at.MEDIAN_CURVE, distance_m)
    roughness = band[at.WAVE_NUMBER] * path[at.PATH_ROUGHNESS_M]
    location_sigma_db = band[at.LOCATIONS_VARY] * 10.0 * roughness / (roughness + 13.0)  # Algorithm, equation 5.9
    situation_sigma_db = band[at.SITUATIONS_VARY] * (5.0 + 3.0 * math.exp(-distance_m / 100e3))  # 5.10
    time_sigma_db = _curve_db(band, at.TIME_CURVE, distance_m) * band[at.TIME_FACTOR]
    time_db = time_sigma_db * band[at.TIME_DEVIATE]
    location_db = location_sigma_db * band[at.LOCATION_DEVIATE]
    situation = band[at.SITUATION_DEVIATE]
    squared = situation * situation
    spread = situation_sigma_db**2 + time_db**2 / (7.8 + squared) + location_db**2 / (24.0 + squared)  # of 5.11
    mode = band[at.VARIABILITY_MODE]
    reliability_db = 0.0
    if mode == 0.0:
        spread += time_sigma_db**2 + location_sigma_db**2
    elif mode == 1.0:
        reliability_db = time_db
        spread += location_sigma_db**2
    elif mode == 2.0:
        reliability_db = math.sqrt(time_sigma_db**2 + location_sigma_db**2) * band[at.TIME_DEVIATE]
    else:
        reliability_db = time_db + location_db
    confidence_db = math.sqrt(spread) * situation
    terms[at.MEDIAN] = median_db
    terms[at.RELIABILITY] = reliability_db
    terms[at.CONFIDENCE] = confidence_db
    result_db: float = reference_db - median_db - reliability_db - confidence_db
    if result_db < 0.0:  # Algorithm, equation 52
        result_db *= (29.0 - result_db) / (29.0 - 10.0 * result_db)
    return result_db

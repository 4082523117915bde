"""ITU-R P.1812's loss of one path in one band, from what ``kernels.p1812`` wrote of the path.

Recommendation ITU-R P.1812-8, annex 1, §4.2 to §4.9. Equation numbers are its own.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.diffraction import DIFFRACTION, delta_bullington_loss_db
from whitesignal.kernels.diffraction import TERMS_SIZE as DIFFRACTION_TERMS
from whitesignal.kernels.jit import part
from whitesignal.kernels.p1812 import (
    ANGLE_FACTOR,
    BETA0_GEOMETRY,
    BETA0_PERCENT,
    BETA0_RADIUS_KM,
    DISTANCE_FACTOR,
    DUCT_ANGLE_DB,
    DUCT_DB,
    FOCUSING_BETA0_DB,
    FOCUSING_DB,
    HAS_BETA0,
    RADIUS_KM,
    RX_HORIZON_KM,
    RX_SHIELD_MRAD,
    SCATTER_DB,
    SEA_FRACTION,
    SPREADING_DB,
    TIME_FACTOR,
    TIME_PERCENT,
    TX_HORIZON_KM,
    TX_SHIELD_MRAD,
)

LAND_PERMITTIVITY = 22.0
LAND_CONDUCTIVITY_S_PER_M = 0.003
"""§4.3.3."""

BETA0_TERMS = DIFFRACTION_TERMS
"""Where the delta-Bullington terms at the radius for β0 % of time start; the median ones start at 0."""
_OWN = 2 * DIFFRACTION_TERMS
FREE_SPACE = _OWN
"""Free space (Lbfs). [dB]"""
CLEAR = _OWN + 1
"""Line of sight not exceeded for p % of time (Lb0p). [dB]"""
CLEAR_BETA0 = _OWN + 2
"""Line of sight not exceeded for β0 % of time (Lb0β). [dB]"""
DIFFRACTION_TIME = _OWN + 3
"""Diffraction not exceeded for p % of time (Ldp). [dB]"""
DIFFRACTED_MEDIAN = _OWN + 4
"""Median basic loss with diffraction (Lbd50). [dB]"""
DIFFRACTED = _OWN + 5
"""Basic loss with diffraction not exceeded for p % of time (Lbd). [dB]"""
LEAST_CLEAR = _OWN + 6
"""Notional minimum of line of sight and diffraction over sea (Lminb0p). [dB]"""
DUCT = _OWN + 7
"""Ducting and layer reflection (Lba). [dB]"""
LEAST_DUCT = _OWN + 8
"""Notional minimum of line of sight and ducting (Lminbap). [dB]"""
DIFFRACTED_OR_DUCT = _OWN + 9
"""Diffraction enhanced by ducting (Lbda). [dB]"""
MODIFIED = _OWN + 10
"""The same with line of sight near the horizon (Lbam). [dB]"""
SCATTER = _OWN + 11
"""Troposcatter (Lbs). [dB]"""
MEDIAN_PLACE = _OWN + 12
"""All together, not exceeded at half of the locations (Lbc). [dB]"""
LOSS = _OWN + 13
"""Basic transmission loss at the share of locations asked for (Lb). [dB]"""
TERMS_SIZE = _OWN + 14

_LN_10 = math.log(10.0)
_LOG_2 = math.log10(2.0)


@part
def basic_loss_db(
    geometry: NDArray[np.float64],
    frequency_mhz: float,
    vertical: bool,
    location_db: float,
    terms: NDArray[np.float64],
) -> float:
    """Return the basic transmission loss of a path in one band and fill its terms. [dB]

    Parameters
    ----------
    geometry
        What `kernels.p1812.path_geometry` and `set_climate` wrote, shape (GEOMETRY_SIZE,).
    frequency_mhz
        Frequency. [MHz]
    vertical
        Polarization: vertical, else horizontal.
    location_db
        What the share of locations adds (Lloc); 0 at half of them and for a receiver at sea. [dB]
    terms
        Shape (TERMS_SIZE,); this module's constants name its entries. The four diffraction terms for β0 % of time are
        NaN at 50 % of time where the geometry was walked without them: there they do not count.
    """
    frequency_ghz = 0.001 * frequency_mhz
    log_ghz = math.log10(frequency_ghz)
    free_db = geometry[SPREADING_DB] + 20.0 * log_ghz  # (8)
    clear_db = free_db + geometry[FOCUSING_DB]  # (10)
    clear_beta0_db = free_db + geometry[FOCUSING_BETA0_DB]  # (11)
    time_factor = geometry[TIME_FACTOR]
    diffraction_db = _diffraction_db(geometry, frequency_mhz, vertical, terms)
    diffracted_median_db = free_db + terms[DIFFRACTION]  # (42)
    diffracted_db = clear_db + diffraction_db  # (43)

    land_db = (1.0 - geometry[SEA_FRACTION]) * diffraction_db
    if geometry[TIME_PERCENT] < geometry[BETA0_PERCENT]:
        least_clear_db = clear_db + land_db  # (59)
    else:
        least_clear_db = diffracted_median_db + (clear_beta0_db + land_db - diffracted_median_db) * time_factor
    duct_db = _duct_db(geometry, frequency_ghz, log_ghz)
    least_duct_db = max(duct_db, clear_db) + 2.5 * math.log1p(math.exp(-0.4 * abs(duct_db - clear_db)))  # (60)
    enhanced_db = diffracted_db
    if least_duct_db <= diffracted_db:
        enhanced_db = least_duct_db + (diffracted_db - least_duct_db) * geometry[DISTANCE_FACTOR]  # (61)
    modified_db = enhanced_db + (least_clear_db - enhanced_db) * geometry[ANGLE_FACTOR]  # (62)
    scatter_db = geometry[SCATTER_DB] + 25.0 * log_ghz - 2.5 * (log_ghz - _LOG_2) ** 2  # (44), (45)
    apart_db = abs(scatter_db - modified_db)
    both_db = min(scatter_db, modified_db) - 5.0 / _LN_10 * math.log1p(math.exp(-0.2 * _LN_10 * apart_db))  # (63)
    loss_db: float = max(clear_db, both_db + location_db)  # (69)

    terms[FREE_SPACE] = free_db
    terms[CLEAR] = clear_db
    terms[CLEAR_BETA0] = clear_beta0_db
    terms[DIFFRACTION_TIME] = diffraction_db
    terms[DIFFRACTED_MEDIAN] = diffracted_median_db
    terms[DIFFRACTED] = diffracted_db
    terms[LEAST_CLEAR] = least_clear_db
    terms[DUCT] = duct_db
    terms[LEAST_DUCT] = least_duct_db
    terms[DIFFRACTED_OR_DUCT] = enhanced_db
    terms[MODIFIED] = modified_db
    terms[SCATTER] = scatter_db
    terms[MEDIAN_PLACE] = both_db
    terms[LOSS] = loss_db
    return loss_db


@part
def _diffraction_db(
    geometry: NDArray[np.float64], frequency_mhz: float, vertical: bool, terms: NDArray[np.float64]
) -> float:
    """Return the diffraction loss not exceeded for p % of time (Ldp): equations (39) to (41). [dB]"""
    sea_fraction = geometry[SEA_FRACTION]
    median_db = delta_bullington_loss_db(
        geometry, frequency_mhz, vertical, LAND_PERMITTIVITY, LAND_CONDUCTIVITY_S_PER_M, sea_fraction,
        geometry[RADIUS_KM], terms,
    )  # fmt: skip
    if geometry[HAS_BETA0] == 0.0:
        for term in range(BETA0_TERMS, BETA0_TERMS + DIFFRACTION_TERMS):
            terms[term] = np.nan
        return median_db
    beta0_db = delta_bullington_loss_db(
        geometry[BETA0_GEOMETRY:], frequency_mhz, vertical, LAND_PERMITTIVITY, LAND_CONDUCTIVITY_S_PER_M,
        sea_fraction, BETA0_RADIUS_KM, terms[BETA0_TERMS:],
    )  # fmt: skip
    return median_db + float(geometry[TIME_FACTOR]) * (beta0_db - median_db)  # (41)


@part
def _duct_db(geometry: NDArray[np.float64], frequency_ghz: float, log_ghz: float) -> float:
    """Return the basic loss by ducting and layer reflection (Lba): equations (46) to (52). [dB]"""
    cube_root = math.exp(log_ghz * (_LN_10 / 3.0))
    loss_db: float = geometry[DUCT_DB] + 20.0 * log_ghz + geometry[DUCT_ANGLE_DB] * cube_root
    if frequency_ghz < 0.5:
        loss_db += 45.375 - 137.0 * frequency_ghz + 92.5 * frequency_ghz * frequency_ghz  # (47a)
    loss_db += _shielding_db(geometry[TX_SHIELD_MRAD], geometry[TX_HORIZON_KM], frequency_ghz, cube_root)
    loss_db += _shielding_db(geometry[RX_SHIELD_MRAD], geometry[RX_HORIZON_KM], frequency_ghz, cube_root)
    return loss_db


@part
def _shielding_db(angle_mrad: float, horizon_km: float, frequency_ghz: float, cube_root: float) -> float:
    """Return what a terminal's horizon costs on the way into the duct: equation (48). [dB]"""
    if angle_mrad <= 0.0:
        return 0.0
    edge_db = 20.0 * math.log10(1.0 + 0.361 * angle_mrad * math.sqrt(frequency_ghz * horizon_km))
    return edge_db + 0.264 * angle_mrad * cube_root

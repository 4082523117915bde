"""Sector antenna pattern of 3GPP TR 36.814."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAX_ATTENUATION_DB = 25.0
"""A_m: front-to-back ratio. [dB]"""

VERTICAL_BEAMWIDTH_DEG = 10.0
"""θ_3dB. [deg]"""

MAX_VERTICAL_ATTENUATION_DB = 20.0
"""SLA_v: vertical loss never exceeds it. [dB]"""


def horizontal_loss_db(
    azimuth_deg: NDArray[np.float64], sectors_deg: Sequence[float], beamwidth_deg: float
) -> NDArray[np.float64]:
    """Return the loss of the best sector in each direction; none where ``sectors_deg`` is empty. [dB]

    An empty ``sectors_deg`` is an omnidirectional antenna, or one whose sectors' directions are unknown: its gain
    then already stands for the mean over directions.
    """
    if not sectors_deg:
        return np.zeros_like(azimuth_deg)
    off_axis_deg = np.abs((azimuth_deg[:, None] - np.asarray(sectors_deg) + 180.0) % 360.0 - 180.0).min(axis=1)
    loss_db: NDArray[np.float64] = 12.0 * (off_axis_deg / beamwidth_deg) ** 2
    return np.minimum(loss_db, MAX_ATTENUATION_DB)


def vertical_loss_db(elevation_deg: NDArray[np.float64], tilt_deg: float) -> NDArray[np.float64]:
    """Return the loss off the main beam, which points ``tilt_deg`` below the horizon; none for a NaN tilt. [dB]"""
    if np.isnan(tilt_deg):
        return np.zeros_like(elevation_deg)
    off_axis_deg = -elevation_deg - tilt_deg
    return np.minimum(12.0 * (off_axis_deg / VERTICAL_BEAMWIDTH_DEG) ** 2, MAX_VERTICAL_ATTENUATION_DB)


def pattern_loss_db(
    azimuth_deg: NDArray[np.float64],
    elevation_deg: NDArray[np.float64],
    *,
    sectors_deg: Sequence[float],
    beamwidth_deg: float,
    tilt_deg: float,
) -> NDArray[np.float64]:
    """Return how far the antenna's gain lies below its maximum in each direction. [dB]

    Parameters
    ----------
    azimuth_deg, elevation_deg
        Directions of departure, clockwise from north and upwards from the horizon, shape (n,). [deg]
    sectors_deg
        The sectors' azimuths; empty if omnidirectional or unknown. [deg]
    beamwidth_deg
        Horizontal half-power beamwidth of one sector. [deg]
    tilt_deg
        Downtilt of the main beam; NaN if unknown, which costs nothing. [deg]

    Notes
    -----
    A = min(A_H + A_V, A_m) with A_H = min(12 (φ/φ_3dB)², A_m) and A_V = min(12 ((θ - θ_tilt)/θ_3dB)², SLA_v).
    A point between two sectors is served by the nearer one.

    References
    ----------
    3GPP TR 36.814 V9.2.0, table A.2.1.1-2.
    """
    total_db = horizontal_loss_db(azimuth_deg, sectors_deg, beamwidth_deg) + vertical_loss_db(elevation_deg, tilt_deg)
    return np.minimum(total_db, MAX_ATTENUATION_DB)

"""Physical constants and the arithmetic of decibels."""

from __future__ import annotations

import math

SPEED_OF_LIGHT_M_PER_S = 299_792_458.0

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the earth, as the ITU-R recommendations use it. [km]"""


def effective_earth_radius_km(delta_n: float) -> float:
    """Return the median effective earth radius.

    Parameters
    ----------
    delta_n
        Average radio-refractivity lapse rate through the lowest 1 km of the atmosphere, a positive number. [N-units/km]

    References
    ----------
    ITU-R P.1812-8 equations (5) and (6): k50 = 157 / (157 - ΔN), ae = 6371 k50.

    Examples
    --------
    >>> round(effective_earth_radius_km(50.0))
    9348
    """
    return EARTH_RADIUS_KM * 157.0 / (157.0 - delta_n)


def wavelength_m(frequency_mhz: float) -> float:
    """Return the wavelength in vacuum. [m]"""
    return SPEED_OF_LIGHT_M_PER_S / (frequency_mhz * 1e6)


def resource_element_offset_db(resource_blocks: int) -> float:
    """Return the power of one resource element relative to the whole carrier. [dB]

    A resource block has 12 subcarriers (3GPP TS 36.211 and TS 38.211), so a 20 MHz LTE carrier has 1,200.

    Examples
    --------
    >>> round(resource_element_offset_db(100), 1)
    -30.8
    """
    return -10.0 * math.log10(12 * resource_blocks)

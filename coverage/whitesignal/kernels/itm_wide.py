"""Elementary functions that the compiler works through eight lanes at a time, to nine digits at least.

The library's own are called lane by lane. These are plain sums and products, without a comparison that branches.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.itm_roughness import ROUGHNESS_SCALE_M
from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]

_ROOT_HALF_BITS = 0x3FE6A09E00000000
"""√½ as it lies in memory: mantissas are taken from there to √2, where their logarithms are smallest."""
_MANTISSA_BITS = 0x000FFFFFFFFFFFFF
_LN_2 = math.log(2.0)
_LEAST_EXPONENT = -40.0


@part
def logarithms(values: Floats, first: int, last: int) -> None:
    """Put the natural logarithms of entries first to last − 1, all positive, in their places.

    By 2 artanh((m − 1) / (m + 1)) of the mantissa, to 2e-11; an entry that is not positive becomes anything.
    """
    part = values[first:last]  # counted from 0, so that no index may be one from the end
    bits = part.view(np.int64)
    for i in range(part.size):
        shifted = bits[i] - _ROOT_HALF_BITS
        bits[i] = (shifted & _MANTISSA_BITS) + _ROOT_HALF_BITS
        mantissa = part[i]
        s = (mantissa - 1.0) / (mantissa + 1.0)
        q = s * s
        series = 2.0 + q * (2.0 / 3.0 + q * (0.4 + q * (2.0 / 7.0 + q * (2.0 / 9.0 + q * (2.0 / 11.0)))))
        part[i] = (shifted >> 52) * _LN_2 + s * series


@part
def exponential(exponent: float) -> float:
    """Return the exponential of a number below 12, to 1e-9 of itself or of 1.

    The 64th power of a short series at a 64th of the number.
    """
    t = max(exponent, _LEAST_EXPONENT) * 0.015625
    power = 1.0 / 24.0 + t * (1.0 / 120.0 + t * (1.0 / 720.0 + t * (1.0 / 5040.0)))
    power = 1.0 + t * (1.0 + t * (0.5 + t * (1.0 / 6.0 + t * power)))
    power *= power
    power *= power
    power *= power
    power *= power
    power *= power
    return power * power


@part
def cosine(angle: float) -> float:
    """Return the cosine of an angle between 0 and π, to 1e-13: its sine is worked out from it."""
    y = 0.5 * math.pi - angle
    q = y * y
    series = 1.0 / 6227020800.0 - q * (1.0 / 1307674368000.0 - q * (1.0 / 355687428096000.0))
    series = 1.0 / 120.0 - q * (1.0 / 5040.0 - q * (1.0 / 362880.0 - q * (1.0 / 39916800.0 - q * series)))
    return y * (1.0 - q * (1.0 / 6.0 - q * series))


@part
def wide_share(distance_m: float) -> float:
    """Return what `itm_roughness.roughness_share` does."""
    return 1.0 - 0.8 * exponential(distance_m * (-1.0 / ROUGHNESS_SCALE_M))


@part
def wide_deviation_m(roughness_m: float) -> float:
    """Return what `itm_path.fresnel_deviation_m` does. [m]"""
    return 0.78 * roughness_m * exponential(-0.5 * math.sqrt(math.sqrt(roughness_m)))

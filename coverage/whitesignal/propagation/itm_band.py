"""What the Irregular Terrain Model needs to know of a band, a climate and the percentages asked for.

References
----------
G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA (1985), §§ 2 and 5.
P. L. Rice et al., NBS Technical Note 101 (1967), volume 2, table III.4 and figure 10.13.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.kernels import itm_layout as at

if TYPE_CHECKING:
    from numpy.typing import NDArray

Curve = tuple[float, float, float, float, float]
"""Two levels [dB], the distance over which the curve sets in, and the swell's place and width [km]."""


@dataclass(frozen=True, slots=True)
class _Frequency:
    """How far the frequency widens a time curve: a + b / ((c log(0.133 k))² + 1)."""

    level: float = 1.0
    swell: float = 0.0
    width: float = 0.0

    def factor(self, wave_number: float) -> float:
        """Return the factor at a wave number."""
        return self.level + self.swell / ((self.width * math.log(0.133 * wave_number)) ** 2 + 1.0)


_EVEN = _Frequency()
_TEMPERATE_UPPER = _Frequency(0.93, 0.31, 2.00)


@dataclass(frozen=True, slots=True)
class Climate:
    """A radio climate: its median, its time curves (more and less loss than the median), and the tail beyond z_D."""

    name: str
    median: Curve
    weaker: Curve
    stronger: Curve
    tail: float
    tail_from: float
    weaker_frequency: _Frequency = _EVEN
    stronger_frequency: _Frequency = _EVEN


CLIMATES: tuple[Climate, ...] = (
    Climate(
        "equatorial",
        median=(-9.67, 12.7, 144.9, 190.3, 133.8),
        weaker=(2.13, 159.5, 762.2, 123.6, 94.5),
        stronger=(2.11, 102.3, 636.9, 134.8, 95.6),
        tail=1.224,
        tail_from=1.282,
    ),
    Climate(
        "continental subtropical",
        median=(-0.62, 9.19, 228.9, 205.2, 143.6),
        weaker=(2.66, 7.67, 100.4, 172.5, 136.4),
        stronger=(6.87, 15.53, 138.7, 143.7, 98.6),
        tail=0.801,
        tail_from=2.161,
        stronger_frequency=_TEMPERATE_UPPER,
    ),
    Climate(
        "maritime subtropical",
        median=(1.26, 15.5, 262.6, 185.2, 99.8),
        weaker=(6.11, 6.65, 138.2, 242.2, 178.6),
        stronger=(10.08, 9.60, 165.3, 225.7, 129.7),
        tail=1.380,
        tail_from=1.282,
    ),
    Climate(
        "desert",
        median=(-9.21, 9.05, 84.1, 101.1, 98.6),
        weaker=(1.98, 13.11, 139.1, 132.7, 193.5),
        stronger=(3.68, 159.3, 464.4, 93.1, 94.2),
        tail=1.000,
        tail_from=20.0,
        stronger_frequency=_Frequency(0.93, 0.19, 1.79),
    ),
    Climate(
        "continental temperate",
        median=(-0.62, 9.19, 228.9, 205.2, 143.6),
        weaker=(2.68, 7.16, 93.7, 186.8, 133.5),
        stronger=(4.75, 8.12, 93.2, 135.9, 113.4),
        tail=1.224,
        tail_from=1.282,
        weaker_frequency=_Frequency(0.92, 0.25, 1.77),
        stronger_frequency=_TEMPERATE_UPPER,
    ),
    Climate(
        "maritime temperate over land",
        median=(-0.39, 2.86, 141.7, 315.9, 167.4),
        weaker=(6.86, 10.38, 187.8, 169.6, 108.9),
        stronger=(8.58, 13.97, 216.0, 152.0, 122.7),
        tail=1.518,
        tail_from=1.282,
    ),
    Climate(
        "maritime temperate over sea",
        median=(3.15, 857.9, 2222.0, 164.8, 116.3),
        weaker=(8.51, 169.8, 609.8, 119.9, 106.6),
        stronger=(8.43, 8.19, 136.2, 188.5, 122.9),
        tail=1.518,
        tail_from=1.282,
    ),
)
"""The model's radio climates, 1 to 7."""

VARIABILITY_MODES = tuple(tens + mode for tens in (0, 10, 20, 30) for mode in range(4))
"""Mode 0 to 3; plus 10 without location variability, plus 20 without situation variability, plus 30 without either."""

EXTREME_DEVIATE = 3.10
"""Beyond it a percentage lies so far in the tail that the curves say little."""

WAVE_NUMBER_MHZ = 47.7
"""Frequency over it is the wave number in 1/m, as the model rounds it. [MHz]"""


def normal_deviate(share: float) -> float:
    """Return the standard normal deviate exceeded with a probability, as the model approximates it.

    Abramowitz and Stegun, formula 26.2.23, within 4.5e-4 of the truth: the deviate of one half is not quite zero.
    """
    t = math.sqrt(-2.0 * math.log(1.0 - share if share > 0.5 else share))
    numerator = (0.010328 * t + 0.802853) * t + 2.515516
    deviate = t - numerator / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0)
    return -deviate if share > 0.5 else deviate


def deviates(
    variability_mode: int, *, time_percent: float, location_percent: float, situation_percent: float
) -> tuple[float, float, float]:
    """Return the deviates of time, location and situation as the mode of variability has them."""
    time, location, situation = (
        normal_deviate(percent / 100.0) for percent in (time_percent, location_percent, situation_percent)
    )
    if variability_mode % 10 == 0:
        return situation, situation, situation
    if variability_mode % 10 == 1:
        return time, situation, situation
    if variability_mode % 10 == 2:
        return time, time, situation
    return time, location, situation


def ground_impedance(frequency_mhz: float, *, vertical: bool, permittivity: float, conductivity: float) -> complex:
    """Return the ground's relative impedance Z_g; conductivity in [S/m]."""
    relative = complex(permittivity, 18000.0 * conductivity / frequency_mhz)
    impedance = cmath.sqrt(relative - 1.0)
    return impedance / relative if vertical else impedance


def band_vector(
    frequency_mhz: float,
    *,
    vertical: bool,
    permittivity: float,
    conductivity_s_per_m: float,
    climate: int,
    time_percent: float,
    location_percent: float,
    situation_percent: float,
    variability_mode: int,
) -> NDArray[np.float64]:
    """Return everything about a band that no terrain changes, as `kernels.itm_loss.loss_db` takes it.

    Parameters
    ----------
    frequency_mhz
        Frequency. [MHz]
    vertical
        Polarization: vertical, else horizontal.
    permittivity, conductivity_s_per_m
        Of the ground, relative and in [S/m].
    climate
        1 to 7, of `CLIMATES`.
    time_percent, location_percent, situation_percent
        Percentages, above 0 and below 100.
    variability_mode
        One of `VARIABILITY_MODES`.

    Returns
    -------
    ndarray
        Shape (BAND_SIZE,); `kernels.itm_layout` names its entries.
    """
    out = np.empty(at.BAND_SIZE)
    wave_number = frequency_mhz / WAVE_NUMBER_MHZ
    impedance = ground_impedance(
        frequency_mhz, vertical=vertical, permittivity=permittivity, conductivity=conductivity_s_per_m
    )
    out[at.FREQUENCY_MHZ] = frequency_mhz
    out[at.WAVE_NUMBER] = wave_number
    out[at.FREQUENCY_ROOT] = math.cbrt(frequency_mhz)
    out[at.LOG_FREQUENCY] = math.log(frequency_mhz)
    out[at.FREQUENCY_DB] = 32.45 + 20.0 * math.log10(frequency_mhz)
    out[at.IMPEDANCE_REAL], out[at.IMPEDANCE_IMAGINARY] = impedance.real, impedance.imag
    out[at.IMPEDANCE_FACTOR] = 0.017778 / math.cbrt(frequency_mhz) / abs(impedance)
    out[at.VARIABILITY_M] = math.cbrt(575.7e12 / wave_number)
    time, location, situation = deviates(
        variability_mode,
        time_percent=time_percent,
        location_percent=location_percent,
        situation_percent=situation_percent,
    )
    out[at.VARIABILITY_MODE] = variability_mode % 10
    out[at.LOCATIONS_VARY] = variability_mode // 10 % 2 == 0
    out[at.SITUATIONS_VARY] = variability_mode < 20
    out[at.TIME_DEVIATE], out[at.LOCATION_DEVIATE], out[at.SITUATION_DEVIATE] = time, location, situation
    weather = CLIMATES[climate - 1]
    curve, factor = _time_curve(weather, time, wave_number)
    out[at.TIME_FACTOR] = factor
    out[at.MEDIAN_CURVE : at.MEDIAN_CURVE + 5] = _in_metres(weather.median)
    out[at.TIME_CURVE : at.TIME_CURVE + 5] = _in_metres(curve)
    return out


def _time_curve(climate: Climate, deviate: float, wave_number: float) -> tuple[Curve, float]:
    """Return the curve of σ_T on the deviate's side of the median, and its factor: Algorithm, equation 5.7."""
    if deviate < 0.0:
        return climate.weaker, climate.weaker_frequency.factor(wave_number)
    factor = climate.stronger_frequency.factor(wave_number)
    if deviate > climate.tail_from:
        factor *= climate.tail + (1.0 - climate.tail) * climate.tail_from / deviate
    return climate.stronger, factor


def _in_metres(curve: Curve) -> tuple[float, ...]:
    return *curve[:2], *(1000.0 * distance_km for distance_km in curve[2:])

"""The Irregular Terrain Model (Longley–Rice), point to point, as NTIA publishes it.

References
----------
NTIA Institute for Telecommunication Sciences, "Irregular Terrain Model", reference implementation version 1.4.
G. A. Hufford, A. G. Longley and W. A. Kissick, "A guide to the use of the ITS Irregular Terrain Model in the area
prediction mode", NTIA Report 82-100 (1982).
G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA (1985).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.errors import InputError, RangeError
from whitesignal.kernels import itm_layout as at
from whitesignal.propagation.itm_band import (
    CLIMATES,
    EXTREME_DEVIATE,
    VARIABILITY_MODES,
    band_vector,
    deviates,
    ground_impedance,
)
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from whitesignal.propagation.p526 import Polarization

Mode = Literal["line of sight", "diffraction", "troposcatter"]

FREQUENCY = Limit("frequency", "MHz", 20.0, 20_000.0)
ANTENNA_HEIGHT = Limit("antenna height", "m", 0.5, 3000.0)
REFRACTIVITY = Limit("refractivity at sea level", "N-units", 250.0, 400.0)
SURFACE_REFRACTIVITY = Limit("surface refractivity", "N-units", 150.0, 400.0)
EFFECTIVE_RADIUS = Limit("effective earth radius", "km", 4000.0, 13_333.333)

USUAL_FREQUENCY = Limit("frequency", "MHz", 40.0, 10_000.0)
USUAL_HEIGHT = Limit("antenna height", "m", 1.0, 1000.0)

WARN_TX_HEIGHT = 0x0001
WARN_RX_HEIGHT = 0x0002
WARN_FREQUENCY = 0x0004
WARN_EXTREME_PERCENTAGE = 0x2000

_SENTENCES = (
    (WARN_TX_HEIGHT, "the transmitting antenna's height is near the model's limits"),
    (WARN_RX_HEIGHT, "the receiving antenna's height is near the model's limits"),
    (WARN_FREQUENCY, "the frequency is near the model's limits"),
    (at.WARN_PATH_LONG, "the path is longer than 1000 km, near the model's limit"),
    (at.WARN_PATH_VERY_LONG, "the path is longer than 2000 km: take care with the result"),
    (at.WARN_PATH_STEEP, "the path is shorter than five times the effective heights' difference"),
    (at.WARN_PATH_SHORT, "the path is shorter than 1 km: take care with the result"),
    (at.WARN_TX_ANGLE, "the transmitter's horizon is steeper than 0.2 rad: small-angle formulae may fail"),
    (at.WARN_RX_ANGLE, "the receiver's horizon is steeper than 0.2 rad: small-angle formulae may fail"),
    (at.WARN_TX_HORIZON_NEAR, "the transmitter's horizon is nearer than a tenth of the smooth earth's"),
    (at.WARN_RX_HORIZON_NEAR, "the receiver's horizon is nearer than a tenth of the smooth earth's"),
    (at.WARN_TX_HORIZON_FAR, "the transmitter's horizon is further than three times the smooth earth's"),
    (at.WARN_RX_HORIZON_FAR, "the receiver's horizon is further than three times the smooth earth's"),
    (WARN_EXTREME_PERCENTAGE, "a percentage lies far in the tail of its distribution"),
    (at.WARN_REFRACTIVITY, "the surface refractivity is below 250 N-units: take care with the result"),
)

UNDEFINED_DIFFRACTION = "diffraction is undefined here and was left out: do not use the result"

_MODES: dict[int, Mode] = {
    at.LINE_OF_SIGHT: "line of sight",
    at.DIFFRACTION: "diffraction",
    at.TROPOSCATTER: "troposcatter",
}


@dataclass(frozen=True, slots=True)
class TransmissionLoss:
    """The basic transmission loss of one path in one band, and where it comes from.

    ``loss_db`` = ``free_space_db`` + A, where A = ``reference_attenuation_db`` − ``climate_median_db`` −
    ``reliability_db`` − ``confidence_db``, bent towards zero where it is negative.
    The diffraction line is what the reference attenuation would be far beyond the horizon, over the path's length.
    ``mode`` is the region whose formula gave the reference attenuation.
    Horizon distances and angles are NTIA's: of the terrain, but estimated from Δh and the effective heights where both
    horizons together lie beyond 1.5 times the path. ``departure_elevation_deg`` and ``arrival_elevation_deg`` are
    the terrain's always: of the other antenna in line of sight, else of the horizon, whose profile index is given
    (None in line of sight).
    ``warnings`` has a sentence for all one should know: what is in ``outside_range``; what NTIA's code warns of, whose
    own number for it is ``warning_flags``; and what it does not warn of, horizons so near on so long a wave that
    diffraction is undefined and the code lets the reference attenuation be zero.
    """

    loss_db: float
    reference_attenuation_db: float
    free_space_db: float
    diffraction_intercept_db: float
    diffraction_slope_db_per_km: float
    climate_median_db: float
    reliability_db: float
    confidence_db: float
    mode: Mode
    path_km: float
    mean_height_m: float
    surface_refractivity_n_units: float
    effective_radius_km: float
    terrain_irregularity_m: float
    tx_horizon_distance_m: float
    rx_horizon_distance_m: float
    tx_horizon_angle_rad: float
    rx_horizon_angle_rad: float
    tx_effective_height_m: float
    rx_effective_height_m: float
    line_of_sight: bool
    departure_elevation_deg: float
    arrival_elevation_deg: float
    tx_horizon_index: int | None
    rx_horizon_index: int | None
    warning_flags: int
    warnings: tuple[str, ...]
    outside_range: tuple[str, ...]


def loss(  # noqa: PLR0913 - NTIA's own list of inputs
    height_m: ArrayLike,
    step_m: float,
    *,
    tx_height_m: float,
    rx_height_m: float,
    frequency_mhz: float,
    polarization: Polarization,
    climate: int,
    n0: float,
    permittivity: float,
    conductivity_s_per_m: float,
    time_percent: float,
    location_percent: float,
    situation_percent: float,
    variability_mode: int,
    out_of_range: OutOfRange = "raise",
) -> TransmissionLoss:
    """Return the basic transmission loss of a terrain profile and its terms.

    Parameters
    ----------
    height_m
        Ground above sea level at equal steps from the transmitter to the receiver, shape (n,), n ≥ 2. [m]
    step_m
        Distance between two points. [m]
    tx_height_m, rx_height_m
        Antennas above ground, 0.5 to 3000. [m]
    frequency_mhz
        Frequency, 20 to 20 000. [MHz]
    polarization
        ``"horizontal"`` or ``"vertical"``.
    climate
        1 equatorial, 2 continental subtropical, 3 maritime subtropical, 4 desert, 5 continental temperate,
        6 maritime temperate over land, 7 maritime temperate over sea.
    n0
        Refractivity reduced to sea level, 250 to 400. [N-units]
    permittivity, conductivity_s_per_m
        Of the ground, relative, 1 or more, and above 0. [S/m]
    time_percent, location_percent, situation_percent
        In how much of each the loss shall not be exceeded, above 0 and below 100; time is also known as reliability,
        situation as confidence. [%]
    variability_mode
        0 single message, 1 accidental, 2 mobile, 3 broadcast; plus 10 without location variability (both antennas
        fixed), plus 20 without direct situation variability (interference).
    out_of_range
        ``"raise"``, or ``"flag"``: the result's ``outside_range`` names what is outside the published range.

    Raises
    ------
    InputError
        If the profile is none, or polarization, climate, mode of variability or ground cannot be.
    RangeError
        Outside the published range, unless flagged; always for a step, height, frequency or refractivity that is not
        above 0, a percentage not between 0 and 100, or air so dense that rays follow the earth.

    Notes
    -----
    NTIA's code is followed term by term; only the deciles of Δh are found another way, and a profile on one straight
    line has Δh = 0, where the code's rounding leaves some 1e-10 m. A path's length is never out of range: below 1 km
    and above 1000 km there are warnings. Leaves out clutter (but for the ground's roughness), ducting, rain, and
    reflections off hillsides.

    Examples
    --------
    NTIA's code gives 133.757 dB for 16.8 km of flat ground at 568 m, of which 6.856 dB reference attenuation.

    >>> import numpy as np
    >>> result = loss(np.full(337, 568.0), 50.0, tx_height_m=25.0, rx_height_m=3.0, frequency_mhz=3500.0,
    ...               polarization="horizontal", climate=4, n0=370.0, permittivity=15.0, conductivity_s_per_m=0.001,
    ...               time_percent=10.0, location_percent=50.0, situation_percent=50.0, variability_mode=1)
    >>> round(result.loss_db, 3), round(result.reference_attenuation_db, 3), result.mode
    (133.757, 6.856, 'line of sight')
    """
    from whitesignal.kernels import itm_loss, itm_path, itm_roughness

    heights = _profile(height_m, step_m)
    _check_choices(polarization, climate, variability_mode, permittivity, conductivity_s_per_m)
    percentages = {
        "time_percent": time_percent,
        "location_percent": location_percent,
        "situation_percent": situation_percent,
    }
    _check_numbers([frequency_mhz, tx_height_m, rx_height_m, n0], percentages)
    refractivity, radius_m = _air(heights, n0)
    vertical = polarization == "vertical"
    sentences = breaches(
        [
            (FREQUENCY, frequency_mhz),
            (ANTENNA_HEIGHT, [tx_height_m, rx_height_m]),
            (REFRACTIVITY, n0),
            (SURFACE_REFRACTIVITY, refractivity),
            (EFFECTIVE_RADIUS, radius_m / 1000.0),
        ]
    ) + _ground_sentences(frequency_mhz, vertical, permittivity, conductivity_s_per_m)
    check("ITM", sentences, out_of_range)
    band = band_vector(
        float(frequency_mhz),
        vertical=vertical,
        permittivity=float(permittivity),
        conductivity_s_per_m=float(conductivity_s_per_m),
        climate=climate,
        variability_mode=variability_mode,
        **percentages,
    )
    scratch = np.empty(itm_roughness.SCRATCH_SIZE)
    path, terms = np.empty(at.PATH_SIZE), np.empty(at.TERMS_SIZE)
    itm_path.path_geometry(
        heights, len(heights), float(step_m), float(tx_height_m), float(rx_height_m), float(n0), scratch, path
    )
    itm_loss.loss_db(path, band, terms)
    flags = int(path[at.WARNINGS]) | input_warnings(
        tx_height_m, rx_height_m, frequency_mhz, deviates(variability_mode, **percentages)
    )
    return _result(path, terms, flags, sentences)


def input_warnings(
    tx_height_m: float, rx_height_m: float, frequency_mhz: float, percentage_deviates: tuple[float, float, float]
) -> int:
    """Return NTIA's warning flags of what is asked for, as against those of the path."""
    flags = WARN_TX_HEIGHT if USUAL_HEIGHT.breach(tx_height_m) else 0
    flags |= WARN_RX_HEIGHT if USUAL_HEIGHT.breach(rx_height_m) else 0
    flags |= WARN_FREQUENCY if USUAL_FREQUENCY.breach(frequency_mhz) else 0
    extreme = any(abs(deviate) > EXTREME_DEVIATE for deviate in percentage_deviates)
    return flags | (WARN_EXTREME_PERCENTAGE if extreme else 0)


def warning_sentences(flags: int) -> tuple[str, ...]:
    """Return what NTIA's warning flags say."""
    return tuple(sentence for flag, sentence in _SENTENCES if flags & flag)


def _profile(height_m: ArrayLike, step_m: float) -> NDArray[np.float64]:
    """Return the profile's heights, checked."""
    heights = np.ascontiguousarray(height_m, dtype=np.float64)
    if heights.ndim != 1 or len(heights) < 2:
        raise InputError(f"ITM: a profile needs two heights or more in a row; got shape {heights.shape}")
    if not np.all(np.isfinite(heights)):
        raise InputError("ITM: a profile's heights must be finite; fill voids first")
    positive("ITM", "the step", step_m)
    return heights


def _check_choices(
    polarization: str, climate: int, variability_mode: int, permittivity: float, conductivity_s_per_m: float
) -> None:
    """Raise for a choice that is not one of the model's, or a ground that cannot be."""
    if polarization not in ("vertical", "horizontal"):
        raise InputError(f"ITM: unknown polarization {polarization!r}; known: vertical, horizontal")
    if climate not in range(1, len(CLIMATES) + 1):
        raise InputError(f"ITM: unknown climate {climate!r}; known: 1 to {len(CLIMATES)}")
    if variability_mode not in VARIABILITY_MODES:
        raise InputError(f"ITM: unknown mode of variability {variability_mode!r}; known: 0 to 3, plus 10, 20 or 30")
    if not (permittivity >= 1.0 and conductivity_s_per_m > 0.0):
        raise InputError("ITM: the ground's permittivity must be 1 or more and its conductivity above 0")


def _check_numbers(numbers: list[float], percentages: dict[str, float]) -> None:
    """Raise for numbers that no formula can be carried on to."""
    positive("ITM", "the frequency, both antenna heights and the refractivity", numbers)
    outside = [name for name, percent in percentages.items() if not 0.0 < percent < 100.0]
    if outside:
        raise RangeError(f"ITM: {', '.join(outside)} must be above 0 and below 100")


def _air(heights: NDArray[np.float64], n0: float) -> tuple[float, float]:
    """Return surface refractivity [N-units] and effective earth radius [m] of a profile."""
    from whitesignal.kernels import itm_path

    refractivity, radius_m = itm_path.surface_air(float(n0), itm_path.mean_height_m(heights, len(heights) - 1))
    if not 0.0 < radius_m < math.inf:
        raise RangeError(f"ITM: in air of {refractivity:.0f} N-units at the ground a ray follows the earth")
    return refractivity, radius_m


def _ground_sentences(
    frequency_mhz: float, vertical: bool, permittivity: float, conductivity_s_per_m: float
) -> tuple[str, ...]:
    """Return a sentence if the ground's impedance is none that the model knows."""
    impedance = ground_impedance(
        frequency_mhz, vertical=vertical, permittivity=permittivity, conductivity=conductivity_s_per_m
    )
    # Equal but for rounding where a ground's permittivity is 1: NTIA's code refuses it.
    if impedance.real > abs(impedance.imag) * (1.0 + 1e-12):
        return ()
    return (f"ground impedance {impedance:.3g} has an imaginary part as large as its real part or larger",)


def _result(
    path: NDArray[np.float64], terms: NDArray[np.float64], flags: int, sentences: tuple[str, ...]
) -> TransmissionLoss:
    """Return the kernels' vectors as a value with names."""
    tx_index, rx_index = int(path[at.TX_HORIZON_INDEX]), int(path[at.RX_HORIZON_INDEX])
    undefined = (UNDEFINED_DIFFRACTION,) if math.isnan(terms[at.DIFFRACTION_INTERCEPT]) else ()
    return TransmissionLoss(
        loss_db=float(terms[at.LOSS]),
        reference_attenuation_db=float(terms[at.REFERENCE]),
        free_space_db=float(terms[at.FREE_SPACE]),
        diffraction_intercept_db=float(terms[at.DIFFRACTION_INTERCEPT]),
        diffraction_slope_db_per_km=1000.0 * float(terms[at.DIFFRACTION_SLOPE]),
        climate_median_db=float(terms[at.MEDIAN]),
        reliability_db=float(terms[at.RELIABILITY]),
        confidence_db=float(terms[at.CONFIDENCE]),
        mode=_MODES[int(terms[at.MODE])],
        path_km=float(path[at.PATH_M]) / 1000.0,
        mean_height_m=float(path[at.MEAN_HEIGHT_M]),
        surface_refractivity_n_units=float(path[at.REFRACTIVITY]),
        effective_radius_km=float(path[at.RADIUS_M]) / 1000.0,
        terrain_irregularity_m=float(path[at.IRREGULARITY_M]),
        tx_horizon_distance_m=float(path[at.TX_HORIZON_M]),
        rx_horizon_distance_m=float(path[at.RX_HORIZON_M]),
        tx_horizon_angle_rad=float(path[at.TX_ANGLE_RAD]),
        rx_horizon_angle_rad=float(path[at.RX_ANGLE_RAD]),
        tx_effective_height_m=float(path[at.TX_EFFECTIVE_M]),
        rx_effective_height_m=float(path[at.RX_EFFECTIVE_M]),
        line_of_sight=tx_index < 0,
        departure_elevation_deg=float(path[at.DEPARTURE_DEG]),
        arrival_elevation_deg=float(path[at.ARRIVAL_DEG]),
        tx_horizon_index=None if tx_index < 0 else tx_index,
        rx_horizon_index=None if rx_index < 0 else rx_index,
        warning_flags=flags,
        warnings=sentences + warning_sentences(flags) + undefined,
        outside_range=sentences,
    )

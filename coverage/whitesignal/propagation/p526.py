"""Diffraction over terrain: knife edge, Bullington and delta-Bullington over the spherical earth.

References
----------
Recommendation ITU-R P.526-15, "Propagation by diffraction", §4.1 (single knife edge), §4.5.1 (Bullington),
§4.5.2 (delta-Bullington), §3.2 (spherical earth).
Recommendation ITU-R P.1812-8, §4.3 and annex 1, attachment 1, §5.6.2: the same method, whose constants are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.errors import InputError
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive
from whitesignal.units import effective_earth_radius_km, wavelength_m

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Polarization = Literal["vertical", "horizontal"]

LAND_PERMITTIVITY = 22.0
LAND_CONDUCTIVITY_S_PER_M = 0.003
"""Average land: P.1812-8 §4.3.3."""

FREQUENCY = Limit("frequency", "MHz", 30.0, 6000.0)
ANTENNA_HEIGHT = Limit("antenna height", "m", 1.0, 3000.0)
"""P.1812-8, table 1; P.526 itself publishes no range for §4.5."""


@dataclass(frozen=True, slots=True)
class Diffraction:
    """The diffraction loss of one path in one band, and where it comes from.

    ``loss_db`` = ``bullington_actual_db`` + max(``spherical_earth_db`` − ``bullington_smooth_db``, 0).
    Elevations are seen from the antennas: of the other end in line of sight, else of the horizon; below the
    horizontal is negative. The ridge is the profile point with the largest ν; None and NaN without points between.
    The edge is Bullington's equivalent one, where the two horizons' rays meet; the ridge in line of sight.
    ``tx_effective_height_m`` and ``rx_effective_height_m`` are antennas above the smooth earth.
    """

    loss_db: float
    bullington_actual_db: float
    bullington_smooth_db: float
    spherical_earth_db: float
    nu: float
    line_of_sight: bool
    path_km: float
    departure_elevation_deg: float
    arrival_elevation_deg: float
    ridge_index: int | None
    ridge_distance_km: float
    ridge_height_m: float
    tx_horizon_index: int | None
    rx_horizon_index: int | None
    edge_distance_km: float
    edge_height_m: float
    tx_effective_height_m: float
    rx_effective_height_m: float
    effective_radius_km: float
    outside_range: tuple[str, ...]


def knife_edge_db(nu: ArrayLike) -> NDArray[np.float64]:
    """Return the loss J(ν) of a single knife edge: equation (31). [dB]

    Notes
    -----
    The recommendation's approximation of the Fresnel integral, for ν > −0.78; 0 dB below.

    Examples
    --------
    An edge that just touches the ray costs 6 dB.

    >>> round(float(knife_edge_db(0.0)), 1)
    6.0
    """
    values = np.maximum(np.asarray(nu, dtype=np.float64), -0.78)
    above = values - 0.1
    loss_db = 6.9 + 20.0 * np.log10(np.sqrt(above**2 + 1.0) + above)
    return np.where(values > -0.78, loss_db, 0.0)


def knife_edge_nu(
    edge_above_ray_m: ArrayLike, *, tx_distance_km: ArrayLike, rx_distance_km: ArrayLike, frequency_mhz: float
) -> NDArray[np.float64]:
    """Return ν of a single knife edge: equation (26).

    Parameters
    ----------
    edge_above_ray_m
        Height of the edge above the straight line between the antennas; negative below it. [m]
    tx_distance_km, rx_distance_km
        From the edge to either end; arrays broadcast. [km]
    frequency_mhz
        Frequency. [MHz]

    Raises
    ------
    RangeError
        If a distance or the frequency is not above 0.
    """
    tx_km = positive("P.526", "the distance to the transmitter", tx_distance_km)
    rx_km = positive("P.526", "the distance to the receiver", rx_distance_km)
    wavelength = wavelength_m(float(positive("P.526", "the frequency", frequency_mhz)))
    height_m = np.asarray(edge_above_ray_m, dtype=np.float64)
    return np.asarray(height_m * np.sqrt(0.002 * (1.0 / tx_km + 1.0 / rx_km) / wavelength))


def bullington_db(
    distance_km: ArrayLike,
    height_m: ArrayLike,
    *,
    surface_m: ArrayLike | None = None,
    tx_height_m: float,
    rx_height_m: float,
    frequency_mhz: float,
    delta_n: float = 50.0,
) -> float:
    """Return Bullington's loss of a profile, without the spherical-earth part: §4.5.1. [dB]

    Arguments and errors are those of `delta_bullington`, of which this is one term.
    """
    return delta_bullington(
        distance_km,
        height_m,
        surface_m=surface_m,
        tx_height_m=tx_height_m,
        rx_height_m=rx_height_m,
        frequency_mhz=frequency_mhz,
        delta_n=delta_n,
        out_of_range="flag",
    ).bullington_actual_db


def delta_bullington(
    distance_km: ArrayLike,
    height_m: ArrayLike,
    *,
    surface_m: ArrayLike | None = None,
    tx_height_m: float,
    rx_height_m: float,
    frequency_mhz: float,
    delta_n: float = 50.0,
    polarization: Polarization = "vertical",
    permittivity: float = LAND_PERMITTIVITY,
    conductivity_s_per_m: float = LAND_CONDUCTIVITY_S_PER_M,
    sea_fraction: float = 0.0,
    out_of_range: OutOfRange = "raise",
) -> Diffraction:
    """Return the diffraction loss of a terrain profile and its terms.

    Parameters
    ----------
    distance_km
        Distance of each profile point from the transmitter, rising from 0, shape (n,), n ≥ 2. [km]
    height_m
        Ground above sea level, shape (n,). [m]
    surface_m
        Ground plus clutter, shape (n,); the ground if not given. Its two ends are not read. [m]
    tx_height_m, rx_height_m
        Antennas above ground. [m]
    frequency_mhz
        Frequency. [MHz]
    delta_n
        Refractivity lapse rate through the lowest 1 km. [N-units/km]
    polarization
        Matters only to the spherical-earth part.
    permittivity, conductivity_s_per_m
        Of the land.
    sea_fraction
        Share of the path over sea.
    out_of_range
        ``"raise"``, or ``"flag"``: the result's ``outside_range`` names what is outside P.1812-8's table 1.

    Raises
    ------
    InputError
        If the arrays differ in length, the distances do not rise from 0, a height is not finite, the sea's share
        is not in 0 to 1, ΔN is not below 157 or the polarization unknown.
    RangeError
        Outside the published range, unless flagged; always for an antenna height or frequency not above 0.

    Notes
    -----
    P.526-15 §4.5.2; P.1812-8 equations (12) to (39) with (85) to (91). Leaves out reflection, scatter, ducting
    and the sideways diffraction round a hill.

    Examples
    --------
    A 100 m ridge half-way along 10 km of flat ground, antennas at 10 m, 900 MHz.

    >>> result = delta_bullington([0.0, 2.5, 5.0, 7.5, 10.0], [0.0, 0.0, 100.0, 0.0, 0.0],
    ...                           tx_height_m=10.0, rx_height_m=10.0, frequency_mhz=900.0)
    >>> result.line_of_sight, result.ridge_index
    (False, 2)
    """
    from whitesignal.kernels import diffraction as kernel
    from whitesignal.kernels import single

    distances, heights, surface = _profile(distance_km, height_m, surface_m)
    _check_surroundings(delta_n, polarization, permittivity, conductivity_s_per_m, sea_fraction)
    positive("P.526", "the frequency and both antenna heights", [frequency_mhz, tx_height_m, rx_height_m])
    sentences = breaches([(FREQUENCY, frequency_mhz), (ANTENNA_HEIGHT, [tx_height_m, rx_height_m])])
    check("P.526", sentences, out_of_range)
    radius_km = effective_earth_radius_km(delta_n)
    geometry = np.empty(kernel.GEOMETRY_SIZE)
    terms = np.empty(kernel.TERMS_SIZE)
    single.diffraction_geometry(
        distances, heights, surface, len(distances), float(tx_height_m), float(rx_height_m), radius_km, geometry
    )
    single.delta_bullington_loss_db(
        geometry,
        float(frequency_mhz),
        polarization == "vertical",
        float(permittivity),
        float(conductivity_s_per_m),
        float(sea_fraction),
        radius_km,
        terms,
    )
    return _result(geometry, terms, distances, surface, frequency_mhz, radius_km, sentences)


def _profile(
    distance_km: ArrayLike, height_m: ArrayLike, surface_m: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the profile's arrays, checked."""
    distances = np.ascontiguousarray(distance_km, dtype=np.float64)
    heights = np.ascontiguousarray(height_m, dtype=np.float64)
    surface = heights if surface_m is None else np.ascontiguousarray(surface_m, dtype=np.float64)
    if distances.ndim != 1 or not distances.shape == heights.shape == surface.shape:
        raise InputError(
            f"P.526: a profile's arrays differ in shape: {distances.shape}, {heights.shape}, {surface.shape}"
        )
    if len(distances) < 2 or distances[0] != 0.0 or not np.all(np.diff(distances) > 0.0):
        raise InputError("P.526: a profile needs two points or more, with distances rising from 0")
    if not (np.all(np.isfinite(distances)) and np.all(np.isfinite(heights)) and np.all(np.isfinite(surface))):
        raise InputError("P.526: a profile's distances and heights must be finite; fill voids first")
    return distances, heights, surface


def _check_surroundings(
    delta_n: float, polarization: str, permittivity: float, conductivity_s_per_m: float, sea_fraction: float
) -> None:
    """Raise for air, ground or polarization that cannot be."""
    if polarization not in ("vertical", "horizontal"):
        raise InputError(f"P.526: unknown polarization {polarization!r}; known: vertical, horizontal")
    if not delta_n < 157.0:
        raise InputError(f"P.526: ΔN must be below 157 N-units/km, where the ray follows the earth; got {delta_n:g}")
    if not (permittivity >= 1.0 and conductivity_s_per_m >= 0.0):
        raise InputError("P.526: the ground's permittivity must be 1 or more and its conductivity 0 or more")
    if not 0.0 <= sea_fraction <= 1.0:
        raise InputError(f"P.526: the sea's share of the path must be 0 to 1; got {sea_fraction:g}")


def _result(
    geometry: NDArray[np.float64],
    terms: NDArray[np.float64],
    distance_km: NDArray[np.float64],
    surface_m: NDArray[np.float64],
    frequency_mhz: float,
    radius_km: float,
    sentences: tuple[str, ...],
) -> Diffraction:
    """Return the kernels' vectors as a value with names."""
    from whitesignal.kernels import diffraction as kernel

    ridge = _index(geometry[kernel.RIDGE_INDEX])
    return Diffraction(
        loss_db=float(terms[kernel.DIFFRACTION]),
        bullington_actual_db=float(terms[kernel.BULLINGTON_ACTUAL]),
        bullington_smooth_db=float(terms[kernel.BULLINGTON_SMOOTH]),
        spherical_earth_db=float(terms[kernel.SPHERICAL_EARTH]),
        nu=float(geometry[kernel.NU_FACTOR] / np.sqrt(wavelength_m(frequency_mhz))),
        line_of_sight=bool(geometry[kernel.BLOCKED] == 0.0),
        path_km=float(geometry[kernel.PATH_KM]),
        departure_elevation_deg=float(geometry[kernel.DEPARTURE_DEG]),
        arrival_elevation_deg=float(geometry[kernel.ARRIVAL_DEG]),
        ridge_index=ridge,
        ridge_distance_km=float("nan") if ridge is None else float(distance_km[ridge]),
        ridge_height_m=float("nan") if ridge is None else float(surface_m[ridge]),
        tx_horizon_index=_index(geometry[kernel.TX_HORIZON_INDEX]),
        rx_horizon_index=_index(geometry[kernel.RX_HORIZON_INDEX]),
        edge_distance_km=float("nan") if ridge is None else float(geometry[kernel.EDGE_KM]),
        edge_height_m=float("nan") if ridge is None else float(geometry[kernel.EDGE_HEIGHT_M]),
        tx_effective_height_m=float(geometry[kernel.TX_EFFECTIVE_HEIGHT_M]),
        rx_effective_height_m=float(geometry[kernel.RX_EFFECTIVE_HEIGHT_M]),
        effective_radius_km=radius_km,
        outside_range=sentences,
    )


def _index(value: float) -> int | None:
    return None if value < 0.0 else int(value)

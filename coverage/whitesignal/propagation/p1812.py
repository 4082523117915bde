"""ITU-R P.1812: the loss of a path over terrain and clutter, 30 MHz to 6 GHz, for 1 to 50 % of time.

References
----------
Recommendation ITU-R P.1812-8 (09/2025), "A path-specific propagation prediction method for point-to-area terrestrial
services in the frequency range 30 MHz to 6 000 MHz", annex 1 with attachments 1 and 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError, RangeError
from whitesignal.propagation.p1812_terms import PathLoss, path_loss
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive
from whitesignal.units import EARTH_RADIUS_KM, effective_earth_radius_km

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from whitesignal.propagation.p526 import Polarization

SEA = 1
COASTAL = 3
INLAND = 4
"""Radio-climatic zones: annex 1, table 3."""

FREQUENCY = Limit("frequency", "GHz", 0.03, 6.0)
TIME = Limit("time", "%", 1.0, 50.0)
LOCATION = Limit("locations", "%", 1.0, 99.0)
ANTENNA_HEIGHT = Limit("antenna height", "m", 1.0, 3000.0)
LATITUDE = Limit("latitude", "degrees", -80.0, 80.0)
LONGITUDE = Limit("longitude", "degrees", -180.0, 180.0)
"""Annex 1, table 1."""
DISTANCE = Limit("distance", "km", 0.25, 3000.0)
"""The recommendation's scope."""

ONE_KILOWATT_DBUV_M = 199.36
"""Field strength at 1 GHz and 0 dB of loss from 1 kW effective radiated power: equation (70). [dB(µV/m)]"""


@dataclass(frozen=True, slots=True)
class _Profile:
    """A checked profile as the kernels take it."""

    distance_km: NDArray[np.float64]
    height_m: NDArray[np.float64]
    surface_m: NDArray[np.float64]
    zone: NDArray[np.int8]


def loss(  # noqa: PLR0913 - the recommendation's own list of inputs
    distance_km: ArrayLike,
    height_m: ArrayLike,
    *,
    clutter_m: ArrayLike,
    zone: ArrayLike,
    frequency_ghz: float,
    time_percent: float,
    tx_height_m: float,
    rx_height_m: float,
    polarization: Polarization,
    tx_longitude: float,
    tx_latitude: float,
    rx_longitude: float,
    rx_latitude: float,
    delta_n: float,
    n0: float,
    location_percent: float = 50.0,
    location_sigma_db: float = 0.0,
    tx_coast_km: float = 500.0,
    rx_coast_km: float = 500.0,
    out_of_range: OutOfRange = "raise",
) -> PathLoss:
    """Return the basic transmission loss of a path, the field strength and every term.

    Parameters
    ----------
    distance_km
        Distance of each profile point from the transmitter, rising from 0, uneven if need be, shape (n,), n ≥ 3. [km]
    height_m
        Ground above sea level, shape (n,). [m]
    clutter_m
        Representative clutter height of each point, shape (n,); the two ends' values are not read. [m]
    zone
        1 sea, 3 coastal land, 4 inland, shape (n,).
    frequency_ghz
        0.03 to 6. [GHz]
    time_percent
        Share of the average year for which the loss is not exceeded, 1 to 50. [%]
    tx_height_m, rx_height_m
        Antennas above ground, 1 to 3000. [m]
    polarization
        ``"horizontal"`` or ``"vertical"``.
    tx_longitude, tx_latitude, rx_longitude, rx_latitude
        Of the terminals; they give the latitude of the path's centre. [degrees]
    delta_n
        Refractivity lapse rate through the lowest 1 km at the path's centre, positive. [N-units/km]
    n0
        Sea-level surface refractivity at the path's centre. [N-units]
    location_percent
        Share of locations at which the loss is not exceeded, 1 to 99. [%]
    location_sigma_db
        Standard deviation over locations, see `location_variability_db`; not used for a receiver at sea. [dB]
    tx_coast_km, rx_coast_km
        Distance over land from each terminal to the coast along the path; a terminal at sea has 0. [km]
    out_of_range
        ``"raise"``, or ``"flag"``: the result's ``outside_range`` names what is outside the published range.

    Raises
    ------
    InputError
        If the arrays differ in length, the distances do not rise from 0, a height is not finite, clutter is negative,
        a zone unknown, ΔN not below 157, N0 not above 0, a coast's distance or the deviation negative, a position not
        on earth, or the polarization unknown.
    RangeError
        Outside the published range, unless flagged; always for a frequency or antenna height not above 0, and for
        shares of time or locations no formula can be carried on to: time not in 0 < p ≤ 50, locations not in
        0 < pL < 100.

    Notes
    -----
    Equations (1) to (70) with (76) to (97). Leaves out building entry (`propagation.p2109`), reflection from hillsides
    and buildings, and diffraction round them. Clutter stands in the profile, so P.2108 is never to be added.
    The smooth profile's Bullington loss is taken over the profile's own points, as in §4.3.4; attachment 4's closed
    form is not used. At 50 % of time Fi is exactly 0, where the approximation (96) gives 1e-9.

    Examples
    --------
    10 km of flat ground at sea level, antennas at 30 m, 900 MHz: free space by equation (8) is 92.4 - 0.9 + 20 dB.

    >>> import numpy as np
    >>> result = loss(np.linspace(0.0, 10.0, 101), np.zeros(101), clutter_m=np.zeros(101), zone=np.full(101, 4),
    ...               frequency_ghz=0.9, time_percent=50.0, tx_height_m=30.0, rx_height_m=30.0,
    ...               polarization="vertical", tx_longitude=105.0, tx_latitude=22.0, rx_longitude=105.097,
    ...               rx_latitude=22.0, delta_n=50.0, n0=350.0)
    >>> round(result.free_space_db, 1), result.beyond_horizon
    (111.5, False)
    """
    from whitesignal.kernels import p1812 as kernel
    from whitesignal.kernels import p1812_band as band
    from whitesignal.kernels import single

    profile = _profile(distance_km, height_m, clutter_m, zone)
    positions = (tx_longitude, tx_latitude, rx_longitude, rx_latitude)
    _check_surroundings(delta_n, n0, polarization, positions)
    _check_not_negative(tx_coast_km, rx_coast_km, location_sigma_db)
    _check_computable(frequency_ghz, (tx_height_m, rx_height_m), time_percent, location_percent)
    sentences = breaches(
        [
            (FREQUENCY, frequency_ghz),
            (TIME, time_percent),
            (LOCATION, location_percent),
            (ANTENNA_HEIGHT, [tx_height_m, rx_height_m]),
            (LATITUDE, [tx_latitude, rx_latitude]),
            (LONGITUDE, [tx_longitude, rx_longitude]),
            (DISTANCE, profile.distance_km[-1]),
        ]
    )
    check("P.1812", sentences, out_of_range)
    path_km = float(profile.distance_km[-1])
    latitude_deg = center_latitude(tx_longitude, tx_latitude, rx_longitude, rx_latitude, path_km=path_km)
    geometry = np.empty(kernel.GEOMETRY_SIZE)
    terms = np.empty(band.TERMS_SIZE)
    single.p1812_geometry(
        profile.distance_km, profile.height_m, profile.surface_m, profile.zone, len(profile.distance_km),
        float(tx_height_m), float(rx_height_m), effective_earth_radius_km(float(delta_n)), True, geometry,
    )  # fmt: skip
    single.set_climate(geometry, float(time_percent), float(n0), latitude_deg, float(tx_coast_km), float(rx_coast_km))
    place_db = 0.0 if profile.zone[-1] == SEA else location_db(location_percent, location_sigma_db)
    vertical = polarization == "vertical"
    loss_db = single.basic_loss_db(geometry, 1000.0 * float(frequency_ghz), vertical, place_db, terms)
    return path_loss(
        geometry,
        terms,
        center_latitude_deg=latitude_deg,
        location_db=place_db,
        field_strength_dbuv_m=ONE_KILOWATT_DBUV_M + 20.0 * math.log10(frequency_ghz) - loss_db,
        outside_range=sentences,
    )


def location_db(location_percent: float, sigma_db: float) -> float:
    """Return what a share of locations adds to the median loss: §4.7 and §4.9. [dB]

    Examples
    --------
    Nine places in ten, with the 5.5 dB of a broad-band signal.

    >>> round(location_db(90.0, 5.5), 2)
    7.05
    """
    from whitesignal.kernels.p1812 import inverse_normal

    if location_percent == 50.0:
        return 0.0
    return -inverse_normal(0.01 * float(location_percent)) * float(sigma_db)


def location_variability_db(
    frequency_ghz: float, *, rx_height_m: float, clutter_height_m: float, cell_width_m: float
) -> float:
    """Return the standard deviation of the loss over locations, outdoors: §4.7. [dB]

    Parameters
    ----------
    frequency_ghz
        Frequency. [GHz]
    rx_height_m, clutter_height_m
        Receiving antenna above ground and the clutter around it: none left 10 m above the clutter. [m]
    cell_width_m
        Width of the square over which the variability is taken, 50 to 1000. [m]

    Raises
    ------
    RangeError
        If the frequency or the width is not above 0.

    Examples
    --------
    >>> round(location_variability_db(0.9, rx_height_m=1.5, clutter_height_m=5.0, cell_width_m=500.0), 2)
    3.09
    """
    positive("P.1812", "the frequency and the cell's width", [frequency_ghz, cell_width_m])
    share = min(max(1.0 - (rx_height_m - clutter_height_m) / 10.0, 0.0), 1.0)
    return share * (0.52 + 0.024 * frequency_ghz) * math.pow(cell_width_m, 0.28)


def center_latitude(
    tx_longitude: float, tx_latitude: float, rx_longitude: float, rx_latitude: float, *, path_km: float
) -> float:
    """Return the latitude of the point half the path's length along the great circle from the transmitter. [degrees]

    Examples
    --------
    Half-way along a quarter of the 60th parallel the great circle stands at 67.8 degrees.

    >>> arc_km = 6371.0 * 0.7227342478134157
    >>> round(center_latitude(0.0, 60.0, 90.0, 60.0, path_km=arc_km), 1)
    67.8
    """
    tx, rx = math.radians(tx_latitude), math.radians(rx_latitude)
    east = math.radians(rx_longitude - tx_longitude)
    north = math.cos(tx) * math.sin(rx) - math.sin(tx) * math.cos(rx) * math.cos(east)
    bearing = math.atan2(math.cos(rx) * math.sin(east), north)
    half = 0.5 * path_km / EARTH_RADIUS_KM
    sine = math.sin(tx) * math.cos(half) + math.cos(tx) * math.sin(half) * math.cos(bearing)
    return math.degrees(math.asin(min(max(sine, -1.0), 1.0)))


def _profile(distance_km: ArrayLike, height_m: ArrayLike, clutter_m: ArrayLike, zone: ArrayLike) -> _Profile:
    """Return the profile's arrays, checked."""
    distances = np.ascontiguousarray(distance_km, dtype=np.float64)
    heights = np.ascontiguousarray(height_m, dtype=np.float64)
    clutter = np.ascontiguousarray(clutter_m, dtype=np.float64)
    zones = np.asarray(zone)
    shapes = {values.shape for values in (distances, heights, clutter, zones)}
    if distances.ndim != 1 or len(shapes) != 1:
        raise InputError(f"P.1812: a profile's arrays differ in shape: {', '.join(map(str, sorted(shapes)))}")
    if len(distances) < 3 or distances[0] != 0.0 or not np.all(np.diff(distances) > 0.0):
        raise InputError("P.1812: a profile needs three points or more, with distances rising from 0")
    if not (np.all(np.isfinite(distances)) and np.all(np.isfinite(heights))):
        raise InputError("P.1812: a profile's distances and heights must be finite; fill voids first")
    if not (np.all(np.isfinite(clutter)) and np.all(clutter >= 0.0)):
        raise InputError("P.1812: clutter heights must be 0 or more")
    if not np.all(np.isin(zones, (SEA, COASTAL, INLAND))):
        raise InputError("P.1812: a zone is 1 (sea), 3 (coastal land) or 4 (inland)")
    return _Profile(distances, heights, heights + clutter, np.ascontiguousarray(zones, dtype=np.int8))


def _check_surroundings(
    delta_n: float, n0: float, polarization: str, positions: tuple[float, float, float, float]
) -> None:
    """Raise for air, polarization or positions that cannot be."""
    if polarization not in ("vertical", "horizontal"):
        raise InputError(f"P.1812: unknown polarization {polarization!r}; known: vertical, horizontal")
    if not 0.0 <= delta_n < 157.0:
        raise InputError(f"P.1812: ΔN must be 0 or more and below 157 N-units/km; got {delta_n:g}")
    if not n0 > 0.0:
        raise InputError(f"P.1812: N0 must be above 0 N-units; got {n0:g}")
    tx_longitude, tx_latitude, rx_longitude, rx_latitude = positions
    on_earth = max(abs(tx_latitude), abs(rx_latitude)) <= 90.0 and max(abs(tx_longitude), abs(rx_longitude)) <= 360.0
    if not (all(map(math.isfinite, positions)) and on_earth):
        raise InputError(f"P.1812: longitudes and latitudes must be on earth; got {', '.join(map(str, positions))}")


def _check_not_negative(tx_coast_km: float, rx_coast_km: float, location_sigma_db: float) -> None:
    """Raise for a distance or deviation below zero."""
    if not (tx_coast_km >= 0.0 and rx_coast_km >= 0.0):
        raise InputError("P.1812: the distances to the coast must be 0 or more")
    if not location_sigma_db >= 0.0:
        raise InputError("P.1812: the standard deviation over locations must be 0 or more")


def _check_computable(
    frequency_ghz: float, heights_m: tuple[float, float], time_percent: float, location_percent: float
) -> None:
    """Raise, flagged or not, where the formulas have no value."""
    positive("P.1812", "the frequency and both antenna heights", [frequency_ghz, *heights_m])
    if not 0.0 < time_percent <= 50.0:
        raise RangeError(f"P.1812: the share of time must be above 0 and at most 50 %; got {time_percent:g}")
    if not 0.0 < location_percent < 100.0:
        raise RangeError(f"P.1812: the share of locations must be between 0 and 100 %; got {location_percent:g}")

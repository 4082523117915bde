"""Okumura–Hata and COST 231–Hata: curves fitted to Okumura's measurements around Tokyo.

References
----------
M. Hata, "Empirical formula for propagation loss in land mobile radio services", IEEE Transactions on Vehicular
Technology VT-29 (3), 1980, pp. 317–325.
COST Action 231, "Digital mobile radio towards future generation systems", final report, 1999, §4.4.1,
equations (4.4.1) to (4.4.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from whitesignal.errors import InputError
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Environment = Literal["urban", "suburban", "open"]
City = Literal["large", "small-medium"]

OKUMURA_FREQUENCY = Limit("frequency", "MHz", 150.0, 1500.0)
COST231_FREQUENCY = Limit("frequency", "MHz", 1500.0, 2000.0)
DISTANCE = Limit("distance", "km", 1.0, 20.0)
BASE_HEIGHT = Limit("base antenna height", "m", 30.0, 200.0)
MOBILE_HEIGHT = Limit("mobile antenna height", "m", 1.0, 10.0)

METROPOLITAN_DB = 3.0
"""COST 231's C_m for metropolitan centres, equation (4.4.4); 0 for medium-sized cities and suburban centres."""


def okumura_hata_db(
    distance_km: ArrayLike,
    *,
    frequency_mhz: float,
    base_height_m: float,
    mobile_height_m: float,
    environment: Environment,
    city: City = "small-medium",
    out_of_range: OutOfRange = "raise",
) -> NDArray[np.float64]:
    """Return the median basic transmission loss by Okumura–Hata.

    Parameters
    ----------
    distance_km
        Distance along the ground, any shape. [km]
    frequency_mhz
        Frequency, 150 to 1500. [MHz]
    base_height_m
        Effective height of the base antenna above the mean terrain 3 to 15 km away, 30 to 200. [m]
    mobile_height_m
        Height of the mobile antenna above ground, 1 to 10. [m]
    environment
        Urban, or Hata's correction for suburban or open areas.
    city
        Which mobile-height correction is taken: a large city's or a small to medium-sized one's.
    out_of_range
        ``"raise"``, or ``"flag"`` to carry the formula on; `outside_range` names what is outside.

    Raises
    ------
    RangeError
        Outside the published range, unless flagged; always for a distance, frequency or height not above 0.
    InputError
        For an unknown environment or city.

    Notes
    -----
    Urban: 69.55 + 26.16 log f − 13.82 log h_b − a(h_m) + (44.9 − 6.55 log h_b) log d, with
    a(h_m) = (1.1 log f − 0.7) h_m − (1.56 log f − 0.8) in a small to medium-sized city, and in a large one
    8.29 log²(1.54 h_m) − 1.1 below 300 MHz, 3.2 log²(11.75 h_m) − 4.97 above. Suburban: less
    2 log²(f/28) + 5.4; open: less 4.78 log² f − 18.33 log f + 40.94.
    Leaves out the terrain altogether: in mountains it knows neither ridge nor valley. The large city's correction
    changes its formula at 300 MHz, the middle of the gap that Hata leaves between 200 and 400.

    Examples
    --------
    >>> loss_db = okumura_hata_db(2.0, frequency_mhz=869.0, base_height_m=30.0, mobile_height_m=1.0,
    ...                           environment="urban", city="large")
    >>> round(float(loss_db), 2)
    137.93
    """
    _check_choices(environment, city)
    sentences = outside_range(
        distance_km,
        frequency_mhz=frequency_mhz,
        base_height_m=base_height_m,
        mobile_height_m=mobile_height_m,
        frequency_limit=OKUMURA_FREQUENCY,
    )
    check("Okumura–Hata", sentences, out_of_range)
    log_frequency = _log10("Okumura–Hata", "the frequency", frequency_mhz)
    urban_db = 69.55 + 26.16 * log_frequency - _mobile_gain_db(frequency_mhz, mobile_height_m, city)
    urban_db = urban_db + _distance_db(distance_km, base_height_m)
    return np.asarray(urban_db - _openness_db(log_frequency, environment))


def cost231_hata_db(
    distance_km: ArrayLike,
    *,
    frequency_mhz: float,
    base_height_m: float,
    mobile_height_m: float,
    environment: Environment,
    city: City = "small-medium",
    out_of_range: OutOfRange = "raise",
) -> NDArray[np.float64]:
    """Return the median basic transmission loss by COST 231–Hata.

    Parameters
    ----------
    distance_km
        Distance along the ground, any shape. [km]
    frequency_mhz
        Frequency, 1500 to 2000. [MHz]
    base_height_m, mobile_height_m, environment, city, out_of_range
        As in `okumura_hata_db`.

    Raises
    ------
    RangeError
        Outside the published range, unless flagged; always for a distance, frequency or height not above 0.
    InputError
        For an unknown environment or city.

    Notes
    -----
    Equation (4.4.3): 46.3 + 33.9 log f − 13.82 log h_b − a(h_m) + (44.9 − 6.55 log h_b) log d + C_m, with C_m = 3 dB
    in a large city's urban area, else 0. Departures: COST 231 publishes no suburban or open form, so Hata's
    corrections, published up to 1500 MHz, are taken at the frequency asked for; and a large city
    takes Hata's large-city correction of the mobile height. Leaves out the terrain.

    Examples
    --------
    >>> loss_db = cost231_hata_db(2.0, frequency_mhz=2114.0, base_height_m=30.0, mobile_height_m=1.0,
    ...                           environment="urban", out_of_range="flag")
    >>> round(float(loss_db), 2)
    150.64
    """
    _check_choices(environment, city)
    sentences = outside_range(
        distance_km,
        frequency_mhz=frequency_mhz,
        base_height_m=base_height_m,
        mobile_height_m=mobile_height_m,
        frequency_limit=COST231_FREQUENCY,
    )
    check("COST 231–Hata", sentences, out_of_range)
    log_frequency = _log10("COST 231–Hata", "the frequency", frequency_mhz)
    urban_db = 46.3 + 33.9 * log_frequency - _mobile_gain_db(frequency_mhz, mobile_height_m, city)
    urban_db = urban_db + _distance_db(distance_km, base_height_m)
    metropolitan_db = METROPOLITAN_DB if (city, environment) == ("large", "urban") else 0.0
    return np.asarray(urban_db + metropolitan_db - _openness_db(log_frequency, environment))


def loss_db(
    distance_km: ArrayLike,
    *,
    frequency_mhz: float,
    base_height_m: float,
    mobile_height_m: float,
    environment: Environment,
    city: City = "small-medium",
    out_of_range: OutOfRange = "raise",
) -> NDArray[np.float64]:
    """Return the loss by Okumura–Hata up to 1500 MHz and by COST 231–Hata above; arguments and errors as theirs."""
    formula = okumura_hata_db if frequency_mhz <= OKUMURA_FREQUENCY.high else cost231_hata_db
    return formula(
        distance_km,
        frequency_mhz=frequency_mhz,
        base_height_m=base_height_m,
        mobile_height_m=mobile_height_m,
        environment=environment,
        city=city,
        out_of_range=out_of_range,
    )


def outside_range(
    distance_km: ArrayLike,
    *,
    frequency_mhz: float,
    base_height_m: float,
    mobile_height_m: float,
    frequency_limit: Limit | None = None,
) -> tuple[str, ...]:
    """Return a sentence for each quantity outside the published range, of both formulae together or of one."""
    both = Limit("frequency", "MHz", OKUMURA_FREQUENCY.low, COST231_FREQUENCY.high)
    return breaches(
        [
            (DISTANCE, distance_km),
            (frequency_limit or both, frequency_mhz),
            (BASE_HEIGHT, base_height_m),
            (MOBILE_HEIGHT, mobile_height_m),
        ]
    )


def _check_choices(environment: str, city: str) -> None:
    """Raise for a word that is not one of the model's."""
    if environment not in get_args(Environment):
        raise InputError(f"Hata: unknown environment {environment!r}; known: {', '.join(get_args(Environment))}")
    if city not in get_args(City):
        raise InputError(f"Hata: unknown city {city!r}; known: {', '.join(get_args(City))}")


def _log10(model: str, quantity: str, value: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(np.log10(positive(model, quantity, value)))


def _distance_db(distance_km: ArrayLike, base_height_m: float) -> NDArray[np.float64]:
    """Return the terms of base height and distance, which both formulae share."""
    log_height = _log10("Hata", "the base antenna height", base_height_m)
    log_distance = _log10("Hata", "the distance", distance_km)
    return np.asarray(-13.82 * log_height + (44.9 - 6.55 * log_height) * log_distance)


def _mobile_gain_db(frequency_mhz: float, mobile_height_m: float, city: City) -> float:
    """Return a(h_m), the mobile antenna height's correction."""
    positive("Hata", "the mobile antenna height", mobile_height_m)
    if city == "small-medium":
        log_frequency = float(np.log10(frequency_mhz))
        return (1.1 * log_frequency - 0.7) * mobile_height_m - (1.56 * log_frequency - 0.8)
    if frequency_mhz < 300.0:
        return float(8.29 * np.log10(1.54 * mobile_height_m) ** 2 - 1.1)
    return float(3.2 * np.log10(11.75 * mobile_height_m) ** 2 - 4.97)


def _openness_db(log_frequency: NDArray[np.float64], environment: Environment) -> NDArray[np.float64]:
    """Return what suburban or open surroundings take off the urban loss."""
    if environment == "suburban":
        return np.asarray(2.0 * (log_frequency - np.log10(28.0)) ** 2 + 5.4)
    if environment == "open":
        return np.asarray(4.78 * log_frequency**2 - 18.33 * log_frequency + 40.94)
    return np.zeros_like(log_frequency)

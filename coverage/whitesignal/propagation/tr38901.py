"""3GPP TR 38.901: rural (RMa) and urban (UMa) macro cells.

References
----------
3GPP TR 38.901 V17.0.0, "Study on channel model for frequencies from 0.5 to 100 GHz", table 7.4.1-1 and its notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import RangeError
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SPEED_OF_LIGHT_M_PER_S = 3.0e8
"""The report's own rounded value (table 7.4.1-1, notes 1 and 5): its breakpoints are computed with it."""

ENVIRONMENT_HEIGHT_M = 1.0
"""Effective environment height h_E of UMa; for terminals below 13 m the report's draw always gives 1 m."""

RMA_FREQUENCY = Limit("frequency", "GHz", 0.5, 30.0)
UMA_FREQUENCY = Limit("frequency", "GHz", 0.5, 100.0)
RMA_LOS_DISTANCE = Limit("distance", "m", 10.0, 10_000.0)
NLOS_DISTANCE = Limit("distance", "m", 10.0, 5_000.0)
RMA_BASE_HEIGHT = Limit("base antenna height", "m", 10.0, 150.0)
RMA_MOBILE_HEIGHT = Limit("mobile antenna height", "m", 1.0, 10.0)
UMA_MOBILE_HEIGHT = Limit("mobile antenna height", "m", 1.5, 22.5)
BUILDING_HEIGHT = Limit("building height", "m", 5.0, 50.0)
STREET_WIDTH = Limit("street width", "m", 5.0, 50.0)


def rma_db(
    distance_2d_m: ArrayLike,
    *,
    frequency_ghz: float,
    base_height_m: float,
    mobile_height_m: float,
    line_of_sight: bool,
    building_height_m: float = 5.0,
    street_width_m: float = 20.0,
    out_of_range: OutOfRange = "raise",
) -> NDArray[np.float64]:
    """Return the median path loss of a rural macro cell.

    Parameters
    ----------
    distance_2d_m
        Distance along the ground, any shape; 10 to 10,000 in line of sight, else to 5,000. [m]
    frequency_ghz
        Frequency, 0.5 to 30. [GHz]
    base_height_m, mobile_height_m
        Antennas above ground, 10 to 150 and 1 to 10. [m]
    line_of_sight
        Whether the terminal sees the base station: told by the terrain, not drawn from the report's probability.
    building_height_m, street_width_m
        Mean building height h and street width W, 5 to 50 each; the report's defaults are 5 and 20. [m]
    out_of_range
        ``"raise"``, or ``"flag"`` to carry the formula on; `rma_outside_range` names what is outside.

    Raises
    ------
    RangeError
        Outside the published range, unless flagged; always for a length or frequency not above 0.

    Notes
    -----
    Table 7.4.1-1, RMa: PL1, PL2 beyond the breakpoint 2π h_BS h_UT f/c, and for no line of sight the larger of that
    and PL'. Leaves out shadow fading (σ 4 to 8 dB), the line-of-sight probability and the terrain's shape.

    Examples
    --------
    >>> loss_db = rma_db(1000.0, frequency_ghz=5.0, base_height_m=35.0, mobile_height_m=1.5, line_of_sight=False)
    >>> round(float(loss_db), 4)
    133.5223
    """
    sentences = rma_outside_range(
        distance_2d_m,
        frequency_ghz=frequency_ghz,
        base_height_m=base_height_m,
        mobile_height_m=mobile_height_m,
        line_of_sight=line_of_sight,
        building_height_m=building_height_m,
        street_width_m=street_width_m,
    )
    check("TR 38.901 RMa", sentences, out_of_range)
    lengths_m = [base_height_m, mobile_height_m, building_height_m, street_width_m]
    positive("TR 38.901 RMa", "the frequency and every length", [frequency_ghz, *lengths_m])
    ground_m = positive("TR 38.901 RMa", "the distance", distance_2d_m)
    slant_m = np.hypot(ground_m, base_height_m - mobile_height_m)
    breakpoint_m = 2.0 * np.pi * base_height_m * mobile_height_m * frequency_ghz * 1e9 / SPEED_OF_LIGHT_M_PER_S
    beyond_db = _rma_near_db(np.asarray(breakpoint_m), frequency_ghz, building_height_m)
    beyond_db = beyond_db + 40.0 * np.log10(slant_m / breakpoint_m)
    near_db = _rma_near_db(slant_m, frequency_ghz, building_height_m)
    sight_db = np.where(ground_m <= breakpoint_m, near_db, beyond_db)
    if line_of_sight:
        return sight_db
    log_base = np.log10(base_height_m)
    hidden_db = (
        161.04
        - 7.1 * np.log10(street_width_m)
        + 7.5 * np.log10(building_height_m)
        - (24.37 - 3.7 * (building_height_m / base_height_m) ** 2) * log_base
        + (43.42 - 3.1 * log_base) * (np.log10(slant_m) - 3.0)
        + 20.0 * np.log10(frequency_ghz)
        - (3.2 * np.log10(11.75 * mobile_height_m) ** 2 - 4.97)
    )
    return np.asarray(np.maximum(sight_db, hidden_db))


def rma_outside_range(
    distance_2d_m: ArrayLike,
    *,
    frequency_ghz: float,
    base_height_m: float,
    mobile_height_m: float,
    line_of_sight: bool,
    building_height_m: float = 5.0,
    street_width_m: float = 20.0,
) -> tuple[str, ...]:
    """Return a sentence for each quantity outside RMa's published range."""
    return breaches(
        [
            (RMA_LOS_DISTANCE if line_of_sight else NLOS_DISTANCE, distance_2d_m),
            (RMA_FREQUENCY, frequency_ghz),
            (RMA_BASE_HEIGHT, base_height_m),
            (RMA_MOBILE_HEIGHT, mobile_height_m),
            (BUILDING_HEIGHT, building_height_m),
            (STREET_WIDTH, street_width_m),
        ]
    )


def uma_db(
    distance_2d_m: ArrayLike,
    *,
    frequency_ghz: float,
    base_height_m: float,
    mobile_height_m: float,
    line_of_sight: bool,
    out_of_range: OutOfRange = "raise",
) -> NDArray[np.float64]:
    """Return the median path loss of an urban macro cell.

    Parameters
    ----------
    distance_2d_m
        Distance along the ground, any shape; 10 to 5,000. [m]
    frequency_ghz
        Frequency, 0.5 to 100. [GHz]
    base_height_m, mobile_height_m
        Antennas above ground; the report fixes 25 and allows 1.5 to 22.5. [m]
    line_of_sight
        Whether the terminal sees the base station.
    out_of_range
        ``"raise"``, or ``"flag"`` to carry the formula on; `uma_outside_range` names what is outside.

    Raises
    ------
    RangeError
        Outside the published range, unless flagged; always for a distance or frequency not above 0, or for an
        antenna no higher than the environment (1 m).

    Notes
    -----
    Table 7.4.1-1, UMa: PL1, PL2 beyond the breakpoint 4 h'_BS h'_UT f/c, and for no line of sight the larger of that
    and PL'. The effective environment height is 1 m, always; above 13 m the report draws it at random.
    The base height of 25 m is the scenario's and is not enforced. Leaves out shadow fading and terrain.

    Examples
    --------
    >>> loss_db = uma_db(1000.0, frequency_ghz=5.0, base_height_m=25.0, mobile_height_m=1.5, line_of_sight=True)
    >>> round(float(loss_db), 4)
    109.7252
    """
    sentences = uma_outside_range(distance_2d_m, frequency_ghz=frequency_ghz, mobile_height_m=mobile_height_m)
    check("TR 38.901 UMa", sentences, out_of_range)
    if min(base_height_m, mobile_height_m) <= ENVIRONMENT_HEIGHT_M:
        raise RangeError(f"TR 38.901 UMa: both antennas must be higher than {ENVIRONMENT_HEIGHT_M:g} m")
    positive("TR 38.901 UMa", "the frequency", frequency_ghz)
    ground_m = positive("TR 38.901 UMa", "the distance", distance_2d_m)
    rise_m = base_height_m - mobile_height_m
    slant_m = np.hypot(ground_m, rise_m)
    effective_m2 = (base_height_m - ENVIRONMENT_HEIGHT_M) * (mobile_height_m - ENVIRONMENT_HEIGHT_M)
    breakpoint_m = 4.0 * effective_m2 * frequency_ghz * 1e9 / SPEED_OF_LIGHT_M_PER_S
    common_db = 20.0 * np.log10(frequency_ghz)
    near_db = 28.0 + 22.0 * np.log10(slant_m) + common_db
    beyond_db = 28.0 + 40.0 * np.log10(slant_m) + common_db - 9.0 * np.log10(breakpoint_m**2 + rise_m**2)
    sight_db = np.where(ground_m <= breakpoint_m, near_db, beyond_db)
    if line_of_sight:
        return np.asarray(sight_db)
    hidden_db = 13.54 + 39.08 * np.log10(slant_m) + common_db - 0.6 * (mobile_height_m - 1.5)
    return np.asarray(np.maximum(sight_db, hidden_db))


def uma_outside_range(distance_2d_m: ArrayLike, *, frequency_ghz: float, mobile_height_m: float) -> tuple[str, ...]:
    """Return a sentence for each quantity outside UMa's published range."""
    return breaches(
        [(NLOS_DISTANCE, distance_2d_m), (UMA_FREQUENCY, frequency_ghz), (UMA_MOBILE_HEIGHT, mobile_height_m)]
    )


def _rma_near_db(slant_m: NDArray[np.float64], frequency_ghz: float, building_height_m: float) -> NDArray[np.float64]:
    """Return RMa's PL1, which holds up to the breakpoint."""
    crowding = building_height_m**1.72
    return np.asarray(
        20.0 * np.log10(40.0 * np.pi * slant_m * frequency_ghz / 3.0)
        + min(0.03 * crowding, 10.0) * np.log10(slant_m)
        - min(0.044 * crowding, 14.77)
        + 0.002 * np.log10(building_height_m) * slant_m
    )

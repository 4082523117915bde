"""Building entry loss: what walls and windows cost a telephone indoors.

A building is "thermally-efficient" with metallised glass or foil-backed panels; everything else is "traditional".

References
----------
Recommendation ITU-R P.2109-2 (08/2023), "Prediction of building entry loss", annex 1, §3, equations (1) to (10) and
table 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import get_args

from whitesignal.errors import InputError, RangeError
from whitesignal.project import Building
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive

FREQUENCY = Limit("frequency", "GHz", 0.08, 100.0)
ELEVATION = Limit("elevation", "degrees", -90.0, 90.0)

PER_DEGREE_DB = 0.212
"""What each degree of elevation at the facade adds: equation (10). [dB/degree]"""
FLOOR_DB = -3.0
"""The least that can be lost, C of equation (4). [dB]"""


@dataclass(frozen=True, slots=True)
class _Coefficients:
    """One column of table 1."""

    r: float
    s: float
    t: float
    u: float
    v: float
    w: float
    x: float
    y: float
    z: float


_TABLE_1: Mapping[str, _Coefficients] = MappingProxyType(
    {
        "traditional": _Coefficients(12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0),
        "thermally-efficient": _Coefficients(28.19, -3.00, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1),
    }
)


def loss_db(
    frequency_ghz: float,
    *,
    building: Building,
    probability_percent: float = 50.0,
    elevation_deg: float = 0.0,
    out_of_range: OutOfRange = "raise",
) -> float:
    """Return the loss between the street and a place indoors, not exceeded with a given probability. [dB]

    Parameters
    ----------
    frequency_ghz
        0.08 to 100. [GHz]
    building
        ``"traditional"`` or ``"thermally-efficient"``.
    probability_percent
        Share of buildings of the kind, and of places in them, where the loss is no larger. [%]
    elevation_deg
        Of the path at the building's facade, above or below the horizontal. [degrees]
    out_of_range
        ``"raise"``, or ``"flag"`` to carry the formula on outside 0.08 to 100 GHz; `outside_range` says that it is.

    Raises
    ------
    InputError
        For an unknown kind of building.
    RangeError
        Outside the frequency range, unless flagged; always for a frequency not above 0, an elevation outside -90 to
        90 degrees and a probability that is not between 0 and 100 %.

    Notes
    -----
    Two log-normal losses, the larger of which dominates, and a floor; the inverse normal is exact. A statistic over
    buildings and places: leaves out which storey, room or side of the street the telephone is on.

    Examples
    --------
    At 1 GHz only r, w and C are left: 10 log(10^1.264 + 10^0.91 + 10^-0.3) = 14.3 dB.

    >>> round(loss_db(1.0, building="traditional"), 1)
    14.3
    """
    if building not in _TABLE_1:
        raise InputError(f"P.2109: unknown building {building!r}; known: {', '.join(get_args(Building))}")
    positive("P.2109", "the frequency", frequency_ghz)
    if not 0.0 < probability_percent < 100.0:
        raise RangeError(f"P.2109: the probability must be between 0 and 100 %; got {probability_percent:g}")
    check("P.2109", breaches([(ELEVATION, elevation_deg)]), "raise")
    check("P.2109", outside_range(frequency_ghz), out_of_range)
    k = _TABLE_1[building]
    log_ghz = math.log10(frequency_ghz)
    deviations = NormalDist().inv_cdf(0.01 * probability_percent)
    first_db = k.r + k.s * log_ghz + k.t * log_ghz**2 + PER_DEGREE_DB * abs(elevation_deg)  # (5), (9), (10)
    second_db = k.w + k.x * log_ghz  # (6)
    a_db = deviations * (k.u + k.v * log_ghz) + first_db  # (2), (7)
    b_db = deviations * (k.y + k.z * log_ghz) + second_db  # (3), (8)
    return 10.0 * math.log10(sum(10.0 ** (0.1 * part_db) for part_db in (a_db, b_db, FLOOR_DB)))  # (1)


def outside_range(frequency_ghz: float) -> tuple[str, ...]:
    """Return a sentence if the frequency is outside the recommendation's range, else nothing."""
    return breaches([(FREQUENCY, frequency_ghz)])

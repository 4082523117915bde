"""What registers get wrong: the one place where a new kind of dirt is recognised.

Coordinates: each rule looks at whole columns and names the rows it objects to; the first that objects gives the reason.
Units: a header that names another unit than ours says how its column is to be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.inputs.number_text import Numbers

    Values = NDArray[np.float64]


def _watts_to_dbm(watts: Values) -> Values:
    positive = np.where(watts > 0.0, watts, np.nan)
    return np.asarray(10.0 * np.log10(positive) + 30.0, dtype=np.float64)


CONVERSIONS: Mapping[tuple[str, str], Callable[[Values], Values]] = MappingProxyType(
    {
        ("m", "ft"): lambda feet: feet * 0.3048,
        ("m", "feet"): lambda feet: feet * 0.3048,
        ("m", "foot"): lambda feet: feet * 0.3048,
        ("m", "cm"): lambda centimetres: centimetres / 100.0,
        ("MHz", "ghz"): lambda gigahertz: gigahertz * 1000.0,
        ("MHz", "khz"): lambda kilohertz: kilohertz / 1000.0,
        ("dBm", "w"): _watts_to_dbm,
        ("dBm", "dbw"): lambda level: level + 30.0,
    }
)
"""(our unit, the unit in brackets in a header) → ours from theirs."""

_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")


def conversion_of(header: str, unit: str) -> tuple[str, Callable[[Values], Values]] | None:
    """Return the foreign unit that a header names in brackets and how to make ours of it; None where it names none.

    Examples
    --------
    >>> said, convert = conversion_of("Độ cao anten (ft)", "m")
    >>> said, convert(100.0)
    ('ft', 30.48)
    """
    for said in _BRACKETS.findall(header):
        convert = CONVERSIONS.get((unit, said.strip().casefold()))
        if convert is not None:
            return said.strip(), convert
    return None


def coordinate_faults(longitude: Numbers, latitude: Numbers) -> NDArray[np.object_]:
    """Return, per row, why its coordinates cannot be used; "" where they can.

    Parameters
    ----------
    longitude, latitude
        As parsed, shape (rows,). [°]
    """
    east, north = longitude.values, latitude.values
    missing_east = np.isnan(east) & ~longitude.unreadable
    missing_north = np.isnan(north) & ~latitude.unreadable
    with np.errstate(invalid="ignore"):
        outside = (np.abs(east) > 180.0) | (np.abs(north) > 90.0)
        swapped = (np.abs(north) > 90.0) & (np.abs(north) <= 180.0) & (np.abs(east) <= 90.0)
        zero = (east == 0.0) & (north == 0.0)
    rules = (
        (longitude.unreadable & latitude.unreadable, "longitude and latitude are not numbers"),
        (longitude.unreadable, "longitude is not a number"),
        (latitude.unreadable, "latitude is not a number"),
        (missing_east & missing_north, "no coordinates"),
        (missing_east, "no longitude"),
        (missing_north, "no latitude"),
        (zero, "coordinates are (0, 0)"),
        (swapped, "longitude and latitude look swapped"),
        (outside, "coordinates lie outside ±180° of longitude, ±90° of latitude"),
    )
    reasons = np.full(east.shape, "", dtype=object)
    for objected, reason in reversed(rules):
        reasons[objected] = reason
    return reasons

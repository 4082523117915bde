"""What is wrong with a coordinate: the one place where a new kind of dirt is recognised.

Each rule looks at whole columns and names the rows it objects to; the first rule that objects gives the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.inputs.number_text import Numbers


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

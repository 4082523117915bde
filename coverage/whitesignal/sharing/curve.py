"""Sharing as a function of the radius: what a register's coordinates alone say, beside its own position_id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.inputs.clustering import linkage
from whitesignal.sharing.agreement import compare_positions
from whitesignal.sharing.metrics import METRIC_COLUMNS, sharing_of

if TYPE_CHECKING:
    import pandas as pd

RADII_M = (20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 180.0, 200.0)

CURVE_COLUMNS = (
    "positions_from", "radius_m", *METRIC_COLUMNS, "widest_m", "recovered", "split", "merged", "adjusted_rand",
)  # fmt: skip
"""Columns of ``sharing_by_radius.csv``.

``positions_from`` is "position_id" in the first row, the register's own positions, and "coordinates" in those of each
radius. The last four hold these against the first row: of the register's positions, how many are found row for row,
in several parts, together with another's rows; and the adjusted Rand index over the counted rows.
"""


def sharing_by_radius(stations: pd.DataFrame, radii_m: Sequence[float] = RADII_M) -> pd.DataFrame:
    """Return the four metrics of sharing at every radius, the register's own positions before them.

    Parameters
    ----------
    stations
        The station table; only its counted rows count.
    radii_m
        No position is wider, see ``inputs.clustering``. [m]

    Notes
    -----
    The number of positions never rises with the radius; the shares may fall where two shared positions become one.
    Where the register has no position codes, reading made position_id of the coordinates, and the first row says so
    by having as many positions as a radius of a metre.
    """
    import pandas as pd

    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    longitude, latitude = (counted[name].to_numpy(dtype=np.float64) for name in ("longitude", "latitude"))
    operator, own = (
        np.unique(counted[name].to_numpy(dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)
        for name in ("operator", "position_id")
    )
    joins = linkage(longitude, latitude, reach_m=max(radii_m, default=0.0))
    rows: list[dict[str, object]] = [{"positions_from": "position_id", **sharing_of(own, operator).as_row()}]
    for radius_m in radii_m:
        found = joins.positions(radius_m)
        agreement = compare_positions(own, found)
        rows.append(
            {
                "positions_from": "coordinates",
                "radius_m": radius_m,
                **sharing_of(found, operator).as_row(),
                "widest_m": joins.widest_m(radius_m),
                "recovered": agreement.recovered,
                "split": agreement.split,
                "merged": agreement.merged,
                "adjusted_rand": agreement.adjusted_rand,
            }
        )
    table = pd.DataFrame(rows, columns=list(CURVE_COLUMNS))
    return table.astype(dict.fromkeys(("recovered", "split", "merged"), "Int64"))

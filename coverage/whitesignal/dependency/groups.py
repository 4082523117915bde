"""What may fail at once: the stations, positions, operators, power and transmission groups that cells belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.radio.cells import Cells

Kind = Literal["station", "position", "operator", "power_group", "transmission_group"]

KINDS: tuple[Kind, ...] = ("station", "position", "operator", "power_group", "transmission_group")

COLUMN_OF_KIND: Mapping[Kind, str] = MappingProxyType({
    "station": "station_id", "position": "position_id", "operator": "operator", "power_group": "power_group",
    "transmission_group": "transmission_group",
})  # fmt: skip
"""The column of the station table that names the group of each kind."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one kind: ``ids`` sorted, and the row in them of each cell's, ``NO_GROUP`` where none is named."""

    kind: Kind
    ids: NDArray[np.object_]
    of_cell: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def groups_of(kind: Kind, stations: pd.DataFrame, cells: Cells) -> Groups:
    """Return the groups of a kind that cells belong to; a cell whose row names none belongs to none.

    ``stations`` is the station table, whose rows ``cells.station_row`` names.
    """
    named = stations[COLUMN_OF_KIND[kind]].iloc[cells.station_row].fillna("").to_numpy(dtype=object)
    ids, of_cell = np.unique(named.astype(str), return_inverse=True)
    if len(ids) and ids[0] == "":
        # The empty name sorts first.
        return Groups(kind, ids[1:].astype(object), of_cell.astype(np.int64) - 1)
    return Groups(kind, ids.astype(object), of_cell.astype(np.int64))

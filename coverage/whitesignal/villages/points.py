"""Sample points: each village's centre, then its surveyed residential clusters, or where its people live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.reach import SamplePoints

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

CENTRE, CLUSTER, PEOPLE = 0, 1, 2
"""Kinds of sample points. People of a raster are no surveyed cluster: gridded population also fills mountains."""

KIND_NAMES = ("centre", "cluster", "people")


@dataclass(frozen=True, slots=True)
class VillagePoints:
    """Sample points with the village each belongs to; arrays of shape (points,).

    ``village`` is the row in the village table; ``kind`` CENTRE, CLUSTER or PEOPLE; ``name`` tells the points of one
    village apart: a cluster's id, empty for the centre; ``people`` how many a PEOPLE point stands for, else 0.
    """

    points: SamplePoints
    village: NDArray[np.int64]
    kind: NDArray[np.int8]
    name: NDArray[np.object_]
    people: NDArray[np.float64]

    @property
    def is_centre(self) -> NDArray[np.bool_]:
        """Which points are centres."""
        return np.asarray(self.kind == CENTRE)

    @property
    def is_cluster(self) -> NDArray[np.bool_]:
        """Which points are surveyed clusters, in the order of the cluster table."""
        return np.asarray(self.kind == CLUSTER)


def village_points(villages: pd.DataFrame, clusters: pd.DataFrame, people: pd.DataFrame) -> VillagePoints:
    """Return the sample points of all villages: centres in the table's order, then clusters and people in theirs.

    A village without a place has no point; its status will be unknown.

    Parameters
    ----------
    villages, clusters
        Columns village_id, longitude, latitude; clusters also cluster_id.
    people
        Columns village_id, point_id, longitude, latitude, people.
    """
    located = villages[villages["longitude"].notna() & villages["latitude"].notna()]
    tables = (located, clusters, people)
    lengths = [len(table) for table in tables]

    def stacked(column: str) -> NDArray[np.float64]:
        return np.concatenate([table[column].to_numpy(dtype=np.float64) for table in tables])

    import pandas as pd

    rows = pd.Index(villages["village_id"])
    kind = np.repeat(np.array([CENTRE, CLUSTER, PEOPLE], dtype=np.int8), lengths)
    names = [np.full(len(located), "", dtype=object), clusters["cluster_id"], people["point_id"]]
    return VillagePoints(
        points=SamplePoints(stacked("longitude"), stacked("latitude"), spread=kind == CENTRE),
        village=np.concatenate([rows.get_indexer(table["village_id"]) for table in tables]).astype(np.int64),
        kind=kind,
        name=np.concatenate([np.asarray(part, dtype=object) for part in names]),
        people=np.concatenate([np.zeros(lengths[0] + lengths[1]), people["people"].to_numpy(dtype=np.float64)]),
    )

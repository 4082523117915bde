"""Sample points: each village's centre, then its surveyed residential clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.reach import SamplePoints

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class VillagePoints:
    """Sample points with the village each belongs to; arrays of shape (points,).

    ``village`` is the row in the village table; ``cluster`` the row in the cluster table, -1 for a centre.
    """

    points: SamplePoints
    village: NDArray[np.int64]
    cluster: NDArray[np.int64]

    @property
    def is_centre(self) -> NDArray[np.bool_]:
        """Which points are centres."""
        return self.cluster < 0


def village_points(villages: pd.DataFrame, clusters: pd.DataFrame) -> VillagePoints:
    """Return the sample points of all villages: centres in the table's order, then clusters in theirs.

    A village without a place has no point; its status will be unknown.
    """
    import pandas as pd

    located = np.flatnonzero(villages["longitude"].notna() & villages["latitude"].notna())
    village_of_cluster = pd.Index(villages["village_id"]).get_indexer(clusters["village_id"])
    longitude = np.concatenate([villages["longitude"].to_numpy(float)[located], clusters["longitude"].to_numpy(float)])
    latitude = np.concatenate([villages["latitude"].to_numpy(float)[located], clusters["latitude"].to_numpy(float)])
    cluster = np.concatenate([np.full(len(located), -1), np.arange(len(clusters))])
    return VillagePoints(
        points=SamplePoints(longitude, latitude, spread=cluster < 0),
        village=np.concatenate([located, village_of_cluster]).astype(np.int64),
        cluster=cluster.astype(np.int64),
    )

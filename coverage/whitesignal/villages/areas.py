"""Which commune, district and province a position stands in, as the village table tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

AREA_COLUMNS = ("commune", "district", "province")


def position_areas(positions: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return commune, district and province of each position, indexed as ``positions``.

    Parameters
    ----------
    positions
        Columns longitude and latitude.
    villages
        The village table; polygons tell by containing, the first in the table's order where they overlap.
        A position in no polygon takes the area of the village whose centre is nearest.
    """
    import shapely

    points = shapely.points(positions["longitude"].to_numpy(float), positions["latitude"].to_numpy(float))
    row = np.full(len(positions), -1, dtype=np.int64)
    outlines = villages.geometry.to_numpy()
    polygonal = np.flatnonzero(shapely.get_dimensions(outlines) == 2)
    if len(polygonal):
        tree = shapely.STRtree(outlines[polygonal])
        position, polygon = tree.query(points, predicate="intersects")
        order = np.lexsort((polygon, position))
        found, first = np.unique(position[order], return_index=True)
        row[found] = polygonal[polygon[order][first]]
    missing = row < 0
    row[missing] = nearest_centre(points[missing], villages)
    columns = {}
    for column in AREA_COLUMNS:
        names = np.append(villages[column].fillna("").to_numpy(dtype=object), "")
        columns[column] = names[row]
    import pandas as pd

    return pd.DataFrame(columns, index=positions.index)


def nearest_centre(points: NDArray[np.object_], villages: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the row of the village whose centre is nearest to each point, -1 where no village has a place.

    Parameters
    ----------
    points
        shapely points in WGS 84 degrees, shape (n,).
    """
    located = np.flatnonzero(villages["longitude"].notna())
    if len(located) == 0 or len(points) == 0:
        return np.full(len(points), -1, dtype=np.int64)
    import shapely
    from scipy.spatial import cKDTree

    scale = np.cos(np.radians(villages["latitude"].to_numpy(float)[located].mean()))
    centres = villages[["longitude", "latitude"]].to_numpy(float)[located] * [scale, 1.0]
    places = np.column_stack([shapely.get_x(points) * scale, shapely.get_y(points)])
    _, nearest = cKDTree(centres).query(places)
    return np.asarray(located[nearest], dtype=np.int64)

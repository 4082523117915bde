"""Where the province ends: a mast beyond its border is nobody's to build."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.inputs.vector import burnt_cells

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from whitesignal.grid import Terrain

POLYGONAL = 2
"""The dimension of an outline, as shapely counts."""


def province_cells(villages: gpd.GeoDataFrame, terrain: Terrain, *, gap_km: float) -> NDArray[np.bool_] | None:
    """Return which cells of the terrain lie within the villages' outlines; None where a village has none.

    Parameters
    ----------
    villages
        The village table, in degrees.
    gap_km
        Land between outlines belongs to them where it is narrower than this: forest and rivers between villages.
    """
    import shapely

    if not (shapely.get_dimensions(villages.geometry.to_numpy()) == POLYGONAL).all():
        return None
    grid = terrain.grid
    land = burnt_cells(list(villages.geometry.to_crs(grid.crs)), grid.shape, grid.transform)
    return land | _closed(land, 500.0 * gap_km / terrain.resolution_m)


def _closed(land: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """Return the land with the gaps filled that a disc of that radius does not fit into; in cells."""
    from scipy.ndimage import distance_transform_edt

    if not land.any():
        return land
    beside = math.ceil(radius) + 1
    grown = distance_transform_edt(~np.pad(land, beside)) <= radius
    inner = (slice(beside, -beside),) * 2
    return np.asarray((distance_transform_edt(grown) > radius)[inner])

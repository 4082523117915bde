"""What a map shows of the land beside the results: shaded relief and outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.geodesy import metres_per_degree
from whitesignal.grid import Grid, Raster

if TYPE_CHECKING:
    import geopandas as gpd

    from whitesignal.grid import Terrain

MAX_CELLS_ACROSS = 900
"""A map of a province shows no more; finer terrain is thinned."""

SUN_AZIMUTH_DEG = 315.0
SUN_ELEVATION_DEG = 45.0
EXAGGERATION = 1.5


def hillshade(terrain: Terrain) -> Raster:
    """Return shaded relief from 1 (dark) to 255 (lit), whole numbers, on a thinned grid of the terrain's CRS.

    NaN on voids.

    Notes
    -----
    Lambertian shading with the sun in the north-west: 255 · max(0, cos of the angle between sun and surface normal).
    """
    from affine import Affine
    from pyproj import CRS

    step = max(1, -(-max(terrain.height_m.shape) // MAX_CELLS_ACROSS))
    height_m = terrain.height_m[::step, ::step].astype(np.float64) * EXAGGERATION
    thinned = terrain.grid.transform * Affine.scale(step)
    shape = (int(height_m.shape[0]), int(height_m.shape[1]))
    grid = Grid(terrain.grid.crs, thinned, shape)
    east_m, north_m = 1.0, 1.0
    if CRS.from_user_input(grid.crs).is_geographic:
        degrees_m = metres_per_degree((grid.bounds[1] + grid.bounds[3]) / 2.0)
        east_m, north_m = float(degrees_m[0]), float(degrees_m[1])
    if min(height_m.shape) < 2:
        return Raster(grid, np.full(height_m.shape, np.nan, dtype=np.float32))
    down, right = np.gradient(height_m)
    slope_east, slope_north = right / (thinned.a * east_m), down / (thinned.e * north_m)
    azimuth, elevation = np.radians(SUN_AZIMUTH_DEG), np.radians(SUN_ELEVATION_DEG)
    towards_sun = (
        np.sin(elevation)
        - slope_east * np.cos(elevation) * np.sin(azimuth)
        - slope_north * np.cos(elevation) * np.cos(azimuth)
    )
    shade = 255.0 * towards_sun / np.sqrt(1.0 + slope_east**2 + slope_north**2)
    # As a file of bytes holds it, 0 kept for voids: a map drawn from the folder is the one drawn by the run.
    shade = np.rint(np.clip(shade, 1.0, 255.0))
    shade[terrain.void[::step, ::step]] = np.nan
    return Raster(grid, shade.astype(np.float32))


def outlines(villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the outlines of districts and communes, dissolved from village polygons; columns level and name.

    Villages that are points have none.
    """
    import geopandas as gpd
    import pandas as pd

    polygons = villages[villages.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    parts = []
    for level, columns in (("district", ["district"]), ("commune", ["district", "commune"])):
        named = polygons[polygons[columns[-1]] != ""]
        if named.empty:
            continue
        dissolved = named[[*columns, "geometry"]].dissolve(columns).reset_index()
        parts.append(gpd.GeoDataFrame({"level": level, "name": dissolved[columns[-1]]}, geometry=dissolved.geometry))
    if not parts:
        return gpd.GeoDataFrame({"level": [], "name": []}, geometry=[], crs="EPSG:4326")
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs="EPSG:4326")

"""Coverage polygons: where a generation serves, dissolved from the radio map per operator and threshold."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.best_server import NO_LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from whitesignal.bands import Generation, Thresholds
    from whitesignal.grid import Grid
    from whitesignal.project import ThresholdName
    from whitesignal.radio.best_server import RadioMap

POLYGON_COLUMNS = ("generation", "operator", "threshold", "level_dbm", "area_km2", "people")
POLYGON_CELL_M = 250.0
"""Outlines are drawn on cells at least about this wide: on finer ones they would be dust, and grow beyond any use."""

THRESHOLD_NAMES: tuple[ThresholdName, ...] = ("service", "basic", "good")


def no_polygons() -> gpd.GeoDataFrame:
    """Return the polygons of a question that computes no levels over the land: none."""
    import geopandas as gpd

    return gpd.GeoDataFrame({name: [] for name in POLYGON_COLUMNS}, geometry=[], crs="EPSG:4326")


def coverage_polygons(
    radio_map: RadioMap, thresholds: Mapping[Generation, Thresholds], population: Path | None
) -> gpd.GeoDataFrame:
    """Return one multipolygon per generation, operator and threshold where something is covered, in EPSG:4326.

    A cell is covered where some station's level reaches the threshold and the telephone's uplink reaches the station.
    ``operator`` "any" is all together. ``area_km2`` is the cells'; ``people`` the population raster's sum inside, NaN
    without one. On maps finer than ``POLYGON_CELL_M`` an outline takes blocks of cells of which at least half are
    covered, so it may be empty where little is.
    """
    import geopandas as gpd

    rows: list[dict[str, object]] = []
    geometries = []
    cell_km2 = abs(radio_map.grid.transform.determinant) / 1e6
    for (generation, operator), centi_dbm in radio_map.served.items():
        for name in THRESHOLD_NAMES:
            level_dbm = getattr(thresholds[generation], name)
            mask = (centi_dbm != NO_LEVEL) & (centi_dbm >= round(level_dbm * 100.0))
            if not mask.any():
                continue
            geometries.append(_dissolved(*_coarser(mask, radio_map.grid)))
            rows.append(
                {
                    "generation": generation,
                    "operator": operator,
                    "threshold": name,
                    "level_dbm": level_dbm,
                    "area_km2": float(mask.sum()) * cell_km2,
                }
            )
    table = gpd.GeoDataFrame(rows, geometry=geometries, crs=radio_map.grid.crs).to_crs("EPSG:4326")
    if table.empty:
        table = gpd.GeoDataFrame({name: [] for name in POLYGON_COLUMNS}, geometry=[], crs="EPSG:4326")
    table["people"] = np.nan if population is None or table.empty else _people(table, population)
    return table[[*POLYGON_COLUMNS, "geometry"]]


def _coarser(mask: NDArray[np.bool_], grid: Grid) -> tuple[NDArray[np.bool_], Grid]:
    """Return a mask on blocks of cells, each true where at least half of its cells are; itself where cells are wide."""
    from affine import Affine

    factor = int(POLYGON_CELL_M // math.sqrt(abs(grid.transform.determinant)))
    if factor < 2:
        return mask, grid
    rows, columns = (-(-size // factor) for size in mask.shape)
    padded = np.zeros((rows * factor, columns * factor), dtype=bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    share = padded.reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    return share >= 0.5, replace(grid, transform=grid.transform * Affine.scale(factor), shape=(rows, columns))


def _dissolved(mask: NDArray[np.bool_], grid: Grid) -> object:
    import rasterio.features
    import shapely

    shapes = rasterio.features.shapes(mask.astype(np.uint8), mask=mask, transform=grid.transform)
    polygons = [shapely.geometry.shape(geometry) for geometry, _ in shapes]
    return shapely.MultiPolygon(polygons)


def _people(table: gpd.GeoDataFrame, population: Path) -> NDArray[np.float64]:
    """Return the people inside each polygon, cells cut exactly."""
    import rasterio
    from exactextract import exact_extract

    with rasterio.open(population) as dataset:
        crs = dataset.crs
    counted = exact_extract(str(population), table[["geometry"]].to_crs(crs), ["sum"], output="pandas")
    return np.asarray(counted["sum"], dtype=np.float64)

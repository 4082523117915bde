"""People per village from a raster, and where inside a polygon they live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

CELL_OPERATIONS = ["values", "coverage", "center_x", "center_y"]


def people_and_centres(raster: Path | None, frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the villages with what a population raster adds: people where none are given, and polygons' centres.

    A population that is given wins over the raster. The centre of a polygon without a given one is the mean of its
    cells' centres weighted by their people, or, where that falls outside, the populated cell's centre nearest to it
    that is inside.

    Raises
    ------
    InputError
        A raster that cannot be read or says no CRS.
    """
    if raster is None:
        return frame, []
    polygons = frame["area_km2"].gt(0.0).to_numpy(dtype=bool)
    result = frame.copy()
    if not polygons.any():
        message = "the villages are points, which a population raster says nothing about; it is not used"
        return result, [Finding("info", message, str(raster))]
    people, centres = _from_cells(raster, frame[polygons])
    at = np.flatnonzero(polygons)
    findings = _fill_people(result, at, people, raster)
    wanted = result["centre_from"].to_numpy()[at] == ""
    found = wanted & np.isfinite(centres).all(axis=1)
    rows = result.index[at[found]]
    result.loc[rows, "longitude"], result.loc[rows, "latitude"] = centres[found, 0], centres[found, 1]
    result.loc[rows, "centre_from"] = "population"
    return result, findings


def require_people_raster(raster: Path) -> None:
    """Raise an InputError where a file is no raster or says no CRS."""
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(raster) as source:
            located = source.crs is not None
    except RasterioIOError as error:
        raise InputError(f"{raster}: not a raster that can be read ({error})") from error
    if not located:
        raise InputError(f"{raster}: says no coordinate reference system; write it into the file")


def _fill_people(
    result: gpd.GeoDataFrame, at: NDArray[np.intp], people: NDArray[np.float64], raster: Path
) -> list[Finding]:
    """Give the raster's people, in place, to the villages that have no number."""
    given = result["population"].notna().to_numpy(dtype=bool)
    empty = at[~given[at]]
    result.loc[result.index[empty], "population"] = people[~given[at]]
    findings = []
    if given.any():
        message = f"{int(given.sum())} of {len(result)} villages have a population in their file; it wins over this"
        findings.append(Finding("info", message, str(raster), None, "population"))
    if len(empty):
        message = f"the population of {len(empty)} of {len(result)} villages is summed from the raster"
        findings.append(Finding("info", message, str(raster), None, "population"))
    return findings


def _from_cells(raster: Path, villages: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return people (n,) and centres (n, 2) in degrees of polygons; NaN where the raster knows nobody."""
    import geopandas as gpd
    import rasterio
    from exactextract import exact_extract
    from pyproj import Transformer

    require_people_raster(raster)
    with rasterio.open(raster) as source:
        crs = source.crs.to_wkt()
        frame = gpd.GeoDataFrame(geometry=villages.geometry.to_crs(crs).array, crs=crs)
        cells = exact_extract(source, frame, CELL_OPERATIONS, output="pandas")
    people = np.full(len(frame), np.nan)
    centres = np.full((len(frame), 2), np.nan)
    for at, shape in enumerate(frame.geometry):
        people[at], centres[at] = _weighted(shape, cells.iloc[at])
    degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    known = np.isfinite(centres).all(axis=1)
    centres[known] = np.column_stack(degrees.transform(centres[known, 0], centres[known, 1]))
    return people, centres


def _weighted(shape: Any, cells: Any) -> tuple[float, tuple[float, float]]:
    """Return one polygon's people and the place that stands for where they live, in the raster's system."""
    import shapely

    values = np.ma.filled(np.ma.asarray(cells["values"], dtype=np.float64), np.nan)
    weights = np.where(np.isfinite(values) & (values > 0.0), values, 0.0) * np.asarray(cells["coverage"])
    total = float(weights.sum())
    if not np.isfinite(values).any():
        return np.nan, (np.nan, np.nan)
    if total <= 0.0:
        return 0.0, (np.nan, np.nan)
    eastings, northings = np.asarray(cells["center_x"]), np.asarray(cells["center_y"])
    mean = float(np.average(eastings, weights=weights)), float(np.average(northings, weights=weights))
    if shapely.contains_xy(shape, *mean):
        return total, mean
    inside = (weights > 0.0) & shapely.contains_xy(shape, eastings, northings)
    if not inside.any():
        return total, (np.nan, np.nan)
    nearest = np.argmin(np.where(inside, np.hypot(eastings - mean[0], northings - mean[1]), np.inf))
    return total, (float(eastings[nearest]), float(northings[nearest]))

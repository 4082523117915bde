"""People per village from a raster, and where inside a polygon they live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding
from whitesignal.inputs.people_points import sample_people

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import Transformer

PEOPLE_COLUMNS = ("village_id", "point_id", "longitude", "latitude", "people")

CELL_OPERATIONS = ["values", "coverage", "center_x", "center_y"]


def people_and_centres(
    raster: Path | None, frame: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Finding]]:
    """Return the villages with what a population raster adds, and points where the people of bare polygons live.

    It adds people where none are given, and polygons' centres.

    A population that is given wins over the raster. The centre of a polygon without a given one is the mean of its
    cells' centres weighted by their people, or, where that falls outside, the populated cell's centre nearest to it
    that is inside. Such a polygon, of which only the outline is known, gets at most `people_points.MOST_POINTS` points
    that stand for its people, in the columns of ``PEOPLE_COLUMNS``.

    Raises
    ------
    InputError
        A raster that cannot be read or says no CRS.
    """
    if raster is None:
        return frame, _people_table([]), []
    polygons = frame["area_km2"].gt(0.0).to_numpy(dtype=bool)
    result = frame.copy()
    if not polygons.any():
        message = "the villages are points, which a population raster says nothing about; it is not used"
        return result, _people_table([]), [Finding("info", message, str(raster))]
    settled = _from_cells(raster, frame[polygons])
    at = np.flatnonzero(polygons)
    findings = _fill_people(result, at, np.array([one.people for one in settled]), raster)
    wanted = result["centre_from"].to_numpy()[at] == ""
    centres = np.array([one.centre for one in settled])
    found = wanted & np.isfinite(centres).all(axis=1)
    rows = result.index[at[found]]
    result.loc[rows, "longitude"], result.loc[rows, "latitude"] = centres[found, 0], centres[found, 1]
    result.loc[rows, "centre_from"] = "population"
    village_ids = result["village_id"].to_numpy(dtype=object)[at]
    bare = [(village_ids[k], settled[k].points) for k in np.flatnonzero(found)]
    return result, _people_table(bare), findings


def _people_table(bare: list[tuple[str, NDArray[np.float64]]]) -> pd.DataFrame:
    """Return the points of villages given as (longitude, latitude, people), shape (n, 3) each."""
    import pandas as pd

    rows = [
        (village_id, f"people-{number}", *point)
        for village_id, points in bare
        for number, point in enumerate(points.tolist(), start=1)
    ]
    table = pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS))
    return table.astype({"longitude": "float64", "latitude": "float64", "people": "float64"})


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


@dataclass(frozen=True, slots=True)
class _Settled:
    """Where one polygon's people live: their number, the place that stands for all of them, and some for parts.

    ``people`` is NaN where the raster knows nothing, ``centre`` and ``points``, shape (n, 3), in degrees.
    """

    people: float
    centre: tuple[float, float]
    points: NDArray[np.float64]


NOBODY = np.empty((0, 3))
NOWHERE = (np.nan, np.nan)


def _from_cells(raster: Path, villages: gpd.GeoDataFrame) -> list[_Settled]:
    """Return where the people of polygons live, in their order."""
    import geopandas as gpd
    import rasterio
    from exactextract import exact_extract
    from pyproj import Transformer

    require_people_raster(raster)
    with rasterio.open(raster) as source:
        crs = source.crs.to_wkt()
        frame = gpd.GeoDataFrame(geometry=villages.geometry.to_crs(crs).array, crs=crs)
        cells = exact_extract(source, frame, CELL_OPERATIONS, output="pandas")
    degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return [_settled(shape, cells.iloc[at], degrees) for at, shape in enumerate(frame.geometry)]


def _settled(shape: Any, cells: Any, degrees: Transformer) -> _Settled:
    """Return where one polygon's people live, from the raster's cells and in its system."""
    import shapely

    values = np.ma.filled(np.ma.asarray(cells["values"], dtype=np.float64), np.nan)
    weights = np.where(np.isfinite(values) & (values > 0.0), values, 0.0) * np.asarray(cells["coverage"])
    total = float(weights.sum())
    if not np.isfinite(values).any():
        return _Settled(np.nan, NOWHERE, NOBODY)
    if total <= 0.0:
        return _Settled(0.0, NOWHERE, NOBODY)
    eastings, northings = np.asarray(cells["center_x"]), np.asarray(cells["center_y"])
    inside = (weights > 0.0) & shapely.contains_xy(shape, eastings, northings)
    centre = float(np.average(eastings, weights=weights)), float(np.average(northings, weights=weights))
    if not shapely.contains_xy(shape, *centre):
        if not inside.any():
            return _Settled(total, NOWHERE, NOBODY)
        nearest = np.argmin(np.where(inside, np.hypot(eastings - centre[0], northings - centre[1]), np.inf))
        centre = float(eastings[nearest]), float(northings[nearest])
    taken, people = sample_people(eastings[inside], northings[inside], weights[inside])
    longitude, latitude = degrees.transform(eastings[inside][taken], northings[inside][taken])
    points = np.column_stack([longitude, latitude, people]) if len(taken) else NOBODY
    return _Settled(total, degrees.transform(*centre), points)

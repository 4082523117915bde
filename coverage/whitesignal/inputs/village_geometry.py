"""Villages' geometries: repaired where they cross themselves, measured, and their given centres checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.findings import Finding, some_rows

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

EQUAL_AREA = "EPSG:6933"
"""NSIDC EASE-Grid 2.0: equal-area on the ellipsoid, so areas of polygons in degrees come out within rounding."""

POLYGONS = ("Polygon", "MultiPolygon")
POINTS = ("Point", "MultiPoint")


def repaired(
    shapes: gpd.GeoSeries, rows: NDArray[np.int64], file: str
) -> tuple[gpd.GeoSeries, NDArray[np.object_], list[Finding]]:
    """Return geometries that are valid and flat, why a row's is of no use, and what was noticed.

    A missing or empty geometry is kept as None: that village has no position, which is a finding, not a reason.
    """
    import geopandas as gpd
    import shapely

    flat = gpd.GeoSeries(shapely.force_2d(np.asarray(shapes.array)), crs=shapes.crs)
    nowhere = (flat.isna() | flat.is_empty).to_numpy(dtype=bool)
    kinds = flat.geom_type.fillna("").to_numpy(dtype=object)
    wrong = ~nowhere & ~np.isin(kinds, POLYGONS + POINTS)
    reasons = np.array([f"geometry is a {kind}, not a point or polygon" if bad else ""
                        for kind, bad in zip(kinds, wrong, strict=True)], dtype=object)  # fmt: skip
    invalid = ~nowhere & ~wrong & ~flat.is_valid.to_numpy(dtype=bool)
    flat[invalid] = [_polygons_of(shapely.make_valid(shape)) for shape in flat[invalid]]
    several = np.isin(kinds, "MultiPoint")
    flat[several] = shapely.centroid(np.asarray(flat[several].array))
    flat[nowhere] = None
    findings = [
        Finding("warning", "village without a geometry; its status will be unknown", file, int(rows[at]), "geometry")
        for at in np.flatnonzero(nowhere)
    ]
    if invalid.any():
        listed = some_rows(rows[invalid].tolist())
        message = f"{int(invalid.sum())} polygons cross themselves and were repaired ({listed})"
        findings.append(Finding("warning", message, file, None, "geometry"))
    return flat, reasons, findings


def _polygons_of(shape: object) -> object:
    """Return what of a repaired geometry has an area."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type in POLYGONS]
    return shapely.union_all(parts) if parts else None


def areas_km2(shapes: gpd.GeoSeries) -> NDArray[np.float64]:
    """Return the areas of polygons; NaN for points and nothing. [km²]"""
    is_polygon = shapes.geom_type.isin(POLYGONS).to_numpy(dtype=bool)
    areas = shapes.to_crs(EQUAL_AREA).area.to_numpy(dtype=np.float64) / 1e6
    return np.where(is_polygon, areas, np.nan)


def given_centres(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the table with the centres that are given: a point's own place, or longitude and latitude columns."""
    import geopandas as gpd

    result = frame.copy()
    points = (frame.geometry.geom_type == "Point").to_numpy(dtype=bool)
    given = frame["longitude"].notna().to_numpy(dtype=bool)
    result.loc[points, "longitude"] = frame.geometry[points].x
    result.loc[points, "latitude"] = frame.geometry[points].y
    result["centre_from"] = np.where(points | given, "given", "")
    beside = given & ~points & frame.geometry.notna().to_numpy(dtype=bool)
    centres = gpd.GeoSeries.from_xy(result["longitude"], result["latitude"], crs=frame.crs, index=frame.index)
    stray = beside & ~frame.geometry.covers(centres).to_numpy(dtype=bool)
    if not stray.any():
        return result, []
    message = (
        f"{int(stray.sum())} villages have a given centre outside their polygon "
        f"({some_rows(frame.loc[stray, 'row'].tolist())}); the given centre stands"
    )
    return result, [Finding("warning", message, str(frame["file"].iloc[0]), None, "longitude")]

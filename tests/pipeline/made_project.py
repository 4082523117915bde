"""Small projects made in code: the land is a formula and places are kilometres, so that answers can be worked out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from affine import Affine
from pyproj import Transformer

UTM = "EPSG:32648"
ORIGIN_EASTING_M, ORIGIN_NORTHING_M = 500_000.0, 2_500_000.0
"""The land's middle, on the zone's central meridian: 105° E, 22.6° N."""

Heights = np.ndarray
Ground = Callable[[np.ndarray, np.ndarray], Heights]
"""(kilometres east of the middle, kilometres north of it) → metres above sea level."""

TOML = "[radio]\nmodel = 'p526'\nengine = 'exact'\nresolution_m = 2000\n"


def flat(height_m: float = 100.0) -> Ground:
    """Return level land."""
    return lambda east_km, north_km: np.full(np.broadcast(east_km, north_km).shape, height_m)


def ridge(east_km: float, height_m: float, *, half_width_km: float = 0.5, base_m: float = 100.0) -> Ground:
    """Return level land with a ridge from south to north, like a roof."""
    return lambda e, n: base_m + height_m * np.clip(1.0 - np.abs(e - east_km) / half_width_km, 0.0, 1.0) + 0.0 * n


def valley(depth_m: float, *, half_width_km: float = 4.0, base_m: float = 600.0) -> Ground:
    """Return high land with a valley from south to north through the middle."""
    return lambda e, n: base_m - depth_m * np.clip(1.0 - np.abs(e) / half_width_km, 0.0, 1.0) + 0.0 * n


def cone(height_m: float, *, radius_km: float = 5.0, base_m: float = 100.0) -> Ground:
    """Return level land with a round mountain in the middle."""
    return lambda e, n: base_m + height_m * np.clip(1.0 - np.hypot(e, n) / radius_km, 0.0, 1.0)


def place(east_km: float, north_km: float) -> tuple[float, float]:
    """Return longitude and latitude of a place given in kilometres from the middle. [°]"""
    to_degrees = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    return to_degrees.transform(ORIGIN_EASTING_M + 1000.0 * east_km, ORIGIN_NORTHING_M + 1000.0 * north_km)


def square(east_km: float, north_km: float, side_km: float) -> shapely.Polygon:
    """Return a square in degrees around a place."""
    half = side_km / 2.0
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    return shapely.Polygon([place(east_km + east, north_km + north) for east, north in corners])


def station(station_id: str, east_km: float, north_km: float, generation: str = "4G", **columns: Any) -> dict[str, Any]:
    """Return a row of a register."""
    longitude, latitude = place(east_km, north_km)
    return {
        "station_id": station_id, "operator": "Viettel", "generation": generation, "longitude": longitude,
        "latitude": latitude, **columns,
    }  # fmt: skip


def village(village_id: str, east_km: float, north_km: float, **columns: Any) -> dict[str, Any]:
    """Return a row of a list of villages; ``geometry`` among the columns makes it a polygon."""
    longitude, latitude = place(east_km, north_km)
    return {
        "village_id": village_id, "name": f"Bản {village_id}", "commune": "Lũng Cú", "district": "Đồng Văn",
        "province": "Hà Giang", "longitude": longitude, "latitude": latitude, **columns,
    }  # fmt: skip


def cluster(village_id: str, east_km: float, north_km: float) -> dict[str, Any]:
    """Return a residential cluster."""
    return {"village_id": village_id, "geometry": shapely.Point(place(east_km, north_km))}


def write_terrain(
    file: Path,
    ground: Ground,
    *,
    crs: str = UTM,
    cell_m: float = 100.0,
    size_km: float = 24.0,
    void: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> Path:
    """Write a land as a GeoTIFF: a square around the middle, ``void`` says where nothing is known."""
    count = round(size_km * 1000.0 / cell_m)
    half_m = size_km * 500.0
    if crs == UTM:
        transform = Affine(cell_m, 0, ORIGIN_EASTING_M - half_m, 0, -cell_m, ORIGIN_NORTHING_M + half_m)
    else:
        (west, south), (east, north) = place(-size_km / 2, -size_km / 2), place(size_km / 2, size_km / 2)
        transform = Affine((east - west) / count, 0, west, 0, (south - north) / count, north)
    columns, rows = np.meshgrid(np.arange(count) + 0.5, np.arange(count) + 0.5)
    to_metres = Transformer.from_crs(crs, UTM, always_xy=True)
    across, down = transform.a * columns + transform.c, transform.e * rows + transform.f
    easting_m, northing_m = to_metres.transform(across, down)
    east_km, north_km = (easting_m - ORIGIN_EASTING_M) / 1000.0, (northing_m - ORIGIN_NORTHING_M) / 1000.0
    heights = np.asarray(ground(east_km, north_km), dtype=np.float32)
    if void is not None:
        heights = np.where(void(east_km, north_km), np.float32(-9999.0), heights)
    with rasterio.open(
        file, "w", driver="GTiff", width=count, height=count, count=1, dtype="float32", crs=crs, transform=transform,
        nodata=-9999.0,
    ) as target:  # fmt: skip
        target.write(heights, 1)
    return file


def write_table(file: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as CSV; a column that a row lacks is blank."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def write_villages(folder: Path, rows: Sequence[Mapping[str, Any]], clusters: Sequence[Mapping[str, Any]]) -> Path:
    """Write villages as CSV, or as GeoPackage where some are polygons or have clusters."""
    if not clusters and not any("geometry" in row for row in rows):
        return write_table(folder / "villages.csv", rows)
    file = folder / "villages.gpkg"
    drawn = [
        row if "geometry" in row else {**row, "geometry": shapely.Point(row["longitude"], row["latitude"])}
        for row in rows
    ]
    gpd.GeoDataFrame(drawn, crs="EPSG:4326").to_file(file, layer="villages", engine="pyogrio")
    if clusters:
        gpd.GeoDataFrame(list(clusters), crs="EPSG:4326").to_file(file, layer="clusters", engine="pyogrio")
    return file


def write_project(
    folder: Path,
    *,
    stations: Sequence[Mapping[str, Any]],
    villages: Sequence[Mapping[str, Any]],
    clusters: Sequence[Mapping[str, Any]] = (),
    ground: Ground | None = None,
    toml: str = TOML,
    head: str = "",
    inputs: str = "",
    **terrain: Any,
) -> Path:
    """Write a project and return its folder; ``head`` goes under [project], ``inputs`` under [inputs]."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "stations.csv", stations)
    village_file = write_villages(folder, villages, clusters)
    write_terrain(folder / "terrain.tif", ground or flat(), **terrain)
    (folder / "project.toml").write_text(
        f"[project]\nname = 'Thử'\n{head}\n[inputs]\nstations = 'stations.csv'\nvillages = '{village_file.name}'\n"
        f"terrain = 'terrain.tif'\n{inputs}\n{toml}",
        encoding="utf-8",
    )
    return folder

"""From a made sample to the files of a project folder, byte for byte the same each time, and labelled synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samples.relief import Lattice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import shapely
    from numpy.typing import NDArray

WGS84 = "EPSG:4326"
VILLAGE_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "households", "has_grid_power",
    "declared_status", "declared_on", "covered_on", "longitude", "latitude",
)  # fmt: skip
LABEL = "SYNTHETIC: invented for the whitesignal sample, no survey, register or terrain model lies behind it"
WRITTEN = "2023-06-30T00:00:00.000Z"
"""What a GeoPackage gives as its time of change: the sample's own date, so that its bytes repeat."""
POPULATION_CELL = 6
"""A cell of the population raster is so many of the terrain's: 18 arc-seconds, some 540 m."""


def _write_raster(path: Path, values: NDArray, lattice: Lattice, *, predictor: int, tags: dict[str, str]) -> None:
    import rasterio
    from rasterio.transform import from_origin

    with rasterio.open(
        path, "w", driver="GTiff", width=lattice.shape[1], height=lattice.shape[0], count=1, dtype=values.dtype.name,
        crs=WGS84, transform=from_origin(lattice.west, lattice.north, lattice.cell_deg, lattice.cell_deg),
        compress="deflate", zlevel=9, predictor=predictor, tiled=True, blockxsize=256, blockysize=256,
    ) as raster:  # fmt: skip
        raster.write(values, 1)
        raster.set_band_description(1, tags.pop("band"))
        raster.update_tags(SYNTHETIC="true", TIFFTAG_IMAGEDESCRIPTION=LABEL, **tags)


def write_terrain(path: Path, height_m: NDArray[np.float32], lattice: Lattice) -> None:
    """Write heights as whole metres."""
    tags = {"band": "metres above sea level (synthetic)", "UNITS": "m"}
    _write_raster(path, np.rint(height_m).astype(np.int16), lattice, predictor=2, tags=tags)


def population_raster(
    villages: pd.DataFrame, polygons: Sequence[shapely.Polygon], clusters: pd.DataFrame, lattice: Lattice
) -> tuple[NDArray[np.float32], Lattice]:
    """Return people per cell: each village's, gathered about its centre and clusters and nowhere outside it."""
    from rasterio.features import rasterize
    from rasterio.transform import from_origin
    from scipy.spatial import cKDTree

    transform = from_origin(lattice.west, lattice.north, lattice.cell_deg, lattice.cell_deg)
    shapes = ((polygon, site + 1) for site, polygon in enumerate(polygons))
    village = rasterize(shapes, out_shape=lattice.shape, transform=transform, dtype="int32") - 1
    centre_row, centre_column = lattice.row_column(villages["longitude"].to_numpy(), villages["latitude"].to_numpy())
    # A centre's own cell is its village's, even where the raster's middle of it falls to a neighbour.
    village[np.rint(centre_row).astype(int), np.rint(centre_column).astype(int)] = np.arange(len(villages))
    rows, columns = np.nonzero(village >= 0)
    cell_km = np.array([lattice.north_m, lattice.east_m]) / 1000
    homes = [np.column_stack([centre_row, centre_column])]
    homes.append(np.column_stack(lattice.row_column(clusters["longitude"].to_numpy(), clusters["latitude"].to_numpy())))
    away_km, _ = cKDTree(np.vstack(homes) * cell_km).query(np.column_stack([rows, columns]) * cell_km)
    weight = np.exp(-0.5 * (away_km / 0.35) ** 2) + 0.01
    owner = village[rows, columns]
    persons = villages["population"].to_numpy()[owner] * weight / np.bincount(owner, weight)[owner]
    shape = (lattice.shape[0] // POPULATION_CELL, lattice.shape[1] // POPULATION_CELL)
    coarse = Lattice(lattice.west, lattice.north, lattice.cell_deg * POPULATION_CELL, shape)
    counts = np.zeros(coarse.shape)
    np.add.at(counts, (rows // POPULATION_CELL, columns // POPULATION_CELL), persons)
    return counts.round(3).astype(np.float32), coarse


def write_population(path: Path, counts: NDArray[np.float32], lattice: Lattice) -> None:
    """Write people per cell."""
    _write_raster(path, counts, lattice, predictor=3, tags={"band": "people per cell (synthetic)", "UNITS": "people"})


def _write_layer(path: Path, frame: pd.DataFrame, geometry: NDArray, layer: str) -> None:
    import geopandas as gpd
    import pyogrio

    table = gpd.GeoDataFrame(frame, geometry=geometry, crs=WGS84)
    label = {"synthetic": "true", "note": LABEL}
    pyogrio.write_dataframe(
        table, path, layer=layer, driver="GPKG", append=path.exists(), layer_metadata=label, DESCRIPTION=LABEL
    )


def write_villages(
    path: Path, villages: pd.DataFrame, polygons: Sequence[shapely.Polygon], clusters: pd.DataFrame
) -> None:
    """Write the layers ``villages`` and ``clusters``, in the order of village_id."""
    import shapely

    order = villages["village_id"].to_numpy().argsort(kind="stable")
    table = villages.iloc[order][list(VILLAGE_COLUMNS)].reset_index(drop=True)
    points = shapely.points(clusters["longitude"], clusters["latitude"])
    with _new_geopackage(path):
        _write_layer(path, table, np.array(polygons, dtype=object)[order], "villages")
        _write_layer(path, clusters[["village_id", "cluster_id", "population"]], points, "clusters")


def write_sea(path: Path, sea: shapely.Polygon | shapely.MultiPolygon) -> None:
    """Write the layer ``sea``, one polygon a row."""
    import pandas as pd
    import shapely

    parts = shapely.get_parts(sea)
    with _new_geopackage(path):
        _write_layer(path, pd.DataFrame({"note": [LABEL] * len(parts)}), parts, "sea")


@contextmanager
def _new_geopackage(path: Path) -> Iterator[None]:
    """Have what is written into a GeoPackage meanwhile bear the sample's date; what the file held goes."""
    import pyogrio

    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_stations(path: Path, stations: pd.DataFrame) -> None:
    """Write the register as CSV, with whole numbers where they are whole."""
    table = stations.copy()
    for column in ("bandwidth_mhz", "power_dbm", "tilt_deg"):
        table[column] = [f"{value:g}" if value == value else "" for value in table[column].astype(float)]
    for column in ("longitude", "latitude"):
        table[column] = [f"{value:.5f}" for value in table[column]]
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_reported(file: Path, published: Path, areas: set[str]) -> None:
    """Write the published figures of some areas, as they stand in the list of all."""
    header, *lines = published.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",", 1)[0] in areas]
    file.write_text("".join([header, *kept]), encoding="utf-8", newline="\n")

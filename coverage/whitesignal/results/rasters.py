"""Rasters as Cloud-Optimised GeoTIFF: levels in hundredths of a dBm, servers as rows of stations.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.grid import Grid, Raster
from whitesignal.radio.best_server import NO_LEVEL, NO_SERVER

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LEVEL_SCALE = 0.01
NO_SERVER_STORED = 65535
BLOCK = 512


def write_level(centi_dbm: NDArray[np.int16], grid: Grid, file: Path) -> None:
    """Write a level raster: int16 hundredths of a dBm, the scale set, so that readers see dBm."""
    _write(centi_dbm, grid, file, nodata=NO_LEVEL, scale=LEVEL_SCALE, unit="dBm", overviews="average")


def write_server(station_row: NDArray[np.int32], grid: Grid, file: Path) -> None:
    """Write a best-server raster: uint16 rows of stations.csv counted from 0, 65535 where there is none.

    With more rows than that it becomes uint32 with 4294967295.
    """
    wide = bool(station_row.size) and int(station_row.max()) >= NO_SERVER_STORED
    dtype: type = np.uint32 if wide else np.uint16
    nothing = int(np.iinfo(dtype).max)
    stored: NDArray[np.generic] = np.where(station_row == NO_SERVER, nothing, station_row).astype(dtype)
    # Overviews of an index by anything but nearest would invent stations.
    _write(stored, grid, file, nodata=nothing, overviews="nearest")


def write_shade(raster: Raster, file: Path) -> None:
    """Write a hillshade: uint8, 0 where there is none."""
    stored = np.where(np.isnan(raster.values), 0.0, np.clip(raster.values, 1.0, 255.0)).astype(np.uint8)
    _write(stored, raster.grid, file, nodata=0, overviews="average")


def _write(
    values: NDArray[np.generic],
    grid: Grid,
    file: Path,
    *,
    nodata: int,
    overviews: str,
    scale: float | None = None,
    unit: str = "",
) -> None:
    import rasterio.shutil

    # The COG driver only copies, so scale and unit are set on a dataset in memory first.
    profile = {
        "driver": "GTiff", "height": grid.shape[0], "width": grid.shape[1], "count": 1, "dtype": values.dtype.name,
        "crs": grid.crs, "transform": grid.transform, "nodata": nodata,
    }  # fmt: skip
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            dataset.write(values, 1)
            if scale is not None:
                dataset.scales = (scale,)
                dataset.units = (unit,)
        with memory.open() as dataset:
            rasterio.shutil.copy(
                dataset, file, driver="COG", compress="DEFLATE", predictor="YES", blocksize=BLOCK,
                overview_resampling=overviews,
            )  # fmt: skip


def read_raster(file: Path) -> Raster:
    """Return a raster's first band with its scale applied, NaN where it has no data."""
    import rasterio

    with rasterio.open(file) as dataset:
        band = dataset.read(1, masked=True)
        # In double precision: a level of -95.00 dBm must come back as that, not beside a class's edge.
        values = (band.astype(np.float64).filled(np.nan) * dataset.scales[0]).astype(np.float32)
        grid = Grid(dataset.crs.to_string(), dataset.transform, dataset.shape)
    return Raster(grid, values)

"""Vector files: layers, and the coordinate reference system that a file says or leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

WGS84 = "EPSG:4326"


def layers_of(path: Path) -> list[str]:
    """Return the names of a vector file's layers that hold geometry, in the file's order."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        return [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except DataSourceError as error:
        raise InputError(f"{path}: not a vector file that can be read ({error})") from error


def read_layer(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Return one layer as it stands."""
    import geopandas as gpd
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=_encoding(path))
    except (DataSourceError, DataLayerError) as error:
        raise InputError(f"{path}: not a vector file that can be read ({error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: its texts are not UTF-8; add a .cpg file that names their encoding") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{path}: layer '{layer or path.stem}' holds no geometry")
    return frame


def _encoding(path: Path) -> str | None:
    """Return UTF-8 for a Shapefile that names no encoding, which would be read as Latin-1 without a complaint."""
    silent = path.suffix.lower() == ".shp" and not any(path.with_suffix(end).exists() for end in (".cpg", ".CPG"))
    return "UTF-8" if silent else None


def in_degrees(frame: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the layer in WGS 84 degrees.

    Raises
    ------
    InputError
        The file says no CRS and its coordinates cannot be degrees.
    """
    if frame.crs is not None:
        return frame.to_crs(WGS84), []
    bounds = np.asarray(frame.total_bounds, dtype=np.float64)
    if np.isfinite(bounds).all() and (np.abs(bounds[[0, 2]]).max() > 180.0 or np.abs(bounds[[1, 3]]).max() > 90.0):
        shown = ", ".join(f"{value:.0f}" for value in bounds)
        raise InputError(
            f"{path}: says no coordinate reference system and its coordinates ({shown}) are not degrees; "
            "add it to the file (a .prj beside a Shapefile)"
        )
    message = "says no coordinate reference system; its coordinates look like degrees and are taken as WGS 84"
    return frame.set_crs(WGS84), [Finding("warning", message, str(path))]


def shapes_in(path: Path, crs: str) -> list[Any]:
    """Return the shapes of a file's first layer in a coordinate system, without the empty ones."""
    shapes = in_degrees(read_layer(path), path)[0].to_crs(crs).geometry
    return [shape for shape in shapes if shape is not None and not shape.is_empty]


def burnt_cells(
    shapes: Sequence[Any], shape: tuple[int, int], transform: Any, *, all_touched: bool = False
) -> NDArray[np.bool_]:
    """Return which cells of a grid have their centre in any of the shapes, or are touched by one."""
    from rasterio.features import rasterize

    burnt = rasterize(
        shapes, out_shape=shape, transform=transform, fill=0, default_value=1, all_touched=all_touched, dtype="uint8"
    )
    return np.asarray(burnt == 1, dtype=np.bool_)

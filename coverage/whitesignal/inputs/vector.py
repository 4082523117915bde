"""Vector files: layers, and the coordinate reference system that a file says or leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding

if TYPE_CHECKING:
    import geopandas as gpd

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


def read_shapes(path: Path) -> gpd.GeoDataFrame:
    """Return a file's first layer in WGS 84 degrees."""
    return in_degrees(read_layer(path), path)[0]

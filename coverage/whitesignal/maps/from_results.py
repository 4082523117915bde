"""A map's data read back from a results folder: nothing but the folder is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from whitesignal.bands import GENERATIONS
from whitesignal.errors import InputError
from whitesignal.maps.data import MapData
from whitesignal.results.folder import RUN_RECORD, require_results
from whitesignal.results.rasters import read_raster
from whitesignal.results.tables import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

NUMBERS = ("longitude", "latitude", "band_mhz", "bandwidth_mhz", "antenna_height_m", "power_dbm", "gain_dbi",
           "tilt_deg", "beamwidth_deg")  # fmt: skip
"""Columns of stations.csv that are numbers."""


def read_map_data(results: Path) -> MapData:
    """Return what the map of a results folder is drawn from.

    Raises
    ------
    InputError
        If the folder is not a results folder, or a file of it is missing or damaged.
    """
    require_results(results)
    try:
        return _read(results)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{results}: results incomplete or damaged ({error}); run analyze again") from error


def _read(results: Path) -> MapData:
    record = json.loads((results / RUN_RECORD).read_text(encoding="utf-8"))
    stations = read_csv(results / "stations.csv", numbers=NUMBERS, truths=("counted",))
    reach = results / "reach"
    return MapData(
        title=record["project"],
        as_of=record["as_of"] or "",
        synthetic=record["synthetic"],
        model=record["model"],
        stations=stations,
        villages=_with_truths(_layer(results / "villages.gpkg", "villages"), "has_grid_power"),
        levels={name: read_raster(results / f"level_{name.lower()}.tif") for name in GENERATIONS},
        polygons=_layer(results / "coverage.gpkg", "coverage"),
        indicators=json.loads((results / "indicators.json").read_text(encoding="utf-8")),
        hillshade=read_raster(reach / "hillshade.tif"),
        outlines=_layer(reach / "outlines.gpkg", "outlines") if (reach / "outlines.gpkg").exists() else None,
        clusters=_layer(results / "villages.gpkg", "clusters"),
    )


def _with_truths(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return the layer with a column's truth values restored: where some are missing they come back as 1.0 and 0.0."""
    import pandas as pd

    truths = [None if pd.isna(value) else bool(value) for value in table[name]]
    restored: gpd.GeoDataFrame = table.assign(**{name: pd.Series(truths, dtype=object, index=table.index)})
    return restored


def _layer(file: Path, layer: str) -> gpd.GeoDataFrame:
    import geopandas as gpd
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        return gpd.read_file(file, layer=layer, engine="pyogrio")
    except (DataLayerError, DataSourceError) as error:
        raise InputError(f"{file.name}, layer {layer}: {error}") from error

"""Vector layers as GeoPackage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


def write_layers(layers: Mapping[str, pd.DataFrame], file: Path) -> None:
    """Write tables as layers of one GeoPackage, in EPSG:4326; a table without geometry has longitude and latitude."""
    for name, table in layers.items():
        located = _located(table)
        flat = located.assign(
            **{column: _nullable(located[column]) for column in located.columns if column != "geometry"}
        )
        # A village that is nowhere has no geometry, and a layer may mix polygons and points.
        flat.to_file(file, layer=name, driver="GPKG", engine="pyogrio", geometry_type="Unknown")


def _located(table: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    if isinstance(table, gpd.GeoDataFrame):
        return table
    points = gpd.points_from_xy(table["longitude"], table["latitude"])
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def _nullable(column: pd.Series) -> pd.Series:
    """Return a column that pyogrio can write: true/false/missing as a nullable truth value."""
    known = column.dropna()
    if column.dtype == object and len(known) and known.map(lambda value: isinstance(value, bool)).all():
        return column.astype("boolean")
    return column

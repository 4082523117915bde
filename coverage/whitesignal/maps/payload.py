"""A map's data as the page carries it: names, numbers, rings and images, nothing that is markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.bands import GENERATIONS, THRESHOLDS, Generation
from whitesignal.errors import InputError
from whitesignal.maps.backdrop import draw_backdrop
from whitesignal.maps.headline import headline
from whitesignal.maps.images import (
    LONGEST_SIDE_PX,
    MercatorImage,
    corners,
    data_uri,
    level_png,
    to_mercator,
)
from whitesignal.maps.labels import Language, labels
from whitesignal.maps.palette import (
    GENERATION_COLOURS,
    STATUS_COLOURS,
    STATUSES,
    LevelClass,
    level_classes,
    operator_colours,
)
from whitesignal.maps.shapes import coverage_shape, outline_shapes
from whitesignal.maps.tables import clean, columns
from whitesignal.project import LAYER_MODELS
from whitesignal.propagation.catalog import MODELS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from whitesignal.grid import Raster
    from whitesignal.maps.data import MapData

STATION_COLUMNS = (
    "station_id", "position_id", "operator", "generation", "longitude", "latitude", "counted", "band_mhz",
    "bandwidth_mhz", "antenna_height_m", "power_dbm", "gain_dbi", "azimuth_deg", "tilt_deg", "beamwidth_deg",
    "structure", "owner", "status", "on_air_on", "off_air_on", "defaults",
)  # fmt: skip

VILLAGE_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "households", "has_grid_power",
    "longitude", "latitude", "status", "best_operator", "best_generation", "best_station", "level_dbm", "margin_db",
    "p_covered", "operators", "level_dbm_2g", "level_dbm_3g", "level_dbm_4g", "level_dbm_5g", "clusters",
    "clusters_covered", "declared_status", "nearest_station_km",
)  # fmt: skip

CLUSTER_COLUMNS = ("village_id", "longitude", "latitude", "status")
CHANGED_COLUMNS = ("village_id", "before", "after")

LEVEL_IMAGES_BYTES = 850_000
"""All level images together, before base64: a page of 3 MB has room for the rest. [bytes]"""

_SMALLER = 0.8
_SMALLEST_SIDE_PX = 300
_VIETNAM = (102.1, 8.4, 109.5, 23.4)


def payload(data: MapData, lang: Language) -> dict[str, object]:
    """Return what ``web/start.js`` draws the map from.

    Raises
    ------
    InputError
        A table lacks a column the map cannot do without, or a raster has no CRS.
    """
    stations = _stations(data.stations)
    villages = _villages(data.villages)
    edges = _service_dbm(data.polygons)
    images = _level_images(data.levels, edges)
    backdrop = data.backdrop or draw_backdrop(villages, data.hillshade)
    words = labels(lang)
    return {
        "language": lang,
        "labels": dict(words),
        "title": {
            "title": clean(data.title), "as_of": clean(data.as_of), "synthetic": data.synthetic,
            "model": clean(data.model),
            "notes": [clean(note) for note in (*_standing_notes(data, words), *data.notes)],
            "headline": headline(data.indicators),
        },
        "bounds": _bounds(villages, stations, images),
        "colours": {
            "status": dict(STATUS_COLOURS), "generation": dict(GENERATION_COLOURS),
            "operator": operator_colours(clean(name) for name in stations["operator"].unique()),
        },
        "villages": {**_table(villages, VILLAGE_COLUMNS), "shapes": backdrop.shapes},
        "stations": _table(stations, STATION_COLUMNS),
        "clusters": _optional(data.clusters, "clusters", CLUSTER_COLUMNS, CLUSTER_COLUMNS[:3]),
        "proposed": data.proposed,
        "changed": _optional(data.changed, "changed", CHANGED_COLUMNS, CHANGED_COLUMNS),
        "levels": [_level(*item) for item in images],
        "coverage": _coverage(data.polygons),
        "hillshade": backdrop.relief,
        "outlines": {} if data.outlines is None else outline_shapes(data.outlines),
    }  # fmt: skip


def _standing_notes(data: MapData, words: Mapping[str, str]) -> list[str]:
    """Return what every reader of such results must know."""
    keys = []
    if data.model in MODELS and MODELS[data.model].for_comparison:
        keys.append("note.comparison")
    if data.model in LAYER_MODELS:
        keys.append("note.map_clutter")
    if "clusters" in data.villages.columns:
        without = int((data.villages["clusters"] == 0).sum())
        if without:
            keys.append("note.no_clusters" if without == len(data.villages) else "note.some_without_clusters")
    return [words[key] for key in keys]


def _need(table: pd.DataFrame, what: str, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise InputError(f"the map's {what} have no column {', '.join(missing)}")


def _table(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, object]:
    return {"count": len(table), "columns": columns(table, names)}


def _optional(
    table: pd.DataFrame | None, what: str, names: tuple[str, ...], needed: tuple[str, ...]
) -> dict[str, object] | None:
    if table is None or table.empty:
        return None
    _need(table, what, needed)
    return _table(table, names)


def _stations(stations: pd.DataFrame) -> pd.DataFrame:
    """Return the stations with every operator a text: none is the empty one, a colour of its own."""
    _need(stations, "stations", ("generation", "longitude", "latitude", "counted"))
    operators = stations["operator"] if "operator" in stations.columns else [None] * len(stations)
    return stations.assign(operator=["" if _is_none(name) else str(name) for name in operators])


def _villages(villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the villages in degrees, each with a status of ours and a centre where there is any geometry."""
    _need(villages, "villages", ("status",))
    degrees = villages if villages.crs is None else villages.to_crs("EPSG:4326")
    centres = {name: degrees[name].astype(float) for name in ("longitude", "latitude") if name in degrees.columns}
    if len(centres) < 2 or any(given.isna().any() for given in centres.values()):
        inside = degrees.geometry.representative_point()
        for name, fallback in (("longitude", inside.x), ("latitude", inside.y)):
            given = centres.get(name, fallback)
            centres[name] = given.where(given.notna(), fallback)
    status = degrees["status"].where(degrees["status"].isin(STATUSES), "unknown")
    return degrees.assign(status=status, **centres)


def _is_none(value: object) -> bool:
    return value is None or str(value) in ("nan", "<NA>", "")


def _service_dbm(polygons: gpd.GeoDataFrame) -> Mapping[str, float]:
    """Return the run's service thresholds as its coverage polygons state them."""
    service = polygons[polygons["threshold"] == "service"].dropna(subset=["level_dbm"])
    return {str(row.generation): float(row.level_dbm) for row in service.itertuples()}


LevelImage = tuple[Generation, MercatorImage, tuple[LevelClass, ...], bytes]


def _level_images(levels: Mapping[Generation, Raster], service_dbm: Mapping[str, float]) -> list[LevelImage]:
    """Return one image per generation, all made smaller until they fit the page."""
    longest_px = LONGEST_SIDE_PX
    drawn = [one for one in GENERATIONS if one in levels and np.isfinite(levels[one].values).any()]
    while True:
        images = []
        for generation in drawn:
            classes = level_classes(generation, service_dbm.get(generation, THRESHOLDS[generation].service))
            image = to_mercator(levels[generation], longest_px=longest_px)
            images.append((generation, image, classes, level_png(image, classes)))
        if sum(len(image[3]) for image in images) <= LEVEL_IMAGES_BYTES or longest_px <= _SMALLEST_SIDE_PX:
            return images
        longest_px = round(longest_px * _SMALLER)


def _level(
    generation: Generation, image: MercatorImage, classes: tuple[LevelClass, ...], png: bytes
) -> dict[str, object]:
    return {
        "generation": generation,
        "image": data_uri(png, "image/png"),
        "bounds": corners(image),
        "cell_m": round(image.cell_m),
        "classes": [{"lowest_dbm": c.lowest_dbm, "colour": c.colour, "serves": c.serves} for c in classes],
    }


def _coverage(polygons: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Return each generation's coverage by any operator at the service threshold."""
    drawn = polygons[(polygons["operator"] == "any") & (polygons["threshold"] == "service")]
    degrees = drawn if drawn.crs is None else drawn.to_crs("EPSG:4326")
    layers: list[dict[str, object]] = []
    for generation in GENERATIONS:
        for _, row in degrees[degrees["generation"] == generation].iterrows():
            shape = [] if row.geometry is None else coverage_shape(row.geometry)
            layers.append({"generation": generation, "shape": shape, **_coverage_figures(row)})
    return layers


def _coverage_figures(row: pd.Series[Any]) -> dict[str, object]:
    from whitesignal.maps.tables import cell

    return {name: cell(row.get(name), 1) for name in ("level_dbm", "area_km2", "people")}


def _bounds(villages: gpd.GeoDataFrame, stations: pd.DataFrame, images: list[LevelImage]) -> list[list[float]]:
    """Return [[south, west], [north, east]] of the villages, else of what else there is. [degrees]"""
    if np.isfinite(villages.total_bounds).all():
        west, south, east, north = villages.total_bounds
    elif images:
        return corners(images[0][1])
    elif len(stations):
        west, east = stations["longitude"].min(), stations["longitude"].max()
        south, north = stations["latitude"].min(), stations["latitude"].max()
    else:
        west, south, east, north = _VIETNAM
    return [[round(float(south), 5), round(float(west), 5)], [round(float(north), 5), round(float(east), 5)]]

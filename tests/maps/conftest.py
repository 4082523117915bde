"""A made-up province near 105° E, 22.7° N, as small or as large as a test wants."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from whitesignal.grid import Grid, Raster
from whitesignal.maps.data import MapData
from whitesignal.maps.page import build_map

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
UTM = "EPSG:32648"
STATUSES = ("covered", "covered", "covered", "covered", "covered", "white", "weak", "unknown")
OPERATORS = ("Viettel", "VinaPhone", "MobiFone")
SYLLABLES = ("Nà", "Lũng", "Khuổi", "Tả", "Sủng", "Pả", "Đồng", "Phìn", "Bản", "Xín", "Mỏ", "Tùng", "Thào", "Cú")


@dataclass(frozen=True)
class Size:
    """How large a province; ``cell_m`` of the level rasters, ``side_m`` of the whole. [m]"""

    villages: int = 40
    positions: int = 20
    stations: int = 60
    side_m: float = 24_000.0
    cell_m: float = 500.0
    corners_per_side: int = 3
    seed: int = 7


Made = Callable[..., MapData]

HOSTILE = (
    "{{ 7*7 }}", "{% raw %}", "{# never closed", "{{ ''.__class__ }}", "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>", "`${alert(3)}`", "${7*7}", "\"quoted\" 'twice'", "<!-- <script>",
    "\u202eﬠברית مرحبا", "Bản 🏔️ Mù", "a\x00b\x07c\x1bd", "&lt;b&gt; &amp;", "\\u003cscript>", "javascript:alert(4)",
    "https://example.org/x.png", "]]>", "\ud800", "=1+2", "__proto__", "constructor",
)  # fmt: skip
"""What a register's name may hold that has run, or broken, a map before."""


@pytest.fixture(scope="session")
def make_province() -> Made:
    """Return a function that makes a province of a size, any field of its MapData replaced."""

    def make(size: Size | None = None, **replaced: Any) -> MapData:
        fields = province_fields(size or Size())
        return MapData(**{**fields, **replaced})

    return make


@pytest.fixture(scope="session")
def hostile_names() -> tuple[str, ...]:
    """Return names that have run, or broken, a map before."""
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_province(make_province: Made) -> MapData:
    """Return a province where every text is hostile: titles, names, ids, operators, codes."""
    fair = make_province()
    villages, stations = fair.villages.copy(), fair.stations.copy()
    for table, names in ((villages, ("name", "commune", "district", "best_operator", "operators", "declared_status")),
                         (stations, ("operator", "position_id", "status", "defaults"))):  # fmt: skip
        for offset, column in enumerate(names):
            table[column] = [HOSTILE[(row + offset) % len(HOSTILE)] for row in range(len(table))]
    villages["name"] = [HOSTILE[row % len(HOSTILE)] for row in range(len(villages))]
    villages.loc[:7, "status"] = "white"
    return make_province(
        title="".join(HOSTILE), model=HOSTILE[0], as_of=HOSTILE[4], notes=HOSTILE, villages=villages, stations=stations,
        changed=pd.DataFrame({"village_id": ["V00000", "V9"], "before": ["white", HOSTILE[4]], "after": HOSTILE[5]}),
        clusters=pd.DataFrame({"village_id": HOSTILE, "longitude": 105.05, "latitude": 22.75, "status": "unserved"}),
    )  # fmt: skip


@pytest.fixture(scope="session")
def large_page(make_province: Made) -> str:
    """Return the page of a province of Hà Giang's size with all four generations: what 3 MB must hold."""
    large = Size(villages=1957, positions=965, stations=2833, side_m=120_000.0, cell_m=120.0, corners_per_side=7)
    province = make_province(large)
    fourth = province.levels["4G"]
    levels = {**province.levels, "5G": Raster(fourth.grid, fourth.values - 9)}
    return build_map(dataclasses.replace(province, levels=levels))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium without a network."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright_api.sync_playwright() as playwright:
        found = [path for name in BROWSERS if (path := shutil.which(name))]
        program = Path(found[0] if found else playwright.chromium.executable_path)
        if not program.exists():
            pytest.skip(f"no browser: none of {', '.join(BROWSERS)} on the path, and Playwright has none of its own")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=str(program), args=flags)
        yield started
        started.close()


def province_fields(size: Size) -> dict[str, Any]:
    rng = np.random.default_rng(size.seed)
    origin = np.array([500_000.0, 2_510_000.0])
    villages = made_villages(size, rng, origin)
    masts = origin + rng.uniform(0.03, 0.97, (size.positions, 2)) * size.side_m
    return {
        "title": "Tỉnh Mẫu", "as_of": "2022-12-31", "synthetic": True, "model": "p526",
        "stations": made_stations(size, rng, masts), "villages": villages,
        "levels": {g: made_level(size, rng, origin, masts, g) for g in ("2G", "3G", "4G")},
        "polygons": made_coverage(origin, size), "indicators": made_indicators(villages, size),
        "hillshade": made_hillshade(size, rng, origin),
        "outlines": villages.dissolve("commune").reset_index()[["geometry"]],
        "notes": ("Trạm và thôn là số liệu dựng lên.",),
    }  # fmt: skip


def made_villages(size: Size, rng: np.random.Generator, origin: np.ndarray) -> gpd.GeoDataFrame:
    """Neighbouring polygons with crooked borders: a bent Voronoi diagram, so that neighbours still fit."""
    seeds = shapely.points(origin + rng.uniform(0, 1, (size.villages, 2)) * size.side_m)
    frame = shapely.box(*origin, *(origin + size.side_m))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=frame))
    cells = shapely.intersection(cells, frame)
    step_m = size.side_m / np.sqrt(size.villages) / size.corners_per_side
    order = shapely.STRtree(cells).query(seeds, "within")
    cells = cells[order[1][np.argsort(order[0])]]
    cells = shapely.transform(shapely.segmentize(cells, step_m), lambda en: bent(en, size.side_m, step_m))
    number = np.arange(len(cells))
    centres = gpd.GeoSeries(cells, crs=UTM).representative_point().to_crs("EPSG:4326")
    status = np.where(rng.uniform(size=len(cells)) < 0.06, rng.choice(STATUSES[5:], len(cells)), "covered")
    status[:8] = STATUSES[: min(8, len(cells))]
    level = rng.uniform(-125, -70, len(cells))
    names = [" ".join(rng.choice(SYLLABLES, 2)) for _ in number]
    row_of = np.floor((shapely.get_y(shapely.centroid(cells)) - origin[1]) / size.side_m * 5)
    table = {
        "village_id": [f"V{n:05d}" for n in number], "name": names, "commune": [f"Xã {int(r)}" for r in row_of],
        "district": "Huyện Mẫu", "province": "Tỉnh Mẫu", "population": rng.integers(90, 900, len(cells)),
        "households": rng.integers(20, 200, len(cells)), "has_grid_power": rng.uniform(size=len(cells)) < 0.9,
        "longitude": centres.x, "latitude": centres.y, "status": status,
        "best_operator": rng.choice(OPERATORS, len(cells)),
        "best_generation": "4G", "best_station": [f"S{n % 60:05d}" for n in number], "level_dbm": level,
        "margin_db": level + 118, "operators": "Viettel;VinaPhone",
        "level_dbm_2g": level + 20, "level_dbm_3g": level + 5,
        "level_dbm_4g": level, "level_dbm_5g": np.nan, "clusters": 3, "clusters_covered": 2,
        "declared_status": np.where(status == "white", "white", None),
        "nearest_station_km": rng.uniform(0.3, 9, len(cells)),
    }  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=cells, crs=UTM).to_crs("EPSG:4326")


def bent(points_m: np.ndarray, side_m: float, step_m: float) -> np.ndarray:
    """Points moved by a smooth field: the same point always goes to the same place."""
    easting_m, northing_m = points_m.T
    wave = 2 * np.pi / (4.3 * step_m)
    return np.column_stack([
        easting_m + 0.5 * step_m * np.sin(northing_m * wave) + 0.05 * side_m * np.sin(northing_m / side_m * 5),
        northing_m + 0.5 * step_m * np.sin(easting_m * wave * 1.3),
    ])  # fmt: skip


def made_stations(size: Size, rng: np.random.Generator, masts: np.ndarray) -> pd.DataFrame:
    mast = np.arange(size.stations) % size.positions
    places = gpd.GeoSeries(shapely.points(masts[mast]), crs=UTM).to_crs("EPSG:4326")
    generation = rng.choice(["2G", "3G", "4G"], size.stations, p=[0.26, 0.36, 0.38])
    counted = np.arange(size.stations) % 40 != 39
    return pd.DataFrame({
        "station_id": [f"S{n:05d}" for n in range(size.stations)], "position_id": [f"P{n:04d}" for n in mast],
        "operator": rng.choice(OPERATORS, size.stations), "generation": generation,
        "longitude": places.x, "latitude": places.y,
        "band_mhz": pd.Series(generation).map({"2G": 900.0, "3G": 2100.0, "4G": 1800.0}),
        "antenna_height_m": rng.choice([24.0, 30.0, 36.0, 42.0], size.stations), "power_dbm": 43.0,
        "status": np.where(counted, "on-air", "planned"), "on_air_on": "2019-05-01", "counted": counted,
        "defaults": np.where(np.arange(size.stations) % 3 == 0, "power_dbm;antenna_height_m", ""),
    })  # fmt: skip


def made_level(size: Size, rng: np.random.Generator, origin: np.ndarray, masts: np.ndarray, generation: str) -> Raster:
    cells = round(size.side_m / size.cell_m)
    grid = Grid(UTM, from_origin(origin[0], origin[1] + size.side_m, size.cell_m, size.cell_m), (cells, cells))
    used = masts[:: {"2G": 1, "3G": 2, "4G": 2}[generation]]
    distance_m, _ = cKDTree(used).query(np.column_stack([axis.ravel() for axis in grid.cell_centres()]))
    shadow = gaussian_filter(rng.normal(size=(cells, cells)), 1500 / size.cell_m)
    strongest = {"2G": 45.0, "3G": 30.0, "4G": 15.0}[generation]
    level = strongest - 36 * np.log10(np.maximum(distance_m, 50)).reshape(cells, cells) + 14 * shadow / shadow.std()
    level[: cells // 12, : cells // 12] = np.nan
    return Raster(grid, level.astype(np.float32))


def made_hillshade(size: Size, rng: np.random.Generator, origin: np.ndarray) -> Raster:
    cells = round(size.side_m / 120)
    ground = sum(gaussian_filter(rng.normal(size=(cells, cells)), width) * width**1.7 for width in (2, 4, 9, 20))
    slope_north, slope_east = np.gradient(ground)
    shade = 200 + 45 * (slope_north - slope_east) / np.std(slope_north - slope_east)
    grid = Grid(UTM, from_origin(origin[0], origin[1] + size.side_m, 120, 120), (cells, cells))
    return Raster(grid, np.clip(shade, 0, 255).astype(np.float32))


def made_coverage(origin: np.ndarray, size: Size) -> gpd.GeoDataFrame:
    centre = shapely.points(origin + size.side_m / 2)
    rows = [
        {"generation": generation, "operator": operator, "threshold": threshold, "level_dbm": level,
         "area_km2": 123.4, "people": 5678, "geometry": shapely.buffer(centre, size.side_m * share)}
        for generation, level, share in (("2G", -98.0, 0.45), ("4G", -118.0, 0.35))
        for operator in ("any", "Viettel") for threshold in ("service", "basic")
    ]  # fmt: skip
    return gpd.GeoDataFrame(rows, crs=UTM).to_crs("EPSG:4326")


def made_indicators(villages: gpd.GeoDataFrame, size: Size) -> list[dict[str, object]]:
    count = villages["status"].value_counts()

    def row(code: str, numerator: int, denominator: int | None = None, **more: object) -> dict[str, object]:
        return {"id": code, "area_level": "province", "area": "Tỉnh Mẫu", "kind": "computed", "value": numerator,
                "unit": "", "numerator": numerator, "denominator": denominator, "as_of": "2022-12-31",
                **more}  # fmt: skip

    return [
        row("stations", 2833), row("stations.2g", 734, 2833), row("stations.3g", 1010, 2833),
        row("stations.4g", 1086, 2833), row("stations.5g", 3, 2833), row("villages", len(villages)),
        row("sharing.position", 200, 965, value=100 * 200 / 965), row("villages.with_signal", 38, 40, value=95.0),
        row("villages.white", 999, area_level="commune"), row("sharing.position", 1, 4, kind="reported"),
        *(row(f"villages.{status}", int(number), len(villages)) for status, number in count.items()),
    ]  # fmt: skip

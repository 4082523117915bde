"""The sample's files: the ground they show, their size, and the label on each of them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

SEATS = {
    "TP Hà Giang": (104.99, 22.83, 100), "Đồng Văn": (105.36, 23.28, 1030), "Mèo Vạc": (105.42, 23.15, 850),
    "Yên Minh": (105.14, 23.12, 430), "Quản Bạ": (104.98, 23.07, 870), "Bắc Mê": (105.33, 22.75, 170),
    "Hoàng Su Phì": (104.68, 22.74, 480), "Vị Xuyên": (104.97, 22.67, 85), "Xín Mần": (104.44, 22.69, 550),
    "Bắc Quang": (104.81, 22.42, 80), "Quang Bình": (104.60, 22.40, 130),
}  # fmt: skip


def test_the_sample_and_all_data_stay_light(data: Path, folder: Path) -> None:
    def megabytes(place: Path) -> float:
        files = [path for path in place.rglob("*") if path.is_file() and "results" not in path.parts]
        return sum(path.stat().st_size for path in files) / 1e6

    assert (folder / "terrain.tif").stat().st_size <= 4e6
    assert megabytes(folder) < 10.0
    assert megabytes(data) < 15.0


def test_every_file_says_that_it_is_synthetic(folder: Path, stations: pd.DataFrame) -> None:
    import pyogrio
    import rasterio

    import whitesignal as ws

    assert ws.open_project(folder).synthetic
    for name in ("terrain.tif", "population.tif"):
        with rasterio.open(folder / name) as raster:
            assert raster.tags()["SYNTHETIC"] == "true"
            assert "synthetic" in raster.descriptions[0]
    for layer in ("villages", "clusters"):
        assert pyogrio.read_info(folder / "villages.gpkg", layer=layer)["layer_metadata"]["synthetic"] == "true"
    assert set(stations["note"]) == {"synthetic"}
    for text in ("project.toml", "README.md", "scenarios/2023-first-half.toml"):
        assert "synthetic" in (folder / text).read_text(encoding="utf-8").casefold()


@pytest.fixture(scope="module")
def relief(folder: Path) -> tuple[np.ndarray, object]:
    import rasterio

    with rasterio.open(folder / "terrain.tif") as raster:
        assert raster.crs.to_epsg() == 4326
        assert raster.dtypes == ("int16",)
        assert raster.compression.name == "deflate"
        assert raster.profile["tiled"]
        return raster.read(1), raster.transform


@pytest.mark.parametrize("seat", SEATS)
def test_each_seat_stands_at_its_height(relief: tuple[np.ndarray, object], seat: str) -> None:
    height_m, transform = relief
    longitude, latitude, seat_m = SEATS[seat]
    column, row = ~transform * (longitude, latitude)
    assert height_m[int(row), int(column)] == pytest.approx(seat_m, abs=15)


def test_the_highest_summit_is_tay_con_linh(relief: tuple[np.ndarray, object]) -> None:
    height_m, transform = relief
    row, column = np.unravel_index(np.argmax(height_m), height_m.shape)
    longitude, latitude = transform * (column + 0.5, row + 0.5)
    assert height_m.max() == 2428
    assert np.hypot(longitude - 104.80, latitude - 22.80) < 0.03


def test_the_land_has_the_provinces_character(relief: tuple[np.ndarray, object], villages: gpd.GeoDataFrame) -> None:
    from rasterio.features import rasterize

    height_m, transform = relief
    province = rasterize(villages.geometry, out_shape=height_m.shape, transform=transform).astype(bool)
    down, across = np.gradient(height_m.astype(float), 92.66, 85.4)
    slope_deg = np.degrees(np.arctan(np.hypot(down, across)))
    assert 20.0 <= slope_deg[province & (height_m > 400)].mean() <= 27.0
    plateau = rasterize(
        villages.geometry[villages["district"] == "Đồng Văn"], out_shape=height_m.shape, transform=transform
    ).astype(bool)
    assert 1000 <= np.median(height_m[plateau]) <= 1600
    assert height_m[plateau].min() < 600  # the gorge of the Nho Quế
    assert height_m[province].min() >= 40


def test_the_villages_tile_a_province_of_the_published_area(villages: gpd.GeoDataFrame) -> None:
    import shapely
    from pyproj import Geod

    whole = villages.union_all()
    area_km2 = abs(Geod(ellps="WGS84").geometry_area_perimeter(whole)[0]) / 1e6
    assert area_km2 == pytest.approx(7927.5, rel=1e-3)
    assert whole.geom_type == "Polygon"
    assert shapely.coverage_is_valid(villages.geometry.to_numpy())


def test_every_centre_lies_in_its_own_village(villages: gpd.GeoDataFrame) -> None:
    import shapely

    assert shapely.contains_xy(villages.geometry.to_numpy(), villages["longitude"], villages["latitude"]).all()


def test_the_population_raster_agrees_with_the_villages(folder: Path, villages: gpd.GeoDataFrame) -> None:
    import rasterio
    from exactextract import exact_extract

    with rasterio.open(folder / "population.tif") as raster:
        total = float(raster.read(1).astype(float).sum())
        by_village = exact_extract(raster, villages[["geometry"]], ["sum"], output="pandas")["sum"].to_numpy()
    assert total == pytest.approx(854_679, abs=30)
    assert np.corrcoef(by_village, villages["population"])[0, 1] > 0.95


def test_reported_figures_carry_a_source_and_their_shares_add_up(data: Path) -> None:
    with (data / "reported" / "indicators.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "province", "indicator", "value", "unit", "numerator", "denominator", "denominator_of", "as_of", "source",
    ]  # fmt: skip
    dated = [row for row in rows if row["province"] != "Quảng Nam"]
    assert {row["province"] for row in dated} == {
        "Quảng Ninh", "Hà Giang", "Thái Nguyên", "Lâm Đồng", "Tuyên Quang", "Việt Nam",
    }  # fmt: skip
    assert all(row["source"] for row in rows)
    assert all(row["as_of"] for row in dated)
    for row in dated:
        if row["unit"] == "%" and row["numerator"]:
            assert 100 * float(row["numerator"]) / float(row["denominator"]) == pytest.approx(
                float(row["value"]), abs=0.011
            )
    for province in ("Quảng Ninh", "Hà Giang"):
        figures = {row["indicator"]: float(row["value"]) for row in rows if row["province"] == province}
        assert sum(figures[f"stations.{generation}"] for generation in ("2g", "3g", "4g", "5g")) == figures["stations"]

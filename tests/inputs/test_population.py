"""People from a raster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from whitesignal.errors import InputError
from whitesignal.inputs.villages import VillageTable, read_villages
from whitesignal.project import Project

Make = Callable[..., Project]
Write = Callable[..., Path]


def read(
    make_project: Make, shapes: list[object], people: Path, tmp_path: Path, **columns: list[float]
) -> VillageTable:
    names = {"village_id": [f"V{at}" for at in range(len(shapes))], "name": "Bản", "commune": "Xã"}
    gpd.GeoDataFrame({**names, **columns}, geometry=shapes, crs="EPSG:4326").to_file(tmp_path / "v.gpkg")
    return read_villages(make_project(villages=tmp_path / "v.gpkg", population=people))


def test_half_a_cell_gives_half_its_people(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    people = write_raster(np.full((20, 20), 10.0, dtype=np.float32), "people.tif", nodata=-99999)
    table = read(make_project, [box(105.0, 22.4, 105.025, 22.43)], people, tmp_path)
    assert table.rows["population"].iloc[0] == pytest.approx(2.5 * 3 * 10)
    assert "is summed from the raster" in " ".join(f.message for f in table.findings)


def test_a_given_population_wins_over_the_raster(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    people = write_raster(np.full((20, 20), 10.0, dtype=np.float32), "people.tif", nodata=-99999)
    square = box(105.0, 22.4, 105.02, 22.42)
    table = read(make_project, [square, box(105.1, 22.4, 105.12, 22.42)], people, tmp_path, population=[7.0, np.nan])
    assert table.rows["population"].tolist() == pytest.approx([7.0, 40.0])
    assert "1 of 2 villages have a population in their file" in " ".join(f.message for f in table.findings)


def test_the_centre_lies_where_the_people_are(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    cells = np.zeros((20, 20), dtype=np.float32)
    cells[10, 2], cells[10, 4] = 30.0, 10.0
    people = write_raster(cells, "people.tif", nodata=-99999)
    row = read(make_project, [box(105.0, 22.4, 105.2, 22.6)], people, tmp_path).rows.iloc[0]
    assert row["centre_from"] == "population"
    assert (row["longitude"], row["latitude"]) == pytest.approx((105.03, 22.495))


def test_a_mean_outside_the_village_moves_to_the_nearest_populated_cell_inside(
    make_project: Make, write_raster: Write, tmp_path: Path
) -> None:
    cells = np.zeros((20, 20), dtype=np.float32)
    cells[5, 1] = cells[5, 18] = 10.0
    cells[19, 10] = 1.0
    people = write_raster(cells, "people.tif", nodata=-99999)
    horseshoe = box(105.0, 22.4, 105.2, 22.6).difference(box(105.04, 22.42, 105.16, 22.6))
    row = read(make_project, [horseshoe], people, tmp_path).rows.iloc[0]
    assert horseshoe.contains(Point(row["longitude"], row["latitude"]))
    places = [(105.015, 22.545), (105.185, 22.545), (105.105, 22.405)]
    assert min(abs(row["longitude"] - east) + abs(row["latitude"] - north) for east, north in places) < 1e-9


def test_where_nobody_lives_a_point_inside_stands_in(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    people = write_raster(np.zeros((20, 20), dtype=np.float32), "people.tif", nodata=-99999)
    row = read(make_project, [box(105.0, 22.4, 105.1, 22.5)], people, tmp_path).rows.iloc[0]
    assert (row["population"], row["centre_from"]) == (0.0, "representative")


def test_a_village_off_the_raster_has_an_unknown_population(
    make_project: Make, write_raster: Write, tmp_path: Path
) -> None:
    people = write_raster(np.ones((20, 20), dtype=np.float32), "people.tif", nodata=-99999)
    rows = read(make_project, [box(107.0, 22.4, 107.1, 22.5), box(105, 22.4, 105.1, 22.5)], people, tmp_path).rows
    assert np.isnan(rows["population"].iloc[0])
    assert rows["centre_from"].tolist() == ["representative", "population"]


def test_nodata_is_nobody(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    cells = np.full((20, 20), -99999.0, dtype=np.float32)
    cells[12, 3] = 25.0
    people = write_raster(cells, "people.tif", nodata=-99999)
    rows = read(make_project, [box(105.0, 22.4, 105.1, 22.5)], people, tmp_path).rows
    assert rows["population"].tolist() == [25.0]


def test_points_say_nothing_to_a_raster(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    people = write_raster(np.ones((20, 20), dtype=np.float32), "people.tif")
    table = read(make_project, [Point(105.1, 22.5)], people, tmp_path)
    assert np.isnan(table.rows["population"].iloc[0])
    assert "it is not used" in " ".join(f.message for f in table.findings)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_without_a_system_is_refused(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    people = write_raster(np.ones((20, 20), dtype=np.float32), "people.tif", crs=None)
    with pytest.raises(InputError, match=r"people\.tif: says no coordinate reference system"):
        read(make_project, [box(105.0, 22.4, 105.1, 22.5)], people, tmp_path)


@settings(deadline=None, max_examples=15)
@given(cut=st.floats(105.011, 105.189), seed=st.integers(0, 1000))
def test_two_halves_of_an_area_hold_the_people_of_the_whole(
    cut: float, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import rasterio
    from affine import Affine

    from whitesignal.inputs.population import people_and_centres

    folder = tmp_path_factory.mktemp("halves")
    cells = np.random.default_rng(seed).integers(0, 50, (20, 20)).astype(np.float32)
    file = folder / "people.tif"
    with rasterio.open(file, "w", driver="GTiff", width=20, height=20, count=1, dtype="float32", crs="EPSG:4326",
                       transform=Affine(0.01, 0, 105.0, 0, -0.01, 22.6)) as target:  # fmt: skip
        target.write(cells, 1)
    shapes = [box(105.0, 22.4, cut, 22.6), box(cut, 22.4, 105.2, 22.6)]
    columns = {
        "village_id": "",
        "population": np.nan,
        "area_km2": 1.0,
        "centre_from": "",
        "longitude": np.nan,
        "latitude": np.nan,
    }
    halves = gpd.GeoDataFrame({name: [value] * 2 for name, value in columns.items()}, geometry=shapes, crs="EPSG:4326")
    filled, _, _ = people_and_centres(file, halves)
    assert filled["population"].sum() == pytest.approx(cells.sum(), rel=1e-5)

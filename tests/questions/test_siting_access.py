"""Roads and power lines: where a mast can be built and fed, and what that does to the list and to its price."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import whitesignal as ws
from whitesignal.build_plan import BuildPlan
from whitesignal.errors import InputError
from whitesignal.where_next import plan_sites

SOLAR = 250.0
TOML = (
    "[radio]\nmodel = 'p526'\nengine = 'exact'\nresolution_m = 20000\nradius_km = 12\n[uncertainty]\ndraws = 0\n"
    f"[costs]\nsolar_million_vnd = {SOLAR}\n"
)
HALF_CELL_KM = 0.08


@pytest.fixture
def folder(land: ModuleType, tmp_path: Path) -> Path:
    """Two villages behind a wall of 600 m, the northern one known to be off the grid; hilly land."""
    villages = [
        land.village("V0", -4, 0, population=500), land.village("V1", 5, 0, population=80),
        land.village("V2", 5, 8, population=60, has_grid_power="no"),
    ]  # fmt: skip
    return Path(land.write_project(
        tmp_path, stations=[land.station("A", -6, 0, antenna_height_m=30)], villages=villages, toml=TOML, size_km=30.0,
        ground=hills(land),
    ))  # fmt: skip


def hills(land: ModuleType) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    wall = land.ridge(0.0, 600.0)
    return lambda e, n: wall(e, n) + 40.0 * (np.sin(3.0 * e) + np.cos(2.0 * n) + 2.0)


def draw_line(folder: Path, land: ModuleType, name: str, east_km: float) -> None:
    """Write a line from south to north, and name it in project.toml."""
    line = shapely.LineString([land.place(east_km, -12.0), land.place(east_km, 12.0)])
    gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326").to_file(folder / f"{name}.gpkg", engine="pyogrio")
    name_input(folder, f"{name} = '{name}.gpkg'")


def name_input(folder: Path, line: str) -> None:
    toml = (folder / "project.toml").read_text(encoding="utf-8")
    (folder / "project.toml").write_text(toml.replace("[inputs]\n", f"[inputs]\n{line}\n"), encoding="utf-8")


def plan(folder: Path, own: Path | None = None) -> BuildPlan:
    return plan_sites(ws.open_project(folder), new=1, operator="Viettel", own=own, jobs=1)


def test_ground_around_a_village_is_asked_near_a_road_only_and_summits_anywhere(folder: Path, land: ModuleType) -> None:
    free = plan(folder).candidates
    assert free[["road_km", "power_line_km"]].isna().all(axis=None)
    draw_line(folder, land, "roads", 6.5)
    bound = plan(folder).candidates
    of_villages = bound[bound["kind"] == "village"]
    assert len(of_villages) > 0
    assert of_villages["road_km"].max() <= 1.0 + HALF_CELL_KM
    assert bound.loc[bound["kind"] == "height", "road_km"].max() > 2.0
    assert bound["power_line_km"].isna().all()
    places = ["longitude", "latitude"]
    summits = [set(map(tuple, table.loc[table["kind"] == "height", places].to_numpy())) for table in (free, bound)]
    assert summits[0] == summits[1]


def test_no_ground_is_asked_around_villages_that_no_road_reaches(folder: Path, land: ModuleType) -> None:
    draw_line(folder, land, "roads", -9.0)
    assert "village" not in set(plan(folder).candidates["kind"])
    toml = (folder / "project.toml").read_text(encoding="utf-8")
    (folder / "project.toml").write_text(f"{toml}[siting]\nroad_within_km = 13.5\n", encoding="utf-8")
    assert "village" in set(plan(folder).candidates["kind"])


def test_distances_are_those_of_the_land(folder: Path, land: ModuleType, tmp_path: Path) -> None:
    draw_line(folder, land, "roads", 2.0)
    draw_line(folder, land, "power_lines", 9.0)
    own = tmp_path / "own.csv"
    longitude, latitude = land.place(5.0, 1.0)
    pd.DataFrame({"candidate_id": ["Đồi 1"], "longitude": [longitude], "latitude": [latitude]}).to_csv(own, index=False)
    mine = plan(folder, own).candidates.set_index("candidate_id").loc["Đồi 1"]
    assert (mine["road_km"], mine["power_line_km"]) == (pytest.approx(3.0, abs=0.01), pytest.approx(4.0, abs=0.01))


def test_over_a_terrain_in_degrees_a_kilometre_is_one_too(folder: Path, land: ModuleType) -> None:
    land.write_terrain(folder / "terrain.tif", hills(land), crs="EPSG:4326", size_km=30.0)
    draw_line(folder, land, "roads", 6.5)
    draw_line(folder, land, "power_lines", -9.0)
    bound = plan(folder).candidates.query("kind != 'share'")
    assert bound.loc[bound["kind"] == "village", "road_km"].between(0.0, 1.0 + HALF_CELL_KM).all()
    assert bound["road_km"].max() > 2.0
    assert bound["power_line_km"].min() > 5.0
    assert set(bound["power_million_vnd"]) == {SOLAR}


def test_a_power_line_in_reach_is_believed_before_what_the_nearest_village_says(folder: Path, land: ModuleType) -> None:
    by_village = plan(folder).candidates.query("kind != 'share'")
    north = by_village["latitude"] > land.place(0.0, 4.1)[1]
    assert set(by_village.loc[north, "power_million_vnd"]) == {SOLAR}
    assert set(by_village.loc[~north, "power_million_vnd"]) == {0.0}
    draw_line(folder, land, "power_lines", 5.0)
    by_line = plan(folder).candidates.query("kind != 'share'")
    near = by_line["power_line_km"] <= 1.0
    assert near.any()
    assert not near.all()
    assert set(by_line.loc[near, "power_million_vnd"]) == {0.0}
    assert set(by_line.loc[~near, "power_million_vnd"]) == {SOLAR}


def test_layers_that_hold_nothing_or_are_not_there_are_named(folder: Path) -> None:
    name_input(folder, "roads = 'roads.gpkg'")
    with pytest.raises(InputError, match=r"roads \(.*roads\.gpkg\)"):
        plan(folder)
    gpd.GeoDataFrame(geometry=[shapely.LineString()], crs="EPSG:4326").to_file(folder / "roads.gpkg", engine="pyogrio")
    with pytest.raises(InputError, match=r"roads\.gpkg: holds no line"):
        plan(folder)
    (folder / "roads.gpkg").write_text("no vector file", encoding="utf-8")
    with pytest.raises(InputError, match=r"roads\.gpkg: not a vector file"):
        plan(folder)


def test_new_masts_stay_within_the_villages_outlines_where_all_have_one(land: ModuleType, tmp_path: Path) -> None:
    """Two squares a kilometre apart: the gap between them is theirs, the hills around them are not."""

    def made(name: str, **drawn: shapely.Polygon) -> pd.DataFrame:
        places = {"V0": (-4, 0), "V1": (5, -2.5), "V2": (5, 3.5)}
        villages = [
            land.village(one, *at, population=50, **({"geometry": drawn[one]} if one in drawn else {}))
            for one, at in places.items()
        ]
        wall = land.ridge(0.0, 600.0)
        (tmp_path / name).mkdir()
        folder = land.write_project(
            tmp_path / name, stations=[land.station("A", -6, 0, antenna_height_m=30)], villages=villages, toml=TOML,
            size_km=30.0, ground=lambda e, n: wall(e, n) + 40.0 * (np.sin(3.0 * e) + np.cos(2.0 * n) + 2.0),
        )  # fmt: skip
        return plan(Path(folder)).candidates.query("kind != 'share'")

    squares = {"V0": land.square(-4, 0, 3.0), "V1": land.square(5, -2.5, 5.0), "V2": land.square(5, 3.5, 5.0)}
    inside, free = made("inside", **squares), made("free", **{"V0": squares["V0"]})
    east, north = (5, 0.5)
    enclosed = shapely.union_all([squares["V0"], shapely.box(
        *land.place(east - 2.5, north - 5.5), *land.place(east + 2.5, north + 5.5)
    ).buffer(0.001)])  # fmt: skip
    within = [shapely.contains_xy(enclosed, t["longitude"], t["latitude"]) for t in (inside, free)]
    assert within[0].all()
    assert not within[1].all()
    gap = inside["latitude"].between(land.place(5, 0.05)[1], land.place(5, 0.95)[1])
    assert gap.any()

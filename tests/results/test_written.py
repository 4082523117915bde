"""What analyze writes: every file, its columns, and that files agree with one another and with the run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio

import whitesignal as ws
from whitesignal.maps.from_results import read_map_data
from whitesignal.radio.best_server import NO_LEVEL, NO_SERVER
from whitesignal.radio.reach import Reach
from whitesignal.results.polygons import POLYGON_COLUMNS
from whitesignal.results.rasters import read_raster, write_server
from whitesignal.results.reach_store import read_reach

VILLAGE_COLUMNS = [
    "village_id", "name", "commune", "district", "province", "population", "households", "has_grid_power",
    "longitude", "latitude", "status", "best_operator", "best_generation", "best_station", "level_dbm", "margin_db",
    "p_covered", "operators", "level_dbm_2g", "level_dbm_3g", "level_dbm_4g", "level_dbm_5g", "clusters",
    "clusters_covered", "declared_status", "nearest_station_km",
]  # fmt: skip
"""As the design lists them."""

HOSTILE = ("=1+2", "{{ 7*7 }}", "</script><b>", "+x", "@SUM(A1)", "-y", 'Bản "Mù", xa', "<img src=x onerror=alert(1)>")


@pytest.fixture(scope="module")
def project(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ws.Project:
    """Two ridges with white villages between; clusters, hostile names, people, a void, stations not to be counted."""

    def two_ridges(east_km: np.ndarray, north_km: np.ndarray) -> np.ndarray:
        return np.maximum(land.ridge(-4.0, 700.0)(east_km, north_km), land.ridge(3.0, 700.0)(east_km, north_km))

    villages = [
        land.village(f"V{at}", -10 + 2.5 * at, 1, name=name, commune=HOSTILE[-1 - at], population=100 * at or "",
                     has_grid_power=("có", "không", "")[at % 3], declared_status=("trắng sóng", "")[at % 2],
                     geometry=land.square(-10 + 2.5 * at, 1, 2.4))
        for at, name in enumerate(HOSTILE)
    ]  # fmt: skip
    villages.append({**land.village("V8", 0, 0), "longitude": None, "latitude": None, "geometry": None})
    stations = [
        land.station("=S1", -8, 0, "2G", operator="@Unitel", position_id="-P1", owner="+x", azimuth_deg="0/120/240"),
        land.station("S2", -8, 0, "4G", position_id="-P1", tilt_deg=4),
        land.station("S3", 6, 2, "4G", operator="VinaPhone", position_id="P2", on_air_on="2020-01-01"),
        land.station("S4", 6, 2, "5G", operator="VinaPhone", position_id="P2", status="planned"),
        land.station("S5", 0, 0, "7G", operator="=cmd"),
    ]
    folder = land.write_project(
        tmp_path_factory.mktemp("written"), stations=stations, villages=villages,
        clusters=[land.cluster("V1", -7, 1), land.cluster("V2", -1, -1)], ground=two_ridges,
        void=lambda east, north: np.hypot(east - 9.0, north - 6.0) < 1.0, head="as_of = 2023-06-30\nsynthetic = true",
        inputs="population = 'people.tif'", toml="[radio]\nresolution_m = 700\n",
    )  # fmt: skip
    land.write_terrain(folder / "people.tif", land.flat(1.0), cell_m=200.0)
    return ws.open_project(folder)


@pytest.fixture(scope="module")
def analysis(project: ws.Project) -> ws.Analysis:
    return ws.analyze(project, jobs=2)


@pytest.fixture(scope="module")
def folder(analysis: ws.Analysis, project: ws.Project) -> Path:
    return analysis.write(project.folder / "results")


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_every_file_of_this_stage_is_there(folder: Path) -> None:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    generations = [f"{kind}_{name.lower()}.tif" for name in ws.GENERATIONS for kind in ("level", "best_server")]
    assert names == {
        "villages.csv", "villages.gpkg", "white_villages.xlsx", "coverage.gpkg", "stations.csv", "findings.csv",
        "set_aside.csv", "indicators.json", "sharing.csv", "sharing_breakdown.csv", "sharing_by_radius.csv",
            "sharing_potential.csv", "sharing_dependency.csv", "dependency.csv", "dependency_communes.csv",
            "declared.csv", "map.html", "run.json", "reach/losses.npz",
        "reach/points.csv", "reach/radiators.csv", "reach/inputs.json", "reach/hillshade.tif", "reach/outlines.gpkg",
        *generations,
    }  # fmt: skip


def test_the_village_table_begins_with_the_designs_columns_and_has_a_row_per_village(
    folder: Path, analysis: ws.Analysis
) -> None:
    villages = table(folder, "villages.csv")
    assert list(villages.columns)[: len(VILLAGE_COLUMNS)] == VILLAGE_COLUMNS
    assert villages["village_id"].tolist() == [f"V{at}" for at in range(9)]
    assert villages["name"].tolist()[:4] == ["'=1+2", "{{ 7*7 }}", "</script><b>", "'+x"]
    assert villages["status"].tolist() == analysis.villages["status"].tolist()
    assert set(villages["status"]) >= {"covered", "white", "weak", "unknown"}
    assert villages["has_grid_power"].tolist()[:3] == ["true", "false", ""]
    layer = gpd.read_file(folder / "villages.gpkg", layer="villages")
    assert layer["name"].tolist()[:8] == list(HOSTILE), "a GeoPackage is no spreadsheet"
    assert list(layer.columns) == [*villages.columns, "geometry"]
    assert layer.crs.to_epsg() == 4326
    clusters = gpd.read_file(folder / "villages.gpkg", layer="clusters")
    assert clusters["status"].tolist() == ["served", "unserved"]


def test_no_table_holds_a_formula(folder: Path) -> None:
    seen = 0
    for file in (*folder.glob("*.csv"), *folder.glob("reach/*.csv")):
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        cells = table(folder, file.relative_to(folder).as_posix())
        for text in (*cells.columns, *(text for column in cells for text in cells[column])):
            if text[:1] in ("=", "+", "-", "@", "\t"):
                float(text)  # a number may begin with a minus sign
            seen += text.startswith(("'=", "'+", "'-", "'@"))
    assert seen >= 8


def test_every_row_of_the_register_is_accounted_for(folder: Path) -> None:
    stations, aside = table(folder, "stations.csv"), table(folder, "set_aside.csv")
    assert stations["station_id"].tolist() == ["'=S1", "S2", "S3", "S4"]
    assert stations["counted"].tolist() == ["true", "true", "true", "false"]
    assert stations["not_counted_because"].tolist()[3] == "status planned"
    assert "power_dbm" in stations["defaults"][0]
    assert (stations["power_dbm"] != "").all(), "every default is filled in"
    assert aside["station_id"].tolist() == ["S5"]
    assert aside["operator"].tolist() == ["'=cmd"]
    assert aside["row"].tolist() == ["6"]
    findings = table(folder, "findings.csv")
    assert list(findings.columns) == ["severity", "file", "row", "column", "value", "message"]
    assert any(findings["message"].str.contains("set aside"))


def test_sharing_lists_every_position_that_counts(folder: Path) -> None:
    sharing = table(folder, "sharing.csv")
    assert sharing["position_id"].tolist() == ["'-P1", "P2"]
    assert sharing["operator_count"].tolist() == ["2", "1"]
    assert sharing["shared"].tolist() == ["true", "false"]


def test_indicators_are_the_analysis_own(folder: Path, analysis: ws.Analysis) -> None:
    listed = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
    assert len(listed) == len(analysis.indicators)
    white = next(one for one in listed if one["id"] == "villages.white" and one["area_level"] == "province")
    assert white["value"] == analysis.villages_by_status()["white"]
    assert white["as_of"] == "2023-06-30"


def test_the_record_says_what_the_run_rests_on(folder: Path, project: ws.Project, analysis: ws.Analysis) -> None:
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    expected = {"project.toml", "stations.csv", "villages.gpkg", "terrain.tif", "people.tif"}
    assert set(record["inputs_sha256"]) == expected
    for name, digest in record["inputs_sha256"].items():
        assert digest == hashlib.sha256((project.folder / name).read_bytes()).hexdigest()
    assert record["pruning"]["pairs"] == len(analysis.reach)
    bands: dict[str, Any] = record["pruning"]["by_band"]
    assert bands["900 MHz"]["radius_km"] == 35.0
    assert bands["1800 MHz"]["radius_km"] == 14.5
    assert bands["1800 MHz"]["floor_loss_db"] == pytest.approx(28.2 + 118 + 30, abs=0.05)
    assert record["settings"]["radio"]["resolution_m"] == 700.0
    assert record["settings"]["thresholds"]["4G"]["service"] == -118.0
    assert (record["program"], record["seed"], record["jobs"]) == ("whitesignal", 0, 2)
    assert record["peak_memory_mib"] > 10.0
    assert {"numpy", "numba", "whitesignal", "python"} <= set(record["versions"])
    assert {"read", "villages", "map", "figures"} <= set(record["timings_s"])


def test_a_shapefiles_attributes_are_part_of_its_hash(land: ModuleType, tmp_path: Path) -> None:
    from whitesignal.results.run_record import input_hashes

    made = land.write_project(tmp_path, stations=[land.station("A", 0, 0)], villages=[land.village("V1", 0, 0)])
    frame = gpd.GeoDataFrame(
        {"village_id": ["V1"], "name": ["A"], "commune": ["X"]}, geometry=[land.square(0, 0, 2)], crs="EPSG:4326"
    )
    frame.to_file(made / "villages.shp")
    text = (made / "project.toml").read_text(encoding="utf-8").replace("villages.csv", "villages.shp")
    (made / "project.toml").write_text(text, encoding="utf-8")
    before = input_hashes(ws.open_project(made))
    assert {"villages.shp", "villages.dbf", "villages.prj"} <= set(before)
    frame.assign(name="B").to_file(made / "villages.shp")
    after = input_hashes(ws.open_project(made))
    assert before["villages.shp"] == after["villages.shp"]
    assert before["villages.dbf"] != after["villages.dbf"]


def test_level_rasters_are_scaled_whole_numbers_with_nodata(folder: Path, analysis: ws.Analysis) -> None:
    for generation in ws.GENERATIONS:
        with rasterio.open(folder / f"level_{generation.lower()}.tif") as dataset:
            assert dataset.dtypes == ("int16",)
            assert dataset.scales == (0.01,)
            assert dataset.nodata == NO_LEVEL
            assert dataset.units == ("dBm",)
            assert dataset.crs.to_string() == "EPSG:32648"
            assert dataset.transform.almost_equals(analysis.radio_map.grid.transform)
            assert (dataset.read(1) == analysis.radio_map.level[generation]).all()
            assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        read = read_raster(folder / f"level_{generation.lower()}.tif")
        np.testing.assert_array_equal(read.values, analysis.radio_map.level_dbm(generation))


def test_best_servers_point_at_the_right_row_of_the_station_table(folder: Path) -> None:
    stations = table(folder, "stations.csv")
    for generation in ("2G", "4G"):
        with rasterio.open(folder / f"best_server_{generation.lower()}.tif") as dataset:
            assert dataset.dtypes == ("uint16",)
            assert dataset.nodata == 65535
            rows = dataset.read(1)
            place = dataset.transform
        with rasterio.open(folder / f"level_{generation.lower()}.tif") as dataset:
            assert ((dataset.read(1) == NO_LEVEL) == (rows == 65535)).all()
        named = stations.iloc[sorted(set(rows[rows != 65535].tolist()))]
        assert (named["generation"] == generation).all()
        assert (named["counted"] == "true").all()
    # West of the ridge the western mast is the best 4G station, east of it the eastern one.
    eastings = place.c + place.a * (np.arange(rows.shape[1]) + 0.5)
    west, east = rows[:, eastings < 495_000], rows[:, eastings > 504_000]
    assert set(west[west != 65535].tolist()) == {1}
    assert set(east[east != 65535].tolist()) == {2}


def test_more_stations_than_16_bits_hold_get_32(tmp_path: Path, analysis: ws.Analysis) -> None:
    grid = analysis.radio_map.grid
    rows = np.full(grid.shape, NO_SERVER, dtype=np.int32)
    rows[0, 0] = 65535
    write_server(rows, grid, tmp_path / "s.tif")
    with rasterio.open(tmp_path / "s.tif") as dataset:
        assert dataset.dtypes == ("uint32",)
        assert dataset.read(1)[0, 0] == 65535
        assert dataset.nodata == 4294967295
        assert (dataset.read(1)[1:] == 4294967295).all()


def test_overviews_of_best_servers_invent_no_station(tmp_path: Path) -> None:
    from whitesignal.radio.radio_map import metric_grid

    grid = metric_grid((104.5, 22.0, 105.4, 22.9), 100.0)
    rows = np.where(np.indices(grid.shape).sum(axis=0) % 2 == 0, 3, 900).astype(np.int32)
    write_server(rows, grid, tmp_path / "s.tif")
    with rasterio.open(tmp_path / "s.tif") as dataset:
        assert dataset.overviews(1)
        small = dataset.read(1, out_shape=(dataset.height // 2, dataset.width // 2))
    assert set(np.unique(small).tolist()) <= {3, 900}


def test_coverage_has_the_area_of_the_rasters_cells(folder: Path, analysis: ws.Analysis) -> None:
    polygons = gpd.read_file(folder / "coverage.gpkg", layer="coverage")
    assert tuple(polygons.columns) == (*POLYGON_COLUMNS, "geometry")
    cell_km2 = 0.49
    with rasterio.open(folder / "level_4g.tif") as dataset:
        level = dataset.read(1)
    for name, threshold in (("service", -11800), ("basic", -11000), ("good", -10500)):
        row = polygons.query(f"generation == '4G' and operator == 'any' and threshold == '{name}'").iloc[0]
        assert row["level_dbm"] == threshold / 100.0
        assert row["area_km2"] == pytest.approx(cell_km2 * (level >= threshold).sum())
        drawn = gpd.GeoSeries([row.geometry], crs="EPSG:4326").to_crs("EPSG:32648").area.iloc[0] / 1e6
        assert drawn == pytest.approx(row["area_km2"], rel=1e-4)
        # A raster of one person a cell of 200 m; UTM's scale is 0.9996.
        assert row["people"] == pytest.approx(25.0 * row["area_km2"], rel=0.02)
    assert sorted(set(polygons["operator"])) == sorted({"any", "@Unitel", "VinaPhone", "Viettel"})


def test_reach_comes_back_as_it_was(folder: Path, analysis: ws.Analysis) -> None:
    back = read_reach(folder / "reach")
    for field in fields(Reach):
        np.testing.assert_array_equal(getattr(back, field.name), getattr(analysis.reach, field.name))
    points = table(folder, "reach/points.csv")
    assert points["kind"].tolist() == ["centre"] * 8 + ["cluster"] * 2
    assert points["village_id"].tolist() == [f"V{at}" for at in range(8)] + ["V1", "V2"]
    radiators = table(folder, "reach/radiators.csv")
    assert len(radiators) == len(analysis.scene.radiators)
    inputs = json.loads((folder / "reach/inputs.json").read_text(encoding="utf-8"))
    assert inputs == dict(analysis.hashes)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_map_drawn_from_the_folder_alone_is_the_one_the_run_draws(
    folder: Path, analysis: ws.Analysis, lang: Any
) -> None:
    from whitesignal.maps.page import build_map

    page = analysis.to_map(lang=lang).html
    assert build_map(read_map_data(folder), lang=lang) == page
    if lang == "vi":
        assert (folder / "map.html").read_text(encoding="utf-8") == page


def test_hostile_names_reach_the_map_as_names(folder: Path) -> None:
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert "</script><b>" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page, "shown as it is written, not computed"


@pytest.mark.parametrize(
    "name",
    ["villages.gpkg", "coverage.gpkg", "stations.csv", "indicators.json", "level_3g.tif", "reach/hillshade.tif"],
)
@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_damaged_results_are_one_clear_error(folder: Path, tmp_path: Path, name: str, damage: str) -> None:
    import shutil

    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    if damage == "missing":
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(b"\x00garbage")
    with pytest.raises(ws.InputError, match="incomplete or damaged") as refused:
        read_map_data(copy)
    assert str(copy) in str(refused.value)


def test_outlines_are_those_of_districts_and_communes(folder: Path) -> None:
    outlines = gpd.read_file(folder / "reach/outlines.gpkg", layer="outlines")
    assert outlines["level"].value_counts().to_dict() == {"district": 1, "commune": 8}
    assert len(pyogrio.list_layers(folder / "reach/outlines.gpkg")) == 1


def test_hillshade_is_bright_towards_the_sun_and_blank_on_voids(folder: Path, analysis: ws.Analysis) -> None:
    shade = read_raster(folder / "reach/hillshade.tif")
    void = analysis.inputs.terrain.void
    assert np.isnan(shade.values[void]).all()
    assert not np.isnan(shade.values[~void]).any()
    west_slope, east_slope = shade.values[10, 76:79], shade.values[10, 81:84]
    level = shade.values[10, 10]
    assert west_slope.min() > level > east_slope.max(), "the sun stands in the north-west"
    assert level == pytest.approx(255.0 * np.sin(np.radians(45.0)), abs=0.6)


def test_a_project_where_nothing_is_covered_writes_every_file_too(land: ModuleType, tmp_path: Path) -> None:
    made = land.write_project(
        tmp_path / "p", stations=[land.station("A", 0, 0, status="planned")], villages=[land.village("V1", 1, 0)]
    )
    found = ws.analyze(ws.open_project(made))
    written = found.write(tmp_path / "r")
    assert len(gpd.read_file(written / "coverage.gpkg", layer="coverage")) == 0
    assert table(written, "sharing.csv").empty
    assert table(written, "villages.csv")["status"].tolist() == ["white"]
    assert read_map_data(written).title == "Thử"

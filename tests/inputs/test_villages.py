"""Lists of villages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from whitesignal.errors import InputError
from whitesignal.inputs.villages import CLUSTER_TABLE_COLUMNS, VILLAGE_TABLE_COLUMNS, VillageTable, read_villages
from whitesignal.project import Project

Make = Callable[..., Project]
HEAD = "village_id,name,commune,longitude,latitude"
HOURGLASS = Polygon([(105.0, 22.4), (105.1, 22.5), (105.1, 22.4), (105.0, 22.5)])


def frame_of(shapes: list[object], *, crs: str | None = "EPSG:4326", **columns: list[object]) -> gpd.GeoDataFrame:
    count = len(shapes)
    data = {"village_id": [f"V{at}" for at in range(count)], "name": ["Bản"] * count, "commune": ["Xã"] * count}
    return gpd.GeoDataFrame({**data, **columns}, geometry=shapes, crs=crs)


def read_frame(make_project: Make, frame: gpd.GeoDataFrame, file: Path, **more: object) -> VillageTable:
    frame.to_file(file)
    return read_villages(make_project(villages=file, **more))


def messages(table: VillageTable, severity: str | None = None) -> str:
    return "\n".join(f.message for f in table.findings if severity in (None, f.severity))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32648"])
def test_a_point_is_found_where_it_is_in_every_format_and_system(
    make_project: Make, tmp_path: Path, suffix: str, crs: str
) -> None:
    name = "villages"
    points = [Point(105.06, 22.56), Point(105.1, 22.5)]
    frame = frame_of(points, village_id=["007", "8"], name=["Lô Lô Chải", "Thèn Pả"])
    if suffix == ".shp":
        frame = frame.rename(columns={"village_id": "mã thôn"})
    table = read_frame(make_project, frame.to_crs(crs), tmp_path / f"{name}{suffix}")
    rows = table.rows.sort_values("village_id")
    assert tuple(table.rows.columns) == VILLAGE_TABLE_COLUMNS
    assert table.rows.crs == "EPSG:4326"
    assert rows["village_id"].tolist() == ["007", "8"]
    assert rows["name"].tolist() == ["Lô Lô Chải", "Thèn Pả"]
    np.testing.assert_allclose(rows[["longitude", "latitude"]], [[105.06, 22.56], [105.1, 22.5]], atol=1e-6)
    assert set(rows["centre_from"]) == {"given"}
    assert rows["area_km2"].isna().all()


def test_a_list_with_vietnamese_headers_is_read(make_project: Make) -> None:
    text = (
        "Mã thôn;Thôn;Xã;Huyện;Số hộ;Dân số;Điện lưới;Tình trạng sóng;Ngày phủ sóng;Kinh độ;Vĩ độ\n"
        "1;Lô Lô Chải;Lũng Cú;Đồng Văn;115;2.071;Có;Trắng sóng;15/3/2023;105,31;22,50\n"
        "2;Thèn Pả;Lũng Cú;Đồng Văn;;;Chưa;có lẽ;;105,32;22,51\n"
    )
    table = read_villages(make_project(villages=text))
    first, second = table.rows.iloc[0], table.rows.iloc[1]
    assert (first["population"], first["households"], first["has_grid_power"]) == (2071.0, 115.0, True)
    assert (first["declared_status"], first["covered_on"]) == ("white", "2023-03-15")
    assert (second["has_grid_power"], second["declared_status"]) == (False, "")
    assert np.isnan(second["population"])
    found = [(f.row, f.value) for f in table.findings if f.column == "declared_status"]
    assert found == [(3, "có lẽ")]


def test_the_area_of_a_polygon_is_the_geodesic_one(make_project: Make, tmp_path: Path) -> None:
    shape = Polygon([(105.0, 22.4), (105.05, 22.41), (105.06, 22.48), (105.01, 22.47)])
    table = read_frame(make_project, frame_of([shape]), tmp_path / "v.gpkg")
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]) / 1e6
    assert table.rows["area_km2"].iloc[0] == pytest.approx(geodesic, rel=1e-5)


def test_a_polygon_without_people_gets_a_point_inside_and_says_so(make_project: Make, tmp_path: Path) -> None:
    horseshoe = box(105.0, 22.4, 105.1, 22.5).difference(box(105.02, 22.42, 105.08, 22.5))
    table = read_frame(make_project, frame_of([horseshoe]), tmp_path / "v.gpkg")
    row = table.rows.iloc[0]
    assert row["centre_from"] == "representative"
    assert horseshoe.contains(Point(row["longitude"], row["latitude"]))
    assert "a point inside the polygon stands for the centre" in messages(table, "warning")


def test_a_given_centre_wins_and_one_outside_is_noticed(make_project: Make, tmp_path: Path) -> None:
    squares = [box(105.0, 22.4, 105.1, 22.5)] * 2
    frame = frame_of(squares, longitude=[105.02, 105.3], latitude=[22.42, 22.42])
    table = read_frame(make_project, frame, tmp_path / "v.gpkg")
    assert table.rows["longitude"].tolist() == [105.02, 105.3]
    assert set(table.rows["centre_from"]) == {"given"}
    assert "1 villages have a given centre outside their polygon (row 3)" in messages(table, "warning")


def test_a_polygon_that_crosses_itself_is_repaired_with_a_finding(make_project: Make, tmp_path: Path) -> None:
    table = read_frame(make_project, frame_of([HOURGLASS]), tmp_path / "v.gpkg")
    assert table.rows.geometry.iloc[0].is_valid
    half = abs(Geod(ellps="WGS84").geometry_area_perimeter(box(105.0, 22.4, 105.1, 22.5))[0]) / 2e6
    assert table.rows["area_km2"].iloc[0] == pytest.approx(half, rel=1e-3)
    assert "repaired (row 2)" in messages(table, "warning")


def test_a_village_without_a_place_stays_and_will_be_unknown(make_project: Make, tmp_path: Path) -> None:
    frame = frame_of([Point(105.1, 22.5), None, Polygon()])
    table = read_frame(make_project, frame, tmp_path / "v.gpkg")
    assert len(table.rows) == 3
    assert table.rows["longitude"].isna().tolist() == [False, True, True]
    assert [f.row for f in table.findings if "without a geometry" in f.message] == [3, 4]
    assert table.set_aside.empty


def test_a_list_row_without_coordinates_stays_too(make_project: Make) -> None:
    table = read_villages(make_project(villages=f"{HEAD}\nA,x,y,105.1,22.5\nB,x,y,,\nC,x,y,22.5,105.1\n"))
    assert table.rows["longitude"].isna().tolist() == [False, True, True]
    assert table.rows.geometry.isna().tolist() == [False, True, True]
    assert table.rows["centre_from"].tolist() == ["given", "", ""]
    assert [f.row for f in table.findings if "without a position" in f.message] == [3, 4]


def test_a_line_is_no_village(make_project: Make, tmp_path: Path) -> None:
    frame = frame_of([Point(105.1, 22.5), LineString([(105, 22.4), (105.1, 22.5)])])
    table = read_frame(make_project, frame, tmp_path / "v.gpkg")
    assert len(table.rows) == 1
    assert table.set_aside["row"].tolist() == [3]
    assert "LineString" in table.set_aside["reason"].iloc[0]


def test_a_point_with_a_height_or_in_a_multipoint_is_a_point(make_project: Make, tmp_path: Path) -> None:
    frame = frame_of([MultiPoint([(105.1, 22.5, 300.0)])])
    row = read_frame(make_project, frame, tmp_path / "v.gpkg").rows.iloc[0]
    assert (row["longitude"], row["latitude"]) == (105.1, 22.5)
    assert not row["geometry"].has_z


def test_numeric_keys_keep_their_face(make_project: Make, tmp_path: Path) -> None:
    points = [Point(105.1, 22.5), Point(105.1, 22.4)]
    floats = read_frame(make_project, frame_of(points, village_id=[2150101.0, 2150103.0]), tmp_path / "a.gpkg")
    assert floats.rows["village_id"].tolist() == ["2150101", "2150103"]


def test_a_key_that_comes_twice_stands_for_the_first(make_project: Make) -> None:
    table = read_villages(make_project(villages=f"{HEAD}\nA,x,y,105.1,22.5\nA,z,y,105.2,22.5\n"))
    assert table.rows["name"].tolist() == ["x"]
    assert table.set_aside["reason"].tolist() == ["same village_id as row 2"]
    assert "set aside" in messages(table, "error")


def test_a_missing_key_is_made_of_the_names_and_stays_distinct(make_project: Make) -> None:
    text = "name,commune,longitude,latitude\nLô Lô Chải,Lũng Cú,105.1,22.5\nLô Lô Chải,Lũng Cú,105.2,22.5\n"
    table = read_villages(make_project(villages=text))
    assert table.rows["village_id"].tolist() == ["lung-cu/lo-lo-chai", "lung-cu/lo-lo-chai-2"]
    assert "village_id: 2 of 2 villages have none" in messages(table, "warning")


def test_missing_columns_are_listed_at_once(make_project: Make) -> None:
    with pytest.raises(InputError, match=r"no columns name, commune; there are: 'longitude', 'latitude'"):
        read_villages(make_project(villages="longitude,latitude\n105.1,22.5\n"))
    with pytest.raises(InputError, match="no geometry and no column longitude, latitude"):
        read_villages(make_project(villages="name,commune\na,b\n"))


def test_one_source_column_may_serve_two_names(make_project: Make, tmp_path: Path) -> None:
    frame = frame_of([Point(105.1, 22.5)]).drop(columns=["name", "commune"]).assign(xa="Lũng Cú")
    toml = '[columns.villages]\nname = "xa"\ncommune = "xa"\n'
    row = read_frame(make_project, frame, tmp_path / "v.gpkg", toml=toml).rows.iloc[0]
    assert row["name"] == row["commune"] == "Lũng Cú"


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_a_system_is_wgs84_if_it_can_be_and_refused_if_not(make_project: Make, tmp_path: Path) -> None:
    degrees = read_frame(make_project, frame_of([Point(105.1, 22.5)], crs=None), tmp_path / "a.gpkg")
    assert degrees.rows["longitude"].tolist() == [105.1]
    assert "taken as WGS 84" in messages(degrees, "warning")
    with pytest.raises(InputError, match="says no coordinate reference system"):
        read_frame(make_project, frame_of([Point(500000.0, 2490000.0)], crs=None), tmp_path / "b.gpkg")


def test_a_shapefile_that_names_no_encoding_is_utf8_or_refused(make_project: Make, tmp_path: Path) -> None:
    frame = frame_of([Point(105.1, 22.5)], name=["Lô Lô Chải"])
    frame.to_file(tmp_path / "v.shp", encoding="UTF-8")
    (tmp_path / "v.cpg").unlink()
    assert read_villages(make_project(villages=tmp_path / "v.shp")).rows["name"].tolist() == ["Lô Lô Chải"]
    frame.assign(name=["Lô Lô"]).to_file(tmp_path / "old.shp", encoding="cp1252")
    (tmp_path / "old.cpg").unlink()
    with pytest.raises(InputError, match=r"old\.shp: its texts are not UTF-8; add a \.cpg"):
        read_villages(make_project(villages=tmp_path / "old.shp"))


def test_a_file_that_is_no_vector_file_is_refused(make_project: Make, tmp_path: Path) -> None:
    (tmp_path / "v.gpkg").write_text("nothing", encoding="utf-8")
    with pytest.raises(InputError, match=r"v\.gpkg: not a vector file"):
        read_villages(make_project(villages=tmp_path / "v.gpkg"))


def test_clusters_belong_to_their_villages_and_strays_are_named(make_project: Make, tmp_path: Path) -> None:
    file = tmp_path / "v.gpkg"
    frame_of([Point(105.1, 22.5)]).to_file(file, layer="villages")
    clusters = gpd.GeoDataFrame(
        {"village_id": ["V0", "V0", "V9"]}, geometry=[Point(105.11, 22.5), Point(105.12, 22.5), Point(105.1, 22.4)],
        crs="EPSG:4326",
    )  # fmt: skip
    clusters.to_file(file, layer="clusters")
    table = read_villages(make_project(villages=file))
    assert tuple(table.clusters.columns) == CLUSTER_TABLE_COLUMNS
    assert table.clusters["cluster_id"].tolist() == ["V0-1", "V0-2"]
    assert table.clusters["longitude"].tolist() == [105.11, 105.12]
    assert [(f.row, f.value) for f in table.findings if f.severity == "error"] == [(4, "V9")]


def test_without_a_layer_of_clusters_there_are_none(make_project: Make) -> None:
    table = read_villages(make_project())
    assert table.clusters.empty
    assert tuple(table.clusters.columns) == CLUSTER_TABLE_COLUMNS


@pytest.mark.parametrize("head", [HEAD])
def test_an_empty_list_is_an_empty_table(make_project: Make, head: str) -> None:
    table = read_villages(make_project(villages=head + "\n"))
    assert table.rows.empty
    assert tuple(table.rows.columns) == VILLAGE_TABLE_COLUMNS


CELL = st.text(alphabet="ab12345.,-° Đđ", max_size=6)
LINE = st.tuples(
    st.sampled_from(["A", "B", ""]), CELL, CELL, st.sampled_from(["105.1", "", "22.5"]) | CELL,
    st.sampled_from(["22.5", "", "105.1"]) | CELL, st.sampled_from(["x"]) | CELL,
)  # fmt: skip


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, max_size=8))
def test_accepted_and_set_aside_rows_are_all_the_rows_there_are(
    make_project: Make, lines: list[tuple[str, ...]]
) -> None:
    quoted = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    table = read_villages(make_project(villages=f"{HEAD},population\n{quoted}"))
    blank = sum(not "".join(cell.strip() for cell in line) for line in lines)
    assert len(table.rows) + len(table.set_aside) == len(lines) - blank
    assert table.rows["village_id"].is_unique


@pytest.mark.shared
def test_the_communes_of_thai_nguyen_are_read_with_one_column_as_name_and_commune(
    make_project: Make, shared: Path
) -> None:
    folder = shared / "cases" / "thai_nguyen"
    toml = '[columns.villages]\nvillage_id = "commune_id"\nname = "commune_vn"\ncommune = "commune_vn"\n'
    project = make_project(
        villages=folder / "communes_census2009.geojson", population=folder / "worldpop_2020_1km.tif", toml=toml
    )
    table = read_villages(project)
    assert len(table.rows) == 181
    assert table.rows["village_id"].iloc[0] == "2150101"
    assert table.rows["name"].iloc[0] == "Phường Trưng Vương"
    assert table.rows["area_km2"].sum() == pytest.approx(3533, rel=0.02)  # the province's published area
    assert (table.rows["centre_from"] == "population").all()
    centres = gpd.GeoSeries.from_xy(table.rows["longitude"], table.rows["latitude"], crs="EPSG:4326")
    assert table.rows.geometry.covers(centres).all()

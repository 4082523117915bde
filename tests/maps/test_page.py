"""The finished page: whole, safe, the same every time, and light."""

import dataclasses
import html
import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from rasterio.transform import from_origin

from whitesignal.errors import InputError, WhitesignalError
from whitesignal.grid import Grid, Raster
from whitesignal.maps import build_map, embed
from whitesignal.maps.selfcontained import check_self_contained

PAGE_BYTES = 3_000_000


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="whitesignal-data">(.*?)</script>', page, re.S)[1])


def unpack(table, column):
    packed = table["columns"][column]
    if isinstance(packed, list):
        return packed
    return [None if place < 0 else packed["values"][place] for place in packed["rows"]]


@pytest.fixture(scope="module")
def page(make_province):
    return build_map(make_province())


@pytest.fixture(scope="module")
def hostile_page(hostile_province):
    return build_map(hostile_province)


def test_a_page_carries_every_village_and_station_of_its_tables(page, make_province):
    province, data = make_province(), data_of(page)
    assert unpack(data["villages"], "village_id") == province.villages["village_id"].tolist()
    assert unpack(data["villages"], "status") == province.villages["status"].tolist()
    assert unpack(data["stations"], "station_id") == province.stations["station_id"].tolist()
    assert unpack(data["stations"], "counted") == province.stations["counted"].tolist()
    assert len(data["villages"]["shapes"]) == len(province.villages)
    assert [level["generation"] for level in data["levels"]] == ["2G", "3G", "4G"]


def test_only_coverage_of_all_operators_at_the_service_threshold_is_drawn(page):
    drawn = [(layer["generation"], layer["level_dbm"]) for layer in data_of(page)["coverage"]]
    assert drawn == [("2G", -98), ("4G", -118)]


def test_the_same_data_give_the_same_page(make_province):
    assert build_map(make_province()) == build_map(make_province())


def test_no_random_name_of_folium_is_left(page):
    assert not re.search(r"\b[0-9a-f]{32}\b", page)


def test_the_language_changes_the_labels_and_nothing_else(make_province):
    vietnamese, english = (data_of(build_map(make_province(), lang=lang)) for lang in ("vi", "en"))
    assert vietnamese.pop("labels") != english.pop("labels")
    assert (vietnamese.pop("language"), english.pop("language")) == ("vi", "en")
    assert vietnamese == english


def test_an_unknown_language_is_refused(make_province):
    with pytest.raises(InputError, match="'fr' is not one of vi, en"):
        build_map(make_province(), lang="fr")


def test_a_finished_page_refers_to_nothing_outside_itself(page, hostile_page):
    for finished in (page, hostile_page):
        check_self_contained(finished)
        markup = re.sub(r"<script.*?</script>|/\*.*?\*/", "", finished, flags=re.S)
        assert not re.search(r"https?://", markup.replace(html.escape("https://example.org/x.png"), ""))


@pytest.mark.parametrize(
    "reference",
    [
        '<script src="https://cdn.example/leaflet.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        '<img src="images/layers.png">',
        "<style>.x { background: url(images/layers.png) }</style>",
        "<style>@import 'x.css';</style>",
        "<p style=\"background: url('https://x.example/y.png')\">",
        "<script>1\n//# sourceMappingURL=leaflet.js.map\n</script>",
        '<svg><use xlink:href="x.svg#a"/></svg>',
        '<meta http-equiv="refresh" content="0;url=https://x.example">',
    ],
)
def test_a_reference_left_in_a_page_is_an_error_of_ours(page, reference):
    with pytest.raises(WhitesignalError, match="not self-contained: 1 reference"):
        check_self_contained(page.replace("</body>", f"{reference}</body>"))


def test_names_are_in_the_page_as_data_and_nowhere_else(hostile_page):
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", hostile_page, re.S)
    carrier = next(script for script in scripts if script.startswith('{"language"'))
    assert "<" not in carrier
    rest = hostile_page.replace(carrier, "")
    rest = rest.replace(re.search(r"<title>.*?</title>", rest, re.S)[0], "")
    assert "alert(" not in rest
    assert "7*7" not in rest


def test_hostile_names_arrive_unchanged_but_for_control_characters(hostile_page, hostile_province):
    def wanted(name):
        return "".join(c for c in name if not (c < " " or c == "\ud800")) or None

    got = unpack(data_of(hostile_page)["villages"], "name")
    assert got == [wanted(name) for name in hostile_province.villages["name"]]
    assert "49" not in got
    hostile_page.encode("utf-8")


def test_scripts_are_allowed_by_their_hash_alone(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"('sha256-[\w+/=]{44}' ?)+", rules["script-src"])


def test_embedding_gives_the_page_back_when_the_attribute_is_read(hostile_page):
    fragment = embed(hostile_page, title='Bản đồ "Hà Giang" <b>', height_px=500)
    attribute = re.search(r' srcdoc="([^"]*)"', fragment)[1]
    assert html.unescape(attribute) == hostile_page
    assert fragment.startswith('<iframe title="Bản đồ &quot;Hà Giang&quot; &lt;b&gt;"')
    assert fragment.count("<") == 2
    assert "height:500px" in fragment
    assert 'sandbox="allow-scripts"' in fragment


def test_a_province_of_full_size_fits_in_three_megabytes(large_page):
    data = data_of(large_page)
    assert (len(data["levels"]), data["villages"]["count"], data["stations"]["count"]) == (4, 1957, 2833)
    assert len(large_page.encode("utf-8")) <= PAGE_BYTES


def test_noise_in_every_pixel_still_fits(make_province):
    grid = Grid("EPSG:32648", from_origin(430_000.0, 2_590_000.0, 120.0, 120.0), (1000, 1000))
    noise = np.random.default_rng(1).uniform(-130, -60, grid.shape).astype(np.float32)
    page = build_map(make_province(levels={name: Raster(grid, noise) for name in ("2G", "3G", "4G", "5G")}))
    assert len(page.encode("utf-8")) <= PAGE_BYTES


def test_a_village_without_coordinates_stands_at_a_point_inside_its_area(make_province):
    villages = make_province().villages.assign(longitude=np.nan).drop(columns="latitude")
    data = data_of(build_map(make_province(villages=villages)))
    places = gpd.GeoSeries(
        gpd.points_from_xy(unpack(data["villages"], "longitude"), unpack(data["villages"], "latitude")), crs=4326
    )
    assert places.within(villages.geometry.reset_index(drop=True)).all()


def test_a_status_that_is_none_of_ours_is_unknown(make_province):
    villages = make_province().villages.copy()
    villages["status"] = [None, float("nan"), "trắng", "white", *villages["status"][4:]]
    statuses = unpack(data_of(build_map(make_province(villages=villages)))["villages"], "status")
    assert statuses[:4] == ["unknown", "unknown", "unknown", "white"]


def test_points_for_villages_make_a_map_without_areas(make_province):
    villages = make_province().villages
    villages = villages.set_geometry(villages.representative_point())
    assert data_of(build_map(make_province(villages=villages)))["villages"]["shapes"] is None


def test_empty_tables_make_an_empty_map(make_province):
    province = make_province()
    nothing = province.polygons.iloc[:0]
    page = build_map(
        dataclasses.replace(
            province, stations=province.stations.iloc[:0], villages=province.villages.iloc[:0], levels={},
            polygons=nothing, indicators=(), hillshade=None, outlines=nothing[["geometry"]], notes=(),
            clusters=pd.DataFrame(), changed=None,
        )
    )  # fmt: skip
    data = data_of(page)
    assert (data["villages"]["count"], data["stations"]["count"], data["levels"]) == (0, 0, [])
    assert data["bounds"] == [[8.4, 102.1], [23.4, 109.5]]


def test_missing_values_of_every_kind_are_null_or_absent(make_province):
    province = make_province()
    villages = province.villages.assign(
        name=[None, float("nan"), pd.NA, ""] * (len(province.villages) // 4), population=np.nan, margin_db=np.inf
    )
    stations = province.stations.assign(operator=None, on_air_on=pd.NaT)
    columns = data_of(build_map(make_province(villages=villages, stations=stations)))["villages"]["columns"]
    assert not {"name", "population", "margin_db"} & set(columns)


def test_a_table_without_what_a_map_needs_is_refused(make_province):
    with pytest.raises(InputError, match="the map's stations have no column counted"):
        build_map(make_province(stations=make_province().stations.drop(columns="counted")))


def test_a_level_without_a_single_value_is_no_layer(make_province):
    level = make_province().levels["4G"]
    nowhere = Raster(level.grid, np.full(level.grid.shape, np.nan, dtype=np.float32))
    data = data_of(build_map(make_province(levels={"4G": level, "5G": nowhere})))
    assert [one["generation"] for one in data["levels"]] == ["4G"]


def test_the_legend_uses_the_service_threshold_of_the_run(make_province):
    polygons = make_province().polygons.copy()
    polygons.loc[(polygons["generation"] == "4G") & (polygons["threshold"] == "service"), "level_dbm"] = -112.0
    level = next(
        one for one in data_of(build_map(make_province(polygons=polygons)))["levels"] if one["generation"] == "4G"
    )
    assert [c["lowest_dbm"] for c in level["classes"] if c["serves"]][-1] == -112.0

"""Shapes, tables, labels and figures on their way into the page."""

import json
import string
from importlib.resources import files
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.maps.headline import headline
from whitesignal.maps.labels import Language, labels
from whitesignal.maps.selfcontained import WEB_FILES, web_file
from whitesignal.maps.shapes import (
    UNITS_PER_DEGREE,
    VILLAGE_VERTICES,
    coverage_shape,
    encode,
    encode_shape,
    outline_shapes,
    village_shapes,
)
from whitesignal.maps.tables import cell, clean, columns, page_json


def decoded(ring):
    return np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / UNITS_PER_DEGREE


def area_of(rings):
    return sum(shapely.polygons(decoded(ring)).area for ring in rings)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=20))
def test_a_ring_comes_back_within_half_a_metre(corners):
    back = decoded(encode(np.array(corners)))
    assert np.allclose(back[-1], corners[-1], atol=0.51e-5, rtol=0)
    assert np.allclose(back[0], corners[0], atol=0.51e-5, rtol=0)


def test_holes_and_parts_become_rings_of_their_own():
    hole = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    assert len(encode_shape(shapely.MultiPolygon([hole, shapely.box(5, 5, 6, 6)]))) == 3


@pytest.mark.parametrize("geometry", [None, shapely.Polygon(), shapely.Point(1, 2), shapely.MultiPoint([(1, 2)])])
def test_what_has_no_border_has_no_ring(geometry):
    assert encode_shape(geometry) == []


def test_neighbours_still_touch_after_simplification(make_province):
    villages = make_province().villages
    polygons = [shapely.polygons(decoded(rings[0])) for rings in village_shapes(villages)]
    whole = shapely.union_all(shapely.buffer(polygons, 1e-5))
    assert shapely.union_all(villages.geometry).area == pytest.approx(whole.area, rel=0.01)
    assert len(shapely.get_parts(whole)) == 1
    assert not [ring for ring in whole.interiors if shapely.Polygon(ring).area > 1e-8]


def test_borders_of_too_many_corners_are_simplified_to_the_budget():
    angle = np.linspace(0, 2 * np.pi, 9000, endpoint=False)
    star = shapely.polygons(
        np.column_stack([np.cos(angle), np.sin(angle)]) * (0.05 + 0.01 * np.sin(400 * angle))[:, None]
    )
    many = gpd.GeoDataFrame(geometry=[shapely.affinity.translate(star, n) for n in range(20)], crs=4326)
    shapes = village_shapes(many)
    assert sum(len(ring) // 2 for rings in shapes for ring in rings) <= VILLAGE_VERTICES
    assert all(area_of(rings) > 0 for rings in shapes)


def test_points_among_areas_keep_their_row():
    mixed = gpd.GeoDataFrame(geometry=[shapely.Point(105, 22), shapely.box(105, 22, 105.1, 22.1), None], crs=4326)
    assert [len(rings) for rings in village_shapes(mixed)] == [0, 1, 0]


def test_coverage_keeps_its_area():
    stairs = shapely.union_all([shapely.box(n, n, n + 3, n + 2) for n in range(10)])
    degrees = shapely.transform(stairs, lambda corner: 105 + corner * 0.005)
    assert area_of(coverage_shape(degrees)) == pytest.approx(degrees.area, rel=1e-3)


def test_a_border_shared_by_two_communes_is_drawn_once():
    communes = gpd.GeoDataFrame(geometry=[shapely.box(105, 22, 106, 23), shapely.box(106, 22, 107, 23)], crs=4326)
    lines = outline_shapes(communes)["commune"]
    assert sum(shapely.LineString(decoded(line)).length for line in lines) == pytest.approx(7.0)


def test_boundaries_are_kept_by_level():
    outlines = gpd.GeoDataFrame(
        {"level": ["district", "commune", "commune"]},
        geometry=[shapely.box(105, 22, 107, 23), shapely.box(105, 22, 106, 23), shapely.box(106, 22, 107, 23)],
        crs=4326,
    )
    assert set(outline_shapes(outlines)) == {"district", "commune"}
    assert outline_shapes(outlines.iloc[:0]) == {}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.nan, None), (None, None), (pd.NA, None), (pd.NaT, None), (np.inf, None), ("", None), ("NaT", "NaT"),
        (np.bool_(True), True), (False, False), (np.int64(3), 3), (-98.0, -98), (1.23456, 1.23),
        (pd.Timestamp("2023-06-30").date(), "2023-06-30"), (" a\tb\x00 ", "a b"),
    ],
)  # fmt: skip
def test_a_cell_is_plain_json(value, wanted):
    assert cell(value) == wanted
    assert type(cell(value)) is type(wanted)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["Viettel", "</script>"])), max_size=30))
def test_a_column_unpacks_to_its_cells(values):
    packed = columns(pd.DataFrame({"name": pd.Series(values, dtype=object)}), ["name", "absent"]).get("name", [])
    if isinstance(packed, dict):
        packed = [None if place < 0 else packed["values"][place] for place in packed["rows"]]
    wanted = [clean(value) or None if value is not None else None for value in values]
    assert packed == (wanted if any(wanted) else [])


@settings(deadline=None)
@given(st.text())
def test_no_text_can_end_the_script_it_lies_in(text):
    encoded = page_json({"name": text})
    assert "<" not in encoded
    assert json.loads(encoded) == {"name": text}


def test_every_language_has_the_same_labels_and_none_is_empty():
    keys = {lang: set(labels(lang)) for lang in get_args(Language)}
    assert keys["vi"] == keys["en"]
    assert all(label.strip() for lang in keys for label in labels(lang).values())
    on_disk = {file.name for file in files("whitesignal.maps").joinpath("words").iterdir()}
    assert on_disk == {f"{lang}.json" for lang in keys}


@pytest.mark.parametrize("key", sorted(labels("vi")))
def test_placeholders_agree_between_languages(key):
    fields = [[field for _, field, _, _ in string.Formatter().parse(labels(lang)[key])] for lang in ("vi", "en")]
    assert {*fields[0]} == {*fields[1]}


def test_every_label_a_script_asks_for_exists():
    scripts = "".join(web_file(name) for name in WEB_FILES)
    asked = [part.split('"')[0] for part in scripts.split('label("')[1:]]
    asked += [f"control.{part.split(chr(34))[0]}" for part in web_file("control.js").split('say("')[1:]]
    assert len(asked) > 25
    assert not set(asked) - set(labels("en"))


def test_no_script_builds_markup_from_text():
    scripts = "".join(web_file(name) for name in WEB_FILES)
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert way not in scripts


def test_the_headline_is_the_whole_projects_and_counts_nothing_anew(make_province):
    found = headline(make_province().indicators)
    assert found["stations"] == {"total": 2833, "parts": [("2G", 734), ("3G", 1010), ("4G", 1086), ("5G", 3)]}
    assert dict(found["villages"]["parts"])["white"] != 999
    assert found["people"] == {"total": None, "parts": []}
    sharing = next(figure for figure in found["percents"] if figure["key"] == "title.sharing")
    assert sharing["value"] == pytest.approx(20.73, abs=0.005)


def test_of_several_provinces_the_project_makes_the_headline():
    def row(level, value):
        return {"id": "stations", "area_level": level, "area": "", "kind": "computed", "value": value,
                "numerator": None, "denominator": None}  # fmt: skip

    assert headline([row("project", 30), row("province", 10), row("province", 20)])["stations"]["total"] == 30
    assert headline([])["stations"] == {"total": None, "parts": []}

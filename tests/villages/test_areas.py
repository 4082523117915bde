"""Which commune a position stands in, and how far a village is from the nearest station."""

from __future__ import annotations

from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from whitesignal.villages.areas import position_areas
from whitesignal.villages.points import village_points
from whitesignal.villages.table import nearest_after, nearest_station_km


def frame(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    table = [{"district": "D", "province": "P", "geometry": None, **row} for row in rows]
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def positions(*places: tuple[float, float]) -> pd.DataFrame:
    ids = [f"P{at}" for at in range(len(places))]
    return pd.DataFrame(places, columns=["longitude", "latitude"], index=pd.Index(ids, name="position_id"))


def test_a_position_stands_in_the_polygon_around_it_or_else_by_the_nearest_centre(land: ModuleType) -> None:
    villages = frame(
        {**land.village("V1", 0, 0, geometry=land.square(0, 0, 2)), "commune": "A"},
        {**land.village("V2", 2, 0, geometry=land.square(2, 0, 2)), "commune": "B"},
        {**land.village("V3", 9, 0), "commune": "C"},
    )
    found = position_areas(
        positions(land.place(0.5, 0.5), land.place(1.4, 0.2), land.place(8, 1), land.place(3.5, 0)), villages
    )
    assert found["commune"].tolist() == ["A", "B", "C", "B"]
    assert found.index.tolist() == ["P0", "P1", "P2", "P3"]


def test_where_polygons_overlap_or_touch_the_first_in_the_list_has_the_position(land: ModuleType) -> None:
    villages = frame(
        {**land.village("V1", 0, 0, geometry=land.square(0, 0, 4)), "commune": "A"},
        {**land.village("V2", 0, 0, geometry=land.square(0, 0, 4)), "commune": "B"},
    )
    corner = shapely.get_coordinates(villages.geometry.iloc[0])[0]
    assert position_areas(positions(land.place(0, 0), tuple(corner)), villages)["commune"].tolist() == ["A", "A"]


def test_villages_without_a_place_tell_nothing(land: ModuleType) -> None:
    nowhere = {"commune": "A", "longitude": np.nan, "latitude": np.nan, "name": "x", "village_id": "V1"}
    assert position_areas(positions(land.place(0, 0)), frame(nowhere))["commune"].tolist() == [""]
    assert position_areas(positions(), frame(nowhere)).empty


def test_the_nearest_station_is_the_nearest_counted_one_on_the_ellipsoid(land: ModuleType) -> None:
    rng = np.random.default_rng(2)
    villages = pd.DataFrame([land.village(f"V{at}", *rng.uniform(-40, 40, 2)) for at in range(300)])
    villages.loc[7, "longitude"] = np.nan
    stations = pd.DataFrame([land.station(f"S{at}", *rng.uniform(-40, 40, 2)) for at in range(9)])
    stations["counted"] = [True] * 8 + [False]
    found_km = nearest_station_km(villages, stations)
    geod = Geod(ellps="WGS84")
    for at in (0, 100, 255, 256, 299):
        row = villages.iloc[at]
        away_m = [
            geod.inv(row.longitude, row.latitude, one.longitude, one.latitude)[2]
            for one in stations.iloc[:8].itertuples()
        ]
        assert found_km[at] * 1000.0 == pytest.approx(min(away_m), abs=1.0)
    assert np.isnan(found_km[7])
    assert np.isnan(nearest_station_km(villages, stations.assign(counted=False))).all()


def test_sample_points_are_centres_in_order_then_clusters_and_only_centres_are_spread(land: ModuleType) -> None:
    villages = pd.DataFrame([land.village("V1", 0, 0), land.village("V2", 1, 0), land.village("V3", 2, 0)])
    villages.loc[1, ["longitude", "latitude"]] = np.nan
    clusters = pd.DataFrame(
        [("V3", "upper", 105.1, 22.6), ("V2", "lower", 1.0, 2.0)],
        columns=["village_id", "cluster_id", "longitude", "latitude"],
    )
    people = pd.DataFrame(
        [("V1", "people-1", 105.2, 22.7, 30.0)],
        columns=["village_id", "point_id", "longitude", "latitude", "people"],
    )
    found = village_points(villages, clusters, people)
    assert found.village.tolist() == [0, 2, 2, 1, 0]
    assert found.name.tolist() == ["", "", "upper", "lower", "people-1"]
    assert found.is_centre.tolist() == [True, True, False, False, False]
    assert found.is_cluster.tolist() == [False, False, True, True, False]
    assert found.points.spread.tolist() == [True, True, False, False, False]
    assert found.people.tolist() == [0.0, 0.0, 0.0, 0.0, 30.0]
    assert found.points.longitude[2] == 105.1


@given(
    before=st.lists(st.sampled_from(range(8)), max_size=5, unique=True),
    after=st.lists(st.sampled_from(range(8)), max_size=5, unique=True),
)
@settings(deadline=None, max_examples=60)
def test_the_nearest_station_after_a_change_is_the_one_found_anew(before: list[int], after: list[int]) -> None:
    places = np.random.default_rng(7).uniform([104.9, 22.4], [105.2, 22.7], size=(8, 2))
    villages = pd.DataFrame({"longitude": [105.0, 105.1, 104.95, np.nan], "latitude": [22.5, 22.6, 22.65, np.nan]})
    was, now = (
        pd.DataFrame({"longitude": places[rows, 0], "latitude": places[rows, 1], "counted": True})
        for rows in (np.asarray(before, dtype=int), np.asarray(after, dtype=int))
    )
    known = villages.assign(nearest_station_km=nearest_station_km(villages, was))
    np.testing.assert_array_equal(nearest_after(known, was, now), nearest_station_km(villages, now))

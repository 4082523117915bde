"""Distances and azimuths against a geodesic solver."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod

from whitesignal.geodesy import distance_and_azimuth, metres_per_degree, utm_crs

WGS84 = Geod(ellps="WGS84")
NORTHERN_VIETNAM = st.floats(8.0, 24.0)
SOUTHERN = st.floats(-34.0, -1.0)
AZIMUTHS = st.floats(0.0, 359.999)


@given(
    longitude=st.floats(-180.0, 180.0),
    latitude=NORTHERN_VIETNAM | SOUTHERN,
    azimuth_deg=AZIMUTHS,
    distance_km=st.floats(0.01, 100.0),
)
@settings(deadline=None, max_examples=300)
def test_distance_and_azimuth_are_those_of_a_geodesic_within_a_metre_and_a_hundredth_of_a_degree(
    longitude: float, latitude: float, azimuth_deg: float, distance_km: float
) -> None:
    to_longitude, to_latitude, _ = WGS84.fwd(longitude, latitude, azimuth_deg, 1000.0 * distance_km)
    found_km, found_deg = distance_and_azimuth(longitude, latitude, to_longitude, to_latitude)
    assert abs(float(found_km) - distance_km) * 1000.0 <= 1.0
    # Half a micrometre of rounding in the solver's own degrees turns a ten-metre path by less than this too.
    assert abs((float(found_deg) - azimuth_deg + 180.0) % 360.0 - 180.0) <= 0.01


def test_the_documented_error_holds_at_sixty_degrees_too() -> None:
    azimuth_deg = np.linspace(0.0, 355.0, 72)
    to_longitude, to_latitude, _ = WGS84.fwd(np.full(72, 20.0), np.full(72, 60.0), azimuth_deg, np.full(72, 100_000.0))
    found_km, found_deg = distance_and_azimuth(20.0, 60.0, to_longitude, to_latitude)
    assert np.abs(found_km - 100.0).max() * 1000.0 <= 5.0
    assert np.abs((found_deg - azimuth_deg + 180.0) % 360.0 - 180.0).max() <= 0.01


@given(
    longitude=st.floats(100.0, 110.0),
    latitude=NORTHERN_VIETNAM,
    east_deg=st.floats(-0.5, 0.5),
    north_deg=st.floats(-0.5, 0.5),
)
@settings(deadline=None, max_examples=100)
def test_a_way_back_is_as_long_as_the_way_there(
    longitude: float, latitude: float, east_deg: float, north_deg: float
) -> None:
    there, _ = distance_and_azimuth(longitude, latitude, longitude + east_deg, latitude + north_deg)
    back, _ = distance_and_azimuth(longitude + east_deg, latitude + north_deg, longitude, latitude)
    assert float(there) == pytest.approx(float(back), rel=1e-9, abs=1e-9)


def test_a_path_across_the_date_line_is_short() -> None:
    distance_km, azimuth_deg = distance_and_azimuth(179.9, 10.0, -179.9, 10.0)
    assert float(distance_km) == pytest.approx(WGS84.inv(179.9, 10.0, -179.9, 10.0)[2] / 1000.0, abs=1e-3)
    assert float(azimuth_deg) == pytest.approx(90.0, abs=0.1)


def test_no_distance_is_nought_and_an_unknown_place_stays_unknown() -> None:
    distance_km, _ = distance_and_azimuth(105.0, 22.0, 105.0, 22.0)
    assert float(distance_km) == 0.0
    distance_km, azimuth_deg = distance_and_azimuth(np.array([105.0, np.nan]), 22.0, 105.1, np.array([22.0, 22.0]))
    assert np.isfinite(distance_km).tolist() == [True, False]
    assert np.isfinite(azimuth_deg).tolist() == [True, False]


@pytest.mark.parametrize(
    ("latitude", "east_m", "north_m"), [(0.0, 111_319.49, 110_574.28), (45.0, 78_846.8, 111_131.7)]
)
def test_a_degree_is_as_long_as_the_published_tables_say(latitude: float, east_m: float, north_m: float) -> None:
    # WGS 84 as commonly tabulated: 111.319 and 110.574 km at the equator, 78.847 and 111.132 km at 45°.
    found_east_m, found_north_m = metres_per_degree(latitude)
    assert float(found_east_m) == pytest.approx(east_m, abs=0.2)
    assert float(found_north_m) == pytest.approx(north_m, abs=0.2)


@given(longitude=st.floats(-180.0, 180.0), latitude=st.floats(-79.0, 79.0))
@settings(deadline=None, max_examples=25)
def test_a_place_lies_within_three_degrees_of_its_zones_meridian(longitude: float, latitude: float) -> None:
    operation = CRS.from_user_input(utm_crs(longitude, latitude)).coordinate_operation
    assert operation is not None
    values = {parameter.name: parameter.value for parameter in operation.params}
    off_deg = abs((longitude - values["Longitude of natural origin"] + 180.0) % 360.0 - 180.0)
    assert off_deg <= 3.0 + 1e-9
    assert math.isclose(values["False northing"], 0.0 if latitude >= 0.0 else 10_000_000.0)

"""ITU-R P.526: knife edge, Bullington, delta-Bullington, held against P.1812-8's reference code."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError, RangeError
from whitesignal.propagation import free_space, p526

DELTA_N_OF_THREE_RADII = 157.0 * (1.0 - 1.0 / 3.0)
"""Gives an effective earth radius of 3 · 6371 km, P.1812-8's radius for β0 % of time."""

HEIGHTS_M = st.lists(st.floats(0.0, 1500.0), min_size=3, max_size=40)
ANTENNAS_M = st.floats(1.0, 100.0)
BANDS_MHZ = st.sampled_from([450.0, 900.0, 1800.0, 2600.0, 3700.0])


def flat(path_km, points=101):
    return np.linspace(0.0, path_km, points), np.zeros(points)


def case_arguments(case):
    """Return a reference case as the model's arguments; coast and inland are land."""
    distance_km = np.arange(len(case["h_m"])) * case["step_m"] / 1000.0
    at_sea = (np.asarray(case["zone"]) == 1).astype(float)
    sea_km = np.sum(np.diff(distance_km) * (at_sea[1:] + at_sea[:-1]) / 2.0)
    height_m = np.asarray(case["h_m"])
    arguments = {
        "surface_m": height_m + np.asarray(case["clutter_m"]),
        "tx_height_m": case["htg_m"],
        "rx_height_m": case["hrg_m"],
        "frequency_mhz": case["f_ghz"] * 1000.0,
        "polarization": "vertical" if case["pol"] == 2 else "horizontal",
        "sea_fraction": sea_km / distance_km[-1],
    }
    return (distance_km, height_m), arguments


def test_all_160_cases_of_p1812_are_met_within_a_hundredth_of_a_decibel(p1812_cases):
    """Ld50 at the median radius. The code reports the other three after its second call, at 3 · 6371 km."""
    assert len(p1812_cases) == 160
    blocked = 0
    for case in p1812_cases:
        profile, arguments = case_arguments(case)
        expected = case["expected"]
        median = p526.delta_bullington(*profile, **arguments, delta_n=case["DN"])
        assert median.loss_db == pytest.approx(expected["Ld50"], abs=0.01), case["id"]
        assert median.effective_radius_km == pytest.approx(expected["ae_km"], abs=1e-4)
        assert case["htg_m"] + case["h_m"][0] - median.tx_effective_height_m == pytest.approx(
            expected["hstd_m"], abs=1e-5
        )
        again = p526.delta_bullington(*profile, **arguments, delta_n=DELTA_N_OF_THREE_RADII)
        assert again.bullington_actual_db == pytest.approx(expected["Lbulla_50"], abs=0.01), case["id"]
        assert again.bullington_smooth_db == pytest.approx(expected["Lbulls_50"], abs=0.01), case["id"]
        assert again.spherical_earth_db == pytest.approx(expected["Ldsph_50"], abs=0.01), case["id"]
        blocked += not median.line_of_sight
    assert 40 < blocked < 160


@pytest.mark.shared
def test_study_group_threes_uneven_profiles_are_met_on_land_and_over_sea(study_group_profiles):
    assert len(study_group_profiles) == 12
    for profile in study_group_profiles:
        log = profile.log
        arguments = {
            "surface_m": profile.surface_m,
            "tx_height_m": log["htg"],
            "rx_height_m": log["hrg"],
            "frequency_mhz": log["f"] * 1000.0,
            "polarization": "vertical" if log["pol"] == 2 else "horizontal",
            "sea_fraction": log["w"],
        }
        median = p526.delta_bullington(profile.distance_km, profile.height_m, **arguments, delta_n=log["DN"])
        assert median.loss_db == pytest.approx(log["Ld50"], abs=0.01), profile.name
        again = p526.delta_bullington(
            profile.distance_km, profile.height_m, **arguments, delta_n=DELTA_N_OF_THREE_RADII
        )
        assert again.bullington_actual_db == pytest.approx(log["Lbulla"], abs=0.01), profile.name
        assert again.bullington_smooth_db == pytest.approx(log["Lbulls"], abs=0.01), profile.name
        assert again.spherical_earth_db == pytest.approx(log["Ldsph"], abs=0.01), profile.name


def test_the_knife_edge_follows_the_fresnel_integral_it_stands_for():
    """P.526 equation (30): −20 log(√((1 − C − S)² + (C − S)²) / 2)."""
    from scipy.special import fresnel

    nu = np.linspace(-0.7, 5.0, 200)
    sine, cosine = fresnel(nu)
    exact_db = -20.0 * np.log10(np.hypot(1.0 - cosine - sine, cosine - sine) / 2.0)
    assert np.max(np.abs(p526.knife_edge_db(nu) - exact_db)) < 0.25
    assert p526.knife_edge_db(0.0) == pytest.approx(6.02, abs=0.02)


def test_far_below_the_ray_an_edge_costs_nothing():
    assert np.all(p526.knife_edge_db(np.array([-0.78, -3.0, -math.inf])) == 0.0)


def test_one_thin_ridge_is_bullingtons_own_edge():
    """Over an almost flat earth a single ridge is a knife edge, with ν by equation (26) and 10 dB + 0.02 d on top."""
    distance_km = np.array([0.0, 4.0, 4.001, 4.002, 10.0])
    height_m = np.array([0.0, 0.0, 150.0, 0.0, 0.0])
    result = p526.delta_bullington(
        distance_km, height_m, tx_height_m=30.0, rx_height_m=10.0, frequency_mhz=900.0, delta_n=156.99
    )
    above_m = 150.0 - (30.0 - 20.0 * 0.4001)
    nu = p526.knife_edge_nu(above_m, tx_distance_km=4.001, rx_distance_km=5.999, frequency_mhz=900.0)
    edge_db = float(p526.knife_edge_db(nu))
    assert result.nu == pytest.approx(float(nu), rel=1e-4)
    assert result.bullington_actual_db == pytest.approx(edge_db + (1.0 - math.exp(-edge_db / 6.0)) * 10.2, abs=1e-3)
    assert (result.ridge_index, result.tx_horizon_index, result.rx_horizon_index) == (2, 2, 2)
    assert result.edge_distance_km == pytest.approx(4.001)
    assert result.edge_height_m == pytest.approx(150.0, abs=0.01)


def test_a_ridge_hides_the_valley_behind_it():
    distance_km, height_m = flat(10.0)
    height_m[40] = 200.0
    arguments = {"tx_height_m": 30.0, "rx_height_m": 1.5, "frequency_mhz": 900.0}
    hidden = p526.delta_bullington(distance_km, height_m, **arguments)
    in_front = p526.delta_bullington(distance_km[:40], height_m[:40], **arguments)
    assert not hidden.line_of_sight
    assert in_front.line_of_sight
    assert hidden.loss_db > in_front.loss_db + 30.0
    assert (hidden.ridge_index, hidden.ridge_distance_km, hidden.ridge_height_m) == (40, pytest.approx(4.0), 200.0)
    assert hidden.departure_elevation_deg == pytest.approx(math.degrees(math.atan(170.0 / 4000.0)), abs=0.02)
    assert hidden.arrival_elevation_deg == pytest.approx(math.degrees(math.atan(198.5 / 6000.0)), abs=0.03)


def test_two_ridges_meet_in_an_edge_above_both():
    distance_km, height_m = flat(10.0)
    height_m[30] = height_m[70] = 100.0
    result = p526.delta_bullington(distance_km, height_m, tx_height_m=10.0, rx_height_m=10.0, frequency_mhz=900.0)
    assert (result.tx_horizon_index, result.rx_horizon_index) == (30, 70)
    assert result.edge_distance_km == pytest.approx(5.0)
    assert result.edge_height_m == pytest.approx(10.0 + 90.0 / 3.0 * 5.0, abs=2.0)


def test_in_line_of_sight_elevations_point_at_the_other_end():
    distance_km, height_m = flat(5.0)
    height_m[-1] = 500.0
    result = p526.delta_bullington(distance_km, height_m, tx_height_m=30.0, rx_height_m=30.0, frequency_mhz=1800.0)
    fall_deg = math.degrees(5.0 / (2.0 * result.effective_radius_km))
    assert result.line_of_sight
    assert result.departure_elevation_deg == pytest.approx(math.degrees(math.atan(0.1)) - fall_deg, abs=1e-3)
    assert result.arrival_elevation_deg == pytest.approx(-math.degrees(math.atan(0.1)) - fall_deg, abs=1e-3)


@settings(deadline=None, max_examples=200)
@given(HEIGHTS_M, ANTENNAS_M, ANTENNAS_M, BANDS_MHZ, st.floats(0.3, 40.0), st.booleans())
def test_there_and_back_cost_the_same(heights_m, tx_m, rx_m, band_mhz, path_km, vertical):
    distance_km = np.linspace(0.0, path_km, len(heights_m))
    arguments = {"frequency_mhz": band_mhz, "polarization": "vertical" if vertical else "horizontal"}
    there = p526.delta_bullington(distance_km, heights_m, tx_height_m=tx_m, rx_height_m=rx_m, **arguments)
    back = p526.delta_bullington(distance_km, heights_m[::-1], tx_height_m=rx_m, rx_height_m=tx_m, **arguments)
    assert back.bullington_actual_db == pytest.approx(there.bullington_actual_db, abs=1e-6)
    assert back.loss_db == pytest.approx(there.loss_db, abs=1e-5)
    assert back.departure_elevation_deg == pytest.approx(there.arrival_elevation_deg, abs=1e-9)


@settings(deadline=None, max_examples=200)
@given(HEIGHTS_M, ANTENNAS_M, ANTENNAS_M, BANDS_MHZ, st.floats(0.3, 40.0), st.floats(0.0, 1.0))
def test_diffraction_never_gains(heights_m, tx_m, rx_m, band_mhz, path_km, sea_fraction):
    distance_km = np.linspace(0.0, path_km, len(heights_m))
    result = p526.delta_bullington(
        distance_km, heights_m, tx_height_m=tx_m, rx_height_m=rx_m, frequency_mhz=band_mhz, sea_fraction=sea_fraction
    )
    assert result.loss_db >= result.bullington_actual_db >= 0.0
    assert result.bullington_smooth_db >= 0.0


@settings(deadline=None, max_examples=200)
@given(HEIGHTS_M, ANTENNAS_M, ANTENNAS_M, BANDS_MHZ, st.floats(0.3, 40.0), st.data())
def test_raising_a_ridge_never_lowers_the_bullington_loss(heights_m, tx_m, rx_m, band_mhz, path_km, data):
    distance_km = np.linspace(0.0, path_km, len(heights_m))
    arguments = {"tx_height_m": tx_m, "rx_height_m": rx_m, "frequency_mhz": band_mhz}
    index = data.draw(st.integers(1, len(heights_m) - 2))
    raised_m = np.array(heights_m)
    raised_m[index] += data.draw(st.floats(0.0, 500.0))
    before_db = p526.bullington_db(distance_km, heights_m, **arguments)
    assert p526.bullington_db(distance_km, raised_m, **arguments) >= before_db - 1e-9


@settings(deadline=None, max_examples=200)
@given(st.floats(10.0, 100.0), st.floats(1.0, 10.0), BANDS_MHZ, st.floats(0.2, 60.0), st.floats(1.05, 2.0))
def test_loss_never_falls_with_distance_over_flat_ground(tx_m, rx_m, band_mhz, path_km, factor):
    losses_db = []
    for length_km in (path_km, factor * path_km):
        result = p526.delta_bullington(*flat(length_km), tx_height_m=tx_m, rx_height_m=rx_m, frequency_mhz=band_mhz)
        losses_db.append(result.loss_db + float(free_space.loss_db(length_km, band_mhz)))
    assert losses_db[1] >= losses_db[0]


def test_clutter_along_the_path_blocks_but_at_the_ends_it_is_not_read():
    distance_km, height_m = flat(3.0, 31)
    arguments = {"tx_height_m": 10.0, "rx_height_m": 1.5, "frequency_mhz": 900.0}
    bare = p526.delta_bullington(distance_km, height_m, **arguments)
    surface_m = height_m.copy()
    surface_m[[0, -1]] = 50.0
    assert p526.delta_bullington(distance_km, height_m, surface_m=surface_m, **arguments) == bare
    surface_m[15] = 50.0
    wooded = p526.delta_bullington(distance_km, height_m, surface_m=surface_m, **arguments)
    assert bare.line_of_sight
    assert not wooded.line_of_sight
    assert wooded.tx_effective_height_m == bare.tx_effective_height_m


def test_two_points_are_a_clear_path_with_no_ridge():
    result = p526.delta_bullington([0.0, 0.05], [100.0, 90.0], tx_height_m=30.0, rx_height_m=1.5, frequency_mhz=900.0)
    assert result.line_of_sight
    assert result.ridge_index is None
    assert math.isnan(result.ridge_distance_km)
    assert result.loss_db == 0.0


def test_a_ray_that_grazes_level_ridges_is_blocked_and_finite():
    result = p526.delta_bullington(
        np.linspace(0.0, 1.0, 5), np.full(5, 10.0), tx_height_m=1.0, rx_height_m=1.0, frequency_mhz=900.0
    )
    numbers = [getattr(result, field.name) for field in fields(result) if field.type == "float"]
    assert np.all(np.isfinite(numbers))
    assert result.loss_db > 6.0


@pytest.mark.parametrize(
    ("distance_km", "height_m", "word"),
    [
        ([0.0, 1.0, 2.0], [0.0, 0.0], "shape"),
        ([0.0], [0.0], "two points"),
        ([], [], "two points"),
        ([0.1, 1.0], [0.0, 0.0], "rising from 0"),
        ([0.0, 1.0, 1.0], [0.0, 0.0, 0.0], "rising from 0"),
        ([0.0, 1.0, 2.0], [0.0, math.nan, 0.0], "fill voids"),
    ],
)
def test_a_profile_that_is_none_is_refused(distance_km, height_m, word):
    with pytest.raises(InputError, match=word):
        p526.delta_bullington(distance_km, height_m, tx_height_m=30.0, rx_height_m=1.5, frequency_mhz=900.0)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"delta_n": 157.0}, "157"),
        ({"polarization": "slant"}, "vertical, horizontal"),
        ({"permittivity": 0.5}, "permittivity"),
        ({"conductivity_s_per_m": -1.0}, "conductivity"),
        ({"sea_fraction": 1.1}, "share"),
    ],
)
def test_air_and_ground_that_cannot_be_are_refused(change, word):
    arguments = {"tx_height_m": 30.0, "rx_height_m": 1.5, "frequency_mhz": 900.0} | change
    with pytest.raises(InputError, match=word):
        p526.delta_bullington(*flat(5.0), **arguments)


def test_outside_p1812s_range_is_refused_or_flagged():
    arguments = {"tx_height_m": 30.0, "rx_height_m": 0.5, "frequency_mhz": 26_000.0}
    with pytest.raises(RangeError, match=r"26000 MHz.*antenna height 0\.5 m"):
        p526.delta_bullington(*flat(5.0), **arguments)
    result = p526.delta_bullington(*flat(5.0), **arguments, out_of_range="flag")
    assert len(result.outside_range) == 2
    assert np.isfinite(result.loss_db)
    with pytest.raises(RangeError, match="above 0"):
        p526.delta_bullington(*flat(5.0), **(arguments | {"rx_height_m": 0.0}), out_of_range="flag")

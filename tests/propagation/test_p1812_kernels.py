"""The compiled P.1812 against plain numpy written straight from the recommendation's equations.

Diffraction has its own twin, in test_diffraction_kernels: here it comes from the model p526.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from whitesignal.kernels import diffraction, p1812_band, single
from whitesignal.kernels import p1812 as kernel
from whitesignal.propagation import p526

DELTA_N = 45.0
RADIUS_KM = 6371.0 * 157.0 / (157.0 - DELTA_N)
BETA0_DELTA_N = 157.0 * (1.0 - 1.0 / 3.0)
"""Gives the radius for β0 % of time, 3 · 6371 km."""
LATITUDE_DEG = 21.0
N0 = 350.0
EVERYWHERE_INLAND = np.empty(0, dtype=np.int8)


def longest_km(distance_km, inside):
    """§3.6: the longest run of points, each reaching half-way to its neighbours."""
    edges_km = np.concatenate([[0.0], 0.5 * (distance_km[1:] + distance_km[:-1]), [distance_km[-1]]])
    lengths_km = np.where(inside, np.diff(edges_km), 0.0)
    runs = np.split(lengths_km, np.flatnonzero(~inside))
    return max(float(np.sum(run)) for run in runs), float(np.sum(lengths_km))


def horizons(distance_km, height_m, tx_m, rx_m):
    """Attachment 1, equations (76) to (84) and (95)'s range: angles [mrad] and the two points."""
    path_km, d, h = distance_km[-1], distance_km[1:-1], height_m[1:-1]

    def elevation(from_m, to_m, away_km):
        return 1000.0 * np.arctan((to_m - from_m) / (1000.0 * away_km) - away_km / (2.0 * RADIUS_KM))

    seen_from_tx, straight = elevation(tx_m, h, d), elevation(tx_m, rx_m, path_km)
    if np.max(seen_from_tx) > straight:
        seen_from_rx = elevation(rx_m, h, path_km - d)
        first, last = 1 + int(np.argmax(seen_from_tx)), 1 + int(np.argmax(seen_from_rx))
        return float(np.max(seen_from_tx)), float(np.max(seen_from_rx)), first, last
    above_m = h + 500.0 / RADIUS_KM * d * (path_km - d) - (tx_m * (path_km - d) + rx_m * d) / path_km
    nearest = 1 + int(np.argmax(above_m / np.sqrt(d * (path_km - d))))
    return straight, elevation(rx_m, tx_m, path_km), nearest, nearest


def fitted_line(distance_km, height_m):
    """Equations (85) to (88), as the integrals they are: the least-squares line of a polygon."""
    path_km = distance_km[-1]
    d1, d0, h1, h0 = distance_km[1:], distance_km[:-1], height_m[1:], height_m[:-1]
    slope, step = (h1 - h0) / (d1 - d0), d1 - d0
    area = np.sum(step * (h0 + h1)) / 2.0
    moment = np.sum(d0 * step * (h0 + h1) / 2.0 + h0 * step**2 / 2.0 + slope * step**3 / 3.0)
    return (4.0 * area * path_km - 6.0 * moment) / path_km**2, (6.0 * moment - 2.0 * area * path_km) / path_km**2


def normal(share):
    """Attachment 2, equations (96) and (97), for a share up to a half."""
    t = math.sqrt(-2.0 * math.log(share))
    return t - np.polyval([0.010328, 0.802853, 2.515516698], t) / np.polyval([0.001308, 0.189269, 1.432788, 1.0], t)


def by_numpy(profile, zone, tx_height_m, rx_height_m, frequency_ghz, vertical, percent, coasts_km):
    distance_km, height_m, surface_m = profile
    d, f, p = distance_km[-1], frequency_ghz, percent
    tx_m, rx_m = height_m[0] + tx_height_m, height_m[-1] + rx_height_m
    land_km, _ = longest_km(distance_km, zone != kernel.SEA)
    inland_km, _ = longest_km(distance_km, zone == kernel.INLAND)
    sea = longest_km(distance_km, zone == kernel.SEA)[1] / d
    tau = 1.0 - math.exp(-4.12e-4 * inland_km**2.41)
    mu1 = min((10.0 ** (-land_km / (16.0 - 6.6 * tau)) + 10.0 ** (-(2.48 + 1.77 * tau))) ** 0.2, 1.0)
    beta0 = 10.0 ** (1.67 - 0.015 * LATITUDE_DEG) * mu1 * mu1 ** (-0.935 + 0.0176 * LATITUDE_DEG)

    tx_mrad, rx_mrad, first, last = horizons(distance_km, height_m, tx_m, rx_m)
    angle_mrad = 1000.0 * d / RADIUS_KM + tx_mrad + rx_mrad
    tx_km, rx_km = distance_km[first], d - distance_km[last]
    fitted = fitted_line(distance_km, height_m)
    smooth = min(fitted[0], height_m[0]), min(fitted[1], height_m[-1])
    line_m = smooth[0] + (smooth[1] - smooth[0]) * distance_km / d
    roughness_m = np.max((height_m - line_m)[first : last + 1])

    free_db = 92.4 + 20.0 * math.log10(f) + 10.0 * math.log10(d**2 + (0.001 * (tx_m - rx_m)) ** 2)
    focus_db = 2.6 * (1.0 - math.exp(-0.1 * (tx_km + rx_km)))
    clear_db = free_db + focus_db * math.log10(p / 50.0)
    arguments = {
        "surface_m": surface_m,
        "tx_height_m": tx_height_m,
        "rx_height_m": rx_height_m,
        "frequency_mhz": 1000.0 * f,
        "polarization": "vertical" if vertical else "horizontal",
        "sea_fraction": min(sea, 1.0),
        "out_of_range": "flag",
    }
    median_db = p526.delta_bullington(distance_km, height_m, delta_n=DELTA_N, **arguments).loss_db
    beta0_db = p526.delta_bullington(distance_km, height_m, delta_n=BETA0_DELTA_N, **arguments).loss_db
    between = normal(p / 100.0) / normal(beta0 / 100.0) if p > beta0 else 1.0
    bent_db = median_db + between * (beta0_db - median_db)

    scatter_db = 190.1 + 25.0 * math.log10(f) - 2.5 * math.log10(f / 2.0) ** 2 + 20.0 * math.log10(d)
    scatter_db += 0.573 * angle_mrad - 0.15 * N0 - 10.125 * math.log10(50.0 / p) ** 0.7
    duct_db = 102.45 + 20.0 * math.log10(f * (tx_km + rx_km))
    duct_db += 45.375 - 137.0 * f + 92.5 * f * f if f < 0.5 else 0.0
    follows_mrad = 0.0
    terminals = ((tx_mrad, tx_km, tx_m, coasts_km[0], zone[0]), (rx_mrad, rx_km, rx_m, coasts_km[1], zone[-1]))
    for elevation_mrad, horizon_km, antenna_m, to_coast_km, own_zone in terminals:
        above_mrad = elevation_mrad - 0.1 * horizon_km
        if above_mrad > 0.0:
            duct_db += 20.0 * math.log10(1.0 + 0.361 * above_mrad * math.sqrt(f * horizon_km))
            duct_db += 0.264 * above_mrad * f ** (1.0 / 3.0)
        coast_km = 0.0 if own_zone == kernel.SEA else to_coast_km
        if sea >= 0.75 and coast_km <= min(horizon_km, 5.0):
            duct_db -= 3.0 * math.exp(-0.25 * coast_km**2) * (1.0 + math.tanh(0.07 * (50.0 - antenna_m)))
        follows_mrad += min(elevation_mrad, 0.1 * horizon_km)
    duct_db += 5e-5 * RADIUS_KM * f ** (1.0 / 3.0) * (1000.0 * d / RADIUS_KM + follows_mrad)
    roots = math.sqrt(tx_m - smooth[0]) + math.sqrt(rx_m - smooth[1])
    mu2 = min((500.0 / RADIUS_KM * d**2 / roots**2) ** max(-0.6 - 3.5e-9 * d**3.1 * tau, -3.4), 1.0)
    mu3 = math.exp(-4.6e-5 * max(roughness_m - 10.0, 0.0) * (43.0 + 6.0 * min(d - tx_km - rx_km, 40.0)))
    beta = beta0 * mu2 * mu3
    bend = (9.51 - 4.8 * math.log10(beta) + 0.198 * math.log10(beta) ** 2) * 1e-6 * d**1.13
    gamma = 1.076 / (2.0058 - math.log10(beta)) ** 1.012 * math.exp(-bend)
    duct_db += -12.0 + (1.2 + 3.7e-3 * d) * math.log10(p / beta) + 12.0 * (p / beta) ** gamma

    least_db = clear_db + (1.0 - sea) * bent_db
    if p >= beta0:
        clear_beta0_db = free_db + focus_db * math.log10(beta0 / 50.0)
        least_db = free_db + median_db
        least_db += (clear_beta0_db + (1.0 - sea) * bent_db - least_db) * between
    either_db = 2.5 * np.logaddexp(duct_db / 2.5, clear_db / 2.5)
    far = 1.0 - 0.5 * (1.0 + math.tanh(3.0 * 0.5 * (d - 20.0) / 20.0))
    near = 1.0 - 0.5 * (1.0 + math.tanh(3.0 * 0.8 * (angle_mrad - 0.3) / 0.3))
    enhanced_db = clear_db + bent_db
    if either_db <= enhanced_db:
        enhanced_db = either_db + (enhanced_db - either_db) * far
    modified_db = enhanced_db + (least_db - enhanced_db) * near
    both_db = -5.0 * np.logaddexp(-0.2 * math.log(10.0) * scatter_db, -0.2 * math.log(10.0) * modified_db)
    return {
        "BETA0_PERCENT": beta0,
        "LAND_KM": land_km,
        "INLAND_KM": inland_km,
        "SEA_FRACTION": sea,
        "ANGLE_MRAD": angle_mrad,
        "TX_HORIZON_KM": tx_km,
        "RX_HORIZON_KM": rx_km,
        "ROUGHNESS_M": roughness_m,
    }, {
        "CLEAR": clear_db,
        "DIFFRACTION_TIME": bent_db,
        "SCATTER": scatter_db,
        "DUCT": duct_db,
        "LEAST_CLEAR": least_db,
        "LEAST_DUCT": either_db,
        "MODIFIED": modified_db,
        "MEDIAN_PLACE": both_db / math.log(10.0),
    }


def by_kernel(profile, zone, tx_m, rx_m, percent, coasts_km, with_beta0=True):
    geometry = np.full(kernel.GEOMETRY_SIZE, np.nan)
    single.p1812_geometry(*profile, zone, len(profile[0]), tx_m, rx_m, RADIUS_KM, with_beta0, geometry)
    single.set_climate(geometry, percent, N0, LATITUDE_DEG, *coasts_km)
    return geometry


def band_terms(geometry, frequency_ghz, vertical, location_db=0.0):
    terms = np.zeros(p1812_band.TERMS_SIZE)
    loss_db = single.basic_loss_db(geometry, 1000.0 * frequency_ghz, vertical, location_db, terms)
    assert loss_db == terms[p1812_band.LOSS]
    return terms


@st.composite
def paths(draw):
    """A profile of uneven steps with clutter: rough, rolling or flat, and its zones."""
    count = draw(st.integers(3, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distance_km = np.concatenate([[0.0], np.cumsum(rng.uniform(0.02, 1.0, count - 1))])
    distance_km *= draw(st.floats(0.2, 150.0)) / distance_km[-1]
    height_m = 20.0 + np.cumsum(rng.normal(0.0, draw(st.sampled_from([0.001, 1.0, 30.0])), count))
    clutter_m = rng.uniform(0.0, draw(st.sampled_from([1e-9, 20.0])), count)
    kinds = draw(st.sampled_from([[4], [3], [1], [1, 3, 4], [1, 1, 1, 1, 1, 1, 3]]))
    return (distance_km, height_m, height_m + clutter_m), rng.choice(np.array(kinds, dtype=np.int8), count)


@settings(deadline=None, max_examples=300)
@given(
    paths(),
    st.floats(1.0, 200.0),
    st.floats(1.0, 30.0),
    st.floats(0.03, 6.0),
    st.booleans(),
    st.floats(1.0, 49.0),
    st.tuples(st.floats(0.0, 8.0), st.floats(0.0, 8.0)),
)
def test_the_compiled_path_equals_plain_numpy(path, tx_m, rx_m, frequency_ghz, vertical, percent, coasts_km):
    profile, zone = path
    of_path, of_band = by_numpy(profile, zone, tx_m, rx_m, frequency_ghz, vertical, percent, coasts_km)
    geometry = by_kernel(profile, zone, tx_m, rx_m, percent, coasts_km)
    terms = band_terms(geometry, frequency_ghz, vertical)
    assert not np.any(np.isnan(geometry))
    assert not np.any(np.isnan(terms))
    for name, expected in of_path.items():
        assert geometry[getattr(kernel, name)] == pytest.approx(expected, rel=1e-7, abs=1e-6), name
    for name, expected in of_band.items():
        assert terms[getattr(p1812_band, name)] == pytest.approx(expected, abs=1e-5), name


@settings(deadline=None, max_examples=200)
@given(paths(), st.floats(1.0, 200.0), st.floats(1.0, 30.0), st.floats(0.03, 6.0), st.booleans())
def test_at_half_of_the_time_the_short_cut_changes_no_bit(path, tx_m, rx_m, frequency_ghz, vertical):
    profile, zone = path
    whole = by_kernel(profile, zone, tx_m, rx_m, 50.0, (3.0, 500.0), with_beta0=True)
    short = by_kernel(profile, zone, tx_m, rx_m, 50.0, (3.0, 500.0), with_beta0=False)
    own = slice(kernel.HAS_BETA0 + 1, None)
    assert np.array_equal(whole[own], short[own])
    whole_terms, short_terms = (band_terms(geometry, frequency_ghz, vertical) for geometry in (whole, short))
    skipped = slice(p1812_band.BETA0_TERMS, p1812_band.BETA0_TERMS + diffraction.TERMS_SIZE)
    assert np.all(np.isnan(short_terms[skipped]))
    assert np.all(np.isfinite(whole_terms[skipped]))
    whole_terms[skipped] = short_terms[skipped] = 0.0
    assert np.array_equal(whole_terms, short_terms)


@settings(deadline=None, max_examples=50)
@given(paths(), st.floats(1.0, 50.0))
def test_no_zones_are_all_inland(path, percent):
    profile, _ = path
    inland = np.full(len(profile[0]), kernel.INLAND, dtype=np.int8)
    assert np.array_equal(
        by_kernel(profile, inland, 30.0, 1.5, percent, (500.0, 500.0)),
        by_kernel(profile, EVERYWHERE_INLAND, 30.0, 1.5, percent, (500.0, 500.0)),
    )


def test_one_walk_serves_every_band_and_begins_with_the_diffraction_vector():
    distance_km = np.linspace(0.0, 20.0, 222)
    height_m = 300.0 + 100.0 * np.sin(distance_km)
    geometry = by_kernel((distance_km, height_m, height_m), EVERYWHERE_INLAND, 30.0, 1.5, 10.0, (500.0, 500.0))
    before = geometry.copy()
    first = band_terms(geometry, 0.9, True)
    band_terms(geometry, 2.6, False)
    assert np.array_equal(geometry, before)
    assert np.array_equal(band_terms(geometry, 0.9, True), first)
    alone = np.empty(diffraction.GEOMETRY_SIZE)
    single.diffraction_geometry(distance_km, height_m, height_m, 222, 30.0, 1.5, RADIUS_KM, alone)
    assert np.array_equal(geometry[: diffraction.GEOMETRY_SIZE], alone)


def test_zones_meet_half_way_between_their_points():
    distance_km = np.array([0.0, 1.0, 3.0, 6.0, 7.0, 9.0, 10.0])
    zone = np.array([4, 4, 3, 1, 1, 4, 3], dtype=np.int8)
    geometry = by_kernel((distance_km, np.zeros(7), np.zeros(7)), zone, 30.0, 1.5, 50.0, (500.0, 500.0))
    assert geometry[kernel.INLAND_KM] == 2.0
    assert geometry[kernel.LAND_KM] == 4.5
    assert geometry[kernel.SEA_FRACTION] == pytest.approx(0.35)


def test_points_beyond_the_count_are_not_read():
    distance_km, height_m = np.linspace(0.0, 10.0, 51), np.zeros(51)
    height_m[20] = 60.0
    zone = np.full(51, kernel.COASTAL, dtype=np.int8)
    exact = by_kernel((distance_km, height_m, height_m), zone, 30.0, 1.5, 10.0, (500.0, 500.0))
    longer_km, longer_m = np.append(distance_km, [11.0, 12.0]), np.append(height_m, [np.nan, 9e9])
    longer_zone = np.append(zone, np.array([1, 4], dtype=np.int8))
    geometry = np.full(kernel.GEOMETRY_SIZE, np.nan)
    single.p1812_geometry(longer_km, longer_m, longer_m, longer_zone, 51, 30.0, 1.5, RADIUS_KM, True, geometry)
    single.set_climate(geometry, 10.0, N0, LATITUDE_DEG, 500.0, 500.0)
    assert np.array_equal(geometry, exact)


@pytest.mark.parametrize("share", [1e-9, 0.01, 0.2, 0.5, 0.7, 0.99, 1.0])
def test_the_inverse_normal_is_near_the_exact_one_and_stops_at_a_millionth(share):
    exact = norm.isf(min(max(share, 1e-6), 1.0 - 1e-6))
    assert kernel.inverse_normal(share) == pytest.approx(exact, abs=5e-4)


@pytest.mark.parametrize(("latitude_deg", "expected"), [(0.0, 46.77), (70.0, 4.17), (-80.0, 4.17)])
def test_over_open_sea_strong_refraction_depends_on_latitude_alone(latitude_deg, expected):
    """Equation (5) with µ1 = 1: 10^(1.67 − 0.015 φ), from 70 degrees on 4.17."""
    distance_km, zeros = np.linspace(0.0, 50.0, 11), np.zeros(11)
    geometry = np.empty(kernel.GEOMETRY_SIZE)
    sea = np.full(11, kernel.SEA, dtype=np.int8)
    single.p1812_geometry(distance_km, zeros, zeros, sea, 11, 30.0, 10.0, RADIUS_KM, False, geometry)
    single.set_climate(geometry, 50.0, N0, latitude_deg, 0.0, 0.0)
    assert geometry[kernel.BETA0_PERCENT] == pytest.approx(expected, abs=0.01)

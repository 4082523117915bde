"""The compiled delta-Bullington against plain numpy written straight from P.1812-8's equations."""

import gc
import math

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.kernels import diffraction as kernel
from whitesignal.kernels import edges, jit, single

RADIUS_KM = 9348.0


def bullington(nu, path_km):
    """Equations (12) and (21)."""
    edge_db = 6.9 + 20.0 * math.log10(math.hypot(nu - 0.1, 1.0) + nu - 0.1) if nu > -0.78 else 0.0
    return edge_db + (1.0 - math.exp(-edge_db / 6.0)) * (10.0 + 0.02 * path_km)


def largest_nu(distance_km, surface_m, tx_m, rx_m, wavelength_m):
    """Equations (13) to (20), the walk over all points."""
    path_km = distance_km[-1]
    d, g = distance_km[1:-1], surface_m[1:-1]
    raised_m = g + 500.0 / RADIUS_KM * d * (path_km - d)
    line = (rx_m - tx_m) / path_km
    to_point = np.max((raised_m - tx_m) / d)
    if to_point < line:
        above_m = raised_m - (tx_m * (path_km - d) + rx_m * d) / path_km
        return np.max(above_m * np.sqrt(0.002 * path_km / (wavelength_m * d * (path_km - d))))
    from_rx = np.max((raised_m - rx_m) / (path_km - d))
    edge_km = (rx_m - tx_m + from_rx * path_km) / (to_point + from_rx)
    above_m = tx_m + to_point * edge_km - (tx_m * (path_km - edge_km) + rx_m * edge_km) / path_km
    return above_m * math.sqrt(0.002 * path_km / (wavelength_m * edge_km * (path_km - edge_km)))


def smooth_heights(distance_km, height_m, tx_m, rx_m):
    """Equations (85) to (91)."""
    path_km = distance_km[-1]
    d1, d0, h1, h0 = distance_km[1:], distance_km[:-1], height_m[1:], height_m[:-1]
    v1 = np.sum((d1 - d0) * (h1 + h0))
    v2 = np.sum((d1 - d0) * (h1 * (2.0 * d1 + d0) + h0 * (d1 + 2.0 * d0)))
    under_tx, under_rx = (2.0 * v1 * path_km - v2) / path_km**2, (v2 - v1 * path_km) / path_km**2
    d = distance_km[1:-1]
    above_m = height_m[1:-1] - (tx_m * (path_km - d) + rx_m * d) / path_km
    if np.max(above_m) > 0.0:
        from_tx, from_rx = np.max(above_m / d), np.max(above_m / (path_km - d))
        under_tx -= np.max(above_m) * from_tx / (from_tx + from_rx)
        under_rx -= np.max(above_m) * from_rx / (from_tx + from_rx)
    return min(under_tx, height_m[0]), min(under_rx, height_m[-1])


def first_term(path_km, heights_m, frequency_ghz, vertical, ground, radius_km):
    """Equations (29) to (36)."""
    permittivity, conductivity = ground
    loss = 18.0 * conductivity / frequency_ghz
    k = 0.036 * (radius_km * frequency_ghz) ** (-1 / 3) * ((permittivity - 1.0) ** 2 + loss**2) ** -0.25
    if vertical:
        k *= math.sqrt(permittivity**2 + loss**2)
    beta = (1.0 + 1.6 * k**2 + 0.67 * k**4) / (1.0 + 4.5 * k**2 + 1.53 * k**4)
    x = 21.88 * beta * (frequency_ghz / radius_km**2) ** (1 / 3) * path_km
    total_db = -(11.0 + 10.0 * math.log10(x) - 17.6 * x if x >= 1.6 else -20.0 * math.log10(x) - 5.6488 * x**1.425)
    for height_m in heights_m:
        b = beta**2 * 0.9575 * (frequency_ghz**2 / radius_km) ** (1 / 3) * height_m
        far_db = 17.6 * math.sqrt(b - 1.1) - 5.0 * math.log10(b - 1.1) - 8.0 if b > 2.0 else None
        gain_db = 20.0 * math.log10(b + 0.1 * b**3) if far_db is None else far_db
        total_db -= max(gain_db, 2.0 + 20.0 * math.log10(k))
    return total_db


def spherical_earth(path_km, tx_m, rx_m, frequency_ghz, vertical, ground):
    """Equations (22) to (28), on land."""
    horizon_km = math.sqrt(2.0 * RADIUS_KM) * (math.sqrt(0.001 * tx_m) + math.sqrt(0.001 * rx_m))
    if path_km >= horizon_km:
        return first_term(path_km, (tx_m, rx_m), frequency_ghz, vertical, ground, RADIUS_KM)
    c = (tx_m - rx_m) / (tx_m + rx_m)
    m = 250.0 * path_km**2 / (RADIUS_KM * (tx_m + rx_m))
    angle = math.pi / 3.0 + math.acos(1.5 * c * math.sqrt(3.0 * m / (m + 1.0) ** 3)) / 3.0
    b = 2.0 * math.sqrt((m + 1.0) / (3.0 * m)) * math.cos(angle)
    d1 = path_km / 2.0 * (1.0 + b)
    d2 = path_km - d1
    clear_m = ((tx_m - 500.0 * d1**2 / RADIUS_KM) * d2 + (rx_m - 500.0 * d2**2 / RADIUS_KM) * d1) / path_km
    needed_m = 17.456 * math.sqrt(d1 * d2 * 0.299792458 / frequency_ghz / path_km)
    if clear_m > needed_m:
        return 0.0
    radius_km = 500.0 * (path_km / (math.sqrt(tx_m) + math.sqrt(rx_m))) ** 2
    loss_db = first_term(path_km, (tx_m, rx_m), frequency_ghz, vertical, ground, radius_km)
    return (1.0 - clear_m / needed_m) * max(loss_db, 0.0)


def by_numpy(distance_km, height_m, surface_m, tx_m, rx_m, frequency_mhz, vertical, ground):
    wavelength_m = 299.792458 / frequency_mhz
    path_km, tx_m, rx_m = distance_km[-1], height_m[0] + tx_m, height_m[-1] + rx_m
    actual_db = bullington(largest_nu(distance_km, surface_m, tx_m, rx_m, wavelength_m), path_km)
    under_tx, under_rx = smooth_heights(distance_km, height_m, tx_m, rx_m)
    tx_m, rx_m = tx_m - under_tx, rx_m - under_rx
    smooth_nu = largest_nu(distance_km, np.zeros_like(height_m), tx_m, rx_m, wavelength_m)
    smooth_db = bullington(smooth_nu, path_km)
    earth_db = spherical_earth(path_km, tx_m, rx_m, frequency_mhz / 1000.0, vertical, ground)
    return actual_db, smooth_db, earth_db, actual_db + max(earth_db - smooth_db, 0.0)


def by_kernel(distance_km, height_m, surface_m, tx_m, rx_m, frequency_mhz, vertical, ground):
    geometry, terms = np.full(kernel.GEOMETRY_SIZE, np.nan), np.full(kernel.TERMS_SIZE, np.nan)
    single.diffraction_geometry(distance_km, height_m, surface_m, len(distance_km), tx_m, rx_m, RADIUS_KM, geometry)
    loss_db = single.delta_bullington_loss_db(geometry, frequency_mhz, vertical, *ground, 0.0, RADIUS_KM, terms)
    assert loss_db == terms[kernel.DIFFRACTION]
    assert not np.any(np.isnan(geometry))
    return tuple(terms)


@st.composite
def profiles(draw):
    """A profile of uneven steps: rough, rolling or flat, with or without clutter."""
    count = draw(st.integers(3, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distance_km = np.concatenate([[0.0], np.cumsum(rng.uniform(0.02, 1.0, count - 1))])
    distance_km *= draw(st.floats(0.2, 80.0)) / distance_km[-1]
    height_m = 200.0 + np.cumsum(rng.normal(0.0, draw(st.sampled_from([0.0, 1.0, 30.0])), count))
    clutter_m = rng.uniform(0.0, draw(st.sampled_from([1e-9, 20.0])), count)
    return distance_km, height_m, height_m + clutter_m


@settings(deadline=None, max_examples=300)
@given(
    profiles(),
    st.floats(1.0, 100.0),
    st.floats(1.0, 30.0),
    st.floats(30.0, 6000.0),
    st.booleans(),
    st.sampled_from([(22.0, 0.003), (15.0, 0.005), (80.0, 5.0)]),
)
def test_the_compiled_path_equals_plain_numpy(profile, tx_m, rx_m, frequency_mhz, vertical, ground):
    compiled = by_kernel(*profile, tx_m, rx_m, frequency_mhz, vertical, ground)
    assert compiled == pytest.approx(by_numpy(*profile, tx_m, rx_m, frequency_mhz, vertical, ground), abs=1e-5)


@settings(deadline=None, max_examples=200)
@given(profiles(), st.floats(0.5, 500.0), st.floats(0.5, 500.0))
def test_bisection_finds_the_smooth_edge_that_a_walk_finds(profile, tx_m, rx_m):
    distance_km = profile[0]
    walked = largest_nu(distance_km, np.zeros_like(distance_km), tx_m, rx_m, 1.0)
    found = edges.smooth_nu_factor(distance_km, len(distance_km), tx_m, rx_m, 500.0 / RADIUS_KM)
    assert found == pytest.approx(walked, rel=1e-7, abs=1e-6)


def test_points_beyond_the_count_are_not_read():
    distance_km, height_m = np.linspace(0.0, 10.0, 51), np.zeros(51)
    height_m[20] = 60.0
    exact = by_kernel(distance_km, height_m, height_m, 30.0, 1.5, 900.0, True, (22.0, 0.003))
    longer_km, longer_m = np.append(distance_km, [11.0, 12.0]), np.append(height_m, [np.nan, 9e9])
    geometry, terms = np.empty(kernel.GEOMETRY_SIZE), np.empty(kernel.TERMS_SIZE)
    single.diffraction_geometry(longer_km, longer_m, longer_m, 51, 30.0, 1.5, RADIUS_KM, geometry)
    single.delta_bullington_loss_db(geometry, 900.0, True, 22.0, 0.003, 0.0, RADIUS_KM, terms)
    assert tuple(terms) == exact


def test_a_path_of_no_length_costs_nothing_and_stays_finite_where_it_can():
    geometry, terms = np.empty(kernel.GEOMETRY_SIZE), np.full(kernel.TERMS_SIZE, np.nan)
    points = np.zeros(2)
    single.diffraction_geometry(points, points, points, 2, 30.0, 1.5, RADIUS_KM, geometry)
    assert single.delta_bullington_loss_db(geometry, 900.0, True, 22.0, 0.003, 0.0, RADIUS_KM, terms) == 0.0
    assert np.all(terms == 0.0)
    assert geometry[kernel.BLOCKED] == 0.0


def test_a_kernel_leaves_the_numba_settings_as_it_found_them():
    before = numba.config.CACHE_DIR
    jit.kernel(largest_nu)
    assert before == numba.config.CACHE_DIR


def test_a_change_in_any_kernel_is_a_change_of_the_compiled_cache(tmp_path):
    """numba itself would keep a caller that was compiled with the callee's old text."""
    (tmp_path / "caller.py").write_text("from callee import half", encoding="utf-8")
    (tmp_path / "callee.py").write_text("def half(): return 0.5", encoding="utf-8")
    before = jit.sources_digest(tmp_path)
    assert jit.sources_digest(tmp_path) == before
    (tmp_path / "callee.py").write_text("def half(): return 0.7", encoding="utf-8")
    assert jit.sources_digest(tmp_path) != before


def test_a_part_gives_the_same_inside_a_kernel_as_interpreted():
    @numba.njit(error_model="numpy")
    def compiled(path_km, tx_m, rx_m, radius_km):
        return edges.smooth_clearance(path_km, tx_m, rx_m, radius_km)

    assert compiled(12.0, 40.0, 3.0, RADIUS_KM) == pytest.approx(edges.smooth_clearance(12.0, 40.0, 3.0, RADIUS_KM))


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing compiles")
@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_waits_for_the_compiler_and_is_as_it_was_before(was_on):
    while_compiling = []

    def doubled(value):
        return 2 * value

    @numba.extending.overload(doubled)
    def typed(value):
        while_compiling.append(gc.isenabled())
        return lambda value: 2 * value

    compiled = numba.njit(lambda value: doubled(value))
    gc.enable() if was_on else gc.disable()
    try:
        assert compiled(3) == 6
        assert gc.isenabled() == was_on
    finally:
        gc.enable()
    assert while_compiling
    assert not any(while_compiling)

"""NTIA's ITM in both engines: the exact one is the public function's, the sweep holds to the exact one."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import whitesignal as ws
from whitesignal.inputs.all import Inputs
from whitesignal.project import ClutterSettings, RadioSettings
from whitesignal.propagation import itm
from whitesignal.radio.best_server import RadioMap
from whitesignal.radio.cells import build_cells, sites
from whitesignal.radio.paths import receivers, site_paths
from whitesignal.radio.radio_map import compute_radio_map, metric_grid
from whitesignal.radio.traces import itm_bands, terminal_clutter_db

STEP_M, TX_M, RX_M, N0 = 90.0, 30.0, 1.5, 360.0
NO_VOID = np.empty((0, 0), dtype=np.bool_)
AREA = (104.96, 22.565, 105.04, 22.635)


def rough(seed: int, count: int, relief_m: float) -> NDArray[np.float64]:
    """Return a mountainous profile: a random walk, smoothed."""
    steps = np.random.default_rng(seed).normal(size=count + 8)
    walk = np.convolve(np.cumsum(steps), np.ones(8) / 8.0, mode="valid")[:count]
    return relief_m * (walk - walk.min()) / np.ptp(walk)


def mountains(east_km: NDArray[np.float64], north_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ridges and valleys of some 24 degrees' slope."""
    return (
        700.0 + 420.0 * np.sin(east_km * 2.1) * np.cos(north_km * 1.7) + 160.0 * np.sin(4.3 * east_km + 3.1 * north_km)
    )


def published_db(profile_m: NDArray[np.float64], step_m: float, band_mhz: float, radio: RadioSettings) -> float:
    """Return the public function's loss at the medians."""
    return itm.loss(
        profile_m, step_m, tx_height_m=TX_M, rx_height_m=RX_M, frequency_mhz=band_mhz, polarization=radio.polarization,
        climate=radio.climate, n0=radio.n0, permittivity=radio.permittivity,
        conductivity_s_per_m=radio.conductivity_s_per_m, time_percent=50.0, location_percent=50.0,
        situation_percent=50.0, variability_mode=3, out_of_range="flag",
    ).loss_db  # fmt: skip


def test_the_exact_engine_is_the_public_function_on_the_same_profiles() -> None:
    from whitesignal.kernels import exact, exact_itm, itm_layout

    random = np.random.default_rng(5)
    land_m = np.array([rough(seed, 90, 900.0) for seed in range(90)], dtype=np.float32)
    columns, rows = random.uniform(1.0, 89.0, (2, 40))
    path_km = np.hypot(columns - 45.0, rows - 45.0) * STEP_M / 1000.0
    geometry, slant_km = np.empty((40, itm_layout.PATH_SIZE)), np.empty(40)
    known = np.empty(40, dtype=bool)
    exact_itm.trace_itm(
        land_m, NO_VOID, 0.0, 45.0, 45.0, columns, rows, path_km, TX_M, RX_M, STEP_M / 1000.0,
        *exact.working_space(path_km, STEP_M / 1000.0), N0, geometry, slant_km, known,
    )  # fmt: skip
    bands_mhz, loss_db = np.array([900.0, 2600.0]), np.empty((40, 2))
    exact_itm.itm_losses(geometry, itm_bands(bands_mhz, RadioSettings(n0=N0)), loss_db)
    assert known.all()
    for at in range(40):
        count = exact.interval_count(path_km[at], STEP_M / 1000.0) + 1
        profile_m = np.empty(count)
        exact.read_profile(
            land_m, NO_VOID, 0.0, 45.0, 45.0, columns[at], rows[at], path_km[at], count, np.empty(count), profile_m,
            np.empty(count, dtype=bool),
        )  # fmt: skip
        step_m = 1000.0 * path_km[at] / (count - 1)
        expected = [published_db(profile_m, step_m, band_mhz, RadioSettings(n0=N0)) for band_mhz in bands_mhz]
        assert loss_db[at] == pytest.approx(expected, abs=0.01)


@given(seed=st.integers(0, 2**31), relief_m=st.floats(0.0, 1500.0))
@settings(deadline=None, max_examples=20)
def test_a_walk_that_stops_at_every_point_finds_the_exact_paths_air_and_irregularity(
    seed: int, relief_m: float
) -> None:
    from whitesignal.kernels import itm_layout, itm_path, itm_roughness, sweep_itm

    count = 120
    profile_m = rough(seed, count, relief_m)
    sums, moments = np.empty(count + 1), np.empty(count + 1)
    air, scratch = np.full((sweep_itm.AIR_SIZE, count), np.nan), np.empty(itm_roughness.SCRATCH_SIZE)
    sweep_itm.running_sums(profile_m, count, sums, moments)
    room = np.empty(count), np.empty(count), scratch
    sweep_itm.walk_ray(profile_m, count, STEP_M, TX_M, RX_M, N0, 1, sums, *room, air)
    exact, path = np.empty(itm_layout.PATH_SIZE), np.empty(itm_layout.PATH_SIZE)
    for at in range(2, count, 5):
        itm_path.path_geometry(profile_m, at + 1, STEP_M, TX_M, RX_M, N0, scratch, exact)
        same = [itm_layout.REFRACTIVITY, itm_layout.RADIUS_M, itm_layout.IRREGULARITY_M]
        assert air[:, at] == pytest.approx(exact[same], rel=1e-6, abs=1e-6)
        horizons = itm_path.horizons(profile_m, at, STEP_M, TX_M, RX_M, exact[itm_layout.RADIUS_M], scratch)
        path[[itm_layout.PATH_M, itm_layout.TX_HORIZON_M, itm_layout.RX_HORIZON_M]] = at * STEP_M, *horizons[1::3]
        sweep_itm.fit_heights(profile_m, at, TX_M, RX_M, sums, moments, path)
        if horizons[2] >= 0:
            same = [itm_layout.TX_EFFECTIVE_M, itm_layout.RX_EFFECTIVE_M]
            assert path[same] == pytest.approx(exact[same], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("stride", [2, 5, 16])
def test_between_its_stops_a_walk_follows_a_straight_line_and_stops_at_the_last_point(stride: int) -> None:
    from whitesignal.kernels import itm_roughness, sweep_itm

    count = 120
    profile_m = rough(3, count, 900.0)
    sums, moments = np.empty(count + 1), np.empty(count + 1)
    sweep_itm.running_sums(profile_m, count, sums, moments)
    every, some = np.full((2, sweep_itm.AIR_SIZE, count), np.nan)
    for air, at_most in ((every, 1), (some, stride)):
        room = np.empty(count), np.empty(count), np.empty(itm_roughness.SCRATCH_SIZE)
        sweep_itm.walk_ray(profile_m, count, STEP_M, TX_M, RX_M, N0, at_most, sums, *room, air)
    stops = np.flatnonzero((every[:, 1:] == some[:, 1:]).all(axis=0)) + 1
    assert stops[0] == 1
    assert stops[-1] == count - 1
    assert np.diff(stops).max() == stride
    for row in range(sweep_itm.AIR_SIZE):
        assert some[row, 1:] == pytest.approx(np.interp(np.arange(1, count), stops, every[row, stops]), rel=1e-12)


@given(seed=st.integers(0, 2**31), at=st.integers(3, 119))
@settings(deadline=None, max_examples=40)
def test_a_cell_on_its_ray_has_the_horizons_of_the_exact_path(seed: int, at: int) -> None:
    from whitesignal.kernels import cells, hull, itm_layout, itm_path, itm_roughness, sweep_itm

    profile_m = rough(seed, 120, 900.0)
    exact, scratch = np.empty(itm_layout.PATH_SIZE), np.empty(itm_roughness.SCRATCH_SIZE)
    itm_path.path_geometry(profile_m, at + 1, STEP_M, TX_M, RX_M, N0, scratch, exact)
    bulge, own = 0.5 / exact[itm_layout.RADIUS_M], min(cells.OWN_POINTS, at - 1)
    tx_angle, tx_m, _, rx_angle, rx_m, _ = itm_path.horizons(
        profile_m, at, STEP_M, TX_M, RX_M, exact[itm_layout.RADIUS_M], scratch
    )
    hull_m, hull_height_m, size, slopes = np.empty(120), np.empty(120), 0, [-np.inf]
    for front in range(1, at - own):
        curved_m = profile_m[front] - bulge * (STEP_M * front) ** 2
        slopes.append((curved_m - profile_m[0] - TX_M) / (STEP_M * front))
        size = hull.push(hull_m, hull_height_m, size, STEP_M * front, curved_m)
    path = exact.copy()
    sweep_itm.cell_horizons(
        profile_m, at, own, STEP_M, STEP_M * at, TX_M, RX_M, int(np.argmax(slopes)), hull_m, hull_height_m, size, bulge,
        path,
    )  # fmt: skip
    found = path[[itm_layout.TX_ANGLE_RAD, itm_layout.TX_HORIZON_M, itm_layout.RX_ANGLE_RAD, itm_layout.RX_HORIZON_M]]
    assert found == pytest.approx([tx_angle, tx_m, rx_angle, rx_m], rel=1e-9)


def test_a_windows_cells_come_ray_by_ray_and_outward_each_once() -> None:
    from whitesignal.kernels import cells

    east_of, north_of, shape = np.array([-3.0, 0.1, 0.0]), np.array([3.0, 0.0, -0.1]), (61, 61)
    window_km, window_azimuth_deg = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
    keys, order, starts_by_step = cells.sorting_space(72, 30, 61 * 61)
    cells.sort_cells(72, 30, 0.1, east_of, north_of, window_km, window_azimuth_deg, keys, order, starts_by_step)
    starts = starts_by_step[::30]
    assert sorted(order.tolist()) == list(range(61 * 61))
    rows, columns = np.divmod(order, 61)
    east_km, north_km = -3.0 + 0.1 * columns, 3.0 - 0.1 * rows
    distance_km, azimuth_deg = np.hypot(east_km, north_km), np.degrees(np.arctan2(east_km, north_km))
    assert window_km[rows, columns] == pytest.approx(distance_km, abs=1e-5)
    assert window_azimuth_deg[rows, columns] == pytest.approx(azimuth_deg % 360.0, abs=1e-4)
    for ray in range(72):
        mine = slice(starts[ray], starts[ray + 1])
        off_deg = np.abs((azimuth_deg[mine] - 5.0 * ray + 180.0) % 360.0 - 180.0)
        assert np.all((off_deg <= 2.5 + 1e-9) | (distance_km[mine] < 1e-9))
        assert np.all(np.diff(np.maximum(np.ceil(distance_km[mine] / 0.1 - 1e-6), 2.0)) >= 0.0)
    assert np.all(distance_km[starts[72] :] > 2.9 - 1e-9)
    assert np.all(distance_km[: starts[72]] <= 2.9 + 1e-9)


@pytest.fixture(scope="module")
def steep(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[ws.Project, Inputs]:
    stations = [
        land.station("A", 0.31, 0.17, "4G", antenna_height_m=36),
        land.station("B", -1.2, 1.4, "4G", azimuth_deg="20/140/260", tilt_deg=4),
        land.station("C", 0.31, 0.17, "2G", antenna_height_m=36),
    ]
    folder = land.write_project(
        tmp_path_factory.mktemp("steep"), stations=stations, villages=[land.village("V1", 1, 0)], ground=mountains
    )
    project = ws.open_project(folder)
    project = replace(project, radio=replace(project.radio, model="itm", radius_km=6.0))
    return project, ws.read_inputs(project)


def mapped(project: ws.Project, inputs: Inputs, **kept: Any) -> RadioMap:
    """Return the radio map of the area."""
    jobs = kept.pop("jobs", 1)
    project = ws.project_with(project, **kept)
    radiators, cells = build_cells(inputs.stations.rows, project)
    grid = metric_grid(AREA, 120.0)
    wanted = np.ones(grid.shape, dtype=bool)
    return compute_radio_map(inputs.terrain, radiators, cells, project, grid=grid, wanted=wanted, jobs=jobs)


@pytest.mark.parametrize(("generation", "threshold_dbm"), [("4G", -118.0), ("2G", -98.0)])
def test_on_steep_terrain_the_sweeps_map_is_the_exact_engines(
    steep: tuple[ws.Project, Inputs], generation: Any, threshold_dbm: float
) -> None:
    swept_dbm, exact_dbm = (mapped(*steep, engine=engine).level_dbm(generation) for engine in ("sweep", "exact"))
    both = ~np.isnan(swept_dbm) & ~np.isnan(exact_dbm)
    assert both.mean() > 0.95
    assert np.mean(np.isnan(swept_dbm) != np.isnan(exact_dbm)) < 0.01
    error_db = (swept_dbm - exact_dbm)[both]
    assert np.abs(error_db).mean() <= 1.5
    assert abs(error_db.mean()) <= 0.3
    assert ((swept_dbm >= threshold_dbm) != (exact_dbm >= threshold_dbm))[both].mean() <= 0.015


def test_two_jobs_draw_the_map_of_one(steep: tuple[ws.Project, Inputs]) -> None:
    one, two = (mapped(*steep, jobs=jobs) for jobs in (1, 2))
    assert np.array_equal(one.level_dbm("4G"), two.level_dbm("4G"), equal_nan=True)


def test_behind_a_void_the_sweep_knows_nothing_and_elsewhere_it_is_unchanged(
    steep: tuple[ws.Project, Inputs],
) -> None:
    project, inputs = steep
    void = inputs.terrain.void.copy()
    rows, columns = void.shape
    void[rows // 2 - 12 : rows // 2 - 8, columns // 2 + 12 : columns // 2 + 16] = True
    holed = replace(inputs, terrain=replace(inputs.terrain, void=void))
    whole_dbm, holed_dbm = (mapped(project, which).level_dbm("2G") for which in (inputs, holed))
    exact_dbm = mapped(project, holed, engine="exact").level_dbm("2G")
    hidden = np.isnan(holed_dbm) & ~np.isnan(whole_dbm)
    assert 0.003 < hidden.mean() < 0.2
    assert np.array_equal(holed_dbm[~hidden], whole_dbm[~hidden], equal_nan=True)
    assert np.mean(np.isnan(exact_dbm) != np.isnan(holed_dbm)) < 0.01, "the exact engine does not know the same cells"


def test_a_village_loses_the_terminal_clutter_beside_itms_own_loss(steep: tuple[ws.Project, Inputs]) -> None:
    project, inputs = steep
    bare = replace(project, clutter=replace(ClutterSettings(), village_height_m=0.0))
    radiators, _ = build_cells(inputs.stations.rows, project)
    points = receivers(inputs.terrain, np.array([105.01, 105.03]), np.array([22.61, 22.59]))
    bands_mhz = np.array([900.0, 1800.0])
    found = [
        site_paths(inputs.terrain, sites(radiators)[0], bands_mhz.tolist(), points, used) for used in (project, bare)
    ]
    added_db = found[0].loss_db - found[1].loss_db
    assert added_db == pytest.approx(np.tile(terminal_clutter_db(bands_mhz, project.clutter), (2, 1)))
    assert np.all(added_db > 10.0)

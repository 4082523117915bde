"""The sweep engine: every point of a ray as the exact walk has it, and maps that agree with the exact engine's."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import whitesignal as ws
from whitesignal.radio.best_server import NO_LEVEL
from whitesignal.radio.cells import build_cells
from whitesignal.radio.radio_map import compute_radio_map, metric_grid

STEP_KM = 0.09
RADIUS_KM = 9348.0
TX_M, RX_M = 30.0, 1.5


def rough(seed: int, count: int = 160, relief_m: float = 900.0) -> NDArray[np.float64]:
    """Return a mountainous profile: a random walk, smoothed so that slopes are some 20 to 30 degrees."""
    steps = np.random.default_rng(seed).normal(size=count + 8)
    walk = np.convolve(np.cumsum(steps), np.ones(8) / 8.0, mode="valid")[:count]
    return relief_m * (walk - walk.min()) / np.ptp(walk)


def swept(profile_m: NDArray[np.float64], at: int) -> NDArray[np.float64]:
    """Return the vector of the path to one point, its last points its own, the others a ray's hull."""
    from whitesignal.kernels import cells, hull, sweep

    bulge, tx_m = 500.0 / RADIUS_KM, profile_m[0] + TX_M
    own = min(cells.OWN_POINTS, at - 1)
    area, moment = np.empty(len(profile_m)), np.empty(len(profile_m))
    sweep.fitted_sums(profile_m, len(profile_m), STEP_KM, area, moment)
    hull_km, hull_m, size = np.empty(at), np.empty(at), 0
    front = np.full(sweep.FRONT_SIZE, -np.inf)
    last = at - own - 1
    for k in range(1, last + 1):
        curved_m = profile_m[k] - bulge * (STEP_KM * k) ** 2
        front[sweep.TX_SLOPE] = max(front[sweep.TX_SLOPE], (curved_m - tx_m) / (STEP_KM * k))
        front[sweep.TX_FLAT_SLOPE] = max(front[sweep.TX_FLAT_SLOPE], (profile_m[k] - tx_m) / (STEP_KM * k))
        size = hull.push(hull_km, hull_m, size, STEP_KM * k, curved_m)
    tail_m = profile_m[at::-1][: own + 1].copy()
    path = np.empty(sweep.PATH_SIZE)
    path[sweep.PATH_KM] = STEP_KM * at
    sweep.cell_geometry(
        tail_m, tail_m, own, at, STEP_KM * last, profile_m[last], area[last], moment[last], front, profile_m[0], TX_M,
        RX_M, RADIUS_KM, hull_km, hull_m, size, path,
    )  # fmt: skip
    return path


def exact_geometry(profile_m: NDArray[np.float64], at: int) -> NDArray[np.float64]:
    from whitesignal.kernels import diffraction, single

    distance_km = STEP_KM * np.arange(at + 1)
    out = np.empty(diffraction.GEOMETRY_SIZE)
    single.diffraction_geometry(distance_km, profile_m, profile_m, at + 1, TX_M, RX_M, RADIUS_KM, out)
    return out


@given(seed=st.integers(0, 2**31), relief_m=st.floats(0.0, 1500.0))
@settings(deadline=None, max_examples=25)
def test_a_rays_hull_and_the_last_points_give_what_the_exact_walk_finds(seed: int, relief_m: float) -> None:
    from whitesignal.kernels import diffraction, sweep

    profile_m = rough(seed, relief_m=relief_m)
    for at in range(2, len(profile_m), 7):
        path, exact = swept(profile_m, at), exact_geometry(profile_m, at)
        slope = path[sweep.DEPARTURE_SLOPE]
        assert math.degrees(math.atan(0.001 * slope)) == pytest.approx(exact[diffraction.DEPARTURE_DEG], abs=1e-6)
        if exact[diffraction.BLOCKED]:
            assert path[sweep.NU_FACTOR] == pytest.approx(exact[diffraction.NU_FACTOR], rel=1e-6, abs=1e-3)
            scatter_mrad = (math.radians(exact[diffraction.DEPARTURE_DEG] + exact[diffraction.ARRIVAL_DEG])) * 1000.0
            scatter_mrad += 1000.0 * STEP_KM * at / RADIUS_KM
            assert path[sweep.ANGLE_MRAD] == pytest.approx(scatter_mrad, abs=1e-3)
        else:
            # On the hull alone ν may be missed by the little that a hidden point nearer the middle would add.
            assert path[sweep.NU_FACTOR] <= exact[diffraction.NU_FACTOR] + 1e-9


@pytest.mark.parametrize("at", [2, 5, 11, 12, 40])
def test_over_level_ground_the_smooth_earth_is_the_exact_walks(at: int) -> None:
    from whitesignal.kernels import diffraction, sweep

    path, exact = swept(np.full(60, 250.0), at), exact_geometry(np.full(60, 250.0), at)
    assert path[sweep.TX_EFFECTIVE_HEIGHT_M] == pytest.approx(exact[diffraction.TX_EFFECTIVE_HEIGHT_M], abs=1e-6)
    assert path[sweep.RX_EFFECTIVE_HEIGHT_M] == pytest.approx(exact[diffraction.RX_EFFECTIVE_HEIGHT_M], abs=1e-6)
    assert path[sweep.CLEARANCE_M] == pytest.approx(exact[diffraction.CLEARANCE_M], abs=1e-6)
    assert path[sweep.NU_FACTOR] == pytest.approx(exact[diffraction.NU_FACTOR], rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_losses_along_a_ray_agree_with_the_exact_engine_to_a_tenth_of_a_decibel(seed: int) -> None:
    from whitesignal.kernels import diffraction, single, sweep_loss
    from whitesignal.propagation import free_space

    profile_m = rough(seed)
    one_km_db = float(free_space.loss_db(1.0, 1800.0))
    errors_db = []
    for at in range(2, len(profile_m)):
        loss_db = sweep_loss.path_loss_db(swept(profile_m, at), 1800.0, True, 15.0, 0.005, RADIUS_KM, one_km_db, np.inf)
        geometry = exact_geometry(profile_m, at)
        slant_km = math.hypot(STEP_KM * at, (profile_m[0] + TX_M - profile_m[at] - RX_M) / 1000.0)
        exact_db = float(free_space.loss_db(slant_km, 1800.0)) + single.delta_bullington_loss_db(
            geometry, 1800.0, True, 15.0, 0.005, 0.0, RADIUS_KM, np.empty(diffraction.TERMS_SIZE)
        )
        errors_db.append(loss_db - exact_db)
    assert np.abs(errors_db).mean() < 0.02
    assert np.quantile(np.abs(errors_db), 0.98) < 0.1


@pytest.mark.parametrize(
    ("start", "step", "cells", "count", "inside"),
    [(5.5, 0.0, 10, 7, 7), (5.5, 1.0, 10, 7, 4), (5.5, -1.0, 10, 7, 6), (5.5, -1.0, 10, 3, 3), (9.4, 0.5, 10, 7, 1)],
)
def test_a_ray_ends_where_the_outermost_cell_centres_are(
    start: float, step: float, cells: int, count: int, inside: int
) -> None:
    from whitesignal.kernels.cells import steps_inside

    assert steps_inside(start, step, cells, count) == inside
    places = [start + step * k for k in range(count)]
    assert sum(0.5 <= place < cells - 0.5 for place in places) == inside


def mountains(east_km: NDArray[np.float64], north_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ridges and valleys of some 24 degrees' slope."""
    return (
        700.0 + 420.0 * np.sin(east_km * 2.1) * np.cos(north_km * 1.7) + 160.0 * np.sin(4.3 * east_km + 3.1 * north_km)
    )


@pytest.fixture(scope="module")
def mountain_project(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ws.Project:
    stations = [
        land.station("A", 0.31, 0.17, "4G", antenna_height_m=36),
        land.station("B", -2.2, 1.4, "4G", azimuth_deg="20/140/260", tilt_deg=4),
        land.station("C", 0.31, 0.17, "2G", antenna_height_m=36),
    ]
    folder = land.write_project(
        tmp_path_factory.mktemp("mountains"), stations=stations, villages=[land.village("V1", 1, 0)], ground=mountains
    )
    return ws.open_project(folder)


@pytest.mark.parametrize("model", ["p526", "p1812"])
def test_on_steep_terrain_the_sweeps_map_is_the_exact_engines(mountain_project: ws.Project, model: str) -> None:
    inputs = ws.read_inputs(mountain_project)
    grid = metric_grid((104.95, 22.56, 105.05, 22.64), 120.0)
    maps = []
    for engine in ("sweep", "exact"):
        project = ws.project_with(mountain_project, model=model, engine=engine)
        radiators, cells = build_cells(inputs.stations.rows, project)
        maps.append(
            compute_radio_map(
                inputs.terrain, radiators, cells, project, grid=grid, wanted=np.ones(grid.shape, dtype=bool), jobs=2
            )
        )
    for generation, threshold_dbm in (("4G", -118.0), ("2G", -98.0)):
        swept_dbm, exact_dbm = (found.level_dbm(generation) for found in maps)
        both = ~np.isnan(swept_dbm) & ~np.isnan(exact_dbm)
        assert both.mean() > 0.95
        error_db = (swept_dbm - exact_dbm)[both]
        assert np.abs(error_db).mean() <= 1.5
        assert abs(error_db.mean()) <= 0.3
        flips = ((swept_dbm >= threshold_dbm) != (exact_dbm >= threshold_dbm))[both]
        assert flips.mean() <= 0.015


def test_more_quality_errs_less(mountain_project: ws.Project) -> None:
    inputs = ws.read_inputs(mountain_project)
    grid = metric_grid((104.95, 22.56, 105.05, 22.64), 120.0)
    wanted = np.ones(grid.shape, dtype=bool)
    radiators, cells = build_cells(inputs.stations.rows, mountain_project)

    def level_dbm(**settings: object) -> NDArray[np.float32]:
        project = ws.project_with(mountain_project, model="p526", **settings)  # type: ignore[arg-type]
        return compute_radio_map(inputs.terrain, radiators, cells, project, grid=grid, wanted=wanted).level_dbm("4G")

    exact_dbm = level_dbm(engine="exact")
    errors_db = [np.nanmean(np.abs(level_dbm(engine="sweep", quality=quality) - exact_dbm)) for quality in (0.5, 2, 8)]
    assert errors_db == sorted(errors_db, reverse=True)


def test_beyond_a_void_or_the_terrain_nothing_is_known(mountain_project: ws.Project) -> None:
    inputs = ws.read_inputs(mountain_project)
    void = np.zeros_like(inputs.terrain.void)
    middle = void.shape[1] // 2
    void[:, middle + 40 : middle + 42] = True
    project = ws.project_with(mountain_project, model="p526", engine="sweep")
    radiators, cells = build_cells(inputs.stations.rows[:1].assign(counted=True), project)
    grid = metric_grid((104.9, 22.5, 105.1, 22.7), 300.0)
    found = compute_radio_map(
        replace(inputs.terrain, void=void), radiators, cells, project, grid=grid, wanted=np.ones(grid.shape, dtype=bool)
    )
    eastings, _ = grid.cell_centres()
    wall_m = 500_000.0 + 40 * inputs.terrain.resolution_m
    known = found.level["4G"] != NO_LEVEL
    assert known[eastings < wall_m - 300.0].mean() > 0.5
    assert not known[eastings > wall_m + 400.0].any()


def test_a_station_off_the_terrain_reaches_nothing(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path, stations=[land.station("A", 0, 0), land.station("B", 300, 0)], villages=[land.village("V1", 1, 0)]
    )
    project = ws.project_with(ws.open_project(folder), engine="sweep")
    found = ws.analyze(project).radio_map
    assert set(np.unique(found.server["4G"]).tolist()) <= {-1, 0}
    assert (found.server["4G"] == 0).any()

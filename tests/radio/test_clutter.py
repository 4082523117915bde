"""Clutter and the sea in the profile: what they cost, where they are read, and that nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import whitesignal as ws
from whitesignal.grid import COASTAL, INLAND, SEA, Grid, Terrain
from whitesignal.project import (
    LAYER_MODELS,
    TERMINAL_CLUTTER_MODELS,
    ClutterSettings,
    InputFiles,
    Project,
    RadioSettings,
)
from whitesignal.radio.cells import Site, build_cells
from whitesignal.radio.paths import SitePaths, receivers, site_paths
from whitesignal.radio.radio_map import compute_radio_map, metric_grid
from whitesignal.radio.traces import TRACED_LOSSES

CELL_M = 100.0
CELLS = 121
MIDDLE = CELLS // 2
BANDS_MHZ = (900.0, 1800.0)
TREES, GRASS = 10, 30
Land = NDArray[np.float32]


@pytest.fixture(scope="module")
def project() -> Project:
    inputs = InputFiles((), Path("villages.csv"), (Path("terrain.tif"),))
    return Project("Thử", Path("project.toml"), inputs, radio=RadioSettings(model="p1812"))


def terrain_of(height_m: Land, clutter_m: Land | None = None, zone: NDArray[np.int8] | None = None) -> Terrain:
    """Return land of 100 m cells around 105° E, 22.6° N; rows run from north to south."""
    transform = Affine(CELL_M, 0, 500_000.0 - CELLS * CELL_M / 2, 0, -CELL_M, 2_500_000.0 + CELLS * CELL_M / 2)
    surface_m = None if clutter_m is None else (height_m + clutter_m).astype(np.float32)
    void = np.zeros(height_m.shape, dtype=np.bool_)
    return Terrain(Grid("EPSG:32648", transform, height_m.shape), height_m, void, 0.0, CELL_M, surface_m, zone)


def place_of(column: float, row: float) -> tuple[float, float]:
    from pyproj import Transformer

    terrain = terrain_of(flat())
    to_degrees = Transformer.from_crs(terrain.grid.crs, "EPSG:4326", always_xy=True)
    return to_degrees.transform(*(terrain.grid.transform * (column, row)))


def paths_over(
    terrain: Terrain, project: Project, *, tx: tuple[float, float] = (10.5, MIDDLE + 0.5),
    rx: tuple[float, float] = (110.5, MIDDLE + 0.5), tx_height_m: float = 30.0, in_villages: bool = False,
) -> SitePaths:  # fmt: skip
    """Return the path between two places given by column and row; by default 10 km along a row, centre to centre."""
    site = Site(*place_of(*tx), tx_height_m, (0, 1))
    longitude, latitude = (np.array([part]) for part in place_of(*rx))
    points = receivers(terrain, longitude, latitude)
    return site_paths(terrain, site, BANDS_MHZ, points, project, in_villages=in_villages)


def flat(height_m: float = 100.0) -> Land:
    return np.full((CELLS, CELLS), height_m, dtype=np.float32)


def rough(seed: int, relief_m: float) -> Land:
    """Return hills a kilometre or so across."""
    from scipy.ndimage import gaussian_filter

    hills = gaussian_filter(np.random.default_rng(seed).normal(size=(CELLS, CELLS)), 6.0)
    return np.asarray(100.0 + relief_m * (hills - hills.min()) / np.ptp(hills), dtype=np.float32)


def woods(seed: int, share: float, height_m: float = 15.0) -> Land:
    cover = np.random.default_rng(seed).uniform(size=(CELLS, CELLS)) < share
    return (height_m * cover).astype(np.float32)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**31), relief_m=st.floats(0.0, 800.0), share=st.floats(0.0, 1.0), growth=st.floats(0.0, 3.0)
)
def test_higher_clutter_never_lowers_the_loss(
    project: Project, seed: int, relief_m: float, share: float, growth: float
) -> None:
    ground_m, low_m = rough(seed, relief_m), woods(seed + 1, share)
    high_m = (low_m * (1.0 + growth) + woods(seed + 2, share / 2.0)).astype(np.float32)
    bare, low, high = (paths_over(terrain_of(ground_m, clutter), project) for clutter in (None, low_m, high_m))
    assert (low.loss_db >= bare.loss_db - 1e-6).all()
    assert (high.loss_db >= low.loss_db - 1e-6).all()


def test_a_forest_between_two_antennas_costs_and_a_taller_one_more(project: Project) -> None:
    losses_db = []
    for height_m in (0.0, 15.0, 30.0):
        forest = np.zeros((CELLS, CELLS), dtype=np.float32)
        forest[:, 90:108] = height_m
        losses_db.append(float(paths_over(terrain_of(flat(), forest), project).loss_db[0, 1]))
    assert losses_db[1] > losses_db[0] + 6.0, "it stands above the line to a terminal at 1.5 m"
    assert losses_db[2] > losses_db[1]


def test_clutter_at_the_two_ends_is_not_read(project: Project) -> None:
    ends = np.zeros((CELLS, CELLS), dtype=np.float32)
    ends[MIDDLE, [10, 110]] = 40.0
    bare, cluttered = (paths_over(terrain_of(flat(), clutter), project) for clutter in (None, ends))
    np.testing.assert_allclose(cluttered.loss_db, bare.loss_db, atol=1e-3)
    ends[MIDDLE, 108] = 40.0
    assert (paths_over(terrain_of(flat(), ends), project).loss_db > bare.loss_db + 3.0).all()


def test_a_village_in_a_forest_stands_in_the_higher_of_both(project: Project) -> None:
    def loss_db(height_m: float) -> float:
        cover = np.full((CELLS, CELLS), height_m, dtype=np.float32)
        return float(paths_over(terrain_of(flat(), cover), project, in_villages=True).loss_db[0, 1])

    bare_db = float(paths_over(terrain_of(flat()), project, in_villages=True).loss_db[0, 1])
    assert loss_db(0.0) == pytest.approx(bare_db, abs=1e-9)
    assert bare_db < loss_db(15.0) < loss_db(25.0)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**31), in_villages=st.booleans(), row=st.floats(12.0, 108.0))
def test_the_engine_computes_what_the_public_function_does_with_clutter_and_zones(
    project: Project, seed: int, in_villages: bool, row: float
) -> None:
    from scipy.ndimage import map_coordinates

    from whitesignal.propagation import p1812

    rng = np.random.default_rng(seed)
    ground_m, clutter_m = rough(seed, 400.0), woods(seed, 0.4)
    zone = np.repeat(rng.choice([SEA, COASTAL, INLAND], CELLS // 11).astype(np.int8), 11)
    zone = np.broadcast_to(zone, (CELLS, CELLS)).copy()
    terrain = terrain_of(ground_m, clutter_m, zone)
    tx, rx = (10.3, row), (109.2, 119.0 - row)
    paths = paths_over(terrain, project, tx=tx, rx=rx, in_villages=in_villages)
    assert terrain.surface_m is not None
    path_km = float(paths.distance_km[0])
    count = int(np.ceil(path_km * 1000.0 / CELL_M - 1e-9)) + 1
    share = np.linspace(0.0, 1.0, count)
    columns, rows = (a + (b - a) * share for a, b in zip(tx, rx, strict=True))
    height_m, surface_m = (
        map_coordinates(land.astype(np.float64), [rows - 0.5, columns - 0.5], order=1)
        for land in (terrain.height_m, terrain.surface_m)
    )
    standing_m = surface_m - height_m
    if in_villages:
        around = path_km * (1.0 - share) <= project.clutter.village_radius_m / 1000.0
        standing_m[around] = np.maximum(standing_m[around], project.clutter.village_height_m)
    (tx_longitude, tx_latitude), (rx_longitude, rx_latitude) = place_of(*tx), place_of(*rx)
    for band, frequency_mhz in enumerate(BANDS_MHZ):
        expected = p1812.loss(
            path_km * share, height_m, clutter_m=np.maximum(standing_m, 0.0),
            zone=zone[rows.astype(int), columns.astype(int)], frequency_ghz=frequency_mhz / 1000.0, time_percent=50.0,
            tx_height_m=30.0, rx_height_m=1.5, polarization="vertical", tx_longitude=tx_longitude,
            tx_latitude=tx_latitude, rx_longitude=rx_longitude, rx_latitude=rx_latitude, delta_n=50.0, n0=360.0,
        )  # fmt: skip
        assert paths.loss_db[0, band] == pytest.approx(expected.loss_db, abs=0.01)


def test_a_path_beyond_the_raster_is_inland_there() -> None:
    from whitesignal.kernels import exact

    all_sea = np.full((CELLS, CELLS), SEA, dtype=np.int8)
    found = np.empty(5, dtype=np.int8)
    exact.read_zones(all_sea, -1.5, 3.0, 2.5, 3.0, 5, found)
    assert found.tolist() == [INLAND, INLAND, SEA, SEA, SEA]


def test_a_paths_sections_are_those_of_the_zones_below_it(project: Project) -> None:
    from whitesignal.kernels import exact, p1812

    zone = np.full((CELLS, CELLS), INLAND, dtype=np.int8)
    zone[:, 30:61], zone[:, 61:71] = SEA, COASTAL
    geometry = np.empty((1, p1812.GEOMETRY_SIZE))
    room = np.empty(1), np.empty(1, dtype=np.bool_)
    place, middle = (10.5, MIDDLE + 0.5), np.array([MIDDLE + 0.5])
    none = np.empty((0, 0), dtype=np.bool_), np.empty((0, 0), dtype=np.float32)
    path_km = np.array([10.0])
    exact.trace_p1812(
        flat(), none[0], 0.0, *place, np.array([110.5]), middle, path_km, 30.0, 1.5, 0.1,
        *exact.working_space(path_km, 0.1), 9348.0, none[1], zone, np.empty(101, dtype=np.int8),
        0.0, 0.0, 360.0, np.array([22.6]), geometry, *room,
    )  # fmt: skip
    found = geometry[0]
    assert found[p1812.SEA_FRACTION] == pytest.approx(0.31)
    assert found[p1812.INLAND_KM] == pytest.approx(3.95), "from the coast's inner border to the village"
    assert found[p1812.LAND_KM] == pytest.approx(4.95)
    assert (found[p1812.TX_AT_SEA], found[p1812.RX_AT_SEA]) == (0.0, 0.0)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**31), relief_m=st.floats(0.0, 800.0), drowned=st.floats(0.0, 1.0))
def test_half_of_the_time_the_sea_changes_hardly_anything_within_a_stations_reach(
    project: Project, seed: int, relief_m: float, drowned: float
) -> None:
    ground_m = np.maximum(rough(seed, relief_m) - 100.0 - drowned * relief_m, 0.0).astype(np.float32)
    zone = np.where(ground_m <= 0.0, SEA, np.where(ground_m <= 100.0, COASTAL, INLAND)).astype(np.int8)
    inland, coast = (paths_over(terrain_of(ground_m, zone=zones), project) for zones in (None, zone))
    # The sweep takes all as inland; this is what it leaves out.
    np.testing.assert_allclose(coast.loss_db, inland.loss_db, atol=0.1)


def test_a_map_of_inland_changes_nothing(project: Project) -> None:
    ground_m = rough(4, 300.0)
    zoned = paths_over(terrain_of(ground_m, zone=np.full((CELLS, CELLS), INLAND, dtype=np.int8)), project)
    np.testing.assert_array_equal(zoned.loss_db, paths_over(terrain_of(ground_m), project).loss_db)


# Never both


def test_a_model_with_a_clutter_term_of_its_own_never_reads_the_raster(project: Project) -> None:
    ground_m, forest = rough(9, 200.0), np.full((CELLS, CELLS), 20.0, dtype=np.float32)
    for model in (*TERMINAL_CLUTTER_MODELS, "tr38901-rma"):
        other = replace(project, radio=RadioSettings(model=model))
        bare, wooded = (paths_over(terrain_of(ground_m, clutter), other) for clutter in (None, forest))
        np.testing.assert_array_equal(wooded.loss_db, bare.loss_db)
    bare, wooded = (paths_over(terrain_of(ground_m, clutter), project) for clutter in (None, forest))
    assert (wooded.loss_db > bare.loss_db).all()


@pytest.mark.parametrize("model", sorted({*TRACED_LOSSES, "hata", "free-space", "tr38901-uma"}))
def test_p2108s_streets_and_p1812s_profile_are_never_both_asked(project: Project, model: str) -> None:
    def loss_db(street_width_m: float = 27.0, village_radius_m: float = 150.0) -> NDArray[np.float64]:
        clutter = ClutterSettings(street_width_m=street_width_m, village_radius_m=village_radius_m)
        asked = replace(project, radio=RadioSettings(model=model), clutter=clutter)
        return paths_over(terrain_of(flat()), asked, in_villages=True).loss_db

    usual = loss_db()
    assert bool((loss_db(street_width_m=10.0) != usual).any()) is (model in TERMINAL_CLUTTER_MODELS)
    assert bool((loss_db(village_radius_m=50.0) != usual).any()) is (model in LAYER_MODELS)
    assert not set(TERMINAL_CLUTTER_MODELS) & set(LAYER_MODELS)


# Whole runs


@pytest.fixture(scope="module")
def make_run(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Project]:
    """Return a maker of a mountainous project, with a raster of classes 50 m wide where a test gives one."""

    def mountains(east_km: NDArray[np.float64], north_km: NDArray[np.float64]) -> NDArray[np.float64]:
        broad = 420.0 * np.sin(east_km * 2.1) * np.cos(north_km * 1.7)
        return 700.0 + broad + 160.0 * np.sin(4.3 * east_km + 3.1 * north_km)

    def make(forest_share: float | None, toml: str = "") -> Project:
        folder = tmp_path_factory.mktemp("run")
        stations = [
            land.station("A", 0.31, 0.17, "4G", antenna_height_m=36),
            land.station("B", -2.2, 1.4, "2G", azimuth_deg="20/140/260"),
        ]
        villages = [land.village(f"V{at}", *place) for at, place in enumerate([(1, 0), (3, 2), (-4, -3), (2, -5)])]
        if forest_share is not None:
            write_forest(folder / "clutter.tif", forest_share)
        inputs = "" if forest_share is None else "clutter = 'clutter.tif'\n"
        land.write_project(
            folder, stations=stations, villages=villages, ground=mountains, inputs=inputs, toml=land.TOML + toml
        )
        return ws.project_with(ws.open_project(folder), model="p1812")

    return make


def write_forest(file: Path, share: float) -> None:
    """Write patches of forest a few hundred metres across, in degrees, over all of the land."""
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(np.random.default_rng(2).normal(size=(600, 600)), 5.0)
    classes = np.where(noise < np.quantile(noise, share), TREES, GRASS).astype(np.uint8)
    with rasterio.open(
        file, "w", driver="GTiff", width=600, height=600, count=1, dtype="uint8", crs="EPSG:4326",
        transform=Affine(0.0005, 0, 104.85, 0, -0.0005, 22.75),
    ) as target:  # fmt: skip
        target.write(classes, 1)


@pytest.mark.parametrize("engine", ["exact", "sweep"])
def test_a_raster_of_zeros_gives_what_no_raster_does(make_run: Callable[..., Project], engine: str) -> None:
    level_ground = "[clutter.heights_m]\n10 = 0.0\n"
    without, zeros = (
        ws.analyze(ws.project_with(made, engine=engine)) for made in (make_run(None), make_run(0.5, level_ground))
    )
    assert zeros.inputs.terrain.surface_m is not None
    np.testing.assert_array_equal(zeros.reach.loss_db, without.reach.loss_db)
    for generation in ("2G", "4G"):
        np.testing.assert_array_equal(zeros.radio_map.level[generation], without.radio_map.level[generation])
    assert zeros.villages["status"].tolist() == without.villages["status"].tolist()


def test_a_forest_lowers_the_levels_of_p1812_and_none_of_p526(make_run: Callable[..., Project]) -> None:
    bare, wooded = make_run(None), make_run(1.0)
    for model, lower in (("p1812", True), ("p526", False)):
        without, within = (ws.analyze(ws.project_with(made, model=model, engine="exact")) for made in (bare, wooded))
        for generation in ("2G", "4G"):
            fall_db = without.radio_map.level_dbm(generation) - within.radio_map.level_dbm(generation)
            assert fall_db.min() >= 0.0
            assert (fall_db.mean() > 0.5) if lower else (fall_db.max() == 0.0)


def test_with_clutter_on_steep_terrain_the_sweeps_map_is_the_exact_engines(make_run: Callable[..., Project]) -> None:
    made = make_run(0.4)
    inputs = ws.read_inputs(made)
    grid = metric_grid((104.95, 22.56, 105.05, 22.64), 120.0)
    wanted = np.ones(grid.shape, dtype=bool)
    radiators, cells = build_cells(inputs.stations.rows, made)
    for model in ("p1812", "p526"):  # the terrain was read for the first: the second must leave its clutter alone
        found = [
            compute_radio_map(
                inputs.terrain, radiators, cells, ws.project_with(made, model=model, engine=engine), grid=grid,
                wanted=wanted, jobs=2,
            )
            for engine in ("sweep", "exact")
        ]  # fmt: skip
        for generation in ("2G", "4G"):
            swept_dbm, exact_dbm = (each.level_dbm(generation) for each in found)
            both = ~np.isnan(swept_dbm) & ~np.isnan(exact_dbm)
            assert both.mean() > 0.95
            error_db = (swept_dbm - exact_dbm)[both]
            assert np.abs(error_db).mean() <= 1.5
            assert abs(error_db.mean()) <= 0.3

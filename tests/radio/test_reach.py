"""Reach: which pairs are kept, how a village's centre is judged, and that threads and neighbours change nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from pyproj import Geod

import whitesignal as ws
from whitesignal.grid import Terrain
from whitesignal.project import Project
from whitesignal.radio.cells import Cells, Radiators, build_cells
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.paths import Receivers, on_known_ground
from whitesignal.radio.reach import Reach, SamplePoints, compute_reach

WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Case:
    """A project's radiators and cells on its terrain."""

    project: Project
    terrain: Terrain
    radiators: Radiators
    cells: Cells

    def reach(self, *, jobs: int = 1, points: SamplePoints, terrain: Terrain | None = None) -> Reach:
        return compute_reach(terrain or self.terrain, self.radiators, points, self.project, jobs=jobs)


def points_at(places: list[tuple[float, float]], *, spread: bool) -> SamplePoints:
    longitude, latitude = np.array(places).T
    return SamplePoints(longitude, latitude, np.full(len(places), spread))


@pytest.fixture(scope="module")
def hills(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Rolling hills, four stations on three masts, one of them with two antenna heights."""
    folder = tmp_path_factory.mktemp("hills")

    def ground(east_km: np.ndarray, north_km: np.ndarray) -> np.ndarray:
        return 300.0 + 120.0 * np.sin(3.1 * east_km + 1.0) * np.cos(2.3 * north_km) + 20.0 * np.sin(17.0 * east_km)

    stations = [
        land.station("A", -6, 0, "2G"),
        land.station("B", -6, 0, "4G"),
        land.station("C", 5, 5, "5G", antenna_height_m=20),
        land.station("D", 5, 5, "3G", antenna_height_m=42),
    ]
    project = ws.open_project(
        land.write_project(folder, stations=stations, villages=[land.village("V1", 1, 0)], ground=ground, cell_m=50.0)
    )
    inputs = ws.read_inputs(project)
    return Case(project, inputs.terrain, *build_cells(inputs.stations.rows, project))


@pytest.fixture(scope="module")
def places(land: ModuleType) -> list[tuple[float, float]]:
    rng = np.random.default_rng(5)
    return [land.place(*rng.uniform(-11.5, 11.5, 2)) for _ in range(60)]


def test_pairs_are_in_the_order_of_radiators_then_points_and_first_pair_finds_them(
    hills: Case, places: list[tuple[float, float]]
) -> None:
    reach = hills.reach(points=points_at(places, spread=True))
    assert reach.first_pair[0] == 0
    assert reach.first_pair[-1] == len(reach)
    assert len(reach.first_pair) == len(hills.radiators) + 1
    keys = list(zip(reach.radiator.tolist(), reach.point.tolist(), strict=True))
    assert keys == sorted(set(keys))
    for radiator in range(len(hills.radiators)):
        assert (reach.radiator[reach.pairs_of(radiator)] == radiator).all()


def test_a_pair_is_dropped_for_its_distance_or_its_loss_and_for_nothing_else(
    hills: Case, places: list[tuple[float, float]]
) -> None:
    points = points_at(places, spread=False)
    wide = replace(
        hills, radiators=replace(hills.radiators, floor_loss_db=np.full(4, np.inf), radius_km=np.full(4, 200.0))
    )
    everything = wide.reach(points=points)
    assert len(everything) == len(places) * len(hills.radiators), "nothing else prunes"
    radius_km, floor_db = hills.radiators.radius_km, np.quantile(everything.loss_db, 0.6) + np.zeros(4)
    pruned = replace(hills, radiators=replace(hills.radiators, floor_loss_db=floor_db)).reach(points=points)
    expected = (everything.distance_km <= radius_km[everything.radiator]) & (
        everything.loss_db <= floor_db[everything.radiator]
    )
    assert 0 < expected.sum() < len(everything)
    assert list(zip(pruned.radiator, pruned.point, strict=True)) == list(
        zip(everything.radiator[expected], everything.point[expected], strict=True)
    )
    assert pruned.loss_db.tolist() == everything.loss_db[expected].tolist()


def test_a_radiator_that_reaches_nothing_has_no_pairs(hills: Case, land: ModuleType) -> None:
    reach = hills.reach(points=points_at([land.place(11.5, -11.5)], spread=True))
    assert (np.diff(reach.first_pair) >= 0).all()
    assert 0 in np.diff(reach.first_pair).tolist(), "5G ends after 10 km"
    assert len(hills.reach(points=SamplePoints(np.empty(0), np.empty(0), np.empty(0, dtype=bool)))) == 0


def test_two_threads_fill_the_same_reach_as_one(hills: Case, places: list[tuple[float, float]]) -> None:
    points = points_at(places, spread=True)
    one, two = hills.reach(points=points, jobs=1), hills.reach(points=points, jobs=2)
    for name in ("point", "radiator", "loss_db", "distance_km", "azimuth_deg", "elevation_deg", "known", "first_pair"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name


def test_a_station_more_leaves_the_others_pairs_as_they_were(
    hills: Case, land: ModuleType, tmp_path: Path, places: list[tuple[float, float]]
) -> None:
    points = points_at(places, spread=True)
    rows = ws.read_inputs(hills.project).stations.rows
    radiators, _ = build_cells(rows[rows["station_id"] != "C"], hills.project)
    fewer = compute_reach(hills.terrain, radiators, points, hills.project)
    more = hills.reach(points=points)
    kept = np.isin(
        more.radiator, [at for at in range(4) if hills.radiators.band_mhz[at] in set(radiators.band_mhz.tolist())]
    )
    assert fewer.loss_db.tolist() == more.loss_db[kept].tolist()
    assert fewer.point.tolist() == more.point[kept].tolist()


def around(place: tuple[float, float]) -> list[tuple[float, float]]:
    """A place and those 100 m north, east, south and west of it, by a geodesic solver."""
    return [place, *[WGS84.fwd(*place, azimuth_deg, 100.0)[:2] for azimuth_deg in (0.0, 90.0, 180.0, 270.0)]]


def test_a_centre_is_judged_by_the_median_of_five_points_within_100_m(
    hills: Case, places: list[tuple[float, float]]
) -> None:
    for place in places[:8]:
        centre = hills.reach(points=points_at([place], spread=True))
        probes = hills.reach(points=points_at(around(place), spread=False))
        for radiator in range(len(hills.radiators)):
            loss_db = probes.loss_db[probes.pairs_of(radiator)]
            if len(loss_db) == 5:
                found_db = centre.loss_db[centre.pairs_of(radiator)]
                # The probes' places agree to a millimetre; the ground is rough.
                assert found_db == pytest.approx([np.median(loss_db)], abs=0.01)
                assert float(loss_db.max() - loss_db.min()) > 0.05, "the probes differ, so the median is no accident"


@pytest.fixture(scope="module")
def close(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Rough ground in 20 m cells, one station 1.5 km west of the middle."""

    def ground(east_km: np.ndarray, north_km: np.ndarray) -> np.ndarray:
        return 100.0 + 15.0 * np.sin(40.0 * east_km) * np.cos(31.0 * north_km) + 30.0 * (np.abs(east_km + 0.5) < 0.1)

    folder = tmp_path_factory.mktemp("close")
    project = ws.open_project(
        land.write_project(
            folder, stations=[land.station("A", -1.5, 0)], villages=[land.village("V1", 0, 0)], ground=ground,
            cell_m=20.0, size_km=4.0,
        )
    )  # fmt: skip
    inputs = ws.read_inputs(project)
    return Case(project, inputs.terrain, *build_cells(inputs.stations.rows, project))


def void_at(terrain: Terrain, land: ModuleType, *spots: tuple[float, float]) -> Terrain:
    """The terrain with voids of 3 × 3 cells at places in kilometres, their heights kept."""
    void = terrain.void.copy()
    for east_km, north_km in spots:
        column, row = round((east_km + 2.0) / 0.02), round((2.0 - north_km) / 0.02)
        void[row - 2 : row + 2, column - 2 : column + 2] = True
    return replace(terrain, void=void)


@pytest.mark.parametrize(
    ("spots", "known", "judging"),
    [
        ([], True, [0, 1, 2, 3, 4]),
        ([(0.0, 0.1)], True, [0, 2, 3, 4]),
        ([(0.0, 0.1), (0.0, -0.1)], True, [0, 2, 4]),
        ([(0.0, 0.1), (0.0, -0.1), (0.1, 0.0)], False, [0, 1, 2, 3, 4]),
    ],
)
def test_probes_on_a_void_do_not_count_while_three_are_known(
    close: Case, land: ModuleType, spots: list[tuple[float, float]], known: bool, judging: list[int]
) -> None:
    terrain = void_at(close.terrain, land, *spots)
    place = land.place(0.0, 0.0)
    centre = close.reach(points=points_at([place], spread=True), terrain=terrain)
    probes = close.reach(points=points_at(around(place), spread=False), terrain=terrain)
    assert centre.known.tolist() == [known]
    if known:
        assert np.flatnonzero(probes.known).tolist() == judging
    assert centre.loss_db == pytest.approx([np.median(probes.loss_db[judging])], abs=0.01)


def test_the_terrains_border_is_known_ground_and_what_lies_beyond_or_on_a_void_is_not(
    close: Case, land: ModuleType
) -> None:
    terrain = void_at(close.terrain, land, (0.0, 0.0))
    rows, columns = terrain.height_m.shape
    places = {
        (0.0, 0.0): True, (columns, rows): True, (columns + 1e-9, -1e-9): True, (columns, 0.5): True,
        (columns + 0.01, 1.0): False, (1.0, -0.01): False, (np.nan, 1.0): False, (np.inf, 1.0): False,
        (columns / 2, rows / 2): False, (columns / 2 + 9, rows / 2): True,
    }  # fmt: skip
    column, row = np.array(list(places), dtype=float).T
    nowhere = np.zeros(len(places))
    assert on_known_ground(terrain, Receivers(nowhere, nowhere, column, row)).tolist() == list(places.values())


def test_levels_keep_only_what_lies_within_each_cells_own_limit(hills: Case, places: list[tuple[float, float]]) -> None:
    reach = hills.reach(points=points_at(places, spread=True))
    levels = compute_levels(reach, hills.cells)
    for cell in range(len(hills.cells)):
        pairs = reach.pairs_of(int(hills.cells.radiator[cell]))
        near = reach.distance_km[pairs] <= hills.cells.max_km[cell]
        assert levels.point[levels.cell == cell].tolist() == reach.point[pairs][near].tolist()
        expected_dbm = hills.cells.eirp_dbm[cell] - reach.loss_db[pairs][near]
        assert levels.level_dbm[levels.cell == cell] == pytest.approx(expected_dbm.astype(float), abs=1e-4)


def test_a_margin_is_the_lesser_of_level_and_uplink(hills: Case, places: list[tuple[float, float]]) -> None:
    levels = compute_levels(hills.reach(points=points_at(places, spread=True)), hills.cells)
    threshold_dbm = np.array([-98.0, -140.0, -115.0, -108.0])
    by_level = levels.level_dbm - threshold_dbm[levels.cell]
    assert levels.margin_db(threshold_dbm).tolist() == np.minimum(by_level, levels.uplink_margin_db).tolist()
    assert (by_level < levels.uplink_margin_db).any()
    assert (by_level > levels.uplink_margin_db).any()


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_work_whatever_the_threads(jobs: int) -> None:
    from whitesignal.radio.executor import map_in_order

    seen: list[tuple[str, int, int]] = []
    items = list(range(37))
    found = list(
        map_in_order(lambda item: item * item, items, jobs=jobs, stage="s", progress=lambda *a: seen.append(a))
    )
    assert found == [item * item for item in items]
    assert seen == [("s", done, 37) for done in range(38)]


def test_a_failure_in_the_work_is_raised_and_nothing_new_is_begun() -> None:
    from whitesignal.radio.executor import map_in_order, silent

    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 3:
            raise ws.InputError("no more")
        return item

    with pytest.raises(ws.InputError, match="no more"):
        list(map_in_order(work, list(range(1000)), jobs=2, stage="s", progress=silent))
    assert len(begun) < 100

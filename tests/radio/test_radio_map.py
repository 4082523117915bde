"""The radio map: the best station's level and which it is, whatever the order of the work."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import whitesignal as ws
from whitesignal.errors import InputError
from whitesignal.radio.best_server import NO_LEVEL, NO_SERVER, BestServers
from whitesignal.radio.cells import Cells, build_cells
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.radio_map import compute_radio_map, metric_grid
from whitesignal.radio.reach import SamplePoints, compute_reach
from whitesignal.radio.windows import Window


@pytest.fixture(scope="module")
def project(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ws.Project:
    stations = [
        land.station("S3", -4, 0, "2G"),
        land.station("S2", -4, 0, "4G", azimuth_deg="90/270", tilt_deg=5),
        land.station("S1", 4, 2, "4G", operator="VinaPhone"),
        land.station("S0", 8, 8, "4G", status="planned"),
    ]
    folder = land.write_project(
        tmp_path_factory.mktemp("map"), stations=stations, villages=[land.village("V1", 1, 0)], ground=land.cone(400.0)
    )
    return ws.project_with(ws.open_project(folder), engine="exact")


def test_a_cells_level_is_that_of_a_point_in_its_middle(project: ws.Project) -> None:
    inputs = ws.read_inputs(project)
    radiators, cells = build_cells(inputs.stations.rows, project)
    grid = metric_grid((104.93, 22.55, 105.07, 22.66), 2000.0)
    wanted = np.ones(grid.shape, dtype=bool)
    found = compute_radio_map(inputs.terrain, radiators, cells, project, grid=grid, wanted=wanted)
    from pyproj import Transformer

    eastings, northings = grid.cell_centres()
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(eastings.ravel(), northings.ravel())
    points = SamplePoints(longitude, latitude, np.zeros(grid.shape[0] * grid.shape[1], dtype=bool))
    unpruned = replace(radiators, floor_loss_db=np.full(len(radiators), np.inf))
    levels = compute_levels(compute_reach(inputs.terrain, unpruned, points, project), cells)
    for generation in ws.GENERATIONS:
        expected_dbm = np.full(len(points), -np.inf)
        expected_row = np.full(len(points), NO_SERVER)
        for pair in range(len(levels.point)):
            cell, point = levels.cell[pair], levels.point[pair]
            if cells.generation[cell] == generation and levels.level_dbm[pair] > expected_dbm[point]:
                expected_dbm[point], expected_row[point] = levels.level_dbm[pair], cells.station_row[cell]
        level_dbm = found.level_dbm(generation).ravel()
        assert (np.isnan(level_dbm) == np.isinf(expected_dbm)).all()
        assert level_dbm[~np.isnan(level_dbm)] == pytest.approx(expected_dbm[~np.isnan(level_dbm)], abs=0.02)
        assert found.server[generation].ravel().tolist() == expected_row.tolist()
    assert sorted(set(found.server["4G"].ravel().tolist())) == [1, 2], "rows of the register, the planned one never"


def test_only_wanted_cells_are_computed_and_the_others_hold_nothing(project: ws.Project) -> None:
    inputs = ws.read_inputs(project)
    radiators, cells = build_cells(inputs.stations.rows, project)
    grid = metric_grid((104.93, 22.55, 105.07, 22.66), 2000.0)
    whole = compute_radio_map(
        inputs.terrain, radiators, cells, project, grid=grid, wanted=np.ones(grid.shape, dtype=bool)
    )
    wanted = np.indices(grid.shape).sum(axis=0) % 2 == 0
    part = compute_radio_map(inputs.terrain, radiators, cells, project, grid=grid, wanted=wanted, jobs=2)
    assert (part.level["2G"][wanted] == whole.level["2G"][wanted]).all()
    assert (part.level["2G"][~wanted] == NO_LEVEL).all()
    assert (part.server["2G"][~wanted] == NO_SERVER).all()
    assert (part.level["5G"] == NO_LEVEL).all(), "no station of that generation"


def test_where_the_uplink_does_not_reach_back_a_level_is_drawn_but_nothing_is_served(project: ws.Project) -> None:
    inputs = ws.read_inputs(project)
    deaf = replace(project, bands={**project.bands, "4G": replace(project.bands["4G"], uplink_max_loss_db=60.0)})
    radiators, cells = build_cells(inputs.stations.rows, deaf)
    grid = metric_grid((104.93, 22.55, 105.07, 22.66), 2000.0)
    found = compute_radio_map(inputs.terrain, radiators, cells, deaf, grid=grid, wanted=np.ones(grid.shape, dtype=bool))
    assert (found.level["4G"] != NO_LEVEL).any()
    assert (found.served["4G", "any"] == NO_LEVEL).all()
    reached = found.level["2G"] > -9900  # 56 dBm radiated less the 156 dB that a 2G telephone overcomes: -100 dBm
    assert (found.served["2G", "any"][reached] == found.level["2G"][reached]).all()
    assert (found.served["2G", "any"][found.level["2G"] < -10_100] == NO_LEVEL).all()
    assert 0 < reached.sum() < reached.size


def test_what_any_operator_serves_is_the_best_of_what_each_serves(project: ws.Project) -> None:
    inputs = ws.read_inputs(project)
    radiators, cells = build_cells(inputs.stations.rows, project)
    grid = metric_grid((104.93, 22.55, 105.07, 22.66), 2000.0)
    found = compute_radio_map(
        inputs.terrain, radiators, cells, project, grid=grid, wanted=np.ones(grid.shape, dtype=bool), jobs=2
    )
    each = [level for (generation, name), level in found.served.items() if generation == "4G" and name != "any"]
    assert len(each) == 2
    assert (found.served["4G", "any"] == np.maximum(*each)).all()
    assert list(found.served) == sorted(found.served)


def some_cells(ranks: list[int]) -> Cells:
    count = len(ranks)
    nothing = np.zeros(count)
    return Cells(
        station_row=np.arange(count) + 100, radiator=np.zeros(count, dtype=np.int64),
        generation=np.array(["4G"] * count, dtype=object), operator=np.array(list("ABCD"[:count]), dtype=object),
        eirp_dbm=nothing, service_dbm=nothing, uplink_max_loss_db=nothing + 200.0, max_km=nothing,
        sectors_deg=((),) * count,        beamwidth_deg=nothing, tilt_deg=nothing, rank=np.array(ranks),
    )  # fmt: skip


@given(
    centi_dbm=st.lists(st.lists(st.integers(-9003, -9000), min_size=3, max_size=3), min_size=2, max_size=4),
    ranks=st.permutations([0, 1, 2, 3]),
)
@settings(deadline=None, max_examples=60)
def test_of_equal_levels_the_lowest_station_id_stays_in_whatever_order_sites_arrive(
    centi_dbm: list[list[int]], ranks: list[int]
) -> None:
    count = len(centi_dbm)
    cells = some_cells(sorted(range(count), key=lambda at: ranks[at]))
    grid = metric_grid((104.99, 22.59, 105.0, 22.6), 400.0)
    wanted = np.zeros(grid.shape, dtype=bool)
    wanted.ravel()[:3] = True
    outcomes = []
    for order in itertools.permutations(range(count)):
        best = BestServers(cells, grid, wanted)
        for cell in order:
            best.add(window_of(centi_dbm[cell], grid.shape), 0, cell)
        found = best.finished()
        rasters = (found.level, found.server, found.second_level, found.second_server)
        outcomes.append((*(raster["4G"].tobytes() for raster in rasters), found.served["4G", "any"].tobytes()))
    assert len(set(outcomes)) == 1
    ahead = [sorted(range(count), key=lambda cell: (-centi_dbm[cell][at], cells.rank[cell])) for at in range(3)]
    assert found.server["4G"][wanted].tolist() == [cells_here[0] + 100 for cells_here in ahead]
    assert found.second_server["4G"][wanted].tolist() == [cells_here[1] + 100 for cells_here in ahead]


def window_of(centi_dbm: list[int], shape: tuple[int, int]) -> Window:
    """Return a window over a whole grid whose first cells have these levels from a cell that radiates 0 dBm."""
    nothing = np.zeros(shape, dtype=np.float32)
    loss_db = nothing.copy()
    loss_db.ravel()[: len(centi_dbm)] = -np.array(centi_dbm) / 100.0
    return Window((slice(0, shape[0]), slice(0, shape[1])), loss_db[None], nothing, nothing, nothing)


@given(
    west=st.floats(102.0, 109.0), south=st.floats(-40.0, 23.0), width=st.floats(0.001, 0.8),
    height=st.floats(0.001, 0.8), resolution_m=st.sampled_from([100.0, 500.0, 2000.0]),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_a_metric_grid_covers_its_bounds_on_whole_multiples_of_the_resolution(
    west: float, south: float, width: float, height: float, resolution_m: float
) -> None:
    from pyproj import Transformer

    grid = metric_grid((west, south, west + width, south + height), resolution_m)
    left, bottom, right, top = grid.bounds
    for edge in (left, bottom, right, top):
        assert abs(edge / resolution_m - round(edge / resolution_m)) < 1e-6
    to_grid = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    corners = [(west, south), (west + width, south), (west, south + height), (west + width, south + height)]
    for corner in corners:
        easting, northing = to_grid.transform(*corner)
        assert left - 1e-6 <= easting <= right + 1e-6
        assert bottom - 1e-6 <= northing <= top + 1e-6


def test_findings_name_stations_outside_a_models_published_range(land: ModuleType, tmp_path: Path) -> None:
    from whitesignal.radio.ranges import range_findings

    stations = [
        land.station("A", 0, 0, "5G", band_mhz=3700),
        land.station("B", 0, 0, "2G", antenna_height_m=12),
        land.station("C", 0, 0, "5G", status="planned"),
    ]
    folder = land.write_project(tmp_path, stations=stations, villages=[land.village("V1", 1, 0)])
    expected = {"hata": ["band_mhz", "antenna_height_m", "distance_km"], "p526": ["band_mhz"], "free-space": []}
    for model, columns in expected.items():
        opened = ws.project_with(ws.open_project(folder), model=model)
        findings = range_findings(ws.read_inputs(opened).stations.rows, opened)
        assert [finding.column for finding in findings] == columns
        rows = [finding for finding in findings if finding.column != "distance_km"]
        assert all(finding.file == "stations.csv" and "1 station rows" in finding.message for finding in rows)


@pytest.mark.parametrize(("cap", "severity"), [("", "warning"), ("radius_km = 15\n", "info")])
def test_a_finding_says_where_a_model_is_carried_on_beyond_its_distances(
    land: ModuleType, tmp_path: Path, cap: str, severity: str
) -> None:
    from whitesignal.radio.ranges import range_findings

    folder = land.write_project(
        tmp_path, stations=[land.station("A", 0, 0, "2G")], villages=[land.village("V1", 1, 0)],
        toml=f"[radio]\nmodel = 'hata'\n{cap}",
    )  # fmt: skip
    project = ws.open_project(folder)
    (finding,) = range_findings(ws.read_inputs(project).stations.rows, project)
    assert finding.severity == severity
    assert "published for 1 to 20 km" in finding.message
    assert ("up to 35 km" if not cap else "up to 15 km") in finding.message


@pytest.mark.parametrize("resolution_m", [1.0, 1e-9])
def test_a_map_too_fine_for_any_memory_is_refused(resolution_m: float) -> None:
    with pytest.raises(InputError, match=r"too large.*larger resolution"):
        metric_grid((104.33, 22.16, 105.60, 23.40), resolution_m)

"""`scripts/bench.py`: its terrain is what it claims, its figures have their names, its sums are right. Never a time."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import rasterio

import whitesignal as ws
from whitesignal.propagation.catalog import MODELS

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.fixture(scope="module", autouse=True)
def scripts_on_the_path() -> Iterator[None]:
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


def part(name: str) -> ModuleType:
    return importlib.import_module(f"bench.{name}")


@pytest.fixture(scope="module")
def command() -> ModuleType:
    spec = spec_from_file_location("bench_command", SCRIPTS / "bench.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["fractal", "mountains"])
@pytest.mark.parametrize(("width_km", "resolution_m"), [(46.0, 90.0), (15.0, 90.0), (16.0, 30.0)])
def test_the_terrain_has_the_range_and_the_slope_it_claims(width_km: float, resolution_m: float, kind: str) -> None:
    terrain = part("land").made_terrain(width_km, resolution_m, kind)
    heights = terrain.height_m.astype(np.float64)
    assert (heights.min(), heights.max()) == pytest.approx((0.0, 2900.0), abs=0.01)
    east, south = (heights[1:-1, 2:] - heights[1:-1, :-2]), (heights[2:, 1:-1] - heights[:-2, 1:-1])
    slope_deg = np.degrees(np.arctan(np.hypot(east, south) / (2.0 * resolution_m)))
    assert slope_deg.mean() == pytest.approx(24.0, abs=0.25)  # its border is not looked at here
    assert terrain.height_m.shape[1] * resolution_m == pytest.approx(1000.0 * width_km, abs=3.0 * resolution_m)
    assert not terrain.void.any()


def test_mountains_are_as_smooth_from_cell_to_cell_as_land_and_a_fractal_is_not() -> None:
    land = part("land")

    def kept(kind: str, factor: int) -> float:
        coarse = land.coarsened(land.made_terrain(46.0, 90.0, kind), factor)
        return land.mean_slope_deg(coarse.height_m.astype(np.float64), coarse.resolution_m) / 24.0

    shares = [kept("mountains", factor) for factor in (2, 4, 8)]
    assert shares == pytest.approx([0.90, 0.76, 0.62], abs=0.04)  # SRTM over Thái Nguyên's steepest ground
    assert kept("fractal", 2) < 0.75


def test_the_terrain_is_the_same_at_every_run_and_another_with_another_seed() -> None:
    land = part("land")
    first, again, other = (land.made_heights(120, 90.0, "fractal", seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert np.abs(first - other).mean() > 100.0


def test_a_plain_that_cannot_be_so_steep_is_refused() -> None:
    with pytest.raises(ValueError, match="mean slope of 24°"):
        part("land").made_heights(24, 5000.0)


def test_coarsened_terrain_keeps_its_place_and_its_mean_height() -> None:
    land = part("land")
    fine = land.made_terrain(16.0, 30.0)
    coarse = land.coarsened(fine, 3)
    assert coarse.resolution_m == 90.0
    assert coarse.grid.bounds == pytest.approx(fine.grid.bounds)
    assert coarse.height_m.mean() == pytest.approx(fine.height_m.mean(), rel=1e-5)
    assert coarse.height_m[2, 5] == pytest.approx(fine.height_m[6:9, 15:18].mean(), rel=1e-5)


def test_the_tile_for_a_peer_holds_the_same_heights_at_the_same_places(tmp_path: Path) -> None:
    land = part("land")
    terrain = land.made_terrain(40.0, 90.0)
    path = land.write_hgt(tmp_path, terrain)
    assert path.name == "N22E105.hgt"
    with rasterio.open(path) as tile:
        assert tile.shape == (1201, 1201)
        read_m = next(tile.sample([(land.MIDDLE_LONGITUDE, land.MIDDLE_LATITUDE)]))[0]
        corner_m = next(tile.sample([(105.01, 22.01)]))[0]
    middle = terrain.height_m.shape[0] // 2
    assert read_m == pytest.approx(terrain.height_m[middle - 1 : middle + 1, middle - 1 : middle + 1].mean(), abs=1.0)
    assert corner_m == 0


def test_masts_stand_on_the_highest_ground_around_and_inside_the_terrain() -> None:
    terrain = part("land").made_terrain(20.0, 90.0)
    longitude, latitude = part("scene").mast_places(terrain, 12, 8.0)
    from whitesignal.radio.paths import cell_coordinates

    for column, row in zip(*cell_coordinates(terrain, longitude, latitude), strict=True):
        around = terrain.height_m[int(row) - 1 : int(row) + 2, int(column) - 1 : int(column) + 2]
        assert terrain.height_m[int(row), int(column)] >= np.median(around)


def test_the_loops_sum_what_the_library_says_of_each_profile() -> None:
    from whitesignal.propagation import itm, p1812

    paths, loops = part("paths"), part("loops")
    profiles = paths.profiles_m(part("land").made_terrain(42.0, 90.0), 3)
    assert profiles.shape == (3, 222)
    distance_km = 0.09 * np.arange(222)
    bands_mhz = np.array([900.0, 1800.0])
    by_p1812 = loops.p1812_of_profiles(distance_km, profiles, bands_mhz, 30.0, 1.5, 6371.0 * 157.0 / 107.0, 360.0, 2)
    by_itm = loops.itm_of_profiles(profiles, 90.0, np.array([paths._band(900.0)]), 30.0, 1.5, 360.0, 1)
    places = {"tx_longitude": 105.0, "tx_latitude": 22.5, "rx_longitude": 105.0, "rx_latitude": 22.5}
    expected_db = sum(
        p1812.loss(
            distance_km, heights, clutter_m=np.zeros(222), zone=np.full(222, 4), frequency_ghz=band_mhz / 1000.0,
            time_percent=50.0, tx_height_m=30.0, rx_height_m=1.5, polarization="vertical", delta_n=50.0, n0=360.0,
            **places,
        ).loss_db
        for heights in profiles for band_mhz in bands_mhz
    )  # fmt: skip
    assert by_p1812 == pytest.approx(2.0 * expected_db, abs=0.01)
    expected_db = sum(
        itm.loss(
            heights, 90.0, tx_height_m=30.0, rx_height_m=1.5, frequency_mhz=900.0, polarization="vertical", climate=2,
            n0=360.0, permittivity=15.0, conductivity_s_per_m=0.005, time_percent=50.0, location_percent=50.0,
            situation_percent=50.0, variability_mode=3, out_of_range="flag",
        ).loss_db
        for heights in profiles
    )  # fmt: skip
    assert by_itm == pytest.approx(expected_db, abs=0.01)


def test_an_error_is_of_the_sweep_and_counts_both_kinds_of_flip() -> None:
    sweeps, scene = part("sweeps"), part("scene")
    made = scene.made_scene(
        part("land").made_terrain(12.0, 90.0), "p526", positions=2, radius_km=3.0, bands=(scene.MIDDLE_BAND,)
    )
    swept_db = [window.loss_db[0] for window in sweeps.swept(made)]
    same = sweeps.error(made, swept_db)
    assert (same.flips_pct, same.mean_absolute_db, same.bias_db) == (0.0, 0.0, 0.0)
    more = sweeps.error(made, [losses - np.float32(2.0) for losses in swept_db])
    assert (more.mean_absolute_db, more.bias_db) == pytest.approx((2.0, 2.0), abs=1e-4)
    limit_db = scene.threshold_loss_db()
    assert limit_db == pytest.approx(31.2 + 118.0, abs=0.05)
    turned = sweeps.error(made, [2.0 * limit_db - losses for losses in swept_db])
    assert turned.flips_pct > 99.0


def test_a_ridge_seen_at_a_coarser_step_costs_less_and_its_place_matters_more() -> None:
    fine_db, coarse_db = (part("paths").edge_differences_db(step_m) for step_m in (10.0, 180.0))
    assert np.abs(fine_db).max() < 0.5
    assert coarse_db.mean() < fine_db.mean()
    assert np.ptp(coarse_db) > 3.0


def test_the_made_province_is_a_project_that_opens_and_reads_without_a_row_set_aside(tmp_path: Path) -> None:
    terrain = part("land").made_terrain(16.0, 90.0)
    part("province").write_province(tmp_path, terrain, positions=3, radius_km=5.0)
    project = ws.open_project(tmp_path)
    inputs = ws.read_inputs(project)
    assert len(inputs.stations.rows) == 9
    assert sorted(inputs.stations.rows["band_mhz"].unique()) == [900.0, 1800.0, 2100.0]
    assert inputs.stations.rows["counted"].all()
    assert len(inputs.villages.rows) == int(0.25 * (terrain.height_m.shape[1] * 0.09) ** 2)
    assert np.abs(inputs.terrain.height_m - terrain.height_m).max() <= 0.51


def programs(monkeypatch: pytest.MonkeyPatch, costs: Sequence[tuple[float, float, float]]) -> None:
    """Let the made programs take these CPU and wall times and memory, in turn."""
    clock, waiting = part("clock"), iter(costs)
    monkeypatch.setattr(part("province"), "analyzed", lambda *_, **__: clock.ProgramCost(*next(waiting)))


def test_a_province_is_extrapolated_from_what_further_positions_cost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs(monkeypatch, [(8.0, 8.0, 300.0), (14.0, 14.0, 400.0)])
    rows = part("province").province_rows(
        part("land").made_terrain(12.0, 90.0), counts=(20, 60), radius_km=2.0, compiled=tmp_path
    )
    found = part("table").as_figures(rows)
    assert found["analyze_position_s"] == pytest.approx(0.15)
    assert found["analyze_2500_s"] == pytest.approx(14.0 + 0.15 * 2440)
    assert found["analyze_peak_mib"] == 400.0
    assert "extrapolated" in next(row.note for row in rows if row.key == "analyze_2500_s")


def test_compilation_is_what_the_first_run_takes_beyond_the_second(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs(monkeypatch, [(15.0, 17.0, 300.0), (4.0, 5.0, 300.0)])
    terrain = part("land").made_terrain(12.0, 90.0)
    rows = part("province").compile_rows(terrain, ("p1812",), radius_km=2.0, cache=tmp_path)
    found = part("table").as_figures(rows)
    assert (found["compile_s"], found["compile_wall_s"]) == (11.0, 12.0)


def test_a_program_that_fails_says_what_it_said_last(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3: no such ridge"):
        part("clock").run_program(
            [sys.executable, "-c", "print('no such ridge', end=''); raise SystemExit(3)"], folder=tmp_path
        )


def test_a_table_says_which_targets_are_met_and_by_how_much() -> None:
    table = part("table")
    rows = [
        table.Row("One", "quick_s", "a quick thing", 0.06, "s", 0.15),
        table.Row("One", "bias_db", "a bias", -0.45, "dB", 0.3),
        table.Row("Two", "speed", "two jobs", 1.8, "×", 1.7, at_least=True),
        table.Row("Two", "itm_s", "another model", None, "s", 0.3, note="not there yet"),
    ]
    assert [row.verdict for row in rows] == ["met", "missed", "met", ""]
    assert table.as_figures(rows) == {"quick_s": 0.06, "bias_db": -0.45, "speed": 1.8}
    assert table.summary(rows) == "2 of 3 targets met; missed: a bias (1.50 of the target)"
    markdown = table.as_markdown(rows).splitlines()
    assert {line.count("|") for line in markdown} == {7}
    assert "| a quick thing | 0.06 | s | ≤ 0.15 | 0.40 | met |" in markdown
    assert "not there yet" in table.as_text(rows)


def test_a_quick_run_writes_the_figures_that_are_asked_of_it(
    command: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    parts = [name for name in command.PARTS if name not in ("compile", "province")]
    assert command.main(["--quick", "--size", "small", "--json", str(file), "--only", *parts]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    swept = [name for name in ("p1812", "itm") if MODELS[name].can_sweep]
    expected = {"p1812_exact_us", "itm_exact_us", "jobs_cpu_ratio", "positions_2_s", "radius_3km_s"}
    for name in swept:
        expected |= {f"{name}_sweep_90m_s", f"{name}_flips_90m_pct", f"{name}_mae_90m_db", f"{name}_bias_90m_db"}
        expected |= {f"{name}_flips_90m_mountains_pct", f"{name}_mae_90m_mountains_db"}
    assert expected <= figures.keys()
    assert all(isinstance(value, float) for value in figures.values())
    assert 0.0 <= figures["p1812_flips_90m_pct"] <= 100.0
    assert not any(key.endswith("_30m_s") for key in figures)
    said = capsys.readouterr().out
    assert "P.1812 at 90 m" in said
    assert "targets met" in said


def test_a_peer_that_is_not_installed_is_answered_with_the_cure(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(part("peer").shutil, "which", lambda _: None)
    assert command.main(["--quick", "--peer", "splat"]) == 1
    assert capsys.readouterr().err == "Error: not installed: splat, srtm2sdf; on Debian: apt-get install splat\n"


def test_the_program_says_what_it_can_do() -> None:
    asked = subprocess.run(
        [sys.executable, str(SCRIPTS / "bench.py"), "--help"], capture_output=True, text=True, check=True
    )
    for option in ("--quick", "--peer", "--json", "--markdown"):
        assert option in asked.stdout

"""The command line: data on stdout, words on stderr, files where they are asked for."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import whitesignal as ws

HEAVY = ("numba", "geopandas", "rasterio", "folium", "pandas", "numpy", "scipy", "matplotlib", "shapely", "pyproj")


Run = Callable[..., Any]


@pytest.fixture(scope="module")
def finished(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with results: a ridge, a station before it, a planned one behind it."""
    folder = land.write_project(
        tmp_path_factory.mktemp("finished") / "p",
        stations=[
            land.station("A", -6, 0, "2G", position_id="P1"), land.station("B", -6, 0, operator="VinaPhone"),
            land.station("N1", 4, 0, status="planned"),
        ],
        villages=[land.village(f"V{at}", east, 0, population=100) for at, east in enumerate((-5, -2, 3, 8))],
        ground=land.ridge(1.0, 500.0), head="as_of = 2023-06-30",
    )  # fmt: skip
    ws.analyze(ws.open_project(folder)).write(folder / "results")
    return folder


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """The same project without results, a test's own."""
    return Path(shutil.copytree(finished, tmp_path / "p", ignore=shutil.ignore_patterns("results")))


def cells(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_analyze_prints_figures_on_stdout_and_progress_on_stderr(whitesignal: Run, project: Path) -> None:
    said = whitesignal("analyze", project)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "Thử as of 2023-06-30, model p526"
    assert lines[1].startswith("stations  2 = 1 2G + 0 3G + 1 4G + 0 5G")
    assert lines[2].startswith("villages  4 = 2 white, 0 weak, 2 covered, 0 unknown")
    assert "50.00 % with signal at the centre (2 of 4 villages of known status)" in said.out
    assert str(project / "results" / "map.html") in said.out
    assert "villages: 1 of 1" in said.err
    assert "villages: 1 of 1" not in said.out
    assert (project / "results" / "villages.csv").is_file()


def test_options_of_analyze_reach_the_run(whitesignal: Run, project: Path, tmp_path: Path) -> None:
    said = whitesignal(
        "analyze", project / "project.toml", "--out", tmp_path / "out", "--as-of", "2022-01-01", "--model", "hata",
        "--resolution", 3000, "--engine", "exact", "--jobs", 1, "--lang", "en",
    )  # fmt: skip
    assert said.code == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (record["as_of"], record["model"], record["jobs"]) == ("2022-01-01", "hata", 1)
    assert record["settings"]["radio"]["resolution_m"] == 3000.0
    assert '<html lang="en">' in (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    assert not (project / "results").exists()


def test_analyze_replaces_results_only_when_asked(whitesignal: Run, project: Path) -> None:
    assert whitesignal("analyze", project).code == 0
    before = (project / "results" / "run.json").stat().st_mtime_ns
    said = whitesignal("analyze", project)
    assert said.code == 1
    assert "--overwrite" in said.err
    assert (project / "results" / "run.json").stat().st_mtime_ns == before
    assert whitesignal("analyze", project, "--overwrite").code == 0
    assert (project / "results" / "run.json").stat().st_mtime_ns > before


def test_the_circle_says_that_it_is_for_comparison_only(whitesignal: Run, project: Path) -> None:
    assert whitesignal("analyze", project, "--model", "circle").code == 0
    messages = [row["message"] for row in cells(project / "results" / "findings.csv")]
    assert any("for comparison only" in message for message in messages)
    assert (project / "results" / "disagreement.csv").is_file()


def test_check_lists_counts_and_findings_and_as_json_for_a_program(whitesignal: Run, project: Path) -> None:
    said = whitesignal("check", project)
    assert said.code == 0
    assert "station rows counted     2" in said.out
    assert "warning" in said.out
    assert said.err == ""
    found: dict[str, Any] = json.loads(whitesignal("check", project, "--json").out)
    assert (found["station_rows"], found["station_rows_counted"], found["villages"]) == (3, 2, 4)
    assert {"severity", "file", "row", "column", "value", "message"} == set(found["findings"][0])
    assert sorted(path.name for path in project.iterdir()) == sorted(
        ["project.toml", "stations.csv", "villages.csv", "terrain.tif"]
    ), "check writes nothing"


def test_a_paths_terms_add_up_to_what_lies_between_eirp_and_level(whitesignal: Run, project: Path) -> None:
    said = whitesignal("path", project, "--station", "A", "--village", "V2", "--json")
    assert said.code == 0
    found: dict[str, Any] = json.loads(said.out)
    assert sum(found["terms_db"].values()) == pytest.approx(found["eirp_dbm"] - found["level_dbm"], abs=1e-9)
    assert found["to"] == "Bản V2 (V2)"
    assert not found["line_of_sight"]
    assert found["ridge"]["distance_km"] == pytest.approx(7.0, abs=0.2)
    assert found["serves"] is False
    assert len(found["profile"]["height_m"]) == len(found["profile"]["distance_km"]) >= 90


def test_a_path_reads_as_a_budget_with_the_ridge_that_blocks(whitesignal: Run, project: Path) -> None:
    text = whitesignal("path", project, "--station", "A", "--village", "Bản V2").out
    for words in ("A (Viettel 2G, 900 MHz) -> Bản V2 (V2)", "blocked by a ridge of", "free space", "diffraction",
                  "terminal clutter", "antenna pattern", "level", "does not serve", "assumed"):  # fmt: skip
        assert words in text, words
    assert "line of sight  clear" in whitesignal("path", project, "--station", "A", "--village", "V0").out


def test_a_path_may_lead_anywhere_by_any_model_and_be_drawn(whitesignal: Run, project: Path, tmp_path: Path) -> None:
    picture = tmp_path / "profile.png"
    said = whitesignal(
        "path", project, "--station", "B", "--to", "105.01,22.61", "--model", "hata", "--plot", picture, "--json"
    )
    assert said.code == 0
    found: dict[str, Any] = json.loads(said.out)
    assert next(iter(found["terms_db"])) == "basic transmission loss (hata)"
    assert found["to"] == "105.01000, 22.61000"
    assert picture.read_bytes().startswith(b"\x89PNG")
    again = whitesignal("path", project, "--station", "B", "--to", "105.01,22.61", "--plot", picture)
    assert again.code == 1
    assert "exists already" in again.err


def test_whatif_writes_the_difference_and_prints_it(
    whitesignal: Run, project: Path, land: ModuleType, tmp_path: Path
) -> None:
    longitude, latitude = land.place(4, 0)
    row = (
        f"generation = '4G'\noperator = 'Viettel'\nlongitude = {longitude}\nlatitude = {latitude}\nstation_id = 'N1'\n"
    )
    (project / "plan.toml").write_text(f"name = 'Thêm một trạm'\n[[add]]\n{row}", encoding="utf-8")
    said = whitesignal("whatif", project, project / "plan.toml", "--json")
    assert said.code == 0
    found: dict[str, Any] = json.loads(said.out)
    folder = project / "whatif" / "plan"
    assert found == json.loads((folder / "difference.json").read_text(encoding="utf-8"))
    assert (found["gained"], found["lost"]) == (["V2", "V3"], [])
    assert (found["before"]["white"], found["after"]["white"]) == (2, 0)
    assert [line["village_id"] for line in cells(folder / "villages_changed.csv")] == ["V2", "V3"]
    text = whitesignal("whatif", project, project / "plan.toml", "--out", tmp_path / "w", "--lang", "en").out
    assert "white          2 ->      0" in text
    assert "gained    2 villages, lost 0" in text
    assert whitesignal("whatif", project, project / "plan.toml").code == 1, "it stands there already"


def test_whatif_gives_the_verdicts_of_a_register_that_holds_the_rows(
    whitesignal: Run, project: Path, land: ModuleType, tmp_path: Path
) -> None:
    longitude, latitude = land.place(4, 0)
    (project / "plan.toml").write_text(
        f"[[add]]\nstation_id = 'N1'\noperator = 'Viettel'\ngeneration = '4G'\nlongitude = {longitude}\n"
        f"latitude = {latitude}\n", encoding="utf-8",
    )  # fmt: skip
    assert whitesignal("whatif", project, project / "plan.toml").code == 0
    register = project / "stations.csv"
    register.write_text(register.read_text(encoding="utf-8").replace("planned", ""), encoding="utf-8")
    assert whitesignal("analyze", project).code == 0
    after = {row["village_id"]: row for row in cells(project / "whatif" / "plan" / "villages_changed.csv")}
    for row in cells(project / "results" / "villages.csv"):
        if row["village_id"] in after:
            changed = after[row["village_id"]]
            assert changed["after"] == row["status"]
            assert changed["best_station_after"] == row["best_station"]
            assert changed["level_dbm_after"] == row["level_dbm"]
            assert changed["margin_db_after"] == row["margin_db"]
    assert set(after) == {"V2", "V3"}


def test_map_draws_from_the_folder_alone(whitesignal: Run, finished: Path, tmp_path: Path) -> None:
    results = Path(shutil.copytree(finished / "results", tmp_path / "alone"))
    said = whitesignal("map", results, "--out", tmp_path / "m.html")
    assert said.code == 0
    assert said.out.strip() == str(tmp_path / "m.html")
    assert (tmp_path / "m.html").read_bytes() == (results / "map.html").read_bytes()
    assert whitesignal("map", results, "--out", tmp_path / "m.html").code == 1, "somebody's file is not replaced"
    assert whitesignal("map", results, "--lang", "en").code == 0, "the folder's own map is drawn anew"
    assert '<html lang="en">' in (results / "map.html").read_text(encoding="utf-8")


def test_an_embedded_map_is_a_fragment_that_carries_the_page(whitesignal: Run, finished: Path, tmp_path: Path) -> None:
    results = Path(shutil.copytree(finished / "results", tmp_path / "alone"))
    said = whitesignal("map", results, "--embed")
    assert said.out.strip() == str(results / "map-embed.html")
    fragment = (results / "map-embed.html").read_text(encoding="utf-8")
    assert fragment.startswith("<iframe")
    assert "srcdoc=" in fragment


def test_init_writes_a_project_that_check_accepts(whitesignal: Run, project: Path, tmp_path: Path) -> None:
    said = whitesignal(
        "init", tmp_path / "new", "--stations", project / "stations.csv", "--villages", project / "villages.csv",
        "--terrain", project / "terrain.tif",
    )  # fmt: skip
    assert said.code == 0
    assert said.out.strip() == str(tmp_path / "new" / "project.toml")
    assert whitesignal("check", tmp_path / "new").code == 0


def test_sample_copies_a_project_and_nothing_that_stands(whitesignal: Run, tmp_path: Path) -> None:
    said = whitesignal("sample", "ha-giang", tmp_path / "s")
    assert said.code == 0
    assert said.out.strip() == str(tmp_path / "s")
    assert {"project.toml", "stations.csv", "villages.gpkg", "terrain.tif"} <= {
        path.name for path in (tmp_path / "s").iterdir()
    }
    assert "exists already" in whitesignal("sample", "ha-giang", tmp_path / "s").err
    unknown = whitesignal("sample", "atlantis", tmp_path / "t")
    assert unknown.code == 1
    assert "no sample called 'atlantis'; there is ha-giang" in unknown.err
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "--help"], ["path", "-h"], ["--version"], ["whatif"]])
def test_help_and_wrong_usage_load_nothing_heavy(arguments: list[str]) -> None:
    script = (
        f"import sys\nsys.argv = ['whitesignal', *{arguments!r}]\nfrom whitesignal.cli import main\n"
        f"try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "loaded: []"

"""Scenarios: stations added, and that a what-if equals a run on a register that holds them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import whitesignal as ws
from whitesignal.scenario import apply_scenario, with_stations

VERDICT = ["village_id", "status", "best_operator", "best_generation", "best_station", "level_dbm", "margin_db",
           "operators", "clusters_covered", "nearest_station_km"]  # fmt: skip


@pytest.fixture
def base(land: ModuleType, tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of a project: a ridge, a station west of it, villages on both sides."""

    def make(*more: dict[str, Any], folder: str = "base", **parts: Any) -> Path:
        stations = [land.station("A", -6, 0, position_id="P1", on_air_on="2020-01-01"), *more]
        villages = [land.village(f"V{at}", east, 0, population=100) for at, east in enumerate((-5, -2, 3, 8))]
        parts = {"stations": stations, "villages": villages, "ground": land.ridge(1.0, 500.0), **parts}
        return land.write_project(tmp_path / folder, **parts)

    return make


def scenario_file(folder: Path, text: str) -> Path:
    file = folder / "plan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def edited_inputs(project: ws.Project, scenario: Any) -> Any:
    inputs = ws.read_inputs(project)
    return with_stations(inputs, apply_scenario(inputs.stations, project, scenario).stations)


def added(land: ModuleType, east_km: float, **columns: Any) -> str:
    row = {**land.station("N1", east_km, 0), **columns}
    lines = [f"{name} = {value!r}" for name, value in row.items() if value is not None]
    return "[[add]]\n" + "\n".join(lines) + "\n"


def test_a_what_if_equals_a_run_on_a_register_that_holds_the_added_rows(
    land: ModuleType, base: Callable[..., Path], tmp_path: Path
) -> None:
    text = "name = 'Kế hoạch'\n" + added(land, 4) + added(land, -6, station_id="N2", operator="VinaPhone")
    difference = ws.whatif(ws.open_project(base()), ws.open_scenario(scenario_file(tmp_path, text)), jobs=1)
    appended = base(
        {**land.station("N1", 4, 0)}, {**land.station("N2", -6, 0), "operator": "VinaPhone"}, folder="appended"
    )
    full = ws.analyze(ws.open_project(appended))
    pd.testing.assert_frame_equal(
        pd.DataFrame(difference.after.villages[VERDICT]), pd.DataFrame(full.villages[VERDICT]), check_exact=True
    )
    for figure_id in (
        "positions",
        "operator_sites",
        "sharing.position",
        "sharing.tenancy",
        "stations",
        "villages.white",
    ):
        assert difference.after.figure(figure_id).value == full.figure(figure_id).value, figure_id
    assert difference.after.positions["position_id"].tolist() == full.positions["position_id"].tolist()
    assert difference.before.villages["status"].tolist() == ["covered", "covered", "white", "white"]
    assert difference.gained == ("V2", "V3")
    assert difference.lost == ()
    summary: Any = difference.summary()
    assert summary["before"]["white"] == 2
    assert summary["after"]["covered_percent"] == 100.0
    assert summary["before"]["people_white"] == 200
    assert difference.changed[["village_id", "before", "after"]].values.tolist() == [
        ["V2", "white", "covered"], ["V3", "white", "covered"],
    ]  # fmt: skip


def test_a_second_tenant_without_a_position_stands_on_the_mast_at_its_place(
    land: ModuleType, base: Callable[..., Path], tmp_path: Path
) -> None:
    project = ws.open_project(base())
    text = added(land, -6, station_id=None, operator="VinaPhone")
    edited = edited_inputs(project, ws.open_scenario(scenario_file(tmp_path, text)))
    assert edited.stations.rows["position_id"].tolist() == ["P1", "P1"]
    assert edited.stations.rows["station_id"].tolist() == ["A", "P1-VinaPhone-4G"]


def test_a_planned_station_may_be_added_and_takes_its_own_place(
    land: ModuleType, base: Callable[..., Path], tmp_path: Path
) -> None:
    project = ws.open_project(base(land.station("N1", 9, 9, status="planned")))
    text = added(land, 4)
    edited = edited_inputs(project, ws.open_scenario(scenario_file(tmp_path, text)))
    rows = edited.stations.rows
    assert rows["station_id"].tolist() == ["A", "N1"]
    assert rows["counted"].tolist() == [True, True]
    assert rows["longitude"].iloc[1] == pytest.approx(land.place(4, 0)[0])
    assert rows["file"].iloc[1] == "plan.toml"


def test_the_base_date_decides_what_stands_before(land: ModuleType, base: Callable[..., Path], tmp_path: Path) -> None:
    project = ws.open_project(base(land.station("N1", 4, 0, on_air_on="2023-03-01"), head="as_of = 2023-06-30"))
    text = "base_as_of = 2022-12-31\n" + added(land, 4, on_air_on="2023-03-01")
    scenario = ws.open_scenario(scenario_file(tmp_path, text))
    assert scenario.base_as_of == date(2022, 12, 31)
    difference = ws.whatif(project, scenario, jobs=1)
    assert difference.summary()["base_as_of"] == "2022-12-31"
    assert difference.gained == ("V2", "V3")
    with pytest.raises(ws.InputError, match="on air already: N1"):
        ws.whatif(project, ws.open_scenario(scenario_file(tmp_path, added(land, 4))), jobs=1)


def test_azimuths_may_be_a_list_and_what_was_assumed_is_found(
    land: ModuleType, base: Callable[..., Path], tmp_path: Path
) -> None:
    project = ws.open_project(base())
    text = added(land, 4, azimuth_deg=[0, 120.5, 240], power_dbm=43)
    edited = edited_inputs(project, ws.open_scenario(scenario_file(tmp_path, text)))
    row = edited.stations.rows.iloc[-1]
    assert (row["azimuth_deg"], row["power_dbm"]) == ("0/120.5/240", 43.0)
    new = edited.findings[len(ws.read_inputs(project).findings) :]
    assert any("antenna_height_m" in finding.message for finding in new)
    assert not any(str(tmp_path) in finding.file or "/tmp" in finding.file for finding in new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "adds nothing"),
        ("name = 'x'\nadd = []\n", "adds nothing"),
        ("add = [1]\n", "adds nothing"),
        ("[[add]]\nlongitud = 1\n", "did you mean 'longitude'"),
        ("[[remove]]\nstation_id = 'A'\n", "unknown key 'remove'"),
        ("this is not toml", "not valid TOML"),
        ("base_as_of = 'soon'\n[[add]]\ngeneration = '4G'\n", "a date"),
    ],
)
def test_a_scenario_that_says_nothing_sensible_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ws.InputError, match=message) as refused:
        ws.open_scenario(scenario_file(tmp_path, text))
    assert "plan.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"generation": "7G"}, "1 stations cannot be added: unknown generation '7G'"),
        ({"latitude": 123}, "1 stations cannot be added"),
        ({"status": "planned"}, "not on air by their own status: N1"),
        ({"station_id": "A"}, "on air already: A"),
        ({"generation": None}, "generation"),
    ],
)
def test_a_station_that_cannot_be_added_is_an_error_that_names_the_scenarios_file(
    land: ModuleType, base: Callable[..., Path], tmp_path: Path, columns: dict[str, Any], message: str
) -> None:
    project = ws.open_project(base())
    scenario = ws.open_scenario(scenario_file(tmp_path, added(land, 4, **columns)))
    with pytest.raises(ws.InputError, match=message) as refused:
        edited_inputs(project, scenario)
    assert str(refused.value).startswith(str(scenario.file))


def test_a_missing_scenario_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ws.InputError, match="no such scenario file"):
        ws.open_scenario(tmp_path / "none.toml")


def test_what_is_written_can_be_read_by_a_program(land: ModuleType, base: Callable[..., Path], tmp_path: Path) -> None:
    import json

    difference = ws.whatif(ws.open_project(base()), ws.open_scenario(scenario_file(tmp_path, added(land, 4))), jobs=1)
    folder = difference.write(tmp_path / "out", lang="en")
    assert sorted(path.name for path in folder.iterdir()) == [
        "difference.json", "map.html", "run.json", "villages_changed.csv",
    ]  # fmt: skip
    assert json.loads((folder / "difference.json").read_text(encoding="utf-8")) == difference.summary()
    lines = (folder / "villages_changed.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("V2,Bản V2,")
    levels = lines[1].split(",")[9:13]
    assert all(len(value.partition(".")[2]) <= 2 for value in levels), "levels to the hundredth, before and after"
    hashes = json.loads((folder / "run.json").read_text(encoding="utf-8"))["inputs_sha256"]
    assert {"plan.toml", "stations.csv", "terrain.tif", "villages.csv", "project.toml"} == set(hashes)

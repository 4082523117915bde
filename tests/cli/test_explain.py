"""``whitesignal explain``: text, JSON and a page; results of other inputs are refused."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import whitesignal as ws
from whitesignal.inputs import villages

Run = Callable[..., Any]

READ_VILLAGE_FILE = villages.read_village_file


@pytest.fixture
def run(whitesignal: Run) -> Run:
    """Return a function that runs ``whitesignal explain`` in this process."""
    return lambda *arguments: whitesignal("explain", *arguments)


@pytest.fixture
def folder(land: ModuleType, tmp_path: Path) -> Path:
    return land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -6, 0, "2G", power_dbm=20)],
        villages=[land.village("V", 4, 0, name="Bản Vắng")],
        ground=land.ridge(0.0, 80.0),
        head="as_of = 2023-06-30",
    )


def test_text_is_english_and_the_page_vietnamese_unless_told_otherwise(run: Run, folder: Path, tmp_path: Path) -> None:
    said = run(folder, "Bản Vắng")
    assert said.code == 0
    assert "has no mobile signal" in said.out
    assert "thôn trắng sóng" in run(folder, "V", "--lang", "vi").out
    file = tmp_path / "letter.html"
    assert run(folder, "V", "--out", file).out.strip() == str(file)
    assert 'lang="vi"' in file.read_text(encoding="utf-8")
    assert run(folder, "V", "--out", file, "--lang", "en").code == 1
    assert run(folder, "V", "--out", file, "--lang", "en", "--overwrite").code == 0
    assert "white village" in file.read_text(encoding="utf-8")


def test_json_is_for_a_program(run: Run, folder: Path) -> None:
    facts = json.loads(run(folder, "V", "--json", "--as-of", "2022-12-31").out)
    assert facts["as_of"] == "2022-12-31"
    assert facts["verdict"]["status"] == "white"
    assert facts["stored"] is None


def test_after_a_run_its_reading_serves_until_a_file_changes(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = run(folder, "V", "--json").out
    ws.analyze(ws.open_project(folder), jobs=1).write(folder / "results")
    read: list[object] = []
    monkeypatch.setattr(villages, "read_village_file", lambda *given: read.append(given) or READ_VILLAGE_FILE(*given))
    assert run(folder, "V", "--json").out == anew
    assert read == []
    file = folder / "villages.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Bản Vắng", "Bản Mới"), encoding="utf-8")
    assert "Bản Mới" in run(folder, "V", "--json").out
    assert len(read) == 1
    assert gc.isenabled(), "the collector rests for the time of one command"


def test_an_unknown_village_is_one_line_with_a_suggestion(run: Run, folder: Path) -> None:
    said = run(folder, "Bản Vắnh")
    assert said.code == 1
    assert said.out == ""
    assert said.err.startswith("Error: no village with the id or name 'Bản Vắnh'; the nearest are V (Bản Vắng")


def test_stored_figures_stand_beside_those_of_now(run: Run, folder: Path) -> None:
    result = ws.analyze(ws.open_project(folder), jobs=1)
    result.write(folder / "results")
    facts = json.loads(run(folder, "V", "--results", folder / "results", "--json").out)
    assert facts["stored"]["status"] == "white"
    assert float(facts["stored"]["margin_db"]) == pytest.approx(facts["hearings"][0]["margin_db"], abs=0.01)
    assert "Beside the stored results" in run(folder, "V", "--results", folder / "results").out
    with (folder / "stations.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    said = run(folder, "V", "--results", folder / "results")
    assert said.code == 1
    assert "other inputs (stations.csv differ)" in said.err


def test_a_folder_without_results_is_refused(run: Run, folder: Path) -> None:
    said = run(folder, "V", "--results", folder)
    assert said.code == 1
    assert "no results here" in said.err

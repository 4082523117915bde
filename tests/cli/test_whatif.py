"""``whatif`` on the command line: what it reuses, what it says of it, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import whitesignal as ws

Run = Callable[..., Any]


@pytest.fixture
def run(whitesignal: Run) -> Run:
    """Return a function that runs ``whitesignal whatif`` in this process."""
    return lambda *arguments: whitesignal("whatif", *arguments)


@pytest.fixture
def project(land: ModuleType, tmp_path: Path) -> Path:
    """Return a project with results, two scenarios beside them."""
    folder = Path(
        land.write_project(
            tmp_path / "p",
            stations=[land.station("A", -6, 0, position_id="P1"), land.station("B", 6, 0, "2G", position_id="P2")],
            villages=[land.village(f"V{at}", east, 0, population=100) for at, east in enumerate((-5, 5))],
            ground=land.ridge(1.0, 600.0),
        )
    )
    ws.analyze(ws.open_project(folder), jobs=1).write(folder / "results")
    (folder / "off.toml").write_text("[[step]]\ndo = 'switch_off'\ngeneration = '2G'\n", encoding="utf-8")
    (folder / "up.toml").write_text("[[step]]\ndo = 'retune'\nstation = 'B'\nantenna_height_m = 90\n", encoding="utf-8")
    return folder


def test_switching_off_computes_nothing_and_raising_an_antenna_one_radiator(run: Run, project: Path) -> None:
    said = run(project, project / "off.toml")
    assert said.code == 0
    assert "physics   0 of 2 radiators computed" in said.out
    assert "the full run took" in said.out
    assert "gained    0 villages, lost 1" in said.out
    assert "physics   1 of 3 radiators computed" in run(project, project / "up.toml").out
    record: Any = json.loads((project / "whatif" / "up" / "run.json").read_text(encoding="utf-8"))
    assert record["reach"] == {"radiators": 3, "computed": 1}


def test_stale_results_are_named_on_stderr_and_refused_where_they_were_asked_for(run: Run, project: Path) -> None:
    fresh = run(project, project / "off.toml", "--json")
    register = project / "stations.csv"
    register.write_bytes(register.read_bytes() + b"\n")
    said = run(project, project / "off.toml", "--json", "--overwrite")
    assert said.code == 0
    assert "stations.csv changed" in said.err
    assert json.loads(said.out) == json.loads(fresh.out), "the answer is the same, it takes longer"
    refused = run(project, project / "off.toml", "--results", project / "results", "--out", project / "w")
    assert refused.code == 1
    assert "stations.csv changed; run `whitesignal analyze` again" in refused.err
    assert not (project / "w").exists()


def test_a_project_without_results_is_answered_without_a_note(run: Run, project: Path) -> None:
    (project / "results").rename(project / "kept")
    said = run(project, project / "off.toml")
    assert "note:" not in said.err
    assert "physics   2 of 2 radiators computed" in said.out
    assert run(project, project / "up.toml", "--results", project / "kept").out.count("1 of 3 radiators") == 1


def test_a_refused_step_is_one_line_that_names_it_and_writes_nothing(run: Run, project: Path) -> None:
    (project / "bad.toml").write_text("[[step]]\ndo = 'remove'\nstation = 'Z'\n", encoding="utf-8")
    said = run(project, project / "bad.toml")
    assert said.code == 1
    assert len(said.err.strip().splitlines()) == 1
    assert "step 1 (remove): no station 'Z' in the register" in said.err
    assert not (project / "whatif").exists()

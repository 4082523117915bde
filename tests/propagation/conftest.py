"""Published values the models are held against, and profiles whose answers one can work out."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class StudyGroupProfile:
    """One of ITU-R Study Group 3's validation profiles and what its reference code makes of it."""

    name: str
    distance_km: NDArray[np.float64]
    height_m: NDArray[np.float64]
    surface_m: NDArray[np.float64]
    log: dict[str, float]


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The reference values that lie beside the repository."""
    folder = REPOSITORY.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip("no ../shared/reference beside the repository: published values are not compared")
    return folder


@pytest.fixture(scope="session")
def p1812_cases() -> list[dict]:
    """160 cases of ITU-R P.1812-8 on synthetic profiles, by Study Group 3's reference code."""
    lines = (REPOSITORY / "tests" / "reference" / "p1812.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def reference_rows(shared_reference):
    """Return a reader of one reference table: a list of rows, each a mapping of column to text."""

    def read(name: str) -> list[dict[str, str]]:
        with (shared_reference / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def study_group_profiles(shared_reference) -> list[StudyGroupProfile]:
    """Study Group 3's profiles: not equidistant, partly over sea, both polarizations."""
    folder = shared_reference / "p1812_sg3"
    return [_study_group_profile(path, folder / "results") for path in sorted((folder / "profiles").glob("*.csv"))]


def _study_group_profile(path: Path, results: Path) -> StudyGroupProfile:
    lines = iter(path.read_text(encoding="latin-1").splitlines())
    for line in lines:
        if line.startswith("{Begin of Profile}"):
            break
    count = int(next(lines).split(",")[1])
    rows = np.array([[float(cell) for cell in next(lines).split(",")[:5]] for _ in range(count)])
    log = {}
    for line in (results / f"{path.stem}_2_log.csv").read_text(encoding="latin-1").splitlines():
        cells = line.split(",")
        if len(cells) > 3 and cells[3] and not line.startswith("#"):
            log[cells[0].split("(")[0].strip()] = float(cells[3])
    return StudyGroupProfile(path.stem, rows[:, 0], rows[:, 1], rows[:, 1] + rows[:, 3], log)

"""A project made in code and analyzed, as the tests of verdicts want it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import whitesignal as ws

Run = Callable[..., ws.Analysis]


@pytest.fixture
def run(land: ModuleType, tmp_path: Path) -> Run:
    """Return a function that analyzes a project of one 4G station in the middle, unless a test says otherwise."""

    def analyze(*, model: str = "p526", **parts: Any) -> ws.Analysis:
        parts.setdefault("stations", [land.station("A", 0, 0)])
        parts.setdefault("villages", [land.village("V1", 6, 0)])
        toml = f"[radio]\nmodel = '{model}'\nresolution_m = 20000\n{parts.pop('toml', '')}"
        return ws.analyze(ws.open_project(land.write_project(tmp_path, toml=toml, **parts)), jobs=1)

    return analyze

"""Fixtures that several folders of tests share: projects made in code."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

MADE_PROJECT = Path(__file__).parent / "pipeline" / "made_project.py"


@pytest.fixture(scope="session")
def land() -> ModuleType:
    """The module that makes small projects: the tests' folders are no packages, so it is loaded by its path."""
    spec = spec_from_file_location("made_project", MADE_PROJECT)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(spec.name, module_from_spec(spec))
    if not hasattr(module, "write_project"):
        spec.loader.exec_module(module)
    return module

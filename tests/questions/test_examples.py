"""The examples in the docstrings from the ground floor to the results."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ("units", "text", "findings", "geodesy", "sharing", "radio.cells", "results.tables")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"whitesignal.{name}"))
    assert results.attempted > 0
    assert results.failed == 0

"""The examples in the docstrings of the doors in."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ("tabular", "number_text", "columns", "dirt", "vocabulary", "start", "toml_values")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"whitesignal.inputs.{name}"))
    assert results.failed == 0

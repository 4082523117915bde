"""The examples in the models' docstrings, whose numbers come from their sources."""

import doctest
import importlib

import pytest

MODULES = {"free_space": 1, "hata": 2, "itm": 3, "p1812": 4, "p2108": 1, "p2109": 1, "p526": 2, "tr38901": 2}


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_the_number_it_shows(name):
    results = doctest.testmod(importlib.import_module(f"whitesignal.propagation.{name}"))
    assert results.failed == 0
    assert results.attempted >= MODULES[name]

"""Scenarios: what if these stations stood there too, were gone, stood elsewhere, or fell silent."""

from __future__ import annotations

from whitesignal.scenario.applying import Edited, apply_scenario, with_stations
from whitesignal.scenario.reading import open_scenario
from whitesignal.scenario.steps import (
    Add,
    AddGeneration,
    Move,
    Outage,
    Remove,
    Retune,
    Scenario,
    Share,
    Step,
    SwitchOff,
    UsePolicy,
)

__all__ = [
    "Add",
    "AddGeneration",
    "Edited",
    "Move",
    "Outage",
    "Remove",
    "Retune",
    "Scenario",
    "Share",
    "Step",
    "SwitchOff",
    "UsePolicy",
    "apply_scenario",
    "open_scenario",
    "with_stations",
]

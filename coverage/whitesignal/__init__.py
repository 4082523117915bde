"""whitesignal: which villages of a province have no mobile signal, why, and what would change it.

The public names below are all that other programs should rely on; each is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whitesignal.analysis import Analysis
    from whitesignal.bands import GENERATIONS, BandDefaults, Thresholds
    from whitesignal.budget import PathBudget, find_village, path_budget
    from whitesignal.build_plan import BuildPlan
    from whitesignal.difference import Difference, whatif
    from whitesignal.errors import InputError, OutputExistsError, RangeError, WhitesignalError
    from whitesignal.explain import Explanation, explain_village
    from whitesignal.findings import Finding
    from whitesignal.indicators import Indicator
    from whitesignal.inputs.all import read_inputs
    from whitesignal.maps.html_map import HtmlMap
    from whitesignal.pipeline import analyze
    from whitesignal.project import Project
    from whitesignal.project_file import open_project, project_with
    from whitesignal.samples import write_sample
    from whitesignal.scenario import open_scenario
    from whitesignal.where_next import plan_sites

__all__ = [
    "GENERATIONS",
    "Analysis",
    "BandDefaults",
    "BuildPlan",
    "Difference",
    "Explanation",
    "Finding",
    "HtmlMap",
    "Indicator",
    "InputError",
    "OutputExistsError",
    "PathBudget",
    "Project",
    "RangeError",
    "Thresholds",
    "WhitesignalError",
    "analyze",
    "explain_village",
    "find_village",
    "open_project",
    "open_scenario",
    "path_budget",
    "plan_sites",
    "project_with",
    "read_inputs",
    "whatif",
    "write_sample",
]

_MODULES = MappingProxyType(
    {
        "analysis": ("Analysis",),
        "bands": ("GENERATIONS", "BandDefaults", "Thresholds"),
        "budget": ("PathBudget", "find_village", "path_budget"),
        "build_plan": ("BuildPlan",),
        "where_next": ("plan_sites",),
        "difference": ("Difference", "whatif"),
        "errors": ("InputError", "OutputExistsError", "RangeError", "WhitesignalError"),
        "explain": ("Explanation", "explain_village"),
        "findings": ("Finding",),
        "indicators": ("Indicator",),
        "inputs.all": ("read_inputs",),
        "maps.html_map": ("HtmlMap",),
        "pipeline": ("analyze",),
        "project": ("Project",),
        "project_file": ("open_project", "project_with"),
        "samples": ("write_sample",),
        "scenario": ("open_scenario",),
    }
)


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__

"""What a report is made from, read back from a results folder: nothing but the folder is needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from whitesignal.errors import InputError
from whitesignal.indicators import Indicator, TargetState, by_id
from whitesignal.results.folder import RUN_RECORD, require_results
from whitesignal.results.tables import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

INDICATORS = "indicators.json"
VILLAGES = "villages.csv"

VILLAGE_COLUMNS = ("village_id", "name", "commune", "district", "population", "status", "nearest_station_km",
                   "declared_status", "has_grid_power")  # fmt: skip
"""Columns of villages.csv without which there is no report."""

LATER_VILLAGE_COLUMNS = ("judged_by", "p_signal", "p_covered", "certainty")
"""Columns that results of an older version lack."""

TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "declared.csv": ("village_id", "name", "commune", "district", "population", "declared_now", "status", "p_signal",
                     "outcome", "p_declared_wrong", "survey_rank", "survey_first"),
    "sharing_breakdown.csv": ("level", "name", "ratio", "areas", "positions", "shared_positions", "operator_sites",
                              "operator_sites_on_shared", "position_share_percent", "operator_site_share_percent",
                              "tenancy", "masts_avoided"),
    "sharing_by_radius.csv": ("positions_from", "radius_m", "positions", "shared_positions", "operator_sites",
                              "position_share_percent", "operator_site_share_percent", "tenancy", "widest_m"),
    "sharing_potential.csv": ("dropped", "kept", "distance_m", "operator_dropped", "operator_kept", "commune",
                              "district", "villages_dark_if_dropped", "people_dark_if_dropped",
                              "villages_of_operator_if_moved", "people_of_operator_if_moved",
                              "villages_dark_if_moved", "people_dark_if_moved", "loses_less", "disjoint"),
    "dependency.csv": ("kind", "id", "rank", "commune", "district", "operators", "stations", "positions",
                       "villages_served", "villages_dark", "people_dark", "villages_on_one_position"),
    "dependency_communes.csv": ("district", "commune", "villages", "villages_with_signal", "villages_on_one_position",
                                "people_on_one_position", "positions", "robust_positions", "has_robust_position"),
    "sharing_dependency.csv": ("operator_count", "positions", "positions_percent", "positions_needed",
                               "villages_dark", "people_dark", "people_dark_max", "operator_villages_dark"),
    "findings.csv": ("severity", "file", "row", "column", "message"),
})  # fmt: skip
"""The tables a report shows beside villages.csv, with the columns it reads; without one its part says so."""


@dataclass(frozen=True)
class RunResults:
    """A results folder's tables as text, its figures and the record of its run.

    ``tables`` lack the files that the folder has not, ``missing`` names them, and the columns that older results lack.
    """

    record: Mapping[str, Any]
    indicators: tuple[Indicator, ...]
    villages: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    missing: tuple[str, ...]

    @cached_property
    def whole(self) -> Mapping[str, Indicator]:
        """The whole project's computed figures by their id."""
        return by_id(self.indicators)

    @cached_property
    def by_area(self) -> Mapping[str, Mapping[str, Mapping[str, Indicator]]]:
        """Computed figures by level, area and id, areas in the file's order."""
        found: dict[str, dict[str, dict[str, Indicator]]] = {}
        for one in self.indicators:
            if one.kind == "computed":
                found.setdefault(one.area_level, {}).setdefault(one.area, {})[one.id] = one
        return found

    @property
    def counts_people(self) -> bool:
        """Whether any village has a population."""
        return bool((self.villages["population"] != "").any())

    @property
    def policy(self) -> Mapping[str, Any]:
        """The rule that judged the villages, as run.json records it; empty where it does not."""
        policy: Mapping[str, Any] = self.record.get("settings", {}).get("policy") or {}
        return policy


def read_run_results(results: Path) -> RunResults:
    """Return what the report of a results folder is made from.

    Raises
    ------
    InputError
        If the folder is not a results folder, or a file that every version writes is missing or damaged.
    """
    require_results(results)
    try:
        record = json.loads((results / RUN_RECORD).read_text(encoding="utf-8"))
        indicators = _indicators(results / INDICATORS)
        villages = read_csv(results / VILLAGES)
        _require(results / VILLAGES, villages, VILLAGE_COLUMNS)
        record["project"], record["as_of"], record["synthetic"], record["model"]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"{results}: results incomplete or damaged ({error}); run analyze again") from error
    missing = [f"{VILLAGES}: {name}" for name in LATER_VILLAGE_COLUMNS if name not in villages.columns]
    tables = {}
    for name, columns in TABLES.items():
        file = results / name
        if not file.is_file():
            missing.append(name)
            continue
        table = _table(file)
        lacking = [column for column in columns if column not in table.columns]
        if lacking:
            missing.append(f"{name}: {', '.join(lacking)}")
        else:
            tables[name] = table
    return RunResults(record, indicators, villages, tables, tuple(missing))


def _table(file: Path) -> pd.DataFrame:
    try:
        return read_csv(file)
    except ValueError as error:
        raise InputError(f"{file}: damaged ({error}); run analyze again") from error


def _require(file: Path, table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise KeyError(f"{file.name} has no column {', '.join(lacking)}")


def _indicators(file: Path) -> tuple[Indicator, ...]:
    rows = json.loads(file.read_text(encoding="utf-8"))
    names = {field.name for field in fields(Indicator)}
    indicators = []
    for row in rows:
        given = {name: value for name, value in row.items() if name in names}
        if given.get("target") is not None:
            given["target"] = TargetState(**given["target"])
        indicators.append(Indicator(**given))
    if not indicators:
        raise ValueError(f"{file.name} holds no figure")
    return tuple(indicators)

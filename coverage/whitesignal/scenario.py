"""Scenarios: what if these stations stood there too."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from whitesignal.errors import InputError
from whitesignal.inputs.station_identity import POSITION_DECIMALS
from whitesignal.inputs.stations import StationTable, read_stations
from whitesignal.inputs.toml_values import read_date, read_text, read_toml, refuse_unknown
from whitesignal.project import StationSource
from whitesignal.schema import STATION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project

SCENARIO_KEYS = ("name", "base_as_of", "add")


@dataclass(frozen=True)
class Scenario:
    """Stations to add; ``base_as_of`` is the date of the register it starts from, None for the project's own.

    Each of ``add`` holds a station's values by their canonical names, as stations.csv would.
    """

    name: str
    file: Path
    base_as_of: date | None
    add: tuple[Mapping[str, str], ...]


def open_scenario(file: Path) -> Scenario:
    """Return the scenario that a TOML file describes: ``name``, ``base_as_of``, and an ``[[add]]`` for each station.

    Raises
    ------
    InputError
        If it cannot be read, holds an unknown key, or adds nothing.
    """
    if not file.is_file():
        raise InputError(f"{file}: no such scenario file")
    document = read_toml(file)
    refuse_unknown(file, "", document, SCENARIO_KEYS)
    added = document.get("add", [])
    if not isinstance(added, list) or not added or not all(isinstance(entry, dict) for entry in added):
        raise InputError(f"{file}: adds nothing; write an [[add]] table for each new station")
    known = tuple(column.name for column in STATION_COLUMNS)
    for entry in added:
        refuse_unknown(file, "add", entry, known)
    return Scenario(
        name=read_text(file, "", document, "name") or file.stem,
        file=file,
        base_as_of=read_date(file, "", document, "base_as_of"),
        add=tuple(MappingProxyType({key: _text(value) for key, value in entry.items()}) for entry in added),
    )


def _text(value: Any) -> str:
    """Return a TOML value as a register writes it: azimuths may be a list, as in [0, 120, 240]."""
    if isinstance(value, list):
        return "/".join(_text(part) for part in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def with_added_stations(inputs: Inputs, project: Project, scenario: Scenario) -> Inputs:
    """Return the inputs with the scenario's stations on air.

    A station of the register that is not on air at the base date may be added: the scenario's row takes its place.

    Raises
    ------
    InputError
        If a station cannot be read, or is on air already; the message names them.
    """
    table = _read_added(project, scenario)
    rows = inputs.stations.rows
    added = _at_known_positions(table.rows, rows, scenario)
    on_air = rows.loc[rows["counted"].to_numpy(dtype=bool), "station_id"]
    twice = sorted(set(added["station_id"]) & set(on_air))
    if twice:
        raise InputError(f"{scenario.file}: on air already: {', '.join(twice[:5])}{_more(twice)}; nothing to add there")
    kept = rows[~rows["station_id"].isin(added["station_id"])]
    stations = StationTable(
        _stacked(kept, added), inputs.stations.set_aside, (*inputs.stations.findings, *table.findings)
    )
    return replace(inputs, stations=stations, findings=(*inputs.findings, *table.findings))


def _at_known_positions(added: pd.DataFrame, rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the added rows; one that names no position stands at the register's own at its place, if there is one."""
    known = dict(zip(_places(rows)[::-1], rows["position_id"][::-1], strict=True))
    result = added.copy()
    for at, (entry, where) in enumerate(zip(scenario.add, _places(added), strict=True)):
        if entry.get("position_id") or where not in known:
            continue
        row = result.index[at]
        result.loc[row, "position_id"] = known[where]
        if not entry.get("station_id"):
            result.loc[row, "station_id"] = "-".join((known[where], result.at[row, "operator"],
                                                      result.at[row, "generation"]))  # fmt: skip
    return result


def _places(rows: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(rows["longitude"].round(POSITION_DECIMALS), rows["latitude"].round(POSITION_DECIMALS), strict=True))


def _stacked(kept: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([kept, added], ignore_index=True)


def _read_added(project: Project, scenario: Scenario) -> StationTable:
    """Return the added stations as understood, every one counted: a scenario puts them on air now."""
    name = scenario.file.name
    columns = sorted({key for entry in scenario.add for key in entry})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{scenario.file.stem}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(scenario.add)
        register = replace(
            project,
            inputs=replace(project.inputs, stations=(StationSource(file),)),
            station_columns=MappingProxyType({}),
            as_of=None,
        )
        try:
            table = read_stations(register)
        except InputError as error:
            raise InputError(str(error).replace(str(file), str(scenario.file))) from error
    findings = [replace(one, file=name) if one.file == str(file) else one for one in table.findings]
    if len(table.set_aside):
        reasons = "; ".join(sorted(set(table.set_aside["reason"].astype(str))))
        raise InputError(f"{scenario.file}: {len(table.set_aside)} stations cannot be added: {reasons}")
    idle = table.rows.loc[~table.rows["counted"].to_numpy(dtype=bool), "station_id"].tolist()
    if idle:
        named = f"{', '.join(idle[:5])}{_more(idle)}"
        raise InputError(f"{scenario.file}: added but not on air by their own status: {named}")
    return StationTable(table.rows.assign(file=name), table.set_aside, tuple(findings))


def _more(names: list[str]) -> str:
    return f" and {len(names) - 5} more" if len(names) > 5 else ""

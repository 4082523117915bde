"""Stations that no register holds: written as a register of their own and read as one, with every default flagged."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from whitesignal.inputs.stations import StationTable, read_stations
from whitesignal.project import StationSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from whitesignal.project import Project


def write_entries(entries: Sequence[Mapping[str, str]], file: Path) -> None:
    """Write stations, given by canonical column names, as a register; what an entry leaves out is blank."""
    columns = sorted({key for entry in entries for key in entry})
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(entries)


def read_alone(project: Project, file: Path) -> StationTable:
    """Return a register read by the project's settings as if it were the only one, at no date.

    Raises
    ------
    InputError
        As of any register: see ``read_stations``.
    """
    register = replace(
        project,
        inputs=replace(project.inputs, stations=(StationSource(file),)),
        station_columns=MappingProxyType({}),
        as_of=None,
    )
    return read_stations(register)

"""New rows of the register: read as a register is, so that every default is the same and flagged."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.errors import InputError
from whitesignal.inputs.entries import read_alone, write_entries
from whitesignal.inputs.station_identity import POSITION_DECIMALS
from whitesignal.inputs.stations import StationTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from whitesignal.project import Project

NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Where:
    """What a step is told beside the rows: ``title`` begins its messages, ``label`` is the source of its new rows."""

    project: Project
    title: str
    label: str


def place_id(longitude: float, latitude: float) -> str:
    """Return the position_id that a register's reader makes of a place."""
    return f"P{longitude:.{POSITION_DECIMALS}f}_{latitude:.{POSITION_DECIMALS}f}"


def some_names(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are."""
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def add_entries(rows: pd.DataFrame, entries: Sequence[Mapping[str, str]], where: Where) -> StationTable:
    """Return the rows with stations given by canonical names on air: see ``add_file``."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "added.csv"
        write_entries(entries, file)
        return add_file(rows, file, where)


def add_file(rows: pd.DataFrame, file: Path, where: Where) -> StationTable:
    """Return the rows with those of a register's file on air, and what was found while it was read.

    A station of the register that is not on air may be added: the new row takes its place. One that names no position
    stands at the register's own at its place, if there is one.

    Raises
    ------
    InputError
        If a station cannot be read, or is on air already; the message names them.
    """
    import pandas as pd

    table = _read_added(file, where)
    added = _at_known_positions(table.rows, rows)
    on_air = rows.loc[rows["counted"].to_numpy(dtype=bool), "station_id"]
    twice = sorted(set(added["station_id"]) & set(on_air))
    if twice:
        raise InputError(f"{where.title}: on air already: {some_names(twice)}; nothing to add there")
    kept = rows[~rows["station_id"].isin(added["station_id"])]
    return StationTable(pd.concat([kept, added], ignore_index=True), table.set_aside, table.findings)


def _at_known_positions(added: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the added rows with the register's positions where theirs were made of the place alone."""
    known = dict(zip(_places(rows)[::-1], rows["position_id"][::-1], strict=True))
    result = added.copy()
    for row, place in zip(result.index, _places(added), strict=True):
        made = place_id(result.at[row, "longitude"], result.at[row, "latitude"])
        if result.at[row, "position_id"] != made or place not in known:
            continue
        result.loc[row, "position_id"] = known[place]
        tail = f"-{result.at[row, 'operator']}-{result.at[row, 'generation']}"
        if result.at[row, "station_id"] == made + tail:
            result.loc[row, "station_id"] = known[place] + tail
    return result


def _places(rows: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(rows["longitude"].round(POSITION_DECIMALS), rows["latitude"].round(POSITION_DECIMALS), strict=True))


def _read_added(file: Path, where: Where) -> StationTable:
    """Return the added stations as understood, every one counted: a scenario puts them on air now."""
    try:
        table = read_alone(where.project, file)
    except InputError as error:
        raise InputError(str(error).replace(str(file), where.title)) from error
    mine = {str(file), file.name, *table.rows["file"].unique()}
    findings = [replace(one, file=where.label) if one.file in mine else one for one in table.findings]
    if len(table.set_aside):
        reasons = "; ".join(sorted(set(table.set_aside["reason"].astype(str))))
        raise InputError(f"{where.title}: {len(table.set_aside)} stations cannot be added: {reasons}")
    if table.rows.empty:
        raise InputError(f"{where.title}: {file.name} holds no station to add")
    idle = table.rows.loc[~table.rows["counted"].to_numpy(dtype=bool), "station_id"].tolist()
    if idle:
        raise InputError(f"{where.title}: added but not on air by their own status: {some_names(idle)}")
    return StationTable(table.rows.assign(file=where.label), table.set_aside, tuple(findings))

"""One edit of the table of stations for each kind of step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.errors import InputError
from whitesignal.inputs.station_defaults import FROM_BAND, fill_defaults
from whitesignal.inputs.station_identity import POSITION_DECIMALS
from whitesignal.inputs.vocabulary import azimuths
from whitesignal.scenario.adding import Where, add_entries, add_file, place_id, some_names
from whitesignal.scenario.choosing import in_outage, named, of_operator, on_air
from whitesignal.scenario.steps import (
    Add,
    AddGeneration,
    Move,
    Outage,
    Remove,
    Retune,
    Share,
    SwitchOff,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.findings import Finding

SILENT = "off"
"""The status of what a step silences, as a register would write it."""

BELOW_HOST_M = 3.0
"""A second tenant hangs this far below the lowest antenna that the host has on air at the position. [m]"""

LOWEST_TENANT_M = 10.0
"""… but no lower than this, or than the host where that hangs lower still. [m]"""

OF_THE_POSITION = ("structure", "owner", "power_group", "transmission_group")
"""What a new cell has of the mast it stands on."""


@dataclass(frozen=True, slots=True)
class Register:
    """The rows as the steps so far leave them, and as they were before all steps."""

    rows: pd.DataFrame
    original: pd.DataFrame


Edit = tuple[Register, Sequence["Finding"]]


def edit(step: object, register: Register, where: Where) -> Edit:
    """Return the register after a step, and what was found while its new values were read.

    Raises
    ------
    InputError
        If the step names what is not there, or contradicts what is.
    """
    return EDITS[type(step)](step, register, where)


def _add(step: Add, register: Register, where: Where) -> Edit:
    if step.file is not None:
        table = add_file(register.rows, step.file, replace(where, label=step.file.name))
    else:
        table = add_entries(register.rows, step.rows, where)
    return replace(register, rows=table.rows), table.findings


def _remove(step: Remove, register: Register, where: Where) -> Edit:
    gone = _named(step, register, where, alive=False)
    return replace(register, rows=register.rows[~gone].reset_index(drop=True)), ()


def _named(
    step: Remove | Retune, register: Register, where: Where, *, alive: bool = True
) -> NDArray[np.bool_]:  # fmt: skip
    return named(
        register.rows, register.original, stations=step.stations, positions=step.positions, title=where.title,
        alive=alive,
    )  # fmt: skip


def _move(step: Move, register: Register, where: Where) -> Edit:
    rows = register.rows
    stations, positions = ((name,) if name is not None else () for name in (step.station, step.position))
    named(rows, register.original, stations=stations, positions=positions, title=where.title)
    name = step.station or step.position
    # What is off there stays with its mast: it is the same place.
    column = "station_id" if step.station is not None else "position_id"
    chosen = (rows[column] == name).to_numpy(dtype=bool)
    place = (round(step.longitude, POSITION_DECIMALS), round(step.latitude, POSITION_DECIMALS))
    at_place = (rows["longitude"].round(POSITION_DECIMALS) == place[0]) & (
        rows["latitude"].round(POSITION_DECIMALS) == place[1]
    )
    if at_place[chosen].all():
        raise InputError(f"{where.title}: {column[:-3]} {name} stands there already; take the step out")
    moved = rows.copy()
    if step.station is not None:
        moved.loc[chosen, "position_id"] = _position_of_moved(rows, chosen, at_place.to_numpy(dtype=bool), step)
    moved.loc[chosen, "longitude"] = step.longitude
    moved.loc[chosen, "latitude"] = step.latitude
    return replace(register, rows=moved), ()


def _position_of_moved(rows: pd.DataFrame, chosen: NDArray[np.bool_], at_place: NDArray[np.bool_], step: Move) -> str:
    """Return whose position a moved station joins: the one that stands there, its own if it was alone, a new one."""
    there = rows.loc[at_place & ~chosen, "position_id"]
    if len(there):
        return str(there.iloc[0])
    own = rows.loc[chosen, "position_id"].iloc[0]
    alone = not ((rows["position_id"] == own).to_numpy(dtype=bool) & ~chosen).any()
    return str(own) if alone else place_id(step.longitude, step.latitude)


def _retune(step: Retune, register: Register, where: Where) -> Edit:
    rows = register.rows
    chosen = _named(step, register, where)
    if "azimuth_deg" in step.values:
        cells = rows.loc[chosen, "station_id"].value_counts()
        several = sorted(cells.index[cells > 1])
        if several:
            raise InputError(
                f"{where.title}: {some_names(several)}: one row for each sector, so one azimuth for all of them means "
                "nothing; remove the station and add it as it shall be"
            )
    return replace(register, rows=_with_values(rows, chosen, step.values, where)), ()


def _with_values(
    rows: pd.DataFrame, chosen: NDArray[np.bool_], values: Mapping[str, str], where: Where
) -> pd.DataFrame:
    """Return the rows with some changed; what was assumed of those is assumed anew, a gain by its new azimuths."""
    changed = rows[chosen].copy()
    assumed = changed["defaults"].str.split(";")
    for name in (*FROM_BAND, "gain_dbi"):
        changed.loc[[name in those for those in assumed], name] = np.nan
    for name in ("azimuth_deg", "status"):
        changed.loc[[name in those for those in assumed], name] = ""
    for name, text in values.items():
        changed[name] = azimuths(text) if name == "azimuth_deg" else float(text)
    filled, _ = fill_defaults(changed, where.project.bands)
    filled.loc[filled["status"] == "", "status"] = "on-air"
    result = rows.copy()
    for name in (*FROM_BAND, "gain_dbi", "azimuth_deg", "tilt_deg", "status", "defaults"):
        result.loc[chosen, name] = filled[name]
    return result


def _add_generation(step: AddGeneration, register: Register, where: Where) -> Edit:
    rows = register.rows
    entries = []
    for position in step.positions:
        there = _there(register, position, where)
        own = there[there["operator"] == step.operator]
        if own.empty:
            raise InputError(
                f"{where.title}: {step.operator} has nothing on air at {position}; write do = \"share\" to let it "
                "use the position"
            )  # fmt: skip
        _refuse_twice(own, (step.generation,), position, where)
        entries.append(
            _entry(own.iloc[0], step.operator, step.generation, float(own["antenna_height_m"].max()), step.values)
        )
    table = add_entries(rows, entries, where)
    return replace(register, rows=table.rows), table.findings


def _share(step: Share, register: Register, where: Where) -> Edit:
    rows = register.rows
    if step.host is not None:
        of_operator(rows, step.host, title=where.title)
    entries = []
    for position in step.positions:
        there = _there(register, position, where)
        hosts = there[(there["operator"] == step.host) if step.host is not None else there["operator"] != step.operator]
        if hosts.empty:
            missing = f"{step.host} is not" if step.host else f"nobody but {step.operator} is"
            on_it = ", ".join(sorted(set(there["operator"])))
            raise InputError(f"{where.title}: {missing} on air at {position}; on air there: {on_it}")
        wanted = step.generations or tuple(name for name in GENERATIONS if name in set(hosts["generation"]))
        _refuse_twice(there[there["operator"] == step.operator], wanted, position, where)
        height_m = tenant_height_m(float(hosts["antenna_height_m"].min()))
        entries += [_entry(hosts.iloc[0], step.operator, generation, height_m, step.values) for generation in wanted]
    table = add_entries(rows, entries, where)
    return replace(register, rows=table.rows), table.findings


def tenant_height_m(host_height_m: float) -> float:
    """Return where a second tenant's antennas hang under the host's lowest. [m]

    Examples
    --------
    >>> tenant_height_m(42.0), tenant_height_m(12.0), tenant_height_m(6.0)
    (39.0, 10.0, 6.0)
    """
    return max(host_height_m - BELOW_HOST_M, min(host_height_m, LOWEST_TENANT_M))


def _there(register: Register, position: str, where: Where) -> pd.DataFrame:
    """Return what is on air at a position."""
    chosen = named(register.rows, register.original, stations=(), positions=(position,), title=where.title)
    return register.rows[chosen]


def _refuse_twice(own: pd.DataFrame, wanted: Sequence[str], position: str, where: Where) -> None:
    twice = own[own["generation"].isin(wanted)]
    if len(twice):
        listed = some_names(sorted(set(twice["station_id"])))
        raise InputError(f"{where.title}: on air at {position} already: {listed}; retune it, or take the position out")


def _entry(
    mast: pd.Series[Any], operator: str, generation: str, height_m: float, values: Mapping[str, str]
) -> dict[str, str]:
    """Return a new cell at a position as a register writes it."""
    position = str(mast["position_id"])
    return {
        "station_id": f"{position}-{operator}-{generation}",
        "position_id": position,
        "operator": operator,
        "generation": generation,
        "longitude": repr(float(mast["longitude"])),
        "latitude": repr(float(mast["latitude"])),
        "antenna_height_m": f"{height_m:g}",
        **{name: str(mast[name]) for name in OF_THE_POSITION},
        **values,
    }


def _switch_off(step: SwitchOff, register: Register, where: Where) -> Edit:
    rows = register.rows
    chosen = on_air(rows) & (rows["generation"] == step.generation).to_numpy(dtype=bool)
    if step.operator is not None:
        chosen &= of_operator(rows, step.operator, title=where.title)
    if not chosen.any():
        who = step.operator or "nobody"
        verb = "has no" if step.operator else "has any"
        raise InputError(f"{where.title}: {who} {verb} {step.generation} on air; take the step out")
    return replace(register, rows=silenced(rows, chosen)), ()


def _outage(step: Outage, register: Register, where: Where) -> Edit:
    struck = in_outage(register.rows, register.original, step, title=where.title)
    return replace(register, rows=silenced(register.rows, struck)), ()


def silenced(rows: pd.DataFrame, chosen: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the rows with some off, as they would be read from a register that says so."""
    result = rows.copy()
    result.loc[chosen, "status"] = SILENT
    result.loc[chosen, "counted"] = False
    result.loc[chosen, "not_counted_because"] = f"status {SILENT}"
    stated = [";".join(name for name in text.split(";") if name != "status") for text in result.loc[chosen, "defaults"]]
    result.loc[chosen, "defaults"] = stated
    return result


EDITS: Mapping[type, Callable[[Any, Register, Where], Edit]] = MappingProxyType(
    {
        Add: _add, Remove: _remove, Move: _move, Retune: _retune, AddGeneration: _add_generation,
        SwitchOff: _switch_off, Outage: _outage, Share: _share,
    }
)  # fmt: skip

"""A scenario's TOML → steps: every key known, every value of its kind, or a no that names the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from whitesignal.bands import Generation
from whitesignal.errors import InputError
from whitesignal.inputs.policies import generation_named
from whitesignal.inputs.toml_values import (
    Limits,
    nearest_name,
    read_date,
    read_number,
    read_text,
    read_toml,
    refuse_unknown,
    refuse_value,
)
from whitesignal.inputs.vocabulary import azimuths, canonical_operator
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
    Unit,
    UsePolicy,
)
from whitesignal.schema import STATION_COLUMNS, column_named, names

SCENARIO_KEYS = ("name", "base_as_of", "add", "step")
TUNED = ("antenna_height_m", "azimuth_deg", "tilt_deg", "power_dbm", "gain_dbi", "beamwidth_deg", "band_mhz",
         "bandwidth_mhz")  # fmt: skip
"""What retune may change, and what a new cell at a known position may be given."""

GIVEN = (*TUNED, "station_id", "owner", "structure", "on_air_on")
"""What a new cell at a known position may be given: the rest is the position's."""

LEAST_CORNERS = 3


@dataclass(frozen=True, slots=True)
class _Table:
    """One step as its file writes it."""

    file: Path
    section: str
    given: Mapping[str, Any]

    def known(self, *keys: str) -> None:
        """Refuse any other key."""
        refuse_unknown(self.file, self.section, self.given, ("do", *keys))

    def refuse(self, message: str) -> InputError:
        return InputError(f"{self.file}: [{self.section}] {message}")

    def text(self, key: str) -> str | None:
        return read_text(self.file, self.section, self.given, key)

    def must(self, key: str) -> str:
        found = self.text(key)
        if found is None:
            raise self.refuse(f"needs '{key}'")
        return found

    def names(self, one: str, many: str) -> tuple[str, ...]:
        """Return the names under a key for one or a key for several, in order."""
        listed = self.given.get(many, [])
        if not isinstance(listed, list) or not all(isinstance(name, str) and name.strip() for name in listed):
            refuse_value(self.file, self.section, many, listed, 'a list of names, as in ["HG0001", "HG0002"]')
        single = self.text(one)
        found = (*([single] if single is not None else []), *listed)
        twice = sorted({name for name in found if found.count(name) > 1})
        if twice:
            raise self.refuse(f"{many} names {twice[0]} twice")
        return found

    def number(self, key: str, limits: Limits) -> float:
        if key not in self.given:
            raise self.refuse(f"needs '{key}'")
        return read_number(self.file, self.section, key, self.given[key], limits)

    def operator(self) -> str | None:
        name = self.text("operator")
        return None if name is None else canonical_operator(name)

    def generation(self) -> Generation:
        return generation_named(self.file, self.section, self.must("generation"))

    def values(self, keys: tuple[str, ...]) -> Mapping[str, str]:
        """Return what a register would write in those columns, numbers held to their columns' limits."""
        found = {}
        for key in keys:
            if key not in self.given:
                continue
            value, column = self.given[key], column_named(STATION_COLUMNS, key)
            if column.is_number:
                low, high = (-1e9 if column.low is None else column.low), (1e9 if column.high is None else column.high)
                value = read_number(self.file, self.section, key, value, Limits(low, high))
            found[key] = register_text(value)
            if key == "azimuth_deg" and azimuths(found[key]) in (None, ""):
                refuse_value(self.file, self.section, key, value, "azimuths, as in [0, 120, 240], or 'omni'")
        return MappingProxyType(found)


def open_scenario(file: Path) -> Scenario:
    """Return the scenario that a TOML file describes.

    ``name``, ``base_as_of``, a ``[[step]]`` table for each step with its kind under ``do``; an ``[[add]]`` table for
    each station that is added before all steps.

    Raises
    ------
    InputError
        If it cannot be read, holds an unknown key or a value that means nothing, or changes nothing.
    """
    file = Path(file)
    if not file.is_file():
        raise InputError(f"{file}: no such scenario file")
    document = read_toml(file)
    refuse_unknown(file, "", document, SCENARIO_KEYS)
    added, listed = (_tables(file, document, key) for key in ("add", "step"))
    if not added and not listed:
        raise InputError(f"{file}: adds nothing and changes nothing; write a [[step]] table for each step")
    for entry in added:
        refuse_unknown(file, "add", entry, names(STATION_COLUMNS))
    first: tuple[Step, ...] = (Add(tuple(_row(entry) for entry in added)),) if added else ()
    steps = (_step(_Table(file, f"step {number}", entry)) for number, entry in enumerate(listed, 1))
    return Scenario(
        name=read_text(file, "", document, "name") or file.stem,
        file=file,
        base_as_of=read_date(file, "", document, "base_as_of"),
        steps=(*first, *steps),
    )


def register_text(value: Any) -> str:
    """Return a TOML value as a register writes it: azimuths may be a list, as in [0, 120, 240]."""
    if isinstance(value, list):
        return "/".join(register_text(part) for part in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _tables(file: Path, document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    listed = document.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InputError(f"{file}: '{key}' adds nothing as it stands; write a [[{key}]] table for each")
    return listed


def _row(entry: Mapping[str, Any]) -> Mapping[str, str]:
    return MappingProxyType({key: register_text(value) for key, value in entry.items()})


def _step(table: _Table) -> Step:
    kind = table.must("do")
    if kind not in READERS:
        raise table.refuse(f"unknown do = '{kind}'; {nearest_name(kind, READERS)}")
    return READERS[kind](_Table(table.file, f"{table.section}: {kind}", table.given))


def _add(table: _Table) -> Add:
    if "file" in table.given:
        table.known("file")
        return Add(file=_beside(table, table.must("file")))
    table.known("file", *names(STATION_COLUMNS))
    return Add((_row({key: value for key, value in table.given.items() if key != "do"}),))


def _beside(table: _Table, name: str) -> Path:
    path = (table.file.parent / name).resolve()
    if not path.is_file():
        raise table.refuse(f"no such file {path}; paths are relative to the scenario")
    return path


def _named(table: _Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    stations, positions = table.names("station", "stations"), table.names("position", "positions")
    if not stations and not positions:
        raise table.refuse("names nothing; give stations = [...] or positions = [...]")
    return stations, positions


_WHICH = ("station", "stations", "position", "positions")


def _remove(table: _Table) -> Remove:
    table.known(*_WHICH)
    return Remove(*_named(table))


def _move(table: _Table) -> Move:
    table.known("station", "position", "longitude", "latitude")
    station, position = table.text("station"), table.text("position")
    if (station is None) == (position is None):
        raise table.refuse("give either station or position")
    return Move(
        longitude=table.number("longitude", Limits(-180.0, 180.0)),
        latitude=table.number("latitude", Limits(-90.0, 90.0)),
        station=station,
        position=position,
    )


def _retune(table: _Table) -> Retune:
    table.known(*_WHICH, *TUNED)
    values = table.values(TUNED)
    if not values:
        raise table.refuse(f"changes nothing; give any of {', '.join(TUNED)}")
    stations, positions = _named(table)
    return Retune(values, stations, positions)


def _positions(table: _Table) -> tuple[str, ...]:
    found = table.names("position", "positions")
    if not found:
        raise table.refuse("needs 'position' or 'positions'")
    return found


def _operator(table: _Table) -> str:
    table.must("operator")
    return str(table.operator())


def _add_generation(table: _Table) -> AddGeneration:
    table.known("position", "positions", "operator", "generation", *GIVEN)
    return AddGeneration(_positions(table), _operator(table), table.generation(), table.values(GIVEN))


def _switch_off(table: _Table) -> SwitchOff:
    table.known("generation", "operator")
    return SwitchOff(table.generation(), table.operator())


def _outage(table: _Table) -> Outage:
    table.known(*_WHICH, "operator", "power_group", "transmission_group", "polygon", "share", "seed", "unit")
    if not set(table.given) - {"do", "seed", "unit"}:
        raise table.refuse("silences nothing; name stations, positions, an operator, a group, a polygon or a share")
    unit = table.text("unit") or "position"
    if unit not in get_args(Unit):
        refuse_value(table.file, table.section, "unit", unit, "'position' or 'station'")
    if "share" not in table.given and {"seed", "unit"} & set(table.given):
        raise table.refuse("seed and unit mean something only beside share")
    if "share" in table.given and "seed" not in table.given:
        raise table.refuse("share needs a seed, a whole number: the same seed gives the same outage")
    return Outage(
        stations=table.names("station", "stations"),
        positions=table.names("position", "positions"),
        operator=table.operator(),
        power_group=table.text("power_group"),
        transmission_group=table.text("transmission_group"),
        polygon=_polygon(table),
        share=table.number("share", Limits(0.0, 1.0, above=True)) if "share" in table.given else None,
        seed=int(table.number("seed", Limits(0, 2**63 - 1, whole=True))) if "seed" in table.given else 0,
        unit="station" if unit == "station" else "position",
    )


def _polygon(table: _Table) -> tuple[tuple[float, float], ...] | Path | None:
    value = table.given.get("polygon")
    if value is None:
        return None
    if isinstance(value, str):
        return _beside(table, value)
    wanted = "a file of polygons, or a list of [longitude, latitude]"
    if not isinstance(value, list) or len(value) < LEAST_CORNERS:
        refuse_value(table.file, table.section, "polygon", value, wanted)
    ring = []
    for corner in value:
        if not isinstance(corner, list) or len(corner) != 2:
            refuse_value(table.file, table.section, "polygon", corner, wanted)
        longitude, latitude = corner
        ring.append(
            (
                read_number(table.file, table.section, "polygon", longitude, Limits(-180.0, 180.0)),
                read_number(table.file, table.section, "polygon", latitude, Limits(-90.0, 90.0)),
            )
        )
    return tuple(ring)


def _share(table: _Table) -> Share:
    table.known("position", "positions", "operator", "host", "generations", *GIVEN)
    listed = table.given.get("generations", [])
    if not isinstance(listed, list):
        refuse_value(table.file, table.section, "generations", listed, 'a list, as in ["3G", "4G"]')
    host, operator = table.text("host"), _operator(table)
    if host is not None and canonical_operator(host) == operator:
        raise table.refuse(f"host and operator are both {operator}; name the operator that comes")
    return Share(
        positions=_positions(table),
        operator=operator,
        host=None if host is None else canonical_operator(host),
        generations=tuple(generation_named(table.file, table.section, name) for name in listed),
        values=table.values(GIVEN),
    )


def _policy(table: _Table) -> UsePolicy:
    table.known("name")
    return UsePolicy(table.must("name"))


READERS: Mapping[str, Callable[[_Table], Step]] = MappingProxyType(
    {
        "add": _add, "remove": _remove, "move": _move, "retune": _retune, "add_generation": _add_generation,
        "switch_off": _switch_off, "outage": _outage, "share": _share, "policy": _policy,
    }
)  # fmt: skip

"""project.toml → ``Project``: every name and value is checked here, once, and a slip is answered with the cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

from whitesignal.bands import BAND_DEFAULTS, THRESHOLDS, Generation
from whitesignal.errors import InputError
from whitesignal.inputs.policies import chosen_policy, generation_named, read_policies
from whitesignal.inputs.reported import read_reported
from whitesignal.inputs.targets import read_periods, read_targets
from whitesignal.inputs.toml_values import (
    Limits,
    Rules,
    positive,
    read_date,
    read_flag,
    read_number,
    read_text,
    read_toml,
    refuse_unknown,
    refuse_value,
    section_of,
    with_settings,
)
from whitesignal.project import (
    ClutterSettings,
    Engine,
    InputFiles,
    Polarization,
    Project,
    RadioSettings,
    SitingSettings,
    StationSource,
    ThresholdName,
    UncertaintySettings,
)
from whitesignal.schema import STATION_COLUMNS, VILLAGE_COLUMNS, Column, names

Settings = TypeVar("Settings")

PROJECT_FILE_NAME = "project.toml"

SECTIONS = (
    "project", "inputs", "columns", "radio", "bands", "thresholds", "clutter", "uncertainty", "policy", "siting",
    "costs", "reference", "periods", "targets",
)  # fmt: skip
PROJECT_KEYS = ("name", "as_of", "seed", "synthetic", "policy", "position_radius_m")
INPUT_KEYS = ("stations", "villages", "terrain", "population", "clutter", "sea", "reported", "roads", "power_lines")
OPTIONAL_INPUTS = INPUT_KEYS[3:]
STATION_SOURCE_KEYS = ("file", "operator", "sheet")

RADIO_RULES: Rules = {
    "model": None,
    "engine": get_args(Engine),
    "polarization": get_args(Polarization),
    "quality": Limits(0.25, 16.0),
    "resolution_m": positive(50_000.0),
    "radius_km": positive(500.0),
    "profile_step_m": positive(5_000.0),
    "delta_n": Limits(-156.0, 156.0),  # the effective earth radius, 6371·157/(157 - ΔN), ends at 157
    "n0": Limits(200.0, 500.0),
    "climate": Limits(1, 7, whole=True),
    "permittivity": Limits(1.0, 100.0),
    "conductivity_s_per_m": positive(10.0),
}
BAND_RULES: Rules = {
    "band_mhz": Limits(30.0, 100_000.0),
    "bandwidth_mhz": positive(2_000.0),
    "power_dbm": Limits(-30.0, 90.0),
    "gain_dbi": Limits(-20.0, 60.0),
    "uplink_max_loss_db": Limits(50.0, 250.0),
    "max_km": positive(500.0),
    "antenna_height_m": Limits(1.0, 500.0),
    "beamwidth_deg": Limits(1.0, 360.0),
    "feeder_loss_db": Limits(0.0, 30.0),
    "circle_radius_km": positive(500.0),
}
THRESHOLD_RULES: Rules = {name: Limits(-160.0, 0.0) for name in get_args(ThresholdName)}
CLUTTER_RULES: Rules = {
    "village_height_m": Limits(0.0, 100.0),
    "village_radius_m": Limits(0.0, 5_000.0),
    "street_width_m": positive(1_000.0),
    "terminal_height_m": Limits(0.1, 100.0),
}
UNCERTAINTY_RULES: Rules = {
    **dict.fromkeys(("province_db", "position_db", "village_db", "pair_db"), Limits(0.0, 40.0)),
    "location_width_m": Limits(0.0, 10_000.0),
    "draws": Limits(0, 100_000, whole=True),
}
SITING_RULES: Rules = dict.fromkeys(("road_within_km", "power_line_within_km", "outline_gap_km"), Limits(0.0, 100.0))
CLUTTER_HEIGHT = Limits(0.0, 100.0)


def open_project(path: str | Path) -> Project:
    """Return the project that a folder's project.toml describes.

    Parameters
    ----------
    path
        The folder, or its project.toml.

    Raises
    ------
    InputError
        No such file; not TOML; an unknown section or key (with the nearest known name); a value of the wrong type or
        outside its range; a file named under ``[inputs]`` that is not there.
    """
    file = _project_file(Path(path))
    document = read_toml(file)
    refuse_unknown(file, "", document, SECTIONS, kind="section")
    for section in document:
        section_of(file, document, section)
    head = section_of(file, document, "project")
    refuse_unknown(file, "project", head, PROJECT_KEYS)
    written = read_policies(file, section_of(file, document, "policy"))
    policy = chosen_policy(f"{file}: [project]", read_text(file, "project", head, "policy"), written)
    columns = section_of(file, document, "columns")
    refuse_unknown(file, "columns", columns, ("stations", "villages"), kind="section")
    inputs = _inputs(file, document)
    periods = read_periods(file, section_of(file, document, "periods"))
    return Project(
        name=read_text(file, "project", head, "name") or file.parent.name,
        file=file,
        inputs=inputs,
        as_of=read_date(file, "project", head, "as_of"),
        seed=int(read_number(file, "project", "seed", head.get("seed", 0), Limits(0, 2**63 - 1, whole=True))),
        synthetic=read_flag(file, "project", head, "synthetic"),
        position_radius_m=read_number(
            file, "project", "position_radius_m", head.get("position_radius_m", 0.0), Limits(0.0, 1_000.0)
        ),
        station_columns=_column_names(file, columns, "stations", STATION_COLUMNS),
        village_columns=_column_names(file, columns, "villages", VILLAGE_COLUMNS),
        radio=with_settings(file, "radio", section_of(file, document, "radio"), RadioSettings(), RADIO_RULES),
        bands=_by_generation(file, document, "bands", BAND_DEFAULTS, BAND_RULES),
        thresholds=_by_generation(file, document, "thresholds", THRESHOLDS, THRESHOLD_RULES),
        clutter=_clutter(file, section_of(file, document, "clutter")),
        uncertainty=with_settings(
            file, "uncertainty", section_of(file, document, "uncertainty"), UncertaintySettings(), UNCERTAINTY_RULES
        ),
        policy=policy,
        policies=MappingProxyType({policy.name: policy, **written}),
        siting=with_settings(file, "siting", section_of(file, document, "siting"), SitingSettings(), SITING_RULES),
        costs=MappingProxyType(_costs(file, section_of(file, document, "costs"))),
        reference=MappingProxyType(_reference(file, section_of(file, document, "reference"))),
        periods=MappingProxyType(periods),
        targets=MappingProxyType(read_targets(file, section_of(file, document, "targets"), periods)),
        reported=read_reported(inputs.reported) if inputs.reported else (),
    )


def project_with(
    project: Project,
    *,
    as_of: date | str | None = None,
    model: str | None = None,
    resolution_m: float | None = None,
    engine: str | None = None,
    quality: float | None = None,
) -> Project:
    """Return the project with what the command line overrides; None leaves a setting as it is.

    Raises
    ------
    InputError
        A value that project.toml would not be allowed either.
    """
    given = {"model": model, "resolution_m": resolution_m, "engine": engine, "quality": quality}
    changes = {name: value for name, value in given.items() if value is not None}
    where = Path("command line")
    radio = with_settings(where, "radio", changes, project.radio, RADIO_RULES)
    when = project.as_of if as_of is None else read_date(where, "project", {"as_of": as_of}, "as_of")
    return replace(project, radio=radio, as_of=when)


def _project_file(path: Path) -> Path:
    if path.is_dir():
        file = path / PROJECT_FILE_NAME
        if not file.is_file():
            raise InputError(f"{path}: no {PROJECT_FILE_NAME} in this folder; 'whitesignal init' writes one")
        return file.resolve()
    if not path.is_file():
        raise InputError(f"{path}: no such project (a folder with a {PROJECT_FILE_NAME}, or that file)")
    return path.resolve()


def _by_generation(
    file: Path,
    document: Mapping[str, Any],
    section: Literal["bands", "thresholds"],
    base: Mapping[Generation, Settings],
    rules: Rules,
) -> Mapping[Generation, Settings]:
    result = dict(base)
    given = section_of(file, document, section)
    for name in given:
        generation = generation_named(file, section, name)
        values = section_of(file, given, name)
        result[generation] = with_settings(file, f"{section}.{name}", values, result[generation], rules)
    return MappingProxyType(result)


def _clutter(file: Path, given: Mapping[str, Any]) -> ClutterSettings:
    settings = ClutterSettings()
    heights = dict(settings.heights_m)
    section = "clutter.heights_m"
    for name, value in section_of(file, given, "heights_m").items():
        try:
            code = int(name)
        except ValueError:
            raise InputError(f"{file}: [{section}] '{name}' is no class: a whole number, as in 50 = 12.0") from None
        heights[code] = read_number(file, section, name, value, CLUTTER_HEIGHT)
    others = {key: value for key, value in given.items() if key != "heights_m"}
    refuse_unknown(file, "clutter", others, (*CLUTTER_RULES, "heights_m"))
    settings = with_settings(file, "clutter", others, settings, CLUTTER_RULES)
    return replace(settings, heights_m=MappingProxyType(heights))


def _column_names(
    file: Path, given: Mapping[str, Any], table: Literal["stations", "villages"], columns: tuple[Column, ...]
) -> Mapping[str, str]:
    section = f"columns.{table}"
    values = section_of(file, given, table)
    refuse_unknown(file, section, values, names(columns))
    return MappingProxyType({key: read_text(file, section, values, key) or "" for key in values})


def _costs(file: Path, given: Mapping[str, Any]) -> dict[str, float | tuple[float, float]]:
    """Return each cost, a number or from and to as a list of two."""
    costs: dict[str, float | tuple[float, float]] = {}
    for key, value in given.items():
        if not isinstance(value, list):
            costs[key] = read_number(file, "costs", key, value, Limits(0.0))
            continue
        ends = [read_number(file, "costs", key, end, Limits(0.0)) for end in value]
        if len(ends) != 2 or ends[0] > ends[1]:
            refuse_value(file, "costs", key, value, "a number, or the least and the most, as in [500, 1000]")
        costs[key] = (ends[0], ends[1])
    return costs


def _reference(file: Path, given: Mapping[str, Any]) -> dict[str, float | str]:
    return {
        key: value if isinstance(value, str) else read_number(file, "reference", key, value, Limits())
        for key, value in given.items()
    }


def _inputs(file: Path, document: Mapping[str, Any]) -> InputFiles:
    given = section_of(file, document, "inputs")
    refuse_unknown(file, "inputs", given, INPUT_KEYS)
    missing = [key for key in ("stations", "villages", "terrain") if key not in given]
    if missing:
        raise InputError(f"{file}: [inputs] names no {' and no '.join(missing)}")

    def located(key: str, value: object) -> Path:
        if not isinstance(value, str) or not value.strip():
            refuse_value(file, "inputs", key, value, "a path in quotation marks")
        return (file.parent / Path(value).expanduser()).resolve()

    def several(key: str) -> list[object]:
        value = given[key]
        listed = value if isinstance(value, list) else [value]
        if not listed:
            refuse_value(file, "inputs", key, value, "a path or a list of paths")
        return listed

    optional = {key: located(key, given[key]) for key in OPTIONAL_INPUTS if key in given}
    inputs = InputFiles(
        stations=tuple(_station_source(file, item, located) for item in several("stations")),
        villages=located("villages", given["villages"]),
        terrain=tuple(located("terrain", item) for item in several("terrain")),
        **optional,
    )
    _refuse_missing_files(file, inputs)
    return inputs


def _station_source(file: Path, item: object, located: Callable[[str, object], Path]) -> StationSource:
    if not isinstance(item, dict):
        return StationSource(located("stations", item))
    refuse_unknown(file, "inputs", (f"{name}" for name in item), STATION_SOURCE_KEYS)
    if "file" not in item:
        refuse_value(file, "inputs", "stations", item, "a path, or a table with file, operator?, sheet?")
    return StationSource(
        located("stations.file", item["file"]),
        read_text(file, "inputs.stations", item, "operator"),
        read_text(file, "inputs.stations", item, "sheet"),
    )


def _refuse_missing_files(file: Path, inputs: InputFiles) -> None:
    missing: list[str] = []
    for field in fields(inputs):
        value = getattr(inputs, field.name)
        entries = value if isinstance(value, tuple) else (value,)
        paths = [entry.file if isinstance(entry, StationSource) else entry for entry in entries]
        missing += [f"{field.name} ({path})" for path in paths if path is not None and not path.exists()]
    if missing:
        raise InputError(f"{file}: [inputs] no such file: {'; '.join(missing)}")

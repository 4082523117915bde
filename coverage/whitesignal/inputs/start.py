"""A first project.toml, written from what the files hold."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from whitesignal.bands import BAND_DEFAULTS, THRESHOLDS, BandDefaults
from whitesignal.errors import InputError, OutputExistsError
from whitesignal.inputs.columns import header_key, match_columns
from whitesignal.inputs.population import require_people_raster
from whitesignal.inputs.tabular import TextTable, read_table
from whitesignal.inputs.terrain import terrain_summary
from whitesignal.inputs.villages import read_village_file
from whitesignal.inputs.vocabulary import OPERATOR_WORDS, canonical_operator
from whitesignal.project import ClutterSettings, RadioSettings, SitingSettings, UncertaintySettings
from whitesignal.schema import STATION_COLUMNS, VILLAGE_COLUMNS, Column

PROJECT_FILE_NAME = "project.toml"

ID_WORDS = frozenset({"id", "code", "ma", "key"})
"""Words in a header that mean a key; a village_id is proposed from such a column where its values are distinct."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at one file found: canonical name → its column, recognised by name or proposed, and the rest."""

    file: Path
    rows: int
    recognised: Mapping[str, str]
    proposed: Mapping[str, str]
    unused: tuple[str, ...]
    missing: tuple[Column, ...]


def write_project_file(
    folder: Path,
    stations: Sequence[Path],
    villages: Path,
    terrain: Path,
    *,
    population: Path | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a commented project.toml that names the files, and return its path.

    Paths below the folder are written relative to it. Columns recognised by their names stand as comments; where a
    column that is needed has another name, a proposal is written out, to be checked.

    Raises
    ------
    InputError
        A file that is not there or cannot be read; a terrain or population raster without a CRS.
    OutputExistsError
        A project.toml is there already and ``overwrite`` is false.
    """
    target = folder / PROJECT_FILE_NAME
    if target.exists() and not overwrite:
        raise OutputExistsError(f"{target}: exists already; --overwrite replaces it")
    if not stations:
        raise InputError("no file of stations is given")
    given = [*stations, villages, terrain, *([population] if population else [])]
    absent = [str(path) for path in given if not path.is_file()]
    if absent:
        raise InputError(f"no such file: {', '.join(absent)}")
    if population is not None:
        require_people_raster(population)
    registers = [_looked_at(read_table(path), STATION_COLUMNS) for path in stations]
    village_list = _with_village_proposals(read_village_file(villages)[0])
    lines = [
        *_head(folder),
        *_inputs(folder, registers, villages, terrain, population),
        *_columns("stations", registers),
        *_columns("villages", [village_list]),
        *_defaults(),
    ]
    _write(target, "\n".join(lines) + "\n")
    return target


def toml_text(text: str) -> str:
    """Return a text as a TOML string, whatever it holds.

    Examples
    --------
    >>> print(toml_text('the "old" mast'))
    "the \\"old\\" mast"
    """
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{printable(quoted)}"'


def printable(text: str) -> str:
    """Return a text on one line, its control characters written as TOML escapes."""
    return "".join(
        character if character.isprintable() else f"\\U{ord(character):08x}"
        for character in text
        if not 0xD800 <= ord(character) <= 0xDFFF
    )


def _looked_at(table: TextTable, columns: tuple[Column, ...]) -> _Look:
    matched = match_columns(list(table.values.columns), columns, file=table.file, mapping={}, section="columns")
    missing = tuple(column for column in columns if column.name not in matched.source)
    return _Look(table.file, len(table.values), matched.source, {}, matched.unused, missing)


def _with_village_proposals(table: TextTable) -> _Look:
    """Return a look at a list of villages, with proposals for its key and for a name or commune it lacks."""
    look = _looked_at(table, VILLAGE_COLUMNS)
    source = look.recognised
    proposed: dict[str, str] = {}
    keys = [
        header
        for header in look.unused
        if ID_WORDS & set(header_key(header).split()) and table.values[header].is_unique and look.rows
    ]
    if "village_id" not in source and keys:
        proposed["village_id"] = keys[0]
    for name, header in source.items():
        if f"{header}_vn" in look.unused:
            proposed[name] = f"{header}_vn"  # beside a column without marks
    for wanted, instead in (("name", "commune"), ("commune", "name")):
        if wanted not in source and instead in source:
            proposed[instead] = proposed[wanted] = proposed.get(instead, source[instead])
    missing = tuple(column for column in look.missing if column.name not in proposed)
    recognised = {name: header for name, header in source.items() if name not in proposed}
    unused = tuple(header for header in look.unused if header not in proposed.values())
    return _Look(look.file, look.rows, recognised, proposed, unused, missing)


def _write(target: Path, text: str) -> None:
    """Write under a temporary name, then move into place, so that no half-written file is ever there."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{target}: cannot be written ({error.strerror})") from error


def _path_text(folder: Path, path: Path) -> str:
    whole, home = path.resolve(), folder.resolve()
    return toml_text(whole.relative_to(home).as_posix() if whole.is_relative_to(home) else str(whole))


def _head(folder: Path) -> list[str]:
    return [
        "# Everything that a run depends on. A line behind # shows a default, a possibility, or what was found.",
        "",
        "[project]",
        f"name = {toml_text(folder.resolve().name or 'project')}",
        "# as_of = 2024-12-31   # count the stations on air on this day; without it their status alone decides",
        "# seed = 0",
        "# synthetic = true     # the data are made up, and every map and report is to say so",
        '# policy = "official"  # the NAME of a [policy.NAME] below',
        "",
    ]


def _inputs(
    folder: Path, registers: Sequence[_Look], villages: Path, terrain: Path, population: Path | None
) -> list[str]:
    sources = [_source(folder, look) for look in registers]
    alone = len(sources) == 1 and sources[0].endswith('",')
    people = f"population = {_path_text(folder, population)}" if population else '# population = "people.tif"'
    entries = [f"stations = {sources[0].rstrip(',')}"] if alone else ["stations = [", *(f"  {s}" for s in sources), "]"]
    return [
        "[inputs]",
        *entries,
        f"villages = {_path_text(folder, villages)}",
        f"terrain = {_path_text(folder, terrain)}  # {terrain_summary(terrain)}",
        people,
        '# clutter = "clutter.tif"',
        '# sea = "sea.gpkg"     # polygons: cells without a height are 0 m there',
        "",
    ]


def _source(folder: Path, look: _Look) -> str:
    """Return one register's entry, with the operator its file name means where it has no column for it."""
    written = _path_text(folder, look.file)
    if "operator" in look.recognised or "mnc" in look.recognised:
        return f"{written},"
    guess = canonical_operator(look.file.stem)
    if guess in OPERATOR_WORDS:
        return f"{{ file = {written}, operator = {toml_text(guess)} }},  # by the file's name: check"
    return f'{{ file = {written} }},  # no operator column: add operator = "..."'


def _columns(table: str, looks: Sequence[_Look]) -> list[str]:
    """Return the section that says which column is which."""
    lines = [f"[columns.{table}]  # our name = the file's column; what is recognised by its name need not be written"]
    written: set[str] = set()
    for look in looks:
        lines.append(f"# {printable(look.file.name)}: {look.rows} rows")
        lines += [f"# {name} = {toml_text(header)}" for name, header in look.recognised.items()]
        for name, header in look.proposed.items():
            if name not in written:
                lines.append(f"{name} = {toml_text(header)}  # proposed: check")
                written.add(name)
        lines += [f'# {column.name} = "..."  # NEEDED, and not found' for column in look.missing if column.required]
        others = [column.name for column in look.missing if not column.required]
        if others:
            lines.append(f"# not found: {', '.join(others)}")
        if look.unused:
            lines.append(f"# not read: {', '.join(toml_text(header) for header in look.unused)}")
    return [*lines, ""]


def _defaults() -> list[str]:
    """Return every other section as comments that show its defaults."""
    lines = ["# The rest are engineering defaults; take away the # to change one."]
    sections = (
        ("radio", RadioSettings()), ("clutter", ClutterSettings()), ("uncertainty", UncertaintySettings()),
        ("siting", SitingSettings()),
    )  # fmt: skip
    for section, settings in sections:
        lines += ["", f"# [{section}]", *_default_lines(settings)]
    for generation, band in BAND_DEFAULTS.items():
        lines += ["", f"# [bands.{generation}]", *_default_lines(band)]
    for generation, levels in THRESHOLDS.items():
        values = ", ".join(f"{field.name} = {getattr(levels, field.name)}" for field in fields(levels))
        lines += ["" if generation == "2G" else "#", f"# [thresholds.{generation}]  # {values} [dBm]"]
    return [
        *lines,
        "",
        '# [policy.4g-two-operators]       # another rule for "covered"',
        '# generations = ["4G", "5G"]',
        '# threshold = "basic"             # service, basic or good',
        '# min_operators = 2               # or "all": every operator that has a station on air',
        "# indoors = false                 # true: less ITU-R P.2109's entry loss, or entry_loss_db",
        "# min_people_percent = 95         # of an outline's people, else the village is weak",
        "",
        "# [periods]",
        "# half = { from = 2023-01-01, to = 2023-06-30 }",
        "",
        "# [targets]",
        '# signal = { indicator = "villages.with_signal", at_least = 99, by = 2025-12-31 }',
        "",
        "# [costs]",
        "# [reference]",
    ]


def _default_lines(
    settings: RadioSettings | ClutterSettings | UncertaintySettings | SitingSettings | BandDefaults,
) -> list[str]:
    lines = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, Mapping):
            lines += [f"# {field.name}.{key} = {item}" for key, item in value.items()]
        elif value is not None:
            lines.append(f"# {field.name} = {toml_text(value) if isinstance(value, str) else value}")
    return lines

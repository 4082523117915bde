"""The run's record: every input's hash, all settings, versions, timings: what it takes to run it again."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.results.folder import PROGRAM

if TYPE_CHECKING:
    from whitesignal.project import Project

PACKAGES = (
    "whitesignal", "numpy", "pandas", "geopandas", "shapely", "pyproj", "rasterio", "scipy", "numba", "exactextract",
    "folium",
)  # fmt: skip
SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""What lies beside a .shp and belongs to it: its attributes are not in the .shp itself."""

CHUNK_BYTES = 1 << 20


def input_hashes(project: Project) -> dict[str, str]:
    """Return the sha256 of project.toml and of every input, keyed by their path relative to the project's folder."""
    hashes = {}
    given = (project.file, *project.inputs.paths())
    beside = (path.with_suffix(part) for path in given if path.suffix.lower() == ".shp" for part in SHAPEFILE_PARTS)
    for path in (*given, *(part for part in beside if part.is_file())):
        name = path.relative_to(project.folder) if path.is_relative_to(project.folder) else path
        hashes[name.as_posix()] = file_hash(path)
    return hashes


def file_hash(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def run_record(
    project: Project, *, hashes: Mapping[str, str], pruning: Mapping[str, object], timings_s: Mapping[str, float],
    jobs: int,
) -> dict[str, object]:  # fmt: skip
    """Return the record that ``run.json`` holds."""
    return {
        "program": PROGRAM,
        "project": project.name,
        "synthetic": project.synthetic,
        "as_of": project.as_of.isoformat() if project.as_of else None,
        "model": project.radio.model,
        "seed": project.seed,
        "jobs": jobs,
        "inputs_sha256": dict(hashes),
        "pruning": dict(pruning),
        "settings": as_plain(project),
        "versions": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "timings_s": {stage: round(seconds, 3) for stage, seconds in timings_s.items()},
        "peak_memory_mib": peak_memory_mib(),
    }


def peak_memory_mib() -> float | None:
    """Return the process's largest resident size so far, None where the system does not tell. [MiB]"""
    if sys.platform == "win32":
        return None
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0)


def as_plain(value: object) -> object:
    """Return a frozen value as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(item) for item in value]
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, date):
        return value.isoformat()
    return value

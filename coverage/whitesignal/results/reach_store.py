"""Reach on disk: what a later question needs instead of running the physics again, and when it may be trusted."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.radio.cells import Radiators
from whitesignal.radio.reach import Reach, SamplePoints
from whitesignal.radio.reuse import StoredReach
from whitesignal.results.run_record import as_plain, input_hashes
from whitesignal.results.tables import write_csv, write_json
from whitesignal.results.verdict_store import StoredVerdict, read_verdict, verdict_arrays
from whitesignal.villages.points import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project
    from whitesignal.villages.probability import Probabilities
    from whitesignal.villages.rules import Scene
    from whitesignal.villages.table import Judged

LOSSES = "losses.npz"
POINTS = "points.csv"
RADIATORS = "radiators.csv"
INPUTS = "inputs.json"

AGAIN = "run `whitesignal analyze` again"

LOOSE = frozenset({"loss_db", "distance_km", "azimuth_deg", "elevation_deg"})
"""Arrays that packing makes a third smaller and ten times as slow to read."""

IDENTITY = "identity"
"""What the losses depend on, as JSON inside the file of losses: neither can be replaced without the other."""

PHYSICS_SOURCES = ("kernels/*.py", "propagation/*.py", "radio/*.py", "arrays.py", "bands.py", "geodesy.py", "grid.py",
                   "units.py")  # fmt: skip
"""The modules that losses are computed by."""


def write_reach(
    folder: Path,
    *,
    reach: Reach,
    scene: Scene,
    read: Inputs,
    judged: Judged,
    chances: Probabilities | None,
    backdrop: str,
    project: Project,
    hashes: Mapping[str, str],
) -> None:
    """Write losses, points, radiators, verdicts and the inputs' hashes into a folder.

    ``backdrop`` is what a map of them has whatever is on air. The tables are to look at; what is read back lies with
    the losses, in full precision, beside the identity of all that they depend on.
    """
    import pandas as pd

    radiators, where = scene.radiators, scene.where
    parts: tuple[tuple[str, Any, type], ...] = (
        ("", reach, Reach), ("radiator_", radiators, Radiators), ("point_", where.points, SamplePoints),
    )  # fmt: skip
    arrays = {
        f"{prefix}{field.name}": getattr(part, field.name) for prefix, part, kind in parts for field in fields(kind)
    }
    arrays["radiator_position_id"] = radiators.position_id.astype(str)
    arrays["ground_known"] = scene.ground_known
    arrays[IDENTITY] = np.array(json.dumps(identity(project, hashes), sort_keys=True))
    arrays |= verdict_arrays(read, judged, chances, backdrop, project)
    _write_arrays(arrays, folder / LOSSES)
    points = pd.DataFrame(
        {
            "point": np.arange(len(where.points)),
            "village_id": judged.table["village_id"].to_numpy(dtype=object)[where.village],
            "kind": np.asarray(KIND_NAMES, dtype=object)[where.kind],
            "name": where.name,
            "people": where.people,
            "longitude": where.points.longitude,
            "latitude": where.points.latitude,
        }
    )
    write_csv(points, folder / POINTS)
    table = pd.DataFrame({field.name: getattr(radiators, field.name) for field in fields(Radiators)})
    table.insert(0, "radiator", np.arange(len(radiators)))
    write_csv(table, folder / RADIATORS)
    write_json(dict(hashes), folder / INPUTS)


def identity(project: Project, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return all that losses depend on: inputs by their hashes, settings, and the fingerprint of what computes them."""
    settings = {name: as_plain(getattr(project, name)) for name in ("radio", "clutter", "bands")}
    # As JSON gives it back, so that the two can be held against each other.
    plain: dict[str, Any] = json.loads(json.dumps({"inputs": dict(hashes), **settings, "program": program_digest()}))
    return plain


def program_digest() -> str:
    """Return a fingerprint of the sources that compute losses."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for source in sorted(path for pattern in PHYSICS_SOURCES for path in package.glob(pattern)):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def read_reach(folder: Path) -> Reach:
    """Return the reach that ``write_reach`` wrote into a folder."""
    with np.load(folder / LOSSES, allow_pickle=False) as stored:
        return Reach(**{field.name: stored[field.name] for field in fields(Reach)})


def trusted_reach(results: Path, project: Project) -> StoredReach:
    """Return the reach beside a run's results, if it is this project's as it stands.

    Raises
    ------
    InputError
        If there is none, it is damaged, or anything that it depends on has changed since; the message says what.
    """
    file = results / "reach" / LOSSES
    if not file.is_file():
        raise InputError(f"{results}: no reach of a run here ({file.name} is missing); {AGAIN}")
    with _arrays(file) as arrays:
        known = json.loads(str(arrays[IDENTITY]))
        found = _restored(arrays)
    stale = _changed(known, identity(project, input_hashes(project)))
    if stale:
        raise InputError(f"{results}: computed from something else, not from this project as it is: {stale}; {AGAIN}")
    return found


def trusted_verdict(results: Path, project: Project) -> StoredVerdict | None:
    """Return the verdicts beside a reach that ``trusted_reach`` trusts; None where they are by other rules."""
    with _arrays(results / "reach" / LOSSES) as arrays:
        return read_verdict(arrays, project)


def verdict_if_trusted(results: Path, project: Project) -> StoredVerdict | None:
    """Return the verdicts of a run, without its reach; None where there are none of this project as it stands."""
    try:
        with _arrays(results / "reach" / LOSSES) as arrays:
            known = json.loads(str(arrays[IDENTITY]))
            return None if _changed(known, identity(project, input_hashes(project))) else read_verdict(arrays, project)
    except InputError:
        return None


def _write_arrays(arrays: Mapping[str, Any], file: Path) -> None:
    """Write arrays as numpy's own archive, packed but for those that packing makes slow to read and hardly smaller."""
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name, values in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")
            member.compress_type = zipfile.ZIP_STORED if name in LOOSE else zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, np.asanyarray(values), allow_pickle=False)


@contextmanager
def _arrays(file: Path) -> Iterator[Mapping[str, Any]]:
    """Give the arrays of a file, each read when it is asked for; what cannot be read then is an InputError."""
    try:
        # Opened here: numpy leaves a file open that turns out to be no archive.
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            yield stored
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"{file}: damaged, or written by another version ({error}); {AGAIN}") from error


def _restored(arrays: Mapping[str, Any]) -> StoredReach:
    radiators = {field.name: arrays[f"radiator_{field.name}"] for field in fields(Radiators)}
    radiators["position_id"] = radiators["position_id"].astype(object)
    return StoredReach(
        reach=Reach(**{field.name: arrays[field.name] for field in fields(Reach)}),
        radiators=Radiators(**radiators),
        points=SamplePoints(**{field.name: arrays[f"point_{field.name}"] for field in fields(SamplePoints)}),
        ground_known=arrays["ground_known"],
    )


def _changed(known: Any, now: Mapping[str, Any]) -> str:
    """Return what differs between two identities in words, nothing where they are the same."""
    if not isinstance(known, dict) or not isinstance(known.get("inputs"), dict):
        return "its identity is unreadable"
    before, after = known["inputs"], now["inputs"]
    files = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if files:
        return f"{', '.join(files)} changed"
    words = {"radio": "[radio]", "clutter": "[clutter]", "bands": "[bands]", "program": "the program itself"}
    return ", ".join(f"{word} changed" for name, word in words.items() if known.get(name) != now[name])

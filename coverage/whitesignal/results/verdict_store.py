"""Verdicts in full precision beside a run's reach: what a later question sets its own beside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.inputs.stations import StationTable
from whitesignal.inputs.villages import VILLAGE_TABLE_COLUMNS, VillageTable
from whitesignal.results.run_record import as_plain
from whitesignal.results.table_store import read_table_arrays, table_arrays
from whitesignal.results.village_store import read_village_arrays, village_arrays
from whitesignal.villages.probability import Drawn, Probabilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project
    from whitesignal.villages.table import Judged

RULES = ("as_of", "seed", "radio", "bands", "thresholds", "clutter", "uncertainty", "policy", "policies")
"""What of a project verdicts rest on, beside the inputs that its reach rests on too."""

SHARES = ("p_point", "p_village_signal", "p_village_covered")
COUNTS = ("white_villages", "weak_villages", "people_without_signal")


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """Stations and villages as a run read them, and what it said.

    ``columns`` are those that it added to the villages, ``order`` the names of all of its table's; ``state`` is what
    can be said of each sample point, shape (points,); ``backdrop`` what a map of them has whatever is on air.
    """

    stations: StationTable
    villages: VillageTable
    columns: Mapping[str, NDArray[Any]]
    order: tuple[str, ...]
    state: NDArray[np.int8]
    backdrop: str
    chances: Probabilities | None

    def __len__(self) -> int:
        return len(self.columns["status"])


def verdict_arrays(
    read: Inputs, judged: Judged, chances: Probabilities | None, backdrop: str, project: Project
) -> dict[str, Any]:
    """Return stations and villages as they were read, and what a run said and drew of these, as arrays to store."""
    villages = judged.table
    order = [name for name in villages.columns if name != "geometry"]
    arrays: dict[str, Any] = {
        **village_arrays(read.villages),
        **table_arrays("read_stations", read.stations.rows),
        "verdict_rules": np.array(_rules(project)),
        "verdict_order": np.array(order),
        "verdict_state": judged.state,
        "verdict_drawn": np.array(chances is not None),
        "backdrop": np.frombuffer(backdrop.encode("utf-8"), dtype=np.uint8),
    }
    for name in order:
        if name not in VILLAGE_TABLE_COLUMNS:
            values = villages[name].to_numpy()
            arrays[f"verdict:{name}"] = values if values.dtype.kind in "iufb" else values.astype(str)
    if chances is not None:
        arrays |= {f"chances_{name}": getattr(chances, name) for name in SHARES}
        arrays |= {f"chances_{name}": getattr(chances, name).draws for name in COUNTS}
        arrays["chances_without_population"] = np.array(chances.without_population)
    return arrays


def read_verdict(arrays: Mapping[str, Any], project: Project) -> StoredVerdict | None:
    """Return a stored verdict; None where it was reached by other rules, or by another version of the program."""
    if "verdict_rules" not in arrays or str(arrays["verdict_rules"]) != _rules(project):
        return None
    import pandas as pd

    order = tuple(str(name) for name in arrays["verdict_order"])
    columns = {name: arrays[f"verdict:{name}"] for name in order if name not in VILLAGE_TABLE_COLUMNS}
    columns = {name: one.astype(object) if one.dtype.kind == "U" else one for name, one in columns.items()}
    stations = StationTable(read_table_arrays("read_stations", arrays), pd.DataFrame(), ())
    chances = _chances(arrays) if arrays["verdict_drawn"] else None
    backdrop = arrays["backdrop"].tobytes().decode("utf-8")
    villages = read_village_arrays(arrays)
    return StoredVerdict(stations, villages, columns, order, arrays["verdict_state"], backdrop, chances)


def _chances(arrays: Mapping[str, Any]) -> Probabilities:
    p_point, p_signal, p_covered = (arrays[f"chances_{name}"] for name in SHARES)
    white, weak, people = (Drawn(arrays[f"chances_{name}"]) for name in COUNTS)
    return Probabilities(
        p_point=p_point,
        p_village_signal=p_signal,
        p_village_covered=p_covered,
        white_villages=white,
        weak_villages=weak,
        people_without_signal=people,
        without_population=int(arrays["chances_without_population"]),
    )


def _rules(project: Project) -> str:
    """Return the rules as JSON, with a fingerprint of the whole program."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for source in sorted(package.rglob("*.py")):
        digest.update(source.relative_to(package).as_posix().encode())
        digest.update(source.read_bytes())
    rules = {name: as_plain(getattr(project, name)) for name in RULES}
    return json.dumps({**rules, "program": digest.hexdigest()[:16]}, sort_keys=True)

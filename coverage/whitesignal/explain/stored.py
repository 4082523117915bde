"""A village as a results folder has it, if the folder belongs to the same inputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.errors import InputError
from whitesignal.results.folder import RUN_RECORD, require_results
from whitesignal.results.run_record import input_hashes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whitesignal.project import Project

STORED_COLUMNS = (
    "status", "best_station", "level_dbm", "margin_db", "p_signal", "p_covered", "operators", "nearest_station_km",
)  # fmt: skip


def stored_village(results: Path, project: Project, village_id: str) -> Mapping[str, str]:
    """Return what a results folder says of a village, as it is written there, and the run's date and model.

    Raises
    ------
    InputError
        If the folder holds no results, or those of other inputs, or does not know the village.
    """
    import pandas as pd

    record = json.loads((require_results(results) / RUN_RECORD).read_text(encoding="utf-8"))
    hashes = input_hashes(project)
    recorded = record.get("inputs_sha256")
    if recorded != hashes:
        known = recorded if isinstance(recorded, dict) else {}
        differ = sorted(name for name in {*hashes, *known} if hashes.get(name) != known.get(name))
        raise InputError(
            f"{results}: these results come from other inputs ({', '.join(differ)} differ); run `whitesignal analyze` "
            "again, or leave out --results"
        )
    file = results / "villages.csv"
    if not file.is_file():
        raise InputError(f"{file}: not there; run `whitesignal analyze` again, or leave out --results")
    table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    found = table[table["village_id"] == village_id]
    if found.empty:
        raise InputError(f"{file}: no village with the id {village_id!r}")
    row = found.iloc[0]
    return {
        "as_of": str(record.get("as_of") or ""),
        "model": str(record.get("model") or ""),
        **{name: str(row[name]) for name in STORED_COLUMNS if name in table.columns},
    }

"""Reach on disk: what a later question needs instead of running the physics again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.cells import Radiators
from whitesignal.radio.reach import Reach
from whitesignal.results.tables import write_csv, write_json
from whitesignal.villages.points import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from whitesignal.villages.points import VillagePoints

LOSSES = "losses.npz"
POINTS = "points.csv"
RADIATORS = "radiators.csv"
INPUTS = "inputs.json"


def write_reach(
    folder: Path,
    *,
    reach: Reach,
    radiators: Radiators,
    where: VillagePoints,
    villages: pd.DataFrame,
    hashes: Mapping[str, str],
) -> None:
    """Write losses, points, radiators and the inputs' hashes into a folder."""
    import pandas as pd

    arrays = {field.name: getattr(reach, field.name) for field in fields(Reach)}
    np.savez_compressed(folder / LOSSES, **arrays)
    points = pd.DataFrame(
        {
            "point": np.arange(len(where.points)),
            "village_id": villages["village_id"].to_numpy(dtype=object)[where.village],
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


def read_reach(folder: Path) -> Reach:
    """Return the reach that ``write_reach`` wrote into a folder."""
    with np.load(folder / LOSSES, allow_pickle=False) as stored:
        return Reach(**{field.name: stored[field.name] for field in fields(Reach)})

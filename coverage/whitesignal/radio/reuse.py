"""Reach that was computed before, used again: only radiators it does not hold are computed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.geodesy import distance_and_azimuth
from whitesignal.radio.cells import Radiators
from whitesignal.radio.executor import silent
from whitesignal.radio.reach import Reach, SamplePoints, compute_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress


@dataclass(frozen=True, slots=True)
class StoredReach:
    """A reach with all that it was computed for; ``ground_known`` says which points stand on known terrain."""

    reach: Reach
    radiators: Radiators
    points: SamplePoints
    ground_known: NDArray[np.bool_]


def reuse_reach(
    stored: StoredReach,
    terrain: Terrain,
    radiators: Radiators,
    project: Project,
    *,
    jobs: int = 1,
    progress: Progress = silent,
) -> tuple[Reach, int]:
    """Return the reach of radiators to the stored points, and how many of them had to be computed.

    The same to the bit as ``compute_reach`` of all of them: pairs that a stored radiator has beyond what is asked are
    cut, and a radiator is computed anew where the stored one was followed less far, or where the rounding of its stored
    losses leaves open which pairs belong.
    """
    if _same_radiators(stored.radiators, radiators):
        return stored.reach, 0
    known: dict[_Place, list[int]] = {}
    for at, place in enumerate(_places(stored.radiators)):
        known.setdefault(place, []).append(at)
    source = [
        _stored_as(stored, radiators, radiator, known.get(place, ()))
        for radiator, place in enumerate(_places(radiators))
    ]
    missing = np.flatnonzero([kept is None for kept in source])
    fresh = None
    if len(missing):
        wanted = Radiators(**{field.name: getattr(radiators, field.name)[missing] for field in fields(Radiators)})
        fresh = compute_reach(terrain, wanted, stored.points, project, jobs=jobs, progress=progress)
    return _merged(stored.reach, source, fresh), len(missing)


def reach_at(reach: Reach, chosen: NDArray[np.bool_]) -> Reach:
    """Return the pairs of some points, shape (points,), which are numbered anew in their order."""
    kept = chosen[reach.point]
    number = (np.cumsum(chosen) - 1).astype(np.int32)
    columns = {field.name: getattr(reach, field.name)[kept] for field in fields(Reach) if field.name != "first_pair"}
    pairs_before = np.concatenate([[0], np.cumsum(kept)])
    return Reach(**{**columns, "point": number[columns["point"]], "first_pair": pairs_before[reach.first_pair]})


def _same_radiators(radiators: Radiators, other: Radiators) -> bool:
    """Return whether what losses depend on is the same of all radiators, in the same order."""
    return all(
        np.array_equal(getattr(radiators, field.name), getattr(other, field.name))
        for field in fields(Radiators)
        if field.name != "position_id"
    )


_Place = tuple[float, float, float, float]
"""What losses depend on of a radiator: longitude, latitude, antenna height, band."""


def _places(radiators: Radiators) -> list[_Place]:
    columns = (radiators.longitude, radiators.latitude, radiators.antenna_height_m, radiators.band_mhz)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _stored_as(
    stored: StoredReach, radiators: Radiators, radiator: int, candidates: Sequence[int]
) -> NDArray[np.int64] | None:
    """Return which stored pairs are a radiator's, None where that cannot be told from what is stored at its place."""
    known = stored.radiators
    radius_km, floor_loss_db = radiators.radius_km[radiator], radiators.floor_loss_db[radiator]
    wide = (at for at in candidates if known.radius_km[at] >= radius_km and known.floor_loss_db[at] >= floor_loss_db)
    at = next(wide, None)
    if at is None:
        return None
    pairs = np.arange(stored.reach.first_pair[at], stored.reach.first_pair[at + 1])
    if known.radius_km[at] > radius_km:
        # As when it was computed, over all points: the stored distances are rounded.
        distance_km, _ = distance_and_azimuth(
            float(radiators.longitude[radiator]), float(radiators.latitude[radiator]), stored.points.longitude,
            stored.points.latitude,
        )  # fmt: skip
        pairs = pairs[distance_km[stored.reach.point[pairs]] <= radius_km]
    if known.floor_loss_db[at] > floor_loss_db:
        loss_db = stored.reach.loss_db[pairs]
        if (loss_db == np.float32(floor_loss_db)).any():
            return None
        pairs = pairs[loss_db <= floor_loss_db]
    return pairs


def _merged(reach: Reach, source: list[NDArray[np.int64] | None], fresh: Reach | None) -> Reach:
    """Return one reach of stored pairs and, where there are none, those of the fresh reach in order."""
    pairs, lengths, number = [], [], 0
    for kept in source:
        if kept is None and fresh is not None:
            at = fresh.pairs_of(number)
            kept = np.arange(at.start, at.stop) + len(reach)
            number += 1
        pairs.append(np.zeros(0, dtype=np.int64) if kept is None else kept)
        lengths.append(len(pairs[-1]))
    taken = np.concatenate([np.zeros(0, dtype=np.int64), *pairs])
    columns = {}
    for field in fields(Reach):
        if field.name in ("radiator", "first_pair"):
            continue
        values = getattr(reach, field.name)
        if fresh is not None:
            values = np.concatenate([values, getattr(fresh, field.name)])
        columns[field.name] = values[taken]
    return Reach(
        **columns,
        radiator=np.repeat(np.arange(len(source), dtype=np.int32), lengths),
        first_pair=np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))]),
    )


def same_points(points: SamplePoints, other: SamplePoints) -> bool:
    """Return whether two sets of points are the same to the bit, in the same order."""
    return all(
        np.array_equal(getattr(points, field.name), getattr(other, field.name)) for field in fields(SamplePoints)
    )

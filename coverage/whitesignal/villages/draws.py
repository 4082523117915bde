"""What a level may err by, and what the draws of that error run over: links sorted by village, point and position."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.villages.status import UNDECIDED, counted_cells, thresholds_dbm

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.bands import Generation, Thresholds
    from whitesignal.project import Policy, Project
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.levels import Levels
    from whitesignal.villages.points import VillagePoints

MOST_OPERATORS = 64
"""Operators are counted in the bits of one word."""


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """How far a computed level may lie from the true one: independent Gaussian parts, by their standard deviations.

    The true level is the computed one less the error: of the whole province, of the position (whatever stands there, at
    every village), of the village (whatever serves it) and of the pair of the two. [dB] On top comes what the level
    varies by within a square of ``location_width_m`` [m] around a point, which no model computes; None leaves it out.
    ``draws`` is how often all of it is drawn, ``seed`` from where.

    Raises
    ------
    InputError
        If a standard deviation is not 0 or more, the width not above 0, or there is no draw.
    """

    province_db: float = 4.0
    position_db: float = 4.0
    village_db: float = 5.8
    pair_db: float = 5.8
    location_width_m: float | None = 100.0
    draws: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("province_db", "position_db", "village_db", "pair_db"):
            value = getattr(self, name)
            if not 0.0 <= value < math.inf:
                raise InputError(f"error model: {name} must be a number of 0 or more; got {value:g}")
        if self.location_width_m is not None and not 0.0 < self.location_width_m < math.inf:
            raise InputError(f"error model: location_width_m must be above 0; got {self.location_width_m:g}")
        if self.draws < 1:
            raise InputError(f"error model: draws must be 1 or more; got {self.draws}")


def error_model(project: Project) -> ErrorModel:
    """Return the error of levels that a project's verdicts are drawn with."""
    settings = asdict(project.uncertainty)
    return ErrorModel(**{**settings, "location_width_m": settings["location_width_m"] or None}, seed=project.seed)


@dataclass(frozen=True, slots=True)
class Links:
    """Every cell's known path to a point that the policy counts, sorted by village, point and position.

    ``village`` (villages,) and ``point`` (points,) are the rows that the sorted ones stand for, points that cannot be
    judged left out; the ``*_start`` arrays and the rest are as ``kernels.served.serve_villages`` takes them. The keys
    are fingerprints of names, never of row numbers.
    """

    village: NDArray[np.int64]
    point: NDArray[np.int64]
    point_start: NDArray[np.int64]
    group_start: NDArray[np.int64]
    link_start: NDArray[np.int64]
    slot_start: NDArray[np.int64]
    group_slot: NDArray[np.int64]
    village_key: NDArray[np.uint64]
    point_key: NDArray[np.uint64]
    slot_key: NDArray[np.uint64]
    margin_db: NDArray[np.float64]
    location_sigma_db: NDArray[np.float64]
    operator_bit: NDArray[np.uint64]
    min_operators: int


def name_keys(names: Iterable[str]) -> NDArray[np.uint64]:
    """Return a 64-bit fingerprint of each name, the same on every machine and in every run.

    Examples
    --------
    >>> hex(name_keys(["Lũng Cú"])[0])
    '0x60460f12cfb1a541'
    """
    digests = b"".join(blake2b(name.encode("utf-8"), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def links(
    levels: Levels,
    cells: Cells,
    *,
    radiators: Radiators,
    villages: pd.DataFrame,
    where: VillagePoints,
    state: NDArray[np.int8],
    policy: Policy,
    thresholds: Mapping[Generation, Thresholds],
    location_width_m: float | None,
) -> Links:
    """Return the links that the draws run over.

    Parameters
    ----------
    villages
        Gives village_id, on which with the points' names the keys of villages and points rest.
    state
        What ``judge_points`` says of each point under the same policy; UNDECIDED ones are left out.
    location_width_m
        As in ``ErrorModel``.

    Raises
    ------
    InputError
        If more than 64 operators are named: who has served a point is kept in 64 bits.
    """
    village_ids = villages["village_id"].to_numpy(dtype=object).astype(str)
    judged = np.flatnonzero(state != UNDECIDED)
    point = judged[np.argsort(where.village[judged], kind="stable")]
    village, point_village, point_count = np.unique(where.village[point], return_inverse=True, return_counts=True)
    place_of_point = np.full(len(where.village), -1, dtype=np.int64)
    place_of_point[point] = np.arange(len(point))

    eligible = counted_cells(cells, policy)[levels.cell]
    margin_db = levels.margin_db(thresholds_dbm(cells, thresholds, policy.threshold))
    usable = eligible & levels.known & (margin_db > -np.inf) & (place_of_point[levels.point] >= 0)
    at, cell, margin_db = place_of_point[levels.point[usable]], levels.cell[usable], margin_db[usable]
    position_ids, position = np.unique(radiators.position_id.astype(str), return_inverse=True)
    position = position[cells.radiator][cell]
    order, first_of_group = _in_groups(at, position, margin_db)
    at, cell, position, margin_db = at[order], cell[order], position[order], margin_db[order]

    village_of_group = point_village[at[first_of_group]]
    slots = village_of_group * len(position_ids) + position[first_of_group]
    slot, slot_of_group = np.unique(slots, return_inverse=True)
    slot_village, slot_position = np.divmod(slot, max(len(position_ids), 1))
    slot_start = _starts(np.bincount(slot_village, minlength=len(village)))
    return Links(
        village=village,
        point=point,
        point_start=_starts(point_count),
        group_start=_starts(np.bincount(at[first_of_group], minlength=len(point))),
        link_start=np.append(first_of_group, len(at)),
        slot_start=slot_start,
        group_slot=slot_of_group - slot_start[village_of_group],
        village_key=name_keys(village_ids[village]),
        point_key=_point_keys(village_ids, where)[point],
        slot_key=name_keys(position_ids)[slot_position],
        margin_db=margin_db,
        location_sigma_db=_location_sigma_db(radiators, location_width_m)[cells.radiator][cell],
        operator_bit=_operator_bits(cells)[cell],
        min_operators=policy.min_operators,
    )


def _in_groups(
    point: NDArray[np.int64], position: NDArray[np.int64], margin_db: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the order of links, and where each group of one point and position begins: best groups first."""
    code = point * (int(position.max(initial=0)) + 1) + position
    order = np.argsort(code, kind="stable")
    first = np.unique(code[order], return_index=True)[1]
    length = np.diff(np.append(first, len(order)))
    best_db = np.maximum.reduceat(margin_db[order], first) if len(first) else margin_db
    at = order[first]
    group = np.lexsort((position[at], -best_db, point[at]))
    start = _starts(length[group])
    within = np.arange(len(order)) - np.repeat(start[:-1], length[group])
    return order[np.repeat(first[group], length[group]) + within], start[:-1]


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of those lengths begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _point_keys(village_ids: NDArray[np.str_], where: VillagePoints) -> NDArray[np.uint64]:
    """Return the keys of points: of the village's name and the point's own, the latter empty for a centre."""
    names = zip(village_ids[where.village].tolist(), where.name.tolist(), strict=True)
    return name_keys(f"{village_id}\n{name}" for village_id, name in names)


def _location_sigma_db(radiators: Radiators, width_m: float | None) -> NDArray[np.float64]:
    """Return each radiator's variability over locations for a terminal below the clutter's top. [dB]"""
    from whitesignal.propagation.p1812 import location_variability_db

    if width_m is None:
        return np.zeros(len(radiators))
    bands_mhz, band = np.unique(radiators.band_mhz, return_inverse=True)
    by_band = [
        location_variability_db(band_mhz / 1000.0, rx_height_m=0.0, clutter_height_m=0.0, cell_width_m=width_m)
        for band_mhz in bands_mhz.tolist()
    ]
    return np.asarray(by_band, dtype=np.float64)[band]


def _operator_bits(cells: Cells) -> NDArray[np.uint64]:
    names, code = np.unique(cells.operator.astype(str), return_inverse=True)
    if len(names) > MOST_OPERATORS:
        raise InputError(f"stations: {len(names)} operators; probabilities are for at most {MOST_OPERATORS}")
    return np.uint64(1) << code.astype(np.uint64)

"""Village status: white, weak, covered or unknown, by a named policy.

White: no mobile signal at the village's centre. Weak: signal there, none at one or more residential clusters; without
surveyed clusters, but with points where people live, signal for too few of the people. Covered: neither. Unknown: the
data cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.inputs.vocabulary import UNKNOWN_OPERATOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.bands import Generation, Thresholds
    from whitesignal.project import Policy, ThresholdName
    from whitesignal.radio.cells import Cells
    from whitesignal.radio.levels import Levels
    from whitesignal.villages.points import VillagePoints

Status = Literal["white", "weak", "covered", "unknown"]
STATUSES: tuple[Status, ...] = ("white", "weak", "covered", "unknown")

UNSERVED, SERVED, UNDECIDED = 0, 1, 2
"""What can be said of a point: not served; served; not known."""


def thresholds_dbm(
    cells: Cells, thresholds: Mapping[Generation, Thresholds], name: ThresholdName
) -> NDArray[np.float64]:
    """Return each cell's threshold of that name, shape (cells,). [dBm]"""
    return np.asarray([getattr(thresholds[generation], name) for generation in cells.generation], dtype=np.float64)


def policy_threshold_dbm(
    cells: Cells, thresholds: Mapping[Generation, Thresholds], policy: Policy
) -> NDArray[np.float64]:
    """Return the level that each cell must reach by a policy, inf for generations it does not count. [dBm]"""
    counted = np.isin(cells.generation.astype(str), policy.generations)
    return np.where(counted, thresholds_dbm(cells, thresholds, policy.threshold), np.inf)


def counted_cells(cells: Cells, policy: Policy) -> NDArray[np.bool_]:
    """Return which cells a policy counts, shape (cells,).

    Where several operators are asked for, a cell whose operator nobody named counts for none: it may be any of them.
    """
    counted = np.isin(cells.generation.astype(str), policy.generations)
    return np.asarray(counted & (cells.operator != UNKNOWN_OPERATOR) if policy.min_operators > 1 else counted)


def judge_points(
    levels: Levels,
    cells: Cells,
    ground_known: NDArray[np.bool_],
    *,
    policy: Policy,
    thresholds: Mapping[Generation, Thresholds],
) -> NDArray[np.int8]:
    """Return UNSERVED, SERVED or UNDECIDED for each point.

    Served where enough operators serve over known terrain; undecided where the ground itself is unknown, or where
    enough would if every void on the paths stood at its rim's lowest height; else not served.
    """
    eligible = counted_cells(cells, policy)[levels.cell]
    serves = eligible & (levels.margin_db(thresholds_dbm(cells, thresholds, policy.threshold)) >= 0.0)
    count = len(ground_known)
    certain = _operators_per_point(levels, cells, serves & levels.known, count)
    possible = _operators_per_point(levels, cells, serves, count)
    state = np.full(count, UNSERVED, dtype=np.int8)
    state[possible >= policy.min_operators] = UNDECIDED
    state[certain >= policy.min_operators] = SERVED
    state[~ground_known] = UNDECIDED
    return state


def _operators_per_point(levels: Levels, cells: Cells, chosen: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    names, operator_code = np.unique(cells.operator.astype(str), return_inverse=True)
    serves = np.zeros((count, len(names)), dtype=bool)
    serves[levels.point[chosen], operator_code[levels.cell[chosen]]] = True
    return np.asarray(serves.sum(axis=1, dtype=np.int64))


def too_few_served(unserved: NDArray[np.float64], total: NDArray[np.float64], min_percent: float) -> NDArray[np.bool_]:
    """Return where fewer than a share of the people are served; by the others, so that all served are all at 100 %.

    A billionth of the people is rounding: a share that is exactly met in whole people is met.
    """
    return np.asarray(unserved > ((100.0 - min_percent) / 100.0 + 1e-9) * total)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a policy says of villages; arrays of shape (villages,).

    ``clusters_covered`` and ``clusters_unknown`` count clusters with signal and clusters that cannot be judged;
    ``people_served_percent`` is of the people at points that can be judged, NaN where there are none.
    """

    status: NDArray[np.object_]
    clusters_covered: NDArray[np.int64]
    clusters_unknown: NDArray[np.int64]
    people_served_percent: NDArray[np.float64]


def village_status(
    state: NDArray[np.int8], where: VillagePoints, village_count: int, *, min_people_percent: float
) -> Verdicts:
    """Return each village's status from the state of its points.

    Clusters and people that cannot be judged do not make a village weak: it is judged by the others.
    """
    centre = np.full(village_count, UNDECIDED, dtype=np.int8)
    centre[where.village[where.is_centre]] = state[where.is_centre]

    def clusters_in(wanted: int) -> NDArray[np.int64]:
        return np.bincount(where.village[where.is_cluster & (state == wanted)], minlength=village_count)

    def people_in(wanted: int) -> NDArray[np.float64]:
        chosen = state == wanted
        people = np.bincount(where.village[chosen], weights=where.people[chosen], minlength=village_count)
        return people.astype(np.float64)

    unserved = people_in(UNSERVED)
    total = people_in(SERVED) + unserved
    with np.errstate(invalid="ignore"):
        served_percent = 100.0 * ((total - unserved) / total)
    status = np.full(village_count, "covered", dtype=object)
    status[(clusters_in(UNSERVED) > 0) | too_few_served(unserved, total, min_people_percent)] = "weak"
    status[centre == UNSERVED] = "white"
    status[centre == UNDECIDED] = "unknown"
    return Verdicts(status, clusters_in(SERVED), clusters_in(UNDECIDED), served_percent)


def best_cells(
    levels: Levels, cells: Cells, margin_db: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each point the pair with the largest margin over known terrain, and its cell; -1 where there is none.

    Ties go to the lowest station_id.
    """
    pairs = np.flatnonzero(levels.known)
    order = np.lexsort((cells.rank[levels.cell[pairs]], -margin_db[pairs], levels.point[pairs]))
    pairs = pairs[order]
    points, first = np.unique(levels.point[pairs], return_index=True)
    best_pair = np.full(count, -1, dtype=np.int64)
    best_pair[points] = pairs[first]
    best_cell = np.where(best_pair >= 0, levels.cell[best_pair] if len(levels.cell) else -1, -1)
    return best_pair, best_cell.astype(np.int64)


def best_level_dbm(levels: Levels, cells: Cells, generation: Generation, count: int) -> NDArray[np.float64]:
    """Return the best level of a generation at each point over known terrain, NaN where there is none. [dBm]"""
    chosen = levels.known & (cells.generation == generation)[levels.cell]
    best_dbm = np.full(count, -np.inf)
    np.maximum.at(best_dbm, levels.point[chosen], levels.level_dbm[chosen])
    return np.where(np.isinf(best_dbm), np.nan, best_dbm)


def served_names(
    levels: Levels, cells: Cells, names: NDArray[np.object_], margin_db: NDArray[np.float64], count: int
) -> list[str]:
    """Return for each point the names, one for each cell given, that serve it over known terrain: "A;B", sorted."""
    chosen = levels.known & (margin_db >= 0.0)
    found: list[set[str]] = [set() for _ in range(count)]
    for point, name in zip(levels.point[chosen].tolist(), names[levels.cell[chosen]].tolist(), strict=True):
        found[point].add(name)
    return [";".join(sorted(names_here)) for names_here in found]


def level_columns(levels: Levels, cells: Cells, centre_point: NDArray[np.int64], count: int) -> pd.DataFrame:
    """Return ``level_dbm_2g`` to ``level_dbm_5g`` of villages whose centre is that point, -1 for none. [dBm]"""
    import pandas as pd

    columns = {}
    for generation in GENERATIONS:
        level_dbm = best_level_dbm(levels, cells, generation, count)
        columns[f"level_dbm_{generation.lower()}"] = np.append(level_dbm, np.nan)[centre_point]
    return pd.DataFrame(columns)

"""What villages lose without one group of cells: algebra over who serves where, no physics run again.

An operator's signal at a point hangs on a group if all its cells that serve there belong to it. Without the group the
point keeps as many operators as serve it less those whose signal hangs on it; that is held against the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.villages.service import NO_GROUP, signals

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.dependency.groups import Groups
    from whitesignal.project import Policy
    from whitesignal.villages.points import VillagePoints
    from whitesignal.villages.service import Service, Signals


@dataclass(frozen=True, slots=True)
class Present:
    """How things stand with every group there.

    ``certain`` serves over known terrain, ``possible`` besides if the voids on the paths are low. ``served`` are the
    points, shape (points,), with as many operators for certain as the policy asks; ``counts`` those of them that an
    outage is counted at: centres of villages that are not unknown, and clusters of villages that are covered.
    ``known_centres`` are all centres of villages that are not unknown, with signal or without.
    """

    certain: Signals
    possible: Signals
    where: VillagePoints
    served: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    known_centres: NDArray[np.bool_]
    min_operators: int

    @property
    def centres(self) -> NDArray[np.bool_]:
        """Which points are centres with signal, shape (points,)."""
        return self.counts & self.where.is_centre


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes without each group: pairs of village (row) and group (row), each once, by village, then group.

    ``dark`` shape (pairs, 2): the village's centre has signal, and not for certain without the group. ``unsure``
    (pairs of ``dark``,): it would have, if the voids on the paths are low. ``weakened``: the village is covered, its
    centre keeps its signal and a surveyed cluster does not. ``of_operator``: one row for each operator whose signal at
    the centre goes, so a pair stands as often as operators fall silent.
    """

    dark: NDArray[np.int64]
    unsure: NDArray[np.bool_]
    weakened: NDArray[np.int64]
    of_operator: NDArray[np.int64]


def present(service: Service, villages: pd.DataFrame, policy: Policy) -> Present:
    """Return how things stand, by the village table's statuses and the policy's least number of operators."""
    possible = signals(service)
    certain = possible.take(possible.known)
    where, status = service.where, villages["status"].to_numpy(dtype=object)[service.where.village]
    known = status != "unknown"
    served = certain.operators_at() >= policy.min_operators
    counts = served & ((where.is_centre & known) | (where.is_cluster & (status == "covered")))
    return Present(certain, possible, where, served, counts, known & where.is_centre, policy.min_operators)


def loss(now: Present, groups: Groups) -> Loss:
    """Return what goes without each of the groups."""
    lone = now.certain.lone_groups(groups.of_cell)
    point, group = _lost(now.certain, lone, now)
    at_centre = now.where.is_centre[point]
    dark = _pairs(now.where.village[point[at_centre]], group[at_centre])
    cluster_hit = _pairs(now.where.village[point[~at_centre]], group[~at_centre])
    weakened = cluster_hit[~_among(cluster_hit, dark, len(groups))]
    of_point, of_operator = np.nonzero((lone != NO_GROUP) & now.known_centres[:, None])
    silent = np.stack([now.where.village[of_point], lone[of_point, of_operator]], axis=1)
    return Loss(dark, _unsure(now, groups, dark), weakened, silent)


def _lost(serving: Signals, lone: NDArray[np.int64], now: Present) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return points that count and groups without which too few operators are left there, each pair once."""
    point, operator = np.nonzero((lone != NO_GROUP) & now.counts[:, None])
    pairs = _pairs(point, lone[point, operator])
    point, group = pairs[:, 0], pairs[:, 1]
    left = _operators_left(serving, lone, point, group)
    return point[left < now.min_operators], group[left < now.min_operators]


def _operators_left(
    serving: Signals, lone: NDArray[np.int64], point: NDArray[np.int64], group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how many operators serve each point without the group beside it."""
    left: NDArray[np.int64] = serving.operators_at()[point] - (lone[point] == group[:, None]).sum(axis=1)
    return left


def _unsure(now: Present, groups: Groups, dark: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which dark villages might keep enough operators over voids."""
    centre = np.zeros(now.where.village.max(initial=-1) + 1, dtype=np.int64)
    centre[now.where.village[now.where.is_centre]] = np.flatnonzero(now.where.is_centre)
    point = centre[dark[:, 0]]
    doubtful = np.zeros(now.possible.points, dtype=bool)
    doubtful[now.possible.point[~now.possible.known]] = True
    unsure = doubtful[point]
    if unsure.any():
        lone = now.possible.lone_groups(groups.of_cell)
        left = _operators_left(now.possible, lone, point[unsure], dark[unsure, 1])
        unsure[unsure] = left >= now.min_operators
    return unsure


def served_by(now: Present, groups: Groups) -> NDArray[np.int64]:
    """Return the villages with signal that each group serves at the centre: pairs as in ``Loss``."""
    pair = now.centres[now.certain.point]
    return _village_and_group(now, groups, pair)


def on_one_position(now: Present, groups: Groups, positions: Groups, hanging: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the villages that a group serves from a position without which they go dark: pairs as in ``Loss``.

    ``hanging`` are the pairs of village and position, ``Loss.dark`` of the positions.
    """
    hangs = np.zeros(now.where.village.max(initial=-1) + 1, dtype=bool)
    hangs[hanging[:, 0]] = True
    village = now.where.village[now.certain.point]
    pair = now.centres[now.certain.point] & hangs[village]
    at = np.flatnonzero(pair)
    from_position = np.stack([village[at], positions.of_cell[now.certain.cell[at]]], axis=1)
    pair[at] = _among(from_position, hanging, len(positions))
    return _village_and_group(now, groups, pair)


def positions_serving(now: Present, positions: Groups) -> NDArray[np.int64]:
    """Return how many positions serve the centre of each village with signal, shape (villages with a place,)."""
    pairs = served_by(now, positions)
    return np.bincount(pairs[:, 0], minlength=int(now.where.village.max(initial=-1)) + 1)


def _village_and_group(now: Present, groups: Groups, pair: NDArray[np.bool_]) -> NDArray[np.int64]:
    group = groups.of_cell[now.certain.cell[pair]]
    village = now.where.village[now.certain.point[pair]]
    return _pairs(village[group != NO_GROUP], group[group != NO_GROUP])


def _pairs(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each pair once, by the first, then the second, shape (pairs, 2)."""
    base = int(second.max(initial=0)) + 1
    # One number for each pair sorts much faster than rows of two, and sorting is faster than unique's hashing.
    key = np.sort(first * base + second)
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = key[1:] != key[:-1]
    return np.stack(np.divmod(key[fresh], base), axis=1)


def _among(pairs: NDArray[np.int64], those: NDArray[np.int64], base: int) -> NDArray[np.bool_]:
    """Return which of the pairs are among those; ``base`` is more than any second entry."""
    return np.isin(pairs @ [base, 1], those @ [base, 1])

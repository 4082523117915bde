"""Who serves which sample point, and which operators' signal there hangs on one group of cells alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.villages.status import policy_threshold_dbm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from whitesignal.bands import Generation, Thresholds
    from whitesignal.project import Policy
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.levels import Levels
    from whitesignal.villages.points import VillagePoints

NO_GROUP = -1
"""Stands for cells of which no group is known, and for a signal that hangs on no single group."""


@dataclass(frozen=True, slots=True)
class Service:
    """Who serves where: the levels, what they belong to, and the threshold that each cell must reach.

    ``threshold_dbm`` has shape (cells,); infinite for a cell that does not count.
    """

    levels: Levels
    cells: Cells
    radiators: Radiators
    where: VillagePoints
    threshold_dbm: NDArray[np.float64]

    @property
    def position_of_cell(self) -> NDArray[np.object_]:
        """The position_id of each cell, shape (cells,)."""
        return self.radiators.position_id[self.cells.radiator]

    @property
    def band_of_cell_mhz(self) -> NDArray[np.float64]:
        """The band of each cell, shape (cells,). [MHz]"""
        return self.radiators.band_mhz[self.cells.radiator]


def policy_service(
    levels: Levels,
    cells: Cells,
    radiators: Radiators,
    where: VillagePoints,
    *,
    policy: Policy,
    thresholds: Mapping[Generation, Thresholds],
) -> Service:
    """Return who serves where by a policy: cells of generations that it does not count serve nowhere."""
    return Service(levels, cells, radiators, where, policy_threshold_dbm(cells, thresholds, policy))


@dataclass(frozen=True, slots=True)
class Signals:
    """Which cell serves which point; arrays of shape (pairs,), by cell, then point.

    ``operator`` is the row in ``operators``, which are sorted. A pair that is not ``known`` serves only if a void of
    the terrain on its path is low.
    """

    point: NDArray[np.int64]
    cell: NDArray[np.int64]
    operator: NDArray[np.int64]
    known: NDArray[np.bool_]
    operators: NDArray[np.str_]
    points: int

    def take(self, chosen: NDArray[np.bool_]) -> Signals:
        """Return some of the pairs."""
        return Signals(
            self.point[chosen], self.cell[chosen], self.operator[chosen], self.known[chosen], self.operators,
            self.points,
        )  # fmt: skip

    def operators_at(self) -> NDArray[np.int64]:
        """Return how many operators serve each point, shape (points,)."""
        serves = np.zeros(self.points * len(self.operators), dtype=bool)
        serves[self._point_and_operator()] = True
        count: NDArray[np.int64] = serves.reshape(self.points, len(self.operators)).sum(axis=1)
        return count

    def lone_groups(self, group_of_cell: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the one group that all an operator's cells that serve a point belong to, shape (points, operators).

        ``group_of_cell`` has shape (cells,). Without that group the operator's signal is gone there. ``NO_GROUP`` where
        the cells belong to several groups or one of them to none, and where there is no signal to lose.
        """
        at, group = self._point_and_operator(), group_of_cell[self.cell]
        # The least and the greatest group of each set in one pass: sorting the pairs would take ten times as long.
        least = np.full(self.points * len(self.operators), np.iinfo(np.int64).max)
        greatest = np.full(len(least), NO_GROUP)
        np.minimum.at(least, at, group)
        np.maximum.at(greatest, at, group)
        lone = np.where(least == greatest, greatest, NO_GROUP)
        return lone.reshape(self.points, len(self.operators))

    def _point_and_operator(self) -> NDArray[np.int64]:
        return self.point * len(self.operators) + self.operator


def signals(service: Service) -> Signals:
    """Return every pair of cell and point where the cell serves, over known terrain or if the void on its path is low.

    What serves for sure are the pairs that are ``known``.
    """
    levels = service.levels
    serves = levels.margin_db(service.threshold_dbm) >= 0.0
    operators, operator_of_cell = np.unique(service.cells.operator.astype(str), return_inverse=True)
    cell = levels.cell[serves].astype(np.int64)
    return Signals(
        point=levels.point[serves].astype(np.int64),
        cell=cell,
        operator=operator_of_cell.astype(np.int64)[cell],
        known=levels.known[serves],
        operators=operators,
        points=len(service.where.village),
    )

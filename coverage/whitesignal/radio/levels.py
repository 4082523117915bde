"""From reach to received levels: the link budget's other half, plain arithmetic on pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.arrays import joined
from whitesignal.radio.antenna import pattern_loss_db

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.radio.cells import Cells
    from whitesignal.radio.reach import Reach


@dataclass(frozen=True, slots=True)
class Levels:
    """Received levels of every cell at every point in its range; arrays of shape (pairs,), sorted by cell, then point.

    ``level_dbm`` is the reference signal's; ``uplink_margin_db`` how far the loss lies below what the telephone can
    overcome. Pairs beyond a cell's distance limit are not here: such a cell cannot serve, whatever its level.
    """

    point: NDArray[np.int32]
    cell: NDArray[np.int32]
    level_dbm: NDArray[np.float64]
    uplink_margin_db: NDArray[np.float64]
    known: NDArray[np.bool_]

    def take(self, chosen: NDArray[np.bool_]) -> Levels:
        """Return some of the pairs, in their order."""
        return Levels(
            self.point[chosen], self.cell[chosen], self.level_dbm[chosen], self.uplink_margin_db[chosen],
            self.known[chosen],
        )  # fmt: skip

    def margin_db(self, threshold_dbm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each pair lies above its cell's threshold or the uplink's limit, whichever is less. [dB]

        ``threshold_dbm`` has shape (cells,). A cell serves a point where this is not negative.
        """
        return np.minimum(self.level_dbm - threshold_dbm[self.cell], self.uplink_margin_db)


def compute_levels(reach: Reach, cells: Cells) -> Levels:
    """Return the levels of all cells over a reach."""
    heard = np.flatnonzero(np.diff(reach.first_pair)[cells.radiator])
    parts = [_cell_levels(reach, cells, cell) for cell in heard.tolist()]
    lengths = np.asarray([len(part[0]) for part in parts], dtype=np.int64)
    return Levels(
        point=joined([part[0] for part in parts], np.int32),
        cell=np.repeat(heard.astype(np.int32), lengths),
        level_dbm=joined([part[1] for part in parts], np.float64),
        uplink_margin_db=joined([part[2] for part in parts], np.float64),
        known=joined([part[3] for part in parts], np.bool_),
    )


def _cell_levels(
    reach: Reach, cells: Cells, cell: int
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    pairs = reach.pairs_of(int(cells.radiator[cell]))
    near = reach.distance_km[pairs] <= cells.max_km[cell]
    loss_db = reach.loss_db[pairs][near].astype(np.float64)
    level_dbm = cell_level_dbm(
        cells,
        cell,
        loss_db=loss_db,
        azimuth_deg=reach.azimuth_deg[pairs][near].astype(np.float64),
        elevation_deg=reach.elevation_deg[pairs][near].astype(np.float64),
    )
    return reach.point[pairs][near], level_dbm, cells.uplink_max_loss_db[cell] - loss_db, reach.known[pairs][near]


def cell_level_dbm(
    cells: Cells,
    cell: int,
    *,
    loss_db: NDArray[np.float64],
    azimuth_deg: NDArray[np.float64],
    elevation_deg: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return one cell's received reference level over paths given by loss and direction of departure. [dBm]"""
    pattern_db = pattern_loss_db(
        azimuth_deg,
        elevation_deg,
        sectors_deg=cells.sectors_deg[cell],
        beamwidth_deg=float(cells.beamwidth_deg[cell]),
        tilt_deg=float(cells.tilt_deg[cell]),
    )
    return float(cells.eirp_dbm[cell]) - pattern_db - loss_db

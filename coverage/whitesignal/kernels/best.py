"""The best and second-best station of each map cell, kept as windows of losses come in."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import kernel, part

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]

NO_LEVEL = -32768
NO_CELL = -1

MAX_ATTENUATION_DB = 25.0
MAX_VERTICAL_ATTENUATION_DB = 20.0
VERTICAL_BEAMWIDTH_DEG = 10.0
"""The sector pattern of `radio.antenna`, whose twin `reduce_cell` is."""


@kernel
def reduce_cell(
    window_loss_db: Narrow,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
    window_slope: Narrow,
    first_row: int,
    first_column: int,
    wanted: NDArray[np.bool_],
    cell: int,
    rank: NDArray[np.int64],
    eirp_dbm: float,
    sectors_deg: Floats,
    beamwidth_deg: float,
    tilt_deg: float,
    max_km: float,
    uplink_max_loss_db: float,
    level: NDArray[np.int16],
    server: NDArray[np.int32],
    served: NDArray[np.int16],
    served_any: NDArray[np.int16],
) -> None:
    """Take one cell's levels over a window into the best so far: levels in hundredths of a dBm.

    The window starts at ``first_row``, ``first_column`` of the grid. ``level`` and ``server`` hold the best and the
    second best, shape (2, rows, columns) of the grid; ``served`` and ``served_any`` the best that the uplink reaches
    too, of the cell's operator and of all, shape (1, rows, columns). Of equal levels the cell of the lowest rank stays
    ahead, so the order in which cells come does not matter.
    """
    rows, columns = window_km.shape
    for row in range(rows):
        for column in range(columns):
            loss_db = float(window_loss_db[row, column])
            down, across = first_row + row, first_column + column
            if not wanted[down, across] or window_km[row, column] > max_km or math.isnan(loss_db):
                continue
            pattern_db = 0.0
            if sectors_deg.size > 0:
                off_axis = 180.0
                for sector in range(sectors_deg.size):
                    turn = abs((window_azimuth_deg[row, column] - sectors_deg[sector] + 180.0) % 360.0 - 180.0)
                    off_axis = min(off_axis, turn)
                pattern_db = min(12.0 * (off_axis / beamwidth_deg) ** 2, MAX_ATTENUATION_DB)
            if not math.isnan(tilt_deg):
                below = -math.degrees(math.atan(0.001 * window_slope[row, column])) - tilt_deg
                vertical_db = min(12.0 * (below / VERTICAL_BEAMWIDTH_DEG) ** 2, MAX_VERTICAL_ATTENUATION_DB)
                pattern_db = min(pattern_db + vertical_db, MAX_ATTENUATION_DB)
            here = min(max(math.floor((eirp_dbm - pattern_db - loss_db) * 100.0 + 0.5), NO_LEVEL + 1), 32767)
            best, second = level[0, down, across], level[1, down, across]
            ahead, behind = server[0, down, across], server[1, down, across]
            if _ahead(here, cell, best, ahead, rank):
                level[1, down, across], server[1, down, across] = best, ahead
                level[0, down, across], server[0, down, across] = here, cell
            elif _ahead(here, cell, second, behind, rank):
                level[1, down, across], server[1, down, across] = here, cell
            if loss_db <= uplink_max_loss_db:
                served[0, down, across] = max(served[0, down, across], here)
                served_any[0, down, across] = max(served_any[0, down, across], here)


@part
def _ahead(level: int, cell: int, other_level: int, other: int, rank: NDArray[np.int64]) -> bool:
    """Return whether a cell comes before another: by level, then by rank."""
    return level > other_level or (level == other_level and (other == NO_CELL or rank[cell] < rank[other]))

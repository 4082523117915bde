"""The best and second-best station of each map cell, kept while sites come in: what the threads of a map share."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import GENERATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.bands import Generation
    from whitesignal.grid import Grid
    from whitesignal.radio.cells import Cells
    from whitesignal.radio.windows import Window

ANY_OPERATOR = "any"

NO_LEVEL = int(np.iinfo(np.int16).min)
"""Marks a map cell without a level, where levels are kept in hundredths of a dBm."""

NO_SERVER = -1


@dataclass(frozen=True, slots=True)
class RadioMap:
    """Rasters on one grid; levels in hundredths of a dBm (int16), ``NO_LEVEL`` where no station is in range.

    ``level`` is the best station's per generation, ``server`` its row in the station table; ``second_level`` and
    ``second_server`` those of the next best. ``served`` is, per generation and operator, the best level of the stations
    that the telephone's uplink also reaches.
    """

    grid: Grid
    level: Mapping[Generation, NDArray[np.int16]]
    server: Mapping[Generation, NDArray[np.int32]]
    second_level: Mapping[Generation, NDArray[np.int16]]
    second_server: Mapping[Generation, NDArray[np.int32]]
    served: Mapping[tuple[Generation, str], NDArray[np.int16]]

    def level_dbm(self, generation: Generation) -> NDArray[np.float32]:
        """Return a generation's best level, NaN where there is none. [dBm]"""
        centi_dbm = self.level[generation]
        return np.where(centi_dbm == NO_LEVEL, np.nan, centi_dbm / np.float32(100.0)).astype(np.float32)


class BestServers:
    """The best so far.

    The outcome does not depend on the order in which sites arrive: of equal levels the lowest station_id stays ahead.
    """

    def __init__(self, cells: Cells, grid: Grid, wanted: NDArray[np.bool_]) -> None:
        self._cells = cells
        self._grid = grid
        self._wanted = wanted
        self._lock = threading.Lock()
        self._level = {name: self._empty_levels(2) for name in GENERATIONS}
        self._cell = {name: np.full((2, *grid.shape), NO_SERVER, dtype=np.int32) for name in GENERATIONS}
        self._served: dict[tuple[Generation, str], NDArray[np.int16]] = {}

    def _empty_levels(self, layers: int) -> NDArray[np.int16]:
        return np.full((layers, *self._grid.shape), NO_LEVEL, dtype=np.int16)

    def add(self, window: Window, band: int, cell: int) -> None:
        """Take the levels of one cell in one of the window's bands."""
        from whitesignal.kernels import best

        cells = self._cells
        generation: Generation = cells.generation[cell]
        rows, columns = window.place
        with self._lock:
            served, served_any = (
                self._served.setdefault((generation, name), self._empty_levels(1))
                for name in (str(cells.operator[cell]), ANY_OPERATOR)
            )
            best.reduce_cell(
                window.loss_db[band],
                window.distance_km,
                window.azimuth_deg,
                window.departure_slope,
                rows.start,
                columns.start,
                self._wanted,
                cell,
                cells.rank,
                float(cells.eirp_dbm[cell]),
                np.asarray(cells.sectors_deg[cell], dtype=np.float64),
                float(cells.beamwidth_deg[cell]),
                float(cells.tilt_deg[cell]),
                float(cells.max_km[cell]),
                float(cells.uplink_max_loss_db[cell]),
                self._level[generation],
                self._cell[generation],
                served,
                served_any,
            )

    def finished(self) -> RadioMap:
        """Return the map."""
        station_row = np.append(self._cells.station_row, NO_SERVER).astype(np.int32)
        return RadioMap(
            self._grid,
            level={name: values[0] for name, values in self._level.items()},
            server={name: station_row[values[0]] for name, values in self._cell.items()},
            second_level={name: values[1] for name, values in self._level.items()},
            second_server={name: station_row[values[1]] for name, values in self._cell.items()},
            served={key: values[0] for key, values in sorted(self._served.items())},
        )

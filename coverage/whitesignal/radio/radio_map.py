"""Radio map: the best station's level, and which it is, on one grid. For the eye: no verdict rests on it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.arrays import Scalar
from whitesignal.bands import GENERATIONS
from whitesignal.geodesy import distance_and_azimuth, utm_crs
from whitesignal.grid import Grid
from whitesignal.radio.cells import sites
from whitesignal.radio.executor import map_in_order, silent
from whitesignal.radio.levels import cell_level_dbm
from whitesignal.radio.paths import receivers, site_paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.bands import Generation
    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.cells import Cells, Radiators, Site
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.paths import Receivers, SitePaths

ANY_OPERATOR = "any"

NO_LEVEL = np.iinfo(np.int16).min
"""Marks a cell without a level, where levels are kept in hundredths of a dBm."""

NO_SERVER = -1


@dataclass(frozen=True, slots=True)
class RadioMap:
    """Rasters on one grid; levels in hundredths of a dBm (int16), ``NO_LEVEL`` where no station is in range.

    ``level`` is the best station's per generation, ``server`` its row in the station table. ``served`` is, per
    generation and operator, the best level of the stations the telephone's uplink also reaches.
    """

    grid: Grid
    level: Mapping[Generation, NDArray[np.int16]]
    server: Mapping[Generation, NDArray[np.int32]]
    served: Mapping[tuple[Generation, str], NDArray[np.int16]]

    def level_dbm(self, generation: Generation) -> NDArray[np.float32]:
        """Return a generation's best level, NaN where there is none. [dBm]"""
        return np.where(self.level[generation] == NO_LEVEL, np.nan, self.level[generation] / np.float32(100.0)).astype(
            np.float32
        )


def metric_grid(bounds: tuple[float, float, float, float], resolution_m: float) -> Grid:
    """Return a UTM grid over (west, south, east, north) in degrees, its edges on whole multiples of the resolution."""
    from affine import Affine
    from pyproj import Transformer

    west, south, east, north = bounds
    crs = utm_crs((west + east) / 2.0, (south + north) / 2.0)
    left, bottom, right, top = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform_bounds(*bounds)
    left, bottom = (np.floor(edge / resolution_m) * resolution_m for edge in (left, bottom))
    columns, rows = int(np.ceil((right - left) / resolution_m)), int(np.ceil((top - bottom) / resolution_m))
    transform = Affine(resolution_m, 0.0, left, 0.0, -resolution_m, bottom + rows * resolution_m)
    return Grid(crs, transform, (max(rows, 1), max(columns, 1)))


def compute_radio_map(
    terrain: Terrain,
    radiators: Radiators,
    cells: Cells,
    project: Project,
    *,
    grid: Grid,
    wanted: NDArray[np.bool_],
    jobs: int = 1,
    progress: Progress = silent,
) -> RadioMap:
    """Return the radio map over the wanted cells of a grid, by the exact engine: one terrain profile per cell and site.

    Paths over a void of the terrain do not count: their cell takes the best station whose path is known.
    """
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    eastings, northings = (coordinates[wanted] for coordinates in grid.cell_centres())
    points = receivers(terrain, *(np.asarray(part) for part in to_degrees.transform(eastings, northings)))
    best = _Best(cells, len(points))
    by_radiator: dict[int, list[int]] = {}
    for cell, radiator in enumerate(cells.radiator.tolist()):
        by_radiator.setdefault(radiator, []).append(cell)

    def add_site(site: Site) -> None:
        paths, index = _paths_in_reach(terrain, site, radiators, points, project)
        for column, radiator in enumerate(site.radiators):
            for cell in by_radiator.get(radiator, ()):
                best.add(cell, index, *_cell_levels(cells, cell, paths, column))

    for _ in map_in_order(add_site, sites(radiators), jobs=jobs, stage="map", progress=progress):
        pass
    return best.on_grid(grid, wanted)


def _paths_in_reach(
    terrain: Terrain, site: Site, radiators: Radiators, points: Receivers, project: Project
) -> tuple[SitePaths, NDArray[np.int64]]:
    members = np.asarray(site.radiators)
    distance_km, _ = distance_and_azimuth(site.longitude, site.latitude, points.longitude, points.latitude)
    index = np.flatnonzero(distance_km <= radiators.radius_km[members].max())
    bands_mhz = radiators.band_mhz[members].tolist()
    return site_paths(terrain, site, bands_mhz, points.take(index), project), index


def _cell_levels(
    cells: Cells, cell: int, paths: SitePaths, column: int
) -> tuple[NDArray[np.bool_], NDArray[np.int16], NDArray[np.bool_]]:
    """Return which of a site's points the cell may serve, their levels, and at which the uplink reaches back."""
    usable = paths.known & (paths.distance_km <= cells.max_km[cell])
    loss_db = paths.loss_db[usable, column]
    level_dbm = cell_level_dbm(
        cells,
        cell,
        loss_db=loss_db,
        azimuth_deg=paths.azimuth_deg[usable],
        elevation_deg=paths.elevation_deg[usable],
    )
    centi_dbm = np.clip(np.rint(level_dbm * 100.0), NO_LEVEL + 1, np.iinfo(np.int16).max).astype(np.int16)
    return usable, centi_dbm, loss_db <= cells.uplink_max_loss_db[cell]


class _Best:
    """The best so far at each point: the one thing that threads share, and so the one thing with a lock.

    The outcome does not depend on the order in which sites arrive: of equal levels the lowest station_id stays.
    """

    def __init__(self, cells: Cells, count: int) -> None:
        self._cells = cells
        self._count = count
        self._lock = threading.Lock()
        self._level = {name: np.full(count, NO_LEVEL, dtype=np.int16) for name in GENERATIONS}
        self._cell = {name: np.full(count, NO_SERVER, dtype=np.int32) for name in GENERATIONS}
        self._served: dict[tuple[Generation, str], NDArray[np.int16]] = {}

    def add(
        self,
        cell: int,
        index: NDArray[np.int64],
        usable: NDArray[np.bool_],
        centi_dbm: NDArray[np.int16],
        uplink_reaches: NDArray[np.bool_],
    ) -> None:
        """Take one cell's levels at the usable ones of the points ``index``."""
        generation: Generation = self._cells.generation[cell]
        at = index[usable]
        rank = self._cells.rank
        with self._lock:
            level, server = self._level[generation], self._cell[generation]
            no_worse = (centi_dbm > level[at]) | (
                (centi_dbm == level[at]) & ((server[at] == NO_SERVER) | (rank[cell] < rank[server[at]]))
            )
            level[at[no_worse]] = centi_dbm[no_worse]
            server[at[no_worse]] = cell
            for operator in (str(self._cells.operator[cell]), ANY_OPERATOR):
                served = self._served.setdefault((generation, operator), np.full(self._count, NO_LEVEL, dtype=np.int16))
                served[at[uplink_reaches]] = np.maximum(served[at[uplink_reaches]], centi_dbm[uplink_reaches])

    def on_grid(self, grid: Grid, wanted: NDArray[np.bool_]) -> RadioMap:
        """Return the map, the points laid back on the grid they were taken from."""

        def laid_out(values: NDArray[Scalar], nothing: int) -> NDArray[Scalar]:
            raster = np.full(grid.shape, nothing, dtype=values.dtype)
            raster[wanted] = values
            return raster

        station_row = np.append(self._cells.station_row, NO_SERVER).astype(np.int32)
        return RadioMap(
            grid,
            level={name: laid_out(values, NO_LEVEL) for name, values in self._level.items()},
            server={name: laid_out(station_row[values], NO_SERVER) for name, values in self._cell.items()},
            served={key: laid_out(values, NO_LEVEL) for key, values in sorted(self._served.items())},
        )

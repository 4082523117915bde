"""Radio map: the best station's level, and which it is, on one grid. For the eye: no verdict rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.geodesy import utm_crs
from whitesignal.grid import Grid
from whitesignal.propagation.catalog import model
from whitesignal.radio.best_server import BestServers, RadioMap
from whitesignal.radio.cells import sites
from whitesignal.radio.executor import map_in_order, silent
from whitesignal.radio.windows import exact_window, swept_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.cells import Cells, Radiators, Site
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.windows import Window

MAX_CELLS = 100_000_000
"""Of one raster: a province of 250 km by 250 km at 25 m. Several are held in memory at once."""


def metric_grid(bounds: tuple[float, float, float, float], resolution_m: float) -> Grid:
    """Return a UTM grid over (west, south, east, north) in degrees, its edges on whole multiples of the resolution.

    Raises
    ------
    InputError
        If it had more than `MAX_CELLS` cells.
    """
    from affine import Affine
    from pyproj import Transformer

    west, south, east, north = bounds
    crs = utm_crs((west + east) / 2.0, (south + north) / 2.0)
    left, bottom, right, top = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform_bounds(*bounds)
    left, bottom = (np.floor(edge / resolution_m) * resolution_m for edge in (left, bottom))
    columns, rows = int(np.ceil((right - left) / resolution_m)), int(np.ceil((top - bottom) / resolution_m))
    if rows * columns > MAX_CELLS:
        raise InputError(
            f"a map of {columns:,} x {rows:,} cells of {resolution_m:g} m is too large (at most {MAX_CELLS:,} cells); "
            "take a larger resolution"
        )
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
    """Return the radio map over the wanted cells of a grid.

    The engine "sweep" walks rays outward once for all bands of a site; "exact" takes one terrain profile per cell and
    site, as do the models that are not swept. Paths over a void of the terrain do not count: their cell takes the best
    station whose path is known.
    """
    swept = project.radio.engine == "sweep" and model(project.radio.model).can_sweep
    by_radiator: dict[int, list[int]] = {}
    for cell, radiator in enumerate(cells.radiator.tolist()):
        by_radiator.setdefault(radiator, []).append(cell)
    best = BestServers(cells, grid, wanted)

    def window_of(site: Site) -> Window | None:
        if swept:
            return swept_window(terrain, grid, site, radiators, project)
        return exact_window(terrain, grid, wanted, site, radiators, project)

    def add_site(site: Site) -> None:
        window = window_of(site)
        if window is None:
            return
        for band, radiator in enumerate(site.radiators):
            for cell in by_radiator.get(radiator, ()):
                best.add(window, band, cell)

    for _ in map_in_order(add_site, sites(radiators), jobs=jobs, stage="map", progress=progress):
        pass
    return best.finished()

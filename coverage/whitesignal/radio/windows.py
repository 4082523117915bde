"""The part of a map that one site reaches, filled by either engine: exact profiles, or rays swept outward once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whitesignal.geodesy import metres_per_degree
from whitesignal.radio.paths import cell_coordinates, receivers, site_paths
from whitesignal.radio.traces import itm_bands, step_km, surface, terminal_clutter_db, voids
from whitesignal.units import effective_earth_radius_km

if TYPE_CHECKING:
    from whitesignal.grid import Grid, Terrain
    from whitesignal.project import Project
    from whitesignal.radio.cells import Radiators, Site

STEPS_BETWEEN_RAYS = 2.0
"""Spacing of neighbouring rays at their ends, or at `FULL_QUALITY_KM` on longer ones, at quality 1.

On a map whose cells are wider than twice that, it is half a cell.
"""

FULL_QUALITY_KM = 20.0
"""Beyond it rays are left to part: only 2G reaches there, and a map cell is small against the valleys."""

LEAST_RAYS = 72

IRREGULARITY_STRIDE = 16
"""At most so many points of a ray further, ITM's irregularity is found anew; half as many from quality 2 on."""

_Walk = tuple[float, float, NDArray[np.float64], NDArray[np.float64], float, float, float]
"""Cell coordinates of the site and of its rays' ends; step [km]; heights of both antennas above ground [m]."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one site's waves lose on their way to a window of the map.

    ``place`` is the window in the grid. ``loss_db`` has shape (bands, rows, columns), the site's radiators in order,
    NaN where a path is not computed or not known; the others (rows, columns). ``departure_slope`` is the tangent of the
    elevation at which the wave leaves, to the horizon where the path is blocked. [m/km]
    """

    place: tuple[slice, slice]
    loss_db: NDArray[np.float32]
    distance_km: NDArray[np.float32]
    azimuth_deg: NDArray[np.float32]
    departure_slope: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a site's window lies, and how its cells lie from the site: constant, per column, per row. [km]"""

    place: tuple[slice, slice]
    shape: tuple[int, int]
    east_km: NDArray[np.float64]
    north_km: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _BandTerms:
    """What a model adds along a ray in each band, shape (bands,), and the ground it stands on.

    ``free_space_db`` is free space at 1 km with whatever else does not depend on the path; ``scatter_db`` troposcatter
    at 1 km and angle 0, inf for a model without.
    """

    free_space_db: NDArray[np.float64]
    scatter_db: NDArray[np.float64]
    permittivity: float
    conductivity_s_per_m: float


def exact_window(
    terrain: Terrain, grid: Grid, wanted: NDArray[np.bool_], site: Site, radiators: Radiators, project: Project
) -> Window | None:
    """Return a site's window with one terrain profile to each wanted cell; None where it reaches none."""
    from pyproj import Transformer

    frame = _frame(grid, site, _radius_km(site, radiators))
    if frame is None:
        return None
    rows, columns = np.mgrid[: frame.shape[0], : frame.shape[1]]
    distance_km = np.hypot(
        frame.east_km[0] + frame.east_km[1] * columns + frame.east_km[2] * rows,
        frame.north_km[0] + frame.north_km[1] * columns + frame.north_km[2] * rows,
    )
    near = wanted[frame.place] & (distance_km <= _radius_km(site, radiators))
    easting, northing = grid.transform * (
        columns[near] + frame.place[1].start + 0.5,
        rows[near] + frame.place[0].start + 0.5,
    )
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    points = receivers(terrain, *(np.asarray(part) for part in to_degrees.transform(easting, northing)))
    bands_mhz = radiators.band_mhz[list(site.radiators)].tolist()
    paths = site_paths(terrain, site, bands_mhz, points, project, in_villages=False)
    window = _empty(frame, len(site.radiators))
    window.loss_db[:, near] = np.where(paths.known, paths.loss_db.T, np.nan)
    window.distance_km[near] = paths.distance_km
    window.azimuth_deg[near] = paths.azimuth_deg
    window.departure_slope[near] = 1000.0 * np.tan(np.radians(paths.elevation_deg))
    return window


def swept_window(terrain: Terrain, grid: Grid, site: Site, radiators: Radiators, project: Project) -> Window | None:
    """Return a site's window from rays walked outward once for all its bands; None where it reaches none.

    A site off the terrain, or on its outermost half cell, reaches none.
    """
    members = list(site.radiators)
    frame = _frame(grid, site, _radius_km(site, radiators))
    tx_column, tx_row = (float(part[0]) for part in _cell_of(terrain, site))
    rows, columns = terrain.height_m.shape
    if frame is None or not (0.5 <= tx_column < columns - 0.5 and 0.5 <= tx_row < rows - 0.5):
        return None
    step = step_km(terrain, project.radio)
    band_count = np.ceil(radiators.radius_km[members] / step).astype(np.int64) + 2
    count = int(band_count.max())
    apart_km = max(STEPS_BETWEEN_RAYS * step, math.sqrt(abs(grid.transform.determinant)) / 2000.0)
    out_km = min(count * step, FULL_QUALITY_KM)
    rays = max(LEAST_RAYS, math.ceil(2.0 * math.pi * out_km / apart_km * project.radio.quality))
    end_column, end_row = _ray_ends(terrain, site, rays, (count - 1) * step)
    walk = (tx_column, tx_row, end_column, end_row, step, site.antenna_height_m, project.clutter.terminal_height_m)
    window = _empty(frame, len(members))
    fill = _fill_by_itm if project.radio.model == "itm" else _fill_by_p1812
    fill(terrain, walk, radiators.band_mhz[members], band_count, project, frame, window)
    return window


def _fill_by_p1812(
    terrain: Terrain,
    walk: _Walk,
    bands_mhz: NDArray[np.float64],
    band_count: NDArray[np.int64],
    project: Project,
    frame: _Frame,
    window: Window,
) -> None:
    """Fill a window by P.1812, or by free space and diffraction alone."""
    from whitesignal.kernels import cells, cells_p1812

    terms = _band_terms(bands_mhz, project)
    count, rays = int(band_count.max()), len(walk[2])
    cells_p1812.sweep_site(
        terrain.height_m,
        surface(terrain, project.radio),
        voids(terrain),
        *walk,
        effective_earth_radius_km(project.radio.delta_n),
        np.column_stack([bands_mhz, terms.free_space_db, terms.scatter_db, band_count.astype(np.float64)]),
        count,
        project.radio.polarization == "vertical",
        terms.permittivity,
        terms.conductivity_s_per_m,
        frame.east_km,
        frame.north_km,
        *cells.sorting_space(rays, count, window.distance_km.size),
        cells_p1812.working_space(count),
        window.loss_db,
        window.distance_km,
        window.azimuth_deg,
        window.departure_slope,
    )


def _fill_by_itm(
    terrain: Terrain,
    walk: _Walk,
    bands_mhz: NDArray[np.float64],
    band_count: NDArray[np.int64],
    project: Project,
    frame: _Frame,
    window: Window,
) -> None:
    """Fill a window by ITM."""
    from whitesignal.kernels import cells, cells_itm

    count, rays = int(band_count.max()), len(walk[2])
    cells_itm.sweep_site_itm(
        terrain.height_m,
        voids(terrain),
        *walk,
        project.radio.n0,
        IRREGULARITY_STRIDE if project.radio.quality < 2.0 else IRREGULARITY_STRIDE // 2,
        itm_bands(bands_mhz, project.radio),
        band_count,
        count,
        terminal_clutter_db(bands_mhz, project.clutter),
        frame.east_km,
        frame.north_km,
        *cells.sorting_space(rays, count, window.distance_km.size),
        window.loss_db,
        window.distance_km,
        window.azimuth_deg,
        window.departure_slope,
    )


def _cell_of(terrain: Terrain, site: Site) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return cell_coordinates(terrain, np.asarray([site.longitude]), np.asarray([site.latitude]))


def _radius_km(site: Site, radiators: Radiators) -> float:
    return float(radiators.radius_km[list(site.radiators)].max())


def _empty(frame: _Frame, bands: int) -> Window:
    def layer() -> NDArray[np.float32]:
        return np.full(frame.shape, np.nan, dtype=np.float32)

    return Window(frame.place, np.full((bands, *frame.shape), np.nan, dtype=np.float32), layer(), layer(), layer())


def _frame(grid: Grid, site: Site, radius_km: float) -> _Frame | None:
    """Return the window of the grid within a site's radius; None where there is none.

    A conformal grid is a turned and scaled plane around the site, to a few metres within a station's reach: one step
    east and one north tell how.
    """
    from pyproj import Transformer

    east_per_degree_m, north_per_degree_m = (float(part) for part in metres_per_degree(site.latitude))
    longitudes = np.array([site.longitude, site.longitude + 1000.0 / east_per_degree_m, site.longitude])
    latitudes = np.array([site.latitude, site.latitude, site.latitude + 1000.0 / north_per_degree_m])
    easting, northing = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True).transform(longitudes, latitudes)
    forward = np.array([[easting[1] - easting[0], easting[2] - easting[0]],
                        [northing[1] - northing[0], northing[2] - northing[0]]])  # fmt: skip
    to_km = np.linalg.inv(forward)
    across, down = ~grid.transform * (easting[0], northing[0])
    reach_cells = radius_km * float(np.sqrt(abs(np.linalg.det(forward)) / abs(grid.transform.determinant))) + 1.0
    first_row, last_row = max(0, math.floor(down - reach_cells)), min(grid.shape[0], math.ceil(down + reach_cells))
    first, last = max(0, math.floor(across - reach_cells)), min(grid.shape[1], math.ceil(across + reach_cells))
    if first_row >= last_row or first >= last:
        return None
    cell = np.array([[grid.transform.a, grid.transform.b], [grid.transform.d, grid.transform.e]])
    per_cell_km = to_km @ cell
    start_km = per_cell_km @ np.array([first + 0.5 - across, first_row + 0.5 - down])
    return _Frame(
        place=(slice(first_row, last_row), slice(first, last)),
        shape=(last_row - first_row, last - first),
        east_km=np.array([start_km[0], *per_cell_km[0]]),
        north_km=np.array([start_km[1], *per_cell_km[1]]),
    )


def _ray_ends(
    terrain: Terrain, site: Site, rays: int, length_km: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cell coordinates of the ends of equally spaced rays, clockwise from north."""
    from pyproj import Geod

    azimuth_deg = np.arange(rays) * (360.0 / rays)
    start = np.full(rays, site.longitude), np.full(rays, site.latitude)
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(*start, azimuth_deg, np.full(rays, length_km * 1000.0))
    return cell_coordinates(terrain, np.asarray(longitude), np.asarray(latitude))


def _band_terms(bands_mhz: NDArray[np.float64], project: Project) -> _BandTerms:
    from whitesignal.kernels.p1812_band import LAND_CONDUCTIVITY_S_PER_M, LAND_PERMITTIVITY
    from whitesignal.propagation import free_space

    radio = project.radio
    if radio.model == "p526":
        constant_db = free_space.loss_db(1.0, bands_mhz) + terminal_clutter_db(bands_mhz, project.clutter)
        none_db = np.full(len(bands_mhz), np.inf)
        return _BandTerms(constant_db, none_db, radio.permittivity, radio.conductivity_s_per_m)
    log_ghz = np.log10(bands_mhz / 1000.0)
    # P.1812-8 equations (8), (44) and (45); free space is rounded there.
    scatter_db = 190.1 + 25.0 * log_ghz - 2.5 * (log_ghz - math.log10(2.0)) ** 2 - 0.15 * radio.n0
    return _BandTerms(92.4 + 20.0 * log_ghz, scatter_db, LAND_PERMITTIVITY, LAND_CONDUCTIVITY_S_PER_M)

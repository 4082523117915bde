"""Basic transmission loss from one site to many points, by any model: what reach and radio map are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.geodesy import distance_and_azimuth
from whitesignal.propagation.catalog import model
from whitesignal.radio.curves import curve_loss_db
from whitesignal.radio.traces import TRACED_LOSSES, Traced, trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.cells import Site

MIN_DISTANCE_KM = 0.01
"""Points nearer to a mast than this count as this far away: no model here holds at its foot. [km]"""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Points where a terminal stands; ``column`` and ``row`` are the terrain's cell coordinates. Arrays, shape (n,)."""

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    column: NDArray[np.float64]
    row: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.longitude)

    def take(self, index: NDArray[np.int64]) -> Receivers:
        """Return some of the points."""
        return Receivers(self.longitude[index], self.latitude[index], self.column[index], self.row[index])


@dataclass(frozen=True, slots=True)
class SitePaths:
    """Paths from one site to n points in m bands.

    ``slant_km`` is the distance between the antennas; ``elevation_deg`` the departure's, to the horizon where the path
    is blocked. ``loss_db`` (n, m) is the basic transmission loss with terminal clutter. ``known`` is False where a
    stretch of terrain is void and stood at its rim's lowest height, so that the true loss is hardly less.
    """

    distance_km: NDArray[np.float64]
    slant_km: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    elevation_deg: NDArray[np.float64]
    line_of_sight: NDArray[np.bool_]
    known: NDArray[np.bool_]
    loss_db: NDArray[np.float64]


def receivers(terrain: Terrain, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Receivers:
    """Return points given by longitude and latitude, located in the terrain's raster."""
    column, row = cell_coordinates(terrain, longitude, latitude)
    return Receivers(longitude, latitude, column, row)


def cell_coordinates(
    terrain: Terrain, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return columns and rows, counted from the raster's upper-left corner, as fractions."""
    from pyproj import Transformer

    to_terrain = Transformer.from_crs("EPSG:4326", terrain.grid.crs, always_xy=True)
    eastings, northings = to_terrain.transform(longitude, latitude)
    columns, rows = ~terrain.grid.transform * (np.asarray(eastings), np.asarray(northings))
    return np.asarray(columns, dtype=np.float64), np.asarray(rows, dtype=np.float64)


def on_known_ground(terrain: Terrain, points: Receivers) -> NDArray[np.bool_]:
    """Return which points stand on terrain whose height is known."""
    from whitesignal.kernels.exact import SLACK

    known = np.ones(len(points), dtype=bool)
    cells = []
    for place, count in zip((points.row, points.column), terrain.height_m.shape, strict=True):
        known &= (place >= -SLACK) & (place <= count + SLACK)
        # The border itself belongs to the cell within, as it does for a profile.
        cells.append(np.clip(np.nan_to_num(place, posinf=0.0, neginf=0.0), 0, count - 1).astype(np.int64))
    return known & ~terrain.void[tuple(cells)]


def site_paths(
    terrain: Terrain,
    site: Site,
    bands_mhz: Sequence[float],
    points: Receivers,
    project: Project,
    *,
    in_villages: bool = True,
) -> SitePaths:
    """Return the paths from a site to points, by the project's model.

    ``in_villages`` says that the points stand in villages: P.1812 then sees a village's clutter around each.
    """
    distance_km, azimuth_deg = distance_and_azimuth(site.longitude, site.latitude, points.longitude, points.latitude)
    distance_km = np.maximum(distance_km, MIN_DISTANCE_KM)
    bands = np.asarray(bands_mhz, dtype=np.float64)
    if not asks_terrain(project.radio.model):
        return _flat_paths(site, distance_km, azimuth_deg, bands, project)
    traced = traced_paths(terrain, site, points, distance_km, project, in_villages=in_villages)
    if project.radio.model in TRACED_LOSSES:
        loss_db = TRACED_LOSSES[project.radio.model](traced, bands, project)
    else:
        loss_db = curve_loss_db(distance_km, traced.slant_km, traced.line_of_sight, bands, site=site, project=project)
    return SitePaths(
        distance_km, traced.slant_km, azimuth_deg, traced.departure_deg, traced.line_of_sight, traced.known, loss_db
    )


def traced_paths(
    terrain: Terrain,
    site: Site,
    points: Receivers,
    distance_km: NDArray[np.float64],
    project: Project,
    *,
    in_villages: bool,
) -> Traced:
    """Return the terrain profiles' geometry from a site to points at these ground distances."""
    column, row = cell_coordinates(terrain, np.asarray([site.longitude]), np.asarray([site.latitude]))
    return trace(
        terrain,
        site,
        tx_cell=(float(column[0]), float(row[0])),
        rx_cells=(points.column, points.row),
        rx_latitude=points.latitude,
        distance_km=distance_km,
        village_height_m=project.clutter.village_height_m if in_villages else 0.0,
        project=project,
    )


def _flat_paths(
    site: Site,
    distance_km: NDArray[np.float64],
    azimuth_deg: NDArray[np.float64],
    bands_mhz: NDArray[np.float64],
    project: Project,
) -> SitePaths:
    """Return paths by a model that knows no terrain: over a plane, always clear, always known."""
    drop_km = (site.antenna_height_m - project.clutter.terminal_height_m) / 1000.0
    slant_km = np.hypot(distance_km, drop_km)
    clear = np.ones(len(distance_km), dtype=bool)
    loss_db = curve_loss_db(distance_km, slant_km, clear, bands_mhz, site=site, project=project)
    departure_deg = -np.degrees(np.arctan2(drop_km, distance_km))
    return SitePaths(distance_km, slant_km, azimuth_deg, departure_deg, clear, clear, loss_db)


def asks_terrain(name: str) -> bool:
    """Return whether a model's loss depends on the terrain, if only by line of sight."""
    info = model(name)
    return info.uses_terrain or info.needs_line_of_sight

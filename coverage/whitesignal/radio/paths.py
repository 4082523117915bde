"""Basic transmission loss from one site to many points, by any model: what reach and radio map are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.geodesy import distance_and_azimuth
from whitesignal.propagation.catalog import model
from whitesignal.radio.curves import curve_loss_db
from whitesignal.units import effective_earth_radius_km

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from whitesignal.grid import Terrain
    from whitesignal.project import ClutterSettings, Project, RadioSettings
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


def voids(terrain: Terrain) -> NDArray[np.bool_]:
    """Return the terrain's voids as the kernels want them: empty where there are none, which spares them the tests."""
    return terrain.void if terrain.void.any() else np.empty((0, 0), dtype=np.bool_)


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
    terrain: Terrain, site: Site, bands_mhz: Sequence[float], points: Receivers, project: Project
) -> SitePaths:
    """Return the paths from a site to points, by the project's model."""
    radio = project.radio
    distance_km, azimuth_deg = distance_and_azimuth(site.longitude, site.latitude, points.longitude, points.latitude)
    distance_km = np.maximum(distance_km, MIN_DISTANCE_KM)
    geometry, slant_km, known = _trace(terrain, site, points, distance_km, project)
    from whitesignal.kernels import diffraction

    line_of_sight = geometry[:, diffraction.BLOCKED] == 0.0
    bands = np.asarray(bands_mhz, dtype=np.float64)
    if radio.model == "p526":
        loss_db = _p526_loss_db(geometry, slant_km, bands, radio) + terminal_clutter_db(bands, project.clutter)
    else:
        loss_db = curve_loss_db(distance_km, slant_km, line_of_sight, bands, site=site, project=project)
        if not asks_terrain(radio.model):
            known = np.ones_like(known)
    departure_deg = geometry[:, diffraction.DEPARTURE_DEG]
    return SitePaths(distance_km, slant_km, azimuth_deg, departure_deg, line_of_sight, known, loss_db)


def asks_terrain(name: str) -> bool:
    """Return whether a model's loss depends on the terrain, if only by line of sight."""
    info = model(name)
    return info.uses_terrain or info.needs_line_of_sight


def step_km(terrain: Terrain, radio: RadioSettings) -> float:
    """Return the longest interval of a terrain profile: the project's, else the terrain's own resolution. [km]"""
    return (radio.profile_step_m or terrain.resolution_m) / 1000.0


def terminal_clutter_db(bands_mhz: NDArray[np.float64], clutter: ClutterSettings) -> NDArray[np.float64]:
    """Return what a village's own clutter costs in each band, by ITU-R P.2108 §3.1. [dB]

    Above 3 GHz, where the recommendation ends, its formula is carried on; ``radio.ranges`` makes the finding.
    """
    from whitesignal.propagation import p2108

    if clutter.village_height_m <= 0.0:
        return np.zeros(len(bands_mhz))  # [clutter] says that there is none; the formula divides by its height
    return np.asarray(
        [
            p2108.terminal_clutter_db(
                band_mhz / 1000.0,
                terminal_height_m=clutter.terminal_height_m,
                clutter_height_m=clutter.village_height_m,
                clutter_type=p2108.VILLAGE_CLUTTER_TYPE,
                street_width_m=clutter.street_width_m,
                out_of_range="flag",
            )
            for band_mhz in bands_mhz
        ]
    )


def _trace(
    terrain: Terrain, site: Site, points: Receivers, distance_km: NDArray[np.float64], project: Project
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    from whitesignal.kernels import diffraction, exact

    column, row = cell_coordinates(terrain, np.asarray([site.longitude]), np.asarray([site.latitude]))
    geometry = np.empty((len(points), diffraction.GEOMETRY_SIZE))
    slant_km = np.empty(len(points))
    known = np.empty(len(points), dtype=bool)
    exact.trace(
        terrain.height_m,
        voids(terrain),
        terrain.outside_m,
        float(column[0]),
        float(row[0]),
        points.column,
        points.row,
        distance_km,
        site.antenna_height_m,
        project.clutter.terminal_height_m,
        step_km(terrain, project.radio),
        effective_earth_radius_km(project.radio.delta_n),
        geometry,
        slant_km,
        known,
    )
    return geometry, slant_km, known


def _p526_loss_db(
    geometry: NDArray[np.float64], slant_km: NDArray[np.float64], bands_mhz: NDArray[np.float64], radio: RadioSettings
) -> NDArray[np.float64]:
    from whitesignal.kernels import exact
    from whitesignal.propagation import free_space

    loss_db = np.empty((len(geometry), len(bands_mhz)))
    exact.diffraction_losses(
        geometry,
        bands_mhz,
        radio.polarization == "vertical",
        radio.permittivity,
        radio.conductivity_s_per_m,
        effective_earth_radius_km(radio.delta_n),
        loss_db,
    )
    return loss_db + free_space.loss_db(slant_km[:, None], bands_mhz[None, :])

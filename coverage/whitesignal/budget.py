"""One path taken apart: the terrain between a station and a place, the loss term by term, the level it leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.geodesy import distance_and_azimuth
from whitesignal.radio.cells import build_cells, sites
from whitesignal.radio.levels import cell_level_dbm, compute_levels
from whitesignal.radio.paths import MIN_DISTANCE_KM, cell_coordinates, receivers, site_paths
from whitesignal.radio.reach import SamplePoints, compute_reach
from whitesignal.radio.terms import loss_terms_db
from whitesignal.radio.traces import step_km, voids
from whitesignal.text import nfc
from whitesignal.units import effective_earth_radius_km

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project
    from whitesignal.radio.cells import Cells, Radiators, Site


@dataclass(frozen=True)
class Profile:
    """The terrain along a path, from the station; arrays of shape (n,)."""

    distance_km: NDArray[np.float64]
    height_m: NDArray[np.float64]
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class PathBudget:
    """A station's best cell at one place, term by term.

    ``terms_db`` adds up: EIRP less their sum is ``level_dbm``. ``median_level_dbm`` is what a village centre is judged
    by: the median of five points within 100 m, and ``median_margin_db`` its margin; both are NaN beyond the band's
    radius or below its floor. ``margin_db`` is that of the path itself. ``ridge_index`` is the profile's sample that
    blocks most, None on a clear path.
    """

    station_id: str
    operator: str
    generation: str
    place: str
    band_mhz: float
    tx_height_m: float
    rx_height_m: float
    distance_km: float
    azimuth_deg: float
    departure_deg: float
    line_of_sight: bool
    terrain_known: bool
    profile: Profile
    ridge_index: int | None
    effective_radius_km: float
    eirp_dbm: float
    terms_db: Mapping[str, float]
    level_dbm: float
    median_level_dbm: float
    synthetic: bool
    threshold_dbm: float
    margin_db: float
    median_margin_db: float
    uplink_margin_db: float
    max_km: float
    defaults: str

    @property
    def loss_db(self) -> float:
        """Basic transmission loss with terminal clutter, without the antenna's pattern. [dB]"""
        return sum(value for name, value in self.terms_db.items() if name != "antenna pattern")

    @property
    def judged_margin_db(self) -> float:
        """The margin that decides, as in the full run: the median's where there is one, else the path's own. [dB]"""
        return self.margin_db if math.isnan(self.median_margin_db) else self.median_margin_db

    @property
    def serves(self) -> bool:
        """Whether the station serves the place, by level, uplink and distance."""
        return self.judged_margin_db >= 0.0 and self.distance_km <= self.max_km


def find_village(inputs: Inputs, village: str) -> tuple[str, float, float]:
    """Return a village's label and the longitude and latitude of its centre, found by village_id, else by name.

    Raises
    ------
    InputError
        If there is none, several of that name, or it has no place.
    """
    rows, village = inputs.villages.rows, nfc(village)
    found = rows[rows["village_id"] == village]
    if found.empty:
        found = rows[rows["name"] == village]
    if found.empty:
        raise InputError(f"no village with the id or name {village!r}")
    if len(found) > 1:
        ids = ", ".join(found["village_id"].tolist()[:5])
        raise InputError(f"{len(found)} villages are called {village!r}; give one's village_id: {ids}")
    row = found.iloc[0]
    if np.isnan(row["longitude"]):
        raise InputError(f"village {village!r} has no place")
    return f"{row['name']} ({row['village_id']})", float(row["longitude"]), float(row["latitude"])


def path_budget(
    inputs: Inputs, project: Project, station_id: str, *, place: str, longitude: float, latitude: float
) -> PathBudget:
    """Return the budget of the path from a station to a place, for the station's cell that does best there.

    A station that does not count is computed as if it did.

    Raises
    ------
    InputError
        If there is no such station.
    """
    rows = inputs.stations.rows
    station_id = nfc(station_id)
    stations = rows[rows["station_id"] == station_id].assign(counted=True)
    if stations.empty:
        raise InputError(f"no station with the id {station_id!r}")
    radiators, cells = build_cells(stations, project)
    cell, level_dbm, column, site = _best_cell(inputs, project, radiators, cells, longitude, latitude)
    points = receivers(inputs.terrain, np.asarray([longitude]), np.asarray([latitude]))
    bands_mhz = radiators.band_mhz[list(site.radiators)].tolist()
    paths = site_paths(inputs.terrain, site, bands_mhz, points, project)
    profile, ridge_index = _profile(inputs, project, site, longitude, latitude)
    loss_db = float(paths.loss_db[0, column])
    band_mhz = bands_mhz[column]
    row = stations.iloc[int(cells.station_row[cell])]
    threshold_dbm = float(cells.service_dbm[cell])
    uplink_margin_db = float(cells.uplink_max_loss_db[cell]) - loss_db
    median_level_dbm, median_margin_db = _median(inputs, project, stations, cell, longitude, latitude)
    return PathBudget(
        station_id=station_id,
        operator=str(row["operator"]),
        generation=str(row["generation"]),
        place=place,
        band_mhz=band_mhz,
        tx_height_m=site.antenna_height_m,
        rx_height_m=project.clutter.terminal_height_m,
        distance_km=float(paths.distance_km[0]),
        azimuth_deg=float(paths.azimuth_deg[0]),
        departure_deg=float(paths.elevation_deg[0]),
        line_of_sight=bool(paths.line_of_sight[0]),
        terrain_known=bool(paths.known[0]),
        profile=profile,
        ridge_index=None if paths.line_of_sight[0] else ridge_index,
        effective_radius_km=effective_earth_radius_km(project.radio.delta_n),
        eirp_dbm=float(cells.eirp_dbm[cell]),
        terms_db={
            **loss_terms_db(inputs.terrain, site, points, band_mhz, project, paths=paths, loss_db=loss_db),
            "antenna pattern": float(cells.eirp_dbm[cell]) - level_dbm - loss_db,
        },
        level_dbm=level_dbm,
        median_level_dbm=median_level_dbm,
        synthetic=project.synthetic,
        threshold_dbm=threshold_dbm,
        margin_db=min(level_dbm - threshold_dbm, uplink_margin_db),
        median_margin_db=median_margin_db,
        uplink_margin_db=uplink_margin_db,
        max_km=float(cells.max_km[cell]),
        defaults=str(row["defaults"]),
    )


def _best_cell(
    inputs: Inputs, project: Project, radiators: Radiators, cells: Cells, longitude: float, latitude: float
) -> tuple[int, float, int, Site]:
    """Return the cell with the largest margin at a place, its level, its column among its site's bands, its site."""
    points = receivers(inputs.terrain, np.asarray([longitude]), np.asarray([latitude]))
    found = []
    for site in sites(radiators):
        bands_mhz = radiators.band_mhz[list(site.radiators)].tolist()
        paths = site_paths(inputs.terrain, site, bands_mhz, points, project)
        for cell in range(len(cells)):
            if cells.radiator[cell] not in site.radiators:
                continue
            column = site.radiators.index(int(cells.radiator[cell]))
            loss_db = paths.loss_db[:, column]
            level_dbm = float(
                cell_level_dbm(
                    cells, cell, loss_db=loss_db, azimuth_deg=paths.azimuth_deg, elevation_deg=paths.elevation_deg
                )[0]
            )
            margin_db = min(level_dbm - cells.service_dbm[cell], cells.uplink_max_loss_db[cell] - loss_db[0])
            found.append((-float(margin_db), cell, level_dbm, column, site))
    _, cell, level_dbm, column, site = min(found, key=lambda option: option[:2])
    return cell, level_dbm, column, site


def _profile(inputs: Inputs, project: Project, site: Site, longitude: float, latitude: float) -> tuple[Profile, int]:
    """Return the terrain from a site to a place, and the sample that comes nearest to blocking or blocks most."""
    from whitesignal.kernels import diffraction, exact, single

    terrain = inputs.terrain
    ground_km, _ = distance_and_azimuth(site.longitude, site.latitude, longitude, latitude)
    path_km = max(float(ground_km), MIN_DISTANCE_KM)
    columns, rows = cell_coordinates(
        terrain, np.asarray([site.longitude, longitude]), np.asarray([site.latitude, latitude])
    )
    count = exact.interval_count(path_km, step_km(terrain, project.radio)) + 1
    distance_km, height_m, known = np.empty(count), np.empty(count), np.empty(count, dtype=bool)
    exact.read_profile(
        terrain.height_m, voids(terrain), terrain.outside_m, columns[0], rows[0], columns[1], rows[1], path_km, count,
        distance_km, height_m, known,
    )  # fmt: skip
    geometry = np.empty(diffraction.GEOMETRY_SIZE)
    single.diffraction_geometry(
        distance_km, height_m, height_m, count, site.antenna_height_m, project.clutter.terminal_height_m,
        effective_earth_radius_km(project.radio.delta_n), geometry,
    )  # fmt: skip
    return Profile(distance_km, height_m, known), int(geometry[diffraction.RIDGE_INDEX])


def _median(
    inputs: Inputs, project: Project, stations: pd.DataFrame, cell: int, longitude: float, latitude: float
) -> tuple[float, float]:
    """Return a cell's level and margin as a village centre's are judged; NaN beyond its radius or below its floor."""
    radiators, cells = build_cells(stations, project)
    point = SamplePoints(np.asarray([longitude]), np.asarray([latitude]), np.asarray([True]))
    levels = compute_levels(compute_reach(inputs.terrain, radiators, point, project), cells)
    found = levels.cell == cell
    if not found.any():
        return math.nan, math.nan
    return float(levels.level_dbm[found][0]), float(levels.margin_db(cells.service_dbm)[found][0])

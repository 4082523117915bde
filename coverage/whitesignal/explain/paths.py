"""The stations around a village: the nearest, those heard best, and the path from the best one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.budget import PathBudget, path_budget
from whitesignal.explain.facts import Decisive, Ridge, StationPath
from whitesignal.explain.trial import Corner, attempt, points_at
from whitesignal.geodesy import distance_and_azimuth
from whitesignal.radio.cells import Site
from whitesignal.radio.paths import asks_terrain, receivers, site_paths
from whitesignal.villages.status import UNSERVED, policy_threshold_dbm

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LISTED = 5
"""How many of the nearest, and how many of the best, are shown."""

AT_THE_VILLAGE_KM = 0.001
"""Nearer than this a direction says nothing. [km]"""


def stations_around(corner: Corner, point: int) -> tuple[tuple[StationPath, ...], tuple[StationPath, ...]]:
    """Return one station for each of the nearest positions, and those heard best, best first, as seen from a point.

    Stations of generations that the policy does not count are left out. Where the ground is unknown none is heard.
    """
    rows, distance_km = _counted(corner, point)
    near = _nearest_positions(rows, distance_km)
    chosen = np.unique(np.concatenate([near, _heard_best(corner, point)]))
    paths = _paths(corner, chosen, point)
    best = sorted(paths, key=_by_margin)
    if not _ground_known(corner, point):
        best = []
    positions: dict[str, StationPath] = {}
    for path in sorted((path for path in paths if path.station_row in near), key=_by_margin):
        positions.setdefault(path.position_id, path)
    nearest = sorted(positions.values(), key=lambda path: (path.distance_km, path.position_id))
    return tuple(nearest[:LISTED]), tuple(best)


def decisive_path(corner: Corner, station: StationPath, point: int) -> Decisive:
    """Return the path from a station to a point: its terrain, its terms, and what blocks it."""
    scene = corner.physics.scene
    longitude, latitude = (float(axis[point]) for axis in (scene.where.points.longitude, scene.where.points.latitude))
    budget = _budget(corner, station.station_row, longitude, latitude)
    ridge = None
    if asks_terrain(corner.project.radio.model) and budget.ridge_index is not None:
        row = corner.stations.iloc[station.station_row]
        ridge = _ridge(budget, budget.ridge_index, (float(row["longitude"]), float(row["latitude"])),
                       (longitude, latitude))  # fmt: skip
    return Decisive(station, str(scene.where.name[point]), budget, ridge)


def _ridge(budget: PathBudget, index: int, start: tuple[float, float], end: tuple[float, float]) -> Ridge:
    profile = budget.profile
    along_km, length_km = float(profile.distance_km[index]), float(profile.distance_km[-1])
    share = along_km / length_km
    bulge_m = along_km * (length_km - along_km) / (2.0 * budget.effective_radius_km) * 1000.0
    first_m, last_m = float(profile.height_m[0]) + budget.tx_height_m, float(profile.height_m[-1]) + budget.rx_height_m
    line_m = first_m + share * (last_m - first_m)
    height_m = float(profile.height_m[index])
    longitude, latitude = (one + share * (other - one) for one, other in zip(start, end, strict=True))
    return Ridge(along_km, height_m, float(height_m + bulge_m - line_m), longitude, latitude)


def _budget(corner: Corner, station_row: int, longitude: float, latitude: float) -> PathBudget:
    """Return the path of one row of the register alone: rows of one station_id may be several cells."""
    row = corner.stations.iloc[[station_row]]
    inputs = replace(corner.inputs, stations=replace(corner.inputs.stations, rows=row))
    return path_budget(
        inputs, corner.project, str(row["station_id"].iloc[0]), place="", longitude=longitude, latitude=latitude
    )


def _counted(corner: Corner, point: int) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return the stations that radiate and that the policy counts, and how far each is from a point. [km]"""
    stations, points = corner.stations, corner.physics.scene.where.points
    counts = (
        stations["counted"].to_numpy(dtype=bool) & stations["generation"].isin(corner.policy.generations).to_numpy()
    )
    rows = stations[counts].assign(station_row=np.flatnonzero(counts))
    distance_km, _ = distance_and_azimuth(
        rows["longitude"].to_numpy(dtype=np.float64), rows["latitude"].to_numpy(dtype=np.float64),
        points.longitude[point], points.latitude[point],
    )  # fmt: skip
    return rows, np.asarray(distance_km, dtype=np.float64)


def _nearest_positions(rows: pd.DataFrame, distance_km: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rows of the station table that stand on the nearest positions."""
    position = rows["position_id"].to_numpy(dtype=object)
    order = np.lexsort((position.astype(str), distance_km))
    nearest = list(dict.fromkeys(position[order].tolist()))[:LISTED]
    chosen: NDArray[np.int64] = rows["station_row"].to_numpy(dtype=np.int64)[np.isin(position, nearest)]
    return chosen


def _heard_best(corner: Corner, point: int) -> NDArray[np.int64]:
    """Return the rows of the stations whose margin at a point is largest among those within reach."""
    scene = corner.heard
    margin_db = scene.levels.margin_db(policy_threshold_dbm(scene.cells, corner.project.thresholds, corner.policy))
    here = np.flatnonzero((scene.levels.point == point) & np.isfinite(margin_db))
    order = here[np.lexsort((scene.cells.rank[scene.levels.cell[here]], -margin_db[here], ~scene.levels.known[here]))]
    # Walls weigh on every station alike but for its band: a few more make sure that the best are among them.
    return scene.cells.station_row[scene.levels.cell[order[: 4 * LISTED]]]


def _paths(corner: Corner, station_rows: NDArray[np.int64], point: int) -> list[StationPath]:
    """Return those stations as seen from a point, in their order."""
    if len(station_rows) == 0:
        return []
    rows, here = corner.stations.iloc[station_rows], np.asarray([point])
    points = points_at(corner, here)
    trial = attempt(corner, rows, points)
    known = _ground_known(corner, point)
    longitude, latitude = (rows[name].to_numpy(dtype=np.float64) for name in ("longitude", "latitude"))
    _, bearing_deg = distance_and_azimuth(points.longitude, points.latitude, longitude, latitude)
    return [
        StationPath(
            station_id=str(row["station_id"]),
            position_id=str(row["position_id"]),
            operator=str(row["operator"]),
            generation=str(row["generation"]),
            band_mhz=float(row["band_mhz"]),
            antenna_height_m=float(row["antenna_height_m"]),
            distance_km=float(trial.distance_km[at, 0]),
            azimuth_deg=float(trial.azimuth_deg[at, 0]),
            bearing_deg=float(np.asarray(bearing_deg)[at]),
            level_dbm=float(trial.level_dbm[at, 0]) if known else math.nan,
            margin_db=float(trial.margin_db[at, 0]) if known else math.nan,
            line_of_sight=None,
            terrain_known=bool(trial.known[at, 0]) and known,
            limit_km=float(trial.limit_km[at]),
            station_row=int(station_rows[at]),
        )
        for at, (_, row) in enumerate(rows.iterrows())
    ]


def with_sight(corner: Corner, paths: tuple[StationPath, ...], point: int) -> tuple[StationPath, ...]:
    """Return the paths with whether the station sees the point; None stays where nobody can say."""
    points, terrain = corner.physics.scene.where.points, corner.inputs.terrain
    if not asks_terrain(corner.project.radio.model):
        return paths
    place = receivers(terrain, points.longitude[point : point + 1], points.latitude[point : point + 1])
    seen = []
    for path in paths:
        row = corner.stations.iloc[path.station_row]
        site = Site(float(row["longitude"]), float(row["latitude"]), path.antenna_height_m, radiators=(0,))
        clear = bool(site_paths(terrain, site, [path.band_mhz], place, corner.project).line_of_sight[0])
        seen.append(replace(path, line_of_sight=clear) if path.terrain_known else path)
    return tuple(seen)


def _by_margin(path: StationPath) -> tuple[bool, bool, float, str, int]:
    """Order by what counts for certain, then by margin, then by station_id."""
    margin_db = -math.inf if math.isnan(path.margin_db) else path.margin_db
    return (
        not path.terrain_known, path.distance_km > path.limit_km, -margin_db, path.station_id, path.station_row
    )  # fmt: skip


def _ground_known(corner: Corner, point: int) -> bool:
    return bool(corner.physics.scene.ground_known[point])


def hardest_point(corner: Corner, margins_db: list[float]) -> int:
    """Return the point that decides: the centre, or where only clusters lack signal the one that lacks most."""
    status = str(corner.physics.judged.table["status"].iloc[0])
    state = corner.physics.judged.state
    if status != "weak":
        return 0
    lacking = np.flatnonzero(state == UNSERVED)
    return int(
        min(lacking.tolist(), key=lambda point: -math.inf if math.isnan(margins_db[point]) else margins_db[point])
    )

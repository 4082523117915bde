"""The village table: one row per village with everything a planner asks of it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.geodesy import distance_and_azimuth
from whitesignal.villages.points import CLUSTER, PEOPLE
from whitesignal.villages.policy import heard, resolved
from whitesignal.villages.probability import certainty
from whitesignal.villages.rules import Scene, judged, status_columns
from whitesignal.villages.status import best_cells, level_columns, policy_threshold_dbm, served_names, thresholds_dbm

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.project import Project
    from whitesignal.villages.points import VillagePoints
    from whitesignal.villages.probability import Probabilities
    from whitesignal.villages.status import Verdicts

VILLAGE_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "households", "has_grid_power",
    "longitude", "latitude", "status", "best_operator", "best_generation", "best_station", "level_dbm", "margin_db",
    "p_covered", "operators", "level_dbm_2g", "level_dbm_3g", "level_dbm_4g", "level_dbm_5g", "clusters",
    "clusters_covered", "declared_status", "nearest_station_km", "generations", "clusters_unknown", "declared_on",
    "basic_generations", "covered_on", "centre_from", "area_km2", "judged_by", "people_served_percent", "p_signal",
    "certainty",
)  # fmt: skip
"""Columns of ``villages.csv`` whatever the project; verdicts by generation, operator and policy follow. The geometry
goes to ``villages.gpkg`` only."""

JUDGED_BY = ("centre", "people", "clusters")
"""What told weak from covered: nothing but the centre, points where the people live, or surveyed clusters."""

VILLAGES_AT_A_TIME = 256

SAME_KM = 1e-6
"""Two distances are taken as one where they differ by less: by rounding. [km]"""


@dataclass(frozen=True, slots=True)
class Judged:
    """The village table, and what can be said of each sample point (UNSERVED, SERVED or UNDECIDED), shape (points,)."""

    table: gpd.GeoDataFrame
    state: NDArray[np.int8]


def village_table(villages: gpd.GeoDataFrame, stations: pd.DataFrame, scene: Scene, project: Project) -> Judged:
    """Return the accepted villages with status, best station and levels, in their order.

    ``margin_db`` and the best station are by the policy's threshold over all generations the policy counts: the margin
    is the lesser of the level's over the threshold and the uplink's, where the policy asks (indoors, if it does).
    Levels are outdoors. ``operators`` and ``generations`` are those that serve the centre, ``basic_generations`` those
    that do so outdoors at the basic threshold, whatever the policy. Probabilities come later: see ``with_probability``.
    """
    count, points = len(villages), len(scene.where.points)
    cells, where, thresholds = scene.cells, scene.where, project.thresholds
    policy = resolved(project.policy, cells)
    levels = heard(scene.levels, cells, scene.radiators, policy)
    state, verdicts = judged(scene, policy, thresholds, count)
    margin_db = levels.margin_db(policy_threshold_dbm(cells, thresholds, policy))
    best_pair, best_cell = best_cells(levels, cells, margin_db, points)
    centre_point = np.full(count, -1, dtype=np.int64)
    centre_point[where.village[where.is_centre]] = np.flatnonzero(where.is_centre)

    table = villages.copy()
    table["status"] = verdicts.status
    pair, cell = (np.append(best, -1)[centre_point] for best in (best_pair, best_cell))
    pair = np.where((pair >= 0) & np.isfinite(_at(margin_db, pair)), pair, -1)
    cell = np.where(pair >= 0, cell, -1)
    station_ids = stations["station_id"].to_numpy(dtype=object)[cells.station_row]
    table["best_operator"] = _name_at(cells.operator, cell)
    table["best_generation"] = _name_at(cells.generation, cell)
    table["best_station"] = _name_at(station_ids, cell)
    table["level_dbm"] = _at(scene.levels.level_dbm, pair)
    table["margin_db"] = _at(margin_db, pair)
    basic_margin_db = scene.levels.margin_db(thresholds_dbm(cells, thresholds, "basic"))
    for column, names, margins_db in (
        ("operators", cells.operator, margin_db),
        ("generations", cells.generation, margin_db),
        ("basic_generations", cells.generation, basic_margin_db),
    ):
        served = np.asarray([*served_names(levels, cells, names, margins_db, points), ""], dtype=object)
        table[column] = served[centre_point]
    columns = level_columns(scene.levels, cells, centre_point, points)
    for column in columns:
        table[column] = columns[column].to_numpy()
    _judged_by(table, where, verdicts)
    table["nearest_station_km"] = nearest_station_km(table, stations)
    for column in ("p_covered", "p_signal"):
        table[column] = np.nan
    table["certainty"] = ""
    others = status_columns(scene, project, count)
    table = table.assign(**others)
    return Judged(table[[*VILLAGE_COLUMNS, *others, "geometry"]], state)


def _judged_by(table: gpd.GeoDataFrame, where: VillagePoints, verdicts: Verdicts) -> None:
    """Add, in place, by which points weak was told from covered, and what they say."""
    by_kind = [np.bincount(where.village[where.kind == kind], minlength=len(table)) for kind in (PEOPLE, CLUSTER)]
    people, clusters = by_kind
    table["clusters"] = clusters
    table["clusters_covered"] = verdicts.clusters_covered
    table["clusters_unknown"] = verdicts.clusters_unknown
    table["people_served_percent"] = verdicts.people_served_percent
    table["judged_by"] = np.select([clusters > 0, people > 0], [JUDGED_BY[2], JUDGED_BY[1]], JUDGED_BY[0])


def with_probability(table: gpd.GeoDataFrame, chances: Probabilities) -> gpd.GeoDataFrame:
    """Return a village table with how probable its verdicts are, and how sure signal is in words."""
    return table.assign(
        p_covered=chances.p_village_covered,
        p_signal=chances.p_village_signal,
        certainty=certainty(chances.p_village_signal),
    )


def _at(values: NDArray[np.float64], index: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return values by index, NaN where it is -1."""
    return np.append(values, np.nan)[index]


def _name_at(names: NDArray[np.object_], index: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return names by index, empty where it is -1."""
    return np.append(names, "")[index]


def nearest_station_km(villages: pd.DataFrame, stations: pd.DataFrame) -> NDArray[np.float64]:
    """Return each village's distance to the nearest counted station, NaN without a place or a station. [km]"""
    return _nearest_km(villages, _station_places(stations))


def nearest_after(villages: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> NDArray[np.float64]:
    """Return what ``nearest_station_km`` does of the stations after, from the column that tells of those before. [km]

    A village is held against what came; against all only where what went may have been its nearest.
    """
    was, now = (_station_places(stations) for stations in (before, after))
    known_km = villages["nearest_station_km"].to_numpy(dtype=float)
    nearest_km: NDArray[np.float64] = np.fmin(known_km, _nearest_km(villages, now - was))
    lost = _nearest_km(villages, was - now) < known_km + SAME_KM
    nearest_km[lost] = _nearest_km(villages[lost], now)
    return nearest_km


def _station_places(stations: pd.DataFrame) -> set[tuple[float, float]]:
    """Return where counted stations stand: longitude and latitude."""
    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    return set(zip(counted["longitude"].tolist(), counted["latitude"].tolist(), strict=True))


def _nearest_km(villages: pd.DataFrame, places: set[tuple[float, float]]) -> NDArray[np.float64]:
    """Return each village's distance to the nearest of some places, NaN without one. [km]"""
    nearest_km = np.full(len(villages), np.nan)
    if not places:
        return nearest_km
    longitude, latitude = (villages[name].to_numpy(dtype=float)[:, None] for name in ("longitude", "latitude"))
    to_longitude, to_latitude = np.array(sorted(places)).T[:, None, :]
    for start in range(0, len(villages), VILLAGES_AT_A_TIME):
        part = slice(start, start + VILLAGES_AT_A_TIME)
        distance_km, _ = distance_and_azimuth(longitude[part], latitude[part], to_longitude, to_latitude)
        nearest_km[part] = distance_km.min(axis=1)
    return nearest_km

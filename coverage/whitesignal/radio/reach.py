"""Reach: the basic transmission loss between every sample point and every radiator that may serve it.

Physics runs once to fill it; every question after that is algebra over its pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.arrays import joined
from whitesignal.geodesy import distance_and_azimuth, metres_per_degree
from whitesignal.radio.cells import sites
from whitesignal.radio.executor import map_in_order, silent
from whitesignal.radio.paths import SitePaths, receivers, site_paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.cells import Radiators, Site
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.paths import Receivers

PROBES = 5
"""A village centre is judged by the median of this many points: itself and four around it."""

PROBE_DISTANCE_M = 100.0

PROBE_MAJORITY = 3
"""With at least this many probes on known terrain the others do not count."""


@dataclass(frozen=True, slots=True)
class SamplePoints:
    """Where levels are wanted; arrays of shape (n,). ``spread`` points are judged by the median of five probes."""

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    spread: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.longitude)


@dataclass(frozen=True, slots=True)
class Reach:
    """Pairs of sample point and radiator, sorted by radiator, then point; arrays of shape (pairs,).

    ``first_pair[r]`` to ``first_pair[r + 1]`` are radiator r's pairs. Where ``known`` is False the path crosses a void
    of the terrain, and ``loss_db`` holds for the void at its rim's lowest height: the true loss is hardly less.
    """

    point: NDArray[np.int32]
    radiator: NDArray[np.int32]
    loss_db: NDArray[np.float32]
    distance_km: NDArray[np.float32]
    azimuth_deg: NDArray[np.float32]
    elevation_deg: NDArray[np.float32]
    known: NDArray[np.bool_]
    first_pair: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.point)

    def pairs_of(self, radiator: int) -> slice:
        """Return where a radiator's pairs stand."""
        return slice(int(self.first_pair[radiator]), int(self.first_pair[radiator + 1]))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """One radiator's pairs."""

    radiator: int
    point: NDArray[np.int32]
    loss_db: NDArray[np.float32]
    distance_km: NDArray[np.float32]
    azimuth_deg: NDArray[np.float32]
    elevation_deg: NDArray[np.float32]
    known: NDArray[np.bool_]


def compute_reach(
    terrain: Terrain,
    radiators: Radiators,
    points: SamplePoints,
    project: Project,
    *,
    jobs: int = 1,
    progress: Progress = silent,
) -> Reach:
    """Return the losses from every radiator to every sample point within its radius and above its floor.

    Pairs are dropped for those two reasons only, never by rank: an outage must find the next best station still there.
    """
    probes = receivers(terrain, *_probe_places(points))

    def trace_site(site: Site) -> list[_Pairs]:
        return _site_pairs(terrain, site, radiators, points, probes, project)

    found: list[_Pairs] = []
    for pairs in map_in_order(trace_site, sites(radiators), jobs=jobs, stage="villages", progress=progress):
        found.extend(pairs)
    return _assemble(found, len(radiators))


def _probe_places(points: SamplePoints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the probes' places, five for every point in its order: itself, north, east, south, west."""
    east_per_degree_m, north_per_degree_m = metres_per_degree(points.latitude)
    east = np.array([0.0, 0.0, 1.0, 0.0, -1.0]) * PROBE_DISTANCE_M
    north = np.array([0.0, 1.0, 0.0, -1.0, 0.0]) * PROBE_DISTANCE_M
    longitude = points.longitude[:, None] + east / east_per_degree_m[:, None]
    latitude = points.latitude[:, None] + north / north_per_degree_m[:, None]
    return longitude.ravel(), latitude.ravel()


def _site_pairs(
    terrain: Terrain, site: Site, radiators: Radiators, points: SamplePoints, probes: Receivers, project: Project
) -> list[_Pairs]:
    members = np.asarray(site.radiators)
    radius_km = radiators.radius_km[members]
    distance_km, azimuth_deg = distance_and_azimuth(site.longitude, site.latitude, points.longitude, points.latitude)
    near = np.flatnonzero(distance_km <= radius_km.max())
    if len(near) == 0:
        return []
    spread = points.spread[near]
    probe_index = np.concatenate([(near[spread, None] * PROBES + np.arange(PROBES)).ravel(), near[~spread] * PROBES])
    paths = site_paths(terrain, site, radiators.band_mhz[members].tolist(), probes.take(probe_index), project)
    loss_db, elevation_deg, known = _judge_probes(paths, spread)
    pairs = []
    for column, radiator in enumerate(members):
        kept = (distance_km[near] <= radius_km[column]) & (loss_db[:, column] <= radiators.floor_loss_db[radiator])
        at = near[kept]
        pairs.append(
            _Pairs(
                radiator=int(radiator),
                point=at.astype(np.int32),
                loss_db=loss_db[kept, column].astype(np.float32),
                distance_km=distance_km[at].astype(np.float32),
                azimuth_deg=azimuth_deg[at].astype(np.float32),
                elevation_deg=elevation_deg[kept].astype(np.float32),
                known=known[kept],
            )
        )
    return pairs


def _judge_probes(
    paths: SitePaths, spread: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return loss (n, bands), elevation (n,) and known (n,) of points from those of their probes.

    The probes of spread points come first, five for each; then one for each other point.
    """
    bands = paths.loss_db.shape[1]
    split = int(spread.sum()) * PROBES
    probe_known = paths.known[:split].reshape(-1, PROBES)
    probe_loss_db = paths.loss_db[:split].reshape(-1, PROBES, bands)
    probe_elevation_deg = paths.elevation_deg[:split].reshape(-1, PROBES)
    by_majority = probe_known.sum(axis=1) >= PROBE_MAJORITY
    median_loss_db = np.median(probe_loss_db, axis=1)
    partly = by_majority & ~probe_known.all(axis=1)
    if partly.any():
        known_loss_db = np.where(probe_known[partly, :, None], probe_loss_db[partly], np.nan)
        median_loss_db[partly] = np.nanmedian(known_loss_db, axis=1)
    loss_db = np.empty((len(spread), bands))
    elevation_deg = np.empty(len(spread))
    known = np.empty(len(spread), dtype=bool)
    loss_db[spread], loss_db[~spread] = median_loss_db, paths.loss_db[split:]
    elevation_deg[spread], elevation_deg[~spread] = np.median(probe_elevation_deg, axis=1), paths.elevation_deg[split:]
    known[spread], known[~spread] = by_majority, paths.known[split:]
    return loss_db, elevation_deg, known


def _assemble(found: list[_Pairs], radiator_count: int) -> Reach:
    found = sorted(found, key=lambda pairs: pairs.radiator)
    lengths = np.zeros(radiator_count, dtype=np.int64)
    for pairs in found:
        lengths[pairs.radiator] = len(pairs.point)

    return Reach(
        point=joined([pairs.point for pairs in found], np.int32),
        radiator=np.repeat(np.arange(radiator_count, dtype=np.int32), lengths),
        loss_db=joined([pairs.loss_db for pairs in found], np.float32),
        distance_km=joined([pairs.distance_km for pairs in found], np.float32),
        azimuth_deg=joined([pairs.azimuth_deg for pairs in found], np.float32),
        elevation_deg=joined([pairs.elevation_deg for pairs in found], np.float32),
        known=joined([pairs.known for pairs in found], np.bool_),
        first_pair=np.concatenate([[0], np.cumsum(lengths)]),
    )

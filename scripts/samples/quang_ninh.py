"""The Quảng Ninh sample, from a seed to a project folder: shore, terrain, a dense network, villages that it covers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from samples import quang_ninh_operators as operators
from samples import quang_ninh_places as known
from samples.budget import best_margins
from samples.choose import CLEAR_DB, keep_masts, well_apart
from samples.clusters import choose_clusters, cluster_candidates, name_clusters
from samples.divisions import to_plane_km
from samples.facts import Declared
from samples.groups import known_in_part, neighbourhoods
from samples.land import Land, Sample, draw_candidates, mast_quota, town
from samples.losses import Ground
from samples.quang_ninh_relief import make_terrain
from samples.register import OPERATOR_CODES, STATION_COLUMNS, Masts, as_table, base_register, draw_structures, tenants
from samples.settlements import Places, attraction
from samples.shore import Shore, make_shore, shore_districts
from samples.village_table import village_table
from samples.villages import tile

if TYPE_CHECKING:
    import pandas as pd
    import shapely
    from numpy.typing import NDArray

VILLAGE_SURPLUS = 3.0
DECLARED_ON = "2023-06-30"
SURVEYED_SHARE = 0.35
NEAR_KM = 9.0
TENANT_OFFSET_M = 8.0
"""A tenant's register gives the mast's place up to so far from where the owner's gives it."""

TALL_M = 36
"""A mast with room for three operators and more is at least so high. [m]"""

FEEDER_POSITIONS, FEEDERS_KNOWN = 12, 0.80
RING_SITES, RINGS_KNOWN = 16, 0.85
GROUPS = ("power_group", "transmission_group")
SHORT_NAMES = ("HL", "CP", "UB", "MC", "DT", "QY", "VD", "TY", "HH", "DH", "BL", "BC", "CT")

log = logging.getLogger(__name__)


def stream(number: int) -> np.random.Generator:
    """Return the random numbers of one stage: a change in one stage leaves the others' alone."""
    return np.random.default_rng([known.SEED, number])


@dataclass(frozen=True, slots=True)
class ShoreSample:
    """A sample with the sea that its land leaves."""

    sample: Sample
    shore: Shore


@dataclass(frozen=True, slots=True)
class Network:
    """The masts and the register of the stations on them."""

    masts: Masts
    stations: pd.DataFrame


def make_land(shore: Shore) -> Land:
    """Return terrain, outline and districts."""
    ground = Ground(known.LATTICE, make_terrain(stream(0), shore).astype(np.float32))
    return Land(ground, shore.province, shore_districts(shore), attraction(ground))


def _part_of(shore: Shore, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which of the inhabited parts each place lies on."""
    import shapely

    on = shapely.contains_xy(np.array(shore.inhabited)[:, None], longitude, latitude)
    if not (on.sum(axis=0) == 1).all():
        raise ValueError("a place lies at sea")
    return np.argmax(on, axis=0)


def first_masts(shore: Shore) -> list[tuple[float, float]]:
    """Return the places that have a mast whatever is drawn: the 5G trials, and every island's middle."""
    import shapely

    middles = shapely.point_on_surface(shore.inhabited[1:])
    island_places = np.column_stack([shapely.get_x(middles), shapely.get_y(middles)]).round(5)
    return [*known.TRIALS_5G, *map(tuple, island_places.tolist())]


def build_network(land: Land, shore: Shore, candidates: Places, fixed: int) -> Network:
    """Return the 2,150 positions and their 6,296 stations; the first ``fixed`` candidates are built in any case."""
    height_m, structure = draw_structures(stream(2), len(candidates))
    quota = mast_quota(known.DISTRICTS, operators.POSITIONS)
    kept = keep_masts(candidates, frozenset(), quota, set(range(fixed)), operators.POSITIONS)
    built = candidates.take(kept)
    masts = Masts(built.longitude, built.latitude, height_m[kept], structure[kept], town(built, known.DISTRICTS), "QN")
    trials = len(known.TRIALS_5G)
    stand = tenants(stream(3), operators.OPERATORS, masts.town, operators.TENANCIES, first=trials)
    masts = _tall_for_many(masts, stand)
    rows = base_register(stream(4), operators.OPERATORS, masts, stand, trials=trials, days=operators.DAYS)
    columns = [*STATION_COLUMNS[:-1], *GROUPS, STATION_COLUMNS[-1]]
    table = as_table(stream(5), rows, columns)
    position = table["position_id"].str.removeprefix(masts.code).astype(int).to_numpy() - 1
    area = np.column_stack([built.district, _part_of(shore, built.longitude, built.latitude)])
    table = _with_groups(table, position, to_plane_km(built.longitude, built.latitude, land.home), area)
    return Network(masts, _with_own_surveys(stream(6), table, position))


def _tall_for_many(masts: Masts, stand: Sequence[Sequence[str]]) -> Masts:
    """Return the masts with tall ones under three operators and more, changed for those of one operator each."""
    tall = (masts.structure == "A2b") & (masts.height_m >= TALL_M)
    names = np.array([len(operators_here) for operators_here in stand])
    short = np.flatnonzero((names >= 3) & ~tall)
    spare = np.flatnonzero((names == 1) & tall)[: len(short)]
    order = np.arange(len(masts))
    order[short], order[spare] = spare, short
    return replace(masts, height_m=masts.height_m[order], structure=masts.structure[order])


def _with_groups(
    table: pd.DataFrame, position: NDArray[np.int64], places_km: NDArray[np.float64], area: NDArray[np.int64]
) -> pd.DataFrame:
    """Return the register with what its stations hang on: a mast's feeder for all on it, a ring of each operator."""
    feeders = neighbourhoods(places_km, area, SHORT_NAMES, prefix="L", size=FEEDER_POSITIONS)
    power = known_in_part(stream(12), feeders, FEEDERS_KNOWN)[position]
    transmission = np.full(len(table), "", dtype=object)
    rng = stream(13)
    for name in operators.OWN_TRANSMISSION:
        rows = np.flatnonzero(table["operator"] == name)
        sites, site = np.unique(position[rows], return_inverse=True)
        rings = neighbourhoods(places_km[sites], area[sites], SHORT_NAMES, prefix=OPERATOR_CODES[name], size=RING_SITES)
        transmission[rows] = known_in_part(rng, rings, RINGS_KNOWN)[site]
    return table.assign(power_group=power, transmission_group=transmission)


def _with_own_surveys(rng: np.random.Generator, table: pd.DataFrame, position: NDArray[np.int64]) -> pd.DataFrame:
    """Return the register with every tenant's own coordinates of the mast, some metres from its owner's."""
    codes = list(OPERATOR_CODES)
    shape = (int(position.max()) + 1, len(codes))
    angle, away_m = rng.uniform(0.0, 2.0 * np.pi, shape), TENANT_OFFSET_M * np.sqrt(rng.random(shape))
    operator = table["operator"].map(codes.index).to_numpy()
    tenant = (table["operator"] != table["owner"]).to_numpy()
    here = position, operator
    east_deg = np.where(tenant, away_m[here] * np.cos(angle[here]), 0.0) / 103_800.0
    north_deg = np.where(tenant, away_m[here] * np.sin(angle[here]), 0.0) / 110_750.0
    return table.assign(
        longitude=(table["longitude"] + east_deg).round(5), latitude=(table["latitude"] + north_deg).round(5)
    )


def choose_villages(land: Land, shore: Shore, sites: Places, stations: pd.DataFrame) -> Places:
    """Return the 1,452 sites, each with signal to spare; every island where people live has one at least."""
    margin_db = best_margins(land.ground, stations, sites.longitude, sites.latitude, radius_km=NEAR_KM, probes=5).min(
        axis=1
    )
    bright = np.flatnonzero(margin_db >= CLEAR_DB)
    log.info("%d of %d sites have signal to spare", len(bright), len(sites))
    part = _part_of(shore, sites.longitude, sites.latitude)
    places_km = to_plane_km(sites.longitude, sites.latitude, land.home)
    chosen = []
    for number, district in enumerate(known.DISTRICTS):
        mine = bright[sites.district[bright] == number]
        _, first = np.unique(part[mine], return_index=True)
        order = np.concatenate([mine[first], np.delete(mine, first)])
        typical_km = float(np.sqrt(district.area_km2 / district.villages))
        chosen.append(well_apart(places_km, order, district.villages, typical_km))
    result = np.concatenate(chosen)
    if len(np.unique(part[result])) != len(shore.inhabited):
        raise ValueError("an island found no village")
    return sites.take(result)


def _tiles(shore: Shore, sites: Places) -> list[shapely.Polygon]:
    """Return every village's polygon: each part of the land is tiled by the sites on it."""
    part = _part_of(shore, sites.longitude, sites.latitude)
    polygons: dict[int, shapely.Polygon] = {}
    rng = stream(7)
    for number, outline in enumerate(shore.inhabited):
        members = np.flatnonzero(part == number)
        polygons |= dict(zip(members.tolist(), tile(rng, sites.take(members), outline), strict=True))
    return [polygons[site] for site in range(len(sites))]


def _clusters(land: Land, sites: Places, polygons: list[shapely.Polygon], stations: pd.DataFrame) -> pd.DataFrame:
    """Return the surveyed villages' clusters, all with signal to spare."""
    candidates = cluster_candidates(stream(9), polygons, sites, land.drawn_to)
    rng = stream(10)
    surveyed = rng.random(len(sites)) < SURVEYED_SHARE
    candidates = candidates[surveyed[candidates["village"]]].reset_index(drop=True)
    lon, lat = candidates["longitude"].to_numpy(), candidates["latitude"].to_numpy()
    margin_db = best_margins(land.ground, stations, lon, lat, radius_km=NEAR_KM, probes=1).min(axis=1)
    log.info("%d of %d places for clusters have signal to spare", (margin_db >= CLEAR_DB).sum(), len(lon))
    nowhere = np.zeros(len(lon), dtype=bool)
    none = np.array([], dtype=int)
    return choose_clusters(rng, candidates, margin_db >= CLEAR_DB, nowhere, surveyed=surveyed, weak=none)


def make_sample() -> ShoreSample:
    """Return the whole sample."""
    shore = make_shore(stream(1))
    land = make_land(shore)
    log.info("terrain %d to %d m", land.ground.height_m.min(), land.ground.height_m.max())
    first = first_masts(shore)
    quota = mast_quota(known.DISTRICTS, operators.POSITIONS)
    sites, candidates = draw_candidates(
        stream, land, known.DISTRICTS, quota=quota, first=first, surplus=VILLAGE_SURPLUS
    )
    network = build_network(land, shore, candidates, len(first))
    chosen = choose_villages(land, shore, sites, network.stations)
    polygons = _tiles(shore, chosen)
    count = len(chosen)
    declared = Declared(
        status=np.full(count, "covered", dtype=object),
        declared_on=np.full(count, DECLARED_ON, dtype=object),
        covered_on=[None] * count,
        remote=np.zeros(count, dtype=bool),
    )
    villages = village_table(
        known.FACTS, stream, chosen, declared, town=town(chosen, known.DISTRICTS), grid_share=0.995
    )
    clusters = name_clusters(stream(11), _clusters(land, chosen, polygons, network.stations), villages)
    return ShoreSample(Sample(land, network.stations, villages, polygons, clusters), shore)

"""The Hà Giang sample, from a seed to a project folder: terrain, masts, stations, villages, clusters, people."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples import ha_giang_places as known
from samples.budget import best_margins
from samples.choose import (
    CLEAR_DB,
    blockers,
    dark_places,
    keep_masts,
    well_apart,
)
from samples.clusters import choose_clusters, cluster_candidates, name_clusters
from samples.divisions import partition, province_outline, to_plane_km
from samples.facts import Declared
from samples.ha_giang_operators import TENANCIES, operators_before
from samples.ha_giang_relief import make_terrain
from samples.land import Land, Sample, draw_candidates, mast_quota, town
from samples.losses import Ground, links_to
from samples.programme import Programme, covered_first, draw_programme, programme_days, programme_rows
from samples.register import Masts, as_table, base_register, draw_structures, tenants
from samples.settlements import Places, attraction
from samples.village_table import village_table
from samples.villages import tile

if TYPE_CHECKING:
    import pandas as pd
    import shapely
    from numpy.typing import NDArray

POSITIONS_BEFORE = 948
DECLARED_ON = "2022-12-31"
VILLAGE_SURPLUS = 4.5
"""So many times the villages are drawn: most places between the dark ones are too near the threshold."""

SURPLUS = 1.4
"""So many more dark places are prepared than needed; those that turn out best are taken."""
WEAK_VILLAGES = 62
CLUSTER_CLEAR_DB = 6.0
SURVEYED_SHARE = 0.42
FAR_KM = 35.0
NEAR_KM = 9.0

log = logging.getLogger(__name__)


def stream(number: int) -> np.random.Generator:
    """Return the random numbers of one stage: a change in one stage leaves the others' alone."""
    return np.random.default_rng([known.SEED, number])


def make_land() -> Land:
    """Return terrain, outline and districts."""
    ground = Ground(known.LATTICE, make_terrain(stream(0)).astype(np.float32))
    outline = province_outline(stream(1), known.OUTLINE, known.AREA_KM2)
    cut = partition(outline, known.ANCHORS, np.array([district.area_km2 for district in known.DISTRICTS]))
    return Land(ground, outline, cut, attraction(ground))


@dataclass(frozen=True, slots=True)
class Network:
    """Masts before the programme, their stations, and the places that they were kept away from."""

    masts: Masts
    rows: list[dict[str, object]]
    dark: NDArray[np.int64]


def build_network(land: Land, sites: Places, candidates: Places) -> Network:
    """Return the 948 positions and 2,810 stations of 2022, with dark places left between them."""
    height_m, structure = draw_structures(stream(2), len(candidates))
    places = list(zip(candidates.longitude.tolist(), candidates.latitude.tolist(), height_m.tolist(), strict=True))
    links = links_to(land.ground, places, sites.longitude, sites.latitude, radius_km=FAR_KM)
    blocked_by = blockers(links, len(sites), clear_db=CLEAR_DB + 1.5)
    fixed = set(range(len(known.TRIALS_5G)))
    wanted = [int(np.ceil(SURPLUS * (district.covered_2023 + district.still_white))) for district in known.DISTRICTS]
    dark = dark_places(sites, blocked_by, wanted, fixed, land.home)
    log.info("%d dark places at the price of %d of %d masts", len(dark.place), len(dark.forgone), len(candidates))
    kept = keep_masts(candidates, dark.forgone, mast_quota(known.DISTRICTS, POSITIONS_BEFORE), fixed, POSITIONS_BEFORE)
    built = candidates.take(kept)
    masts = Masts(built.longitude, built.latitude, height_m[kept], structure[kept], town(built, known.DISTRICTS), "HG")
    before = operators_before()
    stand = tenants(stream(3), before, masts.town, TENANCIES, first=len(fixed))
    return Network(masts, base_register(stream(4), before, masts, stand, trials=len(fixed)), dark.place)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The villages' sites: first those to be covered in 2023, then those still white, then the others."""

    sites: Places
    covered: int
    white: int
    programme: Programme


def choose_villages(land: Land, sites: Places, network: Network) -> Chosen:
    """Return the 1,957 sites, each clear of the threshold before and after the programme, and the programme."""
    before = as_table(stream(5), network.rows)
    dark = network.dark
    at_dark = best_margins(
        land.ground, before, sites.longitude[dark], sites.latitude[dark], radius_km=FAR_KM, probes=5
    ).max(axis=1)
    dark = dark[at_dark <= -CLEAR_DB]
    log.info("%d of them stay dark with the real antennas", len(dark))
    plan = draw_programme(stream(6), land.ground, land.drawn_to, sites.take(dark))
    lit = covered_first(plan, sites.district[dark], [district.covered_2023 for district in known.DISTRICTS])
    still = _still_white(plan, sites.district[dark], lit)
    programme = plan.only(lit)
    at_sites = best_margins(land.ground, before, sites.longitude, sites.latitude, radius_km=NEAR_KM, probes=5).min(
        axis=1
    )
    bright = np.flatnonzero(at_sites >= CLEAR_DB)
    log.info("%d of %d sites have signal to spare", len(bright), len(sites))
    first = np.concatenate([dark[lit], dark[still]])
    others = []
    for number, district in enumerate(known.DISTRICTS):
        mine = first[sites.district[first] == number]
        order = np.concatenate([mine, bright[sites.district[bright] == number]])
        places_km = to_plane_km(sites.longitude, sites.latitude, land.home)
        kept = well_apart(places_km, order, district.villages, float(np.sqrt(district.area_km2 / district.villages)))
        others.append(np.setdiff1d(kept, mine))
        if not set(mine) <= set(kept.tolist()):
            raise ValueError(f"{district.name}: a white village found no room")
    return Chosen(sites.take(np.concatenate([first, *others])), len(lit), len(still), programme)


def _still_white(plan: Programme, district: NDArray[np.int64], lit: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the dark places that the programme's masts leave dark, so many per district as stay white."""
    reached_db = plan.reach_db[lit].max(axis=0)
    chosen = []
    for number, wanted in enumerate(known.DISTRICTS):
        members = [
            k for k in np.flatnonzero(district == number) if k not in set(lit.tolist()) and reached_db[k] <= -CLEAR_DB
        ]
        if len(members) < wanted.still_white:
            raise ValueError(f"{wanted.name}: {len(members)} of {wanted.still_white} places stay dark")
        chosen.extend(members[: wanted.still_white])
    return np.array(chosen)


def make_sample() -> Sample:
    """Return the whole sample."""
    land = make_land()
    log.info("terrain %d to %d m", land.ground.height_m.min(), land.ground.height_m.max())
    sites, candidates = draw_candidates(
        stream,
        land,
        known.DISTRICTS,
        quota=mast_quota(known.DISTRICTS, POSITIONS_BEFORE),
        first=known.TRIALS_5G,
        surplus=VILLAGE_SURPLUS,
    )
    network = build_network(land, sites, candidates)
    chosen = choose_villages(land, sites, network)
    polygons = tile(stream(7), chosen.sites, land.outline)
    rows = network.rows + programme_rows(network.masts, chosen.programme)
    stations = as_table(stream(5), rows)
    clusters = _clusters(land, chosen, polygons, stations)
    villages = village_table(
        known.FACTS, stream, chosen.sites, _declared(chosen), town=town(chosen.sites, known.DISTRICTS)
    )
    return Sample(land, stations, villages, polygons, name_clusters(stream(11), clusters, villages))


def _declared(chosen: Chosen) -> Declared:
    """Return the list of 2022: the first sites were white, of which the programme has covered some since."""
    count = len(chosen.sites)
    white = np.arange(count) < chosen.covered + chosen.white
    return Declared(
        status=np.where(white, "white", None),
        declared_on=np.where(white, DECLARED_ON, None),
        covered_on=[*programme_days(), *[None] * (count - chosen.covered)],
        remote=white,
    )


def _clusters(land: Land, chosen: Chosen, polygons: list[shapely.Polygon], stations: pd.DataFrame) -> pd.DataFrame:
    """Return the clusters, each clear of the threshold before and after the programme."""
    candidates = cluster_candidates(stream(9), polygons, chosen.sites, land.drawn_to)
    lon, lat = candidates["longitude"].to_numpy(), candidates["latitude"].to_numpy()
    before = stations[~stations["on_air_on"].str.startswith("2023")]
    old = best_margins(land.ground, before, lon, lat, radius_km=NEAR_KM, probes=1)
    maybe_dark = np.flatnonzero(old.max(axis=1) <= -CLUSTER_CLEAR_DB)
    far = best_margins(land.ground, stations, lon[maybe_dark], lat[maybe_dark], radius_km=FAR_KM, probes=1)
    dark = np.zeros(len(lon), dtype=bool)
    dark[maybe_dark] = far.max(axis=1) <= -CLUSTER_CLEAR_DB
    lit = old.min(axis=1) >= CLUSTER_CLEAR_DB
    rng = stream(10)
    white = np.arange(len(chosen.sites)) < chosen.covered + chosen.white
    village = candidates["village"].to_numpy()
    can_be_weak = np.setdiff1d(np.intersect1d(village[dark], village[lit]), np.flatnonzero(white))
    log.info("%d villages could be weak", len(can_be_weak))
    weak = rng.permutation(can_be_weak)[:WEAK_VILLAGES]
    surveyed = (rng.random(len(chosen.sites)) < SURVEYED_SHARE) & ~white
    return choose_clusters(rng, candidates, lit, dark, surveyed=surveyed, weak=weak)

"""Choosing by what the physics says: masts that leave valleys dark, villages that lie clear of the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples.budget import margin_db
from samples.divisions import to_plane_km
from samples.losses import Links
from samples.settlements import Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECTOR_GAIN_DBI = 17.0
CLEAR_DB = 8.0
"""Every village centre lies at least this far from the service threshold, on its side of it. [dB]"""

APART_KM = 1.6
POCKET_KM = 6.0
POCKET_PLACES = 3
"""Dark places lie in many pockets: at most so many others within this distance of one. [km]"""


def blockers(links: Sequence[Links], count: int, *, clear_db: float) -> list[set[int]]:
    """Return, per place, the masts whose best conceivable 2G station would reach it or come within ``clear_db``."""
    found: list[set[int]] = [set() for _ in range(count)]
    for mast, link in enumerate(links):
        best_db = margin_db("2G", link, gain_dbi=SECTOR_GAIN_DBI).max(axis=1)
        for place in link.point[best_db > -clear_db]:
            found[place].add(mast)
    return found


@dataclass(frozen=True, slots=True)
class DarkPlaces:
    """Places to be left dark, and the masts that must not be built for it."""

    place: NDArray[np.int64]
    forgone: frozenset[int]


def dark_places(
    sites: Places, blocked_by: Sequence[set[int]], wanted: Sequence[int], fixed: set[int], home: tuple[float, float]
) -> DarkPlaces:
    """Return dark places, so many per district, at the price of as few masts as a greedy choice finds.

    ``fixed`` masts stand whatever happens; a place that one of them reaches cannot be dark.
    """
    places_km = to_plane_km(sites.longitude, sites.latitude, home)
    left = np.array(wanted)
    forgone: set[int] = set()
    chosen: list[int] = []
    crowd = np.zeros(len(sites), dtype=int)
    open_places = {place for place in range(len(sites)) if not blocked_by[place] & fixed}
    while left.sum():
        open_places = {place for place in open_places if left[sites.district[place]] > 0}
        best = min(open_places, key=lambda place: (len(blocked_by[place] - forgone), place))
        chosen.append(best)
        forgone |= blocked_by[best]
        left[sites.district[best]] -= 1
        away_km = np.hypot(*(places_km - places_km[best]).T)
        crowd[away_km < POCKET_KM] += 1
        open_places -= set(np.flatnonzero((away_km < APART_KM) | (crowd >= POCKET_PLACES)).tolist())
    return DarkPlaces(np.array(chosen), frozenset(forgone))


def keep_masts(
    masts: Places, forgone: frozenset[int], quota: NDArray[np.float64], fixed: set[int], count: int
) -> NDArray[np.int64]:
    """Return which masts are built: the fixed, each district's first drawn up to its quota, then whoever is next."""
    rank = np.empty(len(masts))
    for district in range(len(quota)):
        members = [mast for mast in np.flatnonzero(masts.district == district) if mast not in forgone]
        rank[members] = np.arange(len(members)) / quota[district]
    rank[list(forgone)] = np.inf
    rank[list(fixed)] = -1.0
    return np.sort(np.argsort(rank, kind="stable")[:count])


def well_apart(
    places_km: NDArray[np.float64], order: NDArray[np.int64], count: int, typical_km: float
) -> NDArray[np.int64]:
    """Return ``count`` of the places in their order, as far apart as that number allows."""
    from samples.settlements import spaced

    for share in np.arange(0.80, 0.30, -0.03):
        kept = spaced(places_km[order], np.full(len(order), share * typical_km), count)
        if len(kept) == count:
            return order[kept]
    raise ValueError(f"only {len(kept)} of {count} villages find a place")

"""Where people and masts may stand: places drawn at random, more of them on gentle ground low in the valleys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples.divisions import Division, to_plane_km
from samples.losses import Ground

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

NEIGHBOURHOOD_CELLS = 23


@dataclass(frozen=True, slots=True)
class Attraction:
    """What draws a settlement, as rasters on the terrain's lattice: slope [deg], place in the relief (0 to 1)."""

    ground: Ground
    slope_deg: NDArray[np.float32]
    relief_share: NDArray[np.float32]

    def log_weight(
        self, longitude: NDArray[np.float64], latitude: NDArray[np.float64], *, seat: tuple[float, float], pull: float
    ) -> NDArray[np.float64]:
        """Return the logarithm of how likely each place is; ``pull`` is the weight of a seat's centre."""
        rows, columns = (np.rint(part).astype(int) for part in self.ground.lattice.row_column(longitude, latitude))
        from_seat_km = np.hypot(*(to_plane_km(longitude, latitude, seat)).T)
        here = -self.slope_deg[rows, columns] / 11.0 - 2.2 * self.relief_share[rows, columns]
        return here + pull * np.exp(-from_seat_km / 2.5)


def attraction(ground: Ground) -> Attraction:
    """Return the rasters that settlements are drawn by."""
    from scipy.ndimage import gaussian_filter, maximum_filter, minimum_filter

    down, across = np.gradient(gaussian_filter(ground.height_m, 0.8), ground.lattice.north_m, ground.lattice.east_m)
    lowest = minimum_filter(ground.height_m, NEIGHBOURHOOD_CELLS)
    highest = maximum_filter(ground.height_m, NEIGHBOURHOOD_CELLS)
    share = (ground.height_m - lowest) / np.maximum(highest - lowest, 80.0)
    return Attraction(ground, np.degrees(np.arctan(np.hypot(down, across))), share)


@dataclass(frozen=True, slots=True)
class Places:
    """Places with their district; arrays of shape (n,)."""

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    district: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.longitude)

    def take(self, index: NDArray) -> Places:
        """Return some of the places."""
        return Places(self.longitude[index], self.latitude[index], self.district[index])

    def joined(self, other: Places) -> Places:
        """Return these places and then the others."""
        return Places(
            np.concatenate([self.longitude, other.longitude]),
            np.concatenate([self.latitude, other.latitude]),
            np.concatenate([self.district, other.district]),
        )


def spaced(places_km: NDArray[np.float64], spacing_km: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return the first ``count`` places, in their order, none nearer to an earlier one than its own spacing."""
    kept_km = np.full((count, 2), np.inf)
    kept: list[int] = []
    for place, (here_km, apart_km) in enumerate(zip(places_km, spacing_km, strict=True)):
        if len(kept) == count:
            break
        if ((kept_km[: len(kept)] - here_km) ** 2).sum(axis=1).min(initial=np.inf) >= apart_km**2:
            kept_km[len(kept)] = here_km
            kept.append(place)
    return np.array(kept, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Scatter:
    """How places are scattered in one district: how many, how far apart, how strongly the seat draws them."""

    count: int
    spacing_km: float
    seat_spacing_km: float
    pull: float
    edge_km: float = 0.35


def scatter(
    rng: np.random.Generator,
    drawn_to: Attraction,
    outline: shapely.Polygon | shapely.MultiPolygon,
    cut: Division,
    *,
    district: int,
    seat: tuple[float, float],
    how: Scatter,
) -> Places:
    """Return places of one district in the order in which they were drawn."""
    import shapely

    inner = outline.buffer(-how.edge_km / 100.0)
    west, south, east, north = outline.bounds
    tries = 400_000
    longitude, latitude = rng.uniform(west, east, tries), rng.uniform(south, north, tries)
    keys = rng.gumbel(size=tries)
    inside = np.flatnonzero(shapely.contains_xy(inner, longitude, latitude))
    inside = inside[cut.district_of(longitude[inside], latitude[inside]) == district]
    longitude, latitude, keys = longitude[inside], latitude[inside], keys[inside]
    order = np.argsort(-(keys + drawn_to.log_weight(longitude, latitude, seat=seat, pull=how.pull)), kind="stable")
    longitude, latitude = longitude[order].round(5), latitude[order].round(5)
    places_km = to_plane_km(longitude, latitude, seat)
    near_seat = np.exp(-np.hypot(*places_km.T) / 2.0)
    spacing_km = how.spacing_km + (how.seat_spacing_km - how.spacing_km) * near_seat
    kept = spaced(places_km, spacing_km, how.count)
    return Places(longitude[kept], latitude[kept], np.full(len(kept), district))

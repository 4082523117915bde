"""An invented shore: mainland, islands and rocks as polygons that leave the sea between them, and their districts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples import quang_ninh_places as known
from samples.divisions import Partition, area_km2, crooked, partition

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

APART_DEG = 0.004
"""A rock stands at least so far from any other land."""


@dataclass(frozen=True, slots=True)
class Shore:
    """The land and the sea between.

    ``mainland`` is the province's, ``islands`` those of `known.ISLANDS` in their order, ``rocks`` are nobody's;
    ``land`` is all of it with the neighbours', ``sea`` the rest of the frame.
    """

    mainland: shapely.Polygon
    islands: tuple[shapely.Polygon, ...]
    rocks: tuple[shapely.Polygon, ...]
    land: shapely.MultiPolygon
    sea: shapely.Polygon | shapely.MultiPolygon

    @property
    def inhabited(self) -> list[shapely.Polygon]:
        """The province's parts where people live: the mainland, then the islands."""
        own = [part for part, island in zip(self.islands, known.ISLANDS, strict=True) if island.district]
        return [self.mainland, *own]

    @property
    def province(self) -> shapely.MultiPolygon:
        """The parts where people live as one."""
        import shapely

        return shapely.MultiPolygon(self.inhabited)


def _line(rng: np.random.Generator, nodes: Sequence[tuple[float, float]], shortest: float) -> NDArray[np.float64]:
    return crooked(rng, np.array(nodes), shortest=shortest, sway=0.15, widest=0.006).round(5)


def _rocks(rng: np.random.Generator, land: shapely.MultiPolygon) -> tuple[shapely.Polygon, ...]:
    """Return small rocks in the bays, clear of other land and of one another."""
    import shapely

    fields = shapely.union_all([shapely.Polygon(field) for field in known.ROCK_FIELDS])
    west, south, east, north = fields.bounds
    rocks: list[shapely.Polygon] = []
    taken = land
    while len(rocks) < known.ROCKS:
        middle = np.array([rng.uniform(west, east), rng.uniform(south, north)])
        angle = np.sort(rng.uniform(0.0, 2.0 * np.pi, 8))
        reach_deg = rng.uniform(0.0016, 0.0050) * rng.uniform(0.7, 1.0, 8)
        ring = middle + reach_deg[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        rock = shapely.Polygon(ring.round(5))
        if rock.is_valid and fields.contains(rock) and rock.area > 4e-6 and taken.distance(rock) > APART_DEG:
            rocks.append(rock)
            taken = shapely.union(taken, rock)
    return tuple(rocks)


def make_shore(rng: np.random.Generator) -> Shore:
    """Return the shore; the same lines bound the sea, the neighbours and the province."""
    import shapely

    west, coast, east = (_line(rng, nodes, 0.007) for nodes in (known.WEST_COAST, known.COAST_LINE, known.EAST_COAST))
    border = _line(rng, known.BORDER, 0.008)
    mainland = shapely.Polygon(np.concatenate([coast, border[1:-1]]))
    low_west, low_south, high_east, high_north = known.FRAME
    corners = np.array([(high_east, high_north), (low_west, high_north), (low_west, low_south)])
    neighbours = shapely.Polygon(np.concatenate([west[:-1], border[::-1], east[1:-1], corners]))
    islands = tuple(shapely.Polygon(_line(rng, [*island.ring, island.ring[0]], 0.006)[:-1]) for island in known.ISLANDS)
    parts = [mainland, neighbours, *islands]
    if not all(part.is_valid for part in parts):
        raise ValueError("the shore crosses itself: another seed, or straighter lines")
    apart = [shapely.distance(one, other) for k, one in enumerate(islands) for other in (*parts[:2], *islands[:k])]
    if min(apart) < 0.003:
        raise ValueError("an island runs ashore")
    rocks = _rocks(rng, shapely.union_all(parts))
    land = shapely.union_all([*parts, *rocks])
    sea = shapely.box(*known.FRAME).difference(land)
    return Shore(mainland, islands, rocks, land, sea)


@dataclass(frozen=True, slots=True)
class ShoreDistricts:
    """Districts of a province with islands: an island is its own district's, the mainland is cut.

    ``mainland_district`` gives the number of each district that the cut knows.
    """

    cut: Partition
    mainland_district: NDArray[np.int64]
    islands: Mapping[int, shapely.Polygon | shapely.MultiPolygon]

    @property
    def origin(self) -> tuple[float, float]:
        """The origin of the local plane."""
        return self.cut.origin

    def district_of(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return each place's district; a place at sea takes the mainland's."""
        import shapely

        district = self.mainland_district[self.cut.district_of(longitude, latitude)]
        for number, islands in self.islands.items():
            district[shapely.contains_xy(islands, longitude, latitude)] = number
        return district


def shore_districts(shore: Shore) -> ShoreDistricts:
    """Return the districts: those of the mainland get the area that their islands leave."""
    import shapely

    number_of = {district.name: number for number, district in enumerate(known.DISTRICTS)}
    parts: dict[int, list[shapely.Polygon]] = {}
    for island, polygon in zip(known.ISLANDS, shore.islands, strict=True):
        if island.district:
            parts.setdefault(number_of[island.district], []).append(polygon)
    numbers = np.array([number_of[name] for name in known.ANCHORS])
    wanted_km2 = np.array(
        [known.DISTRICTS[number].area_km2 - sum(map(area_km2, parts.get(number, ()))) for number in numbers]
    )
    cut = partition(shore.mainland, list(known.ANCHORS.values()), wanted_km2)
    return ShoreDistricts(cut, numbers, {number: shapely.MultiPolygon(own) for number, own in parts.items()})

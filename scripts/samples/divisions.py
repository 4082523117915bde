"""An invented province cut into districts: an outline of the right area, and which district a place lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from samples.relief import METRES_PER_DEGREE

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray


def area_km2(polygon: shapely.Polygon) -> float:
    """Return a longitude-latitude polygon's area on the ellipsoid."""
    from pyproj import Geod

    return abs(Geod(ellps="WGS84").geometry_area_perimeter(polygon)[0]) / 1e6


def to_plane_km(longitude: NDArray, latitude: NDArray, origin: tuple[float, float]) -> NDArray[np.float64]:
    """Return (east, north) about an origin, shape (n, 2). [km]"""
    per_degree_km = METRES_PER_DEGREE / 1000.0
    east_km = (np.asarray(longitude) - origin[0]) * per_degree_km * np.cos(np.radians(origin[1]))
    return np.column_stack([east_km, (np.asarray(latitude) - origin[1]) * per_degree_km])


def crooked(
    rng: np.random.Generator,
    line: NDArray[np.float64],
    *,
    shortest: float,
    sway: float,
    widest: float = np.inf,
) -> NDArray[np.float64]:
    """Return a line with every part longer than ``shortest`` broken at a swayed midpoint, again and again.

    A midpoint moves sideways by up to ``sway`` times its part's length, but no more than ``widest``.
    """

    def broken(start: NDArray[np.float64], end: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        along = end - start
        length = float(np.hypot(*along))
        if length <= shortest:
            return [end]
        reach = min(sway, widest / length)
        middle = (start + end) / 2 + reach * rng.uniform(-1.0, 1.0) * np.array([-along[1], along[0]])
        return broken(start, middle) + broken(middle, end)

    points = [line[0]]
    for start, end in pairwise(line):
        points.extend(broken(start, end))
    return np.array(points)


def province_outline(
    rng: np.random.Generator, corners: Sequence[tuple[float, float]], wanted_km2: float
) -> shapely.Polygon:
    """Return the coarse outline made crooked and scaled about its middle to the area wanted."""
    import shapely
    from shapely.affinity import scale

    ring = np.array([*corners, corners[0]])
    polygon = shapely.Polygon(crooked(rng, ring, shortest=0.008, sway=0.16)).buffer(0)
    for _ in range(3):
        factor = float(np.sqrt(wanted_km2 / area_km2(polygon)))
        polygon = scale(polygon, factor, factor, origin="centroid")
    return shapely.Polygon(np.round(polygon.exterior.coords, 5))


class Division(Protocol):
    """What says in which district a place lies, on a plane about ``origin``."""

    @property
    def origin(self) -> tuple[float, float]:
        """The origin of the local plane."""
        ...

    def district_of(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return each place's district."""
        ...


@dataclass(frozen=True, slots=True)
class Partition:
    """A power diagram: a place belongs to the district whose nearest anchor is least far, after its weight. [km²]"""

    origin: tuple[float, float]
    anchors_km: NDArray[np.float64]
    anchor_district: NDArray[np.int64]
    weight_km2: NDArray[np.float64]

    def district_of(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return each place's district."""
        places_km = to_plane_km(longitude, latitude, self.origin)
        squared = ((places_km[:, None, :] - self.anchors_km) ** 2).sum(axis=2) - self.weight_km2[self.anchor_district]
        return self.anchor_district[np.argmin(squared, axis=1)]


def partition(
    outline: shapely.Polygon, anchors: Sequence[Sequence[tuple[float, float]]], wanted_km2: NDArray[np.float64]
) -> Partition:
    """Return the districts whose areas come near those wanted; ``anchors`` are given per district."""
    import shapely

    west, south, east, north = outline.bounds
    longitude, latitude = (
        part.ravel() for part in np.meshgrid(np.linspace(west, east, 260), np.linspace(south, north, 260))
    )
    inside = shapely.contains_xy(outline, longitude, latitude)
    longitude, latitude = longitude[inside], latitude[inside]
    share = wanted_km2 / wanted_km2.sum()
    origin = (outline.centroid.x, outline.centroid.y)
    flat = np.array([place for places in anchors for place in places])
    district = np.repeat(np.arange(len(anchors)), [len(places) for places in anchors])
    weight_km2 = np.zeros(len(anchors))
    for turn in range(140):
        cut = Partition(origin, to_plane_km(flat[:, 0], flat[:, 1], origin), district, weight_km2)
        got = np.bincount(cut.district_of(longitude, latitude), minlength=len(anchors)) / longitude.size
        step = 900.0 / (1.0 + turn / 20.0)
        weight_km2 = weight_km2 + step * np.clip((share - got) / share, -0.5, 0.5) * np.sqrt(share)
    return cut

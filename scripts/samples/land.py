"""An invented land with its districts, and the places on it where villages and masts may stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples.divisions import Division, to_plane_km
from samples.facts import District
from samples.losses import Ground
from samples.settlements import Attraction, Places, Scatter, scatter

if TYPE_CHECKING:
    import pandas as pd
    import shapely
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Land:
    """The invented land that everything stands on."""

    ground: Ground
    outline: shapely.Polygon | shapely.MultiPolygon
    cut: Division
    drawn_to: Attraction

    @property
    def home(self) -> tuple[float, float]:
        """The origin of the local plane."""
        return self.cut.origin


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything that is written to the project folder."""

    land: Land
    stations: pd.DataFrame
    villages: pd.DataFrame
    polygons: list[shapely.Polygon]
    clusters: pd.DataFrame


def mast_quota(districts: Sequence[District], positions: int) -> NDArray[np.float64]:
    """Return how many positions each district gets: some by its people, some by its area."""
    persons = np.array([district.people for district in districts], dtype=float)
    area_km2 = np.array([district.area_km2 for district in districts])
    return positions * (0.62 * persons / persons.sum() + 0.38 * area_km2 / area_km2.sum())


def draw_candidates(
    stream: Callable[[int], np.random.Generator],
    land: Land,
    districts: Sequence[District],
    *,
    quota: NDArray[np.float64],
    first: Sequence[tuple[float, float]],
    surplus: float,
) -> tuple[Places, Places]:
    """Return more sites for villages and for masts than are needed; the masts at the ``first`` places come first.

    ``surplus`` is how many times the villages of a district are drawn.
    """
    lon, lat = np.array(first).T
    masts = Places(lon, lat, land.cut.district_of(lon, lat))
    sites = masts.take(np.array([], dtype=int))
    for number, (district, wanted) in enumerate(zip(districts, quota, strict=True)):
        village_km = np.sqrt(district.area_km2 / district.villages)
        for_villages = Scatter(int(surplus * district.villages), 0.34 * village_km, 0.25 * village_km, pull=1.5)
        for_masts = Scatter(int(1.8 * wanted), 0.42 * np.sqrt(district.area_km2 / wanted), 0.3, pull=3.5)
        where = {"district": number, "seat": (district.longitude, district.latitude)}
        drawn = scatter(stream(100 + number), land.drawn_to, land.outline, land.cut, how=for_villages, **where)
        sites = sites.joined(drawn)
        masts = masts.joined(
            scatter(stream(200 + number), land.drawn_to, land.outline, land.cut, how=for_masts, **where)
        )
    return sites, masts


def town(places: Places, districts: Sequence[District], home_km: float = 2.5) -> NDArray[np.float64]:
    """Return 1 at the seat of a place's district, falling to 0 away from it."""
    seats = np.array([(district.longitude, district.latitude) for district in districts])[places.district]
    offset_km = to_plane_km(places.longitude - seats[:, 0] + 105.0, places.latitude - seats[:, 1] + 22.8, (105.0, 22.8))
    return np.exp(-np.hypot(*offset_km.T) / home_km)

"""The programme of the first half of 2023: new masts, each beside one white village and out of sight of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from samples.budget import margin_db
from samples.choose import CLEAR_DB, SECTOR_GAIN_DBI
from samples.ha_giang_operators import PROGRAMME, PROGRAMME_3G
from samples.losses import Ground, links_to
from samples.register import Masts, station_row
from samples.settlements import Attraction, Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRIES = 14
HEIGHTS_M = (24, 30, 36)
FIRST_DAY = date(2023, 1, 12)
DAYS = 155


@dataclass(frozen=True, slots=True)
class Programme:
    """One mast beside each dark place; arrays of shape (n,).

    ``reach_db`` (masts, places): the best conceivable margin of 4G and 3G there. ``own_db``: 4G's least margin at home.
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    height_m: NDArray[np.int64]
    own_db: NDArray[np.float64]
    reach_db: NDArray[np.float64]

    def only(self, index: NDArray[np.int64]) -> Programme:
        """Return some of the masts."""
        return Programme(
            self.longitude[index], self.latitude[index], self.height_m[index], self.own_db[index], self.reach_db[index]
        )


def draw_programme(rng: np.random.Generator, ground: Ground, drawn_to: Attraction, dark: Places) -> Programme:
    """Return for every dark place the tried mast that reaches the others least, of those that serve it well."""
    count = len(dark)
    angle = rng.uniform(0.0, 2.0 * np.pi, (count, TRIES))
    reach_km = rng.uniform(0.2, 0.8, (count, TRIES))
    lon = (dark.longitude[:, None] + reach_km * np.cos(angle) / 102.7).round(5).ravel()
    lat = (dark.latitude[:, None] + reach_km * np.sin(angle) / 111.2).round(5).ravel()
    height_m = rng.choice(HEIGHTS_M, size=count * TRIES)
    masts = list(zip(lon.tolist(), lat.tolist(), height_m.tolist(), strict=True))
    all_links = links_to(ground, masts, dark.longitude, dark.latitude, radius_km=20.0, probes=5)
    own_db = np.empty(count * TRIES)
    reach_db = np.full((count * TRIES, count), -99.0)
    for number, links in enumerate(all_links):
        best_db = [margin_db(generation, links, gain_dbi=SECTOR_GAIN_DBI).max(axis=1) for generation in ("3G", "4G")]
        reach_db[number, links.point] = np.maximum(*best_db)
        home = links.point == number // TRIES
        own_db[number] = margin_db("4G", links, gain_dbi=SECTOR_GAIN_DBI - 3.0)[home].min()
    rows, columns = (np.rint(part).astype(int) for part in ground.lattice.row_column(lon, lat))
    steep = drawn_to.slope_deg[rows, columns] > 24.0
    elsewhere = reach_db.copy()
    elsewhere[np.arange(count * TRIES), np.repeat(np.arange(count), TRIES)] = -99.0
    # A mast that lights a second place is worse than one that does not; how many it lights comes first.
    price = (
        (elsewhere > -CLEAR_DB).sum(axis=1) * 100.0 + elsewhere.max(axis=1) + 1e6 * ((own_db < CLEAR_DB + 4.0) | steep)
    )
    best = price.reshape(count, TRIES).argmin(axis=1) + np.arange(count) * TRIES
    own_db = np.where(steep, -99.0, own_db)
    return Programme(lon[best], lat[best], height_m[best], own_db[best], reach_db[best])


def covered_first(plan: Programme, district: NDArray[np.int64], wanted: Sequence[int]) -> NDArray[np.int64]:
    """Return the dark places whose own masts reach the fewest others, so many per district as were covered."""
    lights = (plan.reach_db > -CLEAR_DB).sum(axis=1) + 1000 * (plan.own_db < CLEAR_DB + 4.0)
    order = np.argsort(lights, kind="stable")
    chosen = [order[district[order] == number][:count] for number, count in enumerate(wanted)]
    result = np.sort(np.concatenate(chosen))
    if (plan.own_db[result] < CLEAR_DB).any() or len(result) != sum(wanted):
        raise ValueError("too few dark places can be covered by a mast of their own")
    return result


def programme_days() -> list[str]:
    """Return the days on which the new masts go on air, in order."""
    step = DAYS / (len(PROGRAMME) - 1)
    return [(FIRST_DAY + timedelta(days=round(number * step))).isoformat() for number in range(len(PROGRAMME))]


def programme_masts(old: Masts, plan: Programme) -> Masts:
    """Return the masts before the programme and then its own."""
    new = len(plan.longitude)
    return Masts(
        np.concatenate([old.longitude, plan.longitude]),
        np.concatenate([old.latitude, plan.latitude]),
        np.concatenate([old.height_m, plan.height_m]),
        np.concatenate([old.structure, np.full(new, "A2b", dtype=object)]),
        np.concatenate([old.town, np.zeros(new)]),
        old.code,
    )


def programme_rows(old: Masts, plan: Programme) -> list[dict[str, object]]:
    """Return the rows of the 23 stations at the 17 new positions."""
    masts = programme_masts(old, plan)
    rows = []
    for number, (name, day) in enumerate(zip(PROGRAMME, programme_days(), strict=True)):
        place = {"rank": 0, "lower_m": 0, "azimuth": "", "on_air_on": day, "owner": name}
        kinds = ("3G", "4G") if number in PROGRAMME_3G else ("4G",)
        rows.extend(station_row(masts, len(old) + number, name=name, generation=kind, **place) for kind in kinds)
    return rows

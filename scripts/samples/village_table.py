"""The list of villages as a province keeps it: names, communes, people, power, and what was declared of the signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from samples import ha_giang_places as known
from samples.divisions import to_plane_km
from samples.names import distinct_names, village_names
from samples.settlements import Places
from samples.villages import grid_power, households, people, split_evenly

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

PROVINCE = "Hà Giang"
DECLARED_ON = "2022-12-31"
CITY_WARDS = 5


def village_table(
    stream: Callable[[int], np.random.Generator],
    sites: Places,
    *,
    covered: int,
    white: int,
    town: NDArray[np.float64],
    days: Sequence[str],
) -> pd.DataFrame:
    """Return one row per site, in the sites' order, with a column ``site``.

    The first ``covered`` sites were declared white and covered on ``days``, the next ``white`` are so still.
    """
    import pandas as pd

    count = len(sites)
    declared = np.arange(count) < covered + white
    persons = people(
        stream(20), sites, totals=[district.people for district in known.DISTRICTS], town=town, remote=declared
    )
    table = pd.DataFrame(
        {
            "village_id": "",
            "name": "",
            "commune": "",
            "district": [known.DISTRICTS[number].name for number in sites.district],
            "province": PROVINCE,
            "population": persons,
            "households": households(stream(21), persons, known.HOUSEHOLDS),
            "has_grid_power": grid_power(stream(22), declared),
            "declared_status": np.where(declared, "white", None),
            "declared_on": np.where(declared, DECLARED_ON, None),
            "covered_on": [*days, *[None] * (count - covered)],
            "longitude": sites.longitude,
            "latitude": sites.latitude,
        }
    )
    _name_communes(stream(23), table, sites, declared)
    for number, (_, members) in enumerate(table.groupby(["district", "commune"], sort=True).groups.items()):
        urban = str(table.at[members[0], "commune"]).startswith(("Phường", "Thị trấn"))
        names = village_names(np.random.default_rng([known.SEED, 1000 + number]), len(members), urban=urban)
        table.loc[members, "name"] = names
    rank = table["district"].map({district.name: number for number, district in enumerate(known.DISTRICTS)})
    order = table.assign(rank=rank).sort_values(["rank", "commune", "name"], kind="stable").index
    table.loc[order, "village_id"] = [f"HG-{number:04d}" for number in range(1, count + 1)]
    return table


def _name_communes(rng: np.random.Generator, table: pd.DataFrame, sites: Places, declared: NDArray[np.bool_]) -> None:
    """Give every village its commune: compact groups, the one at the seat a town, the city's innermost wards.

    A town has no village declared white: where the group at the seat has one, the next group is the town.
    """
    names = iter(distinct_names(rng, sum(district.communes for district in known.DISTRICTS)))
    for number, district in enumerate(known.DISTRICTS):
        members = np.flatnonzero(sites.district == number)
        seat = (district.longitude, district.latitude)
        places_km = to_plane_km(sites.longitude[members], sites.latitude[members], seat)
        group = split_evenly(places_km, district.communes)
        nearest_km = [
            np.hypot(*places_km[group == part].T).min() + 1000.0 * declared[members[group == part]].any()
            for part in range(district.communes)
        ]
        inward = np.argsort(np.argsort(nearest_km))
        city = district.name.startswith("TP")
        for part in range(district.communes):
            name = next(names)
            if city:
                full = f"Phường {name}" if inward[part] < CITY_WARDS else f"Xã {name}"
            else:
                full = f"Thị trấn {district.name}" if inward[part] == 0 else f"Xã {name}"
            table.loc[members[group == part], "commune"] = full

"""The list of villages as a province keeps it: names, communes, people, power, and what was declared of the signal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from samples.divisions import to_plane_km
from samples.facts import Declared, Facts
from samples.names import distinct_names, village_names
from samples.settlements import Places
from samples.villages import grid_power, households, people, split_evenly

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def village_table(
    facts: Facts,
    stream: Callable[[int], np.random.Generator],
    sites: Places,
    declared: Declared,
    *,
    town: NDArray[np.float64],
    grid_share: float = 0.975,
) -> pd.DataFrame:
    """Return one row per site, in the sites' order.

    ``town`` is 1 at the seat of a site's district and falls away from it; ``grid_share`` of the villages that are not
    remote have grid power.
    """
    import pandas as pd

    districts = facts.districts
    persons = people(
        stream(20), sites, totals=[district.people for district in districts], town=town, remote=declared.remote
    )
    table = pd.DataFrame(
        {
            "village_id": "",
            "name": "",
            "commune": "",
            "district": [districts[number].name for number in sites.district],
            "province": facts.province,
            "population": persons,
            "households": households(stream(21), persons, facts.households),
            "has_grid_power": grid_power(stream(22), declared.remote, grid_share),
            "declared_status": declared.status,
            "declared_on": declared.declared_on,
            "covered_on": declared.covered_on,
            "longitude": sites.longitude,
            "latitude": sites.latitude,
        }
    )
    _name_communes(facts, stream(23), table, sites, declared.remote)
    for number, (_, members) in enumerate(table.groupby(["district", "commune"], sort=True).groups.items()):
        urban = str(table.at[members[0], "commune"]).startswith(("Phường", "Thị trấn"))
        names = village_names(
            np.random.default_rng([facts.seed, 1000 + number]), facts.names, len(members), urban=urban
        )
        table.loc[members, "name"] = names
    rank = table["district"].map({district.name: number for number, district in enumerate(districts)})
    order = table.assign(rank=rank).sort_values(["rank", "commune", "name"], kind="stable").index
    table.loc[order, "village_id"] = [f"{facts.code}-{number:04d}" for number in range(1, len(sites) + 1)]
    return table


def _name_communes(
    facts: Facts, rng: np.random.Generator, table: pd.DataFrame, sites: Places, remote: NDArray[np.bool_]
) -> None:
    """Give every village its commune: compact groups, the one at the seat a town, the city's innermost wards.

    A town has no remote village: where the group at the seat has one, the next group is the town.
    """
    names = iter(distinct_names(rng, facts.names, sum(district.communes for district in facts.districts)))
    for number, district in enumerate(facts.districts):
        members = np.flatnonzero(sites.district == number)
        seat = (district.longitude, district.latitude)
        places_km = to_plane_km(sites.longitude[members], sites.latitude[members], seat)
        group = split_evenly(places_km, district.communes)
        nearest_km = [
            np.hypot(*places_km[group == part].T).min() + 1000.0 * remote[members[group == part]].any()
            for part in range(district.communes)
        ]
        inward = np.argsort(np.argsort(nearest_km))
        for part in range(district.communes):
            name = next(names)
            if district.wards:
                full = f"Phường {name}" if inward[part] < district.wards else f"Xã {name}"
            else:
                full = f"Thị trấn {district.name}" if inward[part] == 0 else f"Xã {name}"
            table.loc[members[group == part], "commune"] = full

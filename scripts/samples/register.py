"""An invented register of stations with published totals: who stands where, with what, since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

STATION_COLUMNS = (
    "station_id", "position_id", "operator", "generation", "longitude", "latitude", "band_mhz", "bandwidth_mhz",
    "antenna_height_m", "power_dbm", "azimuth_deg", "tilt_deg", "structure", "owner", "status", "on_air_on", "note",
)  # fmt: skip
BAND_MHZ = {"2G": 900, "3G": 2100, "4G": 1800, "5G": 2600}
POWER_DBM = {"2G": 43, "3G": 43, "4G": 46, "5G": 53}
FIRST_DAYS = {
    generation: (date(first, 1, 4), date(last, 12, 20))
    for generation, first, last in (("2G", 2006, 2013), ("3G", 2010, 2016), ("4G", 2017, 2022), ("5G", 2022, 2022))
}
"""When stations of each generation went on air: between these days."""

OPERATOR_CODES = {"Viettel": "VTL", "VinaPhone": "VNP", "MobiFone": "MBF", "Vietnamobile": "VNM", "Gmobile": "GTL"}
NOTE = "synthetic"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator's invented totals: its sites, and its stations of each generation."""

    name: str
    sites: int
    stations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Masts:
    """Positions; arrays of shape (n,). ``town`` orders them by how likely a second operator is.

    ``code`` is the province's, with which their ids begin.
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    height_m: NDArray[np.int64]
    structure: NDArray[np.object_]
    town: NDArray[np.float64]
    code: str

    def __len__(self) -> int:
        return len(self.longitude)


def draw_structures(rng: np.random.Generator, count: int) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return the top antennas' heights [m] and the classes: A2b stands on the ground, A2a on a building."""
    ground = rng.random(count) < 0.85
    mast_m = rng.choice([24, 30, 36, 42], size=count, p=[0.20, 0.35, 0.30, 0.15])
    roof_m = rng.integers(21, 28, size=count)
    return np.where(ground, mast_m, roof_m), np.where(ground, "A2b", "A2a").astype(object)


def tenants(
    rng: np.random.Generator,
    operators: Sequence[Operator],
    town: NDArray[np.float64],
    tenancies: Mapping[int, int],
    first: int,
) -> list[list[str]]:
    """Return each position's operators, the mast's owner first; position ``first`` has Viettel in it.

    ``tenancies`` says how many positions have so many operators; the rest has one. Where several stand on a mast the
    operators with most sites left are taken, so that the totals come out.
    """
    count = len(town)
    order = np.argsort(-(town + rng.gumbel(size=count) * 0.6), kind="stable")
    sizes = np.ones(count, dtype=int)
    start = 0
    for size, positions in sorted(tenancies.items(), reverse=True):
        sizes[order[start : start + positions]] = size
        start += positions
    names = [operator.name for operator in operators]
    left = {operator.name: operator.sites for operator in operators}
    shared_quota = _shared_quota(operators, int(sizes[sizes > 1].sum()))
    stand: list[list[str]] = [[] for _ in range(count)]
    for position in order[: int((sizes > 1).sum())]:
        noise = rng.random(len(names)) * 12.0
        by_need = sorted(names, key=lambda name: -(shared_quota[name] + noise[names.index(name)]))
        by_need = [name for name in by_need if shared_quota[name] > 0][: sizes[position]]
        for name in by_need:
            shared_quota[name] -= 1
            left[name] -= 1
        stand[position] = by_need
    rest = [name for name in names for _ in range(left[name])]
    singles = [position for position in range(count) if sizes[position] == 1]
    if len(rest) != len(singles):
        raise ValueError(f"{len(rest)} operator-sites are left for {len(singles)} positions")
    for position, name in zip(singles, rng.permutation(rest), strict=True):
        stand[position] = [str(name)]
    return _with_viettel(stand, first)


def _shared_quota(operators: Sequence[Operator], places: int) -> dict[str, int]:
    """Return how many of each operator's sites are on shared masts: small ones nearly all, the others by size."""
    quota = {operator.name: int(operator.sites * 0.85) for operator in operators if operator.sites < 100}
    large = [operator for operator in operators if operator.sites >= 100]
    total = sum(operator.sites for operator in large)
    open_places = places - sum(quota.values())
    for operator in large:
        quota[operator.name] = open_places * operator.sites // total
    quota[large[0].name] += places - sum(quota.values())
    return quota


def _with_viettel(stand: list[list[str]], first: int) -> list[list[str]]:
    """Swap tenants so that the first positions, where 5G is tried out, have a Viettel site."""
    for position in range(first):
        if "Viettel" not in stand[position]:
            other = next(
                k for k in range(first, len(stand)) if len(stand[k]) == len(stand[position]) and "Viettel" in stand[k]
            )
            stand[position], stand[other] = stand[other], stand[position]
    return stand


def generations(
    rng: np.random.Generator, operator: Operator, sites: NDArray[np.int64], trials: set[int]
) -> list[tuple[int, str]]:
    """Return (position, generation) of one operator's stations; every site has one, 5G stands where it is tried out."""
    order = rng.permutation(sites)
    bare = set(order[operator.stations.get("4G", 0) :].tolist())
    has = {"4G": [position for position in order.tolist() if position not in bare]}
    with_3g = min(operator.stations.get("3G", 0), len(sites))
    third = sorted(order.tolist(), key=lambda position: position not in bare)[:with_3g]
    has["3G"] = third
    naked = [position for position in bare if position not in set(third)]
    others = [position for position in rng.permutation(sites).tolist() if position not in set(naked)]
    has["2G"] = [*naked, *others][: operator.stations.get("2G", 0)]
    has["5G"] = sorted(trials)[: operator.stations.get("5G", 0)]
    if len(naked) > len(has["2G"]):
        raise ValueError(f"{operator.name}: {len(naked)} sites are left without a station")
    return [(int(position), generation) for generation in sorted(has) for position in has[generation]]


def _some_date(rng: np.random.Generator, days: tuple[date, date]) -> date:
    return days[0] + timedelta(days=int(rng.integers(0, (days[1] - days[0]).days)))


def station_row(
    masts: Masts,
    position: int,
    *,
    name: str,
    generation: str,
    rank: int,
    lower_m: int,
    azimuth: str,
    on_air_on: str,
    owner: str,
) -> dict[str, object]:
    """Return one station as the register has it; ``rank`` 0 is the owner's place at the top of the mast."""
    narrow = generation == "4G" and name in ("MobiFone", "Vietnamobile")
    return {
        "station_id": f"{OPERATOR_CODES[name]}-{masts.code}{position + 1:04d}-{generation}",
        "position_id": f"{masts.code}{position + 1:04d}",
        "operator": name,
        "generation": generation,
        "longitude": masts.longitude[position],
        "latitude": masts.latitude[position],
        "band_mhz": BAND_MHZ[generation],
        "bandwidth_mhz": {"2G": np.nan, "3G": 5, "4G": 10 if narrow else 20, "5G": 100}[generation],
        "antenna_height_m": masts.height_m[position] - (0 if rank == 0 else lower_m),
        "power_dbm": POWER_DBM[generation],
        "azimuth_deg": azimuth,
        "tilt_deg": np.nan,
        "structure": masts.structure[position],
        "owner": owner,
        "status": "on-air",
        "on_air_on": on_air_on,
        "note": NOTE,
    }


def base_register(
    rng: np.random.Generator,
    operators: Sequence[Operator],
    masts: Masts,
    stand: Sequence[Sequence[str]],
    *,
    trials: int,
    days: Mapping[str, tuple[date, date]] = FIRST_DAYS,
) -> list[dict[str, object]]:
    """Return the rows of every station of the operators; 5G stands at the first ``trials`` positions.

    ``days`` says between which days each generation went on air.
    """
    lower_m = np.cumsum(rng.integers(3, 7, size=(len(masts), 3)), axis=1)
    turned = rng.integers(0, 12, size=(len(masts), len(operators))) * 10
    known = rng.random((len(masts), len(operators))) < 0.5
    rows = []
    for number, operator in enumerate(operators):
        sites = np.array([position for position, names in enumerate(stand) if operator.name in names])
        for position, generation in generations(rng, operator, sites, set(range(trials))):
            rank = list(stand[position]).index(operator.name)
            first = int(turned[position, number])
            azimuth = f"{first}/{first + 120}/{(first + 240) % 360}" if known[position, number] else ""
            dated = rng.random() < 0.88
            on_air = _some_date(rng, days[generation]).isoformat()
            place = {"rank": rank, "lower_m": int(lower_m[position, rank - 1]) if rank else 0, "azimuth": azimuth}
            since = {"on_air_on": on_air if dated else "", "owner": stand[position][0]}
            rows.append(station_row(masts, position, name=operator.name, generation=generation, **place, **since))
    return rows


def as_table(
    rng: np.random.Generator, rows: Sequence[Mapping[str, object]], columns: Sequence[str] = STATION_COLUMNS
) -> pd.DataFrame:
    """Return the register sorted by station, with the gaps that a real one has where a gap changes nothing."""
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(columns)).sort_values("station_id", ignore_index=True)
    table["power_dbm"] = table["power_dbm"].astype(float).where(rng.random(len(table)) < 0.6)
    return table

"""Where a new station could stand: on masts that are there, on heights, in the villages, or where a planner says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.geodesy import distance_and_azimuth
from whitesignal.radio.paths import receivers
from whitesignal.scenario.edits import tenant_height_m

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.grid import Terrain

CANDIDATE_COLUMNS = (
    "candidate_id",
    "kind",
    "position_id",
    "longitude",
    "latitude",
    "antenna_height_m",
    "operators_there",
)
"""``kind``: "share" for a mast of other operators, "height" for a local summit, "village" for ground around a village,
"own" for a planner's list. ``position_id`` is the mast's, else the candidate's own."""

NEW_MAST_HEIGHT_M = 42.0
"""The taller of the masts usual in the mountains. [m]"""

SHARE_WITHIN_KM = 15.0
"""Masts further than this from every place without signal are not asked."""

SUMMIT_WITHIN_KM = 6.0
SUMMIT_RADIUS_KM = 0.75
"""A summit is the highest ground within this distance."""

VILLAGE_RINGS_KM = (0.5, 1.0, 2.0)
"""Around each village the highest ground within each of these distances is asked."""


def shared_masts(
    positions: pd.DataFrame, stations: pd.DataFrame, operator: str, places: NDArray[np.float64]
) -> pd.DataFrame:
    """Return the masts of other operators near the places, for one operator to share.

    Parameters
    ----------
    positions, stations
        The sharing table and the station table.
    places
        Longitude and latitude of what lacks signal, shape (n, 2). [deg]
    """
    import pandas as pd

    others = positions[[operator not in names.split(";") for names in positions["operators"]]]
    away_km = _nearest_km(others[["longitude", "latitude"]].to_numpy(dtype=float), places)
    near = others[away_km <= SHARE_WITHIN_KM]
    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    lowest_m = counted.groupby("position_id")["antenna_height_m"].min()
    height_m = [tenant_height_m(float(lowest_m[position])) for position in near["position_id"]]
    return pd.DataFrame(
        {
            "candidate_id": near["position_id"].to_numpy(dtype=object),
            "kind": "share",
            "position_id": near["position_id"].to_numpy(dtype=object),
            "longitude": near["longitude"].to_numpy(dtype=float),
            "latitude": near["latitude"].to_numpy(dtype=float),
            "antenna_height_m": np.asarray(height_m, dtype=float),
            "operators_there": near["operators"].to_numpy(dtype=object),
        }
    )[list(CANDIDATE_COLUMNS)]


def new_masts(
    terrain: Terrain,
    places: NDArray[np.float64],
    *,
    land: NDArray[np.bool_] | None = None,
    reachable: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Return summits near the places, and the highest ground around each of them, each once.

    Parameters
    ----------
    places
        Longitude and latitude of what lacks signal, shape (n, 2). [deg]
    land
        Which cells of the terrain are the province's; None asks all.
    reachable
        Which cells of the terrain a road or a power line is near: around the places no other ground is asked, on
        summits it is. None asks everywhere.
    """
    import pandas as pd
    from pyproj import Transformer

    ours = ~terrain.void if land is None else ~terrain.void & land
    summits = _cells_near(terrain, _summits(terrain) & ours, places, SUMMIT_WITHIN_KM)
    ground_m = np.where(ours if reachable is None else ours & reachable, terrain.height_m, -np.inf)
    around = [_highest_around(terrain, ground_m, places, ring_km) for ring_km in VILLAGE_RINGS_KM]
    cells = np.concatenate([summits, *around])
    kind = np.repeat(["height", "village"], [len(summits), sum(len(part) for part in around)])
    _, first = np.unique(cells, axis=0, return_index=True)
    first.sort()
    eastings, northings = _centres(terrain, cells[first])
    to_degrees = Transformer.from_crs(terrain.grid.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(eastings, northings)
    names = [f"N{number:05d}" for number in range(1, len(first) + 1)]
    return pd.DataFrame(
        {
            "candidate_id": names, "kind": kind[first], "position_id": names, "longitude": np.round(longitude, 6),
            "latitude": np.round(latitude, 6), "antenna_height_m": NEW_MAST_HEIGHT_M, "operators_there": "",
        }
    )[list(CANDIDATE_COLUMNS)]  # fmt: skip


def own_list(file: Path) -> pd.DataFrame:
    """Return a planner's own candidates: candidate_id, longitude, latitude, and antenna_height_m where it is known.

    Raises
    ------
    InputError
        A missing column, a value that is no number, or an id given twice; the message names rows.
    """
    import pandas as pd

    from whitesignal.inputs.tabular import read_table

    table = read_table(file)
    missing = [name for name in ("candidate_id", "longitude", "latitude") if name not in table.values.columns]
    if missing:
        raise InputError(f"{file}: no column {', '.join(missing)}; candidates need candidate_id, longitude, latitude")
    rows = table.values.reset_index(drop=True)
    if "antenna_height_m" not in rows:
        rows["antenna_height_m"] = ""
    rows["antenna_height_m"] = rows["antenna_height_m"].replace("", str(NEW_MAST_HEIGHT_M))
    for name, low, high in (("longitude", -180.0, 180.0), ("latitude", -90.0, 90.0), ("antenna_height_m", 1.0, 500.0)):
        numbers = pd.to_numeric(rows[name], errors="coerce")
        wrong = ~(numbers.ge(low) & numbers.le(high)).to_numpy()
        if wrong.any():
            listed = ", ".join(str(row) for row in table.rows[wrong][:5])
            raise InputError(f"{file}: {name} must be a number from {low:g} to {high:g}; look at rows {listed}")
        rows[name] = numbers
    twice = rows["candidate_id"][rows["candidate_id"].duplicated()].unique().tolist()
    if twice:
        raise InputError(f"{file}: candidate_id given twice: {', '.join(map(str, twice[:5]))}")
    rows = rows.assign(kind="own", position_id=rows["candidate_id"], operators_there="")
    return rows[list(CANDIDATE_COLUMNS)]


def ground_heights_m(terrain: Terrain, places: pd.DataFrame) -> NDArray[np.float64]:
    """Return the ground's height under places with longitude and latitude, of the nearest cell; NaN beyond it. [m]"""
    at = receivers(terrain, places["longitude"].to_numpy(float), places["latitude"].to_numpy(float))
    rows, columns = np.floor(at.row).astype(int), np.floor(at.column).astype(int)
    height, width = terrain.height_m.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    heights = terrain.height_m[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
    return np.where(inside, heights.astype(np.float64), np.nan)


def _centres(terrain: Terrain, cells: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coordinates of cells' centres in the terrain's system, given as row and column."""
    matrix = terrain.grid.transform
    columns, rows = cells[:, 1] + 0.5, cells[:, 0] + 0.5
    return matrix.a * columns + matrix.b * rows + matrix.c, matrix.d * columns + matrix.e * rows + matrix.f


def _nearest_km(points: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each point's distance to the nearest place. [km]"""
    if len(points) == 0:
        return np.empty(0)
    away_km, _ = distance_and_azimuth(points[:, None, 0], points[:, None, 1], places[None, :, 0], places[None, :, 1])
    return np.asarray(away_km.min(axis=1))


def _summits(terrain: Terrain) -> NDArray[np.bool_]:
    """Return which cells are the highest within `SUMMIT_RADIUS_KM`; of level ground none."""
    from scipy.ndimage import maximum_filter, minimum_filter

    side = 2 * max(round(1000.0 * SUMMIT_RADIUS_KM / terrain.resolution_m), 1) + 1
    height_m = terrain.height_m
    highest = height_m == maximum_filter(height_m, size=side, mode="nearest")
    return np.asarray(highest & (height_m > minimum_filter(height_m, size=side, mode="nearest")))


def _cells_near(
    terrain: Terrain, chosen: NDArray[np.bool_], places: NDArray[np.float64], within_km: float
) -> NDArray[np.int64]:
    """Return row and column of the chosen cells within a distance of any place, shape (n, 2)."""
    from pyproj import Transformer

    cells = np.argwhere(chosen)
    eastings, northings = _centres(terrain, cells)
    to_degrees = Transformer.from_crs(terrain.grid.crs, "EPSG:4326", always_xy=True)
    degrees = np.column_stack(to_degrees.transform(eastings, northings))
    return np.asarray(cells[_nearest_km(degrees, places) <= within_km], dtype=np.int64)


def _highest_around(
    terrain: Terrain, ground_m: NDArray[np.floating], places: NDArray[np.float64], within_km: float
) -> NDArray[np.int64]:
    """Return row and column of the highest ground within a distance of each place on the terrain, shape (n, 2).

    ``ground_m`` is -inf where none is asked; a place with no other has no cell.
    """
    from pyproj import Transformer

    to_grid = Transformer.from_crs("EPSG:4326", terrain.grid.crs, always_xy=True)
    columns, rows = ~terrain.grid.transform * np.asarray(to_grid.transform(places[:, 0], places[:, 1]))
    reach = max(round(1000.0 * within_km / terrain.resolution_m), 1)
    height, width = ground_m.shape
    found = []
    for column, row in zip(columns, rows, strict=True):
        if not (0.0 <= column < width and 0.0 <= row < height):
            continue
        top, left = max(int(row) - reach, 0), max(int(column) - reach, 0)
        part = (slice(top, int(row) + reach + 1), slice(left, int(column) + reach + 1))
        around_m = ground_m[part]
        down, across = np.ogrid[: around_m.shape[0], : around_m.shape[1]]
        far = (down + top - int(row)) ** 2 + (across + left - int(column)) ** 2 > reach**2
        near_m = np.where(far, -np.inf, around_m)
        if np.isfinite(near_m).any():
            at = np.unravel_index(int(np.argmax(near_m)), near_m.shape)
            found.append((top + int(at[0]), left + int(at[1])))
    return np.array(found, dtype=np.int64).reshape(-1, 2)

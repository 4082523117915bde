"""Stations as figures count them: one row each, on air or switched off since, and the positions they stand at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.indicators.areas import AREA_COLUMNS
from whitesignal.villages.areas import position_areas

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

ONCE_ON_AIR = ("on-air", "off")
"""A station's status where it has been on air, if its date says so; not where it is only planned."""


@dataclass(frozen=True, slots=True)
class Register:
    """Stations that are on air, and dated ones that were and are no more.

    ``stations`` has one row per station_id: generation, operator, counted, ``on_air_on`` as ISO text, the earliest of
    its cells', "" where unknown. ``places`` is the sharing table and below it positions where nothing stands any more;
    ``place`` is each station's row in it, shape (stations,).
    """

    stations: pd.DataFrame
    places: pd.DataFrame
    place: NDArray[np.int64]


def build_register(
    stations: pd.DataFrame, positions: pd.DataFrame, villages: pd.DataFrame, as_of: date | None
) -> Register:
    """Return the register of a project's station table and sharing table.

    Parameters
    ----------
    stations
        The station table; rows that share a station_id are cells of one station.
    positions
        The sharing table: every position with a counted station.
    villages
        The village table; it tells in which area a position stands where nothing is on air any more.
    as_of
        What went on air later is left out.
    """
    counted = stations["counted"].to_numpy(dtype=bool)
    dated = stations["on_air_on"] != ""
    gone = ~counted & dated & stations["status"].isin(ONCE_ON_AIR)
    if as_of is not None:
        gone &= stations["on_air_on"] <= as_of.isoformat()
    ever = stations[counted | gone].sort_values("counted", ascending=False, kind="stable")
    first_day = _first_days(ever)
    rows = ever.drop_duplicates("station_id").reset_index(drop=True)
    rows["on_air_on"] = [first_day.get(station_id, "") for station_id in rows["station_id"]]
    places = _places(rows, positions, villages)
    row_of = {position: row for row, position in enumerate(places["position_id"].tolist())}
    place = np.asarray([row_of[position] for position in rows["position_id"]], dtype=np.int64)
    return Register(rows, places, place)


def _first_days(stations: pd.DataFrame) -> dict[str, str]:
    """Return the earliest day of each station's rows that have one."""
    found: dict[str, str] = {}
    for station_id, day in zip(stations["station_id"].tolist(), stations["on_air_on"].tolist(), strict=True):
        if day:
            found[station_id] = min(found.get(station_id, day), day)
    return found


def _places(stations: pd.DataFrame, positions: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = ["position_id", *AREA_COLUMNS, "operators", "operator_count", "generations"]
    bare = stations[~stations["position_id"].isin(positions["position_id"])].sort_values("station_id")
    if bare.empty:
        return positions[columns].reset_index(drop=True)
    where = bare.drop_duplicates("position_id").set_index("position_id")[["longitude", "latitude"]]
    left = position_areas(where, villages).reset_index().assign(operators="", operator_count=0, generations="")
    return pd.concat([positions[columns], left[columns]], ignore_index=True)

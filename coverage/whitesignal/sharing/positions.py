"""The positions of a register: who shares each, and in which area it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.sharing.metrics import sharing_table
from whitesignal.villages.areas import position_areas

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def positions_of(stations: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return one row per position: who shares it, and in which area it stands."""
    counted = stations[stations["counted"].to_numpy(dtype=bool)].sort_values(["position_id", "station_id"])
    places = counted.groupby("position_id", sort=True)[["longitude", "latitude"]].first()
    return sharing_table(stations, position_areas(places, villages))

"""Positions that could still be shared: two masts of one operator each, near one another, where one might do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.inputs.nearness import near_pairs
from whitesignal.sharing.last_signal import LOSS_COLUMNS, losses

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.villages.service import Service

MAX_DISTANCE_M = 500.0
"""Two masts further apart than this cover different places: an engineering default. [m]"""

POTENTIAL_COLUMNS = (
    "dropped", "kept", "distance_m", "operator_dropped", "operator_kept", "structure_dropped", "structure_kept",
    "antenna_height_m_dropped", "antenna_height_m_kept", "commune", "district", "province", *LOSS_COLUMNS,
    "loses_less", "disjoint",
)  # fmt: skip
"""Columns of ``sharing_potential.csv``: two rows for each pair, one for either mast to keep.

``antenna_height_m_…`` is the highest antenna's, commune, district and province are the dropped position's.
``loses_less`` marks the better of the two choices. Of pairs marked ``disjoint`` no two have a position in common, so
as many masts could go at once; but what they lose then may be more than the sum.
"""

COST_ORDER = (
    "people_dark_if_moved", "villages_dark_if_moved", "people_of_operator_if_moved", "villages_of_operator_if_moved",
    "people_dark_if_dropped", "villages_dark_if_dropped", "people_of_operator_if_dropped",
    "villages_of_operator_if_dropped",
)  # fmt: skip
"""What is compared, in this order, to say which choice loses less: first what both tenants on one mast would lose."""


def sharing_potential(
    positions: pd.DataFrame,
    stations: pd.DataFrame,
    villages: pd.DataFrame,
    service: Service,
    *,
    max_distance_m: float = MAX_DISTANCE_M,
) -> pd.DataFrame:
    """Return every pair of single-operator positions of different operators that might become one, cheapest first.

    Parameters
    ----------
    positions
        The sharing table.
    stations
        The station table; its counted rows give the antenna heights.
    villages
        The village table; its population counts, its rows are those that ``service.where`` names.
    service
        Who serves where, see ``sharing.last_signal.losses`` for what is counted, and how far it can be trusted.
    max_distance_m
        The largest distance of two positions that one might replace. [m]

    Returns
    -------
    DataFrame
        ``POTENTIAL_COLUMNS``; pairs in the order of what their better choice loses (``COST_ORDER``), then of distance
        and ids; the better choice of a pair first. Where both lose alike, the mast with the higher antennas is kept,
        then the one whose id sorts first.
    """
    table = _choices(positions, stations, max_distance_m)
    cost = losses(table, service, villages["population"].to_numpy(dtype=np.float64))
    for name in LOSS_COLUMNS:
        table[name] = cost[name].to_numpy()
    table["taller"] = table["antenna_height_m_dropped"] - table["antenna_height_m_kept"]
    order = [*COST_ORDER, "taller", "kept"]
    better = table.sort_values(["pair", *order]).drop_duplicates("pair")
    table["loses_less"] = table.index.isin(better.index)
    ranked = better.sort_values([*COST_ORDER, "distance_m", "dropped", "kept"])
    table["rank"] = table["pair"].map(dict(zip(ranked["pair"], range(len(ranked)), strict=True)))
    table["disjoint"] = table["pair"].isin(_disjoint(ranked))
    table = table.sort_values(["rank", "loses_less"], ascending=[True, False], ignore_index=True)
    return table[list(POTENTIAL_COLUMNS)]


def _choices(positions: pd.DataFrame, stations: pd.DataFrame, max_distance_m: float) -> pd.DataFrame:
    """Return two rows for each pair of positions: which is dropped, which kept, and what they are."""
    import pandas as pd

    single = positions[positions["operator_count"] == 1].sort_values("position_id", ignore_index=True)
    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    highest_m = counted.groupby("position_id")["antenna_height_m"].max()
    single = single.assign(antenna_height_m=single["position_id"].map(highest_m).astype(np.float64))
    first, second, apart_mm = near_pairs(
        single["longitude"].to_numpy(dtype=np.float64), single["latitude"].to_numpy(dtype=np.float64), max_distance_m
    )
    operator = single["operators"].to_numpy(dtype=object)
    differ = operator[first] != operator[second]
    pair = np.arange(int(differ.sum()))
    dropped = np.concatenate([first[differ], second[differ]])
    kept = np.concatenate([second[differ], first[differ]])
    columns = {"pair": np.tile(pair, 2), "distance_m": np.tile(apart_mm[differ] / 1000.0, 2)}
    for end, rows in (("dropped", dropped), ("kept", kept)):
        at = single.iloc[rows]
        columns[end] = at["position_id"].to_numpy(dtype=object)
        columns[f"operator_{end}"] = at["operators"].to_numpy(dtype=object)
        columns[f"structure_{end}"] = at["structure"].to_numpy(dtype=object)
        columns[f"antenna_height_m_{end}"] = at["antenna_height_m"].to_numpy()
    for name in ("commune", "district", "province"):
        columns[name] = single[name].to_numpy(dtype=object)[dropped]
    return pd.DataFrame(columns)


def _disjoint(ranked: pd.DataFrame) -> list[int]:
    """Return the pairs that have no position in common with a better one that is among them."""
    taken: set[str] = set()
    chosen = []
    for pair, one, other in zip(ranked["pair"], ranked["dropped"], ranked["kept"], strict=True):
        if one not in taken and other not in taken:
            taken |= {one, other}
            chosen.append(pair)
    return chosen

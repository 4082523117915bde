"""Whose signal goes where a position's cells are switched off, or move to a neighbour's mast: algebra over levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.villages.service import NO_GROUP, signals

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.radio.levels import Levels
    from whitesignal.villages.service import Service

LOSS_COLUMNS = (
    "villages_dark_if_dropped", "people_dark_if_dropped", "villages_of_operator_if_dropped",
    "people_of_operator_if_dropped", "villages_dark_if_moved", "people_dark_if_moved", "villages_of_operator_if_moved",
    "people_of_operator_if_moved",
)  # fmt: skip
"""What going without a position costs: ``dark`` counts those left with no operator's signal, ``of_operator`` those
left without the position's own operator's, whatever the others give."""


def losses(choices: pd.DataFrame, service: Service, population: NDArray[np.float64]) -> pd.DataFrame:
    """Return what each choice costs at the villages' centres, ``LOSS_COLUMNS``, in the order of the choices.

    Parameters
    ----------
    choices
        ``dropped`` and ``kept``: position_ids; at ``dropped`` a single operator stands.
    service
        Villages count that are served at the centre over known terrain.
    population
        People of each village, shape (villages,); NaN where nobody counted, and where nobody did anywhere, the people
        are NaN too.

    Notes
    -----
    If dropped, the position's cells fall silent and nothing stands in for them. If moved, each radiates from the other
    position's antennas of the same band, in their directions, with its own power and limits: the loss is theirs, a
    lower mount on the mast is not known. A band that the other has not is lost, and so is what lies beyond the distance
    that the other's cells of it are followed to. So the truth lies between both, mostly near the second.
    """
    import pandas as pd

    numbered = pd.DataFrame({"choice": np.arange(len(choices)), "dropped": choices["dropped"].to_numpy()})
    hit = numbered.merge(only_signals(service), left_on="dropped", right_on="position_id")
    hit["people"] = population[hit["village"].to_numpy(dtype=np.int64)]
    saved = _regained(hit, choices, service)
    table = pd.DataFrame(index=range(len(choices)))
    for how, lost in (("dropped", hit), ("moved", hit[~saved])):
        for whom, those in (("dark", lost[lost["only"]]), ("of_operator", lost)):
            by_choice = those.groupby("choice")["people"].agg(["size", "sum"]).reindex(table.index, fill_value=0)
            table[f"villages_{whom}_if_{how}"] = by_choice["size"].astype(np.int64)
            table[f"people_{whom}_if_{how}"] = by_choice["sum"].astype(np.float64)
    if len(population) and np.isnan(population).all():
        table[[name for name in LOSS_COLUMNS if name.startswith("people")]] = np.nan
    return table[list(LOSS_COLUMNS)]


def only_signals(service: Service) -> pd.DataFrame:
    """Return where an operator's signal at a village's centre hangs on one position.

    Returns
    -------
    DataFrame
        ``position_id``, ``operator``, ``village`` (row), ``point``, and ``only``: whether no other position of any
        operator serves the village; sorted by position_id, operator, village.
    """
    import pandas as pd

    positions, position_of_cell = np.unique(service.position_of_cell.astype(str), return_inverse=True)
    serving = signals(service)
    serving = serving.take(serving.known & service.where.is_centre[serving.point])
    lone = serving.lone_groups(position_of_cell.astype(np.int64))
    point, operator = np.nonzero(lone != NO_GROUP)
    position = lone[point, operator]
    lost = (lone[point] == position[:, None]).sum(axis=1)
    table = pd.DataFrame(
        {
            "position_id": positions[position].astype(object),
            "operator": serving.operators[operator].astype(object),
            "village": service.where.village[point],
            "point": point.astype(np.int64),
            "only": lost == serving.operators_at()[point],
        }
    )
    return table.sort_values(["position_id", "operator", "village"], ignore_index=True)


def _regained(hit: pd.DataFrame, choices: pd.DataFrame, service: Service) -> NDArray[np.bool_]:
    """Return which of the hit villages the dropped position's cells would serve from the kept one's antennas."""
    import pandas as pd

    cells, levels = service.cells, service.levels
    inventory = pd.DataFrame(
        {"position_id": service.position_of_cell, "band_mhz": service.band_of_cell_mhz, "cell": np.arange(len(cells))}
    )
    swaps = (
        choices[["dropped", "kept"]]
        .reset_index(drop=True)
        .rename_axis("choice")
        .reset_index()
        .merge(inventory.rename(columns={"cell": "moved"}), left_on="dropped", right_on="position_id")
        .merge(inventory.rename(columns={"cell": "host"}), left_on=["kept", "band_mhz"],
               right_on=["position_id", "band_mhz"])
    )  # fmt: skip
    # A host that is followed further than the moved cell may reach would lend it distance.
    within = cells.max_km[swaps["host"].to_numpy()] <= cells.max_km[swaps["moved"].to_numpy()]
    tries = hit[["choice", "point"]].rename_axis("hit").reset_index().merge(swaps.loc[within], on="choice")
    moved, host = tries["moved"].to_numpy(), tries["host"].to_numpy()
    pair = _pair_at(levels, host, tries["point"].to_numpy(), len(service.where.village))
    there = (pair >= 0) & levels.known[pair] if len(levels.known) else pair >= 0
    tries, moved, host, pair = tries[there], moved[there], host[there], pair[there]
    level_dbm = levels.level_dbm[pair] + cells.eirp_dbm[moved] - cells.eirp_dbm[host]
    uplink_db = levels.uplink_margin_db[pair] + cells.uplink_max_loss_db[moved] - cells.uplink_max_loss_db[host]
    serves = (level_dbm >= service.threshold_dbm[moved]) & (uplink_db >= 0.0)
    saved = np.zeros(len(hit), dtype=bool)
    saved[tries["hit"].to_numpy()[serves]] = True
    return saved


def _pair_at(levels: Levels, cell: NDArray[np.int64], point: NDArray[np.int64], points: int) -> NDArray[np.int64]:
    """Return where the pair of each cell and point stands, -1 where the point is not in the cell's range."""
    keys = levels.cell.astype(np.int64) * points + levels.point
    wanted = cell * points + point
    at = np.searchsorted(keys, wanted)
    found = at < len(keys)
    found[found] = keys[at[found]] == wanted[found]
    return np.where(found, at, -1)

"""Which communes would keep a signal when one mast or one feeder fails, as far as registers can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.dependency.groups import groups_of
from whitesignal.dependency.outage import loss, positions_serving, present

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.project import Policy
    from whitesignal.villages.service import Service

ROBUST_OPERATORS = 2
"""A position counts as robust where at least so many operators stand on it.

The rule of Tây Ninh asks of each commune one robust station on a mast that two operators can share. Registers say who
stands on a mast, not whether it withstands a typhoon or has power of its own: so this is the sharing half of the rule,
and ``one_power_group`` beside it what is known of the power.
"""

AREA_COLUMNS = ("province", "district", "commune")

ROBUSTNESS_COLUMNS = (
    *AREA_COLUMNS, "villages", "villages_unknown", "villages_with_signal", "villages_on_one_position",
    "people_on_one_position", "villages_on_two_positions", "villages_on_two_positions_percent", "positions",
    "robust_positions", "has_robust_position", "power_groups", "one_power_group",
)  # fmt: skip
"""Columns of ``commune_robustness.csv``.

``villages_on_one_position`` go dark if a single position fails; ``villages_on_two_positions`` have signal from two
or more, in percent of the villages that are not unknown. ``positions`` stand in the commune, wherever they serve.
``one_power_group``: true where all its stations are on one feeder, false where not; empty where that is not known,
because some stations' register names none and the others are on one, or because none stands there.
"""


def commune_robustness(
    service: Service, stations: pd.DataFrame, villages: pd.DataFrame, positions: pd.DataFrame, *, policy: Policy
) -> pd.DataFrame:
    """Return one row per commune, ``ROBUSTNESS_COLUMNS``, by province, district and commune.

    Parameters are those of ``dependency_table``. Villages and positions whose commune nobody named have a row of their
    own with an empty name, so that every column adds up to the province's.
    """
    areas = _areas(villages, positions)
    at = areas.get_indexer(_keys(villages))
    now = present(service, villages, policy)
    of_position = groups_of("position", stations, service.cells)
    serving = np.zeros(len(villages), dtype=np.int64)
    found = positions_serving(now, of_position)
    serving[: len(found)] = found
    on_one = np.zeros(len(villages), dtype=bool)
    on_one[loss(now, of_position).dark[:, 0]] = True
    unknown = (villages["status"] == "unknown").to_numpy(dtype=bool)
    table = areas.to_frame(index=False)

    def count(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(at[chosen], minlength=len(areas))

    table["villages"] = count(np.ones(len(villages), dtype=bool))
    table["villages_unknown"] = count(unknown)
    table["villages_with_signal"] = count(serving > 0)
    table["villages_on_one_position"] = count(on_one)
    people = villages["population"].to_numpy(dtype=np.float64)
    summed = np.bincount(at[on_one], weights=np.nan_to_num(people)[on_one], minlength=len(areas))
    table["people_on_one_position"] = np.nan if len(people) and np.isnan(people).all() else summed
    table["villages_on_two_positions"] = count(serving >= 2)
    judged = count(~unknown).astype(np.float64)
    judged[judged == 0] = np.nan
    table["villages_on_two_positions_percent"] = 100.0 * table["villages_on_two_positions"] / judged
    _fill_positions(table, areas, stations.iloc[service.cells.station_row], positions)
    return table[list(ROBUSTNESS_COLUMNS)]


def _keys(table: pd.DataFrame) -> pd.MultiIndex:
    import pandas as pd

    return pd.MultiIndex.from_frame(table[list(AREA_COLUMNS)].fillna("").astype(object))


def _areas(villages: pd.DataFrame, positions: pd.DataFrame) -> pd.MultiIndex:
    """Return every commune that a village or a position is in, sorted."""
    return _keys(villages).append(_keys(positions)).drop_duplicates().sort_values()


def _fill_positions(table: pd.DataFrame, areas: pd.MultiIndex, counted: pd.DataFrame, positions: pd.DataFrame) -> None:
    """Add what stands in each area: positions, robust ones, and the feeders they are on."""
    import pandas as pd

    at = areas.get_indexer(_keys(positions))
    robust = (positions["operator_count"] >= ROBUST_OPERATORS).to_numpy(dtype=bool)
    table["positions"] = np.bincount(at, minlength=len(areas))
    table["robust_positions"] = np.bincount(at[robust], minlength=len(areas))
    table["has_robust_position"] = table["robust_positions"] > 0
    area = counted["position_id"].map(pd.Series(at, index=positions["position_id"].to_numpy(dtype=object)))
    power = counted["power_group"].fillna("")
    feeders = power[power != ""].groupby(area).nunique().reindex(range(len(areas)), fill_value=0)
    all_named = (power != "").groupby(area).all().reindex(range(len(areas)), fill_value=False)
    one = pd.Series(pd.NA, index=range(len(areas)), dtype="boolean")
    one[feeders >= 2] = False
    one[(feeders == 1) & all_named] = True
    table["power_groups"] = feeders.astype(np.int64)
    table["one_power_group"] = one

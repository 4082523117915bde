"""``dependency.csv``: each station, position, operator, power and transmission group, and what goes dark without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.dependency.groups import KINDS, groups_of
from whitesignal.dependency.outage import loss, on_one_position, present, served_by

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.dependency.groups import Groups
    from whitesignal.dependency.outage import Loss
    from whitesignal.project import Policy
    from whitesignal.villages.service import Service

PLACE_COLUMNS = ("position_id", "commune", "district", "province")
"""Where a group stands: filled where all its positions agree, as a station's and a position's do, else empty."""

DEPENDENCY_COLUMNS = (
    "kind", "id", "rank", *PLACE_COLUMNS, "stations", "positions", "shared_positions", "operators", "operator_count",
    "shared_with", "villages_served", "villages_dark", "people_dark", "households_dark", "villages_dark_unsure",
    "villages_weakened", "villages_on_one_position", "operator_villages_dark",
)  # fmt: skip
"""Columns of ``dependency.csv``; villages are judged at their centre, unknown ones count in nothing.

``shared_positions`` of the group's ``positions`` have two operators or more; ``operators`` are the group's own,
``shared_with`` the others on its positions.

``villages_served`` have signal and are served by the group among others. ``villages_dark`` of them have signal for
certain now and not for certain without the group; ``villages_dark_unsure`` of those might keep it, if the voids of the
terrain on some paths are low. ``villages_weakened`` are covered, keep their signal at the centre and lose it at a
surveyed cluster. ``villages_on_one_position`` are served by the group from a position without which they go dark: a
position's own dark villages, and of another group's those that hang on a single mast. ``operator_villages_dark`` counts
a village once for each operator whose signal there goes, whatever the others give: what sharing a mast adds up.
"""

BY_OPERATOR_COUNT_COLUMNS = (
    "operator_count", "positions", "positions_percent", "positions_needed", "villages_served_mean", "villages_dark",
    "villages_dark_mean", "villages_dark_max", "people_dark", "people_dark_mean", "people_dark_max",
    "operator_villages_dark", "operator_villages_dark_mean",
)  # fmt: skip
"""Columns of ``sharing_dependency.csv``: one row for each number of operators on a position.

``positions_needed`` are those without which at least one village goes dark; means are over all positions of the row.
"""


def dependency_table(
    service: Service, stations: pd.DataFrame, villages: pd.DataFrame, positions: pd.DataFrame, *, policy: Policy
) -> pd.DataFrame:
    """Return what goes dark without each group of stations that may fail at once, ``DEPENDENCY_COLUMNS``.

    Parameters
    ----------
    service
        Who serves where by the policy's generations and threshold, as ``policy_service`` gives it.
    stations
        The station table; ``service.cells.station_row`` names its counted rows, the others have no part in anything.
    villages
        The village table, judged by the same policy; ``service.where.village`` names its rows.
    positions
        The sharing table: where each position stands.
    policy
        Its ``min_operators`` says how many must serve for a village to have signal.

    Returns
    -------
    DataFrame
        One row for every group of every kind, those on which nothing depends too; kinds in the order of ``KINDS``, then
        by ``rank``: most people dark first, then most villages. Rows that lose alike share a rank, the least of their
        places (1, 2, 2, 4), and stand in the order of their ids. A station whose register names no power or
        transmission group is in none, and is taken to stay on air when one fails.

    Notes
    -----
    People and households are sums over villages; where none of all villages was counted they are NaN, else a village
    without a count adds nothing. With ``min_operators`` = 1 a village hangs on one position at most; with n it may hang
    on n, so the rows of a kind then do not add up to villages.
    """
    import pandas as pd

    now = present(service, villages, policy)
    all_groups = {kind: groups_of(kind, stations, service.cells) for kind in KINDS}
    losses = {kind: loss(now, groups) for kind, groups in all_groups.items()}
    counted = stations.iloc[service.cells.station_row]
    parts = []
    for kind, groups in all_groups.items():
        table = _what_they_are(groups, counted, positions)
        _fill_losses(table, losses[kind], groups, villages)
        table["villages_served"] = _count(served_by(now, groups), groups)
        alone = on_one_position(now, groups, all_groups["position"], losses["position"].dark)
        table["villages_on_one_position"] = _count(alone, groups)
        parts.append(_ranked(table)[list(DEPENDENCY_COLUMNS)])
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _what_they_are(groups: Groups, counted: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """Return kind, id, place, stations, positions and operators of each group, in their order."""
    import pandas as pd

    rows = counted[["station_id", "position_id", "operator"]].assign(group=groups.of_cell)
    rows = rows[rows["group"] >= 0]
    stands = counted[["position_id", "operator"]].drop_duplicates()
    at = rows[["group", "position_id"]].drop_duplicates()
    at = at.join(positions.set_index("position_id")[["commune", "district", "province"]], on="position_id")
    at["shared"] = at["position_id"].map(stands["position_id"].value_counts()) >= 2
    by_group, by_place = rows.groupby("group"), at.groupby("group")
    own = rows[["group", "operator"]].drop_duplicates()
    beside = at[["group", "position_id"]].merge(stands, on="position_id")
    beside = beside[["group", "operator"]].drop_duplicates()
    others = beside.merge(own, how="left", indicator="whose")
    table = pd.DataFrame({"kind": groups.kind, "id": groups.ids}, index=range(len(groups)))
    for column in PLACE_COLUMNS:
        agree = by_place[column].nunique(dropna=False) == 1
        table[column] = by_place[column].first().where(agree, "").fillna("")
    table["stations"] = by_group["station_id"].nunique()
    table["positions"] = by_place.size()
    table["shared_positions"] = by_place["shared"].sum()
    table["operators"] = _joined(own)
    table["operator_count"] = by_group["operator"].nunique()
    table["shared_with"] = _joined(others[others["whose"] == "left_only"])
    return table.fillna({"operators": "", "shared_with": ""})


def _joined(pairs: pd.DataFrame) -> pd.Series:
    """Return each group's operators as "A;B", sorted."""
    return pairs.sort_values(["group", "operator"]).groupby("group")["operator"].agg(";".join)


def _fill_losses(table: pd.DataFrame, gone: Loss, groups: Groups, villages: pd.DataFrame) -> None:
    table["villages_dark"] = _count(gone.dark, groups)
    for column in ("people", "households"):
        each = villages["population" if column == "people" else column].to_numpy(dtype=np.float64)
        table[f"{column}_dark"] = _sum(gone.dark, groups, each)
    table["villages_dark_unsure"] = _count(gone.dark[gone.unsure], groups)
    table["villages_weakened"] = _count(gone.weakened, groups)
    table["operator_villages_dark"] = _count(gone.of_operator, groups)


def _count(pairs: NDArray[np.int64], groups: Groups) -> NDArray[np.int64]:
    return np.bincount(pairs[:, 1], minlength=len(groups))


def _sum(pairs: NDArray[np.int64], groups: Groups, each: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum over each group's villages; NaN where nobody counted anywhere, which is not nobody there."""
    if len(each) and np.isnan(each).all():
        return np.full(len(groups), np.nan)
    summed: NDArray[np.float64] = np.zeros(len(groups))
    np.add.at(summed, pairs[:, 1], np.nan_to_num(each)[pairs[:, 0]])
    return summed


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by what they lose, most first, with their rank."""
    keys = {"lost_people": table["people_dark"].fillna(0.0), "lost_villages": table["villages_dark"]}
    table = table.assign(**keys).sort_values(["lost_people", "lost_villages", "id"], ascending=[False, False, True])
    first_of_its_like = ~table.duplicated(["lost_people", "lost_villages"])
    place = np.arange(1, len(table) + 1)
    table["rank"] = np.maximum.accumulate(np.where(first_of_its_like, place, 0))
    return table


def dependency_by_operator_count(dependency: pd.DataFrame) -> pd.DataFrame:
    """Return what depends on positions by how many operators share them, ``BY_OPERATOR_COUNT_COLUMNS``.

    Parameters
    ----------
    dependency
        As ``dependency_table`` gives it.

    Notes
    -----
    Sharing saves masts and puts more eggs in each basket: a shared mast takes all its operators along, which
    ``operator_villages_dark_mean`` shows. Whether villages go dark altogether depends besides on where masts are
    shared: in towns, where others reach, or in valleys, where none does.
    """
    import pandas as pd

    at = dependency[dependency["kind"] == "position"]
    by_count = at.groupby("operator_count", sort=True)
    table = pd.DataFrame({"positions": by_count.size()})
    table["positions_percent"] = 100.0 * table["positions"] / len(at)
    table["positions_needed"] = (at["villages_dark"] > 0).groupby(at["operator_count"]).sum()
    table["villages_served_mean"] = by_count["villages_served"].mean()
    for column in ("villages_dark", "people_dark"):
        table[column] = by_count[column].agg(lambda values: values.sum(skipna=False))
        table[f"{column}_mean"] = by_count[column].mean()
        table[f"{column}_max"] = by_count[column].max()
    table["operator_villages_dark"] = by_count["operator_villages_dark"].sum()
    table["operator_villages_dark_mean"] = by_count["operator_villages_dark"].mean()
    return table.reset_index()[list(BY_OPERATOR_COUNT_COLUMNS)]

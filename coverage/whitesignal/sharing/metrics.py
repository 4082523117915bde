"""The counts and the four metrics of passive sharing, and the two ways to bring several areas' ratios together.

Several generations of one operator on one mast are not sharing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SHARING_COLUMNS = (
    "position_id", "longitude", "latitude", "commune", "district", "province", "structure", "stations", "generations",
    "operators", "operator_count", "shared",
)  # fmt: skip

METRIC_COLUMNS = (
    "positions", "shared_positions", "operator_sites", "operator_sites_on_shared", "position_share_percent",
    "operator_site_share_percent", "tenancy", "masts_avoided",
)  # fmt: skip
"""The counts and the four metrics as the tables of sharing list them."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """The counts that the four metrics of sharing are made of; ratios of totals, never means of ratios."""

    positions: int
    shared_positions: int
    operator_sites: int
    operator_sites_on_shared: int

    @property
    def position_share(self) -> float:
        """Positions with two or more operators over positions: the usual Vietnamese reading."""
        return _ratio(self.shared_positions, self.positions)

    @property
    def operator_site_share(self) -> float:
        """Operator-sites on shared positions over operator-sites."""
        return _ratio(self.operator_sites_on_shared, self.operator_sites)

    @property
    def tenancy(self) -> float:
        """Operator-sites per position."""
        return _ratio(self.operator_sites, self.positions)

    @property
    def masts_avoided(self) -> int:
        """Masts that would stand besides, had every operator-site its own."""
        return self.operator_sites - self.positions

    def as_row(self) -> dict[str, float]:
        """Return the values of ``METRIC_COLUMNS``; a ratio over nothing is NaN. [1], [%]"""
        return {
            "positions": self.positions,
            "shared_positions": self.shared_positions,
            "operator_sites": self.operator_sites,
            "operator_sites_on_shared": self.operator_sites_on_shared,
            "position_share_percent": 100.0 * self.position_share,
            "operator_site_share_percent": 100.0 * self.operator_site_share,
            "tenancy": self.tenancy,
            "masts_avoided": self.masts_avoided,
        }


@dataclass(frozen=True, slots=True)
class MeanOfRatios:
    """The plain mean of areas' own ratios: a hamlet weighs as much as a city, so it is no ratio of any counts.

    ``areas`` is how many have a ratio; an area without positions has none.
    """

    areas: int
    position_share: float
    operator_site_share: float
    tenancy: float

    def as_row(self) -> dict[str, float]:
        """Return the values of ``METRIC_COLUMNS`` that a mean of ratios has. [%], [1]"""
        return {
            "position_share_percent": 100.0 * self.position_share,
            "operator_site_share_percent": 100.0 * self.operator_site_share,
            "tenancy": self.tenancy,
        }


def _ratio(numerator: int, denominator: int) -> float:
    return numerator / denominator if denominator else float("nan")


def sharing_table(stations: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return one row per position with who stands there, sorted by position_id.

    Parameters
    ----------
    stations
        The station table; only its counted rows count.
    areas
        ``position_id`` as index; columns commune, district, province.
    """
    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    grouped = counted.sort_values(["position_id", "station_id"], kind="stable").groupby("position_id", sort=True)
    table = grouped[["longitude", "latitude"]].first()
    for name, column in (("structure",) * 2, ("generations", "generation"), ("operators", "operator")):
        table[name] = _joined(counted, column, table.index)
    table["stations"] = grouped["station_id"].nunique()
    table["operator_count"] = grouped["operator"].nunique()
    table["shared"] = table["operator_count"] >= 2
    return table.join(areas).reset_index()[list(SHARING_COLUMNS)]


def count_sharing(positions: pd.DataFrame) -> Sharing:
    """Return the counts of rows of a sharing table.

    Examples
    --------
    >>> import pandas as pd
    >>> sharing = count_sharing(pd.DataFrame({"operator_count": [1, 1, 2, 3]}))
    >>> sharing.position_share, sharing.operator_site_share, sharing.tenancy, sharing.masts_avoided
    (0.5, 0.7142857142857143, 1.75, 3)
    """
    operators = positions["operator_count"]
    shared = operators >= 2
    return Sharing(len(positions), int(shared.sum()), int(operators.sum()), int(operators[shared].sum()))


def sharing_of(position: NDArray[np.int64], operator: NDArray[np.int64]) -> Sharing:
    """Return the counts where each row is something of one operator at one position; codes of shape (rows,).

    Examples
    --------
    Two operators on the first position, one of them with two stations, and one alone on the second:

    >>> sharing_of(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 0]))
    Sharing(positions=2, shared_positions=1, operator_sites=3, operator_sites_on_shared=2)
    """
    if not len(position):
        return Sharing(0, 0, 0, 0)
    sites = np.unique(np.stack([position, operator]), axis=1)
    operators = np.unique(sites[0], return_counts=True)[1]
    shared = operators >= 2
    return Sharing(len(operators), int(shared.sum()), int(operators.sum()), int(operators[shared].sum()))


def mean_of_ratios(areas: Sequence[Sharing]) -> MeanOfRatios:
    """Return the mean of the areas' ratios; NaN where none has any.

    Examples
    --------
    One position of one shared and one of nine: a mean of 56 %, though 2 of 10 are shared.

    >>> mean = mean_of_ratios([Sharing(1, 1, 2, 2), Sharing(9, 1, 10, 2)])
    >>> round(mean.position_share, 2)
    0.56
    """
    built = [area for area in areas if area.positions]
    if not built:
        return MeanOfRatios(0, math.nan, math.nan, math.nan)
    return MeanOfRatios(
        len(built),
        math.fsum(area.position_share for area in built) / len(built),
        math.fsum(area.operator_site_share for area in built) / len(built),
        math.fsum(area.tenancy for area in built) / len(built),
    )


def _joined(rows: pd.DataFrame, column: str, position_ids: pd.Index) -> pd.Series:
    """Return the different names of a column's rows at each position, joined; nothing where all are empty."""
    import pandas as pd

    found: dict[str, set[str]] = {position_id: set() for position_id in position_ids}
    for position_id, name in zip(rows["position_id"].tolist(), rows[column].tolist(), strict=True):
        if name:
            found[position_id].add(name)
    return pd.Series([";".join(sorted(names)) for names in found.values()], index=position_ids, dtype="str")

"""Passive sharing: what one percentage is made of, counted on the register's own positions.

Several generations of one operator on one mast are not sharing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHARING_COLUMNS = (
    "position_id", "longitude", "latitude", "commune", "district", "province", "structure", "stations", "generations",
    "operators", "operator_count", "shared",
)  # fmt: skip


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
    import pandas as pd

    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    grouped = counted.sort_values(["position_id", "station_id"], kind="stable").groupby("position_id", sort=True)
    table = pd.DataFrame(
        {
            "longitude": grouped["longitude"].first(),
            "latitude": grouped["latitude"].first(),
            "structure": grouped["structure"].agg(_joined),
            "stations": grouped["station_id"].nunique(),
            "generations": grouped["generation"].agg(_joined),
            "operators": grouped["operator"].agg(_joined),
            "operator_count": grouped["operator"].nunique(),
        }
    )
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


def _joined(names: pd.Series) -> str:
    return ";".join(sorted({name for name in names if name}))

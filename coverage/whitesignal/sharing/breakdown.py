"""Sharing by asset class, operator pair and area, each with the counts that its ratios are made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.sharing.metrics import METRIC_COLUMNS, MeanOfRatios, Sharing, count_sharing, mean_of_ratios

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["total", "structure", "operator_pair", "all_districts", "district", "all_communes", "commune"]
Ratio = Literal["ratio_of_totals", "mean_of_ratios"]

BREAKDOWN_COLUMNS = ("level", "name", "ratio", "areas", *METRIC_COLUMNS)
"""Columns of ``sharing_breakdown.csv``.

``ratio`` says what the shares and the tenancy of a row are: "ratio_of_totals" are those of the row's own counts;
"mean_of_ratios" is the plain mean over the ``areas`` that stand below, so that row has no counts. ``all_districts`` and
``all_communes`` give both over the same named areas. ``name`` is empty for the total and for what the data do not name.
"""


def sharing_breakdown(positions: pd.DataFrame) -> pd.DataFrame:
    """Return the four metrics of sharing in total and by structure, operator pair, district and commune.

    Parameters
    ----------
    positions
        The sharing table. Where tenants disagree on a position's structure its text lists all they say: "A1;A2b".

    Notes
    -----
    Structures, districts and communes each part the positions, and their counts add up to the total. Operator pairs do
    not: a pair's ``positions`` are those where either stands, ``shared_positions`` those where both do, and its
    operator-sites are the two operators' alone.

    A commune's name is "district/commune"; where there are several provinces, theirs stands before both.
    """
    import pandas as pd

    rows = [
        _row("total", "", count_sharing(positions)),
        *(_row("structure", name, sharing) for name, sharing in _by(positions, ["structure"])),
        *(_row("operator_pair", name, sharing) for name, sharing in _by_operator_pair(positions)),
        *_area_rows(positions, "all_districts", "district"),
        *_area_rows(positions, "all_communes", "commune"),
    ]
    table = pd.DataFrame(rows, columns=list(BREAKDOWN_COLUMNS))
    whole = ("areas", "positions", "shared_positions", "operator_sites", "operator_sites_on_shared", "masts_avoided")
    return table.astype(dict.fromkeys(whole, "Int64"))


def _row(level: Level, name: str, sharing: Sharing | MeanOfRatios) -> dict[str, object]:
    ratio: Ratio = "mean_of_ratios" if isinstance(sharing, MeanOfRatios) else "ratio_of_totals"
    return {"level": level, "name": name, "ratio": ratio, **sharing.as_row()}


def _area_rows(
    positions: pd.DataFrame, together: Literal["all_districts", "all_communes"], level: Literal["district", "commune"]
) -> Iterator[dict[str, object]]:
    """Yield the named areas' ratio of totals and mean of ratios, then each area's own."""
    above = ["province"] if (positions["province"].replace("", np.nan).nunique()) > 1 else []
    columns = [*above, *dict.fromkeys(("district", level))]
    named = positions[positions[level] != ""]
    areas = list(_by(named, columns))
    for sharing in (count_sharing(named), mean_of_ratios([one for _, one in areas])):
        yield {**_row(together, "", sharing), "areas": len(areas)}
    yield from (_row(level, name, sharing) for name, sharing in areas)
    nameless = positions[positions[level] == ""]
    if len(nameless):
        yield _row(level, "", count_sharing(nameless))


def _by(positions: pd.DataFrame, columns: list[str]) -> Iterator[tuple[str, Sharing]]:
    """Yield each value of the columns, joined by "/", with its positions' counts, in the values' order."""
    for key, here in positions.groupby(columns, sort=True):
        yield "/".join(part for part in key if part), count_sharing(here)


def _by_operator_pair(positions: pd.DataFrame) -> Iterator[tuple[str, Sharing]]:
    """Yield every pair of operators with the counts of the positions where either stands."""
    stands = positions["operators"].str.get_dummies(sep=";")
    for one, other in combinations(sorted(stands.columns), 2):
        both = int((stands[one] & stands[other]).sum())
        either = int((stands[one] | stands[other]).sum())
        yield f"{one};{other}", Sharing(either, both, either + both, 2 * both)

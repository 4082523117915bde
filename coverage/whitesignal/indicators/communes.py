"""Communes with 3G or 4G, by a stated rule over their villages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.indicators.covered import served_by
from whitesignal.indicators.figure import Figure, ratio

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.indicators.areas import Areas

LEAST_SHARE_OF_VILLAGES = 0.5
"""A commune counts where at least this share of its villages of known status does.

No published figure says its rule; half is ours, and the figure that asks for every village stands beside it.
"""

COUNTS = ("communes", "communes.judged", "communes.3g_4g", "communes.3g_4g.every_village")


def commune_counts(villages: pd.DataFrame, communes: Areas | None) -> dict[str, NDArray[np.float64]]:
    """Return what each village adds: a commune counts once, at the first of its villages; none where none is named."""
    if communes is None:
        return {name: np.zeros(len(villages)) for name in COUNTS}
    inside = communes.village >= 0
    code = communes.village[inside]
    known = (villages["status"] != "unknown").to_numpy(dtype=bool)[inside]
    of_known = np.bincount(code[known], minlength=len(communes))
    served = np.bincount(code, weights=served_by(villages, ("3G", "4G"))[inside], minlength=len(communes))
    judged = of_known > 0
    by_commune = (
        np.ones(len(communes)),
        judged,
        judged & (served >= LEAST_SHARE_OF_VILLAGES * of_known),
        judged & (served == of_known),
    )
    first = np.flatnonzero(inside)[np.unique(code, return_index=True)[1]]
    counts = {}
    for name, values in zip(COUNTS, by_commune, strict=True):
        counts[name] = np.zeros(len(villages))
        counts[name][first] = values
    return counts


def commune_figures(tally: Mapping[str, float]) -> Iterator[Figure]:
    """Yield an area's communes and the share of them with 3G or 4G."""
    yield Figure("communes", tally["communes"], "communes", counts="communes that a village names")
    where = "of the villages of known status have 3G or 4G at the centre, basic threshold"
    for figure_id, share in (
        ("communes.3g_4g", f"at least {100 * LEAST_SHARE_OF_VILLAGES:g} %"),
        ("communes.3g_4g.every_village", "100 %"),
    ):
        yield ratio(figure_id, tally[figure_id], tally["communes.judged"],
                    of="communes with a village of known status", counts=f"communes where {share} {where}")  # fmt: skip

"""What stations hang on together: a feeder of the grid, a ring of transmission. Invented, and known only in part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samples.villages import split_evenly

if TYPE_CHECKING:
    from numpy.typing import NDArray


def neighbourhoods(
    places_km: NDArray[np.float64], area: NDArray[np.int64], names: Sequence[str], *, prefix: str, size: int
) -> NDArray[np.object_]:
    """Return a group for every place: neighbours, some ``size`` of them, never across a border or the sea.

    Parameters
    ----------
    places_km
        East and north, shape (n, 2). [km]
    area
        District and part of the land of each place, shape (n, 2); no group spans two.
    names
        Of the districts, short.
    """
    group = np.full(len(places_km), "", dtype=object)
    count = np.zeros(len(names), dtype=int)
    for district, part in np.unique(area, axis=0):
        members = np.flatnonzero((area == (district, part)).all(axis=1))
        parts = max(1, round(len(members) / size))
        label = split_evenly(places_km[members], parts) + count[district] + 1
        group[members] = [f"{prefix}-{names[district]}-{number:02d}" for number in label]
        count[district] += parts
    return group


def known_in_part(rng: np.random.Generator, group: NDArray[np.object_], share: float) -> NDArray[np.object_]:
    """Return the groups with the gaps that a register has."""
    return np.where(rng.random(len(group)) < share, group, "")

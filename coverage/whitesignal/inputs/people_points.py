"""A few points that stand for where a polygon's people live, taken from a population raster's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POINTS = 12
"""No village is sampled at more points than this."""

CURVE_BITS = 16
"""Cells are put in order along a Morton curve over a square of 2^16 steps a side."""


def sample_people(
    eastings: NDArray[np.float64], northings: NDArray[np.float64], people: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return which cells stand for all of them, and how many people each stands for.

    Parameters
    ----------
    eastings, northings, people
        Of the populated cells, shape (n,); people above 0.

    Returns
    -------
    (k,) indices, ascending, and (k,) people, their sum the whole; k at most `MOST_POINTS`.

    Notes
    -----
    Up to that many cells are all taken, each with its people. Of more, a systematic sample with probability
    proportional to size: the cells in order along a Morton curve, so that neighbours stand together, and the one taken
    in which the middle of each twelfth of the people falls. Each such middle stands for a twelfth.
    """
    if len(people) <= MOST_POINTS:
        return np.arange(len(people)), people.copy()
    order = np.lexsort((northings, eastings, _morton(eastings, northings)))
    until = np.cumsum(people[order])
    middles = (np.arange(MOST_POINTS) + 0.5) / MOST_POINTS * until[-1]
    taken = order[np.minimum(np.searchsorted(until, middles, side="right"), len(order) - 1)]
    cells, times = np.unique(taken, return_counts=True)
    return cells, times * (until[-1] / MOST_POINTS)


def _morton(eastings: NDArray[np.float64], northings: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return each place's number along a Morton curve over the square that holds them all."""
    side = max(float(np.ptp(eastings)), float(np.ptp(northings))) or 1.0
    code = np.zeros(len(eastings), dtype=np.int64)
    for shift, values in ((0, eastings), (1, northings)):
        step = ((values - values.min()) / side * (2**CURVE_BITS - 1)).astype(np.int64)
        for bit in range(CURVE_BITS):
            code |= ((step >> bit) & 1) << (2 * bit + shift)
    return code

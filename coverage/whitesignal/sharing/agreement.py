"""How well positions found in one way are those found in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the true positions: how many were found row for row, in several parts, together with another's rows.

    A position may be split and merged at once; ``recovered`` is the ones that are neither. ``adjusted_rand`` is 1 where
    both partitions are the same, about 0 where they agree no more than by chance.
    """

    positions: int
    recovered: int
    split: int
    merged: int
    adjusted_rand: float


def compare_positions(truth: NDArray[np.int64], found: NDArray[np.int64]) -> Agreement:
    """Return how well ``found`` gives back ``truth``; codes of shape (rows,), each row something that stands somewhere.

    References
    ----------
    Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2, equation (5).

    Examples
    --------
    The first of three positions is given back; the other two are taken for one:

    >>> found = compare_positions(np.array([0, 0, 1, 2]), np.array([7, 7, 5, 5]))
    >>> found.positions, found.recovered, found.split, found.merged, round(found.adjusted_rand, 4)
    (3, 1, 0, 2, 0.5714)
    """
    (of_truth, of_found), shared_rows = np.unique(np.stack([truth, found]), axis=1, return_counts=True)
    _, true_code, found_per_truth = np.unique(of_truth, return_inverse=True, return_counts=True)
    _, found_code, truths_per_found = np.unique(of_found, return_inverse=True, return_counts=True)
    split = found_per_truth > 1
    merged = np.zeros(len(found_per_truth), dtype=bool)
    merged[true_code[truths_per_found[found_code] > 1]] = True
    return Agreement(
        positions=len(found_per_truth),
        recovered=int((~split & ~merged).sum()),
        split=int(split.sum()),
        merged=int(merged.sum()),
        adjusted_rand=_adjusted_rand(
            _pairs(shared_rows),
            _pairs(np.bincount(true_code, weights=shared_rows)),
            _pairs(np.bincount(found_code, weights=shared_rows)),
            _pairs(np.array([len(truth)])),
        ),
    )


def _pairs(sizes: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """Return how many pairs of rows stand together in groups of these sizes."""
    return float((sizes * (sizes - 1) / 2).sum())


def _adjusted_rand(together: float, in_truth: float, in_found: float, of_all: float) -> float:
    """Return Hubert and Arabie's index of pairs together in both, in either, and of all pairs."""
    expected = in_truth * in_found / of_all if of_all else 0.0
    most = (in_truth + in_found) / 2.0
    return (together - expected) / (most - expected) if most != expected else 1.0

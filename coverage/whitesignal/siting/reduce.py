"""A smaller problem with the same optimum: what cannot matter goes before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.problem import Problem, entries, part_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

PAIRS_AT_ONCE = 1_000_000
"""How many pairs of candidates are compared in one sweep of arrays: about 50 MB."""

SIGNATURE_SEED = 20_240_229
"""Spreads demands over the bits of signatures; any seed gives the same reduction, only faster or slower."""


@dataclass(frozen=True)
class Reduced:
    """A reduced problem, and which candidates of the original are its columns, ascending."""

    problem: Problem
    candidates: NDArray[np.intp]


def reduce(problem: Problem) -> Reduced:
    """Return a problem with the same optimal weight, of candidates of the original, that is as small as rules make it.

    Notes
    -----
    In turn, until nothing changes any more:

    * demands of no weight and demands that nobody covers go; so do candidates dearer than the whole budget and
      candidates that cover nothing;
    * demands covered by the same candidates become one, with their weights added;
    * a candidate goes when another covers all that it covers, and more, or cheaper, or the same with a lower index.
      "Goes before" is a strict order, so of every candidate that goes one that stays is at least as good.
    """
    kept = np.arange(problem.candidate_count)
    while True:
        before = problem.demands.shape
        problem, useful = _without_idle(problem)
        problem = _with_twins_merged(problem)
        stays = ~_dominated(problem)
        problem = part_of(problem, np.arange(problem.demand_count), stays)
        kept = kept[useful][stays]
        if problem.demands.shape == before:
            return Reduced(problem, kept)


def _without_idle(problem: Problem) -> tuple[Problem, NDArray[np.bool_]]:
    """Leave out what covers nothing, is worth nothing or cannot be paid; also say which candidates stay."""
    worth = problem.weight > 0.0
    useful = (problem.cost <= problem.budget) & (problem.candidates @ worth.astype(np.float64) > 0.0)
    reached = problem.demands @ useful.astype(np.float64) > 0.0
    return part_of(problem, worth & reached, useful), useful


def _with_twins_merged(problem: Problem) -> Problem:
    """Make one demand of those that the same candidates cover."""
    matrix = problem.demands
    first_of: dict[bytes, int] = {}
    group = np.empty(problem.demand_count, dtype=np.intp)
    for demand in range(problem.demand_count):
        row = matrix.indices[matrix.indptr[demand] : matrix.indptr[demand + 1]].tobytes()
        group[demand] = first_of.setdefault(row, demand)
    firsts, place = np.unique(group, return_inverse=True)
    weight = np.zeros(len(firsts))
    np.add.at(weight, place, problem.weight)
    return part_of(problem, firsts, np.arange(problem.candidate_count), weight=weight)


def _dominated(problem: Problem) -> NDArray[np.bool_]:
    """Tell which candidates are no loss, because another covers as much for as little, shape (candidate,).

    Whoever covers all of a candidate's demands covers the one of them that fewest candidates cover: only those few are
    compared, first by size and price, then by 64-bit signatures of their demands, and what is left one by one.
    """
    matrix, cost = problem.candidates, problem.cost
    gone = np.zeros(problem.candidate_count, dtype=np.bool_)
    size = np.diff(matrix.indptr)
    rivals = np.diff(problem.demands.indptr)
    rarest = _rarest_demand(matrix, rivals)
    signature = _signatures(matrix)
    for part in _portions(np.arange(problem.candidate_count), rivals[rarest], PAIRS_AT_ONCE):
        small = np.repeat(part, rivals[rarest[part]])
        large = entries(problem.demands, rarest[part])
        may = (cost[large] <= cost[small]) & (size[large] >= size[small])
        may &= (cost[large] < cost[small]) | (size[large] > size[small]) | (large < small)
        may[may] = (signature[small[may]] & ~signature[large[may]]) == 0
        gone[_contained(matrix, small[may], large[may])] = True
    return gone


def _rarest_demand(matrix: csr_array, rivals: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return, of each candidate's demands, the one that fewest candidates cover, by its index among equals."""
    rank = np.empty(len(rivals), dtype=np.intp)
    order = np.argsort(rivals, kind="stable")
    rank[order] = np.arange(len(rivals))
    if not matrix.shape[0]:
        return np.empty(0, dtype=np.intp)
    return order[np.minimum.reduceat(rank[matrix.indices], matrix.indptr[:-1])]


def _signatures(matrix: csr_array) -> NDArray[np.uint64]:
    """Return 64 bits for each candidate, one set for each demand it covers: of a part they are a part."""
    bit = np.random.default_rng(SIGNATURE_SEED).integers(0, 64, matrix.shape[1]).astype(np.uint64)
    if not matrix.shape[0]:
        return np.empty(0, dtype=np.uint64)
    return np.bitwise_or.reduceat(np.uint64(1) << bit[matrix.indices], matrix.indptr[:-1])


def _contained(matrix: csr_array, small: NDArray[np.intp], large: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return those of the small candidates whose demands the large one beside it covers all."""
    size = np.diff(matrix.indptr)
    found = [np.empty(0, dtype=np.intp)]
    for part in _portions(np.arange(len(small)), size[large], PAIRS_AT_ONCE):
        common = matrix[small[part]].multiply(matrix[large[part]]).sum(axis=1)
        found.append(small[part][common == size[small[part]]])
    return np.concatenate(found)


def _portions(things: NDArray[np.intp], load: NDArray[np.intp], at_once: int) -> list[NDArray[np.intp]]:
    """Cut things into runs that each carry about so much load, and at most one thing more."""
    total = np.cumsum(load)
    cuts = np.searchsorted(total, np.arange(at_once, int(total[-1]) if len(total) else 0, at_once), side="right")
    return [part for part in np.split(things, cuts) if len(part)]

"""The question put to the solver: who can be covered by whom, what that is worth, and what may be spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SPENDING_SLACK = 1e-9
"""A sum of costs may pass the budget by this share of it: what adding up decimal fractions can go wrong."""


@dataclass(frozen=True)
class Problem:
    """Maximal covering under a budget: a number of candidates is a budget with every cost 1.

    Attributes
    ----------
    demands
        Demand × candidate; a stored entry says that the candidate covers the demand. Entries are 1.0, in order.
    candidates
        The same transposed, candidate × demand: products with either side then run along the rows.
    weight
        What covering each demand is worth, shape (demand,).
    cost
        What choosing each candidate takes, shape (candidate,).
    budget
        What may be spent altogether, the slack for rounding included.
    """

    demands: csr_array
    candidates: csr_array
    weight: NDArray[np.float64]
    cost: NDArray[np.float64]
    budget: float

    @property
    def demand_count(self) -> int:
        """How many demands there are."""
        return len(self.weight)

    @property
    def candidate_count(self) -> int:
        """How many candidates there are."""
        return len(self.cost)

    @property
    def has_one_price(self) -> bool:
        """Whether all candidates cost the same, so that only their number counts."""
        return bool(self.candidate_count) and bool(np.all(self.cost == self.cost[0]))

    def covered(self, chosen: NDArray[np.intp]) -> float:
        """Return the weight that the chosen candidates cover, each demand counted once."""
        served = np.zeros(self.demand_count, dtype=np.bool_)
        served[entries(self.candidates, chosen)] = True
        return float(self.weight[served].sum())


def problem_of(covers: Any, weight: NDArray[np.float64], cost: NDArray[np.float64], budget: float) -> Problem:
    """Return the problem of a sparse matrix whose stored entries, whatever their value, say who covers whom."""
    from scipy.sparse import csr_array

    demands = csr_array(covers)
    demands.sort_indices()
    demands = csr_array((np.ones(demands.nnz), demands.indices, demands.indptr), shape=demands.shape)
    return Problem(demands, csr_array(demands.T), weight, cost, budget)


def part_of(
    problem: Problem,
    demands: NDArray[Any],
    candidates: NDArray[Any],
    *,
    weight: NDArray[np.float64] | None = None,
    budget: float | None = None,
) -> Problem:
    """Return the problem of some demands and some candidates, by mask or index, with other weights or budget."""
    return problem_of(
        problem.demands[demands][:, candidates],
        problem.weight[demands] if weight is None else weight,
        problem.cost[candidates],
        problem.budget if budget is None else budget,
    )


def entries(matrix: csr_array, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the columns stored in some rows, one row after the other."""
    first = matrix.indptr[rows].astype(np.intp)
    length = matrix.indptr[rows + 1] - first
    before = np.cumsum(length) - length
    places = np.repeat(first - before, length) + np.arange(int(length.sum()))
    columns: NDArray[np.intp] = matrix.indices[places].astype(np.intp)
    return columns


def near(problem: Problem, candidates: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which candidates share a demand with any of some, themselves included, shape (candidate,)."""
    served = np.zeros(problem.demand_count, dtype=np.bool_)
    served[entries(problem.candidates, candidates)] = True
    shared = np.zeros(problem.candidate_count, dtype=np.bool_)
    shared[entries(problem.demands, np.flatnonzero(served))] = True
    return shared

"""The firm question: which candidates, and how good is that."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whitesignal.errors import InputError
from whitesignal.siting.greedy import greedy
from whitesignal.siting.problem import SPENDING_SLACK, Problem, entries, part_of, problem_of
from whitesignal.siting.reduce import reduce
from whitesignal.siting.search import Found, search

SHOWN = 3
"""How many wrong values an error message shows."""

Status = Literal["optimal", "heuristic", "time limit"]


@dataclass(frozen=True)
class Choice:
    """Chosen candidates, and the proof of how good they are.

    Attributes
    ----------
    chosen
        Indices of the chosen candidates, the required ones among them, ascending.
    covered
        The weight they cover, each demand counted once.
    bound
        No choice within the same limits covers more weight than this.
    status
        ``"optimal"``: nothing better exists, ``covered`` is ``bound``. ``"heuristic"``: the search ended by its own
        rules before that was proved. ``"time limit"``: time ended it, so a faster machine may choose otherwise.
        Whatever is not ``"time limit"`` comes out the same on every machine.
    """

    chosen: NDArray[np.intp]
    covered: float
    bound: float
    status: Status

    @property
    def gap(self) -> float:
        """The share of the bound that may be missing: (bound − covered) / bound, 0 when proven."""
        return (self.bound - self.covered) / self.bound if self.bound > 0.0 else 0.0


def choose(
    covers: Any,
    weight: ArrayLike,
    *,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    new: int | None = None,
    required: ArrayLike = (),
    time_limit_s: float = 60.0,
    exact: bool | None = None,
) -> Choice:
    """Return the candidates that together cover most weight, for a number of new ones or for a budget.

    Parameters
    ----------
    covers
        Who covers whom: a scipy sparse matrix (or anything one can be made of), demand × candidate, boolean or 0 and 1.
    weight
        What covering each demand is worth, shape (demand,); finite, not negative.
    cost
        What each candidate costs, shape (candidate,); finite, not negative. Given with a budget, and only then.
    budget
        What the chosen candidates may cost together, the required ones included: give existing stations the cost 0.
    new
        How many candidates may be chosen at most besides the required ones.
    required
        Indices of candidates that are always chosen, such as existing stations.
    time_limit_s
        When to stop with the best so far. [s]
    exact
        None: branch and bound where what the bounds leave open is small enough. True: whatever the size. False: greedy,
        exchanges and a Lagrangian bound only, in seconds.

    Returns
    -------
    Choice
        Fewer candidates than allowed where more would add nothing.

    Raises
    ------
    InputError
        Shapes do not fit; a value is not a number, infinite or negative; not exactly one of ``new`` and ``budget`` is
        given, or ``cost`` without ``budget``; the required candidates alone cost more than the budget.

    Notes
    -----
    Maximal covering: maximise sum(w_i z_i), z_i = 1 if a chosen candidate covers demand i, subject to the number or
    cost of the chosen. To cover white villages first and people second, weigh a village with more than all people
    together: whole weights are exact up to a sum of 2^53.
    """
    if not time_limit_s >= 0.0:
        raise InputError(f"time_limit_s: {time_limit_s} is no time in seconds")
    deadline = monotonic() + time_limit_s
    problem = _problem(covers, weight, cost=cost, budget=budget, new=new)
    needed = _indices(required, problem.candidate_count)
    rest, others = _besides(problem, needed, are_paid=new is None)
    reduced = reduce(rest)
    if reduced.problem.candidate_count:
        found = search(reduced.problem, exact=exact, deadline=deadline)
    else:
        found = Found(np.empty(0, dtype=np.intp), 0.0, ended=True)
    chosen = np.concatenate([needed, _without_idle(rest, others, reduced.candidates[found.chosen])])
    covered = problem.covered(chosen)
    is_optimal = found.bound <= reduced.problem.covered(found.chosen)
    bound = covered if is_optimal else max(covered, problem.covered(needed) + found.bound)
    status: Status = "optimal" if is_optimal else "heuristic" if found.ended else "time limit"
    return Choice(np.sort(chosen), covered, bound, status)


def choose_greedily(
    covers: Any,
    weight: ArrayLike,
    *,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    new: int | None = None,
) -> NDArray[np.intp]:
    """Return the candidates, ascending, that taking the best one again and again ends with.

    A choice is held against them. Arguments and errors are those of ``choose``.
    """
    return np.flatnonzero(greedy(_problem(covers, weight, cost=cost, budget=budget, new=new)).chosen)


def _problem(
    covers: Any, weight: ArrayLike, *, cost: ArrayLike | None, budget: float | None, new: int | None
) -> Problem:
    """Check what was given, and say it as one problem: a number is a budget with every cost 1."""
    from scipy.sparse import csr_array

    matrix = csr_array(covers, dtype=np.float64, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    if not np.all(matrix.data == 1.0):
        raise InputError("covers: every entry must be 0 or 1 (or False or True)")
    demand_count, candidate_count = matrix.shape
    worth = _numbers("weight", weight, demand_count)
    if (new is None) == (budget is None):
        raise InputError("give either new (a number of candidates) or budget (what they may cost), and not both")
    if new is not None:
        if cost is not None:
            raise InputError("cost counts only with a budget: leave it out, or give budget instead of new")
        if new < 0 or int(new) != new:
            raise InputError(f"new: {new} is no number of candidates")
        return problem_of(matrix, worth, np.ones(candidate_count), float(new))
    if cost is None:
        raise InputError("budget: the cost of each candidate is missing")
    if not (budget is not None and 0.0 <= budget < np.inf):
        raise InputError(f"budget: {budget} is not a finite amount")
    prices = _numbers("cost", cost, candidate_count)
    return problem_of(matrix, worth, prices, float(budget) * (1.0 + SPENDING_SLACK))


def _numbers(name: str, values: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return values as an array if there are so many of them and all are finite and not negative."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (count,):
        raise InputError(f"{name}: shape {array.shape} does not fit covers, which needs ({count},)")
    wrong = np.flatnonzero(~(np.isfinite(array) & (array >= 0.0)))
    if len(wrong):
        shown = ", ".join(f"{array[index]:g} at {index}" for index in wrong[:SHOWN])
        raise InputError(f"{name}: {len(wrong)} values are not finite numbers of at least 0 ({shown})")
    return array


def _indices(required: ArrayLike, candidate_count: int) -> NDArray[np.intp]:
    """Return the required candidates once each, ascending."""
    given = np.asarray(required)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise InputError(f"required: indices of candidates are wanted, not {given.dtype} values")
    needed = np.unique(given.astype(np.intp))
    wrong = needed[(needed < 0) | (needed >= candidate_count)]
    if len(wrong):
        raise InputError(f"required: there is no candidate {wrong[0]}; there are {candidate_count}, counted from 0")
    return needed


def _besides(problem: Problem, needed: NDArray[np.intp], *, are_paid: bool) -> tuple[Problem, NDArray[np.intp]]:
    """Return what remains to be decided beside the required candidates, and which candidates its columns are."""
    budget = problem.budget - (float(problem.cost[needed].sum()) if are_paid else 0.0)
    if budget < 0.0:
        short = f"{problem.cost[needed].sum():g}, more than the budget of {problem.budget:g}"
        raise InputError(f"required: these {len(needed)} candidates alone cost {short}")
    bare = np.ones(problem.demand_count, dtype=np.bool_)
    bare[entries(problem.candidates, needed)] = False
    others = np.delete(np.arange(problem.candidate_count), needed)
    return part_of(problem, bare, others, budget=budget), others


def _without_idle(problem: Problem, names: NDArray[np.intp], chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the names of the chosen candidates but those that add nothing to the others, the dearest tried first."""
    matrix = problem.candidates
    worth = problem.weight > 0.0
    times = np.bincount(entries(matrix, chosen), minlength=problem.demand_count)
    kept = []
    for candidate in chosen[np.lexsort((-chosen, -problem.cost[chosen]))]:
        demands = entries(matrix, np.array([candidate]))
        if np.any(worth[demands] & (times[demands] == 1)):
            kept.append(candidate)
        else:
            times[demands] -= 1
    return names[np.array(kept, dtype=np.intp)]

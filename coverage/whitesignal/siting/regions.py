"""Better plans region by region: neighbours are given up, and the best in their place found by branch and bound."""

from __future__ import annotations

from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.exact import solve
from whitesignal.siting.greedy import exchange, plan_from
from whitesignal.siting.problem import Problem, entries, near, part_of
from whitesignal.siting.reduce import reduce

REGION_SIZE = 10
"""How many chosen candidates are given up at once: with 15 branch and bound took longer than it gained."""

REGION_CANDIDATES = 120
"""How many candidates may take their place, those that the prices like best."""

MOST_PASSES = 4
"""How often each chosen candidate is given up, unless nothing was gained before."""


def mend_regions(
    problem: Problem,
    chosen: NDArray[np.bool_],
    margin: NDArray[np.float64],
    *,
    enough: float,
    deadline: float,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Return a plan at least as good as a given one, after the best plan of each of many regions was looked for.

    Parameters
    ----------
    problem
        The problem.
    chosen
        The plan to start from, shape (candidate,).
    margin
        What each candidate is worth at the prices less its cost, shape (candidate,).
    enough
        A weight that cannot be passed: the search ends there.
    deadline
        When to stop at the latest, on ``time.monotonic``'s clock. [s]
    rng
        Draws the regions.
    """
    best, covered = chosen.copy(), problem.covered(np.flatnonzero(chosen))
    for _ in range(MOST_PASSES):
        before = covered
        left = best.copy()
        while (left & best).any():
            if covered >= enough or monotonic() > deadline:
                return best
            region = _region(problem, best, int(rng.choice(np.flatnonzero(left & best))), rng)
            left &= ~region
            mended = _mended(problem, best, region, margin, deadline)
            if (now := problem.covered(np.flatnonzero(mended))) > covered:
                best, covered = mended, now
        if covered <= before:
            break
    return best


def _region(problem: Problem, chosen: NDArray[np.bool_], first: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return a chosen candidate and those nearest to it, boolean, shape (candidate,)."""
    region = np.zeros(problem.candidate_count, dtype=np.bool_)
    region[first] = True
    reached = near(problem, np.array([first]))
    while (lacking := REGION_SIZE - int(region.sum())) > 0:
        region[rng.permutation(np.flatnonzero(reached & chosen & ~region))[:lacking]] = True
        further = near(problem, np.flatnonzero(reached))
        if np.array_equal(further, reached):
            break
        reached = further
    return region


def _mended(
    problem: Problem,
    chosen: NDArray[np.bool_],
    region: NDArray[np.bool_],
    margin: NDArray[np.float64],
    deadline: float,
) -> NDArray[np.bool_]:
    """Return the plan with the best found in place of a region's candidates."""
    taken = np.flatnonzero(chosen & ~region)
    bare = np.ones(problem.demand_count, dtype=np.bool_)
    bare[entries(problem.candidates, taken)] = False
    open_ = near(problem, np.flatnonzero(region)) & (~chosen | region)
    liked = np.flatnonzero(open_ & ~region)
    liked = liked[np.argsort(-margin[liked], kind="stable")[:REGION_CANDIDATES]]
    candidates = np.union1d(liked, np.flatnonzero(region))
    budget = problem.budget - float(problem.cost[taken].sum())
    reduced = reduce(part_of(problem, bare, candidates, budget=budget))
    if not reduced.problem.candidate_count:
        return chosen
    known = np.flatnonzero(region[candidates[reduced.candidates]])
    start = exchange(plan_from(reduced.problem, known), deadline=deadline)
    solved = solve(reduced.problem, start.chosen, deadline=deadline, on_trial=True)
    mended = np.zeros(problem.candidate_count, dtype=np.bool_)
    mended[taken] = True
    mended[candidates[reduced.candidates[solved.chosen]]] = True
    return mended

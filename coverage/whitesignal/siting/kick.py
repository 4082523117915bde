"""Better plans by disturbance: part of a plan is torn up at random and mended, and kept if it is no worse."""

from __future__ import annotations

from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.greedy import EXCHANGE_GAIN, Plan, exchange_one, plan_from
from whitesignal.siting.problem import Problem, entries

KICKS_PER_CHOSEN, MOST_KICKS = 30, 3000
"""How often a plan is disturbed, by its size, and at most: a few seconds for 2,000 demands."""

CANDIDATES_SEEN = 4_000_000
"""Large problems get fewer disturbances: each looks at all candidates several times."""

MOST_DROPPED = 4
"""How many neighbours are given up at once."""


def kick(
    problem: Problem, chosen: NDArray[np.bool_], *, enough: float, deadline: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return a plan at least as good as a given one, after many small disturbances (iterated local search).

    Parameters
    ----------
    problem
        The problem.
    chosen
        The plan to start from, shape (candidate,).
    enough
        A weight that cannot be passed: the search ends there.
    deadline
        When to stop at the latest, on ``time.monotonic``'s clock. [s]
    rng
        Where the disturbances come from.
    """
    plan = plan_from(problem, np.flatnonzero(chosen))
    best, covered = plan.chosen.copy(), plan.covered
    kicks = min(KICKS_PER_CHOSEN * int(chosen.sum()), MOST_KICKS, CANDIDATES_SEEN // problem.candidate_count)
    for _ in range(kicks):
        if plan.covered >= enough or not plan.chosen.any() or monotonic() > deadline:
            break
        before, covered_before = plan.chosen.copy(), plan.covered
        _disturb(plan, rng)
        if plan.covered < covered_before:
            _restore(plan, before)
        elif plan.covered > covered:
            best, covered = plan.chosen.copy(), plan.covered
    return best


def _disturb(plan: Plan, rng: np.random.Generator) -> None:
    """Give up a few chosen candidates near one another, take one there at random, fill up, and exchange around."""
    before = plan.chosen.copy()
    near = _neighbours(plan.problem, rng.choice(np.flatnonzero(plan.chosen), 1))
    for candidate in rng.permutation(near[plan.chosen[near]])[: rng.integers(2, MOST_DROPPED + 1)]:
        plan.drop(int(candidate))
    affordable = plan.problem.cost[near] <= plan.problem.budget - plan.spent
    others = near[~plan.chosen[near] & (plan.gain[near] > 0.0) & affordable]
    if len(others):
        plan.add(int(rng.choice(others)))
    plan.fill(per_cost=False)
    around = _neighbours(plan.problem, np.flatnonzero(plan.chosen != before))
    least = EXCHANGE_GAIN * float(plan.problem.weight.sum())
    for candidate in around[plan.chosen[around]]:
        if plan.chosen[candidate]:
            exchange_one(plan, int(candidate), least)


def _neighbours(problem: Problem, candidates: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the candidates that share a demand with any of some, themselves included."""
    return np.unique(entries(problem.demands, np.unique(entries(problem.candidates, candidates))))


def _restore(plan: Plan, chosen: NDArray[np.bool_]) -> None:
    """Bring a plan back to what it was."""
    for candidate in np.flatnonzero(plan.chosen & ~chosen):
        plan.drop(int(candidate))
    for candidate in np.flatnonzero(chosen & ~plan.chosen):
        plan.add(int(candidate))

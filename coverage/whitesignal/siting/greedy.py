"""Good plans fast: take the best candidate again and again, then exchange one for another while that gains."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.problem import Problem, entries

MAX_SWEEPS = 20
"""How often every chosen candidate is offered for exchange; three to six times is usual until nothing gains."""

EXCHANGE_GAIN = 1e-12
"""An exchange must gain this share of all weight: less is rounding, and would go round in circles."""


@dataclass
class Plan:
    """Candidates chosen so far, kept together with what each further one would add."""

    problem: Problem
    chosen: NDArray[np.bool_] = field(init=False)
    times_covered: NDArray[np.int32] = field(init=False)
    gain: NDArray[np.float64] = field(init=False)
    spent: float = field(init=False, default=0.0)
    covered: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        """Start with nothing chosen: each candidate would add all that it covers."""
        self.chosen = np.zeros(self.problem.candidate_count, dtype=np.bool_)
        self.times_covered = np.zeros(self.problem.demand_count, dtype=np.int32)
        self.gain = self.problem.candidates @ self.problem.weight

    def add(self, candidate: int) -> None:
        """Choose a candidate."""
        demands = self._demands(candidate)
        fresh = demands[self.times_covered[demands] == 0]
        self.times_covered[demands] += 1
        self.chosen[candidate] = True
        self.spent += float(self.problem.cost[candidate])
        self._count(fresh, 1.0)

    def drop(self, candidate: int) -> None:
        """Give a candidate up."""
        demands = self._demands(candidate)
        self.times_covered[demands] -= 1
        bare = demands[self.times_covered[demands] == 0]
        self.chosen[candidate] = False
        self.spent -= float(self.problem.cost[candidate])
        self._count(bare, -1.0)

    def best(self, *, per_cost: bool) -> int:
        """Return the affordable candidate that adds most (to its cost), the lowest index among equals; -1 if none."""
        open_ = ~self.chosen & (self.gain > 0.0) & (self.problem.cost <= self.problem.budget - self.spent)
        if not open_.any():
            return -1
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.gain / self.problem.cost if per_cost else self.gain
        return int(np.argmax(np.where(open_, value, -1.0)))

    def fill(self, *, per_cost: bool) -> list[int]:
        """Choose the best candidate again and again while one can be paid and adds something; return them."""
        added = []
        while (candidate := self.best(per_cost=per_cost)) >= 0:
            self.add(candidate)
            added.append(candidate)
        return added

    def _demands(self, candidate: int) -> NDArray[np.intp]:
        matrix = self.problem.candidates
        demands: NDArray[np.intp] = matrix.indices[matrix.indptr[candidate] : matrix.indptr[candidate + 1]]
        return demands

    def _count(self, demands: NDArray[np.intp], sign: float) -> None:
        """Book the demands' weight as covered (or not), and so as lost (or open) to all who cover them."""
        matrix, weight = self.problem.demands, sign * self.problem.weight[demands]
        others = np.repeat(weight, matrix.indptr[demands + 1] - matrix.indptr[demands])
        np.subtract.at(self.gain, entries(matrix, demands), others)
        self.covered += float(weight.sum())


def greedy(problem: Problem) -> Plan:
    """Return the better of two greedy plans: by weight added, and by weight added to the cost."""
    plans = []
    for per_cost in (False, True)[: 1 if problem.has_one_price else 2]:
        plan = Plan(problem)
        plan.fill(per_cost=per_cost)
        plans.append(plan)
    return max(plans, key=lambda plan: plan.covered)


def plan_from(problem: Problem, candidates: NDArray[np.intp]) -> Plan:
    """Return a plan of those of the candidates, in their order, that can be paid and add something, then filled up."""
    plan = Plan(problem)
    for candidate in candidates:
        if plan.gain[candidate] > 0.0 and problem.cost[candidate] <= problem.budget - plan.spent:
            plan.add(int(candidate))
    plan.fill(per_cost=False)
    return plan


def exchange(plan: Plan, *, deadline: float) -> Plan:
    """Give up each chosen candidate in turn for the best that its cost buys, until a whole round gains nothing.

    Where costs differ, what one candidate cost may buy several others. The deadline is on ``time.monotonic``'s clock.
    """
    least = EXCHANGE_GAIN * float(plan.problem.weight.sum())
    for _ in range(MAX_SWEEPS):
        before = plan.covered
        for candidate in np.flatnonzero(plan.chosen):
            if monotonic() > deadline:
                return plan
            exchange_one(plan, int(candidate), least)
        if plan.covered <= before:
            break
    return plan


def exchange_one(plan: Plan, candidate: int, least: float) -> None:
    """Exchange one candidate if that gains at least so much."""
    before = plan.covered
    plan.drop(candidate)
    added = plan.fill(per_cost=False)
    if added == [candidate] or plan.covered > before + least:
        return
    for each in reversed(added):
        plan.drop(each)
    plan.add(candidate)

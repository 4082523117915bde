"""What every exchange of one chosen candidate for another would gain, kept up to date while candidates change."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.problem import Problem, entries

EMPTY = -1
"""What a slot holds that no candidate takes."""


@dataclass
class Swaps:
    """A plan whose chosen candidates stand in slots, and the table of all exchanges.

    Attributes
    ----------
    problem
        The problem.
    slot_count
        How many candidates can be chosen at most.
    budget_price
        What a unit of budget is worth: cheap exchanges are preferred, so that others can be paid.
    held
        The candidate in each slot, or ``EMPTY``, shape (slot,).
    gain
        What each candidate would add, shape (candidate,).
    loss
        What giving up each slot's candidate would lose, shape (slot,).
    shared
        The part of that loss which each candidate would make good, shape (slot, candidate): taking candidate j in
        place of slot q's gains ``gain[j] + shared[q, j] - loss[q]``.
    spent, covered
        What the plan costs, and the weight it covers.
    """

    problem: Problem
    slot_count: int
    budget_price: float = 0.0
    held: NDArray[np.intp] = field(init=False)
    gain: NDArray[np.float64] = field(init=False)
    loss: NDArray[np.float64] = field(init=False)
    shared: NDArray[np.float64] = field(init=False)
    spent: float = field(init=False, default=0.0)
    covered: float = field(init=False, default=0.0)
    _times: NDArray[np.intp] = field(init=False)
    _slots: NDArray[np.intp] = field(init=False)
    _rivals: NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        """Start with empty slots."""
        problem = self.problem
        self.held = np.full(self.slot_count, EMPTY, dtype=np.intp)
        self.gain = problem.candidates @ problem.weight
        self.loss = np.zeros(self.slot_count)
        self.shared = np.zeros((self.slot_count, problem.candidate_count))
        self._times = np.zeros(problem.demand_count, dtype=np.intp)
        self._slots = np.zeros(problem.demand_count, dtype=np.intp)
        self._rivals = np.diff(problem.demands.indptr).astype(np.intp)

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """Which candidates are chosen, shape (candidate,)."""
        chosen = np.zeros(self.problem.candidate_count, dtype=np.bool_)
        chosen[self.held[self.held != EMPTY]] = True
        return chosen

    @property
    def room(self) -> float:
        """What of the budget is left."""
        return self.problem.budget - self.spent

    def put(self, slot: int, candidate: int) -> None:
        """Choose a candidate, in an empty slot."""
        demands = self._demands(candidate)
        times = self._times[demands]
        self._book_sole(demands[times == 1], -1.0)
        fresh = demands[times == 0]
        worth = self._worth(fresh)
        weight = float(self.problem.weight[fresh].sum())
        self.gain -= worth
        self.shared[slot] = worth
        self.loss[slot] = weight
        self.covered += weight
        self._times[demands] += 1
        self._slots[demands] += slot
        self.held[slot] = candidate
        self.spent += float(self.problem.cost[candidate])

    def take(self, slot: int) -> None:
        """Give up the candidate in a slot."""
        candidate = int(self.held[slot])
        demands = self._demands(candidate)
        times = self._times[demands]
        bare = demands[times == 1]
        self.gain += self._worth(bare)
        self.shared[slot] = 0.0
        self.loss[slot] = 0.0
        self.covered -= float(self.problem.weight[bare].sum())
        self._times[demands] -= 1
        self._slots[demands] -= slot
        self._book_sole(demands[times == 2], 1.0)
        self.held[slot] = EMPTY
        self.spent -= float(self.problem.cost[candidate])

    def best(self) -> tuple[float, int, int]:
        """Return the exchange that gains most, less what it costs, and can be paid: that gain, slot and candidate."""
        cost = self.problem.cost
        is_held = self.held != EMPTY
        freed = np.zeros(self.slot_count)
        freed[is_held] = cost[self.held[is_held]]
        gain = self.gain - self.budget_price * cost
        gain[self.held[is_held]] = -np.inf
        value = self.shared + gain
        if not self.problem.has_one_price:
            np.putmask(value, cost > (self.room + freed)[:, np.newaxis], -np.inf)
        candidate = np.argmax(value, axis=1)
        each = value[np.arange(self.slot_count), candidate] - self.loss + self.budget_price * freed
        slot = int(np.argmax(each))
        return float(each[slot]), slot, int(candidate[slot])

    def _demands(self, candidate: int) -> NDArray[np.intp]:
        matrix = self.problem.candidates
        demands: NDArray[np.intp] = matrix.indices[matrix.indptr[candidate] : matrix.indptr[candidate + 1]]
        return demands

    def _worth(self, demands: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return what of some demands' weight each candidate covers."""
        weight = np.repeat(self.problem.weight[demands], self._rivals[demands])
        worth = np.zeros(self.problem.candidate_count)
        np.add.at(worth, entries(self.problem.demands, demands), weight)
        return worth

    def _book_sole(self, demands: NDArray[np.intp], sign: float) -> None:
        """Book demands that one candidate alone covers now, or no longer, to its slot: the sum of their slots is it."""
        if not len(demands):
            return
        slots, weight, rivals = self._slots[demands], sign * self.problem.weight[demands], self._rivals[demands]
        places = np.repeat(slots * self.problem.candidate_count, rivals) + entries(self.problem.demands, demands)
        np.add.at(self.shared.ravel(), places, np.repeat(weight, rivals))
        np.add.at(self.loss, slots, weight)

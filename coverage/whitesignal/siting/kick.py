"""Better plans by disturbance: part of a plan is torn up at random and mended, and kept if it is no worse."""

from __future__ import annotations

from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.greedy import EXCHANGE_GAIN
from whitesignal.siting.problem import Problem, near
from whitesignal.siting.swaps import EMPTY, Swaps

MOST_DROPPED = 4
"""How many neighbours are given up at once."""

STEPS_PER_SLOT = 4
"""How many exchanges a descent may take for each slot: a bound on what rounding could make go round in circles."""

TOLERANCE = 5e-4
"""What share of the weight a plan may lose by a disturbance and still be gone on from, on average."""

PATIENCE = 100
"""After so many disturbances without a better plan the best one is gone back to."""


def kick(
    problem: Problem,
    chosen: NDArray[np.bool_],
    *,
    budget_price: float,
    enough: float,
    kicks: int,
    deadline: float,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Return a plan at least as good as a given one, after many small disturbances (iterated local search).

    Parameters
    ----------
    problem
        The problem.
    chosen
        The plan to start from, shape (candidate,).
    budget_price
        What a unit of budget is worth where costs differ.
    enough
        A weight that cannot be passed: the search ends there.
    kicks
        How many disturbances.
    deadline
        When to stop at the latest, on ``time.monotonic``'s clock. [s]
    rng
        Where the disturbances come from.
    """
    price = 0.0 if problem.has_one_price else budget_price
    swaps = Swaps(problem, _slot_count(problem, int(chosen.sum())), price)
    for slot, candidate in enumerate(np.flatnonzero(chosen)):
        swaps.put(slot, int(candidate))
    least = EXCHANGE_GAIN * float(problem.weight.sum())
    best, covered, vain = swaps.held.copy(), swaps.covered, 0
    for _ in range(kicks):
        if covered >= enough or not np.any(swaps.held != EMPTY) or monotonic() > deadline:
            break
        held, covered_before = swaps.held.copy(), swaps.covered
        _disturb(swaps, rng)
        _descend(swaps, least)
        vain += 1
        if swaps.covered > covered:
            best, covered, vain = swaps.held.copy(), swaps.covered, 0
        elif vain >= PATIENCE:
            _restore(swaps, best)
            vain = 0
        elif swaps.covered < covered_before - TOLERANCE * covered * rng.exponential():
            _restore(swaps, held)
    _restore(swaps, best)
    return swaps.chosen


def _slot_count(problem: Problem, chosen_count: int) -> int:
    """Return how many candidates can be paid, or where costs differ at most some more than are chosen."""
    payable = int(np.searchsorted(np.cumsum(np.sort(problem.cost)), problem.budget, side="right"))
    return min(payable, chosen_count + chosen_count // 4 + MOST_DROPPED)


def _disturb(swaps: Swaps, rng: np.random.Generator) -> None:
    """Give up a few chosen candidates near one another, take one there at random, and fill up."""
    before = swaps.held.copy()
    taken = np.flatnonzero(before != EMPTY)
    first = int(rng.choice(taken))
    close = near(swaps.problem, before[first : first + 1])
    others = taken[close[before[taken]] & (taken != first)]
    dropped = [first, *rng.permutation(others)[: rng.integers(1, MOST_DROPPED)].tolist()]
    for slot in dropped:
        swaps.take(slot)
    close[before[taken]] = False
    open_ = np.flatnonzero(close & (swaps.gain > 0.0) & (swaps.problem.cost <= swaps.room))
    if len(open_):
        swaps.put(dropped.pop(), int(rng.choice(open_)))
    _fill(swaps)


def _fill(swaps: Swaps) -> None:
    """Choose what adds most again and again while it can be paid and a slot is free."""
    for slot in np.flatnonzero(swaps.held == EMPTY):
        value = np.where(swaps.problem.cost <= swaps.room, swaps.gain, 0.0)
        candidate = int(np.argmax(value))
        if value[candidate] <= 0.0:
            return
        swaps.put(int(slot), candidate)


def _descend(swaps: Swaps, least: float) -> None:
    """Make the best exchange again and again while one gains, and fill up."""
    for _ in range(STEPS_PER_SLOT * swaps.slot_count):
        gain, slot, candidate = swaps.best()
        if gain <= least:
            break
        if swaps.held[slot] != EMPTY:
            swaps.take(slot)
        swaps.put(slot, candidate)
    _fill(swaps)


def _restore(swaps: Swaps, held: NDArray[np.intp]) -> None:
    """Bring a plan back to what it was."""
    changed = np.flatnonzero(swaps.held != held)
    for slot in changed[swaps.held[changed] != EMPTY]:
        swaps.take(int(slot))
    for slot in changed[held[changed] != EMPTY]:
        swaps.put(int(slot), int(held[slot]))

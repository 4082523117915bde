"""A bound that no plan can pass, and plans close to it, from prices on the demands."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.greedy import Plan, exchange, plan_from
from whitesignal.siting.linear import linear
from whitesignal.siting.problem import Problem

LINEAR_ENTRIES = 3_000_000
"""Up to so many pairs of demand and candidate the linear program is solved: 20 s for a million."""

LINEAR_ENTRIES_PER_S = 40_000
"""It is not begun where less time is left than it takes at this pace, half the usual one."""

LINEAR_TIME = 0.75
"""The share of the time that it may take before the volume algorithm has the rest."""

ROUNDS = 1500
"""Steps of the prices: after these the bound is within 0.01 % of the linear program's on all instances tried."""

FIRST_PLAN_ROUND = 200
PLAN_EVERY_ROUNDS = 100
"""When plans are rounded from the prices: before the first of them the mean choice says little."""

SMOOTHING = 0.1
"""How much the newest choice counts in the running mean, to begin with (Barahona and Anbil's alpha)."""

PATIENCE = 20
"""After so many steps in a row without a better bound steps become shorter, and the mean slower."""

LIKED = 1e-3
"""A candidate that the mean choice takes to a smaller share is left to the exchanges."""

SPLIT = 0.01
"""A candidate of which the linear program leaves or takes no more than this is not split."""

ROUNDING = 1e-12
"""What floating point can take off a sum of millions of terms, as a share of it; added to every bound."""


@dataclass(frozen=True)
class Relaxed:
    """What the prices prove and suggest.

    Attributes
    ----------
    bound
        No plan covers more weight than this.
    price
        The prices that prove it, shape (demand,).
    plan
        The best plan found.
    ended
        Whether the deadline had no say in it.
    split_count
        How many candidates the linear program takes to a part, 0 where it was not solved.
    """

    bound: float
    price: NDArray[np.float64]
    plan: Plan
    ended: bool
    split_count: int = 0


@dataclass
class _Search:
    """The state of the descent: the best prices so far, and the running means of what they buy."""

    bound: float
    price: NDArray[np.float64]
    mean_served: NDArray[np.float64]
    mean_chosen: NDArray[np.float64]
    plan: Plan
    stride: float = 1.0
    smoothing: float = SMOOTHING
    vain: int = field(default=0)


def relax(problem: Problem, plan: Plan, *, deadline: float) -> Relaxed:
    """Return a proven bound on the weight that any plan can cover, its prices, and a plan at least as good as given.

    Parameters
    ----------
    problem
        Demands that nobody covers are allowed, but weaken the bound: reduce first.
    plan
        A plan to start from.
    deadline
        When to stop at the latest, on ``time.monotonic``'s clock. [s]

    Notes
    -----
    Maximise sum(w_i z_i) subject to z_i ≤ sum over j that cover i of x_j, sum(c_j x_j) ≤ B, all in {0, 1}. For prices
    0 ≤ u_i ≤ w_i on the first constraints

        L(u) = sum(w_i − u_i) + max {sum(r_j x_j) : sum(c_j x_j) ≤ B, 0 ≤ x_j ≤ 1},  r_j = sum over its demands of u_i

    is at least the optimum, whatever the prices are: solver tolerances do not enter. With u_i = w_i on the demands that
    a plan leaves uncovered and 0 elsewhere it is the bound of submodularity (what the plan covers plus the best
    marginal gains); the least L(u) is the optimum of the linear relaxation.

    That program is solved by ``linear``, and its prices taken as they are. Where it is too large, L is descended along
    a running mean of subgradients, the volume algorithm, whose running mean of the x is close to the linear program's.
    Candidates in the order of their x make a plan, which exchanges then improve.

    References
    ----------
    F. Barahona and R. Anbil, "The volume algorithm: producing primal solutions with a subgradient method",
    Mathematical Programming 87, 385–399, 2000. R. D. Galvão and C. ReVelle, "A Lagrangean heuristic for the maximal
    covering location problem", European Journal of Operational Research 88, 114–123, 1996.
    """
    if problem.demands.nnz > LINEAR_ENTRIES:
        return _volume(problem, plan, deadline=deadline, ended=True)
    now = monotonic()
    is_hopeless = problem.demands.nnz > LINEAR_ENTRIES_PER_S * (deadline - now)
    solved = None if is_hopeless else linear(problem, deadline=now + LINEAR_TIME * (deadline - now))
    if solved is None:
        return _volume(problem, plan, deadline=deadline, ended=False)
    bound, _ = lagrangian(problem, solved.price)
    rounded = _rounded(problem, solved.share, deadline=deadline)
    better = rounded if rounded.covered > plan.covered else plan
    split_count = int(np.sum((solved.share > SPLIT) & (solved.share < 1.0 - SPLIT)))
    return Relaxed(bound, solved.price, better, ended=monotonic() <= deadline, split_count=split_count)


def _volume(problem: Problem, plan: Plan, *, deadline: float, ended: bool) -> Relaxed:
    """Return the bound, its prices and a plan by the volume algorithm."""
    price = problem.weight / np.maximum(np.diff(problem.demands.indptr), 1)
    bound, chosen = lagrangian(problem, price)
    search = _Search(bound, price, problem.demands @ chosen, chosen, plan)
    for step in range(ROUNDS):
        if search.bound <= search.plan.covered or monotonic() > deadline or not _descend(problem, search):
            break
        if step >= FIRST_PLAN_ROUND and step % PLAN_EVERY_ROUNDS == 0:
            rounded = _rounded(problem, search.mean_chosen, deadline=deadline)
            search.plan = rounded if rounded.covered > search.plan.covered else search.plan
    return Relaxed(search.bound, search.price, search.plan, ended=ended and monotonic() <= deadline)


def _rounded(problem: Problem, share: NDArray[np.float64], *, deadline: float) -> Plan:
    """Make a plan of the candidates that a fractional choice takes most of, and improve it by exchanges."""
    liked = np.flatnonzero(share > LIKED)
    order = liked[np.argsort(-share[liked], kind="stable")]
    return exchange(plan_from(problem, order), deadline=deadline)


def lagrangian(problem: Problem, price: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return L(price), rounded upwards, and the choice (one may be a fraction) that attains it."""
    reduced = problem.candidates @ price
    chosen = _fractional_knapsack(problem, reduced)
    unpaid = float(np.sum(problem.weight - price))
    return (unpaid + float(reduced @ chosen)) * (1.0 + ROUNDING), chosen


def _fractional_knapsack(problem: Problem, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares of candidates that are worth most for the budget: the best value per cost first."""
    cost, count = problem.cost, problem.candidate_count
    if float(cost.sum()) <= problem.budget:
        return np.ones(count)
    if problem.has_one_price:
        whole = int(problem.budget / cost[0])
        chosen = np.zeros(count)
        chosen[np.argpartition(-value, whole)[:whole]] = 1.0
        return chosen
    ratio = np.divide(value, cost, out=np.full(count, np.inf), where=cost > 0.0)
    order = np.argsort(-ratio, kind="stable")
    before = np.cumsum(cost[order]) - cost[order]
    room = np.maximum(problem.budget - before, 0.0)
    share = np.ones(count)
    np.divide(room, cost[order], out=share, where=cost[order] > room)
    chosen = np.empty(count)
    chosen[order] = share
    return chosen


def _descend(problem: Problem, search: _Search) -> bool:
    """Try prices further down along the mean subgradient; tell whether there is any way down left."""
    slope = 1.0 - search.mean_served
    at_floor, at_ceiling = search.price <= 0.0, search.price >= problem.weight
    slope[(at_floor & (slope < 0.0)) | (at_ceiling & (slope > 0.0))] = 0.0
    steepness = float(slope @ slope)
    if steepness <= 0.0:
        return False
    length = search.stride * (search.bound - search.plan.covered) / steepness
    price = np.clip(search.price + length * slope, 0.0, problem.weight)
    bound, chosen = lagrangian(problem, price)
    served = problem.demands @ chosen
    search.mean_served = search.smoothing * served + (1.0 - search.smoothing) * search.mean_served
    search.mean_chosen = search.smoothing * chosen + (1.0 - search.smoothing) * search.mean_chosen
    if bound < search.bound:
        goes_on = float((1.0 - served) @ (1.0 - search.mean_served)) > 0.0
        search.bound, search.price, search.vain = bound, price, 0
        search.stride *= 1.1 if goes_on else 1.0
        return True
    search.vain += 1
    if search.vain >= PATIENCE:
        search.stride, search.smoothing, search.vain = search.stride * 0.66, max(search.smoothing * 0.7, 0.01), 0
    return True


@dataclass(frozen=True)
class Fixed:
    """What every plan better than a known one has in common.

    Attributes
    ----------
    never, always
        Candidates in none, and in all of them, boolean, shape (candidate,).
    margin
        What a candidate is worth at the prices, less what its cost is; negative where the prices advise against it.
    budget_price
        What a unit of budget is worth in that.
    """

    never: NDArray[np.bool_]
    always: NDArray[np.bool_]
    margin: NDArray[np.float64]
    budget_price: float


def fix(problem: Problem, price: NDArray[np.float64], *, better_than: float) -> Fixed:
    """Return which candidates are in no plan that covers more than ``better_than``, and which are in all of them.

    Notes
    -----
    For a price l of the budget, L(u, l) = sum(w − u) + l B + sum(max(0, r_j − l c_j)) bounds every plan, and
    L(u, l) − |r_j − l c_j| every plan that does with candidate j the opposite of what the sum does.
    """
    reduced = problem.candidates @ price
    never = np.zeros(problem.candidate_count, dtype=np.bool_)
    always = never.copy()
    for budget_price in _budget_prices(problem, reduced):
        margin = reduced - budget_price * problem.cost
        bound = (
            float(np.sum(problem.weight - price)) + budget_price * problem.budget + float(margin[margin > 0.0].sum())
        )
        out_of_reach = bound * (1.0 + ROUNDING) - np.abs(margin) <= better_than
        never |= (margin < 0.0) & out_of_reach
        always |= (margin > 0.0) & out_of_reach
    return Fixed(never, always, margin, budget_price)


def _budget_prices(problem: Problem, value: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the prices of a unit of budget at which the fractional knapsack is full: one, or both ends of a range."""
    if float(problem.cost.sum()) <= problem.budget:
        return (0.0,)
    ratio = np.divide(value, problem.cost, out=np.full(len(value), np.inf), where=problem.cost > 0.0)
    order = np.argsort(-ratio, kind="stable")
    spent = np.cumsum(problem.cost[order])
    last = int(np.searchsorted(spent, problem.budget, side="right"))
    ends = ratio[order[max(last - 1, 0) : last + 1]] if problem.has_one_price else ratio[order[last : last + 1]]
    return tuple(float(end) for end in ends)

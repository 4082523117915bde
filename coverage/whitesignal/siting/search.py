"""From a quick plan to the proven best one: bound, fix what is settled, solve what is left."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.exact import Solved, solve, unit_of
from whitesignal.siting.greedy import exchange, greedy, plan_from
from whitesignal.siting.kick import kick
from whitesignal.siting.lagrange import ROUNDING, Fixed, fix, relax
from whitesignal.siting.problem import Problem, entries, part_of
from whitesignal.siting.reduce import Reduced, reduce
from whitesignal.siting.regions import mend_regions

TRIAL_CORE = 150
"""How many candidates are left open before all that are not settled are, or as many as are chosen where that is more:
twice as many took longer than they gained."""

FIRST_STARTS, STARTS = 1, 3
"""How many plans are improved before the first core is solved, and before the last."""

KICKS = 400
"""How often each of them is disturbed."""

PROMISING = 1000
"""How many candidates take part in that, besides the chosen ones."""

TABLE_ENTRIES = 5_000_000
"""Above so many pairs of chosen and promising candidates there are no disturbances: their table would take 40 MB."""

SEED = 20_240_229
"""Where the disturbances of a plan start from, so that they are the same every time."""

EASY_ENTRIES = 5000
"""Up to so many pairs of demand and candidate branch and bound takes a second: no better plan is looked for before."""

EXACT_ENTRIES = 100_000
"""Above so many pairs of demand and candidate branch and bound does not get anywhere, unless it is asked for."""

EXACT_SPLIT = 300
"""Nor where the linear program splits so many candidates: HiGHS then looks for cuts, heedless of the time, in vain."""


@dataclass(frozen=True)
class Found:
    """A plan with a proof.

    Attributes
    ----------
    chosen
        Indices of its candidates, ascending.
    bound
        No plan covers more weight than this.
    ended
        Whether the search came to its own end, so that the same input gives the same plan on any machine.
    """

    chosen: NDArray[np.intp]
    bound: float
    ended: bool


def search(problem: Problem, *, exact: bool | None, deadline: float) -> Found:
    """Return the best plan found and what it is proved to be.

    Parameters
    ----------
    problem
        A reduced problem.
    exact
        True: branch and bound whatever the size. False: greedy, exchanges and prices only. None: branch and bound
        where what is left open is small.
    deadline
        When to stop at the latest, on ``time.monotonic``'s clock. [s]

    Notes
    -----
    Greedy and exchanges make a plan, and the prices of ``relax`` a bound. The prices also tell of each candidate how
    much a plan loses at least by taking it or leaving it. Those where this is most are set as the prices suggest; the
    rest, the core, is solved by branch and bound. That gives a better plan, and with it ``fix`` can prove of more
    candidates that they are settled. What is still open is the core once more: now its optimum is everybody's.
    Before, several plans are improved by ``kick`` and ``mend_regions``, and branch and bound chooses among the
    candidates in which they differ.
    """
    relaxed = relax(problem, exchange(greedy(problem), deadline=deadline), deadline=deadline)
    best, bound = relaxed.plan.chosen, _whole(problem, relaxed.bound)
    settled = fix(problem, relaxed.price, better_than=0.0)
    ended = relaxed.ended
    trial = max(TRIAL_CORE, int(best.sum()))
    for size, starts in ((trial, FIRST_STARTS), (problem.candidate_count, STARTS)):
        if bound <= problem.covered(np.flatnonzero(best)) or monotonic() > deadline:
            break
        core = _core(problem, relaxed.price, best, size)
        if exact is False or not core.is_easy:
            plans = (best, relaxed.plan.chosen, best)[:starts]
            is_merging = exact is not False and size > trial
            best = _improved(problem, plans, settled, is_merging=is_merging, enough=bound, deadline=deadline)
            core = _core(problem, relaxed.price, best, size)
        if exact is False:
            continue
        is_large = core.reduced.problem.demands.nnz > EXACT_ENTRIES or relaxed.split_count > EXACT_SPLIT
        if exact is None and is_large and not core.is_easy:
            core = _core(problem, relaxed.price, best, trial)
        solved = _solve_core(core, best, deadline=deadline)
        best = _better(problem, best, core.whole(solved.chosen), deadline=deadline)
        if core.is_last:
            ended = ended and solved.ended
            bound = min(bound, _proved(core.settled_weight + solved.bound, problem.covered(np.flatnonzero(best))))
            break
    covered = problem.covered(np.flatnonzero(best))
    return Found(np.flatnonzero(best), max(bound, covered), ended=ended and monotonic() <= deadline)


def _improved(
    problem: Problem,
    plans: tuple[NDArray[np.bool_], ...],
    settled: Fixed,
    *,
    is_merging: bool,
    enough: float,
    deadline: float,
) -> NDArray[np.bool_]:
    """Return a plan at least as good as the first: each is improved in another way, and the best of all merged."""
    better = []
    for seed, plan in enumerate(plans, SEED):
        rng = np.random.default_rng(seed)
        improved = _disturbed(problem, plan, settled, enough=enough, deadline=deadline, rng=rng)
        if is_merging:
            improved = mend_regions(problem, improved, settled.margin, enough=enough, deadline=deadline, rng=rng)
        better.append(improved)
    best = max(better, key=lambda plan: problem.covered(np.flatnonzero(plan)))
    if not is_merging:
        return best
    shared, any_ = np.all(better, axis=0), np.any(better, axis=0)
    core = _core_of(problem, shared, any_ & ~shared, is_last=False)
    return _better(problem, best, core.whole(_solve_core(core, best, deadline=deadline).chosen), deadline=deadline)


def _disturbed(
    problem: Problem,
    plan: NDArray[np.bool_],
    settled: Fixed,
    *,
    enough: float,
    deadline: float,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Return a plan at least as good after disturbances, among the candidates that the prices like best."""
    is_open = plan.copy()
    is_open[np.argsort(-settled.margin, kind="stable")[:PROMISING]] = True
    if int(plan.sum()) * int(is_open.sum()) > TABLE_ENTRIES:
        return plan
    part = part_of(problem, np.arange(problem.demand_count), is_open)
    price = settled.budget_price
    kicked = np.zeros(problem.candidate_count, dtype=np.bool_)
    kicked[is_open] = kick(
        part, plan[is_open], budget_price=price, enough=enough, kicks=KICKS, deadline=deadline, rng=rng
    )
    return kicked


@dataclass(frozen=True)
class _Core:
    """What is left open of a problem.

    Attributes
    ----------
    taken
        Indices of the candidates that are chosen whatever comes.
    settled_weight
        The weight they cover.
    candidates
        Indices of the candidates left open.
    reduced
        The problem of these alone.
    is_last
        Whether every plan better than the known one lies within.
    """

    taken: NDArray[np.intp]
    settled_weight: float
    candidates: NDArray[np.intp]
    reduced: Reduced
    is_last: bool

    @property
    def is_easy(self) -> bool:
        """Whether branch and bound on it ends all questions, and sooner than a better plan is found."""
        return self.is_last and self.reduced.problem.demands.nnz <= EASY_ENTRIES

    def whole(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the plan of the whole problem that a plan of the reduced core stands for."""
        return np.concatenate([self.taken, self.candidates[self.reduced.candidates[chosen]]])


def _core(problem: Problem, price: NDArray[np.float64], best: NDArray[np.bool_], size: int) -> _Core:
    """Leave those candidates open of which the prices say least, and where the best plan differs from the prices."""
    covered = problem.covered(np.flatnonzero(best))
    settled = fix(problem, price, better_than=_short_of_better(problem, covered))
    unsettled = np.flatnonzero(~settled.never & ~settled.always)
    nearest = unsettled[np.argsort(np.abs(settled.margin[unsettled]), kind="stable")[:size]]
    is_open = best != (settled.margin > 0.0)
    is_open[nearest] = True
    return _core_of(problem, best & ~is_open, is_open, is_last=len(unsettled) <= size)


def _core_of(problem: Problem, taken: NDArray[np.bool_], is_open: NDArray[np.bool_], *, is_last: bool) -> _Core:
    """Return the core where some candidates are taken and some open."""
    chosen, candidates = np.flatnonzero(taken), np.flatnonzero(is_open)
    bare = np.ones(problem.demand_count, dtype=np.bool_)
    bare[entries(problem.candidates, chosen)] = False
    budget = problem.budget - float(problem.cost[chosen].sum())
    reduced = reduce(part_of(problem, bare, candidates, budget=budget))
    return _Core(chosen, problem.covered(chosen), candidates, reduced, is_last)


def _solve_core(core: _Core, best: NDArray[np.bool_], *, deadline: float) -> Solved:
    """Solve the last core to its end, any other only so far as a better plan may come of it."""
    problem = core.reduced.problem
    if not problem.candidate_count:
        return Solved(np.empty(0, dtype=np.intp), 0.0, ended=True)
    known = np.flatnonzero(best[core.candidates[core.reduced.candidates]])
    start = exchange(plan_from(problem, known), deadline=deadline)
    return solve(problem, start.chosen, deadline=deadline, on_trial=not core.is_last)


def _better(
    problem: Problem, best: NDArray[np.bool_], chosen: NDArray[np.intp], *, deadline: float
) -> NDArray[np.bool_]:
    """Return the better of a known plan and a new one after exchanges."""
    plan = exchange(plan_from(problem, chosen), deadline=deadline)
    better = problem.covered(np.flatnonzero(plan.chosen)) > problem.covered(np.flatnonzero(best))
    return plan.chosen if better else best


def _whole(problem: Problem, bound: float) -> float:
    """Lower a bound to the next weight that can be, where weights are whole."""
    unit = unit_of(problem.weight)
    return float(np.floor(bound / unit) * unit) if unit.is_integer() else bound


def _proved(bound: float, covered: float) -> float:
    """Return a bound of the last core, or what is covered where they are the same sum in another order."""
    return covered if bound <= covered * (1.0 + ROUNDING) else bound


def _short_of_better(problem: Problem, covered: float) -> float:
    """Return a weight that no better plan can have, as high as possible: the next one up is a unit away if whole."""
    unit = unit_of(problem.weight)
    return covered + 0.999 * unit if unit.is_integer() else covered

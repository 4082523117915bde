"""The optimum by branch and bound: HiGHS on a mixed-integer program."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.problem import Problem

if TYPE_CHECKING:
    import highspy

FEASIBILITY = 1e-9
"""By how much a constraint or a whole number may be missed: with HiGHS's 1e-6 a weight of 1e6 leaks one unit."""

TRIAL_NODES = 50
"""How many branches a search looks into that only looks for a better plan."""

BRANCHING = (("mip_pscost_minreliable", 0),)
"""HiGHS tries each branch at the root eight times before it believes what it has learned: the hardest proofs took twice
as long, the easy ones are as quick."""

PROOF_ONLY = (
    ("mip_heuristic_effort", 0.0),
    ("mip_heuristic_run_root_reduced_cost", False),
    ("mip_heuristic_run_rins", False),
    ("mip_heuristic_run_rens", False),
    ("mip_allow_restart", False),
)
"""After the trials the start is as good as HiGHS's own searches for plans get, and what can be fixed is fixed: without
either proofs took a half to a third of the time."""

EXACT_SUM = 2.0**53
"""Whole numbers below this are exact in floating point."""


@dataclass(frozen=True)
class Solved:
    """What branch and bound found and proved.

    Attributes
    ----------
    chosen
        Indices of the candidates of the best plan, ascending.
    bound
        No plan covers more weight than this.
    ended
        Whether the search came to its own end: then the plan is optimal.
    """

    chosen: NDArray[np.intp]
    bound: float
    ended: bool


def solve(problem: Problem, start: NDArray[np.bool_], *, deadline: float, on_trial: bool = False) -> Solved:
    """Return the optimal plan, or the best found until a limit with a bound.

    Parameters
    ----------
    problem
        The problem; at least one demand and one candidate.
    start
        A plan that can be paid, to start from, shape (candidate,).
    deadline
        When to stop at the latest, on ``time.monotonic``'s clock. [s]
    on_trial
        Look for better plans and stop after ``TRIAL_NODES`` branches, instead of putting all effort on the proof.

    Notes
    -----
    Maximise sum(w_i z_i) subject to z_i ≤ sum over j that cover i of x_j for each demand i, sum(c_j x_j) ≤ B,
    x_j in {0, 1}, 0 ≤ z_i ≤ 1 (Church and ReVelle 1974). The z come out whole by themselves.

    Costs are divided by the budget and weights by ``unit_of``, so that tolerances mean the same whatever the units:
    whole weights stay whole, which lets HiGHS cut off whatever gains less than one.

    One thread and a fixed seed: the same input takes the same way, unless the deadline cuts it short.

    References
    ----------
    R. Church and C. ReVelle, "The maximal covering location problem", Papers of the Regional Science Association 32,
    101–118, 1974. Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical
    Programming Computation 10, 119–142, 2018 (HiGHS).
    """
    import highspy

    seconds = deadline - monotonic()
    if seconds <= 0.0:
        return Solved(np.flatnonzero(start), float(problem.weight.sum()), ended=False)
    unit = unit_of(problem.weight)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    aims = (("mip_max_nodes", TRIAL_NODES),) if on_trial else PROOF_ONLY
    for option, value in (*_options(seconds).items(), *BRANCHING, *aims):
        solver.setOptionValue(option, value)
    solver.passModel(program(problem, unit))
    solver.setSolution(_solution(problem, start))
    solver.run()
    info = solver.getInfo()
    best = np.flatnonzero(np.asarray(solver.getSolution().col_value)[: problem.candidate_count] > 0.5)
    covered, claimed = problem.covered(best), info.objective_function_value * unit
    is_honest = abs(claimed - covered) <= max(0.5 * unit, 1e-9 * covered)
    ended = is_honest and solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Solved(best, covered if ended else info.mip_dual_bound * unit, ended)


def unit_of(weight: NDArray[np.float64]) -> float:
    """Return what weights are counted in: the largest number that divides them all if they are whole.

    Else a millionth of the largest: smaller differences are lost.
    """
    if np.all(weight == np.floor(weight)) and float(weight.sum()) < EXACT_SUM:
        return float(np.gcd.reduce(weight.astype(np.int64)))
    return float(weight.max()) / 1e6


def _options(seconds: float) -> dict[str, bool | int | float | str]:
    """Return HiGHS's settings: silent, the same way every time, and no gap that counts as none."""
    return {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "time_limit": seconds,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": FEASIBILITY,
        "primal_feasibility_tolerance": FEASIBILITY,
        "dual_feasibility_tolerance": FEASIBILITY,
    }


def program(problem: Problem, unit: float, *, whole: bool = True) -> highspy.HighsLp:
    """Return the mixed-integer program, or the linear one: columns x then z, a row for each demand, then the budget."""
    import highspy
    from scipy.sparse import csc_array, eye_array, hstack, vstack

    demand_count, candidate_count = problem.demands.shape
    spending = np.append(problem.cost / max(problem.budget, np.finfo(np.float64).tiny), np.zeros(demand_count))
    serving = hstack([-problem.demands, eye_array(demand_count)])
    matrix = csc_array(vstack([serving, csc_array(spending[np.newaxis])]))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = candidate_count + demand_count, demand_count + 1
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.append(np.zeros(candidate_count), problem.weight / unit)
    model.col_lower_ = np.zeros(model.num_col_)
    model.col_upper_ = np.ones(model.num_col_)
    model.row_lower_ = np.full(model.num_row_, -highspy.kHighsInf)
    model.row_upper_ = np.append(np.zeros(demand_count), 1.0)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * candidate_count
        model.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * demand_count
    return model


def _solution(problem: Problem, start: NDArray[np.bool_]) -> highspy.HighsSolution:
    import highspy

    solution = highspy.HighsSolution()
    served = problem.demands @ start.astype(np.float64) > 0.0
    solution.col_value = np.append(start, served).astype(np.float64)
    return solution

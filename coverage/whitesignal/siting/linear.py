"""The linear relaxation by an interior-point method: prices that prove a bound, and shares of candidates."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from whitesignal.siting.exact import program, unit_of
from whitesignal.siting.problem import Problem


@dataclass(frozen=True)
class Linear:
    """The solution of the linear relaxation.

    Attributes
    ----------
    price
        What the constraint of each demand is worth, within 0 and its weight, shape (demand,).
    share
        How much of each candidate is chosen, within 0 and 1, shape (candidate,).
    """

    price: NDArray[np.float64]
    share: NDArray[np.float64]


def linear(problem: Problem, *, deadline: float) -> Linear | None:
    """Return the solution of the linear relaxation, or None if it was not found until the deadline.

    Notes
    -----
    Without crossover to a vertex, which takes many times as long as the interior-point method itself. The solution is
    as good as the method's tolerance: use the prices in ``lagrangian``, whose bound holds for any prices.
    """
    import highspy

    seconds = deadline - monotonic()
    if seconds <= 0.0:
        return None
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "solver": "ipx",
        "run_crossover": "off",
        "time_limit": seconds,
    }
    for option, value in options.items():
        solver.setOptionValue(option, value)
    unit = unit_of(problem.weight)
    solver.passModel(program(problem, unit, whole=False))
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
        return None
    solution = solver.getSolution()
    price = np.abs(np.asarray(solution.row_dual)[: problem.demand_count]) * unit
    share = np.asarray(solution.col_value)[: problem.candidate_count]
    if not (solution.value_valid and solution.dual_valid and np.isfinite(price).all() and np.isfinite(share).all()):
        return None
    return Linear(np.clip(price, 0.0, problem.weight), np.clip(share, 0.0, 1.0))

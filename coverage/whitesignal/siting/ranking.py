"""A choice put in order: what each new station adds to those before it, and what more money would buy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.siting.choice import choose
from whitesignal.siting.figures import lit_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.siting.costs import Costs
    from whitesignal.siting.demand import Demand, Prospect

PLAN_COLUMNS = (
    "rank", "candidate_id", "kind", "position_id", "longitude", "latitude", "antenna_height_m", "ground_m", "road_km",
    "power_line_km", "operator", "generations", "operators_there", "villages_lit", "villages", "people_lit",
    "people_gained", "cost_million_vnd", "cost_low_million_vnd", "cost_high_million_vnd", "transmission_km",
    "cost_per_person_vnd", "villages_so_far", "people_so_far", "cost_so_far_million_vnd",
)  # fmt: skip
"""Columns of ``plan.csv``. ``villages_lit`` and ``people_lit`` are of villages no longer white, ``people_gained`` has
the clusters of weak villages too; each counts what those before it in the plan leave."""

OF_THE_PLAN = ("operator", "generations", "villages_so_far", "people_so_far", "cost_so_far_million_vnd")
"""Those of them that no candidate has by itself."""

CURVE_STEPS = 12
"""At how many sums of money the curve of people against budget is solved anew."""


def plan_table(
    chosen: NDArray[np.intp],
    candidates: pd.DataFrame,
    costs: Costs,
    demand: Demand,
    outlook: Prospect,
    *,
    village_ids: NDArray[np.object_],
    operator: str,
    generations: Sequence[str],
) -> pd.DataFrame:
    """Return the chosen candidates in the order that lights most villages, then people, soonest: ``PLAN_COLUMNS``."""
    import pandas as pd

    matrix = outlook.covers().tocsc()
    covered = np.zeros(len(demand.point), dtype=bool)
    left = [int(one) for one in chosen]
    rows: list[dict[str, object]] = []
    while left:
        gains = {one: _gain(matrix, one, covered, demand) for one in left}
        best = max(left, key=lambda one: (*gains[one], -costs.middle[one], -one))
        left.remove(best)
        fresh = _fresh(matrix, best, covered)
        covered[fresh] = True
        villages, people = gains[best]
        centres = fresh[demand.centre[fresh]]
        cost = float(costs.middle[best])
        rows.append({
            "rank": len(rows) + 1,
            **candidates.iloc[best].to_dict(),
            "villages_lit": villages,
            "villages": ";".join(sorted(village_ids[demand.village[centres]])),
            "people_lit": float(demand.people[centres].sum()),
            "people_gained": people,
            "cost_million_vnd": cost,
            "cost_low_million_vnd": float(costs.low[best]),
            "cost_high_million_vnd": float(costs.high[best]),
            "transmission_km": float(costs.transmission_km[best]),
            "cost_per_person_vnd": 1e6 * cost / people if people else np.nan,
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=[name for name in PLAN_COLUMNS if name not in OF_THE_PLAN])
    table = table.assign(
        operator=operator,
        generations=";".join(generations),
        villages_so_far=table["villages_lit"].cumsum(),
        people_so_far=table["people_gained"].cumsum(),
        cost_so_far_million_vnd=table["cost_million_vnd"].cumsum(),
    )
    return table[list(PLAN_COLUMNS)]


def _fresh(matrix: Any, candidate: int, covered: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the demands that a candidate adds to what is covered."""
    lit = matrix.indices[matrix.indptr[candidate] : matrix.indptr[candidate + 1]]
    return np.asarray(lit[~covered[lit]])


def _gain(matrix: Any, candidate: int, covered: NDArray[np.bool_], demand: Demand) -> tuple[int, float]:
    """Return the white villages and the people that a candidate adds to what is covered."""
    fresh = _fresh(matrix, candidate, covered)
    return int(demand.centre[fresh].sum()), float(demand.people[fresh].sum())


def with_costs(candidates: pd.DataFrame, costs: Costs) -> pd.DataFrame:
    """Return the candidates with what each costs, and what of it is for what."""
    return candidates.assign(
        cost_million_vnd=costs.middle,
        cost_low_million_vnd=costs.low,
        cost_high_million_vnd=costs.high,
        mast_million_vnd=costs.mast,
        transmission_million_vnd=costs.transmission,
        power_million_vnd=costs.power,
        transmission_km=costs.transmission_km,
    )


def budget_curve(
    matrix: Any, weight: NDArray[np.float64], demand: Demand, costs: Costs, spent_million_vnd: float
) -> pd.DataFrame:
    """Return the best that budgets up to twice the plan's can do, each solved for itself, with its proven bound."""
    import pandas as pd

    rows = []
    for step in range(1, CURVE_STEPS + 1):
        budget = 2.0 * spent_million_vnd * step / CURVE_STEPS
        found = choose(matrix, weight, cost=costs.middle, budget=budget, time_limit_s=10.0)
        lit = lit_by(found.chosen, matrix, demand, weight)
        spent = float(costs.middle[found.chosen].sum())
        rows.append((budget, len(found.chosen), spent, lit.villages, lit.people, found.gap, found.status))
    columns = ["budget_million_vnd", "stations", "cost_million_vnd", "villages_lit", "people_gained", "gap", "status"]
    return pd.DataFrame(rows, columns=columns)

"""A plan in figures: what ``plan.json`` holds and the plan's page tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from whitesignal.siting.choice import Status
    from whitesignal.siting.demand import Demand


@dataclass(frozen=True, slots=True)
class Lit:
    """What some candidates light together: white villages, people, and the weight of both."""

    villages: int
    people: float
    weight: float


def lit_by(chosen: NDArray[np.intp], matrix: csr_matrix, demand: Demand, weight: NDArray[np.float64]) -> Lit:
    """Return what candidates light together, each demand counted once.

    Parameters
    ----------
    matrix
        Who covers whom, (demand, candidates).
    weight
        What covering each demand is worth, shape (demand,).
    """
    lit = np.asarray(matrix[:, chosen].sum(axis=1)).ravel() > 0
    return Lit(int(demand.centre[lit].sum()), float(demand.people[lit].sum()), float(weight[lit].sum()))


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """A plan's figures; those of ``greedy`` are of the best candidate taken again and again within the same limit.

    ``total_weight`` is of all demand, ``village_weight`` what a white village counts beside its people.
    ``probability`` is the least that was asked for, None without.
    """

    operator: str
    new_stations: int
    candidates: int
    white_before: int
    white_after: int
    gained: tuple[str, ...]
    people_gained: float
    cost_million_vnd: float
    cost_low_million_vnd: float
    cost_high_million_vnd: float
    covered_weight: float
    bound_weight: float
    total_weight: float
    village_weight: float
    gap: float
    status: Status
    probability: float | None
    greedy_villages: int
    greedy_people: float
    greedy_weight: float

    @property
    def beats_greedy(self) -> bool:
        """Whether the plan covers more weight than greedy does."""
        return self.covered_weight > self.greedy_weight

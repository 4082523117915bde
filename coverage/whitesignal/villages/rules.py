"""The same villages under several rules: each policy, each generation and each operator for itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.inputs.vocabulary import UNKNOWN_OPERATOR
from whitesignal.text import fold
from whitesignal.villages.policy import heard, resolved
from whitesignal.villages.status import STATUSES, judge_points, village_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from whitesignal.bands import Generation, Thresholds
    from whitesignal.project import Policy, Project
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.levels import Levels
    from whitesignal.villages.points import VillagePoints
    from whitesignal.villages.status import Verdicts


@dataclass(frozen=True, slots=True)
class Scene:
    """All that verdicts rest on: who transmits from where, and what arrives at the sample points, outdoors.

    ``ground_known`` says of each point whether the terrain under it is known, shape (points,).
    """

    radiators: Radiators
    cells: Cells
    where: VillagePoints
    levels: Levels
    ground_known: NDArray[np.bool_]


def judged(
    scene: Scene, policy: Policy, thresholds: Mapping[Generation, Thresholds], village_count: int
) -> tuple[NDArray[np.int8], Verdicts]:
    """Return what a policy says of each point and of each village."""
    rule = resolved(policy, scene.cells)
    levels = heard(scene.levels, scene.cells, scene.radiators, rule)
    state = judge_points(levels, scene.cells, scene.ground_known, policy=rule, thresholds=thresholds)
    verdicts = village_status(state, scene.where, village_count, min_people_percent=rule.min_people_percent)
    return state, verdicts


def status_columns(scene: Scene, project: Project, village_count: int) -> dict[str, NDArray[np.object_]]:
    """Return the villages' status by each generation, each operator and each further policy.

    ``status_4g`` counts that generation alone, ``status_viettel`` that operator alone, each otherwise by the project's
    policy with one operator sufficing; ``policy_NAME`` is the verdict of another policy of project.toml. Every
    generation and every operator of the counted stations has its column.
    """
    alone = replace(project.policy, min_operators=1, every_operator=False)
    columns: dict[str, NDArray[np.object_]] = {}
    for generation in GENERATIONS:
        policy = replace(alone, generations=(generation,))
        _, verdicts = judged(scene, policy, project.thresholds, village_count)
        columns[f"status_{generation.lower()}"] = verdicts.status
    for name, slug in _slugs(scene.cells):
        _, verdicts = judged(of_operator(scene, name), alone, project.thresholds, village_count)
        columns[f"status_{slug}"] = verdicts.status
    for name, policy in project.policies.items():
        if name != project.policy.name:
            _, verdicts = judged(scene, policy, project.thresholds, village_count)
            columns[f"policy_{name}"] = verdicts.status
    return columns


def _slugs(cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield each operator's name and how a column is called after it: unlike any generation's and any other's."""
    taken = {generation.lower() for generation in GENERATIONS}
    for name in sorted({name for name in cells.operator if name}):
        base = fold(name).replace(" ", "-") or "operator"
        base = f"operator-{base}" if base in (UNKNOWN_OPERATOR, *STATUSES) else base
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        yield name, slug


def of_operator(scene: Scene, operator: str) -> Scene:
    """Return the scene with one operator's levels only."""
    return replace(scene, levels=scene.levels.take((scene.cells.operator == operator)[scene.levels.cell]))

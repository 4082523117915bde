"""The questions that need no physics once levels are known: sharing in full, dependency, declared against modelled."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from whitesignal.dependency import commune_robustness, dependency_by_operator_count, dependency_table
from whitesignal.sharing.breakdown import sharing_breakdown
from whitesignal.sharing.curve import sharing_by_radius
from whitesignal.sharing.potential import sharing_potential
from whitesignal.villages.declared import declared_table
from whitesignal.villages.policy import heard, resolved
from whitesignal.villages.service import policy_service

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.project import Project
    from whitesignal.villages.rules import Scene


@dataclass(frozen=True, slots=True)
class Answers:
    """One table for each question, under the name of the CSV file it is written to.

    Attributes
    ----------
    sharing_breakdown
        The four metrics by structure, operator pair, district and commune.
    sharing_by_radius
        The four metrics with positions made of coordinates alone, as a curve over the radius.
    sharing_potential
        Positions of single operators that could still be shared, and what would be lost.
    dependency
        What goes dark without each station, position, operator, power and transmission group.
    dependency_communes
        How many villages of a commune hang on one position, and whether it has a robust one.
    sharing_dependency
        What hangs on a position by how many operators share it.
    declared
        The province's own list beside the verdicts.
    """

    sharing_breakdown: pd.DataFrame
    sharing_by_radius: pd.DataFrame
    sharing_potential: pd.DataFrame
    dependency: pd.DataFrame
    dependency_communes: pd.DataFrame
    sharing_dependency: pd.DataFrame
    declared: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def answer(
    scene: Scene, stations: pd.DataFrame, villages: pd.DataFrame, positions: pd.DataFrame, project: Project
) -> Answers:
    """Return the answers under the project's policy: where it asks indoors, they hold indoors too."""
    policy = resolved(project.policy, scene.cells)
    service = policy_service(
        heard(scene.levels, scene.cells, scene.radiators, policy),
        scene.cells,
        scene.radiators,
        scene.where,
        policy=policy,
        thresholds=project.thresholds,
    )
    dependency = dependency_table(service, stations, villages, positions, policy=policy)
    return Answers(
        sharing_breakdown=sharing_breakdown(positions),
        sharing_by_radius=sharing_by_radius(stations),
        sharing_potential=sharing_potential(positions, stations, villages, service),
        dependency=dependency,
        dependency_communes=commune_robustness(service, stations, villages, positions, policy=policy),
        sharing_dependency=dependency_by_operator_count(dependency),
        declared=declared_table(villages, project.as_of),
    )

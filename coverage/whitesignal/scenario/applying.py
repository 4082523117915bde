"""Steps applied in order: each is an edit of the table of stations, or of the rule that judges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from whitesignal.inputs.all import Inputs
from whitesignal.inputs.policies import chosen_policy
from whitesignal.project import NAMED_POLICIES, Project
from whitesignal.scenario.adding import Where
from whitesignal.scenario.edits import Register, edit
from whitesignal.scenario.steps import UsePolicy

if TYPE_CHECKING:
    from whitesignal.inputs.stations import StationTable
    from whitesignal.scenario.steps import Scenario


@dataclass(frozen=True, slots=True)
class Edited:
    """What a scenario makes of a project: its stations, with what was found on the way, and the project itself."""

    stations: StationTable
    project: Project


def apply_scenario(stations: StationTable, project: Project, scenario: Scenario) -> Edited:
    """Return the register and the project after all steps, in their order.

    A run on a register of the rows that come back gives what the scenario gives: every default is filled in as a
    register's is, and what is silenced has the status "off".

    Raises
    ------
    InputError
        A step names what is not there (any more), contradicts one before it, or changes nothing; its message says
        which step, and the cure.
    """
    register = Register(stations.rows, stations.rows)
    findings = stations.findings
    for number, step in enumerate(scenario.steps, 1):
        if isinstance(step, UsePolicy):
            project = _with_policy(project, step.name, scenario.title(number))
            continue
        where = Where(project, scenario.title(number), scenario.file.name)
        register, found = edit(step, register, where)
        findings = (*findings, *found)
    return Edited(replace(stations, rows=register.rows, findings=findings), project)


def _with_policy(project: Project, name: str, title: str) -> Project:
    """Return the project with another policy; the one before goes, unless project.toml writes it."""
    policy = chosen_policy(title, name, project.policies)
    written = {key: kept for key, kept in project.policies.items() if kept != NAMED_POLICIES.get(key)}
    return replace(project, policy=policy, policies=MappingProxyType({policy.name: policy, **written}))


def with_stations(inputs: Inputs, stations: StationTable) -> Inputs:
    """Return the inputs with other stations, and what was found while those were made."""
    new = stations.findings[len(inputs.stations.findings) :]
    return replace(inputs, stations=stations, findings=(*inputs.findings, *new))

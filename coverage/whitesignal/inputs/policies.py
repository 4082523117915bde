"""``[policy.NAME]`` of project.toml → policies, each starting from the named one, else from the official."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from whitesignal.bands import GENERATIONS, Generation
from whitesignal.errors import InputError
from whitesignal.inputs.toml_values import (
    Limits,
    Rules,
    nearest_name,
    refuse_unknown,
    refuse_value,
    section_of,
    with_settings,
)
from whitesignal.project import NAMED_POLICIES, OFFICIAL_POLICY, Building, Policy, ThresholdName

POLICY_RULES: Rules = {
    "threshold": get_args(ThresholdName),
    "min_operators": Limits(1, 20, whole=True),
    "indoors": bool,
    "building": get_args(Building),
    "entry_loss_db": Limits(0.0, 80.0),
    "min_people_percent": Limits(0.0, 100.0),
}
ALL_OPERATORS = "all"


def generation_named(file: Path, section: str, name: object) -> Generation:
    """Return the generation of that name, in either case.

    Raises
    ------
    InputError
        For another name.
    """
    found = str(name).strip().upper()
    for generation in GENERATIONS:
        if found == generation:
            return generation
    raise InputError(f"{file}: [{section}] unknown generation '{name}'; known: {', '.join(GENERATIONS)}")


def read_policies(file: Path, given: Mapping[str, Any]) -> dict[str, Policy]:
    """Return the policies that a project.toml writes, by name.

    Raises
    ------
    InputError
        An unknown key or a value that means nothing.
    """
    return {name: _policy(file, name, section_of(file, given, name)) for name in given}


def chosen_policy(where: object, name: str | None, written: Mapping[str, Policy]) -> Policy:
    """Return the policy of that name, the official one without a name; ``where`` begins the message of an error.

    Raises
    ------
    InputError
        If neither project.toml writes it nor `NAMED_POLICIES` has it.
    """
    known = {**NAMED_POLICIES, **written}
    if name is None:
        return known[OFFICIAL_POLICY.name]
    if name not in known:
        hint = nearest_name(name, known)
        raise InputError(f"{where}: policy = {name!r} has no section [policy.{name}] in project.toml; {hint}")
    return known[name]


def _policy(file: Path, name: str, given: Mapping[str, Any]) -> Policy:
    section = f"policy.{name}"
    values = dict(given)
    refuse_unknown(file, section, values, (*POLICY_RULES, "generations"))
    base = replace(NAMED_POLICIES.get(name, OFFICIAL_POLICY), name=name)
    listed = values.pop("generations", list(base.generations))
    if not isinstance(listed, list) or not listed:
        refuse_value(file, section, "generations", listed, 'a list, as in ["2G", "4G"]')
    chosen = {generation_named(file, section, item) for item in listed}
    base = replace(base, generations=tuple(generation for generation in GENERATIONS if generation in chosen))
    if values.get("min_operators") == ALL_OPERATORS:
        del values["min_operators"]
        base = replace(base, every_operator=True)
    elif "min_operators" in values:
        base = replace(base, every_operator=False)
    return with_settings(file, section, values, base, POLICY_RULES)

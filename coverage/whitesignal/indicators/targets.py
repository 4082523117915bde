"""Targets with a date: reached or not, by figures of the whole project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from whitesignal.errors import InputError
from whitesignal.indicators.figure import Figure, TargetState
from whitesignal.inputs.toml_values import nearest_name

if TYPE_CHECKING:
    from whitesignal.project import Project, Target


def target_figures(whole: Mapping[str, Figure], project: Project) -> Iterator[tuple[Figure, TargetState]]:
    """Yield each target's indicator again, as ``target.NAME``, with what is asked of it.

    The unrounded value is compared: 98.996 does not reach 99, though it prints so.

    Raises
    ------
    InputError
        If a target names an indicator that there is not, such as one of an operator who is not in the register.
    """
    for name, target in project.targets.items():
        figure = whole.get(target.indicator)
        if figure is None:
            raise InputError(
                f"{project.file}: [targets.{name}] unknown indicator '{target.indicator}'; "
                f"{nearest_name(target.indicator, whole)}"
            )
        yield _named(figure, f"target.{name}"), _state(figure.value, target, project)


def _named(figure: Figure, figure_id: str) -> Figure:
    return Figure(
        figure_id, figure.value, figure.unit, figure.numerator, figure.denominator, figure.denominator_of,
        figure.counts, figure.operator, figure.period,
    )  # fmt: skip


def _state(value: float | None, target: Target, project: Project) -> TargetState:
    reached = None
    if value is not None:
        reached = (target.at_least is None or value >= target.at_least) and (
            target.at_most is None or value <= target.at_most
        )
    overdue = None if project.as_of is None else project.as_of > target.by
    return TargetState(target.indicator, target.at_least, target.at_most, target.by.isoformat(), reached, overdue)

"""A figure with what it is made of, and the indicator it becomes in an area."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal

AreaLevel = Literal["project", "province", "district", "commune", "reference"]
Rounding = Literal["half up", "as published"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is made of; ``value`` None where it cannot be computed.

    ``counts`` says in words what the numerator counts. A figure of one operator names it; a flow has its ``period``,
    as ISO 8601 writes an interval, "2023-01-01/2023-06-30", and a stock has none.
    """

    id: str
    value: float | None
    unit: str
    numerator: float | None = None
    denominator: float | None = None
    denominator_of: str = ""
    counts: str = ""
    operator: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class TargetState:
    """What a target asks for and how it stands at the as-of date.

    ``reached`` is None where the indicator has no value, ``overdue`` where the project has no as-of date: it says
    whether that lies behind the target's own day.
    """

    indicator: str
    at_least: float | None
    at_most: float | None
    by: str
    reached: bool | None
    overdue: bool | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure of one area, as ``indicators.json`` lists it; the schema beside this module is its contract.

    A commune's ``area`` is "district/commune"; where there are several provinces, theirs stands before both.
    ``value`` is not rounded, ``printed`` is, to ``decimals`` by the rule in ``rounding``.
    """

    id: str
    area_level: AreaLevel
    area: str
    kind: Literal["computed", "reported"]
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    denominator_of: str
    as_of: str | None
    counts: str = ""
    printed: str | None = None
    decimals: int | None = None
    rounding: Rounding = "half up"
    operator: str | None = None
    period: str | None = None
    source: str | None = None
    target: TargetState | None = None


def ratio(
    figure_id: str,
    numerator: float,
    denominator: float,
    *,
    of: str,
    unit: str = "%",
    scale: float = 100.0,
    counts: str = "",
    operator: str | None = None,
) -> Figure:
    """Return a figure that is numerator over denominator times scale; its value None over a zero or unknown one."""
    if not denominator or math.isnan(denominator):
        known = None if math.isnan(denominator) else denominator
        return Figure(figure_id, None, unit, numerator, known, of, counts, operator)
    return Figure(figure_id, scale * numerator / denominator, unit, numerator, denominator, of, counts, operator)


def by_id(indicators: tuple[Indicator, ...]) -> Mapping[str, Indicator]:
    """Return the whole project's computed indicators by their id."""
    first = indicators[0] if indicators else None
    return {
        one.id: one
        for one in indicators
        if first and one.kind == "computed" and (one.area_level, one.area) == (first.area_level, first.area)
    }


def as_rows(indicators: Iterable[Indicator]) -> list[dict[str, object]]:
    """Return the rows of ``indicators.json``: what not every figure has, such as a period, only where there is one.

    A tenth of the time ``asdict`` takes, which copies every value.
    """
    names = [field.name for field in fields(Indicator)]
    optional = frozenset(names[names.index("operator") :])
    rows = []
    for one in indicators:
        row = {name: value for name in names if (value := getattr(one, name)) is not None or name not in optional}
        if one.target is not None:
            row["target"] = asdict(one.target)
        rows.append(row)
    return rows

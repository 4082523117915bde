"""What a remedy costs, by the prices that ``site`` plans with; a higher mast or another setting only by ``[costs]``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from whitesignal.siting.costs import OF_REMEDIES, Range, cost_ranges

if TYPE_CHECKING:
    from whitesignal.project import Project

STATION = "station_million_vnd"
"""A new station with its mast."""

TRANSMISSION = "transmission_million_vnd_per_km"
"""A line from the nearest position, for each km."""

TENANCY = "tenancy_million_vnd"
"""A station on a mast that stands already."""

RETUNE = "retune_million_vnd"
"""Changing what an antenna radiates or where it points."""

MAST = "mast_million_vnd_per_m"
"""Making a mast higher, for each metre."""

SOLAR = "solar_million_vnd"
"""What feeds a new mast where there is no grid."""

OF_KIND: Mapping[str, tuple[str, ...]] = MappingProxyType({"share": (TENANCY,), "build": (STATION, TRANSMISSION)})
"""The prices that a kind of remedy takes from the defaults where the project gives none."""


def price_list(project: Project) -> dict[str, float | Range]:
    """Return the prices that ``site`` plans with, and those of the remedies that the project prices.

    Raises
    ------
    InputError
        A key of ``[costs]`` that no cost has.
    """
    given = {name: project.costs[name] for name in OF_REMEDIES if name in project.costs}
    return {**cost_ranges(project.file, project.costs), **given}


def are_estimates(project: Project, kinds: set[str]) -> bool:
    """Return whether a price of these kinds of remedy is a default, or the middle of a range."""
    names = [name for kind in kinds for name in OF_KIND.get(kind, ())]
    return any(name not in project.costs or isinstance(project.costs[name], tuple) for name in names)


def price_million_vnd(costs: Mapping[str, float | tuple[float, float]], parts: Mapping[str, float]) -> float | None:
    """Return the sum of price times amount, None if one of the prices is not given. [million VND]

    Of a price given from and to, the middle counts.

    Examples
    --------
    >>> price_million_vnd({"station_million_vnd": 750.0}, {"station_million_vnd": 1.0})
    750.0
    >>> price_million_vnd({}, {"station_million_vnd": 1.0}) is None
    True
    """
    if not all(name in costs for name in parts):
        return None
    return sum(_middle(costs[name]) * amount for name, amount in parts.items())


def _middle(price: float | tuple[float, float]) -> float:
    return (price[0] + price[1]) / 2.0 if isinstance(price, tuple) else float(price)

"""What a remedy costs by the project's own numbers: nothing is priced that ``[costs]`` does not price."""

from __future__ import annotations

from collections.abc import Mapping

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

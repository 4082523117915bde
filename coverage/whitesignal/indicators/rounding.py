"""How a figure is printed: half up, as Vietnamese statistics are, to the decimals of its unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from whitesignal.indicators.figure import Figure

DECIMALS_BY_UNIT: Mapping[str, int] = MappingProxyType({
    "%": 2, "km": 2, "operator-sites per position": 3, "positions per 100 km²": 2, "positions per 1,000 people": 2,
    "stations per 1,000 people": 2,
})  # fmt: skip
"""Digits after the decimal point; a count has none, and people of a raster are printed whole."""

SCALE_BY_UNIT: Mapping[str, int] = MappingProxyType({"%": 100, "operator-sites per position": 1})
"""Units whose value is this many times numerator over denominator, both counted."""


def decimals_of(unit: str) -> int:
    """Return to how many digits after the decimal point a unit is printed."""
    return DECIMALS_BY_UNIT.get(unit, 0)


def printed(figure: Figure, *, decimals: int | None = None) -> str | None:
    """Return a figure's value rounded half up, None where it has none; a ratio of counts is rounded exactly.

    ``decimals`` are the unit's own unless given.

    Examples
    --------
    >>> printed(Figure("villages.with_signal", 98.16044966785897, "%", 1921, 1957))
    '98.16'

    107 of 4,000 is 2.675 %, which no binary fraction is:

    >>> printed(Figure("x", 2.675, "%", 107, 4000)), f"{2.675:.2f}"
    ('2.68', '2.67')
    """
    if figure.value is None:
        return None
    decimals = decimals_of(figure.unit) if decimals is None else decimals
    scale = SCALE_BY_UNIT.get(figure.unit)
    numerator, denominator = figure.numerator, figure.denominator
    if scale is not None and isinstance(numerator, int) and isinstance(denominator, int):
        units = (2 * scale * 10**decimals * numerator + denominator) // (2 * denominator)
        whole, part = divmod(units, 10**decimals)
        return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
    if isinstance(figure.value, int) and not decimals:
        return str(figure.value)
    return str(Decimal(figure.value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))

"""Numbers as they are printed: rounded once, half up, and never again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class Number:
    """A rounded number: ``printed`` with a decimal point and no grouping, as ``indicators.json`` prints it."""

    printed: str
    unit: str = ""


def rounded(text: object, decimals: int = 0, unit: str = "") -> Number | None:
    """Return a number of a table's cell, rounded half up; None where the cell is empty or no finite number.

    Examples
    --------
    >>> rounded("2.675", 2), rounded("", 2)
    (Number(printed='2.68', unit=''), None)
    """
    try:
        exact = Decimal(str(text))
    except InvalidOperation:
        return None
    if not exact.is_finite():
        return None
    value = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return Number(f"{abs(value) if value == 0 else value:f}", unit)

"""Tables as compact JSON columns, and JSON that is safe inside a page."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | bool | None

_DEGREES = ("longitude", "latitude")


def page_json(value: object) -> str:
    """Return JSON for a ``<script type="application/json">``: no ``<``, so nothing in it can end the script.

    Raises
    ------
    ValueError
        A number is NaN or infinite: our own fault, every cell goes through `cell`.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def clean(text: str) -> str:
    """Return text without what no reader should meet: control characters and lone surrogates.

    Examples
    --------
    >>> clean("Bản\\x00 Lũng\\r\\n")
    'Bản Lũng'
    """
    if text.isprintable():
        return text.strip()
    kept = "".join(" " if character in "\t\r\n" else character for character in text)
    kept = "".join(character for character in kept if unicodedata.category(character) not in ("Cc", "Cs"))
    return kept.strip()


def cell(value: object, decimals: int = 2) -> Cell:
    """Return a table's value as JSON has it; None for NaN, NaT, NA and empty text."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return _number(float(value), decimals)
    if not isinstance(value, str) and (value is None or str(value) in ("<NA>", "NaT")):
        return None
    return clean(str(value)) or None


def _number(value: float, decimals: int) -> Cell:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else round(value, decimals)


def columns(table: pd.DataFrame, names: Iterable[str]) -> dict[str, object]:
    """Return the named columns that the table has and that say anything, compactly.

    A column of text that repeats itself comes as ``{"values": […], "rows": […]}``, where ``rows`` holds an index
    into the values, -1 for none.
    """
    packed: dict[str, object] = {}
    for name in names:
        if name not in table.columns:
            continue
        cells = _cells(table[name], 5 if name in _DEGREES else 2)
        if any(value is not None for value in cells):
            packed[name] = _repeating(cells)
    return packed


def _cells(column: pd.Series[Any], decimals: int) -> list[Cell]:
    """Return a column's values as JSON has them; a text that repeats itself is looked at once."""
    values = column.tolist()
    if column.dtype == np.float64:
        return [_number(value, decimals) for value in values]
    known = {value: cell(value) for value in {value for value in values if type(value) is str}}
    return [known[value] if type(value) is str else cell(value, decimals) for value in values]


def _repeating(cells: Sequence[Cell]) -> object:
    texts = {value for value in cells if isinstance(value, str)}
    if not texts or len(texts) > len(cells) // 2 or any(not isinstance(value, str | None) for value in cells):
        return list(cells)
    values = sorted(texts)
    index: Mapping[Cell, int] = {value: place for place, value in enumerate(values)}
    return {"values": values, "rows": [index.get(value, -1) for value in cells]}

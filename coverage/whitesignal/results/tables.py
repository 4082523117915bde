"""Tables as CSV and JSON: UTF-8, stable to the byte, and safe to open in a spreadsheet."""

from __future__ import annotations

import json
import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from whitesignal.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
"""A spreadsheet takes a text cell that starts so for a formula."""

DECIMALS_BY_UNIT: Mapping[str, int] = MappingProxyType({
    "longitude": 6, "latitude": 6, "_dbm": 2, "_db": 2, "_km": 3, "_km2": 4, "_deg": 2, "_m": 2, "_mhz": 3, "_dbi": 2,
})  # fmt: skip
"""Digits after the decimal point by the unit that a column's name ends with or has before a qualifier, as in
``level_dbm_before``; others keep what a float holds, to ten digits."""


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: a leading apostrophe where it would. Numbers stay.

    Line ends become one kind: csv leaves a lone carriage return bare, and what follows it would begin a row of its own.

    Examples
    --------
    >>> harmless("=1+2"), harmless("-5.5"), harmless("Bản Mù")
    ("'=1+2", '-5.5', 'Bản Mù')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith(FORMULA_STARTS):
        return text
    try:
        float(text.replace(",", "."))
    except ValueError:
        return "'" + text
    return text


def plain(value: object, decimals: int | None = None) -> str:
    """Return a cell's text: numbers trimmed, true and false in lower case, nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, float) or hasattr(value, "dtype"):
        number = float(value)  # type: ignore[arg-type]
        if math.isnan(number):
            return ""
        text = f"{number:.{decimals}f}" if decimals is not None else f"{number:.10g}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if type(value).__name__ == "NAType":
        return ""
    return harmless(str(value))


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every cell as the text that a file holds."""
    import pandas as pd

    columns = {}
    for name in table.columns:
        columns[harmless(str(name))] = [plain(value, decimals_of(str(name))) for value in table[name].tolist()]
    return pd.DataFrame(columns, columns=list(columns), dtype=object)


def decimals_of(name: str) -> int | None:
    """Return the digits after the decimal point that a column is written with, None where its unit says nothing."""
    return next((digits for unit, digits in DECIMALS_BY_UNIT.items() if f"{unit}_" in f"{name}_"), None)


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table as CSV: UTF-8 with BOM, comma, decimal point."""
    as_text(table).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")


def write_json(value: Mapping[str, object] | Sequence[object], file: Path) -> None:
    """Write JSON, UTF-8, one level of indentation per depth; NaN is an error, not a token."""
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_csv(file: Path, *, numbers: Sequence[str] = (), truths: Sequence[str] = ()) -> pd.DataFrame:
    """Return a table that ``write_csv`` wrote: text everywhere but in the columns named.

    Raises
    ------
    InputError
        If one of those is missing: it is not the table that was written.
    """
    import pandas as pd

    table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    missing = [name for name in (*numbers, *truths) if name not in table.columns]
    if missing:
        raise InputError(f"{file}: no column {', '.join(missing)}")
    for name in table.columns:
        if name in numbers:
            table[name] = pd.to_numeric(table[name].replace("", None))
        elif name in truths:
            table[name] = table[name] == "true"
        else:
            table[name] = table[name].str.replace("^'(?=[=+@\t\n-])", "", regex=True)
    return table

"""A file of published figures, each with its source and its date."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from whitesignal.errors import InputError
from whitesignal.inputs.tabular import read_table
from whitesignal.project import ReportedFigure
from whitesignal.text import nfc

COLUMNS = (
    "province", "indicator", "value", "unit", "numerator", "denominator", "denominator_of", "as_of", "source",
)  # fmt: skip

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


def read_reported(file: Path) -> tuple[ReportedFigure, ...]:
    """Return a file's published figures in its order.

    Parameters
    ----------
    file
        A table with the columns province, indicator, value, unit, numerator, denominator, denominator_of, as_of,
        source. The value is kept as it was printed, "22.01" or "100"; an indicator "white_villages.covered: Đồng Văn"
        is of that district; ``as_of`` is a year, a month or a day.

    Raises
    ------
    InputError
        A column that is missing; a row without an indicator or a source, or with a number or a date that is none.
    """
    table = read_table(file)
    missing = [name for name in COLUMNS if name not in table.values.columns]
    if missing:
        raise InputError(f"{file}: no column {', '.join(missing)}; published figures need {', '.join(COLUMNS)}")
    rows = table.values[list(COLUMNS)].to_dict("records")
    return tuple(_figure(file, number, row) for number, row in zip(table.rows.tolist(), rows, strict=True))


def _figure(file: Path, number: int, row: Mapping[str, str]) -> ReportedFigure:
    text = {name: nfc(str(row[name])) for name in COLUMNS}
    blank = [name for name in ("province", "indicator", "value", "source") if not text[name]]
    if blank:
        raise InputError(f"{file}: row {number} has no {' and no '.join(blank)}: a published figure needs them")
    indicator, _, district = (part.strip() for part in text["indicator"].partition(":"))
    if re.search(r"\s", indicator):
        raise InputError(f"{file}: row {number}: the indicator '{indicator}' must be one word, as in villages.white")
    if text["as_of"] and not _DATE.fullmatch(text["as_of"]):
        raise InputError(f"{file}: row {number}: as_of '{text['as_of']}' must be a date, as in 2023-06 or 2023-06-30")
    values = {name: _number(file, number, name, text[name]) for name in ("value", "numerator", "denominator")}
    return ReportedFigure(
        area=text["province"], district=district, indicator=indicator, value=values["value"] or 0.0,
        printed=text["value"], unit=text["unit"], numerator=values["numerator"], denominator=values["denominator"],
        denominator_of=text["denominator_of"], as_of=text["as_of"] or None, source=text["source"],
    )  # fmt: skip


def _number(file: Path, number: int, name: str, text: str) -> float | None:
    """Return a number, whole where it is printed so; None where there is none."""
    if not text:
        return None
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise InputError(f"{file}: row {number}: {name} '{text}' must be a number with a decimal point, as in 22.01")
    return float(text) if "." in text else int(text)

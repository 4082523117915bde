"""Indicators: a province's figures, each with its numerator, its denominator and what both count."""

from whitesignal.indicators.comparison import Beside, beside
from whitesignal.indicators.compute import compute_indicators
from whitesignal.indicators.figure import AreaLevel, Figure, Indicator, TargetState, as_rows, by_id, ratio
from whitesignal.indicators.published import json_schema

__all__ = [
    "AreaLevel",
    "Beside",
    "Figure",
    "Indicator",
    "TargetState",
    "as_rows",
    "beside",
    "by_id",
    "compute_indicators",
    "json_schema",
    "ratio",
]

"""Dependency: which villages go dark without one station, mast, operator, feeder or ring, and where a commune holds."""

from whitesignal.dependency.groups import KINDS, Kind
from whitesignal.dependency.robustness import ROBUSTNESS_COLUMNS, commune_robustness
from whitesignal.dependency.table import (
    BY_OPERATOR_COUNT_COLUMNS,
    DEPENDENCY_COLUMNS,
    dependency_by_operator_count,
    dependency_table,
)

__all__ = [
    "BY_OPERATOR_COUNT_COLUMNS", "DEPENDENCY_COLUMNS", "KINDS", "ROBUSTNESS_COLUMNS", "Kind", "commune_robustness",
    "dependency_by_operator_count", "dependency_table",
]  # fmt: skip

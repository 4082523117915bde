"""Findings: what a run noticed about its inputs and had to assume, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["error", "warning", "info"]
"""error: a row is set aside; warning: a figure rests on an assumption; info: worth knowing."""

FINDING_COLUMNS = ("severity", "file", "row", "column", "value", "message")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed about the inputs.

    ``row`` counts as a spreadsheet does: the header is row 1, the first record row 2; None where the finding
    concerns the whole file.
    """

    severity: Severity
    message: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""


def some_rows(rows: Sequence[int], *, most: int = 5) -> str:
    """Return row numbers for a message: all of a few, the first of many.

    Examples
    --------
    >>> some_rows([4, 9, 17])
    'rows 4, 9, 17'
    >>> some_rows(range(2, 100))
    'rows 2, 3, 4, 5, 6 and 93 more'
    """
    shown = ", ".join(str(row) for row in rows[:most])
    word = "row" if len(rows) == 1 else "rows"
    rest = f" and {len(rows) - most} more" if len(rows) > most else ""
    return f"{word} {shown}{rest}"


def as_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the findings as the table that ``findings.csv`` holds, in the order they were made."""
    import pandas as pd

    rows = [[getattr(finding, column) for column in FINDING_COLUMNS] for finding in findings]
    table = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    return table.astype({"row": "Int64"})

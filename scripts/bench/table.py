"""Rows of figures with their targets, as text, as Markdown, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = ("figure", "measured", "unit", "target", "measured / target", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; ``key`` names it in the JSON file.

    ``value`` None says that there is nothing to measure yet; ``note`` then says why. ``target`` is what it should not
    exceed, whatever its sign, or with ``at_least`` not fall short of.
    """

    part: str
    key: str
    words: str
    value: float | None
    unit: str
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured over target; None where there is no target."""
        if self.value is None or self.target is None:
            return None
        return abs(self.value) / self.target

    @property
    def verdict(self) -> str:
        """Met, missed, or nothing."""
        ratio = self.ratio
        if ratio is None:
            return ""
        met = ratio >= 1.0 if self.at_least else ratio <= 1.0
        return "met" if met else "missed"


def number(value: float) -> str:
    """Return a figure with three significant digits or more."""
    if value == 0.0 or abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _cells(row: Row) -> tuple[str, ...]:
    value = "–" if row.value is None else number(row.value)
    sign = "≥" if row.at_least else "≤"
    target = "" if row.target is None else f"{sign} {number(row.target)}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = "; ".join(word for word in (row.verdict, row.note) if word)
    return row.words, value, row.unit, target, ratio, verdict


def as_text(rows: Sequence[Row]) -> str:
    """Return the rows as a table for a terminal, part by part."""
    lines = [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in (HEAD, *lines)) for column in range(len(HEAD))]
    out, part = [], ""
    for row, line in zip(rows, lines, strict=True):
        if row.part != part:
            part = row.part
            out += ["", part]
        padded = [text.ljust(width) if i in (0, 2, 5) else text.rjust(width) for i, (text, width) in
                  enumerate(zip(line, widths, strict=True))]  # fmt: skip
        out.append("  " + "  ".join(padded).rstrip())
    return "\n".join(out).lstrip("\n")


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, part by part."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|---:|---|---:|---:|---|"]
    part = ""
    for row in rows:
        if row.part != part:
            part = row.part
            lines.append(f"| **{part}** |" + " |" * (len(HEAD) - 1))
        lines.append("| " + " | ".join(_cells(row)) + " |")
    return "\n".join(lines)


def as_figures(rows: Sequence[Row]) -> dict[str, float]:
    """Return what was measured, by key."""
    return {row.key: float(row.value) for row in rows if row.value is not None}


def summary(rows: Sequence[Row]) -> str:
    """Return how many targets are met, and which are missed and by how much."""
    judged = [row for row in rows if row.verdict]
    missed = [row for row in judged if row.verdict == "missed"]
    words = f"{len(judged) - len(missed)} of {len(judged)} targets met"
    if missed:
        words += "; missed: " + ", ".join(f"{row.words} ({row.ratio:.2f} of the target)" for row in missed)
    return words

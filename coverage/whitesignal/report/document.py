"""What a report consists of, whatever it is written as: sections of sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from whitesignal.report.rounding import Number

if TYPE_CHECKING:
    from whitesignal.report.labels import Words

Tone = Literal["plain", "lead", "note", "warning"]
"""How a sentence stands: as text, as the sentence a section is read for, small below a table, in a box."""


Cell = str | Number | None
"""Text as it stands in the file, a number, or None where the file has nothing."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or several sentences, plain text: nothing in it is ever markup."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all of its rows.

    A page shows the first ``limit`` of them and says how many more ``file`` holds; a workbook has them all under
    ``key``. A column is set to the right where its cells are numbers.
    """

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    file: str
    limit: int = 60
    note: str = ""

    @property
    def left_out(self) -> int:
        """How many rows a page does not show."""
        return max(0, len(self.rows) - self.limit)

    def is_number(self, column: int) -> bool:
        """Return whether a column holds numbers and nothing else."""
        cells = [row[column] for row in self.rows if row[column] is not None]
        return bool(cells) and all(isinstance(cell, Number) for cell in cells)


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over equally meaningful numbers: ``points`` are (abscissa, ordinate); ``level`` one to compare with."""

    title: str
    across: str
    up: str
    points: Sequence[tuple[float, float]]
    level: float | None = None
    level_name: str = ""


Block = Paragraph | Table | Curve


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    key: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that is seen before anything is read: the number, what it is, and what it is of."""

    figure: str
    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; ``badge`` is empty where nothing in it is invented, ``words`` writes the numbers."""

    title: str
    subtitle: str
    badge: str
    tiles: Sequence[Tile]
    sections: Sequence[Section]
    words: Words

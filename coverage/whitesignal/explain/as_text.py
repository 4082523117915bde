"""The letter for a terminal, and all its facts for a program."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.explain.letter import letter
from whitesignal.explain.sheets import Sheet, sheets
from whitesignal.explain.words import words
from whitesignal.maps.labels import Language

if TYPE_CHECKING:
    from whitesignal.explain.facts import Explanation

WIDTH = 100


def as_text(explained: Explanation, *, lang: Language = "en") -> str:
    """Return the letter and its facts as text in lines."""
    said = words(lang)
    written = letter(explained, said)
    village = explained.village
    lines = [said.say("letter.heading").upper()]
    if explained.synthetic:
        lines.append(said.say("letter.synthetic"))
    lines += ["", said.say("letter.to", name=village.name, commune=village.commune), ""]
    lines += [*_paragraph(written.answer), ""]
    if written.why:
        lines += [said.say("letter.why").upper(), *_paragraph(written.why), ""]
    if written.fix or written.after:
        lines += [said.say("letter.fix").upper(), *_paragraph(written.fix)]
        for remedy in written.remedies:
            lines += textwrap.wrap(remedy, WIDTH, initial_indent="- ", subsequent_indent="  ")
        lines += [line for sentence in written.after for line in textwrap.wrap(sentence, WIDTH)]
        lines.append("")
    lines += [*_paragraph(written.caveats), "", said.say("letter.facts").upper()]
    for sheet in sheets(explained, said):
        lines += ["", sheet.title, *_table(sheet)]
    return "\n".join(lines)


def _paragraph(sentences: tuple[str, ...]) -> list[str]:
    return textwrap.wrap(" ".join(sentences), WIDTH)


def _table(sheet: Sheet) -> Iterator[str]:
    rows = [sheet.head, *sheet.rows] if sheet.head else list(sheet.rows)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def as_dict(explained: Explanation) -> dict[str, object]:
    """Return all facts for JSON: names with their units, codes in English; what is not known is null."""
    plain = _plain(explained)
    return plain if isinstance(plain, dict) else {}


def _plain(value: object) -> object:
    """Return a frozen value as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        return {name: _plain(getattr(value, name)) for name in names if name != "station_row"} | (
            {"serves": bool(getattr(value, "serves"))} if hasattr(value, "serves") else {}  # noqa: B009
        )
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | tuple | list):
        return [_plain(item) for item in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, date) else value

"""How sure the verdicts are: classes, and the expected number of white villages with its interval."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.figures import number
from whitesignal.report.parts.listed import STATUSES
from whitesignal.report.rounding import Number, rounded

if TYPE_CHECKING:
    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

CLASSES = ("sure", "likely", "unlikely", "no", "unknown")


def chances_section(results: RunResults, words: Words) -> Section:
    """Return expected numbers with their interval beside the verdict's own count, and why the two may differ."""
    blocks: list[Block] = []
    whole = results.whole
    expected = whole.get("villages.white.expected")
    if expected is None or expected.value is None:
        blocks.append(Paragraph(words.catalog["chances.none"]))
    else:
        blocks += [Paragraph(_line(results, words), "lead"), Paragraph(_why(results, words)), _expected(results, words)]
    if "certainty" in results.villages.columns:
        blocks += [Paragraph(words.catalog["chances.classes"]), _classes(results, words)]
    return Section("chances", words.catalog["chances.title"], tuple(blocks))


def _line(results: RunResults, words: Words) -> str:
    whole = results.whole
    values: dict[str, Number | None] = {}
    for subject in ("villages", "people"):
        known = subject == "villages" or results.counts_people
        values[subject] = number(whole.get(f"{subject}.white"))
        for part in ("expected", "low", "high"):
            values[f"{subject}_{part}"] = number(whole.get(f"{subject}.white.{part}")) if known else None
    low = whole.get("villages.white.low")
    return words.say("chances.line", draws=rounded(low.denominator) if low else None, **values)


def _why(results: RunResults, words: Words) -> str:
    """Return why the verdict's own count and the interval are two answers, and whether they are apart here."""
    whole = results.whole
    count, low, high = (
        one.value if (one := whole.get(f"villages.white{part}")) else None for part in ("", ".low", ".high")
    )
    inside = None not in (count, low, high) and (low or 0) <= (count or 0) <= (high or 0)
    return f"{words.catalog['chances.inside' if inside else 'chances.outside']} {words.catalog['chances.why']}"


def _expected(results: RunResults, words: Words) -> Table:
    rows: list[list[Cell]] = []
    for subject in ("villages", "people") if results.counts_people else ("villages",):
        ids = [f"{subject}.white{part}" for part in ("", ".expected", ".low", ".high")]
        rows.append([words.catalog[f"chances.{subject}"], *(number(results.whole.get(one)) for one in ids)])
    columns = [words.catalog[f"column.{key}"] for key in ("counted", "verdict", "expected", "low", "high")]
    return Table("expected", words.catalog["chances.expected_table"], columns, rows, "indicators.json")


def _classes(results: RunResults, words: Words) -> Table:
    villages = results.villages
    count = Counter(zip(villages["status"], villages["certainty"], strict=True))
    rows: list[list[Cell]] = [
        [words.catalog[f"status.{status}"], *(rounded(count[status, one]) for one in CLASSES)] for status in STATUSES
    ]
    columns = (words.catalog["column.status"], *(words.catalog[f"certainty.{one}"] for one in CLASSES))
    return Table("certainty", words.catalog["chances.classes_table"], columns, rows, "villages.csv")

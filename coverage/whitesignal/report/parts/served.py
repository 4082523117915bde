"""Who is served: villages and people by generation and by operator, each share with what it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.bands import GENERATIONS
from whitesignal.report.document import Cell, Paragraph, Section, Table
from whitesignal.report.figures import denominator_words, number
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whitesignal.indicators import Indicator
    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

TOGETHER = ("best_operator", "any_operator", "two_or_more_operators")


def served_section(results: RunResults, words: Words) -> Section:
    """Return the shares of villages and of people with signal, by generation, then by operator."""
    generations: list[tuple[str, str]] = [(name, name.lower()) for name in GENERATIONS]
    generations += [(words.catalog[f"served.{name}"], name) for name in ("3g_4g", "broadband")]
    stem = "villages.operator."
    operators = [
        (one.operator or one.id, f"operator.{one.id.removeprefix(stem)}")
        for key, one in sorted(results.whole.items())
        if key.startswith(stem)
    ]
    best = results.whole.get("villages.best_operator")
    named = best.operator if best and best.operator else words.catalog["value.unknown"]
    operators += [(words.say(f"served.{name}", operator=named), name) for name in TOGETHER]
    blocks = (
        Paragraph(words.catalog["served.text"]),
        _table("served_generation", generations, results, words),
        Paragraph(words.catalog["served.operators_text"]),
        _table("served_operator", operators, results, words),
    )
    return Section("served", words.catalog["served.title"], blocks)


def _table(key: str, lines: Sequence[tuple[str, str]], results: RunResults, words: Words) -> Table:
    whole = results.whole
    rows: list[list[Cell]] = []
    for name, part in lines:
        villages, people = whole.get(f"villages.{part}"), whole.get(f"people.{part}")
        rows.append([name, *_parts(villages), *_parts(people)])
    of = {
        subject: denominator_words(_denominator(results, f"{subject}.with_signal"), words)
        for subject in ("villages", "people")
    }
    columns = (
        words.catalog[f"column.{key}"],
        words.say("column.share_of", of=of["villages"]),
        words.catalog["column.villages_served_part"],
        words.catalog["column.villages_known"],
        words.say("column.share_of", of=of["people"]),
        words.catalog["column.people_served_part"],
        words.catalog["column.people_known"],
    )
    return Table(key, words.catalog[f"served.{key}"], columns, rows, "indicators.json",
                 note=words.catalog[f"served.{key}_note"])  # fmt: skip


def _parts(figure: Indicator | None) -> list[Cell]:
    """Return a share, its numerator and its denominator."""
    if figure is None:
        return [None, None, None]
    return [number(figure), rounded(figure.numerator), rounded(figure.denominator)]


def _denominator(results: RunResults, figure_id: str) -> str:
    figure = results.whole.get(figure_id)
    return figure.denominator_of if figure else ""

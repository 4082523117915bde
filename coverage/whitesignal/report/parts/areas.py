"""The figures by district: villages and people, generations, stations; each column one thing of one denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.bands import GENERATIONS
from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.figures import made_of, number, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whitesignal.indicators import Indicator
    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

TABLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("villages", ("villages", "villages.white", "villages.weak", "villages.unknown", "villages.with_signal", "people",
                  "people.white", "people.with_signal")),
    ("generations", (*(f"villages.{name.lower()}" for name in GENERATIONS), "villages.3g_4g", "villages.broadband",
                     "villages.two_or_more_operators")),
    ("network", ("stations", "positions", "operator_sites", "sharing.position", "sharing.tenancy",
                 "distance.nearest_station.mean", "distance.nearest_station.max")),
)  # fmt: skip
"""What each table shows; its columns are named by ``area.ID`` in the catalog."""

COMMUNES = ("communes.3g_4g", "communes.3g_4g.every_village")


def areas_section(results: RunResults, words: Words) -> Section:
    """Return the tables by district, or by commune where villages name no district."""
    level = "district" if results.by_area.get("district") else "commune"
    areas = results.by_area.get(level, {})
    tables = [_table(key, ids, areas, level, results, words) for key, ids in TABLES]
    blocks: tuple[Block, ...] = (Paragraph(words.catalog["areas.text"]), *_communes(results, words), *tables)
    return Section("areas", words.catalog[f"areas.title_{level}"], blocks)


def _table(
    key: str, ids: Sequence[str], areas: Mapping[str, Mapping[str, Indicator]], level: str, results: RunResults,
    words: Words,
) -> Table:  # fmt: skip
    rows: list[list[Cell]] = [[words.catalog["areas.whole"], *pick(results.whole, *ids)]]
    rows += [[area or words.catalog["value.unnamed"], *pick(figures, *ids)] for area, figures in areas.items()]
    columns = (words.catalog[f"column.{level}"], *(words.catalog[f"area.{one}"] for one in ids))
    return Table(f"area_{key}", words.catalog[f"areas.{key}"], columns, rows, "indicators.json")


def _communes(results: RunResults, words: Words) -> list[Paragraph]:
    """Return communes with 3G or 4G by either rule, in words: their denominator is communes, not villages."""
    figures = [results.whole.get(one) for one in COMMUNES]
    if any(one is None or one.value is None for one in figures):
        return []
    most, every = figures
    text = words.say("areas.communes", most=number(most), most_of=made_of(most, words), every=number(every),
                     every_of=made_of(every, words))  # fmt: skip
    return [Paragraph(text)]

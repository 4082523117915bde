"""The province in one line, and what stands on air: stations by generation and operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.bands import GENERATIONS
from whitesignal.indicators import beside
from whitesignal.report.document import Cell, Paragraph, Section, Table, Tile
from whitesignal.report.figures import denominator_words, made_of, number
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words
    from whitesignal.report.rounding import Number


def tiles(results: RunResults, words: Words) -> tuple[Tile, ...]:
    """Return the figures that are seen first, each with what it is of."""
    whole = results.whole
    chosen = ("stations", "villages.with_signal", "villages.white", "villages.weak", "sharing.position")
    found = []
    for figure_id in chosen:
        figure = whole.get(figure_id)
        if figure is None:
            continue
        shown = number(figure)
        parts = made_of(figure, words)
        of = f"{parts} {denominator_words(figure.denominator_of, words)}" if parts else ""
        found.append(Tile(words.show(shown), words.catalog[f"tile.{figure_id}"], of))
    return tuple(found)


def summary_section(results: RunResults, words: Words) -> Section:
    """Return the province's line as planners write it, and what to keep in mind when reading on."""
    whole = results.whole
    split = ", ".join(
        f"{words.show(number(whole.get(f'stations.{name.lower()}')))} {name}" for name in GENERATIONS
    )  # fmt: skip
    line = words.say(
        "summary.line",
        as_of=words.as_of(results.record["as_of"]),
        name=results.record["project"],
        stations=number(whole.get("stations")),
        split=split,
        villages=number(whole.get("villages")),
        white=number(whole.get("villages.white")),
        weak=number(whole.get("villages.weak")),
        unknown=number(whole.get("villages.unknown")),
        with_signal=number(whole.get("villages.with_signal")),
        signal_of=made_of(whole.get("villages.with_signal"), words),
        sharing=number(whole.get("sharing.position")),
        sharing_of=made_of(whole.get("sharing.position"), words),
    )
    blocks = [Paragraph(line, "lead")]
    blocks += [Paragraph(text) for text in _country(results, words)]
    blocks += [Paragraph(text) for text in _people(results, words)]
    if not results.record.get("synthetic"):
        blocks.append(Paragraph(words.catalog["summary.computed"]))
    else:
        blocks.append(Paragraph(words.catalog["summary.synthetic"], "warning"))
    if results.missing:
        blocks.append(Paragraph(words.say("summary.missing", files="; ".join(results.missing)), "warning"))
    return Section("summary", words.catalog["summary.title"], tuple(blocks))


def _country(results: RunResults, words: Words) -> list[str]:
    """Return the country's sharing as a sentence of its own: what it is a share of its source does not say."""
    pairs = [pair for pair in beside(results.indicators) if pair.reported.area_level == "reference"]
    found = [pair.reported for pair in pairs if pair.computed and pair.computed.id == "sharing.position"]
    return [
        words.say(
            "summary.country",
            value=rounded(one.printed or one.value, one.decimals or 0, "%"),
            source=one.source or words.catalog["value.no_source"],
        )
        for one in found[:1]
    ]


def _people(results: RunResults, words: Words) -> list[str]:
    """Return what is not known of the people: without that, none in a white village would look like nobody."""
    blank = int((results.villages["population"] == "").sum())
    if not results.counts_people:
        return [words.catalog["summary.no_people"]]
    return [words.say("summary.some_people", count=blank, villages=len(results.villages))] if blank else []


def stations_section(results: RunResults, words: Words) -> Section:
    """Return stations on air by operator and generation, with the shares of the province's total."""
    whole = results.whole
    stem, names = "stations.operator.", [name.lower() for name in GENERATIONS]
    operators = sorted(
        (one for key, one in whole.items() if key.startswith(stem) and "." not in key.removeprefix(stem)),
        key=lambda one: (-(one.value or 0), one.id),
    )
    rows: list[list[Cell]] = []
    for one in operators:
        split: list[Number | None] = [number(whole.get(f"{one.id}.{name}")) for name in names]
        rows.append([one.operator or one.id, *split, number(one), number(whole.get(f"{one.id}.share"))])
    total = words.catalog["stations.total"]
    counts = [number(whole.get(f"stations.{name}")) for name in names]
    shares = [number(whole.get(f"stations.{name}.share")) for name in names]
    rows.append([total, *counts, number(whole.get("stations")), None])
    rows.append([words.catalog["stations.share_row"], *shares, None, None])
    columns = (words.catalog["column.operator"], *GENERATIONS, words.catalog["column.all_generations"],
               words.catalog["column.share_of_stations"])  # fmt: skip
    text = words.say(
        "stations.text",
        stations=number(whole.get("stations")),
        positions=number(whole.get("positions")),
        operator_sites=number(whole.get("operator_sites")),
    )
    table = Table(
        "stations", words.catalog["stations.table"], columns, rows, "indicators.json",
        note=words.catalog["stations.note"],
    )  # fmt: skip
    return Section("stations", words.catalog["stations.title"], (Paragraph(text), table))

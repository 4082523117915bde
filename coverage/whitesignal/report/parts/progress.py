"""Targets with a date, and what changed in a period: flows, apart from every stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.figures import denominator_words, made_of, name_of, number
from whitesignal.report.rounding import Number, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whitesignal.indicators import Indicator
    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

YEAR = "flow"
UNDATED = "flow.stations.undated"


def targets_section(results: RunResults, words: Words) -> Section:
    """Return each target as a sentence: figures of different denominators never share a column."""
    found = [one for one in results.indicators if one.target is not None and one.kind == "computed"]
    texts = [_target(one, words) for one in found] or [words.catalog["targets.none"]]
    return Section("targets", words.catalog["targets.title"], tuple(Paragraph(text) for text in texts))


def _target(one: Indicator, words: Words) -> str:
    target = one.target
    if target is None:
        raise ValueError(one.id)
    unit = "%" if one.unit == "%" else ""
    asked = [
        words.say(f"targets.{key}", value=Number(f"{bound:.10g}", unit))
        for key, bound in (("at_least", target.at_least), ("at_most", target.at_most))
        if bound is not None
    ]
    state = {True: "reached", False: "missed", None: "unknown"}[target.reached]
    if state == "missed" and not target.overdue:
        state = "not_yet"
    parts = made_of(one, words)
    of = f" ({parts} {denominator_words(one.denominator_of, words)})" if parts else ""
    return words.say(
        "targets.line",
        name=one.id.removeprefix("target."),
        figure=name_of(target.indicator, words, one.operator),
        asked=words.catalog["targets.and"].join(asked),
        by=words.date(target.by),
        state=words.catalog[f"targets.{state}"],
        value=number(one),
        of=of,
    )


def flows_section(results: RunResults, words: Words) -> Section:
    """Return what was put on air and covered in each period, and how much has no date and is in none."""
    flows: dict[str, list[Indicator]] = {}
    for key, one in results.whole.items():
        if key.startswith("flow.") and key != UNDATED:
            flows.setdefault(_period_of(key), []).append(one)
    blocks: list[Block] = [Paragraph(words.catalog["flows.text"])]
    for name, figures in flows.items():
        blocks += _flow(name, figures, words)
    undated = results.whole.get(UNDATED)
    if undated is not None and undated.value:
        blocks.append(Paragraph(words.say("flows.undated", count=number(undated), of=made_of(undated, words)), "note"))
    return Section("flows", words.catalog["flows.title"], tuple(blocks))


def _period_of(figure_id: str) -> str:
    """Return a flow's stem: "flow" for the calendar year, else with the period's name."""
    parts = figure_id.split(".")
    return YEAR if parts[1] in ("stations", "places", "villages") else f"{YEAR}.{parts[1]}"


def _flow(name: str, figures: Iterable[Indicator], words: Words) -> list[Block]:
    listed = list(figures)
    interval = words.period(listed[0].period)
    title = words.say("flows.period", period=interval)
    if name != YEAR:
        title = words.say("flows.named_period", name=name.removeprefix(f"{YEAR}."), period=interval)
    stations = [one for one in listed if ".stations." in one.id]
    others = [one for one in listed if ".stations." not in one.id]
    rows: list[list[Cell]] = [
        [name_of(one.id, words), number(one), rounded(one.denominator)] for one in stations
    ]  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in ("put_on_air", "stations_in_period", "stations_dated")]
    blocks: list[Block] = [Table(f"flow {name}", title, columns, rows, "indicators.json")]
    for one in others:
        text = words.say("flows.other", figure=name_of(one.id, words), value=number(one), period=interval)
        blocks.append(Paragraph(text))
    return blocks

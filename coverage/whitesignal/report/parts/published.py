"""Published figures beside the computed ones, in one table for each denominator: no column mixes two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.indicators import Beside, beside
from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.figures import denominator_words, name_of
from whitesignal.report.rounding import Number, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

Group = tuple[str, str, bool, str, bool | None]


def published_section(results: RunResults, words: Words) -> Section:
    """Return every reported figure with its source and date, and the computed one where there is one."""
    groups: dict[Group, list[Beside]] = {}
    for pair in beside(results.indicators):
        groups.setdefault(_group(pair), []).append(pair)
    title = words.catalog["published.title"]
    if not groups:
        return Section("published", title, (Paragraph(words.catalog["published.none"]),))
    blocks: list[Block] = [Paragraph(words.catalog["published.text"])]
    for place, (group, pairs) in enumerate(groups.items(), start=1):
        blocks.append(_table(place, group, pairs, words))
    return Section("published", title, tuple(blocks))


def _group(pair: Beside) -> Group:
    ours = pair.computed
    return (
        pair.reported.unit or (ours.unit if ours else ""),
        pair.reported.denominator_of,
        ours is not None,
        ours.denominator_of if ours else "",
        pair.same_count,
    )


def _table(place: int, group: Group, pairs: Sequence[Beside], words: Words) -> Table:
    unit, reported_of, computed, computed_of, same = group
    unsaid = words.catalog["published.of_unsaid"]
    reported_words = denominator_words(reported_of, words) if reported_of else unsaid
    title = words.say("published.unit", unit=words.known(f"unit.{unit}", unit or words.catalog["value.unknown"]))
    if unit.startswith("%"):
        title += words.say("published.reported_of", of=reported_words)
        if computed:
            title += words.say("published.computed_of", of=denominator_words(computed_of, words))
    keys = ["figure", "area", "reported", "as_of_reported"]
    keys += ["computed", "as_of_computed"] if computed else []
    keys += ["difference"] if same else []
    rows = [_row(pair, computed=computed, same=bool(same), words=words) for pair in pairs]
    columns = [words.catalog[f"column.{key}"] for key in (*keys, "source")]
    state = "same" if same else ("not_computed" if not computed else {False: "differ", None: "unsaid"}[same])
    return Table(f"published {place}", title, columns, rows, "indicators.json",
                 note=words.catalog[f"published.{state}"])  # fmt: skip


def _row(pair: Beside, *, computed: bool, same: bool, words: Words) -> list[Cell]:
    reported, ours = pair.reported, pair.computed
    unit = "%" if "%" in (reported.unit or (ours.unit if ours else "")) else ""
    text = reported.printed
    if text is None and reported.value is not None:
        text = f"{reported.value:.10g}"
    area = reported.area or words.catalog["value.country"]
    row: list[Cell] = [
        name_of(reported.id, words, reported.operator), area, Number(text, unit) if text is not None else None,
        words.date(reported.as_of) if reported.as_of else words.catalog["value.no_date"],
    ]  # fmt: skip
    if computed:
        row.append(Number(pair.computed_printed, unit) if pair.computed_printed is not None else None)
        row.append(words.date(ours.as_of) if ours and ours.as_of else words.catalog["value.no_date"])
    if same:
        row.append(rounded(pair.difference, max(reported.decimals or 0, 2 if unit else 0)))
    row.append(reported.source or words.catalog["value.no_source"])
    return row

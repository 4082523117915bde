"""The province's own list beside the model's verdicts: where they agree, and where to survey again first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.figures import made_of, number
from whitesignal.report.parts.listed import as_percent
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

FILE = "declared.csv"
OUTCOMES = ("hits", "misses", "false_alarms", "both_signal")
APART = ("miss", "false alarm")


def declared_section(results: RunResults, words: Words) -> Section:
    """Return the programme's state by the list, the agreement of list and model, and the disagreements by rank."""
    title = words.catalog["declared.title"]
    table = results.tables.get(FILE)
    if table is None:
        return Section("declared", title, (Paragraph(words.say("missing.table", file=FILE), "warning"),))
    if table.empty:
        return Section("declared", title, (Paragraph(words.catalog["declared.none"]),))
    agreement = results.whole.get("declared.agreement")
    line = words.say("declared.line", agreement=number(agreement), of=made_of(agreement, words), listed=len(table))
    blocks: list[Block] = [Paragraph(line, "lead"), *_programme(results, words), _outcomes(results, words)]
    apart = _apart(table, words)
    blocks.append(apart if apart.rows else Paragraph(words.catalog["declared.all_agree"]))
    return Section("declared", title, tuple(blocks))


def _programme(results: RunResults, words: Words) -> list[Paragraph]:
    """Return the programme as the list tells it; nothing where no village was ever declared white."""
    whole = results.whole
    before = whole.get("programme.white_before")
    if before is None or not before.value:
        return []
    coverage = whole.get("programme.coverage")
    text = words.say(
        "declared.programme",
        before=number(before),
        covered=number(whole.get("programme.covered")),
        left=number(whole.get("programme.left")),
        progress=number(whole.get("programme.progress")),
        coverage=number(coverage),
        coverage_of=made_of(coverage, words),
    )
    return [Paragraph(text)]


def _outcomes(results: RunResults, words: Words) -> Table:
    rows: list[list[Cell]] = [
        [words.catalog[f"declared.{one}"], words.catalog[f"declared.{one}_means"],
         number(results.whole.get(f"declared.{one}"))]
        for one in OUTCOMES
    ]  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in ("outcome", "meaning", "villages")]
    return Table("declared", words.catalog["declared.table"], columns, rows, "indicators.json")


def _apart(table: pd.DataFrame, words: Words) -> Table:
    """Return where list and model disagree, by rank: first where the model holds the list wrong most surely."""
    apart = table[table["outcome"].isin(APART)]
    apart = apart.assign(_rank=apart["survey_rank"].astype(float)).sort_values("_rank", kind="stable")
    rows: list[list[Cell]] = [
        [rounded(row["survey_rank"]), row["name"], row["commune"], row["district"], rounded(row["population"]),
         words.known(f"status.{row['declared_now']}", row["declared_now"]),
         words.known(f"status.{row['status']}", row["status"]), as_percent(row["p_declared_wrong"]),
         words.catalog["value.true" if row["survey_first"] == "true" else "value.false"], row["village_id"]]
        for row in apart.to_dict("records")
    ]  # fmt: skip
    keys = ("rank", "village", "commune", "district", "people", "declared", "status", "p_wrong", "survey_first",
            "village_id")  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in keys]
    return Table("survey", words.catalog["declared.survey"], columns, rows, FILE, note=words.catalog["declared.note"])

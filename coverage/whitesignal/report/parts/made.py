"""What the run noticed about its inputs, and how it was made: model, settings, inputs' hashes, seed and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whitesignal.propagation.catalog import MODELS
from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.rounding import Number, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

FINDINGS = "findings.csv"
SHOWN_FINDINGS = 40
SEVERITIES = ("error", "warning", "info")


def findings_section(results: RunResults, words: Words) -> Section:
    """Return the findings, the gravest first."""
    title = words.catalog["findings.title"]
    table = results.tables.get(FINDINGS)
    if table is None:
        return Section("findings", title, (Paragraph(words.say("missing.table", file=FINDINGS), "warning"),))
    order = table["severity"].map({name: place for place, name in enumerate(SEVERITIES)}).fillna(len(SEVERITIES))
    rows: list[list[Cell]] = [
        [words.known(f"severity.{row['severity']}", row["severity"]), row["file"], rounded(row["row"]), row["column"],
         row["message"]]
        for row in table.assign(_order=order).sort_values("_order", kind="stable").to_dict("records")
    ]  # fmt: skip
    if not rows:
        return Section("findings", title, (Paragraph(words.catalog["findings.none"]),))
    columns = [words.catalog[f"column.{key}"] for key in ("severity", "file", "row", "column", "message")]
    counts = {f"{name}s": int((table["severity"] == name).sum()) for name in SEVERITIES}
    text = words.say("findings.text", **counts)
    return Section("findings", title, (
        Paragraph(text), Table("findings", words.catalog["findings.table"], columns, rows, FINDINGS, SHOWN_FINDINGS),
    ))  # fmt: skip


def made_section(results: RunResults, words: Words) -> Section:
    """Return what somebody needs to run it again and get the same figures."""
    record = results.record
    settings: Mapping[str, Any] = record.get("settings", {})
    model = MODELS.get(str(record["model"]))
    text = words.say(
        "made.text",
        model=f"{record['model']} ({model.title})" if model else record["model"],
        seed=str(record.get("seed", "")),
        draws=_draws(settings),
        version=record.get("versions", {}).get("whitesignal", ""),
    )
    blocks: list[Block] = [Paragraph(text)]
    if model is not None:
        cited = words.say("made.model", citation=model.citation, leaves_out=model.leaves_out)
        blocks.append(Paragraph(cited, "warning" if model.for_comparison else "plain"))
    blocks.append(Paragraph(words.catalog["made.files"]))
    blocks += [_inputs(record, words), _thresholds(settings, words), _settings(settings, words)]
    versions: list[list[Cell]] = [[name, str(value)] for name, value in record.get("versions", {}).items()]
    columns = [words.catalog["column.program"], words.catalog["column.version"]]
    blocks.append(Table("versions", words.catalog["made.versions"], columns, versions, "run.json"))
    return Section("made", words.catalog["made.title"], tuple(blocks))


def _draws(settings: Mapping[str, Any]) -> Number | None:
    return rounded((settings.get("uncertainty") or {}).get("draws"))


def _inputs(record: Mapping[str, Any], words: Words) -> Table:
    rows: list[list[Cell]] = [[str(name), str(value)] for name, value in record.get("inputs_sha256", {}).items()]
    columns = [words.catalog["column.file"], "SHA-256"]
    return Table("inputs", words.catalog["made.inputs"], columns, rows, "run.json")


def _thresholds(settings: Mapping[str, Any], words: Words) -> Table:
    rows: list[list[Cell]] = [
        [str(name), *(rounded(limits.get(key), 0) for key in ("service", "basic", "good"))]
        for name, limits in (settings.get("thresholds") or {}).items()
    ]
    columns = [words.catalog["column.generation"],
               *(f"{words.catalog[f'threshold.{key}']} (dBm)" for key in ("service", "basic", "good"))]  # fmt: skip
    return Table("thresholds", words.catalog["made.thresholds"], columns, rows, "run.json",
                 note=words.catalog["made.thresholds_note"])  # fmt: skip


def _settings(settings: Mapping[str, Any], words: Words) -> Table:
    rows: list[list[Cell]] = []
    for part in ("radio", "uncertainty"):
        for name, value in (settings.get(part) or {}).items():
            if value is not None:
                rows.append([f"{part}.{name}", str(value)])
    columns = [words.catalog["column.setting"], words.catalog["column.value"]]
    return Table("settings", words.catalog["made.settings"], columns, rows, "run.json")

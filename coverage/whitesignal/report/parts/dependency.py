"""Who goes dark when something fails: positions, operators, feeders; communes without a robust position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.report.document import Block, Cell, Paragraph, Section, Table
from whitesignal.report.parts.told import told
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

RANKED, COMMUNES, BY_SHARING = "dependency.csv", "dependency_communes.csv", "sharing_dependency.csv"
SHOWN_POSITIONS = 25
SHOWN_COMMUNES = 60


def dependency_section(results: RunResults, words: Words) -> Section:
    """Return the positions most villages hang on, the communes at risk, and sharing and dependency together."""
    blocks: list[Block] = [Paragraph(words.catalog["dependency.text"])]
    blocks += told(results, words, (RANKED, _ranked), (COMMUNES, _communes), (BY_SHARING, _by_sharing))
    return Section("dependency", words.catalog["dependency.title"], tuple(blocks))


def _ranked(table: pd.DataFrame, words: Words) -> list[Block]:
    blocks: list[Block] = []
    positions = _of_kind(table, "position")
    needed = positions[positions["_dark"] > 0]
    blocks.append(Paragraph(words.say("dependency.line", needed=len(needed), positions=len(positions)), "lead"))
    rows: list[list[Cell]] = [
        [rounded(row["rank"]), row["id"], row["commune"], row["district"], row["operators"].replace(";", ", "),
         rounded(row["villages_served"]), rounded(row["villages_dark"]), rounded(row["people_dark"])]
        for row in needed.to_dict("records")
    ]  # fmt: skip
    keys = ("rank", "position", "commune", "district", "operators", "villages_served", "villages_dark", "people_dark")
    if rows:
        columns = [words.catalog[f"column.{key}"] for key in keys]
        blocks.append(Table("dependency", words.catalog["dependency.table"], columns, rows, RANKED, SHOWN_POSITIONS))
    for kind in ("operator", "power_group", "transmission_group"):
        blocks += _groups(table, kind, words)
    return blocks


def _of_kind(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the rows of a kind by rank, with the number of villages that go dark as a number."""
    part = table[table["kind"] == kind]
    part = part.assign(_rank=part["rank"].replace("", "nan").astype(float),
                       _dark=part["villages_dark"].replace("", "0").astype(float))  # fmt: skip
    return part.sort_values("_rank", kind="stable", na_position="last")


def _groups(table: pd.DataFrame, kind: str, words: Words) -> list[Block]:
    rows: list[list[Cell]] = [
        [row["id"], rounded(row["stations"]), rounded(row["positions"]), rounded(row["villages_served"]),
         rounded(row["villages_dark"]), rounded(row["people_dark"]), rounded(row["villages_on_one_position"])]
        for row in _of_kind(table, kind).to_dict("records")
    ]  # fmt: skip
    if not rows:
        return []
    keys = (kind, "stations", "positions", "villages_served", "villages_dark", "people_dark", "on_one_position")
    columns = [words.catalog[f"column.{key}"] for key in keys]
    return [Table(f"dependency_{kind}", words.catalog[f"dependency.{kind}"], columns, rows, RANKED, SHOWN_POSITIONS)]


def _communes(table: pd.DataFrame, words: Words) -> list[Block]:
    bare = table[table["has_robust_position"] != "true"]
    text = words.say("dependency.communes_text", count=len(bare), communes=len(table))
    bare = bare.assign(_people=bare["people_on_one_position"].replace("", "0").astype(float))
    bare = bare.sort_values(["_people", "district", "commune"], ascending=[False, True, True], kind="stable")
    rows: list[list[Cell]] = [
        [row["commune"] or words.catalog["value.unnamed"], row["district"], rounded(row["villages"]),
         rounded(row["villages_with_signal"]), rounded(row["positions"]), rounded(row["villages_on_one_position"]),
         rounded(row["people_on_one_position"])]
        for row in bare.to_dict("records")
    ]  # fmt: skip
    keys = ("commune", "district", "villages", "villages_with_signal", "positions", "on_one_position",
            "people_on_one_position")  # fmt: skip
    blocks: list[Block] = [Paragraph(text)]
    if rows:
        columns = [words.catalog[f"column.{key}"] for key in keys]
        blocks.append(Table("dependency_communes", words.catalog["dependency.communes"], columns, rows, COMMUNES,
                            SHOWN_COMMUNES, words.catalog["dependency.communes_note"]))  # fmt: skip
    return blocks


def _by_sharing(table: pd.DataFrame, words: Words) -> list[Block]:
    rows: list[list[Cell]] = [
        [rounded(row["operator_count"]), rounded(row["positions"]), rounded(row["positions_percent"], 2, "%"),
         rounded(row["positions_needed"]), rounded(row["villages_dark"]), rounded(row["people_dark"]),
         rounded(row["people_dark_max"]), rounded(row["operator_villages_dark"])]
        for row in table.to_dict("records")
    ]  # fmt: skip
    keys = ("operator_count", "positions", "share_of_positions", "positions_needed", "villages_dark_sum",
            "people_dark_sum", "people_dark_max", "operator_villages_dark")  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in keys]
    return [Paragraph(words.catalog["dependency.sharing_text"]),
            Table("sharing_dependency", words.catalog["dependency.sharing"], columns, rows, BY_SHARING)]  # fmt: skip

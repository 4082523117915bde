"""Passive sharing: four metrics for four questions, by pair and structure, over the radius, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.report.document import Block, Cell, Curve, Paragraph, Section, Table
from whitesignal.report.figures import made_of, number
from whitesignal.report.parts.told import told
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from whitesignal.report.from_results import RunResults
    from whitesignal.report.labels import Words

BREAKDOWN, RADIUS, POTENTIAL = "sharing_breakdown.csv", "sharing_by_radius.csv", "sharing_potential.csv"
METRICS = ("position", "operator_site", "tenancy", "masts_avoided")
ALL_AREAS = ("all_districts", "all_communes")
SHOWN_PAIRS = 30


def sharing_section(results: RunResults, words: Words) -> Section:
    """Return the four metrics with what they are of, then how they divide, how they depend on the radius, and more."""
    whole = results.whole
    blocks: list[Block] = [Paragraph(words.catalog["sharing.text"])]
    for metric in METRICS:
        figure = whole.get(f"sharing.{metric}")
        parts = made_of(figure, words)
        value = words.show(number(figure)) + (f" ({parts})" if parts else "")
        text = words.say(f"sharing.{metric}", value=value)
        blocks.append(Paragraph(text, "lead" if metric == "position" else "plain"))
    blocks += told(results, words, (BREAKDOWN, _breakdown), (RADIUS, _radius), (POTENTIAL, _potential))
    return Section("sharing", words.catalog["sharing.title"], tuple(blocks))


def _breakdown(table: pd.DataFrame, words: Words) -> list[Block]:
    blocks: list[Block] = []
    for level in ("operator_pair", "structure", "district"):
        part = table[table["level"] == level]
        rows: list[list[Cell]] = []
        for row in part.to_dict("records"):
            name = row["name"].replace(";", " – ") if level == "operator_pair" else row["name"]
            named = words.known(f"structure.{name}", name) if level == "structure" else name
            rows.append([named or words.catalog["value.unnamed"], *_metrics(row)])
        if rows:
            columns = (words.catalog[f"column.{level}"], *_metric_columns(words))
            note = words.catalog["sharing.pair_note"] if level == "operator_pair" else ""
            blocks.append(Table(f"sharing_{level}", words.catalog[f"sharing.by_{level}"], columns, rows, BREAKDOWN,
                                note=note))  # fmt: skip
    return blocks + _means(table, words)


def _metrics(row: Mapping[str, str]) -> list[Cell]:
    return [
        rounded(row["positions"]), rounded(row["shared_positions"]), rounded(row["position_share_percent"], 2, "%"),
        rounded(row["operator_sites"]), rounded(row["operator_site_share_percent"], 2, "%"),
        rounded(row["tenancy"], 3), rounded(row["masts_avoided"]),
    ]  # fmt: skip


def _metric_columns(words: Words) -> list[str]:
    keys = ("positions", "shared_positions", "position_share", "operator_sites", "operator_site_share", "tenancy",
            "masts_avoided")  # fmt: skip
    return [words.catalog[f"column.{key}"] for key in keys]


def _means(table: pd.DataFrame, words: Words) -> list[Block]:
    """Return the ratio of totals beside the mean of ratios: two numbers that published figures confuse."""
    rows: list[list[Cell]] = [
        [words.catalog[f"sharing.{row['level']}"], words.known(f"sharing.{row['ratio']}", row["ratio"]),
         rounded(row["areas"]), rounded(row["position_share_percent"], 2, "%"),
         rounded(row["operator_site_share_percent"], 2, "%"), rounded(row["tenancy"], 3)]
        for row in table[table["level"].isin(ALL_AREAS)].to_dict("records")
    ]  # fmt: skip
    if not rows:
        return []
    keys = ("areas", "ratio", "areas_count", "position_share", "operator_site_share", "tenancy")
    columns = [words.catalog[f"column.{key}"] for key in keys]
    return [Table("sharing_means", words.catalog["sharing.means"], columns, rows, BREAKDOWN,
                  note=words.catalog["sharing.means_note"])]  # fmt: skip


def _radius(table: pd.DataFrame, words: Words) -> list[Block]:
    by_code = table[table["positions_from"] != "coordinates"]
    found = table[table["positions_from"] == "coordinates"]
    points = [
        (float(row["radius_m"]), float(row["position_share_percent"]))
        for row in found.to_dict("records")
        if row["position_share_percent"]
    ]
    blocks: list[Block] = [Paragraph(words.catalog["sharing.radius_text"])]
    if points:
        level = [float(text) for text in by_code["position_share_percent"] if text]
        blocks.append(
            Curve(words.catalog["sharing.curve"], words.catalog["sharing.curve_across"],
                  words.catalog["sharing.curve_up"], points, level[0] if level else None,
                  words.catalog["sharing.by_code"])
        )  # fmt: skip
    rows: list[list[Cell]] = [
        [rounded(row["radius_m"]) or words.catalog["sharing.by_code"], rounded(row["positions"]),
         rounded(row["shared_positions"]), rounded(row["position_share_percent"], 2, "%"),
         rounded(row["tenancy"], 3), rounded(row["widest_m"], 1)]
        for row in table.to_dict("records")
    ]  # fmt: skip
    keys = ("radius", "positions", "shared_positions", "position_share", "tenancy", "widest")
    columns = [words.catalog[f"column.{key}"] for key in keys]
    blocks.append(Table("sharing_radius", words.catalog["sharing.radius"], columns, rows, RADIUS))
    return blocks


def _potential(table: pd.DataFrame, words: Words) -> list[Block]:
    """Return the better choice of each pair of masts that might become one."""
    better = table[table["loses_less"] == "true"]
    if better.empty:
        return [Paragraph(words.catalog["sharing.no_potential"])]
    apart = int((better["disjoint"] == "true").sum())
    text = words.say("sharing.potential_text", pairs=len(better), disjoint=apart)
    rows: list[list[Cell]] = [
        [row["dropped"], row["operator_dropped"], row["kept"], row["operator_kept"], rounded(row["distance_m"]),
         row["commune"], row["district"], rounded(row["people_dark_if_dropped"]), rounded(row["people_dark_if_moved"]),
         rounded(row["people_of_operator_if_moved"])]
        for row in better.to_dict("records")
    ]  # fmt: skip
    keys = ("dropped", "operator_dropped", "kept", "operator_kept", "distance_m", "commune", "district",
            "dark_if_dropped", "dark_if_moved", "operator_if_moved")  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in keys]
    table_of = Table("sharing_potential", words.catalog["sharing.potential"], columns, rows, POTENTIAL, SHOWN_PAIRS,
                     words.catalog["sharing.potential_note"])  # fmt: skip
    return [Paragraph(text), table_of]

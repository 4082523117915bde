"""A build plan told to a planner: what it lights and costs, how good it is, what more or less money would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whitesignal.maps.tables import clean
from whitesignal.report.document import Block, Cell, Curve, Document, Paragraph, Section, Table, Tile
from whitesignal.report.labels import Words, labels
from whitesignal.report.parts.listed import as_percent
from whitesignal.report.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from whitesignal.maps.labels import Language
    from whitesignal.siting.costs import Range
    from whitesignal.siting.figures import PlanFigures

STATION_KEYS = (
    "rank", "position", "kind", "antenna_height", "generation", "operators_there", "plan_villages", "people_gained",
    "plan_cost", "plan_cost_per_person", "villages_so_far", "people_so_far", "cost_so_far",
)  # fmt: skip
CURVE_KEYS = ("budget", "plan_stations", "plan_cost", "villages_lit", "people_gained", "plan_gap")


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan's page tells: the plan's tables, its figures, and what it was made with."""

    name: str
    as_of: str | None
    model: str
    synthetic: bool
    figures: PlanFigures
    plan: pd.DataFrame
    curve: pd.DataFrame
    candidates: pd.DataFrame
    village_names: Mapping[str, str]
    costs: Mapping[str, Range]


def plan_document(facts: PlanFacts, *, lang: Language = "vi") -> Document:
    """Return the plan as a document in a language.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    words = labels(lang)
    return Document(
        title=words.say("plan.title", name=clean(facts.name)),
        subtitle=words.say("report.subtitle", as_of=words.as_of(facts.as_of), model=facts.model),
        badge=words.catalog["report.synthetic"] if facts.synthetic else "",
        tiles=_tiles(facts, words),
        sections=(_summary(facts, words), _stations(facts, words), _curve(facts, words), _made(facts, words)),
        words=words,
    )


def _tiles(facts: PlanFacts, words: Words) -> tuple[Tile, ...]:
    said = facts.figures
    white = f"{words.show(said.white_before)} → {words.show(said.white_after)}"
    return (
        Tile(white, words.catalog["plan.tile_white"]),
        Tile(words.show(rounded(said.people_gained)), words.catalog["plan.tile_people"]),
        Tile(words.show(said.new_stations), words.catalog["plan.tile_stations"]),
        Tile(
            words.show(rounded(said.cost_million_vnd)),
            words.catalog["plan.tile_cost"],
            _range(facts, words),
        ),
    )


def _range(facts: PlanFacts, words: Words) -> str:
    """Return from what to what it may cost, nothing where that is one sum."""
    low, high = rounded(facts.figures.cost_low_million_vnd), rounded(facts.figures.cost_high_million_vnd)
    return words.say("plan.range", low=low, high=high) if low != high else ""


def _summary(facts: PlanFacts, words: Words) -> Section:
    said = facts.figures
    ends = _range(facts, words)
    lead = words.say(
        "plan.lead",
        stations=said.new_stations,
        operator=said.operator,
        gained=len(said.gained),
        before=said.white_before,
        after=said.white_after,
        people=rounded(said.people_gained),
        cost=rounded(said.cost_million_vnd),
        range=f", {ends}" if ends else "",
    )
    gap = rounded(100.0 * said.gap, 2, "%")
    proof = words.say(
        "plan.proven" if said.status == "optimal" else "plan.bounded", candidates=said.candidates, gap=gap
    )
    blocks = [Paragraph(lead, "lead"), Paragraph(proof), Paragraph(_greedy(facts, words))]
    if facts.synthetic:
        blocks.append(Paragraph(words.catalog["summary.synthetic"], "warning"))
    return Section("summary", words.catalog["plan.summary_title"], tuple(blocks))


def _greedy(facts: PlanFacts, words: Words) -> str:
    """Return what choosing the best candidate again and again would have reached beside the plan."""
    said = facts.figures
    values = {"villages": said.greedy_villages, "people": rounded(said.greedy_people)}
    return words.say("plan.beats_greedy" if said.beats_greedy else "plan.as_greedy", **values)


def _stations(facts: PlanFacts, words: Words) -> Section:
    rows: list[list[Cell]] = [
        [
            rounded(one["rank"]), one["position_id"], words.known(f"plan.kind_{one['kind']}", one["kind"]),
            rounded(one["antenna_height_m"]), one["generations"], one["operators_there"] or None,
            _named(one["villages"], facts.village_names), rounded(one["people_gained"]),
            rounded(one["cost_million_vnd"]), rounded(one["cost_per_person_vnd"] / 1e6, 2),
            rounded(one["villages_so_far"]), rounded(one["people_so_far"]), rounded(one["cost_so_far_million_vnd"]),
        ]
        for one in facts.plan.to_dict("records")
    ]  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in STATION_KEYS]
    table = Table(
        "plan_stations", words.catalog["plan.stations_table"], columns, rows, "plan.csv", limit=200,
        note=words.catalog["plan.stations_note"],
    )  # fmt: skip
    return Section("stations", words.catalog["plan.stations_title"], (table,))


def _named(village_ids: str, names: Mapping[str, str]) -> Cell:
    listed = [f"{names[one]} ({one})" if names.get(one) else one for one in village_ids.split(";") if one]
    return "; ".join(listed) or None


def _curve(facts: PlanFacts, words: Words) -> Section:
    budgets = facts.curve.to_dict("records")
    points = [(0.0, 0.0), *((float(one["budget_million_vnd"]), float(one["people_gained"])) for one in budgets)]
    rows: list[list[Cell]] = [
        [
            rounded(one["budget_million_vnd"]), rounded(one["stations"]), rounded(one["cost_million_vnd"]),
            rounded(one["villages_lit"]), rounded(one["people_gained"]), rounded(100.0 * one["gap"], 2, "%"),
        ]
        for one in budgets
    ]  # fmt: skip
    columns = [words.catalog[f"column.{key}"] for key in CURVE_KEYS]
    blocks: list[Block] = [Paragraph(words.catalog["plan.curve_text"])]
    if points[-1][0] > 0.0:
        blocks.append(
            Curve(
                words.catalog["plan.curve"], words.catalog["plan.curve_across"], words.catalog["plan.curve_up"], points
            )
        )
    blocks.append(Table("plan_curve", words.catalog["plan.curve_table"], columns, rows, "curve.csv"))
    return Section("curve", words.catalog["plan.curve_title"], tuple(blocks))


def _made(facts: PlanFacts, words: Words) -> Section:
    said = facts.figures
    kinds = facts.candidates["kind"].value_counts().sort_index()
    named = {words.known(f"plan.kind_{kind}", str(kind)): int(count) for kind, count in kinds.items()}
    split = ", ".join(f"{name}: {words.show(count)}" for name, count in named.items())
    certainty = (
        words.catalog["plan.no_probability"]
        if said.probability is None
        else words.say("plan.probability", percent=as_percent(said.probability))
    )
    rows: list[list[Cell]] = [
        [words.known(f"plan.cost_{name}", name), rounded(low, 1), rounded(high, 1)]
        for name, (low, high) in facts.costs.items()
    ]
    columns = [words.catalog[f"column.{key}"] for key in ("plan_cost_of", "plan_low", "plan_high")]
    blocks: list[Block] = [
        Paragraph(words.say("plan.candidates", count=said.candidates, split=split)),
        Paragraph(words.say("plan.weight", weight=rounded(said.village_weight))),
        Paragraph(certainty),
        Paragraph(words.catalog["plan.assumed"]),
        Table("plan_costs", words.catalog["plan.costs_table"], columns, rows, "plan.json"),
        Paragraph(words.catalog["plan.replay"], "note"),
    ]
    return Section("made", words.catalog["plan.made_title"], tuple(blocks))

"""One village's letter: everything that is to be said of it, from its own paths alone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.explain.facts import Declared, Explanation, Place, Verdict, VillageFacts, WhyUnknown
from whitesignal.explain.find import find_row
from whitesignal.explain.fixes import NO_REMEDIES, remedies
from whitesignal.explain.hearing import hearings, margins_at_points, verdict_of, without_generations
from whitesignal.explain.paths import LISTED, decisive_path, hardest_point, stations_around, with_sight
from whitesignal.explain.stored import stored_village
from whitesignal.explain.trial import Corner, village_alone, what_arrives
from whitesignal.inputs.all import Inputs, on_grid, read_inputs
from whitesignal.propagation.catalog import model
from whitesignal.radio.paths import asks_terrain
from whitesignal.verdicts import CLUSTER_STATUS, judge
from whitesignal.villages.declared import declared_now, outcomes
from whitesignal.villages.policy import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from whitesignal.project import Project


def explain_village(
    project: Project, village: str, *, inputs: Inputs | None = None, results: Path | None = None
) -> Explanation:
    """Return why a village has the signal it has, and what would change it.

    Only this village's paths are computed; its verdict and its probabilities are those of a full run.

    Parameters
    ----------
    project
        As ``open_project`` gives it.
    village
        Its village_id, its name, or "name, commune".
    inputs
        As ``read_inputs`` gives them; None reads them.
    results
        A folder that a run over the same inputs wrote, whose figures are to stand beside.

    Raises
    ------
    InputError
        If the inputs cannot be used, there is no such village or several, or the results are of other inputs.
    """
    model(project.radio.model)
    everything = read_inputs(project) if inputs is None else inputs
    row = find_row(everything.villages.rows, village)
    village_id = str(everything.villages.rows["village_id"].iloc[row])
    stored = None if results is None else stored_village(results, project, village_id)
    if math.isnan(float(everything.villages.rows["longitude"].iloc[row])):
        return _without_place(everything.villages.rows.iloc[[row]], project, stored)
    own = village_alone(everything, row)
    # What is drawn is drawn below, for each rule: here it would be drawn once more.
    undrawn = replace(project, uncertainty=replace(project.uncertainty, draws=0))
    physics = judge(own, undrawn, jobs=1)
    rule = resolved(project.policy, physics.scene.cells)
    corner = Corner(own, project, physics, rule, what_arrives(physics.scene))
    return _explained(corner, stored)


def _explained(corner: Corner, stored: Mapping[str, str] | None) -> Explanation:
    project, physics = corner.project, corner.physics
    table = physics.judged.table
    row = table.iloc[0]
    verdict = verdict_of(corner, corner.policy, corner.heard)
    margins_db = list(margins_at_points(corner))
    point = hardest_point(corner, margins_db)
    nearest, heard = stations_around(corner, point)
    best = with_sight(corner, heard[:LISTED], point)
    return Explanation(
        project=project.name,
        synthetic=project.synthetic,
        as_of=project.as_of,
        model=project.radio.model,
        terrain_model=asks_terrain(project.radio.model),
        policy=corner.policy,
        village=_village_facts(row),
        verdict=verdict,
        judged_by=str(row["judged_by"]),
        why_unknown=_why_unknown(corner, verdict.status),
        people_served_percent=float(row["people_served_percent"]),
        places=_places(corner, margins_db),
        hearings=hearings(corner),
        nearest=with_sight(corner, nearest, point),
        nearest_km=float(row["nearest_station_km"]),
        best=best,
        decisive=decisive_path(corner, best[0], point) if best else None,
        remedies=remedies(corner, heard, verdict.operators, point),
        without=without_generations(corner),
        declared=_declared(table, project),
        stored=stored,
    )


def _without_place(table: pd.DataFrame, project: Project, stored: Mapping[str, str] | None) -> Explanation:
    """Return what can be said of a village of which nobody knows where it lies: what the list says."""
    return Explanation(
        project=project.name,
        synthetic=project.synthetic,
        as_of=project.as_of,
        model=project.radio.model,
        terrain_model=asks_terrain(project.radio.model),
        policy=project.policy,
        village=_village_facts(table.iloc[0]),
        verdict=Verdict("unknown", (), math.nan, math.nan, ""),
        judged_by="centre",
        why_unknown="no place",
        people_served_percent=math.nan,
        places=(),
        hearings=(),
        nearest=(),
        nearest_km=math.nan,
        best=(),
        decisive=None,
        remedies=NO_REMEDIES,
        without=(),
        declared=_declared(table.assign(status="unknown"), project),
        stored=stored,
    )


def _village_facts(row: pd.Series) -> VillageFacts:
    power = row["has_grid_power"]
    return VillageFacts(
        village_id=str(row["village_id"]),
        name=_text(row["name"]),
        commune=_text(row["commune"]),
        district=_text(row["district"]),
        province=_text(row["province"]),
        longitude=float(row["longitude"]),
        latitude=float(row["latitude"]),
        population=float(row["population"]),
        households=float(row["households"]),
        has_grid_power=bool(power) if isinstance(power, bool | np.bool_) else None,
    )


def _text(value: object) -> str:
    """Return a cell's text, empty where it is blank."""
    return value if isinstance(value, str) else ""


def _why_unknown(corner: Corner, status: str) -> WhyUnknown:
    if status != "unknown":
        return ""
    scene, terrain = corner.physics.scene, corner.inputs.terrain
    points = scene.where.points
    if not on_grid(terrain.grid, points.longitude[:1], points.latitude[:1])[0]:
        return "off the terrain"
    return "void on the path" if scene.ground_known[0] else "on a void"


def _places(corner: Corner, margins_db: list[float]) -> tuple[Place, ...]:
    """Return the clusters, or the points where people live, with what can be said of each."""
    where, state = corner.physics.scene.where, corner.physics.judged.state
    return tuple(
        Place(
            str(where.name[point]), CLUSTER_STATUS[int(state[point])],
            float(where.people[point]) if where.people[point] else math.nan, margins_db[point],
        )
        for point in np.flatnonzero(~where.is_centre).tolist()
    )  # fmt: skip


def _declared(table: pd.DataFrame, project: Project) -> Declared:
    row = table.iloc[0]
    return Declared(
        status=_text(row["declared_status"]),
        declared_on=_text(row["declared_on"]),
        covered_on=_text(row["covered_on"]),
        now=str(declared_now(table, project.as_of)[0]),
        outcome=str(outcomes(table, project.as_of)[0]),
    )

"""From inputs to verdicts: the physics of the sample points, each village's status, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.findings import Finding
from whitesignal.project import OFFICIAL_POLICY
from whitesignal.propagation.catalog import DEFAULT_MODEL, model
from whitesignal.radio.cells import build_cells
from whitesignal.radio.executor import COMPILING, silent
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.paths import asks_terrain, on_known_ground, receivers
from whitesignal.radio.reach import Reach, SamplePoints, compute_reach
from whitesignal.radio.reuse import StoredReach, reuse_reach, same_points
from whitesignal.radio.traces import compiled_before
from whitesignal.villages.draws import error_model
from whitesignal.villages.points import village_points
from whitesignal.villages.policy import heard, resolved
from whitesignal.villages.probability import Probabilities, village_probabilities
from whitesignal.villages.rules import Scene
from whitesignal.villages.status import SERVED, UNDECIDED, UNSERVED
from whitesignal.villages.table import Judged, village_table, with_probability

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.grid import Terrain
    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress
    from whitesignal.villages.points import VillagePoints

CLUSTER_STATUS = {SERVED: "served", UNSERVED: "unserved", UNDECIDED: "unknown"}


@dataclass(frozen=True, slots=True)
class Physics:
    """What the physics of the sample points gives; ``chances`` None where the project draws none.

    ``computed`` is the number of radiators whose losses were not known before.
    """

    scene: Scene
    reach: Reach
    judged: Judged
    chances: Probabilities | None
    computed: int


def judge(
    inputs: Inputs, project: Project, *, jobs: int, progress: Progress = silent, stored: StoredReach | None = None
) -> Physics:
    """Run the physics of the sample points and judge the villages by it.

    A reach that is handed in must be of this project's inputs and settings: of its radiators nothing is computed again,
    if its points are these.
    """
    villages, terrain = inputs.villages.rows, inputs.terrain
    radiators, cells = build_cells(inputs.stations.rows, project)
    if not compiled_before(project.radio.model):
        progress(COMPILING, 0, 1)
    where = village_points(villages, inputs.villages.clusters, inputs.villages.people)
    if stored is not None and same_points(stored.points, where.points):
        reach, computed = reuse_reach(stored, terrain, radiators, project, jobs=jobs, progress=progress)
        ground_known = stored.ground_known
    else:
        reach = compute_reach(terrain, radiators, where.points, project, jobs=jobs, progress=progress)
        ground_known, computed = _ground_known(terrain, where.points, project), len(radiators)
    scene = Scene(radiators, cells, where, compute_levels(reach, cells), ground_known)
    judged = village_table(villages, inputs.stations.rows, scene, project)
    chances = chances_of(judged, scene, project, jobs=jobs, progress=progress)
    if chances is not None:
        judged = replace(judged, table=with_probability(judged.table, chances))
    return Physics(scene, reach, judged, chances, computed)


def _ground_known(terrain: Terrain, points: SamplePoints, project: Project) -> NDArray[np.bool_]:
    """Return which points stand on known terrain; all of them where the model asks none."""
    if not asks_terrain(project.radio.model):
        return np.ones(len(points), dtype=bool)
    return on_known_ground(terrain, receivers(terrain, points.longitude, points.latitude))


def chances_of(
    judged: Judged, scene: Scene, project: Project, *, jobs: int, progress: Progress = silent
) -> Probabilities | None:
    """Return how probable signal is under the project's policy; None where nothing is drawn, or of a mere circle."""
    if project.uncertainty.draws == 0 or model(project.radio.model).for_comparison:
        return None
    policy = resolved(project.policy, scene.cells)
    return village_probabilities(
        heard(scene.levels, scene.cells, scene.radiators, policy),
        scene.cells,
        radiators=scene.radiators,
        villages=judged.table,
        where=scene.where,
        state=judged.state,
        policy=policy,
        thresholds=project.thresholds,
        errors=error_model(project),
        jobs=jobs,
        progress=progress,
    )


def cluster_table(clusters: pd.DataFrame, where: VillagePoints, state: NDArray[np.int8]) -> pd.DataFrame:
    """Return the surveyed clusters with their status, from what is said of each point, shape (points,)."""
    return clusters.assign(status=[CLUSTER_STATUS[int(value)] for value in state[where.is_cluster]])


def verdict_findings(villages: gpd.GeoDataFrame, project: Project) -> Iterator[Finding]:
    """Yield what a reader of the verdicts must know."""
    file = project.inputs.villages.name
    how = villages["judged_by"].value_counts()
    without, by_people = int(how.get("centre", 0)), int(how.get("people", 0))
    if without:
        yield Finding(
            "warning",
            f"weak cannot be judged in {without} of {len(villages)} villages: they have no surveyed clusters, "
            "so signal at the centre counts as covered",
            file=file,
            column="clusters",
        )
    if by_people:
        yield Finding(
            "warning",
            f"{by_people} of {len(villages)} villages are outlines without surveyed clusters: they are weak where less "
            f"than {project.policy.min_people_percent:g} % of their people have signal, by points of the population "
            "raster",
            file=file,
            column="judged_by",
        )
    if (
        project.policy != replace(OFFICIAL_POLICY, name=project.policy.name)
        and (villages["declared_status"] != "").any()
    ):
        yield Finding(
            "info",
            f"the province's own list is held against verdicts by the policy {project.policy.name!r}, which is not the "
            "official one that such lists are made by",
            file=file,
            column="declared_status",
        )
    partly = int((villages["clusters_unknown"] > 0).sum())
    if partly:
        yield Finding(
            "warning",
            f"{partly} villages have clusters that cannot be judged; they are judged by the others",
            file=file,
            column="clusters_unknown",
        )
    unknown = int((villages["status"] == "unknown").sum())
    if unknown:
        yield Finding(
            "warning",
            f"{unknown} villages are unknown: without a place, outside the terrain, on a void of it, or served only "
            "if a void on the path is low; they are in no share's denominator",
            file=file,
            column="status",
        )


def circle_disagreement(
    inputs: Inputs, project: Project, villages: gpd.GeoDataFrame, *, jobs: int, progress: Progress
) -> pd.DataFrame | None:
    """Return, for a model that is for comparison only, the villages that terrain physics judges otherwise."""
    if not model(project.radio.model).for_comparison:
        return None
    with_terrain = replace(project, radio=replace(project.radio, model=DEFAULT_MODEL))
    judged = judge(inputs, with_terrain, jobs=jobs, progress=progress).judged.table
    columns = ["village_id", "name", "commune", "district", "status", "nearest_station_km"]
    table = villages[columns].rename(columns={"status": f"status_{project.radio.model}"})
    for column in ("status", "level_dbm", "margin_db"):
        table[f"{column}_{DEFAULT_MODEL}" if column == "status" else column] = judged[column].to_numpy()
    differs = villages["status"].to_numpy() != judged["status"].to_numpy()
    return table[differs].reset_index(drop=True)


def circle_finding(disagreement: pd.DataFrame, project: Project) -> Finding:
    """Return what to know of a run with a model that is for comparison only."""
    name = project.radio.model
    circled = disagreement[f"status_{name}"]
    physics = disagreement[f"status_{DEFAULT_MODEL}"]
    hidden = int(((physics == "white") & circled.isin(["covered", "weak"])).sum())
    return Finding(
        "warning",
        f"the model {name!r} is for comparison only, it knows no terrain: it judges {len(disagreement)} villages "
        f"otherwise than {DEFAULT_MODEL!r} and hides {hidden} white ones (disagreement.csv lists them)",
        file=project.file.name,
        column="radio.model",
        value=name,
    )

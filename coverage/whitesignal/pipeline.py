"""The stages in order: from a project to an analysis."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.analysis import Analysis
from whitesignal.answers import answer
from whitesignal.indicators import compute_indicators
from whitesignal.inputs.all import Inputs, read_inputs
from whitesignal.propagation.catalog import model
from whitesignal.radio.executor import default_jobs, silent
from whitesignal.radio.radio_map import compute_radio_map, metric_grid
from whitesignal.radio.ranges import range_findings
from whitesignal.results.polygons import coverage_polygons
from whitesignal.results.run_record import input_hashes
from whitesignal.sharing.positions import positions_of
from whitesignal.verdicts import circle_disagreement, circle_finding, cluster_table, judge, verdict_findings

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from whitesignal.grid import Grid
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress

MAP_MARGIN_DEG = 0.02
"""A map of villages that are points reaches this far beyond the outermost. [deg]"""


@dataclass(slots=True)
class _Clock:
    """CPU-independent wall times of the stages, in order. [s]"""

    started: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.stages[stage] = now - self.started
        self.started = now


def analyze(project: Project, *, jobs: int | None = None, progress: Progress = silent) -> Analysis:
    """Return what a project's inputs say about its villages.

    Parameters
    ----------
    project
        As ``open_project`` gives it.
    jobs
        Threads; None takes as many as there are processors. The result does not depend on it.
    progress
        Called with a stage's name and how far it has come.

    Raises
    ------
    InputError
        If the inputs cannot be used; the message names file, rows and cure.
    """
    model(project.radio.model)
    started = time.perf_counter()
    inputs = read_inputs(project)
    reading_s = time.perf_counter() - started
    analysis = analyze_inputs(inputs, project, jobs=jobs, progress=progress)
    return replace(analysis, timings_s={"read": reading_s, **analysis.timings_s})


def analyze_inputs(
    inputs: Inputs, project: Project, *, jobs: int | None = None, progress: Progress = silent
) -> Analysis:
    """Return the same for inputs that are read already, such as a scenario's."""
    jobs = jobs or default_jobs()
    clock = _Clock()
    hashes = input_hashes(project)
    physics = judge(inputs, project, jobs=jobs, progress=progress)
    clock.lap("villages")
    stations = inputs.stations.rows
    grid, wanted = _map_area(inputs.villages.rows, inputs.terrain.grid, project.radio.resolution_m)
    radio_map = compute_radio_map(
        inputs.terrain, physics.scene.radiators, physics.scene.cells, project, grid=grid, wanted=wanted, jobs=jobs,
        progress=progress,
    )  # fmt: skip
    clock.lap("map")
    villages = physics.judged.table
    positions = positions_of(stations, villages)
    indicators = compute_indicators(villages, positions, stations, project, physics.chances)
    polygons = coverage_polygons(radio_map, project.thresholds, project.inputs.population)
    answers = answer(physics.scene, stations, villages, positions, project)
    clusters = cluster_table(inputs.villages.clusters, physics.scene.where, physics.judged.state)
    disagreement = circle_disagreement(inputs, project, villages, jobs=jobs, progress=progress)
    findings = (*inputs.findings, *range_findings(stations, project), *verdict_findings(villages, project))
    if disagreement is not None:
        findings = (*findings, circle_finding(disagreement, project))
    clock.lap("figures")
    return Analysis(
        project=project,
        inputs=inputs,
        villages=villages,
        clusters=clusters,
        stations=stations,
        positions=positions,
        indicators=indicators,
        findings=findings,
        polygons=polygons,
        radio_map=radio_map,
        reach=physics.reach,
        scene=physics.scene,
        state=physics.judged.state,
        chances=physics.chances,
        answers=answers,
        hashes=hashes,
        jobs=jobs,
        disagreement=disagreement,
        timings_s=dict(clock.stages),
    )


def _map_area(villages: gpd.GeoDataFrame, ground: Grid, resolution_m: float) -> tuple[Grid, NDArray[np.bool_]]:
    """Return the radio map's grid and which of its cells are wanted: those in village polygons, else all of them.

    The map ends where the terrain does: one village with a slip in its coordinates must not stretch it over a
    continent.
    """
    import rasterio.features
    import shapely
    from pyproj import Transformer

    located = villages[villages["longitude"].notna()]
    centres = shapely.points(located["longitude"].to_numpy(float), located["latitude"].to_numpy(float))
    outlines = located.geometry.to_numpy()
    polygonal = bool((shapely.get_dimensions(outlines) == 2).all())
    margin_deg = 0.0 if polygonal else MAP_MARGIN_DEG
    drawn = shapely.total_bounds(np.concatenate([outlines, centres])) + margin_deg * np.array([-1.0, -1.0, 1.0, 1.0])
    known = Transformer.from_crs(ground.crs, "EPSG:4326", always_xy=True).transform_bounds(*ground.bounds)
    west, south = np.maximum(drawn[:2], known[:2]).tolist()
    east, north = np.minimum(drawn[2:], known[2:]).tolist()
    grid = metric_grid((west, south, east, north), resolution_m)
    if not polygonal:
        return grid, np.ones(grid.shape, dtype=bool)
    shapes = shapely.force_2d(located.geometry.to_crs(grid.crs).to_numpy())
    wanted = rasterio.features.rasterize(
        shapes, out_shape=grid.shape, transform=grid.transform, all_touched=True, dtype="uint8"
    )
    return grid, wanted.astype(bool)

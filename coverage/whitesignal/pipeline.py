"""The stages in order: from a project to an analysis."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.analysis import Analysis
from whitesignal.findings import Finding
from whitesignal.indicators import compute_indicators
from whitesignal.inputs.all import Inputs, read_inputs
from whitesignal.propagation.catalog import DEFAULT_MODEL, model
from whitesignal.radio.cells import build_cells
from whitesignal.radio.executor import COMPILING, default_jobs, silent
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.paths import asks_terrain, on_known_ground, receivers
from whitesignal.radio.radio_map import compute_radio_map, metric_grid
from whitesignal.radio.ranges import range_findings
from whitesignal.radio.reach import Reach, compute_reach
from whitesignal.radio.traces import compiled_before
from whitesignal.results.polygons import coverage_polygons
from whitesignal.results.run_record import input_hashes
from whitesignal.sharing import sharing_table
from whitesignal.villages.areas import position_areas
from whitesignal.villages.points import VillagePoints, village_points
from whitesignal.villages.status import SERVED, UNDECIDED, UNSERVED
from whitesignal.villages.table import Judged, village_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.grid import Grid
    from whitesignal.project import Project
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.executor import Progress

CLUSTER_STATUS = {SERVED: "served", UNSERVED: "unserved", UNDECIDED: "unknown"}

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


@dataclass(frozen=True, slots=True)
class _Physics:
    """What the physics of the sample points gives."""

    radiators: Radiators
    cells: Cells
    where: VillagePoints
    reach: Reach
    judged: Judged


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
    physics = _judge(inputs, project, jobs=jobs, progress=progress)
    clock.lap("villages")
    stations = inputs.stations.rows
    grid, wanted = _map_area(inputs.villages.rows, inputs.terrain.grid, project.radio.resolution_m)
    radio_map = compute_radio_map(
        inputs.terrain, physics.radiators, physics.cells, project, grid=grid, wanted=wanted, jobs=jobs,
        progress=progress,
    )  # fmt: skip
    clock.lap("map")
    villages = physics.judged.table
    positions = _positions(stations, villages)
    indicators = compute_indicators(villages, positions, stations, project)
    polygons = coverage_polygons(radio_map, project.thresholds, project.inputs.population)
    clusters = _cluster_table(inputs.villages.clusters, physics)
    disagreement = _disagreement(inputs, project, villages, jobs=jobs, progress=progress)
    findings = (*inputs.findings, *range_findings(stations, project), *_verdict_findings(villages, project))
    if disagreement is not None:
        findings = (*findings, _circle_finding(disagreement, project))
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
        radiators=physics.radiators,
        cells=physics.cells,
        where=physics.where,
        hashes=hashes,
        jobs=jobs,
        disagreement=disagreement,
        timings_s=dict(clock.stages),
    )


def _judge(inputs: Inputs, project: Project, *, jobs: int, progress: Progress) -> _Physics:
    """Run the physics of the sample points and judge the villages by it."""
    villages, terrain = inputs.villages.rows, inputs.terrain
    radiators, cells = build_cells(inputs.stations.rows, project)
    if not compiled_before(project.radio.model):
        progress(COMPILING, 0, 1)
    where = village_points(villages, inputs.villages.clusters)
    reach = compute_reach(terrain, radiators, where.points, project, jobs=jobs, progress=progress)
    ground_known = np.ones(len(where.points), dtype=bool)
    if asks_terrain(project.radio.model):
        ground_known = on_known_ground(terrain, receivers(terrain, where.points.longitude, where.points.latitude))
    judged = village_table(
        villages,
        where,
        compute_levels(reach, cells),
        cells,
        stations=inputs.stations.rows,
        ground_known=ground_known,
        project=project,
    )
    return _Physics(radiators, cells, where, reach, judged)


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


def _positions(stations: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    counted = stations[stations["counted"].to_numpy(dtype=bool)].sort_values(["position_id", "station_id"])
    places = counted.groupby("position_id", sort=True)[["longitude", "latitude"]].first()
    return sharing_table(stations, position_areas(places, villages))


def _cluster_table(clusters: pd.DataFrame, physics: _Physics) -> pd.DataFrame:
    """Return the surveyed clusters with their status."""
    state = physics.judged.state[~physics.where.is_centre]
    return clusters.assign(status=[CLUSTER_STATUS[int(value)] for value in state])


def _verdict_findings(villages: gpd.GeoDataFrame, project: Project) -> Iterator[Finding]:
    """Yield what a reader of the verdicts must know."""
    file = project.inputs.villages.name
    without = int((villages["clusters"] == 0).sum())
    if without:
        yield Finding(
            "warning",
            f"weak cannot be judged in {without} of {len(villages)} villages: they have no surveyed clusters, "
            "so signal at the centre counts as covered",
            file=file,
            column="clusters",
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


def _disagreement(
    inputs: Inputs, project: Project, villages: gpd.GeoDataFrame, *, jobs: int, progress: Progress
) -> pd.DataFrame | None:
    """Return, for a model that is for comparison only, the villages that terrain physics judges otherwise."""
    if not model(project.radio.model).for_comparison:
        return None
    with_terrain = replace(project, radio=replace(project.radio, model=DEFAULT_MODEL))
    judged = _judge(inputs, with_terrain, jobs=jobs, progress=progress).judged.table
    columns = ["village_id", "name", "commune", "district", "status", "nearest_station_km"]
    table = villages[columns].rename(columns={"status": f"status_{project.radio.model}"})
    for column in ("status", "level_dbm", "margin_db"):
        table[f"{column}_{DEFAULT_MODEL}" if column == "status" else column] = judged[column].to_numpy()
    differs = villages["status"].to_numpy() != judged["status"].to_numpy()
    return table[differs].reset_index(drop=True)


def _circle_finding(disagreement: pd.DataFrame, project: Project) -> Finding:
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

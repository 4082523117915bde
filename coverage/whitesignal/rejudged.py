"""Villages judged again after the register changed: only those within reach of what changed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.cells import RADIATOR_KEY, build_cells
from whitesignal.radio.executor import silent
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.reach import SamplePoints
from whitesignal.radio.reuse import StoredReach, reuse_reach, same_points
from whitesignal.verdicts import Physics, chances_of, judge
from whitesignal.villages.points import VillagePoints, village_points
from whitesignal.villages.policy import resolved
from whitesignal.villages.probability import Drawn, Probabilities, certainty
from whitesignal.villages.rules import Scene, judged
from whitesignal.villages.table import Judged, nearest_station_km, village_table

if TYPE_CHECKING:
    from collections.abc import Hashable

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.reach import Reach
    from whitesignal.results.verdict_store import StoredVerdict

WORTH_PERCENT = 50.0
"""Where more of the villages are within reach of what changed, all are judged: one pass is cheaper than two."""


def rejudge(
    inputs: Inputs,
    project: Project,
    before: Physics,
    *,
    stations_before: pd.DataFrame,
    project_before: Project,
    stored: StoredReach,
    jobs: int,
    progress: Progress = silent,
) -> Physics:
    """Return what ``judge`` would, to the bit, from what it said before the stations changed.

    A village out of reach of every cell that came, went or changed has the verdict it had: its levels are the same, and
    so is every draw, being a function of names. The rules must be the same on both sides, as must the operators and
    generations on air, after which columns are named; where they are not, every village is judged.
    """
    radiators, cells = build_cells(inputs.stations.rows, project)
    scene = replace(before.scene, radiators=radiators, cells=cells)
    if project != project_before or not _same_rules(before.scene, scene, project):
        return judge(inputs, project, jobs=jobs, progress=progress, stored=stored)
    reach, computed = reuse_reach(stored, inputs.terrain, radiators, project, jobs=jobs, progress=progress)
    scene = replace(scene, levels=compute_levels(reach, cells))
    touched = _touched(before, scene, reach, (stations_before, inputs.stations.rows))
    rows = np.flatnonzero(touched)
    if len(rows) > WORTH_PERCENT / 100.0 * len(touched):
        return judge(inputs, project, jobs=jobs, progress=progress, stored=stored)
    table, state, chances = before.judged.table, before.judged.state, before.chances
    if len(rows):
        villages = inputs.villages.rows.iloc[rows]
        in_rows = touched[scene.where.village]
        old, new = (_part(one, touched, in_rows) for one in (before.scene, scene))
        was = village_table(villages, stations_before, old, project)
        now = village_table(villages, inputs.stations.rows, new, project)
        state = before.judged.state.copy()
        state[in_rows] = now.state
        if chances is not None:
            drawn = [chances_of(one, part, project, jobs=jobs) for one, part in ((was, old), (now, new))]
            chances = _exchanged(chances, drawn, rows, in_rows)
        table = _with_rows(table, now.table, rows)
    if chances is not None:
        signal = chances.p_village_signal
        table = table.assign(p_covered=chances.p_village_covered, p_signal=signal, certainty=certainty(signal))
    table = table.assign(nearest_station_km=nearest_station_km(table, inputs.stations.rows))
    return Physics(scene, reach, Judged(table, state), chances, computed)


def recalled(
    inputs: Inputs,
    project: Project,
    stored: StoredReach,
    verdict: StoredVerdict,
    *,
    jobs: int,
    progress: Progress = silent,
) -> Physics:
    """Return what ``judge`` said when it wrote a verdict down, of the same inputs and project."""
    villages = inputs.villages.rows
    radiators, cells = build_cells(inputs.stations.rows, project)
    where = village_points(villages, inputs.villages.clusters, inputs.villages.people)
    if not same_points(stored.points, where.points) or len(verdict) != len(villages):
        return judge(inputs, project, jobs=jobs, progress=progress, stored=stored)
    reach, computed = reuse_reach(stored, inputs.terrain, radiators, project, jobs=jobs, progress=progress)
    scene = Scene(radiators, cells, where, compute_levels(reach, cells), stored.ground_known)
    state, _ = judged(scene, project.policy, project.thresholds, len(villages))
    table = villages.assign(**verdict.columns)[[*verdict.order, "geometry"]]
    return Physics(scene, reach, Judged(table, state), verdict.chances, computed)


def _same_rules(before: Scene, after: Scene, project: Project) -> bool:
    """Return whether the policies mean the same, and the same operators are on air."""
    operators = [set(scene.cells.operator) for scene in (before, after)]
    policies = (project.policy, *project.policies.values())
    return operators[0] == operators[1] and all(
        resolved(policy, before.cells) == resolved(policy, after.cells) for policy in policies
    )


def _touched(
    before: Physics, scene: Scene, reach: Reach, stations: tuple[pd.DataFrame, pd.DataFrame]
) -> NDArray[np.bool_]:
    """Return which villages a cell that differs reaches on either side, shape (villages,)."""
    keys = [_cell_keys(one, rows) for one, rows in zip((before.scene, scene), stations, strict=True)]
    common = set(keys[0]) & set(keys[1])
    touched = np.zeros(len(before.judged.table), dtype=bool)
    for one, pairs, own in ((before.scene, before.reach, keys[0]), (scene, reach, keys[1])):
        differs = {int(one.cells.radiator[cell]) for cell, key in enumerate(own) if key not in common}
        for radiator in differs:
            touched[one.where.village[pairs.point[pairs.pairs_of(radiator)]]] = True
    return touched


def _cell_keys(scene: Scene, stations: pd.DataFrame) -> list[Hashable]:
    """Return for each cell all that its levels, its draws and its name in a table depend on."""
    cells, radiators = scene.cells, scene.radiators
    ids = stations["station_id"].to_numpy(dtype=object)[cells.station_row]
    numbers = (cells.eirp_dbm, cells.service_dbm, cells.uplink_max_loss_db, cells.max_km, cells.beamwidth_deg,
               np.nan_to_num(cells.tilt_deg, nan=-999.0))  # fmt: skip
    places = (*(getattr(radiators, name) for name in RADIATOR_KEY), radiators.radius_km, radiators.floor_loss_db)
    columns = [ids, cells.generation, cells.operator, *numbers, *(place[cells.radiator] for place in places)]
    found: list[Hashable] = []
    seen: dict[Hashable, int] = {}
    for key in zip(*(column.tolist() for column in columns), cells.sectors_deg, strict=True):
        # Cells of one station may be the same but for their number.
        seen[key] = seen.get(key, 0) + 1
        found.append((key, seen[key]))
    return found


def _part(scene: Scene, touched: NDArray[np.bool_], in_rows: NDArray[np.bool_]) -> Scene:
    """Return the scene of some villages alone, numbered anew."""
    where, levels = scene.where, scene.levels
    number = np.cumsum(touched) - 1
    point_number = np.cumsum(in_rows) - 1
    kept = in_rows[levels.point]
    points = SamplePoints(**{one.name: getattr(where.points, one.name)[in_rows] for one in fields(SamplePoints)})
    part = VillagePoints(
        points=points,
        village=number[where.village[in_rows]].astype(np.int64),
        kind=where.kind[in_rows],
        name=where.name[in_rows],
        people=where.people[in_rows],
    )
    own = {one.name: getattr(levels, one.name)[kept] for one in fields(type(levels))}
    own["point"] = point_number[own["point"]].astype(np.int32)
    return Scene(scene.radiators, scene.cells, part, type(levels)(**own), scene.ground_known[in_rows])


def _exchanged(
    chances: Probabilities,
    drawn: list[Probabilities | None],
    rows: NDArray[np.int64],
    in_rows: NDArray[np.bool_],
) -> Probabilities:
    """Return the probabilities with some villages' taken out of every draw's count, and their new ones put in."""
    was, now = drawn
    if was is None or now is None:
        return chances
    p_point, p_signal, p_covered = (
        values.copy() for values in (chances.p_point, chances.p_village_signal, chances.p_village_covered)
    )
    p_point[in_rows], p_signal[rows], p_covered[rows] = now.p_point, now.p_village_signal, now.p_village_covered
    counts = {
        name: Drawn(getattr(chances, name).draws - getattr(was, name).draws + getattr(now, name).draws)
        for name in ("white_villages", "weak_villages", "people_without_signal")
    }
    return Probabilities(
        p_point=p_point,
        p_village_signal=p_signal,
        p_village_covered=p_covered,
        **counts,
        without_population=chances.without_population - was.without_population + now.without_population,
    )


def _with_rows(table: gpd.GeoDataFrame, new: gpd.GeoDataFrame, rows: NDArray[np.int64]) -> gpd.GeoDataFrame:
    """Return the table with some rows, by their number, replaced."""
    import pandas as pd

    kept = np.ones(len(table), dtype=bool)
    kept[rows] = False
    order = np.argsort(np.concatenate([np.flatnonzero(kept), rows]), kind="stable")
    joined: gpd.GeoDataFrame = pd.concat([table[kept], new[list(table.columns)]]).iloc[order]
    return joined.set_axis(table.index)

"""Villages judged again after the register changed: only those within reach of what changed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.cells import RADIATOR_KEY, build_cells
from whitesignal.radio.executor import silent
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.reach import SamplePoints
from whitesignal.radio.reuse import StoredReach, reach_at, reuse_reach, same_points
from whitesignal.verdicts import Physics, chances_of, judge
from whitesignal.villages.points import VillagePoints, village_points
from whitesignal.villages.policy import resolved
from whitesignal.villages.probability import Drawn, Probabilities
from whitesignal.villages.rules import Scene
from whitesignal.villages.table import Judged, nearest_after, village_table, with_probability

if TYPE_CHECKING:
    from collections.abc import Hashable

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Project
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.reach import Reach
    from whitesignal.results.verdict_store import StoredVerdict

WORTH_PERCENT = 50.0
"""Where more of the villages are within reach of what changed, all are judged: one pass is cheaper than two."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was said of the villages, and all that their levels follow from: these are made where they are wanted.

    ``computed`` is the number of radiators whose losses were not known before.
    """

    radiators: Radiators
    cells: Cells
    where: VillagePoints
    ground_known: NDArray[np.bool_]
    reach: Reach
    judged: Judged
    chances: Probabilities | None
    computed: int


def known_of(physics: Physics) -> Known:
    """Return what a run knows, without its levels."""
    scene = physics.scene
    return Known(
        scene.radiators, scene.cells, scene.where, scene.ground_known, physics.reach, physics.judged, physics.chances,
        physics.computed,
    )  # fmt: skip


def rejudge(
    inputs: Inputs,
    project: Project,
    before: Known,
    *,
    stations_before: pd.DataFrame,
    project_before: Project,
    stored: StoredReach,
    jobs: int,
    progress: Progress = silent,
) -> Known:
    """Return what ``judge`` would, to the bit, from what it said before the stations changed.

    A village out of reach of every cell that came, went or changed has the verdict it had: its levels are the same, and
    so is every draw, being a function of names. The rules must be the same on both sides, as must the operators and
    generations on air, after which columns are named; where they are not, every village is judged.
    """
    stations = inputs.stations.rows
    radiators, cells = build_cells(stations, project)
    if project != project_before or not _same_rules(before.cells, cells, project):
        return known_of(judge(inputs, project, jobs=jobs, progress=progress, stored=stored))
    reach, computed = reuse_reach(stored, inputs.terrain, radiators, project, jobs=jobs, progress=progress)
    after = replace(before, radiators=radiators, cells=cells, reach=reach, computed=computed)
    touched = _touched(before, after, (stations_before, stations))
    if touched.sum() > WORTH_PERCENT / 100.0 * len(touched):
        return known_of(judge(inputs, project, jobs=jobs, progress=progress, stored=stored))
    if touched.any():
        after = _touched_anew(before, after, touched, inputs, project, jobs=jobs)
    table = after.judged.table
    if after.chances is not None:
        table = with_probability(table, after.chances)
    nearest_km = nearest_after(table, stations_before, stations)
    return replace(after, judged=replace(after.judged, table=table.assign(nearest_station_km=nearest_km)))


def _touched_anew(
    before: Known, after: Known, touched: NDArray[np.bool_], inputs: Inputs, project: Project, *, jobs: int
) -> Known:
    """Return what is known after, with some villages judged anew and their draws exchanged."""
    rows = np.flatnonzero(touched)
    in_rows = touched[before.where.village]
    scene = _scene_of(after, touched, in_rows)
    now = village_table(inputs.villages.rows.iloc[rows], inputs.stations.rows, scene, project)
    state = before.judged.state.copy()
    state[in_rows] = now.state
    chances = before.chances
    if chances is not None:
        was = Judged(before.judged.table.iloc[rows], before.judged.state[in_rows])
        drawn = [
            chances_of(one, part, project, jobs=jobs)
            for one, part in ((was, _scene_of(before, touched, in_rows)), (now, scene))
        ]
        chances = _exchanged(chances, drawn, rows, in_rows)
    return replace(after, judged=Judged(_with_rows(before.judged.table, now.table, rows), state), chances=chances)


def recalled(
    inputs: Inputs,
    project: Project,
    stored: StoredReach,
    verdict: StoredVerdict,
    *,
    jobs: int,
    progress: Progress = silent,
) -> Known:
    """Return what ``judge`` said when it wrote a verdict down, of the same inputs and project."""
    villages = inputs.villages.rows
    radiators, cells = build_cells(inputs.stations.rows, project)
    where = village_points(villages, inputs.villages.clusters, inputs.villages.people)
    if not same_points(stored.points, where.points) or len(verdict) != len(villages):
        return known_of(judge(inputs, project, jobs=jobs, progress=progress, stored=stored))
    reach, computed = reuse_reach(stored, inputs.terrain, radiators, project, jobs=jobs, progress=progress)
    table = villages.assign(**verdict.columns)[[*verdict.order, "geometry"]]
    judged = Judged(table, verdict.state)
    return Known(radiators, cells, where, stored.ground_known, reach, judged, verdict.chances, computed)


def _same_rules(before: Cells, after: Cells, project: Project) -> bool:
    """Return whether the policies mean the same, and the same operators are on air."""
    policies = (project.policy, *project.policies.values())
    return set(before.operator) == set(after.operator) and all(
        resolved(policy, before) == resolved(policy, after) for policy in policies
    )


def _touched(before: Known, after: Known, stations: tuple[pd.DataFrame, pd.DataFrame]) -> NDArray[np.bool_]:
    """Return which villages a cell that differs reaches on either side, shape (villages,)."""
    keys = [_cell_keys(one, rows) for one, rows in zip((before, after), stations, strict=True)]
    common = set(keys[0]) & set(keys[1])
    touched = np.zeros(len(before.judged.table), dtype=bool)
    for one, own in ((before, keys[0]), (after, keys[1])):
        differs = {int(one.cells.radiator[cell]) for cell, key in enumerate(own) if key not in common}
        for radiator in differs:
            touched[one.where.village[one.reach.point[one.reach.pairs_of(radiator)]]] = True
    return touched


def _cell_keys(known: Known, stations: pd.DataFrame) -> list[Hashable]:
    """Return for each cell all that its levels, its draws and its name in a table depend on."""
    cells, radiators = known.cells, known.radiators
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


def _scene_of(known: Known, touched: NDArray[np.bool_], in_rows: NDArray[np.bool_]) -> Scene:
    """Return the scene of some villages alone, numbered anew; ``in_rows`` are their points."""
    where = known.where
    number = np.cumsum(touched) - 1
    points = SamplePoints(**{one.name: getattr(where.points, one.name)[in_rows] for one in fields(SamplePoints)})
    part = VillagePoints(
        points=points,
        village=number[where.village[in_rows]].astype(np.int64),
        kind=where.kind[in_rows],
        name=where.name[in_rows],
        people=where.people[in_rows],
    )
    levels = compute_levels(reach_at(known.reach, in_rows), known.cells)
    return Scene(known.radiators, known.cells, part, levels, known.ground_known[in_rows])


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

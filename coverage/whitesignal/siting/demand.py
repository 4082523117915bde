"""What lacks signal, and which candidate would give it: the matrix that the choice is made over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.cells import build_cells
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.reach import SamplePoints, compute_reach
from whitesignal.villages.policy import heard, resolved
from whitesignal.villages.status import SERVED, UNSERVED, judge_points, policy_threshold_dbm

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress
    from whitesignal.villages.rules import Scene


@dataclass(frozen=True, slots=True)
class Demand:
    """Points without signal that one more operator would light; arrays of shape (demand,).

    ``point`` is the row among the sample points, ``village`` in the village table; ``centre`` says that the village is
    white without it; ``people`` how many it stands for. ``state`` is what is said of every sample point today.
    """

    point: NDArray[np.int64]
    village: NDArray[np.int64]
    centre: NDArray[np.bool_]
    people: NDArray[np.float64]
    state: NDArray[np.int8]

    def weight(self, village_weight: float) -> NDArray[np.float64]:
        """Return what covering each is worth: its people, and for a white village's centre so much more."""
        return np.asarray(self.people + village_weight * self.centre)


def demand_of(scene: Scene, villages: pd.DataFrame, operator: str, project: Project) -> Demand:
    """Return the points that lack signal under the project's policy and would have it from one operator more.

    White villages' centres stand for all their people, their other points for nobody besides. Of weak villages each
    cluster without signal stands for the village's people over its clusters and centre, or for its own people where
    points of a raster are judged.
    """
    policy = resolved(project.policy, scene.cells)
    levels = heard(scene.levels, scene.cells, scene.radiators, policy)
    state = judge_points(levels, scene.cells, scene.ground_known, policy=policy, thresholds=project.thresholds)
    short = np.ones(len(state), dtype=bool)
    if policy.min_operators > 1:
        nearly = replace(policy, min_operators=policy.min_operators - 1)
        others = (scene.cells.operator != operator)[levels.cell]
        rest = levels.take(others)
        of_others = judge_points(rest, scene.cells, scene.ground_known, policy=nearly, thresholds=project.thresholds)
        short = of_others == SERVED
    where, status = scene.where, villages["status"].to_numpy(dtype=object)[scene.where.village]
    white, weak = status == "white", status == "weak"
    point = np.flatnonzero((state == UNSERVED) & short & (white | (weak & ~where.is_centre)))
    village = where.village[point]
    people = np.nan_to_num(villages["population"].to_numpy(dtype=float))[village]
    clusters = np.bincount(where.village[where.is_cluster], minlength=len(villages))[village]
    share = np.where(where.people[point] > 0.0, where.people[point], people / (clusters + 1.0))
    centre = where.is_centre[point]
    return Demand(point, village, centre, np.where(centre, people, np.where(white[point], 0.0, share)), state)


def margin_needed_db(project: Project, probability: float | None) -> float:
    """Return by how much a level must exceed the threshold for signal with a probability, by the project's error. [dB]

    One server's own: the other stations, which could only add to it, are left out. 0 without a probability.
    """
    if probability is None:
        return 0.0
    return max(NormalDist().inv_cdf(probability) * project.uncertainty.total_db, 0.0)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What each candidate would bring: pairs of demand and candidate, shape (pairs,), with the best margin. [dB]"""

    demand: NDArray[np.int64]
    candidate: NDArray[np.int64]
    margin_db: NDArray[np.float64]
    shape: tuple[int, int]

    def covers(self, needed_db: float = 0.0) -> csr_matrix:
        """Return who covers whom, boolean (demand, candidates), where a margin is at least so much."""
        from scipy.sparse import csr_matrix

        kept = self.margin_db >= needed_db
        entries = np.ones(int(kept.sum()), dtype=bool)
        return csr_matrix((entries, (self.demand[kept], self.candidate[kept])), shape=self.shape)


def prospect(
    candidates: pd.DataFrame,
    rows: pd.DataFrame,
    demand: Demand,
    scene: Scene,
    terrain: Terrain,
    project: Project,
    *,
    jobs: int,
    progress: Progress,
) -> Prospect:
    """Return what the candidates would bring, by the same physics as every verdict, over known terrain only.

    Parameters
    ----------
    rows
        The candidates' station rows, every default filled in; ``position_id`` ties them to candidates.
    """
    import pandas as pd

    points = scene.where.points
    wanted = SamplePoints(points.longitude[demand.point], points.latitude[demand.point], points.spread[demand.point])
    radiators, cells = build_cells(rows, project)
    reach = compute_reach(terrain, radiators, wanted, project, jobs=jobs, progress=progress)
    policy = resolved(project.policy, cells)
    levels = heard(compute_levels(reach, cells), cells, radiators, policy)
    margin_db = levels.margin_db(policy_threshold_dbm(cells, project.thresholds, policy))
    usable = levels.known & (margin_db >= 0.0)
    number = pd.Index(candidates["candidate_id"]).get_indexer(rows["position_id"])[cells.station_row]
    pairs = pd.DataFrame(
        {"demand": levels.point[usable], "candidate": number[levels.cell[usable]], "margin_db": margin_db[usable]}
    )
    best = pairs.groupby(["demand", "candidate"], sort=True)["margin_db"].max().reset_index()
    shape = (len(demand.point), len(candidates))
    return Prospect(
        best["demand"].to_numpy(dtype=np.int64), best["candidate"].to_numpy(dtype=np.int64),
        best["margin_db"].to_numpy(dtype=np.float64), shape,
    )  # fmt: skip

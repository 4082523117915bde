"""One village's own corner of a project: its physics, and what stations that do not exist would bring there."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.cells import build_cells
from whitesignal.radio.levels import compute_levels
from whitesignal.radio.reach import SamplePoints, compute_reach
from whitesignal.villages.policy import heard
from whitesignal.villages.status import thresholds_dbm

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.inputs.all import Inputs
    from whitesignal.project import Policy, Project
    from whitesignal.verdicts import Physics
    from whitesignal.villages.rules import Scene


@dataclass(frozen=True, slots=True)
class Corner:
    """A village alone, with every station of its project.

    ``inputs`` hold that village only; ``policy`` is the project's with its number of operators resolved; ``heard`` is
    the scene without the stations of which nothing arrives.
    """

    inputs: Inputs
    project: Project
    physics: Physics
    policy: Policy
    heard: Scene

    @property
    def stations(self) -> pd.DataFrame:
        """The station table."""
        return self.inputs.stations.rows


@dataclass(frozen=True, slots=True)
class Trial:
    """What stations bring to points; arrays of shape (stations, points), ``limit_km`` and the like (stations,).

    ``level_dbm`` is outdoors, ``margin_db`` by the policy, as the verdict takes both.
    """

    level_dbm: NDArray[np.float64]
    margin_db: NDArray[np.float64]
    uplink_margin_db: NDArray[np.float64]
    known: NDArray[np.bool_]
    distance_km: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    elevation_deg: NDArray[np.float64]
    limit_km: NDArray[np.float64]

    @property
    def sure_margin_db(self) -> NDArray[np.float64]:
        """The margin where the path counts: -inf beyond the system's limit and over unknown terrain."""
        counts = self.known & (self.distance_km <= self.limit_km[:, None])
        return np.where(counts, self.margin_db, -np.inf)


def village_alone(inputs: Inputs, row: int) -> Inputs:
    """Return the inputs with one village only, all stations and the whole terrain."""
    table = inputs.villages
    village_id = table.rows["village_id"].iloc[row]
    own = replace(
        table,
        rows=table.rows.iloc[[row]].reset_index(drop=True),
        clusters=table.clusters[table.clusters["village_id"] == village_id].reset_index(drop=True),
        people=table.people[table.people["village_id"] == village_id].reset_index(drop=True),
    )
    return replace(inputs, villages=own)


def what_arrives(scene: Scene) -> Scene:
    """Return a scene without the cells and radiators that reach none of its points: drawing goes over all there are."""
    levels, cells = scene.levels, scene.cells
    cell, cell_of_pair = np.unique(levels.cell, return_inverse=True)
    radiator, radiator_of_cell = np.unique(cells.radiator[cell], return_inverse=True)
    own_cells = {
        field.name: getattr(cells, field.name)[cell]
        for field in fields(cells)
        if field.name not in ("radiator", "sectors_deg")
    }
    own_radiators = {field.name: getattr(scene.radiators, field.name)[radiator] for field in fields(scene.radiators)}
    return replace(
        scene,
        radiators=replace(scene.radiators, **own_radiators),
        cells=replace(
            cells,
            radiator=radiator_of_cell.astype(np.int64),
            sectors_deg=tuple(cells.sectors_deg[index] for index in cell.tolist()),
            **own_cells,
        ),
        levels=replace(levels, cell=cell_of_pair.astype(np.int32)),
    )


def attempt(corner: Corner, rows: pd.DataFrame, points: SamplePoints) -> Trial:
    """Return what some stations would bring to points, however far or faint: nothing is left out.

    Parameters
    ----------
    rows
        Of the station table's kind, every default filled in, one station each, in the order of the answer.
    """
    project, policy = corner.project, corner.policy
    radiators, cells = build_cells(rows.assign(counted=True), project)
    cap_km = np.inf if project.radio.radius_km is None else project.radio.radius_km
    limit_km = np.minimum(cells.max_km, cap_km)
    everywhere = np.full(len(radiators), np.inf)
    reach = compute_reach(
        corner.inputs.terrain, replace(radiators, radius_km=everywhere, floor_loss_db=everywhere), points, project
    )
    cells = replace(cells, max_km=np.full(len(cells), np.inf))
    levels = compute_levels(reach, cells)
    asked = heard(levels, cells, radiators, policy)
    shape = (len(cells), len(points))
    by_radiator = [
        values.reshape(len(radiators), len(points)).astype(np.float64)[cells.radiator]
        for values in (reach.distance_km, reach.azimuth_deg, reach.elevation_deg)
    ]
    return Trial(
        level_dbm=levels.level_dbm.reshape(shape),
        margin_db=asked.margin_db(thresholds_dbm(cells, project.thresholds, policy.threshold)).reshape(shape),
        uplink_margin_db=asked.uplink_margin_db.reshape(shape),
        known=levels.known.reshape(shape),
        distance_km=by_radiator[0],
        azimuth_deg=by_radiator[1],
        elevation_deg=by_radiator[2],
        limit_km=limit_km,
    )


def points_at(corner: Corner, which: NDArray[np.int64]) -> SamplePoints:
    """Return some of the village's sample points."""
    points = corner.physics.scene.where.points
    return SamplePoints(points.longitude[which], points.latitude[which], points.spread[which])

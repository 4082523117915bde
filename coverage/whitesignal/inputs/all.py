"""All inputs of a project, read and held against one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding, some_rows
from whitesignal.inputs.canonical import file_labels, labelled
from whitesignal.inputs.clutter import with_clutter
from whitesignal.inputs.stations import StationTable, read_stations
from whitesignal.inputs.terrain import read_terrain
from whitesignal.inputs.villages import VillageTable, read_villages
from whitesignal.project import LAYER_READERS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.grid import Grid, Terrain
    from whitesignal.project import Project


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run works on; ``findings`` are all of them, the tables' own included."""

    stations: StationTable
    villages: VillageTable
    terrain: Terrain
    findings: tuple[Finding, ...]


def read_inputs(project: Project) -> Inputs:
    """Return the project's stations, villages and terrain.

    Raises
    ------
    InputError
        Whatever the readers refuse; no usable station or village; stations or villages that all lie off the terrain.
    """
    stations = read_stations(project)
    _refuse_empty(project, stations)
    villages = read_villages(project)
    if villages.rows.empty:
        aside = f"; all {len(villages.set_aside)} rows were set aside" if len(villages.set_aside) else ""
        raise InputError(f"{project.inputs.villages}: no villages{aside}")
    ground, ground_findings = read_terrain(project)
    terrain, clutter_findings = with_clutter(ground, project)
    own = (
        *_stations_off_terrain(project, stations, terrain.grid),
        *_villages_off_terrain(project, villages, terrain.grid),
        *_sea_findings(project),
    )
    findings = (
        *stations.findings,
        *villages.findings,
        *ground_findings,
        *clutter_findings,
        *labelled(own, file_labels(project)),
    )
    return Inputs(stations, villages, terrain, findings)


def inputs_read_before(project: Project, stations: StationTable, villages: VillageTable) -> Inputs:
    """Return the project's inputs with tables that a run has read and held against one another; the terrain anew."""
    terrain, _ = with_clutter(read_terrain(project)[0], project)
    return Inputs(stations, villages, terrain, ())


def on_grid(grid: Grid, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which places (WGS 84) lie on a grid; NaN lies nowhere."""
    from pyproj import Transformer

    to_grid = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    known = np.isfinite(longitude) & np.isfinite(latitude)
    easting, northing = to_grid.transform(np.where(known, longitude, 0.0), np.where(known, latitude, 0.0))
    back = ~grid.transform
    column = back.a * np.asarray(easting) + back.b * np.asarray(northing) + back.c
    row = back.d * np.asarray(easting) + back.e * np.asarray(northing) + back.f
    rows, columns = grid.shape
    return np.asarray(known & (row >= 0) & (row <= rows) & (column >= 0) & (column <= columns), dtype=np.bool_)


def _refuse_empty(project: Project, stations: StationTable) -> None:
    if len(stations.rows):
        return
    files = ", ".join(str(source.file) for source in project.inputs.stations)
    aside = stations.set_aside
    if aside.empty:
        raise InputError(f"{files}: no stations")
    reasons = aside["reason"].value_counts()
    raise InputError(
        f"{files}: no usable station; all {len(aside)} rows were set aside, most often because: {reasons.index[0]}"
    )


def _bounds_text(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> str:
    west, east, south, north = np.nanmin(longitude), np.nanmax(longitude), np.nanmin(latitude), np.nanmax(latitude)
    return f"{west:.2f}…{east:.2f}° E, {south:.2f}…{north:.2f}° N"


def _terrain_text(grid: Grid) -> str:
    from pyproj import Transformer

    rows, columns = grid.shape
    corners = [(0, 0), (columns, 0), (0, rows), (columns, rows)]
    transform = grid.transform
    eastings = [transform.a * column + transform.b * row + transform.c for column, row in corners]
    northings = [transform.d * column + transform.e * row + transform.f for column, row in corners]
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(np.array(eastings), np.array(northings))
    return _bounds_text(np.asarray(longitude), np.asarray(latitude))


def _places(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return rows["longitude"].to_numpy(dtype=np.float64), rows["latitude"].to_numpy(dtype=np.float64)


def _stations_off_terrain(project: Project, stations: StationTable, grid: Grid) -> list[Finding]:
    longitude, latitude = _places(stations.rows)
    off = ~on_grid(grid, longitude, latitude)
    file = str(project.inputs.stations[0].file)
    if off.all():
        raise InputError(
            f"{file}: none of {len(off)} stations lies on the terrain {project.inputs.terrain[0]}: stations "
            f"{_bounds_text(longitude, latitude)}, terrain {_terrain_text(grid)}"
        )
    if not off.any():
        return []
    listed = some_rows(stations.rows.loc[off, "row"].tolist())
    message = (
        f"{int(off.sum())} of {len(off)} station rows lie off the terrain ({listed}); what they reach is unknown, so "
        "look whether their coordinates are right"
    )
    return [Finding("warning", message, file, None, "longitude")]


def _villages_off_terrain(project: Project, villages: VillageTable, grid: Grid) -> list[Finding]:
    longitude, latitude = _places(villages.rows)
    located = np.isfinite(longitude) & np.isfinite(latitude)
    off = located & ~on_grid(grid, longitude, latitude)
    file = str(project.inputs.villages)
    if not located.any():
        raise InputError(f"{file}: none of {len(located)} villages has a position")
    if off.sum() == located.sum():
        raise InputError(
            f"{file}: none of {int(located.sum())} villages lies on the terrain {project.inputs.terrain[0]}: villages "
            f"{_bounds_text(longitude, latitude)}, terrain {_terrain_text(grid)}"
        )
    if not off.any():
        return []
    message = f"{int(off.sum())} of {len(off)} villages lie off the terrain; their status is unknown"
    return [Finding("warning", message, file, None, "longitude")]


def _sea_findings(project: Project) -> list[Finding]:
    """Return what the absence or presence of sea polygons means for the answers."""
    sea, name = project.inputs.sea, project.radio.model
    if sea is None:
        return [Finding("info", "no sea polygons are given; everywhere is taken as inland")]
    if name in LAYER_READERS:
        return []
    return [Finding("info", f"model {name} knows no sea; the polygons only level cells without a height", str(sea))]

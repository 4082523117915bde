"""Polygons of the sea → which cells are sea, and the zones that ITU-R P.1812 makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.grid import COASTAL, INLAND, SEA
from whitesignal.inputs.vector import burnt_cells, shapes_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from whitesignal.grid import Grid

COAST_WIDTH_M = 50_000.0
COAST_HEIGHT_M = 100.0
"""Coastal land lies within this distance of the sea and no higher: ITU-R P.1812-8 table 3."""

COAST_CELL_M = 250.0
"""Distances to the sea are found on cells of this size or a little more: the coastal zone's inner border is no line."""


def read_sea(path: Path, crs: str) -> list[Any]:
    """Return the sea's polygons in a coordinate system.

    Raises
    ------
    InputError
        A file that cannot be read or holds no polygon.
    """
    shapes = shapes_in(path, crs)
    if not shapes:
        raise InputError(f"{path}: holds no sea (no polygon)")
    return shapes


def sea_mask(sea: Sequence[Any], grid: Grid) -> NDArray[np.bool_]:
    """Return which cells have their centre in the sea."""
    return burnt_cells(sea, grid.shape, grid.transform, all_touched=False)


def zones(
    sea: Sequence[Any],
    grid: Grid,
    *,
    at_sea: NDArray[np.bool_],
    height_m: NDArray[np.float32],
    spacing_m: tuple[float, float],
) -> NDArray[np.int8] | None:
    """Return the zone of each cell as ``grid.Terrain`` holds it; None where all is inland.

    The sea beyond the grid counts: polygons reach further than a province's terrain.

    Parameters
    ----------
    sea
        As `read_sea` gives it, in the grid's system.
    at_sea, height_m
        Of the grid's shape, complete. [m]
    spacing_m
        The cells' size on the ground along a row and down a column. [m]
    """
    near = _near_sea(sea, grid, spacing_m)
    zone = np.full(grid.shape, INLAND, dtype=np.int8)
    zone[near & (height_m <= COAST_HEIGHT_M)] = COASTAL
    zone[at_sea] = SEA
    return zone if (zone != INLAND).any() else None


def _near_sea(sea: Sequence[Any], grid: Grid, spacing_m: tuple[float, float]) -> NDArray[np.bool_]:
    """Return which cells lie within a coast's width of the sea, by coarse cells on a grid that is wider by as much."""
    from affine import Affine
    from scipy import ndimage

    along_m, down_m = (max(1, math.ceil(COAST_CELL_M / size_m)) * size_m for size_m in spacing_m)
    per_column, per_row = round(along_m / spacing_m[0]), round(down_m / spacing_m[1])
    beside, above = math.ceil(COAST_WIDTH_M / along_m) + 1, math.ceil(COAST_WIDTH_M / down_m) + 1
    rows, columns = grid.shape
    shape = math.ceil(rows / per_row) + 2 * above, math.ceil(columns / per_column) + 2 * beside
    transform = (
        grid.transform * Affine.translation(-beside * per_column, -above * per_row) * Affine.scale(per_column, per_row)
    )
    wet = burnt_cells(sea, shape, transform, all_touched=True)
    if not wet.any():
        return np.zeros(grid.shape, dtype=np.bool_)
    near = ndimage.distance_transform_edt(~wet, sampling=(down_m, along_m)) <= COAST_WIDTH_M
    row, column = np.arange(rows) // per_row + above, np.arange(columns) // per_column + beside
    return np.asarray(near[np.ix_(row, column)], dtype=np.bool_)

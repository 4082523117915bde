"""Rasters as immutable things: a grid (CRS + affine + shape), and values on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

SEA = 1
COASTAL = 3
INLAND = 4
"""The zones of ITU-R P.1812-8 table 3, by the codes of its digital products."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A raster's geometry: ``transform`` takes (column, row) of a cell's upper-left corner to CRS coordinates."""

    crs: str
    transform: Affine
    shape: tuple[int, int]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in the grid's CRS, whatever the transform's signs."""
        rows, columns = self.shape
        corners = [self.transform * corner for corner in ((0, 0), (columns, 0), (0, rows), (columns, rows))]
        eastings, northings = zip(*corners, strict=True)
        return min(eastings), min(northings), max(eastings), max(northings)

    def cell_centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the centres' coordinates in the grid's CRS, two arrays of the grid's shape."""
        columns, rows = np.meshgrid(np.arange(self.shape[1]) + 0.5, np.arange(self.shape[0]) + 0.5)
        eastings, northings = self.transform * (columns, rows)
        return np.asarray(eastings, dtype=np.float64), np.asarray(northings, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Raster:
    """Values on a grid; ``values[row, column]``, NaN where there is none."""

    grid: Grid
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Terrain:
    """Ground heights above sea level.

    ``height_m[row, column]`` is complete: a void holds the lowest height on its rim and is marked in ``void``.
    ``outside_m`` is what a profile is given beyond the raster, the lowest known height on its border; such a
    stretch counts as void. ``resolution_m`` is the cells' mean spacing on the ground. ``surface_m`` is the ground with
    the clutter on it, None where no clutter is known. ``zone`` is `SEA`, `COASTAL` or `INLAND` of each cell, None where
    all is inland.
    """

    grid: Grid
    height_m: NDArray[np.float32]
    void: NDArray[np.bool_]
    outside_m: float
    resolution_m: float
    surface_m: NDArray[np.float32] | None = None
    zone: NDArray[np.int8] | None = None

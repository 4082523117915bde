"""Invented relief that behaves like the real kind: every slope drains to a river or a closed karst basin.

The land is the steady state of river incision (slope proportional to drained area to the power -1/2, Flint's law)
with hill slopes that stop at a threshold angle, above rivers and basins whose heights are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Lattice:
    """A north-up raster in degrees: its upper-left corner, its cell and its shape."""

    west: float
    north: float
    cell_deg: float
    shape: tuple[int, int]

    @property
    def east_m(self) -> float:
        """Width of a cell on the ground at the raster's middle. [m]"""
        middle = self.north - self.cell_deg * self.shape[0] / 2
        return self.cell_deg * METRES_PER_DEGREE * float(np.cos(np.radians(middle)))

    @property
    def north_m(self) -> float:
        """Height of a cell on the ground. [m]"""
        return self.cell_deg * METRES_PER_DEGREE

    def row_column(self, longitude: NDArray, latitude: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return fractional (row, column), whole numbers at cell centres."""
        return (self.north - latitude) / self.cell_deg - 0.5, (longitude - self.west) / self.cell_deg - 0.5

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return longitude and latitude of every cell's centre."""
        longitude = self.west + (np.arange(self.shape[1]) + 0.5) * self.cell_deg
        latitude = self.north - (np.arange(self.shape[0]) + 0.5) * self.cell_deg
        return np.meshgrid(longitude, latitude)

    def distance_km(self, longitude: float, latitude: float) -> NDArray[np.float64]:
        """Return every cell's distance to a point, on a local plane."""
        longitudes, latitudes = self.centres()
        east_km = (longitudes - longitude) / self.cell_deg * self.east_m / 1000
        return np.hypot(east_km, (latitudes - latitude) / self.cell_deg * self.north_m / 1000)


@dataclass(frozen=True, slots=True)
class River:
    """A course of (longitude, latitude, height) from mouth to source."""

    name: str
    course: Sequence[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Basin:
    """A flat closed floor: a town's basin or a karst polje."""

    longitude: float
    latitude: float
    height_m: float
    radius_km: float


def trace_rivers(rng: np.random.Generator, lattice: Lattice, rivers: Sequence[River]) -> NDArray[np.float64]:
    """Return the rivers' heights in the cells they cross, meandering a little, NaN elsewhere. [m]"""
    bed_m = np.full(lattice.shape, np.nan)
    for river in rivers:
        nodes = np.array(river.course, dtype=float)
        steps_m = np.hypot(np.diff(nodes[:, 0]) * lattice.east_m, np.diff(nodes[:, 1]) * lattice.north_m)
        along = np.concatenate([[0.0], np.cumsum(steps_m)]) / lattice.cell_deg
        at = np.linspace(0.0, along[-1], max(2, int(along[-1] / (0.3 * lattice.east_m))))
        longitude, latitude, height_m = (np.interp(at, along, nodes[:, column]) for column in range(3))
        knots = np.arange(0.0, along[-1] + 2400.0, 1200.0)
        sway = np.clip(np.minimum(at, along[-1] - at) / 3000.0, 0.0, 1.0) * 0.0045
        longitude = longitude + sway * np.interp(at, knots, rng.standard_normal(knots.size))
        latitude = latitude + sway * np.interp(at, knots, rng.standard_normal(knots.size))
        rows, columns = (np.rint(part).astype(int) for part in lattice.row_column(longitude, latitude))
        inside = (rows >= 0) & (columns >= 0) & (rows < lattice.shape[0]) & (columns < lattice.shape[1])
        for row, column, bed in zip(rows[inside], columns[inside], height_m[inside], strict=True):
            bed_m[row, column] = np.fmin(bed_m[row, column], bed)
    return bed_m


def _first_drainage(rng: np.random.Generator, lattice: Lattice, bed_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a surface without pits: the cheapest way down to a fixed cell through random ground."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    from samples.noise import fractal_noise

    rows, columns = lattice.shape
    cost = np.exp(
        0.5 * fractal_noise(rng, lattice.shape, 24, octaves=4, persistence=0.7) + 0.3 * rng.random((rows, columns))
    )
    index = np.arange(rows * columns).reshape(rows, columns)
    heads, tails, weights = [], [], []
    for d_row, d_column in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = (slice(0, rows - d_row), slice(max(0, -d_column), columns - max(0, d_column)))
        there = (slice(d_row, rows), slice(max(0, d_column), columns - max(0, -d_column)))
        heads.append(index[here].ravel())
        tails.append(index[there].ravel())
        step_m = np.hypot(d_column * lattice.east_m, d_row * lattice.north_m)
        weights.append(0.5 * (cost[here] + cost[there]).ravel() * step_m)
    # One extra node stands below every fixed cell, so that a single search starts from all of them at their heights.
    fixed = np.flatnonzero(np.isfinite(bed_m))
    heads.append(np.full(fixed.size, rows * columns))
    tails.append(fixed)
    weights.append(2.0 * (bed_m.ravel()[fixed] - np.nanmin(bed_m)) + 1.0)
    edges = (np.concatenate(weights), (np.concatenate(heads), np.concatenate(tails)))
    graph = coo_array(edges, shape=(index.size + 1, index.size + 1)).tocsr()
    return dijkstra(graph, directed=False, indices=index.size)[:-1].reshape(rows, columns)


def erode(
    rng: np.random.Generator,
    lattice: Lattice,
    bed_m: NDArray[np.float64],
    *,
    steepness_m: NDArray[np.float64],
    threshold_slope: NDArray[np.float64],
    rounds: int = 40,
) -> NDArray[np.float64]:
    """Return the steady land above the fixed cells.

    Parameters
    ----------
    bed_m
        Heights of fixed cells, NaN where the land is free. [m]
    steepness_m
        Channel slope times the square root of the drained area. [m]
    threshold_slope
        The slope that hill sides do not exceed. [m/m]
    """
    from samples.relief_kernels import drained_area, raise_upstream, steepest_receivers

    fixed = np.isfinite(bed_m)
    cell_m2 = lattice.east_m * lattice.north_m
    # The first surface is a cost, not a height: it only says where water runs.
    surface = _first_drainage(rng, lattice, bed_m)
    height_m = np.where(fixed, bed_m, surface)
    for turn in range(rounds):
        receiver, distance_m = steepest_receivers(surface, fixed, lattice.east_m, lattice.north_m)
        uphill = np.argsort(surface, axis=None, kind="stable")
        area_m2 = drained_area(receiver, uphill[::-1], cell_m2)
        slope = np.minimum(steepness_m.ravel() / np.sqrt(area_m2), threshold_slope.ravel())
        target_m = raise_upstream(height_m.ravel(), receiver, distance_m, uphill, slope).reshape(lattice.shape)
        height_m = target_m if turn == 0 else 0.5 * (height_m + target_m)
        surface = height_m
    return height_m


def set_basins(lattice: Lattice, bed_m: NDArray[np.float64], basins: Sequence[Basin]) -> None:
    """Set flat floors into ``bed_m``; a river that crosses one and lies lower stays."""
    for basin in basins:
        floor = lattice.distance_km(basin.longitude, basin.latitude) <= basin.radius_km
        bed_m[floor] = np.where(np.isnan(bed_m[floor]), basin.height_m, np.fmin(bed_m[floor], basin.height_m))


def to_peaks(
    lattice: Lattice,
    height_m: NDArray[np.float64],
    keep: NDArray[np.bool_],
    peaks: Sequence[tuple[float, float, float]],
    *,
    radius_km: float,
) -> NDArray[np.float64]:
    """Return the land scaled about the peaks (longitude, latitude, height) so that each has its height. [m]

    ``keep`` stays as it is.
    """
    from scipy.ndimage import distance_transform_edt

    shelter = np.clip(distance_transform_edt(~keep) / 25.0, 0.0, 1.0)
    longitudes, latitudes = lattice.centres()
    for longitude, latitude, summit_m in peaks:
        near = (lattice.distance_km(longitude, latitude) <= 2.5) & ~keep
        top = np.unravel_index(np.argmax(np.where(near, height_m, -np.inf)), lattice.shape)
        weight = np.exp(-((lattice.distance_km(longitudes[top], latitudes[top]) / radius_km) ** 2)) * shelter
        height_m = height_m * (1.0 + (summit_m / height_m[top] - 1.0) * np.minimum(weight / weight[top], 1.0))
    return height_m

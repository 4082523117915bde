"""A window's cells seen from its site: which ray is nearest to each, and the last points of terrain before it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.exact import interval_count
from whitesignal.kernels.jit import part

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]
Whole = NDArray[np.int32]

OWN_POINTS = 10
"""How many points before the cell are read on the cell's own profile."""

NEAREST_KM = 0.01
"""Cells nearer to the mast count as this far away, as `radio.paths` has it."""


@part
def read_ray(
    height_m: NDArray[np.float32],
    tx_column: float,
    tx_row: float,
    step_columns: float,
    step_rows: float,
    count: int,
    profile_m: Floats,
) -> None:
    """Fill the heights at ``count`` equidistant places on a line that stays within the raster's cell centres."""
    for k in range(count):
        across = tx_column - 0.5 + step_columns * k
        down = tx_row - 0.5 + step_rows * k
        left, upper = int(across), int(down)
        across -= left
        down -= upper
        upper_left, upper_right = float(height_m[upper, left]), float(height_m[upper, left + 1])
        lower_left, lower_right = float(height_m[upper + 1, left]), float(height_m[upper + 1, left + 1])
        above = upper_left + (upper_right - upper_left) * across
        below = lower_left + (lower_right - lower_left) * across
        profile_m[k] = above + (below - above) * down


@part
def steps_inside(start: float, step: float, cells: int, count: int) -> int:
    """Return how many of ``count`` places start, start + step, … lie between the outermost cells' centres."""
    if step > 0.0:
        return min(count, max(0, math.ceil((cells - 0.5 - start) / step - 1e-9)))
    if step < 0.0:
        return min(count, max(0, math.floor((start - 0.5) / -step) + 1))
    return count


@part
def first_void(
    void: NDArray[np.bool_], tx_column: float, tx_row: float, step_columns: float, step_rows: float, count: int
) -> int:
    """Return the first of ``count`` places on a line that leans on a void, ``count`` if none does."""
    for k in range(count):
        left, upper = int(tx_column - 0.5 + step_columns * k), int(tx_row - 0.5 + step_rows * k)
        if void[upper, left] | void[upper, left + 1] | void[upper + 1, left] | void[upper + 1, left + 1]:
            return k
    return count


@part
def sort_cells(
    rays: int,
    count: int,
    step_km: float,
    east_of: Floats,
    north_of: Floats,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
) -> tuple[Whole, Whole]:
    """Return a window's cells in the order of their nearest rays and outward along each, and where each ray starts.

    Their distances and azimuths are filled on the way.

    Cells beyond the rays' ends come last, after all rays' cells. Shapes (cells,) and (rays + 1,).
    """
    rows, columns = window_km.shape
    cells = rows * columns
    ray_of, steps_of = np.empty(cells, np.int32), np.empty(cells, np.int32)
    per_step, per_ray = _zeros(count + 2), _zeros(rays + 2)
    cell = 0
    for row in range(rows):
        for column in range(columns):
            distance_km, azimuth = polar_place(row, column, east_of, north_of)
            window_km[row, column], window_azimuth_deg[row, column] = distance_km, math.degrees(azimuth)
            steps_of[cell], ray_of[cell] = count, rays
            intervals = interval_count(distance_km, step_km)
            if intervals < count:
                steps_of[cell] = intervals
                ray_of[cell] = int(azimuth * rays / (2.0 * math.pi) + 0.5) % rays
            per_step[steps_of[cell] + 1] += 1
            per_ray[ray_of[cell] + 1] += 1
            cell += 1
    for i in range(1, count + 2):
        per_step[i] += per_step[i - 1]
    for i in range(1, rays + 2):
        per_ray[i] += per_ray[i - 1]
    starts = per_ray
    outward, order = np.empty(cells, np.int32), np.empty(cells, np.int32)
    for cell in range(cells):
        outward[per_step[steps_of[cell]]] = cell
        per_step[steps_of[cell]] += 1
    place = np.empty(rays + 2, np.int32)
    for i in range(rays + 2):
        place[i] = starts[i]
    for i in range(cells):
        cell = int(outward[i])
        order[place[ray_of[cell]]] = cell
        place[ray_of[cell]] += 1
    return order, starts


@part
def _zeros(count: int) -> Whole:
    """Return zeros: numpy's own, as its running sums, would be compiled along, at several times the cost."""
    zeros = np.empty(count, np.int32)
    for i in range(count):
        zeros[i] = 0
    return zeros


@part
def polar_place(row: int, column: int, east_of: Floats, north_of: Floats) -> tuple[float, float]:
    """Return a window cell's distance from the site [km] and its azimuth, from 0 to 2π [rad]."""
    east_km = east_of[0] + east_of[1] * column + east_of[2] * row
    north_km = north_of[0] + north_of[1] * column + north_of[2] * row
    azimuth = math.atan2(east_km, north_km)
    return math.sqrt(east_km * east_km + north_km * north_km), azimuth if azimuth >= 0.0 else azimuth + 2.0 * math.pi


@part
def own_place(
    tx_column: float, tx_row: float, end_column: Floats, end_row: Floats, azimuth: float, along: float
) -> tuple[float, float]:
    """Return a cell's column and row in the terrain: between its two rays, ``along`` their whole length."""
    rays = end_column.shape[0]
    across = azimuth * rays / (2.0 * math.pi)
    left = min(int(across), rays - 1)
    right = left + 1 if left + 1 < rays else 0
    across -= left
    return (
        tx_column + along * (end_column[left] + across * (end_column[right] - end_column[left]) - tx_column),
        tx_row + along * (end_row[left] + across * (end_row[right] - end_row[left]) - tx_row),
    )


@part
def read_tail(
    height_m: Narrow,
    void: NDArray[np.bool_],
    tx_column: float,
    tx_row: float,
    column: float,
    row: float,
    intervals: int,
    own: int,
    tail_m: Floats,
) -> bool:
    """Fill the heights of a cell and of the last points before it, and return whether all are known.

    ``tail_m[j]`` lies j intervals before the cell.
    """
    rows, columns = height_m.shape
    if not (0.5 <= column < columns - 0.5 and 0.5 <= row < rows - 0.5):
        return False
    step_columns, step_rows = (tx_column - column) / intervals, (tx_row - row) / intervals
    read_ray(height_m, column, row, step_columns, step_rows, own + 1, tail_m)
    return void.size == 0 or first_void(void, column, row, step_columns, step_rows, own + 1) > own

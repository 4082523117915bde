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


def sorting_space(rays: int, count: int, cells: int) -> tuple[Whole, Whole, Whole]:
    """Return what `sort_cells` works in and fills: ``keys``, ``order`` and ``starts``."""
    return np.empty(cells, np.int32), np.empty(cells, np.int32), np.zeros(rays * count + 3, np.int32)


@part
def sort_cells(
    rays: int,
    count: int,
    step_km: float,
    east_of: Floats,
    north_of: Floats,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
    keys: Whole,
    order: Whole,
    starts: Whole,
) -> None:
    """Bring a window's cells into the order of their nearest rays and outward along each.

    The cells of a ray are those of ``order`` from ``starts[ray * count]`` to ``starts[(ray + 1) * count]``; those
    beyond the rays' ends come after all rays' cells. Their distances and azimuths are filled on the way.

    Parameters
    ----------
    keys, order, starts
        What `sorting_space` made.
    """
    rows, columns = window_km.shape
    cell = 0
    for row in range(rows):
        for column in range(columns):
            distance_km, azimuth = polar_place(row, column, east_of, north_of)
            window_km[row, column], window_azimuth_deg[row, column] = distance_km, math.degrees(azimuth)
            intervals = interval_count(distance_km, step_km)
            key = rays * count
            if intervals < count:
                key = int(azimuth * rays / (2.0 * math.pi) + 0.5) % rays * count + intervals
            keys[cell] = key
            starts[key + 2] += 1
            cell += 1
    for i in range(2, starts.size):
        starts[i] += starts[i - 1]
    # Until now the next place of what has a key; when all are placed, the first of the next key.
    for cell in range(order.size):
        key = keys[cell] + 1
        order[starts[key]] = cell
        starts[key] += 1


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
    rays = end_column.size
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

"""Numba kernels that shape an invented landscape: where water flows, and how high the land above it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True)
def steepest_receivers(height_m: NDArray, fixed: NDArray, east_m: float, north_m: float) -> tuple[NDArray, NDArray]:
    """Return, per cell, the flat index of the neighbour its water runs to (itself if none or fixed) and how far. [m]"""
    rows, columns = height_m.shape
    receiver = np.empty(rows * columns, dtype=np.int64)
    distance_m = np.zeros(rows * columns)
    diagonal_m = np.sqrt(east_m * east_m + north_m * north_m)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            receiver[here] = here
            if fixed[row, column]:
                continue
            steepest = 0.0
            for d_row in range(-1, 2):
                for d_column in range(-1, 2):
                    r, c = row + d_row, column + d_column
                    if (d_row == 0 and d_column == 0) or r < 0 or c < 0 or r >= rows or c >= columns:
                        continue
                    step_m = diagonal_m if d_row != 0 and d_column != 0 else (east_m if d_row == 0 else north_m)
                    slope = (height_m[row, column] - height_m[r, c]) / step_m
                    if slope > steepest:
                        steepest = slope
                        receiver[here] = r * columns + c
                        distance_m[here] = step_m
    return receiver, distance_m


@njit(cache=True)
def drained_area(receiver: NDArray, downhill_order: NDArray, cell_m2: float) -> NDArray:
    """Return the area that drains through each cell; ``downhill_order`` lists the cells from the highest down. [m²]"""
    area_m2 = np.full(receiver.size, cell_m2)
    for here in downhill_order:
        if receiver[here] != here:
            area_m2[receiver[here]] += area_m2[here]
    return area_m2


@njit(cache=True)
def raise_upstream(
    height_m: NDArray,
    receiver: NDArray,
    distance_m: NDArray,
    uphill_order: NDArray,
    slope: NDArray,
) -> NDArray:
    """Return the heights that give every cell the slope asked for towards its receiver. [m]"""
    raised_m = height_m.copy()
    for here in uphill_order:
        below = receiver[here]
        if below != here:
            raised_m[here] = raised_m[below] + slope[here] * distance_m[here]
    return raised_m

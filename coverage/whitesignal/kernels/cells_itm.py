"""All cells of a window from one site, by the Irregular Terrain Model.

A module of its own, so that a project with another model never compiles it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels import itm_rows as row
from whitesignal.kernels.cells import (
    NEAREST_KM,
    OWN_POINTS,
    first_void,
    own_place,
    read_ray,
    read_tail,
    sort_cells,
    steps_inside,
)
from whitesignal.kernels.exact import interval_count
from whitesignal.kernels.hull import push
from whitesignal.kernels.itm_block import block_losses
from whitesignal.kernels.itm_finish import finish_block
from whitesignal.kernels.itm_roughness import SCRATCH_SIZE
from whitesignal.kernels.jit import NONE, kernel, part
from whitesignal.kernels.sweep_itm import (
    AIR_SIZE,
    IRREGULARITY_M,
    RADIUS_M,
    REFRACTIVITY,
    cell_horizons,
    fit_heights,
    running_sums,
    walk_ray,
)

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]
Whole = NDArray[np.int32]
Counts = NDArray[np.int64]

GROUND, SUMS, MOMENTS = 0, 1, 2
"""Rows of a ray: heights and their running sums, the last points of a cell's own profile put in their places."""
KEPT = 3
"""From this row on the same three, as they were read."""
HULL_M, HULL_HEIGHT_M, AIR = 6, 7, 8
"""Rows of its hull, and the first of what `walk_ray` finds."""
RAY_SIZE = AIR + AIR_SIZE

FRONT, HULL, TX_AT, TX_SLOPE = 0, 1, 2, 3
"""How far a ray has come: its last point on the hull, the hull's size, the transmitter's horizon and its slope."""
STATE_SIZE = 4

CELL, INTERVALS = 0, 1
"""Rows of what a block's lanes hold: a cell's place in the window, and how many intervals its path has."""


@kernel
def sweep_site_itm(
    height_m: Narrow,
    void: NDArray[np.bool_],
    tx_column: float,
    tx_row: float,
    end_column: Floats,
    end_row: Floats,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    n0: float,
    stride: int,
    bands: Floats,
    band_count: NDArray[np.int64],
    count: int,
    clutter_db: Floats,
    east_of: Floats,
    north_of: Floats,
    keys: Whole,
    order: Whole,
    starts: Whole,
    window_loss_db: Narrow,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
    window_slope: Narrow,
) -> None:
    """Fill a window of a raster with the losses from a site.

    Parameters
    ----------
    height_m, void, tx_column, tx_row, end_column, end_row, step_km, tx_height_m, rx_height_m
        As `kernels.cells_p1812.sweep_site` has them.
    n0
        Refractivity at sea level. [N-units]
    stride
        Every how many points of a ray the terrain's irregularity is found.
    bands, band_count, count, clutter_db
        Shape (bands, BAND_SIZE); (bands,): number of a ray's points that are wanted, and the most of them; (bands,):
        terminal clutter. [dB]
    east_of, north_of, keys, order, starts, window_loss_db, window_km, window_azimuth_deg, window_slope
        As `kernels.cells_p1812.sweep_site` has them.
    """
    rows, columns = height_m.shape
    sort_cells(end_column.size, count, step_km, east_of, north_of, window_km, window_azimuth_deg, keys, order, starts)
    ray_m, held, lanes = np.empty((RAY_SIZE, count + 1)), np.empty((2, row.LANES), np.int64), NONE
    block, scratch, state = np.empty(row.BLOCK_SIZE), np.empty(SCRATCH_SIZE), np.empty(STATE_SIZE)
    for i in range(row.BLOCK_SIZE):
        block[i] = 1.0
    for ray in range(end_column.size):
        cell, after = NONE + starts[ray * count], NONE + starts[(ray + 1) * count]
        if cell == after:
            continue
        step_columns = (end_column[ray] - tx_column) / (count - 1)
        step_rows = (end_row[ray] - tx_row) / (count - 1)
        known = steps_inside(tx_column, step_columns, columns, count)
        known = min(known, steps_inside(tx_row, step_rows, rows, count))
        if void.size > 0:
            known = first_void(void, tx_column, tx_row, step_columns, step_rows, known)
        if known < 3:
            continue
        read_ray(height_m, tx_column, tx_row, step_columns, step_rows, known, ray_m[KEPT])
        running_sums(ray_m[KEPT], known, ray_m[KEPT + SUMS], ray_m[KEPT + MOMENTS])
        walk_ray(
            ray_m[KEPT], known, 1000.0 * step_km, tx_height_m, rx_height_m, n0, stride, ray_m[KEPT + SUMS],
            ray_m[HULL_M], ray_m[HULL_HEIGHT_M], scratch, ray_m[AIR:],
        )  # fmt: skip
        state[FRONT], state[HULL], state[TX_AT], state[TX_SLOPE] = 0.0, 0.0, 0.0, -np.inf
        while cell < after:
            cell, lanes = fill_cells(
                height_m, void, tx_column, tx_row, end_column, end_row, order, cell, after, known, step_km,
                tx_height_m, rx_height_m, ray_m, state, east_of, north_of, block, held, lanes, scratch,
                window_azimuth_deg, window_slope,
            )  # fmt: skip
            if lanes == row.LANES:
                write_block(
                    block, held, lanes, tx_height_m * rx_height_m, bands, band_count, clutter_db, scratch,
                    window_loss_db,
                )  # fmt: skip
                lanes = NONE
    if lanes > 0:
        write_block(block, held, lanes, tx_height_m * rx_height_m, bands, band_count, clutter_db, scratch,
                    window_loss_db)  # fmt: skip


@part
def fill_cells(
    height_m: Narrow,
    void: NDArray[np.bool_],
    tx_column: float,
    tx_row: float,
    end_column: Floats,
    end_row: Floats,
    order: Whole,
    first: int,
    last: int,
    known: int,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    ray_m: Floats,
    state: Floats,
    east_of: Floats,
    north_of: Floats,
    block: Floats,
    held: Counts,
    lanes: int,
    scratch: Floats,
    window_azimuth_deg: Narrow,
    window_slope: Narrow,
) -> tuple[int, int]:
    """Bring cells nearest to a ray into the block, in their order outward, the hull growing behind them.

    ``state`` says how far the ray has come, and the first lanes hold what came before. Returns the first cell that
    does not go into the block any more, and how many lanes it holds.
    """
    ground, sums, moments, hull_m, hull_height_m = (
        ray_m[GROUND],
        ray_m[SUMS],
        ray_m[MOMENTS],
        ray_m[HULL_M],
        ray_m[HULL_HEIGHT_M],
    )
    step_m, path, tail_m = 1000.0 * step_km, scratch[: at.PATH_SIZE], scratch[at.PATH_SIZE :]
    ground[0], sums[0], sums[1], moments[0], moments[1] = ray_m[KEPT, 0], 0.0, ray_m[KEPT, 0], 0.0, 0.0
    bulge, tx_top_m = 0.5 / ray_m[AIR + RADIUS_M, known - 1], ground[0] + tx_height_m
    front, size, tx_at, steepest = int(state[FRONT]), int(state[HULL]), int(state[TX_AT]), state[TX_SLOPE]
    (_, columns), (_, points), cell = window_slope.shape, ray_m.shape, first
    while cell < last and lanes < row.LANES:
        place_in_window = order[cell]
        cell += 1
        row_at = place_in_window // columns
        column = place_in_window - row_at * columns
        east_km = east_of[0] + east_of[1] * column + east_of[2] * row_at
        north_km = north_of[0] + north_of[1] * column + north_of[2] * row_at
        distance_km = math.sqrt(east_km * east_km + north_km * north_km)
        intervals = interval_count(distance_km, step_km)
        if intervals >= known:
            continue
        along, own = distance_km / (step_km * (points - 2)), min(OWN_POINTS, intervals - 1)
        azimuth = math.radians(window_azimuth_deg[row_at, column])
        own_column, own_row = own_place(tx_column, tx_row, end_column, end_row, azimuth, along)
        if not read_tail(height_m, void, tx_column, tx_row, own_column, own_row, intervals, own, tail_m):
            continue
        while front < intervals - own - 1:
            front += 1
            out_m = step_m * front
            ground[front], sums[front + 1] = ray_m[KEPT, front], ray_m[KEPT + SUMS, front + 1]
            moments[front + 1] = ray_m[KEPT + MOMENTS, front + 1]
            curved_m = ground[front] - bulge * out_m * out_m
            if (curved_m - tx_top_m) / out_m > steepest:
                steepest, tx_at = (curved_m - tx_top_m) / out_m, front
            size = push(hull_m, hull_height_m, size, out_m, curved_m)
        for j in range(own, -1, -1):
            ground[intervals - j] = tail_m[j]
            sums[intervals - j + 1] = sums[intervals - j] + tail_m[j]
            moments[intervals - j + 1] = moments[intervals - j] + tail_m[j] * (intervals - j)
        path[at.REFRACTIVITY], path[at.RADIUS_M] = (
            ray_m[AIR + REFRACTIVITY, intervals],
            ray_m[AIR + RADIUS_M, intervals],
        )
        path[at.IRREGULARITY_M] = ray_m[AIR + IRREGULARITY_M, intervals]
        path_m = 1000.0 * max(distance_km, NEAREST_KM)
        cell_horizons(
            ground, intervals, own, step_m, path_m, tx_height_m, rx_height_m, tx_at, hull_m, hull_height_m, size, bulge,
            path,
        )  # fmt: skip
        window_slope[row_at, column] = 1000.0 * path[at.TX_ANGLE_RAD]
        fit_heights(ground, intervals, tx_height_m, rx_height_m, sums, moments, path)
        for entry in range(at.RX_EFFECTIVE_M + 1):
            block[row.LANES * entry + lanes] = path[entry]
        held[CELL, lanes], held[INTERVALS, lanes] = place_in_window, intervals
        lanes += 1
    state[FRONT], state[HULL], state[TX_AT], state[TX_SLOPE] = front, size, tx_at, steepest
    return cell, lanes


@part
def write_block(
    block: Floats,
    held: Counts,
    lanes: int,
    structural_product_m2: float,
    bands: Floats,
    band_count: Counts,
    clutter_db: Floats,
    scratch: Floats,
    window_loss_db: Narrow,
) -> None:
    """Fill the losses of the cells that a block holds, each band as far as it is wanted."""
    nearest = held[INTERVALS, 0]
    for lane in range(lanes):
        nearest = min(nearest, held[INTERVALS, lane])
    finish_block(block, lanes, structural_product_m2, scratch)
    count, _, columns = window_loss_db.shape
    for band in range(count):
        if nearest >= band_count[band]:
            continue
        block_losses(block, bands[band], scratch)
        for lane in range(lanes):
            if held[INTERVALS, lane] < band_count[band]:
                row_at = held[CELL, lane] // columns
                column = held[CELL, lane] - row_at * columns
                window_loss_db[band, row_at, column] = block[row.LOSS_DB + lane] + clutter_db[band]

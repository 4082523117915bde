"""All cells of a window from one site, by the Irregular Terrain Model.

A module of its own, so that a project with another model never compiles it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels.cells import (
    NEAREST_KM,
    OWN_POINTS,
    first_void,
    own_place,
    polar_place,
    read_ray,
    read_tail,
    sort_cells,
    steps_inside,
)
from whitesignal.kernels.exact import interval_count
from whitesignal.kernels.hull import push
from whitesignal.kernels.itm_loss import loss_db
from whitesignal.kernels.itm_roughness import SCRATCH_SIZE
from whitesignal.kernels.jit import kernel
from whitesignal.kernels.sweep_itm import (
    cell_horizons,
    finish_cell,
    running_sums,
    spread_irregularity,
    take_tail,
    walk_horizons,
)

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]
Whole = NDArray[np.int32]


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
    clutter_db: Floats,
    east_of: Floats,
    north_of: Floats,
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
    bands, band_count, clutter_db
        Shape (bands, BAND_SIZE); (bands,): number of a ray's points that are wanted; (bands,): terminal clutter. [dB]
    east_of, north_of, window_loss_db, window_km, window_azimuth_deg, window_slope
        As `kernels.cells_p1812.sweep_site` has them.
    """
    rays, count = end_column.shape[0], int(band_count.max())
    order, starts = sort_cells(rays, count, step_km, east_of, north_of, window_km, window_azimuth_deg)
    ground, hull_m, hull_height_m = np.empty(count), np.empty(count), np.empty(count)
    sums, moments = np.empty(count + 1), np.empty(count + 1)
    paths, scratch = np.empty((count, at.PATH_SIZE)), np.empty(SCRATCH_SIZE)
    room = np.empty((3, count + 1)), np.empty(OWN_POINTS + 1), np.empty(at.PATH_SIZE), np.empty(at.TERMS_SIZE)
    step_m = 1000.0 * step_km
    for ray in range(rays):
        cells = order[starts[ray] : starts[ray + 1]]
        if cells.size == 0:
            continue
        step_columns = (end_column[ray] - tx_column) / (count - 1)
        step_rows = (end_row[ray] - tx_row) / (count - 1)
        known = steps_inside(tx_column, step_columns, height_m.shape[1], count)
        known = min(known, steps_inside(tx_row, step_rows, height_m.shape[0], count))
        if void.size > 0:
            known = first_void(void, tx_column, tx_row, step_columns, step_rows, known)
        if known < 3:
            continue
        read_ray(height_m, tx_column, tx_row, step_columns, step_rows, known, ground)
        running_sums(ground, known, sums, moments)
        walk_horizons(ground, known, step_m, tx_height_m, rx_height_m, n0, sums, hull_m, hull_height_m, paths)
        spread_irregularity(ground, known, step_m, tx_height_m, rx_height_m, stride, scratch, paths)
        fill_cells(
            height_m, void, tx_column, tx_row, end_column, end_row, ray, cells, ground, known, sums, moments, paths,
            step_km, tx_height_m, rx_height_m, hull_m, hull_height_m, bands, band_count, clutter_db, east_of, north_of,
            room, window_loss_db, window_slope,
        )  # fmt: skip


@kernel
def fill_cells(
    height_m: Narrow,
    void: NDArray[np.bool_],
    tx_column: float,
    tx_row: float,
    end_column: Floats,
    end_row: Floats,
    ray: int,
    cells: Whole,
    ground: Floats,
    known: int,
    sums: Floats,
    moments: Floats,
    paths: Floats,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    hull_m: Floats,
    hull_height_m: Floats,
    bands: Floats,
    band_count: NDArray[np.int64],
    clutter_db: Floats,
    east_of: Floats,
    north_of: Floats,
    room: tuple[Floats, Floats, Floats, Floats],
    window_loss_db: Narrow,
    window_slope: Narrow,
) -> None:
    """Fill the cells that are nearest to a ray, in their order outward, the hull growing behind them."""
    kept, tail_m, path, terms = room
    kept[0, :known], kept[1, : known + 1] = ground[:known], sums[: known + 1]
    kept[2, : known + 1] = moments[: known + 1]
    step_m = 1000.0 * step_km
    bulge, tx_top_m = 0.5 / paths[known - 1, at.RADIUS_M], ground[0] + tx_height_m
    front = size = tx_at = 0
    steepest = -np.inf
    for cell in cells:
        row = cell // window_slope.shape[1]
        column = cell - row * window_slope.shape[1]
        distance_km, azimuth = polar_place(row, column, east_of, north_of)
        intervals = interval_count(distance_km, step_km)
        if intervals >= known:
            continue
        along = distance_km / (step_km * (paths.shape[0] - 1))
        own = min(OWN_POINTS, intervals - 1)
        place = own_place(tx_column, tx_row, end_column, end_row, azimuth, along)
        inside = read_tail(height_m, void, tx_column, tx_row, place[0], place[1], intervals, own, tail_m)
        if not inside:
            continue
        while front < intervals - own - 1:
            front += 1
            out_m = step_m * front
            curved_m = kept[0, front] - bulge * out_m * out_m
            if (curved_m - tx_top_m) / out_m > steepest:
                steepest, tx_at = (curved_m - tx_top_m) / out_m, front
            size = push(hull_m, hull_height_m, size, out_m, curved_m)
        take_tail(tail_m, intervals, own, ground, sums, moments)
        for i in range(at.TX_ANGLE_RAD):  # the air and Δh
            path[i] = paths[intervals, i]
        path_m = 1000.0 * max(distance_km, NEAREST_KM)
        cell_horizons(
            ground, intervals, own, step_m, path_m, tx_height_m, rx_height_m, tx_at, hull_m, hull_height_m, size, bulge,
            path,
        )  # fmt: skip
        window_slope[row, column] = 1000.0 * path[at.TX_ANGLE_RAD]
        finish_cell(ground, intervals, tx_height_m, rx_height_m, sums, moments, path)
        for band in range(bands.shape[0]):
            if intervals < band_count[band]:
                window_loss_db[band, row, column] = loss_db(path, bands[band], terms) + clutter_db[band]
        for i in range(intervals - own, intervals + 1):
            ground[i], sums[i + 1], moments[i + 1] = kept[0, i], kept[1, i + 1], kept[2, i + 1]

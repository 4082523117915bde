"""All rays of a site for the Irregular Terrain Model; `kernels.polar` lays them on a grid.

A module of its own, so that a project with another model never compiles it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels.itm_roughness import SCRATCH_SIZE
from whitesignal.kernels.jit import kernel
from whitesignal.kernels.polar import first_void, steps_inside
from whitesignal.kernels.sweep import read_ray
from whitesignal.kernels.sweep_itm import (
    departure_slopes,
    finish_paths,
    ray_losses,
    running_sums,
    spread_irregularity,
    walk_horizons,
)

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]


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
    loss_db: Narrow,
    departure_slope: Narrow,
) -> None:
    """Fill the losses and slopes of departure along all rays of a site.

    Parameters
    ----------
    height_m, void, tx_column, tx_row, end_column, end_row, step_km, tx_height_m, rx_height_m
        As `kernels.polar.sweep_site` has them.
    n0
        Refractivity at sea level. [N-units]
    stride
        Every how many points the terrain's irregularity is found.
    bands, band_count, clutter_db
        Shape (bands, BAND_SIZE); (bands,): number of a ray's points that are wanted; (bands,): terminal clutter. [dB]
    loss_db, departure_slope
        Filled: shape (bands, rays, count) [dB] and (rays, count) [m/km]; NaN beyond the terrain or its first void.
    """
    n_bands, rays, count = loss_db.shape
    rows, columns = height_m.shape
    ground, hull_m, hull_height_m = np.empty(count), np.empty(count), np.empty(count)
    sums, moments = np.empty(count + 1), np.empty(count + 1)
    paths = np.empty((count, at.PATH_SIZE))
    terms, scratch = np.empty(at.TERMS_SIZE), np.empty(SCRATCH_SIZE)
    step_m = 1000.0 * step_km
    for ray in range(rays):
        step_columns = (end_column[ray] - tx_column) / (count - 1)
        step_rows = (end_row[ray] - tx_row) / (count - 1)
        known = steps_inside(tx_column, step_columns, columns, count)
        known = min(known, steps_inside(tx_row, step_rows, rows, count))
        if void.size > 0:
            known = first_void(void, tx_column, tx_row, step_columns, step_rows, known)
        departure_slope[ray] = np.nan
        loss_db[:, ray] = np.nan
        if known < 2:
            continue
        read_ray(height_m, tx_column, tx_row, step_columns, step_rows, known, ground)
        running_sums(ground, known, sums, moments)
        walk_horizons(ground, known, step_m, tx_height_m, rx_height_m, n0, sums, hull_m, hull_height_m, paths)
        departure_slopes(paths, known, departure_slope[ray])
        spread_irregularity(ground, known, step_m, tx_height_m, rx_height_m, stride, scratch, paths)
        finish_paths(ground, known, step_m, tx_height_m, rx_height_m, sums, moments, paths)
        for band in range(n_bands):
            ray_losses(paths, min(known, band_count[band]), bands[band], clutter_db[band], terms, loss_db[band, ray])
            loss_db[band, ray, 0] = loss_db[band, ray, 1]

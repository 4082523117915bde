"""Terrain profiles from one site to many points for the Irregular Terrain Model: the exact engine's inner loop."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels import itm_rows as row
from whitesignal.kernels.exact import DISTANCE, GROUND, interval_count, read_profile
from whitesignal.kernels.itm_block import block_losses, load_block
from whitesignal.kernels.itm_finish import finish_block
from whitesignal.kernels.itm_path import terrain_path
from whitesignal.kernels.itm_roughness import SCRATCH_SIZE
from whitesignal.kernels.jit import kernel, part

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@kernel
def trace_itm(
    height_m: NDArray[np.float32],
    void: Flags,
    outside_m: float,
    tx_column: float,
    tx_row: float,
    rx_column: Floats,
    rx_row: Floats,
    path_km: Floats,
    tx_height_m: float,
    rx_height_m: float,
    step_km: float,
    space: Floats,
    point_known: Flags,
    n0: float,
    geometry: Floats,
    slant_km: Floats,
    known: Flags,
) -> None:
    """Fill the geometry of the paths from one site to n points, as `kernels.exact.trace` does for other models.

    Parameters
    ----------
    height_m, void, outside_m, tx_column, tx_row, rx_column, rx_row, path_km, tx_height_m, rx_height_m, step_km,
    space, point_known
        As `kernels.exact.trace` has them.
    n0
        Refractivity at sea level. [N-units]
    geometry, slant_km, known
        Filled: shape (n, itm_layout.PATH_SIZE), the warnings NaN; distance between the antennas, (n,) [km];
        whether all terrain is known, (n,).
    """
    distance_km, profile_m = space[DISTANCE], space[GROUND]
    scratch = np.empty(SCRATCH_SIZE)
    for k in range(path_km.size):
        count = interval_count(path_km[k], step_km) + 1
        known[k] = read_profile(
            height_m, void, outside_m, tx_column, tx_row, rx_column[k], rx_row[k], path_km[k], count,
            distance_km, profile_m, point_known,
        )  # fmt: skip
        rise_km = (profile_m[0] + tx_height_m - profile_m[count - 1] - rx_height_m) / 1000.0
        slant_km[k] = math.sqrt(path_km[k] ** 2 + rise_km**2)
        step_m = 1000.0 * path_km[k] / (count - 1)
        terrain_path(profile_m, count, step_m, tx_height_m, rx_height_m, n0, scratch, geometry[k])
        geometry[k, at.WARNINGS] = math.nan
    _finish(geometry, tx_height_m * rx_height_m, scratch)


@part
def _finish(geometry: Floats, structural_product_m2: float, scratch: Floats) -> None:
    """Fill the latter part of the paths, a block of them at a time."""
    block = np.empty(row.BLOCK_SIZE)
    for i in range(row.BLOCK_SIZE):
        block[i] = 1.0
    paths, _ = geometry.shape
    for first in range(0, paths, row.LANES):
        lanes = min(row.LANES, paths - first)
        for entry in range(at.PATH_SIZE):
            for lane in range(lanes):
                block[row.LANES * entry + lane] = geometry[first + lane, entry]
        finish_block(block, lanes, structural_product_m2, scratch)
        for entry in range(at.PATH_SIZE):
            for lane in range(lanes):
                geometry[first + lane, entry] = block[row.LANES * entry + lane]


@kernel
def itm_losses(geometry: Floats, bands: Floats, loss_db: Floats) -> None:
    """Fill the loss of n paths in m bands, shape (n, m); ``bands`` holds m vectors of BAND_SIZE. [dB]"""
    block, path = np.empty(row.BLOCK_SIZE), np.empty(at.PATH_SIZE)
    band_count, _ = bands.shape
    for i in range(row.BLOCK_SIZE):
        block[i] = 1.0
    paths, _ = geometry.shape
    for first in range(0, paths, row.LANES):
        lanes = min(row.LANES, paths - first)
        load_block(geometry, first, lanes, block)
        for band in range(band_count):
            block_losses(block, bands[band], path)
            for lane in range(lanes):
                loss_db[first + lane, band] = block[row.LOSS_DB + lane]

"""Loops around the library's kernels that only a measurement needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout, itm_roughness
from whitesignal.kernels.cells import read_ray
from whitesignal.kernels.itm_loss import loss_db as itm_loss_db
from whitesignal.kernels.itm_path import path_geometry as itm_geometry
from whitesignal.kernels.jit import kernel
from whitesignal.kernels.p1812 import GEOMETRY_SIZE, path_geometry, set_climate
from whitesignal.kernels.p1812_band import TERMS_SIZE, basic_loss_db

Floats = NDArray[np.float64]

SCRATCH_SIZE = itm_roughness.SCRATCH_SIZE
PATH_SIZE, ITM_TERMS_SIZE = itm_layout.PATH_SIZE, itm_layout.TERMS_SIZE


@kernel
def p1812_of_profiles(
    distance_km: Floats,
    profiles_m: Floats,
    bands_mhz: Floats,
    tx_m: float,
    rx_m: float,
    radius_km: float,
    n0: float,
    rounds: int,
) -> float:
    """Return the sum of P.1812's losses over all profiles, shape (n, points), and bands. [dB]"""
    geometry, terms = np.empty(GEOMETRY_SIZE), np.empty(TERMS_SIZE)
    inland = np.empty(0, np.int8)
    count = distance_km.shape[0]
    total_db = 0.0
    for turn in range(rounds * profiles_m.shape[0]):
        k = turn % profiles_m.shape[0]
        path_geometry(distance_km, profiles_m[k], profiles_m[k], inland, count, tx_m, rx_m, radius_km, False, geometry)
        set_climate(geometry, 50.0, n0, 22.5, 500.0, 500.0)
        for band in range(bands_mhz.shape[0]):
            total_db += basic_loss_db(geometry, bands_mhz[band], True, 0.0, terms)
    return total_db


@kernel
def itm_of_profiles(
    profiles_m: Floats, step_m: float, bands: Floats, tx_m: float, rx_m: float, n0: float, rounds: int
) -> float:
    """Return the sum of ITM's losses over all profiles, shape (n, points), and band vectors, shape (m, …). [dB]"""
    path, terms, scratch = np.empty(PATH_SIZE), np.empty(ITM_TERMS_SIZE), np.empty(SCRATCH_SIZE)
    total_db = 0.0
    for turn in range(rounds * profiles_m.shape[0]):
        k = turn % profiles_m.shape[0]
        itm_geometry(profiles_m[k], profiles_m.shape[1], step_m, tx_m, rx_m, n0, scratch, path)
        for band in range(bands.shape[0]):
            total_db += itm_loss_db(path, bands[band], terms)
    return total_db


@kernel
def read_rays(
    height_m: NDArray[np.float32], column: float, row: float, step_columns: Floats, step_rows: Floats, count: int
) -> float:
    """Read the terrain along every ray of a site, and nothing else."""
    profile_m = np.empty(count)
    last_m = 0.0
    for ray in range(step_columns.shape[0]):
        read_ray(height_m, column, row, step_columns[ray], step_rows[ray], count, profile_m)
        last_m += profile_m[count - 1]
    return last_m

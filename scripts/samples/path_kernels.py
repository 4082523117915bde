"""Losses from one mast to many points by two readings of the same physics, for choosing places that both agree on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.diffraction import GEOMETRY_SIZE, TERMS_SIZE, delta_bullington_loss_db, path_geometry
from whitesignal.kernels.exact import interval_count, read_profile
from whitesignal.kernels.jit import kernel

Floats = NDArray[np.float64]


@kernel
def losses_both_ways(  # noqa: PLR0913 - a kernel takes scalars and arrays, nothing that groups them
    height_m: NDArray[np.float32],
    tx_column: float,
    tx_row: float,
    rx_column: Floats,
    rx_row: Floats,
    path_km: Floats,
    tx_height_m: float,
    rx_height_m: float,
    clutter_height_m: float,
    step_km: float,
    effective_radius_km: float,
    permittivity: float,
    conductivity_s_per_m: float,
    bands_mhz: Floats,
    loss_db: NDArray[np.float32],
) -> None:
    """Fill free space plus delta-Bullington of n paths in m bands, shape (n, m, 2). [dB]

    The last axis: over bare ground, and over ground raised everywhere between the ends by ``clutter_height_m``.
    """
    longest = 0.0
    for k in range(path_km.shape[0]):
        longest = max(longest, path_km[k])
    size = interval_count(longest, step_km) + 1
    distance_km = np.empty(size)
    profile_m = np.empty(size)
    surface_m = np.empty(size)
    known = np.empty(size, np.bool_)
    no_void = np.zeros(height_m.shape, np.bool_)
    geometry = np.empty(GEOMETRY_SIZE)
    terms = np.empty(TERMS_SIZE)
    for k in range(path_km.shape[0]):
        count = interval_count(path_km[k], step_km) + 1
        read_profile(
            height_m, no_void, 0.0, tx_column, tx_row, rx_column[k], rx_row[k], path_km[k], count,
            distance_km, profile_m, known,
        )  # fmt: skip
        rise_km = (profile_m[0] + tx_height_m - profile_m[count - 1] - rx_height_m) / 1000.0
        slant_km = math.sqrt(path_km[k] ** 2 + rise_km**2)
        for way in range(2):
            for i in range(count):
                surface_m[i] = profile_m[i] + way * clutter_height_m
            path_geometry(
                distance_km, profile_m, surface_m, count, tx_height_m, rx_height_m, effective_radius_km, geometry
            )
            for band in range(bands_mhz.shape[0]):
                free_space_db = 32.4 + 20.0 * math.log10(bands_mhz[band]) + 20.0 * math.log10(slant_km)
                loss_db[k, band, way] = free_space_db + delta_bullington_loss_db(
                    geometry, bands_mhz[band], True, permittivity, conductivity_s_per_m, 0.0, effective_radius_km, terms
                )

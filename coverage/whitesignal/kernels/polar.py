"""From rays to a raster: all rays of a site, their losses laid on a grid, and the best station kept as they come."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import kernel
from whitesignal.kernels.sweep import DEPARTURE_SLOPE, RAY_ROWS, read_ray, walk_ray
from whitesignal.kernels.sweep_loss import ray_losses

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]

NO_LEVEL = -32768
NO_CELL = -1

MAX_ATTENUATION_DB = 25.0
MAX_VERTICAL_ATTENUATION_DB = 20.0
VERTICAL_BEAMWIDTH_DEG = 10.0
"""The sector pattern of `radio.antenna`, whose twin `reduce_cell` is."""


@kernel
def steps_inside(start: float, step: float, cells: int, count: int) -> int:
    """Return how many of ``count`` places start, start + step, … lie between the outermost cells' centres."""
    if step > 0.0:
        return min(count, max(0, math.ceil((cells - 0.5 - start) / step - 1e-9)))
    if step < 0.0:
        return min(count, max(0, math.floor((start - 0.5) / -step) + 1))
    return count


@kernel
def first_void(
    void: NDArray[np.bool_], tx_column: float, tx_row: float, step_columns: float, step_rows: float, count: int
) -> int:
    """Return the first of ``count`` places on a line that leans on a void, ``count`` if none does."""
    for k in range(count):
        left, upper = int(tx_column - 0.5 + step_columns * k), int(tx_row - 0.5 + step_rows * k)
        if void[upper, left] | void[upper, left + 1] | void[upper + 1, left] | void[upper + 1, left + 1]:
            return k
    return count


@kernel
def sweep_site(
    height_m: Narrow,
    surface_m: Narrow,
    void: NDArray[np.bool_],
    tx_column: float,
    tx_row: float,
    end_column: Floats,
    end_row: Floats,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    bands_mhz: Floats,
    band_count: NDArray[np.int64],
    free_space_db: Floats,
    scatter_db: Floats,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    loss_db: Narrow,
    departure_slope: Narrow,
) -> None:
    """Fill the losses and slopes of departure along all rays of a site.

    Parameters
    ----------
    height_m, surface_m
        Bare ground, and ground with clutter: of the same shape, or empty where no clutter is known. [m]
    void
        Of the same shape, or empty where there is none.
    end_column, end_row
        Cell coordinates of the rays' ends, shape (rays,); the transmitter lies well inside.
    bands_mhz, band_count, free_space_db, scatter_db
        Shape (bands,): frequency, number of a ray's points that are wanted, and the terms of `ray_losses`.
    loss_db, departure_slope
        Filled: shape (bands, rays, count) [dB] and (rays, count) [m/km]; NaN beyond the terrain or its first void.
    """
    bands, rays, count = loss_db.shape
    rows, columns = height_m.shape
    ground, surface = np.empty(count), np.empty(count)
    hull_km, hull_m = np.empty(count), np.empty(count)
    ray = np.empty((RAY_ROWS, count))
    bare = surface_m.size == 0
    for at in range(rays):
        step_columns = (end_column[at] - tx_column) / (count - 1)
        step_rows = (end_row[at] - tx_row) / (count - 1)
        known = steps_inside(tx_column, step_columns, columns, count)
        known = min(known, steps_inside(tx_row, step_rows, rows, count))
        if void.size > 0:
            known = first_void(void, tx_column, tx_row, step_columns, step_rows, known)
        departure_slope[at] = np.nan
        loss_db[:, at] = np.nan
        if known < 2:
            continue
        read_ray(height_m, tx_column, tx_row, step_columns, step_rows, known, ground)
        if not bare:
            read_ray(surface_m, tx_column, tx_row, step_columns, step_rows, known, surface)
        walk_ray(
            ground, ground if bare else surface, known, step_km, tx_height_m, rx_height_m, effective_radius_km,
            hull_km, hull_m, ray,
        )  # fmt: skip
        departure_slope[at, 1:known] = ray[DEPARTURE_SLOPE, 1:known]
        departure_slope[at, 0] = departure_slope[at, 1]
        for band in range(bands):
            ray_losses(
                ray, min(known, band_count[band]), step_km, bands_mhz[band], vertical, permittivity, conductivity,
                effective_radius_km, free_space_db[band], scatter_db[band], loss_db[band, at],
            )  # fmt: skip
            loss_db[band, at, 0] = loss_db[band, at, 1]


@kernel
def lay_on_grid(
    loss_db: Narrow,
    departure_slope: Narrow,
    step_km: float,
    east_of: Floats,
    north_of: Floats,
    window_loss_db: Narrow,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
    window_slope: Narrow,
) -> None:
    """Fill a window of a raster from rays, bilinear in azimuth and distance.

    Parameters
    ----------
    loss_db, departure_slope
        As `sweep_site` fills them.
    east_of, north_of
        East and north of the site as (constant, per column, per row) of the window's cell centres, shape (3,). [km]
    window_loss_db, window_km, window_azimuth_deg, window_slope
        Filled: shape (bands, rows, columns) [dB] and (rows, columns) [km], [deg], [m/km]; NaN where a ray that counts
        has none.
    """
    bands, rays, count = loss_db.shape
    rows, columns = window_km.shape
    per_radian = rays / (2.0 * math.pi)
    for row in range(rows):
        for column in range(columns):
            east_km = east_of[0] + east_of[1] * column + east_of[2] * row
            north_km = north_of[0] + north_of[1] * column + north_of[2] * row
            distance_km = math.sqrt(east_km * east_km + north_km * north_km)
            along = distance_km / step_km
            window_km[row, column] = distance_km
            if along >= count - 1:
                window_loss_db[:, row, column] = np.nan
                continue
            azimuth = math.atan2(east_km, north_km)
            if azimuth < 0.0:
                azimuth += 2.0 * math.pi
            window_azimuth_deg[row, column] = math.degrees(azimuth)
            across = azimuth * per_radian
            left = min(int(across), rays - 1)
            across -= left
            right = left + 1 if left + 1 < rays else 0
            near = int(along)
            along -= near
            weight_1, weight_2 = (1.0 - across) * (1.0 - along), (1.0 - across) * along
            weight_3, weight_4 = across * (1.0 - along), across * along
            window_slope[row, column] = (
                departure_slope[left, near] * weight_1
                + departure_slope[left, near + 1] * weight_2
                + departure_slope[right, near] * weight_3
                + departure_slope[right, near + 1] * weight_4
            )
            for band in range(bands):
                window_loss_db[band, row, column] = (
                    loss_db[band, left, near] * weight_1
                    + loss_db[band, left, near + 1] * weight_2
                    + loss_db[band, right, near] * weight_3
                    + loss_db[band, right, near + 1] * weight_4
                )


@kernel
def reduce_cell(
    window_loss_db: Narrow,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
    window_slope: Narrow,
    wanted: NDArray[np.bool_],
    cell: int,
    rank: NDArray[np.int64],
    eirp_dbm: float,
    sectors_deg: Floats,
    beamwidth_deg: float,
    tilt_deg: float,
    max_km: float,
    uplink_max_loss_db: float,
    level: NDArray[np.int16],
    server: NDArray[np.int32],
    served: NDArray[np.int16],
    served_any: NDArray[np.int16],
) -> None:
    """Take one cell's levels over a window into the best so far: levels in hundredths of a dBm.

    ``level`` and ``server`` have shape (2, rows, columns): the best and the second best; ``served`` and ``served_any``
    (1, rows, columns): the best that the uplink reaches too, of the cell's operator and of all. Of equal levels the
    cell of the lowest rank stays ahead, so the order in which cells come does not matter.
    """
    rows, columns = window_km.shape
    for row in range(rows):
        for column in range(columns):
            loss_db = float(window_loss_db[row, column])
            if not wanted[row, column] or window_km[row, column] > max_km or math.isnan(loss_db):
                continue
            pattern_db = 0.0
            if sectors_deg.size > 0:
                off_axis = 180.0
                for sector in range(sectors_deg.size):
                    turn = abs((window_azimuth_deg[row, column] - sectors_deg[sector] + 180.0) % 360.0 - 180.0)
                    off_axis = min(off_axis, turn)
                pattern_db = min(12.0 * (off_axis / beamwidth_deg) ** 2, MAX_ATTENUATION_DB)
            if not math.isnan(tilt_deg):
                below = -math.degrees(math.atan(0.001 * window_slope[row, column])) - tilt_deg
                vertical_db = min(12.0 * (below / VERTICAL_BEAMWIDTH_DEG) ** 2, MAX_VERTICAL_ATTENUATION_DB)
                pattern_db = min(pattern_db + vertical_db, MAX_ATTENUATION_DB)
            here = int(min(max(round((eirp_dbm - pattern_db - loss_db) * 100.0), NO_LEVEL + 1), 32767))
            if _ahead(here, cell, level[0, row, column], server[0, row, column], rank):
                level[1, row, column], server[1, row, column] = level[0, row, column], server[0, row, column]
                level[0, row, column], server[0, row, column] = here, cell
            elif _ahead(here, cell, level[1, row, column], server[1, row, column], rank):
                level[1, row, column], server[1, row, column] = here, cell
            if loss_db <= uplink_max_loss_db:
                served[0, row, column] = max(served[0, row, column], here)
                served_any[0, row, column] = max(served_any[0, row, column], here)


@kernel
def _ahead(level: int, cell: int, other_level: int, other: int, rank: NDArray[np.int64]) -> bool:
    """Return whether a cell comes before another: by level, then by rank."""
    return level > other_level or (level == other_level and (other == NO_CELL or rank[cell] < rank[other]))

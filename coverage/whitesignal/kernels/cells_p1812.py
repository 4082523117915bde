"""All cells of a window from one site, by P.1812 at 50 % of time or by free space and diffraction alone.

Rays are walked outward once and keep the upper hull of their terrain; each cell of the map takes the nearest ray's hull
and running sums up to a few points before itself, and reads those last points, its own ground among them, on its own
profile. What stands near the receiver decides most of a loss, and there nothing is borrowed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
from whitesignal.kernels.jit import NONE, kernel, part
from whitesignal.kernels.sweep import (
    DEPARTURE_SLOPE,
    FRONT_SIZE,
    PATH_KM,
    PATH_SIZE,
    TX_FLAT_SLOPE,
    TX_SLOPE,
    cell_geometry,
    fitted_sums,
)
from whitesignal.kernels.sweep_loss import path_loss_db

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]
Whole = NDArray[np.int32]


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
    height_m, surface_m
        Bare ground, and ground with clutter: of the same shape, or empty where no clutter is known. [m]
    void
        Of the same shape, or empty where there is none.
    end_column, end_row
        Cell coordinates of the rays' ends, shape (rays,), clockwise from north; the transmitter lies well inside.
    bands_mhz, band_count, free_space_db, scatter_db
        Shape (bands,): frequency, number of a ray's points that are wanted, and the terms of `path_loss_db`.
    east_of, north_of
        East and north of the site as (constant, per column, per row) of the window's cell centres, shape (3,). [km]
    window_loss_db, window_km, window_azimuth_deg, window_slope
        Filled: shape (bands, rows, columns) [dB] and (rows, columns) [km], [deg], [m/km]. Losses beyond the terrain or
        a void, on the nearest ray or on the own points, are left as they are.
    """
    rays, count = end_column.shape[0], NONE
    for band in range(band_count.shape[0]):
        count = max(count, int(band_count[band]))
    order, starts = sort_cells(rays, count, step_km, east_of, north_of, window_km, window_azimuth_deg)
    ground, surface = np.empty(count), np.empty(count)
    area, moment = np.empty(count), np.empty(count)
    hull_km, hull_m = np.empty(count), np.empty(count)
    for ray in range(rays):
        first, after = int(starts[ray]), int(starts[ray + 1])
        if first == after:
            continue
        step_columns = (end_column[ray] - tx_column) / (count - 1)
        step_rows = (end_row[ray] - tx_row) / (count - 1)
        known = steps_inside(tx_column, step_columns, height_m.shape[1], count)
        known = min(known, steps_inside(tx_row, step_rows, height_m.shape[0], count))
        if void.size > 0:
            known = first_void(void, tx_column, tx_row, step_columns, step_rows, known)
        if known < 1:
            continue
        read_ray(height_m, tx_column, tx_row, step_columns, step_rows, known, ground)
        # Without clutter the surface is the ground.
        covered = ground
        if surface_m.size > 0:
            read_ray(surface_m, tx_column, tx_row, step_columns, step_rows, known, surface)
            covered = surface
        fitted_sums(ground, known, step_km, area, moment)
        fill_cells(
            height_m, surface_m, void, tx_column, tx_row, end_column, end_row, order, first, after, ground,
            covered, known, area, moment, count, step_km, tx_height_m, rx_height_m,
            effective_radius_km, hull_km, hull_m, bands_mhz, band_count, free_space_db, scatter_db, vertical,
            permittivity, conductivity, east_of, north_of, window_loss_db, window_km, window_azimuth_deg, window_slope,
        )  # fmt: skip


@part
def fill_cells(
    height_m: Narrow,
    surface_m: Narrow,
    void: NDArray[np.bool_],
    tx_column: float,
    tx_row: float,
    end_column: Floats,
    end_row: Floats,
    order: Whole,
    first: int,
    after: int,
    ground: Floats,
    surface: Floats,
    known: int,
    area: Floats,
    moment: Floats,
    count: int,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    hull_km: Floats,
    hull_m: Floats,
    bands_mhz: Floats,
    band_count: NDArray[np.int64],
    free_space_db: Floats,
    scatter_db: Floats,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    east_of: Floats,
    north_of: Floats,
    window_loss_db: Narrow,
    window_km: Narrow,
    window_azimuth_deg: Narrow,
    window_slope: Narrow,
) -> None:
    """Fill the cells that are nearest to a ray, in their order outward, the hull growing behind them."""
    bulge, tx_m = 500.0 / effective_radius_km, ground[0] + tx_height_m
    own_ground, own_surface = np.empty(OWN_POINTS + 1), np.empty(OWN_POINTS + 1)
    front, path = np.empty(FRONT_SIZE), np.empty(PATH_SIZE)
    front[TX_SLOPE] = front[TX_FLAT_SLOPE] = -np.inf
    at = size = NONE
    for i in range(first, after):
        cell = int(order[i])
        row, column = cell // window_km.shape[1], cell % window_km.shape[1]
        distance_km, azimuth = polar_place(row, column, east_of, north_of)
        intervals = interval_count(distance_km, step_km)
        own = min(OWN_POINTS, intervals - 1)
        if intervals - own - 1 >= known:
            continue
        place = own_place(tx_column, tx_row, end_column, end_row, azimuth, distance_km / (step_km * (count - 1)))
        if not read_tail(height_m, void, tx_column, tx_row, place[0], place[1], intervals, own, own_ground):
            continue
        own_covered = own_ground
        if surface_m.size > 0:
            read_tail(surface_m, void, tx_column, tx_row, place[0], place[1], intervals, own, own_surface)
            own_covered = own_surface
        while at < intervals - own - 1:
            at += 1
            here_km = step_km * at
            curved_m = surface[at] - bulge * here_km * here_km
            front[TX_SLOPE] = max(front[TX_SLOPE], (curved_m - tx_m) / here_km)
            front[TX_FLAT_SLOPE] = max(front[TX_FLAT_SLOPE], (ground[at] - tx_m) / here_km)
            size = push(hull_km, hull_m, size, here_km, curved_m)
        path[PATH_KM] = max(distance_km, NEAREST_KM)
        cell_geometry(
            own_ground, own_covered, own, intervals, step_km * at, ground[at],
            area[at], moment[at], front, ground[0], tx_height_m, rx_height_m, effective_radius_km, hull_km, hull_m,
            size, path,
        )  # fmt: skip
        window_slope[row, column] = path[DEPARTURE_SLOPE]
        for band in range(bands_mhz.shape[0]):
            if intervals < band_count[band]:
                window_loss_db[band, row, column] = path_loss_db(
                    path, bands_mhz[band], vertical, permittivity, conductivity, effective_radius_km,
                    free_space_db[band], scatter_db[band],
                )  # fmt: skip

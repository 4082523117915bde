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

GROUND, SURFACE, AREA, MOMENT, HULL_KM, HULL_M = range(6)
"""Rows of the working space: a ray's heights, bare and with clutter, their running sums, and its hull."""
OWN_GROUND, OWN_SURFACE, FRONT, PATH = range(6, 10)
"""More rows: a cell's own points, and what `kernels.sweep` finds of the ray and of the path."""

BAND_MHZ, FREE_SPACE_DB, SCATTER_DB, POINTS = range(4)
"""What is known of a band: its frequency, the terms of `path_loss_db`, how many of a ray's points are wanted."""
BAND_SIZE = 4


def working_space(count: int) -> Floats:
    """Return what `sweep_site` works in, for rays of ``count`` points."""
    return np.empty((PATH + 1, max(count, OWN_POINTS + 1, PATH_SIZE)))


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
    bands: Floats,
    count: int,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    east_of: Floats,
    north_of: Floats,
    keys: Whole,
    order: Whole,
    starts: Whole,
    space: Floats,
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
    bands, count
        Shape (bands, BAND_SIZE), this module's constants name the entries; the most points of a ray that are wanted.
    east_of, north_of
        East and north of the site as (constant, per column, per row) of the window's cell centres, shape (3,). [km]
    keys, order, starts, space
        What `cells.sorting_space` and `working_space` made.
    window_loss_db, window_km, window_azimuth_deg, window_slope
        Filled: shape (bands, rows, columns) [dB] and (rows, columns) [km], [deg], [m/km]. Losses beyond the terrain or
        a void, on the nearest ray or on the own points, are left as they are.
    """
    rows, columns = height_m.shape
    sort_cells(end_column.size, count, step_km, east_of, north_of, window_km, window_azimuth_deg, keys, order, starts)
    ground = space[GROUND]
    for ray in range(end_column.size):
        first, after = starts[ray * count], starts[(ray + 1) * count]
        if first == after:
            continue
        step_columns = (end_column[ray] - tx_column) / (count - 1)
        step_rows = (end_row[ray] - tx_row) / (count - 1)
        known = steps_inside(tx_column, step_columns, columns, count)
        known = min(known, steps_inside(tx_row, step_rows, rows, count))
        if void.size > 0:
            known = first_void(void, tx_column, tx_row, step_columns, step_rows, known)
        if known < 1:
            continue
        read_ray(height_m, tx_column, tx_row, step_columns, step_rows, known, ground)
        if surface_m.size > 0:
            read_ray(surface_m, tx_column, tx_row, step_columns, step_rows, known, space[SURFACE])
        fitted_sums(ground, known, step_km, space[AREA], space[MOMENT])
        fill_cells(
            height_m, surface_m, void, tx_column, tx_row, end_column, end_row, order, first, after, known,
            step_km * (count - 1), step_km, tx_height_m, rx_height_m, effective_radius_km, bands, vertical,
            permittivity, conductivity, east_of, north_of, space, window_loss_db, window_slope,
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
    known: int,
    length_km: float,
    step_km: float,
    tx_height_m: float,
    rx_height_m: float,
    effective_radius_km: float,
    bands: Floats,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    east_of: Floats,
    north_of: Floats,
    space: Floats,
    window_loss_db: Narrow,
    window_slope: Narrow,
) -> None:
    """Fill the cells that are nearest to a ray, in their order outward, the hull growing behind them."""
    ground, area, moment, hull_km, hull_m = space[GROUND], space[AREA], space[MOMENT], space[HULL_KM], space[HULL_M]
    own_ground, own_surface, front, path = space[OWN_GROUND], space[OWN_SURFACE], space[FRONT], space[PATH]
    surface = ground
    if surface_m.size > 0:
        surface = space[SURFACE]
    else:
        own_surface = own_ground
    bulge, tx_m = 500.0 / effective_radius_km, ground[0] + tx_height_m
    front[TX_SLOPE] = front[TX_FLAT_SLOPE] = -np.inf
    at = size = NONE
    band_count, _, columns = window_loss_db.shape
    for i in range(first, after):
        row = order[i] // columns
        column = order[i] - row * columns
        distance_km, azimuth = polar_place(row, column, east_of, north_of)
        intervals = interval_count(distance_km, step_km)
        own = min(OWN_POINTS, intervals - 1)
        if intervals - own - 1 >= known:
            continue
        own_column, own_row = own_place(tx_column, tx_row, end_column, end_row, azimuth, distance_km / length_km)
        if not read_tail(height_m, void, tx_column, tx_row, own_column, own_row, intervals, own, own_ground):
            continue
        if surface_m.size > 0:
            read_tail(surface_m, void, tx_column, tx_row, own_column, own_row, intervals, own, own_surface)
        while at < intervals - own - 1:
            at += 1
            here_km = step_km * at
            curved_m = surface[at] - bulge * here_km * here_km
            front[TX_SLOPE] = max(front[TX_SLOPE], (curved_m - tx_m) / here_km)
            front[TX_FLAT_SLOPE] = max(front[TX_FLAT_SLOPE], (ground[at] - tx_m) / here_km)
            size = push(hull_km, hull_m, size, here_km, curved_m)
        path[PATH_KM] = max(distance_km, NEAREST_KM)
        cell_geometry(
            own_ground, own_surface, own, intervals, step_km * at, ground[at], area[at], moment[at], front, ground[0],
            tx_height_m, rx_height_m, effective_radius_km, hull_km, hull_m, size, path,
        )  # fmt: skip
        window_slope[row, column] = path[DEPARTURE_SLOPE]
        for band in range(band_count):
            if intervals < bands[band, POINTS]:
                window_loss_db[band, row, column] = path_loss_db(
                    path, bands[band, BAND_MHZ], vertical, permittivity, conductivity, effective_radius_km,
                    bands[band, FREE_SPACE_DB], bands[band, SCATTER_DB],
                )  # fmt: skip

"""Terrain profiles from one site to many points, and their geometry: the exact engine's inner loop."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.diffraction import (
    TERMS_SIZE,
    delta_bullington_loss_db,
    path_geometry,
)
from whitesignal.kernels.jit import kernel, part
from whitesignal.kernels.p1812 import INLAND, set_climate
from whitesignal.kernels.p1812 import path_geometry as p1812_geometry
from whitesignal.kernels.p1812_band import basic_loss_db

Heights = NDArray[np.float32]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

MIN_INTERVALS = 2
"""A profile has at least one point between its ends."""

SLACK = 1e-6
"""What rounding may add to a place on the raster's border. [cells]"""


DISTANCE, GROUND, SURFACE = range(3)
"""Rows of the working space, for one profile at a time."""


def working_space(path_km: Floats, step_km: float) -> tuple[Floats, Flags]:
    """Return what the kernels that trace paths of these lengths work in: a profile, and where it is known."""
    size = interval_count(float(path_km.max(initial=0.0)), step_km) + 1
    return np.empty((SURFACE + 1, size)), np.empty(size, np.bool_)


@part
def terrain_height(height_m: Heights, void: Flags, outside_m: float, column: float, row: float) -> tuple[float, bool]:
    """Return the ground's height [m] at a place in cell coordinates, bilinear, and whether it is known there.

    ``column`` and ``row`` count from the raster's upper-left corner, so a cell's centre lies at a half. The outermost
    half cell takes the border cell's height; further out it is ``outside_m``, unknown. ``void`` is empty where the
    terrain has none.
    """
    rows, columns = height_m.shape
    if not (-SLACK <= column <= columns + SLACK and -SLACK <= row <= rows + SLACK):
        return outside_m, False
    across = min(max(column - 0.5, 0.0), columns - 1.0)
    down = min(max(row - 0.5, 0.0), rows - 1.0)
    left = min(int(across), max(columns - 2, 0))
    upper = min(int(down), max(rows - 2, 0))
    right = min(left + 1, columns - 1)
    lower = min(upper + 1, rows - 1)
    across -= left
    down -= upper
    upper_left, upper_right = float(height_m[upper, left]), float(height_m[upper, right])
    lower_left, lower_right = float(height_m[lower, left]), float(height_m[lower, right])
    above = upper_left + (upper_right - upper_left) * across
    below = lower_left + (lower_right - lower_left) * across
    known = True
    if void.size > 0:
        known = not (void[upper, left] or void[upper, right] or void[lower, left] or void[lower, right])
    return above + (below - above) * down, known


@part
def interval_count(path_km: float, step_km: float) -> int:
    """Return the number of equal intervals, none longer than the step, that a path is cut into."""
    return max(math.ceil(path_km / step_km - 1e-9), MIN_INTERVALS)


@part
def read_profile(
    height_m: Heights,
    void: Flags,
    outside_m: float,
    tx_column: float,
    tx_row: float,
    rx_column: float,
    rx_row: float,
    path_km: float,
    count: int,
    distance_km: Floats,
    profile_m: Floats,
    known: Flags,
) -> bool:
    """Fill a profile of ``count`` equidistant points along the straight line in the raster's coordinates.

    Returns True where every height is known; ``known`` says it for each point.
    """
    rows, columns = height_m.shape
    low_column, high_column = min(tx_column, rx_column) - 0.5, max(tx_column, rx_column) - 0.5
    low_row, high_row = min(tx_row, rx_row) - 0.5, max(tx_row, rx_row) - 0.5
    # Short of the last cell's centre by more than rounding adds along the way: its neighbour must exist.
    inside = low_column >= 0.0 and low_row >= 0.0 and high_column < columns - 1 - SLACK and high_row < rows - 1 - SLACK
    step_km = path_km / (count - 1)
    step_columns = (rx_column - tx_column) / (count - 1)
    step_rows = (rx_row - tx_row) / (count - 1)
    all_known = True
    if not inside:
        for i in range(count):
            distance_km[i] = step_km * i
            profile_m[i], known[i] = terrain_height(
                height_m, void, outside_m, tx_column + step_columns * i, tx_row + step_rows * i
            )
            all_known = all_known and known[i]
        return all_known
    # The common case, four times as fast: a line between two inner places needs no test at any point.
    for i in range(count):
        across = tx_column - 0.5 + step_columns * i
        down = tx_row - 0.5 + step_rows * i
        left, upper = int(across), int(down)
        across -= left
        down -= upper
        upper_left, upper_right = float(height_m[upper, left]), float(height_m[upper, left + 1])
        lower_left, lower_right = float(height_m[upper + 1, left]), float(height_m[upper + 1, left + 1])
        above = upper_left + (upper_right - upper_left) * across
        below = lower_left + (lower_right - lower_left) * across
        distance_km[i] = step_km * i
        profile_m[i] = above + (below - above) * down
        known[i] = True
    if void.size > 0:
        for i in range(count):
            left, upper = int(tx_column - 0.5 + step_columns * i), int(tx_row - 0.5 + step_rows * i)
            known[i] = not (
                void[upper, left] | void[upper, left + 1] | void[upper + 1, left] | void[upper + 1, left + 1]
            )
            all_known = all_known and known[i]
    return all_known


@kernel
def trace(
    height_m: Heights,
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
    effective_radius_km: float,
    geometry: Floats,
    slant_km: Floats,
    known: Flags,
) -> None:
    """Fill the geometry of the paths from one site to n points.

    Parameters
    ----------
    height_m, void, outside_m
        The terrain, as ``grid.Terrain`` holds it; ``void`` may be empty where there is none.
    tx_column, tx_row, rx_column, rx_row
        Cell coordinates in the terrain; those of the points have shape (n,).
    path_km
        Ground distances, shape (n,), all above zero. [km]
    tx_height_m, rx_height_m
        Antenna heights above ground. [m]
    step_km, effective_radius_km
        Longest interval of a profile; effective earth radius. [km]
    space, point_known
        What `working_space` made.
    geometry, slant_km, known
        Filled: shape (n, GEOMETRY_SIZE); distance between the antennas, (n,) [km]; whether all terrain is known, (n,).
    """
    distance_km, profile_m = space[DISTANCE], space[GROUND]
    for k in range(path_km.size):
        count = interval_count(path_km[k], step_km) + 1
        known[k] = read_profile(
            height_m, void, outside_m, tx_column, tx_row, rx_column[k], rx_row[k], path_km[k], count,
            distance_km, profile_m, point_known,
        )  # fmt: skip
        rise_km = (profile_m[0] + tx_height_m - profile_m[count - 1] - rx_height_m) / 1000.0
        slant_km[k] = math.sqrt(path_km[k] ** 2 + rise_km**2)
        path_geometry(
            distance_km, profile_m, profile_m, count, tx_height_m, rx_height_m, effective_radius_km, geometry[k]
        )


@kernel
def diffraction_losses(
    geometry: Floats,
    bands_mhz: Floats,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    effective_radius_km: float,
    loss_db: Floats,
) -> None:
    """Fill the delta-Bullington loss of n paths in m bands over land, shape (n, m). [dB]"""
    terms = np.empty(TERMS_SIZE)
    paths, _ = geometry.shape
    for k in range(paths):
        for band in range(bands_mhz.size):
            loss_db[k, band] = delta_bullington_loss_db(
                geometry[k], bands_mhz[band], vertical, permittivity, conductivity, 0.0, effective_radius_km, terms
            )


@part
def read_zones(
    zone: NDArray[np.int8],
    tx_column: float,
    tx_row: float,
    rx_column: float,
    rx_row: float,
    count: int,
    path_zone: NDArray[np.int8],
) -> None:
    """Fill the zones of a profile's points, each its own cell's; beyond the raster all is inland."""
    rows, columns = zone.shape
    step_columns = (rx_column - tx_column) / (count - 1)
    step_rows = (rx_row - tx_row) / (count - 1)
    for i in range(count):
        column = tx_column + step_columns * i
        row = tx_row + step_rows * i
        inside = 0.0 <= column < columns and 0.0 <= row < rows
        path_zone[i] = zone[int(row), int(column)] if inside else INLAND


@kernel
def trace_p1812(
    height_m: Heights,
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
    effective_radius_km: float,
    surface_m: Heights,
    zone: NDArray[np.int8],
    path_zone: NDArray[np.int8],
    village_height_m: float,
    village_radius_km: float,
    n0: float,
    latitude_deg: Floats,
    geometry: Floats,
    slant_km: Floats,
    known: Flags,
) -> None:
    """Fill the same for ITU-R P.1812 at 50 % of time, with clutter and zones in the profile.

    The terminals' distance to the coast, of which ducting asks, stays at 500 km, as if they stood far inland.

    Parameters
    ----------
    surface_m
        Ground with clutter, of the terrain's shape; empty where no clutter is known. [m]
    zone
        ``SEA``, ``COASTAL`` or ``INLAND`` of ``kernels.p1812``, of the terrain's shape; empty where all is inland.
    path_zone
        Working space for a profile's zones: as long as a row of ``space``, empty where all is inland.
    village_height_m, village_radius_km
        Each point stands in a village: clutter this high, this far around it. [m], [km]
    n0, latitude_deg
        Sea-level refractivity; latitude of the paths' centres, shape (n,).
    geometry
        Filled: shape (n, kernels.p1812.GEOMETRY_SIZE).
    """
    distance_km, profile_m, clutter_m = space[DISTANCE], space[GROUND], space[SURFACE]
    for k in range(path_km.size):
        whole_km = path_km[k]
        count = interval_count(whole_km, step_km) + 1
        if surface_m.size > 0:
            read_profile(
                surface_m, void, outside_m, tx_column, tx_row, rx_column[k], rx_row[k], whole_km, count,
                distance_km, clutter_m, point_known,
            )  # fmt: skip
        known[k] = read_profile(
            height_m, void, outside_m, tx_column, tx_row, rx_column[k], rx_row[k], whole_km, count,
            distance_km, profile_m, point_known,
        )  # fmt: skip
        if zone.size > 0:
            read_zones(zone, tx_column, tx_row, rx_column[k], rx_row[k], count, path_zone)
        if surface_m.size == 0:
            for i in range(count):
                clutter_m[i] = profile_m[i]
        for i in range(count - 2, 0, -1):
            if whole_km - distance_km[i] > village_radius_km:
                break
            clutter_m[i] = max(clutter_m[i], profile_m[i] + village_height_m)
        rise_km = (profile_m[0] + tx_height_m - profile_m[count - 1] - rx_height_m) / 1000.0
        slant_km[k] = math.sqrt(whole_km * whole_km + rise_km * rise_km)
        path = geometry[k]
        p1812_geometry(
            distance_km, profile_m, clutter_m, path_zone, count, tx_height_m, rx_height_m, effective_radius_km, False,
            path,
        )  # fmt: skip
        set_climate(path, 50.0, n0, latitude_deg[k], 500.0, 500.0)


@kernel
def p1812_losses(geometry: Floats, bands_mhz: Floats, vertical: bool, terms: Floats, loss_db: Floats) -> None:
    """Fill P.1812's loss of n paths in m bands at half of the places, shape (n, m); ``terms`` is overwritten. [dB]"""
    paths, _ = geometry.shape
    for k in range(paths):
        path = geometry[k]
        for band in range(bands_mhz.size):
            loss_db[k, band] = basic_loss_db(path, bands_mhz[band], vertical, 0.0, terms)

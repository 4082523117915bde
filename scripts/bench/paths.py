"""One path at a time: what the exact engine's kernels cost, and what the profile's step does to a loss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench import land
from bench.clock import median_cpu_s
from bench.scene import BANDS_MHZ, MIDDLE_BAND, made_scene, mast_places
from bench.table import Row
from whitesignal.propagation.itm_band import band_vector
from whitesignal.radio.paths import cell_coordinates, receivers, site_paths
from whitesignal.radio.traces import TRACED_LOSSES
from whitesignal.radio.windows import exact_window
from whitesignal.units import effective_earth_radius_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.grid import Terrain

POINTS = 222
EXACT_TARGET_US = 9.0
TX_M, RX_M, N0, DELTA_N = 30.0, 1.5, 360.0, 50.0

STEPS_M = (30.0, 60.0, 90.0, 180.0)
EDGE_PATH_KM = 10.8
EDGE_HEIGHT_M = 250.0
EDGE_HALF_WIDTH_M = 150.0
EDGE_PLACES = 24

REPEATS = 10
"""Rounds over all profiles in one measurement: a single one takes but a millisecond."""

PART = "One path of 222 points, in the kernel"
STEP_PART = "How the loss hangs on the profile's step, 1,800 MHz, P.1812"


def profiles_m(terrain: Terrain, paths: int) -> NDArray[np.float64]:
    """Return profiles of 222 points from a mast outwards, a terrain cell from point to point, shape (paths, 222)."""
    from scipy.ndimage import map_coordinates

    longitude, latitude = mast_places(terrain, 1, 0.5)
    column, row = cell_coordinates(terrain, longitude, latitude)
    azimuth = np.linspace(0.0, 2.0 * np.pi, paths, endpoint=False)[:, None]
    along = np.arange(POINTS)[None, :]
    places = [row[0] - 0.5 - np.cos(azimuth) * along, column[0] - 0.5 + np.sin(azimuth) * along]
    return np.ascontiguousarray(map_coordinates(terrain.height_m, places, order=1, output=np.float64, mode="nearest"))


def exact_rows(terrain: Terrain, *, paths: int, runs: int, engines: bool) -> list[Row]:
    """Return what a path costs by P.1812 and ITM, in one band and in three, and with ``engines`` all around it."""
    from bench import loops

    profiles = profiles_m(terrain, paths)
    step_km = terrain.resolution_m / 1000.0
    distance_km = step_km * np.arange(POINTS, dtype=np.float64)
    bands_mhz = np.array(BANDS_MHZ, dtype=np.float64)
    vectors = np.array([_band(band_mhz) for band_mhz in BANDS_MHZ])
    radius_km = effective_earth_radius_km(DELTA_N)

    def p1812_us(bands: slice) -> float:
        seconds = median_cpu_s(
            lambda: loops.p1812_of_profiles(
                distance_km, profiles, bands_mhz[bands], TX_M, RX_M, radius_km, N0, REPEATS
            ),
            runs,
        )
        return 1e6 * seconds / (REPEATS * paths * len(bands_mhz[bands]))

    def itm_us(bands: slice) -> float:
        seconds = median_cpu_s(
            lambda: loops.itm_of_profiles(profiles, 1000.0 * step_km, vectors[bands], TX_M, RX_M, N0, REPEATS), runs
        )
        return 1e6 * seconds / (REPEATS * paths * len(vectors[bands]))

    one, three = slice(MIDDLE_BAND, MIDDLE_BAND + 1), slice(None)
    return [
        Row(PART, "p1812_exact_us", "P.1812, one band", p1812_us(one), "µs", EXACT_TARGET_US),
        Row(PART, "p1812_exact_3_bands_us", "P.1812, per band of three", p1812_us(three), "µs", EXACT_TARGET_US),
        Row(PART, "itm_exact_us", "ITM, one band", itm_us(one), "µs", EXACT_TARGET_US),
        Row(PART, "itm_exact_3_bands_us", "ITM, per band of three", itm_us(three), "µs", EXACT_TARGET_US),
        *(_engine_row(terrain, model, paths, runs) for model in ("p1812", "itm") if engines),
    ]


def _band(band_mhz: float) -> NDArray[np.float64]:
    return band_vector(
        band_mhz, vertical=True, permittivity=15.0, conductivity_s_per_m=0.005, climate=2, time_percent=50.0,
        location_percent=50.0, situation_percent=50.0, variability_mode=3,
    )  # fmt: skip


def _engine_row(terrain: Terrain, model: str, paths: int, runs: int) -> Row:
    """Return what the whole engine takes for such paths: reading the terrain, all terms, handing back."""
    from pyproj import Geod

    name = {"p1812": "P.1812", "itm": "ITM"}[model]
    row = Row(PART, f"{model}_engine_us", f"{name} in the exact engine, terrain read, per band of three", None, "µs")
    if model not in TRACED_LOSSES:
        return replace(row, note="not there yet")
    scene = made_scene(terrain, model, positions=1, radius_km=20.0, spread_km=0.5)
    site = scene.sites[0]
    length_m = (POINTS - 1) * terrain.resolution_m - 1.0
    starts = np.full(paths, site.longitude), np.full(paths, site.latitude)
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(*starts, np.linspace(0.0, 359.0, paths), np.full(paths, length_m))
    points = receivers(terrain, np.asarray(longitude), np.asarray(latitude))
    seconds = median_cpu_s(lambda: site_paths(terrain, site, BANDS_MHZ, points, scene.project, in_villages=False), runs)
    return replace(row, value=1e6 * seconds / (paths * len(BANDS_MHZ)))


def step_rows(fine: Terrain | None, *, radius_km: float, positions: int) -> list[Row]:
    """Return what coarser profiles do to the loss behind a knife edge and, given fine terrain, over that."""
    rows = []
    for step_m in STEPS_M:
        differences_db = edge_differences_db(step_m)
        rows += _step_pair(f"edge_{step_m:.0f}m", f"behind a roof of 250 m, {step_m:.0f} m for 5 m", differences_db)
    if fine is None:
        return rows
    finest = _losses_db(fine, None, radius_km, positions)
    for step_m in STEPS_M[1:]:
        difference_db = _losses_db(fine, step_m, radius_km, positions) - finest
        rows += _step_pair(f"profile_{step_m:.0f}m", f"30 m terrain, profile at {step_m:.0f} m for 30 m", difference_db)
    for step_m in STEPS_M[1:]:
        coarse = land.coarsened(fine, round(step_m / fine.resolution_m))
        difference_db = _losses_db(coarse, None, radius_km, positions, like=fine) - finest
        rows += _step_pair(f"terrain_{step_m:.0f}m", f"terrain averaged to {step_m:.0f} m for 30 m", difference_db)
    return rows


def _step_pair(key: str, words: str, difference_db: NDArray[np.float64]) -> list[Row]:
    mean_db, spread_db = float(np.nanmean(difference_db)), float(np.nanstd(difference_db))
    return [
        Row(STEP_PART, f"step_{key}_mean_db", f"{words}: mean difference", mean_db, "dB"),
        Row(STEP_PART, f"step_{key}_spread_db", f"{words}: standard deviation", spread_db, "dB"),
    ]


def edge_differences_db(step_m: float) -> NDArray[np.float64]:
    """Return how much more is lost behind a roof-shaped ridge at a step than at 5 m, over places of the ridge."""
    offsets_m = step_m * np.arange(EDGE_PLACES) / EDGE_PLACES
    middle_m = 500.0 * EDGE_PATH_KM
    return np.array([_edge_loss_db(step_m, middle_m + at) - _edge_loss_db(5.0, middle_m + at) for at in offsets_m])


def _edge_loss_db(step_m: float, ridge_m: float) -> float:
    from whitesignal.propagation import p1812

    along_m = np.linspace(0.0, 1000.0 * EDGE_PATH_KM, round(1000.0 * EDGE_PATH_KM / step_m) + 1)
    height_m = EDGE_HEIGHT_M * np.clip(1.0 - np.abs(along_m - ridge_m) / EDGE_HALF_WIDTH_M, 0.0, None)
    return p1812.loss(
        along_m / 1000.0, height_m, clutter_m=np.zeros_like(height_m), zone=np.full(len(along_m), 4),
        frequency_ghz=BANDS_MHZ[MIDDLE_BAND] / 1000.0, time_percent=50.0, tx_height_m=TX_M, rx_height_m=RX_M,
        polarization="vertical", tx_longitude=105.0, tx_latitude=22.5, rx_longitude=105.1, rx_latitude=22.5,
        delta_n=DELTA_N, n0=N0,
    ).loss_db  # fmt: skip


def _losses_db(
    terrain: Terrain, profile_step_m: float | None, radius_km: float, positions: int, like: Terrain | None = None
) -> NDArray[np.float64]:
    """Return exact losses at 1,800 MHz to places a tenth of a kilometre and more apart, all positions in a row.

    Masts stand, and places lie, where they do on ``like``, if that is given.
    """
    on = like or terrain
    scene = made_scene(
        on, "p1812", positions=positions, radius_km=radius_km, profile_step_m=profile_step_m, bands=(MIDDLE_BAND,)
    )
    wanted = thinned(on, max(round(400.0 / on.resolution_m), 1))
    windows = [exact_window(terrain, on.grid, wanted, site, scene.radiators, scene.project) for site in scene.sites]
    return np.concatenate([window.loss_db.ravel() for window in windows if window is not None])


def thinned(terrain: Terrain, every: int) -> NDArray[np.bool_]:
    """Return a mask of every so many of the terrain's rows and columns."""
    wanted = np.zeros(terrain.grid.shape, dtype=bool)
    wanted[::every, ::every] = True
    return wanted

"""Hà Giang's invented terrain: steep valleys west and middle, in the north a limestone plateau cut by a gorge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samples.ha_giang_places import KARST_OUTLINE, LATTICE, PEAKS, RIVERS, SEAT_BASINS
from samples.noise import fractal_noise, smooth_noise
from samples.relief import Lattice, erode, set_basins, to_peaks, trace_rivers

if TYPE_CHECKING:
    from numpy.typing import NDArray

KARST_STEEPNESS_M = 600.0
GORGES = ("Nho Quế", "Miện", "Nhiệm", "Săm Pun", "Bảo Lâm")


def karst_share(lattice: Lattice) -> NDArray[np.float64]:
    """Return 1 on the limestone plateau, 0 away from it, and between over some 3 km."""
    import shapely
    from scipy.ndimage import gaussian_filter

    longitude, latitude = lattice.centres()
    inside = shapely.contains_xy(shapely.Polygon(KARST_OUTLINE), longitude, latitude)
    return gaussian_filter(inside.astype(float), 1500.0 / lattice.north_m)


def _poljes(rng: np.random.Generator, lattice: Lattice, bed_m: NDArray[np.float64], karst: NDArray[np.float64]) -> None:
    """Set closed karst floors into ``bed_m``, 1.1 to 2.7 km apart, lower towards the gorges within the land's reach."""
    from scipy.ndimage import distance_transform_edt

    sampling = (lattice.north_m / 1000, lattice.east_m / 1000)
    away_km, nearest = distance_transform_edt(np.isnan(bed_m), sampling=sampling, return_indices=True)
    longitude, _ = lattice.centres()
    level_m = 985.0 + 280.0 * (longitude - 105.2) / 0.4 + 130.0 * smooth_noise(rng, lattice.shape, 45)
    floor_m = np.minimum(np.clip(level_m, 800.0, 1400.0), bed_m[tuple(nearest)] + 620.0 * away_km - 100.0)
    spacing_km = 1.9 + 0.5 * np.clip(smooth_noise(rng, lattice.shape, 16), -1.6, 1.6)
    rows, columns = np.nonzero((karst > 0.7) & (away_km > 1.1))
    chosen = np.empty((0, 2))
    for pick in rng.permutation(rows.size):
        here = np.array([rows[pick], columns[pick]])
        if len(chosen) and np.hypot(*((chosen - here) * sampling).T).min() < spacing_km[here[0], here[1]]:
            continue
        chosen = np.vstack([chosen, here])
        bed_m[here[0], here[1]] = floor_m[here[0], here[1]]


def _fixed_heights(rng: np.random.Generator, lattice: Lattice, karst: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rivers', towns' and closed floors' heights, NaN where the land is free. [m]"""
    bed_m = trace_rivers(rng, lattice, RIVERS)
    set_basins(lattice, bed_m, SEAT_BASINS)
    _poljes(rng, lattice, bed_m, karst)
    return bed_m


def _steepness(rng: np.random.Generator, lattice: Lattice, karst: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Flint's steepness: high massifs in the west, low hills along the lower Lô. [m]"""
    longitude, latitude = lattice.centres()
    steep = 95.0 + 40.0 * np.clip((latitude - 22.5) / 0.6, -1.0, 1.0)
    for centre_lon, centre_lat, height_m in PEAKS:
        reach_km = lattice.distance_km(centre_lon, centre_lat)
        steep += 0.065 * max(height_m - 500.0, 0.0) * np.exp(-((reach_km / 9.0) ** 2))
    lowland_km = np.abs(longitude - 104.90) * 103.0
    steep *= 1.0 - 0.55 * np.exp(-((lowland_km / 18.0) ** 2)) / (1.0 + np.exp((latitude - 22.52) / 0.06))
    # Limestone drains underground: no long valleys, every slope as steep as it can stand.
    steep += (KARST_STEEPNESS_M - steep) * karst
    return steep * np.exp(0.25 * fractal_noise(rng, lattice.shape, 60, octaves=3))


def _cones(rng: np.random.Generator, lattice: Lattice) -> NDArray[np.float64]:
    """Return cone karst: rounded cones of 50 to 150 m some 600 m apart. [m]"""
    from scipy.spatial import cKDTree

    spacing_m = 620.0
    rows_m = np.arange(0, lattice.shape[0] * lattice.north_m, spacing_m)
    columns_m = np.arange(0, lattice.shape[1] * lattice.east_m, spacing_m)
    tops = np.stack(np.meshgrid(rows_m, columns_m, indexing="ij"), axis=-1).reshape(-1, 2)
    tops = tops + rng.uniform(-0.48, 0.48, tops.shape) * spacing_m
    height_m = rng.uniform(50.0, 150.0, len(tops))
    cells = np.indices(lattice.shape).reshape(2, -1).T * (lattice.north_m, lattice.east_m)
    distance_m, nearest = cKDTree(tops).query(cells, k=2)
    shape = np.clip(1.0 - (distance_m / (0.62 * spacing_m)) ** 1.5, 0.0, None)
    return (shape * height_m[nearest]).max(axis=1).reshape(lattice.shape)


def _crests_lowered(height_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the land with all above 2,150 m pressed under 2,390 m: no nameless crest tops the two summits. [m]"""
    return np.where(height_m > 2150.0, 2150.0 + 240.0 * (1.0 - np.exp(-(height_m - 2150.0) / 240.0)), height_m)


def make_terrain(rng: np.random.Generator) -> NDArray[np.int16]:
    """Return the terrain on `LATTICE`. [m above sea level]"""
    from scipy.ndimage import distance_transform_edt, zoom

    coarse = Lattice(LATTICE.west, LATTICE.north, 2 * LATTICE.cell_deg, tuple(size // 2 for size in LATTICE.shape))
    karst = karst_share(coarse)
    bed_m = _fixed_heights(rng, coarse, karst)
    steepness_m = _steepness(rng, coarse, karst)
    gorge = trace_rivers(np.random.default_rng(0), coarse, [river for river in RIVERS if river.name in GORGES])
    gorge_km = distance_transform_edt(np.isnan(gorge)) * coarse.north_m / 1000
    angle_deg = 26.8 + 2.5 * fractal_noise(rng, coarse.shape, 40, octaves=3)
    angle_deg += karst * (14.0 * np.exp(-((gorge_km / 2.6) ** 2)) - 3.5)
    height_m = erode(
        rng, coarse, bed_m, steepness_m=steepness_m, threshold_slope=np.tan(np.radians(np.clip(angle_deg, 20.0, 46.0)))
    )
    height_m = to_peaks(coarse, height_m, np.isfinite(bed_m), PEAKS, radius_km=7.0)
    height_m = to_peaks(coarse, _crests_lowered(height_m), np.isfinite(bed_m), PEAKS[:2], radius_km=1.5)
    fine_m = zoom(height_m, 2, order=3, mode="nearest", grid_mode=True)
    fixed_km = zoom(
        distance_transform_edt(np.isnan(bed_m)) * coarse.north_m / 1000, 2, order=1, mode="nearest", grid_mode=True
    )
    rough = np.clip(fixed_km / 1.5, 0.0, 1.0)
    fine_karst = karst_share(LATTICE) * np.clip((fixed_km - 0.35) / 0.8, 0.0, 1.0)
    fine_m += fine_karst * (_cones(rng, LATTICE) - 40.0) * np.clip((fine_m - 650.0) / 250.0, 0.0, 1.0)
    fine_m += 9.0 * rough * fractal_noise(rng, LATTICE.shape, 8, octaves=3, ridged=True)
    for longitude, latitude, summit_m in PEAKS[:2]:
        massif = LATTICE.distance_km(longitude, latitude) <= 4.0
        top = np.argmax(np.where(massif, fine_m, -np.inf))
        fine_m[massif] = np.minimum(fine_m[massif], summit_m)
        fine_m.flat[top] = summit_m
    return np.rint(np.clip(fine_m, 40.0, PEAKS[0][2])).astype(np.int16)

"""Quảng Ninh's invented terrain: ranges behind a low coast, hilly islands, rocks that stand steep in the sea."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samples.noise import fractal_noise
from samples.quang_ninh_places import LATTICE, LOWLANDS, MASSIFS, PEAKS, RIVERS, SEAT_BASINS
from samples.relief import Lattice, erode, set_basins, to_peaks, trace_rivers
from samples.shore import Shore

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

HILLS_M = 36.0
PLAIN_M = 4.0
ISLANDS_M = 30.0
ROCKS_M = 900.0
"""Steepness of the land away from the massifs, of the plains, the islands and the rocks in the bays. [m]"""

LIMIT_M = 1150.0
"""No nameless crest stands higher. [m]"""


def _burnt(shapes: Sequence[shapely.Geometry], lattice: Lattice) -> NDArray[np.bool_]:
    """Return the cells that have their centre in one of the shapes."""
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    transform = from_origin(lattice.west, lattice.north, lattice.cell_deg, lattice.cell_deg)
    return rasterize(shapes, out_shape=lattice.shape, transform=transform, dtype="uint8").astype(bool)


def _steepness(rng: np.random.Generator, lattice: Lattice, shore: Shore) -> NDArray[np.float64]:
    """Return Flint's steepness: massifs inland, plains along the coast, hills on the islands. [m]"""
    import shapely
    from scipy.ndimage import gaussian_filter

    steep = np.full(lattice.shape, HILLS_M)
    for longitude, latitude, more_m, reach_km in MASSIFS:
        steep += more_m * np.exp(-((lattice.distance_km(longitude, latitude) / reach_km) ** 2))
    low = gaussian_filter(
        _burnt([shapely.Polygon(ring) for ring in LOWLANDS], lattice).astype(float), 1100.0 / lattice.north_m
    )
    steep += (PLAIN_M - steep) * low
    steep[_burnt(shore.islands, lattice)] = ISLANDS_M
    steep *= np.exp(0.25 * fractal_noise(rng, lattice.shape, 60, octaves=3))
    steep[_burnt(shore.rocks, lattice)] = ROCKS_M
    return steep


def _lowered(height_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the land with all above 750 m pressed under the limit."""
    room_m = LIMIT_M - 750.0
    return np.where(height_m > 750.0, 750.0 + room_m * (1.0 - np.exp(-(height_m - 750.0) / room_m)), height_m)


def make_terrain(rng: np.random.Generator, shore: Shore) -> NDArray[np.int16]:
    """Return the terrain on `LATTICE`, 0 at sea and at least 1 on land. [m above sea level]"""
    from scipy.ndimage import distance_transform_edt, zoom

    coarse = Lattice(LATTICE.west, LATTICE.north, 2 * LATTICE.cell_deg, tuple(size // 2 for size in LATTICE.shape))
    at_sea = ~_burnt([shore.land], coarse)
    bed_m = trace_rivers(rng, coarse, RIVERS)
    set_basins(coarse, bed_m, SEAT_BASINS)
    bed_m[at_sea] = 0.0
    angle_deg = 24.5 + 2.5 * fractal_noise(rng, coarse.shape, 40, octaves=3)
    angle_deg[_burnt(shore.rocks, coarse)] = 35.0
    height_m = erode(
        rng,
        coarse,
        bed_m,
        steepness_m=_steepness(rng, coarse, shore),
        threshold_slope=np.tan(np.radians(np.clip(angle_deg, 17.0, 44.0))),
    )
    fixed = np.isfinite(bed_m)
    height_m = to_peaks(coarse, height_m, fixed, PEAKS, radius_km=7.0)
    height_m = to_peaks(coarse, _lowered(height_m), fixed, PEAKS, radius_km=2.0)
    fine_m = zoom(height_m, 2, order=3, mode="nearest", grid_mode=True)
    fixed_km = distance_transform_edt(~fixed) * coarse.north_m / 1000
    rough = np.clip(zoom(fixed_km, 2, order=1, mode="nearest", grid_mode=True) / 1.5, 0.0, 1.0)
    rough *= np.clip(fine_m / 120.0, 0.15, 1.0)
    fine_m += 8.0 * rough * fractal_noise(rng, LATTICE.shape, 8, octaves=3, ridged=True)
    for longitude, latitude, summit_m in PEAKS:
        massif = LATTICE.distance_km(longitude, latitude) <= 4.0
        top = np.argmax(np.where(massif, fine_m, -np.inf))
        fine_m[massif] = np.minimum(fine_m[massif], summit_m)
        fine_m.flat[top] = summit_m
    land = _burnt([shore.land], LATTICE)
    return np.where(land, np.rint(np.clip(fine_m, 1.0, PEAKS[0][2])), 0.0).astype(np.int16)

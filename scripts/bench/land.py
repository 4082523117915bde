"""Terrain to measure on: fractals of a stated range and slope, the same at every run.

A plain fractal of that range and slope is far rougher from cell to cell than land is: averaged over two, four and eight
cells of 90 m its slope falls to 0.72, 0.52 and 0.37 of what it was; that of SRTM's steepest ground in Thái Nguyên
(22.5°) falls to 0.90, 0.76 and 0.62. "mountains" have the latter's spectrum, and 0.91, 0.79 and 0.62.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.grid import Grid, Terrain

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CRS = "EPSG:32648"
MIDDLE_LONGITUDE, MIDDLE_LATITUDE = 105.5, 22.5
"""The land's middle lies in the middle of a one-degree tile, so that one .hgt holds all of it."""

HIGHEST_M = 2900.0
MEAN_SLOPE_DEG = 24.0
SEED = 20_260_101

Kind = Literal["fractal", "mountains"]

EXPONENTS = (0.5, 6.0)
"""Between these the fall of a fractal's amplitude with the frequency is looked for, from rough to smooth."""

MOUNTAINS_EXPONENT = 2.2
OUTER_SCALES_KM = (0.1, 1000.0)
"""Between these lies the wavelength beyond which mountains grow no higher, from rough to smooth."""

BISECTIONS = 24


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a one-degree tile of 3 arc seconds lies, and how many points it has along an edge."""

    south: int = 22
    west: int = 105
    points: int = 1201


def mean_slope_deg(height_m: NDArray[np.float64], resolution_m: float) -> float:
    """Return the mean slope of the steepest descent, from central differences. [deg]"""
    down, across = np.gradient(height_m, resolution_m)
    return float(np.degrees(np.arctan(np.hypot(down, across))).mean())


def made_heights(cells: int, resolution_m: float, kind: Kind = "fractal", seed: int = SEED) -> NDArray[np.float64]:
    """Return a square of heights from 0 to 2,900 m whose mean slope is 24° at its own resolution. [m]

    Noise whose amplitude falls with a power of the frequency. Of a fractal it does so throughout, and the power that
    gives the slope is found by bisection; of mountains the power is land's, and the wavelength from which on it falls
    is found.

    Raises
    ------
    ValueError
        If the square is too small for such a slope, or too large.
    """
    spectrum = np.fft.rfft2(np.random.default_rng(seed).standard_normal((cells, cells)))
    per_cell = np.hypot(np.fft.fftfreq(cells)[:, None], np.fft.rfftfreq(cells)[None, :])
    per_km = per_cell * 1000.0 / resolution_m
    per_cell[0, 0] = 1.0

    def heights(smoothness: float) -> NDArray[np.float64]:
        if kind == "fractal":
            falling = spectrum * per_cell**-smoothness
        else:
            falling = spectrum * (per_km**2 + math.exp(-2.0 * smoothness)) ** (-0.5 * MOUNTAINS_EXPONENT)
        falling[0, 0] = 0.0
        field = np.fft.irfft2(falling, s=(cells, cells))
        return np.asarray(HIGHEST_M * (field - field.min()) / np.ptp(field))

    rough, flat = EXPONENTS if kind == "fractal" else (math.log(OUTER_SCALES_KM[0]), math.log(OUTER_SCALES_KM[1]))
    if not mean_slope_deg(heights(flat), resolution_m) < MEAN_SLOPE_DEG < mean_slope_deg(heights(rough), resolution_m):
        raise ValueError(f"no {kind} of {cells} cells of {resolution_m:g} m have a mean slope of {MEAN_SLOPE_DEG:g}°")
    for _ in range(BISECTIONS):
        middle = 0.5 * (rough + flat)
        if mean_slope_deg(heights(middle), resolution_m) > MEAN_SLOPE_DEG:
            rough = middle
        else:
            flat = middle
    return heights(0.5 * (rough + flat))


def made_terrain(width_km: float, resolution_m: float, kind: Kind = "fractal") -> Terrain:
    """Return such a square of terrain around the land's middle; its cells divide by six."""
    cells = 6 * max(round(width_km * 1000.0 / resolution_m / 6.0), 4)
    return as_terrain(made_heights(cells, resolution_m, kind), resolution_m)


def as_terrain(height_m: NDArray[np.float64], resolution_m: float) -> Terrain:
    """Return heights as terrain around the land's middle."""
    from affine import Affine
    from pyproj import Transformer

    easting_m, northing_m = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(
        MIDDLE_LONGITUDE, MIDDLE_LATITUDE
    )
    rows, columns = height_m.shape
    left, top = easting_m - 0.5 * columns * resolution_m, northing_m + 0.5 * rows * resolution_m
    transform = Affine(resolution_m, 0.0, left, 0.0, -resolution_m, top)
    border = np.concatenate([height_m[0], height_m[-1], height_m[:, 0], height_m[:, -1]])
    return Terrain(
        grid=Grid(CRS, transform, (rows, columns)),
        height_m=np.ascontiguousarray(height_m, dtype=np.float32),
        void=np.zeros((rows, columns), dtype=np.bool_),
        outside_m=float(border.min()),
        resolution_m=resolution_m,
    )


def coarsened(terrain: Terrain, factor: int) -> Terrain:
    """Return the terrain in cells ``factor`` times as wide, each of its parts' mean height."""
    rows, columns = (size // factor for size in terrain.height_m.shape)
    blocks = terrain.height_m[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    return as_terrain(blocks.mean(axis=(1, 3), dtype=np.float64), terrain.resolution_m * factor)


def write_geotiff(path: Path, terrain: Terrain) -> None:
    """Write the terrain as a GeoTIFF of whole metres."""
    import rasterio

    rows, columns = terrain.height_m.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="int16", crs=terrain.grid.crs,
        transform=terrain.grid.transform, compress="deflate",
    ) as file:  # fmt: skip
        file.write(np.round(terrain.height_m).astype(np.int16), 1)


def write_hgt(folder: Path, terrain: Terrain, tile: Tile | None = None) -> Path:
    """Write the terrain as an SRTM tile of 3 arc seconds, 0 m around it, and return the file."""
    from pyproj import Transformer
    from scipy.ndimage import map_coordinates

    tile = tile or Tile()
    step_deg = 1.0 / (tile.points - 1)
    longitude, latitude = np.meshgrid(
        tile.west + step_deg * np.arange(tile.points), tile.south + 1.0 - step_deg * np.arange(tile.points)
    )
    places = Transformer.from_crs("EPSG:4326", terrain.grid.crs, always_xy=True).transform(longitude, latitude)
    columns, rows = ~terrain.grid.transform * places
    height_m = map_coordinates(terrain.height_m, [rows - 0.5, columns - 0.5], order=1, mode="constant", cval=0.0)
    path = folder / f"N{tile.south:02d}E{tile.west:03d}.hgt"
    np.round(height_m).astype(">i2").tofile(path)
    return path

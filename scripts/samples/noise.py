"""Smooth random fields, the raw material of invented terrain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], spacing_cells: float) -> NDArray[np.float64]:
    """Return a cubic interpolation of white noise on a lattice; zero mean, unit deviation over the field."""
    from scipy.ndimage import map_coordinates

    lattice_shape = [int(np.ceil(size / spacing_cells)) + 4 for size in shape]
    lattice = rng.standard_normal(lattice_shape)
    rows = np.arange(shape[0]) / spacing_cells + 1.5
    columns = np.arange(shape[1]) / spacing_cells + 1.5
    field = map_coordinates(lattice, np.meshgrid(rows, columns, indexing="ij"), order=3, mode="nearest")
    return (field - field.mean()) / field.std()


def fractal_noise(
    rng: np.random.Generator,
    shape: tuple[int, int],
    spacing_cells: float,
    *,
    octaves: int,
    persistence: float = 0.5,
    ridged: bool = False,
) -> NDArray[np.float64]:
    """Return octaves of smooth noise summed; ``ridged`` folds each about zero so that crests become sharp."""
    total = np.zeros(shape)
    amplitude = 1.0
    for octave in range(octaves):
        layer = smooth_noise(rng, shape, spacing_cells / 2**octave)
        total += amplitude * (0.8 - np.abs(layer) if ridged else layer)
        amplitude *= persistence
    return total / total.std()

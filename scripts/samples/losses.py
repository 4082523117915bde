"""Losses and serving margins over the invented terrain, by the library's own kernels."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples.relief import Lattice
from whitesignal.geodesy import distance_and_azimuth, metres_per_degree
from whitesignal.project import ClutterSettings, RadioSettings
from whitesignal.units import effective_earth_radius_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANDS_MHZ = (900.0, 1800.0, 2100.0)
PROBE_M = 100.0
RADIO = RadioSettings()
CLUTTER = ClutterSettings()


@dataclass(frozen=True, slots=True)
class Ground:
    """The terrain as the kernels read it."""

    lattice: Lattice
    height_m: NDArray[np.float32]

    def at(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the height at places, bilinear. [m]"""
        from scipy.ndimage import map_coordinates

        return map_coordinates(self.height_m, self.lattice.row_column(longitude, latitude), order=1, mode="nearest")


@dataclass(frozen=True, slots=True)
class Links:
    """Losses from one mast to the points within reach.

    ``loss_db`` (n, bands, 2): with terminal clutter as its own term, and with the clutter's height in the profile.
    """

    point: NDArray[np.int64]
    distance_km: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    loss_db: NDArray[np.float32]


def _links(
    ground: Ground,
    mast: tuple[float, float, float],
    longitude: NDArray,
    latitude: NDArray,
    radius_km: float,
    probes: int,
) -> Links:
    from samples.path_kernels import losses_both_ways
    from whitesignal.radio.traces import terminal_clutter_db

    distance_km, azimuth_deg = distance_and_azimuth(mast[0], mast[1], longitude, latitude)
    near = np.flatnonzero(distance_km <= radius_km)
    east_m, north_m = metres_per_degree(latitude[near])
    east = np.array([0.0, 0.0, 1.0, 0.0, -1.0])[:probes] * PROBE_M
    north = np.array([0.0, 1.0, 0.0, -1.0, 0.0])[:probes] * PROBE_M
    lon = (longitude[near, None] + east / east_m[:, None]).ravel()
    lat = (latitude[near, None] + north / north_m[:, None]).ravel()
    path_km = np.maximum(distance_and_azimuth(mast[0], mast[1], lon, lat)[0], 0.01)
    rows, columns = ground.lattice.row_column(lon, lat)
    row, column = ground.lattice.row_column(np.array(mast[0]), np.array(mast[1]))
    bands = np.array(BANDS_MHZ)
    loss_db = np.empty((lon.size, bands.size, 2), dtype=np.float32)
    step_km = (ground.lattice.east_m + ground.lattice.north_m) / 2000.0
    losses_both_ways(
        ground.height_m, float(column) + 0.5, float(row) + 0.5, columns + 0.5, rows + 0.5, path_km, mast[2],
        CLUTTER.terminal_height_m, CLUTTER.village_height_m, step_km, effective_earth_radius_km(RADIO.delta_n),
        RADIO.permittivity, RADIO.conductivity_s_per_m, bands, loss_db,
    )  # fmt: skip
    loss_db[:, :, 0] += terminal_clutter_db(bands, CLUTTER)
    median_db = np.median(loss_db.reshape(near.size, probes, bands.size, 2), axis=1).astype(np.float32)
    return Links(near, distance_km[near], azimuth_deg[near], median_db)


def links_to(
    ground: Ground,
    masts: Sequence[tuple[float, float, float]],
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    *,
    radius_km: float = 35.0,
    probes: int = 1,
) -> list[Links]:
    """Return the links of masts (longitude, latitude, antenna height) to the points; ``probes`` 5 judges a centre."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda mast: _links(ground, mast, longitude, latitude, radius_km, probes), masts))

"""A terrain with masts on it, as the map's engines take them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench import land
from whitesignal.bands import BAND_DEFAULTS, THRESHOLDS
from whitesignal.project import InputFiles, Project, RadioSettings
from whitesignal.radio.cells import Cells, Radiators, Site, reference_eirp_dbm, sites
from whitesignal.radio.radio_map import compute_radio_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from whitesignal.bands import Generation
    from whitesignal.grid import Terrain
    from whitesignal.radio.best_server import RadioMap

GENERATIONS: tuple[Generation, ...] = ("2G", "4G", "3G")
BANDS_MHZ = (900.0, 1800.0, 2100.0)
MIDDLE_BAND = 1
"""The band of 4G, whose threshold counts."""

ANTENNA_HEIGHT_M = 30.0
MAST_SEARCH_M = 500.0
"""A mast stands on the highest ground this near."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Terrain, masts of three bands each, and the settings to follow them by."""

    terrain: Terrain
    project: Project
    radiators: Radiators
    cells: Cells

    @property
    def sites(self) -> tuple[Site, ...]:
        """The masts."""
        return sites(self.radiators)

    def mapped(self, jobs: int = 1) -> RadioMap:
        """Return the best and second station of each generation on the terrain's own grid."""
        wanted = np.ones(self.terrain.grid.shape, dtype=bool)
        return compute_radio_map(
            self.terrain, self.radiators, self.cells, self.project, grid=self.terrain.grid, wanted=wanted, jobs=jobs
        )


def made_scene(
    terrain: Terrain,
    model: str,
    *,
    positions: int,
    radius_km: float,
    quality: float = 1.0,
    profile_step_m: float | None = None,
    bands: Sequence[int] = (0, 1, 2),
    spread_km: float = 2.0,
) -> Scene:
    """Return masts within ``spread_km`` of the terrain's middle, the same for every model and quality."""
    radio = RadioSettings(
        model=model, quality=quality, radius_km=radius_km, resolution_m=terrain.resolution_m,
        profile_step_m=profile_step_m,
    )  # fmt: skip
    files = InputFiles(stations=(), villages=Path("villages.csv"), terrain=())
    project = Project(name="bench", file=Path("project.toml"), inputs=files, radio=radio)
    longitude, latitude = mast_places(terrain, positions, spread_km)
    radiators = _radiators(longitude, latitude, np.array(BANDS_MHZ)[list(bands)], radius_km)
    return Scene(terrain, project, radiators, _cells(len(longitude), [GENERATIONS[band] for band in bands], radius_km))


def mast_places(terrain: Terrain, positions: int, spread_km: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes of masts on high ground, by the fixed seed."""
    from pyproj import Transformer

    random = np.random.default_rng(land.SEED)
    rows, columns = terrain.height_m.shape
    reach = 1000.0 * spread_km / terrain.resolution_m
    near = max(round(MAST_SEARCH_M / terrain.resolution_m), 1)
    places = []
    for across, down in random.uniform(-1.0, 1.0, (positions, 2)):
        row, column = int(rows / 2 + reach * down), int(columns / 2 + reach * across)
        top, left = max(row - near, 1), max(column - near, 1)
        block = terrain.height_m[top : min(row + near + 1, rows - 1), left : min(column + near + 1, columns - 1)]
        highest = np.unravel_index(int(block.argmax()), block.shape)
        places.append((left + int(highest[1]) + 0.5, top + int(highest[0]) + 0.5))
    easting_m, northing_m = terrain.grid.transform * np.array(places).T
    degrees = Transformer.from_crs(terrain.grid.crs, "EPSG:4326", always_xy=True).transform(easting_m, northing_m)
    return np.asarray(degrees[0]), np.asarray(degrees[1])


def eirp_dbm(generation: Generation) -> float:
    """Return what a mast of unknown azimuth radiates all round by the defaults. [dBm]"""
    band = BAND_DEFAULTS[generation]
    return reference_eirp_dbm(
        generation, power_dbm=band.power_dbm, bandwidth_mhz=band.bandwidth_mhz, gain_dbi=band.gain_dbi,
        feeder_loss_db=band.feeder_loss_db,
    )  # fmt: skip


def threshold_loss_db() -> float:
    """Return the loss at which 4G's level by the defaults is just its service threshold. [dB]"""
    return eirp_dbm("4G") - THRESHOLDS["4G"].service


def _radiators(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], bands_mhz: NDArray[np.float64], radius_km: float
) -> Radiators:
    """Return each mast's bands, one after the other."""
    masts, bands = len(longitude), len(bands_mhz)
    return Radiators(
        position_id=np.repeat(np.array([f"P{mast:04d}" for mast in range(masts)], dtype=object), bands),
        longitude=np.repeat(longitude, bands),
        latitude=np.repeat(latitude, bands),
        antenna_height_m=np.full(masts * bands, ANTENNA_HEIGHT_M),
        band_mhz=np.tile(bands_mhz, masts),
        radius_km=np.full(masts * bands, radius_km),
        floor_loss_db=np.full(masts * bands, np.inf),
    )


def _cells(masts: int, generations: Sequence[Generation], radius_km: float) -> Cells:
    """Return one transmitter for each radiator, all round."""
    count = masts * len(generations)
    order = np.arange(count)
    names: list[Generation] = list(generations) * masts
    return Cells(
        station_row=order,
        radiator=order,
        generation=np.array(names, dtype=object),
        operator=np.full(count, "Viettel", dtype=object),
        eirp_dbm=np.array([eirp_dbm(name) for name in names]),
        service_dbm=np.array([THRESHOLDS[name].service for name in names]),
        uplink_max_loss_db=np.array([BAND_DEFAULTS[name].uplink_max_loss_db for name in names]),
        max_km=np.full(count, radius_km),
        sectors_deg=((),) * count,
        beamwidth_deg=np.full(count, 65.0),
        tilt_deg=np.full(count, np.nan),
        rank=order,
    )

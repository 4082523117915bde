"""Link budget: from accepted station rows to radiators, and to the cells that transmit from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import pilot_offset_db, uplink_max_loss_db

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.bands import Generation
    from whitesignal.project import Project

RADIATOR_KEY = ("position_id", "longitude", "latitude", "antenna_height_m", "band_mhz")

FLOOR_BELOW_SERVICE_DB = 30.0
"""A pair is dropped only where its level lies this far below the service threshold. [dB]"""


@dataclass(frozen=True, slots=True)
class Radiators:
    """Where radio waves leave from: one entry for each position, antenna height and band; arrays of shape (n,).

    ``radius_km`` is how far it is followed, ``floor_loss_db`` the loss beyond which a pair is dropped.
    """

    position_id: NDArray[np.object_]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    antenna_height_m: NDArray[np.float64]
    band_mhz: NDArray[np.float64]
    radius_km: NDArray[np.float64]
    floor_loss_db: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.position_id)


@dataclass(frozen=True, slots=True)
class Cells:
    """The counted rows of the station table as transmitters; arrays of shape (n,).

    ``station_row`` is the row in the station table, ``radiator`` that in ``Radiators``. ``eirp_dbm`` is the reference
    signal's, at the pattern's maximum. ``rank`` orders cells by station_id: ties go to the lowest.
    """

    station_row: NDArray[np.int64]
    radiator: NDArray[np.int64]
    generation: NDArray[np.object_]
    operator: NDArray[np.object_]
    eirp_dbm: NDArray[np.float64]
    service_dbm: NDArray[np.float64]
    uplink_max_loss_db: NDArray[np.float64]
    max_km: NDArray[np.float64]
    sectors_deg: tuple[tuple[float, ...], ...]
    beamwidth_deg: NDArray[np.float64]
    tilt_deg: NDArray[np.float64]
    rank: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.station_row)


@dataclass(frozen=True, slots=True)
class Site:
    """Radiators that share one place and antenna height, and so one set of terrain profiles."""

    longitude: float
    latitude: float
    antenna_height_m: float
    radiators: tuple[int, ...]


def reference_eirp_dbm(
    generation: Generation, *, power_dbm: float, bandwidth_mhz: float, gain_dbi: float, feeder_loss_db: float
) -> float:
    """Return the reference signal's power radiated at the antenna's maximum. [dBm]

    2G: BCCH carrier; 3G: CPICH; 4G and 5G: one resource element.

    Examples
    --------
    A 4G cell of 46 dBm a port on 20 MHz with a 17 dBi sector radiates 31.2 dBm a resource element:

    >>> round(reference_eirp_dbm("4G", power_dbm=46, bandwidth_mhz=20, gain_dbi=17, feeder_loss_db=1), 1)
    31.2
    """
    return power_dbm + pilot_offset_db(generation, bandwidth_mhz) + gain_dbi - feeder_loss_db


def build_cells(stations: pd.DataFrame, project: Project) -> tuple[Radiators, Cells]:
    """Return the radiators and cells of the counted rows of a station table.

    Parameters
    ----------
    stations
        Accepted rows as ``inputs.stations.read_stations`` gives them, every default filled in.
    project
        Gives the bands' limits and thresholds.
    """
    import pandas as pd

    station_rows = np.flatnonzero(stations["counted"].to_numpy(dtype=bool))
    counted = stations.iloc[station_rows]
    keys = pd.MultiIndex.from_frame(counted[list(RADIATOR_KEY)])
    unique_keys = keys.sortlevel()[0].drop_duplicates()
    cells = _cells(counted, station_rows, np.asarray(unique_keys.get_indexer(keys)), project)
    reach_margin_db = cells.eirp_dbm - cells.service_dbm + FLOOR_BELOW_SERVICE_DB
    radius_km = np.zeros(len(unique_keys))
    floor_loss_db = np.full(len(unique_keys), -np.inf)
    cap_km = np.inf if project.radio.radius_km is None else project.radio.radius_km
    np.maximum.at(radius_km, cells.radiator, np.minimum(cells.max_km, cap_km))
    np.maximum.at(floor_loss_db, cells.radiator, reach_margin_db)
    position_id, longitude, latitude, antenna_height_m, band_mhz = (
        unique_keys.get_level_values(level) for level in RADIATOR_KEY
    )
    radiators = Radiators(
        position_id=np.asarray(position_id, dtype=object),
        longitude=np.asarray(longitude, dtype=np.float64),
        latitude=np.asarray(latitude, dtype=np.float64),
        antenna_height_m=np.asarray(antenna_height_m, dtype=np.float64),
        band_mhz=np.asarray(band_mhz, dtype=np.float64),
        radius_km=radius_km,
        floor_loss_db=floor_loss_db,
    )
    return radiators, cells


def _cells(
    counted: pd.DataFrame, station_rows: NDArray[np.int64], radiator: NDArray[np.int64], project: Project
) -> Cells:
    generations = counted["generation"].to_numpy(dtype=object)
    bands = [project.bands[generation] for generation in generations]
    eirp_dbm = [
        reference_eirp_dbm(
            generation,
            power_dbm=power_dbm,
            bandwidth_mhz=bandwidth_mhz,
            gain_dbi=gain_dbi,
            feeder_loss_db=band.feeder_loss_db,
        )
        for generation, band, power_dbm, bandwidth_mhz, gain_dbi in zip(
            generations, bands, counted["power_dbm"], counted["bandwidth_mhz"], counted["gain_dbi"], strict=True
        )
    ]
    uplink_db = [
        uplink_max_loss_db(generation, band_mhz, band)
        for generation, band_mhz, band in zip(generations, counted["band_mhz"], bands, strict=True)
    ]
    station_ids = counted["station_id"].to_numpy(dtype=object)
    rank = np.empty(len(counted), dtype=np.int64)
    rank[np.lexsort((station_rows, station_ids.astype(str)))] = np.arange(len(counted))
    return Cells(
        station_row=station_rows.astype(np.int64),
        radiator=radiator.astype(np.int64),
        generation=generations,
        operator=counted["operator"].to_numpy(dtype=object),
        eirp_dbm=np.asarray(eirp_dbm, dtype=np.float64),
        service_dbm=np.asarray([project.thresholds[name].service for name in generations], dtype=np.float64),
        uplink_max_loss_db=np.asarray(uplink_db, dtype=np.float64),
        max_km=np.asarray([_max_km(generation, project) for generation in generations], dtype=np.float64),
        sectors_deg=tuple(sectors(text) for text in counted["azimuth_deg"]),
        beamwidth_deg=counted["beamwidth_deg"].to_numpy(dtype=np.float64),
        tilt_deg=counted["tilt_deg"].to_numpy(dtype=np.float64),
        rank=rank,
    )


def _max_km(generation: Generation, project: Project) -> float:
    band = project.bands[generation]
    return band.circle_radius_km if project.radio.model == "circle" else band.max_km


def sectors(azimuth_deg: str) -> tuple[float, ...]:
    """Return the sectors' azimuths of a register's cell; none for an omnidirectional or unknown one. [deg]

    Examples
    --------
    >>> sectors("0/120/240")
    (0.0, 120.0, 240.0)
    >>> sectors("")
    ()
    """
    if azimuth_deg in ("", "omni"):
        return ()
    return tuple(float(part) for part in azimuth_deg.split("/"))


def sites(radiators: Radiators) -> tuple[Site, ...]:
    """Return the radiators grouped by place and antenna height, in the order of their first radiator."""
    groups: dict[tuple[float, float, float], list[int]] = {}
    places = zip(radiators.longitude, radiators.latitude, radiators.antenna_height_m, strict=True)
    for radiator, place in enumerate(places):
        groups.setdefault(place, []).append(radiator)
    return tuple(Site(*place, radiators=tuple(members)) for place, members in groups.items())

"""How far each place lies above or below service, by both readings of the physics and the library's link budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samples.losses import BANDS_MHZ, Ground, Links, links_to
from whitesignal.bands import BAND_DEFAULTS, THRESHOLDS, Generation, uplink_max_loss_db
from whitesignal.radio.antenna import horizontal_loss_db
from whitesignal.radio.cells import reference_eirp_dbm, sectors

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NO_SERVICE_DB = -99.0
UNKNOWN_SECTORS_DB = 3.0


def band_of(generation: Generation) -> int:
    """Return which of `BANDS_MHZ` stands for a generation; 5G is judged at 2100, on the sure side of 2600."""
    return {"2G": 0, "4G": 1, "3G": 2, "5G": 2}[generation]


def margin_db(
    generation: Generation,
    links: Links,
    *,
    gain_dbi: float,
    azimuths: Sequence[float] = (),
    bandwidth_mhz: float = np.nan,
) -> NDArray[np.float64]:
    """Return a station's serving margin at each point, level over threshold or the uplink's if less; (n, 2). [dB]"""
    band = BAND_DEFAULTS[generation]
    eirp_dbm = reference_eirp_dbm(
        generation,
        power_dbm=band.power_dbm,
        bandwidth_mhz=band.bandwidth_mhz if np.isnan(bandwidth_mhz) else bandwidth_mhz,
        gain_dbi=gain_dbi,
        feeder_loss_db=band.feeder_loss_db,
    )
    off_axis_db = horizontal_loss_db(links.azimuth_deg, tuple(azimuths), band.beamwidth_deg)
    loss_db = links.loss_db[:, band_of(generation), :].astype(np.float64)
    level_db = eirp_dbm - off_axis_db[:, None] - loss_db - THRESHOLDS[generation].service
    margin = np.minimum(level_db, uplink_max_loss_db(generation, BANDS_MHZ[band_of(generation)], band) - loss_db)
    return np.where((links.distance_km <= band.max_km)[:, None], margin, NO_SERVICE_DB)


def best_margins(
    ground: Ground,
    stations: pd.DataFrame,
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    *,
    radius_km: float,
    probes: int,
) -> NDArray[np.float64]:
    """Return the best margin over all stations at each place, by either reading, shape (n, 2). [dB]"""
    best = np.full((len(longitude), 2), NO_SERVICE_DB)
    groups = list(stations.groupby(["longitude", "latitude", "antenna_height_m"], sort=True))
    masts = [tuple(float(part) for part in key) for key, _ in groups]
    all_links = links_to(ground, masts, longitude, latitude, radius_km=radius_km, probes=probes)
    for (_, rows), links in zip(groups, all_links, strict=True):
        for row in rows.itertuples():
            azimuths = sectors(row.azimuth_deg)
            gain_dbi = BAND_DEFAULTS[row.generation].gain_dbi - (0.0 if azimuths else UNKNOWN_SECTORS_DB)
            margin = margin_db(
                row.generation, links, gain_dbi=gain_dbi, azimuths=azimuths, bandwidth_mhz=row.bandwidth_mhz
            )
            best[links.point] = np.maximum(best[links.point], margin)
    return best

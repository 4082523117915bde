"""What ITU-R P.1812 says of one path in one band: the loss and every term it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PathLoss:
    """The basic transmission loss of one path in one band, and where it comes from.

    Each term's symbol in the recommendation stands in parentheses; `by_symbol` returns them under it. Horizons and
    angles are those of the bare terrain at the median effective earth radius; clutter counts in diffraction only.
    Terms named ``beta0`` belong to β0 % of time: the delta-Bullington ones to the earth radius of 3 · 6371 km.
    """

    loss_db: float
    """Not exceeded for the shares of time and locations asked for (Lb)."""
    field_strength_dbuv_m: float
    """Exceeded for the same shares, from 1 kW effective radiated power (Ep)."""

    free_space_db: float
    """(Lbfs)"""
    line_of_sight_db: float
    """Line of sight with multipath and focusing at p % of time (Lb0p)."""
    line_of_sight_beta0_db: float
    """(Lb0b)"""
    bullington_actual_db: float
    """Bullington loss of the profile with its clutter, median (Lbulla50)."""
    bullington_smooth_db: float
    """Bullington loss of the smooth profile, median (Lbulls50)."""
    spherical_earth_db: float
    """(Ldsph50)"""
    bullington_actual_beta0_db: float
    """(Lbulla)"""
    bullington_smooth_beta0_db: float
    """(Lbulls)"""
    spherical_earth_beta0_db: float
    """(Ldsph)"""
    diffraction_median_db: float
    """(Ld50)"""
    diffraction_beta0_db: float
    """(Ldb)"""
    diffraction_db: float
    """Not exceeded for p % of time (Ldp)."""
    diffracted_median_db: float
    """Free space and median diffraction (Lbd50)."""
    diffracted_db: float
    """Line of sight and diffraction at p % of time (Lbd)."""
    least_line_of_sight_db: float
    """Notional minimum of line of sight and diffraction over sea (Lminb0p)."""
    ducting_db: float
    """Ducting and layer reflection (Lba)."""
    least_ducting_db: float
    """Notional minimum of line of sight and ducting (Lminbap)."""
    diffracted_or_ducting_db: float
    """Diffraction enhanced by ducting (Lbda)."""
    modified_db: float
    """The same, drawn towards the notional minimum near the horizon (Lbam)."""
    troposcatter_db: float
    """(Lbs)"""
    median_location_db: float
    """Not exceeded at half of the locations (Lbc)."""
    location_db: float
    """What the share of locations adds (Lloc)."""

    path_km: float
    """(d)"""
    effective_radius_km: float
    """Median effective earth radius (ae)."""
    effective_radius_beta0_km: float
    """(ab)"""
    sea_fraction: float
    """Share of the path over sea (w)."""
    land_km: float
    """Longest continuous section over land, coast included (dtm)."""
    inland_km: float
    """Longest continuous section inland (dlm)."""
    center_latitude_deg: float
    """Latitude of the path's centre (phi)."""
    beta0_percent: float
    """Share of time with strong refraction near the ground (b0)."""
    time_factor: float
    """Interpolation between median and β0 % of time (Fi)."""
    angle_factor: float
    """Interpolation by angular distance (Fj)."""
    distance_factor: float
    """Interpolation by distance (Fk)."""
    beyond_horizon: bool
    """Whether the bare terrain hides the other end: a trans-horizon path."""
    tx_antenna_m: float
    """Transmitting antenna above sea level (hts)."""
    rx_antenna_m: float
    """(hrs)"""
    tx_horizon_km: float
    """From the transmitter to its horizon; in line of sight to the point with the largest ν (dlt)."""
    rx_horizon_km: float
    """(dlr)"""
    tx_horizon_mrad: float
    """Elevation of the transmitter's horizon, in line of sight of the receiver (th_t)."""
    rx_horizon_mrad: float
    """(th_r)"""
    angular_distance_mrad: float
    """(th)"""
    tx_fitted_m: float
    """Line fitted to the ground, under the transmitter, before any correction (hst_n)."""
    rx_fitted_m: float
    """(hsr_n)"""
    tx_smooth_diffraction_m: float
    """Smooth earth under the transmitter for diffraction (hstd)."""
    rx_smooth_diffraction_m: float
    """(hsrd)"""
    tx_smooth_ducting_m: float
    """Smooth earth under the transmitter for ducting (hst)."""
    rx_smooth_ducting_m: float
    """(hsr)"""
    tx_effective_diffraction_m: float
    """Transmitting antenna above the smooth earth for diffraction (htesph)."""
    rx_effective_diffraction_m: float
    """(hresph)"""
    tx_effective_ducting_m: float
    """Transmitting antenna above the smooth earth for ducting (hte)."""
    rx_effective_ducting_m: float
    """(hre)"""
    roughness_m: float
    """Terrain roughness between the horizons (hm)."""

    outside_range: tuple[str, ...]
    """A sentence for each quantity outside the published range."""

    def by_symbol(self) -> dict[str, float]:
        """Return every number under its symbol in the recommendation: what published tables are compared by.

        Greek letters are spelt as Study Group 3's tables do: ``b0``, ``ab``, ``th_t``, ``w``.
        """
        return {symbol: float(getattr(self, name)) for name, symbol in SYMBOLS}


SYMBOLS: tuple[tuple[str, str], ...] = (
    ("loss_db", "Lb"),
    ("field_strength_dbuv_m", "Ep"),
    ("free_space_db", "Lbfs"),
    ("line_of_sight_db", "Lb0p"),
    ("line_of_sight_beta0_db", "Lb0b"),
    ("bullington_actual_db", "Lbulla50"),
    ("bullington_smooth_db", "Lbulls50"),
    ("spherical_earth_db", "Ldsph50"),
    ("bullington_actual_beta0_db", "Lbulla"),
    ("bullington_smooth_beta0_db", "Lbulls"),
    ("spherical_earth_beta0_db", "Ldsph"),
    ("diffraction_median_db", "Ld50"),
    ("diffraction_beta0_db", "Ldb"),
    ("diffraction_db", "Ldp"),
    ("diffracted_median_db", "Lbd50"),
    ("diffracted_db", "Lbd"),
    ("least_line_of_sight_db", "Lminb0p"),
    ("ducting_db", "Lba"),
    ("least_ducting_db", "Lminbap"),
    ("diffracted_or_ducting_db", "Lbda"),
    ("modified_db", "Lbam"),
    ("troposcatter_db", "Lbs"),
    ("median_location_db", "Lbc"),
    ("location_db", "Lloc"),
    ("path_km", "d"),
    ("effective_radius_km", "ae"),
    ("effective_radius_beta0_km", "ab"),
    ("sea_fraction", "w"),
    ("land_km", "dtm"),
    ("inland_km", "dlm"),
    ("center_latitude_deg", "phi"),
    ("beta0_percent", "b0"),
    ("time_factor", "Fi"),
    ("angle_factor", "Fj"),
    ("distance_factor", "Fk"),
    ("tx_antenna_m", "hts"),
    ("rx_antenna_m", "hrs"),
    ("tx_horizon_km", "dlt"),
    ("rx_horizon_km", "dlr"),
    ("tx_horizon_mrad", "th_t"),
    ("rx_horizon_mrad", "th_r"),
    ("angular_distance_mrad", "th"),
    ("tx_fitted_m", "hst_n"),
    ("rx_fitted_m", "hsr_n"),
    ("tx_smooth_diffraction_m", "hstd"),
    ("rx_smooth_diffraction_m", "hsrd"),
    ("tx_smooth_ducting_m", "hst"),
    ("rx_smooth_ducting_m", "hsr"),
    ("tx_effective_diffraction_m", "htesph"),
    ("rx_effective_diffraction_m", "hresph"),
    ("tx_effective_ducting_m", "hte"),
    ("rx_effective_ducting_m", "hre"),
    ("roughness_m", "hm"),
)
"""Fields of `PathLoss` and their symbols in the recommendation."""


def path_loss(
    geometry: NDArray[np.float64],
    terms: NDArray[np.float64],
    *,
    center_latitude_deg: float,
    location_db: float,
    field_strength_dbuv_m: float,
    outside_range: tuple[str, ...],
) -> PathLoss:
    """Return the kernels' two vectors as a value with names."""
    from whitesignal.kernels import diffraction
    from whitesignal.kernels import p1812 as path
    from whitesignal.kernels import p1812_band as band

    walk = geometry.tolist()
    loss = terms.tolist()
    return PathLoss(
        loss_db=loss[band.LOSS],
        field_strength_dbuv_m=field_strength_dbuv_m,
        free_space_db=loss[band.FREE_SPACE],
        line_of_sight_db=loss[band.CLEAR],
        line_of_sight_beta0_db=loss[band.CLEAR_BETA0],
        bullington_actual_db=loss[diffraction.BULLINGTON_ACTUAL],
        bullington_smooth_db=loss[diffraction.BULLINGTON_SMOOTH],
        spherical_earth_db=loss[diffraction.SPHERICAL_EARTH],
        bullington_actual_beta0_db=loss[band.BETA0_TERMS + diffraction.BULLINGTON_ACTUAL],
        bullington_smooth_beta0_db=loss[band.BETA0_TERMS + diffraction.BULLINGTON_SMOOTH],
        spherical_earth_beta0_db=loss[band.BETA0_TERMS + diffraction.SPHERICAL_EARTH],
        diffraction_median_db=loss[diffraction.DIFFRACTION],
        diffraction_beta0_db=loss[band.BETA0_TERMS + diffraction.DIFFRACTION],
        diffraction_db=loss[band.DIFFRACTION_TIME],
        diffracted_median_db=loss[band.DIFFRACTED_MEDIAN],
        diffracted_db=loss[band.DIFFRACTED],
        least_line_of_sight_db=loss[band.LEAST_CLEAR],
        ducting_db=loss[band.DUCT],
        least_ducting_db=loss[band.LEAST_DUCT],
        diffracted_or_ducting_db=loss[band.DIFFRACTED_OR_DUCT],
        modified_db=loss[band.MODIFIED],
        troposcatter_db=loss[band.SCATTER],
        median_location_db=loss[band.MEDIAN_PLACE],
        location_db=location_db,
        path_km=walk[diffraction.PATH_KM],
        effective_radius_km=walk[path.RADIUS_KM],
        effective_radius_beta0_km=path.BETA0_RADIUS_KM,
        sea_fraction=walk[path.SEA_FRACTION],
        land_km=walk[path.LAND_KM],
        inland_km=walk[path.INLAND_KM],
        center_latitude_deg=center_latitude_deg,
        beta0_percent=walk[path.BETA0_PERCENT],
        time_factor=walk[path.TIME_FACTOR],
        angle_factor=walk[path.ANGLE_FACTOR],
        distance_factor=walk[path.DISTANCE_FACTOR],
        beyond_horizon=walk[path.BEYOND_HORIZON] > 0.0,
        tx_antenna_m=walk[path.TX_ANTENNA_M],
        rx_antenna_m=walk[path.RX_ANTENNA_M],
        tx_horizon_km=walk[path.TX_HORIZON_KM],
        rx_horizon_km=walk[path.RX_HORIZON_KM],
        tx_horizon_mrad=walk[path.TX_HORIZON_MRAD],
        rx_horizon_mrad=walk[path.RX_HORIZON_MRAD],
        angular_distance_mrad=walk[path.ANGLE_MRAD],
        tx_fitted_m=walk[diffraction.TX_FITTED_HEIGHT_M],
        rx_fitted_m=walk[diffraction.RX_FITTED_HEIGHT_M],
        tx_smooth_diffraction_m=walk[diffraction.TX_SMOOTH_HEIGHT_M],
        rx_smooth_diffraction_m=walk[diffraction.RX_SMOOTH_HEIGHT_M],
        tx_smooth_ducting_m=walk[path.TX_DUCT_SMOOTH_M],
        rx_smooth_ducting_m=walk[path.RX_DUCT_SMOOTH_M],
        tx_effective_diffraction_m=walk[diffraction.TX_EFFECTIVE_HEIGHT_M],
        rx_effective_diffraction_m=walk[diffraction.RX_EFFECTIVE_HEIGHT_M],
        tx_effective_ducting_m=walk[path.TX_DUCT_HEIGHT_M],
        rx_effective_ducting_m=walk[path.RX_DUCT_HEIGHT_M],
        roughness_m=walk[path.ROUGHNESS_M],
        outside_range=outside_range,
    )

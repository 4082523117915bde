"""Loss of a path in one band, from what `kernels.sweep` wrote of it: free space and diffraction, or P.1812 at 50 %.

Recommendation ITU-R P.1812-8, annex 1; equation numbers are its own.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.edges import bullington_loss_db, edge_nu_factor, first_term_loss_db
from whitesignal.kernels.jit import part
from whitesignal.kernels.sweep import (
    ANGLE_MRAD,
    CLEARANCE_M,
    CLEARANCE_NEEDED_FACTOR,
    NU_FACTOR,
    PATH_KM,
    RX_EFFECTIVE_HEIGHT_M,
    SPREADING_DB,
    STEP_KM,
    TX_EFFECTIVE_HEIGHT_M,
)
from whitesignal.units import SPEED_OF_LIGHT_M_PER_S

Floats = NDArray[np.float64]

SCATTER_MATTERS_WITHIN_DB = 20.0
"""Where troposcatter is weaker by more than this, (63) changes the loss by less than 0.0005 dB."""

SMOOTH_SEARCH_STEPS = 16


@part
def smooth_excess_db(
    path_km: float,
    tx_m: float,
    rx_m: float,
    clearance_m: float,
    needed_factor: float,
    step_km: float,
    frequency_mhz: float,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    effective_radius_km: float,
) -> float:
    """Return what the smooth curved earth costs beyond its own Bullington edge: Ldsph - Lbulls of (39), not below 0.

    Parameters
    ----------
    tx_m, rx_m
        Antennas above the smooth earth. [m]
    clearance_m, needed_factor
        What `edges.smooth_clearance` says of them.
    step_km
        The profile's spacing: the smooth profile's points keep this far from its ends. [km]

    Notes
    -----
    Departs from the exact walk in one thing: the smooth earth's highest point is found where it is, not at the nearest
    point of the profile.
    """
    wavelength_m = SPEED_OF_LIGHT_M_PER_S / (frequency_mhz * 1e6)
    beyond = clearance_m == -math.inf
    needed_m = needed_factor * math.sqrt(wavelength_m)
    if not beyond and clearance_m > needed_m:
        return 0.0
    roots = math.sqrt(tx_m) + math.sqrt(rx_m)
    radius_km = effective_radius_km if beyond else 500.0 * (path_km / roots) ** 2  # (26)
    spherical_db = first_term_loss_db(
        path_km, tx_m, rx_m, frequency_mhz, vertical, permittivity, conductivity, radius_km
    )
    if not beyond:
        spherical_db = (1.0 - clearance_m / needed_m) * max(spherical_db, 0.0)  # (27)
    nu_factor = _smooth_nu_factor(path_km, tx_m, rx_m, step_km, 500.0 / effective_radius_km)
    return max(spherical_db - bullington_loss_db(nu_factor / math.sqrt(wavelength_m), path_km), 0.0)


@part
def _smooth_nu_factor(path_km: float, tx_m: float, rx_m: float, step_km: float, bulge: float) -> float:
    """Return ν's factor of the smooth earth. [√m]"""
    edge_km = min(step_km, path_km / 3.0)
    line = (rx_m - tx_m) / path_km
    tx_top_km = min(max(math.sqrt(tx_m / bulge), edge_km), path_km - edge_km)
    tx_slope = bulge * (path_km - tx_top_km) - tx_m / tx_top_km - line
    if tx_slope >= 0.0:
        rx_top_km = min(max(math.sqrt(rx_m / bulge), edge_km), path_km - edge_km)
        rx_slope = bulge * (path_km - rx_top_km) - rx_m / rx_top_km + line
        return edge_nu_factor(tx_slope, rx_slope, path_km)
    low_km, high_km = edge_km, path_km - edge_km
    for _ in range(SMOOTH_SEARCH_STEPS):
        left_km, right_km = low_km + 0.382 * (high_km - low_km), low_km + 0.618 * (high_km - low_km)
        left = _smooth_nu(left_km, path_km, tx_m, line, bulge)
        if left < _smooth_nu(right_km, path_km, tx_m, line, bulge):
            low_km = left_km
        else:
            high_km = right_km
    middle_km = 0.5 * (low_km + high_km)
    return _smooth_nu(middle_km, path_km, tx_m, line, bulge) * math.sqrt(0.002 * path_km)


@part
def _smooth_nu(here_km: float, path_km: float, tx_m: float, line: float, bulge: float) -> float:
    both_km2 = here_km * (path_km - here_km)
    return (bulge * both_km2 - tx_m - line * here_km) / math.sqrt(both_km2)


@part
def path_loss_db(
    path: Floats,
    frequency_mhz: float,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    effective_radius_km: float,
    free_space_db: float,
    scatter_db: float,
) -> float:
    """Return the loss of a path in one band. [dB]

    Parameters
    ----------
    path
        What `kernels.sweep.cell_geometry` wrote.
    free_space_db
        Free space in this band at 1 km. [dB]
    scatter_db
        Troposcatter (44), (45) in this band at 1 km and angle 0; inf for a model without. [dB]

    Notes
    -----
    With troposcatter this is P.1812's Lbc at 50 % of time but for ducting, which at half of the time lies tens of
    decibels below at the distances a mobile station reaches.
    """
    path_km = path[PATH_KM]
    clear_db = free_space_db + path[SPREADING_DB]
    inverse_root_wavelength = math.sqrt(frequency_mhz * 1e6 / SPEED_OF_LIGHT_M_PER_S)
    total_db: float = clear_db + bullington_loss_db(path[NU_FACTOR] * inverse_root_wavelength, path_km)
    total_db += smooth_excess_db(
        path_km,
        path[TX_EFFECTIVE_HEIGHT_M],
        path[RX_EFFECTIVE_HEIGHT_M],
        path[CLEARANCE_M],
        path[CLEARANCE_NEEDED_FACTOR],
        path[STEP_KM],
        frequency_mhz,
        vertical,
        permittivity,
        conductivity,
        effective_radius_km,
    )
    least_scatter_db = scatter_db + 0.573 * path[ANGLE_MRAD]
    if total_db <= least_scatter_db - SCATTER_MATTERS_WITHIN_DB:
        return total_db
    both_db = least_scatter_db + 20.0 * math.log10(path_km)
    apart_db = abs(both_db - total_db)
    joined_db = min(both_db, total_db) - 5.0 * math.log10(1.0 + math.pow(10.0, -0.2 * apart_db))  # (63)
    most_db: float = max(clear_db, joined_db)
    return most_db

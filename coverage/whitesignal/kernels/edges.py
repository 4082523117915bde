"""The closed pieces of delta-Bullington: the edge's loss, the smooth profile's edge, the spherical earth's first term.

Equation numbers are those of Recommendation ITU-R P.1812-8.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.jit import part


@part
def edge_nu_factor(tx_slope: float, rx_slope: float, path_km: float) -> float:
    """Return ν times the root of the wavelength of the edge where two rays meet: equations (18) to (20). [√m]

    Slopes are above the line of sight [m/km], none negative. The edge stands s_t s_r D / (s_t + s_r) above the line,
    at s_r D / (s_t + s_r) from the transmitter; put into (20), everything but the product of the slopes cancels.
    """
    return math.sqrt(0.002 * path_km * max(tx_slope * rx_slope, 0.0))


@part
def _slope_to(distance_km: float, path_km: float, antenna_m: float, bulge_m_per_km2: float) -> float:
    """Return the slope from an antenna to the smooth curved earth that far away. [m/km]"""
    return bulge_m_per_km2 * (path_km - distance_km) - antenna_m / distance_km


@part
def _smooth_nu(distance_km: float, path_km: float, tx_m: float, rx_m: float, bulge_m_per_km2: float) -> float:
    """Return ν's factor of one point of the smooth earth, without the path's own constant."""
    rest_km = path_km - distance_km
    line_m = (tx_m * rest_km + rx_m * distance_km) / path_km
    both_km2 = distance_km * rest_km
    return (bulge_m_per_km2 * both_km2 - line_m) / math.sqrt(both_km2)


@part
def smooth_nu_factor(
    distance_km: NDArray[np.float64], count: int, tx_m: float, rx_m: float, bulge_m_per_km2: float
) -> float:
    """Return ν times the root of the wavelength for a profile whose heights are all zero. [√m]

    Over points in order both slopes and ν rise to one maximum and fall again (concave in the distance, and in
    the angle φ with d = D sin² φ), so a bisection finds the very point that a walk would.
    """
    path_km: float = distance_km[count - 1]
    if count < 3 or path_km <= 0.0:
        return -math.inf
    low, high = 1, count - 2
    while low < high:
        middle = (low + high) // 2
        here = _slope_to(distance_km[middle], path_km, tx_m, bulge_m_per_km2)
        if here < _slope_to(distance_km[middle + 1], path_km, tx_m, bulge_m_per_km2):
            low = middle + 1
        else:
            high = middle
    tx_slope = _slope_to(distance_km[low], path_km, tx_m, bulge_m_per_km2)
    if tx_slope < (rx_m - tx_m) / path_km:
        low, high = 1, count - 2
        while low < high:
            middle = (low + high) // 2
            here = _smooth_nu(distance_km[middle], path_km, tx_m, rx_m, bulge_m_per_km2)
            if here < _smooth_nu(distance_km[middle + 1], path_km, tx_m, rx_m, bulge_m_per_km2):
                low = middle + 1
            else:
                high = middle
        largest = _smooth_nu(distance_km[low], path_km, tx_m, rx_m, bulge_m_per_km2)
        return largest * math.sqrt(0.002 * path_km)
    low, high = 1, count - 2
    while low < high:
        middle = (low + high) // 2
        here = _slope_to(path_km - distance_km[middle], path_km, rx_m, bulge_m_per_km2)
        if here < _slope_to(path_km - distance_km[middle + 1], path_km, rx_m, bulge_m_per_km2):
            low = middle + 1
        else:
            high = middle
    rx_slope = _slope_to(path_km - distance_km[low], path_km, rx_m, bulge_m_per_km2)
    line = (rx_m - tx_m) / path_km
    return edge_nu_factor(tx_slope - line, rx_slope + line, path_km)


@part
def smooth_clearance(path_km: float, tx_m: float, rx_m: float, effective_radius_km: float) -> tuple[float, float]:
    """Return the ray's smallest clearance over the smooth earth [m], and what it needs over √λ: (22) to (25). [√m]

    Beyond the smooth earth's horizon the clearance is -inf, on a path without length inf.
    """
    if path_km >= math.sqrt(0.002 * effective_radius_km) * (math.sqrt(tx_m) + math.sqrt(rx_m)):
        return -math.inf, 0.0
    if path_km <= 0.0:
        return math.inf, 0.0
    total_m = tx_m + rx_m
    c = (tx_m - rx_m) / total_m
    m = 250.0 * path_km**2 / (effective_radius_km * total_m)
    angle = math.acos(1.5 * c * math.sqrt(3.0 * m / (m + 1.0) ** 3))
    b = 2.0 * math.sqrt((m + 1.0) / (3.0 * m)) * math.cos((math.pi + angle) / 3.0)
    tx_km = 0.5 * path_km * (1.0 + b)
    rx_km = path_km - tx_km
    bulge = 500.0 / effective_radius_km
    clearance_m = ((tx_m - bulge * tx_km**2) * rx_km + (rx_m - bulge * rx_km**2) * tx_km) / path_km
    return clearance_m, 17.456 * math.sqrt(tx_km * rx_km / path_km)


@part
def bullington_loss_db(nu: float, path_km: float) -> float:
    """Return the Bullington loss of an edge: equations (12) and (21). [dB]"""
    if not nu > -0.78:
        return 0.0
    above = nu - 0.1
    edge_db = 6.9 + 20.0 * math.log10(math.sqrt(above * above + 1.0) + above)
    return edge_db + (1.0 - math.exp(-edge_db / 6.0)) * (10.0 + 0.02 * path_km)


@part
def _height_gain_db(beta: float, normal_height: float, admittance: float) -> float:
    """Return G(Y) of one antenna: equations (34) and (35). [dB]"""
    b = beta * normal_height
    if b > 2.0:
        gain_db = 17.6 * math.sqrt(b - 1.1) - 5.0 * math.log10(b - 1.1) - 8.0
    else:
        gain_db = 20.0 * math.log10(b + 0.1 * b**3)
    return max(gain_db, 2.0 + 20.0 * math.log10(admittance))


@part
def first_term_loss_db(
    path_km: float,
    tx_effective_height_m: float,
    rx_effective_height_m: float,
    frequency_mhz: float,
    vertical: bool,
    permittivity: float,
    conductivity: float,
    radius_km: float,
) -> float:
    """Return the first term of the spherical-earth series (Ldft): equations (29) to (36). [dB]"""
    frequency_ghz = 0.001 * frequency_mhz
    loss_tangent = 18.0 * conductivity / frequency_ghz
    admittance = 0.036 / math.pow(radius_km * frequency_ghz, 1.0 / 3.0)
    admittance /= math.sqrt(math.sqrt((permittivity - 1.0) ** 2 + loss_tangent**2))
    if vertical:
        admittance *= math.sqrt(permittivity**2 + loss_tangent**2)
    squared = admittance * admittance
    beta = (1.0 + squared * (1.6 + 0.67 * squared)) / (1.0 + squared * (4.5 + 1.53 * squared))
    normal_distance = 21.88 * beta * math.pow(frequency_ghz / radius_km**2, 1.0 / 3.0) * path_km
    normal_per_m = 0.9575 * beta * math.pow(frequency_ghz**2 / radius_km, 1.0 / 3.0)
    if normal_distance >= 1.6:
        distance_db = 11.0 + 10.0 * math.log10(normal_distance) - 17.6 * normal_distance
    else:
        distance_db = -20.0 * math.log10(normal_distance) - 5.6488 * math.pow(normal_distance, 1.425)
    tx_gain_db = _height_gain_db(beta, normal_per_m * tx_effective_height_m, admittance)
    rx_gain_db = _height_gain_db(beta, normal_per_m * rx_effective_height_m, admittance)
    return -distance_db - tx_gain_db - rx_gain_db

"""The Irregular Terrain Model's loss of a block of paths in one band, all paths side by side.

What `itm_loss.loss_db` works out path by path, and to the same figures: one short step after another, each for all
lanes, without a branch, so that the compiler takes eight lanes at a time. Only scatter, which few paths meet, is left
to the scalar functions. `itm_rows` names the rows; the equations' sources stand in `itm_loss`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels import itm_rows as row
from whitesignal.kernels.itm_loss import _beyond_attenuation_db
from whitesignal.kernels.itm_path import EARTH_RADIUS_M
from whitesignal.kernels.itm_rows import LANES, LOGS
from whitesignal.kernels.itm_wide import cosine, exponential, logarithms, wide_deviation_m, wide_share
from whitesignal.kernels.jit import NONE, part

Floats = NDArray[np.float64]

_DB = 10.0 / math.log(10.0)
_FOURTH_THIRDS_M = 4.0 / 3.0 * EARTH_RADIUS_M
_FRESNEL = 0.0795775


@part
def _edge_db(nu_squared: float, log: float) -> float:
    """Return the knife edge's loss from the parameter's square and its logarithm. [dB]"""
    near_db = 6.02 + 9.11 * math.sqrt(nu_squared) - 1.27 * nu_squared
    return near_db if nu_squared < 5.76 else 12.953 + _DB * log


@part
def _height_db(normal_km: float, log_km: float, k: float, log_k: float) -> float:
    """Return F(x, K), the height's part of diffraction over the smooth earth, from both and their logarithms. [dB]"""
    flat_db = 17.372 * log_km - 117.0
    least_db = flat_db if normal_km > 1.0 else -117.0
    usual_db = 2.5e-5 * normal_km * normal_km / k + 8.686 * log_k - 15.0
    near_db = least_db if (k < 1e-5) | (normal_km * log_k * log_k * log_k < -5495.0) else usual_db
    w = 0.0134 * normal_km * exponential(-0.005 * normal_km) if normal_km < 2000.0 else 0.0
    far_db = (1.0 - w) * (0.05751 * normal_km - 4.343 * log_km) + w * flat_db
    return near_db if normal_km < 200.0 else far_db


@part
def _begin_line(block: Floats, band: Floats) -> None:
    """Fill both distances of the diffraction line, and whatever of it a logarithm is needed of."""
    k, root, wave_number = band[at.IMPEDANCE_FACTOR], band[at.FREQUENCY_ROOT], band[at.WAVE_NUMBER]
    frequency_mhz = band[at.FREQUENCY_MHZ]
    for j in range(LANES):
        tx_m, rx_m = block[row.TX_HORIZON_M + j], block[row.RX_HORIZON_M + j]
        tx_ratio, rx_ratio = block[row.TX_RADIUS_RATIO + j], block[row.RX_RADIUS_RATIO + j]
        tx_k, rx_k = k * tx_ratio, k * rx_ratio
        tx_km = (1.607 - tx_k) * tx_ratio * tx_ratio * (root / 1000.0) * tx_m
        rx_km = (1.607 - rx_k) * rx_ratio * rx_ratio * (root / 1000.0) * rx_m
        sight_m, length_m = block[row.SIGHT_M + j], block[row.DIFFRACTION_SCALE + j] / root
        near_m = max(block[row.SMOOTH_SIGHT_M + j], sight_m + 5.0 * length_m)
        far_m = near_m + 10.0 * length_m
        near_beyond_m, far_beyond_m = near_m - sight_m, far_m - sight_m
        curvature = 1.0 / block[row.RADIUS_M + j]
        near_rad = near_m * curvature - block[row.SIGHT_ANGLE_RAD + j]
        far_rad = far_m * curvature - block[row.SIGHT_ANGLE_RAD + j]
        near_fresnel = _FRESNEL * wave_number * near_rad * near_rad * near_beyond_m
        far_fresnel = _FRESNEL * wave_number * far_rad * far_rad * far_beyond_m
        near_tx, near_rx = near_fresnel * tx_m / (near_beyond_m + tx_m), near_fresnel * rx_m / (near_beyond_m + rx_m)
        far_tx, far_rx = far_fresnel * tx_m / (far_beyond_m + tx_m), far_fresnel * rx_m / (far_beyond_m + rx_m)
        block[row.NEAR_M + j], block[row.FAR_M + j] = near_m, far_m
        block[row.TX_NORMAL_KM + j], block[row.RX_NORMAL_KM + j] = tx_km, rx_km
        block[row.NEAR_TX_EDGE + j], block[row.NEAR_RX_EDGE + j] = near_tx, near_rx
        block[row.FAR_TX_EDGE + j], block[row.FAR_RX_EDGE + j] = far_tx, far_rx
        block[LOGS + j], block[LOGS + LANES + j] = tx_k, rx_k
        block[LOGS + 2 * LANES + j], block[LOGS + 3 * LANES + j] = tx_km, rx_km
        block[LOGS + 4 * LANES + j] = 1.0 + block[row.CLUTTER_FACTOR + j] * frequency_mhz
        block[LOGS + 5 * LANES + j] = _FOURTH_THIRDS_M * near_rad / near_beyond_m
        block[LOGS + 6 * LANES + j] = _FOURTH_THIRDS_M * far_rad / far_beyond_m
        block[LOGS + 7 * LANES + j], block[LOGS + 8 * LANES + j] = near_tx, near_rx
        block[LOGS + 9 * LANES + j], block[LOGS + 10 * LANES + j] = far_tx, far_rx


@part
def _bend_line(block: Floats, band: Floats) -> None:
    """Fill the edges' losses, the gains and the normal distances, the latter for another round of logarithms."""
    k, root = band[at.IMPEDANCE_FACTOR], band[at.FREQUENCY_ROOT]
    for j in range(LANES):
        tx_km, rx_km = block[row.TX_NORMAL_KM + j], block[row.RX_NORMAL_KM + j]
        block[row.GAINS_DB + j] = _height_db(
            tx_km, block[LOGS + 2 * LANES + j], k * block[row.TX_RADIUS_RATIO + j], block[LOGS + j]
        ) + _height_db(rx_km, block[LOGS + 3 * LANES + j], k * block[row.RX_RADIUS_RATIO + j], block[LOGS + LANES + j])
        block[row.CLUTTER_DB + j] = min(15.0, 0.5 * _DB * block[LOGS + 4 * LANES + j])
        block[row.NEAR_EDGES_DB + j] = _edge_db(block[row.NEAR_TX_EDGE + j], block[LOGS + 7 * LANES + j]) + _edge_db(
            block[row.NEAR_RX_EDGE + j], block[LOGS + 8 * LANES + j]
        )
        block[row.FAR_EDGES_DB + j] = _edge_db(block[row.FAR_TX_EDGE + j], block[LOGS + 9 * LANES + j]) + _edge_db(
            block[row.FAR_RX_EDGE + j], block[LOGS + 10 * LANES + j]
        )
        near_ratio = exponential(block[LOGS + 5 * LANES + j] * (1.0 / 3.0))
        far_ratio = exponential(block[LOGS + 6 * LANES + j] * (1.0 / 3.0))
        near_beyond_m = block[row.NEAR_M + j] - block[row.SIGHT_M + j]
        far_beyond_m = block[row.FAR_M + j] - block[row.SIGHT_M + j]
        near_km = (1.607 - k * near_ratio) * near_ratio * near_ratio * (root / 1000.0) * near_beyond_m + tx_km + rx_km
        far_km = (1.607 - k * far_ratio) * far_ratio * far_ratio * (root / 1000.0) * far_beyond_m + tx_km + rx_km
        block[row.NEAR_NORMAL_KM + j], block[row.FAR_NORMAL_KM + j] = near_km, far_km
        block[LOGS + j], block[LOGS + LANES + j] = near_km, far_km


@part
def _mixed_db(normal_km: float, log_km: float, gains_db: float, edges_db: float, roughness: float) -> float:
    """Return the diffraction loss, between smooth earth and knife edges; NaN where Vogler's formula has none. [dB]"""
    smooth_db = 0.05751 * normal_km - _DB * log_km - gains_db - 20.0
    weight = 25.1 / (25.1 + math.sqrt(roughness))
    both_db = weight * smooth_db + (1.0 - weight) * edges_db
    return both_db if normal_km > 0.0 else math.nan


@part
def _end_line(block: Floats, band: Floats) -> None:
    """Fill intercept and slope of the diffraction line."""
    wave_number = band[at.WAVE_NUMBER]
    for j in range(LANES):
        near_m, far_m, irregularity_m = block[row.NEAR_M + j], block[row.FAR_M + j], block[row.IRREGULARITY_M + j]
        term, gap_m, gains_db = block[row.WEIGHT_TERM + j], block[row.WEIGHT_GAP_M + j], block[row.GAINS_DB + j]
        near_roughness = min(irregularity_m * wide_share(near_m) * wave_number, 6283.2) * (term + gap_m / near_m)
        far_roughness = min(irregularity_m * wide_share(far_m) * wave_number, 6283.2) * (term + gap_m / far_m)
        near_db = _mixed_db(
            block[row.NEAR_NORMAL_KM + j], block[LOGS + j], gains_db, block[row.NEAR_EDGES_DB + j], near_roughness
        )
        far_db = _mixed_db(
            block[row.FAR_NORMAL_KM + j], block[LOGS + LANES + j], gains_db, block[row.FAR_EDGES_DB + j], far_roughness
        )
        slope = (far_db - near_db) / (far_m - near_m)
        block[row.SLOPE + j] = slope
        block[row.INTERCEPT_DB + j] = near_db + block[row.CLUTTER_DB + j] - slope * near_m


@part
def _phase(straight: float) -> float:
    """Return the phase between the rays from the one that the antennas' heights alone would make. [rad]"""
    return straight if straight <= math.pi / 2.0 else math.pi - (math.pi / 2.0) ** 2 / straight


@part
def _field(sine: float, scale: float, even: float, real: float, imaginary: float) -> float:
    """Return the squared sum of the direct and the reflected ray in line of sight.

    From the sine of the angle at the ground, what roughness leaves of the ray, the phase's cosine and the impedance.
    """
    scale /= (sine + real) * (sine + real) + imaginary * imaginary
    ray_real = ((sine - real) * (sine + real) - imaginary * imaginary) * scale
    ray_imaginary = -2.0 * sine * imaginary * scale
    squared = ray_real * ray_real + ray_imaginary * ray_imaginary
    factor = math.sqrt(sine / squared) if squared < max(0.25, sine) else 1.0
    along, across = even + ray_real * factor, ray_imaginary * factor - math.sqrt(max(1.0 - even * even, 0.0))
    return along * along + across * across


@part
def _begin_sight(block: Floats, band: Floats) -> None:
    """Fill the two distances of line of sight and the weight of its rays."""
    frequency_mhz = band[at.FREQUENCY_MHZ]
    for j in range(LANES):
        sight_m, smooth_m = block[row.SIGHT_M + j], block[row.SMOOTH_SIGHT_M + j]
        intercept_db = block[row.INTERCEPT_DB + j]
        free_m = 0.04 * frequency_mhz * block[row.TX_EFFECTIVE_M + j] * block[row.RX_EFFECTIVE_M + j]
        close_m = min(free_m, 0.5 * sight_m)
        near_m = close_m if intercept_db >= 0.0 else free_m
        lower_m = max(0.25 * sight_m, -intercept_db / block[row.SLOPE + j])
        far_m = close_m + 0.25 * (sight_m - close_m) if intercept_db >= 0.0 else lower_m
        block[row.SIGHT_WEIGHT + j] = 1.0 / (1.0 + frequency_mhz * block[row.IRREGULARITY_M + j] / max(10e3, smooth_m))
        block[row.NEAR_M + j], block[row.FAR_M + j] = near_m, far_m


@part
def _cross_rays(block: Floats, band: Floats) -> None:
    """Fill the distances and the fields of line of sight for their logarithms."""
    wave_number, real, imaginary = band[at.WAVE_NUMBER], band[at.IMPEDANCE_REAL], band[at.IMPEDANCE_IMAGINARY]
    # The compiler takes lanes side by side only where it can take in every call, so none of these is long.
    for j in range(LANES):
        near_m, far_m, irregularity_m = block[row.NEAR_M + j], block[row.FAR_M + j], block[row.IRREGULARITY_M + j]
        tx_m, rx_m = block[row.TX_EFFECTIVE_M + j], block[row.RX_EFFECTIVE_M + j]
        heights_m, straight_m = tx_m + rx_m, wave_number * 2.0 * tx_m * rx_m
        near_sine = heights_m / math.sqrt(near_m * near_m + heights_m * heights_m)
        far_sine = heights_m / math.sqrt(far_m * far_m + heights_m * heights_m)
        near_deviation_m = wide_deviation_m(irregularity_m * wide_share(near_m))
        far_deviation_m = wide_deviation_m(irregularity_m * wide_share(far_m))
        near_scale = exponential(max(-wave_number * near_deviation_m * near_sine, -10.0))
        far_scale = exponential(max(-wave_number * far_deviation_m * far_sine, -10.0))
        near_even, far_even = cosine(_phase(straight_m / near_m)), cosine(_phase(straight_m / far_m))
        block[LOGS + j], block[LOGS + LANES + j] = near_m, far_m
        block[LOGS + 2 * LANES + j] = _field(near_sine, near_scale, near_even, real, imaginary)
        block[LOGS + 3 * LANES + j] = _field(far_sine, far_scale, far_even, real, imaginary)


@part
def _end_sight(block: Floats) -> None:
    """Fill the reference attenuation in line of sight."""
    for j in range(LANES):
        near_m, far_m, smooth_m = block[row.NEAR_M + j], block[row.FAR_M + j], block[row.SMOOTH_SIGHT_M + j]
        intercept_db, slope, weight = block[row.INTERCEPT_DB + j], block[row.SLOPE + j], block[row.SIGHT_WEIGHT + j]
        smooth_db = smooth_m * slope + intercept_db
        near_db = (1.0 - weight) * (slope * near_m + intercept_db) - weight * _DB * block[LOGS + 2 * LANES + j]
        far_db = (1.0 - weight) * (slope * far_m + intercept_db) - weight * _DB * block[LOGS + 3 * LANES + j]
        log_smooth, log_near = block[row.LOG_SMOOTH_SIGHT_M + j], block[LOGS + j]
        whole_m, part_m, whole_log = smooth_m - near_m, far_m - near_m, log_smooth - log_near
        part_log = block[LOGS + LANES + j] - log_near
        bend = (whole_m * (far_db - near_db) - part_m * (smooth_db - near_db)) / (
            whole_m * part_log - part_m * whole_log
        )
        is_bent = (near_m < far_m) & ((intercept_db > 0.0) | (bend > 0.0))
        bend = max(bend, 0.0)
        rest = (smooth_db - near_db - bend * whole_log) / whole_m
        only_bend = max(smooth_db - near_db, 0.0) / whole_log
        bent_linear = rest if rest >= 0.0 else 0.0 if only_bend > 0.0 else slope
        bent_log = bend if rest >= 0.0 else only_bend
        straight = max(smooth_db - far_db, 0.0) / (smooth_m - far_m)
        linear = bent_linear if is_bent else slope if straight == 0.0 else straight
        logarithmic = bent_log if is_bent else 0.0
        block[row.ATTENUATION_DB + j] = (
            smooth_db
            - linear * (smooth_m - block[row.PATH_M + j])
            - logarithmic * (log_smooth - block[row.LOG_PATH_M + j])
        )


@part
def _go_beyond(block: Floats, band: Floats, path: Floats) -> None:
    """Put the reference attenuation beyond the horizon in the place of that in line of sight, where it belongs."""
    for j in range(LANES):
        if block[row.TRANSHORIZON + j] != 0.0:
            for i in range(at.PATH_SIZE):
                path[i] = block[LANES * i + j]
            block[row.ATTENUATION_DB + j], _ = _beyond_attenuation_db(
                path, band, block[row.INTERCEPT_DB + j], block[row.SLOPE + j]
            )


@part
def _vary_block(block: Floats, band: Floats) -> None:
    """Fill the losses from the reference attenuations: free space, and the percentages asked for."""
    mode = band[at.VARIABILITY_MODE]
    time, location, situation = band[at.TIME_DEVIATE], band[at.LOCATION_DEVIATE], band[at.SITUATION_DEVIATE]
    # What the mode makes of the spreads of time and location: into the confidence, into the reliability, into one.
    squared, apart = situation * situation, 1.0 if mode == 1.0 or mode == 3.0 else 0.0
    time_part = time * time / (7.8 + squared) + (1.0 if mode == 0.0 else 0.0)
    location_part = location * location / (24.0 + squared) + (1.0 if mode == 0.0 or mode == 1.0 else 0.0)
    time_off, location_off = apart * time, location if mode == 3.0 else 0.0
    together = time if mode == 2.0 else 0.0
    median_0, median_1, median_2 = band[at.MEDIAN_CURVE], band[at.MEDIAN_CURVE + 1], 1.0 / band[at.MEDIAN_CURVE + 2]
    median_3, median_4 = band[at.MEDIAN_CURVE + 3], 1.0 / band[at.MEDIAN_CURVE + 4]
    time_0, time_1, time_2 = band[at.TIME_CURVE], band[at.TIME_CURVE + 1], 1.0 / band[at.TIME_CURVE + 2]
    time_3, time_4, factor = band[at.TIME_CURVE + 3], 1.0 / band[at.TIME_CURVE + 4], band[at.TIME_FACTOR]
    location_scale_db, situation_scale = 10.0 * band[at.LOCATIONS_VARY], band[at.SITUATIONS_VARY]
    wave_number, frequency_db, variability_m = band[at.WAVE_NUMBER], band[at.FREQUENCY_DB], band[at.VARIABILITY_M]
    for j in range(LANES):
        path_m, reach_m = block[row.PATH_M + j], block[row.HEIGHTS_M + j] + variability_m
        distance_m = 130e3 * path_m / reach_m if path_m < reach_m else 130e3 + path_m - reach_m
        swell, onset = (distance_m - median_3) * median_4, distance_m * median_2
        onset *= onset
        median_db = (median_0 + median_1 / (1.0 + swell * swell)) * onset / (1.0 + onset)
        swell, onset = (distance_m - time_3) * time_4, distance_m * time_2
        onset *= onset
        time_db = (time_0 + time_1 / (1.0 + swell * swell)) * onset / (1.0 + onset) * factor
        roughness = wave_number * block[row.PATH_ROUGHNESS_M + j]
        location_db = location_scale_db * roughness / (roughness + 13.0)
        situation_db = situation_scale * (5.0 + 3.0 * exponential(distance_m * -1e-5))
        time_square, location_square = time_db * time_db, location_db * location_db
        spread = situation_db * situation_db + time_part * time_square + location_part * location_square
        reliability_db = time_off * time_db + location_off * location_db
        reliability_db += together * math.sqrt(time_square + location_square)
        attenuation_db = block[row.ATTENUATION_DB + j]
        reference_db = attenuation_db if attenuation_db > 0.0 else 0.0  # zero, too, where it is undefined
        result_db = reference_db - median_db - reliability_db - math.sqrt(spread) * situation
        bent_db = result_db * (29.0 - result_db) / (29.0 - 10.0 * result_db)
        result_db = bent_db if result_db < 0.0 else result_db
        block[row.LOSS_DB + j] = frequency_db + block[row.FREE_SPACE_DB + j] + result_db


@part
def block_losses(block: Floats, band: Floats, path: Floats) -> None:
    """Fill a block's LOSS_DB from its paths' rows, in one band.

    Parameters
    ----------
    block
        Shape (BLOCK_SIZE,). Its paths' rows are those of `itm_layout` up to PATH_SIZE, and LOG_SMOOTH_SIGHT_M; what
        lies in lanes without a path is worked on and means nothing.
    band
        As `itm_loss.loss_db` has it.
    path
        Room for a path, shape (PATH_SIZE,).
    """
    _begin_line(block, band)
    logarithms(block, NONE + LOGS, LOGS + 11 * LANES)
    _bend_line(block, band)
    logarithms(block, NONE + LOGS, LOGS + 2 * LANES)
    _end_line(block, band)
    _begin_sight(block, band)
    _cross_rays(block, band)
    logarithms(block, NONE + LOGS, LOGS + 4 * LANES)
    _end_sight(block)
    _go_beyond(block, band, path)
    _vary_block(block, band)


@part
def load_block(paths: Floats, first: int, count: int, block: Floats) -> None:
    """Put finished paths, those of ``count`` rows from the first on, into the first lanes of a block."""
    for i in range(at.PATH_SIZE):
        for lane in range(count):
            block[LANES * i + lane] = paths[first + lane, i]
    for lane in range(count):
        block[row.LOG_SMOOTH_SIGHT_M + lane] = paths[first + lane, at.SMOOTH_SIGHT_M]
    first = NONE + row.LOG_SMOOTH_SIGHT_M
    logarithms(block, first, first + LANES)

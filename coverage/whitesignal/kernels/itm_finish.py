"""The rest of a block of paths from their horizons, Δh and effective heights: what no frequency changes.

What `itm_path.estimate_horizons` and `itm_path.finish_path` work out path by path, and to the same figures, in steps
without a branch; warnings are left out. Only scatter, which few paths meet, is left to the scalar function.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels import itm_layout as at
from whitesignal.kernels import itm_rows as row
from whitesignal.kernels.itm_path import EARTH_RADIUS_M, VARIABILITY_RADIUS_M
from whitesignal.kernels.itm_rows import LANES, LOGS
from whitesignal.kernels.itm_scatter import describe_scatter
from whitesignal.kernels.itm_wide import exponential, logarithms, wide_deviation_m, wide_share
from whitesignal.kernels.jit import NONE, part

Floats = NDArray[np.float64]

_DB = 10.0 / math.log(10.0)
_LN_KM = math.log(1000.0)
_FOURTH_THIRDS_M = 4.0 / 3.0 * EARTH_RADIUS_M


@part
def _rough_share(irregularity_m: float, effective_m: float) -> float:
    """Return the share of the smooth earth's horizon distance that rough ground leaves."""
    return exponential(-0.07 * math.sqrt(irregularity_m / max(effective_m, 5.0)))


@part
def _estimate_block(block: Floats) -> None:
    """Replace the horizons of paths well in sight by likely ones: `itm_path.estimate_horizons`."""
    for j in range(LANES):
        path_m, irregularity_m = block[row.PATH_M + j], block[row.IRREGULARITY_M + j]
        tx_m, rx_m = block[row.TX_EFFECTIVE_M + j], block[row.RX_EFFECTIVE_M + j]
        tx_horizon_m, rx_horizon_m = block[row.TX_HORIZON_M + j], block[row.RX_HORIZON_M + j]
        diameter_m = 2.0 * block[row.RADIUS_M + j]
        tx_smooth_m, rx_smooth_m = math.sqrt(tx_m * diameter_m), math.sqrt(rx_m * diameter_m)
        both_m = tx_smooth_m * _rough_share(irregularity_m, tx_m) + rx_smooth_m * _rough_share(irregularity_m, rx_m)
        in_sight = tx_horizon_m + rx_horizon_m > 1.5 * path_m
        raise_by = max(path_m / both_m, 1.0) if in_sight else 1.0
        tx_m *= raise_by * raise_by
        rx_m *= raise_by * raise_by
        tx_smooth_m *= raise_by
        rx_smooth_m *= raise_by
        tx_share, rx_share = _rough_share(irregularity_m, tx_m), _rough_share(irregularity_m, rx_m)
        rough_m = 0.65 * irregularity_m
        tx_angle = (rough_m * (1.0 / tx_share - 1.0) - 2.0 * tx_m) / tx_smooth_m
        rx_angle = (rough_m * (1.0 / rx_share - 1.0) - 2.0 * rx_m) / rx_smooth_m
        block[row.TX_EFFECTIVE_M + j], block[row.RX_EFFECTIVE_M + j] = tx_m, rx_m
        block[row.TX_HORIZON_M + j] = tx_smooth_m * tx_share if in_sight else tx_horizon_m
        block[row.RX_HORIZON_M + j] = rx_smooth_m * rx_share if in_sight else rx_horizon_m
        block[row.TX_ANGLE_RAD + j] = tx_angle if in_sight else block[row.TX_ANGLE_RAD + j]
        block[row.RX_ANGLE_RAD + j] = rx_angle if in_sight else block[row.RX_ANGLE_RAD + j]


@part
def _derive_block(block: Floats, structural_product_m2: float) -> None:
    """Fill what follows from horizons and effective heights, some of it for its logarithm."""
    for j in range(LANES):
        path_m, radius_m, irregularity_m = block[row.PATH_M + j], block[row.RADIUS_M + j], block[row.IRREGULARITY_M + j]
        tx_m, rx_m = block[row.TX_EFFECTIVE_M + j], block[row.RX_EFFECTIVE_M + j]
        tx_horizon_m, rx_horizon_m = block[row.TX_HORIZON_M + j], block[row.RX_HORIZON_M + j]
        smooth_sight_m = math.sqrt(2.0 * tx_m * radius_m) + math.sqrt(2.0 * rx_m * radius_m)
        sight_m = tx_horizon_m + rx_horizon_m
        sight_angle = -max(block[row.TX_ANGLE_RAD + j] + block[row.RX_ANGLE_RAD + j], -sight_m / radius_m)
        smooth_roughness_m = irregularity_m * wide_share(smooth_sight_m)
        excess_m2 = tx_m * rx_m - structural_product_m2
        block[row.SMOOTH_SIGHT_M + j], block[row.SIGHT_M + j] = smooth_sight_m, sight_m
        block[row.SIGHT_ANGLE_RAD + j] = sight_angle
        block[row.CLUTTER_FACTOR + j] = 1e-5 * structural_product_m2 * wide_deviation_m(smooth_roughness_m)
        block[row.WEIGHT_TERM + j] = math.sqrt(1.0 + excess_m2 / (structural_product_m2 + 10.0))
        block[row.WEIGHT_GAP_M + j] = sight_m - sight_angle * radius_m
        block[row.PATH_ROUGHNESS_M + j] = irregularity_m * wide_share(path_m)
        block[row.HEIGHTS_M + j] = math.sqrt(2.0 * VARIABILITY_RADIUS_M * tx_m) + math.sqrt(
            2.0 * VARIABILITY_RADIUS_M * rx_m
        )
        block[row.TRANSHORIZON + j] = 0.0 if path_m < smooth_sight_m else 1.0
        block[LOGS + j], block[LOGS + LANES + j], block[LOGS + 2 * LANES + j] = path_m, smooth_sight_m, radius_m
        block[LOGS + 3 * LANES + j] = 2.0 * _FOURTH_THIRDS_M * tx_m / (tx_horizon_m * tx_horizon_m)
        block[LOGS + 4 * LANES + j] = 2.0 * _FOURTH_THIRDS_M * rx_m / (rx_horizon_m * rx_horizon_m)


@part
def _take_logarithms(block: Floats) -> None:
    """Fill what the logarithms serve: themselves, free space and cube roots."""
    logarithms(block, NONE + LOGS, LOGS + 5 * LANES)
    for j in range(LANES):
        block[row.LOG_PATH_M + j], block[row.LOG_SMOOTH_SIGHT_M + j] = block[LOGS + j], block[LOGS + LANES + j]
        block[row.FREE_SPACE_DB + j] = 2.0 * _DB * (block[LOGS + j] - _LN_KM)
        block[row.DIFFRACTION_SCALE + j] = exponential(block[LOGS + 2 * LANES + j] * (2.0 / 3.0))
        block[row.TX_RADIUS_RATIO + j] = exponential(block[LOGS + 3 * LANES + j] * (1.0 / 3.0))
        block[row.RX_RADIUS_RATIO + j] = exponential(block[LOGS + 4 * LANES + j] * (1.0 / 3.0))


@part
def _describe_lane(block: Floats, lane: int, scatter: Floats) -> None:
    """Fill a lane's scatter."""
    radius_m, sight_m = block[row.RADIUS_M + lane], block[row.SIGHT_M + lane]
    tx_horizon_m, rx_horizon_m = block[row.TX_HORIZON_M + lane], block[row.RX_HORIZON_M + lane]
    ratio = block[row.RX_EFFECTIVE_M + lane] / block[row.TX_EFFECTIVE_M + lane]
    for end in range(2):
        describe_scatter(
            sight_m + 200e3 * (end + 1), abs(tx_horizon_m - rx_horizon_m),
            ratio if tx_horizon_m >= rx_horizon_m else 1.0 / ratio,
            block[row.TX_ANGLE_RAD + lane] + block[row.RX_ANGLE_RAD + lane], block[row.SIGHT_ANGLE_RAD + lane],
            radius_m, block[row.REFRACTIVITY + lane], scatter,
        )  # fmt: skip
        for i in range(at.SCATTER_SIZE):
            block[LANES * (at.SCATTER_NEAR + at.SCATTER_SIZE * end + i) + lane] = scatter[i]


@part
def finish_block(block: Floats, count: int, structural_product_m2: float, scatter: Floats) -> None:
    """Fill what `itm_block.block_losses` needs from the rows REFRACTIVITY to RX_EFFECTIVE_M and PATH_M.

    Parameters
    ----------
    block
        Shape (BLOCK_SIZE,), its horizons the terrain's; replaced where the other antenna is well in sight.
    count
        Number of lanes that hold a path.
    structural_product_m2
        Product of the antennas' heights above ground.
    scatter
        Room, shape (≥ SCATTER_SIZE,).
    """
    _estimate_block(block)
    _derive_block(block, structural_product_m2)
    _take_logarithms(block)
    for lane in range(count):
        if block[row.TRANSHORIZON + lane] != 0.0:
            _describe_lane(block, lane, scatter)

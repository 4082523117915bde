"""Where a block of paths of the Irregular Terrain Model keeps what: a row for each quantity, a lane for each path.

A block is one flat array, and a row's place in it is the offset of its first lane. The first rows are those of a
path's vector in `itm_layout`, in its order; the others are what a band's loss is worked out in.
"""

from __future__ import annotations

from whitesignal.kernels import itm_layout as at

LANES = 128
"""Paths in a block: enough to keep the processor's wide registers busy, few enough for its nearest caches."""

PATH_M = LANES * at.PATH_M
REFRACTIVITY = LANES * at.REFRACTIVITY
RADIUS_M = LANES * at.RADIUS_M
IRREGULARITY_M = LANES * at.IRREGULARITY_M
TX_ANGLE_RAD = LANES * at.TX_ANGLE_RAD
RX_ANGLE_RAD = LANES * at.RX_ANGLE_RAD
TX_HORIZON_M = LANES * at.TX_HORIZON_M
RX_HORIZON_M = LANES * at.RX_HORIZON_M
TX_EFFECTIVE_M = LANES * at.TX_EFFECTIVE_M
RX_EFFECTIVE_M = LANES * at.RX_EFFECTIVE_M
TRANSHORIZON = LANES * at.TRANSHORIZON
SMOOTH_SIGHT_M = LANES * at.SMOOTH_SIGHT_M
SIGHT_M = LANES * at.SIGHT_M
SIGHT_ANGLE_RAD = LANES * at.SIGHT_ANGLE_RAD
DIFFRACTION_SCALE = LANES * at.DIFFRACTION_SCALE
CLUTTER_FACTOR = LANES * at.CLUTTER_FACTOR
WEIGHT_TERM = LANES * at.WEIGHT_TERM
WEIGHT_GAP_M = LANES * at.WEIGHT_GAP_M
TX_RADIUS_RATIO = LANES * at.TX_RADIUS_RATIO
RX_RADIUS_RATIO = LANES * at.RX_RADIUS_RATIO
PATH_ROUGHNESS_M = LANES * at.PATH_ROUGHNESS_M
LOG_PATH_M = LANES * at.LOG_PATH_M
FREE_SPACE_DB = LANES * at.FREE_SPACE_DB
HEIGHTS_M = LANES * at.HEIGHTS_M

LOG_SMOOTH_SIGHT_M = LANES * at.PATH_SIZE
"""Natural logarithm of the smooth earth's line-of-sight distance."""

TX_NORMAL_KM = LANES * (at.PATH_SIZE + 1)
"""Vogler's normal distance of the transmitter. [km]"""
RX_NORMAL_KM = LANES * (at.PATH_SIZE + 2)
NEAR_M = LANES * (at.PATH_SIZE + 3)
"""The two distances between which a line is drawn: of diffraction first, then of line of sight. [m]"""
FAR_M = LANES * (at.PATH_SIZE + 4)
NEAR_TX_EDGE = LANES * (at.PATH_SIZE + 5)
"""Squared parameter of the transmitter's knife edge, for the near distance."""
NEAR_RX_EDGE = LANES * (at.PATH_SIZE + 6)
FAR_TX_EDGE = LANES * (at.PATH_SIZE + 7)
FAR_RX_EDGE = LANES * (at.PATH_SIZE + 8)
NEAR_EDGES_DB = LANES * (at.PATH_SIZE + 9)
"""Both knife edges' loss at the near distance. [dB]"""
FAR_EDGES_DB = LANES * (at.PATH_SIZE + 10)
NEAR_NORMAL_KM = LANES * (at.PATH_SIZE + 11)
"""Normal distance of the whole path at the near distance. [km]"""
FAR_NORMAL_KM = LANES * (at.PATH_SIZE + 12)
GAINS_DB = LANES * (at.PATH_SIZE + 13)
"""Both terminals' height gains. [dB]"""
CLUTTER_DB = LANES * (at.PATH_SIZE + 14)
INTERCEPT_DB = LANES * (at.PATH_SIZE + 15)
"""The diffraction line's. [dB]"""
SLOPE = LANES * (at.PATH_SIZE + 16)
"""Of the diffraction line. [dB/m]"""
SIGHT_WEIGHT = LANES * (at.PATH_SIZE + 17)
"""Share of the two rays in the loss in line of sight."""
ATTENUATION_DB = LANES * (at.PATH_SIZE + 18)
"""Reference attenuation. [dB]"""
LOSS_DB = LANES * (at.PATH_SIZE + 19)

LOGS = LANES * (at.PATH_SIZE + 20)
"""Rows whose logarithms are taken in one go, written and read under a number of their own by each step."""
LOG_ROWS = 11
BLOCK_SIZE = LOGS + LANES * LOG_ROWS

"""Where the vectors of the Irregular Terrain Model keep what: of a path, of a band, of a result.

A path's vector holds whatever no frequency changes, a band's whatever no terrain changes; `itm_loss.loss_db` brings
the two together. The latter part of each is no term of the model but its arithmetic done ahead.
"""

from __future__ import annotations

PATH_M = 0
"""Length of the path. [m]"""
MEAN_HEIGHT_M = 1
"""Mean ground above sea level, a tenth of the points left out at either end. [m]"""
REFRACTIVITY = 2
"""Surface refractivity (N_s). [N-units]"""
RADIUS_M = 3
"""Effective earth radius (a_e). [m]"""
IRREGULARITY_M = 4
"""Terrain irregularity (Δh). [m]"""
TX_ANGLE_RAD = 5
"""Elevation of the transmitter's radio horizon (θ_hzn); estimated from Δh where well within line of sight. [rad]"""
RX_ANGLE_RAD = 6
TX_HORIZON_M = 7
"""Distance of the transmitter's radio horizon (d_hzn); estimated likewise. [m]"""
RX_HORIZON_M = 8
TX_EFFECTIVE_M = 9
"""Effective height of the transmitting antenna (h_e). [m]"""
RX_EFFECTIVE_M = 10
WARNINGS = 11
"""NTIA's warning flags of the path, summed."""
TRANSHORIZON = 12
"""1 from the smooth earth's maximum line-of-sight distance on, else 0."""
DEPARTURE_DEG = 13
"""Elevation at the transmitter, of the receiver if in line of sight, else of the terrain's horizon. [degrees]"""
ARRIVAL_DEG = 14
"""Elevation at the receiver, of the transmitter if in line of sight, else of the terrain's horizon. [degrees]"""
TX_HORIZON_INDEX = 15
"""Profile index of the transmitter's terrain horizon, -1 in line of sight."""
RX_HORIZON_INDEX = 16
"""Profile index of the receiver's terrain horizon, -1 in line of sight."""

SMOOTH_SIGHT_M = 17
"""Maximum line-of-sight distance over the smooth earth (d_sML). [m]"""
SIGHT_M = 18
"""Both horizon distances together (d_ML). [m]"""
SIGHT_ANGLE_RAD = 19
"""Angular distance of the line-of-sight region (θ_los). [rad]"""
DIFFRACTION_SCALE = 20
"""Cube root of the squared effective radius; over that of the frequency it is diffraction's length. [m^(2/3)]"""
CLUTTER_FACTOR = 21
"""The clutter factor's argument per megahertz, equation 3.38c of ERL 79-ITS 67. [1/MHz]"""
WEIGHT_TERM = 22
"""Root of the ratio of effective to structural heights, of the weight between knife edge and smooth earth."""
WEIGHT_GAP_M = 23
"""Horizon distances less what the earth's curvature accounts for; over a distance, the weight's second part. [m]"""
TX_RADIUS_RATIO = 24
"""Cube root of 4/3 earth to the radius that fits the transmitter's horizon (C_0 of Vogler)."""
RX_RADIUS_RATIO = 25
PATH_ROUGHNESS_M = 26
"""Terrain irregularity at the path's own distance (Δh(d)). [m]"""
LOG_PATH_M = 27
"""Natural logarithm of the path's length."""
FREE_SPACE_DB = 28
"""Free-space loss at 1 MHz. [dB]"""
HEIGHTS_M = 29
"""The effective heights' part of the variability's distance d_ex. [m]"""
SCATTER_NEAR = 30
"""Four entries for the troposcatter at d_ML + 200 km; see `itm_scatter`."""
SCATTER_FAR = 34
"""The same at d_ML + 400 km."""
SCATTER_SIZE = 4
PATH_SIZE = 38

FREQUENCY_MHZ = 0
WAVE_NUMBER = 1
"""Wave number by the model's constant, f/47.7. [1/m]"""
FREQUENCY_ROOT = 2
"""Cube root of the frequency in megahertz."""
LOG_FREQUENCY = 3
"""Natural logarithm of the frequency in megahertz."""
FREQUENCY_DB = 4
"""The frequency's part of the free-space loss: 32.45 + 20 log f. [dB]"""
IMPEDANCE_REAL = 5
"""Ground's relative impedance (Z_g)."""
IMPEDANCE_IMAGINARY = 6
IMPEDANCE_FACTOR = 7
"""Vogler's K without C_0: 0.017778 / (f^(1/3) |Z_g|)."""
VARIABILITY_M = 8
"""The frequency's part of the variability's distance d_ex. [m]"""
VARIABILITY_MODE = 9
"""0 single message, 1 accidental, 2 mobile, 3 broadcast."""
LOCATIONS_VARY = 10
"""1, or 0 where location variability is left out."""
SITUATIONS_VARY = 11
"""1, or 0 where situation variability is left out."""
TIME_DEVIATE = 12
"""Standard normal deviates of the three percentages, as the mode of variability has them."""
LOCATION_DEVIATE = 13
SITUATION_DEVIATE = 14
TIME_FACTOR = 15
"""What the frequency and the tail beyond z_D make of the time curve."""
MEDIAN_CURVE = 16
"""Five entries: the climate's curve of the all-year median V(0.5)."""
TIME_CURVE = 21
"""Five entries: the climate's curve of σ_T, above or below the median as the time's deviate asks."""
BAND_SIZE = 26

LOSS = 0
"""Basic transmission loss not exceeded in the percentages asked for. [dB]"""
REFERENCE = 1
"""Reference attenuation (A_ref). [dB]"""
FREE_SPACE = 2
"""Free-space basic transmission loss (A_fs). [dB]"""
MODE = 3
"""1 line of sight, 2 diffraction, 3 troposcatter."""
MEDIAN = 4
"""Climate's median correction V(0.5), taken off the reference attenuation. [dB]"""
RELIABILITY = 5
"""Y_R, what the reliability of time (and location) takes off. [dB]"""
CONFIDENCE = 6
"""Y_S, what the confidence of the situation takes off. [dB]"""
DIFFRACTION_INTERCEPT = 7
"""Diffraction line at distance 0 (A_d0). [dB]; NaN where the horizons are too near for the formula"""
DIFFRACTION_SLOPE = 8
"""Slope of the diffraction line (M_d). [dB/m]"""
TERMS_SIZE = 9

LINE_OF_SIGHT = 1
DIFFRACTION = 2
TROPOSCATTER = 3

WARN_PATH_LONG = 0x0008
WARN_PATH_VERY_LONG = 0x0010
WARN_PATH_STEEP = 0x0020
WARN_PATH_SHORT = 0x0040
WARN_TX_ANGLE = 0x0080
WARN_RX_ANGLE = 0x0100
WARN_TX_HORIZON_NEAR = 0x0200
WARN_RX_HORIZON_NEAR = 0x0400
WARN_TX_HORIZON_FAR = 0x0800
WARN_RX_HORIZON_FAR = 0x1000
WARN_REFRACTIVITY = 0x4000

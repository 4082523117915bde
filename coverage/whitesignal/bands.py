"""Generations and their radio defaults: what a register rarely says and every link budget needs.

Every number here is an engineering default unless its comment names a source; ``[bands.*]`` and
``[thresholds]`` of project.toml replace them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from whitesignal.units import resource_element_offset_db

Generation = Literal["2G", "3G", "4G", "5G"]
GENERATIONS: tuple[Generation, ...] = ("2G", "3G", "4G", "5G")

FEEDER_LOSS_DB = 1.0

LTE_RESOURCE_BLOCKS = MappingProxyType({1.4: 6, 3.0: 15, 5.0: 25, 10.0: 50, 15.0: 75, 20.0: 100})
"""Channel bandwidth [MHz] → resource blocks: 3GPP TS 36.101, table 5.6-1."""

NR_RESOURCE_BLOCKS = MappingProxyType(
    {5.0: 11, 10.0: 24, 15.0: 38, 20.0: 51, 25.0: 65, 30.0: 78, 40.0: 106, 50.0: 133, 60.0: 162, 70.0: 189,
     80.0: 217, 90.0: 245, 100.0: 273}
)  # fmt: skip
"""Channel bandwidth [MHz] → resource blocks at 30 kHz subcarrier spacing: 3GPP TS 38.101-1, table 5.3.2-1."""

CPICH_SHARE_DB = -10.0
"""A 3G common pilot takes 10 % of the carrier's power. [dB]"""

UPLINK_1800_PENALTY_DB = 3.0
"""A 2G telephone radiates 30 dBm at 1800 MHz against 33 dBm at 900: 3GPP TS 45.005, table 4.1-1a. [dB]"""


@dataclass(frozen=True, slots=True)
class BandDefaults:
    """What is assumed of a station of one generation where its register is silent.

    ``power_dbm`` is per carrier and antenna port; ``gain_dbi`` that of one sector's antenna. ``circle_radius_km`` is
    what the model "circle" draws, for comparison only.
    """

    band_mhz: float
    bandwidth_mhz: float
    power_dbm: float
    gain_dbi: float
    uplink_max_loss_db: float
    max_km: float
    antenna_height_m: float = 30.0
    beamwidth_deg: float = 65.0
    feeder_loss_db: float = FEEDER_LOSS_DB
    circle_radius_km: float = 5.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Received levels of the reference signal, outdoors at 1.5 m. [dBm]

    ``service`` decides white and weak villages, ``basic`` the generation indicators, ``good`` good reception.
    """

    service: float
    basic: float
    good: float


BAND_DEFAULTS: Mapping[Generation, BandDefaults] = MappingProxyType(
    {
        "2G": BandDefaults(900.0, 0.2, 43.0, 17.0, 156.0, 35.0),  # 35 km: timing advance
        "3G": BandDefaults(2100.0, 5.0, 43.0, 17.0, 156.0, 20.0),
        "4G": BandDefaults(1800.0, 20.0, 46.0, 17.0, 153.0, 14.5),  # 14.5 km: random-access format 0
        "5G": BandDefaults(2600.0, 100.0, 53.0, 23.0, 152.0, 10.0),
    }
)

THRESHOLDS: Mapping[Generation, Thresholds] = MappingProxyType(
    {
        "2G": Thresholds(-98.0, -95.0, -85.0),
        "3G": Thresholds(-108.0, -100.0, -90.0),
        "4G": Thresholds(-118.0, -110.0, -105.0),  # basic -105…-110: Ofcom uses -105
        "5G": Thresholds(-115.0, -110.0, -100.0),
    }
)


def pilot_offset_db(generation: Generation, bandwidth_mhz: float) -> float:
    """Return the reference signal's power relative to the carrier's. [dB]

    2G: the BCCH is the carrier; 3G: the CPICH's share; 4G and 5G: one resource element of the carrier's.
    A bandwidth between two of the standard's takes the next one down; below the smallest, the smallest.
    """
    if generation == "2G":
        return 0.0
    if generation == "3G":
        return CPICH_SHARE_DB
    blocks = LTE_RESOURCE_BLOCKS if generation == "4G" else NR_RESOURCE_BLOCKS
    fitting = [width for width in blocks if width <= bandwidth_mhz]
    return resource_element_offset_db(blocks[max(fitting) if fitting else min(blocks)])


def uplink_max_loss_db(generation: Generation, band_mhz: float, defaults: BandDefaults) -> float:
    """Return the largest basic transmission loss at which the telephone is still heard. [dB]"""
    if generation == "2G" and band_mhz > 1000.0:
        return defaults.uplink_max_loss_db - UPLINK_1800_PENALTY_DB
    return defaults.uplink_max_loss_db

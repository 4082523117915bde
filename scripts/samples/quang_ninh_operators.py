"""Quảng Ninh's stations by operator: the sums by generation are published, the split by operator is invented."""

from __future__ import annotations

from datetime import date

from samples.register import FIRST_DAYS, Operator

OPERATORS = (
    Operator("Viettel", 1050, {"2G": 480, "3G": 600, "4G": 1010, "5G": 2}),
    Operator("VinaPhone", 930, {"2G": 450, "3G": 700, "4G": 880}),
    Operator("MobiFone", 830, {"2G": 360, "3G": 610, "4G": 790}),
    Operator("Vietnamobile", 195, {"2G": 90, "3G": 137, "4G": 181}),
    Operator("Gmobile", 6, {"2G": 6}),
)
"""3,011 operator-sites, 6,296 stations."""

POSITIONS = 2150

TENANCIES = {2: 560, 3: 128, 4: 15}
"""So many positions have two, three and four operators; the other 1,447 have one."""

DAYS = {**FIRST_DAYS, "4G": (date(2017, 1, 4), date(2023, 6, 16))}
"""When stations of each generation went on air: 4G until shortly before the day on which all is counted."""

OWN_TRANSMISSION = ("Viettel", "VinaPhone", "MobiFone")
"""Who says on which of its rings a station hangs."""

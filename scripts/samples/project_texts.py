"""project.toml of the samples and the scenarios of Hà Giang, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PROJECT = """\
# SYNTHETIC. Terrain, outlines, villages, masts and stations are invented; only totals that were published for the
# province are real (data/README.md says which). Do not plan with it.

[project]
name = "Hà Giang"
as_of = 2023-06-30
seed = {seed}
synthetic = true

[inputs]
stations = "stations.csv"
villages = "villages.gpkg"
terrain = "terrain.tif"
population = "population.tif"
reported = "reported.csv"

[radio]
# Coarse enough for a first look in a minute; the terrain itself has cells of about 90 m.
resolution_m = 500

[costs]
# Published ranges, million VND: a station in the mountains 500 to 1,000, transmission about 500 per kilometre.
station_million_vnd = [500, 1000]
transmission_million_vnd_per_km = 500

[reference]
# The province's published area.
area_km2 = 7927.5
# Position sharing over the country in 2023, in per cent: "Chủ động tham gia cuộc cách mạng công nghiệp 4.0"
# (Quảng Ninh, 2023), which gives it as about 25.
"sharing.position" = 25.0
sharing_source = "Chủ động tham gia cuộc cách mạng công nghiệp 4.0 (Quảng Ninh, 2023)"
"""

QUANG_NINH = """\
# SYNTHETIC. Terrain, shore, villages, masts and stations are invented; only totals that were published for the
# province are real (data/README.md says which). Do not plan with it.

[project]
name = "Quảng Ninh"
as_of = 2023-06-30
seed = {seed}
synthetic = true

[inputs]
stations = "stations.csv"
villages = "villages.gpkg"
terrain = "terrain.tif"
population = "population.tif"
reported = "reported.csv"
sea = "sea.gpkg"

[radio]
# Coarse enough for a first look in minutes; the terrain itself has cells of about 90 m.
resolution_m = 500

[costs]
# Published ranges, million VND: a station in the mountains 500 to 1,000, transmission about 500 per kilometre.
station_million_vnd = [500, 1000]
transmission_million_vnd_per_km = 500

[reference]
# Position sharing over the country in 2023, in per cent: "Chủ động tham gia cuộc cách mạng công nghiệp 4.0"
# (Quảng Ninh, 2023), which gives it as about 25.
"sharing.position" = 25.0
sharing_source = "Chủ động tham gia cuộc cách mạng công nghiệp 4.0 (Quảng Ninh, 2023)"
"""

SCENARIO_HEAD = """\
# SYNTHETIC. The first half of 2023: 23 stations at 17 new positions, each beside one village of the declared list.
name = "Sáu tháng đầu năm 2023"
base_as_of = 2022-12-31
"""

SCENARIO_KEYS = (
    "station_id", "position_id", "operator", "generation", "longitude", "latitude", "band_mhz", "bandwidth_mhz",
    "antenna_height_m", "power_dbm", "structure", "owner", "status", "on_air_on",
)  # fmt: skip

SWITCH_OFF = """\
# SYNTHETIC. The country's last {generation} carriers go silent in {year}: who hears nothing else?
name = "Tắt sóng {generation} năm {year}"

[[step]]
do = "switch_off"
generation = "{generation}"
"""

TYPHOON = """\
# SYNTHETIC. A storm over the south-west: within its area every second position goes dark, by lot. The seed makes the
# lot the same every time; a position more or less changes no other's fate.
name = "Bão qua phía tây nam"

[[step]]
do = "outage"
polygon = [[104.30, 22.15], [104.95, 22.15], [104.95, 22.70], [104.30, 22.70]]
share = 0.5
seed = 2024
unit = "position"
"""

SHARE_HEAD = """\
# SYNTHETIC. Share before build: on the {count} tallest masts that Viettel has for itself, VinaPhone transmits 4G too,
# three metres below. No mast is built.
name = "Dùng chung {count} cột trước khi xây mới"

[[step]]
do = "share"
host = "Viettel"
operator = "VinaPhone"
generations = ["4G"]
positions = [
"""

TALL_MAST_M = 42.0

NAMES_A_LINE = 10


def _value(value: object) -> str:
    if isinstance(value, str):
        return value if len(value) == 10 and value[:4].isdigit() else f'"{value}"'
    return f"{value:.5f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def scenario_text(stations: pd.DataFrame) -> str:
    """Return the scenario that adds these stations, one table each; what is unknown of a station is left out."""
    parts = [SCENARIO_HEAD]
    for row in stations.to_dict("records"):
        lines = [f"{key} = {_value(row[key])}" for key in SCENARIO_KEYS if row[key] == row[key] and row[key] != ""]
        parts.append("\n".join(["[[add]]", *lines, ""]))
    return "\n".join(parts)


def share_text(stations: pd.DataFrame) -> str:
    """Return the scenario by which VinaPhone uses the tallest masts that only Viettel uses."""
    groups = stations.groupby("position_id", sort=True)
    alone = (groups["operator"].nunique() == 1) & (groups["operator"].first() == "Viettel")
    tall = groups["antenna_height_m"].max() >= TALL_MAST_M
    names = [f'"{name}"' for name in alone.index[alone & tall]]
    lines = [", ".join(names[at : at + NAMES_A_LINE]) for at in range(0, len(names), NAMES_A_LINE)]
    return "".join([SHARE_HEAD.format(count=len(names)), *(f"  {line},\n" for line in lines), "]\n"])


def scenario_texts(stations: pd.DataFrame) -> dict[str, str]:
    """Return the scenarios of Hà Giang by the names of their files."""
    return {
        "2023-first-half.toml": scenario_text(stations[stations["on_air_on"].str.startswith("2023")]),
        "2g-switch-off.toml": SWITCH_OFF.format(generation="2G", year=2026),
        "3g-switch-off.toml": SWITCH_OFF.format(generation="3G", year=2028),
        "share-before-build.toml": share_text(stations),
        "typhoon.toml": TYPHOON,
    }

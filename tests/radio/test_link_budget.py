"""Link budget: the worked numbers of the domain's section on radio, from the register's row to the level."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import whitesignal as ws
from whitesignal.bands import BAND_DEFAULTS, pilot_offset_db, uplink_max_loss_db
from whitesignal.propagation.free_space import loss_db as free_space_db
from whitesignal.radio.cells import Cells, Radiators, build_cells, reference_eirp_dbm, sites


def cells_of(land: ModuleType, folder: Path, *stations: dict[str, Any], toml: str = "") -> tuple[Radiators, Cells]:
    project = ws.open_project(
        land.write_project(folder, stations=stations, villages=[land.village("V1", 1, 0)], toml=toml or land.TOML)
    )
    return build_cells(ws.read_inputs(project).stations.rows, project)


@pytest.mark.parametrize(
    ("generation", "bandwidth_mhz", "expected_db"),
    [("2G", 0.2, 0.0), ("3G", 5.0, -10.0), ("4G", 20.0, -30.8), ("4G", 10.0, -27.8), ("5G", 100.0, -35.2)],
)
def test_pilots_lie_as_far_below_the_carrier_as_the_domain_says(
    generation: ws.bands.Generation, bandwidth_mhz: float, expected_db: float
) -> None:
    assert pilot_offset_db(generation, bandwidth_mhz) == pytest.approx(expected_db, abs=0.05)


def test_a_bandwidth_between_two_of_the_standards_takes_the_next_one_down() -> None:
    assert pilot_offset_db("4G", 19.0) == pilot_offset_db("4G", 15.0)
    assert pilot_offset_db("4G", 0.5) == pilot_offset_db("4G", 1.4)


@pytest.mark.parametrize(
    ("generation", "radiated_dbm", "threshold_dbm", "allowed_db"),
    # Domain section 5, worked: 46 - 30.8 + 17 - 1 = 31.2 dBm per RE, so -110 dBm allows 141.2 dB; 59 dBm and 154 dB.
    [("4G", 31.2, -110.0, 141.2), ("2G", 59.0, -95.0, 154.0)],
)
def test_a_default_sector_radiates_and_allows_what_the_domain_works_out(
    generation: ws.bands.Generation, radiated_dbm: float, threshold_dbm: float, allowed_db: float
) -> None:
    band = BAND_DEFAULTS[generation]
    found_dbm = reference_eirp_dbm(
        generation,
        power_dbm=band.power_dbm,
        bandwidth_mhz=band.bandwidth_mhz,
        gain_dbi=band.gain_dbi,
        feeder_loss_db=band.feeder_loss_db,
    )
    assert found_dbm == pytest.approx(radiated_dbm, abs=0.05)
    assert found_dbm - threshold_dbm == pytest.approx(allowed_db, abs=0.05)


def test_a_register_that_knows_directions_radiates_31_2_dbm_and_one_that_does_not_three_less(
    land: ModuleType, tmp_path: Path
) -> None:
    _, cells = cells_of(
        land,
        tmp_path,
        land.station("A", 0, 0, azimuth_deg="0/120/240"),
        land.station("B", 1, 0),
        land.station("C", 2, 0, azimuth_deg="omni"),
        land.station("D", 3, 0, gain_dbi=20),
    )
    # 17 dBi sectors; 14 dBi all round where directions are unknown; 11 dBi where omni is declared; a given gain stands.
    assert cells.eirp_dbm == pytest.approx([31.2, 28.2, 25.2, 34.2], abs=0.05)
    assert [len(one) for one in cells.sectors_deg] == [3, 0, 0, 0]
    assert np.isnan(cells.tilt_deg).all()


def test_a_2g_telephone_reaches_back_3_db_less_far_at_1800_mhz(land: ModuleType, tmp_path: Path) -> None:
    _, cells = cells_of(
        land,
        tmp_path,
        land.station("A", 0, 0, "2G"),
        land.station("B", 1, 0, "2G", band_mhz=1800),
        land.station("C", 2, 0, "3G"),
        land.station("D", 3, 0, "4G"),
        land.station("E", 4, 0, "5G"),
    )
    assert cells.uplink_max_loss_db.tolist() == [156.0, 153.0, 156.0, 153.0, 152.0]
    assert cells.max_km.tolist() == [35.0, 35.0, 20.0, 14.5, 10.0]
    assert uplink_max_loss_db("4G", 900.0, BAND_DEFAULTS["4G"]) == 153.0


def test_the_floor_lies_30_db_below_the_service_threshold_and_the_radius_is_the_bands_own(
    land: ModuleType, tmp_path: Path
) -> None:
    radiators, _cells = cells_of(land, tmp_path, land.station("A", 0, 0, "2G"), land.station("B", 0, 0, "4G"))
    floor_db = dict(zip(radiators.band_mhz.tolist(), radiators.floor_loss_db.tolist(), strict=True))
    # 43 + 14 - 1 = 56 dBm down to -98 - 30; 46 - 30.8 + 14 - 1 = 28.2 dBm down to -118 - 30.
    assert floor_db[900.0] == pytest.approx(184.0)
    assert floor_db[1800.0] == pytest.approx(176.2, abs=0.05)
    assert dict(zip(radiators.band_mhz.tolist(), radiators.radius_km.tolist(), strict=True)) == {
        900.0: 35.0,
        1800.0: 14.5,
    }
    assert len(sites(radiators)) == 1, "two bands of one antenna height share one set of profiles"


def test_a_cell_of_more_power_widens_its_radiators_floor_for_all(land: ModuleType, tmp_path: Path) -> None:
    radiators, _ = cells_of(
        land, tmp_path, land.station("A", 0, 0), land.station("B", 0, 0, operator="VinaPhone", power_dbm=49)
    )
    assert len(radiators) == 1
    assert radiators.floor_loss_db[0] == pytest.approx(179.2, abs=0.05)


def test_a_stated_radius_caps_every_band(land: ModuleType, tmp_path: Path) -> None:
    radiators, _ = cells_of(
        land, tmp_path, land.station("A", 0, 0, "2G"), land.station("B", 0, 0, "5G"), toml="[radio]\nradius_km = 12\n"
    )
    assert sorted(radiators.radius_km.tolist()) == [10.0, 12.0]


def test_ranks_follow_the_station_ids_and_not_the_rows(land: ModuleType, tmp_path: Path) -> None:
    _, cells = cells_of(
        land, tmp_path, land.station("S9", 0, 0), land.station("S10", 1, 0), land.station("S9", 0, 0, band_mhz=2100)
    )
    assert cells.rank.tolist() == [1, 0, 2], "S10 comes before S9 as text, and of one station's cells the first row"


def level_at(land: ModuleType, folder: Path, *, km: float, band: str = "", **station: Any) -> tuple[str, float]:
    """Return status and level of a village on level land under free space, the station due west of it."""
    project = land.write_project(
        folder,
        stations=[land.station("A", 0, 0, **station)],
        villages=[land.village("V1", km, 0)],
        toml=f"[radio]\nmodel = 'free-space'\nresolution_m = 20000\n{band}",
    )
    row = ws.analyze(ws.open_project(project)).villages.iloc[0]
    return str(row["status"]), float(row["level_dbm"])


def test_a_received_level_is_eirp_less_free_space_loss(land: ModuleType, tmp_path: Path) -> None:
    _, level_dbm = level_at(land, tmp_path, km=5.0)
    # On the zone's central meridian the grid's scale is 0.9996.
    assert level_dbm == pytest.approx(28.208 - float(free_space_db(5.0 / 0.9996, 1800.0)), abs=0.01)


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        ("", "covered"),
        ("[bands.4G]\nuplink_max_loss_db = 111.0\n", "white"),  # free space over 5 km at 1800 MHz is 111.5 dB
        ("[bands.4G]\nuplink_max_loss_db = 112.0\n", "covered"),
        ("[bands.4G]\nmax_km = 4.9\n", "white"),
        ("[bands.4G]\nmax_km = 5.1\n", "covered"),
        ("[thresholds.4G]\nservice = -83.0\n", "white"),  # the level is -83.3 dBm
        ("[thresholds.4G]\nservice = -84.0\n", "covered"),
    ],
)
def test_level_uplink_and_distance_each_alone_decide_whether_a_station_serves(
    land: ModuleType, tmp_path: Path, limit: str, status: str
) -> None:
    found, _ = level_at(land, tmp_path, km=5.0, band=limit)
    assert found == status


def test_a_sector_that_looks_away_gives_25_db_less(land: ModuleType, tmp_path: Path) -> None:
    _, towards_dbm = level_at(land, tmp_path / "towards", km=5.0, azimuth_deg="90")
    _, away_dbm = level_at(land, tmp_path / "away", km=5.0, azimuth_deg="270")
    assert towards_dbm - away_dbm == pytest.approx(25.0, abs=0.01)


def test_two_generations_on_one_antenna_each_end_at_their_own_limit(land: ModuleType, tmp_path: Path) -> None:
    stations = [land.station("A", -11, 0, "2G", band_mhz=1800), land.station("B", -11, 0, "4G", band_mhz=1800)]
    villages = [land.village("V1", 3, 0), land.village("V2", 8, 0)]
    project = land.write_project(
        tmp_path, stations=stations, villages=villages, toml="[radio]\nmodel = 'free-space'\nresolution_m = 3000\n"
    )
    found = ws.analyze(ws.open_project(project))
    assert len(found.scene.radiators) == 1, "one place, height and band is computed once"
    assert found.villages["generations"].tolist() == ["2G;4G", "2G"], "4G ends at 14.5 km, 2G at 35 km"
    assert np.isnan(found.villages["level_dbm_4g"].iloc[1])
    seen = {name: np.isfinite(found.radio_map.level_dbm(name)).sum() for name in ("2G", "4G")}
    assert seen["4G"] < seen["2G"] == found.radio_map.level["2G"].size, "on the map as in the verdicts"

"""The sample's counts are those published for the province, or those invented once and labelled so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

DISTRICTS = {  # communes, people of 2019, villages, still white, covered in 2023
    "TP Hà Giang": (8, 55_559, 100, 0, 0),
    "Đồng Văn": (19, 81_880, 205, 6, 5),
    "Mèo Vạc": (18, 86_071, 199, 7, 2),
    "Yên Minh": (18, 97_553, 240, 4, 1),
    "Quản Bạ": (13, 53_476, 105, 2, 0),
    "Bắc Mê": (13, 54_592, 128, 5, 0),
    "Hoàng Su Phì": (24, 66_683, 180, 4, 0),
    "Vị Xuyên": (24, 110_465, 235, 3, 3),
    "Xín Mần": (18, 67_999, 175, 3, 1),
    "Bắc Quang": (23, 118_690, 255, 1, 3),
    "Quang Bình": (15, 61_711, 135, 1, 2),
}
STATIONS = {
    "Viettel": (330, 430, 520, 3, 540),
    "VinaPhone": (230, 330, 330, 0, 375),
    "MobiFone": (130, 215, 210, 0, 235),
    "Vietnamobile": (38, 35, 26, 0, 44),
    "Gmobile": (6, 0, 0, 0, 6),
}


@pytest.mark.parametrize("operator", STATIONS)
def test_each_operator_has_its_stations_and_sites(stations: pd.DataFrame, operator: str) -> None:
    mine = stations[stations["operator"] == operator]
    counts = [int((mine["generation"] == generation).sum()) for generation in ("2G", "3G", "4G", "5G")]
    assert (*counts, mine["position_id"].nunique()) == STATIONS[operator]


def test_the_stations_are_the_published_2833(stations: pd.DataFrame) -> None:
    assert stations["generation"].value_counts().to_dict() == {"4G": 1086, "3G": 1010, "2G": 734, "5G": 3}
    assert stations["station_id"].is_unique


def test_965_positions_of_which_165_have_two_and_35_three_operators(stations: pd.DataFrame) -> None:
    tenants = stations.groupby("position_id")["operator"].nunique()
    assert tenants.value_counts().to_dict() == {1: 765, 2: 165, 3: 35}


def test_23_stations_at_17_new_positions_came_in_the_first_half_of_2023(stations: pd.DataFrame) -> None:
    new = stations["on_air_on"].fillna("").str.startswith("2023")
    assert int(new.sum()) == 23
    assert stations.loc[new, "on_air_on"].between("2023-01-01", "2023-06-30").all()
    assert stations.loc[new, "position_id"].nunique() == 17
    assert not set(stations.loc[new, "position_id"]) & set(stations.loc[~new, "position_id"])
    assert stations.loc[~new, "position_id"].nunique() == 948
    assert (stations.loc[~new, "on_air_on"].dropna() <= "2022-12-31").all()


def test_a_second_tenant_hangs_three_to_six_metres_below_the_owner(stations: pd.DataFrame) -> None:
    shared = stations.groupby("position_id").filter(lambda rows: rows["operator"].nunique() == 2)
    heights = shared.groupby(["position_id", shared["operator"] == shared["owner"]])["antenna_height_m"]
    assert (heights.nunique() == 1).all()
    table = heights.first().unstack()
    assert (table[True] - table[False]).between(3, 6).all()


def test_most_masts_stand_on_the_ground_and_rooftop_antennas_hang_lower(stations: pd.DataFrame) -> None:
    top = stations.sort_values("antenna_height_m").groupby("position_id").last()
    ground = top["structure"] == "A2b"
    assert 0.82 <= ground.mean() <= 0.88
    assert set(top.loc[ground, "antenna_height_m"]) == {24, 30, 36, 42}
    assert top.loc[~ground, "antenna_height_m"].between(21, 27).all()


def test_5g_is_tried_out_by_viettel_at_three_places(stations: pd.DataFrame) -> None:
    trial = stations[stations["generation"] == "5G"]
    assert set(trial["operator"]) == {"Viettel"}
    assert trial["position_id"].nunique() == 3
    assert int((trial["latitude"] > 23.3).sum()) == 1  # the flagpole of Lũng Cú


def test_the_register_has_gaps_as_a_real_one_has(stations: pd.DataFrame) -> None:
    assert stations["tilt_deg"].isna().all()
    assert 0.4 <= stations["azimuth_deg"].isna().mean() <= 0.6
    assert 0.3 <= stations["power_dbm"].isna().mean() <= 0.5


@pytest.mark.parametrize("district", DISTRICTS)
def test_each_district_has_its_communes_people_and_villages(villages: gpd.GeoDataFrame, district: str) -> None:
    mine = villages[villages["district"] == district]
    declared = mine["declared_status"] == "white"
    covered = declared & mine["covered_on"].notna()
    assert (
        mine["commune"].nunique(),
        mine["population"].sum(),
        len(mine),
        int((declared & ~covered).sum()),
        int(covered.sum()),
    ) == DISTRICTS[district]


def test_the_province_is_the_sum_of_its_districts(villages: gpd.GeoDataFrame) -> None:
    assert len(villages) == villages["village_id"].nunique() == 1957
    assert villages["population"].sum() == 854_679
    assert villages["households"].sum() == 200_000
    assert villages.groupby(["district", "commune"]).ngroups == villages["commune"].nunique() == 193


def test_the_declared_list_is_dated_and_its_17_were_covered_in_2023(villages: gpd.GeoDataFrame) -> None:
    declared = villages[villages["declared_status"].notna()]
    assert len(declared) == 53
    assert set(declared["declared_on"]) == {"2022-12-31"}
    covered_on = declared["covered_on"].dropna()
    assert len(covered_on) == 17
    assert covered_on.between("2023-01-01", "2023-06-30").all()
    assert villages.loc[villages["declared_status"].isna(), "covered_on"].isna().all()


def test_each_village_covered_in_2023_has_a_station_of_that_day_beside_it(
    villages: gpd.GeoDataFrame, stations: pd.DataFrame
) -> None:
    from whitesignal.geodesy import distance_and_azimuth

    for village in villages[villages["covered_on"].notna()].itertuples():
        mast = stations[stations["on_air_on"] == village.covered_on].iloc[0]
        distance_km, _ = distance_and_azimuth(mast.longitude, mast.latitude, village.longitude, village.latitude)
        assert float(distance_km) < 0.9


def test_clusters_belong_to_villages_and_lie_inside_them(
    villages: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame
) -> None:
    home = villages.set_index("village_id").geometry.reindex(clusters["village_id"])
    assert home.reset_index(drop=True).covers(clusters.geometry).all()
    assert clusters["cluster_id"].is_unique
    people = clusters.groupby("village_id")["population"].sum()
    assert (people <= villages.set_index("village_id")["population"].reindex(people.index)).all()


def test_the_scenario_adds_exactly_the_stations_of_2023(folder: Path, stations: pd.DataFrame) -> None:
    import whitesignal as ws

    scenario = ws.open_scenario(folder / "scenarios" / "2023-first-half.toml")
    new = stations[stations["on_air_on"].fillna("").str.startswith("2023")]
    assert str(scenario.base_as_of) == "2022-12-31"
    (added_by,) = scenario.steps
    added = {entry["station_id"]: entry for entry in added_by.rows}
    assert set(added) == set(new["station_id"])
    for row in new.itertuples():
        entry = added[row.station_id]
        assert (float(entry["longitude"]), float(entry["latitude"])) == (row.longitude, row.latitude)
        assert float(entry["antenna_height_m"]) == row.antenna_height_m
        assert entry["generation"] == row.generation

"""What "unknown" means, on land made for each branch of it; and the village table on land one can work out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest

import whitesignal as ws
from whitesignal.errors import InputError
from whitesignal.villages.table import VILLAGE_COLUMNS

Run = Callable[..., ws.Analysis]


def status(analysis: ws.Analysis) -> list[str]:
    return analysis.villages["status"].tolist()


def strip(west_km: float, east_km: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda east, north: (east > west_km) & (east < east_km)


def spot(east_km: float, north_km: float, radius_km: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda east, north: np.hypot(east - east_km, north - north_km) < radius_km


def test_a_village_behind_a_void_that_would_be_served_if_it_were_low_is_unknown(run: Run) -> None:
    analysis = run(void=strip(2.0, 4.0))
    assert status(analysis) == ["unknown"]
    row = analysis.villages.iloc[0]
    assert (row["best_station"], row["operators"]) == ("", "")
    assert np.isnan(row["level_dbm"])
    assert np.isnan(row["level_dbm_4g"])


def test_the_map_draws_no_level_over_a_void(land: ModuleType, tmp_path: Path) -> None:
    villages = [land.village("V1", -6, 0), land.village("V2", 6, 0)]
    folder = land.write_project(
        tmp_path, stations=[land.station("A", 0, 0)], villages=villages, void=strip(2.0, 4.0),
        toml="[radio]\nresolution_m = 1000\n",
    )  # fmt: skip
    found = ws.analyze(ws.open_project(folder), jobs=1).radio_map
    eastings, _ = found.grid.cell_centres()
    drawn = np.isfinite(found.level_dbm("4G"))
    assert drawn[eastings < 501_000.0].all()
    assert not drawn[eastings > 503_000.0].any()


def test_one_known_path_suffices_whatever_voids_lie_on_others(run: Run, land: ModuleType) -> None:
    stations = [land.station("A", 0, 0), land.station("B", 10, 0)]
    analysis = run(stations=stations, void=strip(2.0, 4.0))
    assert status(analysis) == ["covered"]
    assert analysis.villages["best_station"].tolist() == ["B"]


def test_a_village_that_even_a_low_void_would_not_help_is_white(run: Run, land: ModuleType) -> None:
    # The ridge beyond the void is known, and hides the village by itself.
    assert status(run(void=strip(1.0, 2.0), ground=land.ridge(4.5, 500.0))) == ["white"]


def test_a_void_stands_at_its_rims_lowest_height_and_not_at_its_highest(run: Run, land: ModuleType) -> None:
    # The void hides the ridge's top: had it the height of its flanks' upper end, the village would be white.
    def ground(east_km: np.ndarray, north_km: np.ndarray) -> np.ndarray:
        return land.ridge(3.0, 500.0)(east_km, north_km) - 0.0 * north_km

    assert status(run(ground=ground)) == ["white"]
    assert status(run(ground=ground, void=strip(2.4, 3.6))) == ["unknown"]


def test_a_village_on_a_void_is_unknown_even_beside_a_station(run: Run, land: ModuleType) -> None:
    assert status(run(villages=[land.village("V1", 1, 0), land.village("V2", -1, 0)], void=spot(1, 0, 0.3))) == [
        "unknown", "covered",
    ]  # fmt: skip


def test_a_village_outside_the_terrain_is_unknown_and_one_on_its_border_is_not(run: Run, land: ModuleType) -> None:
    villages = [land.village("V1", 6.1, 0), land.village("V2", 5.99, 0), land.village("V3", 4, 0)]
    assert status(run(villages=villages, size_km=12.0)) == ["unknown", "covered", "covered"]


def test_a_station_outside_the_terrain_leaves_what_it_might_serve_unknown(run: Run, land: ModuleType) -> None:
    stations = [land.station("A", 8, 0), land.station("B", -5, 5, "2G", power_dbm=1, gain_dbi=-10)]
    villages = [land.village("V1", 5, 0), land.village("V2", -5, -5)]
    found = run(stations=stations, villages=villages, size_km=12.0, ground=land.ridge(-2.0, 600.0))
    assert status(found) == ["unknown", "white"], "the ridge that is known hides the second from it"


@pytest.mark.parametrize("model", ["circle", "hata", "free-space"])
def test_models_that_know_no_terrain_do_not_care_for_voids(run: Run, land: ModuleType, model: str) -> None:
    villages = [land.village("V1", 3, 0), land.village("V2", -2, 0), land.village("V3", 0, 3)]
    found = run(model=model, villages=villages, void=lambda e, n: spot(3, 0, 0.5)(e, n) | strip(-1.5, -1.0)(e, n))
    assert status(found) == ["covered"] * 3
    assert found.reach.known.all()


@pytest.mark.parametrize("model", ["tr38901-rma", "tr38901-uma"])
def test_models_that_ask_for_line_of_sight_care_for_voids(run: Run, model: str) -> None:
    assert status(run(model=model, void=strip(2.0, 4.0))) == ["unknown"]
    assert status(run(model=model)) == ["covered"]


def test_the_circle_ends_at_its_radius_and_hears_no_power(run: Run, land: ModuleType) -> None:
    villages = [land.village("V1", 4.99, 0), land.village("V2", 5.01, 0)]
    found = run(model="circle", villages=villages, ground=land.ridge(2.5, 900.0))
    assert status(found) == ["covered", "white"]
    assert found.disagreement is not None
    assert found.disagreement["village_id"].tolist() == ["V1"]
    assert found.disagreement[["status_circle", "status_p1812"]].values.tolist() == [["covered", "white"]]
    assert any("hides 1 white" in finding.message for finding in found.findings)


def test_a_village_without_a_place_is_unknown_and_in_no_shares_denominator(run: Run, land: ModuleType) -> None:
    nowhere = {**land.village("V2", 0, 0), "longitude": "", "latitude": ""}
    villages = [land.village("V1", 2, 0), nowhere, land.village("V3", 11, 11)]
    found = run(villages=villages, ground=land.cone(900.0, radius_km=9.0))
    assert status(found)[1] == "unknown"
    share = found.figure("villages.with_signal")
    assert share.denominator == 2
    assert share.denominator_of == "villages of known status"
    assert found.figure("villages.unknown").value == 1


def test_clusters_make_a_village_weak_and_those_on_a_void_do_not(run: Run, land: ModuleType) -> None:
    villages = [
        land.village("V1", 2, 0),
        land.village("V2", -2, 0),
        land.village("V3", 0, 2),
        land.village("V4", 0, -2),
    ]
    clusters = [
        land.cluster("V1", 2.5, 0), land.cluster("V1", 9, 0),  # the second lies behind the ridge
        land.cluster("V2", -2.5, 0), land.cluster("V3", 0, 5), land.cluster("V4", 0, -3),
    ]  # fmt: skip
    found = run(villages=villages, clusters=clusters, ground=land.ridge(6.0, 700.0), void=spot(0, 5, 0.4))
    assert status(found) == ["covered" if name != "V1" else "weak" for name in ("V1", "V2", "V3", "V4")]
    counts = found.villages[["clusters", "clusters_covered", "clusters_unknown"]].values.tolist()
    assert counts == [[2, 1, 0], [1, 1, 0], [1, 0, 1], [1, 1, 0]]
    assert found.clusters["status"].tolist() == ["served", "unserved", "served", "unknown", "served"]
    assert any("1 villages have clusters that cannot be judged" in finding.message for finding in found.findings)
    assert not any("weak cannot be judged" in finding.message for finding in found.findings)


def test_without_clusters_weak_cannot_be_judged_and_a_finding_says_so(run: Run) -> None:
    messages = [finding.message for finding in run().findings if finding.severity == "warning"]
    assert any(message.startswith("weak cannot be judged in 1 of 1 villages") for message in messages)


def test_the_village_table_has_its_columns_in_order_and_each_village_its_best_station(
    run: Run, land: ModuleType
) -> None:
    stations = [
        land.station("B", 0, 0, "4G"), land.station("A", 0, 0, "4G", operator="VinaPhone"),
        land.station("C", 0, 0, "2G", operator="MobiFone"), land.station("D", 3, 0, "3G", status="planned"),
    ]  # fmt: skip
    found = run(
        stations=stations, villages=[land.village("V1", 3, 0), land.village("V2", 30, 0)], size_km=70.0, cell_m=500.0
    )
    by_rule = [f"status_{name}" for name in ("2g", "3g", "4g", "5g", "mobifone", "viettel", "vinaphone")]
    assert found.villages.columns.tolist() == [*VILLAGE_COLUMNS, *by_rule, "geometry"]
    assert found.villages["status_4g"].tolist() == ["covered", "white"]
    assert found.villages["status_5g"].tolist() == ["white", "white"]
    assert isinstance(found.villages, gpd.GeoDataFrame)
    first = found.villages.iloc[0]
    assert first["best_station"] == "C", "2G has more margin: 56 dBm and 900 MHz down to -98"
    assert first["operators"] == "MobiFone;Viettel;VinaPhone"
    assert first["generations"] == "2G;4G"
    assert first["margin_db"] == pytest.approx(first["level_dbm"] + 98.0)
    assert first["nearest_station_km"] == pytest.approx(3.0012, abs=0.001)
    second = found.villages.iloc[1]
    assert np.isnan(second["level_dbm_4g"]), "4G ends at 14.5 km"
    assert second["best_generation"] == "2G"


def test_of_two_equal_stations_the_lowest_station_id_is_the_best(run: Run, land: ModuleType) -> None:
    stations = [
        land.station(name, 0, 0, operator=operator) for name, operator in (("S2", "Viettel"), ("S10", "VinaPhone"))
    ]
    assert run(stations=stations).villages["best_station"].tolist() == ["S10"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", ["covered", "covered"]),
        ("min_operators = 2", ["covered", "white"]),
        ("generations = ['2G']", ["white", "white"]),
        ("threshold = 'good'", ["covered", "white"]),
    ],
)
def test_a_named_policy_of_the_project_file_decides(
    run: Run, land: ModuleType, policy: str, expected: list[str], tmp_path: Path
) -> None:
    stations = [land.station("A", 0, 0), land.station("B", 0, 0, operator="VinaPhone", power_dbm=25)]
    found = run(
        stations=stations,
        villages=[land.village("V1", 1, 0), land.village("V2", 7, 0)],
        head="policy = 'ours'",
        toml=f"[policy.ours]\n{policy}\n",
    )
    assert status(found) == expected


def test_stations_that_are_not_counted_serve_nobody(run: Run, land: ModuleType) -> None:
    found = run(stations=[land.station("A", 0, 0, status="planned")])
    assert status(found) == ["white"]
    assert found.figure("stations").value == 0
    assert len(found.stations) == 1


def test_a_list_of_villages_none_of_which_has_a_place_is_all_unknown(run: Run, land: ModuleType) -> None:
    nowhere = [{**land.village(name, 0, 0), "longitude": "", "latitude": ""} for name in ("V1", "V2")]
    with pytest.raises(InputError, match="none of 2 villages has a position"):
        run(villages=nowhere)

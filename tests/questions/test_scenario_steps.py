"""Scenario steps: what each makes of the register, what order means, and what is refused with its cure."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import whitesignal as ws
from whitesignal.inputs.stations import read_stations
from whitesignal.scenario import Edited, apply_scenario
from whitesignal.scenario.choosing import fate

Apply = Callable[..., Edited]


@pytest.fixture(scope="module")
def register(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of three positions: two operators, three generations, one station planned."""
    rows = [
        land.station("A2", -6, 0, "2G", position_id="P1", power_group="F1", on_air_on="2020-01-01"),
        land.station("A4", -6, 0, "4G", position_id="P1", antenna_height_m=42, structure="A2b", power_group="F1"),
        {**land.station("B2", 4, 0, "2G", position_id="P2", transmission_group="R1"), "operator": "VinaPhone"},
        {**land.station("B3", 4, 0, "3G", position_id="P2", antenna_height_m=30), "operator": "VinaPhone"},
        land.station("C4", 0, 5, "4G", position_id="P3", azimuth_deg="0/120/240"),
        land.station("D4", 1, 5, "4G", position_id="P4", status="planned"),
    ]
    villages = [land.village("V1", -5, 0)]
    return Path(land.write_project(tmp_path_factory.mktemp("register"), stations=rows, villages=villages))


@pytest.fixture
def apply(register: Path, tmp_path: Path) -> Apply:
    """Return what applies a scenario's text to the register."""

    def run(text: str) -> Edited:
        file = tmp_path / "plan.toml"
        file.write_text(text, encoding="utf-8")
        project = ws.open_project(register)
        return apply_scenario(read_stations(project), project, ws.open_scenario(file))

    return run


def step(do: str, **values: Any) -> str:
    return "[[step]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in {"do": do, **values}.items())


def on_air(edited: Edited) -> list[str]:
    rows = edited.stations.rows
    return sorted(rows.loc[rows["counted"], "station_id"])


def row(edited: Edited, station_id: str) -> Any:
    rows = edited.stations.rows
    return rows[rows["station_id"] == station_id].iloc[0]


def test_stations_and_positions_are_removed(apply: Apply) -> None:
    edited = apply(step("remove", stations=["A2"], position="P2"))
    assert edited.stations.rows["station_id"].tolist() == ["A4", "C4", "D4"]


def test_a_moved_position_takes_all_that_stands_there_along(apply: Apply) -> None:
    edited = apply(step("move", position="P1", longitude=105.1, latitude=22.6))
    rows = edited.stations.rows[:2]
    assert rows["longitude"].tolist() == [105.1, 105.1]
    assert rows["position_id"].tolist() == ["P1", "P1"]


def test_a_moved_station_joins_the_mast_at_its_new_place_or_gets_a_place_of_its_own(
    apply: Apply, land: ModuleType
) -> None:
    longitude, latitude = land.place(4, 0)
    joined = apply(step("move", station="A4", longitude=longitude, latitude=latitude))
    assert row(joined, "A4")["position_id"] == "P2"
    alone = apply(step("move", station="A4", longitude=105.12345, latitude=22.5))
    assert row(alone, "A4")["position_id"] == "P105.12345_22.50000"
    kept = apply(step("move", station="C4", longitude=105.12345, latitude=22.5))
    assert row(kept, "C4")["position_id"] == "P3", "nobody else stands there"


def test_retuning_states_what_was_assumed_and_a_gain_that_is_not_given_follows_the_azimuths(apply: Apply) -> None:
    edited = apply(step("retune", station="A4", antenna_height_m=50, azimuth_deg=[10, 130], power_dbm=40))
    before, after = row(apply(step("remove", station="C4")), "A4"), row(edited, "A4")
    assert (after["antenna_height_m"], after["azimuth_deg"], after["power_dbm"]) == (50.0, "10/130", 40.0)
    assert after["gain_dbi"] - before["gain_dbi"] == pytest.approx(3.0), "no mean roll-off where azimuths are known"
    assert set(after["defaults"].split(";")) == {"band_mhz", "bandwidth_mhz", "beamwidth_deg", "gain_dbi", "status"}
    assert (after["file"], after["row"]) == (before["file"], before["row"])


def test_a_generation_is_added_where_the_operator_is_at_the_height_of_its_highest(apply: Apply) -> None:
    edited = apply(step("add_generation", position="P1", operator="viettel", generation="3g", power_dbm=41))
    new = row(edited, "P1-Viettel-3G")
    assert (new["antenna_height_m"], new["power_dbm"], new["power_group"]) == (42.0, 41.0, "F1")
    assert (new["file"], new["position_id"]) == ("plan.toml", "P1")


def test_a_tenant_hangs_under_its_host_with_the_hosts_generations(apply: Apply) -> None:
    edited = apply(step("share", positions=["P1"], operator="VinaPhone", host="Viettel"))
    new = edited.stations.rows[edited.stations.rows["file"] == "plan.toml"]
    assert new["station_id"].tolist() == ["P1-VinaPhone-2G", "P1-VinaPhone-4G"]
    lowest = edited.stations.rows[:2]["antenna_height_m"].min()
    assert set(new["antenna_height_m"]) == {lowest - 3.0}
    listed = apply(step("share", position="P1", operator="VinaPhone", generations=["4G"], antenna_height_m=20))
    assert row(listed, "P1-VinaPhone-4G")["antenna_height_m"] == 20.0


def test_a_generation_is_switched_off_of_all_or_of_one(apply: Apply) -> None:
    assert on_air(apply(step("switch_off", generation="2G"))) == ["A4", "B3", "C4"]
    one = apply(step("switch_off", generation="2G", operator="VNPT"))
    assert on_air(one) == ["A2", "A4", "B3", "C4"]
    assert row(one, "B2")["not_counted_because"] == "status off"


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ({"stations": ["A2"], "positions": ["P3"]}, ["A4", "B2", "B3"]),
        ({"operator": "Viettel"}, ["B2", "B3"]),
        ({"power_group": "F1"}, ["B2", "B3", "C4"]),
        ({"transmission_group": "R1"}, ["A2", "A4", "B3", "C4"]),
        ({"polygon": [[104.9, 22.5], [104.98, 22.5], [104.98, 22.7], [104.9, 22.7]]}, ["B2", "B3", "C4"]),
        ({"share": 1.0, "seed": 3}, []),
        ({"share": 1.0, "seed": 3, "operator": "VinaPhone"}, ["A2", "A4", "C4"]),
    ],
)
def test_an_outage_silences_what_it_names(apply: Apply, choice: dict[str, Any], left: list[str]) -> None:
    assert on_air(apply(step("outage", **choice))) == left


def test_an_outage_reads_its_polygon_from_a_file(apply: Apply, tmp_path: Path) -> None:
    ring = [[104.9, 22.5], [104.98, 22.5], [104.98, 22.7], [104.9, 22.7], [104.9, 22.5]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    area = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}
    (tmp_path / "area.geojson").write_text(json.dumps(area), encoding="utf-8")
    assert on_air(apply(step("outage", polygon="area.geojson"))) == ["B2", "B3", "C4"]


@given(st.lists(st.text(min_size=1), unique=True, max_size=30), st.integers(0, 2**63 - 1))
@settings(deadline=None)
def test_a_greater_share_strikes_the_same_ones_and_others(names: list[str], seed: int) -> None:
    struck = [{name for name in names if fate(name, seed) < share} for share in (0.2, 0.6, 1.0)]
    assert struck[0] <= struck[1] <= struck[2] == set(names)


def test_fates_are_uniform_and_another_seed_strikes_others() -> None:
    struck = {seed: {name for name in map(str, range(4000)) if fate(name, seed) < 0.2} for seed in (1, 2)}
    assert all(700 < len(names) < 900 for names in struck.values())
    assert len(struck[1] & struck[2]) < 250


def test_all_that_stands_at_a_position_shares_its_fate(apply: Apply) -> None:
    for seed in range(8):
        left = set(on_air(apply(step("outage", share=0.5, seed=seed))))
        assert {"A2", "A4"} <= left or not {"A2", "A4"} & left


def test_switching_off_and_an_outage_commute(apply: Apply) -> None:
    off, storm = step("switch_off", generation="2G"), step("outage", positions=["P1"])
    pd.testing.assert_frame_equal(apply(off + storm).stations.rows, apply(storm + off).stations.rows)


def test_the_order_of_steps_matters_where_it_should(apply: Apply) -> None:
    share = step("share", position="P1", operator="VinaPhone")
    off = step("switch_off", generation="2G")
    assert "P1-VinaPhone-2G" not in on_air(apply(share + off))
    assert apply(off + share).stations.rows["station_id"].tolist().count("P1-VinaPhone-2G") == 0
    outage, add = (
        step("outage", operator="Viettel"),
        step("add", station_id="N", operator="Viettel", generation="4G", longitude=105.0, latitude=22.6),
    )
    assert "N" in on_air(apply(outage + add))
    assert "N" not in on_air(apply(add + outage))


def test_an_old_list_of_additions_is_a_first_step(apply: Apply) -> None:
    text = step("switch_off", generation="4G") + (
        "[[add]]\nstation_id = 'N'\noperator = 'Viettel'\ngeneration = '4G'\nlongitude = 105.0\nlatitude = 22.6\n"
    )
    assert "N" not in on_air(apply(text)), "what is added first is switched off after"


def test_stations_are_added_from_a_register_of_their_own(apply: Apply, land: ModuleType, tmp_path: Path) -> None:
    new = [{**land.station("N1", 2, 2), "azimuth_deg": "0/180"}, land.station("N2", -6, 0, "3G")]
    land.write_table(tmp_path / "new.csv", new)
    edited = apply(step("add", file="new.csv"))
    assert {"N1", "N2"} <= set(on_air(edited))
    assert row(edited, "N2")["position_id"] == "P1", "the mast at its place"
    assert row(edited, "N2")["file"] == "new.csv"


def test_a_policy_is_the_projects_or_a_named_one(apply: Apply) -> None:
    project = apply(step("policy", name="4g-5g")).project
    assert project.policy.generations == ("4G", "5G")
    assert list(project.policies) == ["4g-5g"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (step("remvoe", station="A2"), r"step 1\] unknown do = 'remvoe'; did you mean 'remove'"),
        (step("remove"), "names nothing"),
        (step("remove", station="A44"), "no station 'A44' in the register; did you mean 'A4'"),
        (step("remove", station="A2") * 2, r"step 2 \(remove\): station A2 is gone: an earlier step"),
        (step("remove", stations=["A2", "A2"]), "names A2 twice"),
        (step("move", station="D4", longitude=105.0, latitude=22.6), "station D4 is not on air .status planned"),
        (step("move", station="A2", position="P1", longitude=1, latitude=1), "either station or position"),
        (step("outage", position="P1") + step("move", position="P1", longitude=105, latitude=22.6), "not on air"),
        (step("move", station="A2", longitude=105), "needs 'latitude'"),
        (step("retune", station="A2"), "changes nothing"),
        (step("retune", station="A2", height=3), "unknown key 'height'"),
        (step("retune", station="A2", antenna_height_m=0), "at least 1"),
        (step("retune", station="A2", azimuth_deg="north"), "azimuths, as in"),
        (step("retune", station="D4", power_dbm=3), "not on air"),
        (step("switch_off", generation="6G"), "unknown generation '6G'"),
        (step("switch_off", generation="5G"), "nobody has any 5G on air"),
        (step("switch_off", generation="4G", operator="VinaPhone"), "VinaPhone has no 4G on air"),
        (step("switch_off", generation="2G") * 2, r"step 2 \(switch_off\): nobody has any 2G on air"),
        (step("switch_off", generation="2G", operator="Vietel"), "no operator 'Vietel' in the register"),
        (step("outage"), "silences nothing"),
        (step("outage", share=0.5), "needs a seed"),
        (step("outage", share=20, seed=1), "at most 1"),
        (step("outage", operator="Viettel", seed=1), "only beside share"),
        (step("outage", power_group="F9"), "no power_group 'F9'"),
        (step("outage", polygon=[[22.5, 104.9], [22.7, 104.9], [22.7, 90.0]]), "latitude|at most 90"),
        (step("outage", polygon=[[0, 0], [1, 1], [0, 1], [1, 0]]), "the polygon is none"),
        (step("outage", polygon=[[0, 0], [1, 0], [1, 1]]), "no station lies within the polygon"),
        (step("outage", polygon="none.geojson"), "no such file"),
        (step("outage", positions=["P1"], operator="VinaPhone"), "nothing on air is meant by it"),
        (step("add_generation", position="P2", operator="Viettel", generation="4G"), "nothing on air at P2; write do"),
        (step("add_generation", position="P1", operator="Viettel", generation="4G"), "on air at P1 already: A4"),
        (step("share", position="P1", operator="Viettel"), "nobody but Viettel is on air at P1; on air there: Viettel"),
        (step("share", position="P1", operator="VinaPhone", host="VinaPhone"), "both VinaPhone"),
        (step("share", position="P1", operator="VinaPhone") * 2, "on air at P1 already: P1-VinaPhone-2G"),
        (step("policy", name="6g"), "policy"),
        (step("add", file="none.csv"), "no such file"),
        (step("add", station_id="X", generation="4G", longitude=105.0, latitude=22.6, lat=1), "unknown key 'lat'"),
        ("step = 1\n", r"write a \[\[step\]\] table"),
    ],
)  # fmt: skip
def test_a_step_that_contradicts_or_names_nothing_is_refused_with_the_cure(
    apply: Apply, text: str, message: str
) -> None:
    with pytest.raises(ws.InputError, match=message) as refused:
        apply(text)
    assert "plan.toml" in str(refused.value)

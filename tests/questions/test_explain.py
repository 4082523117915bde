"""Explaining one village: what blocks its signal, what would fix it, and that it is what a full run says."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import whitesignal as ws
from whitesignal.explain import Explanation, explain_village
from whitesignal.explain.letter import letter
from whitesignal.explain.sheets import stored_now
from whitesignal.explain.words import words
from whitesignal.inputs.all import read_inputs
from whitesignal.verdicts import judge

COSTS = "[costs]\nstation_million_vnd = 700\ntransmission_million_vnd_per_km = 500\ntenancy_million_vnd = 90\n"


def explained(folder: Path, village: str = "V", **options: Any) -> Explanation:
    return explain_village(ws.open_project(folder), village, **options)


def sentences(explanation: Explanation, lang: str = "en") -> str:
    written = letter(explanation, words(lang))  # type: ignore[arg-type]
    return " ".join([*written.answer, *written.why, *written.fix, *written.remedies, *written.after])


def caveats(explanation: Explanation) -> str:
    return " ".join(letter(explanation, words("en")).caveats)


def behind_a_ridge(
    land: ModuleType, folder: Path, *, ridge_m: float = 300.0, power_dbm: float | str = "", **columns: Any
) -> Path:
    """A station in the west, a roof ridge in the middle, a village in the east."""
    return land.write_project(
        folder,
        stations=[land.station("A", -6, 0, "2G", position_id="P1", power_dbm=power_dbm, **columns)],
        villages=[land.village("V", 4, 0, has_grid_power="không")],
        ground=land.ridge(0.0, ridge_m),
    )


def test_the_ridge_between_station_and_village_is_named_at_its_place_and_height(
    land: ModuleType, tmp_path: Path
) -> None:
    explanation = explained(behind_a_ridge(land, tmp_path / "p", power_dbm=10))
    decisive = explanation.decisive
    assert explanation.verdict.status == "white"
    assert decisive is not None
    assert decisive.ridge is not None
    ridge = decisive.ridge
    assert ridge.distance_km == pytest.approx(6.0, abs=0.11)
    # The cells of 100 m have their centres 50 m beside the roof's edge at 400 m, where it stands 370 m high.
    assert ridge.height_m == pytest.approx(370.0)
    assert (ridge.longitude, ridge.latitude) == pytest.approx(land.place(ridge.distance_km - 6.0, 0), abs=1e-4)
    # From 130 m at the station to 101.5 m at the village the line passes at 113 m, and the earth adds 1 m.
    line_m = 130.0 - 28.5 * ridge.distance_km / 10.0
    bulge_m = ridge.distance_km * (10.0 - ridge.distance_km) / (2 * decisive.budget.effective_radius_km) * 1000.0
    assert ridge.above_line_m == pytest.approx(ridge.height_m + bulge_m - line_m, abs=0.5)
    assert decisive.station.line_of_sight is False
    said = sentences(explanation)
    assert f"{ridge.distance_km:.2f} km from the station" in said
    assert f"{ridge.height_m:.0f} m above sea level" in said


def test_the_letter_says_where_the_way_back_from_the_telephone_is_what_falls_short(
    land: ModuleType, tmp_path: Path
) -> None:
    """A strong station is heard behind the ridge, and does not hear the telephone."""
    loud = explained(behind_a_ridge(land, tmp_path / "loud", ridge_m=150.0, power_dbm=60))
    faint = explained(behind_a_ridge(land, tmp_path / "faint", power_dbm=10))
    assert loud.verdict.status == faint.verdict.status == "white"
    assert loud.decisive is not None
    budget = loud.decisive.budget
    assert budget.level_dbm > budget.threshold_dbm
    assert budget.uplink_margin_db < 0.0
    assert "telephone's own signal" in sentences(loud)
    assert "chiều phát từ điện thoại" in sentences(loud, "vi")
    assert "telephone's own signal" not in sentences(faint)


def test_a_village_in_line_of_sight_says_so(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -2, 0, "2G")], villages=[land.village("V", 1, 0)],
    )  # fmt: skip
    explanation = explained(folder)
    assert explanation.verdict.status == "covered"
    assert explanation.verdict.operators == ("Viettel",)
    assert explanation.decisive is not None
    assert explanation.decisive.station.line_of_sight is True
    assert explanation.decisive.ridge is None
    assert "in line of sight" in sentences(explanation)
    assert "nhìn thẳng thấy thôn" in sentences(explanation, "vi")
    assert explanation.remedies.fixes == ()
    assert math.isnan(explanation.remedies.missing_db)


def test_distance_azimuth_and_bearing_are_those_of_the_land(land: ModuleType, tmp_path: Path) -> None:
    explanation = explained(behind_a_ridge(land, tmp_path / "p"))
    nearest = explanation.nearest[0]
    assert nearest.distance_km == pytest.approx(10.0, rel=0.002)
    assert nearest.azimuth_deg == pytest.approx(90.0, abs=0.1)
    assert nearest.bearing_deg == pytest.approx(270.0, abs=0.1)
    assert nearest.antenna_height_m == 30.0


@pytest.fixture
def nearly(land: ModuleType, tmp_path: Path) -> tuple[Path, Explanation]:
    """A village on flat land that lacks 2 dB: a station so weak that only height, or power, makes up for it."""
    stations = [land.station("A", -6, 0, "2G", power_dbm=43)]
    villages = [land.village("V", 5, 0)]
    first = explained(land.write_project(tmp_path / "first", stations=stations, villages=villages))
    enough_dbm = 43.0 - first.best[0].margin_db
    stations = [land.station("A", -6, 0, "2G", power_dbm=f"{enough_dbm - 2.0:.6f}")]
    folder = land.write_project(tmp_path / "second", stations=stations, villages=villages)
    return folder, explained(folder)


def with_station(folder: Path, **columns: Any) -> str:
    """Return what a full judgement says of the village when the register has other values for its station."""
    project = ws.open_project(folder)
    inputs = read_inputs(project)
    stations = replace(inputs.stations, rows=inputs.stations.rows.assign(**columns))
    return str(judge(replace(inputs, stations=stations), project, jobs=1).judged.table["status"].iloc[0])


def test_the_metres_of_mast_found_suffice_and_one_step_less_does_not(nearly: tuple[Path, Explanation]) -> None:
    folder, explanation = nearly
    assert explanation.verdict.status == "white"
    assert explanation.remedies.missing_db == pytest.approx(2.0, abs=0.01)
    (raised,) = (fix for fix in explanation.remedies.fixes if fix.kind == "raise")
    (change,) = raised.changes
    assert raised.margin_db >= 0.0
    assert 30.0 < change.after <= 60.0
    assert with_station(folder, antenna_height_m=change.after) == "covered"
    assert with_station(folder, antenna_height_m=change.after - 1.0) == "white"


def test_twice_the_power_makes_up_for_two_decibels(nearly: tuple[Path, Explanation]) -> None:
    folder, explanation = nearly
    (retuned,) = (fix for fix in explanation.remedies.fixes if fix.kind == "retune")
    (change,) = retuned.changes
    assert change.name == "power_dbm"
    assert change.after - change.before == pytest.approx(3.0)
    assert retuned.margin_db == pytest.approx(1.0, abs=0.01)
    assert with_station(folder, power_dbm=change.after) == "covered"


def test_a_sector_that_points_away_is_turned_towards_the_village(land: ModuleType, tmp_path: Path) -> None:
    def project(azimuth: str, power_dbm: float) -> Path:
        return land.write_project(
            tmp_path / f"p{azimuth}{power_dbm:g}",
            stations=[land.station("A", -5, 0, "2G", azimuth_deg=azimuth, power_dbm=power_dbm)],
            villages=[land.village("V", 5, 0)],
        )

    away = explained(project("270", 40.0))
    power_dbm = 40.0 - away.best[0].margin_db - 15.0
    explanation = explained(project("270", power_dbm))
    assert explanation.verdict.status == "white"
    (retuned,) = (fix for fix in explanation.remedies.fixes if fix.kind == "retune")
    assert [(change.name, change.before, change.after) for change in retuned.changes] == [("azimuth_deg", 270.0, 90.0)]
    assert explained(project("90", power_dbm)).verdict.status == "covered"


def test_a_position_that_stands_is_offered_before_one_is_built_and_the_cheapest_is_named(
    land: ModuleType, tmp_path: Path
) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[
            land.station("A", -6, 0, "2G", position_id="P1", power_dbm=5),
            land.station("B", 2, 0, "4G", position_id="P2", power_dbm=0, operator="VinaPhone"),
        ],
        villages=[land.village("V", 4, 0)],
        ground=land.ridge(0.0, 300.0),
        toml=land.TOML + COSTS,
    )  # fmt: skip
    remedies = explained(folder).remedies
    shared = next(fix for fix in remedies.fixes if fix.kind == "share" and fix.position_id == "P2")
    assert shared.distance_km == pytest.approx(2.0, rel=0.01)
    assert shared.cost_million_vnd == 90.0
    assert remedies.cheapest is not None
    assert remedies.cheapest.kind == "share"
    built = next(fix for fix in remedies.fixes if fix.kind == "build")
    assert built.cost_million_vnd == pytest.approx(700.0 + 500.0 * 2.0, rel=0.01)


def test_a_letter_prices_what_site_prices_and_invents_no_price_besides(land: ModuleType, tmp_path: Path) -> None:
    folder = behind_a_ridge(land, tmp_path / "p", power_dbm=10)
    explanation = explained(folder)
    by_kind = {fix.kind: fix.cost_million_vnd for fix in explanation.remedies.fixes}
    assert by_kind["build"] == pytest.approx(750.0 + 500.0 * 10.0, rel=0.01)
    assert {by_kind.get("raise"), by_kind.get("retune")} == {None}
    assert "what power costs is in no figure here" in sentences(explanation)
    assert "an assumption for a place on a mast" in caveats(explanation)
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f"{COSTS}solar_million_vnd = [100, 300]\nmountain_factor = 2\n")
    priced = explained(folder)
    (built,) = (fix for fix in priced.remedies.fixes if fix.kind == "build")
    assert built.cost_million_vnd == pytest.approx(700.0 + 500.0 * 10.0 + 200.0, rel=0.01)
    assert "counts its own solar power in" in sentences(priced)
    assert "an assumption" not in caveats(priced)


def test_verdict_and_probabilities_are_those_of_a_full_run(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[
            land.station("A", -6, 0, "2G", position_id="P1", power_dbm=20),
            land.station("B", 3, 6, "3G", position_id="P2", operator="VinaPhone", power_dbm=15),
            land.station("C", 0, -7, "4G", position_id="P3", operator="MobiFone", power_dbm=22),
        ],
        villages=[land.village(f"V{number}", -4 + 2 * number, number - 2) for number in range(5)],
        clusters=[land.cluster("V2", 0.5, 1.5), land.cluster("V2", 2, -3), land.cluster("V4", 5, 4)],
        ground=land.ridge(1.0, 150.0),
    )
    project = ws.open_project(folder)
    inputs = read_inputs(project)
    table = judge(inputs, project, jobs=1).judged.table
    statuses = set()
    for row in table.itertuples():
        one = explain_village(project, row.village_id, inputs=inputs)
        statuses.add(one.verdict.status)
        assert one.verdict.status == row.status
        assert (one.verdict.p_signal, one.verdict.p_covered) == (row.p_signal, row.p_covered)
        assert one.verdict.certainty == row.certainty
        assert ";".join(one.verdict.operators) == row.operators
        either = one.hearings[0]
        assert either.station_id == row.best_station
        assert either.margin_db == row.margin_db
        heard = {hearing.generation: hearing for hearing in one.hearings if not hearing.operator}
        assert [heard[name].verdict.status for name in ("2G", "3G", "4G", "5G")] == [
            row.status_2g, row.status_3g, row.status_4g, row.status_5g
        ]  # fmt: skip
    assert len(statuses) > 1


def test_without_the_only_generation_that_serves_the_village_turns_white(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path / "p", stations=[land.station("A", -2, 0, "2G")], villages=[land.village("V", 1, 0)]
    )
    found = {without.generations: without.verdict for without in explained(folder).without}
    assert found[("2G",)].status == "white"
    assert found[("2G",)].p_signal == 0.0
    assert found[("3G",)].status == "covered"
    assert found[("2G", "3G")].status == "white"


def test_a_weak_village_is_explained_at_the_cluster_that_lacks_most(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -6, 0, "2G", position_id="P1", power_dbm=22)],
        villages=[land.village("V", -1.5, 0)],
        clusters=[land.cluster("V", -2, 1), land.cluster("V", 1.0, 0)],
        ground=land.ridge(0.0, 100.0),
    )
    explanation = explained(folder)
    assert explanation.verdict.status == "weak"
    assert [place.state for place in explanation.places] == ["served", "unserved"]
    assert explanation.decisive is not None
    assert explanation.decisive.point == explanation.places[1].name
    assert explanation.decisive.station.distance_km == pytest.approx(7.0, rel=0.002)
    assert float(stored_now(explanation)["nearest_station_km"]) == pytest.approx(4.5, rel=0.002)
    assert explanation.remedies.missing_db == pytest.approx(-explanation.places[1].margin_db)
    built = next(fix for fix in explanation.remedies.fixes if fix.kind == "build")
    assert built.margin_db > 0.0


@pytest.mark.parametrize(
    ("place", "void", "reason"),
    [
        ((40, 0), None, "off the terrain"),
        ((4, 0), lambda e, n: (abs(e - 4) < 0.6) & (abs(n) < 0.6), "on a void"),
        ((4, 0), lambda e, n: abs(e) < 0.6, "void on the path"),
        (None, None, "no place"),
    ],
)
def test_an_unknown_village_says_why_and_promises_nothing(
    land: ModuleType, tmp_path: Path, place: tuple[float, float] | None, void: Any, reason: str
) -> None:
    row = land.village("V", *(place or (4, 0)))
    if place is None:
        row |= {"longitude": "", "latitude": ""}
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -6, 0, "2G")],
        villages=[row, land.village("W", -5, 0)],
        void=void,
    )
    explanation = explained(folder)
    assert explanation.verdict.status == "unknown"
    assert explanation.why_unknown == reason
    assert math.isnan(explanation.verdict.p_signal)
    assert explanation.remedies.fixes == ()
    assert words("en").say(f"reason.{reason}") in sentences(explanation)
    if reason == "off the terrain":
        assert explanation.decisive is None
        assert explanation.nearest[0].distance_km == pytest.approx(46.0, rel=0.01)
        assert math.isnan(explanation.nearest[0].level_dbm)


def test_an_operator_whose_signal_is_there_is_no_remedy_where_two_are_asked_for(
    land: ModuleType, tmp_path: Path
) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[
            land.station("A", -2, 0, "2G", position_id="P1"),
            land.station("B", -5, 0, "2G", position_id="P2", operator="VinaPhone", power_dbm=0),
        ],
        villages=[land.village("V", 3, 0)],
        toml=land.TOML + "[policy.official]\nmin_operators = 2\n",
    )  # fmt: skip
    explanation = explained(folder)
    assert explanation.verdict.status == "white"
    assert explanation.verdict.operators == ("Viettel",)
    assert explanation.remedies.operators_missing == 1
    assert explanation.remedies.fixes
    assert {name for fix in explanation.remedies.fixes for name in fix.operators} == {"VinaPhone"}


def test_the_list_of_the_province_stands_beside_the_verdict(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -2, 0, "2G")],
        villages=[land.village("V", 1, 0, declared_status="trắng sóng", declared_on="2022-01-01")],
    )
    explanation = explained(folder)
    assert (explanation.declared.now, explanation.declared.outcome) == ("white", "miss")
    assert "surveyed again" in sentences(explanation)


def test_a_model_without_terrain_names_no_ridge(land: ModuleType, tmp_path: Path) -> None:
    folder = behind_a_ridge(land, tmp_path / "p")
    explanation = explain_village(ws.project_with(ws.open_project(folder), model="free-space"), "V")
    assert explanation.decisive is not None
    assert explanation.decisive.ridge is None
    assert explanation.best[0].line_of_sight is None
    assert "knows no terrain" in sentences(explanation)


@pytest.mark.parametrize("model", ["p1812", "p526", "itm", "circle", "free-space", "hata", "tr38901-rma"])
def test_every_model_can_be_explained_at_a_distance_and_at_the_mast(
    land: ModuleType, tmp_path: Path, model: str
) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -6, 0, "2G", power_dbm=12)],
        villages=[land.village("V", 4, 0), land.village("W", -6, 0)],
        ground=land.ridge(0.0, 100.0),
    )
    project = ws.project_with(ws.open_project(folder), model=model)
    assert explain_village(project, "W").verdict.status == "covered"
    far = explain_village(project, "V")
    assert far.best[0].serves == (far.verdict.status == "covered")
    assert ("beyond the 5 km" in sentences(far)) == (model == "circle")


def test_without_a_station_on_air_only_a_new_position_helps(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path / "p",
        stations=[land.station("A", -1, 0, "2G", on_air_on="2020-01-01")], villages=[land.village("V", 1, 0)],
    )  # fmt: skip
    explanation = explain_village(ws.project_with(ws.open_project(folder), as_of="2010-01-01"), "V")
    assert explanation.verdict.status == "white"
    assert explanation.best == explanation.nearest == ()
    assert [fix.kind for fix in explanation.remedies.fixes] == ["build"]
    assert "No station's signal comes near" in sentences(explanation)

"""What a what-if must be: the run on the edited register, to the byte, whatever was stored before."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import whitesignal as ws
from whitesignal import rejudged
from whitesignal.difference import Difference, known_reach
from whitesignal.indicators import as_rows
from whitesignal.project import NAMED_POLICIES
from whitesignal.radio.cells import build_cells
from whitesignal.radio.reach import Reach, SamplePoints, compute_reach
from whitesignal.radio.reuse import StoredReach, reach_at, reuse_reach
from whitesignal.results.reach_store import LOSSES, trusted_reach, trusted_verdict, verdict_if_trusted
from whitesignal.results.tables import write_csv, write_json
from whitesignal.side import Side
from whitesignal.villages.table import village_table

WRITTEN = ("station_id", "position_id", "operator", "generation", "longitude", "latitude", "band_mhz", "bandwidth_mhz",
           "antenna_height_m", "power_dbm", "gain_dbi", "azimuth_deg", "tilt_deg", "beamwidth_deg", "structure",
           "owner", "status", "on_air_on", "off_air_on", "power_group", "transmission_group")  # fmt: skip

TOML = "[radio]\nmodel = 'p526'\nengine = 'exact'\nresolution_m = 4000\nradius_km = 9\n[uncertainty]\ndraws = 40\n"


@pytest.fixture(scope="module")
def made(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of four positions on both sides of a ridge, analyzed."""
    stations = [
        land.station("A2", -6, 0, "2G", position_id="P1", band_mhz=900, azimuth_deg="0/120/240"),
        land.station("A4", -6, 0, "4G", position_id="P1", band_mhz=1800, antenna_height_m=42, power_dbm=30),
        {**land.station("B2", -3, 3, "2G", position_id="P2", band_mhz=1800), "operator": "VinaPhone"},
        {
            **land.station("B4", -3, 3, "4G", position_id="P2", band_mhz=1800, on_air_on="2021-05-05"),
            "operator": "VinaPhone",
        },
        {**land.station("C3", 7, -4, "3G", position_id="P3"), "operator": "MobiFone"},
        land.station("D4", 9, 5, "4G", position_id="P4", status="planned"),
    ]
    villages = [
        land.village(f"V{number}", east, north, population=100 + number)
        for number, (east, north) in enumerate([(-5, -2), (-2, 2), (3, 0), (8, 4), (8, -5), (-9, 8)])
    ]
    folder = land.write_project(
        tmp_path_factory.mktemp("laws") / "made", stations=stations, villages=villages, ground=land.ridge(1.0, 500.0),
        toml=TOML,
    )  # fmt: skip
    ws.analyze(ws.open_project(folder), jobs=1).write(folder / "results")
    return Path(folder)


def step(do: str, **values: Any) -> str:
    return "[[step]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in {"do": do, **values}.items())


@pytest.fixture
def ask(made: Path, tmp_path: Path) -> Callable[..., Difference]:
    """Return what answers a scenario's text, from the stored reach or without."""

    def run(text: str, *, from_store: bool = True) -> Difference:
        file = tmp_path / "plan.toml"
        file.write_text(text, encoding="utf-8")
        project = ws.open_project(made)
        stored = known_reach(project, made / "results")[0] if from_store else None
        verdict = trusted_verdict(made / "results", project) if from_store else None
        return ws.whatif(project, ws.open_scenario(file), stored=stored, verdict=verdict, jobs=1)

    return run


def tables(side: Side | ws.Analysis, folder: Path) -> Mapping[str, bytes]:
    """Return the bytes that a run writes of villages, sharing and indicators."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(pd.DataFrame(side.villages.drop(columns="geometry")), folder / "villages.csv")
    write_csv(side.positions, folder / "sharing.csv")
    write_json(as_rows(side.indicators), folder / "indicators.json")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def full_run(made: Path, side: Side, folder: Path) -> Mapping[str, bytes]:
    """Return the same of a run on the edited register, written out as a project of its own."""
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("results"), dirs_exist_ok=True)
    rows = side.stations[list(WRITTEN)].copy()
    for column in ("longitude", "latitude", "gain_dbi", "power_dbm", "antenna_height_m"):
        rows[column] = [repr(float(value)) for value in rows[column]]
    rows.to_csv(folder / "stations.csv", index=False)
    if side.project.policy.name != "official":
        toml = folder / "project.toml"
        text = toml.read_text(encoding="utf-8")
        toml.write_text(
            text.replace("[project]", f"[project]\npolicy = '{side.project.policy.name}'"), encoding="utf-8"
        )
    return tables(ws.analyze(ws.open_project(folder), jobs=1), folder / "written")


STEPS = {
    "add": step("add", station_id="N", operator="Viettel", generation="4G", longitude=105.06, latitude=22.6),
    "remove": step("remove", station="A2"),
    "move": step("move", position="P2", longitude=105.02, latitude=22.61),
    "retune": step("retune", station="B4", power_dbm=20, tilt_deg=4, azimuth_deg=[90]),
    "raise": step("retune", position="P3", antenna_height_m=60),
    "louder": step("retune", stations=["B2"], power_dbm=50),
    "add_generation": step("add_generation", position="P3", operator="MobiFone", generation="4G"),
    "switch_off": step("switch_off", generation="2G"),
    "outage": step("outage", share=0.5, seed=5),
    "share": step("share", position="P3", operator="Viettel"),
    "policy": step("policy", name="two-operators"),
}


@pytest.mark.parametrize("name", STEPS)
def test_each_step_gives_what_a_run_on_the_edited_register_gives_to_the_byte(
    made: Path, ask: Callable[..., Difference], tmp_path: Path, name: str
) -> None:
    after = ask(STEPS[name]).after
    assert tables(after, tmp_path / "after") == full_run(made, after, tmp_path / "full")


@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=5, unique=True))
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_several_steps_give_what_a_run_on_the_edited_register_gives(
    made: Path, ask: Callable[..., Difference], tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    try:
        after = ask("".join(STEPS[name] for name in names)).after
    except ws.InputError:
        return  # one contradicts another: refused, which other tests hold
    folder = tmp_path_factory.mktemp("several")
    assert tables(after, folder / "after") == full_run(made, after, folder / "full")


def test_only_what_is_new_to_the_air_is_computed(ask: Callable[..., Difference]) -> None:
    computed = {name: ask(STEPS[name]).computed for name in STEPS}
    assert {name for name, count in computed.items() if count} == {
        "add", "move", "raise", "louder", "add_generation", "share",
    }  # fmt: skip
    assert computed["add"] == computed["raise"] == 1


def test_only_villages_within_reach_of_what_changed_are_judged_again(
    ask: Callable[..., Difference], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def watched(villages: Any, *rest: Any) -> Any:
        judged.append(villages["village_id"].tolist())
        return village_table(villages, *rest)

    monkeypatch.setattr(rejudged, "village_table", watched)
    difference = ask(STEPS["raise"] + step("retune", station="C3", power_dbm=46))
    assert len(judged) == 1
    assert 0 < len(judged[0]) <= 3 < len(difference.after.villages)
    changed = difference.before.villages["level_dbm_3g"].fillna(0) != difference.after.villages["level_dbm_3g"].fillna(
        0
    )
    assert set(difference.after.villages.loc[changed, "village_id"]) <= set(judged[0])
    assert changed.any()


def test_the_stored_verdict_is_what_the_run_said_and_other_rules_have_none(
    made: Path, ask: Callable[..., Difference], tmp_path: Path
) -> None:
    project = ws.open_project(made)
    stored, fresh = (ask(STEPS["add"], from_store=from_store).before for from_store in (True, False))
    verdict = trusted_verdict(made / "results", project)
    assert verdict is not None
    pd.testing.assert_frame_equal(verdict.stations.rows, ws.read_inputs(project).stations.rows, check_exact=True)
    assert tables(stored, tmp_path / "stored") == tables(fresh, tmp_path / "fresh")
    assert (tmp_path / "stored" / "villages.csv").read_bytes() == (made / "results" / "villages.csv").read_bytes()
    later = replace(project, as_of=date(2020, 1, 1))
    assert trusted_verdict(made / "results", later) is None
    assert trusted_verdict(made / "results", replace(project, policy=NAMED_POLICIES["indoors"])) is None


def test_without_a_stored_reach_the_answer_is_the_same(ask: Callable[..., Difference]) -> None:
    text = STEPS["add"] + STEPS["switch_off"]
    stored, full = ask(text), ask(text, from_store=False)
    assert stored.summary() == full.summary()
    pd.testing.assert_frame_equal(stored.changed, full.changed)
    assert stored.page() == full.page(), "what the run drew for its map is what would be drawn now"
    assert (stored.computed, full.computed) == (1, len(full.before.known.radiators) + 1)


def test_on_another_day_what_the_run_read_of_the_villages_serves_and_its_stations_do_not(
    ask: Callable[..., Difference], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "base_as_of = 2020-01-01\n" + STEPS["add"]
    full = ask(text, from_store=False)
    monkeypatch.setattr("whitesignal.difference.read_inputs", None)
    stored = ask(text)
    assert stored.before.project.as_of == date(2020, 1, 1)
    assert stored.summary() == full.summary()
    pd.testing.assert_frame_equal(stored.changed, full.changed)
    pd.testing.assert_frame_equal(stored.before.stations, full.before.stations)
    assert not stored.before.stations.set_index("station_id")["counted"]["B4"], "it came later"
    assert stored.page() == full.page()


def test_removing_a_station_and_adding_it_as_it_was_changes_nothing(ask: Callable[..., Difference]) -> None:
    row = ask(STEPS["policy"]).before.stations.set_index("station_id").loc["A2"]
    again = {
        "operator": row["operator"], "generation": row["generation"], "position_id": "P1", "band_mhz": 900,
        "longitude": float(row["longitude"]), "latitude": float(row["latitude"]), "azimuth_deg": [0, 120, 240],
    }  # fmt: skip
    difference = ask(step("remove", station="A2") + step("add", station_id="A2", **again))
    assert (difference.gained, difference.lost, len(difference.changed)) == ((), (), 0)
    pd.testing.assert_frame_equal(
        pd.DataFrame(difference.before.villages), pd.DataFrame(difference.after.villages), check_exact=True
    )
    assert difference.before.indicators == difference.after.indicators
    assert difference.computed == 0


@given(east_km=st.floats(-10, 10), north_km=st.floats(-10, 10), generation=st.sampled_from(ws.GENERATIONS))
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_adding_never_loses_a_village(
    ask: Callable[..., Difference], land: ModuleType, east_km: float, north_km: float, generation: str
) -> None:
    longitude, latitude = land.place(east_km, north_km)
    text = step("add", station_id="N", operator="X", generation=generation, longitude=longitude, latitude=latitude)
    difference = ask(text)
    assert difference.lost == ()
    before, after = difference.before.villages, difference.after.villages
    assert (after["margin_db"].fillna(-999) >= before["margin_db"].fillna(-999)).all()
    assert (after["p_signal"] >= before["p_signal"]).all(), "the same draws, and one station more in them"


@given(
    bits=st.lists(st.booleans(), min_size=4, max_size=4).filter(any),
    less_km=st.floats(0, 30),
    less_db=st.floats(0, 80),
)
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reach_cut_to_less_is_the_one_computed_for_less(
    made: Path, bits: list[bool], less_km: float, less_db: float
) -> None:
    project = ws.open_project(made)
    inputs = ws.read_inputs(project)
    stored = trusted_reach(made / "results", project)
    radiators, _ = build_cells(inputs.stations.rows, project)
    few = type(radiators)(**{one.name: getattr(radiators, one.name)[: len(bits)][bits] for one in fields(radiators)})
    less = replace(few, radius_km=few.radius_km - less_km, floor_loss_db=few.floor_loss_db - less_db)
    reach, computed = reuse_reach(stored, inputs.terrain, less, project)
    wanted = compute_reach(inputs.terrain, less, stored.points, project)
    assert computed == 0
    for field in fields(Reach):
        np.testing.assert_array_equal(getattr(reach, field.name), getattr(wanted, field.name), err_msg=field.name)
        assert getattr(reach, field.name).dtype == getattr(wanted, field.name).dtype


@given(chosen=st.lists(st.booleans(), min_size=6, max_size=6))
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_reach_of_some_points_is_the_one_computed_for_them_alone(made: Path, chosen: list[bool]) -> None:
    project = ws.open_project(made)
    inputs = ws.read_inputs(project)
    stored = trusted_reach(made / "results", project)
    kept = np.array(chosen)
    assert len(kept) == len(stored.points)
    points = SamplePoints(**{one.name: getattr(stored.points, one.name)[kept] for one in fields(SamplePoints)})
    part, wanted = reach_at(stored.reach, kept), compute_reach(inputs.terrain, stored.radiators, points, project)
    for field in fields(Reach):
        np.testing.assert_array_equal(getattr(part, field.name), getattr(wanted, field.name), err_msg=field.name)
        assert getattr(part, field.name).dtype == getattr(wanted, field.name).dtype


def test_a_radiator_asked_for_more_than_is_stored_is_computed_anew(made: Path) -> None:
    project = ws.open_project(made)
    inputs = ws.read_inputs(project)
    stored = trusted_reach(made / "results", project)
    cut = StoredReach(stored.reach, replace(stored.radiators, radius_km=stored.radiators.radius_km - 1.0),
                      stored.points, stored.ground_known)  # fmt: skip
    reach, computed = reuse_reach(cut, inputs.terrain, stored.radiators, project)
    assert computed == len(stored.radiators)
    np.testing.assert_array_equal(reach.loss_db, stored.reach.loss_db)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("project.toml", "4000", "5000", "project.toml changed"),
        ("stations.csv", "Viettel", "Gmobile", "stations.csv changed"),
        ("villages.csv", "101", "102", "villages.csv changed"),
    ],
)
def test_a_reach_of_other_inputs_is_refused(
    made: Path, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "copy"))
    trusted_reach(folder / "results", ws.open_project(folder))
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ws.InputError, match=f"{said}; run `whitesignal analyze` again"):
        known_reach(ws.open_project(folder), folder / "results")
    stored, why = known_reach(ws.open_project(folder), None)
    assert stored is None
    assert said in why


def test_a_reach_under_other_settings_of_the_command_line_is_refused(made: Path) -> None:
    project = ws.project_with(ws.open_project(made), model="itm")
    with pytest.raises(ws.InputError, match=r"\[radio\] changed"):
        trusted_reach(made / "results", project)


def test_a_damaged_or_missing_reach_is_refused(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "copy"))
    file = folder / "results" / "reach" / LOSSES
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(ws.InputError, match="damaged"):
        known_reach(ws.open_project(folder), folder / "results")
    file.unlink()
    with pytest.raises(ws.InputError, match="no reach"):
        known_reach(ws.open_project(folder), folder / "results")
    with pytest.raises(ws.InputError, match="no results here"):
        known_reach(ws.open_project(folder), tmp_path)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("loss_db", trusted_reach),
        ("point", trusted_reach),
        ("first_pair", trusted_reach),
        ("verdict_state", trusted_verdict),
        ("backdrop", trusted_verdict),
        ("read_stations:longitude", trusted_verdict),
    ],
)
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_one_wrong_byte_in_what_is_stored_is_noticed(
    made: Path, tmp_path: Path, name: str, read: Callable[..., Any], share: float
) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "copy"))
    file = folder / "results" / "reach" / LOSSES
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        member = archive.getinfo(f"{name}.npy")
    name_length, extra_length = struct.unpack_from("<HH", content, member.header_offset + 26)
    start = member.header_offset + 30 + name_length + extra_length
    content[start + int(share * member.compress_size)] ^= 0x10
    file.write_bytes(content)
    project = ws.open_project(folder)
    with pytest.raises(ws.InputError, match="damaged"):
        read(folder / "results", project)
    assert (verdict_if_trusted(folder / "results", project) is None) == (read is trusted_verdict)


def test_figures_are_given_before_and_after_with_their_difference(ask: Callable[..., Difference]) -> None:
    difference = ask(STEPS["switch_off"])
    summary: Any = difference.summary()
    figures = {row["id"]: row for row in summary["indicators"]}
    assert (figures["stations.2g"]["before"], figures["stations.2g"]["after"]) == (2, 0)
    assert figures["stations.2g"]["difference"] == -2
    assert figures["villages.white"]["before"] == summary["before"]["white"]
    assert figures["villages.white"]["after"] == summary["after"]["white"]


def test_the_page_shows_both_sides_and_needs_nothing_outside(ask: Callable[..., Difference]) -> None:
    difference = ask(STEPS["add"])
    page = difference.page(lang="en")
    assert page.count("<iframe") == 2
    assert page.index("<h2>Before</h2>") < page.index("<h2>After</h2>")
    assert f"+{len(difference.gained)} villages gain signal" in page
    assert page == difference.page(lang="en"), "the same question gives the same page"

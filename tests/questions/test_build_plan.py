"""Where next, on small lands: the plan lights what it says, costs what the arithmetic says, and replays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

import whitesignal as ws
from whitesignal.build_plan import BuildPlan
from whitesignal.errors import InputError
from whitesignal.scenario import open_scenario
from whitesignal.scenario.edits import BELOW_HOST_M
from whitesignal.siting.candidates import NEW_MAST_HEIGHT_M, own_list, shared_masts
from whitesignal.siting.costs import candidate_costs, cost_ranges
from whitesignal.where_next import plan_sites

Plan = Callable[..., BuildPlan]

TOML = "[radio]\nmodel = 'p526'\nengine = 'exact'\nresolution_m = 20000\nradius_km = 12\n[uncertainty]\ndraws = 0\n"


@pytest.fixture
def folder(land: ModuleType, tmp_path: Path) -> Path:
    """Viettel on one side of a wall of 600 m; three villages behind it, and a mast of MobiFone's."""
    villages = [
        land.village("V0", -4, 0, population=500), land.village("V1", 5, 0, population=80),
        land.village("V2", 5, 9, population=60), land.village("V3", 5, -9, population=70, has_grid_power="no"),
    ]  # fmt: skip
    stations = [
        land.station("A", -6, 0, antenna_height_m=30),
        land.station("B", 10, 0, "5G", operator="MobiFone", band_mhz=3700, antenna_height_m=40, power_dbm=10),
    ]
    return Path(land.write_project(
        tmp_path, stations=stations, villages=villages, ground=land.ridge(0.0, 600.0), size_km=30.0, toml=TOML,
    ))  # fmt: skip


@pytest.fixture
def plan(folder: Path) -> Plan:
    def made(**limits: Any) -> BuildPlan:
        return plan_sites(ws.open_project(folder), jobs=1, **{"operator": "Viettel", **limits})

    return made


def test_what_if_replays_the_plan_to_the_village(plan: Plan, folder: Path, tmp_path: Path) -> None:
    built = plan(new=1)
    assert built.choice.status == "optimal"
    assert built.villages["status"].tolist() == ["covered", "white", "white", "white"]
    written = built.write(tmp_path / "site")
    found = ws.whatif(ws.open_project(folder), open_scenario(written / "plan.toml"), jobs=1)
    assert sorted(found.gained) == sorted(built.gained) != []
    assert found.after.villages["status"].tolist() == built.after.tolist()
    assert sorted(file.name for file in written.iterdir()) == [
        "candidates.csv", "curve.csv", "map.html", "plan.csv", "plan.html", "plan.json", "plan.toml", "run.json",
    ]  # fmt: skip


def test_more_stations_never_light_fewer_and_the_parts_add_up_to_the_whole(plan: Plan) -> None:
    plans = [plan(new=count) for count in (1, 2, 3)]
    lit = [len(one.gained) for one in plans]
    assert lit == sorted(lit)
    for one in plans:
        assert one.plan["villages_lit"].sum() == len(one.gained)
        assert sorted(";".join(one.plan["villages"]).strip(";").split(";")) == sorted(one.gained)
        assert one.plan["villages_so_far"].tolist() == one.plan["villages_lit"].cumsum().tolist()
        assert one.choice.covered <= one.choice.bound + 1e-9


def test_a_budget_is_kept_and_buys_at_least_what_half_of_it_does(plan: Plan) -> None:
    rich, poor = (plan(budget_vnd=billions * 1e9) for billions in (8.0, 4.0))
    assert rich.plan["cost_million_vnd"].sum() <= 8000.0
    assert poor.plan["cost_million_vnd"].sum() <= 4000.0
    assert rich.choice.covered >= poor.choice.covered
    curve = rich.curve
    assert curve["people_gained"].is_monotonic_increasing
    assert (curve["cost_million_vnd"] <= curve["budget_million_vnd"] + 1e-6).all()


def test_another_operators_mast_is_shared_at_a_tenants_height_without_a_new_line(plan: Plan) -> None:
    shared = plan(new=1).candidates.query("kind == 'share'")
    assert shared["operators_there"].tolist() == ["MobiFone"]
    assert shared["antenna_height_m"].tolist() == [40.0 - BELOW_HOST_M]
    assert shared["transmission_million_vnd"].tolist() == shared["power_million_vnd"].tolist() == [0.0]


def test_a_further_tenant_hangs_below_the_lowest_and_no_higher_than_a_low_host() -> None:
    stations = pd.DataFrame({
        "position_id": ["P1", "P1", "P1", "P2"], "counted": [True, True, False, True],
        "antenna_height_m": [36.0, 33.0, 12.0, 6.0],
    })  # fmt: skip
    positions = pd.DataFrame({
        "position_id": ["P1", "P2"], "operators": ["MobiFone;VinaPhone", "MobiFone"], "longitude": [105.0, 105.1],
        "latitude": [22.6, 22.6],
    })  # fmt: skip
    found = shared_masts(positions, stations, "Viettel", np.array([[105.05, 22.6]]))
    assert found["antenna_height_m"].tolist() == [30.0, 6.0]


def test_a_required_probability_asks_for_more_margin(plan: Plan, folder: Path) -> None:
    toml = (folder / "project.toml").read_text(encoding="utf-8")
    sure, plain = plan(new=3, probability=0.99), plan(new=3)
    assert sure.choice.covered <= plain.choice.covered
    (folder / "project.toml").write_text(
        toml.replace("draws = 0", "draws = 0\nprovince_db = 40\nposition_db = 40\nvillage_db = 40\npair_db = 40"),
        encoding="utf-8",
    )
    assert plan(new=3, probability=0.99).choice.covered < plain.choice.covered


def test_the_plan_is_held_against_taking_the_best_again_and_again(plan: Plan) -> None:
    for limit in ({"new": 2}, {"budget_vnd": 6e9}):
        built = plan(**limit)
        said = built.figures
        assert said.greedy_weight <= said.covered_weight <= said.bound_weight <= said.total_weight
        assert said.beats_greedy == (said.greedy_weight < said.covered_weight)
        assert said.greedy_weight == pytest.approx(said.greedy_villages * said.village_weight + said.greedy_people)


@pytest.mark.parametrize(("lang", "words"), [
    ("vi", ("kế hoạch xây dựng trạm", "Bản V1 (V1)", "Đã chứng minh")),
    ("en", ("build plan", "Bản V1 (V1)", "It is proven")),
])  # fmt: skip
def test_the_page_tells_what_the_tables_hold_and_escapes_every_name(
    plan: Plan, tmp_path: Path, lang: Literal["vi", "en"], words: tuple[str, ...]
) -> None:
    built = plan(new=3)
    named = built.villages.assign(name=built.villages["name"].replace("Bản V2", "<script>{0}</script>"))
    page = (replace(built, villages=named).write(tmp_path / "site", lang=lang) / "plan.html").read_text(
        encoding="utf-8"
    )
    assert [one for one in words if one not in page] == []
    assert "&lt;script&gt;{0}&lt;/script&gt; (V2)" in page
    assert "<script" not in page
    said, group = built.figures, {"vi": ".", "en": ","}[lang]
    assert f"{said.cost_million_vnd:,.0f}".replace(",", group) in page
    assert f"{said.white_before} → {said.white_after}" in page
    assert page.count("<svg") == 1
    for one in built.plan.itertuples():
        assert f">{one.position_id}<" in page


def test_limits_and_names_that_mean_nothing_are_refused(plan: Plan) -> None:
    for limits in ({}, {"new": 1, "budget_vnd": 1e9}):
        with pytest.raises(InputError, match="either a number of new stations or a budget"):
            plan(**limits)
    with pytest.raises(InputError, match=r"no operator 'Vittel' has a station on air; there are MobiFone, Viettel"):
        plan(new=1, operator="Vittel")
    assert plan(new=1, operator="viettel").operator == "Viettel"


def test_costs_are_added_by_hand() -> None:
    """A mast to share; a new one on a mountain 2 km from the network, off the grid; one in the valley beside a mast."""
    candidates = pd.DataFrame(
        {"kind": ["share", "height", "own"], "longitude": [105.0, 105.0, 105.0], "latitude": [22.0, 22.0, 22.018066]}
    )
    positions = pd.DataFrame({"longitude": [105.0], "latitude": [22.0 + 2.0 / 110.738]})
    ranges = cost_ranges(Path("project.toml"), {
        "station_million_vnd": (500.0, 1000.0), "tenancy_million_vnd": 200.0, "mountain_factor": 2.0,
        "transmission_million_vnd_per_km": 500.0, "solar_million_vnd": 300.0,
    })  # fmt: skip
    costs = candidate_costs(
        candidates, positions, ground_m=np.array([1500.0, 1500.0, 100.0]),
        has_grid_power=np.array([False, False, True]), ranges=ranges,
    )  # fmt: skip
    assert costs.low.tolist() == pytest.approx([200.0, 1000.0 + 1000.0 + 300.0, 500.0], abs=1.0)
    assert costs.high.tolist() == pytest.approx([200.0, 2000.0 + 1000.0 + 300.0, 1000.0], abs=1.0)
    assert costs.middle.tolist() == pytest.approx([200.0, 2800.0, 750.0], abs=1.0)
    with pytest.raises(InputError, match="did you mean 'station_million_vnd'"):
        cost_ranges(Path("project.toml"), {"station_milion_vnd": 1.0})


def test_a_planners_own_list_is_read_and_its_slips_are_named(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("candidate_id,longitude,latitude\nX1,105.1,22.5\n", encoding="utf-8")
    assert own_list(file)["antenna_height_m"].tolist() == [NEW_MAST_HEIGHT_M]
    for text, words in (
        ("candidate_id,longitude,latitude\nX1,105.1,22.5\nX1,105.2,22.5\n", "given twice: X1"),
        ("candidate_id,longitude,latitude\nX1,far,22.5\n", "longitude must be a number"),
        ("candidate_id,longitude\nX1,105\n", "no column latitude"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            own_list(file)

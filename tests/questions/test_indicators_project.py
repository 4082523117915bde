"""What project.toml says of indicators: targets, periods, published figures; and the schema of what comes out."""

from __future__ import annotations

import doctest
import importlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pandas as pd
import pytest

import whitesignal as ws
from whitesignal.indicators import Indicator, as_rows, beside, by_id, compute_indicators, json_schema
from whitesignal.inputs.stations import read_stations
from whitesignal.inputs.villages import read_villages
from whitesignal.results.tables import write_json
from whitesignal.sharing import sharing_table
from whitesignal.villages.areas import position_areas

ROOT = Path(__file__).resolve().parents[2]
REPORTED = ROOT / "data" / "reported" / "indicators.csv"
HEADER = "province,indicator,value,unit,numerator,denominator,denominator_of,as_of,source\n"

FIRM_KEYS = (
    "id", "area_level", "area", "kind", "value", "unit", "numerator", "denominator", "denominator_of", "as_of",
)  # fmt: skip


def small(land: ModuleType, folder: Path, toml: str = "", inputs: str = "", **village: Any) -> ws.Project:
    path = land.write_project(
        folder, stations=[land.station("A", 0, 0, on_air_on="2023-02-01"), land.station("B", 1, 0, "2G")],
        villages=[land.village("V1", 1, 0, **village), land.village("V2", 2, 0, **village)],
        head="as_of = 2023-06-30", inputs=inputs, toml=land.TOML + toml,
    )  # fmt: skip
    return ws.open_project(path)


def judged_by_the_list(project: ws.Project) -> tuple[Indicator, ...]:
    """The project's indicators with no physics: a village is white where the list leaves it white, else all serve."""
    stations, villages = read_stations(project).rows, read_villages(project).rows
    as_of = project.as_of.isoformat() if project.as_of else ""
    lit = (villages["covered_on"] != "") & (villages["covered_on"] <= as_of)
    white = (villages["declared_status"] == "white") & ~lit
    table = villages.assign(
        status=white.map({True: "white", False: "covered"}), operators=white.map({True: "", False: "Viettel"}),
        basic_generations=white.map({True: "", False: "2G;3G;4G"}), nearest_station_km=1.0,
    )  # fmt: skip
    counted = stations[stations["counted"]].sort_values(["position_id", "station_id"])
    places = counted.groupby("position_id", sort=True)[["longitude", "latitude"]].first()
    return compute_indicators(table, sharing_table(stations, position_areas(places, table)), stations, project)


@pytest.fixture(scope="module")
def ha_giang() -> tuple[Indicator, ...]:
    return judged_by_the_list(ws.open_project(ROOT / "data" / "ha-giang"))


# The published case


def test_seventeen_of_fifty_three_leave_thirty_six_and_print_as_published(ha_giang: tuple[Indicator, ...]) -> None:
    # "Sôi nổi khí thế cách mạng 4.0" (Báo Hà Giang, 2023-12): 17 of 53 white villages covered, 98.16 %.
    found = by_id(ha_giang)
    ids = ("programme.white_before", "programme.covered", "flow.villages.covered", "programme.left")
    assert [found[figure_id].value for figure_id in ids] == [53, 17, 17, 36]
    coverage = found["programme.coverage"]
    assert (coverage.numerator, coverage.denominator, coverage.printed) == (1921, 1957, "98.16")
    assert found["programme.covered"].denominator == 53
    assert found["stations"].value == 2833
    assert found["places.5g"].value == 3


def test_the_seventeen_are_told_by_district_as_published(ha_giang: tuple[Indicator, ...]) -> None:
    covered = {
        one.area: one.value for one in ha_giang if one.id == "programme.covered" and one.area_level == "district"
    }
    assert {area: count for area, count in covered.items() if count} == {
        "Đồng Văn": 5, "Mèo Vạc": 2, "Vị Xuyên": 3, "Xín Mần": 1, "Bắc Quang": 3, "Quang Bình": 2, "Yên Minh": 1,
    }  # fmt: skip
    assert len(covered) == 11


def test_before_the_programme_the_same_list_gives_the_earlier_percentage() -> None:
    before = ws.open_project(ROOT / "data" / "ha-giang")
    found = by_id(judged_by_the_list(ws.project_with(before, as_of="2022-12-31")))
    assert [found[f"programme.{name}"].value for name in ("white_before", "covered", "left")] == [53, 0, 53]
    assert found["programme.coverage"].printed == "97.29"
    assert found["flow.villages.covered"].period == "2022-01-01/2022-12-31"
    assert found["flow.villages.covered"].value == 0


# Targets


def test_a_target_is_reached_or_not_and_says_whether_its_day_has_passed(land: ModuleType, tmp_path: Path) -> None:
    project = small(land, tmp_path, toml="""
[targets]
signal = { indicator = "villages.with_signal", at_least = 50, by = 2023-06-30 }
more = { indicator = "stations", at_least = 3, by = 2023-06-29 }
fewer-white = { indicator = "villages.white", at_most = 2, by = "2025-12-31" }
new = { indicator = "flow.spring.stations.on_air", at_least = 1, by = 2025-12-31 }
[periods]
spring = { from = 2023-02-01, to = 2023-04-30 }
""")  # fmt: skip
    indicators = judged_by_the_list(project)
    targets = {one.id: one for one in indicators if one.target is not None}
    states = {figure_id: (asked.reached, asked.overdue) for figure_id, one in targets.items() if (asked := one.target)}
    assert states == {
        "target.signal": (True, False), "target.more": (False, True), "target.fewer-white": (True, False),
        "target.new": (True, False),
    }  # fmt: skip
    signal = targets["target.signal"]
    assert (signal.value, signal.numerator, signal.denominator, signal.unit) == (100.0, 2, 2, "%")
    assert targets["target.new"].period == "2023-02-01/2023-04-30"
    assert {one.area_level for one in targets.values()} == {"province"}
    assert by_id(indicators)["target.more"].value == 2


def test_a_figure_that_only_prints_as_the_target_has_not_reached_it(land: ModuleType, tmp_path: Path) -> None:
    toml = "[targets]\nhalf = { indicator = 'stations.2g.share', at_least = 50.001, by = 2023-12-31 }"
    target = by_id(judged_by_the_list(small(land, tmp_path, toml=toml)))["target.half"]
    assert target.target is not None
    assert target.target.reached is False


def test_a_figure_without_a_value_neither_reaches_nor_misses(land: ModuleType, tmp_path: Path) -> None:
    toml = "[targets]\nlist = { indicator = 'programme.coverage', at_least = 99, by = 2023-12-31 }"
    target = by_id(judged_by_the_list(small(land, tmp_path, toml=toml)))["target.list"]
    assert target.target is not None
    assert target.target.reached is None


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("signal = { indicator = 'villages.with_signl', at_least = 9, by = 2025-01-01 }", "'villages.with_signal'?"),
        ("signal = { indicator = 'villages.zzzzzzzzzzzzzzzzzzzzzz', at_least = 9, by = 2025-01-01 }", "villages.white"),
        ("signal = { indicator = 'nothing', at_least = 9, by = 2025-01-01 }", "ids begin with communes"),
        ("signal = { indicator = 'flow.spring.stations.on_air', at_least = 9, by = 2025-01-01 }", "flow.stations"),
        ("signal = { indicator = 'stations', by = 2025-01-01 }", "one of at_least and at_most"),
        ("signal = { indicator = 'stations', at_least = 1, at_most = 2, by = 2025-01-01 }", "one of at_least"),
        ("signal = { indicator = 'stations', at_least = 1 }", "a day"),
        ("signal = { indicator = 'stations', at_leest = 1, by = 2025-01-01 }", "'at_least'?"),
        ("signal = { indicator = 'stations', at_least = '1', by = 2025-01-01 }", "number"),
        ("'a b' = { indicator = 'stations', at_least = 1, by = 2025-01-01 }", "letters, digits"),
    ],
)
def test_a_target_that_says_nothing_clear_is_refused(land: ModuleType, tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ws.InputError, match=r"project\.toml") as caught:
        small(land, tmp_path, toml=f"[targets]\n{toml}\n")
    assert said in str(caught.value)


def test_a_target_of_an_operator_who_is_not_in_the_register_is_refused_with_one_who_is(
    land: ModuleType, tmp_path: Path
) -> None:
    toml = "[targets]\nv = { indicator = 'villages.operator.vietel', at_least = 90, by = 2025-01-01 }"
    project = small(land, tmp_path, toml=toml)
    with pytest.raises(ws.InputError, match=r"did you mean 'villages\.operator\.viettel'"):
        judged_by_the_list(project)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("spring = { from = 2023-05-01, to = 2023-04-30 }", "before it begins"),
        ("spring = { from = 2023-05-01 }", "both days"),
        ("spring = { from = 2023-05-01, until = 2023-06-01 }", "unknown key 'until'"),
        ("stations = { from = 2023-05-01, to = 2023-06-01 }", "cannot be called"),
        ("'mùa xuân' = { from = 2023-05-01, to = 2023-06-01 }", "letters, digits"),
    ],
)
def test_a_period_that_is_none_is_refused(land: ModuleType, tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ws.InputError) as caught:
        small(land, tmp_path, toml=f"[periods]\n{toml}\n")
    assert said in str(caught.value)


# Published figures


def test_published_figures_stand_beside_the_computed_ones_with_source_and_date(
    land: ModuleType, tmp_path: Path
) -> None:
    project = small(land, tmp_path, inputs=f"reported = '{REPORTED.as_posix()}'")
    indicators = judged_by_the_list(project)
    reported = {(one.area_level, one.area, one.id): one for one in indicators if one.kind == "reported"}
    assert {area for level, area, _ in reported if level == "province"} == {"Hà Giang"}
    assert {area for level, area, _ in reported if level == "reference"} == {"Việt Nam"}
    coverage = reported["province", "Hà Giang", "villages.with_signal"]
    assert (coverage.value, coverage.printed, coverage.decimals, coverage.as_of) == (98.16, "98.16", 2, "2023-12")
    assert coverage.source
    assert coverage.rounding == "as published"
    assert coverage.denominator_of != by_id(indicators)["villages.with_signal"].denominator_of
    assert reported["district", "Đồng Văn", "white_villages.covered"].value == 5
    assert by_id(indicators)["stations"].value == 2, "what is reported never takes a computed figure's place"
    assert len([one for one in indicators if one.kind == "reported"]) == len(reported)


def test_figures_of_other_provinces_are_left_out(land: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(
        f"{HEADER}THỬ,a,1,x,,,,2023,S\nHà Giang,b,2,x,,,,2023,S\nQuảng Nam,c,3,x,,,,2023,S\n", encoding="utf-8"
    )
    project = small(land, tmp_path / "p", inputs="reported = '../r.csv'")
    found = [(one.id, one.area) for one in judged_by_the_list(project) if one.kind == "reported"]
    assert found == [("a", "Hà Giang"), ("b", "Hà Giang")], "the project's own name means its one province"


def test_a_reference_figure_takes_the_source_that_stands_nearest(land: ModuleType, tmp_path: Path) -> None:
    toml = '[reference]\n"sharing.position" = 25\nsharing_source = "Bộ"\n"stations.5g" = 1.5\nsource = "Sở"\n'
    project = small(land, tmp_path, toml=toml)
    reported = [one for one in judged_by_the_list(project) if one.kind == "reported"]
    assert [(one.id, one.printed, one.source) for one in reported] == [
        ("sharing.position", "25", "Bộ"), ("stations.5g", "1.5", "Sở"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("province,indicator,value\nA,b,1\n", "no column unit"),
        (f"{HEADER}A,b,12 %,%,,,,2023,S\n", "row 2: value '12 %'"),
        (f"{HEADER}A,b,1,x,,,,2023,S\nA,b,1,x,,,,2023-13,S\n", "row 3: as_of '2023-13'"),
        (f"{HEADER}A,b,1,x,,,,2023,\n", "row 2 has no source"),
        (f"{HEADER}A,white villages,1,x,,,,2023,S\n", "one word"),
    ],
)
def test_a_file_of_published_figures_must_say_what_each_is(
    land: ModuleType, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ws.InputError, match=r"r\.csv") as caught:
        small(land, tmp_path / "p", inputs="reported = '../r.csv'")
    assert said in str(caught.value)


def test_the_file_of_published_figures_is_an_input_like_the_others(land: ModuleType, tmp_path: Path) -> None:
    project = small(land, tmp_path, inputs=f"reported = '{REPORTED.as_posix()}'")
    assert REPORTED.resolve() in project.inputs.paths()
    with pytest.raises(ws.InputError, match="no such file: reported"):
        small(land, tmp_path / "p", inputs="reported = 'nowhere.csv'")


def test_a_published_figure_stands_beside_the_one_that_answers_the_same_question(
    land: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text(
        f"{HEADER}Hà Giang,stations,3,stations,,,,2023,S\nHà Giang,villages.with_signal,98.2,%,,,villages,2023,S\n"
        "Hà Giang,sharing.passive,20,%,,,,2023,S\nHà Giang,stations.2g.share,50.00,%,1,2,stations,2023,S\n"
        "Hà Giang,households.with_fibre,75,%,,,households,2023,S\nViệt Nam,sharing.passive,25,%,,,,2023,S\n"
        "Hà Giang,white_villages.covered: Đồng Văn,5,villages,,,,2023,S\n",
        encoding="utf-8",
    )
    project = small(land, tmp_path / "p", inputs="reported = '../r.csv'", declared_status="covered")
    pairs = {(pair.reported.area, pair.reported.id): pair for pair in beside(judged_by_the_list(project))}
    told = {
        key: (pair.computed.id if pair.computed else None, pair.computed_printed, pair.same_count, pair.difference)
        for key, pair in pairs.items()
    }
    assert told == {
        ("Hà Giang", "stations"): ("stations", "2", True, -1),
        ("Hà Giang", "villages.with_signal"): ("villages.with_signal", "100.0", False, None),
        ("Hà Giang", "sharing.passive"): ("sharing.position", "0", None, None),
        ("Hà Giang", "stations.2g.share"): ("stations.2g.share", "50.00", True, 0.0),
        ("Hà Giang", "households.with_fibre"): (None, None, None, None),
        ("Việt Nam", "sharing.passive"): ("sharing.position", "0", False, None),
        ("Đồng Văn", "white_villages.covered"): ("programme.covered", "0", True, -5),
    }
    assert beside(()) == ()


@pytest.mark.parametrize("module", ["rounding", "published"])
def test_the_examples_in_the_docstrings_are_true(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"whitesignal.indicators.{module}"))
    assert found.failed == 0
    assert found.attempted > 0


# The schema


def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def every_kind(land: ModuleType, folder: Path) -> tuple[Indicator, ...]:
    toml = """
[reference]
"sharing.position" = 25.0
[targets]
signal = { indicator = "villages.with_signal", at_least = 50, by = 2023-06-30 }
[periods]
spring = { from = 2023-02-01, to = 2023-04-30 }
"""
    return judged_by_the_list(small(land, folder, toml=toml, inputs=f"reported = '{REPORTED.as_posix()}'"))


def test_what_is_written_keeps_to_the_schema(land: ModuleType, tmp_path: Path) -> None:
    indicators = every_kind(land, tmp_path / "p")
    for rows in (as_rows(indicators), [asdict(one) for one in indicators]):
        write_json(rows, tmp_path / "indicators.json")
        read = json.loads((tmp_path / "indicators.json").read_text(encoding="utf-8"))
        assert [error.message for error in validator().iter_errors(read)] == []
        assert all(set(FIRM_KEYS) <= set(row) for row in read)


def test_a_whole_provinces_figures_keep_to_the_schema(ha_giang: tuple[Indicator, ...]) -> None:
    above = [one for one in ha_giang if one.area_level != "commune"]
    communes = [one for one in ha_giang if one.area_level == "commune"][::40]
    assert len(above) > 1000
    assert [error.message for error in validator().iter_errors(as_rows([*above, *communes]))] == []


def row_of(rows: list[dict[str, Any]], figure_id: str) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == figure_id)


@pytest.mark.parametrize(
    ("figure_id", "wrong"),
    [
        ("stations", {"kind": "guessed"}),
        ("stations", {"area_level": "region"}),
        ("stations", {"id": "two words"}),
        ("stations", {"value": "2"}),
        ("stations", {"value": None}),
        ("stations", {"printed": "2,5"}),
        ("stations", {"as_of": "30/6/2023"}),
        ("stations", {"counts": ""}),
        ("stations", {"source": "Sở"}),
        ("stations", {"mean_of_ratios": 1}),
        ("stations.4g.share", {"value": 101.0}),
        ("stations.4g.share", {"denominator": 0}),
        ("stations.4g.share", {"numerator": None}),
        ("stations.4g.share", {"denominator_of": ""}),
        ("stations.4g.share", {"rounding": "as published"}),
        ("flow.stations.on_air", {"period": None}),
        ("flow.spring.stations.on_air", {"period": "2023"}),
        ("target.signal", {"target": None}),
        ("stations", {"target": {"indicator": "stations"}}),
    ],
)
def test_what_breaks_the_contract_is_found(
    land: ModuleType, tmp_path: Path, figure_id: str, wrong: Mapping[str, object]
) -> None:
    row = row_of(as_rows(every_kind(land, tmp_path)), figure_id)
    assert validator().is_valid([row])
    assert not validator().is_valid([row | wrong])


@pytest.mark.parametrize("key", [*FIRM_KEYS, "counts", "printed", "decimals", "rounding"])
def test_a_figure_without_one_of_its_parts_is_found(ha_giang: tuple[Indicator, ...], key: str) -> None:
    row = as_rows(ha_giang[:1])[0]
    del row[key]
    assert not validator().is_valid([row])


def test_the_schema_is_named_and_not_addressed() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:")


def test_rows_are_what_asdict_gives_without_what_is_not_there(ha_giang: tuple[Indicator, ...]) -> None:
    for one, row in zip(ha_giang[:200], as_rows(ha_giang[:200]), strict=True):
        full = asdict(one)
        assert {key: full[key] for key in row} == row
        assert all(full[key] is None for key in set(full) - set(row))


def test_a_provinces_figures_are_the_same_however_often_they_are_asked_for(ha_giang: tuple[Indicator, ...]) -> None:
    again = judged_by_the_list(ws.open_project(ROOT / "data" / "ha-giang"))
    assert again == ha_giang
    ids = pd.Series([(one.area_level, one.area, one.id) for one in again if one.kind == "computed"])
    assert ids.is_unique

"""Indicators: published percentages, and figures that are what they are made of."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import whitesignal as ws
from whitesignal.indicators import Figure, compute_indicators, ratio
from whitesignal.results.tables import write_json

ADDITIVE = ("stations", "stations.4g", "villages", "villages.white", "villages.unknown", "people", "people.covered",
            "positions", "operator_sites", "sharing.masts_avoided")  # fmt: skip


@pytest.mark.parametrize(
    ("uncovered", "total", "printed", "digits"),
    [(91, 3802, 97.6, 1), (36, 1957, 98.16, 2), (53, 1957, 97.29, 2)],
)
def test_published_shares_of_villages_come_out(uncovered: int, total: int, printed: float, digits: int) -> None:
    # Tuyên Quang 2026-01: 91 white of 3,802; Hà Giang 2023: 53, then 36 white of 1,957.
    figure = ratio("villages.with_signal", total - uncovered, total, of="villages of known status")
    assert figure.value is not None
    assert round(figure.value, digits) == printed


def test_a_share_of_nothing_or_of_the_unknown_is_none_and_not_nought() -> None:
    assert ratio("x", 0, 0, of="villages") == Figure("x", None, "%", 0, 0, "villages")
    assert ratio("x", 3, math.nan, of="km²") == Figure("x", None, "%", 3, None, "km²")
    assert ratio("x", 0, 4, of="villages").value == 0.0


@pytest.fixture(scope="module")
def province(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ws.Analysis:
    """Two districts that each have a commune Tân Lập, one more commune, and every status."""
    parts = [
        ("V1", -8, "Tân Lập", "Bắc Quang", 100), ("V2", -4, "Tân Lập", "Bắc Quang", 250),
        ("V3", 0, "Tân Lập", "Yên Minh", 30), ("V4", 4, "Lũng Hồ", "Yên Minh", ""), ("V5", 8, "Lũng Hồ", "Yên Minh", 7),
        ("V6", 20, "Xa", "Yên Minh", 11),
    ]  # fmt: skip
    villages = [
        land.village(name, east, 0, commune=commune, district=district, population=people,
                     geometry=land.square(east, 0, 2))
        for name, east, commune, district, people in parts
    ]  # fmt: skip
    stations = [
        land.station("A", -8, 0.5, "2G", position_id="P1"),
        land.station("B", -8, 0.5, "4G", position_id="P1"),
        land.station("C", -8, 0.5, "4G", position_id="P1", operator="VinaPhone"),
        land.station("C", -8, 0.5, "4G", position_id="P1", operator="VinaPhone", azimuth_deg=90),
        land.station("D", 3, 0.5, "4G", position_id="P2", operator="MobiFone"),
        land.station("E", 3, 0.5, "5G", position_id="P3", operator="MobiFone", status="planned"),
    ]
    folder = land.write_project(
        tmp_path_factory.mktemp("province"), stations=stations, villages=villages,
        clusters=[land.cluster("V1", -8, 0.3), land.cluster("V2", -4, 0.5), land.cluster("V4", 8, 0)],
        ground=land.ridge(6.0, 900.0), head="as_of = 2023-06-30",
        toml="[radio]\nresolution_m = 2000\n[reference]\n\"sharing.position\" = 25.0\nsource = 'MIC'\n",
    )  # fmt: skip
    return ws.analyze(ws.open_project(folder))


def test_the_province_has_the_statuses_it_was_made_with(province: ws.Analysis) -> None:
    assert dict(zip(province.villages["village_id"], province.villages["status"], strict=True)) == {
        "V1": "covered", "V2": "covered", "V3": "covered", "V4": "weak", "V5": "white", "V6": "unknown",
    }  # fmt: skip


def test_every_percentage_is_a_hundred_times_its_numerator_over_its_denominator(province: ws.Analysis) -> None:
    checked = 0
    for one in province.indicators:
        if one.unit == "%" and one.kind == "computed" and one.value is not None:
            assert one.numerator is not None
            assert one.denominator is not None
            assert one.value == pytest.approx(100.0 * one.numerator / one.denominator)
            assert 0.0 <= one.value <= 100.0
            assert one.denominator_of
            checked += 1
    assert checked > 40


def test_the_whole_provinces_figures_are_what_was_built(province: ws.Analysis) -> None:
    expected = {
        "stations": 4, "stations.2g": 1, "stations.4g": 3, "stations.5g": 0, "stations.operator.mobifone": 1,
        "stations.operator.viettel": 2, "villages": 6, "villages.white": 1, "villages.weak": 1, "villages.covered": 3,
        "villages.unknown": 1, "villages.with_signal": 80.0, "people": 398, "people.white": 7, "people.unknown": 11,
        "people.with_signal": 100.0 * 380 / 387, "positions": 2, "operator_sites": 3, "sharing.position": 50.0,
        "sharing.operator_site": 100.0 * 2 / 3, "sharing.tenancy": 1.5, "sharing.masts_avoided": 1,
        "stations.4g.share": 75.0, "villages.2g": 80.0, "density.positions_per_1000_people": 1000.0 * 2 / 398,
    }  # fmt: skip
    for figure_id, value in expected.items():
        assert province.figure(figure_id).value == pytest.approx(value), figure_id
    # Six squares of 4 km² on a grid whose scale is 0.9996.
    assert province.figure("density.positions_per_100_km2").value == pytest.approx(100.0 * 2 / 24.0, rel=0.002)
    assert province.figure("villages").as_of == "2023-06-30"
    first = next(one for one in province.indicators if one.id == "villages" and one.kind == "computed")
    assert first == province.figure("villages")


def by_area(analysis: ws.Analysis, level: str) -> dict[str, dict[str, ws.Indicator]]:
    areas: dict[str, dict[str, ws.Indicator]] = defaultdict(dict)
    for one in analysis.indicators:
        if one.area_level == level:
            assert one.id not in areas[one.area], "an area has each figure once"
            areas[one.area][one.id] = one
    return areas


@pytest.mark.parametrize("level", ["district", "commune"])
def test_districts_and_communes_add_up_to_the_province(province: ws.Analysis, level: str) -> None:
    areas = by_area(province, level)
    for figure_id in ADDITIVE:
        total = sum(float(figures[figure_id].value or 0) for figures in areas.values())
        assert total == province.figure(figure_id).value, figure_id
    for figures in areas.values():
        statuses = sum(
            float(figures[f"villages.{name}"].value or 0) for name in ("white", "weak", "covered", "unknown")
        )
        assert statuses == figures["villages"].value


def test_communes_of_one_name_in_two_districts_stay_apart(province: ws.Analysis) -> None:
    communes = by_area(province, "commune")
    assert sorted(communes) == ["Bắc Quang/Tân Lập", "Yên Minh/Lũng Hồ", "Yên Minh/Tân Lập", "Yên Minh/Xa"]
    assert communes["Bắc Quang/Tân Lập"]["villages"].value == 2
    assert communes["Yên Minh/Tân Lập"]["villages"].value == 1
    assert communes["Bắc Quang/Tân Lập"]["positions"].value == 1


def test_an_area_where_nothing_is_known_has_no_share(province: ws.Analysis) -> None:
    unknown = by_area(province, "commune")["Yên Minh/Xa"]
    assert unknown["villages.with_signal"].value is None
    assert unknown["villages.unknown"].value == 1
    assert unknown["sharing.position"].value is None


def test_reported_figures_stand_beside_the_computed_ones(province: ws.Analysis) -> None:
    reported = [one for one in province.indicators if one.kind == "reported"]
    assert [(one.id, one.value, one.area_level) for one in reported] == [("sharing.position", 25.0, "reference")]
    assert province.figure("sharing.position").value == 50.0


def test_the_file_holds_plain_numbers_and_no_nan(province: ws.Analysis, tmp_path: Path) -> None:
    write_json([asdict(one) for one in province.indicators], tmp_path / "indicators.json")
    text = (tmp_path / "indicators.json").read_text(encoding="utf-8")

    def refuse(token: str) -> None:
        raise AssertionError(f"{token} is no JSON")

    read = json.loads(text, parse_constant=refuse)
    assert len(read) == len(province.indicators)
    assert {
        "id", "area_level", "area", "kind", "value", "unit", "numerator", "denominator", "denominator_of", "as_of",
    } <= set(read[0])  # fmt: skip


def test_nobody_counted_is_not_nobody_there(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(tmp_path, stations=[land.station("A", 0, 0)], villages=[land.village("V1", 1, 0)])
    found = ws.analyze(ws.open_project(folder))
    for figure_id in ("people", "people.white", "people.covered", "people.with_signal", "people.4g",
                      "density.stations_per_1000_people", "density.positions_per_100_km2"):  # fmt: skip
        assert found.figure(figure_id).value is None, figure_id
    assert found.figure("villages.with_signal").value == 100.0


def villages_of(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["province", "district", "commune"])
    return table.assign(
        status="covered", population=10.0, basic_generations="4G", operators="Viettel", nearest_station_km=1.0,
        area_km2=2.0, declared_status="", declared_on="", covered_on="",
    )  # fmt: skip


def test_equal_names_in_two_provinces_stay_apart_and_the_whole_project_comes_first(
    land: ModuleType, tmp_path: Path
) -> None:
    folder = land.write_project(tmp_path, stations=[land.station("A", 0, 0)], villages=[land.village("V1", 1, 0)])
    project = ws.open_project(folder)
    positions: Any = pd.DataFrame(
        {
            "position_id": ["P1"], "commune": "Tân Lập", "district": "Châu Thành", "province": "B",
            "operators": "Viettel", "operator_count": 1, "generations": "4G",
        }
    )  # fmt: skip
    stations = pd.DataFrame(
        {
            "station_id": ["S1"], "position_id": "P1", "generation": "4G", "operator": "Viettel", "counted": True,
            "status": "on-air", "on_air_on": "",
        }
    )  # fmt: skip
    villages = villages_of(("A", "Châu Thành", "Tân Lập"), ("B", "Châu Thành", "Tân Lập"), ("B", "", "Tân Lập"))
    found = compute_indicators(villages, positions, stations, project)
    assert (found[0].area_level, found[0].area) == ("project", "Thử")
    areas = [(one.area_level, one.area, one.value) for one in found if one.id == "villages" and one.kind == "computed"]
    assert areas == [
        ("project", "Thử", 3), ("province", "A", 1), ("province", "B", 2), ("district", "A/Châu Thành", 1),
        ("district", "B/Châu Thành", 1), ("commune", "A/Châu Thành/Tân Lập", 1), ("commune", "B/Tân Lập", 1),
        ("commune", "B/Châu Thành/Tân Lập", 1),
    ]  # fmt: skip
    stations_by_area = {one.area: one.value for one in found if one.id == "stations" and one.area_level == "district"}
    assert stations_by_area == {"A/Châu Thành": 0, "B/Châu Thành": 1}

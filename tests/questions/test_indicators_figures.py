"""Indicators over tables made by hand: what each figure counts, and the laws that its sums keep to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.figure_ids import OPERATOR_STEMS, known_ids
from whitesignal.indicators import Figure, Indicator, by_id, compute_indicators
from whitesignal.indicators.rounding import printed
from whitesignal.printed.percent import print_percent
from whitesignal.project import InputFiles, Period, Project
from whitesignal.sharing import sharing_table
from whitesignal.villages.areas import position_areas

Found = dict[str, Indicator]

PROJECT = Project("Thử", Path("project.toml"), InputFiles((), Path("v"), ()), as_of=date(2023, 6, 30))


def village(commune: str, district: str = "D1", **columns: Any) -> dict[str, Any]:
    return {
        "commune": commune, "district": district, "province": "P", "status": "covered", "population": 10.0,
        "basic_generations": "4G", "operators": "Viettel", "nearest_station_km": 1.0, "area_km2": 2.0,
        "declared_status": "", "declared_on": "", "covered_on": "", **columns,
    }  # fmt: skip


def station(station_id: str, position_id: str, **columns: Any) -> dict[str, Any]:
    return {
        "station_id": station_id, "position_id": position_id, "generation": "4G", "operator": "Viettel",
        "status": "on-air", "on_air_on": "", "counted": True, "longitude": 105.0, "latitude": 22.0, "structure": "",
        **columns,
    }  # fmt: skip


def computed(
    villages: Iterable[dict[str, Any]], stations: Iterable[dict[str, Any]] = (), project: Project = PROJECT
) -> tuple[Indicator, ...]:
    """Villages stand a degree apart in their order, so that a station's longitude says whose it is."""
    rows = list(villages)
    places = [shapely.Point(105.0 + number, 22.0) for number in range(len(rows))]
    table = gpd.GeoDataFrame(rows, geometry=places, crs="EPSG:4326")
    table["longitude"], table["latitude"] = table.geometry.x, table.geometry.y
    register = pd.DataFrame(list(stations) or [station("none", "none", counted=False, status="planned")])
    counted = register[register["counted"]].sort_values(["position_id", "station_id"])
    where = counted.groupby("position_id", sort=True)[["longitude", "latitude"]].first()
    return compute_indicators(table, sharing_table(register, position_areas(where, table)), register, project)


def whole(*tables: Iterable[dict[str, Any]], project: Project = PROJECT) -> Found:
    return dict(by_id(computed(*tables, project=project)))


def values(found: Found, *ids: str) -> list[float | None]:
    return [found[figure_id].value for figure_id in ids]


def at_level(indicators: tuple[Indicator, ...], level: str) -> dict[str, Found]:
    areas: dict[str, Found] = defaultdict(dict)
    for one in indicators:
        if one.area_level == level and one.kind == "computed":
            areas[one.area][one.id] = one
    return areas


# Printing


@given(st.integers(0, 10**7), st.integers(1, 10**7))
@settings(deadline=None)
def test_a_share_is_printed_half_up_whatever_its_binary_fraction_is(numerator: int, denominator: int) -> None:
    figure = Figure("x", 100.0 * numerator / denominator, "%", numerator, denominator)
    assert printed(figure) == str(print_percent(Fraction(100 * numerator, denominator), decimals=2, rule="rounding"))


def test_the_published_shares_are_printed_as_they_were_but_for_the_one_that_was_adjusted() -> None:
    # Quảng Ninh 2023-06 printed 32.52 for 2,047 of 6,296, so that the column makes 100.
    shares = [printed(Figure("x", 0.0, "%", count, 6296)) for count in (1386, 2047, 2861, 2)]
    assert shares == ["22.01", "32.51", "45.44", "0.03"]


# Stations and operators


def test_an_operator_without_a_counted_station_has_a_row_of_noughts() -> None:
    found = whole(
        [village("C1")],
        [station("A", "P1"), station("B", "P1", generation="2G", operator="Gmobile", counted=False, status="planned")],
    )
    ids = ("stations.operator.gmobile", "stations.operator.gmobile.share", "operator_sites.operator.gmobile",
           "villages.operator.gmobile")  # fmt: skip
    assert values(found, *ids) == [0, 0.0, 0, 0.0]
    assert found["stations.operator.gmobile.2g.share"].value is None, "a share of no station is no number"
    assert values(found, "stations.operator.viettel", "stations.operator.viettel.4g.share") == [1, 100.0]
    assert found["operator_sites.operator.viettel"].operator == "Viettel"


def test_several_generations_of_one_operator_at_one_position_are_one_operator_site() -> None:
    stations = [station("A", "P1"), station("B", "P1", generation="2G"), station("C", "P1", operator="MobiFone")]
    found = whole([village("C1")], stations)
    assert values(found, "operator_sites.operator.viettel", "operator_sites.operator.mobifone", "operator_sites") == [
        1, 1, 2,
    ]  # fmt: skip


def test_the_best_single_operator_is_named_and_covers_less_than_all_together() -> None:
    villages = [
        village("C1", operators="Viettel;VinaPhone", population=1.0),
        village("C1", operators="Viettel", population=1.0),
        village("C1", operators="VinaPhone", population=9.0),
        village("C1", operators="", status="white"),
        village("C1", operators="Viettel", status="unknown"),
    ]
    found = whole(villages, [station("A", "P1"), station("B", "P1", operator="VinaPhone")])
    ids = ("villages.operator.viettel", "villages.operator.vinaphone", "villages.best_operator",
           "villages.any_operator", "villages.two_or_more_operators", "villages.with_signal")  # fmt: skip
    assert values(found, *ids) == [50.0, 50.0, 50.0, 75.0, 25.0, 75.0]
    assert found["villages.best_operator"].operator == "Viettel", "of equals, the first by name"
    assert found["people.best_operator"].operator == "VinaPhone", "most people is not most villages"
    assert "union" in found["villages.any_operator"].counts
    assert "service threshold" in found["villages.operator.viettel"].counts
    assert "basic threshold" in found["villages.4g"].counts


def test_where_nobody_covers_anything_no_operator_is_best() -> None:
    best = whole([village("C1", operators="", status="white")], [station("A", "P1")])["villages.best_operator"]
    assert (best.value, best.operator) == (0.0, None)


def test_a_commune_has_3g_or_4g_where_half_of_its_villages_of_known_status_have() -> None:
    villages = [
        village("Half", basic_generations="2G;3G"),
        village("Half", basic_generations="2G"),
        village("Less", basic_generations="4G"),
        village("Less", basic_generations="5G"),
        village("Less", basic_generations=""),
        village("All", basic_generations="4G"),
        village("All", basic_generations="", status="unknown"),
        village("Nobody knows", status="unknown"),
        village("", basic_generations=""),
    ]
    indicators = computed(villages)
    found = dict(by_id(indicators))
    assert values(found, "communes", "communes.3g_4g", "communes.3g_4g.every_village") == [
        4, pytest.approx(200 / 3), pytest.approx(100 / 3),
    ]  # fmt: skip
    assert found["communes.3g_4g"].denominator == 3
    assert "50 %" in found["communes.3g_4g"].counts
    communes = at_level(indicators, "commune")
    assert {area: figures["communes.3g_4g"].value for area, figures in communes.items()} == {
        "D1/Half": 100.0, "D1/Less": 0.0, "D1/All": 100.0, "D1/Nobody knows": None,
    }  # fmt: skip


def test_5g_alone_is_broadband_but_neither_3g_nor_4g() -> None:
    found = whole([village("C1", basic_generations="5G"), village("C1", basic_generations="2G")])
    assert values(found, "villages.broadband", "villages.3g_4g", "villages.5g", "villages.2g") == [
        50.0,
        0.0,
        50.0,
        50.0,
    ]


def test_without_any_communes_name_there_is_no_commune_and_no_share_of_them() -> None:
    found = whole([village("", district="")])
    assert values(found, "communes", "communes.3g_4g", "villages") == [0, None, 1]


# Flows

FLOW_STATIONS = (
    station("old", "P1", on_air_on="2019-05-01"),
    station("new", "P1", on_air_on="2023-01-01"),
    station("newer", "P2", generation="5G", on_air_on="2023-06-30"),
    station("gone", "P3", generation="5G", on_air_on="2023-02-01", counted=False, status="on-air"),
    station("off", "P3", on_air_on="2022-12-31", counted=False, status="off"),
    station("planned", "P4", on_air_on="2023-03-01", counted=False, status="planned"),
    station("late", "P4", on_air_on="2023-07-01", counted=False, status="on-air"),
    station("undated", "P5", generation="5G"),
)


def test_a_flow_counts_what_went_on_air_in_the_year_even_if_it_is_off_again() -> None:
    found = whole([village("C1")], FLOW_STATIONS)
    ids = ("stations", "flow.stations.on_air", "flow.stations.on_air.4g", "flow.stations.on_air.5g",
           "flow.stations.undated", "places.5g", "flow.places.5g")  # fmt: skip
    assert values(found, *ids) == [4, 3, 1, 2, 1, 2, 2]
    assert found["flow.stations.on_air"].period == "2023-01-01/2023-06-30"
    assert found["flow.stations.on_air"].denominator == 5
    assert found["stations"].period is None, "a stock has no period"


def test_a_named_period_is_cut_off_at_the_as_of_date_and_one_still_to_come_has_no_number() -> None:
    periods = {
        "winter": Period(date(2022, 12, 1), date(2023, 1, 31)), "half": Period(date(2023, 6, 1), date(2023, 12, 31)),
        "later": Period(date(2024, 1, 1), date(2024, 12, 31)),
    }  # fmt: skip
    found = whole([village("C1")], FLOW_STATIONS, project=replace(PROJECT, periods=periods))
    ids = [f"flow.{name}.stations.on_air" for name in periods]
    assert values(found, *ids) == [2, 1, None]
    assert [found[figure_id].period for figure_id in ids] == ["2022-12-01/2023-01-31", "2023-06-01/2023-06-30", None]
    assert found["flow.stations.on_air"].value == 3, "the year stays beside them"


def test_a_register_without_any_date_has_an_unknown_flow_and_not_none() -> None:
    found = whole([village("C1")], [station("A", "P1"), station("B", "P2", generation="5G")])
    ids = ("flow.stations.on_air", "flow.places.5g", "flow.stations.undated", "places.5g", "flow.villages.covered")
    assert values(found, *ids) == [None, None, 2, 1, None]


def test_without_an_as_of_date_there_is_no_year_to_count() -> None:
    found = whole([village("C1")], FLOW_STATIONS, project=replace(PROJECT, as_of=None))
    assert found["flow.stations.on_air"].value is None
    assert found["flow.stations.on_air"].period is None


def test_a_place_with_an_older_or_an_undated_5g_station_is_no_new_place() -> None:
    stations = [
        station("A", "P1", generation="5G", on_air_on="2022-05-01"),
        station("B", "P1", generation="5G", on_air_on="2023-05-01"),
        station("C", "P2", generation="5G"),
        station("D", "P2", generation="5G", on_air_on="2023-05-01"),
        station("E", "P3", generation="5G", on_air_on="2023-05-01"),
        station("F", "P3", generation="5G", on_air_on="2023-06-01"),
    ]
    found = whole([village("C1")], stations)
    assert values(found, "places.5g", "flow.places.5g", "flow.stations.on_air.5g") == [3, 1, 4]


def test_a_station_goes_on_air_with_the_first_of_its_cells() -> None:
    cells = [station("A", "P1", on_air_on=day) for day in ("", "2023-02-01", "2022-02-01")]
    found = whole([village("C1")], cells)
    assert values(found, "stations", "flow.stations.on_air", "flow.stations.undated") == [1, 0, 0]


def test_a_station_switched_off_at_a_bare_position_counts_in_its_own_district() -> None:
    villages = [village("C1", "East"), village("C2", "West")]
    gone = station("A", "P9", longitude=106.0, on_air_on="2023-02-01", counted=False, status="off")
    districts = at_level(computed(villages, [station("B", "P1", on_air_on="2023-03-01"), gone]), "district")
    ids = ("stations", "positions", "flow.stations.on_air")
    assert {area: values(found, *ids) for area, found in districts.items()} == {"East": [1, 1, 1], "West": [0, 0, 1]}


# Programme


def test_a_programme_counts_what_was_white_what_is_covered_and_what_is_left() -> None:
    white = {"declared_status": "white", "declared_on": "2022-12-31"}
    villages = [
        village("C1", **white),
        village("C1", **white, covered_on="2023-02-01"),
        village("C1", **white, covered_on="2023-09-01"),
        village("C1", declared_status="covered", covered_on="2022-05-01"),
        village("C1", declared_status="white", declared_on="2023-05-01", covered_on="2023-01-01"),
        village("C1", declared_status="weak"),
        village("C1"),
    ]
    found = whole(villages)
    ids = (
        "programme.white_before",
        "programme.covered",
        "programme.left",
        "programme.progress",
        "programme.coverage",
        "flow.villages.covered",
    )
    assert values(found, *ids) == [5, 2, 3, 40.0, pytest.approx(400 / 7), 2]


def test_before_the_list_was_made_a_programme_has_no_figures() -> None:
    white = village("C1", declared_status="white", declared_on="2023-12-31")
    found = whole([white, village("C1")])
    assert {found[f"programme.{name}"].value for name in ("white_before", "covered", "left", "coverage")} == {None}


def test_a_list_that_names_white_villages_alone_still_speaks_for_the_district_without_any() -> None:
    white = village("C1", "East", declared_status="white", declared_on="2022-12-31")
    districts = at_level(computed([white, village("C2", "West")]), "district")
    assert values(districts["West"], "programme.white_before", "programme.coverage") == [0, 100.0]
    assert districts["West"]["programme.progress"].value is None


# Laws

NAMES = ("Viettel", "VinaPhone", "MobiFone")
DAYS = ("", "2021-01-01", "2023-03-03", "2023-06-30")


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Villages of two districts with every status, and stations of every operator, generation and date."""
    villages = []
    for _ in range(draw(st.integers(1, 8))):
        operators = draw(st.sets(st.sampled_from(NAMES)))
        status = draw(st.sampled_from(("covered", "weak", "unknown"))) if operators else "white"
        villages.append(village(
            draw(st.sampled_from(("C1", "C2"))), draw(st.sampled_from(("D1", "D2"))), status=status,
            operators=";".join(sorted(operators)), population=float(draw(st.integers(0, 50))),
            basic_generations=";".join(sorted(draw(st.sets(st.sampled_from(("2G", "3G", "4G", "5G")))))),
            declared_status=draw(st.sampled_from(("", "white", "covered"))), covered_on=draw(st.sampled_from(DAYS)),
        ))  # fmt: skip
    stations = []
    for number in range(draw(st.integers(1, 12))):
        counted = draw(st.booleans())
        stations.append(
            station(
                f"S{number}",
                f"P{number % 5}",
                longitude=105.0 + (number % 5) * len(villages) / 5,
                counted=counted,
                operator=draw(st.sampled_from(NAMES)),
                generation=draw(st.sampled_from(("2G", "3G", "4G", "5G"))),
                on_air_on=draw(st.sampled_from(DAYS)),
                status="on-air" if counted else draw(st.sampled_from(("off", "planned"))),
            )
        )
    return villages, stations


def is_a_sum(one: Indicator) -> bool:
    counted = one.unit in {"stations", "villages", "people", "positions", "operator-sites", "communes", "masts"}
    return counted and one.value is not None


@given(tables())
@settings(deadline=None, max_examples=40)
def test_the_laws_of_sums_shares_and_unions_hold(made: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    indicators = computed(*made)
    found = dict(by_id(indicators))
    for level in ("district", "commune"):
        areas = at_level(indicators, level)
        for figure_id in next(iter(areas.values())):
            if is_a_sum(found[figure_id]):
                total = sum(area[figure_id].value or 0 for area in areas.values())
                assert total == found[figure_id].value, (level, figure_id)
    for area in (found, *at_level(indicators, "district").values(), *at_level(indicators, "commune").values()):
        laws_of_an_area(area)


def laws_of_an_area(found: Found) -> None:
    stock = found["stations"].value or 0
    if stock:
        for stem in ("stations.{}.share", "stations.operator.{}.share"):
            names = [name.casefold() for name in NAMES] if "operator" in stem else ["2g", "3g", "4g", "5g"]
            shares = [found[stem.format(name)].value for name in names if stem.format(name) in found]
            assert sum(share or 0 for share in shares) == pytest.approx(100.0)
    for of in ("villages", "people"):
        union, best = found[f"{of}.any_operator"].value, found[f"{of}.best_operator"].value
        each = [one.value for figure_id, one in found.items() if figure_id.startswith(f"{of}.operator.")]
        if union is not None:
            assert best is not None
            assert union >= best == max(value or 0.0 for value in each)
            assert union >= (found[f"{of}.two_or_more_operators"].value or 0.0)
            assert union == found[f"{of}.with_signal"].value
    flow, dated = found["flow.stations.on_air"].value, found["flow.stations.on_air"].denominator
    undated = found["flow.stations.undated"].value or 0
    if flow is not None:
        assert flow <= (dated or 0)
        assert flow == sum(found[f"flow.stations.on_air.{name}"].value or 0 for name in ("2g", "3g", "4g", "5g"))
        assert stock - undated <= (dated or 0)
    before, left = found["programme.white_before"].value, found["programme.left"].value
    if before is not None:
        assert 0 <= (left or 0) <= before


def test_the_ids_of_the_whole_are_the_ones_a_target_may_name() -> None:
    project = replace(PROJECT, periods={"spring": Period(date(2023, 3, 1), date(2023, 5, 31))})
    found = whole([village("C1")], [station("A", "P1")], project=project)
    of_operators = {figure_id for figure_id in found if figure_id.startswith(OPERATOR_STEMS)}
    assert set(found) - of_operators == set(known_ids(["spring"]))
    assert "stations.operator.viettel.4g.share" in of_operators


def test_a_commune_has_no_operators_by_generation() -> None:
    communes = at_level(computed([village("C1")], [station("A", "P1")]), "commune")
    assert "stations.operator.viettel" in communes["D1/C1"]
    assert "stations.operator.viettel.4g" not in communes["D1/C1"]


def test_the_order_of_the_rows_changes_nothing() -> None:
    villages = [village("C1"), village("C2", "D2"), village("C1", status="white", operators="")]
    stations = list(FLOW_STATIONS)
    forward = computed(villages, stations)
    assert computed(villages, stations[::-1]) == forward
    assert forward == computed(villages, stations)

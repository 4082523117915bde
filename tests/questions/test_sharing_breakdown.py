"""Sharing by class, pair and area, and over the radius: sums that must hold, and two ratios that must not be mixed."""

from __future__ import annotations

import doctest
import importlib
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.results.tables import write_csv
from whitesignal.sharing.breakdown import BREAKDOWN_COLUMNS, sharing_breakdown
from whitesignal.sharing.curve import CURVE_COLUMNS, RADII_M, sharing_by_radius
from whitesignal.sharing.metrics import SHARING_COLUMNS, Sharing, mean_of_ratios

OPERATORS = ("MobiFone", "Viettel", "VinaPhone")
ADDITIVE = ["positions", "shared_positions", "operator_sites", "operator_sites_on_shared", "masts_avoided"]


def made_positions(rows: Sequence[tuple[str, str, str, str]], *, province: str = "P") -> pd.DataFrame:
    """Return a sharing table of positions given by operators, structure, district and commune."""
    table = pd.DataFrame(rows, columns=["operators", "structure", "district", "commune"], dtype=object)
    table = table.assign(
        position_id=[f"P{row}" for row in range(len(table))], longitude=107.0, latitude=21.0, province=province,
        stations=1, generations="4G",
    )  # fmt: skip
    table["operator_count"] = np.array([len(names.split(";")) for names in table["operators"]], dtype=np.int64)
    table["shared"] = table["operator_count"] >= 2
    return table[list(SHARING_COLUMNS)]


FOUR = made_positions([
    ("MobiFone;Viettel", "A2a", "D1", "X"),
    ("Viettel", "A2b", "D1", "X"),
    ("Viettel", "A2b", "D1", "Y"),
    ("MobiFone;Viettel;VinaPhone", "A2b", "D2", "X"),
])  # fmt: skip


def rows_of(table: pd.DataFrame, level: str) -> pd.DataFrame:
    return table[table["level"] == level].set_index("name")


def test_four_positions_worked_by_hand() -> None:
    table = sharing_breakdown(FOUR)
    assert tuple(table.columns) == BREAKDOWN_COLUMNS
    total = rows_of(table, "total").loc[""]
    assert total[ADDITIVE].tolist() == [4, 2, 7, 5, 3]
    assert (total["position_share_percent"], total["tenancy"]) == (50.0, 1.75)
    assert total["operator_site_share_percent"] == pytest.approx(100.0 * 5 / 7)
    assert rows_of(table, "structure")["shared_positions"].to_dict() == {"A2a": 1, "A2b": 1}
    assert rows_of(table, "commune")["position_share_percent"].to_dict() == {"D1/X": 50.0, "D1/Y": 0.0, "D2/X": 100.0}
    pairs = rows_of(table, "operator_pair")
    assert pairs["shared_positions"].to_dict() == {"MobiFone;Viettel": 2, "MobiFone;VinaPhone": 1,
                                                   "Viettel;VinaPhone": 1}  # fmt: skip
    assert pairs["positions"].to_dict() == {"MobiFone;Viettel": 4, "MobiFone;VinaPhone": 2, "Viettel;VinaPhone": 4}
    assert pairs.loc["MobiFone;VinaPhone", "tenancy"] == 1.5


def test_quang_nams_two_figures_are_two_ratios() -> None:
    """448 of 1,465 masts are 30.58 %; the mean of the areas' own ratios may print 22 % beside it.

    The totals are published, the districts here made up so that the mean is the published one.
    """
    districts = {"city": (400, 800), "town": (20, 100), "hills": (18, 120), "mountains": (10, 445)}
    positions = made_positions([
        ("MobiFone;Viettel" if mast < shared else "Viettel", "A2b", name, "X")
        for name, (shared, masts) in districts.items()
        for mast in range(masts)
    ])  # fmt: skip
    both = rows_of(sharing_breakdown(positions), "all_districts").reset_index().set_index("ratio")
    totals, mean = both.loc["ratio_of_totals"], both.loc["mean_of_ratios"]
    assert (totals["shared_positions"], totals["positions"], totals["areas"]) == (448, 1465, 4)
    assert round(totals["position_share_percent"], 2) == 30.58
    assert round(mean["position_share_percent"]) == 22
    assert mean["areas"] == 4
    assert mean[["positions", "shared_positions", "masts_avoided"]].isna().all(), "a mean is no quotient of counts"


def test_a_mean_over_no_area_is_not_a_number() -> None:
    assert mean_of_ratios([]).areas == 0
    assert math.isnan(mean_of_ratios([Sharing(0, 0, 0, 0)]).position_share)
    assert mean_of_ratios([Sharing(0, 0, 0, 0), Sharing(2, 1, 3, 2)]).position_share == 0.5


def test_no_positions_have_a_total_of_nought() -> None:
    table = sharing_breakdown(FOUR.iloc[:0])
    assert table["level"].tolist() == ["total", "all_districts", "all_districts", "all_communes", "all_communes"]
    assert table["position_share_percent"].isna().all()
    assert (table.loc[table["ratio"] == "ratio_of_totals", "positions"] == 0).all()


def test_what_stands_in_no_named_area_is_in_no_mean_and_still_listed() -> None:
    table = sharing_breakdown(pd.concat([FOUR, made_positions([("Viettel", "", "", "")])], ignore_index=True))
    assert rows_of(table, "district")["positions"].to_dict() == {"D1": 3, "D2": 1, "": 1}
    assert rows_of(table, "all_districts")["positions"].dropna().tolist() == [4]
    assert rows_of(table, "structure")["positions"].to_dict() == {"": 1, "A2a": 1, "A2b": 3}


def test_districts_of_one_name_in_two_provinces_are_two() -> None:
    two = pd.concat([FOUR, FOUR.assign(province="Q")], ignore_index=True)
    assert rows_of(sharing_breakdown(two), "district").index.tolist() == ["P/D1", "P/D2", "Q/D1", "Q/D2"]


positions_strategy = st.lists(
    st.tuples(
        st.sets(st.sampled_from(OPERATORS), min_size=1).map(lambda names: ";".join(sorted(names))),
        st.sampled_from(("", "A1", "A2a", "A2b")),
        st.sampled_from(("D1", "D2")),
        st.sampled_from(("X", "Y", "")),
    ),
    max_size=25,
)


def test_what_a_row_does_not_have_is_empty_in_the_file(tmp_path: Path) -> None:
    write_csv(sharing_breakdown(FOUR), tmp_path / "sharing_breakdown.csv")
    lines = (tmp_path / "sharing_breakdown.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "total,,ratio_of_totals,,4,2,7,5,50,71.42857143,1.75,3"
    assert "all_districts,,mean_of_ratios,2,,,,,66.66666667,75,2.166666667," in lines


@given(rows=positions_strategy)
@settings(deadline=None, max_examples=40)
def test_every_partition_adds_up_to_the_total(rows: list[tuple[str, str, str, str]]) -> None:
    table = sharing_breakdown(made_positions(rows))
    total = rows_of(table, "total").loc["", ADDITIVE].tolist()
    for level in ("structure", "district", "commune"):
        assert rows_of(table, level)[ADDITIVE].sum().tolist() == total
    both_stand = sum(len(names.split(";")) * (len(names.split(";")) - 1) // 2 for names, *_ in rows)
    assert rows_of(table, "operator_pair")["shared_positions"].sum() == both_stand


@given(rows=positions_strategy, seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=25)
def test_the_order_of_the_positions_means_nothing(rows: list[tuple[str, str, str, str]], seed: int) -> None:
    positions = made_positions(rows)
    order = np.random.default_rng(seed).permutation(len(rows))
    pd.testing.assert_frame_equal(sharing_breakdown(positions), sharing_breakdown(positions.iloc[order]))


def made_stations(*rows: tuple[str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["position_id", "operator", "north_m"])
    return table.assign(longitude=107.0, latitude=21.0 + table["north_m"] / 110_700.0, counted=True)


def test_the_curve_of_three_masts_worked_by_hand() -> None:
    """One mast surveyed twice, 30 m apart, a neighbour 90 m on: at 40 m as the register says, at 140 m all are one."""
    stations = made_stations(("A", "Viettel", 0), ("A", "VinaPhone", 30), ("B", "Viettel", 120))
    curve = sharing_by_radius(stations)
    assert tuple(curve.columns) == CURVE_COLUMNS
    assert curve["positions_from"].tolist() == ["position_id"] + ["coordinates"] * len(RADII_M)
    assert curve["radius_m"].tolist()[1:] == list(RADII_M)
    by_radius = curve.set_index("radius_m")
    assert by_radius.loc[[20.0, 40.0, 100.0, 140.0], "positions"].tolist() == [3, 2, 2, 1]
    assert by_radius.loc[[20.0, 40.0, 140.0], "shared_positions"].tolist() == [0, 1, 1]
    assert by_radius.loc[[20.0, 40.0, 140.0], "operator_sites"].tolist() == [3, 3, 2]
    assert by_radius.loc[[20.0, 40.0, 140.0], "recovered"].tolist() == [1, 2, 0]
    assert by_radius.loc[20.0, ["split", "merged"]].tolist() == [1, 0]
    assert by_radius.loc[140.0, ["split", "merged"]].tolist() == [0, 2]
    assert by_radius.loc[40.0, "widest_m"] == pytest.approx(30.0, abs=0.1)


def test_the_first_row_of_the_curve_is_the_registers_own() -> None:
    stations = made_stations(("A", "Viettel", 0), ("B", "VinaPhone", 1), ("B", "Viettel", 1))
    own = sharing_by_radius(stations).iloc[0]
    assert own[["positions", "shared_positions", "operator_sites"]].tolist() == [2, 1, 3]
    assert math.isnan(own["radius_m"])


def test_the_curve_counts_only_what_counts() -> None:
    stations = made_stations(("A", "Viettel", 0), ("A", "VinaPhone", 0)).assign(counted=[True, False])
    assert sharing_by_radius(stations)["shared_positions"].tolist() == [0] * (1 + len(RADII_M))
    nothing = sharing_by_radius(stations.assign(counted=False), (20.0,))
    assert nothing["positions"].tolist() == [0, 0]


@pytest.mark.shared
def test_the_invented_register_of_thai_nguyen_over_the_radius(shared: Path) -> None:
    """420 positions, 118 of them shared: 28.1 %; its rows lie scattered about their masts."""
    stations = pd.read_csv(shared / "cases" / "thai_nguyen" / "stations_invented.csv")
    curve = sharing_by_radius(stations.rename(columns={"site_code": "position_id"}).assign(counted=True))
    own, at_40_m = curve.iloc[0], curve[curve["radius_m"] == 40.0].iloc[0]
    assert own[["positions", "shared_positions"]].tolist() == [420, 118]
    assert round(own["position_share_percent"], 1) == 28.1
    assert at_40_m["recovered"] >= 415
    assert at_40_m["split"] == 0
    assert abs(at_40_m["position_share_percent"] - own["position_share_percent"]) < 1.0
    assert curve["positions"].iloc[1:].is_monotonic_decreasing


@pytest.mark.parametrize("name", ["metrics", "agreement"])
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"whitesignal.sharing.{name}"))
    assert results.attempted > 0
    assert results.failed == 0

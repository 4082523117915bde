"""Passive sharing: the published and invented provinces' own numbers, and what is not sharing."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.sharing import SHARING_COLUMNS, count_sharing, sharing_table


def of(**positions_by_operators: int) -> pd.DataFrame:
    counts = [int(name[1:]) for name, count in positions_by_operators.items() for _ in range(count)]
    return pd.DataFrame({"operator_count": counts})


def test_ha_giangs_four_metrics() -> None:
    # Domain section 8: 965 positions, 165 with two operators, 35 with three: 20.7 %, tenancy 1.244, 1,200 sites.
    sharing = count_sharing(of(n1=765, n2=165, n3=35))
    assert sharing.positions == 965
    assert sharing.shared_positions == 200
    assert sharing.operator_sites == 540 + 375 + 235 + 44 + 6
    assert round(100.0 * sharing.position_share, 1) == 20.7
    assert round(sharing.tenancy, 3) == 1.244
    assert sharing.masts_avoided == 1200 - 965
    assert sharing.operator_site_share == pytest.approx((2 * 165 + 3 * 35) / 1200)


def test_quang_ninhs_four_metrics() -> None:
    # Domain section 8: 2,150 positions, 560 / 128 / 15 with two, three, four: 703/2,150 = 32.7 %, tenancy 1.400.
    sharing = count_sharing(of(n1=2150 - 703, n2=560, n3=128, n4=15))
    assert (sharing.shared_positions, sharing.positions) == (703, 2150)
    assert round(100.0 * sharing.position_share, 1) == 32.7
    assert sharing.operator_sites == 1050 + 930 + 830 + 195 + 6
    assert round(sharing.tenancy, 3) == 1.4


def test_no_positions_share_nothing_and_have_no_ratio() -> None:
    sharing = count_sharing(of())
    assert (sharing.positions, sharing.masts_avoided) == (0, 0)
    assert math.isnan(sharing.position_share)
    assert math.isnan(sharing.tenancy)


STATIONS = pd.DataFrame(
    [
        ("S1", "P1", "Viettel", "2G", True, "A2b"),
        ("S2", "P1", "Viettel", "4G", True, ""),
        ("S3", "P2", "Viettel", "4G", True, "A1"),
        ("S4", "P2", "VinaPhone", "4G", True, "A1"),
        ("S4", "P2", "VinaPhone", "4G", True, "A1"),  # a second cell of the same station
        ("S5", "P1", "MobiFone", "3G", False, ""),  # planned
        ("S6", "P3", "Gmobile", "2G", False, ""),
    ],
    columns=["station_id", "position_id", "operator", "generation", "counted", "structure"],
).assign(longitude=105.0, latitude=22.0)
AREAS = pd.DataFrame(
    {"commune": ["X", "Y"], "district": ["D", "D"], "province": ["P", "P"]},
    index=pd.Index(["P1", "P2"], name="position_id"),
)


def test_several_generations_of_one_operator_are_not_sharing() -> None:
    table = sharing_table(STATIONS, AREAS).set_index("position_id")
    assert ("position_id", *table.columns) == SHARING_COLUMNS
    assert table.loc["P1", ["stations", "generations", "operators", "operator_count", "shared"]].tolist() == [
        2, "2G;4G", "Viettel", 1, False,
    ]  # fmt: skip
    assert table.loc["P2", ["stations", "operators", "operator_count", "shared"]].tolist() == [
        2, "Viettel;VinaPhone", 2, True,
    ]  # fmt: skip
    assert table.loc["P1", "structure"] == "A2b"
    assert table["commune"].to_dict() == {"P1": "X", "P2": "Y"}


def test_what_is_not_counted_stands_nowhere() -> None:
    assert sharing_table(STATIONS, AREAS)["position_id"].tolist() == ["P1", "P2"]
    nothing = sharing_table(STATIONS.assign(counted=False), AREAS.iloc[:0])
    assert nothing.empty
    assert tuple(nothing.columns) == SHARING_COLUMNS
    assert count_sharing(nothing).positions == 0


@given(counts=st.lists(st.integers(1, 5), max_size=40), more=st.lists(st.integers(1, 5), max_size=40))
@settings(deadline=None, max_examples=100)
def test_totals_add_up_and_ratios_are_of_totals(counts: list[int], more: list[int]) -> None:
    first, second, both = (
        count_sharing(pd.DataFrame({"operator_count": one})) for one in (counts, more, counts + more)
    )
    for name in ("positions", "shared_positions", "operator_sites", "operator_sites_on_shared", "masts_avoided"):
        assert getattr(both, name) == getattr(first, name) + getattr(second, name)
    assert 0 <= both.shared_positions <= both.positions <= both.operator_sites
    if both.positions:
        assert both.position_share <= both.operator_site_share, "a shared position holds more sites than another"
        assert both.tenancy == both.operator_sites / both.positions

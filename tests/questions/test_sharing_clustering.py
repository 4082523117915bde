"""Positions from coordinates: cases worked by hand, and the laws of the rule."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import whitesignal as ws
from whitesignal.geodesy import distance_and_azimuth, metres_per_degree
from whitesignal.inputs.clustering import given_positions, linkage, position_ids
from whitesignal.inputs.nearness import near_pairs
from whitesignal.sharing.agreement import compare_positions

GRID_DEG = 2.0**-14
"""About 6.3 m of longitude at 21° N; sums of it are exact, so a shift by it changes no distance. [deg]"""

RADII_M = (0.0, 10.0, 25.0, 60.0, 200.0)

places = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=30).map(
    lambda cells: np.array(cells, dtype=np.float64) * GRID_DEG + [107.0, 21.0]
)


def along(*east_m: float, latitude: float = 21.0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return places on one parallel, so far east of 107° E. [m]"""
    per_degree_m = float(metres_per_degree(latitude)[0])
    return 107.0 + np.array(east_m) / per_degree_m, np.full(len(east_m), latitude)


def found(longitude: NDArray[np.float64], latitude: NDArray[np.float64], radius_m: float) -> list[int]:
    return linkage(longitude, latitude, reach_m=radius_m).positions(radius_m).tolist()


def partition(codes: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(codes == code).tolist()) for code in np.unique(codes)}


def width_m(places_here: NDArray[np.float64]) -> float:
    longitude, latitude = places_here.T
    return float(1000.0 * distance_and_azimuth(longitude[:, None], latitude[:, None], longitude, latitude)[0].max())


def test_a_row_of_masts_does_not_chain_into_one() -> None:
    """Five masts 15 m apart: single linkage at 20 m makes one position of them, 60 m wide."""
    assert found(*along(0.0, 15.0, 30.0, 45.0, 60.0), 20.0) == [0, 0, 1, 1, 2]
    assert found(*along(0.0, 15.0, 30.0, 45.0, 60.0), 61.0) == [0, 0, 0, 0, 0]


def test_the_nearest_two_join_first() -> None:
    # 0 and 12 are near enough, but 12 and 20 are nearer: 0 stays alone, for 0 to 20 is more than 15 m.
    assert found(*along(0.0, 12.0, 20.0), 15.0) == [0, 1, 1]
    assert found(*along(0.0, 12.0, 20.0), 20.1) == [0, 0, 0]


def test_half_a_millimetre_beyond_the_radius_is_beyond_it() -> None:
    assert found(*along(0.0, 20.0005), 20.0) == [0, 1]
    assert found(*along(0.0, 19.9995), 20.0) == [0, 0]


def test_a_tie_goes_to_the_westernmost() -> None:
    step = GRID_DEG
    longitude, latitude = 107.0 + step * np.array([2.0, 0.0, 1.0]), np.full(3, 21.0)
    assert found(longitude, latitude, 7.0) == [1, 0, 0]


def test_the_radius_is_of_metres_in_every_direction() -> None:
    """At 60° N a degree of longitude is half as long: 0.0004° are 22 m there and 44 m northwards."""
    longitude, latitude = np.array([24.0, 24.0004, 24.0]), np.array([60.0, 60.0, 60.0004])
    # Numbered from west to east, then south to north: both at 24.0° E come first.
    assert found(longitude, latitude, 30.0) == [0, 0, 1]
    assert found(longitude, latitude, 20.0) == [0, 2, 1]


def test_across_the_180th_meridian_near_is_near() -> None:
    first, second, apart_mm = near_pairs(np.array([179.9999, -179.9999]), np.array([-17.0, -17.0]), 30.0)
    assert (first.tolist(), second.tolist()) == ([0], [1])
    assert apart_mm[0] / 1000.0 == pytest.approx(0.0002 * float(metres_per_degree(-17.0)[0]), abs=0.002)


def test_nothing_and_one_place_are_as_many_positions() -> None:
    assert found(np.empty(0), np.empty(0), 50.0) == []
    assert found(np.array([107.0]), np.array([21.0]), 50.0) == [0]
    assert linkage(np.empty(0), np.empty(0), reach_m=50.0).widest_m(50.0) == 0.0


def test_a_radius_beyond_the_linkage_is_refused() -> None:
    with pytest.raises(ValueError, match="radius 60 m is not within"):
        linkage(*along(0.0, 15.0), reach_m=50.0).positions(60.0)


@given(rows=places, seed=st.integers(0, 2**32 - 1), radius_m=st.sampled_from(RADII_M))
@settings(deadline=None, max_examples=100)
def test_the_order_of_the_rows_means_nothing(rows: NDArray[np.float64], seed: int, radius_m: float) -> None:
    order = np.random.default_rng(seed).permutation(len(rows))
    straight, shuffled = (linkage(*part.T, reach_m=200.0) for part in (rows, rows[order]))
    assert straight.positions(radius_m)[order].tolist() == shuffled.positions(radius_m).tolist()
    assert straight.names(radius_m)[order].tolist() == shuffled.names(radius_m).tolist()


@given(rows=places, radius_m=st.sampled_from(RADII_M))
@settings(deadline=None, max_examples=100)
def test_no_position_is_wider_than_the_radius_and_no_row_is_lost(rows: NDArray[np.float64], radius_m: float) -> None:
    joins = linkage(*rows.T, reach_m=200.0)
    codes = joins.positions(radius_m)
    assert len(codes) == len(rows)
    widths = [width_m(rows[codes == code]) for code in np.unique(codes)]
    assert max(widths) <= radius_m
    assert joins.widest_m(radius_m) == pytest.approx(max(widths), abs=0.002)


@given(rows=places)
@settings(deadline=None, max_examples=60)
def test_at_radius_nought_a_position_is_a_place(rows: NDArray[np.float64]) -> None:
    codes = linkage(*rows.T, reach_m=0.0).positions(0.0)
    assert partition(codes) == partition(np.unique(rows, axis=0, return_inverse=True)[1])


@given(rows=places)
@settings(deadline=None, max_examples=60)
def test_as_the_radius_grows_positions_only_join(rows: NDArray[np.float64]) -> None:
    joins = linkage(*rows.T, reach_m=200.0)
    for small, large in pairwise(RADII_M):
        fine, coarse = partition(joins.positions(small)), partition(joins.positions(large))
        assert all(any(part <= whole for whole in coarse) for part in fine)


@given(rows=places, radius_m=st.sampled_from(RADII_M))
@settings(deadline=None, max_examples=60)
def test_a_longer_reach_changes_nothing_below_it(rows: NDArray[np.float64], radius_m: float) -> None:
    codes = [linkage(*rows.T, reach_m=reach_m).positions(radius_m).tolist() for reach_m in (radius_m, 400.0)]
    assert codes[0] == codes[1]


@given(rows=places, shift=st.integers(-(2**14), 2**14), radius_m=st.sampled_from(RADII_M))
@settings(deadline=None, max_examples=60)
def test_the_same_places_further_east_make_the_same_positions(
    rows: NDArray[np.float64], shift: int, radius_m: float
) -> None:
    here, there = (linkage(*part.T, reach_m=200.0) for part in (rows, rows + np.array([shift * GRID_DEG, 0.0])))
    assert here.positions(radius_m).tolist() == there.positions(radius_m).tolist()


@given(rows=places, radius_m=st.sampled_from(RADII_M[1:]))
@settings(deadline=None, max_examples=60)
def test_two_positions_that_remain_are_together_too_wide(rows: NDArray[np.float64], radius_m: float) -> None:
    """The rule stops for no other reason: of what remains no two would fit into the radius."""
    codes = linkage(*rows.T, reach_m=radius_m).positions(radius_m)
    for one in range(codes.max() + 1):
        for other in range(one):
            assert width_m(rows[(codes == one) | (codes == other)]) > radius_m - 0.002


@pytest.mark.parametrize("seed", range(10))
def test_the_rule_is_complete_linkage_as_scipy_has_it(seed: int) -> None:
    """Where no two distances are equal the ties do not matter, and scipy's dendrogram cut at a radius is ours."""
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import squareform

    offsets = np.random.default_rng(seed).uniform(0.0, 0.004, (40, 2))
    longitude, latitude = (offsets + np.array([107.0, 21.0])).T
    apart_km, _ = distance_and_azimuth(longitude[:, None], latitude[:, None], longitude, latitude)
    tree = hierarchy.linkage(squareform(1000.0 * apart_km, checks=False), method="complete")
    joins = linkage(longitude, latitude, reach_m=200.0)
    for radius_m in (30.0, 80.0, 200.0):
        theirs = hierarchy.fcluster(tree, radius_m, criterion="distance")
        assert partition(joins.positions(radius_m)) == partition(theirs)


def made_register(*rows: tuple[str, float]) -> pd.DataFrame:
    longitude, latitude = along(*(east_m for _, east_m in rows))
    longitude = np.round(longitude, 6)
    return pd.DataFrame({"position_id": [name for name, _ in rows], "longitude": longitude, "latitude": latitude})


def test_the_registers_own_position_wins() -> None:
    # A is 300 m wide by its own code; A and B stand 5 m apart and stay two; 10 m off B a row without a code joins it,
    # and 200 m off nobody does.
    own = made_register(("A", 0.0), ("A", 300.0), ("B", 305.0), ("", 315.0), ("", 515.0))
    names = position_ids(own, radius_m=20.0)
    assert names[:4].tolist() == ["A", "A", "B", "B"]
    assert names[4] == f"P{own['longitude'][4]:.6f}".rstrip("0") + "_21.00000"


def test_rows_without_a_code_join_a_given_position_only_where_all_fit() -> None:
    # 14 m west and 12 m east of B: each is near enough to B, but both are 26 m apart, and the eastern one is nearer.
    own = made_register(("", 86.0), ("B", 100.0), ("", 112.0))
    names = position_ids(own, radius_m=20.0)
    assert names[1:].tolist() == ["B", "B"]
    assert names[0].startswith("P107.")
    assert position_ids(own, radius_m=27.0).tolist() == ["B", "B", "B"]


def test_a_code_that_reading_made_of_the_place_is_not_the_registers_own() -> None:
    table = pd.DataFrame({"longitude": [107.12346, 107.12346], "latitude": [21.0, 21.0]})
    table["position_id"] = ["P107.12346_21.00000", "QN0001"]
    assert given_positions(table).tolist() == ["", "QN0001"]
    assert position_ids(table.iloc[:1], radius_m=20.0).tolist() == ["P107.12346_21.00000"]


@given(rows=places, seed=st.integers(0, 2**32 - 1), radius_m=st.sampled_from(RADII_M))
@settings(deadline=None, max_examples=60)
def test_given_positions_neither_part_nor_meet(rows: NDArray[np.float64], seed: int, radius_m: float) -> None:
    rng = np.random.default_rng(seed)
    own = rng.choice(np.array(["", "", "A", "B", "C"], dtype=object), len(rows))
    names = linkage(*rows.T, reach_m=200.0, given=own).names(radius_m)
    assert (names[own != ""] == own[own != ""]).all()
    for name in np.unique(names[own == ""]):
        if not name.startswith("P"):
            continue
        assert width_m(rows[names == name]) <= radius_m


def test_agreement_counts_what_is_recovered_split_and_merged() -> None:
    # A whole; B in two parts; C and D as one; E split, one half of it with F.
    truth = np.array(list("AABBCCDDEEF")).view(np.int32).astype(np.int64)
    found_here = np.array([1, 1, 2, 3, 4, 4, 4, 4, 5, 6, 6])
    agreement = compare_positions(truth, found_here)
    assert (agreement.positions, agreement.recovered, agreement.split, agreement.merged) == (6, 1, 2, 4)
    # By hand: pairs of rows together in both: A 1, C 1, D 1 = 3; in truth 5 (A B C D E); found: 1 + 6 + 1 = 8; of 55.
    assert agreement.adjusted_rand == pytest.approx((3 - 5 * 8 / 55) / ((5 + 8) / 2 - 5 * 8 / 55))


def test_agreement_with_itself_is_whole() -> None:
    for codes in (np.array([3, 1, 1, 2]), np.array([1, 2, 3]), np.array([5])):
        agreement = compare_positions(codes, codes)
        assert (agreement.recovered, agreement.adjusted_rand) == (len(np.unique(codes)), 1.0)


def test_a_project_may_join_rows_without_a_code_and_never_those_with_one(land: ModuleType, tmp_path: Path) -> None:
    """Two tenants of one mast surveyed 9 m apart, and two masts with codes of their own 9 m apart."""
    stations = [
        land.station("A", 0, 0), land.station("B", 0.009, 0, operator="MobiFone"),
        land.station("C", 4, 0, position_id="X"), land.station("D", 4.009, 0, operator="MobiFone", position_id="Y"),
    ]  # fmt: skip
    villages = [land.village("V1", 1, 0)]
    shared = {}
    for radius_m in (0, 50):
        head = f"position_radius_m = {radius_m}"
        folder = land.write_project(tmp_path / str(radius_m), stations=stations, villages=villages, head=head)
        found = ws.read_inputs(ws.open_project(folder))
        shared[radius_m] = found.stations.rows.groupby("position_id")["operator"].nunique().tolist()
        assert any("position_radius_m" in one.message for one in found.findings)
    assert (sorted(shared[0]), sorted(shared[50])) == ([1, 1, 1, 1], [1, 1, 2])

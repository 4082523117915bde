"""What is said of points and villages, from levels made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.bands import GENERATIONS, THRESHOLDS
from whitesignal.project import Policy
from whitesignal.radio.cells import Cells
from whitesignal.radio.levels import Levels
from whitesignal.radio.reach import SamplePoints
from whitesignal.villages.points import CENTRE, CLUSTER, VillagePoints
from whitesignal.villages.status import (
    SERVED,
    STATUSES,
    UNDECIDED,
    UNSERVED,
    best_cells,
    best_level_dbm,
    judge_points,
    served_names,
    thresholds_dbm,
    village_status,
)

WORDS: Mapping[int, str] = MappingProxyType({UNSERVED: "unserved", SERVED: "served", UNDECIDED: "unknown"})
Pair = tuple[int, int, float, float, bool]
"""Point, cell, level [dBm], uplink margin [dB], whether the path is known."""

OPERATORS = ("Viettel", "Viettel", "VinaPhone", "MobiFone")
CELL_GENERATIONS = ("2G", "4G", "4G", "3G")


def made_cells(ranks: tuple[int, ...] = (0, 1, 2, 3)) -> Cells:
    nothing = np.zeros(4)
    return Cells(
        station_row=np.arange(4), radiator=np.zeros(4, dtype=np.int64),
        generation=np.array(CELL_GENERATIONS, dtype=object), operator=np.array(OPERATORS, dtype=object),
        eirp_dbm=nothing, service_dbm=nothing, uplink_max_loss_db=nothing, max_km=nothing, sectors_deg=((),) * 4,
        beamwidth_deg=nothing, tilt_deg=nothing, rank=np.array(ranks),
    )  # fmt: skip


def made_levels(pairs: list[Pair]) -> Levels:
    columns = list(zip(*sorted(pairs, key=lambda pair: (pair[1], pair[0])), strict=True)) or [(), (), (), (), ()]
    return Levels(
        point=np.array(columns[0], dtype=np.int32), cell=np.array(columns[1], dtype=np.int32),
        level_dbm=np.array(columns[2], dtype=np.float64), uplink_margin_db=np.array(columns[3], dtype=np.float64),
        known=np.array(columns[4], dtype=np.bool_),
    )  # fmt: skip


def judged(pairs: list[Pair], *, points: int = 1, ground: list[bool] | None = None, **policy: Any) -> list[str]:
    state = judge_points(
        made_levels(pairs),
        made_cells(),
        np.array(ground or [True] * points),
        policy=Policy("made", **policy),
        thresholds=THRESHOLDS,
    )
    return [WORDS[int(one)] for one in state]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], "unserved"),
        ([(0, 0, -98.0, 0.0, True)], "served"),  # 2G serves from -98 dBm, and where the uplink just reaches back
        ([(0, 0, -98.01, 5.0, True)], "unserved"),
        ([(0, 0, -60.0, -0.01, True)], "unserved"),
        ([(0, 1, -118.0, 3.0, True)], "served"),
        ([(0, 3, -109.0, 3.0, True)], "unserved"),  # 3G needs -108 dBm
        ([(0, 0, -120.0, 9.0, True), (0, 1, -110.0, 9.0, True)], "served"),
    ],
)
def test_a_point_is_served_where_some_level_and_its_uplink_suffice(pairs: list[Pair], expected: str) -> None:
    assert judged(pairs) == [expected]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 0, -80.0, 9.0, False)], "unknown"),
        ([(0, 0, -99.0, 9.0, False)], "unserved"),  # not even with the void at its rim's lowest
        ([(0, 0, -80.0, -1.0, False)], "unserved"),
        ([(0, 0, -80.0, 9.0, False), (0, 1, -100.0, 9.0, True)], "served"),
        ([(0, 0, -80.0, 9.0, False), (0, 1, -130.0, 9.0, True)], "unknown"),
        ([(0, 0, -99.0, 9.0, False), (0, 1, -130.0, 9.0, True)], "unserved"),
    ],
)
def test_a_void_on_a_path_makes_a_point_unknown_only_where_it_decides(pairs: list[Pair], expected: str) -> None:
    assert judged(pairs) == [expected]


def test_ground_that_is_not_known_makes_a_point_unknown_whatever_the_levels() -> None:
    pairs = [(0, 0, -60.0, 9.0, True), (1, 0, -60.0, 9.0, True)]
    assert judged(pairs, points=3, ground=[False, True, False]) == ["unknown", "served", "unknown"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"generations": ("2G",)}, "served"),
        ({"generations": ("3G", "4G", "5G")}, "unserved"),
        ({"threshold": "basic"}, "served"),  # 2G basic is -95
        ({"threshold": "good"}, "unserved"),  # 2G good is -85
        ({"min_operators": 2}, "unserved"),
    ],
)
def test_a_policy_says_which_generations_count_and_from_which_level(policy: dict[str, Any], expected: str) -> None:
    assert judged([(0, 0, -95.0, 9.0, True)], **policy) == [expected]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 0, -60.0, 9.0, True), (0, 1, -60.0, 9.0, True)], "unserved"),  # two generations of one operator
        ([(0, 0, -60.0, 9.0, True), (0, 2, -60.0, 9.0, True)], "served"),
        ([(0, 0, -60.0, 9.0, True), (0, 2, -60.0, 9.0, False)], "unknown"),
        ([(0, 0, -60.0, 9.0, False), (0, 2, -60.0, 9.0, False)], "unknown"),
        ([(0, 0, -60.0, 9.0, True), (0, 2, -119.0, 9.0, False)], "unserved"),
    ],
)
def test_two_operators_are_counted_by_operator_and_not_by_station(pairs: list[Pair], expected: str) -> None:
    assert judged(pairs, min_operators=2) == [expected]


pairs_of_two_points = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, 3), st.floats(-130.0, -60.0), st.floats(-10.0, 10.0), st.booleans()
    ),
    max_size=8,
    unique_by=lambda pair: pair[:2],
)  # fmt: skip
policies = st.fixed_dictionaries(
    {
        "min_operators": st.integers(1, 3),
        "threshold": st.sampled_from(["service", "basic", "good"]),
        "generations": st.sampled_from([GENERATIONS, ("2G",), ("3G", "4G", "5G")]),
    }
)


@given(pairs=pairs_of_two_points, policy=policies)
@settings(deadline=None, max_examples=200)
def test_points_are_judged_as_the_rule_reads_pair_by_pair(pairs: list[Pair], policy: dict[str, Any]) -> None:
    def operators(point: int, *, certain: bool) -> int:
        return len({
            OPERATORS[cell] for at, cell, level_dbm, uplink_db, known in pairs
            if at == point and (known or not certain) and CELL_GENERATIONS[cell] in policy["generations"]
            and uplink_db >= 0.0
            and level_dbm >= getattr(THRESHOLDS[CELL_GENERATIONS[cell]], policy["threshold"])
        })  # fmt: skip

    def expected(point: int) -> str:
        if operators(point, certain=True) >= policy["min_operators"]:
            return "served"
        return "unknown" if operators(point, certain=False) >= policy["min_operators"] else "unserved"

    assert judged(pairs, points=2, **policy) == [expected(0), expected(1)]


@given(pairs=pairs_of_two_points, more=pairs_of_two_points, policy=policies)
@settings(deadline=None, max_examples=100)
def test_a_pair_more_never_takes_a_points_signal_away(
    pairs: list[Pair], more: list[Pair], policy: dict[str, Any]
) -> None:
    seen = {pair[:2] for pair in pairs}
    longer = [*pairs, *(pair for pair in more if pair[:2] not in seen)]
    order = ("unserved", "unknown", "served")
    before, after = judged(pairs, points=2, **policy), judged(longer, points=2, **policy)
    assert all(order.index(a) >= order.index(b) for a, b in zip(after, before, strict=True))


def villages(centres: list[int | None], clusters: list[tuple[int, int]]) -> tuple[list[str], list[int], list[int]]:
    """Return status, clusters with signal and clusters unknown; ``clusters`` are (village, state)."""
    located = [at for at, state in enumerate(centres) if state is not None]
    village = np.array([*located, *(at for at, _ in clusters)], dtype=np.int64)
    kind = np.array([CENTRE] * len(located) + [CLUSTER] * len(clusters), dtype=np.int8)
    nowhere = np.zeros(len(village))
    name = np.full(len(village), "", dtype=object)
    where = VillagePoints(SamplePoints(nowhere, nowhere, kind == CENTRE), village, kind, name, nowhere)
    state = np.array([*(centres[at] for at in located), *(state for _, state in clusters)], dtype=np.int8)
    found = village_status(state, where, len(centres), min_people_percent=95.0)
    return found.status.tolist(), found.clusters_covered.tolist(), found.clusters_unknown.tolist()


@pytest.mark.parametrize(
    ("centre", "clusters", "expected"),
    [
        (SERVED, [], "covered"),
        (SERVED, [SERVED, SERVED], "covered"),
        (SERVED, [SERVED, UNSERVED], "weak"),
        (SERVED, [UNSERVED, UNSERVED], "weak"),
        (SERVED, [SERVED, UNDECIDED], "covered"),
        (SERVED, [UNDECIDED], "covered"),
        (SERVED, [UNDECIDED, UNSERVED], "weak"),
        (UNSERVED, [], "white"),
        (UNSERVED, [SERVED], "white"),  # signal at a cluster does not help the centre
        (UNDECIDED, [SERVED], "unknown"),
        (UNDECIDED, [UNSERVED], "unknown"),
        (None, [], "unknown"),  # a village without a place
    ],
)
def test_a_village_is_white_by_its_centre_and_weak_by_a_cluster(
    centre: int | None, clusters: list[int], expected: str
) -> None:
    status, covered, unknown = villages([SERVED, centre], [(1, state) for state in clusters])
    assert status == ["covered", expected]
    assert covered == [0, clusters.count(SERVED)]
    assert unknown == [0, clusters.count(UNDECIDED)]
    assert set(status) <= set(STATUSES)


@given(
    centres=st.lists(st.sampled_from([SERVED, UNSERVED, UNDECIDED, None]), min_size=1, max_size=6),
    clusters=st.lists(st.tuples(st.integers(0, 5), st.sampled_from([SERVED, UNSERVED, UNDECIDED])), max_size=12),
)
@settings(deadline=None, max_examples=100)
def test_every_cluster_is_counted_once_at_its_own_village(
    centres: list[int | None], clusters: list[tuple[int, int]]
) -> None:
    clusters = [(at % len(centres), state) for at, state in clusters]
    _, covered, unknown = villages(centres, clusters)
    for village in range(len(centres)):
        states = [state for at, state in clusters if at == village]
        assert (covered[village], unknown[village]) == (states.count(SERVED), states.count(UNDECIDED))


def test_the_best_station_has_the_largest_margin_and_of_equals_the_lowest_station_id() -> None:
    pairs = [(0, 0, -80.0, 50.0, True), (0, 1, -100.0, 50.0, True), (0, 2, -100.0, 50.0, True)]
    levels = made_levels(pairs)
    for ranks, expected in (((0, 1, 2, 3), 0), ((3, 2, 0, 1), 2), ((2, 0, 1, 3), 1)):
        cells = made_cells(ranks)
        margin_db = levels.margin_db(thresholds_dbm(cells, THRESHOLDS, "service"))
        assert margin_db.tolist() == [18.0, 18.0, 18.0]  # -80 against -98, -100 against -118
        pair, cell = best_cells(levels, cells, margin_db, 2)
        assert cell.tolist() == [expected, -1]
        assert pair[1] == -1


def test_a_path_over_a_void_is_nobodys_best_and_gives_no_level() -> None:
    levels, cells = made_levels([(0, 0, -60.0, 9.0, False), (0, 1, -110.0, 9.0, True)]), made_cells()
    margin_db = levels.margin_db(thresholds_dbm(cells, THRESHOLDS, "service"))
    assert best_cells(levels, cells, margin_db, 1)[1].tolist() == [1]
    assert np.isnan(best_level_dbm(levels, cells, "2G", 1)).all()
    assert best_level_dbm(levels, cells, "4G", 1).tolist() == [-110.0]
    assert served_names(levels, cells, cells.operator, margin_db, 1) == ["Viettel"]


def test_names_that_serve_are_listed_once_and_sorted() -> None:
    pairs = [(0, cell, -60.0, 9.0, True) for cell in range(4)]
    levels, cells = made_levels(pairs), made_cells()
    margin_db = levels.margin_db(thresholds_dbm(cells, THRESHOLDS, "service"))
    assert served_names(levels, cells, cells.operator, margin_db, 2) == ["MobiFone;Viettel;VinaPhone", ""]


def test_no_stations_at_all_leave_every_point_without_signal() -> None:
    levels, cells = made_levels([]), made_cells()
    margin_db = levels.margin_db(thresholds_dbm(cells, THRESHOLDS, "service"))
    assert best_cells(levels, cells, margin_db, 2)[1].tolist() == [-1, -1]
    assert np.isnan(best_level_dbm(levels, cells, "4G", 2)).all()
    assert judged([], points=2) == ["unserved", "unserved"]

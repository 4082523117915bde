"""What goes dark without one group of stations: a province of seven villages by hand, and judging again as the twin."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.bands import THRESHOLDS
from whitesignal.dependency import (
    BY_OPERATOR_COUNT_COLUMNS,
    DEPENDENCY_COLUMNS,
    KINDS,
    ROBUSTNESS_COLUMNS,
    commune_robustness,
    dependency_by_operator_count,
    dependency_table,
)
from whitesignal.dependency.groups import COLUMN_OF_KIND, groups_of
from whitesignal.dependency.outage import loss, present
from whitesignal.project import Policy
from whitesignal.radio.cells import Cells, Radiators
from whitesignal.radio.levels import Levels
from whitesignal.radio.reach import SamplePoints
from whitesignal.sharing import sharing_table
from whitesignal.sharing.last_signal import only_signals
from whitesignal.villages.points import CENTRE, CLUSTER, VillagePoints
from whitesignal.villages.service import Service, policy_service
from whitesignal.villages.status import SERVED, UNDECIDED, judge_points, village_status

ONE, TWO = Policy("official"), Policy("two", min_operators=2)
HEARD_DBM, FAINT_DBM = -90.0, -130.0
"""Above every service threshold, and below."""

Signal = tuple[str, int, bool]
"""Station, point, and whether the path is known."""


@dataclass(frozen=True)
class Province:
    """What a dependency is computed from."""

    service: Service
    stations: pd.DataFrame
    villages: pd.DataFrame
    positions: pd.DataFrame
    ground_known: np.ndarray
    policy: Policy

    def table(self) -> pd.DataFrame:
        return dependency_table(self.service, self.stations, self.villages, self.positions, policy=self.policy)

    def communes(self) -> pd.DataFrame:
        return commune_robustness(self.service, self.stations, self.villages, self.positions, policy=self.policy)


def made_stations(rows: Sequence[tuple[str, str, str, str, str | None]]) -> pd.DataFrame:
    """Return a station table, its first row not counted, the others: id, position, operator, feeder, ring."""
    columns = ["station_id", "position_id", "operator", "power_group", "transmission_group"]
    table = pd.DataFrame([("planned", "Z", "Gmobile", "L9", "R9"), *rows], columns=columns)
    return table.assign(
        counted=[False] + [True] * len(rows), generation="4G", structure="A2b", longitude=107.0, latitude=21.0
    )


def made_province(
    stations: pd.DataFrame, heard: Sequence[Signal], *, points: Sequence[tuple[int, int]], population: Sequence[float],
    communes: Sequence[str], policy: Policy = ONE, ground_unknown: Sequence[int] = (), commune_of: dict[str, str],
) -> Province:  # fmt: skip
    """Return a province with one cell for each counted row; a point is a village and its cluster, -1 the centre."""
    rows = np.flatnonzero(stations["counted"])
    count = len(rows)
    nothing, names = np.zeros(count), stations["station_id"].to_numpy()[rows].tolist()
    radiators = Radiators(
        position_id=stations["position_id"].to_numpy(dtype=object)[rows], longitude=nothing, latitude=nothing,
        antenna_height_m=nothing, band_mhz=nothing, radius_km=nothing, floor_loss_db=nothing,
    )  # fmt: skip
    cells = Cells(
        station_row=rows, radiator=np.arange(count), generation=stations["generation"].to_numpy(dtype=object)[rows],
        operator=stations["operator"].to_numpy(dtype=object)[rows], eirp_dbm=nothing, service_dbm=nothing,
        uplink_max_loss_db=nothing, max_km=nothing, sectors_deg=((),) * count, beamwidth_deg=nothing, tilt_deg=nothing,
        rank=np.arange(count),
    )  # fmt: skip
    pairs = sorted((cell, point, known) for name, point, known in heard
                   for cell, other in enumerate(names) if other == name)  # fmt: skip
    cell, point, known = (np.array([pair[at] for pair in pairs], dtype=int) for at in range(3))
    levels = Levels(
        point=point.astype(np.int32), cell=cell.astype(np.int32), level_dbm=np.full(len(pairs), HEARD_DBM),
        uplink_margin_db=np.ones(len(pairs)), known=known.astype(bool),
    )  # fmt: skip
    village, cluster = (np.array([one[at] for one in points], dtype=np.int64) for at in range(2))
    places = np.zeros(len(points))
    kind = np.where(cluster < 0, CENTRE, CLUSTER).astype(np.int8)
    name = np.full(len(points), "", dtype=object)
    where = VillagePoints(SamplePoints(places, places, cluster < 0), village, kind, name, places)
    ground_known = ~np.isin(np.arange(len(points)), ground_unknown)
    state = judge_points(levels, cells, ground_known, policy=policy, thresholds=THRESHOLDS)
    people = np.array(population, dtype=np.float64)
    villages = pd.DataFrame({
        "status": village_status(state, where, len(people), min_people_percent=95.0).status,
        "population": people, "households": people / 4,
        "commune": communes, "district": "D", "province": "P",
    })  # fmt: skip
    areas = pd.DataFrame({"commune": commune_of, "district": "D", "province": "P"})
    service = policy_service(levels, cells, radiators, where, policy=policy, thresholds=THRESHOLDS)
    return Province(service, stations, villages, sharing_table(stations, areas), ground_known, policy)


STATIONS = made_stations([
    ("a1", "A", "Viettel", "L1", "R1"), ("b1", "A", "VinaPhone", "L1", ""), ("a2", "B", "Viettel", "L1", "R1"),
    ("c1", "C", "MobiFone", "", None),
])  # fmt: skip
POINTS = ((0, -1), (1, -1), (2, -1), (3, -1), (4, -1), (5, -1), (6, -1), (6, 0))
HEARD: tuple[Signal, ...] = (
    ("a1", 0, True), ("b1", 0, True),  # village 0: two operators, one mast
    ("a1", 1, True), ("a2", 1, True),  # 1: one operator, two masts
    ("b1", 2, True), ("c1", 2, True),  # 2: two operators, two masts
    ("a2", 3, True), ("c1", 3, False),  # 3: one mast, and another over a void
    ("a2", 5, True),  # 4: nobody; 5: stands on a void
    ("c1", 6, True), ("a1", 7, True),  # 6: one mast at the centre, another at its cluster
)  # fmt: skip
PEOPLE = (10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)


def by_hand(policy: Policy = ONE, population: Sequence[float] = PEOPLE) -> Province:
    return made_province(
        STATIONS, HEARD, points=POINTS, population=population, communes=["X", "X", "Y", "Y", "Y", "Y", "W"],
        policy=policy, ground_unknown=[5], commune_of={"A": "Y", "B": "X", "C": "X"},
    )  # fmt: skip


def rows(table: pd.DataFrame, kind: str, *columns: str) -> list[tuple[object, ...]]:
    return list(table.loc[table["kind"] == kind, list(columns)].itertuples(index=False, name=None))


def test_the_case_by_hand() -> None:
    table = by_hand().table()
    assert tuple(table.columns) == DEPENDENCY_COLUMNS
    lost = ("id", "rank", "villages_dark", "people_dark", "villages_dark_unsure", "villages_weakened")
    assert rows(table, "station", *lost) == [
        ("c1", 1, 1, 640.0, 0, 0), ("a2", 2, 1, 80.0, 1, 0), ("a1", 3, 0, 0.0, 0, 1), ("b1", 3, 0, 0.0, 0, 0),
    ]  # fmt: skip
    assert rows(table, "position", *lost) == [
        ("C", 1, 1, 640.0, 0, 0), ("B", 2, 1, 80.0, 1, 0), ("A", 3, 1, 10.0, 0, 1)
    ]  # fmt: skip
    assert rows(table, "operator", *lost) == [
        ("MobiFone", 1, 1, 640.0, 0, 0), ("Viettel", 2, 2, 100.0, 1, 1), ("VinaPhone", 3, 0, 0.0, 0, 0)
    ]  # fmt: skip
    assert rows(table, "power_group", *lost) == [("L1", 1, 3, 110.0, 1, 1)]
    assert rows(table, "transmission_group", *lost) == [("R1", 1, 2, 100.0, 1, 1)]
    assert table["households_dark"].to_numpy() == pytest.approx(table["people_dark"].to_numpy() / 4)


def test_by_hand_who_serves_what_and_what_hangs_on_one_mast() -> None:
    """Village 1 hears two masts; 0 hangs on A, 3 on B, 6 on C. Silent: Viettel without A in 0, without B in 3."""
    table = by_hand().table()
    served = ("id", "villages_served", "villages_on_one_position", "operator_villages_dark")
    assert sorted(rows(table, "station", *served)) == [("a1", 2, 1, 1), ("a2", 2, 1, 1), ("b1", 2, 1, 2),
                                                       ("c1", 2, 1, 2)]  # fmt: skip
    assert sorted(rows(table, "position", *served)) == [("A", 3, 1, 3), ("B", 2, 1, 1), ("C", 2, 1, 2)]
    assert sorted(rows(table, "operator", *served)) == [("MobiFone", 2, 1, 2), ("Viettel", 3, 2, 3),
                                                        ("VinaPhone", 2, 1, 2)]  # fmt: skip
    assert rows(table, "power_group", *served) == [("L1", 4, 2, 5)]


def test_by_hand_what_a_group_is_and_what_it_shares() -> None:
    table = by_hand().table()
    what = ("id", "position_id", "commune", "stations", "positions", "shared_positions", "operators", "operator_count",
            "shared_with")  # fmt: skip
    assert sorted(rows(table, "station", *what))[:2] == [
        ("a1", "A", "Y", 1, 1, 1, "Viettel", 1, "VinaPhone"), ("a2", "B", "X", 1, 1, 0, "Viettel", 1, "")
    ]  # fmt: skip
    assert sorted(rows(table, "position", *what))[0] == ("A", "A", "Y", 2, 1, 1, "Viettel;VinaPhone", 2, "")
    assert sorted(rows(table, "operator", *what))[1] == ("Viettel", "", "", 2, 2, 1, "Viettel", 1, "VinaPhone")
    assert rows(table, "power_group", *what) == [("L1", "", "", 3, 2, 1, "Viettel;VinaPhone", 2, "")]
    assert rows(table, "transmission_group", *what) == [("R1", "", "", 2, 2, 1, "Viettel", 1, "VinaPhone")]
    assert "planned" not in set(table["id"]), "a station that is not counted has no row"
    assert table.drop_duplicates("kind")["kind"].tolist() == list(KINDS)


def test_where_two_operators_are_asked_a_village_may_hang_on_two_masts() -> None:
    """Villages 0 (Viettel and VinaPhone at A) and 2 (VinaPhone at A, MobiFone at C) have two for certain."""
    province = by_hand(TWO)
    assert province.villages["status"].tolist() == [
        "covered",
        "white",
        "covered",
        "unknown",
        "white",
        "unknown",
        "white",
    ]
    table = province.table()
    lost = ("id", "villages_dark", "people_dark", "villages_on_one_position")
    assert rows(table, "position", *lost) == [("A", 2, 50.0, 2), ("C", 1, 40.0, 1), ("B", 0, 0.0, 0)]
    assert rows(table, "station", *lost) == [("b1", 2, 50.0, 2), ("c1", 1, 40.0, 1), ("a1", 1, 10.0, 1),
                                             ("a2", 0, 0.0, 0)]  # fmt: skip
    assert rows(table, "power_group", *lost) == [("L1", 2, 50.0, 2)]


def test_nobody_counted_is_not_nobody_there() -> None:
    table = by_hand(population=(np.nan,) * 7).table()
    assert table[["people_dark", "households_dark"]].isna().all(axis=None)
    assert rows(table, "power_group", "id", "rank", "villages_dark") == [("L1", 1, 3)]
    assert rows(table, "station", "id", "rank") == [("a2", 1), ("c1", 1), ("a1", 3), ("b1", 3)], "by villages alone"
    partly = by_hand(population=(np.nan, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)).table()
    assert rows(partly, "power_group", "people_dark") == [(100.0,)]


def test_communes_by_hand() -> None:
    table = by_hand().communes()
    assert tuple(table.columns) == ROBUSTNESS_COLUMNS
    shown = table.set_index("commune")
    columns = ["villages", "villages_unknown", "villages_with_signal", "villages_on_one_position",
               "people_on_one_position", "villages_on_two_positions", "positions", "robust_positions"]  # fmt: skip
    assert shown.loc["X", columns].tolist() == [2, 0, 2, 1, 10.0, 1, 2, 0]
    assert shown.loc["Y", columns].tolist() == [4, 1, 2, 1, 80.0, 1, 1, 1]
    assert shown.loc["W", columns].tolist() == [1, 0, 1, 1, 640.0, 0, 0, 0]
    assert shown["has_robust_position"].to_dict() == {"X": False, "Y": True, "W": False}
    assert shown["villages_on_two_positions_percent"].to_dict() == pytest.approx({"X": 50.0, "Y": 100 / 3, "W": 0.0})
    assert shown["power_groups"].to_dict() == {"X": 1, "Y": 1, "W": 0}
    assert bool(shown.loc["Y", "one_power_group"])
    assert pd.isna(shown.loc["X", "one_power_group"]), "C's feeder is not known"
    assert pd.isna(shown.loc["W", "one_power_group"]), "nothing stands there"


def test_two_feeders_in_a_commune_are_not_one_whatever_else_is_unknown() -> None:
    stations = STATIONS.assign(power_group=["L9", "L1", "L2", "L3", ""])
    shown = replace(by_hand(), stations=stations).communes().set_index("commune")
    assert shown["power_groups"].to_dict() == {"X": 1, "Y": 2, "W": 0}
    assert shown["one_power_group"].eq(False).fillna(False).to_dict() == {"X": False, "Y": True, "W": False}


def test_sharing_and_dependency_stand_together() -> None:
    table = dependency_by_operator_count(by_hand().table())
    assert tuple(table.columns) == BY_OPERATOR_COUNT_COLUMNS
    alone, shared = (row._asdict() for row in table.itertuples(index=False))
    assert (alone["operator_count"], alone["positions"], alone["positions_needed"]) == (1, 2, 2)
    assert (shared["operator_count"], shared["positions"], shared["positions_needed"]) == (2, 1, 1)
    assert alone["positions_percent"] == pytest.approx(200 / 3)
    assert (alone["villages_dark"], alone["villages_dark_mean"], alone["villages_dark_max"]) == (2, 1.0, 1)
    assert (alone["people_dark"], alone["people_dark_mean"], alone["people_dark_max"]) == (720.0, 360.0, 640.0)
    assert (shared["people_dark"], shared["operator_villages_dark_mean"]) == (10.0, 3.0)
    assert alone["operator_villages_dark_mean"] == 1.5


def test_nothing_on_air_is_a_table_without_rows() -> None:
    stations = STATIONS.iloc[:1]
    province = made_province(stations, (), points=POINTS, population=PEOPLE, communes=["X"] * 7, commune_of={})
    assert tuple(province.table().columns) == DEPENDENCY_COLUMNS
    assert province.table().empty
    assert province.communes()[["villages", "positions"]].to_numpy().tolist() == [[7, 0]]
    assert dependency_by_operator_count(province.table()).empty


def test_stations_without_any_village_have_their_rows() -> None:
    province = made_province(STATIONS, (), points=(), population=(), communes=[], commune_of={"A": "X", "B": "X"})
    table = province.table()
    assert sorted(rows(table, "position", "id", "villages_served", "people_dark")) == [
        ("A", 0, 0.0), ("B", 0, 0.0), ("C", 0, 0.0)
    ]  # fmt: skip
    assert province.communes()[["commune", "villages", "positions"]].to_numpy().tolist() == [["", 0, 1], ["X", 0, 2]]


def drawn(seed: int, min_operators: int) -> Province:
    """Return a random small province with voids, clusters, stations of several cells, and a generation that is out."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 10))
    position = rng.choice(["A", "B", "C", "D"], count)
    drawn_rows = [
        (f"s{rng.integers(0, 7)}", str(where), str(rng.choice(["U", "V", "W"])), str(rng.choice(["", "L1", "L2"])),
         str(rng.choice(["", "R1", "R2"])))
        for where in position
    ]  # fmt: skip
    # Rows that share a station_id are cells of one station: one place, one operator.
    first = {one[0]: one for one in reversed(drawn_rows)}
    stations = made_stations([(one[0], *first[one[0]][1:3], *one[3:]) for one in drawn_rows])
    stations["generation"] = rng.choice(["2G", "4G"], count + 1, p=[0.2, 0.8])
    points = [(village, -1) for village in range(5)] + [(int(rng.integers(0, 5)), at) for at in range(4)]
    void = [at for at in range(9) if rng.random() < 0.15]
    likely = rng.uniform(0.1, 0.6)
    heard = [
        (name, point, bool(rng.random() < 0.75) and (point < 5 or point not in void))
        for name in sorted(first) for point in range(len(points)) if rng.random() < likely
    ]  # fmt: skip
    return made_province(
        stations, heard, points=points, population=rng.integers(0, 9, 5).astype(float), communes=[*"XXYY", ""],
        policy=Policy("drawn", generations=("3G", "4G", "5G"), min_operators=min_operators), ground_unknown=void,
        commune_of={"A": "X", "B": "X", "C": "Y", "D": ""},
    )  # fmt: skip


def without(province: Province, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the states and village statuses after judging again without these cells."""
    levels, where = province.service.levels, province.service.where
    left = ~gone[levels.cell]
    kept = Levels(levels.point[left], levels.cell[left], levels.level_dbm[left], levels.uplink_margin_db[left],
                  levels.known[left])  # fmt: skip
    state = judge_points(
        kept, province.service.cells, province.ground_known, policy=province.policy, thresholds=THRESHOLDS
    )
    return state, village_status(state, where, len(province.villages), min_people_percent=95.0).status


def each_group(province: Province) -> Iterator[tuple[str, str, np.ndarray]]:
    counted = province.stations.iloc[province.service.cells.station_row]
    for kind in KINDS:
        named = counted[COLUMN_OF_KIND[kind]].fillna("").to_numpy(dtype=object)
        for name in sorted(set(named) - {""}):
            yield kind, name, named == name


def judged_again(province: Province, gone: np.ndarray) -> dict[str, set[object]]:
    """Return the villages that an outage of these cells hits, by judging all of them again."""
    where, status = province.service.where, province.villages["status"].to_numpy()
    before, _ = without(province, np.zeros(len(gone), dtype=bool))
    after, _ = without(province, gone)
    village, centre = where.village, where.is_centre
    lost, centre, village = (before == SERVED) & (after != SERVED), where.is_centre, where.village
    dark = set(village[centre & lost])
    unsure = set(village[centre & lost & (after == UNDECIDED)])
    hit = set(village[~centre & lost])
    return {"dark": dark, "unsure": unsure, "weakened": {v for v in hit if status[v] == "covered"} - dark}


def heard_at_centres(province: Province, gone: np.ndarray) -> set[tuple[int, int]]:
    """Return (village, cell) of what serves a centre of known status for certain, without these cells."""
    levels, where = province.service.levels, province.service.where
    status = province.villages["status"].to_numpy()[where.village]
    serves = levels.known & (levels.margin_db(province.service.threshold_dbm) >= 0.0) & ~gone[levels.cell]
    serves &= (where.is_centre & (status != "unknown"))[levels.point]
    return set(zip(where.village[levels.point[serves]].tolist(), levels.cell[serves].tolist(), strict=True))


@given(seed=st.integers(0, 2**32 - 1), min_operators=st.sampled_from([1, 2]))
@settings(deadline=None, max_examples=40)
def test_an_outage_costs_what_judging_again_without_it_says(seed: int, min_operators: int) -> None:
    province = drawn(seed, min_operators)
    table = province.table().set_index(["kind", "id"])
    people, status = province.villages["population"].to_numpy(), province.villages["status"].to_numpy()
    operator, position = province.service.cells.operator, province.service.position_of_cell
    everywhere = heard_at_centres(province, np.zeros(len(operator), dtype=bool))
    hangs = {
        (v, name) for kind, name, gone in each_group(province) if kind == "position"
        for v in judged_again(province, gone)["dark"]
    }  # fmt: skip
    listed = 0
    for kind, name, gone in each_group(province):
        row, again = table.loc[(kind, name)], judged_again(province, gone)
        for what in ("dark", "weakened"):
            assert row[f"villages_{what}"] == len(again[what])
        assert row["villages_dark_unsure"] == len(again["unsure"])
        assert row["people_dark"] == people[sorted(again["dark"])].sum()
        with_signal = {(v, c) for v, c in everywhere if gone[c] and status[v] in ("covered", "weak")}
        assert row["villages_served"] == len({v for v, _ in with_signal})
        assert row["villages_on_one_position"] == len({v for v, c in with_signal if (v, position[c]) in hangs})
        still = {(v, operator[c]) for v, c in heard_at_centres(province, gone)}
        assert row["operator_villages_dark"] == len({(v, operator[c]) for v, c in everywhere} - still)
        listed += 1
    assert len(table) == listed, "every group has its row, and no other"


@given(seed=st.integers(0, 2**32 - 1), min_operators=st.sampled_from([1, 2, 3]))
@settings(deadline=None, max_examples=25)
def test_the_larger_outage_takes_the_smaller_one_along(seed: int, min_operators: int) -> None:
    """A station's dark villages are among its position's; with n operators asked no village hangs on more than n."""
    province = drawn(seed, min_operators)
    now = present(province.service, province.villages, province.policy)
    groups = {kind: groups_of(kind, province.stations, province.service.cells) for kind in KINDS}
    dark = {kind: {(int(v), groups[kind].ids[g]) for v, g in loss(now, groups[kind]).dark} for kind in KINDS}
    home = dict(zip(province.stations["station_id"], province.stations["position_id"], strict=True))
    assert {(v, home[name]) for v, name in dark["station"]} <= dark["position"]
    with_signal = int(province.villages["status"].isin(["covered", "weak"]).sum())
    table = province.table()
    assert len(dark["position"]) <= min_operators * with_signal
    assert (table["villages_dark"] <= table["villages_served"]).all()
    assert (table["villages_dark_unsure"] <= table["villages_dark"]).all()
    communes = province.communes()
    assert communes["villages_on_one_position"].sum() == len({v for v, _ in dark["position"]})
    assert communes["villages_with_signal"].sum() == with_signal
    assert communes["positions"].sum() == len(province.positions)
    only = only_signals(province.service)
    known = province.villages["status"].to_numpy()[only["village"]] != "unknown"
    silent = table.loc[table["kind"] == "position"].set_index("id")["operator_villages_dark"]
    assert silent[silent > 0].to_dict() == only[known].groupby("position_id").size().to_dict()


@pytest.mark.parametrize("min_operators", [1, 2])
def test_where_all_stations_fail_together_every_village_with_signal_goes_dark(min_operators: int) -> None:
    province = by_hand(Policy("n", min_operators=min_operators))
    province = replace(province, stations=STATIONS.assign(power_group="all"))
    with_signal = int(province.villages["status"].isin(["covered", "weak"]).sum())
    assert rows(province.table(), "power_group", "villages_dark", "villages_served") == [(with_signal, with_signal)]
    assert with_signal > 0


@given(seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=8)
def test_the_order_of_the_register_means_nothing(seed: int) -> None:
    province = drawn(seed, 1)
    rng = np.random.default_rng(seed)
    cells, levels = province.service.cells, province.service.levels
    mixed = rng.permutation(len(cells))
    place = np.argsort(mixed)
    again = np.lexsort((levels.point, place[levels.cell]))
    moved = Cells(**{
        name: getattr(cells, name) if name == "sectors_deg" else getattr(cells, name)[mixed]
        for name in Cells.__dataclass_fields__
    })  # fmt: skip
    reordered = Levels(levels.point[again], place[levels.cell][again].astype(np.int32), levels.level_dbm[again],
                       levels.uplink_margin_db[again], levels.known[again])  # fmt: skip
    service = replace(province.service, cells=moved, levels=reordered,
                      threshold_dbm=province.service.threshold_dbm[mixed])  # fmt: skip
    pd.testing.assert_frame_equal(province.table(), replace(province, service=service).table())
    pd.testing.assert_frame_equal(province.communes(), replace(province, service=service).communes())


def test_a_whole_province_takes_seconds() -> None:
    """Quảng Ninh's size: 6,296 stations on 2,150 positions, 4,000 points, 400 cells in range of each."""
    rng = np.random.default_rng(5)
    count, points, villages = 6296, 4000, 1452
    at = np.concatenate([np.arange(2150), rng.integers(0, 2150, count - 2150)])
    stations = made_stations([
        (f"S{row:04}", f"P{place:04}", str(operator), f"L{place // 12}", f"{operator}-{place // 20}")
        for row, (place, operator) in enumerate(zip(at, rng.choice(["U", "V", "W", "X"], count), strict=True))
    ])  # fmt: skip
    centres = [(village, -1) for village in range(villages)]
    clusters = [(int(rng.integers(0, villages)), row) for row in range(points - villages)]
    province = made_province(
        stations, (), points=centres + clusters, population=np.ones(villages), communes=["X"] * villages,
        commune_of=dict.fromkeys((f"P{place:04}" for place in range(2150)), "X"),
    )  # fmt: skip
    pair = np.unique(rng.integers(0, count * points, 400 * points))
    levels = Levels(
        point=(pair % points).astype(np.int32), cell=(pair // points).astype(np.int32),
        level_dbm=rng.choice([HEARD_DBM, FAINT_DBM], len(pair), p=[0.3, 0.7]), uplink_margin_db=np.ones(len(pair)),
        known=rng.random(len(pair)) < 0.99,
    )  # fmt: skip
    villages_with_signal = province.villages.assign(status="covered")
    province = replace(province, service=replace(province.service, levels=levels), villages=villages_with_signal)
    started = time.perf_counter()
    table, communes = province.table(), province.communes()
    assert time.perf_counter() - started < 5.0
    assert len(table[table["kind"] == "station"]) == count
    assert communes["positions"].sum() == 2150

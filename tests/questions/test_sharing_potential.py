"""What could still be shared, and whose last signal goes if one of two masts does: a province of five masts by hand."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.radio.cells import Cells, Radiators
from whitesignal.radio.levels import Levels
from whitesignal.radio.reach import SamplePoints
from whitesignal.sharing.last_signal import losses, only_signals
from whitesignal.sharing.potential import POTENTIAL_COLUMNS, sharing_potential
from whitesignal.villages.points import CENTRE, CLUSTER, VillagePoints
from whitesignal.villages.service import Service

THRESHOLD_DBM = -100.0
METRE_DEG = 1.0 / 110_700.0
"""A metre northwards at 21° N, nearly. [deg]"""

Cell = tuple[str, str, float]
"""Position, operator, band. [MHz]"""

Pair = tuple[int, int, float]
"""Cell, village, level. [dBm]"""


def made_service(
    cells: Sequence[Cell], pairs: Sequence[Pair], *, villages: int, unknown: Sequence[tuple[int, int]] = (),
    eirp_dbm: Sequence[float] | None = None, max_km: Sequence[float] | None = None,
    uplink_max_loss_db: Sequence[float] | None = None,
) -> Service:  # fmt: skip
    """Return a service with one radiator for each cell and one centre for each village; the uplink always closes."""
    count = len(cells)
    position, operator, band_mhz = (np.array(column, dtype=object) for column in zip(*cells, strict=True))
    nothing, thirty = np.zeros(count), np.full(count, 30.0)
    radiators = Radiators(
        position_id=position, longitude=nothing, latitude=nothing, antenna_height_m=thirty,
        band_mhz=band_mhz.astype(np.float64), radius_km=thirty, floor_loss_db=thirty,
    )  # fmt: skip
    transmitters = Cells(
        station_row=np.arange(count), radiator=np.arange(count), generation=np.full(count, "4G", dtype=object),
        operator=operator, eirp_dbm=np.array(eirp_dbm or nothing, dtype=np.float64), service_dbm=nothing,
        uplink_max_loss_db=np.array(uplink_max_loss_db or nothing, dtype=np.float64),
        max_km=np.array(max_km or thirty, dtype=np.float64), sectors_deg=((),) * count,
        beamwidth_deg=nothing, tilt_deg=nothing, rank=np.arange(count),
    )  # fmt: skip
    ordered = sorted(pairs)
    levels = Levels(
        point=np.array([village for _, village, _ in ordered], dtype=np.int32),
        cell=np.array([cell for cell, _, _ in ordered], dtype=np.int32),
        level_dbm=np.array([level for *_, level in ordered], dtype=np.float64),
        uplink_margin_db=np.full(len(ordered), 5.0),
        known=np.array([(cell, village) not in unknown for cell, village, _ in ordered], dtype=np.bool_),
    )  # fmt: skip
    places = np.zeros(villages)
    where = VillagePoints(
        SamplePoints(places, places, np.ones(villages, dtype=bool)),
        village=np.arange(villages), kind=np.zeros(villages, dtype=np.int8),
        name=np.full(villages, "", dtype=object), people=places,
    )  # fmt: skip
    return Service(levels, transmitters, radiators, where, np.full(count, THRESHOLD_DBM))


CELLS: tuple[Cell, ...] = (
    ("A", "Viettel", 900.0), ("A", "Viettel", 1800.0), ("B", "VinaPhone", 900.0), ("C", "MobiFone", 900.0),
)  # fmt: skip
PAIRS: tuple[Pair, ...] = (
    (0, 0, -90.0), (2, 0, -95.0),  # both masts reach village 0
    (0, 1, -90.0), (2, 1, -104.0),  # only A does; B's 900 MHz is 4 dB short
    (1, 2, -90.0), (3, 2, -80.0),  # A on 1800 MHz, which B has not, and C
    (2, 3, -90.0),  # only B
    (0, 4, -101.0),  # nobody
)  # fmt: skip
PEOPLE = np.array([10.0, 20.0, 40.0, 80.0, 160.0])


def cost(service: Service, dropped: str, kept: str, people: np.ndarray = PEOPLE) -> dict[str, float]:
    return losses(pd.DataFrame({"dropped": [dropped], "kept": [kept]}), service, people).iloc[0].to_dict()


def test_what_hangs_on_one_position_is_found() -> None:
    service = made_service(CELLS, PAIRS, villages=5)
    table = only_signals(service)
    rows = list(table[["position_id", "operator", "village", "only"]].itertuples(index=False, name=None))
    assert rows == [
        ("A", "Viettel", 0, False), ("A", "Viettel", 1, True), ("A", "Viettel", 2, False),
        ("B", "VinaPhone", 0, False), ("B", "VinaPhone", 3, True), ("C", "MobiFone", 2, False),
    ]  # fmt: skip


def test_dropping_a_mast_costs_the_villages_that_hang_on_it() -> None:
    lost = cost(made_service(CELLS, PAIRS, villages=5), "A", "B")
    assert (lost["villages_dark_if_dropped"], lost["people_dark_if_dropped"]) == (1, 20.0)
    assert (lost["villages_of_operator_if_dropped"], lost["people_of_operator_if_dropped"]) == (3, 70.0)


def test_moving_to_the_other_mast_saves_what_it_reaches_on_the_same_band() -> None:
    """Village 0 is reached from B; village 1 is 4 dB short; village 2 hung on a band that B has not."""
    lost = cost(made_service(CELLS, PAIRS, villages=5), "A", "B")
    assert (lost["villages_dark_if_moved"], lost["people_dark_if_moved"]) == (1, 20.0)
    assert (lost["villages_of_operator_if_moved"], lost["people_of_operator_if_moved"]) == (2, 60.0)


def test_a_moved_cell_keeps_its_own_power() -> None:
    """With 5 dB more than B's own, Viettel's 900 MHz reaches village 1 from B's mast."""
    service = made_service(CELLS, PAIRS, villages=5, eirp_dbm=(5.0, 0.0, 0.0, 0.0))
    assert cost(service, "A", "B")["villages_dark_if_moved"] == 0
    weaker = made_service(CELLS, PAIRS, villages=5, eirp_dbm=(-6.0, 0.0, 0.0, 0.0))
    assert cost(weaker, "A", "B")["villages_of_operator_if_moved"] == 3


def test_a_moved_cell_keeps_its_own_uplink_limit() -> None:
    """B's uplink closes with 5 dB to spare; Viettel's may lose 6 dB less, so village 0 hears B's mast in vain."""
    for limits_db, lost in (((-4.0, 0.0, 0.0, 0.0), 2), ((-6.0, 0.0, 0.0, 0.0), 3)):
        service = made_service(CELLS, PAIRS, villages=5, uplink_max_loss_db=limits_db)
        assert cost(service, "A", "B")["villages_of_operator_if_moved"] == lost


def test_a_village_is_judged_at_its_centre() -> None:
    """Made clusters of village 1, the points 1 and 3 are no centres: what hangs there is no last signal."""
    service = made_service(CELLS, PAIRS, villages=5)
    where = replace(
        service.where,
        village=np.array([0, 1, 2, 1, 4]),
        kind=np.array([CENTRE, CLUSTER, CENTRE, CLUSTER, CENTRE], dtype=np.int8),
    )
    lost = cost(replace(service, where=where), "A", "B")
    assert (lost["villages_dark_if_dropped"], lost["villages_of_operator_if_dropped"]) == (0, 2)


def test_a_host_that_is_followed_further_lends_no_distance() -> None:
    service = made_service(CELLS, PAIRS, villages=5, max_km=(10.0, 10.0, 30.0, 30.0))
    assert cost(service, "A", "B")["villages_of_operator_if_moved"] == 3


def test_a_path_over_a_void_saves_nobody() -> None:
    service = made_service(CELLS, PAIRS, villages=5, unknown=[(2, 0)])
    lost = cost(service, "A", "B")
    assert lost["villages_dark_if_dropped"] == 2, "B's unknown path does not hold village 0"
    assert lost["villages_dark_if_moved"] == 2


def test_a_second_position_of_the_operator_holds_its_village() -> None:
    service = made_service((*CELLS, ("D", "Viettel", 900.0)), (*PAIRS, (4, 1, -99.0)), villages=5)
    lost = cost(service, "A", "B")
    assert lost["villages_dark_if_dropped"] == 0
    assert lost["villages_of_operator_if_dropped"] == 2


def test_nobody_counted_is_not_nobody_there() -> None:
    service = made_service(CELLS, PAIRS, villages=5)
    lost = cost(service, "A", "B", np.full(5, np.nan))
    assert lost["villages_dark_if_dropped"] == 1
    assert np.isnan(lost["people_dark_if_dropped"])
    partly = cost(service, "A", "B", np.array([np.nan, 20.0, 40.0, 80.0, 160.0]))
    assert partly["people_of_operator_if_dropped"] == 60.0


def made_positions(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return a sharing table of positions: id, operators, metres northwards."""
    table = pd.DataFrame(rows, columns=["position_id", "operators", "north_m"])
    return table.assign(
        longitude=107.0, latitude=21.0 + table["north_m"] * METRE_DEG, structure="A2b", commune="X", district="D",
        province="P", operator_count=table["operators"].str.count(";") + 1,
    )  # fmt: skip


def made_stations(**height_m: float) -> pd.DataFrame:
    return pd.DataFrame({"position_id": list(height_m), "antenna_height_m": list(height_m.values()), "counted": True})


POSITIONS = made_positions(
    ("A", "Viettel", 0.0), ("B", "VinaPhone", 200.0), ("C", "MobiFone", 450.0), ("E", "Gmobile;Viettel", 100.0),
    ("F", "Viettel", 50.0), ("G", "VinaPhone", 9000.0),
)  # fmt: skip
STATIONS = made_stations(A=30.0, B=42.0, C=30.0, E=30.0, F=30.0, G=30.0)
VILLAGES = pd.DataFrame({"population": PEOPLE})


def test_pairs_are_of_two_operators_alone_on_their_masts_within_the_distance() -> None:
    table = sharing_potential(POSITIONS, STATIONS, VILLAGES, made_service(CELLS, PAIRS, villages=5))
    assert tuple(table.columns) == POTENTIAL_COLUMNS
    pairs = {tuple(sorted(pair)) for pair in zip(table["dropped"], table["kept"], strict=True)}
    assert pairs == {("A", "B"), ("A", "C"), ("B", "C"), ("B", "F"), ("C", "F")}
    assert len(table) == 2 * len(pairs)
    near = sharing_potential(
        POSITIONS, STATIONS, VILLAGES, made_service(CELLS, PAIRS, villages=5), max_distance_m=210.0
    )
    assert {tuple(sorted(pair)) for pair in zip(near["dropped"], near["kept"], strict=True)} == {("A", "B"), ("B", "F")}


def test_the_choice_that_loses_less_is_marked_and_comes_first() -> None:
    """Dropping A leaves 20 people dark, dropping B 80: B is kept."""
    two = POSITIONS[POSITIONS["position_id"].isin(["A", "B"])]
    table = sharing_potential(two, STATIONS, VILLAGES, made_service(CELLS, PAIRS, villages=5))
    assert table["dropped"].tolist() == ["A", "B"]
    assert table["loses_less"].tolist() == [True, False]
    assert table["people_dark_if_moved"].tolist() == [20.0, 80.0]
    assert table["antenna_height_m_kept"].tolist() == [42.0, 30.0]
    assert table["distance_m"].to_numpy() == pytest.approx(200.0, abs=0.5)


def test_where_both_lose_alike_the_higher_mast_stays_then_the_first_id() -> None:
    two = POSITIONS[POSITIONS["position_id"].isin(["A", "B"])]
    silent = made_service(CELLS, ((0, 4, -120.0),), villages=5)
    assert sharing_potential(two, STATIONS, VILLAGES, silent).loc[0, "kept"] == "B"
    level = made_stations(A=30.0, B=30.0)
    assert sharing_potential(two, level, VILLAGES, silent).loc[0, "kept"] == "A"


def test_disjoint_pairs_share_no_position() -> None:
    table = sharing_potential(POSITIONS, STATIONS, VILLAGES, made_service(CELLS, PAIRS, villages=5))
    chosen = table[table["disjoint"] & table["loses_less"]]
    ends = [*chosen["dropped"], *chosen["kept"]]
    assert len(ends) == len(set(ends)) == 4
    assert table["disjoint"].iloc[0], "the cheapest pair is always among them"


def test_no_pair_is_an_empty_table() -> None:
    service = made_service(CELLS, PAIRS, villages=5)
    for positions in (POSITIONS.iloc[:0], POSITIONS.iloc[:1]):
        table = sharing_potential(positions, STATIONS, VILLAGES, service)
        assert table.empty
        assert tuple(table.columns) == POTENTIAL_COLUMNS


@given(seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=25)
def test_dropping_costs_what_judging_again_without_it_says(seed: int) -> None:
    """The sparse count is held against removing each position in turn; the order of the positions means nothing."""
    rng = np.random.default_rng(seed)
    names, villages = ["P0", "P1", "P2", "P3", "P4"], 6
    operator = dict(zip(names, rng.choice(["Viettel", "VinaPhone"], 5), strict=True))
    cells = [(name, operator[name], float(rng.choice([900, 1800]))) for name in rng.choice(names, 8)]
    pairs = [(cell, village, float(rng.integers(-110, -90)))
             for cell in range(8) for village in range(villages) if rng.uniform() < 0.4]  # fmt: skip
    service = made_service(cells, pairs, villages=villages)
    people = rng.integers(1, 100, villages).astype(np.float64)
    for dropped in sorted({name for name, *_ in cells}):
        served = {(v, cells[c][1]) for c, v, level in pairs if level >= THRESHOLD_DBM}
        still = {(v, cells[c][1]) for c, v, level in pairs if level >= THRESHOLD_DBM and cells[c][0] != dropped}
        dark = {v for v, _ in served} - {v for v, _ in still}
        lost = cost(service, dropped, "P0", people)
        assert lost["villages_of_operator_if_dropped"] == len(served - still)
        assert lost["people_dark_if_dropped"] == people[sorted(dark)].sum()
        for whom in ("villages_dark", "villages_of_operator", "people_dark", "people_of_operator"):
            assert 0 <= lost[f"{whom}_if_moved"] <= lost[f"{whom}_if_dropped"]
    places = made_positions(*((name, operator[name], float(50 * at)) for at, name in enumerate(names)))
    stations, table = made_stations(**dict.fromkeys(names, 30.0)), pd.DataFrame({"population": people})
    straight = sharing_potential(places, stations, table, service)
    pd.testing.assert_frame_equal(straight, sharing_potential(places.iloc[::-1], stations, table, service))


def test_a_whole_province_takes_seconds() -> None:
    """Quảng Ninh's size: 2,150 positions, 6,296 cells, 1,452 villages, 60 cells in range of each."""
    rng = np.random.default_rng(5)
    count, villages = 6296, 1452
    names = np.array([f"P{number:04}" for number in range(2150)], dtype=object)
    owner = rng.choice(["Viettel", "VinaPhone", "MobiFone"], 2150)
    at = np.concatenate([np.arange(2150), rng.integers(0, 2150, count - 2150)])
    cells = list(zip(names[at], owner[at], rng.choice([900.0, 1800.0, 2100.0], count), strict=True))
    near = np.unique(rng.integers(0, count * villages, 60 * villages * 4))
    pairs = list(zip((near // villages).tolist(), (near % villages).tolist(),
                     rng.uniform(-130.0, -90.0, len(near)).tolist(), strict=True))  # fmt: skip
    service = made_service(cells, pairs, villages=villages)
    positions = made_positions(*zip(names, owner, rng.uniform(0, 150_000, 2150), strict=True))
    started = time.perf_counter()
    table = sharing_potential(
        positions, made_stations(**dict.fromkeys(names, 30.0)), pd.DataFrame({"population": np.ones(villages)}), service
    )
    assert time.perf_counter() - started < 5.0
    assert len(table) > 10_000

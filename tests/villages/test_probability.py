"""Probabilities of signal, over small worlds made by hand: worked cases, laws, and what must not change them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from whitesignal.bands import THRESHOLDS, Generation
from whitesignal.errors import InputError
from whitesignal.kernels import draws
from whitesignal.kernels.jit import kernel
from whitesignal.project import Policy, UncertaintySettings
from whitesignal.radio.cells import Cells, Radiators
from whitesignal.radio.levels import Levels
from whitesignal.radio.reach import SamplePoints
from whitesignal.villages.draws import ErrorModel, links, name_keys
from whitesignal.villages.points import CENTRE, CLUSTER, VillagePoints
from whitesignal.villages.probability import Drawn, Probabilities, certainty, served_in_draws, village_probabilities
from whitesignal.villages.status import UNDECIDED, judge_points, village_status

OFFICIAL = Policy("official")
UNTUNED = ErrorModel()
TUNED = ErrorModel(3.0, 3.0, 4.8, 4.8)
TOTAL_DB = UncertaintySettings().total_db
EXACT = ErrorModel(0.0, 0.0, 0.0, 0.0, None, draws=20)
Point = tuple[str, str]
"""Village, cluster; the latter empty for the centre."""


@dataclass(frozen=True)
class Station:
    """A cell of one position, operator and generation, and its margin at each point it reaches; None over a void."""

    position: str
    margins_db: dict[Point, float]
    operator: str = "Viettel"
    generation: Generation = "4G"
    band_mhz: float = 1800.0
    voids: tuple[Point, ...] = ()


@dataclass(frozen=True)
class World:
    """Stations and points, in the order in which the tables are to hold them."""

    stations: list[Station]
    points: list[Point]
    people: dict[str, float]
    bad_ground: tuple[Point, ...] = ()

    def arguments(self, policy: Policy) -> dict[str, Any]:
        """Return what the library takes, the cells' margins written as levels over their service thresholds."""
        villages = list(self.people)
        centres = [point for point in self.points if not point[1]]
        clusters = [point for point in self.points if point[1]]
        points = centres + clusters
        pairs = [
            (points.index(point), cell, THRESHOLDS[station.generation].service + margin_db, point not in station.voids)
            for cell, station in enumerate(self.stations)
            for point, margin_db in sorted(station.margins_db.items(), key=lambda item: points.index(item[0]))
        ]
        columns = list(zip(*pairs, strict=True)) or [(), (), (), ()]
        count = len(self.stations)
        nothing = np.zeros(count)
        ground = np.array([point not in self.bad_ground for point in points], dtype=np.bool_)
        levels = Levels(
            point=np.array(columns[0], dtype=np.int32), cell=np.array(columns[1], dtype=np.int32),
            level_dbm=np.array(columns[2], dtype=np.float64), uplink_margin_db=np.full(len(pairs), 300.0),
            known=np.array(columns[3], dtype=np.bool_),
        )  # fmt: skip
        cells = Cells(
            station_row=np.arange(count), radiator=np.arange(count)[::-1],
            generation=np.array([station.generation for station in self.stations], dtype=object),
            operator=np.array([station.operator for station in self.stations], dtype=object),
            eirp_dbm=nothing, service_dbm=nothing, uplink_max_loss_db=nothing, max_km=nothing,
            sectors_deg=((),) * count, beamwidth_deg=nothing, tilt_deg=nothing, rank=np.arange(count),
        )  # fmt: skip
        radiators = Radiators(
            position_id=np.array([station.position for station in self.stations[::-1]], dtype=object),
            longitude=nothing, latitude=nothing, antenna_height_m=nothing,
            band_mhz=np.array([station.band_mhz for station in self.stations[::-1]], dtype=np.float64),
            radius_km=nothing, floor_loss_db=nothing,
        )  # fmt: skip
        where = VillagePoints(
            points=SamplePoints(np.zeros(len(points)), np.zeros(len(points)), np.zeros(len(points), dtype=np.bool_)),
            village=np.array([villages.index(village) for village, _ in points], dtype=np.int64),
            kind=np.array([CENTRE] * len(centres) + [CLUSTER] * len(clusters), dtype=np.int8),
            name=np.array([""] * len(centres) + [cluster for _, cluster in clusters], dtype=object),
            people=np.zeros(len(points)),
        )
        return {
            "levels": levels, "cells": cells, "radiators": radiators, "where": where,
            "villages": pd.DataFrame({"village_id": villages, "population": list(self.people.values())}),
            "state": judge_points(levels, cells, ground, policy=policy, thresholds=THRESHOLDS),
            "policy": policy, "thresholds": THRESHOLDS,
        }  # fmt: skip

    def drawn(self, errors: ErrorModel, policy: Policy = OFFICIAL, jobs: int = 1) -> Probabilities:
        return village_probabilities(**self.arguments(policy), errors=errors, jobs=jobs)

    def draw_by_draw(self, errors: ErrorModel, policy: Policy = OFFICIAL) -> dict[Point, NDArray[np.bool_]]:
        """Return for each point that can be judged whether it is served in each draw."""
        arguments = self.arguments(policy)
        chosen = links(**arguments, location_width_m=errors.location_width_m)
        ordered = [point for point in self.points if not point[1]] + [point for point in self.points if point[1]]
        return {ordered[at]: row for at, row in zip(chosen.point, served_in_draws(chosen, errors), strict=True)}


def lone(margin_db: float, **station: Any) -> World:
    """One point, one station."""
    return World([Station("P", {("V", ""): margin_db}, **station)], [("V", "")], {"V": 100.0})


def many(rng: np.random.Generator, *, villages: int, positions: int, middle_db: float = 0.0) -> World:
    """Villages of a centre and a cluster, each reached by four positions of the province, of three operators."""
    points = [(f"V{at}", cluster) for at in range(villages) for cluster in ("", "C")]
    reached: list[dict[Point, float]] = [{} for _ in range(positions)]
    for at in range(villages):
        for position in rng.choice(positions, 4, replace=False):
            for cluster in ("", "C"):
                reached[position][f"V{at}", cluster] = float(rng.normal(middle_db, 12.0))
    stations = [
        Station(f"P{at}", margins_db, operator=("Viettel", "VinaPhone", "MobiFone")[at % 3])
        for at, margins_db in enumerate(reached)
    ]
    return World(stations, points, {f"V{at}": float(rng.integers(20, 900)) for at in range(villages)})


def within(found: float, expected: float, count: int) -> bool:
    """Whether a share of draws lies within four standard deviations of its expectation."""
    return abs(found - expected) <= 4.0 * math.sqrt(expected * (1.0 - expected) / count) + 1e-12


@pytest.mark.parametrize("margin_db", [-25.0, -10.0, 0.0, 3.0, 12.0])
@pytest.mark.parametrize("errors", [UNTUNED, TUNED])
def test_one_server_serves_with_the_normal_probability_of_its_margin(margin_db: float, errors: ErrorModel) -> None:
    """By hand: p = Φ(m / s), where s² adds the four parts and (0.52 + 0.024 · 1.8)² · 100^0.56 of the location."""
    count = 100_000
    location_db = (0.52 + 0.024 * 1.8) * 100.0**0.28
    parts_db = (errors.province_db, errors.position_db, errors.village_db, errors.pair_db)
    expected = float(stats.norm.cdf(margin_db / math.hypot(*parts_db, location_db)))
    found = lone(margin_db).drawn(replace(errors, draws=count))
    assert within(found.p_point[0], expected, count)
    assert found.p_village_signal[0] == found.p_village_covered[0] == found.p_point[0]
    assert found.white_villages.expected == pytest.approx(1.0 - found.p_point[0])
    assert found.people_without_signal.expected == pytest.approx(100.0 * (1.0 - found.p_point[0]))


def component_normals(component: int, *names: str, count: int) -> NDArray[np.float64]:
    """One component's normals from seed 8; a name that is not given is 0."""
    seed_key, first, second = [*name_keys(["8", *names]), np.uint64(0), np.uint64(0)][:3]
    draw_keys, space, values = draws.made_draw_keys(seed_key, count), np.empty(count), np.empty(count)
    whose = np.uint64(component), first, second
    kernel(draws.fill_normals)(draw_keys, np.arange(count), count, seed_key, *whose, space, values)
    return values


@pytest.mark.parametrize("least", [1, 2, 3])
def test_draws_are_those_of_the_rule_written_out_in_numpy(least: int) -> None:
    """The twin: each component by its own names, each operator's cells together, operators counted."""
    errors = ErrorModel(4.1, 3.9, 5.7, 5.9, 250.0, draws=150, seed=8)
    world = many(np.random.default_rng(21), villages=12, positions=6)
    more = [
        replace(one, operator="Gmobile", band_mhz=900.0, margins_db=dict.fromkeys(one.margins_db, 2.0))
        for one in world.stations[:3]
    ]
    world = replace(world, stations=[*world.stations, *more])
    found = world.draw_by_draw(errors, Policy("made", min_operators=least))
    for (village, cluster), served in found.items():
        operators: dict[str, NDArray[np.bool_]] = {}
        for cell in world.stations:
            if (village, cluster) in cell.margins_db:
                location_db = (0.52 + 0.024 * cell.band_mhz / 1000.0) * 250.0**0.28
                error_db = (
                    4.1 * component_normals(0, count=150)
                    + 3.9 * component_normals(1, cell.position, count=150)
                    + 5.7 * component_normals(2, village, count=150)
                    + 5.9 * component_normals(3, cell.position, village, count=150)
                    + location_db * component_normals(4, cell.position, f"{village}\n{cluster}", count=150)
                )
                serves = cell.margins_db[village, cluster] - error_db >= 0.0
                operators[cell.operator] = operators.get(cell.operator, np.zeros(150, dtype=np.bool_)) | serves
        np.testing.assert_array_equal(served, np.sum(list(operators.values()), axis=0) >= least)


def test_the_location_alone_follows_the_cells_frequency() -> None:
    alone = ErrorModel(0.0, 0.0, 0.0, 0.0, 100.0, draws=100_000)
    for band_mhz, sigma_db in ((900.0, 1.966), (3700.0, 2.210)):  # (0.52 + 0.024 f) · 3.631
        found = lone(1.5, band_mhz=band_mhz).drawn(alone).p_point[0]
        assert within(found, float(stats.norm.cdf(1.5 / sigma_db)), 100_000)


@pytest.mark.parametrize("policy", [OFFICIAL, Policy("two", min_operators=2), Policy("new", generations=("4G", "5G"))])
def test_without_errors_every_draw_is_the_verdict(policy: Policy) -> None:
    world = many(np.random.default_rng(3), villages=60, positions=12)
    stations = [
        replace(station, generation=("4G", "2G")[at % 2], voids=tuple(station.margins_db)[::5])
        for at, station in enumerate(world.stations)
    ]
    world = replace(world, stations=stations, bad_ground=(("V3", ""), ("V4", "C")))
    arguments = world.arguments(policy)
    state, where = arguments["state"], arguments["where"]
    status = village_status(state, where, 60, min_people_percent=95.0).status
    found = world.drawn(EXACT, policy)
    np.testing.assert_array_equal(found.p_point, np.where(state == UNDECIDED, np.nan, state))
    words = {"white": (0.0, 0.0), "weak": (1.0, 0.0), "covered": (1.0, 1.0), "unknown": (np.nan, np.nan)}
    np.testing.assert_array_equal(
        np.stack([found.p_village_signal, found.p_village_covered], axis=1), [words[word] for word in status]
    )
    assert set(status) == set(words)
    white = status == "white"
    assert set(found.white_villages.draws.tolist()) == {int(white.sum())}
    assert set(found.weak_villages.draws.tolist()) == {int((status == "weak").sum())}
    people = arguments["villages"]["population"].to_numpy()
    assert set(found.people_without_signal.draws.tolist()) == {int(people[white].sum())}


def test_a_margin_of_exactly_nothing_serves() -> None:
    assert lone(0.0).drawn(EXACT).p_point[0] == 1.0
    assert lone(-1e-9).drawn(EXACT).p_point[0] == 0.0


margins = st.dictionaries(
    st.sampled_from([("V", ""), ("V", "C"), ("W", "")]), st.floats(-20.0, 20.0), min_size=1, max_size=3
)
station = st.builds(
    Station, st.sampled_from(["P", "Q", "R"]), margins,
    operator=st.sampled_from(["Viettel", "VinaPhone", "MobiFone"]), generation=st.sampled_from(["2G", "4G"]),
    band_mhz=st.sampled_from([900.0, 1800.0]),
)  # fmt: skip
POINTS: list[Point] = [("V", ""), ("V", "C"), ("W", "")]


@given(stations=st.lists(station, max_size=5), more=station, least=st.integers(1, 2), at=st.integers(0, 5))
@settings(deadline=None, max_examples=60)
def test_a_station_more_never_takes_signal_away_in_any_draw(
    stations: list[Station], more: Station, least: int, at: int
) -> None:
    policy, errors = Policy("made", min_operators=least), replace(UNTUNED, draws=200)
    people = {"V": 10.0, "W": 20.0}
    before = World(stations, POINTS, people).draw_by_draw(errors, policy)
    after = World([*stations[:at], more, *stations[at:]], POINTS, people).draw_by_draw(errors, policy)
    assert all((after[point] >= before[point]).all() for point in POINTS)


def test_a_station_elsewhere_and_rows_in_another_order_change_no_draw() -> None:
    errors = replace(UNTUNED, draws=300)
    world = many(np.random.default_rng(5), villages=20, positions=8)
    before = world.draw_by_draw(errors)
    more = Station("A new one", {("V0", ""): 5.0, ("V0", "C"): 5.0})
    turned = World(
        [more, *world.stations[::-1]], world.points[::-1], dict(sorted(world.people.items(), key=lambda item: item[1]))
    )
    after = turned.draw_by_draw(errors)
    assert set(after) == set(before)
    changed = [point for point in before if not np.array_equal(after[point], before[point])]
    assert set(changed) <= {("V0", ""), ("V0", "C")}
    assert changed
    again = replace(world, stations=world.stations[::-1]).drawn(errors)
    np.testing.assert_array_equal(again.white_villages.draws, world.drawn(errors).white_villages.draws)


def test_stations_on_one_position_err_alike_and_on_two_do_not() -> None:
    """Two operators on one mast, one band: served together or not at all. On two masts they differ at times."""
    one, two = (
        World(
            [Station("P", {("V", ""): 0.0}), Station(other, {("V", ""): 0.0}, operator="VinaPhone")],
            [("V", "")], {"V": 1.0},
        )
        for other in ("P", "Q")
    )  # fmt: skip
    both = Policy("both", min_operators=2)
    shared = one.draw_by_draw(UNTUNED)["V", ""]
    np.testing.assert_array_equal(shared, one.draw_by_draw(UNTUNED, both)["V", ""])
    apart = two.draw_by_draw(UNTUNED)["V", ""].mean() - two.draw_by_draw(UNTUNED, both)["V", ""].mean()
    correlation = (4.0**2 + 5.8**2) / (TOTAL_DB**2 + ((0.52 + 0.024 * 1.8) * 100**0.28) ** 2)
    assert within(apart, 1.0 - 2.0 * (0.25 + math.asin(correlation) / (2.0 * math.pi)), 1000)


def of_eight(errors: ErrorModel, margin_db: float) -> float:
    stations = [Station(f"P{at}", {("V", ""): margin_db}) for at in range(8)]
    return float(World(stations, [("V", "")], {"V": 1.0}).drawn(errors).p_point[0])


def test_eight_servers_of_one_in_five_give_five_in_six_alone_but_less_together() -> None:
    """83 % where they err independently, 58 % at correlation 0.5: the domain's example for shared errors."""
    margin_db = 10.0 * float(stats.norm.ppf(0.2))
    independent = ErrorModel(0.0, 0.0, 0.0, 10.0, None, draws=50_000)
    half = math.sqrt(50.0)
    together = ErrorModel(0.0, 0.0, half, half, None, draws=50_000)
    none, _ = integrate.quad(
        lambda common: stats.norm.pdf(common) * stats.norm.cdf((common * half - margin_db) / half) ** 8, -8.0, 8.0
    )
    assert within(of_eight(independent, margin_db), 1.0 - 0.8**8, 50_000)
    assert within(of_eight(together, margin_db), 1.0 - none, 50_000)
    assert (round(1.0 - 0.8**8, 2), round(1.0 - none, 2)) == (0.83, 0.58)


def test_the_interval_holds_for_truths_of_the_same_law_and_not_for_errors_taken_as_independent() -> None:
    """200 truths: a count of 180 has a standard deviation of 4.2; the tolerance is four, and twice over for the ends.

    The interval's ends come from 1,000 draws, whose own share outside has a standard deviation of 0.7 % at each end.
    """
    world = many(np.random.default_rng(11), villages=120, positions=30)
    truth, found = world.drawn(replace(UNTUNED, draws=200, seed=999)), world.drawn(UNTUNED)
    truths = truth.white_villages.draws
    tolerance = 4.0 * math.hypot(math.sqrt(0.9 * 0.1 / 200), math.sqrt(2.0 * 0.05 * 0.95 / 1000))

    def holds(counts: Drawn, truth: NDArray[np.int64]) -> float:
        return float(np.mean((truth >= counts.low) & (truth <= counts.high)))

    assert abs(holds(found.white_villages, truths) - 0.9) <= tolerance
    assert abs(holds(found.people_without_signal, truth.people_without_signal.draws) - 0.9) <= tolerance
    alone = world.drawn(ErrorModel(0.0, 0.0, 0.0, TOTAL_DB))
    assert holds(alone.white_villages, truths) < 0.6  # 0.47 over 5,000 truths, and four of its standard deviations
    assert (
        alone.white_villages.high - alone.white_villages.low
        < (found.white_villages.high - found.white_villages.low) / 2
    )


def test_numbers_are_the_same_for_any_number_of_threads_and_in_any_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    world = many(np.random.default_rng(7), villages=400, positions=40)
    errors = replace(UNTUNED, draws=100)
    one, four = world.drawn(errors), world.drawn(errors, jobs=4)
    monkeypatch.setattr("whitesignal.villages.probability.POINTS_AT_A_TIME", 3)
    small = world.drawn(errors, jobs=2)
    for other in (four, small):
        for name in ("p_point", "p_village_signal", "p_village_covered"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for name in ("white_villages", "weak_villages", "people_without_signal"):
            assert getattr(one, name).draws.tobytes() == getattr(other, name).draws.tobytes()


def test_a_village_is_drawn_as_a_whole() -> None:
    """Centre and cluster go by the same draws: never more often covered than either served, and weak between."""
    world = World(
        [Station("P", {("V", ""): 3.0, ("V", "C"): -2.0})], [("V", ""), ("V", "C"), ("W", "")], {"V": 50.0, "W": 7.0}
    )
    rows = world.draw_by_draw(UNTUNED)
    found = world.drawn(UNTUNED)
    assert found.p_village_covered[0] == np.mean(rows["V", ""] & rows["V", "C"])
    np.testing.assert_array_equal(found.weak_villages.draws, rows["V", ""] & ~rows["V", "C"])
    np.testing.assert_array_equal(found.white_villages.draws, 1 + ~rows["V", ""])
    np.testing.assert_array_equal(found.people_without_signal.draws, 7 + 50 * ~rows["V", ""])
    assert found.p_village_signal[1] == 0.0


def test_what_the_rule_cannot_judge_has_no_probability_and_counts_nowhere() -> None:
    void = Station("P", {("V", ""): 5.0, ("W", ""): 5.0, ("W", "C"): 5.0}, voids=(("V", ""), ("W", "C")))
    people = {"V": 10.0, "W": math.nan, "nowhere": 30.0}
    found = World([void], [("V", ""), ("W", ""), ("W", "C")], people).drawn(UNTUNED)
    assert np.isnan(found.p_point).tolist() == [True, False, True]
    assert np.isnan(found.p_village_signal).tolist() == [True, False, True]
    assert found.p_village_covered[1] == found.p_village_signal[1]  # its cluster cannot be judged
    assert found.white_villages.draws.max() == 1
    assert found.people_without_signal.draws.max() == 0
    assert found.without_population == 1
    assert certainty(found.p_village_signal).tolist() == ["unknown", "likely", "unknown"]


def test_a_path_over_a_void_adds_nothing_to_the_probability() -> None:
    """Nor does it make a point undecided that is served, or not served, whatever the void hides."""
    margins_db: dict[Point, float] = {("V", ""): 4.0, ("W", ""): -6.0}
    known, over = Station("P", margins_db), Station("Q", {("V", ""): 30.0, ("W", ""): -1.0}, voids=tuple(margins_db))
    points, people = list(margins_db), {"V": 10.0, "W": 20.0}
    without, found = (World(stations, points, people).drawn(UNTUNED) for stations in ([known], [known, over]))
    np.testing.assert_array_equal(found.p_point, without.p_point)
    assert 0.0 < found.p_point[1] < found.p_point[0] < 1.0


def test_a_province_without_stations_is_white_in_every_draw_and_one_without_villages_empty() -> None:
    bare = World([], [("V", ""), ("W", "")], {"V": 10.4, "W": 20.0}).drawn(UNTUNED)
    assert bare.p_village_signal.tolist() == [0.0, 0.0]
    assert (bare.white_villages.low, bare.white_villages.expected, bare.white_villages.high) == (2, 2.0, 2)
    assert bare.people_without_signal.low == 30  # whole people in each village
    empty = World([], [], {}).drawn(UNTUNED)
    assert empty.white_villages.draws.tolist() == [0] * 1000
    assert len(empty.p_point) == len(empty.p_village_signal) == 0


def test_more_operators_than_can_be_counted_are_refused() -> None:
    stations = [Station("P", {("V", ""): 1.0}, operator=f"O{at}") for at in range(65)]
    with pytest.raises(InputError, match="65 operators"):
        World(stations, [("V", "")], {"V": 1.0}).drawn(UNTUNED)

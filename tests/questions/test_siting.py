"""Where next: the choice is held against every possible choice on small cases, and the bound against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, csr_matrix

from whitesignal.errors import InputError
from whitesignal.inputs.tabular import read_table
from whitesignal.siting import Choice, choose
from whitesignal.siting.problem import problem_of
from whitesignal.siting.reduce import reduce

ROUNDING = 1e-9

ROAD_DISTANCES = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"


@dataclass(frozen=True)
class Case:
    """A question small enough to try every answer."""

    covers: NDArray[np.bool_]
    weight: NDArray[np.float64]
    cost: NDArray[np.float64]
    budget: float
    required: tuple[int, ...]

    def worth(self, chosen: tuple[int, ...] | NDArray[np.intp]) -> float:
        return float(self.weight[self.covers[:, list(chosen)].any(axis=1)].sum())

    def affordable(self, chosen: tuple[int, ...] | NDArray[np.intp]) -> bool:
        return float(self.cost[list(chosen)].sum()) <= self.budget * (1 + ROUNDING)

    def optimum(self) -> float:
        others = [index for index in range(len(self.cost)) if index not in self.required]
        choices = ((*self.required, *more) for count in range(len(others) + 1) for more in combinations(others, count))
        return max(self.worth(chosen) for chosen in choices if self.affordable(chosen))

    def chosen(self, *, exact: bool | None = None) -> Choice:
        return choose(self.covers, self.weight, cost=self.cost, budget=self.budget, required=self.required, exact=exact)


@st.composite
def cases(draw: st.DrawFn, *, one_price: bool = False) -> Case:
    """Cases of up to 12 demands and 9 candidates, with twins, idle candidates and worthless demands among them."""
    demand_count, candidate_count = draw(st.integers(0, 12)), draw(st.integers(1, 9))
    rows = st.lists(st.booleans(), min_size=candidate_count, max_size=candidate_count)
    covers = draw(st.lists(rows, min_size=demand_count, max_size=demand_count))
    numbers = draw(
        st.sampled_from(
            [
                st.integers(0, 20),
                st.integers(0, 997).map(lambda part: part / 997),
                st.sampled_from([1, 7, 10**6, 10**6 + 3]),
            ]
        )
    )
    weight = draw(st.lists(numbers, min_size=demand_count, max_size=demand_count))
    prices = st.just(1) if one_price else draw(st.sampled_from([st.integers(0, 6), st.floats(0.01, 3.0)]))
    cost = np.array(draw(st.lists(prices, min_size=candidate_count, max_size=candidate_count)), dtype=np.float64)
    required = tuple(sorted(draw(st.sets(st.integers(0, candidate_count - 1), max_size=2))))
    if one_price:
        cost[list(required)] = 0.0
    least = float(cost[list(required)].sum())
    more = draw(st.integers(0, 5)) if one_price else draw(st.floats(0.0, 6.0))
    matrix = np.array(covers, dtype=np.bool_).reshape(demand_count, candidate_count)
    return Case(matrix, np.array(weight, dtype=np.float64), cost, least + more, required)


def close(one: float, other: float) -> bool:
    return abs(one - other) <= ROUNDING * max(one, other)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_no_choice_within_the_budget_covers_more(case: Case) -> None:
    choice = case.chosen()
    assert choice.status == "optimal"
    assert choice.gap == 0.0
    assert close(choice.covered, case.optimum())


@settings(deadline=None, max_examples=40)
@given(cases(one_price=True), st.sampled_from([None, True]))
def test_no_choice_of_so_many_new_ones_covers_more(case: Case, exact: bool | None) -> None:
    choice = choose(case.covers, case.weight, new=int(case.budget), required=case.required, exact=exact)
    assert choice.status == "optimal"
    assert len(np.setdiff1d(choice.chosen, case.required)) <= case.budget
    assert close(choice.covered, case.optimum())


@settings(deadline=None, max_examples=40)
@given(cases())
def test_the_bound_of_a_quick_choice_is_never_below_the_truth(case: Case) -> None:
    choice, truth = case.chosen(exact=False), case.optimum()
    assert choice.covered <= truth * (1 + ROUNDING)
    assert choice.bound >= truth * (1 - 1e-12)
    assert choice.status == "heuristic" or close(choice.covered, truth)
    assert (choice.status == "optimal") == (choice.gap == 0.0)


@settings(deadline=None, max_examples=40)
@given(cases(), st.sampled_from([None, False]))
def test_what_is_said_of_a_choice_is_true_of_it(case: Case, exact: bool | None) -> None:
    choice = case.chosen(exact=exact)
    assert np.array_equal(choice.chosen, np.unique(choice.chosen))
    assert set(case.required) <= set(choice.chosen.tolist())
    assert case.affordable(choice.chosen)
    assert close(choice.covered, case.worth(choice.chosen))
    for candidate in np.setdiff1d(choice.chosen, case.required):
        assert case.worth(choice.chosen[choice.chosen != candidate]) < case.worth(choice.chosen)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_reduction_never_changes_what_can_be_covered(case: Case) -> None:
    free = Case(case.covers, case.weight, case.cost, case.budget, required=())
    whole = problem_of(csr_array(case.covers), case.weight, case.cost, case.budget * (1 + ROUNDING))
    reduced = reduce(whole)
    part = reduced.problem
    small = Case(part.demands.toarray() > 0, part.weight, part.cost, case.budget, required=())
    assert close(small.optimum(), free.optimum())
    assert np.array_equal(part.cost, case.cost[reduced.candidates])
    for one, other in permutations(range(part.candidate_count), 2):
        is_part = not np.any(small.covers[:, one] & ~small.covers[:, other])
        assert not is_part or part.cost[one] < part.cost[other]


def test_of_equal_candidates_the_first_stays_and_equal_demands_become_one() -> None:
    covers = np.array([[1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    reduced = reduce(problem_of(csr_array(covers), np.array([1.0, 2.0, 4.0, 8.0]), np.ones(4), 2.0))
    assert reduced.candidates.tolist() == [0]
    assert reduced.problem.weight.tolist() == [7.0]


@settings(deadline=None, max_examples=20)
@given(cases(), st.floats(0.0, 3.0))
def test_more_money_never_covers_less(case: Case, more: float) -> None:
    richer = Case(case.covers, case.weight, case.cost, case.budget + more, case.required)
    assert richer.chosen().covered >= case.chosen().covered * (1 - ROUNDING)


@settings(deadline=None, max_examples=20)
@given(cases())
def test_the_matrix_given_is_left_as_it_was_and_its_kind_does_not_matter(case: Case) -> None:
    matrix = csr_matrix(case.covers.astype(np.int8))
    matrix.data[::2] = 0
    before = (matrix.data.copy(), matrix.indices.copy(), matrix.indptr.copy())
    answers = [
        choose(covers, case.weight, cost=case.cost, budget=case.budget, required=case.required)
        for covers in (matrix, coo_array(matrix), matrix.toarray().astype(np.bool_))
    ]
    assert all(
        np.array_equal(now, then)
        for now, then in zip((matrix.data, matrix.indices, matrix.indptr), before, strict=True)
    )
    assert all(np.array_equal(answer.chosen, answers[0].chosen) for answer in answers)


@pytest.mark.shared
@pytest.mark.parametrize(("count", "everyone"), [(7, False), (8, True)])
def test_eight_stores_are_the_fewest_within_five_km_of_all_of_san_francisco(
    stores: csr_array, count: int, everyone: bool
) -> None:
    """The known answer to the set cover of this case, by road distance, as a question of covering most."""
    choice = choose(stores, np.ones(stores.shape[0]), new=count)
    assert choice.status == "optimal"
    assert (choice.covered == stores.shape[0]) is everyone
    assert len(choice.chosen) == count


@pytest.fixture(scope="module")
def stores(shared: Path) -> csr_array:
    """Census tracts × stores within 5 km of them by road."""
    table = read_table(shared / "siting" / "spopt_sf" / ROAD_DISTANCES).values
    distance_m = table.pivot(index="DestinationName", columns="name", values="distance").to_numpy(dtype=np.float64)
    assert distance_m.shape == (205, 16)
    return csr_array(distance_m <= 5000.0)


def test_an_exchange_finds_what_greed_misses() -> None:
    """The largest candidate is the wrong one: the two beside it cover everything between them."""
    greedy_first = np.array([[1, 0, 1], [1, 0, 1], [0, 1, 1], [0, 1, 1], [1, 0, 0], [0, 1, 0]])
    choice = choose(greedy_first, np.array([1.0, 1.0, 1.0, 1.0, 0.9, 0.9]), new=2, exact=False)
    assert choice.chosen.tolist() == [0, 1]
    assert choice.covered == pytest.approx(5.8)


def scattered(seed: int, *, demands: int = 60, candidates: int = 60, share: float = 0.08) -> NDArray[np.bool_]:
    """Coverage without any order in it, the hardest kind."""
    covered: NDArray[np.bool_] = np.random.default_rng(seed).random((demands, candidates)) < share
    return covered


def test_proof_finds_what_exchanges_and_prices_miss() -> None:
    covers, weight = (
        scattered(2, demands=100, candidates=100, share=0.05),
        np.random.default_rng(2).integers(1, 50, 100),
    )
    quick, proven = (choose(covers, weight, new=15, exact=exact) for exact in (False, None))
    assert (quick.status, proven.status) == ("heuristic", "optimal")
    assert quick.covered < proven.covered == proven.bound <= quick.bound


@pytest.mark.parametrize("exact", [None, False])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_question_gets_the_same_answer(seed: int, exact: bool | None) -> None:
    covers, cost = scattered(seed), np.random.default_rng(seed).integers(2, 9, 60)
    answers = [choose(covers, np.ones(60), cost=cost, budget=40, exact=exact) for _ in range(2)]
    assert answers[0].status != "time limit"
    assert np.array_equal(answers[0].chosen, answers[1].chosen)
    assert (answers[0].covered, answers[0].bound) == (answers[1].covered, answers[1].bound)


@pytest.mark.parametrize("first", [1e4, 1e6, 1e9])
def test_white_villages_come_first_and_people_still_count_to_the_last(first: float) -> None:
    """With villages weighed a million times as much as people, no person is lost to a tolerance."""
    rng = np.random.default_rng(5)
    people = rng.integers(1, 100, 60)
    white = rng.random(60) < 0.4
    covers = scattered(5)
    both = choose(covers, first * white + people, new=8)
    villages_only = choose(covers, white.astype(float), new=8)
    served = covers[:, both.chosen].any(axis=1)
    assert both.status == "optimal"
    assert white[served].sum() == villages_only.covered
    assert both.covered == first * white[served].sum() + people[served].sum()
    assert people[served].sum() == most_people(covers, white, people, villages=int(villages_only.covered), new=8)


def most_people(
    covers: NDArray[np.bool_], white: NDArray[np.bool_], people: NDArray[np.int64], *, villages: int, new: int
) -> int:
    """Return how many people so many candidates cover at most if they cover so many white villages: scipy's answer."""
    demands, candidates = covers.shape
    serving = np.hstack([-covers.astype(float), np.eye(demands)])
    counted = np.concatenate([np.ones(candidates), np.zeros(demands)])
    whites = np.concatenate([np.zeros(candidates), white.astype(float)])
    solved = milp(
        np.concatenate([np.zeros(candidates), -people.astype(float)]),
        constraints=[
            LinearConstraint(serving, -np.inf, 0),
            LinearConstraint(counted, 0, new),
            LinearConstraint(whites, villages, np.inf),
        ],
        integrality=np.ones(candidates + demands),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    assert solved.success
    return round(-float(solved.fun))


def test_a_clock_that_has_run_out_still_leaves_a_plan_and_a_bound() -> None:
    covers, weight = scattered(3), np.ones(60)
    choice = choose(covers, weight, new=10, time_limit_s=0.0)
    assert choice.status == "time limit"
    assert 0.0 < choice.covered <= 57.0 <= choice.bound
    assert choice.gap == pytest.approx((choice.bound - choice.covered) / choice.bound)


def test_required_stations_are_kept_and_not_counted_as_new() -> None:
    covers = np.eye(4, dtype=bool)
    choice = choose(covers, np.array([1.0, 2.0, 3.0, 4.0]), new=1, required=[0, 0])
    assert choice.chosen.tolist() == [0, 3]
    assert choice.covered == 5.0


def test_required_candidates_cost_what_is_given_for_them() -> None:
    covers, weight, cost = np.eye(3, dtype=bool), np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 1.0])
    assert choose(covers, weight, cost=cost, budget=3.0, required=[0]).chosen.tolist() == [0, 2]
    assert choose(covers, weight, cost=cost * [0, 1, 1], budget=2.0, required=[0]).chosen.tolist() == [0, 1, 2]


def test_a_budget_of_decimal_fractions_buys_what_they_add_up_to() -> None:
    """0.1 + 0.2 is a little more than 0.3 in floating point."""
    choice = choose(np.eye(2, dtype=bool), np.ones(2), cost=[0.1, 0.2], budget=0.3)
    assert choice.chosen.tolist() == [0, 1]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (3, 3)])
def test_where_nothing_can_be_covered_nothing_is_chosen(shape: tuple[int, int]) -> None:
    choice = choose(np.zeros(shape, dtype=bool), np.ones(shape[0]), new=2)
    assert len(choice.chosen) == 0
    assert (choice.covered, choice.bound, choice.gap, choice.status) == (0.0, 0.0, 0.0, "optimal")


def test_a_candidate_that_is_free_is_taken_when_it_adds_something() -> None:
    covers = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    choice = choose(covers, np.ones(3), cost=[0.0, 0.0, 5.0], budget=0.0)
    assert choice.chosen.tolist() == [1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "either new"),
        ({"new": 1, "budget": 1.0, "cost": [1, 1, 1]}, "not both"),
        ({"new": 1, "cost": [1, 1, 1]}, "cost counts only with a budget"),
        ({"budget": 1.0}, "cost of each candidate is missing"),
        ({"budget": -1.0, "cost": [1, 1, 1]}, "not a finite amount"),
        ({"budget": np.nan, "cost": [1, 1, 1]}, "not a finite amount"),
        ({"budget": 1.0, "cost": [1, 1]}, "cost: shape \\(2,\\) does not fit"),
        ({"budget": 1.0, "cost": [1, -1, np.inf]}, "2 values are not finite .*\\(-1 at 1, inf at 2"),
        ({"new": -1}, "no number of candidates"),
        ({"new": 1.5}, "no number of candidates"),
        ({"new": 1, "required": [3]}, "there is no candidate 3"),
        ({"new": 1, "required": [-1]}, "there is no candidate -1"),
        ({"new": 1, "required": [True, False, True]}, "indices of candidates are wanted"),
        ({"new": 1, "weight": [1.0]}, "weight: shape"),
        ({"new": 1, "weight": [1.0, np.nan]}, "weight: 1 values"),
        ({"new": 1, "covers": [[0, 2, 0], [0, 0, 0]]}, "every entry must be 0 or 1"),
        ({"new": 1, "covers": [[0, np.nan, 0], [0, 0, 0]]}, "every entry must be 0 or 1"),
        ({"new": 1, "time_limit_s": np.nan}, "time_limit_s"),
        ({"budget": 1.0, "cost": [1, 1, 1], "required": [0, 2]}, "these 2 candidates alone cost 2, more than"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_in_words(arguments: dict[str, Any], words: str) -> None:
    given_ = {"covers": np.ones((2, 3)), "weight": np.ones(2), **arguments}
    with pytest.raises(InputError, match=words):
        choose(given_.pop("covers"), given_.pop("weight"), **given_)

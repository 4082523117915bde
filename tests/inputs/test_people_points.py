"""Points that stand for people: the whole is kept, and no part of it is far from one of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.inputs.people_points import MOST_POINTS, sample_people

populations = st.lists(st.floats(0.01, 500.0), min_size=1, max_size=60)


@given(people=populations, seed=st.integers(0, 100))
@settings(deadline=None, max_examples=200)
def test_the_points_are_few_and_stand_for_everyone(people: list[float], seed: int) -> None:
    places = np.random.default_rng(seed).uniform(0.0, 5000.0, (2, len(people)))
    cells, stands_for = sample_people(*places, np.array(people))
    assert len(cells) == len(set(cells.tolist())) == min(len(people), len(cells)) <= MOST_POINTS
    np.testing.assert_allclose(stands_for.sum(), sum(people))
    assert (stands_for > 0.0).all()


def test_few_cells_are_all_taken_with_their_own_people() -> None:
    cells, people = sample_people(np.arange(3.0), np.zeros(3), np.array([5.0, 1.0, 9.0]))
    assert (cells.tolist(), people.tolist()) == ([0, 1, 2], [5.0, 1.0, 9.0])


def test_a_town_in_an_empty_valley_gets_the_points_its_people_deserve() -> None:
    """Of 24 cells in a row one holds eleven twelfths of the people: eleven of the twelve middles fall into it."""
    people = np.ones(24)
    people[5] = 23.0 * 11.0
    cells, stands_for = sample_people(np.arange(24.0), np.zeros(24), people)
    town = cells.tolist().index(5)
    assert stands_for[town] >= people.sum() * 10.0 / 12.0
    assert len(cells) <= 3


def test_the_order_of_the_cells_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    places, people = rng.uniform(0, 1000, (2, 40)), rng.uniform(1, 9, 40)
    shuffled = rng.permutation(40)
    cells, stands_for = sample_people(*places, people)
    again, stands_again = sample_people(*places[:, shuffled], people[shuffled])
    assert dict(zip(cells.tolist(), stands_for.tolist(), strict=True)) == dict(
        zip(shuffled[again].tolist(), stands_again.tolist(), strict=True)
    )


def test_equal_people_over_a_square_are_sampled_all_over_it() -> None:
    eastings, northings = (axis.ravel() for axis in np.meshgrid(np.arange(12.0), np.arange(12.0)))
    cells, _ = sample_people(eastings, northings, np.ones(144))
    away = np.hypot(eastings[:, None] - eastings[cells], northings[:, None] - northings[cells]).min(axis=1)
    assert len(cells) == MOST_POINTS
    assert away.max() < 5.0

"""The random numbers behind the probabilities: their law, their independence, and that names alone make them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from whitesignal.errors import InputError
from whitesignal.kernels import draws
from whitesignal.kernels.jit import kernel
from whitesignal.project import UncertaintySettings
from whitesignal.villages.draws import ErrorModel, name_keys
from whitesignal.villages.probability import Drawn

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

fill_normals = kernel(draws.fill_normals)

COUNT = 200_000
FOUR_SIGMA = 4.0 / np.sqrt(COUNT)


def normals(*, seed: str = "1", component: int = 0, first: str = "A", second: str = "B", count: int = COUNT) -> Floats:
    seed_key, first_key, second_key = name_keys([seed, first, second])
    draw_keys = draws.made_draw_keys(seed_key, count)
    space, values = np.empty(count), np.empty(count)
    names = np.uint64(component), first_key, second_key
    fill_normals(draw_keys, np.arange(count), count, seed_key, *names, space, values)
    return values


def mixed(value: Keys) -> Keys:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def numpy_normals(seed: str, component: int, first: str, second: str, count: int) -> Floats:
    """The twin: arrays of one or more, because numpy's scalars do not wrap silently."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    seed_key, first_key, second_key = (name_keys([name]) for name in (seed, first, second))
    stream = mixed(seed_key + np.array([component], np.uint64) * golden)
    stream = mixed((mixed((stream ^ first_key) + golden) ^ second_key) + golden)
    keys = mixed(mixed(seed_key) + np.arange(1, count + 1, dtype=np.uint64) * golden)
    shares = ((mixed(keys ^ stream) >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52
    return np.asarray(special.ndtri(shares), dtype=np.float64)


def test_the_kernel_draws_what_numpy_and_scipy_make_of_the_same_recipe() -> None:
    found = normals(seed="7", component=3, first="P1", second="V1", count=20_000)
    np.testing.assert_allclose(found, numpy_normals("7", 3, "P1", "V1", 20_000), rtol=2e-9, atol=1e-12)


def test_the_mixing_function_is_the_published_one() -> None:
    """The first numbers of splitmix64 from state 0, as its authors print them."""
    golden, states = np.uint64(0x9E3779B97F4A7C15), np.arange(1, 4, dtype=np.uint64)
    assert draws.mixed(states * golden).tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_the_inverse_normal_holds_its_published_error_from_end_to_end() -> None:
    ends = 2.0 ** -np.arange(1.0, 54.0)
    shares = np.concatenate([ends, 1.0 - ends, np.linspace(0.001, 0.999, 9_999), [0.02425, 0.97575]])
    found = np.array([draws.inverse_normal(share) for share in shares])
    np.testing.assert_allclose(found, special.ndtri(shares), rtol=1.2e-9, atol=1e-12)


@pytest.mark.parametrize("component", range(5))
def test_the_numbers_are_standard_normal(component: int) -> None:
    values = normals(component=component)
    assert stats.kstest(values, "norm").pvalue > 0.001
    assert abs(values.mean()) < FOUR_SIGMA
    assert abs(values.var() - 1.0) < FOUR_SIGMA * np.sqrt(2.0)
    assert abs(stats.kurtosis(values)) < FOUR_SIGMA * np.sqrt(24.0)


def test_across_streams_one_draw_is_standard_normal_too() -> None:
    """Names that differ by their last digit alone, as registers number them."""
    values = np.concatenate([normals(first=f"HG{number:05d}", count=4) for number in range(5_000)])
    assert stats.kstest(values, "norm").pvalue > 0.001
    by_draw = values.reshape(-1, 4)
    assert np.abs(np.corrcoef(by_draw, rowvar=False) - np.eye(4)).max() < 4.0 / np.sqrt(5_000)
    neighbours = np.corrcoef(by_draw[:-1, 0], by_draw[1:, 0])[0, 1]
    assert abs(neighbours) < 4.0 / np.sqrt(5_000)


def test_components_names_their_order_and_seeds_share_nothing() -> None:
    streams = [
        normals(), normals(component=1), normals(first="B", second="A"), normals(first="AB", second=""),
        normals(second="C"), normals(first="C"), normals(seed="2"), normals(seed="3"),
    ]  # fmt: skip
    for one, other in itertools.combinations(streams, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < FOUR_SIGMA
        assert abs(np.corrcoef(one**2, other**2)[0, 1]) < FOUR_SIGMA
        assert abs(np.corrcoef(np.abs(one), other)[0, 1]) < FOUR_SIGMA


@pytest.mark.parametrize("lag", [1, 2, 3, 8, 64, 1000])
def test_one_draw_says_nothing_of_the_next(lag: int) -> None:
    values = normals()
    assert abs(np.corrcoef(values[:-lag], values[lag:])[0, 1]) < FOUR_SIGMA
    assert abs(np.corrcoef(values[:-lag] ** 2, values[lag:] ** 2)[0, 1]) < FOUR_SIGMA


def test_of_more_draws_the_first_stay_the_same() -> None:
    np.testing.assert_array_equal(normals(count=50), normals(count=5_000)[:50])


def test_a_chosen_draw_is_the_same_alone_as_among_all() -> None:
    seed_key, first_key, second_key = name_keys(["1", "A", "B"])
    draw_keys = draws.made_draw_keys(seed_key, 1000)
    few, space, values = np.array([3, 999, 17]), np.empty(3), np.empty(3)
    fill_normals(draw_keys, few, 3, seed_key, np.uint64(0), first_key, second_key, space, values)
    np.testing.assert_array_equal(values, normals(count=1000)[few])


def test_names_keep_their_fingerprints_over_machines_and_marks_matter() -> None:
    assert [hex(key) for key in name_keys(["Lũng Cú", "Lung Cu", ""])] == [
        "0x60460f12cfb1a541",
        "0xce29f5ea85853b87",
        "0xb4b2797457a0a6e4",
    ]
    assert len(np.unique(name_keys(f"V{number}" for number in range(100_000)))) == 100_000


def test_the_presets_add_up_to_the_published_totals() -> None:
    tuned = UncertaintySettings(3.0, 3.0, 4.8, 4.8)
    assert (round(UncertaintySettings().total_db, 1), round(tuned.total_db, 1)) == (10.0, 8.0)


@pytest.mark.parametrize(
    "wrong",
    [{"pair_db": -1.0}, {"village_db": math.nan}, {"province_db": math.inf}, {"draws": 0}, {"location_width_m": 0.0}],
)
def test_an_error_model_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        ErrorModel(**wrong)


def test_an_interval_leaves_a_twentieth_out_at_either_end() -> None:
    counted = Drawn(np.arange(1, 101)[::-1])
    assert (counted.low, counted.expected, counted.high) == (5, 50.5, 95)

"""The exact engine's profiles and geometry against plain numpy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from whitesignal.kernels import diffraction, exact, single
from whitesignal.propagation import p526
from whitesignal.units import effective_earth_radius_km

OUTSIDE_M = 7.0
ROWS, COLUMNS = 24, 31
RADIUS_KM = effective_earth_radius_km(50.0)
TOLERANCE_M = 1e-3
"""The kernel's heights are single precision: 900 m are known to 0.06 mm, and it adds four of them."""
NO_VOID = np.empty((0, 0), dtype=np.bool_)
Place = tuple[float, float]


@dataclass(frozen=True)
class Land:
    """Rough ground, and a void in the middle of it that holds its rim's lowest height."""

    height_m: np.ndarray
    void: np.ndarray


@pytest.fixture(scope="module")
def rough() -> Land:
    rng = np.random.default_rng(11)
    height_m = rng.uniform(0.0, 900.0, (ROWS, COLUMNS)).astype(np.float32)
    void = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    void[10:14, 12:18] = True
    height_m[void] = height_m[9:15, 11:19][~void[9:15, 11:19]].min()
    return Land(height_m, void)


def height_twin(land: Land, void: np.ndarray, column: float, row: float) -> tuple[float, bool]:
    """Bilinear over the cells' centres, the border's height in the outermost half cell, nothing known beyond."""
    rows, columns = land.height_m.shape
    if not (-1e-6 <= column <= columns + 1e-6 and -1e-6 <= row <= rows + 1e-6):
        return OUTSIDE_M, False
    down, across = np.clip(row - 0.5, 0.0, rows - 1.0), np.clip(column - 0.5, 0.0, columns - 1.0)
    height_m = map_coordinates(land.height_m.astype(np.float64), [[down], [across]], order=1, mode="nearest")[0]
    upper, left = min(int(down), rows - 2), min(int(across), columns - 2)
    known = not void.size or not void[upper : upper + 2, left : left + 2].any()
    return float(height_m), known


places = st.tuples(st.floats(-3.0, COLUMNS + 3.0), st.floats(-3.0, ROWS + 3.0))
inner = st.tuples(st.floats(0.5, COLUMNS - 0.51), st.floats(0.5, ROWS - 0.51))


@given(place=places, with_void=st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_height_is_numpys_bilinear_one_and_known_where_no_void_is_near(
    rough: Land, place: Place, with_void: bool
) -> None:
    void = rough.void if with_void else NO_VOID
    found_m, known = exact.terrain_height(rough.height_m, void, OUTSIDE_M, *place)
    expected_m, expected_known = height_twin(rough, void, *place)
    assert found_m == pytest.approx(expected_m, abs=TOLERANCE_M)
    assert bool(known) is expected_known


@pytest.mark.parametrize(
    ("column", "row", "expected"),
    [(0.5, 0.5, (0, 0)), (COLUMNS - 0.5, ROWS - 0.5, (-1, -1)), (0.0, 0.0, (0, 0)), (COLUMNS, ROWS, (-1, -1))],
)
def test_a_cells_centre_and_the_borders_half_cell_have_the_cells_height(
    rough: Land, column: float, row: float, expected: tuple[int, int]
) -> None:
    assert exact.terrain_height(rough.height_m, NO_VOID, OUTSIDE_M, column, row) == (
        pytest.approx(float(rough.height_m[expected])),
        True,
    )


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1)])
def test_a_terrain_of_one_row_or_column_is_level_across(shape: tuple[int, int]) -> None:
    height_m = np.full(shape, 42.0, dtype=np.float32)
    for void in (NO_VOID, np.zeros(shape, dtype=np.bool_)):
        found = exact.terrain_height(height_m, void, OUTSIDE_M, shape[1] * 0.7, shape[0] * 0.7)
        assert found == (pytest.approx(42.0), True)


@given(path_km=st.floats(0.01, 80.0), step_km=st.floats(0.01, 1.0))
@settings(deadline=None, max_examples=100)
def test_intervals_are_no_longer_than_the_step_and_never_fewer_than_two(path_km: float, step_km: float) -> None:
    count = exact.interval_count(path_km, step_km)
    assert count >= 2
    assert path_km / count <= step_km * (1.0 + 1e-6)
    assert count == 2 or path_km / (count - 1) > step_km * (1.0 - 1e-6), "one interval fewer would be too long"


@given(start=places, end=places, count=st.integers(3, 90), with_void=st.booleans(), whole=st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_profile_is_the_heights_along_the_line_point_by_point(
    rough: Land, start: Place, end: Place, count: int, with_void: bool, whole: bool
) -> None:
    if whole:
        start, end = (round(start[0]), round(start[1])), (round(end[0]), round(end[1]))
    void = rough.void if with_void else NO_VOID
    distance_km, profile_m, known = np.empty(count), np.empty(count), np.empty(count, dtype=np.bool_)
    all_known = exact.read_profile(
        rough.height_m, void, OUTSIDE_M, float(start[0]), float(start[1]), float(end[0]), float(end[1]), 5.0, count,
        distance_km, profile_m, known,
    )  # fmt: skip
    share = np.linspace(0.0, 1.0, count)
    line = np.outer(1.0 - share, start) + np.outer(share, end)
    expected = [height_twin(rough, void, column, row) for column, row in line]
    assert distance_km == pytest.approx(5.0 * share, abs=1e-9)
    # Where the line runs along a cell's edge, rounding decides which side is looked at: the heights agree there.
    at_edge = np.abs((line - 0.5) - np.round(line - 0.5)).min(axis=1) < 1e-9
    outside = np.array([not isinstance(height, float) or height == OUTSIDE_M for height, _ in expected])
    border = outside & (np.abs(line - np.clip(line, 0.0, [COLUMNS, ROWS])).max(axis=1) < 2e-6)
    assert profile_m[~border] == pytest.approx(np.array([height for height, _ in expected])[~border], abs=TOLERANCE_M)
    sure = ~at_edge & ~border
    assert known[sure].tolist() == np.array([seen for _, seen in expected])[sure].tolist()
    assert bool(all_known) is bool(known.all())


@given(start=inner, end=inner)
@settings(deadline=None, max_examples=100)
def test_a_void_hides_exactly_the_profiles_that_come_within_a_cell_of_it(rough: Land, start: Place, end: Place) -> None:
    count = 60
    buffers = np.empty(count), np.empty(count), np.empty(count, dtype=np.bool_)
    line = (*start, *end, 3.0, count)
    without = exact.read_profile(rough.height_m, NO_VOID, OUTSIDE_M, *line, *buffers)
    assert without
    heights_m = buffers[1].copy()
    exact.read_profile(rough.height_m, rough.void, OUTSIDE_M, *line, *buffers)
    assert buffers[1] == pytest.approx(heights_m), "a void changes what is known, not what stands in for it"


def trace(land: Land, void: np.ndarray, tx: Place, rx: np.ndarray, path_km: np.ndarray, **kept: float) -> tuple[
    np.ndarray, np.ndarray, np.ndarray
]:  # fmt: skip
    geometry = np.empty((len(rx), diffraction.GEOMETRY_SIZE))
    slant_km, known = np.empty(len(rx)), np.empty(len(rx), dtype=np.bool_)
    exact.trace(
        land.height_m, void, OUTSIDE_M, float(tx[0]), float(tx[1]), rx[:, 0].copy(), rx[:, 1].copy(), path_km,
        kept["tx_height_m"], kept["rx_height_m"], kept["step_km"], *exact.working_space(path_km, kept["step_km"]),
        kept["radius_km"], geometry, slant_km, known,
    )  # fmt: skip
    return geometry, slant_km, known


@pytest.fixture
def kept() -> dict[str, float]:
    return {"tx_height_m": 30.0, "rx_height_m": 1.5, "step_km": 0.1, "radius_km": RADIUS_KM}


def test_a_trace_is_profile_and_geometry_path_by_path(rough: Land, kept: dict[str, float]) -> None:
    rng = np.random.default_rng(3)
    rx = rng.uniform([1.0, 1.0], [COLUMNS - 1.0, ROWS - 1.0], (20, 2))
    path_km = rng.uniform(0.05, 9.0, 20)
    geometry, slant_km, known = trace(rough, rough.void, (3.3, 20.2), rx, path_km, **kept)
    for k in range(20):
        count = max(math.ceil(path_km[k] / kept["step_km"] - 1e-9), 2) + 1
        share = np.linspace(0.0, 1.0, count)
        seen = [
            height_twin(rough, rough.void, column, row)
            for column, row in np.outer(1.0 - share, (3.3, 20.2)) + np.outer(share, rx[k])
        ]
        profile_m = np.array([height for height, _ in seen])
        rise_m = profile_m[0] + 30.0 - profile_m[-1] - 1.5
        assert slant_km[k] == pytest.approx(math.hypot(path_km[k], rise_m / 1000.0), abs=1e-9)
        assert bool(known[k]) is all(here for _, here in seen)
        expected = np.empty(diffraction.GEOMETRY_SIZE)
        single.diffraction_geometry(path_km[k] * share, profile_m, profile_m, count, 30.0, 1.5, RADIUS_KM, expected)
        assert geometry[k] == pytest.approx(expected, rel=1e-4, abs=1e-3, nan_ok=True)


def test_diffraction_losses_are_those_of_the_public_function(rough: Land, kept: dict[str, float]) -> None:
    rx = np.array([[28.5, 3.5], [6.2, 19.1]])
    path_km = np.array([4.0, 0.7])
    geometry, _, _ = trace(rough, NO_VOID, (3.3, 20.2), rx, path_km, **kept)
    loss_db = np.empty((2, 2))
    exact.diffraction_losses(geometry, np.array([900.0, 1800.0]), True, 15.0, 0.005, RADIUS_KM, loss_db)
    for k in range(2):
        count = exact.interval_count(path_km[k], 0.1) + 1
        share = np.linspace(0.0, 1.0, count)
        line = np.outer(1.0 - share, (3.3, 20.2)) + np.outer(share, rx[k])
        profile_m = np.array([height_twin(rough, NO_VOID, *place)[0] for place in line])
        for band, frequency_mhz in enumerate((900.0, 1800.0)):
            expected = p526.delta_bullington(
                path_km[k] * share, profile_m, tx_height_m=30.0, rx_height_m=1.5, frequency_mhz=frequency_mhz,
                permittivity=15.0, conductivity_s_per_m=0.005, out_of_range="flag",
            )  # fmt: skip
            assert loss_db[k, band] == pytest.approx(expected.loss_db, abs=0.01)
            assert bool(geometry[k, diffraction.BLOCKED] == 0.0) is expected.line_of_sight

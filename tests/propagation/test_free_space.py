"""ITU-R P.525."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import RangeError
from whitesignal.propagation import free_space

DISTANCES_KM = st.floats(0.001, 1000.0)
FREQUENCIES_MHZ = st.floats(30.0, 100_000.0)


def test_one_kilometre_at_one_megahertz_costs_the_32_4_db_of_p525_equation_4():
    assert free_space.loss_db(1.0, 1.0) == pytest.approx(32.4, abs=0.05)


def test_the_reference_code_of_p1812_agrees(p1812_cases):
    """Lbfs of P.1812-8 equation (8) takes the slant path; its 92.4 is 92.448 rounded."""
    for case in p1812_cases:
        path_km = (len(case["h_m"]) - 1) * case["step_m"] / 1000.0
        rise_m = case["h_m"][0] + case["htg_m"] - case["h_m"][-1] - case["hrg_m"]
        loss_db = free_space.loss_db(math.hypot(path_km, rise_m / 1000.0), case["f_ghz"] * 1000.0) - 0.0478
        assert loss_db == pytest.approx(case["expected"]["Lbfs"], abs=1e-4)


@settings(deadline=None)
@given(DISTANCES_KM, FREQUENCIES_MHZ)
def test_twice_the_distance_or_the_frequency_costs_six_decibels(distance_km, frequency_mhz):
    loss_db = free_space.loss_db(distance_km, frequency_mhz)
    assert free_space.loss_db(2.0 * distance_km, frequency_mhz) - loss_db == pytest.approx(6.0206, abs=1e-4)
    assert free_space.loss_db(distance_km, 2.0 * frequency_mhz) - loss_db == pytest.approx(6.0206, abs=1e-4)


def test_distances_and_bands_broadcast_and_equal_one_call_each():
    distances_km, bands_mhz = np.array([0.5, 2.0, 30.0]), np.array([900.0, 1800.0])
    losses_db = free_space.loss_db(distances_km[:, None], bands_mhz[None, :])
    assert losses_db.shape == (3, 2)
    for row, distance_km in enumerate(distances_km):
        for column, band_mhz in enumerate(bands_mhz):
            by_hand_db = 20.0 * math.log10(4.0 * math.pi * distance_km * 1e3 * band_mhz * 1e6 / 299_792_458.0)
            assert losses_db[row, column] == pytest.approx(by_hand_db, abs=1e-9)


@pytest.mark.parametrize(("distance_km", "frequency_mhz"), [(0.0, 900.0), (-1.0, 900.0), (1.0, 0.0), (math.nan, 900.0)])
def test_no_distance_has_no_loss_and_is_refused(distance_km, frequency_mhz):
    with pytest.raises(RangeError, match="above 0"):
        free_space.loss_db(distance_km, frequency_mhz)


def test_no_points_give_no_losses():
    assert free_space.loss_db(np.empty(0), 900.0).shape == (0,)

"""The sector antenna's pattern, 3GPP TR 36.814 V9.2.0 table A.2.1.1-2."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.radio.antenna import pattern_loss_db, vertical_loss_db
from whitesignal.radio.cells import sectors

ANGLES = st.floats(-180.0, 540.0)


def loss(
    azimuth_deg: float,
    elevation_deg: float = 0.0,
    *,
    towards: tuple[float, ...] = (0.0,),
    tilt_deg: float = math.nan,
    beamwidth_deg: float = 65.0,
) -> float:
    found = pattern_loss_db(
        np.array([azimuth_deg]),
        np.array([elevation_deg]),
        sectors_deg=towards,
        beamwidth_deg=beamwidth_deg,
        tilt_deg=tilt_deg,
    )
    return float(found[0])


@pytest.mark.parametrize(
    ("azimuth_deg", "expected_db"),
    # A_H = min(12 (φ/65)², 25): 3 dB at half the beamwidth, 10.2 dB half-way between sectors, 25 dB behind.
    [(0.0, 0.0), (32.5, 3.0), (-32.5, 3.0), (60.0, 10.2249), (180.0, 25.0), (359.0, 12 / 65**2)],
)
def test_the_horizontal_pattern_has_its_published_values(azimuth_deg: float, expected_db: float) -> None:
    assert loss(azimuth_deg) == pytest.approx(expected_db, abs=1e-4)


@pytest.mark.parametrize(
    ("elevation_deg", "tilt_deg", "expected_db"),
    # A_V = min(12 ((θ - θ_tilt)/10)², 20): on the beam, half a beamwidth off it, far off it.
    [(-6.0, 6.0, 0.0), (-1.0, 6.0, 3.0), (-11.0, 6.0, 3.0), (0.0, 4.0, 1.92), (45.0, 0.0, 20.0), (5.0, -5.0, 0.0)],
)
def test_the_vertical_pattern_has_its_published_values(
    elevation_deg: float, tilt_deg: float, expected_db: float
) -> None:
    assert loss(0.0, elevation_deg, tilt_deg=tilt_deg) == pytest.approx(expected_db, abs=1e-9)


@given(elevation_deg=st.floats(-90.0, 90.0), tilt_deg=st.floats(-30.0, 90.0))
@settings(deadline=None, max_examples=100)
def test_the_vertical_loss_is_never_above_20_db(elevation_deg: float, tilt_deg: float) -> None:
    assert 0.0 <= float(vertical_loss_db(np.array([elevation_deg]), tilt_deg)[0]) <= 20.0


@given(elevation_deg=st.floats(-90.0, 90.0))
@settings(deadline=None, max_examples=50)
def test_an_unknown_tilt_costs_nothing(elevation_deg: float) -> None:
    assert loss(0.0, elevation_deg) == 0.0


@given(azimuth_deg=ANGLES, elevation_deg=st.floats(-90.0, 90.0), tilt_deg=st.floats(-10.0, 20.0))
@settings(deadline=None, max_examples=100)
def test_both_losses_together_are_never_above_the_front_to_back_ratio(
    azimuth_deg: float, elevation_deg: float, tilt_deg: float
) -> None:
    assert 0.0 <= loss(azimuth_deg, elevation_deg, tilt_deg=tilt_deg) <= 25.0


@given(azimuth_deg=ANGLES, turns=st.integers(-2, 2))
@settings(deadline=None, max_examples=100)
def test_a_full_turn_changes_nothing(azimuth_deg: float, turns: int) -> None:
    assert loss(azimuth_deg + 360.0 * turns) == pytest.approx(loss(azimuth_deg), abs=1e-6)


@given(azimuth_deg=ANGLES, towards=st.lists(st.floats(0.0, 359.0), min_size=1, max_size=4), more=st.floats(0.0, 359.0))
@settings(deadline=None, max_examples=100)
def test_another_sector_never_takes_signal_away(azimuth_deg: float, towards: list[float], more: float) -> None:
    assert loss(azimuth_deg, towards=(*towards, more)) <= loss(azimuth_deg, towards=tuple(towards))


@given(azimuth_deg=ANGLES)
@settings(deadline=None, max_examples=50)
def test_an_omnidirectional_antenna_and_one_of_unknown_direction_lose_nothing_around(azimuth_deg: float) -> None:
    assert loss(azimuth_deg, towards=sectors("omni")) == 0.0
    assert loss(azimuth_deg, towards=sectors("")) == 0.0

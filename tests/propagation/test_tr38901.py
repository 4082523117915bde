"""3GPP TR 38.901 RMa and UMa."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import RangeError
from whitesignal.propagation import tr38901

RURAL = {"frequency_ghz": 0.9, "base_height_m": 30.0, "mobile_height_m": 1.5}
URBAN = {"frequency_ghz": 1.8, "base_height_m": 25.0, "mobile_height_m": 1.5}


@pytest.mark.shared
@pytest.mark.parametrize(("scenario", "model"), [("Rma", tr38901.rma_db), ("Uma", tr38901.uma_db)])
def test_every_published_row_is_met(reference_rows, scenario, model):
    """ns-3's values, with its mean building height 5 m and street width 20 m."""
    rows = [row for row in reference_rows("tr38901.csv") if row["scenario"] == scenario]
    assert len(rows) == 8
    for row in rows:
        loss_db = model(
            float(row["distance_2d_m"]),
            frequency_ghz=float(row["frequency_hz"]) / 1e9,
            base_height_m=float(row["h_bs_m"]),
            mobile_height_m=float(row["h_ut_m"]),
            line_of_sight=row["is_los"] == "true",
        )
        assert loss_db == pytest.approx(float(row["expected_pathloss_db"]), abs=1e-3)


@settings(deadline=None)
@given(
    st.floats(0.5, 30.0),
    st.floats(10.0, 150.0),
    st.floats(1.0, 10.0),
    st.floats(5.0, 50.0),
    st.floats(5.0, 50.0),
    st.booleans(),
)
def test_a_rural_cells_loss_never_falls_with_distance(
    frequency_ghz, base_height_m, mobile_height_m, building_height_m, street_width_m, line_of_sight
):
    losses_db = tr38901.rma_db(
        np.geomspace(10.0, 5000.0, 60),
        frequency_ghz=frequency_ghz,
        base_height_m=base_height_m,
        mobile_height_m=mobile_height_m,
        line_of_sight=line_of_sight,
        building_height_m=building_height_m,
        street_width_m=street_width_m,
    )
    assert np.all(np.diff(losses_db) >= 0.0)


@settings(deadline=None)
@given(st.floats(0.5, 100.0), st.floats(1.5, 12.0), st.booleans())
def test_an_urban_cells_loss_never_falls_with_distance(frequency_ghz, mobile_height_m, line_of_sight):
    losses_db = tr38901.uma_db(
        np.geomspace(10.0, 5000.0, 60),
        frequency_ghz=frequency_ghz,
        base_height_m=25.0,
        mobile_height_m=mobile_height_m,
        line_of_sight=line_of_sight,
    )
    assert np.all(np.diff(losses_db) >= -1e-9)


@settings(deadline=None)
@given(st.floats(10.0, 5000.0), st.floats(0.5, 30.0), st.floats(1.5, 10.0))
def test_a_hidden_terminal_never_hears_better_than_one_in_sight(distance_m, frequency_ghz, mobile_height_m):
    arguments = {"frequency_ghz": frequency_ghz, "base_height_m": 25.0, "mobile_height_m": mobile_height_m}
    for model in (tr38901.rma_db, tr38901.uma_db):
        assert model(distance_m, line_of_sight=False, **arguments) >= model(distance_m, line_of_sight=True, **arguments)


@settings(deadline=None)
@given(st.floats(10.0, 5000.0), st.floats(0.5, 30.0), st.floats(10.0, 150.0), st.floats(1.0, 10.0))
def test_a_rural_array_equals_the_table_by_hand(distance_m, frequency_ghz, base_height_m, mobile_height_m):
    losses_db = tr38901.rma_db(
        np.array([distance_m, 5000.0]),
        frequency_ghz=frequency_ghz,
        base_height_m=base_height_m,
        mobile_height_m=mobile_height_m,
        line_of_sight=True,
    )

    def near_db(slant_m):
        return (
            20.0 * math.log10(40.0 * math.pi * slant_m * frequency_ghz / 3.0)
            + 0.03 * 5.0**1.72 * math.log10(slant_m)
            - 0.044 * 5.0**1.72
            + 0.002 * math.log10(5.0) * slant_m
        )

    breakpoint_m = 2.0 * math.pi * base_height_m * mobile_height_m * frequency_ghz * 1e9 / 3e8
    slant_m = math.hypot(distance_m, base_height_m - mobile_height_m)
    by_hand_db = near_db(slant_m)
    if distance_m > breakpoint_m:
        by_hand_db = near_db(breakpoint_m) + 40.0 * math.log10(slant_m / breakpoint_m)
    assert losses_db[0] == pytest.approx(by_hand_db, abs=1e-9)


def test_an_urban_breakpoint_joins_its_two_branches():
    """4 · 24 m · 0.5 m · 1.8 GHz / c = 288 m; PL2's last term is made to meet PL1 there."""
    either_side_db = tr38901.uma_db(np.array([287.999, 288.001]), line_of_sight=True, **URBAN)
    assert np.diff(either_side_db)[0] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"distance_2d_m": 9.0}, "distance 9 m"),
        ({"distance_2d_m": 5001.0}, "distance"),
        ({"frequency_ghz": 0.4}, "frequency"),
        ({"base_height_m": 9.0}, "base antenna"),
        ({"mobile_height_m": 11.0}, "mobile antenna"),
        ({"building_height_m": 4.0}, "building"),
        ({"street_width_m": 51.0}, "street"),
    ],
)
def test_outside_the_rural_range_is_refused_or_flagged(change, word):
    arguments = {"distance_2d_m": 1000.0, "line_of_sight": False, **RURAL} | change
    distance_m = arguments.pop("distance_2d_m")
    with pytest.raises(RangeError, match=word):
        tr38901.rma_db(distance_m, **arguments)
    assert np.isfinite(tr38901.rma_db(distance_m, **arguments, out_of_range="flag"))
    (sentence,) = tr38901.rma_outside_range(distance_m, **arguments)
    assert word in sentence


def test_line_of_sight_reaches_ten_kilometres_in_the_country_and_five_in_town():
    assert not tr38901.rma_outside_range(10_000.0, line_of_sight=True, **RURAL)
    assert tr38901.rma_outside_range(10_000.0, line_of_sight=False, **RURAL)
    with pytest.raises(RangeError, match="distance"):
        tr38901.uma_db(np.array([100.0, 5001.0]), line_of_sight=True, **URBAN)
    assert tr38901.uma_outside_range(5001.0, frequency_ghz=1.8, mobile_height_m=1.0) == (
        "distance 5001 m outside 10 to 5000 m",
        "mobile antenna height 1 m outside 1.5 to 22.5 m",
    )


def test_an_urban_terminal_below_the_environment_and_a_zero_distance_are_always_refused():
    with pytest.raises(RangeError, match="higher than 1 m"):
        tr38901.uma_db(100.0, line_of_sight=True, out_of_range="flag", **(URBAN | {"mobile_height_m": 1.0}))
    for model, arguments in ((tr38901.uma_db, URBAN), (tr38901.rma_db, RURAL)):
        with pytest.raises(RangeError, match="above 0"):
            model(0.0, line_of_sight=True, out_of_range="flag", **arguments)

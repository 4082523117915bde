"""ITU-R P.2108 §3.1."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError, RangeError
from whitesignal.propagation import p2108

TYPES = ("water-sea", "open-rural", "suburban", "urban", "trees-forest", "dense-urban")
"""In the order of NTIA's codes 1 to 6."""
VILLAGE = {"terminal_height_m": 1.5, "clutter_height_m": 5.0, "clutter_type": p2108.VILLAGE_CLUTTER_TYPE}


def a_row(row):
    return {
        "terminal_height_m": float(row["h__meter"]),
        "clutter_height_m": float(row["R__meter"]),
        "street_width_m": float(row["w_s__meter"]),
        "clutter_type": TYPES[int(row["clutter_type"]) - 1],
    }


@pytest.mark.shared
def test_every_published_row_is_met_and_every_refused_one_refused(reference_rows):
    """NTIA's validation table, given to a tenth of a decibel; its codes 32 to 35 are refusals."""
    rows = reference_rows("HeightGainTerminalCorrectionModelTestData.csv")
    assert [row["rtn"] for row in rows].count("0") == 18
    assert len(rows) == 23
    for row in rows:
        frequency_ghz = float(row["f__ghz"])
        if row["rtn"] == "0":
            loss_db = p2108.terminal_clutter_db(frequency_ghz, **a_row(row))
            assert loss_db == pytest.approx(float(row["A_h__db"]), abs=0.0501)
            continue
        with pytest.raises(RangeError):
            p2108.terminal_clutter_db(frequency_ghz, **a_row(row))


@pytest.mark.parametrize(("frequency_ghz", "loss_db"), [(0.9, 11.5), (1.8, 14.3)])
def test_a_telephone_among_village_houses_loses_what_the_domain_says(frequency_ghz, loss_db):
    assert p2108.terminal_clutter_db(frequency_ghz, **VILLAGE) == pytest.approx(loss_db, abs=0.05)


@settings(deadline=None)
@given(
    st.floats(0.03, 3.0), st.floats(0.1, 30.0), st.floats(0.1, 30.0), st.floats(1.0, 100.0), st.sampled_from(TYPES[:2])
)
def test_open_country_gains_with_height_as_the_logarithm(frequency_ghz, terminal_m, clutter_m, width_m, kind):
    loss_db = p2108.terminal_clutter_db(
        frequency_ghz,
        terminal_height_m=terminal_m,
        clutter_height_m=clutter_m,
        clutter_type=kind,
        street_width_m=width_m,
    )
    by_hand_db = (21.8 + 6.2 * math.log10(frequency_ghz)) * math.log10(clutter_m / terminal_m)
    assert loss_db == pytest.approx(max(by_hand_db, 0.0), abs=1e-9)


@settings(deadline=None)
@given(st.floats(0.3, 3.0), st.floats(0.5, 4.9), st.sampled_from(TYPES))
def test_a_terminal_lifted_higher_never_loses_more(frequency_ghz, terminal_m, kind):
    low_db, high_db = (
        p2108.terminal_clutter_db(frequency_ghz, terminal_height_m=height_m, clutter_height_m=10.0, clutter_type=kind)
        for height_m in (terminal_m, 2.0 * terminal_m)
    )
    assert high_db <= low_db


@settings(deadline=None)
@given(st.floats(0.03, 3.0), st.floats(0.5, 9.0), st.floats(1.0, 60.0))
def test_houses_are_a_knife_edge_less_six_decibels(frequency_ghz, terminal_m, width_m):
    """J(ν) − 6.03 with ν of equation (2c), by the knife edge of P.526."""
    from whitesignal.propagation import p526

    rise_m = 10.0 - terminal_m
    nu = 0.342 * math.sqrt(frequency_ghz * rise_m * math.degrees(math.atan(rise_m / width_m)))
    loss_db = p2108.terminal_clutter_db(
        frequency_ghz,
        terminal_height_m=terminal_m,
        clutter_height_m=10.0,
        clutter_type="suburban",
        street_width_m=width_m,
    )
    assert loss_db == pytest.approx(float(p526.knife_edge_db(nu)) - 6.03, abs=1e-9)


@pytest.mark.parametrize("kind", TYPES)
def test_above_its_clutter_a_terminal_loses_nothing(kind):
    for terminal_m in (5.0, 30.0):
        arguments = {"terminal_height_m": terminal_m, "clutter_height_m": 5.0, "clutter_type": kind}
        assert p2108.terminal_clutter_db(1.8, **arguments) == 0.0


def test_above_three_gigahertz_is_refused_or_flagged():
    with pytest.raises(RangeError, match=r"3\.7 GHz"):
        p2108.terminal_clutter_db(3.7, **VILLAGE)
    flagged_db = p2108.terminal_clutter_db(3.7, **VILLAGE, out_of_range="flag")
    assert flagged_db > p2108.terminal_clutter_db(3.0, **VILLAGE)
    assert p2108.outside_range(3.7) == ("frequency 3.7 GHz outside 0.03 to 3 GHz",)
    assert p2108.outside_range(3.0) == ()


def test_an_unknown_clutter_type_names_the_known_ones():
    with pytest.raises(InputError, match="dense-urban"):
        p2108.terminal_clutter_db(0.9, terminal_height_m=1.5, clutter_height_m=5.0, clutter_type="village")

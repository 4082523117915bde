"""ITU-R P.2109: building entry loss."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError, RangeError
from whitesignal.propagation import p2109

KINDS = ("traditional", "thermally-efficient")
BANDS_GHZ = st.floats(0.08, 100.0)


@pytest.mark.parametrize(
    ("frequency_ghz", "elevation_deg", "building", "expected_db"),
    [
        (28.0, 0.0, "traditional", (2.769, 13.867, 19.204, 28.151, 38.785)),
        (28.0, 0.0, "thermally-efficient", (9.369, 31.696, 40.156, 53.918, 70.117)),
        (2.0, 45.0, "traditional", (3.508, 18.204, 22.718, 30.045, 38.710)),
        (2.0, 45.0, "thermally-efficient", (8.605, 30.422, 36.807, 47.228, 59.617)),
    ],
)
def test_study_group_threes_workbook_is_met(frequency_ghz, elevation_deg, building, expected_db):
    """Reference values of Study Group 3's workbook "Clutter and BEL", given to a thousandth of a decibel."""
    for percent, loss_db in zip((1.0, 29.51209, 46.77351, 74.13102, 93.32543), expected_db, strict=True):
        got_db = p2109.loss_db(
            frequency_ghz, building=building, probability_percent=percent, elevation_deg=elevation_deg
        )
        assert got_db == pytest.approx(loss_db, abs=0.00051)


@settings(deadline=None)
@given(BANDS_GHZ, st.sampled_from(KINDS), st.floats(0.1, 99.0), st.floats(0.01, 0.9), st.floats(-90.0, 90.0))
def test_more_certainty_never_costs_less_and_the_floor_holds(frequency_ghz, building, percent, more, elevation_deg):
    low_db, high_db = (
        p2109.loss_db(frequency_ghz, building=building, probability_percent=share, elevation_deg=elevation_deg)
        for share in (percent, percent + more)
    )
    assert high_db >= low_db > p2109.FLOOR_DB


@settings(deadline=None)
@given(BANDS_GHZ, st.sampled_from(KINDS), st.floats(0.0, 89.0), st.floats(0.0, 1.0))
def test_a_steeper_path_never_costs_less_and_up_is_as_down(frequency_ghz, building, elevation_deg, steeper_deg):
    def loss_db(degrees):
        return p2109.loss_db(frequency_ghz, building=building, elevation_deg=degrees)

    assert loss_db(elevation_deg + steeper_deg) >= loss_db(elevation_deg)
    assert loss_db(-elevation_deg) == loss_db(elevation_deg)


@settings(deadline=None)
@given(BANDS_GHZ)
def test_a_thermally_efficient_building_costs_more_at_the_median(frequency_ghz):
    traditional_db, efficient_db = (p2109.loss_db(frequency_ghz, building=kind) for kind in KINDS)
    assert efficient_db > traditional_db + 10.0


def test_outside_the_range_is_refused_or_flagged():
    with pytest.raises(RangeError, match=r"frequency 0\.05 GHz"):
        p2109.loss_db(0.05, building="traditional")
    assert p2109.loss_db(0.05, building="traditional", out_of_range="flag") > 0.0
    assert p2109.outside_range(0.05) == ("frequency 0.05 GHz outside 0.08 to 100 GHz",)
    assert p2109.outside_range(1.8) == ()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"probability_percent": 0.0}, "probability"),
        ({"probability_percent": 100.0}, "probability"),
        ({"elevation_deg": 91.0}, "elevation"),
    ],
)
def test_what_no_formula_can_be_carried_on_to_is_refused_even_if_flagged(change, word):
    with pytest.raises(RangeError, match=word):
        p2109.loss_db(1.8, building="traditional", out_of_range="flag", **change)
    with pytest.raises(RangeError, match="frequency"):
        p2109.loss_db(0.0, building="traditional", out_of_range="flag")


def test_an_unknown_building_names_the_known_ones():
    with pytest.raises(InputError, match="traditional, thermally-efficient"):
        p2109.loss_db(1.8, building="bamboo")

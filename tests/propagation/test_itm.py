"""NTIA's Irregular Terrain Model, held against NTIA's own code."""

import json
import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError, RangeError
from whitesignal.propagation import free_space, itm

REFERENCE = Path(__file__).resolve().parents[1] / "reference"

USUAL = {
    "tx_height_m": 30.0,
    "rx_height_m": 1.5,
    "frequency_mhz": 900.0,
    "polarization": "vertical",
    "climate": 2,
    "n0": 360.0,
    "permittivity": 15.0,
    "conductivity_s_per_m": 0.005,
    "time_percent": 50.0,
    "location_percent": 50.0,
    "situation_percent": 50.0,
    "variability_mode": 12,
}

NTIA_PATHS = (
    # NTIA/itm, p2p.csv, whose profiles are the rows of pfls.csv:
    # tx m, rx m, permittivity, S/m, N0, MHz, vertical, climate, time, location, situation, mode, loss dB
    (10.0, 1.0, 15.0, 0.008, 301.0, 230.0, True, 5, 50.0, 17.0, 23.0, 12, 207.65),
    (3.0, 1.5, 15.0, 0.008, 301.0, 480.0, True, 5, 22.0, 22.0, 22.0, 12, 157.10),
    (15.0, 3.0, 15.0, 0.008, 301.0, 990.0, False, 4, 15.0, 40.0, 50.0, 12, 178.53),
    (3.0, 5.0, 15.0, 0.008, 301.0, 5600.0, False, 2, 90.0, 30.0, 88.0, 12, 183.26),
    (1.5, 10.0, 15.0, 0.008, 301.0, 8800.0, True, 1, 23.0, 95.0, 20.0, 12, 218.91),
)

TERMS = {
    "A_db": "loss_db",
    "A_ref_db": "reference_attenuation_db",
    "A_fs_db": "free_space_db",
    "N_s": "surface_refractivity_n_units",
    "delta_h_m": "terrain_irregularity_m",
    "warnings": "warning_flags",
}
PAIRS = {
    "theta_hzn_rad": ("tx_horizon_angle_rad", "rx_horizon_angle_rad"),
    "d_hzn_m": ("tx_horizon_distance_m", "rx_horizon_distance_m"),
    "h_e_m": ("tx_effective_height_m", "rx_effective_height_m"),
}
MODES = {1: "line of sight", 2: "diffraction", 3: "troposcatter"}

HEIGHTS_M = st.lists(st.floats(0.0, 1500.0), min_size=3, max_size=60)
ANTENNAS_M = st.floats(1.0, 100.0)
BANDS_MHZ = st.sampled_from([20.0, 450.0, 900.0, 1800.0, 2600.0, 20_000.0])
CLIMATES = st.integers(1, 7)


def cases(name):
    lines = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def of_case(case):
    """Return what the model makes of a reference case."""
    return itm.loss(
        case["h_m"],
        case["step_m"],
        tx_height_m=case["h_tx_m"],
        rx_height_m=case["h_rx_m"],
        frequency_mhz=case["f_mhz"],
        polarization=("horizontal", "vertical")[case["pol"]],
        climate=case["climate"],
        n0=case["N_0"],
        permittivity=case["epsilon"],
        conductivity_s_per_m=case["sigma"],
        time_percent=case["time"],
        location_percent=case["location"],
        situation_percent=case["situation"],
        variability_mode=case["mdvar"],
    )


def largest_error(case):
    """Return the largest difference of any term, after the words have been compared."""
    result, expected = of_case(case), case["expected"]
    assert result.mode == MODES[expected["mode"]], case["id"]
    assert result.warning_flags == expected["warnings"], case["id"]
    said = [sentence for sentence in result.warnings if sentence != itm.UNDEFINED_DIFFRACTION]
    assert len(said) == bin(expected["warnings"]).count("1")
    pairs = [(getattr(result, name), expected[key]) for key, name in TERMS.items()]
    for key, names in PAIRS.items():
        pairs += [(getattr(result, name), value) for name, value in zip(names, expected[key], strict=True)]
    return max(abs(ours - theirs) for ours, theirs in pairs)


def test_all_160_cases_of_ntias_code_are_met_in_every_term():
    """The issue asks for 0.01 dB; rounding is all that is left."""
    found = cases("itm.jsonl")
    assert len(found) == 160
    assert max(largest_error(case) for case in found) < 1e-6


def test_every_branch_of_ntias_code_is_met_at_the_models_corners():
    """Every climate, mode and warning; heights, frequencies and percentages at their limits; profiles of two points."""
    found = cases("itm_corners.jsonl")
    assert {case["climate"] for case in found} == set(range(1, 8))
    assert {case["mdvar"] for case in found} == {tens + mode for tens in (0, 10, 20, 30) for mode in range(4)}
    assert {case["expected"]["mode"] for case in found} == set(MODES)
    assert max(largest_error(case) for case in found) < 1e-6


def test_where_diffraction_is_undefined_the_result_says_so_beside_ntias_number():
    undefined = [case for case in cases("itm_corners.jsonl") if math.isnan(of_case(case).diffraction_intercept_db)]
    assert len(undefined) == 1
    result = of_case(undefined[0])
    assert result.loss_db == pytest.approx(undefined[0]["expected"]["A_db"], abs=1e-6)
    assert result.reference_attenuation_db == 0.0
    assert result.warnings[-1] == itm.UNDEFINED_DIFFRACTION


@pytest.mark.shared
def test_ntias_five_measured_paths_are_met_to_the_printed_hundredth(shared_reference):
    lines = (shared_reference / "itm_ntia" / "pfls.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(NTIA_PATHS)
    for line, row in zip(lines, NTIA_PATHS, strict=True):
        intervals, step_m, *heights = (float(cell) for cell in line.split(",") if cell.strip())
        tx_m, rx_m, permittivity, conductivity, n0, band_mhz, vertical, climate, *percents, mode, loss_db = row
        result = itm.loss(
            heights[: int(intervals) + 1],
            step_m,
            tx_height_m=tx_m,
            rx_height_m=rx_m,
            frequency_mhz=band_mhz,
            polarization="vertical" if vertical else "horizontal",
            climate=climate,
            n0=n0,
            permittivity=permittivity,
            conductivity_s_per_m=conductivity,
            **dict(zip(("time_percent", "location_percent", "situation_percent"), percents, strict=True)),
            variability_mode=mode,
        )
        assert result.loss_db == pytest.approx(loss_db, abs=0.0051)


def read_deck(path):
    """Return one of NTIA's output files: the numbers beside its names, and its table's rows."""
    deck, table = {}, []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        cells = line.split()
        if len(cells) == 4 and all(cell.replace(".", "", 1).isdigit() for cell in cells):
            table.append([float(cell) for cell in cells])
        elif line[:25].strip() and line[25:26].strip():
            deck[line[:25].strip()] = line[25:].split()[0]
    return deck, table


@pytest.mark.shared
@pytest.mark.parametrize("name", ["o_p2ptls.txt", "o_p2pcr.txt", "o_p2pcr_tbl.txt"])
def test_ntias_point_to_point_decks_are_met_to_the_printed_digit(shared_reference, name):
    folder = shared_reference / "itm_ntia"
    deck, table = read_deck(folder / name)
    intervals, step_m, *heights = (float(cell) for cell in (folder / "pfl.txt").read_text(encoding="utf-8").split(","))
    rows = table or [[float(deck.get("reliability", deck.get("time", "nan")))]]
    confidences = [float(cell) for cell in deck.get("confidence", deck.get("situation", "")).split(",")]
    for reliability, *losses in rows:
        printed = losses or [float(deck["Basic Transmission Loss"])]
        for confidence, loss_db in zip(confidences, printed, strict=True):
            result = itm.loss(
                heights[: int(intervals) + 1],
                step_m,
                tx_height_m=float(deck["h_tx__meter"]),
                rx_height_m=float(deck["h_rx__meter"]),
                frequency_mhz=float(deck["f__mhz"]),
                polarization=("horizontal", "vertical")[int(deck["pol"])],
                climate=int(deck["climate"]),
                n0=float(deck["N_0"]),
                permittivity=float(deck["epsilon"]),
                conductivity_s_per_m=float(deck["sigma"]),
                time_percent=reliability,
                location_percent=float(deck.get("location", 50.0)),
                situation_percent=confidence,
                variability_mode=int(deck["mdvar"]),
            )
            assert result.loss_db == pytest.approx(loss_db, abs=0.051)
    assert len(rows) * len(confidences) == (9 if table else 1)
    assert result.free_space_db == pytest.approx(float(deck["Free Space"]), abs=0.051)
    assert result.path_km == pytest.approx(float(deck["d__km"]), abs=5.1e-4)
    assert 1000.0 * result.tx_horizon_angle_rad == pytest.approx(float(deck["theta_hzn_tx"]), abs=5.1e-4)
    assert 1000.0 * result.rx_horizon_angle_rad == pytest.approx(float(deck["theta_hzn_rx"]), abs=5.1e-4)
    assert result.tx_horizon_distance_m == pytest.approx(float(deck["d_hzn_tx__meter"]), abs=0.51)
    assert result.rx_horizon_distance_m == pytest.approx(float(deck["d_hzn_rx__meter"]), abs=0.51)
    assert result.tx_effective_height_m == pytest.approx(float(deck["h_e_tx__meter"]), abs=0.051)
    assert result.rx_effective_height_m == pytest.approx(float(deck["h_e_rx__meter"]), abs=0.051)
    assert result.surface_refractivity_n_units == pytest.approx(float(deck["N_s"]), abs=0.051)
    assert result.terrain_irregularity_m == pytest.approx(float(deck["delta_h__meter"]), abs=0.051)
    assert result.reference_attenuation_db == pytest.approx(float(deck["A_ref__db"]), abs=0.051)
    assert result.mode == MODES[int(deck["Mode of Propagation"])]
    assert result.warning_flags == int(deck["ITM Warning Flags"], 16)


def test_a_ridge_hides_the_valley_behind_it():
    height_m = np.full(101, 100.0)
    height_m[40] = 300.0
    hidden = itm.loss(height_m, 100.0, **USUAL)
    in_front = itm.loss(height_m[:40], 100.0, **USUAL)
    assert in_front.line_of_sight
    assert not hidden.line_of_sight
    assert hidden.loss_db > in_front.loss_db + 30.0
    assert (hidden.tx_horizon_index, hidden.rx_horizon_index) == (40, 40)
    assert hidden.tx_horizon_distance_m == pytest.approx(4000.0)
    assert hidden.departure_elevation_deg == pytest.approx(math.degrees(math.atan(170.0 / 4000.0)), abs=0.02)
    assert hidden.arrival_elevation_deg == pytest.approx(math.degrees(math.atan(198.5 / 6000.0)), abs=0.03)


def test_in_line_of_sight_elevations_point_at_the_other_end():
    height_m = np.zeros(51)
    height_m[-1] = 500.0
    result = itm.loss(height_m, 100.0, **(USUAL | {"rx_height_m": 30.0}))
    fall_deg = math.degrees(5.0 / (2.0 * result.effective_radius_km))
    assert result.departure_elevation_deg == pytest.approx(math.degrees(math.atan(0.1)) - fall_deg, abs=1e-3)
    assert result.arrival_elevation_deg == pytest.approx(-math.degrees(math.atan(0.1)) - fall_deg, abs=1e-3)
    assert (result.tx_horizon_index, result.rx_horizon_index) == (None, None)


def test_far_beyond_the_horizon_scatter_takes_over_from_diffraction():
    near, far = (itm.loss(np.zeros(count), 500.0, **USUAL) for count in (101, 601))
    assert (near.mode, far.mode) == ("diffraction", "troposcatter")
    assert far.loss_db > near.loss_db


def test_the_loss_is_the_sum_of_its_terms():
    result = itm.loss(np.linspace(0.0, 400.0, 50) % 90.0, 200.0, **USUAL)
    above_db = result.reference_attenuation_db - result.climate_median_db
    above_db -= result.reliability_db + result.confidence_db
    assert above_db > 0.0
    assert result.loss_db == pytest.approx(result.free_space_db + above_db, abs=1e-9)
    exact_db = float(free_space.loss_db(result.path_km, USUAL["frequency_mhz"]))
    assert result.free_space_db == pytest.approx(exact_db, abs=0.01)


@settings(deadline=None, max_examples=200)
@given(HEIGHTS_M, st.floats(20.0, 300.0), ANTENNAS_M, ANTENNAS_M, BANDS_MHZ, st.booleans())
def test_there_and_back_cost_the_same(heights_m, step_m, tx_m, rx_m, band_mhz, vertical):
    intervals = len(heights_m) - 1
    change = {"frequency_mhz": band_mhz, "polarization": "vertical" if vertical else "horizontal"}
    there = itm.loss(heights_m, step_m, **(USUAL | change | {"tx_height_m": tx_m, "rx_height_m": rx_m}))
    back = itm.loss(heights_m[::-1], step_m, **(USUAL | change | {"tx_height_m": rx_m, "rx_height_m": tx_m}))
    # A fit that ends at a tenth of a whole number of tens takes in one point more or less by its last digit.
    ends = [intervals] if there.line_of_sight else [there.tx_horizon_index, intervals - there.rx_horizon_index]
    assume(all(index % 10 for index in ends))
    # So does one that ends at 15 times the antenna's height.
    assume(all(abs(place - round(place)) > 1e-6 for place in (15.0 * tx_m / step_m, 15.0 * rx_m / step_m)))
    assert back.terrain_irregularity_m == pytest.approx(there.terrain_irregularity_m, abs=1e-6)
    assert back.loss_db == pytest.approx(there.loss_db, abs=1e-4)
    assert back.departure_elevation_deg == pytest.approx(there.arrival_elevation_deg, abs=1e-9)


@settings(deadline=None, max_examples=200)
@given(HEIGHTS_M, BANDS_MHZ, CLIMATES, st.sampled_from([3, 13, 23]), st.floats(0.1, 98.0), st.floats(0.1, 1.9))
def test_more_time_more_places_and_more_certainty_never_cost_less(heights_m, band_mhz, climate, mode, percent, more):
    change = {"frequency_mhz": band_mhz, "climate": climate, "variability_mode": mode}
    for name in ("time_percent", "location_percent", "situation_percent"):
        losses_db = [
            itm.loss(heights_m, 90.0, **(USUAL | change | {name: asked})).loss_db for asked in (percent, percent + more)
        ]
        assert losses_db[1] >= losses_db[0] - 1e-3, name


@settings(deadline=None, max_examples=200)
@given(HEIGHTS_M, st.floats(5.0, 500.0), ANTENNAS_M, ANTENNAS_M, BANDS_MHZ)
def test_no_ground_is_better_than_none(heights_m, step_m, tx_m, rx_m, band_mhz):
    change = {"tx_height_m": tx_m, "rx_height_m": rx_m, "frequency_mhz": band_mhz}
    result = itm.loss(heights_m, step_m, **(USUAL | change))
    assert result.reference_attenuation_db >= 0.0
    numbers = {field.name: getattr(result, field.name) for field in fields(result) if field.type == "float"}
    broken = {name for name, number in numbers.items() if not np.isfinite(number)}
    line = {"diffraction_intercept_db", "diffraction_slope_db_per_km"}
    assert broken == (line if itm.UNDEFINED_DIFFRACTION in result.warnings else set())


@settings(deadline=None, max_examples=100)
@given(st.floats(10.0, 100.0), st.floats(1.0, 10.0), BANDS_MHZ, st.integers(4, 60), st.integers(1, 40))
def test_loss_never_falls_with_distance_over_flat_ground_in_sight(tx_m, rx_m, band_mhz, intervals, more):
    change = {"tx_height_m": tx_m, "rx_height_m": rx_m, "frequency_mhz": band_mhz}
    near, far = (itm.loss(np.zeros(count + 1), 50.0, **(USUAL | change)) for count in (intervals, intervals + more))
    assume(far.tx_horizon_distance_m + far.rx_horizon_distance_m > far.path_km * 1000.0)
    before_db = near.reference_attenuation_db + near.free_space_db
    assert far.reference_attenuation_db + far.free_space_db >= before_db


def test_two_points_are_a_profile():
    result = itm.loss([100.0, 90.0], 50.0, **USUAL)
    assert result.line_of_sight
    assert result.terrain_irregularity_m == 0.0
    assert np.isfinite(result.loss_db)
    assert "the path is shorter than 1 km: take care with the result" in result.warnings


@pytest.mark.parametrize(
    ("height_m", "step_m", "word"),
    [
        ([100.0], 50.0, "two heights"),
        ([], 50.0, "two heights"),
        ([[1.0, 2.0], [3.0, 4.0]], 50.0, "in a row"),
        ([0.0, math.nan, 0.0], 50.0, "fill voids"),
    ],
)
def test_a_profile_that_is_none_is_refused(height_m, step_m, word):
    with pytest.raises(InputError, match=word):
        itm.loss(height_m, step_m, **USUAL)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"polarization": "slant"}, "vertical, horizontal"),
        ({"climate": 0}, "1 to 7"),
        ({"climate": 8}, "1 to 7"),
        ({"variability_mode": 4}, "plus 10, 20 or 30"),
        ({"variability_mode": 34}, "plus 10, 20 or 30"),
        ({"permittivity": 0.9}, "permittivity"),
        ({"conductivity_s_per_m": 0.0}, "conductivity"),
    ],
)
def test_a_choice_that_the_model_does_not_know_is_refused(change, word):
    with pytest.raises(InputError, match=word):
        itm.loss(np.zeros(20), 100.0, **(USUAL | change))


@pytest.mark.parametrize(
    "change",
    [
        {"time_percent": 0.0},
        {"location_percent": 100.0},
        {"situation_percent": math.nan},
        {"tx_height_m": 0.0},
        {"frequency_mhz": -1.0},
        {"n0": 0.0},
        {"n0": 600.0},
    ],
)
def test_what_no_formula_can_be_carried_on_to_is_refused_even_when_flagged(change):
    with pytest.raises(RangeError):
        itm.loss(np.zeros(20), 100.0, **(USUAL | change), out_of_range="flag")
    with pytest.raises(RangeError, match="step"):
        itm.loss(np.zeros(20), 0.0, **USUAL, out_of_range="flag")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"frequency_mhz": 19.0}, "frequency 19 MHz outside 20 to 20000 MHz"),
        ({"frequency_mhz": 20_001.0}, "frequency 20001 MHz"),
        ({"tx_height_m": 3001.0}, "antenna height 3001 m outside 0.5 to 3000 m"),
        ({"rx_height_m": 0.4}, r"antenna height 0\.4 m"),
        ({"n0": 249.0}, "refractivity at sea level 249 N-units"),
        ({"n0": 401.0}, "surface refractivity 401 N-units outside 150 to 400"),
        ({"n0": 500.0}, "effective earth radius"),
        ({"permittivity": 1.0, "polarization": "horizontal"}, "impedance"),
    ],
)
def test_outside_ntias_range_is_refused_or_flagged(change, word):
    with pytest.raises(RangeError, match=word):
        itm.loss(np.zeros(20), 100.0, **(USUAL | change))
    result = itm.loss(np.zeros(20), 100.0, **(USUAL | change), out_of_range="flag")
    assert np.isfinite(result.loss_db)
    assert result.outside_range
    assert result.warnings[: len(result.outside_range)] == result.outside_range


@pytest.mark.parametrize(
    ("change", "flag", "word"),
    [
        ({"tx_height_m": 0.9}, itm.WARN_TX_HEIGHT, "transmitting antenna's height"),
        ({"rx_height_m": 1001.0}, itm.WARN_RX_HEIGHT, "receiving antenna's height"),
        ({"frequency_mhz": 10_001.0}, itm.WARN_FREQUENCY, "frequency is near"),
        ({"time_percent": 99.95, "variability_mode": 3}, itm.WARN_EXTREME_PERCENTAGE, "tail"),
    ],
)
def test_near_its_limits_the_model_warns_without_refusing(change, flag, word):
    result = itm.loss(np.zeros(200), 100.0, **(USUAL | change))
    assert result.outside_range == ()
    assert result.warning_flags & flag
    assert any(word in sentence for sentence in result.warnings)
    assert not itm.loss(np.zeros(200), 100.0, **USUAL).warning_flags & flag


def test_a_very_long_path_is_warned_of_twice():
    within, long, longer = (itm.loss(np.zeros(21), step_m, **USUAL).warnings for step_m in (40e3, 60e3, 120e3))
    assert not any("km" in sentence for sentence in within)
    assert any("1000 km" in sentence for sentence in long)
    assert not any("2000 km" in sentence for sentence in long)
    assert any("2000 km" in sentence for sentence in longer)


def test_a_percentage_that_the_mode_does_not_ask_for_changes_nothing():
    """Single message reads the situation alone, accidental time and situation, mobile the same."""
    height_m = np.linspace(0.0, 700.0, 120) % 60.0
    for mode, unread in (
        (0, ("time_percent", "location_percent")),
        (1, ("location_percent",)),
        (2, ("location_percent",)),
    ):
        change = {"variability_mode": mode, "situation_percent": 80.0}
        usual = itm.loss(height_m, 100.0, **(USUAL | change))
        for name in unread:
            assert itm.loss(height_m, 100.0, **(USUAL | change | {name: 95.0})) == usual

"""ITU-R P.1812-8, held against Study Group 3's reference code and the recommendation's own laws."""

import math
from dataclasses import dataclass, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError, RangeError
from whitesignal.propagation import free_space, p1812
from whitesignal.propagation.p1812_terms import SYMBOLS, PathLoss

TOLERANCE_DB = 0.001
"""A tenth of what is asked. The code rounds the speed of light to 2.998e8 m/s, which shows at 3e-4 dB."""

CASE_SYMBOLS = {
    "Lb_db": "Lb",
    "E_dbuv_m_1kw": "Ep",
    "theta_mrad": "th",
    "beta0_pct": "b0",
    "ae_km": "ae",
    "hstd_m": "hstd",
    "hsrd_m": "hsrd",
    "hte_m": "hte",
    "hre_m": "hre",
    "Lbulla_50": "Lbulla",
    "Lbulls_50": "Lbulls",
    "Ldsph_50": "Ldsph",
}
"""Where the case files' names are not the symbols; the last three belong to β0 % of time, see reference/README.md."""

LOG_SYMBOLS = {
    ("hst", "Eq (85)"): "hst_n",
    ("hsr", "Eq (86)"): "hsr_n",
    ("hst", "Eq (90a)"): "hst",
    ("hsr", "Eq (90b)"): "hsr",
    ("htc", "Eq (37a)"): "htesph",
    ("hrc", "Eq (37b)"): "hresph",
}
"""Names that the code's logs use twice, told apart by the equation beside them."""

QUIET = {
    "frequency_ghz": 0.9,
    "time_percent": 50.0,
    "tx_height_m": 30.0,
    "rx_height_m": 1.5,
    "polarization": "vertical",
    "tx_longitude": 105.0,
    "tx_latitude": 22.0,
    "rx_longitude": 105.1,
    "rx_latitude": 22.0,
    "delta_n": 45.0,
    "n0": 350.0,
}


@dataclass(frozen=True)
class LoggedRun:
    """One run of the reference code on a Study Group 3 profile: inputs, and the log by name and equation."""

    name: str
    profile: tuple
    arguments: dict
    log: dict


@pytest.fixture(scope="module")
def logged_runs(shared_reference):
    """The 36 runs: twelve profiles at 1, 10 and 50 % of time."""
    folder = shared_reference / "p1812_sg3"
    return [_logged_run(path, folder / "profiles") for path in sorted((folder / "results").glob("*_log.csv"))]


def _logged_run(path, profiles):
    log = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        cells = line.split(",")
        if len(cells) > 3 and cells[3] and not line.startswith("#"):
            log[cells[0].split("(")[0].strip(), cells[1]] = float(cells[3])
    lines = (profiles / f"{path.stem.rsplit('_', 2)[0]}.csv").read_text(encoding="latin-1").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("{Begin of Profile}")) + 1
    count = int(lines[start].split(",")[1])
    rows = np.array([[float(cell) for cell in line.split(",")[:5]] for line in lines[start + 1 : start + 1 + count]])
    given_as = {name: value for (name, equation), value in log.items() if equation == ""}
    arguments = {
        "clutter_m": rows[:, 3],
        "zone": rows[:, 4].astype(int),
        "frequency_ghz": given_as["f"],
        "time_percent": given_as["p"],
        "tx_height_m": given_as["htg"],
        "rx_height_m": given_as["hrg"],
        "polarization": "vertical" if given_as["pol"] == 2 else "horizontal",
        "tx_longitude": given_as["lam_t"],
        "tx_latitude": given_as["phi_t"],
        "rx_longitude": given_as["lam_r"],
        "rx_latitude": given_as["phi_r"],
        "delta_n": given_as["DN"],
        "n0": given_as["N0"],
        "location_percent": given_as["pL"],
        "location_sigma_db": given_as["sigmaL"],
        "tx_coast_km": given_as["dct"],
        "rx_coast_km": given_as["dcr"],
    }
    return LoggedRun(path.stem, (rows[:, 0], rows[:, 1]), arguments, log)


def case_loss(case):
    return p1812.loss(
        np.arange(len(case["h_m"])) * case["step_m"] / 1000.0,
        case["h_m"],
        clutter_m=case["clutter_m"],
        zone=case["zone"],
        frequency_ghz=case["f_ghz"],
        time_percent=case["p_pct"],
        tx_height_m=case["htg_m"],
        rx_height_m=case["hrg_m"],
        polarization="vertical" if case["pol"] == 2 else "horizontal",
        tx_longitude=case["lon_tx"],
        tx_latitude=case["lat"],
        rx_longitude=case["lon_rx"],
        rx_latitude=case["lat"],
        delta_n=case["DN"],
        n0=case["N0"],
        location_percent=case["pL_pct"],
        location_sigma_db=case["sigmaL_db"],
        tx_coast_km=case["dct_km"],
        rx_coast_km=case["dcr_km"],
        out_of_range="flag",
    )


def quiet_loss(distance_km, height_m, *, clutter_m=None, zone=None, **changes):
    """Return a path's loss in inland country without clutter at half of the time, but for the changes."""
    count = len(height_m)
    arguments = {
        "clutter_m": np.zeros(count) if clutter_m is None else clutter_m,
        "zone": np.full(count, p1812.INLAND) if zone is None else zone,
    }
    return p1812.loss(distance_km, height_m, **(QUIET | arguments | changes))


def flat(path_km, count=101):
    return np.linspace(0.0, path_km, count), np.zeros(count)


def test_all_160_cases_are_met_in_every_term(p1812_cases):
    assert len(p1812_cases) == 160
    beyond = rare = 0
    for case in p1812_cases:
        result = case_loss(case)
        terms = result.by_symbol()
        for name, expected in case["expected"].items():
            got = terms[CASE_SYMBOLS.get(name, name)]
            assert got == pytest.approx(expected, abs=TOLERANCE_DB), (case["id"], name)
        beyond += result.beyond_horizon
        rare += case["p_pct"] < result.beta0_percent
    assert 20 < beyond < 140
    assert 20 < rare < 140


@pytest.mark.shared
def test_study_group_threes_profiles_are_met_in_every_term_at_each_share_of_time(logged_runs):
    assert len(logged_runs) == 36
    for run in logged_runs:
        terms = p1812.loss(*run.profile, **run.arguments).by_symbol()
        compared = 0
        for (name, equation), expected in run.log.items():
            symbol = LOG_SYMBOLS.get((name, equation), name)
            if symbol in terms:
                assert terms[symbol] == pytest.approx(expected, abs=TOLERANCE_DB), (run.name, name, equation)
                compared += 1
        assert compared >= 44


def test_free_space_is_that_of_p525_but_for_the_recommendations_rounding():
    result = quiet_loss(*flat(10.0))
    slant_km = math.hypot(10.0, 0.0285)
    assert result.free_space_db == pytest.approx(float(free_space.loss_db(slant_km, 900.0)), abs=0.06)
    assert result.field_strength_dbuv_m == pytest.approx(199.36 + 20.0 * math.log10(0.9) - result.loss_db)


def test_a_high_short_path_costs_free_space_alone():
    result = quiet_loss(*flat(2.0), tx_height_m=300.0, rx_height_m=300.0)
    assert not result.beyond_horizon
    assert result.diffraction_db == 0.0
    assert result.loss_db == pytest.approx(result.free_space_db, abs=1e-6)


def test_a_ridge_hides_the_valley_behind_it_and_the_angles_say_which():
    distance_km, height_m = flat(10.0)
    height_m[40] = 200.0
    result = quiet_loss(distance_km, height_m)
    assert result.beyond_horizon
    assert result.loss_db > result.free_space_db + 30.0
    assert (result.tx_horizon_km, result.rx_horizon_km) == (pytest.approx(4.0), pytest.approx(6.0))
    sunk = 4.0 / (2.0 * result.effective_radius_km)
    assert result.tx_horizon_mrad == pytest.approx(1000.0 * math.atan(170.0 / 4000.0 - sunk), abs=1e-9)


def test_clutter_hides_a_terminal_but_moves_no_horizon():
    distance_km, height_m = flat(3.0, 31)
    clutter_m = np.zeros(31)
    clutter_m[[0, -1]] = 50.0
    bare = quiet_loss(distance_km, height_m)
    assert quiet_loss(distance_km, height_m, clutter_m=clutter_m) == bare
    clutter_m[15] = 50.0
    wooded = quiet_loss(distance_km, height_m, clutter_m=clutter_m)
    assert wooded.loss_db > bare.loss_db + 10.0
    assert wooded.angular_distance_mrad == bare.angular_distance_mrad
    assert not wooded.beyond_horizon


def test_far_beyond_the_horizon_troposcatter_carries_what_is_left():
    result = quiet_loss(*flat(400.0, 401), time_percent=50.0, rx_longitude=108.9)
    assert result.troposcatter_db < result.modified_db
    assert result.median_location_db == pytest.approx(result.troposcatter_db, abs=1.0)
    assert result.median_location_db <= result.troposcatter_db


def test_a_warm_sea_ducts_and_a_coast_near_by_helps():
    distance_km, height_m = flat(200.0, 401)
    sea = np.full(401, p1812.SEA)
    sea[[0, -1]] = p1812.COASTAL
    rare = {"time_percent": 1.0, "rx_longitude": 106.94, "zone": sea}
    inland = quiet_loss(distance_km, height_m, **(rare | {"zone": None}))
    far = quiet_loss(distance_km, height_m, **rare)
    near = quiet_loss(distance_km, height_m, **rare, tx_coast_km=0.5, rx_coast_km=0.5)
    assert far.beta0_percent > 2.0 * inland.beta0_percent
    assert far.ducting_db < inland.ducting_db - 5.0
    gain_db = 2.0 * 3.0 * math.exp(-0.0625)  # (49) for two antennas: 1 + tanh(0.07 (50 - h)) lies between 1.8 and 2
    assert 1.8 * gain_db < far.ducting_db - near.ducting_db < 2.0 * gain_db


def test_a_terminal_at_sea_stands_on_the_coast_whatever_is_said():
    distance_km, height_m = flat(100.0)
    arguments = {"zone": np.full(101, p1812.SEA), "rx_longitude": 105.97, "time_percent": 5.0}
    ship = quiet_loss(distance_km, height_m, **arguments)
    assert ship.sea_fraction == 1.0
    assert (ship.land_km, ship.inland_km) == (0.0, 0.0)
    assert quiet_loss(distance_km, height_m, **arguments, tx_coast_km=0.0, rx_coast_km=0.0) == ship
    assert quiet_loss(distance_km, height_m, **arguments, location_percent=95.0, location_sigma_db=8.0) == ship


def test_locations_add_their_share_of_the_deviation_and_never_go_below_line_of_sight():
    distance_km, height_m = flat(10.0)
    height_m[50] = 200.0
    median = quiet_loss(distance_km, height_m)
    most = quiet_loss(distance_km, height_m, location_percent=90.0, location_sigma_db=5.5)
    few = quiet_loss(distance_km, height_m, location_percent=1.0, location_sigma_db=40.0)
    assert most.location_db == pytest.approx(1.2816 * 5.5, abs=0.003)
    assert most.loss_db == pytest.approx(median.loss_db + most.location_db)
    assert few.loss_db == few.line_of_sight_db


def test_the_variability_over_locations_fades_above_the_clutter():
    def sigma_db(rx_height_m):
        return p1812.location_variability_db(2.0, rx_height_m=rx_height_m, clutter_height_m=10.0, cell_width_m=100.0)

    whole_db = (0.52 + 0.048) * 100.0**0.28
    assert sigma_db(1.5) == sigma_db(10.0) == pytest.approx(whole_db)
    assert sigma_db(15.0) == pytest.approx(0.5 * whole_db)
    assert sigma_db(20.0) == sigma_db(300.0) == 0.0
    with pytest.raises(RangeError, match="above 0"):
        p1812.location_variability_db(2.0, rx_height_m=1.5, clutter_height_m=10.0, cell_width_m=0.0)


def test_every_symbol_names_a_term_and_every_term_has_one():
    named = [name for name, _ in SYMBOLS]
    assert sorted(named) == sorted(
        field.name for field in fields(PathLoss) if field.name not in ("beyond_horizon", "outside_range")
    )
    assert len({symbol for _, symbol in SYMBOLS}) == len(SYMBOLS)


@st.composite
def paths(draw):
    """A profile of uneven steps with clutter and zones, and the rest of a path's inputs."""
    count = draw(st.integers(3, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distance_km = np.concatenate([[0.0], np.cumsum(rng.uniform(0.02, 1.0, count - 1))])
    path_km = draw(st.floats(0.3, 150.0))
    distance_km *= path_km / distance_km[-1]
    height_m = 200.0 + np.cumsum(rng.normal(0.0, draw(st.sampled_from([0.0, 1.0, 30.0])), count))
    return (distance_km, height_m), {
        "clutter_m": rng.uniform(0.0, draw(st.sampled_from([1e-9, 20.0])), count),
        "zone": rng.choice(draw(st.sampled_from([[4], [3], [1], [1, 3, 4], [1, 1, 1, 1, 4]])), count),
        "frequency_ghz": draw(st.floats(0.03, 6.0)),
        "time_percent": draw(st.floats(1.0, 50.0)),
        "tx_height_m": draw(st.floats(1.0, 300.0)),
        "rx_height_m": draw(st.floats(1.0, 30.0)),
        "polarization": draw(st.sampled_from(["vertical", "horizontal"])),
        "tx_longitude": 105.0,
        "tx_latitude": 0.0,
        "rx_longitude": 105.0 + math.degrees(path_km / 6371.0),
        "rx_latitude": 0.0,
        "delta_n": draw(st.floats(20.0, 75.0)),
        "n0": draw(st.floats(290.0, 390.0)),
        "tx_coast_km": draw(st.floats(0.0, 10.0)),
        "rx_coast_km": draw(st.floats(0.0, 10.0)),
    }


@settings(deadline=None, max_examples=200)
@given(paths(), st.floats(1.0, 50.0))
def test_more_of_the_time_never_costs_less(path, other_percent):
    profile, arguments = path
    percents = sorted((arguments.pop("time_percent"), other_percent))
    low, high = (p1812.loss(*profile, **arguments, time_percent=percent) for percent in percents)
    assert high.loss_db >= low.loss_db - 1e-6
    assert high.ducting_db >= low.ducting_db - 1e-6
    assert high.troposcatter_db >= low.troposcatter_db


@settings(deadline=None, max_examples=200)
@given(paths())
def test_the_loss_is_never_below_free_space_less_what_focusing_gains(path):
    """2.6 (1 − exp(−d/10)) log(50/p), 4.4 dB at most: equation (9); nothing at half of the time."""
    profile, arguments = path
    result = p1812.loss(*profile, **arguments)
    assert result.loss_db >= result.line_of_sight_db
    assert result.line_of_sight_db >= result.free_space_db - 2.6 * math.log10(50.0 / arguments["time_percent"])
    assert p1812.loss(*profile, **(arguments | {"time_percent": 50.0})).loss_db >= result.free_space_db


@settings(deadline=None, max_examples=200)
@given(paths())
def test_there_and_back_cost_the_same(path):
    (distance_km, height_m), there = path
    back = dict(there)
    for name in ("height_m", "longitude", "latitude", "coast_km"):
        back[f"tx_{name}"], back[f"rx_{name}"] = there[f"rx_{name}"], there[f"tx_{name}"]
    back |= {"clutter_m": there["clutter_m"][::-1], "zone": there["zone"][::-1]}
    first = p1812.loss(distance_km, height_m, **there)
    second = p1812.loss(distance_km[-1] - distance_km[::-1], height_m[::-1], **back)
    assert second.loss_db == pytest.approx(first.loss_db, abs=1e-5)
    assert second.angular_distance_mrad == pytest.approx(first.angular_distance_mrad, abs=1e-9)
    assert second.sea_fraction == pytest.approx(first.sea_fraction)


@settings(deadline=None, max_examples=100)
@given(st.floats(10.0, 100.0), st.sampled_from([0.45, 0.9, 1.8, 2.6]), st.floats(0.3, 60.0), st.floats(1.05, 2.0))
def test_loss_never_falls_with_distance_over_flat_ground(tx_m, frequency_ghz, path_km, factor):
    near, far = (
        quiet_loss(*flat(length_km), tx_height_m=tx_m, frequency_ghz=frequency_ghz)
        for length_km in (path_km, factor * path_km)
    )
    assert far.loss_db >= near.loss_db


def test_the_shortest_profile_has_one_point_between_its_ends():
    result = quiet_loss([0.0, 0.2, 0.5], [10.0, 10.0, 12.0])
    assert result.tx_horizon_km == pytest.approx(0.2)
    assert all(math.isfinite(value) for value in result.by_symbol().values())


def test_outside_the_published_range_is_refused_or_flagged():
    distance_km, height_m = flat(0.1, 5)
    odd = {"frequency_ghz": 8.0, "rx_height_m": 0.5, "time_percent": 0.1, "location_percent": 99.5}
    with pytest.raises(RangeError, match=r"frequency 8 GHz.*time 0\.1 %.*locations 99\.5 %.*0\.5 m.*distance 0\.1 km"):
        quiet_loss(distance_km, height_m, **odd)
    result = quiet_loss(distance_km, height_m, **odd, out_of_range="flag")
    assert len(result.outside_range) == 5
    assert all(math.isfinite(value) for value in result.by_symbol().values())
    assert quiet_loss(*flat(1.0)).outside_range == ()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"time_percent": 50.1}, "share of time"),
        ({"time_percent": 0.0}, "share of time"),
        ({"time_percent": math.nan}, "share of time"),
        ({"location_percent": 100.0}, "share of locations"),
        ({"frequency_ghz": 0.0}, "above 0"),
        ({"tx_height_m": -1.0}, "above 0"),
    ],
)
def test_what_no_formula_can_be_carried_on_to_is_refused_even_if_flagged(change, word):
    with pytest.raises(RangeError, match=word):
        quiet_loss(*flat(5.0), **change, out_of_range="flag")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"delta_n": 157.0}, "157"),
        ({"delta_n": -1.0}, "157"),
        ({"n0": 0.0}, "N0"),
        ({"polarization": "slant"}, "vertical, horizontal"),
        ({"tx_latitude": 91.0}, "on earth"),
        ({"rx_longitude": math.nan}, "on earth"),
        ({"tx_coast_km": -1.0}, "coast"),
        ({"location_sigma_db": -1.0}, "deviation"),
        ({"zone": np.full(101, 2)}, "zone"),
        ({"zone": np.full(100, 4)}, "shape"),
        ({"clutter_m": np.full(101, -1.0)}, "clutter"),
        ({"clutter_m": np.full(101, math.nan)}, "clutter"),
    ],
)
def test_inputs_that_cannot_be_are_refused(change, word):
    with pytest.raises(InputError, match=word):
        quiet_loss(*flat(5.0), **change)


@pytest.mark.parametrize(
    ("distance_km", "height_m", "word"),
    [
        ([0.0, 1.0], [0.0, 0.0], "three points"),
        ([], [], "three points"),
        ([0.1, 1.0, 2.0], [0.0, 0.0, 0.0], "rising from 0"),
        ([0.0, 1.0, 1.0], [0.0, 0.0, 0.0], "rising from 0"),
        ([0.0, 1.0, 2.0], [0.0, math.nan, 0.0], "fill voids"),
    ],
)
def test_a_profile_that_is_none_is_refused(distance_km, height_m, word):
    with pytest.raises(InputError, match=word):
        quiet_loss(distance_km, height_m)

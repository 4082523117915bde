"""The compiled Irregular Terrain Model against plain numpy written straight from its equations."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.kernels import itm_block, itm_finish, itm_lanes, itm_path, itm_roughness, itm_scatter, itm_wide
from whitesignal.kernels import itm_layout as at
from whitesignal.kernels import itm_rows as row
from whitesignal.kernels.itm_loss import diffraction_line, loss_db
from whitesignal.propagation.itm_band import CLIMATES, band_vector, normal_deviate

SIDES = ((at.TX_HORIZON_M, at.TX_EFFECTIVE_M), (at.RX_HORIZON_M, at.RX_EFFECTIVE_M))


def scratch():
    """Return the kernels' working space, full of what a careless reader would trip over."""
    return np.full(itm_roughness.SCRATCH_SIZE, np.nan)


def geometry(height_m, step_m, tx_m, rx_m, n0=330.0):
    out = np.full(at.PATH_SIZE, np.nan)
    itm_path.path_geometry(height_m, len(height_m), step_m, tx_m, rx_m, n0, scratch(), out)
    assert not np.any(np.isnan(out))
    return out


def fitted(values, first, last):
    """Return the mean and the slope of the model's straight line: a trapezoidal one, whose slope is nearly the best."""
    weight = np.ones(last - first + 1)
    weight[[0, -1]] = 0.5
    length = last - first
    arm = np.arange(length + 1) - length / 2.0
    inner = weight * values[first : last + 1]
    return inner.sum() / length, (inner * arm).sum() * 12.0 / ((length**2 + 2.0) * length)


def irregularity(height_m, step_m, start_m, end_m):
    """ERL 79-ITS 67, equation 3, from the deciles of the residuals."""
    start, end = start_m / step_m, end_m / step_m
    if end - start < 2.0:
        return 0.0
    tail = min(max(4, int(0.1 * (end - start + 8.0))), 25)
    samples = np.interp(np.linspace(start, end, 10 * tail - 5), np.arange(len(height_m)), height_m)
    left = np.sort(samples - fitted(samples, 0, len(samples) - 1)[1] * np.arange(len(samples)))
    return (left[-tail] - left[tail - 1]) / (1.0 - 0.8 * math.exp(-(end_m - start_m) / 50e3))


def horizon(height_m, step_m, antenna_m, far_m, radius_m):
    """Return angle and distance of the horizon seen from the first point, TN101 equation 6.15."""
    distance_m = step_m * np.arange(1, len(height_m))
    target_m = np.append(height_m[1:-1], height_m[-1] + far_m)
    angle = (target_m - height_m[0] - antenna_m) / distance_m - distance_m / (2.0 * radius_m)
    return angle.max(), distance_m[angle.argmax()]


def roughness(delta_m, distance_m):
    return delta_m * (1.0 - 0.8 * math.exp(-distance_m / 50e3))


def sigma(delta_m):
    return 0.78 * delta_m * math.exp(-0.5 * delta_m**0.25)


def vogler(x, k):
    if x < 200.0:
        w = -math.log(k)
        if k < 1e-5 or x * w**3 > 5495.0:
            return -117.0 + (17.372 * math.log(x) if x > 1.0 else 0.0)
        return 2.5e-5 * x * x / k - 8.686 * w - 15.0
    far = 0.05751 * x - 4.343 * math.log(x)
    w = 0.0134 * x * math.exp(-0.005 * x) if x < 2000.0 else 0.0
    return far + w * (17.372 * math.log(x) - 117.0 - far)


def knife(v2):
    return 6.02 + 9.11 * math.sqrt(v2) - 1.27 * v2 if v2 < 5.76 else 12.953 + 10.0 * math.log10(v2)


def diffraction(path, band, impedance, heights_m2, distance_m):
    """Algorithm, equations 4.10 to 4.21."""
    f, d_ml, a = band[at.FREQUENCY_MHZ], path[at.SIGHT_M], path[at.RADIUS_M]
    theta, beyond = distance_m / a - path[at.SIGHT_ANGLE_RAD], distance_m - d_ml
    edge = 0.0
    radii, arcs = [beyond / theta], [beyond]
    for horizon_at, height_at in SIDES:
        d_l = path[horizon_at]
        edge += knife(theta**2 * (f / 47.7) * d_l * beyond / (beyond + d_l) * 0.0795775)
        radii.append(0.5 * d_l**2 / path[height_at])
        arcs.append(d_l)
    c = [(4.0 / 3.0 * 6370e3 / radius) ** (1.0 / 3.0) for radius in radii]
    k = [0.017778 * each * f ** (-1.0 / 3.0) / abs(impedance) for each in c]
    x = [(1.607 - kk) * cc**2 * f ** (1.0 / 3.0) * arc / 1000.0 for kk, cc, arc in zip(k, c, arcs, strict=True)]
    smooth = 0.05751 * sum(x) - 10.0 * math.log10(sum(x)) - vogler(x[1], k[1]) - vogler(x[2], k[2]) - 20.0
    delta = path[at.IRREGULARITY_M]
    clutter = 5.0 * math.log10(1.0 + 1e-5 * heights_m2 * f * sigma(roughness(delta, path[at.SMOOTH_SIGHT_M])))
    ratio = (path[at.TX_EFFECTIVE_M] * path[at.RX_EFFECTIVE_M] + 10.0) / (heights_m2 + 10.0)
    q = math.sqrt(ratio) + (d_ml - path[at.SIGHT_ANGLE_RAD] * a) / distance_m
    w = 1.0 / (1.0 + math.sqrt(q * min(roughness(delta, distance_m) * f / 47.7, 6283.2)) / 25.1)
    return w * smooth + (1.0 - w) * edge + min(15.0, clutter)


def two_rays(path, band, impedance, distance_m):
    """Algorithm, equations 4.45 to 4.50."""
    k, both = band[at.WAVE_NUMBER], path[at.TX_EFFECTIVE_M] + path[at.RX_EFFECTIVE_M]
    sine = both / math.hypot(distance_m, both)
    ray = (sine - impedance) / (sine + impedance)
    ray *= math.exp(-min(10.0, k * sine * sigma(roughness(path[at.IRREGULARITY_M], distance_m))))
    if abs(ray) ** 2 < max(0.25, sine):
        ray *= math.sqrt(sine) / abs(ray)
    phase = 2.0 * k * path[at.TX_EFFECTIVE_M] * path[at.RX_EFFECTIVE_M] / distance_m
    phase = math.pi - (math.pi / 2.0) ** 2 / phase if phase > math.pi / 2.0 else phase
    return -20.0 * math.log10(abs(cmath.exp(-1j * phase) + ray))


def sight(path, band, impedance, line):
    """ERL 79-ITS 67, equations 3.16 to 3.21."""
    intercept, slope = line
    d_ls, d_l, d, f = path[at.SMOOTH_SIGHT_M], path[at.SIGHT_M], path[at.PATH_M], band[at.FREQUENCY_MHZ]
    w = 1.0 / (1.0 + f * path[at.IRREGULARITY_M] / max(10e3, d_ls))

    def at_distance(distance_m):
        return w * two_rays(path, band, impedance, distance_m) + (1.0 - w) * (intercept + slope * distance_m)

    d_0 = 0.04 * f * path[at.TX_EFFECTIVE_M] * path[at.RX_EFFECTIVE_M]
    if intercept >= 0.0:
        d_0 = min(d_0, 0.5 * d_l)
        d_1 = d_0 + 0.25 * (d_l - d_0)
    else:
        d_1 = max(-intercept / slope, 0.25 * d_l)
    end, a_1 = intercept + slope * d_ls, at_distance(d_1)
    k_1, k_2 = max(end - a_1, 0.0) / (d_ls - d_1) or slope, 0.0
    if d_0 < d_1:
        a_0, bend = at_distance(d_0), math.log(d_ls / d_0)
        rest = (d_ls - d_0) * math.log(d_1 / d_0) - (d_1 - d_0) * bend
        k_hat = max(0.0, ((d_ls - d_0) * (a_1 - a_0) - (d_1 - d_0) * (end - a_0)) / rest)
        if intercept > 0.0 or k_hat > 0.0:
            k_1, k_2 = (end - a_0 - k_hat * bend) / (d_ls - d_0), k_hat
            if k_1 < 0.0:
                k_2 = max(end - a_0, 0.0) / bend
                k_1 = 0.0 if k_2 else slope
    return end + k_1 * (d - d_ls) + k_2 * math.log(d / d_ls)


def gain(eta, r):
    """Algorithm, equation 6.13, between whole η_s."""
    curves = ((25.0, 24.0), (80.0, 45.0), (177.0, 68.0), (395.0, 80.0), (705.0, 105.0))
    values = [10.0 * math.log10(1.0 + a * r**-4 + b * r**-2) for a, b in curves]
    return float(np.interp(eta, range(1, 6), values))


def scatter(path, band, distance_m, before=None):
    """Algorithm, equations 4.60 to 4.67; ``before`` is the gain at the farther distance."""
    k, n_s, a = band[at.WAVE_NUMBER], path[at.REFRACTIVITY], path[at.RADIUS_M]
    theta = path[at.TX_ANGLE_RAD] + path[at.RX_ANGLE_RAD] + distance_m / a
    h_0 = before
    if before is None or before <= 15.0:
        r = [2.0 * k * theta * path[height_at] for _, height_at in SIDES]
        if max(r) < 0.2:
            return 1001.0, before
        sides = sorted(((path[d], path[h]) for d, h in SIDES), key=lambda side: -side[0])
        ad, ratio = sides[0][0] - sides[1][0], sides[1][1] / sides[0][1]
        s = (distance_m - ad) / (distance_m + ad)
        q, s = min(max(0.1, ratio / s), 10.0), max(0.1, s)
        cross = (distance_m**2 - ad**2) * theta / (4.0 * distance_m)
        air = 0.031 - 2.32e-3 * n_s + 5.67e-6 * n_s**2
        eta = cross / 1755.6 * (1.0 + air * math.exp(-(min(1.7, cross / 8000.0) ** 6)))
        mean = (gain(eta, r[0]) + gain(eta, r[1])) / 2.0
        h_0 = max(mean + min(mean, 6.0 * (0.6 - math.log10(max(eta, 1.0))) * math.log10(s) * math.log10(q)), 0.0)
        if eta < 1.0:
            root = math.sqrt(2.0)
            low = ((1.0 + root / r[0]) * (1.0 + root / r[1])) ** 2 * sum(r) / (sum(r) + 2.0 * root)
            h_0 = eta * h_0 + (1.0 - eta) * 10.0 * math.log10(low)
        if before is not None and h_0 > 15.0:
            h_0 = before
    beyond = distance_m / a - path[at.SIGHT_ANGLE_RAD]
    td = beyond * distance_m
    a_i, b_i, c_i = ((133.4, 0.332e-3, -10.0), (104.6, 0.212e-3, -2.5), (71.8, 0.157e-3, 5.0))[
        int(td > 10e3) + int(td > 70e3)
    ]
    base = a_i + b_i * td + c_i * math.log10(td) + 10.0 * math.log10(k * 47.7 * beyond**4)
    return base - 0.1 * (n_s - 301.0) * math.exp(-td / 40e3) + h_0, h_0


def beyond_sight(path, band, line):
    """Algorithm, equations 4.52 to 4.59."""
    intercept, slope = line
    d, d_l, f = path[at.PATH_M], path[at.SIGHT_M], band[at.FREQUENCY_MHZ]
    far, h_0 = scatter(path, band, d_l + 400e3)
    near, _ = scatter(path, band, d_l + 200e3, h_0)
    diffracted = intercept + slope * d
    if near >= 1000.0:
        return diffracted
    m_s = (far - near) / 200e3
    least = d_l + 1.088 * (path[at.RADIUS_M] ** 2 / f) ** (1.0 / 3.0) * math.log(f)
    d_x = max(path[at.SMOOTH_SIGHT_M], least, (near - intercept - m_s * (d_l + 200e3)) / (slope - m_s))
    return diffracted if d <= d_x else intercept + slope * d_x + m_s * (d - d_x)


def varied(path, band, setting, reference):
    """Algorithm, § 5."""
    d, k = path[at.PATH_M], setting["frequency_mhz"] / 47.7
    d_ex = sum(math.sqrt(18e6 * path[height_at]) for _, height_at in SIDES) + (575.7e12 / k) ** (1.0 / 3.0)
    d_e = 130e3 * d / d_ex if d < d_ex else 130e3 + d - d_ex
    tens, mode = divmod(setting["variability_mode"], 10)
    z_t, z_l, z_s = (
        normal_deviate(setting[name] / 100.0) for name in ("time_percent", "location_percent", "situation_percent")
    )
    z_t, z_l = {0: (z_s, z_s), 1: (z_t, z_s), 2: (z_t, z_t), 3: (z_t, z_l)}[mode]
    climate = CLIMATES[setting["climate"] - 1]

    def curve(c):
        rise = (d_e / 1000.0 / c[2]) ** 2
        return (c[0] + c[1] / (1.0 + ((d_e / 1000.0 - c[3]) / c[4]) ** 2)) * rise / (1.0 + rise)

    s_s = 0.0 if tens in (2, 3) else 5.0 + 3.0 * math.exp(-d_e / 100e3)
    delta = roughness(path[at.IRREGULARITY_M], d)
    s_l = 0.0 if tens in (1, 3) else 10.0 * k * delta / (k * delta + 13.0)
    if z_t < 0.0:
        s_t = curve(climate.weaker) * climate.weaker_frequency.factor(k)
    else:
        s_t = curve(climate.stronger) * climate.stronger_frequency.factor(k)
        if z_t > climate.tail_from:
            s_t = climate.tail * s_t + (1.0 - climate.tail) * s_t * climate.tail_from / z_t
    y_t, y_l = s_t * z_t, s_l * z_l
    rest = s_s**2 + y_t**2 / (7.8 + z_s**2) + y_l**2 / (24.0 + z_s**2)
    y_r = (0.0, y_t, math.hypot(s_t, s_l) * z_t, y_t + y_l)[mode]
    more = (s_t**2 + s_l**2, s_l**2, 0.0, 0.0)[mode]
    result = reference - curve(climate.median) - y_r - math.sqrt(rest + more) * z_s
    return result * (29.0 - result) / (29.0 - 10.0 * result) if result < 0.0 else result


def by_numpy(path, setting, heights_m2):
    """Return reference attenuation and loss from a path's terms."""
    f = setting["frequency_mhz"]
    relative = complex(setting["permittivity"], 18000.0 * setting["conductivity_s_per_m"] / f)
    impedance = cmath.sqrt(relative - 1.0) / (relative if setting["vertical"] else 1.0)
    band = np.zeros(at.BAND_SIZE)
    band[[at.FREQUENCY_MHZ, at.WAVE_NUMBER]] = f, f / 47.7
    length = (path[at.RADIUS_M] ** 2 / f) ** (1.0 / 3.0)
    d_3 = max(path[at.SMOOTH_SIGHT_M], path[at.SIGHT_M] + 5.0 * length)
    a_3, a_4 = (diffraction(path, band, impedance, heights_m2, d) for d in (d_3, d_3 + 10.0 * length))
    slope = (a_4 - a_3) / (10.0 * length)
    line = a_3 - slope * d_3, slope
    in_sight = path[at.PATH_M] < path[at.SMOOTH_SIGHT_M]
    reference = sight(path, band, impedance, line) if in_sight else beyond_sight(path, band, line)
    reference = max(reference, 0.0)
    free = 32.45 + 20.0 * math.log10(f * path[at.PATH_M] / 1000.0)
    return reference, free + varied(path, band, setting, reference)


@st.composite
def profiles(draw):
    """A profile: rough, rolling, terraced or flat; now and then long enough for scatter."""
    count = draw(st.sampled_from([2, 3, 4, 12, 57, 222, 400]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    height_m = 400.0 + np.cumsum(rng.normal(0.0, draw(st.sampled_from([0.01, 1.0, 30.0])), count))
    if draw(st.booleans()):
        height_m = np.round(height_m / 40.0) * 40.0
    return height_m, draw(st.sampled_from([10.0, 31.7, 90.0, 500.0]))


@settings(deadline=None, max_examples=300)
@given(profiles(), st.floats(0.5, 300.0), st.floats(0.5, 30.0), st.floats(250.0, 370.0))
def test_the_compiled_geometry_equals_plain_numpy(profile, tx_m, rx_m, n0):
    height_m, step_m = profile
    out = geometry(height_m, step_m, tx_m, rx_m, n0)
    intervals = len(height_m) - 1
    path_m, skipped = step_m * intervals, int(0.1 * intervals)
    mean_m = height_m[skipped : len(height_m) - skipped].mean()
    n_s = n0 * math.exp(-mean_m / 9460.0)
    radius_m = 1.0 / (157e-9 * (1.0 - 0.04665 * math.exp(n_s / 179.3)))
    assert out[[at.MEAN_HEIGHT_M, at.REFRACTIVITY]] == pytest.approx([mean_m, n_s], rel=1e-12)
    assert out[at.RADIUS_M] == pytest.approx(radius_m, rel=1e-12)
    tx_angle, tx_horizon_m = horizon(height_m, step_m, tx_m, rx_m, radius_m)
    rx_angle, rx_horizon_m = horizon(height_m[::-1], step_m, rx_m, tx_m, radius_m)
    assert out[at.DEPARTURE_DEG] == pytest.approx(math.degrees(math.atan(tx_angle)), abs=1e-9)
    assert out[at.ARRIVAL_DEG] == pytest.approx(math.degrees(math.atan(rx_angle)), abs=1e-9)
    found = [round(tx_horizon_m / step_m), intervals - round(rx_horizon_m / step_m)]
    clear = tx_horizon_m > path_m - step_m / 2.0
    assert list(out[[at.TX_HORIZON_INDEX, at.RX_HORIZON_INDEX]]) == ([-1.0, -1.0] if clear else found)
    if clear:
        tx_horizon_m = rx_horizon_m = path_m
    start_m = min(15.0 * tx_m, 0.1 * tx_horizon_m)
    end_m = path_m - min(15.0 * rx_m, 0.1 * rx_horizon_m)
    spread_m = irregularity(height_m, step_m, start_m, end_m)
    assert out[at.IRREGULARITY_M] == pytest.approx(spread_m, abs=1e-7)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.floats(-500.0, 500.0).map(lambda value: round(value, 1)), min_size=35, max_size=245),
    st.integers(4, 25),
)
def test_the_buckets_find_the_value_that_sorting_finds(values, tail):
    samples = np.array(values)
    tail = min(tail, len(values) // 3)
    lowest, highest = -itm_lanes.largest(-samples, len(samples)), itm_lanes.largest(samples, len(samples))
    assert (lowest, highest) == (samples.min(), samples.max())
    ordered = np.sort(samples)
    if highest > lowest:
        found = itm_roughness._tail_spread(samples, len(samples), tail, lowest, highest, scratch())
        assert found == ordered[-tail] - ordered[tail - 1]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=50), st.data())
def test_a_line_fitted_to_a_stretch_equals_plain_numpy(values, data):
    heights = np.array(values)
    last = data.draw(st.integers(1, len(values) - 1))
    first = data.draw(st.integers(0, last - 1))
    mean, slope = fitted(heights, first, last)
    middle, intervals = (first + last) / 2.0, len(values) - 1
    at_ends = itm_path.line_fit(heights, intervals, first + 0.4, last - 0.4 if last < intervals else last + 0.4)
    assert at_ends == pytest.approx((mean - slope * middle, mean + slope * (intervals - middle)), abs=1e-8)


SETTINGS = st.fixed_dictionaries(
    {
        "frequency_mhz": st.sampled_from([60.0, 450.0, 900.0, 2600.0, 15_000.0]),
        "vertical": st.booleans(),
        "permittivity": st.sampled_from([4.0, 15.0, 81.0]),
        "conductivity_s_per_m": st.sampled_from([0.001, 0.02, 5.0]),
        "climate": st.integers(1, 7),
        "time_percent": st.sampled_from([1.0, 10.0, 50.0, 90.0, 99.0]),
        "location_percent": st.sampled_from([5.0, 50.0, 95.0]),
        "situation_percent": st.sampled_from([2.0, 50.0, 98.0]),
        "variability_mode": st.sampled_from([tens + mode for tens in (0, 10, 20, 30) for mode in range(4)]),
    }
)


@settings(deadline=None, max_examples=500)
@given(profiles(), st.floats(0.5, 300.0), st.floats(0.5, 30.0), SETTINGS)
def test_the_compiled_loss_equals_plain_numpy(profile, tx_m, rx_m, setting):
    path, terms = geometry(*profile, tx_m, rx_m), np.full(at.TERMS_SIZE, np.nan)
    total_db = loss_db(path, band_vector(**setting), terms)
    if math.isnan(terms[at.DIFFRACTION_INTERCEPT]):
        assert terms[at.REFERENCE] == 0.0
        return
    reference_db, expected_db = by_numpy(path, setting, tx_m * rx_m)
    assert terms[at.REFERENCE] == pytest.approx(reference_db, abs=1e-5)
    assert total_db == pytest.approx(expected_db, abs=1e-5)
    assert total_db == terms[at.LOSS]


def test_one_geometry_serves_every_band_in_any_order():
    height_m = np.linspace(0.0, 900.0, 222) % 130.0
    setting = {
        "vertical": True,
        "permittivity": 15.0,
        "conductivity_s_per_m": 0.005,
        "climate": 2,
        "time_percent": 50.0,
        "location_percent": 50.0,
        "situation_percent": 50.0,
        "variability_mode": 12,
    }
    path, terms = geometry(height_m, 90.0, 30.0, 1.5), np.empty(at.TERMS_SIZE)
    before = path.copy()
    bands = [band_vector(band_mhz, **setting) for band_mhz in (900.0, 1800.0, 2600.0)]
    there = [loss_db(path, band, terms) for band in bands]
    back = [loss_db(path, band, terms) for band in bands[::-1]]
    assert there == back[::-1]
    assert np.array_equal(path, before)
    assert there[0] < there[1] < there[2]


def test_points_beyond_the_count_are_not_read():
    height_m = np.linspace(0.0, 900.0, 120) % 130.0
    exact = geometry(height_m, 90.0, 30.0, 1.5)
    out = np.empty(at.PATH_SIZE)
    itm_path.path_geometry(np.append(height_m, [np.nan, 9e9]), 120, 90.0, 30.0, 1.5, 330.0, scratch(), out)
    assert np.array_equal(out, exact)


def test_a_profile_longer_than_a_block_has_its_horizons_found_in_any_of_them():
    for place in (3, 244, 245, 246, 600, 997):
        height_m = np.zeros(1000)
        height_m[place] = 3000.0
        out = geometry(height_m, 30.0, 10.0, 10.0)
        assert (out[at.TX_HORIZON_INDEX], out[at.RX_HORIZON_INDEX]) == (place, place)


def test_scatter_is_undefined_where_both_antennas_are_low_and_the_wave_is_long():
    near, far = np.empty(at.SCATTER_SIZE), np.empty(at.SCATTER_SIZE)
    for distance_m, entries in ((210e3, near), (410e3, far)):
        itm_scatter.describe_scatter(distance_m, 0.0, 1.0, 0.0, 0.0, 8.5e6, 301.0, entries)
    assert math.isnan(itm_scatter.frequency_gain_db(near, 0.5, 1.0, 1.0))
    undefined = itm_scatter.UNDEFINED_DB
    assert itm_scatter.scatter_losses_db(near, far, 13.0, 0.5, 1.0, 1.0) == (undefined, undefined)
    assert max(itm_scatter.scatter_losses_db(near, far, 13.0, 0.5, 30.0, 30.0)) < 300.0


def test_the_diffraction_line_meets_the_loss_beyond_the_horizon():
    setting = {
        "frequency_mhz": 900.0,
        "vertical": False,
        "permittivity": 15.0,
        "conductivity_s_per_m": 0.005,
        "climate": 5,
        "time_percent": 50.0,
        "location_percent": 50.0,
        "situation_percent": 50.0,
        "variability_mode": 0,
    }
    path, band, terms = geometry(np.zeros(101), 500.0, 10.0, 2.0), band_vector(**setting), np.empty(at.TERMS_SIZE)
    loss_db(path, band, terms)
    intercept_db, slope = diffraction_line(path, band)
    assert terms[at.MODE] == at.DIFFRACTION
    assert terms[at.REFERENCE] == pytest.approx(intercept_db + slope * path[at.PATH_M], abs=1e-9)


def rough_paths(seed, count):
    """Return antenna heights, and paths of them over all kinds of ground as the terrain alone has them and finished."""
    rng = np.random.default_rng(seed)
    tx_m, rx_m = float(rng.choice([0.5, 10.0, 30.0, 300.0])), float(rng.choice([0.5, 1.5, 10.0]))
    bare, finished = np.ones((2, count, at.PATH_SIZE))
    for lane in range(count):
        points, step_m = int(rng.integers(3, 120)), float(rng.choice([10.0, 31.7, 90.0, 500.0]))
        height_m = 400.0 + np.cumsum(rng.normal(0.0, rng.choice([0.01, 1.0, 30.0]), points))
        path = geometry(height_m, step_m, tx_m, rx_m, rng.uniform(250.0, 370.0))
        found = itm_path.horizons(height_m, points - 1, step_m, tx_m, rx_m, path[at.RADIUS_M], scratch())
        path[[at.TX_ANGLE_RAD, at.TX_HORIZON_M, at.RX_ANGLE_RAD, at.RX_HORIZON_M]] = np.array(found)[[0, 1, 3, 4]]
        path[[at.TX_EFFECTIVE_M, at.RX_EFFECTIVE_M]] = tx_m, rx_m
        path[[at.TX_EFFECTIVE_M, at.RX_EFFECTIVE_M]] += rng.uniform(0.0, [300.0, 100.0])
        bare[lane] = path
        if path[at.TX_HORIZON_M] + path[at.RX_HORIZON_M] > 1.5 * path[at.PATH_M]:
            itm_path.estimate_horizons(path)
        itm_path.finish_path(tx_m * rx_m, path)
        finished[lane] = path
    return tx_m, rx_m, bare, finished


def bare_block(paths):
    """Return a block whose lanes hold the paths' entries up to the effective heights, the last path's again and again.

    Elsewhere there are ones.
    """
    block = np.ones(row.BLOCK_SIZE).reshape(-1, row.LANES)
    lanes = np.minimum(np.arange(row.LANES), len(paths) - 1)
    block[: at.RX_EFFECTIVE_M + 1] = paths[lanes, : at.RX_EFFECTIVE_M + 1].T
    return block.ravel()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**31), st.integers(1, 40))
def test_a_block_finishes_its_paths_as_each_alone(seed, count):
    tx_m, rx_m, bare, finished = rough_paths(seed, count)
    block = bare_block(bare)
    itm_finish.finish_block(block, count, tx_m * rx_m, np.empty(at.SCATTER_SIZE))
    found = block.reshape(-1, row.LANES)[: at.PATH_SIZE, :count].T
    left_out = [at.WARNINGS, at.DEPARTURE_DEG, at.ARRIVAL_DEG, at.TX_HORIZON_INDEX, at.RX_HORIZON_INDEX]
    entries = np.delete(np.arange(at.PATH_SIZE), left_out)
    beyond = finished[:, at.TRANSHORIZON] == 1.0
    assert found[beyond][:, entries] == pytest.approx(finished[beyond][:, entries], rel=1e-6, abs=1e-9)
    entries = entries[entries < at.SCATTER_NEAR]
    assert found[:, entries] == pytest.approx(finished[:, entries], rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.integers(1, 40), SETTINGS)
def test_a_block_loses_what_its_paths_lose_one_by_one(seed, count, setting):
    tx_m, rx_m, bare, finished = rough_paths(seed, count)
    band, terms, block = band_vector(**setting), np.empty(at.TERMS_SIZE), np.ones(row.BLOCK_SIZE)
    expected_db = [loss_db(path, band, terms) for path in finished]
    lanes = np.clip(np.arange(row.LANES + 2) - 2, 0, count - 1)
    itm_block.load_block(finished[lanes], 2, row.LANES, block)
    itm_block.block_losses(block, band, np.empty(at.PATH_SIZE))
    assert block[row.LOSS_DB : row.LOSS_DB + count] == pytest.approx(expected_db, abs=1e-4)
    block = bare_block(bare)
    itm_finish.finish_block(block, count, tx_m * rx_m, np.empty(at.SCATTER_SIZE))
    itm_block.block_losses(block, band, np.empty(at.PATH_SIZE))
    assert block[row.LOSS_DB : row.LOSS_DB + count] == pytest.approx(expected_db, abs=1e-4)


@settings(deadline=None)
@given(st.lists(st.floats(1e-300, 1e300), min_size=4, max_size=20))
def test_logarithms_are_taken_of_the_entries_asked_for_alone(values):
    found = np.array(values)
    itm_wide.logarithms(found, 1, len(values) - 1)
    assert found[1:-1] == pytest.approx(np.log(values[1:-1]), rel=1e-10, abs=1e-10)
    assert found[[0, -1]].tolist() == [values[0], values[-1]]


@settings(deadline=None)
@given(st.floats(-800.0, 12.0), st.floats(0.0, math.pi))
def test_the_wide_functions_are_the_librarys_to_nine_digits(exponent, angle):
    assert itm_wide.exponential(exponent) == pytest.approx(math.exp(exponent), rel=3e-9, abs=1e-12)
    assert itm_wide.cosine(angle) == pytest.approx(math.cos(angle), abs=1e-12)


@settings(deadline=None)
@given(st.floats(0.0, 2e6), st.floats(0.0, 3000.0))
def test_the_wide_shares_are_those_of_a_path(distance_m, roughness_m):
    assert itm_wide.wide_share(distance_m) == pytest.approx(itm_roughness.roughness_share(distance_m), abs=1e-11)
    assert itm_wide.wide_deviation_m(roughness_m) == pytest.approx(itm_path.fresnel_deviation_m(roughness_m), rel=1e-9)

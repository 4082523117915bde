"""The picture of a path."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.maps.section import ProfileFigure, bulge_m, draw_profile, fresnel_radius_m, plain, ray_m

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def ridge():
    """A path of 10 km over flat ground at 100 m with one ridge of 400 m in the middle."""
    distance_km = np.linspace(0.0, 10.0, 101)
    height_m = np.full(101, 100.0)
    height_m[50] = 400.0
    return ProfileFigure(
        distance_km, height_m, 30.0, 1.5, 1800.0, 8500.0, np.zeros(101, dtype=bool), 50, "P1 → Bản Mù", "P1", "Bản Mù",
        {"free space": 117.6, "diffraction": 35.2}, -121.3, -3.3,
    )  # fmt: skip


def texts(path):
    return path.read_text(encoding="utf-8")


def as_svg(figure, folder, **options):
    import matplotlib as mpl

    with mpl.rc_context({"svg.fonttype": "none"}):
        draw_profile(figure, folder / "profile.svg", **options)
    return texts(folder / "profile.svg")


def test_the_bulge_is_largest_halfway_and_nothing_at_the_ends():
    distance_km = np.linspace(0.0, 30.0, 61)
    rise_m = bulge_m(distance_km, 8500.0)
    assert rise_m[0] == rise_m[-1] == 0.0
    assert rise_m.argmax() == 30
    assert rise_m[30] == pytest.approx(30_000.0**2 / (8 * 8_500_000.0))


@settings(deadline=None)
@given(length_km=st.floats(0.1, 60), frequency_mhz=st.floats(100, 6000), share=st.floats(0.01, 0.99))
def test_the_fresnel_radius_obeys_its_own_definition(length_km, frequency_mhz, share):
    """On the zone's edge the detour over the straight way is half a wavelength."""
    distance_km = np.array([0.0, share, 1.0]) * length_km
    radius_m = fresnel_radius_m(distance_km, frequency_mhz)[1]
    near_m, far_m = share * length_km * 1000, (1 - share) * length_km * 1000
    detour_m = radius_m**2 / 2 * (1 / near_m + 1 / far_m)
    assert detour_m == pytest.approx(299.792458 / frequency_mhz / 2, rel=1e-6)


def test_the_ray_runs_from_antenna_to_antenna(ridge):
    assert ray_m(ridge)[[0, 50, -1]].tolist() == pytest.approx([130.0, 115.75, 101.5])


def test_a_profile_becomes_a_png(ridge, tmp_path):
    draw_profile(ridge, tmp_path / "profile.png")
    content = (tmp_path / "profile.png").read_bytes()
    assert content.startswith(PNG)
    assert len(content) > 20_000


def test_the_same_path_gives_the_same_picture(ridge, tmp_path):
    for name in ("a.png", "b.png"):
        draw_profile(ridge, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_the_ridge_is_named_with_distance_height_and_what_it_rises_above_the_ray(ridge, tmp_path):
    picture = as_svg(ridge, tmp_path)
    bulge = 5000.0**2 / (2 * 8_500_000.0)
    assert "blocking ridge: 5.00 km, 400 m" in picture
    assert f"{400 + bulge - 115.75:.0f} m above the ray" in picture


def test_every_term_of_the_loss_is_printed_with_level_and_margin(ridge, tmp_path):
    picture = as_svg(ridge, tmp_path)
    for text in ("117.6", "35.2", "-121.3", "-3.3", "1800 MHz"):
        assert text in picture


def test_a_clear_path_without_a_level_draws_neither_ridge_nor_level(ridge, tmp_path):
    clear = dataclasses.replace(ridge, ridge_index=None, level_dbm=float("nan"), margin_db=float("nan"), terms={})
    picture = as_svg(clear, tmp_path)
    assert "blocking ridge" not in picture
    assert "dBm" not in picture


def test_a_void_is_marked_as_such(ridge, tmp_path):
    assert "terrain without data" not in as_svg(ridge, tmp_path)
    void = np.arange(101) > 80
    assert "terrain without data" in as_svg(dataclasses.replace(ridge, void=void), tmp_path)


def test_dollar_signs_in_names_are_not_formulas(ridge, tmp_path):
    hostile = dataclasses.replace(
        ridge, title=r"$\frac{1}{$ $x_1$", station_label="$a$", village_label=r"\$b$ $", terms={r"$\oops$": 1.0}
    )
    picture = as_svg(hostile, tmp_path)
    assert "$x_1$" in picture
    assert "$a$" in picture
    assert plain("a $b$") == r"a \$b\$"


def test_a_profile_in_vietnamese_says_so(ridge, tmp_path):
    assert "đỉnh chắn" in as_svg(ridge, tmp_path, lang="vi")

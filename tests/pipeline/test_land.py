"""The whole thread on land whose answers one can work out."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

import whitesignal as ws
from whitesignal.bands import pilot_offset_db
from whitesignal.propagation import free_space, hata, p526, p2108, tr38901

WGS84 = Geod(ellps="WGS84")
LEVELS = ["level_dbm_2g", "level_dbm_3g", "level_dbm_4g", "level_dbm_5g"]
COARSE = "[radio]\nmodel = 'p526'\nresolution_m = 20000\n"


def analyzed(land: ModuleType, folder: Path, **parts: Any) -> ws.Analysis:
    jobs = parts.pop("jobs", 1)
    parts.setdefault("toml", COARSE)
    return ws.analyze(ws.open_project(land.write_project(folder, **parts)), jobs=jobs)


def test_a_ridge_hides_the_valley_behind_it(land: ModuleType, tmp_path: Path) -> None:
    stations = [land.station(f"A{name}", -5, 0, name) for name in ws.GENERATIONS]
    villages = [land.village("V1", -1, 0), land.village("V2", 3, 0)]
    level = analyzed(land, tmp_path / "level", stations=stations, villages=villages)
    ridge = analyzed(land, tmp_path / "ridge", stations=stations, villages=villages, ground=land.ridge(1.5, 400.0))
    assert level.villages["status"].tolist() == ["covered", "covered"]
    assert ridge.villages["status"].tolist() == ["covered", "white"]
    assert (level.villages.loc[0, LEVELS] - ridge.villages.loc[0, LEVELS]).abs().max() < 0.01, "before it, no change"
    # Behind a lower one every band still arrives, and the higher its frequency the more it lost.
    low = analyzed(land, tmp_path / "low", stations=stations, villages=villages, ground=land.ridge(1.5, 100.0))
    lost_db = (level.villages.loc[1, LEVELS] - low.villages.loc[1, LEVELS]).to_numpy(dtype=float)
    by_frequency = lost_db[[0, 2, 1, 3]]  # 900, 1800, 2100, 2600 MHz
    assert by_frequency[0] > 20.0
    assert (np.diff(by_frequency) > 0.0).all()


def test_a_valley_floor_hears_the_mast_on_its_rim_and_not_the_one_beyond_it(land: ModuleType, tmp_path: Path) -> None:
    villages = [land.village("V1", 0, 0)]
    rim = analyzed(
        land, tmp_path / "rim", stations=[land.station("A", -4, 0)], villages=villages, ground=land.valley(500.0)
    )
    beyond = analyzed(
        land, tmp_path / "beyond", stations=[land.station("A", -8, 0)], villages=villages, ground=land.valley(500.0)
    )
    assert rim.villages["status"].tolist() == ["covered"]
    assert beyond.villages["status"].tolist() == ["white"]


def test_a_cone_shades_a_circle_of_villages_alike(land: ModuleType, tmp_path: Path) -> None:
    # Seen from the north and from the south the mountain is the same: mirrored villages have mirrored levels.
    villages = [land.village(f"V{at}", 6, north) for at, north in enumerate((-3.0, -1.0, 1.0, 3.0))]
    found = analyzed(
        land,
        tmp_path,
        stations=[land.station("A", -6, 0, "2G")],
        villages=villages,
        ground=land.cone(200.0),
        cell_m=50.0,
    )
    level_dbm = found.villages["level_dbm"].to_numpy()
    assert level_dbm[:2] == pytest.approx(level_dbm[:1:-1], abs=0.3)
    assert level_dbm[1] < level_dbm[0] - 2.0, "nearer its top the mountain hides more"


@pytest.mark.parametrize("north_km", [0.0, 4.0])
@pytest.mark.parametrize(("generation", "band_mhz"), [("2G", 900.0), ("4G", 1800.0), ("4G", 700.0), ("3G", 2100.0)])
def test_over_level_ground_a_level_is_the_public_models_sum(
    land: ModuleType, tmp_path: Path, generation: ws.bands.Generation, band_mhz: float, north_km: float
) -> None:
    stations = [land.station("A", -6, 0, generation, band_mhz=band_mhz, antenna_height_m=42, power_dbm=44, gain_dbi=15)]
    row = land.village("V1", 5, north_km)
    found = analyzed(land, tmp_path, stations=stations, villages=[row]).villages.iloc[0]
    here = stations[0]
    path_km = WGS84.inv(here["longitude"], here["latitude"], row["longitude"], row["latitude"])[2] / 1000.0
    share = np.linspace(0.0, 1.0, int(np.ceil(path_km / 0.1)) + 1)
    diffraction = p526.delta_bullington(
        path_km * share, np.full(len(share), 100.0), tx_height_m=42.0, rx_height_m=1.5, frequency_mhz=band_mhz,
        permittivity=15.0, conductivity_s_per_m=0.005,
    )  # fmt: skip
    clutter_db = p2108.terminal_clutter_db(
        band_mhz / 1000.0, terminal_height_m=1.5, clutter_height_m=5.0, clutter_type=p2108.VILLAGE_CLUTTER_TYPE
    )
    eirp_dbm = 44.0 + pilot_offset_db(generation, {"2G": 0.2, "3G": 5.0, "4G": 20.0}[generation]) + 15.0 - 1.0
    slant_km = np.hypot(path_km, (42.0 - 1.5) / 1000.0)
    expected_dbm = eirp_dbm - float(free_space.loss_db(slant_km, band_mhz)) - diffraction.loss_db - clutter_db
    assert diffraction.loss_db > 1.0, "the earth's bulge costs something"
    # The centre is the median of five: those beside it lie up to 100 m nearer or further.
    assert found["level_dbm"] == pytest.approx(expected_dbm, abs=0.05)


def curve_db(model: str, away_m: float, *, clear: bool) -> float:
    """The loss of a model that is a curve, by its public function; antennas at 35 and 1.5 m, 1800 MHz."""
    heights = {"base_height_m": 35.0, "mobile_height_m": 1.5}
    if model == "hata":
        return float(hata.loss_db(away_m / 1000.0, frequency_mhz=1800.0, environment="suburban", **heights))
    if model == "free-space":
        return float(free_space.loss_db(away_m / 1000.0, 1800.0))
    curve = tr38901.uma_db if model == "tr38901-uma" else tr38901.rma_db
    return float(curve(away_m, frequency_ghz=1.8, line_of_sight=clear, **heights))


@pytest.mark.parametrize("model", ["hata", "tr38901-rma", "tr38901-uma", "free-space"])
def test_a_curve_over_distance_is_the_public_function(land: ModuleType, tmp_path: Path, model: str) -> None:
    stations = [land.station("A", -2, 0, antenna_height_m=35)]
    rows = [land.village("V1", 0, 0), land.village("V2", 2.5, 0)]
    found = analyzed(
        land, tmp_path, stations=stations, villages=rows, ground=land.ridge(1.2, 600.0),
        toml=f"[radio]\nmodel = '{model}'\nresolution_m = 20000\n",
    )  # fmt: skip
    for row, level_dbm, clear in zip(rows, found.villages["level_dbm"], (True, False), strict=True):
        away_m = WGS84.inv(stations[0]["longitude"], stations[0]["latitude"], row["longitude"], row["latitude"])[2]
        assert level_dbm == pytest.approx(28.208 - curve_db(model, away_m, clear=clear), abs=0.1)


def test_a_village_without_clutter_hears_what_p2108_would_have_taken(land: ModuleType, tmp_path: Path) -> None:
    parts = {"stations": [land.station("A", 0, 0)], "villages": [land.village("V1", 3, 0)]}
    bare = analyzed(land, tmp_path / "bare", toml=f"{COARSE}[clutter]\nvillage_height_m = 0\n", **parts)
    usual = analyzed(land, tmp_path / "usual", **parts)
    # Domain section 5: P.2108 adds 14.3 dB at 1800 MHz.
    gained_db = bare.villages["level_dbm"][0] - usual.villages["level_dbm"][0]
    assert gained_db == pytest.approx(14.3, abs=0.05)


def test_degrees_and_metres_of_terrain_give_the_same_levels_within_half_a_decibel(
    land: ModuleType, tmp_path: Path
) -> None:
    def hills(east_km: np.ndarray, north_km: np.ndarray) -> np.ndarray:
        return 400.0 + 150.0 * np.sin(0.9 * east_km) * np.cos(0.7 * north_km) + 60.0 * np.sin(2.1 * east_km + north_km)

    rng = np.random.default_rng(8)
    places = rng.uniform(-10, 10, (25, 2))
    parts = {
        "stations": [land.station("A", -3, 1, "2G"), land.station("B", -3, 1, "4G"), land.station("C", 6, -5, "4G")],
        "villages": [land.village(f"V{at}", *place) for at, place in enumerate(places)],
        "ground": hills,
        "cell_m": 50.0,
    }
    metres = analyzed(land, tmp_path / "metres", **parts)
    degrees = analyzed(land, tmp_path / "degrees", crs="EPSG:4326", **parts)
    difference_db = (metres.villages[LEVELS] - degrees.villages[LEVELS]).to_numpy()
    seen = difference_db[~np.isnan(difference_db)]
    assert len(seen) >= 40
    assert np.abs(seen).max() < 0.5
    assert np.abs(seen).mean() < 0.1
    for name in ("longitude", "latitude", "nearest_station_km"):
        assert metres.villages[name].tolist() == degrees.villages[name].tolist()


@pytest.fixture(scope="module")
def rough(land: ModuleType) -> dict[str, Any]:
    """A rough land with a void, villages of all kinds, and more stations than a test needs."""
    rng = np.random.default_rng(21)
    waves = rng.uniform(0.3, 2.5, (6, 2)), rng.uniform(0.0, 6.0, 6), rng.uniform(30.0, 140.0, 6)

    def ground(east_km: np.ndarray, north_km: np.ndarray) -> np.ndarray:
        height_m = np.full(np.broadcast(east_km, north_km).shape, 700.0)
        for (across, along), phase, size_m in zip(*waves, strict=True):
            height_m += size_m * np.sin(across * east_km + along * north_km + phase)
        return height_m

    villages = [
        land.village(f"V{at:02}", *rng.uniform(-11, 11, 2), population=int(rng.integers(50, 900)),
                     commune=f"X{at % 4}", district=f"H{at % 2}")
        for at in range(40)
    ]  # fmt: skip
    stations = [
        land.station(
            f"S{at:02}", *rng.uniform(-11, 11, 2), ws.GENERATIONS[at % 4], operator=("Viettel", "VinaPhone")[at % 2],
            azimuth_deg=("", "0/120/240", "45")[at % 3], tilt_deg=("", 4, 8)[at % 3], power_dbm=30 + at % 5,
        )
        for at in range(8)
    ]  # fmt: skip
    clusters = [land.cluster(f"V{at:02}", *rng.uniform(-11, 11, 2)) for at in range(0, 40, 2)]
    return {
        "ground": ground, "villages": villages, "stations": stations, "clusters": clusters, "cell_m": 200.0,
        "void": lambda east, north: np.hypot(east - 3.0, north + 4.0) < 1.5,
    }  # fmt: skip


ORDER = ("white", "unknown", "weak", "covered")


def test_a_station_more_never_loses_a_village_and_never_lowers_a_level(
    land: ModuleType, tmp_path: Path, rough: dict[str, Any]
) -> None:
    before = analyzed(land, tmp_path / "before", **{**rough, "stations": rough["stations"][:5]})
    after = analyzed(land, tmp_path / "after", **rough)
    statuses = set(before.villages["status"])
    assert {"white", "unknown"} <= statuses
    assert statuses & {"covered", "weak"}
    for was, now in zip(before.villages["status"], after.villages["status"], strict=True):
        assert ORDER.index(now) >= ORDER.index(was)
    lower = after.villages[LEVELS].to_numpy() < before.villages[LEVELS].to_numpy()
    assert not lower.any()
    assert not (before.villages[LEVELS].notna() & after.villages[LEVELS].isna()).to_numpy().any()
    margins = before.villages["margin_db"].fillna(-999), after.villages["margin_db"].fillna(-999)
    assert (margins[1] >= margins[0]).all()
    assert (after.villages["clusters_covered"] >= before.villages["clusters_covered"]).all()
    for name in ws.GENERATIONS:
        assert (after.radio_map.level[name] >= before.radio_map.level[name]).all()


def test_a_station_more_changes_nothing_but_what_it_reaches(
    land: ModuleType, tmp_path: Path, rough: dict[str, Any]
) -> None:
    before = analyzed(land, tmp_path / "before", **rough)
    new = land.station("NEW", 9, 9, "5G", operator="MobiFone")
    after = analyzed(land, tmp_path / "after", **{**rough, "stations": [*rough["stations"], new]})
    assert before.villages[LEVELS[:3]].equals(after.villages[LEVELS[:3]]), "other generations are as they were"
    to_new_km = [
        WGS84.inv(new["longitude"], new["latitude"], row["longitude"], row["latitude"])[2] / 1000.0
        for row in rough["villages"]
    ]
    far = np.array(to_new_km) > 10.2  # 5G ends at 10 km; the clusters may lie elsewhere
    assert 10 < far.sum() < 40
    columns = [*LEVELS, "best_station", "margin_db", "operators"]
    assert before.villages.loc[far, columns].equals(after.villages.loc[far, columns])
    levels_dbm = [one.villages.loc[~far, "level_dbm_5g"].fillna(-999) for one in (before, after)]
    gained = levels_dbm[1] - levels_dbm[0]
    assert (gained >= 0).all()
    assert (gained > 0).any()


def station_names(analysis: ws.Analysis, generation: ws.bands.Generation) -> list[str]:
    """The best station of every cell of the map by its id, "" where there is none."""
    ids = [*analysis.stations["station_id"], ""]
    return [ids[row] for row in analysis.radio_map.server[generation].ravel()]


def test_the_order_of_the_rows_does_not_matter(land: ModuleType, tmp_path: Path, rough: dict[str, Any]) -> None:
    fair = analyzed(land, tmp_path / "fair", **rough)
    mixed = analyzed(
        land, tmp_path / "mixed", **{**rough, "stations": rough["stations"][::-1], "villages": rough["villages"][::-1]}
    )
    columns = ["village_id", "status", "best_station", "level_dbm", "margin_db", "operators", *LEVELS]
    first, second = (one.villages[columns].sort_values("village_id").reset_index(drop=True) for one in (fair, mixed))
    pd.testing.assert_frame_equal(first, second)
    for name in ws.GENERATIONS:
        assert (fair.radio_map.level[name] == mixed.radio_map.level[name]).all()
        assert station_names(fair, name) == station_names(mixed, name)


def test_one_job_and_two_write_the_same_tables_to_the_byte(
    land: ModuleType, tmp_path: Path, rough: dict[str, Any]
) -> None:
    project = ws.open_project(land.write_project(tmp_path, **{**rough, "toml": "[radio]\nresolution_m = 1500\n"}))
    written = [ws.analyze(project, jobs=jobs).write(tmp_path / f"jobs{jobs}") for jobs in (1, 2)]
    names = sorted(path.relative_to(written[0]).as_posix() for path in written[0].rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(written[1]).as_posix() for path in written[1].rglob("*") if path.is_file())
    may_differ = {"run.json", "map.html"}
    for name in names:
        if name not in may_differ and not name.endswith(".gpkg"):
            assert (written[0] / name).read_bytes() == (written[1] / name).read_bytes(), name
    assert {"villages.csv", "indicators.json", "level_4g.tif", "white_villages.xlsx", "sharing.csv"} <= set(names)


def test_a_project_that_moved_writes_the_same_tables(land: ModuleType, tmp_path: Path) -> None:
    parts = {"stations": [land.station("A", 0, 0)], "villages": [land.village("V1", 1, 0)]}
    written = [analyzed(land, tmp_path / name / "p", **parts).write(tmp_path / name / "r") for name in ("a", "b")]
    for path in sorted(written[0].glob("*.csv")):
        assert path.read_bytes() == (written[1] / path.name).read_bytes(), path.name


def test_one_village_with_a_slip_in_its_coordinates_does_not_stretch_the_map(land: ModuleType, tmp_path: Path) -> None:
    stray = {**land.village("V2", 0, 0), "longitude": 2.0, "latitude": 48.0}
    found = analyzed(
        land, tmp_path, stations=[land.station("A", 0, 0)], villages=[land.village("V1", 1, 0), stray], toml=land.TOML
    )
    assert found.villages["status"].tolist() == ["covered", "unknown"]
    assert max(found.radio_map.grid.shape) <= 14, "no further than the terrain's 24 km, in cells of 2 km"
    assert found.radio_map.grid.crs == "EPSG:32648"


def test_villages_with_a_centre_but_no_outline_are_mapped_by_their_centres(land: ModuleType, tmp_path: Path) -> None:
    villages = [land.village("V1", 1, 0, geometry=None), land.village("V2", 2, 1, geometry=land.square(2, 1, 1))]
    found = analyzed(land, tmp_path, stations=[land.station("A", 0, 0)], villages=villages, toml=land.TOML)
    assert found.villages["status"].tolist() == ["covered", "covered"]
    assert np.isfinite(found.radio_map.level_dbm("4G")).any()


def test_only_cells_in_village_polygons_are_drawn(land: ModuleType, tmp_path: Path) -> None:
    villages = [land.village(f"V{at}", east, 0, geometry=land.square(east, 0, 2)) for at, east in enumerate((-4, 4))]
    found = analyzed(
        land, tmp_path, stations=[land.station("A", 0, 0)], villages=villages, toml="[radio]\nresolution_m = 500\n"
    )
    drawn = np.isfinite(found.radio_map.level_dbm("4G"))
    # Two squares of 2 km in cells of 500 m, all that they touch, and nothing between them.
    assert 32 <= drawn.sum() <= 72
    assert not drawn[:, drawn.shape[1] // 2].any()


@pytest.mark.parametrize("distance_km", [0.0, 0.003, 0.05])
def test_a_village_at_the_foot_of_a_mast_hears_it(land: ModuleType, tmp_path: Path, distance_km: float) -> None:
    found = analyzed(land, tmp_path, stations=[land.station("A", 0, 0)], villages=[land.village("V1", distance_km, 0)])
    row = found.villages.iloc[0]
    assert row["status"] == "covered"
    assert -70.0 < row["level_dbm"] < 0.0


def test_a_population_raster_gives_villages_and_coverage_their_people(land: ModuleType, tmp_path: Path) -> None:
    folder = land.write_project(
        tmp_path, stations=[land.station("A", 0, 0)], inputs="population = 'people.tif'",
        villages=[land.village("V1", 0, 0, geometry=land.square(0, 0, 6))], toml="[radio]\nresolution_m = 500\n",
    )  # fmt: skip
    land.write_terrain(folder / "people.tif", land.flat(2.0), cell_m=100.0)
    found = ws.analyze(ws.open_project(folder))
    # Two people a hectare on 36 km²: 7,200.
    assert found.figure("people").value == pytest.approx(7200.0, rel=0.005)
    whole = found.polygons[(found.polygons["operator"] == "any") & (found.polygons["threshold"] == "service")].iloc[0]
    assert whole["people"] == pytest.approx(200.0 * whole["area_km2"], rel=0.005)

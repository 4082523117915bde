"""The same villages under several rules, indoors, and by the people of a raster: small lands worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine

import whitesignal as ws
from whitesignal.project import Policy
from whitesignal.propagation import p2109
from whitesignal.villages.policy import entry_loss_db
from whitesignal.villages.status import too_few_served

Run = Callable[..., ws.Analysis]


def two_operators(land: ModuleType) -> dict[str, object]:
    """Viettel's 4G near V1, MobiFone's 2G near V2, both far from the other's village."""
    return {
        "stations": [land.station("A", 0, 0, "4G"), land.station("B", 18, 0, "2G", operator="MobiFone")],
        "villages": [land.village("V1", 2, 0), land.village("V2", 16, 0)],
        "size_km": 50.0,
        "cell_m": 500.0,
        "ground": land.flat(),
    }


def test_each_operator_and_generation_has_a_verdict_of_its_own(run: Run, land: ModuleType) -> None:
    found = run(**two_operators(land)).villages
    assert found["status"].tolist() == ["covered", "covered"]
    assert found["status_viettel"].tolist()[0] == "covered"
    assert found["status_4g"].tolist()[0] == "covered"
    assert found["status_5g"].tolist() == found["status_3g"].tolist() == ["white", "white"]
    assert found["status_2g"].tolist() == found["status_mobifone"].tolist()


def test_every_operator_asks_all_that_have_a_station(run: Run, land: ModuleType) -> None:
    alone = {**two_operators(land), "stations": [land.station("A", 0, 0, "4G"), land.station("B", 0, 0, "2G")]}
    assert run(**alone, head="policy = 'every-operator'").villages["status"].tolist()[0] == "covered"
    third = [*two_operators(land)["stations"], land.station("C", 2, 0, "2G", operator="VinaPhone", status="planned")]
    planned = run(**{**two_operators(land), "stations": third}, head="policy = 'every-operator'").villages
    two = run(**two_operators(land), head="policy = 'two-operators'").villages
    assert planned["status"].tolist() == two["status"].tolist(), "a planned station's operator is not asked"
    none = run(**two_operators(land), toml="[policy.official]\nmin_operators = 3\n").villages
    assert none["status"].tolist() == ["white", "white"]


def test_another_policy_has_its_verdict_beside_the_official_one(run: Run, land: ModuleType) -> None:
    found = run(**two_operators(land), toml="[policy.broadband]\n[policy.all]\nmin_operators = 'all'\n").villages
    assert found["status"].tolist() == ["covered", "covered"]
    assert found["policy_broadband"].tolist() == ["covered", found["status_4g"].tolist()[1]]
    two = run(**two_operators(land), head="policy = 'two-operators'").villages["status"]
    assert found["policy_all"].tolist() == two.tolist()


def test_indoors_the_margin_is_less_by_the_entry_loss_and_the_level_stays_outdoors(run: Run, land: ModuleType) -> None:
    made = {**two_operators(land), "stations": [land.station("A", 0, 0, "4G", band_mhz=1800)]}
    outdoors = run(**made).villages.iloc[0]
    indoors = run(**made, head="policy = 'indoors'").villages.iloc[0]
    fixed = run(**made, toml="[policy.official]\nindoors = true\nentry_loss_db = 12\n").villages.iloc[0]
    assert indoors["level_dbm"] == fixed["level_dbm"] == outdoors["level_dbm"]
    wall_db = p2109.loss_db(1.8, building="traditional")
    assert outdoors["margin_db"] - indoors["margin_db"] == pytest.approx(wall_db, abs=1e-6)
    assert outdoors["margin_db"] - fixed["margin_db"] == pytest.approx(12.0, abs=1e-6)


def test_entry_loss_is_each_bands_own_and_a_given_one_wins() -> None:
    bands_mhz = np.array([900.0, 3700.0, 900.0])
    by_band = entry_loss_db(bands_mhz, Policy("indoors", indoors=True, building="thermally-efficient"))
    expected = [p2109.loss_db(ghz, building="thermally-efficient") for ghz in (0.9, 3.7, 0.9)]
    assert by_band.tolist() == expected
    assert entry_loss_db(bands_mhz, Policy("indoors", indoors=True, entry_loss_db=0.0)).tolist() == [0.0, 0.0, 0.0]


def people_raster(folder: Path, land: ModuleType, cells: np.ndarray, west_km: float, side_km: float) -> str:
    """Write people per cell of a row of squares eastward from ``west_km``, and return its file name."""
    transform = Affine(side_km * 1000, 0, land.ORIGIN_EASTING_M + west_km * 1000, 0, -side_km * 1000,
                       land.ORIGIN_NORTHING_M + side_km * 500)  # fmt: skip
    with rasterio.open(folder / "people.tif", "w", driver="GTiff", width=len(cells), height=1, count=1,
                       dtype="float32", crs=land.UTM, transform=transform) as target:  # fmt: skip
        target.write(cells.astype(np.float32)[None, :], 1)
    return "population = 'people.tif'"


@pytest.mark.parametrize(("hidden_people", "status", "served_percent"), [(4.0, "covered", 96.0), (8.0, "weak", 92.0)])
def test_an_outline_is_weak_where_too_few_of_its_people_have_signal(
    run: Run, land: ModuleType, tmp_path: Path, hidden_people: float, status: str, served_percent: float
) -> None:
    """A ridge of 600 m hides the easternmost of five squares; the rest look at the mast."""
    cells = np.array([*[(100.0 - hidden_people) / 4.0] * 4, hidden_people])
    found = run(
        stations=[land.station("A", 0, 0, "4G")],
        villages=[{key: value for key, value in land.village("V1", 0, 0).items() if "itude" not in key}
                  | {"geometry": land.square(5.0, 0.0, 10.0)}],
        ground=land.ridge(8.0, 600.0),
        inputs=people_raster(tmp_path, land, cells, 0.0, 2.0),
        toml="radius_km = 12\n",
    )  # fmt: skip
    village = found.villages.iloc[0]
    assert (village["status"], village["judged_by"]) == (status, "people")
    assert village["people_served_percent"] == pytest.approx(served_percent)
    assert any("outlines without surveyed clusters" in one.message for one in found.findings)
    assert pd.isna(village["clusters"]) or village["clusters"] == 0


def test_a_given_centre_or_a_surveyed_cluster_needs_no_people(run: Run, land: ModuleType, tmp_path: Path) -> None:
    raster = people_raster(tmp_path, land, np.array([50.0, 50.0]), -2.0, 2.0)
    outline = {"geometry": land.square(0.0, 0.0, 4.0)}
    bare = {key: value for key, value in land.village("V1", 0, 0, **outline).items() if "itude" not in key}
    given = run(stations=[land.station("A", 0, 0)], villages=[land.village("V1", 0, 0, **outline)], inputs=raster)
    sampled = run(stations=[land.station("A", 0, 0)], villages=[bare], inputs=raster)
    surveyed = run(
        stations=[land.station("A", 0, 0)], villages=[bare], clusters=[land.cluster("V1", 1, 0)], inputs=raster
    )
    assert [one.villages["judged_by"].item() for one in (given, surveyed, sampled)] == ["centre", "clusters", "people"]
    assert [len(one.scene.where.points) for one in (given, surveyed, sampled)] == [1, 2, 3]


def test_without_error_probability_is_the_verdict_and_no_draws_give_none(run: Run, land: ModuleType) -> None:
    names = ("province_db", "position_db", "village_db", "pair_db", "location_width_m")
    sure = "\n".join(["[uncertainty]", *(f"{name} = 0" for name in names), "draws = 5"])
    made = {**two_operators(land), "villages": [land.village("V1", 2, 0), land.village("V3", 0, 22)]}
    found = run(**made, toml="radius_km = 15\n" + sure)
    assert found.villages["p_signal"].tolist() == [float(one != "white") for one in found.villages["status"]]
    assert found.villages["certainty"].tolist() == ["sure", "no"]
    assert found.chances is not None
    assert found.chances.white_villages.draws.tolist() == [1] * 5
    none = run(**made, toml="[uncertainty]\ndraws = 0\n")
    assert none.chances is None
    assert none.villages["p_covered"].isna().all()


@pytest.mark.parametrize("least_percent", [50.0, 75.0, 100.0])
def test_a_share_of_people_that_is_exactly_met_is_met_however_the_sums_are_rounded(least_percent: float) -> None:
    rng = np.random.default_rng(11)
    for count in range(2, 40):
        weights = rng.uniform(0.1, 30.0, count)
        weights[-1] = weights[:-1].sum() * (100.0 - least_percent) / least_percent
        here = np.arange(count) < count - 1 if least_percent < 100.0 else np.ones(count, dtype=bool)
        assert not too_few_served(weights @ ~here, weights.sum(), least_percent)
        fewer = here & (np.arange(count) != 0)
        assert too_few_served(weights @ ~fewer, weights.sum(), least_percent)


def test_an_operator_whom_nobody_named_is_no_second_one(run: Run, land: ModuleType) -> None:
    stations = [land.station("A", 0, 0), land.station("B", 0, 0, operator="")]
    two = run(stations=stations, villages=[land.village("V1", 2, 0)], head="policy = 'two-operators'").villages
    every = run(stations=stations, villages=[land.village("V1", 2, 0)], head="policy = 'every-operator'").villages
    assert (two["status"].item(), every["status"].item()) == ("white", "covered")
    assert "status_unknown" not in two.columns

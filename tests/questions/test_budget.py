"""One path taken apart: its terms add up, and it says what the full run says."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import whitesignal as ws
from whitesignal.inputs.all import Inputs


@pytest.fixture(scope="module")
def ridge(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[ws.Project, Inputs]:
    stations = [
        land.station("A", -6, 0, "4G", azimuth_deg="90", tilt_deg=3),
        land.station("A", -6, 0, "4G", azimuth_deg="270", band_mhz=900, power_dbm=40),
        land.station("B", 6, 0, "2G", status="planned"),
    ]
    villages = [land.village("V1", -2, 0), land.village("V2", 5, 0), land.village("V3", -8, 0, name="Bản V1")]
    folder = land.write_project(
        tmp_path_factory.mktemp("ridge"), stations=stations, villages=villages, ground=land.ridge(1.0, 300.0),
        void=lambda east, north: (east > 9.0) & (east < 10.0) & (north > 5.0),
    )  # fmt: skip
    project = ws.open_project(folder)
    return project, ws.read_inputs(project)


def budget_to(ridge: tuple[ws.Project, Inputs], place: tuple[float, float], station: str = "A") -> ws.PathBudget:
    project, inputs = ridge
    return ws.path_budget(inputs, project, station, place="there", longitude=place[0], latitude=place[1])


@given(east_km=st.floats(-11.5, 11.5), north_km=st.floats(-11.5, 11.5))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_terms_add_up_to_what_lies_between_the_eirp_and_the_level(
    land: ModuleType, ridge: tuple[ws.Project, Inputs], east_km: float, north_km: float
) -> None:
    budget = budget_to(ridge, land.place(east_km, north_km))
    assert sum(budget.terms_db.values()) == pytest.approx(budget.eirp_dbm - budget.level_dbm, abs=1e-9)
    assert list(budget.terms_db) == ["free space", "diffraction", "terminal clutter", "antenna pattern"]
    assert budget.terms_db["diffraction"] >= -1e-9
    assert 0.0 <= budget.terms_db["antenna pattern"] <= 25.0
    assert budget.loss_db == pytest.approx(sum(budget.terms_db.values()) - budget.terms_db["antenna pattern"])
    assert budget.margin_db == min(budget.level_dbm - budget.threshold_dbm, budget.uplink_margin_db)
    assert budget.serves is (budget.judged_margin_db >= 0.0 and budget.distance_km <= budget.max_km)
    assert budget.profile.distance_km[-1] == pytest.approx(budget.distance_km)
    assert (budget.ridge_index is None) is budget.line_of_sight


@pytest.mark.parametrize("east_km", [-9.0, -4.0, 3.0, 11.0])
def test_p1812_names_every_term_of_its_loss(land: ModuleType, ridge: tuple[ws.Project, Inputs], east_km: float) -> None:
    project, inputs = ridge
    budget = budget_to((ws.project_with(project, model="p1812"), inputs), land.place(east_km, 0.5))
    terms = dict(budget.terms_db)
    names = ["free space", "diffraction", "village clutter", "troposcatter and ducting", "antenna pattern"]
    assert list(terms) == names
    assert sum(terms.values()) == pytest.approx(budget.eirp_dbm - budget.level_dbm, abs=1e-9)
    slant_km = np.hypot(budget.distance_km, np.diff(budget.profile.height_m[[0, -1]])[0] / 1000.0)
    assert terms["free space"] == pytest.approx(92.4 + 20.0 * np.log10(budget.band_mhz / 1000.0 * slant_km), abs=0.2)
    assert terms["diffraction"] >= 0.0
    assert terms["village clutter"] >= -0.5
    assert terms["troposcatter and ducting"] <= 0.01


def test_the_lesser_of_level_and_uplink_is_the_margin(land: ModuleType, ridge: tuple[ws.Project, Inputs]) -> None:
    project, inputs = ridge
    bands = {**project.bands, "2G": replace(project.bands["2G"], uplink_max_loss_db=100.0)}
    budget = budget_to((replace(project, bands=bands), inputs), land.place(8, 0), "B")
    assert budget.margin_db == budget.uplink_margin_db == pytest.approx(100.0 - budget.loss_db)
    assert budget.margin_db < 0.0 < budget.level_dbm - budget.threshold_dbm
    assert not budget.serves


def test_the_ridge_that_blocks_is_named(land: ModuleType, ridge: tuple[ws.Project, Inputs]) -> None:
    budget = budget_to(ridge, land.place(5, 0))
    assert not budget.line_of_sight
    assert budget.ridge_index is not None
    ridge_km, ridge_m = budget.profile.distance_km[budget.ridge_index], budget.profile.height_m[budget.ridge_index]
    assert ridge_km == pytest.approx(7.0, abs=0.15)
    assert ridge_m == pytest.approx(370.0, abs=1.0), "the roof's two uppermost cells stand 50 m beside its edge"
    # The earth falls away by d²/2a under the line to the ridge.
    rise_m = ridge_m - 130.0 - 500.0 * ridge_km**2 / budget.effective_radius_km
    assert budget.departure_deg == pytest.approx(np.degrees(np.arctan(rise_m / ridge_km / 1000.0)), abs=0.005)


def test_the_cell_that_does_best_there_is_the_one_taken_apart(
    land: ModuleType, ridge: tuple[ws.Project, Inputs]
) -> None:
    assert budget_to(ridge, land.place(-2, 0)).band_mhz == 1800.0
    behind = budget_to(ridge, land.place(-10, 0))
    assert behind.band_mhz == 900.0
    assert behind.terms_db["antenna pattern"] == pytest.approx(0.0, abs=0.01)


def test_the_median_is_what_the_full_run_judges_a_village_by(
    land: ModuleType, ridge: tuple[ws.Project, Inputs]
) -> None:
    project, inputs = ridge
    villages = ws.analyze(project, jobs=1).villages.set_index("village_id")
    for name in ("V1", "V3"):
        _, longitude, latitude = ws.find_village(inputs, name)
        budget = budget_to(ridge, (longitude, latitude))
        assert villages.loc[name, "level_dbm"] == pytest.approx(budget.median_level_dbm, abs=1e-4)
        assert villages.loc[name, "margin_db"] == pytest.approx(budget.median_margin_db, abs=1e-4)
        assert villages.loc[name, "best_station"] == "A"


def test_a_place_where_path_and_median_disagree_is_judged_by_the_median(
    land: ModuleType, ridge: tuple[ws.Project, Inputs]
) -> None:
    budget = budget_to(ridge, land.place(5, 0))
    assert replace(budget, margin_db=-1.6, median_margin_db=2.1).serves
    assert not replace(budget, margin_db=1.6, median_margin_db=-2.1).serves
    assert replace(budget, margin_db=1.6, median_margin_db=np.nan).serves, "without a median the path decides"


def test_a_planned_station_is_computed_as_if_it_stood(land: ModuleType, ridge: tuple[ws.Project, Inputs]) -> None:
    budget = budget_to(ridge, land.place(5, 0), "B")
    assert budget.generation == "2G"
    assert budget.serves
    assert "power_dbm" in budget.defaults


def test_a_void_on_the_path_is_told(land: ModuleType, ridge: tuple[ws.Project, Inputs]) -> None:
    assert not budget_to(ridge, land.place(11, 9), "B").terrain_known
    assert not budget_to(ridge, land.place(13, 0), "B").terrain_known, "outside the terrain nothing is known"
    assert budget_to(ridge, land.place(8, 0), "B").terrain_known


def test_beyond_the_bands_limit_there_is_no_median_and_no_service(
    land: ModuleType, ridge: tuple[ws.Project, Inputs]
) -> None:
    budget = budget_to(ridge, land.place(11, -2))
    assert budget.distance_km > budget.max_km == 14.5
    assert np.isnan(budget.median_level_dbm)
    assert not budget.serves


@pytest.mark.parametrize(
    ("village", "message"),
    [("V9", "no village with the id or name 'V9'"), ("Bản V1", "2 villages are called 'Bản V1'.*V1, V3")],
)
def test_a_village_that_cannot_be_found_is_refused(
    ridge: tuple[ws.Project, Inputs], village: str, message: str
) -> None:
    with pytest.raises(ws.InputError, match=message):
        ws.find_village(ridge[1], village)


def test_a_village_is_found_by_id_or_by_a_name_that_only_one_has(
    land: ModuleType, ridge: tuple[ws.Project, Inputs]
) -> None:
    label, longitude, latitude = ws.find_village(ridge[1], "Bản V2")
    assert label == "Bản V2 (V2)"
    assert (longitude, latitude) == pytest.approx(land.place(5, 0))
    decomposed = unicodedata.normalize("NFD", " Bản V2")
    assert ws.find_village(ridge[1], decomposed)[0] == label, "a name typed on another keyboard is the same name"


def test_a_station_that_is_not_there_is_refused(land: ModuleType, ridge: tuple[ws.Project, Inputs]) -> None:
    with pytest.raises(ws.InputError, match="no station with the id 'Z'"):
        budget_to(ridge, land.place(0, 0), "Z")


@pytest.mark.parametrize("model", ["hata", "free-space", "tr38901-rma", "circle"])
def test_other_models_have_one_term_for_the_loss(
    land: ModuleType, ridge: tuple[ws.Project, Inputs], model: str
) -> None:
    project, inputs = ridge
    budget = budget_to((ws.project_with(project, model=model), inputs), land.place(-2, 0))
    terms: Any = budget.terms_db
    assert list(terms) == [f"basic transmission loss ({model})", "antenna pattern"]
    assert sum(terms.values()) == pytest.approx(budget.eirp_dbm - budget.level_dbm)

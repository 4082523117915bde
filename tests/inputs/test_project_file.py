"""project.toml: what is understood, and how a slip is answered."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from whitesignal import project_file
from whitesignal.bands import BAND_DEFAULTS, THRESHOLDS, BandDefaults, Thresholds
from whitesignal.errors import InputError
from whitesignal.project import ClutterSettings, Project, RadioSettings
from whitesignal.project_file import open_project, project_with

Make = Callable[..., Project]


def refusal(make_project: Make, toml: str) -> str:
    with pytest.raises(InputError) as caught:
        make_project(toml=toml)
    message = str(caught.value)
    assert "\n" not in message
    assert "project.toml" in message
    return message


def test_every_section_but_the_inputs_has_defaults(make_project: Make, tmp_path: Path) -> None:
    project = make_project()
    assert project.name == tmp_path.name
    assert project.as_of is None
    assert dict(project.bands) == dict(BAND_DEFAULTS)
    assert dict(project.thresholds) == dict(THRESHOLDS)
    assert project.radio == RadioSettings()
    assert project.policy.name == "official"


def test_a_folder_and_its_file_open_the_same_project(make_project: Make, tmp_path: Path) -> None:
    assert make_project() == open_project(tmp_path / "project.toml") == open_project(str(tmp_path))


def test_everything_that_is_given_arrives(make_project: Make) -> None:
    project = make_project(
        toml="""
[project]
name = "Hà Giang"
as_of = 2023-06-30
seed = 7
synthetic = true
policy = "two"
[columns.stations]
longitude = "longitude"
[radio]
model = "hata"
radius_km = 12
delta_n = 45
[bands.4g]
power_dbm = 43
[thresholds.4G]
service = -115
[clutter]
village_height_m = 8
[policy.two]
generations = ["5g", "4G"]
threshold = "basic"
min_operators = 2
[costs]
mast_bn_vnd = 0.7
[reference]
sharing_percent = 25
source = "ministry"
"""
    )
    assert (project.name, project.as_of, project.seed, project.synthetic) == ("Hà Giang", date(2023, 6, 30), 7, True)
    assert (project.radio.model, project.radio.radius_km, project.radio.delta_n) == ("hata", 12.0, 45.0)
    assert project.bands["4G"] == dataclasses.replace(BAND_DEFAULTS["4G"], power_dbm=43.0)
    assert project.bands["2G"] == BAND_DEFAULTS["2G"]
    assert project.thresholds["4G"] == Thresholds(-115.0, -110.0, -105.0)
    assert project.clutter == ClutterSettings(village_height_m=8.0)
    assert project.policy == project.policies["two"]
    assert (project.policy.generations, project.policy.min_operators) == (("4G", "5G"), 2)
    assert dict(project.costs) == {"mast_bn_vnd": 0.7}
    assert dict(project.reference) == {"sharing_percent": 25.0, "source": "ministry"}
    assert dict(project.station_columns) == {"longitude": "longitude"}


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[radioo]\n", ["radioo", "did you mean 'radio'"]),
        ("[radio]\nmodle = 'p526'\n", ["[radio]", "modle", "did you mean 'model'"]),
        ("[bands.4G]\npower = 43\n", ["[bands.4G]", "'power'", "did you mean 'power_dbm'"]),
        ("[bands.6G]\npower_dbm = 43\n", ["6G", "2G, 3G, 4G, 5G"]),
        ("[thresholds.4G]\nservise = -118\n", ["servise", "did you mean 'service'"]),
        ("[columns.stations]\nlon = 'X'\n", ["[columns.stations]", "'lon'"]),
        ("[columns.villagers]\nname = 'X'\n", ["villagers", "did you mean 'villages'"]),
        ("[policy.x]\nminimum = 2\n", ["[policy.x]", "minimum"]),
        ("[project]\npolicy = 'offical'\n", ["offical", "did you mean 'official'"]),
        ("[radio]\nengine = 'swep'\n", ["engine", "did you mean 'sweep'"]),
        ("[radio]\nradius_km = 0\n", ["radius_km", "above 0"]),
        ("[radio]\nresolution_m = -5\n", ["resolution_m", "above 0"]),
        ("[radio]\ndelta_n = 157\n", ["delta_n", "157"]),
        ("[radio]\nresolution_m = nan\n", ["resolution_m"]),
        ("[radio]\nresolution_m = '90'\n", ["resolution_m", "'90'", "number"]),
        ("[radio]\nresolution_m = true\n", ["resolution_m", "true", "number"]),
        ("[radio]\nclimate = 2.5\n", ["climate", "whole number"]),
        ("[project]\nas_of = 'soon'\n", ["as_of", "soon", "2023-06-30"]),
        ("[project]\nsynthetic = 1\n", ["synthetic", "true or false"]),
        ("[project]\nname = 3\n", ["name", "quotation marks"]),
        ("[thresholds.2G]\nservice = 98\n", ["thresholds.2G", "at most 0"]),
        ("[policy.x]\ngenerations = []\n", ["generations"]),
        ("[policy.x]\nthreshold = 'ok'\n", ["threshold", "service, basic, good"]),
        ("[policy.x]\nmin_operators = 0\n", ["min_operators", "at least 1"]),
        ("[costs]\nmast = 'dear'\n", ["[costs] mast"]),
        ("[radio\n", ["not valid TOML"]),
        ("deep = " + "[" * 100_000, ["not valid TOML", "nested too deep"]),
    ],
)
def test_a_slip_is_named_with_its_cure(make_project: Make, toml: str, words: list[str]) -> None:
    message = refusal(make_project, toml)
    for word in words:
        assert word in message


def test_a_missing_file_is_named_with_the_key_it_came_from(make_project: Make, tmp_path: Path) -> None:
    make_project()
    (tmp_path / "villages.csv").unlink()
    (tmp_path / "stations.csv").unlink()
    wanted = r"\[inputs\] no such file: stations \(.*stations.csv\); villages \("
    with pytest.raises(InputError, match=wanted) as caught:
        open_project(tmp_path)
    assert "terrain" not in str(caught.value)


def test_a_missing_key_under_inputs_is_named(tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text("[inputs]\nstations = 'a.csv'\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"\[inputs\] names no villages and no terrain"):
        open_project(tmp_path)


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="whitesignal init"):
        open_project(tmp_path)
    with pytest.raises(InputError, match="no such project"):
        open_project(tmp_path / "nowhere")


def test_stations_may_be_a_list_of_paths_and_tables(make_project: Make) -> None:
    text = "station_id,generation,longitude,latitude\nA,4G,105.05,22.55\n"
    project = make_project(
        stations={"a.csv": text, "b.csv": text}, entries="'a.csv', {file = 'b.csv', operator = 'Viettel'}"
    )
    first, second = project.inputs.stations
    assert (first.file.name, first.operator) == ("a.csv", None)
    assert (second.file.name, second.operator) == ("b.csv", "Viettel")


def test_a_station_table_with_a_typo_is_refused(make_project: Make) -> None:
    with pytest.raises(InputError, match="did you mean 'operator'"):
        make_project(entries="{file = 'stations.csv', operater = 'Viettel'}")


def test_a_byte_order_mark_does_not_matter(make_project: Make, tmp_path: Path) -> None:
    make_project()
    file = tmp_path / "project.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert open_project(tmp_path).inputs.villages.name == "villages.csv"


def test_the_command_line_overrides_with_the_same_checks(make_project: Make) -> None:
    project = make_project()
    changed = project_with(project, as_of=date(2022, 12, 31), model="hata", resolution_m=90, engine="sweep")
    assert (changed.as_of, changed.radio.model) == (date(2022, 12, 31), "hata")
    assert (changed.radio.resolution_m, changed.radio.engine) == (90.0, "sweep")
    assert project_with(project) == project
    with pytest.raises(InputError, match="resolution_m"):
        project_with(project, resolution_m=0.0)
    with pytest.raises(InputError, match="did you mean 'exact'"):
        project_with(project, engine="exakt")


def test_every_setting_has_a_rule_and_every_rule_a_setting() -> None:
    for rules, settings in (
        (project_file.RADIO_RULES, RadioSettings),
        (project_file.BAND_RULES, BandDefaults),
        (project_file.THRESHOLD_RULES, Thresholds),
    ):
        assert set(rules) == {field.name for field in dataclasses.fields(settings)}
    clutter = {field.name for field in dataclasses.fields(ClutterSettings)}
    assert {*project_file.CLUTTER_RULES, "heights_m"} == clutter

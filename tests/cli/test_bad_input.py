"""Bad input: one line that says what and where, the right exit code, and nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
import pytest
import rasterio

Run = Callable[..., Any]
Breaking = Callable[[Path, ModuleType], None]


@pytest.fixture
def project(land: ModuleType, tmp_path: Path) -> Path:
    return Path(
        land.write_project(
            tmp_path / "p", stations=[land.station("A", 0, 0, "2G")],
            villages=[land.village("V1", 1, 0), land.village("V2", 2, 0)],
        )
    )  # fmt: skip


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def no_project(folder: Path, land: ModuleType) -> None:
    (folder / "project.toml").unlink()


def missing_file(folder: Path, land: ModuleType) -> None:
    (folder / "terrain.tif").unlink()


def missing_column(folder: Path, land: ModuleType) -> None:
    edit(folder / "stations.csv", "generation", "colour")


def terrain_without_crs(folder: Path, land: ModuleType) -> None:
    with rasterio.open(folder / "terrain.tif") as source:
        profile, heights = source.profile, source.read(1)
    with rasterio.open(folder / "terrain.tif", "w", **{**profile, "crs": None}) as target:
        target.write(heights, 1)


def stations_elsewhere(folder: Path, land: ModuleType) -> None:
    land.write_table(folder / "stations.csv", [{**land.station("A", 0, 0), "longitude": 108.2, "latitude": 11.9}])


def villages_elsewhere(folder: Path, land: ModuleType) -> None:
    land.write_table(folder / "villages.csv", [{**land.village("V", 0, 0), "longitude": 108.2, "latitude": 11.9}])


def no_villages(folder: Path, land: ModuleType) -> None:
    header = (folder / "villages.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "villages.csv").write_text(f"{header}\n", encoding="utf-8")


def no_stations(folder: Path, land: ModuleType) -> None:
    header = (folder / "stations.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "stations.csv").write_text(f"{header}\n", encoding="utf-8")


def nothing_but_voids(folder: Path, land: ModuleType) -> None:
    land.write_terrain(folder / "terrain.tif", land.flat(), void=lambda east, north: np.isfinite(east + north))


def garbage_terrain(folder: Path, land: ModuleType) -> None:
    (folder / "terrain.tif").write_bytes(b"no raster at all")


def unknown_model(folder: Path, land: ModuleType) -> None:
    edit(folder / "project.toml", "model = 'p526'", "model = 'p525'")


def slip_in_a_key(folder: Path, land: ModuleType) -> None:
    edit(folder / "project.toml", "resolution_m", "resolutoin_m")


def slip_in_a_section(folder: Path, land: ModuleType) -> None:
    edit(folder / "project.toml", "[radio]", "[raido]")


def slip_in_a_value(folder: Path, land: ModuleType) -> None:
    edit(folder / "project.toml", "resolution_m = 2000", "resolution_m = -1")


def not_toml(folder: Path, land: ModuleType) -> None:
    edit(folder / "project.toml", "[radio]", "[radio")


BROKEN: tuple[tuple[Breaking, tuple[str, ...]], ...] = (
    (no_project, ("no project.toml",)),
    (missing_file, ("project.toml", "no such file", "terrain.tif")),
    (missing_column, ("stations.csv", "generation", "colour")),
    (terrain_without_crs, ("terrain.tif", "no coordinate reference system")),
    (stations_elsewhere, ("stations.csv", "none of 1 stations lies on the terrain", "108.20")),
    (villages_elsewhere, ("villages.csv", "none of 1 villages lies on the terrain", "108.20")),
    (no_villages, ("villages.csv", "no villages")),
    (no_stations, ("stations.csv", "no stations")),
    (nothing_but_voids, ("terrain.tif", "every cell is a void")),
    (garbage_terrain, ("terrain.tif", "not a raster")),
    (unknown_model, ("unknown model 'p525'", "p526")),
    (slip_in_a_key, ("project.toml", "unknown key 'resolutoin_m'", "did you mean 'resolution_m'")),
    (slip_in_a_section, ("project.toml", "unknown section 'raido'", "did you mean 'radio'")),
    (slip_in_a_value, ("project.toml", "resolution_m = -1", "above 0")),
    (not_toml, ("project.toml", "not valid TOML")),
)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def assert_one_error(said: Any, words: tuple[str, ...]) -> None:
    assert said.code == 1
    assert said.out == ""
    errors = [line for line in said.err.splitlines() if not line.startswith(("villages: ", "probability: ", "map: "))]
    assert len(errors) == 1, said.err
    assert errors[0].startswith("Error: ")
    assert "Traceback" not in said.err
    for word in words:
        assert word in errors[0]


@pytest.mark.parametrize(("breaking", "words"), BROKEN, ids=[breaking.__name__ for breaking, _ in BROKEN])
@pytest.mark.parametrize("command", ["analyze", "check", "path", "whatif"])
def test_a_broken_project_is_one_error_line_and_nothing_written(
    whitesignal: Run, project: Path, land: ModuleType, breaking: Breaking, words: tuple[str, ...], command: str
) -> None:
    breaking(project, land)
    longitude, latitude = land.place(3, 0)
    row = f"generation = '4G'\nlongitude = {longitude}\nlatitude = {latitude}\n"
    (project / "plan.toml").write_text(f"[[add]]\n{row}", encoding="utf-8")
    more = {"path": ["--station", "A", "--village", "V1"], "whatif": [project / "plan.toml"]}.get(command, [])
    before = files(project.parent)
    assert_one_error(whitesignal(command, project, *more), words)
    assert files(project.parent) == before


def test_a_model_that_the_command_line_names_is_held_to_the_same(whitesignal: Run, project: Path) -> None:
    assert_one_error(whitesignal("analyze", project, "--model", "nonsense"), ("unknown model 'nonsense'", "p526"))
    assert_one_error(
        whitesignal("path", project, "--station", "A", "--village", "V1", "--model", "x"), ("unknown model 'x'",)
    )


@pytest.mark.parametrize("command", ["analyze", "check", "path", "whatif", "map"])
def test_a_place_where_nothing_is_is_said_so(whitesignal: Run, tmp_path: Path, command: str) -> None:
    more = {"path": ["--station", "A", "--village", "V1"], "whatif": [tmp_path / "x.toml"]}.get(command, [])
    assert_one_error(whitesignal(command, tmp_path / "nowhere", *more), ("nowhere",))
    assert files(tmp_path) == []


def test_results_go_only_where_nothing_else_is(whitesignal: Run, project: Path, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "chapter.txt").write_text("years of work", encoding="utf-8")
    for more in ([], ["--overwrite"]):
        assert_one_error(whitesignal("analyze", project, "--out", thesis, *more), (str(thesis), "not empty"))
        said = whitesignal("analyze", project, "--out", thesis / "chapter.txt", *more)
        assert_one_error(said, ("a file stands",))
    assert files(thesis) == ["chapter.txt"]
    said = whitesignal("analyze", project, "--out", thesis / "chapter.txt" / "deeper")
    assert_one_error(said, ("chapter.txt",))
    assert (thesis / "chapter.txt").read_text(encoding="utf-8") == "years of work"


def test_a_map_of_what_is_no_results_folder_is_refused(whitesignal: Run, project: Path) -> None:
    assert_one_error(whitesignal("map", project), ("no results here",))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--station", "Z", "--village", "V1"], ("no station with the id 'Z'",)),
        (["--station", "A", "--village", "Z"], ("no village with the id or name 'Z'",)),
    ],
)
def test_a_path_between_what_is_not_there_is_refused(
    whitesignal: Run, project: Path, arguments: list[str], words: tuple[str, ...]
) -> None:
    assert_one_error(whitesignal("path", project, *arguments), words)


USAGE: tuple[tuple[list[Any], str], ...] = (
    ([], "Usage"),
    (["nonsense"], "No such command"),
    (["analyze"], "Missing argument"),
    (["analyze", "P", "--nonsense"], "No such option"),
    (["analyze", "P", "--jobs", 0], "0 is not in the range"),
    (["analyze", "P", "--jobs", "two"], "not a valid integer"),
    (["analyze", "P", "--resolution", 0], "0.0 is not in the range"),
    (["analyze", "P", "--as-of", "30.6.2023"], "does not match the format"),
    (["analyze", "P", "--engine", "magic"], "is not"),
    (["analyze", "P", "--lang", "fr"], "is not one of 'vi', 'en'"),
    (["path", "P"], "Missing option '--station'"),
    (["path", "P", "--station", "A"], "give one of --village and --to"),
    (["path", "P", "--station", "A", "--village", "V", "--to", "105,22"], "give one of --village and --to"),
    (["path", "P", "--station", "A", "--to", "105"], "is not LON,LAT"),
    (["path", "P", "--station", "A", "--to", "22.6,105"], "the longitude comes first"),
    (["path", "P", "--station", "A", "--to", "nan,22"], "longitude"),
    (["whatif", "P"], "Missing argument"),
    (["sample", "ha-giang"], "Missing argument"),
    (["init", "D", "--stations", "s.csv"], "Missing option"),
)


@pytest.mark.parametrize(("arguments", "words"), USAGE, ids=[" ".join(map(str, one)) or "nothing" for one, _ in USAGE])
def test_wrong_usage_ends_with_2_and_says_how(whitesignal: Run, arguments: list[Any], words: str) -> None:
    said = whitesignal(*arguments)
    assert said.code == 2
    assert words in said.err or (not arguments and "Usage" in said.out + said.err)
    assert "Traceback" not in said.err


def test_an_interrupt_writes_nothing_and_ends_with_130(
    whitesignal: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    before = files(project.parent)
    monkeypatch.setattr("whitesignal.analysis.write_white_list", interrupted)
    said = whitesignal("analyze", project)
    assert said.code == 130
    assert "Interrupted: nothing was written." in said.err
    assert "Traceback" not in said.err
    assert files(project.parent) == before


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up while the last table is written."""

    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(28, "No space left on device", "run.json")

    monkeypatch.setattr("whitesignal.analysis.write_white_list", full)


@pytest.mark.usefixtures("full_disk")
def test_a_disk_that_fills_up_is_one_error_line_and_nothing_is_left(whitesignal: Run, project: Path) -> None:
    before = files(project.parent)
    assert_one_error(whitesignal("analyze", project), ("No space left on device",))
    assert files(project.parent) == before

"""A first project.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from whitesignal.errors import InputError, OutputExistsError
from whitesignal.inputs.all import read_inputs
from whitesignal.inputs.start import printable, toml_text, write_project_file
from whitesignal.project_file import open_project

Write = Callable[..., Path]


@pytest.fixture
def files(tmp_path: Path, write_raster: Write) -> dict[str, Path]:
    stations = tmp_path / "viettel 2023.csv"
    stations.write_text("Mã trạm;Công nghệ;Kinh độ;Vĩ độ;Ghi chú\nA;LTE;105,05;22,55;x\n", encoding="utf-8")
    villages = tmp_path / "communes.gpkg"
    frame = gpd.GeoDataFrame(
        {"commune_id": [1, 2], "commune": ["Lung Cu", "Dong Van"], "commune_vn": ["Lũng Cú", "Đồng Văn"]},
        geometry=[Point(105.06, 22.56), Point(105.1, 22.5)], crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(villages)
    return {"stations": stations, "villages": villages, "terrain": write_raster(np.full((20, 20), 7, dtype=np.int16))}


def start(folder: Path, files: dict[str, Path], **more: object) -> Path:
    return write_project_file(folder, [files["stations"]], files["villages"], files["terrain"], **more)


def test_what_is_written_opens_and_reads_at_once(tmp_path: Path, files: dict[str, Path]) -> None:
    file = start(tmp_path, files)
    inputs = read_inputs(open_project(file))
    assert inputs.stations.rows["operator"].tolist() == ["Viettel"]
    assert inputs.villages.rows["village_id"].tolist() == ["1", "2"]
    assert inputs.villages.rows["name"].tolist() == ["Lũng Cú", "Đồng Văn"]
    assert inputs.villages.rows["commune"].tolist() == ["Lũng Cú", "Đồng Văn"]


def test_paths_below_the_folder_are_relative_and_others_absolute(tmp_path: Path, files: dict[str, Path]) -> None:
    inside = tomllib.loads(start(tmp_path, files).read_text(encoding="utf-8"))
    assert inside["inputs"]["terrain"] == "terrain.tif"
    outside = tomllib.loads(start(tmp_path / "new" / "folder", files).read_text(encoding="utf-8"))
    assert outside["inputs"]["terrain"] == str(files["terrain"])
    assert open_project(tmp_path / "new" / "folder").inputs.villages == files["villages"]


def test_what_was_recognised_and_what_was_not_stands_in_the_comments(tmp_path: Path, files: dict[str, Path]) -> None:
    text = start(tmp_path, files).read_text(encoding="utf-8")
    assert '# longitude = "Kinh độ"' in text
    assert '# not read: "Ghi chú"' in text
    assert 'village_id = "commune_id"  # proposed' in text
    assert "# not found: " in text


def test_a_needed_column_that_was_not_found_is_shown_as_needed(tmp_path: Path, files: dict[str, Path]) -> None:
    files["stations"].write_text("a,b\n1,2\n", encoding="utf-8")
    text = start(tmp_path, files).read_text(encoding="utf-8")
    for name in ("generation", "longitude", "latitude"):
        assert f'# {name} = "..."  # NEEDED, and not found' in text


def test_every_commented_default_may_be_uncommented(tmp_path: Path, files: dict[str, Path]) -> None:
    file = start(tmp_path, files)
    lines = file.read_text(encoding="utf-8").split("# The rest are engineering defaults")
    freed = "\n".join(line.removeprefix("# ") for line in lines[1].splitlines()[1:])
    file.write_text(lines[0] + freed, encoding="utf-8")
    project = open_project(file)
    assert "4g-two-operators" in project.policies
    assert project.bands["4G"].power_dbm == 46.0


def test_an_existing_project_is_not_replaced_unless_told(tmp_path: Path, files: dict[str, Path]) -> None:
    file = start(tmp_path, files)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError, match="--overwrite"):
        start(tmp_path, files)
    assert file.read_text(encoding="utf-8") == "mine"
    start(tmp_path, files, overwrite=True)
    assert open_project(file).name == tmp_path.name


def test_a_missing_or_useless_file_leaves_nothing_behind(tmp_path: Path, files: dict[str, Path]) -> None:
    target = tmp_path / "new"
    with pytest.raises(InputError, match=r"no such file: .*nowhere\.tif"):
        start(target, {**files, "terrain": tmp_path / "nowhere.tif"})
    with pytest.raises(InputError, match="not a raster"):
        start(target, {**files, "terrain": files["stations"]})
    with pytest.raises(InputError, match="not a raster"):
        start(target, files, population=files["stations"])
    assert not target.exists()


def test_names_out_of_files_cannot_write_toml(tmp_path: Path, files: dict[str, Path]) -> None:
    hostile = 'a" \\ ]\n[radio]\nmodel = "x'
    columns = "Công nghệ;Kinh độ;Vĩ độ;" + '"' + hostile.replace('"', '""') + '"'
    files["stations"].write_text(f"{columns}\nLTE;105,05;22,55;x\n", encoding="utf-8")
    project = open_project(start(tmp_path, files))
    assert project.radio.model == "p1812"


@settings(deadline=None)
@given(text=st.text())
def test_any_text_survives_toml(text: str) -> None:
    document = f"a = {toml_text(text)}  # {printable(text)}\nb = 1\n"
    assert tomllib.loads(document) == {"a": text, "b": 1}


@pytest.mark.shared
def test_the_real_case_starts_and_reads(tmp_path: Path, shared: Path) -> None:
    case = shared / "cases" / "thai_nguyen"
    file = write_project_file(
        tmp_path, [case / "stations_invented.csv"], case / "communes_census2009.geojson", case / "dem_srtm3.tif",
        population=case / "worldpop_2020_1km.tif",
    )  # fmt: skip
    inputs = read_inputs(open_project(file))
    assert (len(inputs.stations.rows), len(inputs.villages.rows)) == (1266, 181)
    assert inputs.villages.rows["name"].iloc[0] == "Phường Trưng Vương"
    assert inputs.villages.rows["district"].iloc[0] == "Thành phố Thái Nguyên"
    assert any("villages lie off the terrain" in finding.message for finding in inputs.findings)

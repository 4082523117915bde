"""A raster of land cover as clutter on the terrain, and polygons of the sea as zones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import box

from whitesignal.errors import InputError
from whitesignal.grid import COASTAL, INLAND, SEA, Terrain
from whitesignal.inputs.all import Inputs, read_inputs
from whitesignal.inputs.start import write_project_file
from whitesignal.inputs.terrain import read_terrain
from whitesignal.project import WORLDCOVER_HEIGHTS_M, Project
from whitesignal.project_file import open_project

Make = Callable[..., Project]
Write = Callable[..., Path]
TREES, GRASS, TOWN, WATER = 10, 30, 50, 80
SIZE = (20, 20)


def with_layers(project: Project, model: str = "p1812", clutter: Path | None = None) -> Project:
    radio = dataclasses.replace(project.radio, model=model)
    return dataclasses.replace(project, inputs=dataclasses.replace(project.inputs, clutter=clutter), radio=radio)


def clutter_m(inputs: Inputs) -> np.ndarray:
    assert inputs.terrain.surface_m is not None
    return inputs.terrain.surface_m - inputs.terrain.height_m


def told(inputs: Inputs) -> str:
    return "\n".join(finding.message for finding in inputs.findings)


@pytest.fixture
def read(make_project: Make, write_raster: Write) -> Callable[..., Inputs]:
    """Return a reader of a made project with a raster of classes."""

    def reader(classes: np.ndarray, toml: str = "", *, model: str = "p1812", **place: object) -> Inputs:
        project = make_project(toml=toml)
        raster = write_raster(classes, "clutter.tif", **{"nodata": 0, **place})
        return read_inputs(with_layers(project, model, clutter=raster))

    return reader


def test_each_class_stands_at_its_height_on_the_ground(read: Callable[..., Inputs]) -> None:
    classes = np.full(SIZE, GRASS, dtype=np.uint8)
    classes[:5], classes[5:8], classes[8] = TREES, TOWN, WATER
    inputs = read(classes)
    expected = np.zeros(SIZE)
    expected[:5], expected[5:8] = 15.0, 10.0
    np.testing.assert_array_equal(clutter_m(inputs), expected)
    assert inputs.terrain.surface_m is not None
    assert inputs.terrain.surface_m.dtype == np.float32
    said = told(inputs)
    assert "10 = 15 m (25.0 %), 30 = 0 m (55.0 %), 50 = 10 m (15.0 %), 80 = 0 m (5.0 %)" in said
    assert "no class is known" not in said


def test_the_defaults_are_the_categories_of_p1812(make_project: Make) -> None:
    assert dict(make_project().clutter.heights_m) == dict(WORLDCOVER_HEIGHTS_M)
    assert set(WORLDCOVER_HEIGHTS_M.values()) <= {0.0, 10.0, 15.0, 20.0}, "the heights of ITU-R P.1812-8 table 2"


def test_the_project_file_replaces_and_adds_heights(read: Callable[..., Inputs]) -> None:
    classes = np.full(SIZE, TREES, dtype=np.uint8)
    classes[0], classes[1] = 7, TOWN
    inputs = read(classes, '[clutter]\nvillage_height_m = 6\n[clutter.heights_m]\n"50" = 12.0\n7 = 3\n')
    np.testing.assert_array_equal(clutter_m(inputs)[:3, 0], [3.0, 12.0, 15.0])
    assert "villages stand in 6 m clutter" in told(inputs)


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[clutter.heights_m]\nforest = 12", r"\[clutter\.heights_m\] 'forest' is no class"),
        ("[clutter.heights_m]\n10 = -1", r"\[clutter\.heights_m\] 10 = -1 must be a number at least 0 and at most 100"),
        ("[clutter.heights_m]\n10 = 'tall'", r"\[clutter\.heights_m\] 10 = 'tall' must be a number"),
        ("[clutter]\nheights_m = 12", "'heights_m' must be a section"),
        ("[clutter]\nheight_m = 12", r"\[clutter\] unknown key 'height_m'; did you mean 'heights_m'"),
    ],
)
def test_a_slip_in_the_heights_is_answered_with_the_cure(make_project: Make, toml: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        make_project(toml=toml)


def test_a_class_without_a_height_is_told_by_name_and_share(read: Callable[..., Inputs]) -> None:
    classes = np.full(SIZE, GRASS, dtype=np.uint8)
    classes[:2] = 77
    inputs = read(classes)
    assert not clutter_m(inputs).any()
    warnings = [finding for finding in inputs.findings if finding.column == "class"]
    assert [(finding.severity, finding.value, finding.file) for finding in warnings] == [
        ("warning", "77", "clutter.tif")
    ]
    assert warnings[0].message.startswith("class 77 (10.00 % of the terrain) has no height")


def test_outside_the_raster_and_on_its_nodata_there_is_no_clutter_and_the_share_is_told(
    read: Callable[..., Inputs],
) -> None:
    classes = np.full((10, 20), TREES, dtype=np.uint8)
    classes[0] = 0
    inputs = read(classes)
    expected = np.zeros(SIZE)
    expected[1:10] = 15.0
    np.testing.assert_array_equal(clutter_m(inputs), expected)
    assert "no class is known on 55.00 % of the terrain; clutter is taken as 0 m there" in told(inputs)


@pytest.mark.parametrize("crs", ["EPSG:32648", "EPSG:3857"])
def test_a_raster_in_another_system_is_read_where_the_cells_centres_are(read: Callable[..., Inputs], crs: str) -> None:
    to_crs = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    west, north = to_crs.transform(104.95, 22.65)
    easting, _ = to_crs.transform(105.1, 22.5)
    classes = np.full((300, 300), GRASS, dtype=np.uint8)
    classes[:, : round((easting - west) / 100.0)] = TREES
    inputs = read(classes, crs=crs, transform=Affine(100.0, 0.0, west, 0.0, -100.0, north))
    np.testing.assert_array_equal(clutter_m(inputs)[:, :9], 15.0)
    np.testing.assert_array_equal(clutter_m(inputs)[:, 11:], 0.0)


@settings(deadline=None, max_examples=20)
@given(fineness=st.integers(1, 7), seed=st.integers(0, 1000))
def test_a_cell_takes_the_class_at_its_centre_never_a_mixture(
    fineness: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import rasterio

    from whitesignal.grid import Grid
    from whitesignal.inputs.clutter import _classes_on

    rng = np.random.default_rng(seed)
    fine = rng.choice(np.array([TREES, GRASS, TOWN], dtype=np.uint8), (8 * fineness, 8 * fineness))
    step = 0.01 / fineness
    file = tmp_path_factory.mktemp("fine") / "clutter.tif"
    with rasterio.open(file, "w", driver="GTiff", width=8 * fineness, height=8 * fineness, count=1, dtype="uint8",
                       crs="EPSG:4326", transform=Affine(step, 0, 105.0, 0, -step, 22.6)) as target:  # fmt: skip
        target.write(fine, 1)
    found, _ = _classes_on(Grid("EPSG:4326", Affine(0.01, 0, 105.0, 0, -0.01, 22.6), (8, 8)), file)
    at = np.arange(8) * fineness + fineness // 2
    if fineness % 2:
        np.testing.assert_array_equal(found, fine[np.ix_(at, at)])
    else:  # the centre lies on a corner of four; any of them will do
        corners = [fine[np.ix_(at - down, at - right)] for down in (0, 1) for right in (0, 1)]
        assert np.any([found == corner for corner in corners], axis=0).all()


def test_a_raster_elsewhere_is_refused_with_both_extents(read: Callable[..., Inputs]) -> None:
    with pytest.raises(InputError, match=r"knows no class anywhere .*100\.00…100\.20° E.*105\.00…105\.20° E"):
        read(np.full(SIZE, TREES, dtype=np.uint8), transform=Affine(0.01, 0, 100.0, 0, -0.01, 22.6))


def test_a_raster_of_nothing_but_nodata_is_refused(read: Callable[..., Inputs]) -> None:
    with pytest.raises(InputError, match="knows no class anywhere"):
        read(np.zeros(SIZE, dtype=np.uint8))


def test_a_raster_of_heights_is_refused(read: Callable[..., Inputs]) -> None:
    heights = np.linspace(0.1, 24.0, 400, dtype=np.float32).reshape(SIZE)
    with pytest.raises(InputError, match=r"clutter\.tif: holds 400 values from 0\.1 to 24; a raster of classes"):
        read(heights, nodata=-1)
    with pytest.raises(InputError, match="a raster of classes"):
        read(np.full(SIZE, 12.5, dtype=np.float32), nodata=-1)


def test_classes_kept_as_floats_are_classes(read: Callable[..., Inputs]) -> None:
    inputs = read(np.full(SIZE, float(TREES), dtype=np.float32), nodata=float("nan"))
    assert (clutter_m(inputs) == 15.0).all()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_file_that_is_no_raster_or_says_no_system_is_refused(
    make_project: Make, read: Callable[..., Inputs], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"clutter\.tif: says no coordinate reference system"):
        read(np.full(SIZE, TREES, dtype=np.uint8), crs=None)
    (tmp_path / "words.tif").write_text("forest", encoding="utf-8")
    with pytest.raises(InputError, match=r"words\.tif: not a raster that can be read"):
        read_inputs(with_layers(make_project(), clutter=tmp_path / "words.tif"))


@pytest.mark.parametrize(
    ("model", "without", "given"),
    [
        (
            "p1812",
            "villages stand in 5 m clutter in the profile, 150 m around their points; elsewhere, and on the map, "
            "clutter is 0 m",
            "or the raster's where that is higher",
        ),
        ("p526", "no clutter raster is given; every place is taken as low buildings", "is not used by model p526"),
        ("itm", "no clutter raster is given; every place is taken as low buildings", "is not used by model itm"),
        ("hata", None, "is not used by model hata, which has no place for it"),
        ("circle", None, "is not used by model circle, only by the one it is held against"),
    ],
)
def test_each_model_says_truly_what_clutter_it_takes(
    make_project: Make, read: Callable[..., Inputs], model: str, without: str | None, given: str
) -> None:
    assert given in told(read(np.full(SIZE, TREES, dtype=np.uint8), model=model))
    said = told(read_inputs(with_layers(make_project(), model)))
    assert ("clutter" not in said) if without is None else (without in said)


def test_only_a_model_that_takes_clutter_into_the_profile_gets_it(read: Callable[..., Inputs]) -> None:
    classes = np.full(SIZE, TREES, dtype=np.uint8)
    assert read(classes, model="p526").terrain.surface_m is None
    assert read(classes, model="hata").terrain.surface_m is None
    assert read(classes, model="circle").terrain.surface_m is not None


def test_what_init_shows_of_the_heights_can_be_uncommented(
    make_project: Make, write_raster: Write, tmp_path: Path
) -> None:
    make_project()
    folder = tmp_path / "fresh"
    file = write_project_file(
        folder,
        stations=[tmp_path / "stations.csv"],
        villages=tmp_path / "villages.csv",
        terrain=tmp_path / "terrain.tif",
    )
    text = file.read_text(encoding="utf-8")
    assert "# heights_m.10 = 15.0" in text
    shown = [line.removeprefix("# ") for line in text.splitlines() if line.startswith(("# [clutter]", "# heights_m"))]
    file.write_text(text + "\n".join(shown).replace("15.0", "14.0") + "\n", encoding="utf-8")
    assert open_project(folder).clutter.heights_m[TREES] == 14.0


# The sea


def sea_file(folder: Path, *shapes: object) -> Path:
    gpd.GeoDataFrame(geometry=list(shapes), crs="EPSG:4326").to_file(folder / "sea.gpkg")
    return folder / "sea.gpkg"


def zoned(project: Project) -> tuple[Terrain, str]:
    terrain, findings = read_terrain(project)
    return terrain, "\n".join(finding.message for finding in findings)


def test_sea_coast_and_inland_are_told_apart(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    heights = np.full((20, 100), 50, dtype=np.int16)
    heights[10:, 30:] = 101
    heights[:10, 30:] = 100
    project = make_project(terrain=write_raster(heights), sea=sea_file(tmp_path, box(104.9, 22.3, 105.1, 22.7)))
    terrain, said = zoned(with_layers(project))
    assert terrain.zone is not None
    assert terrain.zone.dtype == np.int8
    assert (terrain.zone[:, :10] == SEA).all()
    assert (terrain.zone[:, 10:30] == COASTAL).all()
    assert (terrain.zone[10:, 30:] == INLAND).all(), "above 100 m the land is inland however near the sea"
    degree_m = 111_320.0 * np.cos(np.radians(22.5))
    last = 10 + int(50_000.0 / (0.01 * degree_m))
    assert (terrain.zone[:10, 30 : last - 1] == COASTAL).all()
    assert (terrain.zone[:10, last + 2 :] == INLAND).all()
    assert "10.00 % of the terrain is sea and" in said


def test_a_sea_beyond_the_terrain_makes_its_coast(make_project: Make, write_raster: Write, tmp_path: Path) -> None:
    ground = write_raster(np.full((20, 100), 5, dtype=np.int16))
    project = make_project(terrain=ground, sea=sea_file(tmp_path, box(104.0, 22.3, 104.8, 22.7)))
    terrain, said = zoned(with_layers(project))
    assert terrain.zone is not None
    assert (terrain.zone[:, 0] == COASTAL).all()
    assert (terrain.zone[:, -1] == INLAND).all()
    assert "0.00 % of the terrain is sea" in said


def test_a_sea_far_away_leaves_everything_inland(make_project: Make, tmp_path: Path) -> None:
    project = make_project(sea=sea_file(tmp_path, box(110.0, 20.0, 111.0, 21.0)))
    terrain, said = zoned(with_layers(project))
    assert terrain.zone is None
    assert "everywhere is inland" in said


def test_without_polygons_or_a_model_that_asks_there_are_no_zones(make_project: Make, tmp_path: Path) -> None:
    assert zoned(with_layers(make_project()))[0].zone is None
    sea = make_project(sea=sea_file(tmp_path, box(104.9, 22.3, 105.1, 22.7)))
    assert zoned(with_layers(sea, "p526"))[0].zone is None
    assert zoned(with_layers(sea))[0].zone is not None


@pytest.mark.parametrize(("model", "told_so"), [("p526", True), ("hata", True), ("p1812", False)])
def test_a_model_that_knows_no_sea_says_so(make_project: Make, tmp_path: Path, model: str, told_so: bool) -> None:
    project = with_layers(make_project(sea=sea_file(tmp_path, box(104.9, 22.3, 105.1, 22.7))), model)
    assert (f"model {model} knows no sea" in told(read_inputs(project))) is told_so


def test_the_zones_codes_are_the_kernels() -> None:
    from whitesignal.kernels import p1812

    assert (p1812.SEA, p1812.COASTAL, p1812.INLAND) == (SEA, COASTAL, INLAND)

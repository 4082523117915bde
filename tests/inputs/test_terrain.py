"""Terrain models."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pyproj import Transformer
from shapely.geometry import box

from whitesignal.errors import InputError
from whitesignal.grid import Terrain
from whitesignal.inputs.terrain import fill_voids, read_terrain, terrain_summary
from whitesignal.project import Project

Make = Callable[..., Project]
Write = Callable[..., Path]
VOID = -32768


def slope(rows: int = 20, columns: int = 20) -> np.ndarray:
    """Heights that rise by a metre per cell eastward and ten per cell southward, from 100 m."""
    return (100 + np.arange(columns)[None, :] + 10 * np.arange(rows)[:, None]).astype(np.int16)


def read(make_project: Make, *files: Path, **more: object) -> Terrain:
    return read_terrain(make_project(terrain=list(files), **more))[0]


def messages(make_project: Make, *files: Path, **more: object) -> str:
    return "\n".join(f.message for f in read_terrain(make_project(terrain=list(files), **more))[1])


def test_heights_arrive_as_they_stand(make_project: Make, write_raster: Write) -> None:
    terrain = read(make_project, write_raster(slope()))
    np.testing.assert_array_equal(terrain.height_m, slope())
    assert terrain.height_m.dtype == np.float32
    assert not terrain.void.any()
    assert terrain.grid.crs == "EPSG:4326"
    assert terrain.outside_m == 100.0


def test_a_void_takes_the_lowest_height_on_its_rim_and_stays_marked(make_project: Make, write_raster: Write) -> None:
    cells = slope()
    cells[5:7, 5:8] = VOID
    cells[15, 15] = VOID
    file = write_raster(cells)
    terrain = read(make_project, file)
    assert set(terrain.height_m[5:7, 5:8].ravel()) == {float(slope()[4, 4])}
    assert terrain.height_m[15, 15] == slope()[14, 14]
    assert int(terrain.void.sum()) == 7
    assert "1.75 % of the terrain (7 cells in 2 places) is void" in messages(make_project, file)


def test_voids_that_touch_by_a_corner_are_one(make_project: Make, write_raster: Write) -> None:
    cells = slope()
    cells[5, 5] = cells[6, 6] = VOID
    terrain = read(make_project, write_raster(cells))
    assert terrain.height_m[6, 6] == terrain.height_m[5, 5] == slope()[4, 4]


def test_a_void_at_the_border_uses_the_rim_it_has(make_project: Make, write_raster: Write) -> None:
    cells = slope()
    cells[0, :3] = VOID
    terrain = read(make_project, write_raster(cells))
    assert terrain.height_m[0, 0] == slope()[0, 3]
    assert terrain.outside_m == slope()[0, 3]


@pytest.mark.parametrize("value", [-9999.0, 32767.0, np.nan, np.inf])
def test_a_height_that_no_ground_has_is_a_void(make_project: Make, write_raster: Write, value: float) -> None:
    cells = slope().astype(np.float32)
    cells[3, 3] = value
    file = write_raster(cells, nodata=None)
    terrain = read(make_project, file)
    assert terrain.void[3, 3]
    assert terrain.height_m[3, 3] == slope()[2, 2]
    assert ("1 cells are below -500 m" in messages(make_project, file)) == (not np.isnan(value))


def test_nothing_but_voids_is_refused(make_project: Make, write_raster: Write) -> None:
    with pytest.raises(InputError, match="every cell is a void"):
        read(make_project, write_raster(np.full((5, 5), VOID, dtype=np.int16)))


def test_cells_without_a_height_in_the_sea_are_water_not_void(
    make_project: Make, write_raster: Write, tmp_path: Path
) -> None:
    cells = slope()
    cells[:, :5] = VOID
    cells[10, 10] = VOID
    sea = gpd.GeoDataFrame(geometry=[box(104.9, 22.3, 105.05, 22.7)], crs="EPSG:4326").to_crs("EPSG:32648")
    sea.to_file(tmp_path / "sea.gpkg")
    terrain = read(make_project, write_raster(cells), sea=tmp_path / "sea.gpkg")
    assert (terrain.height_m[:, :5] == 0.0).all()
    assert int(terrain.void.sum()) == 1
    assert terrain.void[10, 10]
    assert terrain.outside_m == 0.0


def test_terrain_without_a_system_is_refused_with_the_cure(make_project: Make, write_raster: Write) -> None:
    with pytest.raises(InputError, match=r"terrain\.tif: says no coordinate reference system; .*gdal_edit"):
        read(make_project, write_raster(slope(), crs=None))


def test_a_file_that_is_no_raster_is_refused(make_project: Make, tmp_path: Path) -> None:
    (tmp_path / "x.tif").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.tif: not a raster"):
        read(make_project, tmp_path / "x.tif")


def test_a_metre_grid_knows_its_resolution_even_when_rotated(make_project: Make, write_raster: Write) -> None:
    turn = np.radians(30.0)
    rotated = Affine(90 * np.cos(turn), 90 * np.sin(turn), 5e5, 90 * np.sin(turn), -90 * np.cos(turn), 2.49e6)
    terrain = read(make_project, write_raster(slope(), crs="EPSG:32648", transform=rotated))
    assert terrain.resolution_m == pytest.approx(90.0)
    assert terrain.grid.transform == rotated
    np.testing.assert_array_equal(terrain.height_m, slope())


def test_a_degree_grid_is_measured_on_the_ground(make_project: Make, write_raster: Write) -> None:
    terrain = read(make_project, write_raster(slope()))
    to_utm = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
    (west, south), (east, north) = to_utm.transform(105.1, 22.5), to_utm.transform(105.11, 22.51)
    assert terrain.resolution_m == pytest.approx((east - west + north - south) / 2, rel=2e-3)


def test_a_grid_in_feet_is_measured_in_metres(make_project: Make, write_raster: Write) -> None:
    feet = Affine(300.0, 0.0, 2e6, 0.0, -300.0, 7e5)
    terrain = read(make_project, write_raster(slope(), crs="EPSG:2263", transform=feet))
    assert terrain.resolution_m == pytest.approx(91.44, rel=1e-4)


def test_tiles_become_one_terrain_and_a_gap_between_them_is_void(make_project: Make, write_raster: Write) -> None:
    whole = slope(20, 30)
    west = write_raster(whole[:, :12], "west.tif")
    east = write_raster(whole[:, 11:], "east.tif", transform=Affine(0.01, 0, 105.11, 0, -0.01, 22.6))
    terrain = read(make_project, east, west)
    np.testing.assert_array_equal(terrain.height_m, whole)
    far = write_raster(whole[:, 22:], "far.tif", transform=Affine(0.01, 0, 105.22, 0, -0.01, 22.6))
    gap = read(make_project, west, far)
    assert gap.height_m.shape == (20, 30)
    assert gap.void[:, 12:22].all()
    assert int(gap.void.sum()) == 200


def test_a_void_in_one_tile_is_filled_by_another_that_knows(make_project: Make, write_raster: Write) -> None:
    holed = slope()
    holed[4, 4] = VOID
    terrain = read(make_project, write_raster(holed, "a.tif"), write_raster(slope(), "b.tif"))
    assert terrain.height_m[4, 4] == slope()[4, 4]
    assert not terrain.void.any()


def test_tiles_that_do_not_fit_are_refused(make_project: Make, write_raster: Write) -> None:
    first = write_raster(slope(), "a.tif")
    finer = write_raster(slope(), "b.tif", transform=Affine(0.005, 0, 105.2, 0, -0.005, 22.6))
    with pytest.raises(InputError, match=r"b\.tif: has cells of .*resample"):
        read(make_project, first, finer)
    between = write_raster(slope(), "d.tif", transform=Affine(0.01, 0, 105.204, 0, -0.01, 22.6))
    with pytest.raises(InputError, match=r"d\.tif: its cells lie between"):
        read(make_project, first, between)
    flipped = write_raster(slope(), "e.tif", transform=Affine(0.01, 0, 105.2, 0, 0.01, 22.4))
    with pytest.raises(InputError, match=r"e\.tif: is rotated or upside down"):
        read(make_project, first, flipped)
    metres = write_raster(slope(), "c.tif", crs="EPSG:32648", transform=Affine(90, 0, 5e5, 0, -90, 2.49e6))
    with pytest.raises(InputError, match=r"c\.tif: is in EPSG:32648 but .*reproject"):
        read(make_project, first, metres)


def srtm(tmp_path: Path) -> bytes:
    cells = np.full((1201, 1201), 250, dtype=">i2")
    cells[0, 0], cells[600, 600] = 999, VOID
    data = cells.tobytes()
    (tmp_path / "N22E105.hgt").write_bytes(data)
    with gzip.open(tmp_path / "N22E105.hgt.gz", "wb") as stream:
        stream.write(data)
    for name in ("N22E105.hgt.zip", "tile.zip"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/N22E105.hgt", data)
            archive.writestr("readme.txt", "SRTM")
    return data


def test_an_srtm_tile_is_read_bare_zipped_and_gzipped(make_project: Make, tmp_path: Path) -> None:
    srtm(tmp_path)
    for name in ("N22E105.hgt", "N22E105.hgt.gz", "N22E105.hgt.zip", "tile.zip"):
        terrain = read(make_project, tmp_path / name)
        assert terrain.grid.transform.c == pytest.approx(105.0, abs=0.001)
        assert terrain.grid.transform.f == pytest.approx(23.0, abs=0.001)
        assert terrain.height_m[0, 0] == 999.0
        assert int(terrain.void.sum()) == 1
        assert terrain.resolution_m == pytest.approx(89, abs=1)


def test_a_zip_must_hold_one_raster_and_be_a_zip(make_project: Make, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(InputError, match="holds 0 rasters"):
        read(make_project, tmp_path / "none.zip")
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    with pytest.raises(InputError, match="cannot be unpacked"):
        read(make_project, tmp_path / "bad.zip")


def test_an_srtm_tile_that_lost_its_name_is_refused(make_project: Make, tmp_path: Path) -> None:
    (tmp_path / "terrain.hgt").write_bytes(srtm(tmp_path))
    with pytest.raises(InputError, match="must keep its name"):
        read(make_project, tmp_path / "terrain.hgt")


def test_scaled_heights_are_metres(make_project: Make, write_raster: Write) -> None:
    import rasterio

    file = write_raster((slope() * 10).astype(np.int16))
    with rasterio.open(file, "r+") as target:
        target.scales, target.offsets = (0.1,), (5.0,)
    np.testing.assert_allclose(read(make_project, file).height_m, slope() + 5.0, rtol=1e-6)


def test_a_look_at_a_terrain_says_how_fine_it_is(write_raster: Write) -> None:
    assert terrain_summary(write_raster(slope())).startswith("20 × 20 cells of about 10")


def rim_by_hand(heights: np.ndarray, void: np.ndarray) -> np.ndarray:
    """The plain twin: grow each void cell by cell, then look at every neighbour of every cell of it."""
    filled = heights.copy()
    seen = np.zeros_like(void)
    rows, columns = void.shape

    def near(row: int, column: int) -> list[tuple[int, int]]:
        around = [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        return [(r, c) for r, c in around if 0 <= r < rows and 0 <= c < columns]

    for start in zip(*np.nonzero(void), strict=True):
        if seen[start]:
            continue
        body, todo = set(), [start]
        while todo:
            cell = todo.pop()
            if cell not in body:
                body.add(cell)
                todo += [other for other in near(*cell) if void[other]]
        lowest = min(heights[other] for cell in body for other in near(*cell) if not void[other])
        for cell in body:
            seen[cell] = True
            filled[cell] = lowest
    return filled


@settings(deadline=None, max_examples=60)
@given(
    heights=hnp.arrays(np.float32, (7, 9), elements=st.integers(-400, 8000).map(float)),
    void=hnp.arrays(np.bool_, (7, 9)),
)
def test_filling_voids_agrees_with_filling_them_by_hand(heights: np.ndarray, void: np.ndarray) -> None:
    void[0, 0] = False
    filled = heights.copy()
    filled[void] = np.nan
    fill_voids(filled, void)
    np.testing.assert_array_equal(filled, rim_by_hand(heights, void))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "lowest", "highest", "shape"),
    [("N21E105.hgt", -60, 1582, (1201, 1201)), ("N00E011.hgt.zip", 105, 1023, (1201, 1201)),
     ("S46W066.hgt.gz", -3, 146, (3601, 3601)), ("S33W071.tif", 250, 6929, (1201, 1201))],
)  # fmt: skip
def test_real_tiles_are_read(
    make_project: Make, shared: Path, name: str, lowest: float, highest: float, shape: tuple[int, int]
) -> None:
    terrain = read(make_project, shared / "terrain" / name)
    assert terrain.height_m.shape == shape
    assert (terrain.height_m.min(), terrain.height_m.max()) == (lowest, highest)
    assert np.isfinite(terrain.height_m).all()


@pytest.mark.shared
def test_the_real_voids_of_thai_nguyen_are_marked(make_project: Make, shared: Path) -> None:
    terrain = read(make_project, shared / "cases" / "thai_nguyen" / "dem_srtm3.tif")
    assert int(terrain.void.sum()) == 1253
    assert np.isfinite(terrain.height_m).all()
    assert terrain.resolution_m == pytest.approx(89.3, abs=0.1)

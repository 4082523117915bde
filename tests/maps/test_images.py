"""Rasters as images: the right pixel, the right place, the right colour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

from whitesignal.bands import GENERATIONS
from whitesignal.grid import Grid, Raster
from whitesignal.maps.images import hillshade_jpeg, level_png, palette_png, to_mercator
from whitesignal.maps.palette import classify, level_classes, operator_colours, rgb

UTM = "EPSG:32648"
SIDE_M = 140_000.0

picture = pytest.mark.filterwarnings("ignore:Dataset has no geotransform")


def one_marked_cell(row, column, *, cell_m):
    cells = round(SIDE_M / cell_m)
    grid = Grid(UTM, from_origin(430_000.0, 2_590_000.0, cell_m, cell_m), (cells, cells))
    values = np.full((cells, cells), np.nan, dtype=np.float32)
    values[row, column] = -80.0
    return Raster(grid, values)


def where_leaflet_draws(image, row, column):
    """Longitude and latitude of a pixel, stretched linearly in Web Mercator between the corners as Leaflet does."""
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    (west, east), (south, north) = to_metres.transform([image.west, image.east], [image.south, image.north])
    rows, columns = image.values.shape
    easting = west + (np.asarray(column) + 0.5) / columns * (east - west)
    northing = north - (np.asarray(row) + 0.5) / rows * (north - south)
    return to_metres.transform(easting, northing, direction="INVERSE")


@pytest.mark.parametrize("cell_m", [100.0, 500.0])
@pytest.mark.parametrize(("down", "right"), [(0.02, 0.03), (0.5, 0.5), (0.97, 0.96), (0.3, 0.9)])
def test_a_cell_is_drawn_within_a_pixel_of_its_place(cell_m, down, right):
    cells = round(SIDE_M / cell_m)
    row, column = int(down * cells), int(right * cells)
    raster = one_marked_cell(row, column, cell_m=cell_m)
    image = to_mercator(raster, longest_px=3000)
    longitude, latitude = where_leaflet_draws(image, *np.nonzero(np.isfinite(image.values)))
    to_grid = Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
    easting_m, northing_m = to_grid.transform(longitude, latitude)
    centre_m = raster.grid.transform * (column + 0.5, row + 0.5)
    assert abs(np.mean(easting_m) - centre_m[0]) < image.pixel_m
    assert abs(np.mean(northing_m) - centre_m[1]) < image.pixel_m


@pytest.mark.parametrize(
    ("cell_m", "longest_px", "expected_m"), [(500.0, 3000, 500.0), (100.0, 3000, 100.0), (100.0, 60, None)]
)
def test_an_image_is_called_no_finer_than_the_cells_it_shows(cell_m, longest_px, expected_m):
    image = to_mercator(one_marked_cell(3, 4, cell_m=cell_m), longest_px=longest_px)
    assert image.cell_m >= image.pixel_m
    assert image.cell_m == pytest.approx(expected_m or image.pixel_m, rel=0.02)


def test_a_raster_stored_from_south_to_north_lands_in_the_same_place():
    raster = one_marked_cell(30, 200, cell_m=500.0)
    west, south, _, _ = raster.grid.bounds
    flipped_grid = Grid(UTM, from_origin(west, south, 500.0, -500.0), raster.grid.shape)
    flipped = Raster(flipped_grid, raster.values[::-1].copy())
    there, here = (to_mercator(one) for one in (raster, flipped))
    assert np.array_equal(np.isfinite(there.values), np.isfinite(here.values))
    assert here.west == pytest.approx(there.west, abs=1e-9)
    assert here.north == pytest.approx(there.north, abs=1e-9)


def test_warping_for_classes_invents_no_value():
    raster = one_marked_cell(10, 10, cell_m=500.0)
    raster.values[10:40, 10:40] = np.random.default_rng(3).uniform(-120, -60, (30, 30)).astype(np.float32)
    warped = to_mercator(raster).values
    assert set(warped[np.isfinite(warped)]) <= set(raster.values[np.isfinite(raster.values)])


def test_a_coarse_raster_gets_no_more_than_twice_its_own_pixels():
    image = to_mercator(one_marked_cell(1, 1, cell_m=2000.0))
    assert max(image.values.shape) < 2.2 * SIDE_M / 2000.0


@picture
@settings(deadline=None, max_examples=30)
@given(rows=st.integers(1, 9), columns=st.integers(1, 9), colours=st.integers(1, 16), seed=st.integers(0, 2**32 - 1))
def test_a_palette_png_reads_back_as_it_was_written(rows, columns, colours, seed):
    indices = np.random.default_rng(seed).integers(0, colours, (rows, columns)).astype(np.uint8)
    palette = [(n * 16, 255 - n, n, 255 if n else 0) for n in range(colours)]
    with MemoryFile(palette_png(indices, palette)) as memory, memory.open() as opened:
        assert np.array_equal(opened.read(1), indices)
        assert [opened.colormap(1)[n] for n in range(colours)] == palette


@picture
def test_a_level_image_is_transparent_where_there_is_no_level():
    image = to_mercator(one_marked_cell(50, 60, cell_m=1000.0))
    classes = level_classes("4G")
    with MemoryFile(level_png(image, classes)) as memory, memory.open() as opened:
        indices, colours = opened.read(1), opened.colormap(1)
    assert np.array_equal(indices > 0, np.isfinite(image.values))
    assert colours[0][3] == 0
    assert colours[int(indices.max())] == (*rgb(classes[0].colour), 255)


@picture
def test_relief_keeps_its_light_and_is_paper_where_there_is_none():
    raster = one_marked_cell(0, 0, cell_m=2000.0)
    raster.values[:, :35] = 255.0
    raster.values[:, 35:50] = 0.0
    content = hillshade_jpeg(to_mercator(raster, resampling="bilinear"))
    with MemoryFile(content) as memory, memory.open() as opened:
        middle = opened.read(1)[70].astype(int)
    assert middle[20] > 250
    assert middle[85] < 130
    assert abs(middle[120] - 244) < 4


@pytest.mark.parametrize("generation", GENERATIONS)
def test_classes_fall_from_strong_to_weak_and_end_below_the_service_threshold(generation):
    lowest = [one.lowest_dbm for one in level_classes(generation)]
    assert lowest == sorted(lowest, reverse=True)
    assert [one.serves for one in level_classes(generation)] == [True] * (len(lowest) - 1) + [False]


def test_a_level_on_an_edge_belongs_to_the_stronger_class():
    levels = np.array([-60.0, -85.0, -85.01, -95.0, -118.0, -118.5, -128.0, -128.5, np.nan], dtype=np.float32)
    assert classify(levels, level_classes("4G")).tolist() == [1, 1, 2, 2, 4, 5, 5, 0, 0]


def test_a_high_threshold_leaves_out_the_edges_under_it():
    assert [one.lowest_dbm for one in level_classes("4G", -90.0)] == [-85.0, -90.0, -100.0]


def test_operators_keep_their_colours_and_strangers_get_one():
    colours = operator_colours(["Viettel", "VIETTEL", "Mạng lạ", ""])
    assert colours["Viettel"] == colours["VIETTEL"]
    assert len({colours["Viettel"], colours["Mạng lạ"], colours[""]}) == 3
    assert operator_colours(["", "Mạng lạ", "Viettel"])["Mạng lạ"] == colours["Mạng lạ"]

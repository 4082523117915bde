"""Coverage polygons from a radio map made by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from whitesignal.bands import THRESHOLDS
from whitesignal.grid import Grid
from whitesignal.radio.best_server import NO_LEVEL, RadioMap
from whitesignal.results.polygons import POLYGON_COLUMNS, coverage_polygons

CELL_M = 250.0
EDGES = (NO_LEVEL, -11_801, -11_800, -11_799, -11_001, -11_000, -10_501, -10_500, -4_000)
"""Hundredths of a dBm just below, on and above 4G's thresholds of -118, -110 and -105 dBm."""


def made_map(centi_dbm: np.ndarray) -> RadioMap:
    grid = Grid("EPSG:32648", Affine(CELL_M, 0, 500_000.0, 0, -CELL_M, 2_500_000.0), centi_dbm.shape)
    return RadioMap(grid, {}, {}, {}, {}, served={("4G", "any"): centi_dbm.astype(np.int16)})


@given(arrays(np.int64, (4, 5), elements=st.sampled_from(EDGES)))
@settings(deadline=None, max_examples=25)
def test_a_polygon_holds_exactly_the_cells_that_reach_its_threshold(centi_dbm: np.ndarray) -> None:
    table = coverage_polygons(made_map(centi_dbm), THRESHOLDS, None)
    assert tuple(table.columns) == (*POLYGON_COLUMNS, "geometry")
    found = table.set_index("threshold")
    eastings, northings = made_map(centi_dbm).grid.cell_centres()
    centres = shapely.points(eastings, northings)
    for name, least in (("service", -11_800), ("basic", -11_000), ("good", -10_500)):
        inside = centi_dbm >= least
        if not inside.any():
            assert name not in found.index
            continue
        shape = table[table["threshold"] == name].to_crs("EPSG:32648").geometry.iloc[0]
        assert shapely.is_valid(shape)
        assert (shapely.contains(shape, centres) == inside).all()
        assert found.loc[name, "area_km2"] == pytest.approx(inside.sum() * CELL_M**2 / 1e6)
        assert np.isnan(found.loc[name, "people"])


def test_a_hole_in_coverage_stays_a_hole() -> None:
    centi_dbm = np.full((3, 3), -9_000)
    centi_dbm[1, 1] = NO_LEVEL
    shape = coverage_polygons(made_map(centi_dbm), THRESHOLDS, None).geometry.iloc[0]
    assert len(shape.geoms) == 1
    assert len(shape.geoms[0].interiors) == 1


def test_nothing_covered_is_a_table_without_rows() -> None:
    table = coverage_polygons(made_map(np.full((2, 2), NO_LEVEL)), THRESHOLDS, None)
    assert table.empty
    assert tuple(table.columns) == (*POLYGON_COLUMNS, "geometry")
    assert table.crs.to_epsg() == 4326


def test_on_a_fine_map_an_outline_takes_the_blocks_that_are_half_covered() -> None:
    grid = Grid("EPSG:32648", Affine(50.0, 0.0, 500_000.0, 0.0, -50.0, 2_500_000.0), (10, 10))
    level = np.full((10, 10), NO_LEVEL)
    level[:5, :5] = -9_000
    level[:2, 5:] = -9_000  # ten of a block's twenty-five: less than half
    level[5:8, :5] = -9_000  # fifteen of them
    radio_map = RadioMap(grid, {}, {}, {}, {}, served={("4G", "any"): level.astype(np.int16)})
    found = coverage_polygons(radio_map, THRESHOLDS, None)
    row = found[found["threshold"] == "service"].iloc[0]
    assert row["area_km2"] == pytest.approx((25 + 10 + 15) * 0.05**2)
    west, south, east, north = gpd.GeoSeries([row["geometry"]], crs="EPSG:4326").to_crs("EPSG:32648").total_bounds
    assert (east - west, north - south) == pytest.approx((250.0, 500.0), abs=0.5)

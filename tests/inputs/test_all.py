"""Inputs held against one another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from affine import Affine

from whitesignal.errors import InputError
from whitesignal.grid import Grid
from whitesignal.inputs.all import on_grid, read_inputs
from whitesignal.project import Project

Make = Callable[..., Project]
HEAD = "station_id,operator,generation,longitude,latitude"
VILLAGE_HEAD = "village_id,name,commune,longitude,latitude"


def test_a_whole_project_is_read_with_every_finding(make_project: Make) -> None:
    inputs = read_inputs(make_project())
    assert (len(inputs.stations.rows), len(inputs.villages.rows)) == (3, 2)
    assert set(inputs.stations.findings) | set(inputs.villages.findings) <= set(inputs.findings)
    told = "\n".join(finding.message for finding in inputs.findings)
    assert "no sea polygons are given; everywhere is taken as inland" in told
    assert "no clutter raster is given" in told


def test_stations_that_all_lie_off_the_terrain_are_refused_with_both_extents(make_project: Make) -> None:
    with pytest.raises(InputError, match=r"none of 1 stations lies on the terrain .*100\.00…100\.00.*105\.00…105\.20"):
        read_inputs(make_project(stations=f"{HEAD}\nA,Viettel,4G,100,22.5\n"))


def test_a_station_off_the_terrain_is_counted_with_its_row(make_project: Make) -> None:
    inputs = read_inputs(make_project(stations=f"{HEAD}\nA,Viettel,4G,105.1,22.5\nB,Viettel,4G,106,22.5\n"))
    assert len(inputs.stations.rows) == 2
    told = [finding.message for finding in inputs.findings if "off the terrain" in finding.message]
    assert len(told) == 1
    assert told[0].startswith("1 of 2 station rows lie off the terrain (row 3)")


def test_villages_off_the_terrain_are_told_and_refused_when_all_are(make_project: Make) -> None:
    some = read_inputs(make_project(villages=f"{VILLAGE_HEAD}\nA,x,y,105.1,22.5\nB,x,y,107,22.5\n"))
    assert any(f.message.startswith("1 of 2 villages lie off the terrain") for f in some.findings)
    with pytest.raises(InputError, match="none of 1 villages lies on the terrain"):
        read_inputs(make_project(villages=f"{VILLAGE_HEAD}\nA,x,y,107,22.5\n"))
    with pytest.raises(InputError, match="none of 1 villages has a position"):
        read_inputs(make_project(villages=f"{VILLAGE_HEAD}\nA,x,y,,\n"))


def test_empty_tables_are_refused(make_project: Make) -> None:
    with pytest.raises(InputError, match=r"stations\.csv: no stations"):
        read_inputs(make_project(stations=HEAD + "\n"))
    with pytest.raises(InputError, match=r"no usable station; all 1 rows were set aside, .*\(0, 0\)"):
        read_inputs(make_project(stations=f"{HEAD}\nA,Viettel,4G,0,0\n"))
    with pytest.raises(InputError, match=r"villages\.csv: no villages"):
        read_inputs(make_project(villages=VILLAGE_HEAD + "\n"))


def test_a_place_is_on_a_grid_up_to_its_border_and_nowhere_without_coordinates() -> None:
    grid = Grid("EPSG:4326", Affine(0.01, 0.0, 105.0, 0.0, -0.01, 22.6), (20, 20))
    longitude = np.array([105.0, 105.1, 105.21, np.nan])
    np.testing.assert_array_equal(on_grid(grid, longitude, np.full(4, 22.5)), [True, True, False, False])


def test_a_place_is_found_on_a_grid_in_metres() -> None:
    grid = Grid("EPSG:32648", Affine(90.0, 0.0, 500_000.0, 0.0, -90.0, 2_490_000.0), (100, 100))
    inside = on_grid(grid, np.array([105.04, 104.9]), np.array([22.48, 22.48]))
    np.testing.assert_array_equal(inside, [True, False])

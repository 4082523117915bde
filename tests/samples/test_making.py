"""What makes the samples reads the library's physics as it is now."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import whitesignal as ws
from whitesignal.radio.cells import Site
from whitesignal.radio.paths import receivers, site_paths

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
BANDS_MHZ = (900.0, 1800.0, 2100.0)


@pytest.fixture(scope="module", autouse=True)
def scripts_on_the_path() -> Iterator[None]:
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


def part(name: str) -> ModuleType:
    return importlib.import_module(f"samples.{name}")


def test_places_are_chosen_by_the_losses_that_the_library_computes(data: Path) -> None:
    project = ws.open_project(data / "quang-ninh")
    project = replace(project, radio=replace(project.radio, model="p526"))
    terrain = ws.read_inputs(project).terrain
    mast = (107.30, 21.30, 36.0)
    longitude, latitude = np.array([107.31, 107.36, 107.42, 107.28]), np.array([21.29, 21.33, 21.27, 21.38])

    ground = part("losses").Ground(part("quang_ninh_places").LATTICE, terrain.height_m)
    (links,) = part("losses").links_to(ground, [mast], longitude, latitude, radius_km=20.0)
    site = Site(*mast, radiators=(0, 1, 2))
    paths = site_paths(terrain, site, BANDS_MHZ, receivers(terrain, longitude, latitude), project)

    assert list(links.point) == [0, 1, 2, 3]
    assert np.ptp(paths.loss_db[:, 0]) > 10.0
    # The maker measures distances on a plane of its own and steps along paths a little differently.
    assert links.loss_db[:, :, 0] == pytest.approx(paths.loss_db, abs=0.5)


def test_every_village_keeps_the_people_that_its_district_has() -> None:
    shares = part("villages").share_out(1000, np.array([1.0, 2.0, 5.0]), least=45)
    assert shares.sum() == 1000
    assert shares.min() >= 45


def test_neighbours_hang_on_one_group_and_no_group_spans_two_areas() -> None:
    places_km = np.column_stack([np.arange(24.0), np.zeros(24)])
    area = np.column_stack([np.repeat([0, 1], 12), np.repeat([0, 0, 1, 2], 6)])
    group = part("groups").neighbourhoods(places_km, area, ("HL", "VD"), prefix="L", size=6)
    assert list(dict.fromkeys(group)) == ["L-HL-01", "L-HL-02", "L-VD-01", "L-VD-02"]
    assert all((group == name).sum() == 6 for name in set(group))


def test_an_island_belongs_to_its_own_district_and_the_shore_leaves_one_sea() -> None:
    shore = part("shore").make_shore(np.random.default_rng([part("quang_ninh_places").SEED, 1]))
    assert shore.sea.geom_type == "Polygon"
    names = [district.name for district in part("quang_ninh_places").DISTRICTS]
    places = np.array([(107.51, 20.88), (107.77, 21.32), (107.91, 21.38), (107.75, 21.47)])
    found = part("shore").shore_districts(shore).district_of(*places.T)
    assert [names[number] for number in found] == ["Vân Đồn", "Hải Hà", "TP Móng Cái", "Hải Hà"]

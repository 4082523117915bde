"""P.1812 in the engine is P.1812 as published: the same loss as the public function on the same profile."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import whitesignal as ws
from whitesignal.propagation import p1812
from whitesignal.radio.cells import build_cells, sites
from whitesignal.radio.paths import receivers, site_paths


@pytest.mark.parametrize("in_villages", [True, False])
@pytest.mark.parametrize("relief_m", [0.0, 120.0, 900.0])
def test_the_engines_loss_is_the_public_functions(
    land: ModuleType, tmp_path: Path, relief_m: float, in_villages: bool
) -> None:
    from whitesignal.kernels import exact

    station = land.station("A", -6, 0.3, "4G", antenna_height_m=42)
    folder = land.write_project(
        tmp_path, stations=[station], villages=[land.village("V1", 5, 1)], ground=land.ridge(-1.0, relief_m),
        toml="[radio]\nmodel = 'p1812'\n",
    )  # fmt: skip
    project = ws.open_project(folder)
    inputs = ws.read_inputs(project)
    terrain = inputs.terrain
    radiators, _ = build_cells(inputs.stations.rows, project)
    site = sites(radiators)[0]
    places = [land.place(5.0, north_km) for north_km in (-3.0, 0.0, 1.0, 4.0)]
    longitude, latitude = (np.array(part) for part in zip(*places, strict=True))
    points = receivers(terrain, longitude, latitude)
    bands_mhz = [900.0, 1800.0]
    paths = site_paths(terrain, site, bands_mhz, points, project, in_villages=in_villages)
    start = receivers(terrain, np.array([site.longitude]), np.array([site.latitude]))
    for at in range(len(points)):
        path_km = float(paths.distance_km[at])
        count = exact.interval_count(path_km, terrain.resolution_m / 1000.0) + 1
        distance_km, height_m, known = np.empty(count), np.empty(count), np.empty(count, dtype=bool)
        exact.read_profile(
            terrain.height_m, terrain.void, terrain.outside_m, start.column[0], start.row[0], points.column[at],
            points.row[at], path_km, count, distance_km, height_m, known,
        )  # fmt: skip
        clutter_m = np.where((path_km - distance_km <= 0.15) & in_villages, 5.0, 0.0)
        for band, band_mhz in enumerate(bands_mhz):
            expected = p1812.loss(
                distance_km, height_m, clutter_m=clutter_m, zone=np.full(count, 4), frequency_ghz=band_mhz / 1000.0,
                time_percent=50.0, tx_height_m=42.0, rx_height_m=1.5, polarization="vertical",
                tx_longitude=site.longitude, tx_latitude=site.latitude, rx_longitude=longitude[at],
                rx_latitude=latitude[at], delta_n=50.0, n0=360.0,
            )  # fmt: skip
            assert paths.loss_db[at, band] == pytest.approx(expected.loss_db, abs=0.01)

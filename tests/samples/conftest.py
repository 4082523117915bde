"""Fixtures: the bundled Hà Giang sample as its files have it, and what the library's physics says of its places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.inputs.all import Inputs

    BestMargins = Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def folder() -> Path:
    return DATA / "ha-giang"


@pytest.fixture(scope="session")
def stations(folder: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(folder / "stations.csv", dtype={"on_air_on": str, "azimuth_deg": str})


@pytest.fixture(scope="session")
def villages(folder: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.read_file(folder / "villages.gpkg", layer="villages")


@pytest.fixture(scope="session")
def clusters(folder: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.read_file(folder / "villages.gpkg", layer="clusters")


@pytest.fixture(scope="session", params=["p1812", "p526"])
def model(request: pytest.FixtureRequest) -> str:
    """The models that the sample's figures must hold under: the default, and the one it was selected with."""
    return str(request.param)


@pytest.fixture(scope="session")
def inputs(folder: Path) -> Inputs:
    import whitesignal as ws

    return ws.read_inputs(ws.open_project(folder))


@dataclass(frozen=True)
class Margins:
    """Best serving margins over all stations at places, before the programme of 2023 and after it. [dB]"""

    before: NDArray[np.float64]
    after: NDArray[np.float64]


@pytest.fixture(scope="session")
def margins_at(inputs: Inputs, folder: Path, model: str) -> Callable[..., Margins]:
    """Return margins at places, followed as far as ``radius_km``; ``spread`` judges by the median of five probes."""
    from dataclasses import replace

    import whitesignal as ws
    from whitesignal.radio.cells import build_cells
    from whitesignal.radio.levels import compute_levels
    from whitesignal.radio.reach import SamplePoints, compute_reach
    from whitesignal.villages.status import thresholds_dbm

    def best(places: pd.DataFrame, *, radius_km: float | None = None, spread: bool = True) -> Margins:
        project = ws.open_project(folder)
        project = replace(project, radio=replace(project.radio, model=model, radius_km=radius_km))
        rows = inputs.stations.rows
        radiators, cells = build_cells(rows, project)
        longitude, latitude = places["longitude"].to_numpy(float), places["latitude"].to_numpy(float)
        points = SamplePoints(longitude, latitude, np.full(len(places), spread))
        levels = compute_levels(compute_reach(inputs.terrain, radiators, points, project, jobs=2), cells)
        margin_db = levels.margin_db(thresholds_dbm(cells, project.thresholds, "service"))
        new = rows["on_air_on"].astype(str).str.startswith("2023").to_numpy()[cells.station_row][levels.cell]
        after, before = (np.full(len(places), -30.0) for _ in range(2))
        np.maximum.at(after, levels.point, margin_db)
        np.maximum.at(before, levels.point[~new], margin_db[~new])
        return Margins(before, after)

    return best

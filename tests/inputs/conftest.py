"""Projects made in code: a few stations, a few villages, a small terrain, each replaceable by a test's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from whitesignal.project import Project
from whitesignal.project_file import open_project

STATIONS = """station_id,position_id,operator,generation,longitude,latitude
S1,P1,Viettel,4G,105.05,22.55
S2,P1,VinaPhone,4G,105.05,22.55
S3,P2,MobiFone,2G,105.15,22.45
"""
VILLAGES = """village_id,name,commune,longitude,latitude
V1,Lô Lô Chải,Lũng Cú,105.06,22.56
V2,Thèn Pả,Lũng Cú,105.14,22.44
"""


@pytest.fixture
def shared() -> Path:
    """The real data beside the repository."""
    folder = Path(__file__).parents[2].parent / "shared"
    if not folder.is_dir():
        pytest.skip("the real data (../shared) are not here")
    return folder


@pytest.fixture
def write_raster(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of GeoTIFFs: 0.01° cells from 105° E, 22.6° N unless told otherwise."""

    def write(
        values: np.ndarray,
        name: str = "terrain.tif",
        *,
        crs: str | None = "EPSG:4326",
        transform: Any = None,
        nodata: float | None = -32768,
        **profile: Any,
    ) -> Path:
        file = tmp_path / name
        place = transform or Affine(0.01, 0.0, 105.0, 0.0, -0.01, 22.6)
        rows, columns = values.shape
        with rasterio.open(
            file, "w", driver="GTiff", width=columns, height=rows, count=1, dtype=values.dtype, crs=crs,
            transform=place, nodata=nodata, **profile,
        ) as target:  # fmt: skip
            target.write(values, 1)
        return file

    return write


@pytest.fixture
def make_project(tmp_path: Path, write_raster: Callable[..., Path]) -> Callable[..., Project]:
    """Return a maker of projects in a fresh folder; what a test does not give is made up."""

    def make(
        *,
        stations: str | bytes | Mapping[str, str | bytes] = STATIONS,
        villages: str | Path = VILLAGES,
        terrain: Path | Sequence[Path] | None = None,
        population: Path | None = None,
        sea: Path | None = None,
        toml: str = "",
        entries: str | None = None,
    ) -> Project:
        files = stations if isinstance(stations, Mapping) else {"stations.csv": stations}
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(data)
        if isinstance(villages, str):
            (tmp_path / "villages.csv").write_text(villages, encoding="utf-8")
        village_file = villages if isinstance(villages, Path) else tmp_path / "villages.csv"
        ground = terrain or write_raster(np.full((20, 20), 100, dtype=np.int16))
        tiles = [ground] if isinstance(ground, Path) else list(ground)
        listed = ", ".join(f"'{name}'" for name in files) if entries is None else entries
        lines = [f"villages = '{village_file}'", f"terrain = {[str(tile) for tile in tiles]}"]
        lines += [f"{key} = '{path}'" for key, path in (("population", population), ("sea", sea)) if path]
        text = f"[inputs]\nstations = [{listed}]\n" + "\n".join(lines) + f"\n{toml}\n"
        (tmp_path / "project.toml").write_text(text, encoding="utf-8")
        return open_project(tmp_path)

    return make

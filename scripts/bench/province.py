"""Whole programs: analyze on a made province, and the first use of a model with nothing compiled."""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench import land
from bench.clock import run_program
from bench.scene import ANTENNA_HEIGHT_M, BANDS_MHZ, GENERATIONS, mast_places
from bench.table import Row
from whitesignal.propagation.catalog import model as model_info

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.clock import ProgramCost
    from whitesignal.grid import Terrain

POSITIONS_OF_A_PROVINCE = 2500
PROVINCE_TARGET_S, PROVINCE_TARGET_MIB = 480.0, 2048.0
VILLAGES_PER_KM2 = 0.25
"""As Hà Giang has them."""

COMPILE_TARGET_S = {"p1812": 12.0, "itm": 20.0}

PART = "Whole analyze of a province at 90 m: 3 bands, 20 km, one job"
COMPILE_PART = "First use with nothing compiled, less the second"

COMMAND = "from whitesignal.cli import main; main()"
"""The command line of the library that is measured, whatever is on the path."""

TOML = """[project]
name = "A made province"
synthetic = true
[inputs]
stations = "stations.csv"
villages = "villages.csv"
terrain = "terrain.tif"
[radio]
resolution_m = {resolution_m:g}
radius_km = {radius_km:g}
[bands.4G]
max_km = {radius_km:g}
"""


def write_province(folder: Path, terrain: Terrain, *, positions: int, radius_km: float) -> None:
    """Write a project: masts of three generations and villages all over a terrain."""
    width_km = terrain.height_m.shape[1] * terrain.resolution_m / 1000.0
    longitude, latitude = mast_places(terrain, positions, 0.45 * width_km)
    with (folder / "stations.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("station_id", "position_id", "operator", "generation", "longitude", "latitude", "band_mhz",
                         "antenna_height_m"))  # fmt: skip
        for mast, place in enumerate(zip(longitude, latitude, strict=True)):
            for generation, band_mhz in zip(GENERATIONS, BANDS_MHZ, strict=True):
                writer.writerow((f"S{mast:04d}-{generation}", f"P{mast:04d}", "Viettel", generation, *place, band_mhz,
                                 ANTENNA_HEIGHT_M))  # fmt: skip
    _write_villages(folder / "villages.csv", terrain, max(int(VILLAGES_PER_KM2 * width_km**2), 4))
    land.write_geotiff(folder / "terrain.tif", terrain)
    (folder / "project.toml").write_text(
        TOML.format(resolution_m=terrain.resolution_m, radius_km=radius_km), encoding="utf-8"
    )


def _write_villages(path: Path, terrain: Terrain, count: int) -> None:
    from pyproj import Transformer

    rows, columns = terrain.height_m.shape
    places = np.random.default_rng(land.SEED + 1).uniform(0.04, 0.96, (2, count))
    easting_m, northing_m = terrain.grid.transform * (places[0] * columns, places[1] * rows)
    longitude, latitude = Transformer.from_crs(terrain.grid.crs, "EPSG:4326", always_xy=True).transform(
        easting_m, northing_m
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("village_id", "name", "commune", "district", "province", "longitude", "latitude"))
        for village, place in enumerate(zip(longitude, latitude, strict=True)):
            writer.writerow((f"V{village:05d}", f"Bản {village}", f"Xã {village % 100}", "Huyện", "Tỉnh", *place))


def analyzed(
    folder: Path, *, model: str = "p1812", jobs: int = 1, environment: Mapping[str, str] | None = None
) -> ProgramCost:
    """Run ``whitesignal analyze`` on a project's folder, from start-up to the last file."""
    places: tuple[str | Path, ...] = (folder, "--out", folder / "results", "--overwrite")
    command = (sys.executable, "-c", COMMAND, "analyze", *places, "--model", model, "--jobs", str(jobs))
    return run_program(command, folder=folder, environment=environment)


def province_rows(terrain: Terrain, *, counts: tuple[int, int], radius_km: float, compiled: Path | None) -> list[Row]:
    """Return what two numbers of positions cost, and what a province of them does, or would at the same cost for each.

    The first positions of a province cost more than the last: signal spreads, and with it outlines and open verdicts.

    ``compiled`` is a folder of compiled kernels; without, a first run that does not count fills the library's own.
    """
    environment = None if compiled is None else {"NUMBA_CACHE_DIR": str(compiled)}
    costs: list[ProgramCost] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for count in counts if compiled else (counts[0], *counts):
            folder = Path(name) / f"province-{len(costs)}"
            folder.mkdir()
            write_province(folder, terrain, positions=count, radius_km=radius_km)
            costs.append(analyzed(folder, environment=environment))
    few, many = costs[-2:]
    each_s = (many.cpu_s - few.cpu_s) / (counts[1] - counts[0])
    whole_s = many.cpu_s + each_s * (POSITIONS_OF_A_PROVINCE - counts[1])
    return [
        Row(PART, "analyze_few_s", f"{counts[0]} positions, CPU time", few.cpu_s, "s"),
        Row(PART, "analyze_many_s", f"{counts[1]} positions, CPU time", many.cpu_s, "s"),
        Row(PART, "analyze_position_s", "each further position, CPU time", each_s, "s"),
        Row(PART, "analyze_peak_mib", f"{counts[1]} positions, largest resident size", many.peak_mib, "MiB",
            PROVINCE_TARGET_MIB),
        Row(PART, "analyze_2500_s", "2,500 positions, CPU time", whole_s, "s", PROVINCE_TARGET_S,
            note="" if counts[1] == POSITIONS_OF_A_PROVINCE else "extrapolated"),
    ]  # fmt: skip


def compile_rows(terrain: Terrain, models: tuple[str, ...], *, radius_km: float, cache: Path) -> list[Row]:
    """Return what compilation takes of a first analyze: CPU and wall time, less those of the second.

    Each model's compiled kernels stay in a folder of its name below ``cache``, which is empty before.
    """
    rows = []
    for model in models:
        key = "compile" if model == "p1812" else f"compile_{model}"
        words = f"{'default model' if model == 'p1812' else model.upper()}, compilation"
        if not model_info(model).can_sweep:
            rows.append(Row(COMPILE_PART, f"{key}_s", words, None, "s", note="not there yet"))
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            write_province(folder, terrain, positions=2, radius_km=radius_km)
            empty = {"NUMBA_CACHE_DIR": str(cache / model)}
            cold, warm = (analyzed(folder, model=model, environment=empty) for _ in range(2))
        rows += [
            Row(COMPILE_PART, f"{key}_s", f"{words}, CPU time", cold.cpu_s - warm.cpu_s, "s", COMPILE_TARGET_S[model]),
            Row(COMPILE_PART, f"{key}_wall_s", f"{words}, wall time", cold.wall_s - warm.wall_s, "s"),
            Row(COMPILE_PART, f"{key}_whole_s", f"{words}: the whole first analyze, CPU time", cold.cpu_s, "s"),
        ]
    return rows

"""The sweep: what a position costs and where that goes, how far it is from the exact engine, how both grow."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bench.clock import listening, median_cost, median_cpu_s
from bench.paths import thinned
from bench.scene import MIDDLE_BAND, made_scene, threshold_loss_db
from bench.table import Row
from whitesignal.propagation.catalog import model as model_info
from whitesignal.radio.paths import cell_coordinates
from whitesignal.radio.windows import FULL_QUALITY_KM, LEAST_RAYS, STEPS_BETWEEN_RAYS, exact_window, swept_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bench.land import Kind
    from bench.scene import Scene
    from whitesignal.grid import Terrain
    from whitesignal.radio.windows import Window

SUFFIXES: dict[Kind, str] = {"fractal": "", "mountains": "_mountains"}
NAMES = {"p1812": "P.1812", "itm": "ITM"}
SWEEP_TARGET_S = {("p1812", 90): 0.15, ("p1812", 30): 1.5, ("itm", 90): 0.30, ("itm", 30): 2.6}
FLIP_TARGET_PCT = {90: 1.5, 30: 0.7}
MAE_TARGET_DB = {("p1812", 90): 1.5, ("p1812", 30): 1.5, ("itm", 90): 2.5, ("itm", 30): 1.5}
BIAS_TARGET_DB = 0.3
THINNING = {90: 3, 30: 7}
QUALITIES = (0.5, 1.0, 2.0, 4.0)
READINGS = 5
"""Times that the terrain is read in one measurement."""

JOBS_CPU_TARGET, JOBS_SPEED_TARGET = 1.10, 1.7

COST_PART = "Sweep, CPU time of a position: 3 bands, 20 km, grid written"
ACCURACY_PART = "Sweep against the exact engine, 1,800 MHz, cells all over the 20 km"
QUALITY_PART = "What --quality buys, P.1812"
GROWTH_PART = "How the cost grows, P.1812 at 90 m"
JOBS_PART = "Two jobs against one, P.1812 at 90 m"


@dataclass(frozen=True, slots=True)
class Error:
    """How a sweep errs against the exact engine: share of cells on the other side of 4G's threshold, and in dB."""

    flips_pct: float
    mean_absolute_db: float
    bias_db: float


def nominal_m(terrain: Terrain) -> int:
    """Return the terrain's resolution as the tables name it. [m]"""
    return round(terrain.resolution_m)


def not_yet(row: Row) -> Row:
    """Return a row that says that the sweep does not have its model."""
    return replace(row, value=None, note="not there yet")


def cost_rows(terrain: Terrain, model: str, *, positions: int, radius_km: float, runs: int) -> list[Row]:
    """Return a position's CPU time, and where it goes."""
    at = nominal_m(terrain)
    key, words = f"{model}_sweep_{at}m", f"{NAMES[model]} at {at} m"
    total = Row(COST_PART, f"{key}_s", words, None, "s", SWEEP_TARGET_S.get((model, at)))
    if not model_info(model).can_sweep:
        return [not_yet(total)]
    scene = made_scene(terrain, model, positions=positions, radius_km=radius_km)
    total = replace(total, value=median_cpu_s(scene.mapped, runs) / positions)
    shares = where_it_goes(scene, runs=runs)
    return [
        total,
        *(Row(COST_PART, f"{key}_{name}_s", f"… {what}", shares[name], "s") for name, what in SHARES if name in shares),
    ]


SHARES = (
    ("reading", "reading the terrain along the rays"),
    ("walk", "walking them, and what a ray costs once"),
    ("loss", "losses, each of the three bands"),
    ("reduce", "best and second server"),
)


def where_it_goes(scene: Scene, *, runs: int) -> dict[str, float]:
    """Return what the parts of a position's sweep take, found by leaving bands out and by listening. [s]"""
    radius_km = float(scene.radiators.radius_km[0])
    one_band = made_scene(
        scene.terrain, scene.project.radio.model, positions=len(scene.sites), radius_km=radius_km, bands=(MIDDLE_BAND,)
    )
    rays_s, single_s = (_swept_s(several, runs) for several in (scene, one_band))
    loss_s = (rays_s - single_s) / 2.0
    reading_s = _reading_s(scene, radius_km, runs)
    walk_s = single_s - loss_s - reading_s
    return {"reading": reading_s, "walk": walk_s, "loss": loss_s, "reduce": _reduce_s(scene)}


def _swept_s(scene: Scene, runs: int) -> float:
    """Return what filling a mast's window takes. [s]"""
    swept(scene)
    return median_cpu_s(lambda: swept(scene), runs) / len(scene.sites)


def _reduce_s(scene: Scene) -> float:
    """Return what a mast's bands take in finding the best and the second server. [s]"""
    from whitesignal.kernels import best

    with listening(best, "reduce_cell") as calls:
        scene.mapped()
    return float(np.median(calls.cpu_s)) * len(scene.cells) / len(scene.sites)


def _reading_s(scene: Scene, radius_km: float, runs: int) -> float:
    """Return what it takes to read the terrain along a mast's rays, as the sweep spaces them, and nothing else. [s]"""
    from bench import loops

    terrain, site = scene.terrain, scene.sites[0]
    step_km = terrain.resolution_m / 1000.0
    count = math.ceil(radius_km / step_km) + 2
    out_km = min(count * step_km, FULL_QUALITY_KM)
    rays = max(LEAST_RAYS, math.ceil(2.0 * math.pi * out_km / (STEPS_BETWEEN_RAYS * step_km)))
    column, row = cell_coordinates(terrain, np.array([site.longitude]), np.array([site.latitude]))
    azimuth = np.arange(rays) * (2.0 * math.pi / rays)
    place = float(column[0]), float(row[0])
    step_columns, step_rows = np.sin(azimuth), -np.cos(azimuth)

    def read() -> None:
        for _ in range(READINGS):
            loops.read_rays(terrain.height_m, *place, step_columns, step_rows, count)

    return median_cpu_s(read, runs) / READINGS


def swept(scene: Scene) -> list[Window]:
    """Return the window of each mast."""
    found = [
        swept_window(scene.terrain, scene.terrain.grid, site, scene.radiators, scene.project) for site in scene.sites
    ]
    return [window for window in found if window is not None]


def error(scene: Scene, exact_db: list[NDArray[np.float32]]) -> Error:
    """Return how a scene's sweep errs against exact losses in the band of 4G, one array a site."""
    swept_db = np.concatenate([window.loss_db[0].ravel() for window in swept(scene)])
    true_db = np.concatenate([losses.ravel() for losses in exact_db])
    both = ~np.isnan(swept_db) & ~np.isnan(true_db)
    difference_db = swept_db[both].astype(np.float64) - true_db[both]
    limit_db = threshold_loss_db()
    flips = (swept_db[both] <= limit_db) != (true_db[both] <= limit_db)
    return Error(100.0 * float(flips.mean()), float(np.abs(difference_db).mean()), float(difference_db.mean()))


def _exact_db(scene: Scene) -> list[NDArray[np.float32]]:
    wanted = thinned(scene.terrain, THINNING.get(nominal_m(scene.terrain), 3))
    found = [exact_window(scene.terrain, scene.terrain.grid, wanted, site, scene.radiators, scene.project)
             for site in scene.sites]  # fmt: skip
    return [window.loss_db[0] for window in found if window is not None]


def accuracy_rows(terrain: Terrain, model: str, kind: Kind, *, positions: int, radius_km: float) -> list[Row]:
    """Return how far the sweep is from the exact engine."""
    at = nominal_m(terrain)
    key, words = f"{model}_{{}}_{at}m{SUFFIXES[kind]}", f"{kind}, {NAMES[model]} at {at} m"
    flips = Row(ACCURACY_PART, key.format("flips") + "_pct", f"{words}: cells on the other side of the threshold",
                None, "%", FLIP_TARGET_PCT.get(at))  # fmt: skip
    if not model_info(model).can_sweep:
        return [not_yet(flips)]
    scene = made_scene(terrain, model, positions=positions, radius_km=radius_km, bands=(MIDDLE_BAND,))
    found = error(scene, _exact_db(scene))
    return [
        replace(flips, value=found.flips_pct),
        Row(ACCURACY_PART, key.format("mae") + "_db", f"{words}: mean absolute difference", found.mean_absolute_db,
            "dB", MAE_TARGET_DB.get((model, at))),
        Row(ACCURACY_PART, key.format("bias") + "_db", f"{words}: bias (above 0: more loss)", found.bias_db, "dB",
            BIAS_TARGET_DB),
    ]  # fmt: skip


def quality_rows(terrain: Terrain, model: str, kind: Kind, *, positions: int, radius_km: float, runs: int) -> list[Row]:
    """Return cost and error at several qualities."""
    at = nominal_m(terrain)
    if not model_info(model).can_sweep:
        return []
    exact_db = _exact_db(made_scene(terrain, model, positions=positions, radius_km=radius_km, bands=(MIDDLE_BAND,)))
    rows = []
    for quality in QUALITIES:
        costly = made_scene(terrain, model, positions=positions, radius_km=radius_km, quality=quality)
        judged = made_scene(
            terrain, model, positions=positions, radius_km=radius_km, quality=quality, bands=(MIDDLE_BAND,)
        )
        seconds = median_cpu_s(costly.mapped, runs) / positions
        found = error(judged, exact_db)
        key, words = f"{model}_quality_{quality:g}_{at}m{SUFFIXES[kind]}", f"{kind}, {at} m, quality {quality:g}"
        rows += [
            Row(QUALITY_PART, f"{key}_s", f"{words}: CPU time of a position", seconds, "s"),
            Row(QUALITY_PART, f"{key}_mae_db", f"{words}: mean absolute difference", found.mean_absolute_db, "dB"),
            Row(QUALITY_PART, f"{key}_flips_pct", f"{words}: cells on the other side", found.flips_pct, "%"),
        ]
    return rows


def growth_rows(
    terrain: Terrain, wide: Terrain, *, counts: tuple[int, ...], radii_km: tuple[float, ...], runs: int
) -> list[Row]:
    """Return what several numbers of positions, and several radii, cost."""
    rows = []
    for count in counts:
        scene = made_scene(terrain, "p1812", positions=count, radius_km=radii_km[-1] / 2.0)
        seconds = median_cpu_s(scene.mapped, runs)
        rows.append(Row(GROWTH_PART, f"positions_{count}_s", f"{count} positions of {radii_km[-1] / 2.0:g} km", seconds,
                        "s", note=f"{1000.0 * seconds / count:.0f} ms each"))  # fmt: skip
    for radius_km in radii_km:
        scene = made_scene(wide, "p1812", positions=1, radius_km=radius_km, spread_km=0.5)
        seconds = median_cpu_s(lambda scene=scene: swept(scene), runs)  # type: ignore[misc]
        rows.append(Row(GROWTH_PART, f"radius_{radius_km:g}km_s", f"one position of {radius_km:g} km, rays and grid",
                        seconds, "s", note=f"{1e6 * seconds / radius_km**2:.0f} µs per km²"))  # fmt: skip
    return rows


def jobs_rows(terrain: Terrain, *, positions: int, radius_km: float, runs: int) -> list[Row]:
    """Return what two threads make of the same map."""
    scene = made_scene(terrain, "p1812", positions=positions, radius_km=radius_km)
    one, two = (median_cost(lambda jobs=jobs: scene.mapped(jobs), runs) for jobs in (1, 2))  # type: ignore[misc]
    return [
        Row(JOBS_PART, "jobs_speed_ratio", "wall time of one job over that of two", one.wall_s / two.wall_s, "×",
            JOBS_SPEED_TARGET, at_least=True, note="only on two idle cores"),
        Row(JOBS_PART, "jobs_cpu_ratio", "CPU time of two jobs over that of one", two.cpu_s / one.cpu_s, "×",
            JOBS_CPU_TARGET),
    ]  # fmt: skip

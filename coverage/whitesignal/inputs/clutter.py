"""A raster of land-cover classes → clutter on the terrain: what stands on the ground between two antennas."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding
from whitesignal.inputs.canonical import file_labels, labelled
from whitesignal.project import LAYER_MODELS, LAYER_READERS, TERMINAL_CLUTTER_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from whitesignal.grid import Grid, Terrain
    from whitesignal.project import Project

MOST_CLASSES = 256
"""No land cover has more; a raster that does holds heights or colours."""


def with_clutter(terrain: Terrain, project: Project) -> tuple[Terrain, tuple[Finding, ...]]:
    """Return the terrain with the project's clutter standing on it, and what was noticed.

    Each cell of the terrain takes the class that lies at its centre, and the height that ``[clutter.heights_m]`` gives
    the class. A class without a height, and a cell whose class is not known, are 0 m. Between the cells' centres the
    engines read the surface as they read the ground, bilinearly: a forest's edge is a cell wide.

    Raises
    ------
    InputError
        A file that is no raster, says no CRS, holds no classes, or knows none anywhere on the terrain.

    Notes
    -----
    The model decides whether the raster is read at all: only one that takes clutter into the profile may, else the
    same houses would count twice.
    """
    path = project.inputs.clutter
    findings = list(_settlement_findings(project))
    if path is not None and project.radio.model in LAYER_READERS:
        classes, read = _classes_on(terrain.grid, path)
        clutter_m, told = _heights_m(classes, project.clutter.heights_m, path)
        terrain = replace(terrain, surface_m=terrain.height_m + clutter_m)
        findings += [*read, *told]
    return terrain, labelled(findings, file_labels(project))


def _settlement_findings(project: Project) -> Iterator[Finding]:
    """Yield what clutter the project's model takes, and from where."""
    clutter, name, path = project.clutter, project.radio.model, project.inputs.clutter
    in_village = (
        f"villages stand in {clutter.village_height_m:g} m clutter in the profile, {clutter.village_radius_m:g} m "
        "around their points"
    )
    formula = (
        f"every place is taken as low buildings of {clutter.village_height_m:g} m along streets of "
        f"{clutter.street_width_m:g} m (ITU-R P.2108 §3.1)"
    )
    if path is None:
        if name in LAYER_MODELS:
            said = f"{in_village}; elsewhere, and on the map, clutter is 0 m"
            yield Finding("info", f"no clutter raster is given: {said}")
        elif name in TERMINAL_CLUTTER_MODELS:
            yield Finding("info", f"no clutter raster is given; {formula}")
        return
    if name in LAYER_MODELS:
        message = f"{in_village}, or the raster's where that is higher; elsewhere, and on the map, it is the raster's"
    elif name in TERMINAL_CLUTTER_MODELS:
        message = f"the clutter raster is not used by model {name}; {formula}"
    elif name in LAYER_READERS:
        message = f"the clutter raster is not used by model {name}, only by the one it is held against"
    else:
        message = f"the clutter raster is not used by model {name}, which has no place for it"
    yield Finding("info", message, str(path))


def _classes_on(grid: Grid, path: Path) -> tuple[NDArray[np.float32], list[Finding]]:
    """Return the class at each cell's centre, NaN where none is known."""
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.warp import reproject

    findings = []
    classes = np.full(grid.shape, np.nan, dtype=np.float32)
    with _opened(path) as source:
        if source.count > 1:
            findings.append(Finding("warning", f"has {source.count} bands; the first is taken as class", str(path)))
        try:
            reproject(
                rasterio.band(source, 1), classes, src_nodata=source.nodata, dst_transform=grid.transform,
                dst_crs=grid.crs, dst_nodata=np.nan, resampling=Resampling.nearest,
            )  # fmt: skip
        except RasterioError as error:
            raise InputError(f"{path}: cannot be laid on the terrain ({error})") from error
        if np.isnan(classes).all():
            raise InputError(
                f"{path}: knows no class anywhere on the terrain: clutter {_extent_text(source.crs, source.bounds)}, "
                f"terrain {_extent_text(grid.crs, grid.bounds)}"
            )
    return classes, findings


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path) as source:
            if source.crs is None:
                raise InputError(f"{path}: says no coordinate reference system; write it into the file")
            yield source
    except RasterioIOError as error:
        raise InputError(f"{path}: not a raster that can be read ({error})") from error


def _heights_m(
    classes: NDArray[np.float32], heights_m: Mapping[int, float], path: Path
) -> tuple[NDArray[np.float32], list[Finding]]:
    """Return the clutter's height on each cell, and what stands where."""
    known = classes[~np.isnan(classes)]
    codes, counts = np.unique(known, return_counts=True)
    if len(codes) > MOST_CLASSES or (codes != np.round(codes)).any():
        raise InputError(
            f"{path}: holds {len(codes)} values from {codes[0]:g} to {codes[-1]:g}; a raster of classes of land cover "
            "is wanted, not of heights or colours"
        )
    clutter_m = np.zeros(classes.shape, dtype=np.float32)
    shares = {int(code): 100.0 * int(count) / classes.size for code, count in zip(codes, counts, strict=True)}
    for code in shares:
        if heights_m.get(code, 0.0) > 0.0:
            clutter_m[classes == code] = heights_m[code]
    listed = ", ".join(
        f"{code} = {heights_m[code]:g} m ({share:.1f} %)" for code, share in shares.items() if code in heights_m
    )
    findings = []
    if listed:
        message = (
            f"clutter by class, with its share of the terrain: {listed}; heights are an engineering mapping onto the "
            "categories of ITU-R P.1812-8 table 2, [clutter.heights_m] changes them"
        )
        findings.append(Finding("info", message, str(path)))
    for code, share in shares.items():
        if code not in heights_m:
            message = f"class {code} ({share:.2f} % of the terrain) has no height in [clutter.heights_m]; taken as 0 m"
            findings.append(Finding("warning", message, str(path), None, "class", str(code)))
    missing = 100.0 * (1.0 - known.size / classes.size)
    if known.size < classes.size:
        message = f"no class is known on {missing:.2f} % of the terrain; clutter is taken as 0 m there"
        findings.append(Finding("warning", message, str(path)))
    return clutter_m, findings


def _extent_text(crs: Any, bounds: tuple[float, float, float, float]) -> str:
    from rasterio.warp import transform_bounds

    west, south, east, north = transform_bounds(crs, "EPSG:4326", *bounds)
    return f"{west:.2f}…{east:.2f}° E, {south:.2f}…{north:.2f}° N"

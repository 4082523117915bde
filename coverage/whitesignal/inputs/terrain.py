"""Terrain models → one grid of heights: tiles merged, voids marked and filled from their rims, sea at 0 m."""

from __future__ import annotations

import gzip
import math
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.findings import Finding
from whitesignal.grid import COASTAL, SEA, Grid, Terrain
from whitesignal.inputs.canonical import file_labels, labelled
from whitesignal.inputs.sea import COAST_HEIGHT_M, COAST_WIDTH_M, read_sea, sea_mask, zones
from whitesignal.project import LAYER_READERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.project import Project

LOWEST_M = -500.0
HIGHEST_M = 9000.0
"""No ground lies outside: the Dead Sea's shore is at -430 m, Everest at 8,849 m."""

MOST_SHIFT_CELLS = 0.1
"""Tiles whose cells are off one another's by less are taken as on one grid: rounding in the files, not a shift."""

RASTER_MEMBERS = (".hgt", ".tif", ".tiff")


def read_terrain(project: Project) -> tuple[Terrain, tuple[Finding, ...]]:
    """Return the project's terrain, complete, with its voids marked, and what was noticed.

    Raises
    ------
    InputError
        A file that is no raster or says no CRS; tiles in different systems; nothing but voids.
    """
    paths = project.inputs.terrain
    shown = str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    heights, grid, findings = _read(paths)
    findings += _drop_absurd(heights, str(paths[0]))
    unknown = np.isnan(heights)
    sea = [] if project.inputs.sea is None else read_sea(project.inputs.sea, grid.crs)
    at_sea = sea_mask(sea, grid) if sea else np.zeros(grid.shape, dtype=np.bool_)
    if sea and unknown.any():
        empty = unknown & at_sea
        heights[empty] = 0.0
        unknown &= ~empty
        message = f"{int(empty.sum())} cells without a height lie in the sea: 0 m"
        findings.append(Finding("info", message, str(paths[0])))
    if unknown.all():
        raise InputError(f"{shown}: every cell is a void; the terrain must know some height")
    outside_m = _border_low(heights)
    components = fill_voids(heights, unknown)
    if components:
        share = 100.0 * float(unknown.mean())
        message = (
            f"{share:.2f} % of the terrain ({int(unknown.sum())} cells in {components} places) is void; "
            "what depends on it is unknown"
        )
        findings.append(Finding("warning", message, str(paths[0])))
    zone = None
    if sea and project.radio.model in LAYER_READERS:
        zone = zones(sea, grid, at_sea=at_sea, height_m=heights, spacing_m=spacing_m(grid))
        findings.append(_zone_finding(zone, str(project.inputs.sea)))
    terrain = Terrain(grid, heights, unknown, outside_m, resolution_m(grid), zone=zone)
    return terrain, labelled(findings, file_labels(project))


def fill_voids(heights: NDArray[np.float32], void: NDArray[np.bool_]) -> int:
    """Give every void, in place, the lowest height known on its rim, and return how many voids there are.

    Cells that touch by a side or a corner are one void.
    """
    if not void.any():
        return 0
    from scipy import ndimage

    labels, count = ndimage.label(void, structure=np.ones((3, 3), dtype=np.int8))
    rim = np.full(count + 1, np.inf, dtype=np.float32)
    rows, columns = np.nonzero(void)
    label = labels[rows, columns]
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            near_row = np.clip(rows + down, 0, heights.shape[0] - 1)
            near_column = np.clip(columns + right, 0, heights.shape[1] - 1)
            height = heights[near_row, near_column]
            known = ~void[near_row, near_column]
            np.minimum.at(rim, label[known], height[known])
    heights[rows, columns] = rim[label]
    return int(count)


def resolution_m(grid: Grid) -> float:
    """Return the mean spacing of a grid's cells on the ground: for degrees, at the latitude of its centre. [m]"""
    return sum(spacing_m(grid)) / 2.0


def spacing_m(grid: Grid) -> tuple[float, float]:
    """Return the cells' spacing on the ground along a row and down a column, at the grid's centre. [m]"""
    from pyproj import CRS, Geod

    crs = CRS.from_user_input(grid.crs)
    transform, (rows, columns) = grid.transform, grid.shape
    if crs.is_geographic:
        east = transform.c + (transform.a * columns + transform.b * rows) / 2.0
        north = transform.f + (transform.d * columns + transform.e * rows) / 2.0
        geod = Geod(ellps="WGS84")
        along = geod.inv(east, north, east + transform.a, north + transform.d)[2]
        down = geod.inv(east, north, east + transform.b, north + transform.e)[2]
        return float(along), float(down)
    metres = crs.axis_info[0].unit_conversion_factor
    return metres * math.hypot(transform.a, transform.d), metres * math.hypot(transform.b, transform.e)


def terrain_summary(path: Path) -> str:
    """Return what a raster of heights is, in words; an InputError where it cannot serve as terrain."""
    with _opened(path) as tile:
        _check_tile(path, tile)
        grid = Grid(_crs_text(tile), tile.transform, tile.shape)
    return f"{grid.shape[1]} × {grid.shape[0]} cells of about {resolution_m(grid):.0f} m"


def _read(paths: Sequence[Path]) -> tuple[NDArray[np.float32], Grid, list[Finding]]:
    with ExitStack() as stack:
        tiles = [stack.enter_context(_opened(path)) for path in paths]
        findings = [finding for path, tile in zip(paths, tiles, strict=True) for finding in _check_tile(path, tile)]
        if len(tiles) == 1:
            heights, transform = _heights(tiles[0]), tiles[0].transform
        else:
            _refuse_mixed_tiles(paths, tiles)
            heights, transform = _merged(tiles)
        return heights, Grid(_crs_text(tiles[0]), transform, heights.shape), findings


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a raster that may lie in a zip or gzip; a .hgt's name says where it belongs, so it must survive."""
    import rasterio
    from rasterio.errors import RasterioIOError
    from rasterio.io import MemoryFile

    try:
        name, data = _unpacked(path)
        with ExitStack() as stack:
            if data is None:
                yield stack.enter_context(rasterio.open(path))
            else:
                memory = stack.enter_context(MemoryFile(data, filename=name))
                yield stack.enter_context(memory.open())
    except RasterioIOError as error:
        hint = "; a .hgt must keep its name, as in N22E105.hgt" if ".hgt" in path.name.lower() else ""
        raise InputError(f"{path}: not a raster that can be read{hint} ({error})") from error


def _unpacked(path: Path) -> tuple[str, bytes | None]:
    """Return a packed raster's name and content; no content where the file is not packed."""
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                return path.stem, stream.read()
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                members = [name for name in archive.namelist() if name.lower().endswith(RASTER_MEMBERS)]
                if len(members) != 1:
                    raise InputError(f"{path}: holds {len(members)} rasters (.hgt or .tif); one is wanted")
                return Path(members[0]).name, archive.read(members[0])
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(f"{path}: cannot be unpacked ({error})") from error
    return path.name, None


def _check_tile(path: Path, tile: Any) -> list[Finding]:
    if tile.crs is None:
        raise InputError(
            f"{path}: says no coordinate reference system; "
            "write it into the file, as in 'rio edit-info --crs EPSG:4326 FILE' or 'gdal_edit.py -a_srs EPSG:4326 FILE'"
        )
    if tile.transform.is_identity:
        raise InputError(f"{path}: is not georeferenced (its cells have no coordinates)")
    if tile.count > 1:
        return [Finding("warning", f"has {tile.count} bands; the first is taken as height", str(path))]
    return []


def _crs_text(tile: Any) -> str:
    code = tile.crs.to_epsg()
    return f"EPSG:{code}" if code is not None else str(tile.crs.to_wkt())


def _heights(tile: Any) -> NDArray[np.float32]:
    """Return the first band in metres, NaN where there is none."""
    values = tile.read(1, masked=True)
    heights = values.filled(0).astype(np.float32)
    scale, offset = tile.scales[0], tile.offsets[0]
    if (scale, offset) != (1.0, 0.0):
        heights = (heights * scale + offset).astype(np.float32)
    heights[np.ma.getmaskarray(values)] = np.nan
    return np.asarray(heights, dtype=np.float32)


def _refuse_mixed_tiles(paths: Sequence[Path], tiles: Sequence[Any]) -> None:
    first = tiles[0]
    for path, tile in zip(paths, tiles, strict=True):
        if tile.crs != first.crs:
            raise InputError(f"{path}: is in {_crs_text(tile)} but {paths[0]} in {_crs_text(first)}; reproject one")
        if not np.allclose(tile.res, first.res, rtol=1e-6):
            raise InputError(f"{path}: has cells of {tile.res} but {paths[0]} of {first.res}; resample one")
        place = tile.transform
        if place.b != 0.0 or place.d != 0.0 or place.a < 0.0 or place.e > 0.0:
            raise InputError(f"{path}: is rotated or upside down; tiles that are to be merged must point north")
        shift = (place.c - first.transform.c) / place.a, (place.f - first.transform.f) / place.e
        if max(abs(cells - round(cells)) for cells in shift) > MOST_SHIFT_CELLS:
            raise InputError(f"{path}: its cells lie between those of {paths[0]}; resample one onto the other's grid")


def _merged(tiles: Sequence[Any]) -> tuple[NDArray[np.float32], Any]:
    """Return the tiles as one array and its transform; where they overlap, the first that knows a height wins."""
    from affine import Affine

    step_east, step_south = tiles[0].transform.a, tiles[0].transform.e
    west = min(tile.bounds.left for tile in tiles)
    north = max(tile.bounds.top for tile in tiles)
    places = [
        (round((tile.bounds.top - north) / step_south), round((tile.bounds.left - west) / step_east)) for tile in tiles
    ]
    shape = (
        max(row + tile.height for (row, _), tile in zip(places, tiles, strict=True)),
        max(column + tile.width for (_, column), tile in zip(places, tiles, strict=True)),
    )
    heights = np.full(shape, np.nan, dtype=np.float32)
    for (row, column), tile in zip(places, tiles, strict=True):
        window = heights[row : row + tile.height, column : column + tile.width]
        values = _heights(tile)
        np.copyto(window, values, where=np.isnan(window))
    return heights, Affine(step_east, 0.0, west, 0.0, step_south, north)


def _drop_absurd(heights: NDArray[np.float32], file: str) -> list[Finding]:
    """Make heights that no ground has, in place, unknown."""
    with np.errstate(invalid="ignore"):
        absurd = (heights < LOWEST_M) | (heights > HIGHEST_M) | np.isinf(heights)
    count = int(absurd.sum())
    if not count:
        return []
    heights[absurd] = np.nan
    message = f"{count} cells are below {LOWEST_M:g} m or above {HIGHEST_M:g} m; taken as void"
    return [Finding("warning", message, file)]


def _zone_finding(zone: NDArray[np.int8] | None, file: str) -> Finding:
    """Return how ITU-R P.1812 sees the terrain divided."""
    reach = f"within {COAST_WIDTH_M / 1000.0:g} km of the sea and at most {COAST_HEIGHT_M:g} m high"
    if zone is None:
        return Finding("info", f"the terrain has no sea and no land {reach}; everywhere is inland", file)
    water, coast = (100.0 * float((zone == kind).mean()) for kind in (SEA, COASTAL))
    message = f"{water:.2f} % of the terrain is sea and {coast:.2f} % coastal land ({reach}); the rest is inland"
    return Finding("info", message, file)


def _border_low(heights: NDArray[np.float32]) -> float:
    """Return the lowest known height on the raster's border; of the whole raster, where the border knows none."""
    border = np.concatenate([heights[0], heights[-1], heights[:, 0], heights[:, -1]])
    known = border[~np.isnan(border)]
    return float(known.min()) if known.size else float(np.nanmin(heights))

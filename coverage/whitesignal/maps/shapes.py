"""Geometry as short lists of whole numbers.

A ring is ``[longitude, latitude, step east, step north, step east, …]`` in 1e-5 degrees, about a metre: the first
corner, then differences, which are short to write. ``web/decode.js`` adds them up again.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

UNITS_PER_DEGREE = 100_000
VILLAGE_VERTICES = 55_000
"""Corners of all villages together. Beyond it, borders are simplified further. [vertices]"""

COVERAGE_VERTICES = 16_000
"""Corners of one generation's coverage. [vertices]"""

OUTLINE_VERTICES = 25_000
"""Corners of one level's boundaries. [vertices]"""

LINEAR = (1, 2)
"""shapely's type ids of lines and of rings that stand alone."""

_FIRST_TOLERANCE_DEG = 1e-4
_LARGEST_TOLERANCE_DEG = 0.02

Ring = list[int]


def encode(coordinates_deg: NDArray[np.float64]) -> Ring:
    """Return a ring or line as first corner and differences, corners that fall together taken once."""
    return _encoded(coordinates_deg, np.zeros(len(coordinates_deg), dtype=np.int64), 1)[0]


def encode_shape(geometry: Any) -> list[Ring]:
    """Return every ring or line of a geometry; of a point, nothing: it is in the table already."""
    return encode_shapes([geometry])[0]


def encode_shapes(geometries: Sequence[Any] | NDArray[np.object_]) -> list[list[Ring]]:
    """Return what ``encode_shape`` does of each geometry, all at one go."""
    import shapely

    parts, owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    kinds = shapely.get_type_id(parts)
    linear = np.flatnonzero(np.isin(kinds, LINEAR))
    borders, part = shapely.get_rings(parts, return_index=True)
    lines, part = np.concatenate([borders, parts[linear]]), np.concatenate([part, linear])
    order = np.argsort(part, kind="stable")
    corners_deg, line = shapely.get_coordinates(lines[order], return_index=True)
    shapes: list[list[Ring]] = [[] for _ in geometries]
    for at, ring in zip(owner[part[order]].tolist(), _encoded(corners_deg, line, len(order)), strict=True):
        if len(ring) > 2:
            shapes[at].append(ring)
    return shapes


def _encoded(corners_deg: NDArray[np.float64], line: NDArray[np.int64], count: int) -> list[Ring]:
    """Return the rings or lines that corners belong to, by their number; corners of one stand together."""
    corners = np.rint(corners_deg[:, :2] * UNITS_PER_DEGREE).astype(np.int64)
    steps = np.diff(corners, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first = np.diff(line, prepend=-1) != 0
    steps[first] = corners[first]
    kept = first | np.any(steps != 0, axis=1)
    numbers = steps[kept].ravel().tolist()
    ends = np.cumsum([0, *2 * np.bincount(line[kept], minlength=count)]).tolist()
    return [numbers[start:end] for start, end in pairwise(ends)]


def village_shapes(villages: gpd.GeoDataFrame) -> list[list[Ring]] | None:
    """Return the rings of each village, borders simplified together; None where all are points."""
    import shapely

    geometries = shapely.force_2d(villages.geometry.to_numpy())
    kinds = shapely.get_type_id(geometries)
    areal = np.isin(kinds, (3, 6)) & ~shapely.is_empty(geometries)
    if not areal.any():
        return None
    simplified = geometries.copy()
    simplified[areal] = _within(geometries[areal], VILLAGE_VERTICES, shapely.coverage_simplify)
    simplified[~areal] = None
    return encode_shapes(simplified)


def coverage_shape(geometry: Any) -> list[Ring]:
    """Return the rings of one coverage polygon, its raster's stairs smoothed as far as weight asks."""
    import shapely

    parts = np.asarray(shapely.get_parts(shapely.force_2d(geometry)))
    return [ring for rings in encode_shapes(_within(parts, COVERAGE_VERTICES, _simplify)) for ring in rings]


def outline_shapes(outlines: gpd.GeoDataFrame) -> dict[str, list[Ring]]:
    """Return boundaries per level as lines, each drawn once though two neighbours share it."""
    degrees = outlines if outlines.crs is None else outlines.to_crs("EPSG:4326")
    level = degrees["level"] if "level" in degrees.columns else np.full(len(degrees), "commune")
    levels = {str(name): _border_lines(group) for name, group in degrees.geometry.dropna().groupby(level)}
    return {name: lines for name, lines in levels.items() if lines}


def _border_lines(boundaries: gpd.GeoSeries) -> list[Ring]:
    import shapely

    geometries = shapely.force_2d(boundaries.to_numpy())
    areal = np.isin(shapely.get_type_id(geometries), (3, 6))
    neighbours = _within(geometries[areal], OUTLINE_VERTICES, shapely.coverage_simplify)
    borders = shapely.line_merge(shapely.union_all(shapely.boundary(neighbours)))
    lines = _within(geometries[~areal], OUTLINE_VERTICES, _simplify)
    return [ring for rings in encode_shapes([borders, *lines]) for ring in rings]


def _simplify(geometries: NDArray[np.object_], tolerance_deg: float) -> NDArray[np.object_]:
    import shapely

    return np.asarray(shapely.simplify(geometries, tolerance_deg, preserve_topology=True))


def _within(geometries: NDArray[np.object_], most_vertices: int, simplify: Any) -> NDArray[np.object_]:
    """Return geometries simplified by the smallest of doubling tolerances that keeps the vertices in bounds."""
    import shapely

    tolerance_deg = _FIRST_TOLERANCE_DEG
    simplified = simplify(geometries, tolerance_deg)
    while shapely.get_num_coordinates(simplified).sum() > most_vertices and tolerance_deg < _LARGEST_TOLERANCE_DEG:
        tolerance_deg *= 2
        simplified = simplify(geometries, tolerance_deg)
    return np.asarray(simplified)

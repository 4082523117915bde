"""What a mast needs besides height: a road that it can be built from, a power line that feeds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.geodesy import utm_crs
from whitesignal.inputs.vector import burnt_cells, shapes_in

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.grid import Grid
    from whitesignal.project import Project, SitingSettings


@dataclass(frozen=True, slots=True)
class Access:
    """Roads and power lines as shapes in the projected system ``crs``, in metres; None for a layer that nobody gave."""

    crs: str
    roads: NDArray[np.object_] | None
    power_lines: NDArray[np.object_] | None
    within: SitingSettings

    def reachable_cells(self, grid: Grid) -> NDArray[np.bool_] | None:
        """Return which cells have their centre within reach of a road or a power line; None where no layer is given."""
        import shapely

        layers = (
            (self.roads, self.within.road_within_km),
            (self.power_lines, self.within.power_line_within_km),
        )
        given = [shapely.buffer(shapes, 1000.0 * within_km) for shapes, within_km in layers if shapes is not None]
        if not given:
            return None
        near = [shape for shape in np.concatenate(given) if not shape.is_empty]
        if not near:
            return np.zeros(grid.shape, dtype=np.bool_)
        return burnt_cells(_moved(near, self.crs, grid.crs), grid.shape, grid.transform)

    def distances_km(self, places: pd.DataFrame) -> pd.DataFrame:
        """Return how far places with longitude and latitude are from a road and a power line; NaN without the layer.

        Columns ``road_km`` and ``power_line_km``, index of ``places``.
        """
        import pandas as pd
        import shapely
        from pyproj import Transformer

        to_metres = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
        points = shapely.points(*to_metres.transform(places["longitude"].to_numpy(), places["latitude"].to_numpy()))
        layers = {"road_km": self.roads, "power_line_km": self.power_lines}
        return pd.DataFrame({name: _away_km(points, shapes) for name, shapes in layers.items()}, index=places.index)

    def has_grid_power(self, power_line_km: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which distances from a power line are within its reach; of unknown ones none."""
        return np.asarray(power_line_km <= self.within.power_line_within_km)


def read_access(project: Project, grid: Grid) -> Access:
    """Return the roads and power lines that the project names, in the UTM zone that a grid's centre lies in.

    The grid's own system will not do: a terrain in degrees would make a kilometre of everything.

    Raises
    ------
    InputError
        A file that cannot be read or holds no shape.
    """
    from pyproj import Transformer

    west, south, east, north = grid.bounds
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    crs = utm_crs(*to_degrees.transform((west + east) / 2.0, (south + north) / 2.0))
    inputs = project.inputs
    return Access(crs, _shapes(inputs.roads, crs), _shapes(inputs.power_lines, crs), project.siting)


def _shapes(path: Path | None, crs: str) -> NDArray[np.object_] | None:
    if path is None:
        return None
    shapes = shapes_in(path, crs)
    if not shapes:
        raise InputError(f"{path}: holds no line; give roads or power lines as lines, or leave the file out")
    return np.array(shapes, dtype=object)


def _moved(shapes: list[Any], crs: str, to_crs: str) -> list[Any]:
    import shapely
    from pyproj import Transformer

    to_other = Transformer.from_crs(crs, to_crs, always_xy=True)
    moved = shapely.transform(shapes, lambda points: np.column_stack(to_other.transform(points[:, 0], points[:, 1])))
    return list(moved)


def _away_km(points: NDArray[np.object_], shapes: NDArray[np.object_] | None) -> NDArray[np.float64]:
    from shapely import STRtree

    if shapes is None:
        return np.full(len(points), np.nan)
    _, away_m = STRtree(shapes).query_nearest(points, return_distance=True, all_matches=False)
    return np.asarray(away_m, dtype=np.float64) / 1000.0

"""What a map shows of the land whatever is on air: the villages' borders and the relief, drawn once for many maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whitesignal.maps.images import HILLSHADE_SIDE_PX, corners, data_uri, hillshade_jpeg, to_mercator
from whitesignal.maps.shapes import Ring, village_shapes

if TYPE_CHECKING:
    import geopandas as gpd

    from whitesignal.grid import Raster


@dataclass(frozen=True, slots=True)
class Land:
    """The land as a page carries it: each village's rings, None where all are points; the relief, None without one."""

    shapes: list[list[Ring]] | None
    relief: Mapping[str, object] | None


def draw_land(villages: gpd.GeoDataFrame, hillshade: Raster | None) -> Land:
    """Return the land of villages on shaded relief, 0 to 255."""
    degrees = villages if villages.crs is None else villages.to_crs("EPSG:4326")
    return Land(village_shapes(degrees), None if hillshade is None else _relief(hillshade))


def _relief(hillshade: Raster) -> dict[str, object]:
    image = to_mercator(hillshade, longest_px=HILLSHADE_SIDE_PX, resampling="bilinear")
    return {"image": data_uri(hillshade_jpeg(image), "image/jpeg"), "bounds": corners(image)}

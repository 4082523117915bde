"""What a map's page has whatever is on air: folium's empty map, the villages' borders and the relief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from whitesignal.maps.images import HILLSHADE_SIDE_PX, corners, data_uri, hillshade_jpeg, to_mercator
from whitesignal.maps.shapes import Ring, village_shapes

if TYPE_CHECKING:
    import geopandas as gpd

    from whitesignal.grid import Raster

MAP_ID = "map_whitesignal"
"""In place of folium's random one: the same data give the same page."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Drawn once for many maps.

    Attributes
    ----------
    frame
        The page of a map without tiles or anything else, without its links to Leaflet and the rest.
    shapes
        Each village's rings, as the page carries them; None where all villages are points.
    relief
        The shaded relief as an image and its corners, None without one.
    """

    frame: str
    shapes: list[list[Ring]] | None
    relief: Mapping[str, object] | None

    def to_json(self) -> str:
        """Return all of it as one text, to keep."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Backdrop:
        """Return what ``to_json`` made a text of."""
        return cls(**json.loads(text))


def draw_backdrop(villages: gpd.GeoDataFrame, hillshade: Raster | None) -> Backdrop:
    """Return the backdrop of villages on shaded relief, 0 to 255."""
    degrees = villages if villages.crs is None else villages.to_crs("EPSG:4326")
    return Backdrop(_empty_map(), village_shapes(degrees), None if hillshade is None else _relief(hillshade))


def _empty_map() -> str:
    import folium

    # Without tiles Leaflet knows no deepest zoom, and fitting bounds would run to infinity.
    leaflet_map = folium.Map(tiles=None, maxZoom=18, minZoom=6, zoomSnap=0.25, prefer_canvas=True)
    leaflet_map.default_js = []
    leaflet_map.default_css = []
    page: str = leaflet_map.get_root().render()
    return page.replace(leaflet_map.get_name(), MAP_ID)


def _relief(hillshade: Raster) -> dict[str, object]:
    image = to_mercator(hillshade, longest_px=HILLSHADE_SIDE_PX, resampling="bilinear")
    return {"image": data_uri(hillshade_jpeg(image), "image/jpeg"), "bounds": corners(image)}

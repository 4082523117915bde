"""Maps: a province as one self-contained HTML page, and a path as one picture."""

from whitesignal.maps.data import MapData
from whitesignal.maps.labels import Language
from whitesignal.maps.page import build_map, embed
from whitesignal.maps.section import ProfileFigure, draw_profile

__all__ = ["Language", "MapData", "ProfileFigure", "build_map", "draw_profile", "embed"]

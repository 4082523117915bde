"""Colours: status, generation, operator, and the classes of received level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from whitesignal.bands import THRESHOLDS, Generation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATUSES = ("covered", "unknown", "weak", "white")
"""In drawing order: what needs attention lies on top."""

STATUS_COLOURS: Mapping[str, str] = MappingProxyType(
    {"white": "#d7191c", "weak": "#f59b00", "covered": "#2e8b57", "unknown": "#767676"}
)

GENERATION_COLOURS: Mapping[Generation, str] = MappingProxyType(
    {"2G": "#8c564b", "3G": "#7b3fa0", "4G": "#0a6ebd", "5G": "#e0218a"}
)

OPERATOR_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "viettel": "#c2185b",
        "vinaphone": "#1276c4",
        "mobifone": "#5b3fa8",
        "vietnamobile": "#ef6c00",
        "gmobile": "#6d4c41",
    }
)
"""By casefolded name. Not the brands' own reds and blues alone: those would be white villages and 4G."""

_OTHER_OPERATORS = ("#00838f", "#9e9d24", "#ad1457", "#455a64", "#4e342e", "#283593")

_LEVEL_COLOURS = ("#2f5fa8", "#4f9bd0", "#7fcdd6", "#c0e8c5", "#fdf0bd")
"""Strong to weak; the last lies below the service threshold. Blue: red and amber are the villages'."""

_LEVEL_EDGES_DBM: Mapping[Generation, tuple[float, float, float]] = MappingProxyType(
    {
        "2G": (-65.0, -75.0, -85.0),
        "3G": (-75.0, -85.0, -95.0),
        "4G": (-85.0, -95.0, -105.0),
        "5G": (-85.0, -95.0, -105.0),
    }
)
"""Upper class edges; the fourth is the service threshold. 2G, 3G: the classes Vietnamese operators use. [dBm]"""

MARGINAL_DB = 10.0
"""How far below the service threshold a level is still drawn. [dB]"""


@dataclass(frozen=True, slots=True)
class LevelClass:
    """Levels at or above ``lowest_dbm`` and under the class before; ``serves`` where the threshold is met."""

    lowest_dbm: float
    colour: str
    serves: bool


def level_classes(generation: Generation, service_dbm: float | None = None) -> tuple[LevelClass, ...]:
    """Return the classes of received level, strongest first.

    Parameters
    ----------
    generation
        Its edges above the service threshold are fixed.
    service_dbm
        Service threshold; None is the generation's default. Edges at or below it are left out. [dBm]
    """
    service = THRESHOLDS[generation].service if service_dbm is None else service_dbm
    edges = [*(edge for edge in _LEVEL_EDGES_DBM[generation] if edge > service), service, service - MARGINAL_DB]
    colours = _LEVEL_COLOURS[-len(edges) :]
    return tuple(LevelClass(edge, colour, edge >= service) for edge, colour in zip(edges, colours, strict=True))


def classify(levels_dbm: NDArray[np.float32], classes: tuple[LevelClass, ...]) -> NDArray[np.uint8]:
    """Return 1 + the index of each level's class; 0 where it is NaN or below the lowest class."""
    import numpy as np

    indices = np.zeros(levels_dbm.shape, dtype=np.uint8)
    for index in reversed(range(len(classes))):
        indices[levels_dbm >= classes[index].lowest_dbm] = index + 1
    return indices


def operator_colours(operators: Iterable[str]) -> dict[str, str]:
    """Return a colour per operator, the same for the same set of names; unknown names take turns."""
    names = sorted(set(operators))
    others = [name for name in names if name.casefold() not in OPERATOR_COLOURS]
    turns = {name: _OTHER_OPERATORS[turn % len(_OTHER_OPERATORS)] for turn, name in enumerate(others)}
    return {name: turns.get(name) or OPERATOR_COLOURS[name.casefold()] for name in names}


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green, blue of ``#rrggbb``, 0 to 255 each."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

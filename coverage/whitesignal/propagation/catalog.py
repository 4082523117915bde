"""The models a project may name, and what a reader of its results should know about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from whitesignal.errors import InputError


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as it appears in settings, findings and reports.

    ``frequency_mhz`` and ``distance_km`` are the published ranges, None where none is published.
    ``uses_terrain``: the loss follows the terrain profile; ``needs_line_of_sight``: it only asks whether it is clear.
    ``for_comparison``: never to be used for a decision. ``can_sweep``: the sweep engine has it.
    """

    name: str
    title: str
    citation: str
    leaves_out: str
    uses_terrain: bool
    needs_line_of_sight: bool = False
    for_comparison: bool = False
    can_sweep: bool = False
    frequency_mhz: tuple[float, float] | None = None
    distance_km: tuple[float, float] | None = None


_ALL = (
    ModelInfo(
        name="p526",
        title="Free space, delta-Bullington diffraction and terminal clutter",
        citation="ITU-R P.525-4; ITU-R P.526-15 §4.5 as in P.1812-8 §4.3; ITU-R P.2108-1 §3.1",
        leaves_out="ground reflection, tropospheric scatter, ducting, clutter along the path, fading",
        uses_terrain=True,
        can_sweep=True,
        frequency_mhz=(30.0, 3000.0),
    ),
    ModelInfo(
        name="itm",
        title="Irregular Terrain Model (Longley–Rice), point to point",
        citation="NTIA Irregular Terrain Model 1.4; Hufford, the ITS Irregular Terrain Model: the algorithm (1985)",
        leaves_out="clutter but for the terrain's roughness, ducting, rain",
        uses_terrain=True,
        can_sweep=True,
        frequency_mhz=(20.0, 20_000.0),
    ),
    ModelInfo(
        name="p1812",
        title="Diffraction over terrain and clutter, ducting and troposcatter (ITU-R P.1812)",
        citation="ITU-R P.1812-8",
        leaves_out="reflection from hillsides and buildings, waves round a hill's flank, building entry, rain",
        uses_terrain=True,
        can_sweep=True,
        frequency_mhz=(30.0, 6000.0),
        distance_km=(0.25, 3000.0),
    ),
    ModelInfo(
        name="free-space",
        title="Free space",
        citation="ITU-R P.525-4",
        leaves_out="everything but distance: ground, terrain, clutter, air",
        uses_terrain=False,
    ),
    ModelInfo(
        name="hata",
        title="Okumura–Hata, above 1500 MHz COST 231–Hata",
        citation="Hata, IEEE Trans. VT-29 (1980); COST 231 final report (1999) §4.4.1",
        leaves_out="terrain: neither ridge nor valley",
        uses_terrain=False,
        frequency_mhz=(150.0, 2000.0),
        distance_km=(1.0, 20.0),
    ),
    ModelInfo(
        name="tr38901-rma",
        title="3GPP rural macro cell (RMa)",
        citation="3GPP TR 38.901 table 7.4.1-1",
        leaves_out="how far a ridge blocks: a path is in line of sight or not; shadow fading",
        uses_terrain=False,
        needs_line_of_sight=True,
        frequency_mhz=(500.0, 30_000.0),
        distance_km=(0.01, 10.0),
    ),
    ModelInfo(
        name="tr38901-uma",
        title="3GPP urban macro cell (UMa)",
        citation="3GPP TR 38.901 table 7.4.1-1",
        leaves_out="how far a ridge blocks: a path is in line of sight or not; shadow fading",
        uses_terrain=False,
        needs_line_of_sight=True,
        frequency_mhz=(500.0, 100_000.0),
        distance_km=(0.01, 5.0),
    ),
    ModelInfo(
        name="circle",
        title="A circle around each station, for comparison only",
        citation="no physics: radii are a setting",
        leaves_out="everything: terrain, power, frequency, antenna",
        uses_terrain=False,
        for_comparison=True,
    ),
)

MODELS: Mapping[str, ModelInfo] = MappingProxyType({info.name: info for info in _ALL})
DEFAULT_MODEL = "p1812"


def model(name: str) -> ModelInfo:
    """Return what is known of a model.

    Raises
    ------
    InputError
        If there is no such model; the message names those there are.
    """
    if name not in MODELS:
        raise InputError(f"unknown model {name!r}; known: {', '.join(MODELS)}")
    return MODELS[name]

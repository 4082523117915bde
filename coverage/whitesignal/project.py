"""A project: everything that a run depends on, as frozen values.

``project_file.open_project`` reads it from project.toml; nothing here touches a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from whitesignal.bands import BAND_DEFAULTS, GENERATIONS, THRESHOLDS, BandDefaults, Generation, Thresholds

Engine = Literal["exact", "sweep"]
Polarization = Literal["vertical", "horizontal"]
Building = Literal["traditional", "thermally-efficient"]
ThresholdName = Literal["service", "basic", "good"]

LAYER_MODELS = ("p1812",)
"""Models that take clutter, and the zones of sea and coast, into the profile."""

TERMINAL_CLUTTER_MODELS = ("p526", "itm")
"""Models that know no clutter, beside which the terminal's own stands as a term (ITU-R P.2108 §3.1)."""

LAYER_READERS = (*LAYER_MODELS, "circle")
"""Models for which these layers are read: the circle is held against terrain physics."""

WORLDCOVER_HEIGHTS_M: Mapping[int, float] = MappingProxyType(
    {
        10: 15.0,  # tree cover: "urban/trees/forest"
        20: 0.0,  # shrubland: hardly above the terminal, and no category stands between "open/rural" and 10 m
        30: 0.0,  # grassland
        40: 0.0,  # cropland
        50: 10.0,  # built-up: "suburban"; towns in the hills are low
        60: 0.0,  # bare or sparse vegetation
        70: 0.0,  # snow and ice
        80: 0.0,  # permanent water: "water/sea"
        90: 0.0,  # herbaceous wetland
        95: 15.0,  # mangroves: as tree cover
        100: 0.0,  # moss and lichen
    }
)
"""Class of ESA WorldCover → representative clutter height. [m]

An engineering mapping onto the categories of ITU-R P.1812-8 table 2, which knows no WorldCover.
"""


@dataclass(frozen=True, slots=True)
class StationSource:
    """One file of stations; ``operator`` stands for every row where the file has no operator column."""

    file: Path
    operator: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class InputFiles:
    """Where the inputs lie; all paths absolute."""

    stations: tuple[StationSource, ...]
    villages: Path
    terrain: tuple[Path, ...]
    population: Path | None = None
    clutter: Path | None = None
    sea: Path | None = None
    reported: Path | None = None
    roads: Path | None = None
    power_lines: Path | None = None

    def paths(self) -> tuple[Path, ...]:
        """Return every file named, in the order of the fields."""
        optional = (self.population, self.clutter, self.sea, self.reported, self.roads, self.power_lines)
        stations = tuple(source.file for source in self.stations)
        return (*stations, self.villages, *self.terrain, *(path for path in optional if path is not None))


@dataclass(frozen=True, slots=True)
class RadioSettings:
    """How propagation is computed.

    ``radius_km`` caps the distance a station is followed to; None follows each generation to its ``max_km``.
    ``profile_step_m`` is the spacing of a terrain profile's samples; None takes the terrain's own resolution.
    ``delta_n`` [N-units/km] and ``n0`` [N-units] describe the air, ``permittivity`` and ``conductivity_s_per_m``
    the ground, ``climate`` is ITM's code.
    """

    model: str = "p1812"
    engine: Engine = "sweep"
    quality: float = 1.0
    resolution_m: float = 250.0
    radius_km: float | None = None
    profile_step_m: float | None = None
    delta_n: float = 50.0
    n0: float = 360.0
    climate: int = 2
    permittivity: float = 15.0
    conductivity_s_per_m: float = 0.005
    polarization: Polarization = "vertical"


@dataclass(frozen=True, slots=True)
class ClutterSettings:
    """What a village's terminal stands in: low buildings, as ITU-R P.2108 §3.1 and P.1812 take them.

    P.1812 sees ``village_height_m`` of clutter in the profile up to ``village_radius_m`` around the terminal.
    ``heights_m`` gives the clutter raster's classes their representative heights.
    """

    village_height_m: float = 5.0
    village_radius_m: float = 150.0
    street_width_m: float = 27.0
    terminal_height_m: float = 1.5
    heights_m: Mapping[int, float] = field(default_factory=lambda: WORLDCOVER_HEIGHTS_M)


@dataclass(frozen=True, slots=True)
class UncertaintySettings:
    """By how much the computed levels may miss the true ones, as standard deviations, for a model that nobody tuned.

    ``province_db`` is shared by every path, ``position_db`` by those from one position, ``village_db`` by those to one
    village, ``pair_db`` belongs to both. ``location_width_m`` is the side of the square within which places differ by
    ITU-R P.1812's location variability, 0 for none. Verdicts are drawn ``draws`` times; with 0 none has a probability.

    The defaults make 10 dB in all, an engineering figure: untuned models were found to miss by 12 to 15 dB RMSE over
    open terrain, tuned ones by 8 to 9 (Phillips et al. 2012). For a model tuned on measurements of the province 3, 3,
    4.8 and 4.8 make 8 dB.
    """

    province_db: float = 4.0
    position_db: float = 4.0
    village_db: float = 5.8
    pair_db: float = 5.8
    location_width_m: float = 100.0
    draws: int = 1000

    @property
    def total_db(self) -> float:
        """The standard deviation of the error as a whole, without the variability over locations. [dB]

        Examples
        --------
        >>> round(UncertaintySettings().total_db, 1), round(UncertaintySettings(3.0, 3.0, 4.8, 4.8).total_db, 1)
        (10.0, 8.0)
        """
        return math.hypot(self.province_db, self.position_db, self.village_db, self.pair_db)


@dataclass(frozen=True, slots=True)
class SitingSettings:
    """Where a new mast may stand: how far from a road it can be built, from a power line fed. [km]

    Where all villages have outlines it stands within them, or between them in a gap narrower than ``outline_gap_km``.
    """

    road_within_km: float = 1.0
    power_line_within_km: float = 1.0
    outline_gap_km: float = 2.0


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule that tells covered from not: which generations count, at which threshold, from how many operators.

    ``every_operator`` asks it of every operator that has a station on air of those generations, whatever
    ``min_operators``. ``indoors`` takes building entry loss off, ``entry_loss_db`` of it where given, else the median
    of ITU-R P.2109 for ``building`` at the horizontal. ``min_people_percent`` is the share of people who must be served
    for a village of which only the outline is known not to be weak.
    """

    name: str
    generations: tuple[Generation, ...] = GENERATIONS
    threshold: ThresholdName = "service"
    min_operators: int = 1
    every_operator: bool = False
    indoors: bool = False
    building: Building = "traditional"
    entry_loss_db: float | None = None
    min_people_percent: float = 95.0


OFFICIAL_POLICY = Policy("official")
"""Any operator, any generation, at the service threshold: the rule of Tuyên Quang's list of 2026-01."""

NAMED_POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        policy.name: policy
        for policy in (
            OFFICIAL_POLICY,
            Policy("every-operator", every_operator=True),
            Policy("two-operators", min_operators=2),
            Policy("broadband", generations=("3G", "4G", "5G")),
            Policy("4g-5g", generations=("4G", "5G")),
            Policy("indoors", indoors=True),
        )
    }
)
"""Policies that a project may name without writing them; one of the same name in project.toml starts from it."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time that flows are counted for: from the first day to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Target:
    """What one of the whole project's indicators shall come to by a day: at least, or at most, so much, in its unit."""

    indicator: str
    by: date
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure as somebody published it, of an area: a province, one of its districts, or the country.

    ``printed`` is the number with the decimals it was printed with; ``as_of`` a year, a month or a day, as ISO text.
    """

    area: str
    district: str
    indicator: str
    value: float
    printed: str
    unit: str
    numerator: float | None
    denominator: float | None
    denominator_of: str
    as_of: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that a run depends on.

    ``as_of`` None means that no date was given: then a station's status alone says whether it counts.
    ``position_radius_m``: rows without a position_id within so much of each other stand at one position; 0 asks equal
    coordinates. ``station_columns`` and ``village_columns`` map canonical names to the files' own.
    ``policy`` judges; ``policies`` are that one and those that project.toml writes, each with a verdict of its own.
    ``costs`` are numbers, or the least and the most; they and ``reference`` are kept as given. ``reported`` are the
    figures of the file that ``inputs`` names.
    """

    name: str
    file: Path
    inputs: InputFiles
    as_of: date | None = None
    seed: int = 0
    synthetic: bool = False
    position_radius_m: float = 0.0
    station_columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    village_columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    radio: RadioSettings = RadioSettings()
    bands: Mapping[Generation, BandDefaults] = field(default_factory=lambda: BAND_DEFAULTS)
    thresholds: Mapping[Generation, Thresholds] = field(default_factory=lambda: THRESHOLDS)
    clutter: ClutterSettings = ClutterSettings()
    uncertainty: UncertaintySettings = UncertaintySettings()
    policy: Policy = OFFICIAL_POLICY
    policies: Mapping[str, Policy] = field(default_factory=lambda: MappingProxyType({"official": OFFICIAL_POLICY}))
    siting: SitingSettings = SitingSettings()
    costs: Mapping[str, float | tuple[float, float]] = field(default_factory=lambda: MappingProxyType({}))
    reference: Mapping[str, float | str] = field(default_factory=lambda: MappingProxyType({}))
    periods: Mapping[str, Period] = field(default_factory=lambda: MappingProxyType({}))
    targets: Mapping[str, Target] = field(default_factory=lambda: MappingProxyType({}))
    reported: tuple[ReportedFigure, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that project.toml lies in."""
        return self.file.parent

"""What is known of one village's signal: everything that a letter about it states, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from whitesignal.budget import PathBudget
    from whitesignal.project import Policy

FixKind = Literal["raise", "retune", "share", "build"]
"""A higher mast; another power, azimuth or tilt; a station on a position that exists; a new position."""

WhyUnknown = Literal["", "no place", "off the terrain", "on a void", "void on the path"]


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """A village as the province's list has it; NaN and None where the list does not say."""

    village_id: str
    name: str
    commune: str
    district: str
    province: str
    longitude: float
    latitude: float
    population: float
    households: float
    has_grid_power: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of the village, and how sure signal at its centre is.

    ``operators`` serve the centre. Probabilities are NaN, and ``certainty`` empty, where nothing is drawn.
    """

    status: str
    operators: tuple[str, ...]
    p_signal: float
    p_covered: float
    certainty: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """What arrives at the centre from one operator by one generation; an empty name stands for any of them.

    ``level_dbm`` is outdoors, of the station with the largest margin; NaN, with ``station_id`` empty, where no path
    over known terrain comes near the threshold.
    """

    operator: str
    generation: str
    station_id: str
    level_dbm: float
    margin_db: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StationPath:
    """A station seen from the place that decides: where it stands and what of it arrives.

    ``azimuth_deg`` is from the station to the village, ``bearing_deg`` from the village to the station.
    ``line_of_sight`` is None where the model knows no terrain or the path crosses unknown ground; level and margin are
    NaN where the ground under the village is unknown. ``limit_km`` is how far the system reaches at all.
    """

    station_id: str
    position_id: str
    operator: str
    generation: str
    band_mhz: float
    antenna_height_m: float
    distance_km: float
    azimuth_deg: float
    bearing_deg: float
    level_dbm: float
    margin_db: float
    line_of_sight: bool | None
    terrain_known: bool
    limit_km: float
    station_row: int

    @property
    def serves(self) -> bool:
        """Whether its signal suffices at the place, for certain."""
        return self.margin_db >= 0.0 and self.terrain_known and self.distance_km <= self.limit_km


@dataclass(frozen=True, slots=True)
class Ridge:
    """The ground that blocks a path most.

    ``distance_km`` is from the station; ``height_m`` above sea level; ``above_line_m`` how far it stands, on the curved
    earth, above the straight line between the antennas: negative where it only reaches into the Fresnel zone.
    """

    distance_km: float
    height_m: float
    above_line_m: float
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Decisive:
    """The path from the best station to the place that decides; ``point`` names a cluster, empty for the centre."""

    station: StationPath
    point: str
    budget: PathBudget
    ridge: Ridge | None


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of a station before and after; ``before`` is NaN where the register does not say."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing that would give the village signal by this model, alone.

    ``operators`` are those who could do it; ``margin_db`` what it would leave above the threshold where least is left;
    ``cost_million_vnd`` by the prices that ``site`` plans with, the middle of a range; None where there is none.
    """

    kind: FixKind
    position_id: str
    station_id: str
    operators: tuple[str, ...]
    generation: str
    band_mhz: float
    antenna_height_m: float
    distance_km: float
    changes: tuple[Change, ...]
    margin_db: float
    cost_million_vnd: float | None


@dataclass(frozen=True, slots=True)
class Remedies:
    """What would fix it.

    ``missing_db`` is what the best path lacks, NaN where nothing needs fixing or no path is known; ``points`` how many
    places need signal. ``tried`` says how many candidates each kind was looked for at. ``operators_missing`` is how
    many operators the policy still asks for: a fix brings one. ``power_is_priced`` says that a new position without
    grid power is priced with its own; ``prices_are_estimates`` that some price is a default or the middle of a range.
    """

    missing_db: float
    points: int
    operators_missing: int
    fixes: tuple[Fix, ...]
    tried: Mapping[str, int]
    cheapest: Fix | None
    power_is_priced: bool = False
    prices_are_estimates: bool = False


@dataclass(frozen=True, slots=True)
class Without:
    """What would be left if some generations were switched off."""

    generations: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Place:
    """A cluster, or a point where people live: what can be said of it, and its best margin."""

    name: str
    state: str
    people: float
    margin_db: float


@dataclass(frozen=True, slots=True)
class Declared:
    """What the province's own list says, beside the model's verdict."""

    status: str
    declared_on: str
    covered_on: str
    now: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a village has the signal it has, and what would change it.

    ``verdict`` is by the project's policy. ``hearings`` run over operators and generations, any of them first.
    ``nearest`` has one station for each of the nearest positions, as seen from the place that decides: the one that is
    heard best. ``nearest_km`` is from the centre. ``best`` are the stations
    with the largest margins. ``stored`` holds the village's row of a results folder, None where none was asked for.
    """

    project: str
    synthetic: bool
    as_of: date | None
    model: str
    terrain_model: bool
    policy: Policy
    village: VillageFacts
    verdict: Verdict
    judged_by: str
    why_unknown: WhyUnknown
    people_served_percent: float
    places: tuple[Place, ...]
    hearings: tuple[Hearing, ...]
    nearest: tuple[StationPath, ...]
    nearest_km: float
    best: tuple[StationPath, ...]
    decisive: Decisive | None
    remedies: Remedies
    without: tuple[Without, ...]
    declared: Declared
    stored: Mapping[str, str] | None

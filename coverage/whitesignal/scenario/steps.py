"""What a scenario may do, one frozen value for each kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from whitesignal.bands import Generation

Unit = Literal["position", "station"]


@dataclass(frozen=True, slots=True)
class Add:
    """Put stations on air: each of ``rows`` holds one's values by their canonical names, or ``file`` is a register."""

    rows: tuple[Mapping[str, str], ...] = ()
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take stations, and all that stands at positions, out of the register."""

    stations: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Move a station, or a position with all that stands there, to another place. [°]"""

    longitude: float
    latitude: float
    station: str | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class Retune:
    """Give stations other values; ``values`` by canonical names, as a register writes them."""

    values: Mapping[str, str]
    stations: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddGeneration:
    """Let an operator that is on air at positions transmit one more generation there."""

    positions: tuple[str, ...]
    operator: str
    generation: Generation
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Switch a generation off, of one operator or (None) of all."""

    generation: Generation
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """Silence stations.

    ``stations`` and ``positions`` are named together; everything else narrows the choice. ``polygon`` is a ring of
    (longitude, latitude) or a file of polygons. ``share`` of the units left, each with a fate of its own that depends
    on ``seed`` and its name alone.
    """

    stations: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    operator: str | None = None
    power_group: str | None = None
    transmission_group: str | None = None
    polygon: tuple[tuple[float, float], ...] | Path | None = None
    share: float | None = None
    seed: int = 0
    unit: Unit = "position"


@dataclass(frozen=True, slots=True)
class Share:
    """Let an operator use others' positions, for the host's generations there or those listed.

    ``host`` None means whoever is on air there.
    """

    positions: tuple[str, ...]
    operator: str
    host: str | None
    generations: tuple[Generation, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UsePolicy:
    """Judge by another policy: one that project.toml writes, or a named one."""

    name: str


Step = Add | Remove | Move | Retune | AddGeneration | SwitchOff | Outage | Share | UsePolicy


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps in order; ``base_as_of`` is the date of the register they start from, None for the project's own."""

    name: str
    file: Path
    base_as_of: date | None
    steps: tuple[Step, ...]

    def title(self, number: int) -> str:
        """Return how a message names a step, counted from 1."""
        return f"{self.file}: step {number} ({WORDS[type(self.steps[number - 1])]})"

    def files(self) -> tuple[Path, ...]:
        """Return the scenario's own file and those that its steps read."""
        added = (step.file for step in self.steps if isinstance(step, Add))
        drawn = (step.polygon for step in self.steps if isinstance(step, Outage))
        return (self.file, *(path for path in (*added, *drawn) if isinstance(path, Path)))


WORDS: Mapping[type, str] = MappingProxyType({
    Add: "add", Remove: "remove", Move: "move", Retune: "retune", AddGeneration: "add_generation",
    SwitchOff: "switch_off", Outage: "outage", Share: "share", UsePolicy: "policy",
})  # fmt: skip
"""How a file spells each kind of step."""

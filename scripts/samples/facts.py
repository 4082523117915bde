"""What is known of a province before anything is drawn: its districts, its counts, what its places are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samples.names import NameSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class District:
    """A district: its seat, what is published of it, and how many invented villages it has.

    ``wards`` is how many of its communes are a city's wards; a district without any has one town, at its seat.
    """

    name: str
    longitude: float
    latitude: float
    seat_m: float
    communes: int
    people: int
    villages: int
    area_km2: float
    covered_2023: int = 0
    still_white: int = 0
    wards: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """A province: ``code`` begins the ids of its villages and positions, ``seed`` all its random numbers."""

    province: str
    code: str
    seed: int
    districts: Sequence[District]
    households: int
    names: NameSet


@dataclass(frozen=True, slots=True)
class Declared:
    """What the province's list says of its villages' signal; arrays of shape (n,), None where it says nothing."""

    status: NDArray[np.object_]
    declared_on: NDArray[np.object_]
    covered_on: Sequence[str | None]
    remote: NDArray[np.bool_]

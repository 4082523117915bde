"""What a new station costs: the mast or a place on one, the way to the network, the power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.geodesy import distance_and_azimuth
from whitesignal.inputs.toml_values import nearest_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

Range = tuple[float, float]
"""Least and most, the same where one number is given."""

DEFAULTS: Mapping[str, Range] = {
    "station_million_vnd": (500.0, 1000.0),
    "tenancy_million_vnd": (150.0, 300.0),
    "mountain_factor": (1.0, 1.0),
    "transmission_million_vnd_per_km": (500.0, 500.0),
    "solar_million_vnd": (0.0, 0.0),
}
"""Published: a station in the mountains 500 to 1,000 million VND, transmission about 500 a kilometre. A place on a mast
that stands is an engineering default, three tenths of a new one; what a solar station costs nobody has published, so it
is 0 until ``[costs]`` says otherwise. The published station is in the mountains already: the factor is 1."""

OF_REMEDIES = ("retune_million_vnd", "mast_million_vnd_per_m")
"""Costs that only a letter about one village asks for."""

MOUNTAIN_FROM_M = 600.0
"""Ground above this counts as mountain for ``mountain_factor``. [m]"""


@dataclass(frozen=True, slots=True)
class Costs:
    """What each candidate costs, from and to, and what of it is for what; shape (candidates,). [million VND]"""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mast: NDArray[np.float64]
    transmission: NDArray[np.float64]
    power: NDArray[np.float64]
    transmission_km: NDArray[np.float64]

    @property
    def middle(self) -> NDArray[np.float64]:
        """Half-way between the least and the most, which the choice is made by."""
        return np.asarray((self.low + self.high) / 2.0)


def cost_ranges(file: Path, given: Mapping[str, float | Range]) -> dict[str, Range]:
    """Return the project's costs with the defaults for what it leaves out.

    Raises
    ------
    InputError
        A key that no cost has.
    """
    known = (*DEFAULTS, *OF_REMEDIES)
    for name in given:
        if name not in known:
            raise InputError(f"{file}: [costs] knows no {name!r}; {nearest_name(name, known)}")
    asked = {name: value for name, value in given.items() if name in DEFAULTS}
    return {
        **DEFAULTS,
        **{name: value if isinstance(value, tuple) else (value, value) for name, value in asked.items()},
    }


def is_fed(has_grid_power: pd.Series) -> NDArray[np.bool_]:
    """Return which villages the grid feeds, of a village table's column: what nobody said is taken as yes."""
    return np.asarray(has_grid_power.map(lambda value: value is not False and value != 0.0), dtype=bool)


def candidate_costs(
    candidates: pd.DataFrame,
    positions: pd.DataFrame,
    *,
    ground_m: NDArray[np.float64],
    has_grid_power: NDArray[np.bool_],
    ranges: Mapping[str, Range],
) -> Costs:
    """Return what each candidate costs.

    Parameters
    ----------
    candidates
        ``siting.candidates.CANDIDATE_COLUMNS``.
    positions
        Positions on air, taken as connected: transmission runs from the nearest. A shared mast needs none.
    ground_m
        Ground under each candidate. [m]
    has_grid_power
        Whether the grid is near; a new mast without it is powered by the sun.
    """
    shares = (candidates["kind"] == "share").to_numpy(dtype=bool)
    places = candidates[["longitude", "latitude"]].to_numpy(dtype=float)
    there = positions[["longitude", "latitude"]].to_numpy(dtype=float)
    away_km, _ = distance_and_azimuth(places[:, None, 0], places[:, None, 1], there[None, :, 0], there[None, :, 1])
    transmission_km = np.where(shares, 0.0, away_km.min(axis=1))
    ends = []
    for end in (0, 1):
        factor = np.where(ground_m > MOUNTAIN_FROM_M, ranges["mountain_factor"][end], 1.0)
        mast = np.where(shares, ranges["tenancy_million_vnd"][end], ranges["station_million_vnd"][end] * factor)
        line = transmission_km * ranges["transmission_million_vnd_per_km"][end]
        power = np.where(shares | has_grid_power, 0.0, ranges["solar_million_vnd"][end])
        ends.append(np.stack([mast, line, power]))
    low, high = ends
    mast, line, power = (low + high) / 2.0
    return Costs(low.sum(axis=0), high.sum(axis=0), mast, line, power, transmission_km)

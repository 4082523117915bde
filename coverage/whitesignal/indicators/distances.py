"""How far villages are from the nearest station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.indicators.figure import Figure, ratio

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Extremes:
    """What no sum tells: each area's median and largest distance, NaN without any, shape (areas,). [km]"""

    median_km: NDArray[np.float64]
    largest_km: NDArray[np.float64]


def distance_counts(villages: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return what each village adds: its distance, where known, and itself. [km]"""
    nearest_km = villages["nearest_station_km"].to_numpy(dtype=float)
    known = ~np.isnan(nearest_km)
    return {"distance.sum_km": np.where(known, nearest_km, 0.0), "distance.villages": known.astype(float)}


def extremes(villages: pd.DataFrame, area: NDArray[np.int64], count: int) -> Extremes:
    """Return the areas' median and largest distance."""
    inside = area >= 0
    grouped = villages["nearest_station_km"].astype(float)[inside].groupby(area[inside])
    every = range(count)
    return Extremes(grouped.median().reindex(every).to_numpy(), grouped.max().reindex(every).to_numpy())


def distance_figures(tally: Mapping[str, float], median_km: float, largest_km: float) -> Iterator[Figure]:
    """Yield the mean, the median and the largest distance. [km]"""
    known, of = tally["distance.villages"], "villages with a place"
    words = "kilometres to the nearest station"
    yield ratio("distance.nearest_station.mean", float(tally["distance.sum_km"]), known, of=of, unit="km", scale=1.0,
                counts=f"{words}, summed over villages")  # fmt: skip
    for name, value_km in (("median", median_km), ("max", largest_km)):
        value = None if np.isnan(value_km) else float(value_km)
        yield Figure(f"distance.nearest_station.{name}", value, "km", None, known, of, words)

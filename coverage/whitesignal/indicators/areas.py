"""The areas that figures are given for: which row of each table lies in which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.indicators.figure import AreaLevel

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

AREA_COLUMNS = ("province", "district", "commune")

Sums = Mapping[str, "NDArray[Any]"]
"""Name of a count → what each row adds to it, or what each area comes to: numbers, or true for one."""


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of one level, in the order of their names, and which of them each row is in: -1 for none.

    ``village`` and ``place`` have the shape of their tables.
    """

    level: AreaLevel
    names: tuple[str, ...]
    village: NDArray[np.int64]
    place: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many areas they are."""
        return len(self.names)


def areas_of(villages: pd.DataFrame, places: pd.DataFrame, project_name: str) -> Iterator[Areas]:
    """Yield the whole, its provinces where they are several, the districts and the communes.

    Parameters
    ----------
    villages
        Columns province, district, commune; a village without one is in none of that level.
    places
        The same columns, one row per position.
    project_name
        What the whole is called where it is no single province.
    """
    provinces = sorted({name for name in villages["province"] if name})
    several = len(provinces) > 1
    whole_village, whole_place = np.zeros(len(villages), dtype=np.int64), np.zeros(len(places), dtype=np.int64)
    name = provinces[0] if len(provinces) == 1 else project_name
    yield Areas("project" if several else "province", (name,), whole_village, whole_place)
    above = ["province"] if several else []
    if several:
        yield _level("province", above, villages, places)
    yield _level("district", [*above, "district"], villages, places)
    yield _level("commune", [*above, "district", "commune"], villages, places)


def _level(level: AreaLevel, columns: list[str], villages: pd.DataFrame, places: pd.DataFrame) -> Areas:
    keys = list(zip(*(villages[column].tolist() for column in columns), strict=True))
    named = sorted({key for key in keys if key[-1]})
    code = {key: number for number, key in enumerate(named)}
    place_keys = zip(*(places[column].tolist() for column in columns), strict=True)
    return Areas(
        level,
        tuple("/".join(part for part in key if part) for key in named),
        np.asarray([code.get(key, -1) for key in keys], dtype=np.int64),
        np.asarray([code.get(key, -1) for key in place_keys], dtype=np.int64),
    )


def summed(rows: Sums, area: NDArray[np.int64], count: int) -> dict[str, NDArray[np.float64]]:
    """Return each count's sum by area, shape (count,); rows in no area, -1, are in no sum."""
    inside = area >= 0
    within = area[inside]
    return {
        name: np.bincount(within, weights=np.asarray(values, dtype=np.float64)[inside], minlength=count).astype(float)
        for name, values in rows.items()
    }


def tallies(sums: Sums, count: int) -> list[dict[str, float]]:
    """Return one mapping per area, plain numbers that are whole where they can be: numpy's own do not serialise."""
    names = list(sums)
    columns = [[plain(value) for value in sums[name].tolist()] for name in names]
    return [{name: column[number] for name, column in zip(names, columns, strict=True)} for number in range(count)]


def plain(value: float) -> float:
    """Return a whole number as int."""
    return int(value) if value.is_integer() else value

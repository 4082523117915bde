"""Indicators: a province's figures, each with its numerator, its denominator and what the denominator counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from whitesignal.bands import GENERATIONS
from whitesignal.sharing import count_sharing
from whitesignal.text import fold
from whitesignal.villages.status import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from whitesignal.project import Project

AreaLevel = Literal["project", "province", "district", "commune", "reference"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is made of; ``value`` None where it cannot be computed."""

    id: str
    value: float | None
    unit: str
    numerator: float | None = None
    denominator: float | None = None
    denominator_of: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure of one area, as ``indicators.json`` lists it.

    A commune's ``area`` is "district/commune"; where there are several provinces, theirs stands before both.
    """

    id: str
    area_level: AreaLevel
    area: str
    kind: Literal["computed", "reported"]
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    denominator_of: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """One area's rows of the three tables, and its size where that is known. [km²]"""

    level: AreaLevel
    name: str
    villages: pd.DataFrame
    positions: pd.DataFrame
    stations: pd.DataFrame
    area_km2: float


def compute_indicators(
    villages: pd.DataFrame, positions: pd.DataFrame, stations: pd.DataFrame, project: Project
) -> tuple[Indicator, ...]:
    """Return every indicator of the project, of its provinces, districts and communes, then the reported ones.

    Parameters
    ----------
    villages
        The village table.
    positions
        The sharing table; it says in which area each position stands.
    stations
        The station table; only counted rows count, and rows that share a station_id are one station.
    """
    as_of = project.as_of.isoformat() if project.as_of else None
    counted = stations[stations["counted"].to_numpy(dtype=bool)].drop_duplicates("station_id")
    computed = [
        Indicator(
            figure.id, area.level, area.name, "computed", figure.value, figure.unit,
            figure.numerator, figure.denominator, figure.denominator_of, as_of,
        )
        for area in _areas(villages, positions, counted, project)
        for figure in area_figures(area)
    ]  # fmt: skip
    return (*computed, *_reported(project))


def _areas(villages: pd.DataFrame, positions: pd.DataFrame, stations: pd.DataFrame, project: Project) -> Iterator[Area]:
    located = stations.merge(
        positions[["position_id", "commune", "district", "province"]], on="position_id", how="left", validate="m:1"
    )
    provinces = sorted({name for name in villages["province"] if name})
    whole_km2 = _total_area_km2(villages)
    stated_km2 = project.reference.get("area_km2")
    if math.isnan(whole_km2) and isinstance(stated_km2, int | float):
        whole_km2 = float(stated_km2)
    if len(provinces) > 1:
        yield Area("project", project.name, villages, positions, located, whole_km2)
        yield from _split("province", ["province"], villages, positions, located)
    else:
        yield Area("province", provinces[0] if provinces else project.name, villages, positions, located, whole_km2)
    above = ["province"] if len(provinces) > 1 else []
    yield from _split("district", [*above, "district"], villages, positions, located)
    yield from _split("commune", [*above, "district", "commune"], villages, positions, located)


def _split(
    level: AreaLevel, columns: list[str], villages: pd.DataFrame, positions: pd.DataFrame, stations: pd.DataFrame
) -> Iterator[Area]:
    """Yield the areas of one level in the order of their names; a village without one is in none."""
    named = villages[villages[columns[-1]] != ""]
    if named.empty:
        return
    tables = [dict(list(table.groupby(columns, sort=True))) for table in (named, positions, stations)]
    for key, here in tables[0].items():
        name = "/".join(part for part in key if part)
        positions_here, stations_here = tables[1].get(key, positions[:0]), tables[2].get(key, stations[:0])
        yield Area(level, name, here, positions_here, stations_here, _total_area_km2(here))


def _total_area_km2(villages: pd.DataFrame) -> float:
    """Return the villages' area; NaN where one's is not known."""
    return float(villages["area_km2"].sum(skipna=False)) if len(villages) else math.nan


def area_figures(area: Area) -> Iterator[Figure]:
    """Yield an area's figures in their fixed order."""
    yield from _station_figures(area.stations)
    yield from _status_figures("villages", area.villages, None)
    yield from _status_figures("people", area.villages, "population")
    yield from _generation_figures("villages", area.villages, None)
    yield from _generation_figures("people", area.villages, "population")
    yield from _sharing_figures(area.positions)
    yield from _distance_figures(area.villages["nearest_station_km"])
    yield from _density_figures(area)


def ratio(
    figure_id: str, numerator: float, denominator: float, *, of: str, unit: str = "%", scale: float = 100.0
) -> Figure:
    """Return a figure that is numerator over denominator times scale; its value None over a zero or unknown one."""
    if not denominator or math.isnan(denominator):
        return Figure(figure_id, None, unit, numerator, None if math.isnan(denominator) else denominator, of)
    return Figure(figure_id, scale * numerator / denominator, unit, numerator, denominator, of)


def _station_figures(stations: pd.DataFrame) -> Iterator[Figure]:
    total = len(stations)
    yield Figure("stations", total, "stations")
    by_generation = stations["generation"].value_counts()
    for generation in GENERATIONS:
        count = int(by_generation.get(generation, 0))
        yield Figure(f"stations.{generation.lower()}", count, "stations", count, total, "stations")
        yield ratio(f"stations.{generation.lower()}.share", count, total, of="stations")
    by_operator = stations["operator"].value_counts()
    for operator in sorted(by_operator.index):
        slug = fold(operator).replace(" ", "-")
        yield Figure(f"stations.operator.{slug}", int(by_operator[operator]), "stations", int(by_operator[operator]),
                     total, "stations")  # fmt: skip


def _status_figures(of: Literal["villages", "people"], villages: pd.DataFrame, weight: str | None) -> Iterator[Figure]:
    weights = villages[weight].fillna(0.0) if weight else villages["status"].notna().astype(int)
    total = _number(weights.sum())
    if weight and villages[weight].isna().all():
        # Nobody counted is not nobody there.
        yield from (Figure(figure_id, None, of) for figure_id in (of, *(f"{of}.{status}" for status in STATUSES)))
        yield ratio(f"{of}.with_signal", 0, 0, of=f"{of} of known status")
        return
    yield Figure(of, total, of)
    by_status = {status: _number(weights[villages["status"] == status].sum()) for status in STATUSES}
    for status, count in by_status.items():
        yield Figure(f"{of}.{status}", count, of, count, total, of)
    known = total - by_status["unknown"]
    yield ratio(f"{of}.with_signal", known - by_status["white"], known, of=f"{of} of known status")


def _generation_figures(
    of: Literal["villages", "people"], villages: pd.DataFrame, weight: str | None
) -> Iterator[Figure]:
    """Yield the share with a generation at the basic threshold, and with any of 3G, 4G, 5G, at the centre."""
    weights = villages[weight].fillna(0.0) if weight else villages["status"].notna().astype(int)
    known = villages["status"] != "unknown"
    served = villages["basic_generations"].str.split(";")
    total = _number(weights[known].sum())
    for generation in GENERATIONS:
        here = known & served.map(lambda names, wanted=generation: wanted in names)
        yield ratio(f"{of}.{generation.lower()}", _number(weights[here].sum()), total, of=f"{of} of known status")
    broadband = known & served.map(lambda names: not {"3G", "4G", "5G"}.isdisjoint(names))
    yield ratio(f"{of}.broadband", _number(weights[broadband].sum()), total, of=f"{of} of known status")


def _sharing_figures(positions: pd.DataFrame) -> Iterator[Figure]:
    sharing = count_sharing(positions)
    yield Figure("positions", sharing.positions, "positions")
    yield Figure("operator_sites", sharing.operator_sites, "operator-sites")
    yield ratio("sharing.position", sharing.shared_positions, sharing.positions, of="positions")
    yield ratio("sharing.operator_site", sharing.operator_sites_on_shared, sharing.operator_sites, of="operator-sites")
    yield ratio("sharing.tenancy", sharing.operator_sites, sharing.positions, of="positions",
                unit="operator-sites per position", scale=1.0)  # fmt: skip
    yield Figure("sharing.masts_avoided", sharing.masts_avoided, "masts")


def _distance_figures(nearest_km: pd.Series) -> Iterator[Figure]:
    known = nearest_km.dropna()
    of = "villages with a place"
    yield ratio("distance.nearest_station.mean", float(known.sum()), len(known), of=of, unit="km", scale=1.0)
    for name, value in (("median", known.median()), ("max", known.max())):
        yield Figure(f"distance.nearest_station.{name}", _known(value), "km", None, len(known), of)


def _density_figures(area: Area) -> Iterator[Figure]:
    people = float(area.villages["population"].sum(min_count=1))
    yield ratio("density.positions_per_100_km2", len(area.positions), area.area_km2, of="km²",
                unit="positions per 100 km²")  # fmt: skip
    for of, count in (("positions", len(area.positions)), ("stations", len(area.stations))):
        yield ratio(f"density.{of}_per_1000_people", count, people, of="people", unit=f"{of} per 1,000 people",
                    scale=1000.0)  # fmt: skip


def _number(value: float) -> float:
    """Return a plain number, whole where it is: numpy's own do not serialise."""
    return int(value) if float(value).is_integer() else float(value)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _reported(project: Project) -> Iterator[Indicator]:
    """Yield the figures that ``[reference]`` gives under an indicator's id, such as "sharing.position"."""
    for key, value in project.reference.items():
        if "." in key and isinstance(value, int | float):
            yield Indicator(key, "reference", "", "reported", float(value), "", None, None, "", None)


def by_id(indicators: tuple[Indicator, ...]) -> Mapping[str, Indicator]:
    """Return the whole project's computed indicators by their id."""
    first = indicators[0] if indicators else None
    return {
        one.id: one
        for one in indicators
        if first and one.kind == "computed" and (one.area_level, one.area) == (first.area_level, first.area)
    }

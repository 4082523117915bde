"""Every indicator of a project: rows are summed by area once, then each area's figures are arithmetic over its sums."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.indicators.areas import Areas, areas_of, summed, tallies
from whitesignal.indicators.chances import chance_figures
from whitesignal.indicators.communes import commune_counts, commune_figures
from whitesignal.indicators.covered import (
    SUBJECTS,
    generation_figures,
    operator_figures,
    status_figures,
    village_counts,
)
from whitesignal.indicators.declared import declared_counts, declared_figures
from whitesignal.indicators.distances import Extremes, distance_counts, distance_figures, extremes
from whitesignal.indicators.figure import AreaLevel, Figure, Indicator, TargetState
from whitesignal.indicators.flows import (
    Flow,
    flow_figures,
    flows_of,
    place_flow_counts,
    station_flow_counts,
    village_flow_counts,
)
from whitesignal.indicators.programme import programme_counts, programme_figures
from whitesignal.indicators.register import build_register
from whitesignal.indicators.reported import reported_indicators
from whitesignal.indicators.rounding import decimals_of, printed
from whitesignal.indicators.sharing import density_figures, sharing_counts, sharing_figures
from whitesignal.indicators.stations import operator_slugs, site_counts, site_figures, station_counts, station_figures
from whitesignal.indicators.targets import target_figures

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.indicators.areas import Sums
    from whitesignal.project import Policy, Project
    from whitesignal.villages.probability import Probabilities


@dataclass(frozen=True, slots=True)
class _Rows:
    """What each row of the three tables adds to each count; ``place`` is each station's row among the places."""

    villages: Sums
    places: Sums
    stations: Sums
    place: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is the same for every area; ``known`` are the whole project's counts."""

    operators: Mapping[str, str]
    flows: tuple[Flow, ...]
    policy: Policy
    known: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Area:
    """One area's counts, and what no sum tells. [km], [km²], people NaN where unknown"""

    level: AreaLevel
    tally: Mapping[str, float]
    median_km: float
    largest_km: float
    area_km2: float
    people: float


def compute_indicators(
    villages: pd.DataFrame,
    positions: pd.DataFrame,
    stations: pd.DataFrame,
    project: Project,
    chances: Probabilities | None = None,
    *,
    whole_only: bool = False,
) -> tuple[Indicator, ...]:
    """Return every indicator of the project, of its provinces, districts and communes, then the reported ones.

    Parameters
    ----------
    villages
        The village table.
    positions
        The sharing table; it says in which area each position stands.
    stations
        The station table; only counted rows count, and rows that share a station_id are one station. Dated stations
        that were on air once are in the flows.
    chances
        How probable signal is, where that was drawn.
    whole_only
        Whether the whole project's indicators are enough: those of its areas, many times as many, are left out.

    Raises
    ------
    InputError
        If a target names an indicator that there is not.
    """
    register = build_register(stations, positions, villages, project.as_of)
    operators, flows = operator_slugs(stations), flows_of(project)
    levels = [areas for areas in areas_of(villages, register.places, project.name) if len(areas)]
    communes = next((areas for areas in levels if areas.level == "commune"), None)
    rows = _Rows(
        villages={
            **village_counts(villages, operators),
            **distance_counts(villages),
            **programme_counts(villages, project.as_of),
            **declared_counts(villages, project.as_of),
            **village_flow_counts(villages, flows),
            **commune_counts(villages, communes),
            "area_km2": villages["area_km2"].to_numpy(dtype=float),
        },
        places={
            **sharing_counts(register.places),
            **site_counts(register.places, operators),
            **place_flow_counts(register, flows),
        },
        stations={**station_counts(register.stations, operators), **station_flow_counts(register, flows)},
        place=register.place,
    )
    found: list[Indicator] = []
    terms: _Terms | None = None
    for areas in levels[:1] if whole_only else levels:
        whole = terms is None
        tallied = _tallied(areas, rows)
        if terms is None:
            terms = _Terms(operators, flows, project.policy, tallied[0])
        for name, area in zip(areas.names, _areas(areas, tallied, villages, project if whole else None), strict=True):
            figures = [*_figures(area, terms), *(chance_figures(chances) if whole else ())]
            found += [_indicator(figure, areas.level, name, project) for figure in figures]
            if whole:
                targets = target_figures({figure.id: figure for figure in figures}, project)
                found += [_indicator(figure, areas.level, name, project, state) for figure, state in targets]
    return (*found, *reported_indicators(villages, project))


def _tallied(areas: Areas, rows: _Rows) -> list[dict[str, float]]:
    """Return each area's counts."""
    count = len(areas)
    sums = {
        **summed(rows.villages, areas.village, count),
        **summed(rows.places, areas.place, count),
        **summed(rows.stations, areas.place[rows.place], count),
    }
    return tallies(sums, count)


def _areas(
    areas: Areas, tallied: list[dict[str, float]], villages: pd.DataFrame, whole: Project | None
) -> Iterator[_Area]:
    """Yield the areas of a level; the ``whole`` project may state its own size."""
    distance: Extremes = extremes(villages, areas.village, len(areas))
    for number, tally in enumerate(tallied):
        area_km2 = tally["area_km2"] if tally["villages"] else math.nan
        stated_km2 = whole.reference.get("area_km2") if whole else None
        if math.isnan(area_km2) and isinstance(stated_km2, int | float):
            area_km2 = float(stated_km2)
        people = tally["people"] if tally["people.told"] else math.nan
        yield _Area(areas.level, tally, distance.median_km[number], distance.largest_km[number], area_km2, people)


def _figures(area: _Area, terms: _Terms) -> Iterator[Figure]:
    """Yield an area's figures in their fixed order."""
    tally = area.tally
    yield from station_figures(tally, terms.operators, area.level)
    for of in SUBJECTS:
        yield from status_figures(of, tally)
    for of in SUBJECTS:
        yield from generation_figures(of, tally)
    yield from sharing_figures(tally)
    yield from distance_figures(tally, area.median_km, area.largest_km)
    yield from density_figures(tally, area.area_km2, area.people)
    yield from site_figures(tally, terms.operators)
    for of in SUBJECTS:
        yield from operator_figures(of, tally, terms.operators, terms.policy)
    yield from commune_figures(tally)
    yield from flow_figures(tally, terms.flows, terms.known)
    yield from programme_figures(tally, terms.known)
    yield from declared_figures(tally, terms.known)


def _indicator(
    figure: Figure, level: AreaLevel, area: str, project: Project, target: TargetState | None = None
) -> Indicator:
    return Indicator(
        figure.id, level, area, "computed", figure.value, figure.unit, figure.numerator, figure.denominator,
        figure.denominator_of, project.as_of.isoformat() if project.as_of else None, figure.counts, printed(figure),
        decimals_of(figure.unit), "half up", figure.operator, figure.period, None, target,
    )  # fmt: skip

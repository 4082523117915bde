"""Stations and operator-sites: by generation, by operator and by both, with shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.indicators.figure import AreaLevel, Figure, ratio
from whitesignal.text import fold

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def operator_slugs(stations: pd.DataFrame) -> dict[str, str]:
    """Return slug → operator for everyone in the register, counted or not, in the order of their names.

    Names that differ in marks and case alone are one operator, under the first of them.
    """
    slugs: dict[str, str] = {}
    for operator in sorted(set(stations["operator"])):
        slugs.setdefault(slug_of(operator), operator)
    return slugs


def slug_of(operator: str) -> str:
    """Return an operator's name as ids have it."""
    return fold(operator).replace(" ", "-")


def station_counts(stations: pd.DataFrame, operators: Mapping[str, str]) -> dict[str, NDArray[np.bool_]]:
    """Return what each station adds to each count; one that is not counted adds nothing."""
    counted = stations["counted"].to_numpy(dtype=bool)
    slug_by_name = {name: slug_of(name) for name in set(stations["operator"])}
    slugs = np.asarray([slug_by_name[name] for name in stations["operator"]], dtype=object)
    generations = stations["generation"].to_numpy(dtype=object)
    counts = {"stations": counted}
    for generation in GENERATIONS:
        counts[f"stations.{generation.lower()}"] = counted & (generations == generation)
    for slug in operators:
        here = counted & (slugs == slug)
        counts[f"stations.operator.{slug}"] = here
        for generation in GENERATIONS:
            counts[f"stations.operator.{slug}.{generation.lower()}"] = here & (generations == generation)
    return counts


def station_figures(tally: Mapping[str, float], operators: Mapping[str, str], level: AreaLevel) -> Iterator[Figure]:
    """Yield an area's stations; operators by generation only above the commune, where there is something to split."""
    total = tally["stations"]
    yield Figure("stations", total, "stations", counts="stations on air")
    for generation in GENERATIONS:
        yield from _part(f"stations.{generation.lower()}", tally, total, f"{generation} stations on air", None)
    for slug, operator in operators.items():
        stem = f"stations.operator.{slug}"
        yield from _part(stem, tally, total, f"stations of {operator} on air", operator)
        if level == "commune":
            continue
        own = tally[stem]
        for generation in GENERATIONS:
            words = f"{generation} stations of {operator} on air"
            of = f"stations of {operator}"
            yield from _part(f"{stem}.{generation.lower()}", tally, own, words, operator, of=of)


def _part(
    figure_id: str, tally: Mapping[str, float], total: float, counts: str, operator: str | None, *, of: str = "stations"
) -> Iterator[Figure]:
    """Yield a number of stations, and what share of others it is."""
    count = tally[figure_id]
    yield Figure(figure_id, count, "stations", count, total, of, counts, operator)
    yield ratio(f"{figure_id}.share", count, total, of=of, counts=counts, operator=operator)


def site_counts(places: pd.DataFrame, operators: Mapping[str, str]) -> dict[str, NDArray[np.bool_]]:
    """Return what each position adds to the operators' sites."""
    standing = [{slug_of(name) for name in names.split(";")} if names else set() for names in places["operators"]]
    return {
        f"operator_sites.operator.{slug}": np.asarray([slug in slugs for slugs in standing], dtype=bool)
        for slug in operators
    }


def site_figures(tally: Mapping[str, float], operators: Mapping[str, str]) -> Iterator[Figure]:
    """Yield the operators' sites; one operator's are the positions it stands at."""
    for slug, operator in operators.items():
        figure_id = f"operator_sites.operator.{slug}"
        count = tally[figure_id]
        yield Figure(figure_id, count, "operator-sites", count, tally["operator_sites"], "operator-sites",
                     f"positions with {operator}", operator)  # fmt: skip

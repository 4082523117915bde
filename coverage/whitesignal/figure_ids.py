"""The ids of the indicators, so that a target that names one is checked before anything is computed.

``indicators`` yields exactly these for the whole project: a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whitesignal.bands import GENERATIONS

OPERATOR_STEMS = ("stations.operator.", "operator_sites.operator.", "villages.operator.", "people.operator.")
"""What an id begins with that ends in an operator's name: who is in the register is not known beforehand."""

FLOW_SUBJECTS = ("stations", "places", "villages")
"""What a flow's id has after "flow."; a named period's name stands between, so it cannot be one of these."""

_NAMES = tuple(generation.lower() for generation in GENERATIONS)
_STATUSES = ("white", "weak", "covered", "unknown")
_OTHERS = (
    "positions", "operator_sites", "sharing.position", "sharing.operator_site", "sharing.tenancy",
    "sharing.masts_avoided", "distance.nearest_station.mean", "distance.nearest_station.median",
    "distance.nearest_station.max", "density.positions_per_100_km2", "density.positions_per_1000_people",
    "density.stations_per_1000_people", "communes", "communes.3g_4g", "communes.3g_4g.every_village", "places.5g",
    "flow.stations.undated", "programme.white_before", "programme.covered", "programme.left", "programme.progress",
    "programme.coverage", "declared.hits", "declared.misses", "declared.false_alarms", "declared.both_signal",
    "declared.agreement",
)  # fmt: skip


def known_ids(periods: Iterable[str] = ()) -> tuple[str, ...]:
    """Return every id that a project has whoever its operators are, given the names of its own periods."""
    return tuple(_ids(periods))


def _ids(periods: Iterable[str]) -> Iterator[str]:
    yield "stations"
    for name in _NAMES:
        yield from (f"stations.{name}", f"stations.{name}.share")
    for subject in ("villages", "people"):
        yield subject
        parts = (*_STATUSES, "with_signal", *_NAMES, "3g_4g", "broadband")
        together = ("best_operator", "any_operator", "two_or_more_operators")
        yield from (f"{subject}.{name}" for name in (*parts, *together))
        yield from (f"{subject}.white.{name}" for name in ("expected", "low", "high"))
    yield from _OTHERS
    for stem in ("flow.", *(f"flow.{period}." for period in periods)):
        yield f"{stem}stations.on_air"
        yield from (f"{stem}stations.on_air.{name}" for name in _NAMES)
        yield from (f"{stem}places.5g", f"{stem}villages.covered")

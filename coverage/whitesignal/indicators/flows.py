"""What changed in a period: a flow, never mixed with the stock that the other figures count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.indicators.figure import Figure

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.indicators.register import Register
    from whitesignal.project import Period, Project

TRIAL = "5G"
"""The generation whose places are counted too: it begins as a trial at single places."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A period, as far as the as-of date lets us see; ``stem`` begins its figures' ids. None: no date, no period."""

    stem: str
    first: date | None
    last: date | None

    @property
    def interval(self) -> str | None:
        """The period as ISO 8601 writes an interval."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}" if self.first and self.last else None

    def holds(self, days: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Return which days, ISO text, lie within; "" does not."""
        if self.first is None or self.last is None:
            return np.zeros(len(days), dtype=bool)
        return np.asarray([bool(day) and self.first.isoformat() <= day <= self.last.isoformat() for day in days], bool)


def flows_of(project: Project) -> tuple[Flow, ...]:
    """Return the calendar year up to the as-of date, then the project's own periods, cut off at that date."""
    as_of = project.as_of
    year = Flow("flow.", date(as_of.year, 1, 1) if as_of else None, as_of)
    return (year, *(_flow(name, period, as_of) for name, period in project.periods.items()))


def _flow(name: str, period: Period, as_of: date | None) -> Flow:
    stem = f"flow.{name}."
    if as_of is not None and period.first > as_of:
        return Flow(stem, None, None)
    return Flow(stem, period.first, period.last if as_of is None else min(period.last, as_of))


def station_flow_counts(register: Register, flows: tuple[Flow, ...]) -> dict[str, NDArray[np.bool_]]:
    """Return what each station adds: its first day in a period; no day known; a day known."""
    stations = register.stations
    day = stations["on_air_on"].to_numpy(dtype=object)
    generation = stations["generation"].to_numpy(dtype=object)
    dated = day != ""
    counts = {"flow.dated": dated, "flow.undated": ~dated}
    for name in GENERATIONS:
        counts[f"flow.dated.{name.lower()}"] = dated & (generation == name)
    for flow in flows:
        within = flow.holds(day)
        counts[f"{flow.stem}stations.on_air"] = within
        for name in GENERATIONS:
            counts[f"{flow.stem}stations.on_air.{name.lower()}"] = within & (generation == name)
    return counts


def place_flow_counts(register: Register, flows: tuple[Flow, ...]) -> dict[str, NDArray[np.bool_]]:
    """Return what each position adds: 5G on air there, and its first day in a period.

    Where one of a position's 5G stations is without a date, the first day is not known.
    """
    trial = (register.stations["generation"] == TRIAL).to_numpy(dtype=bool)
    count = len(register.places)
    first_day, dateless = np.full(count, "", dtype=object), np.zeros(count, dtype=bool)
    for place, day in zip(register.place[trial], register.stations["on_air_on"].to_numpy(object)[trial], strict=True):
        dateless[place] |= not day
        first_day[place] = min(first_day[place] or day, day)
    first_day[dateless] = ""
    standing = np.zeros(count, dtype=bool)
    standing[register.place[trial & register.stations["counted"].to_numpy(dtype=bool)]] = True
    stock = f"places.{TRIAL.lower()}"
    counts = {stock: standing, "flow.places.dated": first_day != "", "flow.places.undated": dateless}
    return counts | {f"{flow.stem}{stock}": flow.holds(first_day) for flow in flows}


def village_flow_counts(villages: pd.DataFrame, flows: tuple[Flow, ...]) -> dict[str, NDArray[np.bool_]]:
    """Return what each village adds: declared as covered in a period."""
    day = villages["covered_on"].to_numpy(dtype=object)
    return {f"{flow.stem}villages.covered": flow.holds(day) for flow in flows}


def flow_figures(tally: Mapping[str, float], flows: tuple[Flow, ...], known: Mapping[str, float]) -> Iterator[Figure]:
    """Yield an area's flows, and beside them what has no date and so is in none.

    Parameters
    ----------
    tally
        The area's counts.
    flows
        The periods.
    known
        The whole project's counts: where nothing in it has a date, a flow is unknown and not nought.
    """
    yield Figure(f"places.{TRIAL.lower()}", tally[f"places.{TRIAL.lower()}"], "positions",
                 counts=f"positions with {TRIAL} on air")  # fmt: skip
    stations_dated = known["flow.dated"] > 0
    villages_dated = known["programme.dated"] > 0
    # A project without any 5G has had no 5G place in any period.
    places_known = not known["flow.places.undated"] or known["flow.places.dated"] > 0
    for flow in flows:
        yield from _station_flow(tally, flow, known=stations_dated)
        yield _flow_figure(
            f"{flow.stem}places.{TRIAL.lower()}", tally, flow, unit="positions", of="flow.places.dated",
            denominator_of=f"positions with {TRIAL} whose first day is known, on air or switched off since",
            counts=f"positions where {TRIAL} went on air for the first time", known=places_known,
        )  # fmt: skip
        yield _flow_figure(
            f"{flow.stem}villages.covered", tally, flow, unit="villages", of="programme.white_before",
            denominator_of="villages declared white at first", counts="villages declared as covered",
            known=villages_dated,
        )  # fmt: skip
    yield Figure("flow.stations.undated", tally["flow.undated"], "stations", tally["flow.undated"], tally["stations"],
                 "stations", "stations on air without a date of going on air: in no flow")  # fmt: skip


def _station_flow(tally: Mapping[str, float], flow: Flow, *, known: bool) -> Iterator[Figure]:
    since = "with a date of going on air, on air or switched off since"
    yield _flow_figure(f"{flow.stem}stations.on_air", tally, flow, unit="stations", of="flow.dated",
                       denominator_of=f"stations {since}", counts="stations put on air", known=known)  # fmt: skip
    for generation in GENERATIONS:
        name = generation.lower()
        yield _flow_figure(
            f"{flow.stem}stations.on_air.{name}", tally, flow, unit="stations", of=f"flow.dated.{name}",
            denominator_of=f"{generation} stations {since}", counts=f"{generation} stations put on air", known=known,
        )  # fmt: skip


def _flow_figure(
    figure_id: str, tally: Mapping[str, float], flow: Flow, *, unit: str, of: str, denominator_of: str, counts: str,
    known: bool,
) -> Figure:  # fmt: skip
    if not known or flow.interval is None:
        return Figure(figure_id, None, unit, None, None, denominator_of, counts, period=flow.interval)
    count = tally[figure_id]
    return Figure(figure_id, count, unit, count, tally[of], denominator_of, counts, period=flow.interval)

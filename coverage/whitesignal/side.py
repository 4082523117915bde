"""One side of a comparison: a project's villages and figures, without what only a map of levels needs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from whitesignal.indicators import Indicator, as_rows, by_id, compute_indicators
from whitesignal.maps.data import MapData
from whitesignal.maps.labels import Language, labels
from whitesignal.radio.executor import silent
from whitesignal.radio.reuse import StoredReach
from whitesignal.rejudged import Known, known_of, recalled, rejudge
from whitesignal.results.polygons import no_polygons
from whitesignal.sharing.positions import positions_of
from whitesignal.verdicts import cluster_table, judge
from whitesignal.villages.status import STATUSES

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from whitesignal.inputs.all import Inputs
    from whitesignal.maps.backdrop import Backdrop
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress
    from whitesignal.results.verdict_store import StoredVerdict


@dataclass(frozen=True)
class Side:
    """What ``analyze`` would say of villages, positions and figures; ``figures`` are the whole project's."""

    project: Project
    villages: gpd.GeoDataFrame
    clusters: pd.DataFrame
    stations: pd.DataFrame
    positions: pd.DataFrame
    figures: tuple[Indicator, ...]
    known: Known
    seconds: float

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator: the whole project's and those of its areas."""
        return compute_indicators(self.villages, self.positions, self.stations, self.project, self.known.chances)

    @property
    def computed(self) -> int:
        """How many radiators' losses were not known before."""
        return self.known.computed

    def villages_by_status(self) -> dict[str, int]:
        """Return the number of villages of each status."""
        counts = self.villages["status"].value_counts()
        return {status: int(counts.get(status, 0)) for status in STATUSES}

    def figure(self, figure_id: str) -> Indicator:
        """Return the whole project's indicator of that id; KeyError if none."""
        return by_id(self.figures)[figure_id]


def first_side(
    inputs: Inputs,
    project: Project,
    *,
    stored: StoredReach | None,
    verdict: StoredVerdict | None = None,
    jobs: int,
    progress: Progress = silent,
) -> Side:
    """Return what inputs say, with the losses of a stored reach where it holds them, and the verdicts where given.

    A verdict must be of these inputs and this project.
    """
    started = time.perf_counter()
    if stored is not None and verdict is not None:
        known = recalled(inputs, project, stored, verdict, jobs=jobs, progress=progress)
    else:
        known = known_of(judge(inputs, project, jobs=jobs, progress=progress, stored=stored))
    return _side(inputs, project, known, started)


def second_side(
    inputs: Inputs,
    project: Project,
    first: Side,
    *,
    stored: StoredReach | None,
    jobs: int,
    progress: Progress = silent,
) -> Side:
    """Return what the same inputs say with other stations, or under another policy; the first side's losses hold."""
    started = time.perf_counter()
    before = first.known
    known = rejudge(
        inputs, project, before, stations_before=first.stations, project_before=first.project,
        stored=stored or StoredReach(before.reach, before.radiators, before.where.points, before.ground_known),
        jobs=jobs, progress=progress,
    )  # fmt: skip
    return _side(inputs, project, known, started)


def _side(inputs: Inputs, project: Project, known: Known, started: float) -> Side:
    villages, stations = known.judged.table, inputs.stations.rows
    positions = positions_of(stations, villages)
    return Side(
        project=project,
        villages=villages,
        clusters=cluster_table(inputs.villages.clusters, known.where, known.judged.state),
        stations=stations,
        positions=positions,
        figures=compute_indicators(villages, positions, stations, project, known.chances, whole_only=True),
        known=known,
        seconds=time.perf_counter() - started,
    )


def map_side(side: Side, changed: pd.DataFrame, backdrop: Backdrop, *, lang: Language) -> MapData:
    """Return what a side's map is drawn from: villages, stations and what changes, no levels."""
    project = side.project
    return MapData(
        title=project.name,
        as_of=project.as_of.isoformat() if project.as_of else "",
        synthetic=project.synthetic,
        model=project.radio.model,
        stations=side.stations,
        villages=side.villages,
        levels={},
        polygons=no_polygons(),
        indicators=as_rows(side.figures),
        notes=(labels(lang)["sides.no_levels"],),
        clusters=side.clusters,
        changed=changed,
        backdrop=backdrop,
    )

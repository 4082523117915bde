"""An analysis: everything that one run found out, ready to be looked at, mapped or written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from whitesignal.bands import GENERATIONS
from whitesignal.findings import Finding, as_table
from whitesignal.grid import Raster
from whitesignal.indicators import Indicator, as_rows, by_id
from whitesignal.maps.backdrop import Backdrop, draw_backdrop
from whitesignal.maps.data import MapData
from whitesignal.maps.html_map import HtmlMap
from whitesignal.maps.page import build_map
from whitesignal.results.folder import RUN_RECORD, staged_folder
from whitesignal.results.rasters import write_level, write_server, write_shade
from whitesignal.results.reach_store import write_reach
from whitesignal.results.relief import hillshade, outlines
from whitesignal.results.run_record import run_record
from whitesignal.results.tables import write_csv, write_json
from whitesignal.results.vectors import write_layers
from whitesignal.results.white_list import write_white_list
from whitesignal.villages.status import STATUSES
from whitesignal.villages.table import Judged

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.answers import Answers
    from whitesignal.inputs.all import Inputs
    from whitesignal.maps.labels import Language
    from whitesignal.project import Project
    from whitesignal.radio.best_server import RadioMap
    from whitesignal.radio.reach import Reach
    from whitesignal.villages.probability import Probabilities
    from whitesignal.villages.rules import Scene


@dataclass(frozen=True)
class Analysis:
    """What a run found out.

    Attributes
    ----------
    villages
        One row per village: status, best station, levels; polygons or points, EPSG:4326.
    clusters
        One row per surveyed residential cluster, ``status`` "served", "unserved" or "unknown".
    stations
        The accepted rows as understood, every default filled in.
    positions
        One row per position: who shares it.
    indicators
        The figures, each with numerator and denominator.
    findings
        What was assumed, set aside or noticed.
    scene
        Who transmits from where, and what arrives at the sample points.
    state
        What can be said of each sample point: UNSERVED, SERVED or UNDECIDED, shape (points,).
    chances
        How probable signal is; None where the project draws none.
    answers
        Sharing in full, dependency, and the province's own list beside the verdicts.
    polygons
        Coverage polygons per generation, operator and threshold.
    disagreement
        With the circle model only: villages that terrain physics judges otherwise.
    """

    project: Project
    inputs: Inputs
    villages: gpd.GeoDataFrame
    clusters: pd.DataFrame
    stations: pd.DataFrame
    positions: pd.DataFrame
    indicators: tuple[Indicator, ...]
    findings: tuple[Finding, ...]
    polygons: gpd.GeoDataFrame
    radio_map: RadioMap
    reach: Reach
    scene: Scene
    state: NDArray[np.int8]
    chances: Probabilities | None
    answers: Answers
    hashes: Mapping[str, str]
    jobs: int
    disagreement: pd.DataFrame | None = None
    timings_s: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def findings_table(self) -> pd.DataFrame:
        """The findings as a table."""
        return as_table(self.findings)

    def villages_by_status(self) -> dict[str, int]:
        """Return the number of villages of each status."""
        counts = self.villages["status"].value_counts()
        return {status: int(counts.get(status, 0)) for status in STATUSES}

    def figure(self, figure_id: str) -> Indicator:
        """Return the whole project's indicator of that id, such as ``"sharing.position"``; KeyError if none."""
        return by_id(self.indicators)[figure_id]

    def to_map(self, *, lang: Language = "vi") -> HtmlMap:
        """Return the interactive map, one page that opens without a network."""
        return HtmlMap(build_map(map_data(self), lang=lang), self.project.name)

    def write(self, folder: str | Path, *, overwrite: bool = False, lang: Language = "vi") -> Path:
        """Write every file of a results folder, aside and then moved into place, and return the folder.

        Raises
        ------
        OutputExistsError
            If results are there and ``overwrite`` is not given, or the folder holds anything else.
        """
        folder = Path(folder)
        with staged_folder(folder, overwrite=overwrite) as staged:
            write_results(self, staged, lang=lang)
        return folder


def map_data(analysis: Analysis) -> MapData:
    """Return what the map is drawn from."""
    project, radio_map = analysis.project, analysis.radio_map
    return MapData(
        title=project.name,
        as_of=project.as_of.isoformat() if project.as_of else "",
        synthetic=project.synthetic,
        model=project.radio.model,
        stations=analysis.stations,
        villages=analysis.villages,
        levels={name: Raster(radio_map.grid, radio_map.level_dbm(name)) for name in GENERATIONS},
        polygons=analysis.polygons,
        indicators=as_rows(analysis.indicators),
        hillshade=hillshade(analysis.inputs.terrain),
        outlines=outlines(analysis.villages),
        clusters=analysis.clusters,
    )


def write_results(analysis: Analysis, folder: Path, *, lang: Language) -> None:
    """Write every file of a results folder into an existing empty one."""
    project, radio_map = analysis.project, analysis.radio_map
    as_of = project.as_of.isoformat() if project.as_of else ""
    write_csv(analysis.villages.drop(columns="geometry"), folder / "villages.csv")
    write_layers({"villages": analysis.villages, "clusters": analysis.clusters}, folder / "villages.gpkg")
    write_csv(analysis.stations, folder / "stations.csv")
    write_csv(analysis.findings_table, folder / "findings.csv")
    write_csv(_set_aside(analysis.inputs), folder / "set_aside.csv")
    write_csv(analysis.positions, folder / "sharing.csv")
    for name, table in analysis.answers.tables().items():
        write_csv(table, folder / f"{name}.csv")
    write_json(as_rows(analysis.indicators), folder / "indicators.json")
    write_white_list(analysis.villages, folder / "white_villages.xlsx", as_of=as_of, synthetic=project.synthetic)
    write_layers({"coverage": analysis.polygons}, folder / "coverage.gpkg")
    if analysis.disagreement is not None:
        write_csv(analysis.disagreement, folder / "disagreement.csv")
    for generation in GENERATIONS:
        name = generation.lower()
        write_level(radio_map.level[generation], radio_map.grid, folder / f"level_{name}.tif")
        write_server(radio_map.server[generation], radio_map.grid, folder / f"best_server_{name}.tif")
    data = map_data(analysis)
    backdrop = draw_backdrop(data.villages, data.hillshade)
    _write_reach_folder(analysis, data, backdrop, folder / "reach")
    data = replace(data, backdrop=backdrop)
    (folder / "map.html").write_text(build_map(data, lang=lang), encoding="utf-8")
    record = run_record(
        project,
        hashes=analysis.hashes,
        pruning=_pruning(analysis),
        timings_s=analysis.timings_s,
        jobs=analysis.jobs,
    )
    write_json(record, folder / RUN_RECORD)


def _set_aside(inputs: Inputs) -> pd.DataFrame:
    """Return the rows of all files that could not be used, in their own columns."""
    import pandas as pd

    tables = [table for table in (inputs.stations.set_aside, inputs.villages.set_aside) if len(table)]
    return pd.concat(tables, ignore_index=True).fillna("") if tables else inputs.stations.set_aside


def _write_reach_folder(analysis: Analysis, data: MapData, backdrop: Backdrop, folder: Path) -> None:
    folder.mkdir()
    write_reach(
        folder,
        reach=analysis.reach,
        scene=analysis.scene,
        read=analysis.inputs,
        judged=Judged(analysis.villages, analysis.state),
        chances=analysis.chances,
        backdrop=backdrop.to_json(),
        project=analysis.project,
        hashes=analysis.hashes,
    )
    if data.hillshade is not None:
        write_shade(data.hillshade, folder / "hillshade.tif")
    if data.outlines is not None and not data.outlines.empty:
        write_layers({"outlines": data.outlines}, folder / "outlines.gpkg")


def _pruning(analysis: Analysis) -> dict[str, object]:
    """Return the two reasons for which a pair of sample point and radiator is left out, as numbers."""
    by_band: dict[str, dict[str, float]] = {}
    radiators = analysis.scene.radiators
    for band_mhz, radius_km, floor_loss_db in zip(
        radiators.band_mhz.tolist(), radiators.radius_km.tolist(), radiators.floor_loss_db.tolist(), strict=True
    ):
        known = by_band.setdefault(f"{band_mhz:g} MHz", {"radius_km": 0.0, "floor_loss_db": 0.0})
        known["radius_km"] = max(known["radius_km"], radius_km)
        known["floor_loss_db"] = max(known["floor_loss_db"], floor_loss_db)
    return {"by_band": by_band, "radiators": len(radiators), "pairs": len(analysis.reach)}

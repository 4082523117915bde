"""A build plan: the chosen stations, what they were chosen from, and the files that tell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.inputs.all import Inputs
from whitesignal.inputs.start import toml_text
from whitesignal.maps.data import MapData
from whitesignal.maps.page import build_map
from whitesignal.radio.executor import default_jobs
from whitesignal.report.html_report import html_page
from whitesignal.report.plan import PlanFacts, plan_document
from whitesignal.results.folder import RUN_RECORD, staged_folder
from whitesignal.results.polygons import no_polygons
from whitesignal.results.relief import hillshade, outlines
from whitesignal.results.run_record import input_hashes, run_record
from whitesignal.results.tables import write_csv, write_json
from whitesignal.siting.choice import Choice
from whitesignal.siting.costs import Range
from whitesignal.siting.figures import Lit, PlanFigures

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.maps.labels import Language
    from whitesignal.project import Project


PROPOSED: Mapping[Language, str] = MappingProxyType({"vi": "vị trí đề xuất", "en": "proposed sites"})


@dataclass(frozen=True)
class BuildPlan:
    """A choice of new stations and all that it was made from.

    ``stations`` holds the chosen stations' values as a scenario adds them; ``after`` the villages' status with them;
    ``curve`` the best that each of some budgets can do, each solved for itself. ``note`` says why the results of a run
    that lie beside the project could not be used again.
    """

    project: Project
    inputs: Inputs
    villages: gpd.GeoDataFrame
    after: NDArray[np.object_]
    candidates: pd.DataFrame
    plan: pd.DataFrame
    curve: pd.DataFrame
    stations: tuple[dict[str, str], ...]
    choice: Choice
    greedy: Lit
    demand_weight: float
    village_weight: float
    probability: float | None
    costs: Mapping[str, Range]
    operator: str
    note: str = ""

    @property
    def gained(self) -> list[str]:
        """The white villages that the plan gives signal."""
        lit = (self.villages["status"] == "white").to_numpy() & np.isin(self.after, ("weak", "covered"))
        gained: list[str] = self.villages.loc[lit, "village_id"].tolist()
        return gained

    def write(self, folder: str | Path, *, overwrite: bool = False, lang: Language = "vi") -> Path:
        """Write plan.csv, candidates.csv, curve.csv, plan.toml, plan.json, plan.html and map.html; return the folder.

        Raises
        ------
        OutputExistsError
            If a plan is there and ``overwrite`` is not given, or the folder holds anything else.
        """
        folder = Path(folder)
        with staged_folder(folder, overwrite=overwrite) as staged:
            write_csv(self.plan, staged / "plan.csv")
            write_csv(self.candidates, staged / "candidates.csv")
            write_csv(self.curve, staged / "curve.csv")
            write_json(asdict(self.figures), staged / "plan.json")
            pages = {
                "plan.toml": self.scenario_text(),
                "plan.html": html_page(plan_document(_facts(self), lang=lang)),
                "map.html": build_map(plan_map(self, lang=lang), lang=lang),
            }
            for name, text in pages.items():
                (staged / name).write_text(text, encoding="utf-8", newline="\n")
            record = run_record(
                self.project, hashes=input_hashes(self.project), pruning={}, timings_s={}, jobs=default_jobs()
            )
            write_json(record, staged / RUN_RECORD)
        return folder

    def scenario_text(self) -> str:
        """Return the scenario that ``whatif`` replays: the chosen stations, as TOML."""
        lines = [f"name = {toml_text(f'{len(self.choice.chosen)} new stations')}"]
        if self.project.as_of is not None:
            lines.append(f"base_as_of = {self.project.as_of.isoformat()}")
        for station in self.stations:
            values = [f"{name} = {_toml_value(name, text)}" for name, text in station.items()]
            lines += ["", "[[add]]", *values]
        return "\n".join(lines) + "\n"

    @property
    def figures(self) -> PlanFigures:
        """The plan's figures."""
        white = int((self.villages["status"] == "white").sum())
        gained = tuple(self.gained)
        return PlanFigures(
            operator=self.operator,
            new_stations=len(self.choice.chosen),
            candidates=len(self.candidates),
            white_before=white,
            white_after=white - len(gained),
            gained=gained,
            people_gained=float(self.plan["people_gained"].sum()),
            cost_million_vnd=float(self.plan["cost_million_vnd"].sum()),
            cost_low_million_vnd=float(self.plan["cost_low_million_vnd"].sum()),
            cost_high_million_vnd=float(self.plan["cost_high_million_vnd"].sum()),
            covered_weight=self.choice.covered,
            bound_weight=self.choice.bound,
            total_weight=self.demand_weight,
            village_weight=self.village_weight,
            gap=self.choice.gap,
            status=self.choice.status,
            probability=self.probability,
            greedy_villages=self.greedy.villages,
            greedy_people=self.greedy.people,
            greedy_weight=self.greedy.weight,
        )


def _facts(built: BuildPlan) -> PlanFacts:
    project = built.project
    return PlanFacts(
        name=project.name,
        as_of=project.as_of.isoformat() if project.as_of else None,
        model=project.radio.model,
        synthetic=project.synthetic,
        figures=built.figures,
        plan=built.plan,
        curve=built.curve,
        candidates=built.candidates,
        village_names=dict(zip(built.villages["village_id"], built.villages["name"].fillna(""), strict=True)),
        costs=built.costs,
    )


def _toml_value(name: str, text: str) -> str:
    return text if name in ("longitude", "latitude", "antenna_height_m") else toml_text(text)


def plan_map(built: BuildPlan, *, lang: Language) -> MapData:
    """Return what the plan's map is drawn from: today's villages, which of them change, and the new stations."""
    import pandas as pd

    villages, project = built.villages, built.project
    changed = villages[["village_id"]].assign(before=villages["status"].to_numpy(), after=built.after)
    rows = built.inputs.stations.rows
    planned = pd.DataFrame([{**station, "counted": False, "status": "planned"} for station in built.stations])
    for name in ("longitude", "latitude", "antenna_height_m"):
        planned[name] = planned[name].astype(float)
    stations = pd.concat([rows, planned], ignore_index=True)
    text = [name for name in stations.columns if stations[name].dtype == object and name != "counted"]
    stations[text] = stations[text].fillna("")
    return MapData(
        title=f"{project.name}: {len(built.choice.chosen)} {PROPOSED[lang]}",
        as_of=project.as_of.isoformat() if project.as_of else "",
        synthetic=project.synthetic,
        model=project.radio.model,
        stations=stations,
        villages=villages,
        levels={},
        polygons=no_polygons(),
        indicators=[],
        hillshade=hillshade(built.inputs.terrain),
        outlines=outlines(villages),
        changed=changed[changed["before"] != changed["after"]],
        proposed=True,
    )

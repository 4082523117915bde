"""What if: a scenario's analysis beside that of the project as it stands, and what differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.analysis import Analysis, map_data
from whitesignal.inputs.all import read_inputs
from whitesignal.maps.page import build_map
from whitesignal.pipeline import analyze_inputs
from whitesignal.propagation.catalog import model
from whitesignal.radio.executor import silent
from whitesignal.results.folder import RUN_RECORD, staged_folder
from whitesignal.results.run_record import file_hash, run_record
from whitesignal.results.tables import write_csv, write_json
from whitesignal.scenario import Scenario, apply_scenario, with_stations

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.maps.labels import Language
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress

CHANGED_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "households", "before", "after",
    "level_dbm_before", "level_dbm_after", "margin_db_before", "margin_db_after", "best_station_after",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Two analyses of one project: as it stands at the scenario's base date, and with the scenario.

    ``changed`` has a row for each village whose status differs; ``gained`` and ``lost`` are the village_ids that come
    to have signal at their centre, and that cease to.
    """

    scenario: Scenario
    before: Analysis
    after: Analysis
    changed: pd.DataFrame
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def summary(self) -> dict[str, object]:
        """Return what ``difference.json`` holds."""
        project = self.before.project
        return {
            "scenario": self.scenario.name,
            "base_as_of": project.as_of.isoformat() if project.as_of else None,
            "model": project.radio.model,
            "synthetic": project.synthetic,
            "before": _counts(self.before),
            "after": _counts(self.after),
            "gained": list(self.gained),
            "lost": list(self.lost),
        }

    def write(self, folder: Path, *, overwrite: bool = False, lang: Language = "vi") -> Path:
        """Write difference.json, villages_changed.csv and map.html, aside and then moved into place."""
        with staged_folder(folder, overwrite=overwrite) as staged:
            write_json(self.summary(), staged / "difference.json")
            write_csv(self.changed, staged / "villages_changed.csv")
            data = replace(
                map_data(self.after),
                title=f"{self.after.project.name}: {self.scenario.name}",
                changed=self.changed[["village_id", "before", "after"]],
            )
            (staged / "map.html").write_text(build_map(data, lang=lang), encoding="utf-8")
            record = run_record(
                self.after.project,
                hashes={**self.after.hashes, self.scenario.file.name: file_hash(self.scenario.file)},
                pruning={},
                timings_s=self.after.timings_s,
                jobs=self.after.jobs,
            )
            write_json(record, staged / RUN_RECORD)
        return folder


def whatif(project: Project, scenario: Scenario, *, jobs: int | None = None, progress: Progress = silent) -> Difference:
    """Return what a scenario changes, by two full runs.

    Raises
    ------
    InputError
        If the project's inputs or the scenario's stations cannot be used.
    """
    model(project.radio.model)
    if scenario.base_as_of is not None:
        project = replace(project, as_of=scenario.base_as_of)
    inputs = read_inputs(project)
    edited = apply_scenario(inputs.stations, project, scenario)
    before = analyze_inputs(inputs, project, jobs=jobs, progress=progress)
    after = analyze_inputs(with_stations(inputs, edited.stations), edited.project, jobs=jobs, progress=progress)
    return compare(before, after, scenario)


def compare(before: Analysis, after: Analysis, scenario: Scenario) -> Difference:
    """Return the difference of two analyses of the same villages."""
    first, second = before.villages, after.villages
    table = first[["village_id", "name", "commune", "district", "province", "population", "households"]].copy()
    for column, source in (("before", first), ("after", second)):
        table[column] = source["status"].to_numpy()
    for column in ("level_dbm", "margin_db"):
        table[f"{column}_before"] = first[column].to_numpy()
        table[f"{column}_after"] = second[column].to_numpy()
    table["best_station_after"] = second["best_station"].to_numpy()
    was_white, is_white = table["before"] == "white", table["after"] == "white"
    lit = {"weak", "covered"}
    return Difference(
        scenario,
        before,
        after,
        table.loc[table["before"] != table["after"], list(CHANGED_COLUMNS)].reset_index(drop=True),
        gained=tuple(table.loc[was_white & table["after"].isin(lit), "village_id"]),
        lost=tuple(table.loc[table["before"].isin(lit) & is_white, "village_id"]),
    )


def _counts(analysis: Analysis) -> dict[str, object]:
    covered = analysis.figure("villages.with_signal")
    people = analysis.figure("people.white")
    return {
        **analysis.villages_by_status(),
        "villages": len(analysis.villages),
        "covered_percent": covered.value,
        "people_white": people.value,
        "stations": analysis.figure("stations").value,
        "positions": analysis.figure("positions").value,
    }

"""What if: a scenario's villages and figures beside those of the project as it stands, and what differs."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whitesignal.errors import InputError
from whitesignal.indicators import by_id
from whitesignal.inputs.all import Inputs, inputs_read_before, read_inputs
from whitesignal.inputs.stations import read_stations
from whitesignal.maps.backdrop import Backdrop, draw_backdrop
from whitesignal.maps.two_sided import build_two_sided
from whitesignal.propagation.catalog import model
from whitesignal.radio.executor import default_jobs, silent
from whitesignal.results.folder import RUN_RECORD, require_results, staged_folder
from whitesignal.results.reach_store import trusted_reach
from whitesignal.results.run_record import file_hash, input_hashes, run_record
from whitesignal.results.tables import write_csv, write_json
from whitesignal.scenario import Scenario, apply_scenario, with_stations
from whitesignal.side import Side, first_side, map_side, second_side

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.indicators import Indicator
    from whitesignal.maps.labels import Language
    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.reuse import StoredReach
    from whitesignal.results.verdict_store import StoredVerdict

COMPARED = ("level_dbm", "margin_db", "p_covered", "p_signal", "best_station")

CHANGED_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "households", "before", "after",
    *(f"{column}_{side}" for column in COMPARED for side in ("before", "after")),
)  # fmt: skip

LIT = ("weak", "covered")


@dataclass(frozen=True)
class Difference:
    """Two sides of one project: as it stands at the scenario's base date, and with the scenario.

    ``changed`` has a row for each village whose status differs; ``gained`` and ``lost`` are the village_ids that come
    to have signal at their centre, and that cease to. ``backdrop`` is what a run drew of the villages for its map, as
    text; where it is empty it is drawn anew.
    """

    scenario: Scenario
    before: Side
    after: Side
    changed: pd.DataFrame
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    inputs: Inputs
    jobs: int
    backdrop: str = ""

    @property
    def computed(self) -> int:
        """How many radiators' losses had to be computed, on both sides."""
        return self.before.computed + self.after.computed

    @property
    def radiators(self) -> int:
        """How many radiators there are on either side: those before, and those that only the scenario needs."""
        return len(self.before.known.radiators) + self.after.computed

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
            "people_gained": self._people(self.gained),
            "people_lost": self._people(self.lost),
            "indicators": compared_figures(self.before.figures, self.after.figures),
        }

    def _people(self, village_ids: tuple[str, ...]) -> float | None:
        """Return how many people live in villages, as far as they are told; None where of none."""
        people = self.before.villages.loc[self.before.villages["village_id"].isin(village_ids), "population"]
        return float(people.sum()) if people.notna().any() or not village_ids else None

    def write(self, folder: Path, *, overwrite: bool = False, lang: Language = "vi") -> Path:
        """Write difference.json, villages_changed.csv and map.html, aside and then moved into place."""
        with staged_folder(folder, overwrite=overwrite) as staged:
            write_json(self.summary(), staged / "difference.json")
            write_csv(self.changed, staged / "villages_changed.csv")
            (staged / "map.html").write_text(self.page(lang=lang), encoding="utf-8")
            project = self.after.project
            read = {str(number): path for number, path in enumerate(self.scenario.files()) if number}
            hashes = {**input_hashes(project), self.scenario.file.name: file_hash(self.scenario.file)}
            record = run_record(
                project,
                hashes={**hashes, **{path.name: file_hash(path) for path in read.values()}},
                pruning={},
                timings_s={"before": self.before.seconds, "after": self.after.seconds},
                jobs=self.jobs,
            )
            reach = {"radiators": self.radiators, "computed": self.computed}
            write_json({**record, "reach": reach}, staged / RUN_RECORD)
        return folder

    def page(self, *, lang: Language = "vi") -> str:
        """Return the two-sided map: before beside after, with what changes ringed on both. No levels are drawn."""
        changed = self.changed[["village_id", "before", "after"]]
        backdrop = self._backdrop()
        sides = [map_side(side, changed, backdrop, lang=lang) for side in (self.before, self.after)]
        title = f"{self.after.project.name}: {self.scenario.name}"
        return build_two_sided(sides[0], sides[1], title=title, gained=len(self.gained), lost=len(self.lost), lang=lang)

    def _backdrop(self) -> Backdrop:
        from whitesignal.results.relief import hillshade

        if self.backdrop:
            return Backdrop.from_json(self.backdrop)
        return draw_backdrop(self.before.villages, hillshade(self.inputs.terrain))


def whatif(
    project: Project,
    scenario: Scenario,
    *,
    stored: StoredReach | None = None,
    verdict: StoredVerdict | None = None,
    jobs: int | None = None,
    progress: Progress = silent,
) -> Difference:
    """Return what a scenario changes.

    Parameters
    ----------
    project, scenario
        As ``open_project`` and ``open_scenario`` give them.
    stored
        The reach beside a run's results, as ``known_reach`` gives it: only radiators that it lacks are computed. None
        computes every radiator once, and those that the scenario brings.
    verdict
        What that run said of the villages, as ``trusted_verdict`` gives it: they need not be judged once more.
    jobs, progress
        As ``analyze`` takes them.

    Raises
    ------
    InputError
        If the project's inputs or the scenario's steps cannot be used.
    """
    model(project.radio.model)
    jobs = jobs or default_jobs()
    same_day = scenario.base_as_of in (None, project.as_of)
    project = project if same_day else replace(project, as_of=scenario.base_as_of)
    inputs = _inputs(project, verdict, same_day=same_day)
    edited = apply_scenario(inputs.stations, project, scenario)
    before = first_side(
        inputs, project, stored=stored, verdict=verdict if same_day else None, jobs=jobs, progress=progress
    )
    after = second_side(
        with_stations(inputs, edited.stations), edited.project, before, stored=stored, jobs=jobs, progress=progress
    )
    found = compare(before, after, scenario, inputs=inputs, jobs=jobs)
    return found if verdict is None else replace(found, backdrop=verdict.backdrop)


def _inputs(project: Project, verdict: StoredVerdict | None, *, same_day: bool) -> Inputs:
    """Return the project's inputs, as a run read them where it did; on another day other stations are on air."""
    if verdict is None:
        return read_inputs(project)
    stations = verdict.stations if same_day else read_stations(project)
    return inputs_read_before(project, stations, verdict.villages)


def known_reach(project: Project, results: Path | None) -> tuple[StoredReach | None, str]:
    """Return the reach that a question may use instead of the physics, and where there is one that may not be, why.

    Parameters
    ----------
    results
        A results folder that must serve; None looks into the project's own, and does without where that is stale.

    Raises
    ------
    InputError
        If the folder named is no results folder, or of something else.
    """
    if results is not None:
        return trusted_reach(require_results(results), project), ""
    own = project.folder / "results"
    if not own.exists():
        return None, ""
    try:
        return trusted_reach(own, project), ""
    except InputError as error:
        return None, f"every radiator is computed: {error}"


def full_run_s(results: Path) -> float | None:
    """Return how long the run took that wrote a results folder, None where its record does not say. [s]"""
    try:
        record = json.loads((results / RUN_RECORD).read_text(encoding="utf-8"))
        return float(sum(record["timings_s"].values()))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def compare(before: Side, after: Side, scenario: Scenario, *, inputs: Inputs, jobs: int) -> Difference:
    """Return the difference of two sides of the same villages."""
    first, second = before.villages, after.villages
    names = ["village_id", "name", "commune", "district", "province", "population", "households"]
    columns = {"before": first["status"].to_numpy(), "after": second["status"].to_numpy()}
    for column in COMPARED:
        columns |= {f"{column}_before": first[column].to_numpy(), f"{column}_after": second[column].to_numpy()}
    table = first[names].assign(**columns)
    was_lit, is_lit = table["before"].isin(LIT), table["after"].isin(LIT)
    return Difference(
        scenario,
        before,
        after,
        table.loc[table["before"] != table["after"], list(CHANGED_COLUMNS)].reset_index(drop=True),
        gained=tuple(table.loc[(table["before"] == "white") & is_lit, "village_id"]),
        lost=tuple(table.loc[was_lit & (table["after"] == "white"), "village_id"]),
        inputs=inputs,
        jobs=jobs,
    )


def compared_figures(before: tuple[Indicator, ...], after: tuple[Indicator, ...]) -> list[dict[str, Any]]:
    """Return the whole project's figures on both sides with their difference, None where one side has no number."""
    first, second = by_id(before), by_id(after)
    return [_compared(first.get(name), second.get(name)) for name in dict.fromkeys((*first, *second))]


def _compared(before: Indicator | None, after: Indicator | None) -> dict[str, Any]:
    known = [one for one in (before, after) if one is not None]
    values = [one.value if one is not None else None for one in (before, after)]
    told = [value for value in values if value is not None]
    return {
        "id": known[0].id,
        "unit": known[0].unit,
        "before": values[0],
        "after": values[1],
        "difference": told[1] - told[0] if len(told) == len(values) else None,
    }


def _counts(side: Side) -> dict[str, object]:
    return {
        **side.villages_by_status(),
        "villages": len(side.villages),
        "covered_percent": side.figure("villages.with_signal").value,
        "people_white": side.figure("people.white").value,
        "stations": side.figure("stations").value,
        "positions": side.figure("positions").value,
    }

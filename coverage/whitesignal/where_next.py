"""Where next: from a project to a ranked, costed list of new stations with proof of how good it is."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.build_plan import BuildPlan
from whitesignal.difference import known_reach
from whitesignal.errors import InputError
from whitesignal.inputs.all import Inputs, read_inputs
from whitesignal.inputs.entries import read_alone, write_entries
from whitesignal.inputs.vocabulary import canonical_operator
from whitesignal.propagation.catalog import model
from whitesignal.radio.executor import default_jobs, silent
from whitesignal.sharing.positions import positions_of
from whitesignal.siting.access import Access, read_access
from whitesignal.siting.candidates import ground_heights_m, new_masts, own_list, shared_masts
from whitesignal.siting.choice import choose, choose_greedily
from whitesignal.siting.costs import Costs, Range, candidate_costs, cost_ranges, is_fed
from whitesignal.siting.demand import Demand, Prospect, demand_of, margin_needed_db, prospect
from whitesignal.siting.figures import lit_by
from whitesignal.siting.province import province_cells
from whitesignal.siting.ranking import budget_curve, plan_table, with_costs
from whitesignal.verdicts import judge
from whitesignal.villages.areas import nearest_centre
from whitesignal.villages.policy import resolved
from whitesignal.villages.status import SERVED, village_status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.project import Project
    from whitesignal.radio.executor import Progress
    from whitesignal.verdicts import Physics


def plan_sites(
    project: Project,
    *,
    new: int | None = None,
    budget_vnd: float | None = None,
    operator: str | None = None,
    generations: Sequence[str] = ("4G",),
    probability: float | None = None,
    village_weight: float | None = None,
    own: Path | None = None,
    results: Path | None = None,
    jobs: int | None = None,
    progress: Progress = silent,
) -> BuildPlan:
    """Return the new stations that light most: white villages first, then people.

    Parameters
    ----------
    new, budget_vnd
        One of the two: how many stations, or what they may cost together by the middle of each range. [VND]
    operator
        Who builds; by default whoever has most stations on air.
    generations
        What each new station transmits.
    probability
        Least probability of signal that counts, by the project's uncertainty, each new station for itself.
    village_weight
        What a white village counts beside its people; by default more than all people without signal together.
    own
        A planner's own candidates, besides those found.
    results
        Results of a run whose reach is used again; those beside the project, if they are of it, by default.

    Raises
    ------
    InputError
        If neither or both limits are given, the operator has no station on air, or nothing lacks signal.
    """
    if (new is None) == (budget_vnd is None):
        raise InputError("give either a number of new stations or a budget")
    model(project.radio.model)
    jobs = jobs or default_jobs()
    inputs = read_inputs(project)
    access, ranges = read_access(project, inputs.terrain.grid), cost_ranges(project.file, project.costs)
    quiet = replace(project, uncertainty=replace(project.uncertainty, draws=0))
    stored, why_not = known_reach(project, results)
    physics = judge(inputs, quiet, jobs=jobs, progress=progress, stored=stored)
    builder = _builder(inputs.stations.rows, operator)
    demand = demand_of(physics.scene, physics.judged.table, builder, project)
    if len(demand.point) == 0:
        raise InputError("no village lacks signal that one more operator would give it: there is nothing to plan")
    candidates = _candidates(inputs, physics, demand, builder, access, own)
    rows, stations = _station_rows(candidates, builder, generations, project)
    outlook = prospect(candidates, rows, demand, physics.scene, inputs.terrain, project, jobs=jobs, progress=progress)
    costs = _costs(candidates, inputs, physics, access, ranges)
    weight_of_village = 1.0 + float(np.ceil(demand.people.sum())) if village_weight is None else village_weight
    weight = demand.weight(weight_of_village)
    matrix = outlook.covers(margin_needed_db(project, probability))
    limit = _limit(new, budget_vnd, costs)
    choice = choose(matrix, weight, **limit)
    greedy = lit_by(choose_greedily(matrix, weight, **limit), matrix, demand, weight)
    after = _after(demand, outlook, choice.chosen, physics, project)
    village_ids = physics.judged.table["village_id"].to_numpy(dtype=object)
    plan = plan_table(
        choice.chosen, candidates, costs, demand, outlook, village_ids=village_ids, operator=builder,
        generations=generations,
    )  # fmt: skip
    chosen = set(plan["position_id"])
    return BuildPlan(
        project=project,
        inputs=inputs,
        villages=physics.judged.table,
        after=after,
        candidates=with_costs(candidates, costs),
        plan=plan,
        curve=budget_curve(matrix, weight, demand, costs, float(plan["cost_million_vnd"].sum())),
        stations=tuple(station for station in stations if station["position_id"] in chosen),
        choice=choice,
        greedy=greedy,
        demand_weight=float(weight.sum()),
        village_weight=weight_of_village,
        probability=probability,
        costs=ranges,
        operator=builder,
        note=why_not,
    )


def _limit(new: int | None, budget_vnd: float | None, costs: Costs) -> dict[str, Any]:
    """Return the limit as ``choose`` takes it: a number, or a budget with what each candidate costs."""
    return {"new": new} if budget_vnd is None else {"cost": costs.middle, "budget": budget_vnd / 1e6}


def _builder(stations: pd.DataFrame, operator: str | None) -> str:
    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    known = counted["operator"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if operator is None:
        return str(known.index[0])
    name = canonical_operator(operator)
    if name not in known.index:
        raise InputError(f"no operator {operator!r} has a station on air; there are {', '.join(sorted(known.index))}")
    return name


def _candidates(
    inputs: Inputs, physics: Physics, demand: Demand, builder: str, access: Access, own: Path | None
) -> pd.DataFrame:
    import pandas as pd

    stations, terrain = inputs.stations.rows, inputs.terrain
    positions = positions_of(stations, physics.judged.table)
    points = physics.scene.where.points
    places = np.column_stack([points.longitude[demand.point], points.latitude[demand.point]])
    land = province_cells(physics.judged.table, terrain, gap_km=access.within.outline_gap_km)
    tables = [
        shared_masts(positions, stations, builder, places),
        new_masts(terrain, places, land=land, reachable=access.reachable_cells(terrain.grid)),
    ]
    if own is not None:
        tables.append(own_list(own))
    table = pd.concat(tables, ignore_index=True)
    twice = table["candidate_id"][table["candidate_id"].duplicated()].unique().tolist()
    if twice:
        raise InputError(f"{own}: candidate_id of a position or of a candidate found here: {', '.join(twice[:5])}")
    return table.assign(ground_m=ground_heights_m(terrain, table)).join(access.distances_km(table))


def _station_rows(
    candidates: pd.DataFrame, builder: str, generations: Sequence[str], project: Project
) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """Return the candidates as the reader of registers understands them, and as a scenario would add them."""
    stations = [
        {
            "station_id": f"{one.position_id}-{builder}-{generation}", "position_id": str(one.position_id),
            "operator": builder, "generation": generation, "longitude": f"{one.longitude:.6f}",
            "latitude": f"{one.latitude:.6f}", "antenna_height_m": f"{one.antenna_height_m:g}",
        }
        for one in candidates.itertuples()
        for generation in generations
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "candidates.csv"
        write_entries(stations, file)
        table = read_alone(project, file)
    if len(table.set_aside):
        raise InputError(f"candidates cannot be stations: {'; '.join(sorted(set(table.set_aside['reason'])))}")
    return table.rows, stations


def _costs(
    candidates: pd.DataFrame, inputs: Inputs, physics: Physics, access: Access, ranges: Mapping[str, Range]
) -> Costs:
    stations = inputs.stations.rows
    if access.power_lines is None:
        has_grid_power = _nearest_village_has_power(candidates, physics.judged.table)
    else:
        has_grid_power = access.has_grid_power(candidates["power_line_km"].to_numpy(dtype=float))
    return candidate_costs(
        candidates,
        stations[stations["counted"].to_numpy(dtype=bool)].drop_duplicates("position_id"),
        ground_m=candidates["ground_m"].to_numpy(dtype=float),
        has_grid_power=has_grid_power,
        ranges=ranges,
    )


def _nearest_village_has_power(candidates: pd.DataFrame, villages: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Return whether the village nearest to each candidate has grid power, so far as anybody said otherwise."""
    import shapely

    points = shapely.points(candidates["longitude"].to_numpy(float), candidates["latitude"].to_numpy(float))
    return is_fed(villages["has_grid_power"])[nearest_centre(points, villages)]


def _after(
    demand: Demand, outlook: Prospect, chosen: NDArray[np.intp], physics: Physics, project: Project
) -> NDArray[np.object_]:
    """Return the villages' status with the chosen stations: what a what-if of the plan finds."""
    lit = np.asarray(outlook.covers()[:, chosen].sum(axis=1)).ravel() > 0
    state = demand.state.copy()
    state[demand.point[lit]] = SERVED
    policy = resolved(project.policy, physics.scene.cells)
    count = len(physics.judged.table)
    return village_status(state, physics.scene.where, count, min_people_percent=policy.min_people_percent).status

"""What would give a village signal: a higher mast, another setting, a station on a mast that stands, a new one.

Each remedy is tried alone, by the same physics as the verdict, and listed only if it suffices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.explain import costs
from whitesignal.explain.facts import Change, Fix, FixKind, Remedies
from whitesignal.explain.targets import Targets, targets_of
from whitesignal.explain.trial import Corner, Trial, attempt
from whitesignal.geodesy import distance_and_azimuth
from whitesignal.inputs.station_defaults import fill_defaults
from whitesignal.radio.cells import sectors
from whitesignal.scenario.edits import tenant_height_m
from whitesignal.siting.candidates import ground_heights_m
from whitesignal.siting.costs import candidate_costs, cost_ranges, is_fed

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.explain.facts import StationPath

HIGHEST_MAST_M = 60.0
"""No mast is raised beyond this: an engineering default. [m]"""

STEP_M = 1.0
"""Antenna heights are tried in steps of this. [m]"""

RAISED_POSITIONS = 5
RETUNED_STATIONS = 15
"""At how many positions, and for how many stations, the best first, a mast is raised and a setting changed."""

MORE_POWER_DB = 3.0
"""Twice the power is what a stronger amplifier is taken to give: an engineering default. [dB]"""

SHARED_WITHIN_KM = 15.0
SHARED_POSITIONS = 30
"""Positions within this distance are asked, at most so many, the nearest first: engineering defaults."""

SHARED_SYSTEMS = (("2G", 900.0), ("3G", 900.0), ("4G", 1800.0))
"""What could be put on a position that stands: generation and band. [MHz]"""

LISTED = 3
"""How many remedies of a kind are listed."""

NEW = ""
"""The station_id of a station that does not exist yet."""

NO_REMEDIES = Remedies(math.nan, 0, 0, (), MappingProxyType({}), None)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A remedy before it is tried: the station row that it would make, and what it changes."""

    kind: FixKind
    row: dict[str, object]
    station_id: str
    operators: tuple[str, ...]
    changes: tuple[Change, ...]
    cost_million_vnd: float | None
    group: str


def remedies(corner: Corner, candidates: tuple[StationPath, ...], serving: tuple[str, ...], point: int) -> Remedies:
    """Return what would fix a village that is white or weak; nothing for one that is covered or unknown.

    Parameters
    ----------
    candidates
        Stations as seen from the place that decides, best first.
    serving
        Operators whose signal the centre has; a policy that asks for several counts each once.
    point
        The place that decides.
    """
    targets = targets_of(corner)
    if targets is None:
        return NO_REMEDIES
    missing_operators = max(corner.policy.min_operators - len(serving), 0)
    # A policy of several operators is not helped by one whose signal is there, except to a cluster.
    lit = frozenset(serving) if missing_operators else frozenset[str]()
    usable = tuple(path for path in candidates if path.operator not in lit or not path.operator)
    reachable = tuple(path for path in usable if path.distance_km <= path.limit_km and path.terrain_known)
    drafts = [*_raised(corner, reachable), *_retuned(corner, reachable, targets)]
    drafts += [*_shared(corner, lit, point), *_built(corner, lit, point)]
    fixes = _that_suffice(corner, drafts, targets)
    priced = [fix for fix in fixes if fix.cost_million_vnd is not None]
    kinds: tuple[FixKind, ...] = ("raise", "retune", "share", "build")
    return Remedies(
        missing_db=_missing_db(corner, reachable, targets),
        points=len(targets.which),
        operators_missing=missing_operators,
        fixes=fixes,
        tried=MappingProxyType({kind: len({draft.group for draft in drafts if draft.kind == kind}) for kind in kinds}),
        cheapest=min(priced, key=lambda fix: fix.cost_million_vnd or 0.0, default=None),
        power_is_priced=costs.price_list(corner.project)[costs.SOLAR] != (0.0, 0.0),
        prices_are_estimates=costs.are_estimates(corner.project, {fix.kind for fix in fixes}),
    )


def _missing_db(corner: Corner, reachable: tuple[StationPath, ...], targets: Targets) -> float:
    """Return how far the best station's signal lies below what is needed; NaN if no path is known. [dB]"""
    if not reachable:
        return math.nan
    rows = corner.stations.iloc[[path.station_row for path in reachable]]
    trial = attempt(corner, rows, targets.points)
    best_db = max(targets.deciding_db(margins) for margins in trial.sure_margin_db)
    return -best_db if math.isfinite(best_db) else math.nan


def _raised(corner: Corner, reachable: tuple[StationPath, ...]) -> Iterator[_Draft]:
    """Yield the best station of each of the best positions at every greater height."""
    prices = costs.price_list(corner.project)
    first: dict[str, StationPath] = {}
    for path in reachable:
        first.setdefault(path.position_id, path)
    for path in list(first.values())[:RAISED_POSITIONS]:
        now_m = path.antenna_height_m
        for more_m in np.arange(STEP_M, HIGHEST_MAST_M - now_m + STEP_M / 2.0, STEP_M).tolist():
            row = _row(corner, path, antenna_height_m=now_m + more_m)
            cost = costs.price_million_vnd(prices, {costs.MAST: more_m})
            change = Change("antenna_height_m", now_m, now_m + more_m)
            yield _Draft("raise", row, path.station_id, (path.operator,), (change,), cost, path.position_id)


def _retuned(corner: Corner, reachable: tuple[StationPath, ...], targets: Targets) -> Iterator[_Draft]:
    """Yield stations with a sector turned to the village, its tilt set to it, more power, or all of that."""
    chosen = reachable[:RETUNED_STATIONS]
    if not chosen:
        return
    rows = corner.stations.iloc[[path.station_row for path in chosen]]
    trial = attempt(corner, rows, targets.points)
    cost = costs.price_million_vnd(costs.price_list(corner.project), {costs.RETUNE: 1.0})
    for at, path in enumerate(chosen):
        settings = _settings(corner, path, trial, at)
        for names in (("azimuth_deg",), ("tilt_deg",), ("power_dbm",), ("azimuth_deg", "tilt_deg"), tuple(settings)):
            if all(name in settings for name in names):
                row = _row(corner, path, **{name: settings[name][0] for name in names})
                changes = tuple(settings[name][1] for name in names)
                yield _Draft(
                    "retune", row, path.station_id, (path.operator,), changes, cost, f"{path.station_row}"
                )  # fmt: skip


def _settings(corner: Corner, path: StationPath, trial: Trial, at: int) -> dict[str, tuple[object, Change]]:
    """Return each setting that could be changed: the new value of its column, and the change."""
    row = corner.stations.iloc[path.station_row]
    hardest = int(np.argmin(trial.margin_db[at]))
    towards_deg = float(np.round(trial.azimuth_deg[at, hardest])) % 360.0
    down_deg = float(np.round(-trial.elevation_deg[at, hardest], 1)) + 0.0
    settings: dict[str, tuple[object, Change]] = {}
    pointing = sectors(str(row["azimuth_deg"]))
    if pointing:
        off_deg = [abs((sector - towards_deg + 180.0) % 360.0 - 180.0) for sector in pointing]
        nearest = int(np.argmin(off_deg))
        turned = [*pointing[:nearest], towards_deg, *pointing[nearest + 1 :]]
        change = Change("azimuth_deg", pointing[nearest], towards_deg)
        if towards_deg != pointing[nearest]:
            settings["azimuth_deg"] = "/".join(f"{sector:g}" for sector in turned), change
    tilt_deg, power_dbm = float(row["tilt_deg"]), float(row["power_dbm"])
    if math.isfinite(tilt_deg) and tilt_deg != down_deg:
        settings["tilt_deg"] = down_deg, Change("tilt_deg", tilt_deg, down_deg)
    settings["power_dbm"] = power_dbm + MORE_POWER_DB, Change("power_dbm", power_dbm, power_dbm + MORE_POWER_DB)
    return settings


def _shared(corner: Corner, lit: frozenset[str], point: int) -> Iterator[_Draft]:
    """Yield, for each position nearby, what an operator does not have there yet, with a sector turned to the place."""
    points, (counted, distance_km) = corner.physics.scene.where.points, _counted(corner, point)
    everyone = {name for name in counted["operator"].tolist() if name}
    near = counted.assign(distance_km=distance_km)
    near = near[near["distance_km"] <= SHARED_WITHIN_KM]
    order = near.groupby("position_id")["distance_km"].min().sort_values(kind="stable").index[:SHARED_POSITIONS]
    cost = costs.price_million_vnd(costs.price_list(corner.project), {costs.TENANCY: 1.0})
    for position_id in order.tolist():
        here = near[near["position_id"] == position_id]
        longitude, latitude = float(here["longitude"].iloc[0]), float(here["latitude"].iloc[0])
        _, azimuth_deg = distance_and_azimuth(longitude, latitude, points.longitude[point], points.latitude[point])
        towards_deg = float(np.round(azimuth_deg)) % 360.0
        for generation, band_mhz in SHARED_SYSTEMS:
            there = set(here.loc[here["generation"] == generation, "operator"].tolist())
            absent = tuple(sorted(everyone - there - lit))
            if generation not in corner.policy.generations or not absent:
                continue
            row = _new_row(
                position_id, generation, band_mhz, longitude=longitude, latitude=latitude,
                antenna_height_m=tenant_height_m(float(here["antenna_height_m"].min())), azimuth_deg=f"{towards_deg:g}",
            )  # fmt: skip
            change = Change("azimuth_deg", math.nan, towards_deg)
            yield _Draft("share", row, NEW, absent, (change,), cost, str(position_id))


def _built(corner: Corner, lit: frozenset[str], point: int) -> Iterator[_Draft]:
    """Yield a new position at the place that decides, on air by the first generation that the policy counts."""
    if not corner.policy.generations:
        return
    points, (counted, distance_km) = corner.physics.scene.where.points, _counted(corner, point)
    generation = corner.policy.generations[0]
    row = _new_row(
        "", generation, corner.project.bands[generation].band_mhz, longitude=float(points.longitude[point]),
        latitude=float(points.latitude[point]), antenna_height_m=math.nan, azimuth_deg="",
    )  # fmt: skip
    line_km = float(distance_km.min()) if len(distance_km) else math.nan
    cost = _new_position_million_vnd(corner, row, counted) if len(counted) else None
    operators = tuple(sorted({name for name in counted["operator"].tolist() if name} - lit))
    yield _Draft("build", row, NEW, operators, (Change("transmission_km", math.nan, line_km),), cost, "")


def _new_position_million_vnd(corner: Corner, row: Mapping[str, object], counted: pd.DataFrame) -> float:
    """Return what ``site`` would ask for a new mast there."""
    import pandas as pd

    place = pd.DataFrame([{**row, "kind": "own"}])
    priced = candidate_costs(
        place,
        counted.drop_duplicates("position_id"),
        ground_m=ground_heights_m(corner.inputs.terrain, place),
        has_grid_power=is_fed(corner.physics.judged.table["has_grid_power"]),
        ranges=cost_ranges(corner.project.file, corner.project.costs),
    )
    return float(priced.middle[0])


def _counted(corner: Corner, point: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the stations that radiate, and how far each is from a point. [km]"""
    points = corner.physics.scene.where.points
    counted = corner.stations[corner.stations["counted"].to_numpy(dtype=bool)]
    distance_km, _ = distance_and_azimuth(
        counted["longitude"].to_numpy(dtype=np.float64), counted["latitude"].to_numpy(dtype=np.float64),
        points.longitude[point], points.latitude[point],
    )  # fmt: skip
    return counted, np.asarray(distance_km, dtype=np.float64)


def _row(corner: Corner, path: StationPath, **settings: object) -> dict[str, object]:
    """Return a station's row of the register with some settings changed."""
    return {**corner.stations.iloc[path.station_row].to_dict(), **settings}


def _new_row(
    position_id: str,
    generation: str,
    band_mhz: float,
    *,
    longitude: float,
    latitude: float,
    antenna_height_m: float,
    azimuth_deg: str,
) -> dict[str, object]:
    """Return the row of a station that does not exist; what is NaN takes the generation's default."""
    return {
        "station_id": NEW, "position_id": position_id, "operator": "", "generation": generation,
        "longitude": longitude, "latitude": latitude, "band_mhz": band_mhz, "bandwidth_mhz": math.nan,
        "antenna_height_m": antenna_height_m, "power_dbm": math.nan, "gain_dbi": math.nan, "azimuth_deg": azimuth_deg,
        "tilt_deg": math.nan, "beamwidth_deg": math.nan, "status": "on-air", "file": "",
    }  # fmt: skip


def _that_suffice(corner: Corner, drafts: list[_Draft], targets: Targets) -> tuple[Fix, ...]:
    """Return of each station or position the first remedy that suffices, of each kind the best few."""
    if not drafts:
        return ()
    import pandas as pd

    rows, _ = fill_defaults(pd.DataFrame([draft.row for draft in drafts]), corner.project.bands)
    trial = attempt(corner, rows, targets.points)
    found: dict[tuple[str, str], Fix] = {}
    for at, draft in enumerate(drafts):
        margin_db = targets.deciding_db(trial.sure_margin_db[at])
        key = draft.kind, draft.group
        better = draft.kind == "share" and key in found and margin_db > found[key].margin_db
        if margin_db >= 0.0 and (key not in found or better):
            found[key] = _fix(draft, rows.iloc[at].to_dict(), float(trial.distance_km[at, 0]), margin_db)
    return _listed(tuple(found.values()))


def _fix(draft: _Draft, row: Mapping[str, object], distance_km: float, margin_db: float) -> Fix:
    return Fix(
        kind=draft.kind,
        position_id=str(row["position_id"]),
        station_id=draft.station_id,
        operators=draft.operators,
        generation=str(row["generation"]),
        band_mhz=float(str(row["band_mhz"])),
        antenna_height_m=float(str(row["antenna_height_m"])),
        distance_km=distance_km,
        changes=draft.changes,
        margin_db=margin_db,
        cost_million_vnd=draft.cost_million_vnd,
    )


def _listed(fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """Return the best few of each kind: least metres of mast, fewest settings, most margin."""
    retuned = sorted((fix for fix in fixes if fix.kind == "retune"), key=lambda fix: len(fix.changes))
    raised = sorted(
        (fix for fix in fixes if fix.kind == "raise"), key=lambda fix: fix.changes[0].after - fix.changes[0].before
    )
    shared = sorted((fix for fix in fixes if fix.kind == "share"), key=lambda fix: (-fix.margin_db, fix.position_id))
    built = [fix for fix in fixes if fix.kind == "build"]
    return (*retuned[:LISTED], *raised[:LISTED], *shared[:LISTED], *built)

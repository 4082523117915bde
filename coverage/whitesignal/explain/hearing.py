"""What a village hears, operator by operator and generation by generation, and what is left without some of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import GENERATIONS
from whitesignal.explain.facts import Hearing, Verdict, Without
from whitesignal.explain.trial import Corner
from whitesignal.propagation.catalog import model
from whitesignal.villages.draws import error_model
from whitesignal.villages.policy import heard, resolved
from whitesignal.villages.probability import certainty, village_probabilities
from whitesignal.villages.rules import Scene, judged, of_operator
from whitesignal.villages.status import best_cells, policy_threshold_dbm, served_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.bands import Generation
    from whitesignal.project import Policy

SWITCHED_OFF: tuple[tuple[Generation, ...], ...] = (("2G",), ("3G",), ("2G", "3G"))
"""What is looked at going dark: each of the old generations, and both."""

CENTRE = 0
"""A village's centre is the first of its points; of one without a place nothing is computed."""


def hearings(corner: Corner) -> tuple[Hearing, ...]:
    """Return what is heard from each operator by each generation, each for itself: any of them first."""
    scene = corner.physics.scene
    operators = ("", *sorted({name for name in scene.cells.operator.tolist() if name}))
    alone = replace(corner.policy, min_operators=1, every_operator=False)
    return tuple(
        _hearing(corner, alone, operator, generation) for operator in operators for generation in ("", *GENERATIONS)
    )


def without_generations(corner: Corner) -> tuple[Without, ...]:
    """Return the verdicts of the project's policy with the old generations switched off."""
    found = []
    for dropped in SWITCHED_OFF:
        left = tuple(name for name in corner.policy.generations if name not in dropped)
        policy = resolved(replace(corner.project.policy, generations=left), corner.physics.scene.cells)
        found.append(Without(dropped, verdict_of(corner, policy, corner.heard)))
    return tuple(found)


def verdict_of(corner: Corner, policy: Policy, scene: Scene) -> Verdict:
    """Return what a policy of a known number of operators says of the village in a scene, or with part of it."""
    state, verdicts = judged(scene, policy, corner.project.thresholds, 1)
    levels = heard(scene.levels, scene.cells, scene.radiators, policy)
    margin_db = _margin_db(corner, scene, policy)
    names = served_names(levels, scene.cells, scene.cells.operator, margin_db, len(state))[CENTRE]
    operators = tuple(name for name in names.split(";") if name)
    p_signal, p_covered = _chances(corner, policy, scene, state)
    sure = "" if math.isnan(p_signal) else str(certainty(np.asarray([p_signal]))[0])
    return Verdict(str(verdicts.status[0]), operators, p_signal, p_covered, sure)


def _chances(corner: Corner, policy: Policy, scene: Scene, state: NDArray[np.int8]) -> tuple[float, float]:
    project = corner.project
    if project.uncertainty.draws == 0 or model(project.radio.model).for_comparison:
        return math.nan, math.nan
    chances = village_probabilities(
        heard(scene.levels, scene.cells, scene.radiators, policy),
        scene.cells,
        radiators=scene.radiators,
        villages=corner.physics.judged.table,
        where=scene.where,
        state=state,
        policy=policy,
        thresholds=project.thresholds,
        errors=error_model(project),
    )
    return float(chances.p_village_signal[0]), float(chances.p_village_covered[0])


def _hearing(corner: Corner, alone: Policy, operator: str, generation: str) -> Hearing:
    # Asked for by name, a generation is judged even where the policy does not count it.
    counted = tuple(name for name in GENERATIONS if name == generation) or alone.generations
    policy = replace(alone, generations=counted)
    scene = of_operator(corner.heard, operator) if operator else corner.heard
    pair, margin_db = _best_at_centre(corner, scene, policy)
    station_id, level_dbm = "", math.nan
    if pair >= 0:
        row = scene.cells.station_row[scene.levels.cell[pair]]
        station_id = str(corner.stations["station_id"].iloc[int(row)])
        level_dbm = float(scene.levels.level_dbm[pair])
    return Hearing(operator, generation, station_id, level_dbm, margin_db, verdict_of(corner, policy, scene))


def _best_at_centre(corner: Corner, scene: Scene, policy: Policy) -> tuple[int, float]:
    """Return the pair with the largest margin at the centre, -1 for none, and that margin."""
    margin_db = _margin_db(corner, scene, policy)
    pair = int(best_cells(scene.levels, scene.cells, margin_db, len(scene.where.points))[0][CENTRE])
    if pair < 0 or not np.isfinite(margin_db[pair]):
        return -1, math.nan
    return pair, float(margin_db[pair])


def _margin_db(corner: Corner, scene: Scene, policy: Policy) -> NDArray[np.float64]:
    """Return each pair's margin by a policy, -inf for generations that it does not count. [dB]"""
    levels = heard(scene.levels, scene.cells, scene.radiators, policy)
    return levels.margin_db(policy_threshold_dbm(scene.cells, corner.project.thresholds, policy))


def margins_at_points(corner: Corner) -> Iterator[float]:
    """Yield the best margin over known terrain at each of the village's points, NaN where there is none. [dB]"""
    scene = corner.heard
    margin_db = _margin_db(corner, scene, corner.policy)
    for pair in best_cells(scene.levels, scene.cells, margin_db, len(scene.where.points))[0].tolist():
        yield float(margin_db[pair]) if pair >= 0 and np.isfinite(margin_db[pair]) else math.nan

"""Which points are served in which draws of the model's error: the loop behind the probabilities.

Links (a cell's known path to a point) lie sorted by village, point and group; a group is one position at one point,
and the groups of a point come by the falling margin of their best link. A draw that one group has settled is not drawn
again for the next, so most work ends early, and nothing is left out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.draws import fill_normals
from whitesignal.kernels.jit import kernel, part

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]

PROVINCE, POSITION, VILLAGE, PAIR, LOCATION = (np.uint64(component) for component in range(5))
"""The components of the error: what is drawn, and the places of their standard deviations in ``sigma_db``."""

NOBODY = np.uint64(0)

SHARES, NORMALS, ERROR_DB, PROVINCE_DB, OWN_DB, SHARED_DB = range(6)
"""Rows of the working space for numbers; from `SHARED_DB` on one for each position as a village sees it."""

WAITING, EVERYTHING, SEEN, COUNT = range(4)
"""Rows of the working space for counts."""
COUNT_ROWS = 4

SHARE_WORTH_KEEPING = 0.25
"""Errors of a position at a village are drawn whole, for its other points too, where a point needs this share."""


@kernel
def serve_villages(
    first_village: int,
    end_village: int,
    point_start: Rows,
    group_start: Rows,
    link_start: Rows,
    slot_start: Rows,
    group_slot: Rows,
    village_key: Keys,
    point_key: Keys,
    slot_key: Keys,
    margin_db: Floats,
    location_sigma_db: Floats,
    operator_bit: Rows,
    min_operators: int,
    sigma_db: Floats,
    seed_key: np.uint64,
    draw_keys: Keys,
    numbers: Floats,
    counts: Rows,
    served: NDArray[np.bool_],
) -> None:
    """Write which points of some villages are served in each draw, shape (their points, draws).

    ``point_start[v]`` to ``point_start[v + 1]`` are village v's points, and so on: ``group_start`` by point,
    ``link_start`` by group, ``slot_start`` by village. A slot is one position as one village sees it: ``group_slot``
    counts them from the village's first, ``slot_key`` is the position's name. ``numbers`` and ``counts`` are working
    space, shapes (SHARED_DB + most slots of a village, draws) and (COUNT_ROWS, draws).
    """
    draws = draw_keys.size
    shares, normals, error_db = numbers[SHARES], numbers[NORMALS], numbers[ERROR_DB]
    province_db, own_db = numbers[PROVINCE_DB], numbers[OWN_DB]
    waiting, everything, seen, count = counts[WAITING], counts[EVERYTHING], counts[SEEN], counts[COUNT]
    for draw in range(draws):
        everything[draw], province_db[draw] = draw, 0.0
    _add_component(
        draw_keys, everything, draws, seed_key, PROVINCE, NOBODY, NOBODY, sigma_db, shares, normals, province_db
    )
    for village in range(first_village, end_village):
        name = village_key[village]
        first_slot = slot_start[village]
        for row in range(SHARED_DB, SHARED_DB + slot_start[village + 1] - first_slot):
            numbers[row, 0] = math.nan
        for draw in range(draws):
            own_db[draw] = province_db[draw]
        _add_component(draw_keys, everything, draws, seed_key, VILLAGE, name, NOBODY, sigma_db, shares, normals, own_db)
        for point in range(point_start[village], point_start[village + 1]):
            served_here = served[point - point_start[first_village]]
            left = _all_waiting(waiting, seen, count, served_here)
            for group in range(group_start[point], group_start[point + 1]):
                slot = group_slot[group]
                position = slot_key[first_slot + slot]
                _fill_errors(
                    draw_keys, everything, waiting, left, seed_key, position, name, sigma_db, own_db, shares, normals,
                    numbers[SHARED_DB + slot], error_db,
                )  # fmt: skip
                fill_normals(draw_keys, waiting, left, seed_key, LOCATION, position, point_key[point], shares, normals)
                left = _settled(
                    link_start[group], link_start[group + 1], margin_db, location_sigma_db, operator_bit, min_operators,
                    error_db, normals, waiting, left, seen, count, served_here,
                )  # fmt: skip


@part
def _all_waiting(waiting: Rows, seen: Rows, count: Rows, served: NDArray[np.bool_]) -> int:
    """Set every draw of a point to be settled, none served; return how many there are."""
    for draw in range(waiting.size):
        waiting[draw], seen[draw], count[draw], served[draw] = draw, 0, 0, False
    return waiting.size


@part
def _add_component(
    draw_keys: Keys,
    chosen: Rows,
    count: int,
    seed_key: np.uint64,
    component: np.uint64,
    first: np.uint64,
    second: np.uint64,
    sigma_db: Floats,
    shares: Floats,
    normals: Floats,
    error_db: Floats,
) -> None:
    """Add one component's error in the first ``count`` of the chosen draws, each in its place among them."""
    own_sigma_db = sigma_db[component]
    if own_sigma_db > 0.0:
        fill_normals(draw_keys, chosen, count, seed_key, component, first, second, shares, normals)
        for place in range(count):
            error_db[place] += own_sigma_db * normals[place]


@part
def _fill_errors(
    draw_keys: Keys,
    everything: Rows,
    waiting: Rows,
    left: int,
    seed_key: np.uint64,
    position: np.uint64,
    village: np.uint64,
    sigma_db: Floats,
    own_db: Floats,
    shares: Floats,
    normals: Floats,
    shared_db: Floats,
    error_db: Floats,
) -> None:
    """Write what all points of a village err by from a position, in the waiting draws.

    Drawn whole into ``shared_db`` where many draws wait, else only where they do: the numbers are the same. Where they
    have not been drawn whole before, ``shared_db`` begins with NaN.
    """
    kept = not math.isnan(shared_db[0])
    if kept or left >= SHARE_WORTH_KEEPING * draw_keys.size:
        if not kept:
            _draw_errors(
                draw_keys, everything, draw_keys.size, seed_key, position, village, sigma_db, own_db, shares, normals,
                shared_db,
            )  # fmt: skip
        for place in range(left):
            error_db[place] = shared_db[waiting[place]]
    else:
        _draw_errors(draw_keys, waiting, left, seed_key, position, village, sigma_db, own_db, shares, normals, error_db)


@part
def _draw_errors(
    draw_keys: Keys,
    chosen: Rows,
    count: int,
    seed_key: np.uint64,
    position: np.uint64,
    village: np.uint64,
    sigma_db: Floats,
    own_db: Floats,
    shares: Floats,
    normals: Floats,
    error_db: Floats,
) -> None:
    """Write the same in the first ``count`` of the chosen draws, each in its place among them."""
    for place in range(count):
        error_db[place] = own_db[chosen[place]]
    _add_component(draw_keys, chosen, count, seed_key, POSITION, position, NOBODY, sigma_db, shares, normals, error_db)
    _add_component(draw_keys, chosen, count, seed_key, PAIR, position, village, sigma_db, shares, normals, error_db)


@part
def _settled(
    first_link: int,
    end_link: int,
    margin_db: Floats,
    location_sigma_db: Floats,
    operator_bit: Rows,
    min_operators: int,
    error_db: Floats,
    deviations: Floats,
    waiting: Rows,
    left: int,
    seen: Rows,
    count: Rows,
    served: NDArray[np.bool_],
) -> int:
    """Take one position's links to a point into the draws still waiting; return how many stay so."""
    still = 0
    for place in range(left):
        draw = waiting[place]
        for link in range(first_link, end_link):
            if margin_db[link] - (error_db[place] + location_sigma_db[link] * deviations[place]) >= 0.0:
                if seen[draw] & operator_bit[link] == 0:
                    seen[draw] |= operator_bit[link]
                    count[draw] += 1
                if count[draw] >= min_operators:
                    served[draw] = True
                    break
        if not served[draw]:
            waiting[still] = draw
            still += 1
    return still

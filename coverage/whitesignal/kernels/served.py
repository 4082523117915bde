"""Which points are served in which draws of the model's error: the loop behind the probabilities.

Links (a cell's known path to a point) lie sorted by village, point and group; a group is one position at one point,
and the groups of a point come by the falling margin of their best link. A draw that one group has settled is not drawn
again for the next, so most work ends early, and nothing is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whitesignal.kernels.draws import fill_normals, stream_key
from whitesignal.kernels.jit import kernel, part

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]

PROVINCE, POSITION, VILLAGE, PAIR, LOCATION = 0, 1, 2, 3, 4
"""The components of the error: what is drawn, and the places of their standard deviations in ``sigma_db``."""

NOBODY = np.uint64(0)

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
    operator_bit: Keys,
    min_operators: int,
    sigma_db: Floats,
    seed_key: np.uint64,
    draw_keys: Keys,
    served: NDArray[np.bool_],
) -> None:
    """Write which points of some villages are served in each draw, shape (their points, draws).

    ``point_start[v]`` to ``point_start[v + 1]`` are village v's points, and so on: ``group_start`` by point,
    ``link_start`` by group, ``slot_start`` by village. A slot is one position as one village sees it: ``group_slot``
    counts them from the village's first, ``slot_key`` is the position's name.
    """
    draws = draw_keys.size
    slots = 1
    for village in range(first_village, end_village):
        slots = max(slots, slot_start[village + 1] - slot_start[village])
    shared_db, is_kept = np.empty((slots, draws)), np.empty(slots, np.bool_)
    space, province_db, own_db = np.empty((4, draws)), np.empty(draws), np.empty(draws)
    everything, waiting = np.empty(draws, np.int64), np.empty(draws, np.int64)
    seen, count = np.empty(draws, np.uint64), np.empty(draws, np.int64)
    # Filled by hand: numpy's own would be compiled with it, at several times the cost.
    for draw in range(draws):
        everything[draw], province_db[draw] = draw, 0.0
    stream = stream_key(seed_key, np.uint64(PROVINCE), NOBODY, NOBODY)
    _add_component(draw_keys, everything, draws, stream, sigma_db[PROVINCE], space, province_db)
    for village in range(first_village, end_village):
        for slot in range(slots):
            is_kept[slot] = False
        for draw in range(draws):
            own_db[draw] = province_db[draw]
        stream = stream_key(seed_key, np.uint64(VILLAGE), village_key[village], NOBODY)
        _add_component(draw_keys, everything, draws, stream, sigma_db[VILLAGE], space, own_db)
        for point in range(point_start[village], point_start[village + 1]):
            row = point - point_start[first_village]
            left = _all_waiting(waiting, seen, count, served[row])
            for group in range(group_start[point], group_start[point + 1]):
                slot = group_slot[group]
                position = slot_key[slot_start[village] + slot]
                _fill_errors(
                    draw_keys, everything, waiting, left, seed_key, position, village_key[village], sigma_db, own_db,
                    space, shared_db[slot], is_kept[slot : slot + 1],
                )  # fmt: skip
                stream = stream_key(seed_key, np.uint64(LOCATION), position, point_key[point])
                fill_normals(draw_keys, waiting, left, stream, space[0], space[1])
                left = _settled(
                    link_start[group], link_start[group + 1], margin_db, location_sigma_db, operator_bit, min_operators,
                    space[2], space[1], waiting, left, seen, count, served[row],
                )  # fmt: skip


@part
def _all_waiting(waiting: Rows, seen: Keys, count: Rows, served: NDArray[np.bool_]) -> int:
    """Set every draw of a point to be settled, none served; return how many there are."""
    for draw in range(waiting.size):
        waiting[draw], seen[draw], count[draw], served[draw] = draw, NOBODY, 0, False
    return waiting.size


@part
def _add_component(
    draw_keys: Keys, chosen: Rows, count: int, stream: np.uint64, sigma_db: float, space: Floats, error_db: Floats
) -> None:
    """Add one component's error in the first ``count`` of the chosen draws, each in its place among them."""
    if sigma_db > 0.0:
        fill_normals(draw_keys, chosen, count, stream, space[0], space[1])
        for place in range(count):
            error_db[place] += sigma_db * space[1, place]


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
    space: Floats,
    shared_db: Floats,
    is_kept: NDArray[np.bool_],
) -> None:
    """Write what all points of a village err by from a position, in the waiting draws, to ``space[2]``.

    Drawn whole into ``shared_db`` where many draws wait, else only where they do: the numbers are the same.
    """
    whole = not is_kept[0] and left >= SHARE_WORTH_KEEPING * draw_keys.size
    if whole or not is_kept[0]:
        chosen, count, error_db = (everything, draw_keys.size, shared_db) if whole else (waiting, left, space[2])
        for place in range(count):
            error_db[place] = own_db[chosen[place]]
        stream = stream_key(seed_key, np.uint64(POSITION), position, NOBODY)
        _add_component(draw_keys, chosen, count, stream, sigma_db[POSITION], space, error_db)
        stream = stream_key(seed_key, np.uint64(PAIR), position, village)
        _add_component(draw_keys, chosen, count, stream, sigma_db[PAIR], space, error_db)
        is_kept[0] = whole
    if is_kept[0]:
        for place in range(left):
            space[2, place] = shared_db[waiting[place]]


@part
def _settled(
    first_link: int,
    end_link: int,
    margin_db: Floats,
    location_sigma_db: Floats,
    operator_bit: Keys,
    min_operators: int,
    error_db: Floats,
    deviations: Floats,
    waiting: Rows,
    left: int,
    seen: Keys,
    count: Rows,
    served: NDArray[np.bool_],
) -> int:
    """Take one position's links to a point into the draws still waiting; return how many stay so."""
    still = 0
    for place in range(left):
        draw = waiting[place]
        for link in range(first_link, end_link):
            if margin_db[link] - (error_db[place] + location_sigma_db[link] * deviations[place]) >= 0.0:
                if seen[draw] & operator_bit[link] == NOBODY:
                    seen[draw] |= operator_bit[link]
                    count[draw] += 1
                if count[draw] >= min_operators:
                    served[draw] = True
                    break
        if not served[draw]:
            waiting[still] = draw
            still += 1
    return still

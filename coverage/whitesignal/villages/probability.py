"""How sure a verdict is: the share of draws of the model's error in which a point or a village has signal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.radio.executor import map_in_order, silent
from whitesignal.villages.draws import ErrorModel, Links, links, name_keys
from whitesignal.villages.points import CENTRE, CLUSTER
from whitesignal.villages.status import too_few_served

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.bands import Generation, Thresholds
    from whitesignal.project import Policy
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.executor import Progress
    from whitesignal.radio.levels import Levels
    from whitesignal.villages.points import VillagePoints

Certainty = Literal["sure", "likely", "unlikely", "no", "unknown"]

SURE_FROM = 0.95
LIKELY_FROM = 0.5
UNLIKELY_FROM = 0.05
"""Least probability of signal of each class; below the last one it is "no"."""

INTERVAL_PERCENT = (5.0, 95.0)
"""Between which shares of the draws the interval lies: nine in ten."""

DRAWING = "probability"
"""The stage that progress is told of."""

POINTS_AT_A_TIME = 256


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole number as it came out in every draw, shape (draws,)."""

    draws: NDArray[np.int64]

    @property
    def expected(self) -> float:
        """The mean over all draws."""
        return int(self.draws.sum()) / len(self.draws)

    @property
    def low(self) -> int:
        """The 5th percentile: the least number that at least 5 % of the draws do not exceed."""
        return self._percentile(INTERVAL_PERCENT[0])

    @property
    def high(self) -> int:
        """The 95th percentile, counted likewise."""
        return self._percentile(INTERVAL_PERCENT[1])

    def _percentile(self, percent: float) -> int:
        return int(np.percentile(self.draws, percent, method="inverted_cdf"))


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What the draws say; every share is a number of draws over their total.

    ``p_point`` (points,): that the point is served; NaN where the rule cannot judge it (UNDECIDED).
    ``p_village_signal`` (villages,): that the centre is, so that the village is not white; ``p_village_covered``: that
    the centre and every cluster that can be judged are, and enough of the people, in the same draw. Both NaN where the
    village's status is unknown. Paths over voids never serve, so all three are lower bounds where there are any.

    ``white_villages`` and ``weak_villages`` count villages of known status; ``people_without_signal`` the people of the
    white ones, each village's rounded to whole people. ``without_population`` is how many villages of known status have
    none given: they count as villages and nobody in them as a person.
    """

    p_point: NDArray[np.float64]
    p_village_signal: NDArray[np.float64]
    p_village_covered: NDArray[np.float64]
    white_villages: Drawn
    weak_villages: Drawn
    people_without_signal: Drawn
    without_population: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What some villages in a row of the links add: counts of draws by point and village, of villages by draw."""

    point: NDArray[np.int64]
    signal: NDArray[np.int64]
    covered: NDArray[np.int64]
    white: NDArray[np.int64]
    weak: NDArray[np.int64]
    people: NDArray[np.int64]


def village_probabilities(
    levels: Levels,
    cells: Cells,
    *,
    radiators: Radiators,
    villages: pd.DataFrame,
    where: VillagePoints,
    state: NDArray[np.int8],
    policy: Policy,
    thresholds: Mapping[Generation, Thresholds],
    errors: ErrorModel,
    jobs: int = 1,
    progress: Progress = silent,
) -> Probabilities:
    """Return how probable signal is at points and in villages, by drawing the error of the levels.

    A point is served in a draw where at least the policy's number of operators each have a cell whose margin, less the
    error, is not negative. The margin is the lesser of the level's over the threshold and the uplink's: one error
    shifts both, being the path's loss.

    Parameters
    ----------
    levels, cells, radiators
        The computed levels; cells on one position_id share every error of theirs.
    villages
        Columns village_id and population, a row per village.
    where, state
        The points, and what ``judge_points`` says of them under the same policy.
    policy, thresholds
        The rule that tells served from not.
    errors
        What the levels may err by, how often it is drawn and from which seed.
    jobs
        Threads; the outcome is the same for any number.

    Notes
    -----
    Every normal is a pure function of the seed, the component, the draw's number, and the names of the position, the
    village and the point: a station more, or rows in another order, change no other draw, and of more draws the first
    stay the same. Without errors (all standard deviations 0) every draw is the verdict of ``judge_points``.

    The verdict's own count of white villages need not lie within the interval: where many stations are in reach, luck
    with one of them suffices, so the best true level is on average better than the best computed one. What the stations
    share (province, village) does not do this, what each has alone (position, pair, location) does.
    """
    chosen = links(
        levels, cells, radiators=radiators, villages=villages, where=where, state=state, policy=policy,
        thresholds=thresholds, location_width_m=errors.location_width_m,
    )  # fmt: skip
    people = villages["population"].to_numpy(dtype=np.float64)[chosen.village]
    whole_people = np.rint(np.nan_to_num(people)).astype(np.int64)
    kind, people_at = where.kind[chosen.point], where.people[chosen.point]
    spans = _spans(chosen.point_start)
    draw_keys = _draw_keys(errors)

    def drawn(span: tuple[int, int]) -> _Chunk:
        served = _served(chosen, errors, draw_keys, span)
        return _tallied(served, chosen.point_start, kind, people_at, whole_people, policy.min_people_percent, span)

    chunks = list(map_in_order(drawn, spans, jobs=jobs, stage=DRAWING, progress=progress))
    nothing = np.zeros(errors.draws, dtype=np.int64)
    p_point = np.full(len(where.village), np.nan)
    p_signal, p_covered = np.full((2, len(villages)), np.nan)
    if chunks:
        p_point[chosen.point] = np.concatenate([chunk.point for chunk in chunks]) / errors.draws
        p_signal[chosen.village] = _share(np.concatenate([chunk.signal for chunk in chunks]), errors.draws)
        p_covered[chosen.village] = _share(np.concatenate([chunk.covered for chunk in chunks]), errors.draws)
    return Probabilities(
        p_point=p_point,
        p_village_signal=p_signal,
        p_village_covered=p_covered,
        white_villages=Drawn(sum((chunk.white for chunk in chunks), nothing)),
        weak_villages=Drawn(sum((chunk.weak for chunk in chunks), nothing)),
        people_without_signal=Drawn(sum((chunk.people for chunk in chunks), nothing)),
        without_population=int(np.count_nonzero(np.isnan(people) & np.isfinite(p_signal[chosen.village]))),
    )


def served_in_draws(chosen: Links, errors: ErrorModel) -> NDArray[np.bool_]:
    """Return which points are served in which draw, shape (points of the links, draws)."""
    spans = _spans(chosen.point_start)
    parts = [_served(chosen, errors, _draw_keys(errors), span) for span in spans]
    return np.concatenate([np.zeros((0, errors.draws), dtype=np.bool_), *parts])


def certainty(p_signal: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return how sure signal is in words: sure, likely, unlikely, no; unknown where the probability is NaN.

    Examples
    --------
    >>> certainty(np.array([1.0, 0.95, 0.5, 0.4, 0.049, np.nan])).tolist()
    ['sure', 'sure', 'likely', 'unlikely', 'no', 'unknown']
    """
    words = np.full(p_signal.shape, "no", dtype=object)
    steps: tuple[tuple[float, Certainty], ...] = (
        (UNLIKELY_FROM, "unlikely"),
        (LIKELY_FROM, "likely"),
        (SURE_FROM, "sure"),
    )
    for least, word in steps:
        words[p_signal >= least] = word
    words[np.isnan(p_signal)] = "unknown"
    return words


def _spans(point_start: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return runs of villages, first and one past the last, each of about as many points."""
    spans = []
    first, villages = 0, len(point_start) - 1
    while first < villages:
        end = int(np.searchsorted(point_start, point_start[first] + POINTS_AT_A_TIME, side="right")) - 1
        end = max(end, first + 1)
        spans.append((first, end))
        first = end
    return spans


def _seed_key(errors: ErrorModel) -> np.uint64:
    return np.uint64(name_keys([str(errors.seed)])[0])


def _draw_keys(errors: ErrorModel) -> NDArray[np.uint64]:
    from whitesignal.kernels import draws

    return draws.made_draw_keys(_seed_key(errors), errors.draws)


def _served(
    chosen: Links, errors: ErrorModel, draw_keys: NDArray[np.uint64], span: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return which points of some villages are served in which draw, shape (their points, draws)."""
    from whitesignal.kernels import served

    first, end = span
    found = np.empty((chosen.point_start[end] - chosen.point_start[first], errors.draws), dtype=np.bool_)
    slots = int(np.diff(chosen.slot_start[first : end + 1]).max(initial=0))
    served.serve_villages(
        first, end, chosen.point_start, chosen.group_start, chosen.link_start, chosen.slot_start, chosen.group_slot,
        chosen.village_key, chosen.point_key, chosen.slot_key, chosen.margin_db, chosen.location_sigma_db,
        chosen.operator_bit.view(np.int64), chosen.min_operators,
        np.array([errors.province_db, errors.position_db, errors.village_db, errors.pair_db]),
        _seed_key(errors), draw_keys, np.empty((served.SHARED_DB + slots, errors.draws)),
        np.empty((served.COUNT_ROWS, errors.draws), dtype=np.int64), found,
    )  # fmt: skip
    return found


def _tallied(
    served: NDArray[np.bool_],
    point_start: NDArray[np.int64],
    kind: NDArray[np.int8],
    people_at: NDArray[np.float64],
    people: NDArray[np.int64],
    min_people_percent: float,
    span: tuple[int, int],
) -> _Chunk:
    """Return what some villages add, from the draws of their points; -1 for villages whose centre is not judged."""
    first, end = span
    draws = served.shape[1]
    white, weak, without = np.zeros((3, draws), dtype=np.int64)
    signal, covered = np.full((2, end - first), -1, dtype=np.int64)
    offset = int(point_start[first])
    for village in range(first, end):
        points = slice(int(point_start[village]), int(point_start[village + 1]))
        here, kinds, weights = served[points.start - offset : points.stop - offset], kind[points], people_at[points]
        centre = np.flatnonzero(kinds == CENTRE)
        if len(centre) == 0:
            continue
        has_signal = here[centre[0]]
        everywhere = has_signal & here[kinds == CLUSTER].all(axis=0)
        if weights.any():
            everywhere &= ~too_few_served(weights @ ~here, weights.sum(), min_people_percent)
        signal[village - first] = np.count_nonzero(has_signal)
        covered[village - first] = np.count_nonzero(everywhere)
        white += ~has_signal
        weak += has_signal & ~everywhere
        without += ~has_signal * people[village]
    return _Chunk(served.sum(axis=1), signal, covered, white, weak, without)


def _share(count: NDArray[np.int64], draws: int) -> NDArray[np.float64]:
    """Return counts over draws, NaN for those that are -1."""
    return np.where(count >= 0, count / draws, np.nan)

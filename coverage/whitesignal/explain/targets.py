"""The places of a village that need signal, and which of them decides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.explain.trial import Corner, points_at
from whitesignal.villages.points import PEOPLE
from whitesignal.villages.status import SERVED, UNSERVED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.radio.reach import SamplePoints


@dataclass(frozen=True, slots=True)
class Targets:
    """Places without signal that a remedy must reach; arrays of shape (places,).

    ``people`` live at each; of them all ``people_needed`` must get signal. NaN asks for every place.
    """

    which: NDArray[np.int64]
    points: SamplePoints
    people: NDArray[np.float64]
    people_needed: float

    def deciding_db(self, margin_db: NDArray[np.float64]) -> float:
        """Return the margin at the place that decides, from those at all of them: enough have signal if it is ≥ 0.

        Examples
        --------
        With 10, 30 and 5 people at three places and 40 to be reached the second best place decides:

        >>> targets = Targets(np.arange(3), None, np.array([10.0, 30.0, 5.0]), 40.0)
        >>> targets.deciding_db(np.array([-2.0, 7.0, -9.0]))
        -2.0
        """
        if math.isnan(self.people_needed):
            return float(margin_db.min())
        order = np.argsort(-margin_db, kind="stable")
        reached = np.cumsum(self.people[order])
        enough = np.flatnonzero(reached >= self.people_needed * (1.0 - 1e-12))
        return float(margin_db[order[enough[0]]]) if len(enough) else -math.inf


def targets_of(corner: Corner) -> Targets | None:
    """Return where signal is needed: a white village's centre, a weak one's clusters or people; None if nowhere."""
    scene, state = corner.physics.scene, corner.physics.judged.state
    status = str(corner.physics.judged.table["status"].iloc[0])
    if status == "white":
        return Targets(np.asarray([0]), points_at(corner, np.asarray([0])), np.zeros(1), math.nan)
    if status != "weak":
        return None
    which = np.flatnonzero(state == UNSERVED)
    people = scene.where.people
    needed = math.nan
    if (scene.where.kind == PEOPLE).any():
        served = float(people[state == SERVED].sum())
        judged = served + float(people[which].sum())
        needed = corner.policy.min_people_percent / 100.0 * judged - served
    return Targets(which, points_at(corner, which), people[which], needed)

"""Positions from coordinates: which rows of a register stand at one mast, if their places alone are asked.

The rule is complete linkage: two groups become one where even their places furthest apart lie within the radius, the
nearest two groups first. So no position is wider than the radius, and a row of masts, each near the next, does not
chain into one. Places with equal coordinates are always together. Ties go to the westernmost, then southernmost group,
so the order of the rows means nothing. As the radius grows, groups only join: the number of positions never rises.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.inputs.nearness import near_pairs
from whitesignal.inputs.station_identity import POSITION_DECIMALS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

GIVEN_MM = -1
"""Height of a join that the register itself makes: it holds at every radius."""


@dataclass(frozen=True, slots=True)
class Linkage:
    """The joins of a register's places up to ``reach_m``, in the order of their heights: one for every radius below.

    Nodes are distinct places (of distinct position_id, where given), from west to east: ``node_of_row`` has shape
    (rows,), ``longitude``, ``latitude`` and ``given`` shape (nodes,); ``given`` is empty where the register has none.
    Join k makes node ``taken[k]``'s group part of node ``kept[k]``'s, both together ``height_mm[k]`` wide.
    """

    reach_m: float
    node_of_row: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    given: NDArray[np.object_]
    height_mm: NDArray[np.int64]
    kept: NDArray[np.int64]
    taken: NDArray[np.int64]

    def positions(self, radius_m: float) -> NDArray[np.int64]:
        """Return the position of each row at a radius, numbered from west to east; shape (rows,).

        Raises
        ------
        ValueError
            If the radius is beyond ``reach_m``.
        """
        return np.unique(self._head_of_node(radius_m), return_inverse=True)[1].astype(np.int64)[self.node_of_row]

    def names(self, radius_m: float) -> NDArray[np.object_]:
        """Return a position_id for each row: the register's own, else made of the westernmost place's coordinates."""
        head = self._head_of_node(radius_m)
        name = np.array(
            [f"P{_decimal(east)}_{_decimal(north)}" for east, north in zip(self.longitude, self.latitude, strict=True)],
            dtype=object,
        )
        own = np.flatnonzero(self.given != "")
        name[head[own]] = self.given[own]
        result: NDArray[np.object_] = name[head][self.node_of_row]
        return result

    def widest_m(self, radius_m: float) -> float:
        """Return the width of the widest position that joining made, 0 where it made none. [m]"""
        made = self.height_mm[self.height_mm <= 1000.0 * radius_m]
        return max(float(made.max()), 0.0) / 1000.0 if len(made) else 0.0

    def _head_of_node(self, radius_m: float) -> NDArray[np.int64]:
        """Return the first node of each node's group."""
        if not 0.0 <= radius_m <= self.reach_m:
            raise ValueError(f"radius {radius_m:g} m is not within the linkage's 0 to {self.reach_m:g} m")
        made = self.height_mm <= 1000.0 * radius_m
        head = np.arange(len(self.longitude))
        head[self.taken[made]] = self.kept[made]
        while (head[head] != head).any():
            head = head[head]
        return head


def linkage(
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    *,
    reach_m: float,
    given: NDArray[np.object_] | None = None,
) -> Linkage:
    """Return how the rows' places join as the radius grows to ``reach_m``.

    Parameters
    ----------
    longitude, latitude
        WGS 84, finite, shape (rows,). [deg]
    reach_m
        The largest radius that will be asked. [m]
    given
        The register's own position_id, shape (rows,), empty where it has none. Rows that share one are together however
        far apart, and two of them never join; a row without joins them by the rule.

    Notes
    -----
    Defays' complete linkage, cut at a radius. Pairs beyond the radius can never join, so only those within are kept:
    O(n log n + e log e) with e pairs of places within ``reach_m``. Distances are whole millimetres, rounded up.

    References
    ----------
    Defays (1977), An efficient algorithm for a complete link method, The Computer Journal 20 (4).
    """
    names = np.full(len(longitude), "", dtype=object) if given is None else given
    labels, label = np.unique(names.astype(str), return_inverse=True)
    order = np.lexsort((label, latitude, longitude))
    places = np.stack([longitude[order], latitude[order], label[order].astype(np.float64)])
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = (places[:, 1:] != places[:, :-1]).any(axis=0)
    node_of_row = np.empty(len(order), dtype=np.int64)
    node_of_row[order] = np.cumsum(starts) - 1
    nodes = order[starts]
    node_name = labels[label[nodes]].astype(object) if len(nodes) else np.empty(0, dtype=object)
    joins = _Joining.of(longitude[nodes], latitude[nodes], node_name, reach_m).run()
    return Linkage(reach_m, node_of_row, longitude[nodes], latitude[nodes], node_name, *joins.T)


def given_positions(stations: pd.DataFrame) -> NDArray[np.object_]:
    """Return each station row's position_id where the register gave it, empty where reading made it of the place."""
    made = [
        f"P{longitude:.{POSITION_DECIMALS}f}_{latitude:.{POSITION_DECIMALS}f}"
        for longitude, latitude in zip(stations["longitude"], stations["latitude"], strict=True)
    ]
    own = stations["position_id"].to_numpy(dtype=object)
    return np.where(own == np.array(made, dtype=object), "", own)


def position_ids(stations: pd.DataFrame, *, radius_m: float) -> NDArray[np.object_]:
    """Return a position_id for each row of a station table: the register's own, else by coordinates.

    Parameters
    ----------
    stations
        Columns position_id, longitude, latitude.
    radius_m
        No position made of coordinates is wider. [m]
    """
    longitude, latitude = (stations[name].to_numpy(dtype=np.float64) for name in ("longitude", "latitude"))
    return linkage(longitude, latitude, reach_m=radius_m, given=given_positions(stations)).names(radius_m)


def _decimal(degrees: float) -> str:
    """Return a coordinate in full, with at least as many decimals as reading gives to a position made of its place."""
    return str(np.format_float_positional(degrees, min_digits=POSITION_DECIMALS))


@dataclass(frozen=True, slots=True)
class _Joining:
    """Groups in the making. ``near[g]`` maps each group that may join group g to the width of both. [mm]

    Two named nodes are never near: so a group that takes one in is near no group that has another.
    """

    near: list[dict[int, int]]
    joins: list[tuple[int, int, int]]

    @classmethod
    def of(
        cls, longitude: NDArray[np.float64], latitude: NDArray[np.float64], given: NDArray[np.object_], reach_m: float
    ) -> _Joining:
        """Return the nodes as groups, those of one position_id joined already."""
        near: list[dict[int, int]] = [{} for _ in range(len(longitude))]
        first, second, apart_mm = near_pairs(longitude, latitude, reach_m)
        both_named = (given[first] != "") & (given[second] != "")
        pairs = (column[~both_named].tolist() for column in (first, second, apart_mm))
        for one, other, apart in zip(*pairs, strict=True):
            near[one][other] = near[other][one] = apart
        joining = cls(near, [])
        heads: dict[str, int] = {}
        for node in np.flatnonzero(given != "").tolist():
            head = heads.setdefault(given[node], node)
            if head != node:
                joining.join(GIVEN_MM, head, node)
        return joining

    def run(self) -> NDArray[np.int64]:
        """Join the nearest groups until none may join, and return height, kept and taken, shape (joins, 3)."""
        waiting = [
            (apart, one, other) for one, near in enumerate(self.near) for other, apart in near.items() if one < other
        ]
        heapq.heapify(waiting)
        while waiting:
            height, kept, taken = heapq.heappop(waiting)
            # An entry is out of date where either group has since been taken or has grown.
            if self.near[kept].get(taken) == height:
                for other, apart in self.join(height, kept, taken):
                    heapq.heappush(waiting, (apart, min(kept, other), max(kept, other)))
        return np.array(self.joins, dtype=np.int64).reshape(-1, 3)

    def join(self, height: int, kept: int, taken: int) -> list[tuple[int, int]]:
        """Make one group of two, and return the groups that are further from it now, and how far."""
        self.joins.append((height, kept, taken))
        before, gone = self.near[kept], self.near[taken]
        after = {other: max(apart, gone[other]) for other, apart in before.items() if other in gone}
        for other in before:
            self.near[other].pop(kept, None)
        for other in gone:
            self.near[other].pop(taken, None)
        for other, apart in after.items():
            self.near[other][kept] = apart
        self.near[kept], self.near[taken] = after, {}
        return [(other, apart) for other, apart in after.items() if apart != before[other]]

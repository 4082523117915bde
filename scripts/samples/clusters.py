"""Residential clusters away from a village's centre; some of them, behind a ridge, without signal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samples.settlements import Attraction, Places

if TYPE_CHECKING:
    import pandas as pd
    import shapely
    from numpy.typing import NDArray

TRIES = 90


def cluster_candidates(
    rng: np.random.Generator, polygons: Sequence[shapely.Polygon], sites: Places, drawn_to: Attraction
) -> pd.DataFrame:
    """Return places inside the villages, 0.25 to 2.6 km from the centre: village, longitude, latitude."""
    import pandas as pd
    import shapely

    angle = rng.uniform(0.0, 2.0 * np.pi, (len(sites), TRIES))
    reach_km = rng.uniform(0.25, 2.6, (len(sites), TRIES))
    longitude = (sites.longitude[:, None] + reach_km * np.cos(angle) / 102.7).round(5)
    latitude = (sites.latitude[:, None] + reach_km * np.sin(angle) / 111.2).round(5)
    inside = shapely.contains_xy(np.array(polygons)[:, None], longitude, latitude)
    village, _ = np.nonzero(inside)
    frame = pd.DataFrame({"village": village, "longitude": longitude[inside], "latitude": latitude[inside]})
    rows, columns = drawn_to.ground.lattice.row_column(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    slope_deg = drawn_to.slope_deg[np.rint(rows).astype(int), np.rint(columns).astype(int)]
    return frame[slope_deg <= 28.0].reset_index(drop=True)


def choose_clusters(
    rng: np.random.Generator,
    candidates: pd.DataFrame,
    lit: NDArray[np.bool_],
    dark: NDArray[np.bool_],
    *,
    surveyed: NDArray[np.bool_],
    weak: NDArray[np.int64],
) -> pd.DataFrame:
    """Return the surveyed villages' clusters: one to four with signal, and in ``weak`` ones one or two without."""
    import pandas as pd

    chosen = []
    weak_villages = set(weak.tolist())
    for village, rows in candidates.groupby("village", sort=True).indices.items():
        if not surveyed[village] and village not in weak_villages:
            continue
        most = int(rng.integers(1, 5))
        with_signal = [row for row in rows if lit[row]][:most]
        without = [row for row in rows if dark[row]][: int(rng.integers(1, 3))] if village in weak_villages else []
        chosen.extend(sorted(with_signal + without))
    return pd.DataFrame(candidates.iloc[chosen]).reset_index(drop=True)


def name_clusters(rng: np.random.Generator, clusters: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Return the clusters in the order of their villages' ids, each with an id and some of the village's people."""
    village_id = villages["village_id"].to_numpy()[clusters["village"]]
    share = rng.uniform(0.05, 0.16, len(clusters))
    people = np.maximum(5, np.rint(villages["population"].to_numpy()[clusters["village"]] * share)).astype(int)
    table = clusters.assign(village_id=village_id, population=people)
    table = table.sort_values("village_id", kind="stable", ignore_index=True)
    number = table.groupby("village_id").cumcount() + 1
    return table.assign(cluster_id=table["village_id"] + "-" + number.astype(str))

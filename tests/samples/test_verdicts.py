"""The physics, not a list, makes 53 villages white in 2022 and 36 in 2023, all well clear of the threshold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

CLEAR_DB = 6.0
DARK_CLUSTER_DB = {"p526": 6.0, "p1812": 4.5}
"""Clusters were chosen by free space, diffraction and P.2108; P.1812's clutter leaves a few of them less clear."""
NEAR_KM = 9.0


def test_the_declared_villages_are_white_before_and_17_of_them_covered_after(
    villages: gpd.GeoDataFrame, margins_at: Callable[..., Any]
) -> None:
    declared = villages[villages["declared_status"] == "white"]
    margins = margins_at(declared)
    lit = declared["covered_on"].notna().to_numpy()
    assert margins.before.max() <= -CLEAR_DB
    assert margins.after[~lit].max() <= -CLEAR_DB
    assert margins.after[lit].min() >= CLEAR_DB


def test_every_other_village_has_signal_to_spare_from_masts_nearby(
    villages: gpd.GeoDataFrame, margins_at: Callable[..., Any]
) -> None:
    others = villages[villages["declared_status"].isna()]
    assert margins_at(others, radius_km=NEAR_KM).before.min() >= CLEAR_DB


def test_some_dozens_of_villages_are_weak_and_no_cluster_is_near_the_threshold(
    clusters: gpd.GeoDataFrame, margins_at: Callable[..., Any], model: str
) -> None:
    places = clusters.assign(longitude=clusters.geometry.x, latitude=clusters.geometry.y)
    near = margins_at(places, radius_km=NEAR_KM, spread=False)
    dark = near.before < 0.0
    assert near.before[~dark].min() >= CLEAR_DB - 0.1
    assert margins_at(places[dark], spread=False).after.max() <= -DARK_CLUSTER_DB[model]
    assert 40 <= places.loc[dark, "village_id"].nunique() <= 80

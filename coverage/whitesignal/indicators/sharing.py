"""Positions and the four metrics of sharing, and how densely positions and stations stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from whitesignal.indicators.figure import Figure, ratio
from whitesignal.sharing import Sharing

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def sharing_counts(places: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Return what each position adds to each count; one where nothing stands any more has no operators."""
    operators = places["operator_count"].to_numpy(dtype="int64")
    shared = operators >= 2
    return {
        "positions": (operators > 0).astype("int64"),
        "shared_positions": shared.astype("int64"),
        "operator_sites": operators,
        "operator_sites_on_shared": operators * shared,
    }


def sharing_figures(tally: Mapping[str, float]) -> Iterator[Figure]:
    """Yield an area's sharing: ratios of totals, never means of ratios."""
    sharing = Sharing(
        int(tally["positions"]), int(tally["shared_positions"]), int(tally["operator_sites"]),
        int(tally["operator_sites_on_shared"]),
    )  # fmt: skip
    yield Figure("positions", sharing.positions, "positions", counts="positions with a station on air")
    yield Figure("operator_sites", sharing.operator_sites, "operator-sites",
                 counts="operators at positions, whatever their generations")  # fmt: skip
    yield ratio("sharing.position", sharing.shared_positions, sharing.positions, of="positions",
                counts="positions with two or more operators")  # fmt: skip
    yield ratio("sharing.operator_site", sharing.operator_sites_on_shared, sharing.operator_sites,
                of="operator-sites", counts="operator-sites on shared positions")  # fmt: skip
    yield ratio("sharing.tenancy", sharing.operator_sites, sharing.positions, of="positions",
                unit="operator-sites per position", scale=1.0, counts="operator-sites")  # fmt: skip
    yield Figure("sharing.masts_avoided", sharing.masts_avoided, "masts", counts="operator-sites less positions")


def density_figures(tally: Mapping[str, float], area_km2: float, people: float) -> Iterator[Figure]:
    """Yield positions per area and positions and stations per people; NaN for an unknown area or number. [km²]"""
    yield ratio("density.positions_per_100_km2", tally["positions"], area_km2, of="km²",
                unit="positions per 100 km²", counts="positions with a station on air")  # fmt: skip
    for of in ("positions", "stations"):
        counts = "stations on air" if of == "stations" else "positions with a station on air"
        yield ratio(f"density.{of}_per_1000_people", tally[of], people, of="people", unit=f"{of} per 1,000 people",
                    scale=1000.0, counts=counts)  # fmt: skip

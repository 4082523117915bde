"""A real city's supports, recovered from coordinates alone.

The register gives each support one pair of coordinates, rounded to a second of arc (31 m by 22 m), and every station on
it the same: so it can tell where different supports are taken for one, and not where one is taken for several. For that
the stations are moved about their supports as if each operator had surveyed for itself: only that scatter is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from whitesignal.geodesy import metres_per_degree
from whitesignal.inputs.clustering import Linkage, linkage
from whitesignal.inputs.tabular import read_table
from whitesignal.sharing.agreement import Agreement, compare_positions
from whitesignal.sharing.metrics import Sharing, sharing_of

REACH_M = 200.0

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Register:
    """Stations, each with the support it stands on; the register numbers a station for one tenant of one support."""

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    support: NDArray[np.int64]
    station: NDArray[np.int64]

    def joined(self) -> Linkage:
        return linkage(self.longitude, self.latitude, reach_m=REACH_M)

    def agreement(self, joins: Linkage, radius_m: float) -> Agreement:
        return compare_positions(self.support, joins.positions(radius_m))

    def sharing(self, joins: Linkage, radius_m: float) -> Sharing:
        return sharing_of(joins.positions(radius_m), self.station)

    def surveyed(self, scatter_m: float, seed: int) -> Register:
        """Return the same stations, each place off by a normal error in either direction."""
        east_m, north_m = np.random.default_rng(seed).normal(0.0, scatter_m, (2, len(self.longitude)))
        east_per_degree_m, north_per_degree_m = metres_per_degree(self.latitude)
        return Register(
            self.longitude + east_m / east_per_degree_m,
            self.latitude + north_m / north_per_degree_m,
            self.support,
            self.station,
        )


@pytest.fixture(scope="module")
def montpellier(shared: Path) -> Register:
    """All 340 stations."""
    return read_register(shared)


@pytest.fixture(scope="module")
def mobile(shared: Path) -> Register:
    """The 221 stations with a mobile system."""
    return read_register(shared, systems="GSM|UMTS|LTE")


def read_register(shared: Path, *, systems: str = "") -> Register:
    file = shared / "registers" / "montpellier_anfr" / "ANFR_MTP_Supports.xls"
    supports = read_table(file).values.set_index("Numéro de support")
    antennas = read_table(file, sheet="Antennes|Emetteurs|Bandes").values
    assert len(antennas) == 6035
    antennas = antennas[antennas["Système"].str.contains(systems)]
    stations = antennas[["Numéro de support", "Numéro Cartoradio"]].drop_duplicates()
    places = supports.loc[stations["Numéro de support"], ["Longitude", "Latitude"]].to_numpy(dtype=np.float64)
    support, station = (np.unique(stations[name], return_inverse=True)[1] for name in stations)
    return Register(places[:, 0], places[:, 1], support.astype(np.int64), station.astype(np.int64))


def test_the_register_itself_has_206_supports_54_of_them_shared(montpellier: Register) -> None:
    own = sharing_of(montpellier.support, montpellier.station)
    assert own == Sharing(positions=206, shared_positions=54, operator_sites=340, operator_sites_on_shared=188)


def test_within_a_second_of_arc_all_supports_but_two_are_recovered(montpellier: Register) -> None:
    """Two supports bear the same coordinates to the last digit: no rule over coordinates can tell them apart."""
    joins = montpellier.joined()
    for radius_m in (0.0, 20.0):
        agreement = montpellier.agreement(joins, radius_m)
        assert (agreement.positions, agreement.recovered, agreement.split, agreement.merged) == (206, 204, 0, 2)
        assert agreement.adjusted_rand > 0.999


@pytest.mark.parametrize(
    ("radius_m", "recovered", "merged", "adjusted_rand"),
    [(40.0, 192, 14, 0.987), (60.0, 184, 22, 0.983), (80.0, 164, 42, 0.96), (100.0, 155, 51, 0.91),
     (140.0, 121, 85, 0.87), (200.0, 109, 97, 0.85)],
)  # fmt: skip
def test_in_a_city_a_wider_radius_takes_neighbours_for_one(
    montpellier: Register, radius_m: float, recovered: int, merged: int, adjusted_rand: float
) -> None:
    agreement = montpellier.agreement(montpellier.joined(), radius_m)
    assert (agreement.recovered, agreement.split, agreement.merged) == (recovered, 0, merged)
    assert agreement.adjusted_rand > adjusted_rand


def test_of_the_mobile_supports_every_one_is_recovered_and_the_radius_doubles_the_share(mobile: Register) -> None:
    """41 of 167 are shared, 24.6 %; at 40 m coordinates say 27.6 %, at 100 m 35.6 %, at 200 m 48.0 %."""
    joins = mobile.joined()
    assert mobile.agreement(joins, 20.0).recovered == 167
    percent = [round(100.0 * mobile.sharing(joins, radius_m).position_share, 1) for radius_m in (20, 40, 100, 200)]
    assert percent == [24.6, 27.6, 35.6, 48.0]


def test_without_the_rule_against_chains_a_city_flows_together(montpellier: Register) -> None:
    """Single linkage at 200 m, for comparison: one chain of it holds more stations than any position of ours."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    from whitesignal.inputs.nearness import near_pairs

    first, second, _ = near_pairs(montpellier.longitude, montpellier.latitude, REACH_M)
    count = len(montpellier.longitude)
    near = coo_matrix((np.ones(len(first)), (first, second)), shape=(count, count))
    chained = connected_components(near, directed=False)[1].astype(np.int64)
    ours = montpellier.agreement(montpellier.joined(), REACH_M)
    theirs = compare_positions(montpellier.support, chained)
    assert theirs.adjusted_rand < 0.5 < 0.8 < ours.adjusted_rand
    assert theirs.recovered < ours.recovered


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_where_operators_survey_for_themselves_the_radius_must_match_the_scatter(
    montpellier: Register, seed: int
) -> None:
    """With 10 m of scatter, 20 m splits one support in eight, 60 m hardly any, 120 m takes one in three for another's.

    So no radius recovers all: at the best one, about 40 m, nine in ten.
    """
    surveyed = montpellier.surveyed(10.0, seed)
    joins = surveyed.joined()
    at = {radius_m: surveyed.agreement(joins, radius_m) for radius_m in (20.0, 40.0, 60.0, 120.0)}
    assert 20 <= at[20.0].split <= 40
    assert at[40.0].recovered >= 0.88 * 206
    assert at[60.0].split <= 2
    assert at[60.0].adjusted_rand > 0.95
    assert 50 <= at[120.0].merged <= 90

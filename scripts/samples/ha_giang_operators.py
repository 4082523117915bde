"""Hà Giang's stations by operator: the sums by generation are published, the split by operator is invented."""

from __future__ import annotations

from samples.register import Operator

OPERATORS = (
    Operator("Viettel", 540, {"2G": 330, "3G": 430, "4G": 520, "5G": 3}),
    Operator("VinaPhone", 375, {"2G": 230, "3G": 330, "4G": 330}),
    Operator("MobiFone", 235, {"2G": 130, "3G": 215, "4G": 210}),
    Operator("Vietnamobile", 44, {"2G": 38, "3G": 35, "4G": 26}),
    Operator("Gmobile", 6, {"2G": 6}),
)
"""At the end, 2023-06-30: 1,200 operator-sites, 2,833 stations."""

TENANCIES = {2: 165, 3: 35}
"""So many positions have two and three operators; the other 765 of the 965 have one."""

PROGRAMME = ("Viettel",) * 9 + ("VinaPhone",) * 5 + ("MobiFone",) * 3
"""Who builds the 17 new positions of 2023: one operator and 4G at each."""

PROGRAMME_3G = (0, 2, 4, 9, 11, 14)
"""The six of them that get 3G as well: 23 stations in all."""


def operators_before() -> tuple[Operator, ...]:
    """Return the operators' totals before the programme of 2023."""
    result = []
    for operator in OPERATORS:
        new_sites = PROGRAMME.count(operator.name)
        new_3g = sum(PROGRAMME[number] == operator.name for number in PROGRAMME_3G)
        stations = dict(operator.stations)
        stations["4G"] = stations.get("4G", 0) - new_sites
        stations["3G"] = stations.get("3G", 0) - new_3g
        result.append(Operator(operator.name, operator.sites - new_sites, stations))
    return tuple(result)

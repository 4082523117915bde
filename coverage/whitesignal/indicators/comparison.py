"""Published figures beside the computed ones: a reader compares, and sees where the two count different things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from whitesignal.indicators.figure import Figure, Indicator
from whitesignal.indicators.rounding import printed

COUNTERPARTS: Mapping[str, str] = MappingProxyType({
    "sharing.passive": "sharing.position",
    "places_with_5g_trial": "places.5g",
    "white_villages.covered": "programme.covered",
    "villages.with_3g_or_4g": "villages.3g_4g",
    "communes.with_3g_or_4g": "communes.3g_4g",
    "stations.5g.new": "flow.stations.on_air.5g",
})  # fmt: skip
"""A published figure's own id → the computed one that answers the same question; other ids are their own."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A reported figure and the computed one of the same area, None where we compute none.

    ``same_count`` is whether both say that they count the same things of the same things; None where the source does
    not say what its figure is a share of. ``computed_printed`` is the computed figure to the reported one's decimals.
    """

    reported: Indicator
    computed: Indicator | None
    same_count: bool | None
    computed_printed: str | None

    @property
    def difference(self) -> float | None:
        """Computed less reported, where both count the same: anything else is no difference of one figure."""
        if not self.same_count or self.computed is None or self.computed.value is None or self.reported.value is None:
            return None
        return self.computed.value - self.reported.value


def beside(indicators: Sequence[Indicator]) -> tuple[Beside, ...]:
    """Return every reported figure in its order, with its computed counterpart.

    A figure from outside the project, such as the country's, stands beside the whole project's: never the same count.
    """
    computed = {(one.area_level, one.area, one.id): one for one in indicators if one.kind == "computed"}
    first = indicators[0] if indicators else None
    pairs = []
    for reported in indicators:
        if reported.kind != "reported" or first is None:
            continue
        place = (reported.area_level, reported.area)
        if reported.area_level == "reference":
            place = (first.area_level, first.area)
        ours = computed.get((*place, COUNTERPARTS.get(reported.id, reported.id)))
        pairs.append(Beside(reported, ours, _same_count(reported, ours), _printed(ours, reported)))
    return tuple(pairs)


def _same_count(reported: Indicator, computed: Indicator | None) -> bool | None:
    if computed is None or reported.area_level == "reference":
        return None if computed is None else False
    if reported.unit != computed.unit:
        return False
    if reported.unit != "%":
        return True
    return reported.denominator_of == computed.denominator_of if reported.denominator_of else None


def _printed(computed: Indicator | None, reported: Indicator) -> str | None:
    """Return a computed figure to as many decimals as a reported one has."""
    if computed is None:
        return None
    figure = Figure(
        computed.id, computed.value, computed.unit, computed.numerator, computed.denominator, computed.denominator_of
    )
    return printed(figure, decimals=reported.decimals)

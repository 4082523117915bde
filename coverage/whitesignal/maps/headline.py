"""The figures in a map's title box, taken from the province's indicators.

An indicator that is not there leaves its figure out; nothing is counted anew. Read are, for the whole project (that
is its province, if it has one):

* ``stations``, ``stations.2g`` … ``stations.5g``: counts;
* ``villages``, ``villages.white`` …, ``people``, ``people.white`` …: counts;
* ``villages.with_signal`` and ``sharing.position``: percentages, with what they are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from whitesignal.bands import GENERATIONS
from whitesignal.maps.palette import STATUSES
from whitesignal.maps.tables import Cell, cell

Indicator = Mapping[str, object]

_PERCENTS = (("title.with_signal", "villages.with_signal"), ("title.sharing", "sharing.position"))


def headline(indicators: Sequence[Indicator]) -> dict[str, object]:
    """Return counts by generation and status, and percentages with what they are of."""
    computed = [indicator for indicator in indicators if indicator["kind"] == "computed"]
    levels = {indicator["area_level"] for indicator in computed}
    whole_level = "project" if "project" in levels else "province"
    whole = {str(indicator["id"]): indicator for indicator in computed if indicator["area_level"] == whole_level}
    statuses = tuple(reversed(STATUSES))
    return {
        "stations": _counts(whole, "stations", GENERATIONS),
        "villages": _counts(whole, "villages", statuses),
        "people": _counts(whole, "people", statuses),
        "percents": [figure for key, code in _PERCENTS if (figure := _percent(whole.get(code), key))],
    }


def _counts(whole: Mapping[str, Indicator], subject: str, codes: Iterable[str]) -> dict[str, object]:
    """Return a subject's total and its parts; no parts where the total is nought, as people are if nobody counted."""
    total = _value(whole.get(subject))
    found = [(code, _value(whole.get(f"{subject}.{code.lower()}"))) for code in codes]
    return {"total": total, "parts": [pair for pair in found if pair[1] is not None] if total else []}


def _value(indicator: Indicator | None) -> Cell:
    return None if indicator is None else cell(indicator["value"])


def _percent(indicator: Indicator | None, key: str) -> dict[str, object] | None:
    """Return a share, if the indicator has the numbers it is made of."""
    if indicator is None:
        return None
    numerator, denominator = cell(indicator.get("numerator")), cell(indicator.get("denominator"))
    if not isinstance(numerator, int | float) or not isinstance(denominator, int | float) or denominator <= 0:
        return None
    value = 100.0 * numerator / denominator
    return {"key": key, "value": value, "numerator": numerator, "denominator": denominator}

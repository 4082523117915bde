"""How many villages and people are without signal if the model's error is drawn: expected, and between which bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whitesignal.indicators.figure import Figure

if TYPE_CHECKING:
    from whitesignal.villages.probability import Drawn, Probabilities

NOT_DRAWN = (("low", "5th", None), ("high", "95th", None))


def chance_figures(chances: Probabilities | None) -> Iterator[Figure]:
    """Yield the whole project's expected numbers with the 5th and the 95th percentile; None where nothing was drawn.

    The verdict's own count need not lie between the two: see ``villages.probability``.
    """
    yield from _drawn("villages", chances.white_villages if chances else None)
    yield from _drawn("people", chances.people_without_signal if chances else None)


def _drawn(subject: str, drawn: Drawn | None) -> Iterator[Figure]:
    counts = f"{subject} without signal at the centre, over the draws of the model's error"
    bounds = (("low", "5th", drawn.low), ("high", "95th", drawn.high)) if drawn else NOT_DRAWN
    expected = drawn.expected if drawn else None
    yield Figure(f"{subject}.white.expected", expected, subject, counts=f"mean of {counts}")
    for name, percentile, value in bounds:
        draws = len(drawn.draws) if drawn else None
        words = f"{percentile} percentile of {counts}"
        yield Figure(f"{subject}.white.{name}", value, subject, None, draws, "draws", words)

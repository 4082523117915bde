"""A programme's progress as the province's own list tells it: white at first, covered since, left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.indicators.figure import Figure, ratio

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray


def programme_counts(villages: pd.DataFrame, as_of: date | None) -> dict[str, NDArray[np.bool_]]:
    """Return what each village adds: declared white at first, covered since, listed at all.

    White at first is a village declared white by the as-of date, or covered on a day: what was covered had been white,
    even where the list says "covered" by now. A village declared white after the day it was covered is white again.
    """
    status, declared_on, covered_on = (
        villages[column].to_numpy(dtype=object) for column in ("declared_status", "declared_on", "covered_on")
    )
    today = as_of.isoformat() if as_of else "9999-12-31"
    listed = (status != "") & (declared_on <= today)
    white = listed & (status == "white")
    lit = (covered_on != "") & (covered_on <= today)
    again = white & (declared_on > covered_on)
    # A day still to come covers nothing yet; that the village waits for it says that it is white.
    waiting = (covered_on != "") & (declared_on <= today)
    return {
        "programme.listed": listed | lit | waiting,
        "programme.dated": covered_on != "",
        "programme.white_before": white | lit | waiting,
        "programme.covered": lit & ~again,
    }


def programme_figures(tally: Mapping[str, float], known: Mapping[str, float]) -> Iterator[Figure]:
    """Yield an area's progress; None throughout where the project's list declares nothing by the as-of date.

    ``known`` are the whole project's counts. A village that the list leaves out was not white.
    """
    first, since, remaining = (
        "villages declared white at first",
        "of these, covered by now",
        "of these, not covered yet",
    )
    not_white = "villages not left white by the province's own list"
    if not known["programme.listed"]:
        for name, words in (("white_before", first), ("covered", since), ("left", remaining)):
            of = "villages" if words is first else first
            yield Figure(f"programme.{name}", None, "villages", denominator_of=of, counts=words)
        yield Figure("programme.progress", None, "%", denominator_of=first, counts=since)
        yield Figure("programme.coverage", None, "%", denominator_of="villages", counts=not_white)
        return
    before, covered, total = (tally[name] for name in ("programme.white_before", "programme.covered", "villages"))
    left = before - covered
    yield Figure("programme.white_before", before, "villages", before, total, "villages", first)
    yield Figure("programme.covered", covered, "villages", covered, before, first, since)
    yield Figure("programme.left", left, "villages", left, before, first, remaining)
    yield ratio("programme.progress", covered, before, of=first, counts=since)
    yield ratio("programme.coverage", total - left, total, of="villages", counts=not_white)

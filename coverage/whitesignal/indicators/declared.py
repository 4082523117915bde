"""How far a province's own list and the model's verdicts agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from whitesignal.indicators.figure import Figure, ratio
from whitesignal.villages.declared import BOTH_SIGNAL, FALSE_ALARM, HIT, MISS, outcomes

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

COUNTED = {
    "hits": (HIT, "declared white and computed white"),
    "misses": (MISS, "declared white, computed with signal"),
    "false_alarms": (FALSE_ALARM, "declared with signal, computed white"),
    "both_signal": (BOTH_SIGNAL, "declared and computed with signal"),
}


def declared_counts(villages: pd.DataFrame, as_of: date | None) -> dict[str, NDArray[np.bool_]]:
    """Return what each village adds to each outcome."""
    outcome = outcomes(villages, as_of)
    return {f"declared.{name}": outcome == word for name, (word, _) in COUNTED.items()}


def declared_figures(tally: Mapping[str, float], known: Mapping[str, float]) -> Iterator[Figure]:
    """Yield an area's agreement; None throughout where the project's list says nothing of any village.

    ``known`` are the whole project's counts.
    """
    of = "villages declared and of known status"
    ids = [f"declared.{name}" for name in COUNTED]
    listed, compared = (sum(counts[name] for name in ids) for counts in (known, tally))
    for name, (_, words) in COUNTED.items():
        count = tally[f"declared.{name}"]
        if listed:
            yield Figure(f"declared.{name}", count, "villages", count, compared, of, words)
        else:
            yield Figure(f"declared.{name}", None, "villages", counts=words)
    agreed = tally["declared.hits"] + tally["declared.both_signal"]
    yield ratio("declared.agreement", agreed, compared, of=of, counts="villages that list and model judge alike")

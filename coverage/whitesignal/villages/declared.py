"""A province's own surveyed list beside the model's verdicts: where they agree, and where to survey again first.

Neither ever overwrites the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

HIT, MISS, FALSE_ALARM, BOTH_SIGNAL, NOT_JUDGED = "hit", "miss", "false alarm", "both signal", "not judged"
"""Declared white and computed so; declared white, computed with signal; declared with signal, computed white; both with
signal; declared, but the model cannot say."""

OUTCOMES = (HIT, MISS, FALSE_ALARM, BOTH_SIGNAL, NOT_JUDGED)

DECLARED_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "declared_status", "declared_on",
    "covered_on", "declared_now", "status", "p_signal", "outcome", "p_declared_wrong", "survey_rank", "survey_first",
)  # fmt: skip
"""Columns of ``declared.csv``: one row per village that the list says anything of, in the village table's order.

``p_declared_wrong`` is how probable the model holds what the list denies; ``survey_rank`` orders the misses and false
alarms by it, then by people, then by village_id; ``survey_first`` are those where it is at least `SURVEY_FIRST_FROM`.
"""

SURVEY_FIRST_FROM = 0.9


def declared_now(villages: pd.DataFrame, as_of: date | None) -> NDArray[np.object_]:
    """Return what the list says of each village at a date, empty where it says nothing.

    What was declared later does not count yet. A village covered by then, and not declared white or weak again since,
    is covered; one that is to be covered on a later day is white until then, even where the list says "covered" by now.
    """
    status, declared_on, covered_on = (
        villages[column].fillna("").to_numpy(dtype=object)
        for column in ("declared_status", "declared_on", "covered_on")
    )
    today = as_of.isoformat() if as_of else "9999-12-31"
    now = np.where(declared_on <= today, status, "").astype(object)
    dated, known = covered_on != "", declared_on <= today
    waiting = dated & (covered_on > today) & known & np.isin(now, ("", "covered"))
    again = np.isin(now, ("white", "weak")) & (declared_on > covered_on)
    undated_weak = (now == "weak") & (declared_on == "")
    now[dated & (covered_on <= today) & ~again & ~undated_weak] = "covered"
    now[waiting] = "white"
    return now


def outcomes(villages: pd.DataFrame, as_of: date | None) -> NDArray[np.object_]:
    """Return one of ``OUTCOMES`` for each village, empty where the list says nothing of it."""
    declared, computed = declared_now(villages, as_of), villages["status"].to_numpy(dtype=object)
    white, computed_white = declared == "white", computed == "white"
    outcome = np.where(white, np.where(computed_white, HIT, MISS), np.where(computed_white, FALSE_ALARM, BOTH_SIGNAL))
    outcome = np.where(computed == "unknown", NOT_JUDGED, outcome).astype(object)
    outcome[declared == ""] = ""
    return outcome


def declared_table(villages: pd.DataFrame, as_of: date | None) -> pd.DataFrame:
    """Return the villages that the list says anything of, with what the model says of them.

    Parameters
    ----------
    villages
        The village table with its probabilities. Where none was drawn a disagreement has none either, and none is to be
        surveyed first.
    """
    outcome = outcomes(villages, as_of)
    table = villages.drop(columns="geometry", errors="ignore").assign(
        declared_now=declared_now(villages, as_of), outcome=outcome
    )
    p_signal = table["p_signal"].to_numpy(dtype=np.float64)
    table["p_declared_wrong"] = np.where(table["declared_now"] == "white", p_signal, 1.0 - p_signal)
    apart = np.isin(outcome, (MISS, FALSE_ALARM))
    table["survey_first"] = apart & (table["p_declared_wrong"].to_numpy(dtype=np.float64) >= SURVEY_FIRST_FROM)
    order = table[apart].sort_values(
        ["p_declared_wrong", "population", "village_id"], ascending=[False, False, True], na_position="last",
        kind="stable",
    )  # fmt: skip
    table["survey_rank"] = np.nan
    table.loc[order.index, "survey_rank"] = np.arange(1.0, len(order) + 1.0)
    return table.loc[outcome != "", list(DECLARED_COLUMNS)].reset_index(drop=True)

"""The province's own list beside the verdicts: every pairing by hand, and whom to survey first."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from whitesignal.villages.declared import DECLARED_COLUMNS, declared_now, declared_table, outcomes

AS_OF = date(2023, 6, 30)


def village_list(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a village table of what the comparison reads, blank where a row says nothing."""
    blank = {
        "name": "Bản", "commune": "Xã", "district": "Huyện", "province": "Tỉnh", "population": 100.0,
        "declared_status": "", "declared_on": "", "covered_on": "", "status": "covered", "p_signal": np.nan,
    }  # fmt: skip
    return pd.DataFrame([{"village_id": f"V{number}", **blank, **row} for number, row in enumerate(rows, start=1)])


@pytest.mark.parametrize(
    ("declared", "declared_on", "covered_on", "expected"),
    [
        ("white", "2022-12-31", "", "white"),
        ("white", "2022-12-31", "2023-03-01", "covered"),
        ("white", "2022-12-31", "2023-09-01", "white"),
        ("white", "2023-05-01", "2023-03-01", "white"),
        ("weak", "2022-12-31", "2022-01-01", "weak"),
        ("white", "2023-09-01", "", ""),
        ("", "", "2023-03-01", "covered"),
        ("", "", "", ""),
        ("covered", "", "", "covered"),
        ("covered", "", "2024-06-01", "white"),
        ("", "", "2024-06-01", "white"),
        ("weak", "2022-12-31", "2023-03-01", "covered"),
        ("weak", "", "2023-03-01", "weak"),
        ("covered", "2024-06-01", "2024-06-01", ""),
    ],
)
def test_what_the_list_says_at_a_date(declared: str, declared_on: str, covered_on: str, expected: str) -> None:
    table = village_list({"declared_status": declared, "declared_on": declared_on, "covered_on": covered_on})
    assert declared_now(table, AS_OF).tolist() == [expected]


@pytest.mark.parametrize(
    ("declared", "status", "expected"),
    [
        ("white", "white", "hit"), ("white", "covered", "miss"), ("white", "weak", "miss"),
        ("covered", "white", "false alarm"), ("weak", "white", "false alarm"), ("covered", "weak", "both signal"),
        ("weak", "covered", "both signal"), ("white", "unknown", "not judged"), ("", "white", ""),
    ],
)  # fmt: skip
def test_every_pairing_has_its_word(declared: str, status: str, expected: str) -> None:
    assert outcomes(village_list({"declared_status": declared, "status": status}), AS_OF).tolist() == [expected]


def test_what_the_model_denies_most_surely_is_surveyed_first() -> None:
    table = declared_table(
        village_list(
            {"declared_status": "white", "status": "covered", "p_signal": 0.8},
            {"declared_status": "covered", "status": "white", "p_signal": 0.02},
            {"declared_status": "white", "status": "white", "p_signal": 0.01},
            {"declared_status": "white", "status": "covered", "p_signal": 0.98, "population": 50.0},
            {"declared_status": "white", "status": "weak", "p_signal": 0.98, "population": 70.0},
            {"status": "white", "p_signal": 0.0},
        ),
        AS_OF,
    )
    assert tuple(table.columns) == DECLARED_COLUMNS
    assert table["village_id"].tolist() == ["V1", "V2", "V3", "V4", "V5"], "the list says nothing of V6"
    ranked = table.dropna(subset="survey_rank").sort_values("survey_rank")
    # 0.98 twice, the larger village first; 1 - 0.02 rounds to the same, but has 100 people; then 0.8.
    assert ranked["village_id"].tolist() == ["V2", "V5", "V4", "V1"]
    assert table.set_index("village_id")["survey_first"].to_dict() == {
        "V1": False, "V2": True, "V3": False, "V4": True, "V5": True,
    }  # fmt: skip


def test_neither_list_nor_verdict_is_overwritten_and_without_draws_nobody_is_sure() -> None:
    given = village_list({"declared_status": "white", "declared_on": "2022-12-31", "status": "covered"})
    before = given.copy()
    table = declared_table(given, AS_OF)
    pd.testing.assert_frame_equal(given, before)
    assert table[["declared_status", "status", "outcome"]].to_numpy().tolist() == [["white", "covered", "miss"]]
    assert not table["survey_first"].any()
    assert table["p_declared_wrong"].isna().all()

"""Numbers as people write them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.inputs.number_text import parse_numbers

DECIMALS = st.integers(1, 8)


def one(text: str, *, grouped: bool = False) -> float:
    return float(parse_numbers([text], grouped=grouped).values[0])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("105,34808", 105.34808), ("105.34808", 105.34808), (" 12 ", 12.0), ("-7,5", -7.5), ("−7.5", -7.5),
        ("+3", 3.0), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("1.5e-3", 0.0015), ("1.234.567", 1234567.0),
        ("1,234,567.5", 1234567.5), ("1.234.567,5", 1234567.5), ("1 234", 1234.0), ("1 234,5", 1234.5),
        ("1\u00a0234", 1234.0), ("0.123", 0.123), ("2071", 2071.0),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(text: str, number: float) -> None:
    assert one(text, grouped=True) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize("text", ["abc", "12 m", "1.2.3", "105 50 12,5", "105°50'12\"E", "1,23,456", "--5", "nan",
                                  "inf", "1e999", "1.,2", "٣"])  # fmt: skip
def test_what_is_no_number_is_unreadable_and_not_blank(text: str) -> None:
    parsed = parse_numbers([text], grouped=False)
    assert math.isnan(parsed.values[0])
    assert parsed.unreadable[0]


def test_a_blank_is_missing_and_not_unreadable() -> None:
    parsed = parse_numbers(["", "  "], grouped=False)
    assert np.isnan(parsed.values).all()
    assert not parsed.unreadable.any()


def test_2_071_people_are_two_thousand_and_seventy_one() -> None:
    assert one("2.071", grouped=True) == 2071.0
    assert one("2,071", grouped=True) == 2071.0


def test_a_coordinate_never_has_thousands() -> None:
    assert one("105.348") == 105.348
    assert one("22,629") == 22.629


def test_the_columns_other_numbers_say_which_sign_is_the_decimal_one() -> None:
    assert parse_numbers(["2.071", "3,5"], grouped=False).values.tolist() == [2071.0, 3.5]
    assert parse_numbers(["2.071", "3.5"], grouped=True).values.tolist() == [2.071, 3.5]
    assert parse_numbers(["2.071", "1.234.567"], grouped=False).values.tolist() == [2071.0, 1234567.0]


def test_a_workbooks_own_number_is_never_regrouped() -> None:
    assert parse_numbers(["2.071"], grouped=True, exact=np.array([True])).values[0] == 2.071


def test_no_rows_give_no_numbers() -> None:
    assert parse_numbers([], grouped=True).values.shape == (0,)


@settings(deadline=None)
@given(number=st.floats(-180, 180, allow_nan=False), decimals=DECIMALS, comma=st.booleans())
def test_a_coordinate_written_with_either_sign_comes_back(number: float, decimals: int, comma: bool) -> None:
    text = f"{number:.{decimals}f}"
    written = text.replace(".", ",") if comma else text
    assert one(written) == float(text)


@settings(deadline=None)
@given(number=st.integers(-(10**9), 10**9), group=st.sampled_from([".", ",", " ", "\u00a0", "\u202f", "'"]))
def test_a_whole_number_in_groups_comes_back(number: int, group: str) -> None:
    assert one(f"{number:,}".replace(",", group), grouped=True) == number


@settings(deadline=None)
@given(numbers=st.lists(st.decimals(0, 10**6, places=2), min_size=1), comma=st.booleans())
def test_a_column_of_grouped_decimals_comes_back(numbers: list[object], comma: bool) -> None:
    swap = str.maketrans(",.", ".,") if comma else {}
    written = [f"{number:,.2f}".translate(swap) for number in numbers]
    assert parse_numbers(written, grouped=False).values.tolist() == [float(str(number)) for number in numbers]


@settings(deadline=None)
@given(texts=st.lists(st.text(max_size=12)))
def test_no_text_whatever_makes_it_stumble(texts: list[str]) -> None:
    parsed = parse_numbers(texts, grouped=True)
    assert not (parsed.unreadable & np.isfinite(parsed.values)).any()

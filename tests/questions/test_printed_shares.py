"""Columns of printed shares: which one was changed so that they sum to 100."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError
from whitesignal.printed.percent import Percentage, print_percent
from whitesignal.printed.shares import Column, judge_shares, parse_counts, parse_shares


def column(shares: str, counts: str) -> Column:
    return judge_shares(parse_shares(shares), parse_counts(counts))


def verdicts(judged: Column) -> list[str]:
    return [share.verdict for share in judged.shares]


def test_quang_ninhs_3g_share_was_raised_so_that_the_column_sums_to_100() -> None:
    # "Chủ động tham gia cuộc cách mạng công nghiệp 4.0" (Quảng Ninh, 2023): 2,047/6,296 is 32.51 %.
    judged = column("22.01,32.52,45.44,0.03", "1386,2047,2861,2")
    assert verdicts(judged) == ["both", "adjusted", "both", "both"]
    assert [str(share.check.printed) for share in judged.adjusted] == ["32.52"]
    assert str(judged.adjusted[0].check.prints_as("rounding")) == "32.51"
    assert judged.adjusted[0].off == Fraction(1, 100)
    assert (judged.printed_sum, judged.rounded_sum, judged.total) == (100, Fraction(9999, 100), 6296)


def test_the_largest_remainder_would_have_raised_another_share() -> None:
    # 0.0139…, 0.0027…, 0.0015…, 0.0017… are cut off: 2G lost most.
    judged = column("22.01,32.52,45.44,0.03", "1386,2047,2861,2")
    assert judged.largest_remainder is not None
    assert [str(share) for share in judged.largest_remainder] == ["22.02", "32.51", "45.44", "0.03"]


def test_a_share_may_be_lowered_too() -> None:
    judged = column("16.6;16.7;66.7", "1;1;4")  # 16.66…, 16.66…, 66.66… round to 100.1
    assert verdicts(judged) == ["adjusted", "rounding", "rounding"]
    assert judged.adjusted[0].off == Fraction(-1, 10)


def test_a_column_that_just_does_not_sum_to_100_is_not_called_adjusted() -> None:
    judged = column("33.3;33.3;33.3", "1;1;1")
    assert verdicts(judged) == ["both"] * 3
    assert (judged.adjusted, judged.printed_sum) == ((), Fraction(999, 10))


def test_a_column_cut_throughout_is_called_cut() -> None:
    judged = column("16.6;16.6;66.6", "1;1;4")
    assert verdicts(judged) == ["truncation"] * 3


def test_two_mistakes_that_cancel_are_mistakes_and_no_adjustment() -> None:
    assert verdicts(column("26;24;50", "1;1;2")) == ["neither", "neither", "both"]
    assert verdicts(column("30;20;50", "1;1;2")) == ["neither", "neither", "both"]


def test_decimal_commas_stand_between_semicolons() -> None:
    judged = column("22,01;32,52;45,44;0,03", "1.386;2.047;2.861;2")
    assert verdicts(judged) == ["both", "adjusted", "both", "both"]
    assert parse_shares("22,01 % ; 77,99 %") == (Percentage(2201, 2), Percentage(7799, 2))


@pytest.mark.parametrize("text", ["22,01,32,52,45,44,0,03", "22,01", "25,75", "22,33,45"])
def test_commas_that_may_separate_or_be_decimal_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="separate the shares with ';'"):
        parse_shares(text)


@pytest.mark.parametrize(
    ("shares", "counts", "words"),
    [
        ("22.01,32.52", "1386,2047,2861", "2 shares, but 3 counts"),
        ("22.01,32.52", "1,386,2,047", "2 shares, but 4 counts|not a whole number"),
        ("50;50", "0;0", "sum to 0"),
        ("50;x", "1;1", "'x' is not a printed percentage"),
        ("50;50", "1;1.5", "'1.5' is not a whole number"),
        ("50;50;", "1;1", "'' is not a printed percentage"),
    ],
)
def test_lists_that_do_not_belong_together_are_refused(shares: str, counts: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        column(shares, counts)


def test_shares_of_unlike_decimals_are_judged_each_by_its_own() -> None:
    judged = column("22.01;32.5;45.44;0.03", "1386;2047;2861;2")
    assert verdicts(judged) == ["both"] * 4
    assert judged.largest_remainder is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 4000), min_size=1, max_size=8).filter(any), st.integers(0, 3))
def test_a_column_made_by_largest_remainders_sums_to_100_and_only_wears_its_own_verdicts(
    counts: list[int], decimals: int
) -> None:
    rounded = [print_percent(Fraction(100 * n, sum(counts)), decimals=decimals, rule="rounding") for n in counts]
    honest = judge_shares(rounded, counts)
    assert set(verdicts(honest)) <= {"both", "rounding"}
    assert honest.adjusted == ()
    assert honest.largest_remainder is not None
    assert sum(share.percent for share in honest.largest_remainder) == 100
    balanced = judge_shares(honest.largest_remainder, counts)
    assert set(verdicts(balanced)) <= {"both", "rounding", "adjusted"}
    assert sum((share.off for share in balanced.adjusted), Fraction(0)) == 100 - honest.rounded_sum

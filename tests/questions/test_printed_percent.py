"""Printed percentages: what they can stand for, held against plain counting."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whitesignal.errors import InputError
from whitesignal.printed.percent import (
    RULES,
    Check,
    Fit,
    Percentage,
    Rule,
    Span,
    digits,
    numerators_that_fit,
    parse_count,
    parse_percentage,
    parse_ratio,
    print_percent,
    totals_that_fit,
    uncovered_that_fit,
)

PYTHON_ROUNDING = {"rounding": ROUND_HALF_UP, "truncation": ROUND_DOWN, "half_even": ROUND_HALF_EVEN}

percentages = st.builds(
    lambda decimals, share: Percentage(int(share * 10**decimals), decimals),
    st.integers(0, 4),
    st.decimals(0, 102, places=4),
)
near_the_ends = st.builds(
    lambda decimals, units, is_high: Percentage(100 * 10**decimals - units if is_high else units, decimals),
    st.integers(0, 3),
    st.integers(0, 4),
    st.booleans(),
)
printed_ones = percentages | near_the_ends


def by_long_division(numerator: int, denominator: int, decimals: int, rule: Rule) -> str:
    """Print a ratio by another way: decimal's division to far more digits than any tie of these sizes needs."""
    with localcontext() as context:
        context.prec = 60
        percent = Decimal(100 * numerator) / Decimal(denominator)
        return str(percent.quantize(Decimal(1).scaleb(-decimals), rounding=PYTHON_ROUNDING[rule]))


def spans(fit: Fit) -> dict[Rule, Span | None]:
    return {"rounding": fit.rounding, "truncation": fit.truncation, "half_even": fit.half_even}


def prints(numerator: int, denominator: int, printed: Percentage, rule: Rule) -> bool:
    return Check(printed, numerator, denominator).prints_as(rule) == printed


def test_ha_giangs_98_16_with_36_villages_left_fits_what_the_paper_does_not_say() -> None:
    # Báo Hà Giang, 2023-12: 17 of 53 white villages covered, so 36 left; 98.16 % of the villages covered.
    fit = totals_that_fit(parse_percentage("98.16"), 36)
    assert (fit.rounding, fit.truncation, fit.both) == (Span(1952, 1961), Span(1957, 1967), Span(1957, 1961))


def test_the_2071_village_teams_are_not_ha_giangs_denominator() -> None:
    printed = parse_percentage("98.16")
    assert Check(printed, 2071 - 36, 2071).verdict == "neither"
    assert str(Check(printed, 2071 - 36, 2071).prints_as("rounding")) == "98.26"
    assert spans(uncovered_that_fit(printed, 2071)) == {
        "rounding": None, "truncation": Span(38, 38), "half_even": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ratio", "verdict"),
    [
        ("32.7", "703/2150", "rounding"),  # Quảng Ninh 2023: passive sharing
        ("31.8", "448/1465", "neither"),  # Quảng Nam: masts shared, really 30.58
        ("30.58", "448/1465", "both"),
        ("97.6", "3711/3802", "both"),  # Tuyên Quang 2026-01: 91 white of 3,802
        ("98.16", "1921/1957", "both"),  # Hà Giang, with the one denominator that the sample takes
        ("22.01", "1386/6296", "both"),  # Quảng Ninh 2023: stations of 2G, 3G, 4G, 5G
        ("32.52", "2047/6296", "neither"),
        ("32.51", "2047/6296", "both"),
        ("45.44", "2861/6296", "both"),
        ("0.03", "2/6296", "both"),
    ],
)
def test_published_percentages_are_judged(text: str, ratio: str, verdict: str) -> None:
    assert Check(parse_percentage(text), *parse_ratio(ratio)).verdict == verdict


def test_what_a_wrong_percentage_would_have_needed_is_said() -> None:
    fit = numerators_that_fit(parse_percentage("31.8"), 1465)
    assert (fit.rounding, fit.truncation) == (Span(466, 466), Span(466, 467))


@pytest.mark.parametrize("text", ["98.16", "98,16", "98.16%", " 98,16 % ", "98.16\u00a0%"])
def test_a_percentage_may_have_a_comma_and_a_sign(text: str) -> None:
    assert parse_percentage(text) == Percentage(9816, 2)


def test_every_decimal_given_counts() -> None:
    assert parse_percentage("98.160") == Percentage(98160, 3)
    assert str(parse_percentage("98.160")) == "98.160"
    assert str(parse_percentage("0,03")) == "0.03"
    assert totals_that_fit(parse_percentage("98.160"), 36).rounding == Span(1956, 1957)
    assert totals_that_fit(parse_percentage("98.160"), 36).both == Span(1957, 1957)
    assert str(parse_percentage("100")) == "100"


@pytest.mark.parametrize(
    "text",
    ["", "%", "abc", "-5", "+5", "1e2", "98.", ".5", "1.234,5", "98.16 37", "9" * 5000, "1.0000000001", "nan", "٩٨"],
)
def test_what_is_no_printed_percentage_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a printed percentage"):
        parse_percentage(text)


def test_a_count_may_have_its_thousands_grouped_but_has_no_decimals() -> None:
    for text in ("2150", "2.150", "2,150", "2 150", "2\u00a0150", " 2150 "):
        assert parse_count(text) == 2150, text
    assert parse_count("0") == 0
    for text in ("", "2.15", "21.50", "2.150,00", "1,386.047", "-3", "017", "0.150", "9" * 5000, "²"):
        with pytest.raises(InputError, match="not a whole number"):
            parse_count(text)


@pytest.mark.parametrize("text", ["17", "17/53/2", "17/x", "/53", "17/0", "0/0"])
def test_a_ratio_needs_two_counts_and_something_to_divide_by(text: str) -> None:
    with pytest.raises(InputError):
        parse_ratio(text)


def test_rounding_is_half_up_and_says_where_half_to_even_differs() -> None:
    check = Check(parse_percentage("13"), 1, 8)  # 12.5 %
    assert check.verdict == "rounding"
    assert [str(check.prints_as(rule)) for rule in RULES] == ["13", "12", "12"]
    fit = totals_that_fit(parse_percentage("88"), 1)  # 7/8 = 87.5, half to even prints 88 as well
    assert fit.half_even == fit.rounding == Span(8, 8)
    fit = totals_that_fit(parse_percentage("63"), 3)  # 5/8 = 62.5
    assert (fit.rounding, fit.half_even) == (Span(8, 8), None)
    assert numerators_that_fit(parse_percentage("62"), 8).half_even == Span(5, 5)


def test_with_nothing_uncovered_every_total_prints_100_and_no_other_value() -> None:
    for text in ("100", "100.00"):
        assert set(spans(totals_that_fit(parse_percentage(text), 0)).values()) == {Span(1, None)}
    for text in ("99.99", "0", "100.01", "101"):
        expected = {"rounding": None, "truncation": None, "half_even": None}
        assert spans(totals_that_fit(parse_percentage(text), 0)) == expected, text


def test_100_with_some_uncovered_has_no_largest_total_and_is_never_a_truncation() -> None:
    fit = totals_that_fit(parse_percentage("100.00"), 1)
    assert (fit.rounding, fit.truncation, fit.both) == (Span(20_000, None), None, None)
    assert fit.half_even == Span(20_000, None)
    assert 10**12 in (fit.rounding or ())
    just_below = totals_that_fit(parse_percentage("99.99"), 1)
    assert (just_below.rounding, just_below.truncation) == (Span(6667, 19_999), Span(10_000, None))
    assert just_below.both == Span(10_000, 19_999)


def test_0_percent_is_where_nothing_or_nearly_nothing_is_covered() -> None:
    assert totals_that_fit(parse_percentage("0"), 36).both == Span(36, 36)
    assert totals_that_fit(parse_percentage("0"), 400).rounding == Span(400, 402)
    assert totals_that_fit(parse_percentage("0"), 400).truncation == Span(400, 404)
    assert uncovered_that_fit(parse_percentage("0"), 7).both == Span(7, 7)
    assert Check(parse_percentage("0"), 0, 7).verdict == "both"


def test_more_than_100_percent_fits_no_village_count_but_may_be_a_ratio() -> None:
    for fit in (totals_that_fit(parse_percentage("100.5"), 3), uncovered_that_fit(parse_percentage("100.5"), 300)):
        assert spans(fit) == {"rounding": None, "truncation": None, "half_even": None}
    assert Check(parse_percentage("108.2"), 703, 650).verdict == "rounding"
    assert numerators_that_fit(parse_percentage("108.2"), 650).rounding == Span(703, 703)


def test_a_true_value_is_shown_cut_and_never_rounded() -> None:
    assert digits(Fraction(200, 3), decimals=2) == "66.66…"
    assert digits(Fraction(25, 2), decimals=4) == "12.5"
    assert digits(Fraction(100), decimals=0) == "100"
    assert digits(Fraction(100), decimals=3) == "100"
    assert digits(Fraction(0), decimals=3) == "0"


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 4), st.sampled_from(RULES))
def test_a_ratio_prints_as_decimals_division_prints_it(
    numerator: int, denominator: int, decimals: int, rule: Rule
) -> None:
    percent = Fraction(100 * numerator, denominator)
    assert str(print_percent(percent, decimals=decimals, rule=rule)) == by_long_division(
        numerator, denominator, decimals, rule
    )


@settings(deadline=None, max_examples=300)
@given(printed_ones, st.integers(0, 3000), st.integers(0, 10**6))
def test_every_total_listed_prints_the_value_and_its_neighbours_do_not(
    printed: Percentage, uncovered: int, further: int
) -> None:
    for rule, span in spans(totals_that_fit(printed, uncovered)).items():
        if span is None:
            continue
        last = span.first + further if span.last is None else span.last
        inside = {span.first, last, min(last, span.first + further)}
        assert all(prints(total - uncovered, total, printed, rule) for total in inside)
        below = span.first - 1
        assert below < max(uncovered, 1) or not prints(below - uncovered, below, printed, rule)
        if span.last is not None:
            assert not prints(span.last + 1 - uncovered, span.last + 1, printed, rule)


@settings(deadline=None, max_examples=40)
@given(printed_ones, st.integers(0, 400), st.sampled_from(RULES))
def test_totals_are_those_that_counting_up_to_5000_finds(printed: Percentage, uncovered: int, rule: Rule) -> None:
    counted = [
        total for total in range(max(uncovered, 1), 5001) if prints(total - uncovered, total, printed, rule)
    ]  # fmt: skip
    span = spans(totals_that_fit(printed, uncovered))[rule]
    assert counted == [total for total in range(1, 5001) if span is not None and total in span]


def test_the_published_case_is_what_counting_with_decimals_finds() -> None:
    """The one twin that shares nothing with the module: decimal's division, over every total up to 5,000."""
    fit = spans(totals_that_fit(parse_percentage("98.16"), 36))
    for rule, span in fit.items():
        counted = [total for total in range(36, 5001) if by_long_division(total - 36, total, 2, rule) == "98.16"]
        assert span is not None
        assert counted == list(range(span.first, (span.last or 0) + 1))


@settings(deadline=None, max_examples=150)
@given(printed_ones, st.integers(1, 800), st.sampled_from(RULES))
def test_the_uncovered_that_fit_a_total_are_those_that_counting_finds(
    printed: Percentage, total: int, rule: Rule
) -> None:
    counted = [left for left in range(total + 1) if prints(total - left, total, printed, rule)]
    span = spans(uncovered_that_fit(printed, total))[rule]
    assert counted == ([] if span is None else list(range(span.first, (span.last or 0) + 1)))
    needed = spans(numerators_that_fit(printed, total))[rule]
    assert sorted(total - left for left in counted) == [
        count for count in range(total + 1) if needed is not None and count in needed
    ]


@settings(deadline=None)
@given(printed_ones, st.integers(1, 3000))
def test_truncation_never_lists_a_smaller_total_than_rounding(printed: Percentage, uncovered: int) -> None:
    """What rounds to a value starts half a unit below it, what is cut to it at the value itself."""
    fit = totals_that_fit(printed, uncovered)
    if fit.rounding and fit.truncation:
        assert fit.rounding.first <= fit.truncation.first
        assert fit.truncation.last is None or (fit.rounding.last or 0) <= fit.truncation.last
    if fit.both:
        assert fit.rounding is not None
        assert fit.truncation is not None
        assert (fit.both.first, fit.both.last) == (fit.truncation.first, fit.rounding.last)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 4))
def test_a_total_always_fits_what_it_prints_as(uncovered: int, covered: int, decimals: int) -> None:
    total = uncovered + covered
    for rule in RULES:
        printed = print_percent(Fraction(100 * covered, total), decimals=decimals, rule=rule)
        assert total in (spans(totals_that_fit(printed, uncovered))[rule] or ())
        assert uncovered in (spans(uncovered_that_fit(printed, total))[rule] or ())

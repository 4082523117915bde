"""A printed percentage against what it is said to be a percentage of, in exact arithmetic.

Two rules are in use. **Rounding** is half up, as Vietnamese statistics are printed: 12.5 becomes 13. **Truncation**
cuts: 98.169 becomes 98.16. Some programs round half to even (12.5 becomes 12); the two roundings differ only where the
true value lies exactly half-way between two printed ones, and ``half_even`` says where that is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from whitesignal.errors import InputError
from whitesignal.text import nfc

Rule = Literal["rounding", "truncation", "half_even"]
Verdict = Literal["both", "rounding", "truncation", "neither"]

RULES: tuple[Rule, ...] = ("rounding", "truncation", "half_even")

MOST_DECIMALS = 9
"""Nobody prints a percentage to more; a number with more was computed and never printed."""

_PERCENTAGE = re.compile(rf"([0-9]{{1,9}})(?:[.,]([0-9]{{1,{MOST_DECIMALS}}}))?\s*%?")
_COUNT = re.compile(r"0|[1-9][0-9]{0,14}")
_GROUPED_COUNT = re.compile(r"[1-9][0-9]{0,2}(?P<sign>[.,' \u00a0\u202f\u2019])[0-9]{3}(?:(?P=sign)[0-9]{3}){0,3}")
_NOT_DIGIT = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage as printed: ``units`` of its last decimal place, so 98.160 is 98160 units at 3 decimals."""

    units: int
    decimals: int

    @property
    def percent(self) -> Fraction:
        """The printed number itself. [%]"""
        return Fraction(self.units, 10**self.decimals)

    def __str__(self) -> str:
        """Return the number with a decimal point and all its decimals."""
        whole, part = divmod(self.units, 10**self.decimals)
        return f"{whole}.{part:0{self.decimals}d}" if self.decimals else str(whole)


@dataclass(frozen=True, slots=True)
class Span:
    """The whole numbers from ``first`` to ``last``, both included; ``last`` None where there is no end."""

    first: int
    last: int | None

    @property
    def count(self) -> int | None:
        """How many they are; None where there is no end."""
        return None if self.last is None else self.last - self.first + 1

    def __contains__(self, number: int) -> bool:
        """Return whether a whole number is among them."""
        return self.first <= number and (self.last is None or number <= self.last)


@dataclass(frozen=True, slots=True)
class Fit:
    """The whole numbers that fit a printed percentage by each rule; None where none does."""

    rounding: Span | None
    truncation: Span | None
    half_even: Span | None

    @property
    def both(self) -> Span | None:
        """Those that fit by rounding and by truncation."""
        return intersection(self.rounding, self.truncation)


@dataclass(frozen=True, slots=True)
class Check:
    """A printed percentage beside the numerator and the denominator it was printed for."""

    printed: Percentage
    numerator: int
    denominator: int

    @property
    def true_percent(self) -> Fraction:
        """What the numerator is of the denominator. [%]"""
        return Fraction(100 * self.numerator, self.denominator)

    @property
    def verdict(self) -> Verdict:
        """By which rules the true value prints as the printed one."""
        rounds, cuts = (self.prints_as(rule) == self.printed for rule in ("rounding", "truncation"))
        if rounds:
            return "both" if cuts else "rounding"
        return "truncation" if cuts else "neither"

    def prints_as(self, rule: Rule) -> Percentage:
        """Return the true value as the rule prints it, to the printed one's decimals."""
        return print_percent(self.true_percent, decimals=self.printed.decimals, rule=rule)


def parse_percentage(text: str) -> Percentage:
    """Return the percentage that a text prints; every decimal given counts, so "98.160" has three.

    Raises
    ------
    InputError
        No plain number with a decimal point or comma, at most nine decimals, with or without a % sign.

    Examples
    --------
    >>> parse_percentage("98,160 %")
    Percentage(units=98160, decimals=3)
    """
    found = _PERCENTAGE.fullmatch(nfc(text))
    if found is None:
        raise InputError(
            f"'{text}' is not a printed percentage; it must look like 98.16 or 98,16 %, with at most {MOST_DECIMALS} "
            "decimals and no sign"
        )
    whole, part = found.group(1), found.group(2) or ""
    return Percentage(int(whole + part), len(part))


def parse_count(text: str) -> int:
    """Return the whole number that a text gives; thousands may be grouped, for a count has no decimals.

    Raises
    ------
    InputError
        Not a whole number.

    Examples
    --------
    >>> parse_count("2150"), parse_count("2.150"), parse_count("1 320 324")
    (2150, 2150, 1320324)
    """
    plain = nfc(text)
    if _COUNT.fullmatch(plain) or _GROUPED_COUNT.fullmatch(plain):
        return int(_NOT_DIGIT.sub("", plain))
    raise InputError(f"'{text}' is not a whole number of at most 15 digits")


def parse_ratio(text: str) -> tuple[int, int]:
    """Return numerator and denominator of a text such as "703/2150".

    Raises
    ------
    InputError
        Not two whole numbers, or a denominator of 0.
    """
    parts = text.split("/")
    if len(parts) != 2:
        raise InputError(f"'{text}' is not a numerator and a denominator, such as 703/2150")
    numerator, denominator = (parse_count(part) for part in parts)
    if denominator == 0:
        raise InputError(f"'{text}' divides by 0: nothing is a percentage of nothing")
    return numerator, denominator


def print_percent(percent: Fraction, *, decimals: int, rule: Rule) -> Percentage:
    """Return a true percentage, 0 or more, as a rule prints it.

    Examples
    --------
    >>> [str(print_percent(Fraction(25, 2), decimals=0, rule=rule)) for rule in ("rounding", "truncation", "half_even")]
    ['13', '12', '12']
    """
    units = percent * 10**decimals
    if rule == "truncation":
        return Percentage(math.floor(units), decimals)
    if rule == "half_even":
        return Percentage(round(units), decimals)
    return Percentage(math.floor(units + Fraction(1, 2)), decimals)


def digits(percent: Fraction, *, decimals: int) -> str:
    """Return a true percentage to some decimals, never rounded: "…" follows where there is more.

    Examples
    --------
    >>> digits(Fraction(70300, 2150), decimals=5), digits(Fraction(50), decimals=5)
    ('32.69767…', '50')
    """
    cut = print_percent(percent, decimals=decimals, rule="truncation")
    if cut.percent == percent:
        text = str(cut)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{cut}…"


def totals_that_fit(printed: Percentage, uncovered: int) -> Fit:
    """Return every total N of which (N − uncovered) / N prints as the percentage.

    With nothing uncovered every N gives 100 %; a share just below 100 % has no largest N where a rule prints all that
    is closer still the same way. Such a span has no last number.
    """
    return Fit(*(_totals(_Interval.of(printed, rule), uncovered) for rule in RULES))


def uncovered_that_fit(printed: Percentage, total: int) -> Fit:
    """Return how many of a total, at least 1, may be uncovered so that the rest's share prints as the percentage."""
    fit = numerators_that_fit(printed, total)
    return Fit(*(_rest(total, getattr(fit, rule)) for rule in RULES))


def numerators_that_fit(printed: Percentage, denominator: int) -> Fit:
    """Return every numerator whose share of a denominator, at least 1, prints as the percentage."""
    return Fit(*(_numerators(_Interval.of(printed, rule), denominator) for rule in RULES))


def intersection(one: Span | None, other: Span | None) -> Span | None:
    """Return the whole numbers that are in both; None where there are none."""
    if one is None or other is None:
        return None
    ends = [span.last for span in (one, other) if span.last is not None]
    return _span(max(one.first, other.first), min(ends, default=None))


@dataclass(frozen=True, slots=True)
class _Interval:
    """The true percentages that print as one value."""

    low: Fraction
    high: Fraction
    holds_low: bool
    holds_high: bool

    @classmethod
    def of(cls, printed: Percentage, rule: Rule) -> _Interval:
        """Return the interval that a rule prints as one percentage."""
        value, unit = printed.percent, Fraction(1, 10**printed.decimals)
        if rule == "truncation":
            return cls(value, value + unit, True, False)
        is_even = printed.units % 2 == 0
        holds = (True, False) if rule == "rounding" else (is_even, is_even)
        return cls(value - unit / 2, value + unit / 2, *holds)


def _span(first: int, last: int | None) -> Span | None:
    return None if last is not None and last < first else Span(first, last)


def _from(bound: Fraction, *, held: bool) -> int:
    return math.ceil(bound) if held else math.floor(bound) + 1


def _to(bound: Fraction, *, held: bool) -> int:
    return math.floor(bound) if held else math.ceil(bound) - 1


def _totals(interval: _Interval, uncovered: int) -> Span | None:
    """Solve low ≤ 100 − 100·uncovered / N < high, which rises with N towards 100 and never gets there."""
    if uncovered == 0:
        holds_100 = interval.low < 100 < interval.high or (interval.low == 100 and interval.holds_low)
        return Span(1, None) if holds_100 or (interval.high == 100 and interval.holds_high) else None
    if interval.low >= 100:
        return None
    first = max(uncovered, _from(100 * uncovered / (100 - interval.low), held=interval.holds_low))
    if interval.high >= 100:
        return Span(first, None)
    return _span(first, _to(100 * uncovered / (100 - interval.high), held=interval.holds_high))


def _numerators(interval: _Interval, denominator: int) -> Span | None:
    first = max(0, _from(interval.low * denominator / 100, held=interval.holds_low))
    return _span(first, _to(interval.high * denominator / 100, held=interval.holds_high))


def _rest(total: int, covered: Span | None) -> Span | None:
    """Return what is left of a total, never less than nothing."""
    if covered is None or covered.last is None:
        return None
    return _span(max(0, total - covered.last), total - covered.first)

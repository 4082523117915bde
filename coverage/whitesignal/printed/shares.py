"""A column of printed shares: which of them was changed so that the column sums to 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from whitesignal.errors import InputError
from whitesignal.printed.percent import Check, Percentage, parse_count, parse_percentage

ShareVerdict = Literal["both", "rounding", "truncation", "adjusted", "neither"]


@dataclass(frozen=True, slots=True)
class Share:
    """One share of the column, and how it came to be printed.

    ``adjusted`` is one unit of the last decimal away from what rounding prints, and the column sums to 100 by it.
    """

    check: Check
    verdict: ShareVerdict

    @property
    def off(self) -> Fraction:
        """How far the printed share lies from the rounded one. [percentage points]"""
        return self.check.printed.percent - self.check.prints_as("rounding").percent


@dataclass(frozen=True, slots=True)
class Column:
    """The shares of one whole; ``largest_remainder`` is the usual way to make them sum to 100.

    It is None where the shares have unlike numbers of decimals.
    """

    shares: tuple[Share, ...]
    largest_remainder: tuple[Percentage, ...] | None

    @property
    def total(self) -> int:
        """The whole: the sum of the counts."""
        return self.shares[0].check.denominator

    @property
    def printed_sum(self) -> Fraction:
        """What the printed shares sum to. [%]"""
        return sum((share.check.printed.percent for share in self.shares), Fraction(0))

    @property
    def rounded_sum(self) -> Fraction:
        """What the shares would sum to, each rounded by itself. [%]"""
        return sum((share.check.prints_as("rounding").percent for share in self.shares), Fraction(0))

    @property
    def adjusted(self) -> tuple[Share, ...]:
        """The shares that were changed to make the column sum to 100."""
        return tuple(share for share in self.shares if share.verdict == "adjusted")


def parse_shares(text: str) -> tuple[Percentage, ...]:
    """Return the percentages of a list, separated by ";" or, where decimals have a point, by ",".

    Raises
    ------
    InputError
        An item that is no percentage, or commas that may be decimal signs.
    """
    parts = _parts(text)
    if ";" not in text and "." not in text and len(parts) > 1:
        raise InputError(
            f"'{text}': a comma may separate shares or decimals here; separate the shares with ';', as in 22,01;32,52"
        )
    return tuple(parse_percentage(part) for part in parts)


def parse_counts(text: str) -> tuple[int, ...]:
    """Return the whole numbers of a list, separated by ";" or ",".

    Raises
    ------
    InputError
        An item that is no whole number.
    """
    return tuple(parse_count(part) for part in _parts(text))


def judge_shares(printed: Sequence[Percentage], counts: Sequence[int]) -> Column:
    """Return the column of shares with a verdict on each; the counts together are the whole.

    Raises
    ------
    InputError
        Not as many counts as shares, none of either, or counts that sum to 0.
    """
    if len(printed) != len(counts):
        raise InputError(
            f"{len(printed)} shares, but {len(counts)} counts; each share needs its count "
            "(separate with ';' where commas group thousands or mark decimals)"
        )
    total = sum(counts)
    if total == 0:
        raise InputError("the counts sum to 0: nothing is a percentage of nothing")
    checks = [Check(share, count, total) for share, count in zip(printed, counts, strict=True)]
    adjusted = _adjusted(checks)
    shares = (Share(check, "adjusted" if check in adjusted else check.verdict) for check in checks)
    return Column(tuple(shares), _largest_remainder(checks))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";" if ";" in text else ",")]


def _adjusted(checks: Sequence[Check]) -> list[Check]:
    """Return the shares that do not round to what is printed, if these together make the column 100.

    All must be one unit of the last decimal off, and the same way: what goes up here and down there is a mistake.
    """
    odd = [check for check in checks if check.prints_as("rounding") != check.printed]
    if sum(check.printed.percent for check in checks) != 100:
        return []
    steps = {check.printed.units - check.prints_as("rounding").units for check in odd}
    return odd if steps in ({1}, {-1}) else []


def _largest_remainder(checks: Sequence[Check]) -> tuple[Percentage, ...] | None:
    """Return the shares cut, the units lacking to 100 given to those that lost most (Hare and Niemeyer)."""
    decimals = checks[0].printed.decimals
    if any(check.printed.decimals != decimals for check in checks):
        return None
    exact = [check.true_percent * 10**decimals for check in checks]
    cut = [math.floor(units) for units in exact]
    lacking = 100 * 10**decimals - sum(cut)
    by_loss = sorted(range(len(checks)), key=lambda place: cut[place] - exact[place])
    raised = set(by_loss[:lacking])
    return tuple(Percentage(units + (place in raised), decimals) for place, units in enumerate(cut))

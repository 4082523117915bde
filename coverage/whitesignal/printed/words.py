"""How fits and verdicts are put into words, the same for one value and for a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whitesignal.printed.percent import Check, Fit, Span
    from whitesignal.printed.shares import ShareVerdict


def span_words(span: Span | None) -> str:
    """Return a span as "1952…1961"; "1952 and more" where it has no end, "none" where it holds nothing."""
    if span is None:
        return "none"
    if span.last is None:
        return f"{span.first} and more"
    return str(span.first) if span.first == span.last else f"{span.first}…{span.last}"


def fit_words(fit: Fit) -> str:
    """Return the spans of a fit in one line."""
    if fit.rounding == fit.truncation:
        return f"{span_words(fit.rounding)} (by rounding and by truncation)" if fit.rounding else "none"
    return f"{span_words(fit.rounding)} by rounding, {span_words(fit.truncation)} by truncation"


def verdict_words(verdict: ShareVerdict) -> str:
    """Return a verdict as the start of a sentence."""
    return {
        "both": "fits by rounding and by truncation",
        "rounding": "fits by rounding, not by truncation",
        "truncation": "fits by truncation, not by rounding",
        "adjusted": "adjusted so that the column sums to 100",
        "neither": "fits neither by rounding nor by truncation",
    }[verdict]


def prints_as_words(check: Check) -> str:
    """Return what the true value prints as by either rule."""
    rounded, cut = check.prints_as("rounding"), check.prints_as("truncation")
    return f"{rounded} by either" if rounded == cut else f"{rounded} by rounding, {cut} by truncation"


def half_way_words(check: Check) -> str:
    """Return what rounding half to even prints where that is not what half up does; nothing elsewhere."""
    even = check.prints_as("half_even")
    return f"half-way: half to even prints {even}" if even != check.prints_as("rounding") else ""

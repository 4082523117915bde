"""A figure as a report shows it: its number as printed, what it counts and what it is a share of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.indicators.figure import Figure, Indicator
from whitesignal.indicators.rounding import printed
from whitesignal.report.document import Cell
from whitesignal.report.rounding import Number, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whitesignal.report.labels import Words


def number(figure: Indicator | None) -> Number | None:
    """Return a figure's number as ``indicators.json`` prints it, None where there is none or it has no value.

    Only per cent and kilometres stand beside a number; other units are said in words.
    """
    if figure is None or figure.value is None:
        return None
    text = figure.printed
    if text is None:
        text = printed(Figure(figure.id, figure.value, figure.unit, figure.numerator, figure.denominator))
    return Number(str(text), figure.unit if figure.unit in ("%", "km") else "")


def made_of(figure: Indicator | None, words: Words) -> str:
    """Return "1.921/1.957": numerator and denominator, empty where a figure has none."""
    if figure is None:
        return ""
    above, below = rounded(figure.numerator), rounded(figure.denominator)
    return f"{words.number(above)}/{words.number(below)}" if above and below else ""


def denominator_words(text: str, words: Words) -> str:
    """Return in the reader's language what a denominator counts; the file's own words where none are known."""
    return words.known(f"of.{text}", text)


def name_of(figure_id: str, words: Words, operator: str | None = None) -> str:
    """Return what a figure is called; its id where nobody named it.

    An operator's figure bears the operator's own name, and a flow of a named period that of the flow.
    """
    if operator is not None and ".operator." in figure_id:
        stem, _, rest = figure_id.partition(".operator.")
        parts = rest.split(".")[1:]
        key = ".".join(("figure", stem, "operator", *parts))
        return words.say(key, operator=operator) if key in words.catalog else figure_id
    parts = figure_id.split(".")
    if parts[0] == "flow" and len(parts) > 2 and f"figure.{figure_id}" not in words.catalog:
        figure_id = ".".join(("flow", *parts[2:]))
    return words.known(f"figure.{figure_id}", figure_id)


def pick(figures: Mapping[str, Indicator], *ids: str) -> list[Cell]:
    """Return the numbers of some figures, None for those that are not there."""
    return [number(figures.get(one)) for one in ids]

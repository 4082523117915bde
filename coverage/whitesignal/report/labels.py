"""The words, numbers and dates of a report in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from whitesignal.maps.labels import Language, catalogue
from whitesignal.maps.tables import clean
from whitesignal.report.rounding import Number

NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Words:
    """A language's sentences, and how it writes numbers and dates.

    ``catalog`` is key → template; the values put into one are never read as templates, whatever a name holds.
    """

    lang: Language
    catalog: Mapping[str, str]

    @cached_property
    def marks(self) -> tuple[str, str]:
        """What groups thousands, and what stands before decimals."""
        return (".", ",") if self.lang == "vi" else (",", ".")

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values; numbers written as the language does, None as unknown."""
        return self.catalog[key].format(**{name: self.show(value) for name, value in values.items()})

    def known(self, key: str, otherwise: str) -> str:
        """Return what stands under a key, or else the text as the file has it."""
        return self.catalog.get(key, otherwise)

    def show(self, value: object) -> str:
        """Return a value as it stands in a sentence."""
        if value is None:
            return self.catalog["value.unknown"]
        if isinstance(value, Number):
            return self.number(value)
        return self.number(Number(str(value))) if isinstance(value, int) else clean(str(value))

    def number(self, number: Number) -> str:
        """Return a number with its unit.

        Examples
        --------
        >>> labels("vi").number(Number("1957")), labels("vi").number(Number("98.16", "%"))
        ('1.957', '98,16\\xa0%')
        >>> labels("en").number(Number("-1234567.5"))
        '−1,234,567.5'
        """
        sign = "−" if number.printed.startswith("-") else ""
        whole, _, part = number.printed.lstrip("-").partition(".")
        group, point = self.marks
        text = sign + (f"{int(whole):,}".replace(",", group) if whole.isdecimal() else whole)
        text += point + part if part else ""
        return f"{text}{NO_BREAK}{number.unit}" if number.unit else text

    def date(self, iso: str | None) -> str:
        """Return a day as the language writes it: 30/06/2023 or 2023-06-30; months and years stay as they are."""
        parts = (iso or "").split("-")
        if self.lang == "vi" and len(parts) == 3:
            return "/".join(reversed(parts))
        if self.lang == "vi" and len(parts) == 2:
            return f"{parts[1]}/{parts[0]}"
        return iso or self.catalog["value.unknown"]

    def as_of(self, iso: str | None) -> str:
        """Return "As of" a day, or that none was set."""
        return self.say("report.as_of", day=self.date(iso)) if iso else self.catalog["report.undated"]

    def period(self, interval: str | None) -> str:
        """Return an ISO interval as two days."""
        first, _, last = (interval or "").partition("/")
        return f"{self.date(first)} – {self.date(last)}" if last else self.date(interval)


def labels(lang: Language) -> Words:
    """Return the words of a language; every language has the same keys.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    return Words(lang, catalogue("whitesignal.report", lang))

"""The words of a letter, and numbers as its language writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from whitesignal.maps.labels import Language, catalogue
from whitesignal.maps.tables import clean

DIRECTIONS = 8


@dataclass(frozen=True, slots=True)
class Words:
    """A catalogue in one language."""

    lang: Language
    catalogue: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with values filled in; text from files loses what no reader should meet."""
        filled = {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}
        return self.catalogue[key].format(**filled)

    def name(self, kind: str, code: str) -> str:
        """Return a code's name, the code itself where the catalogue has none."""
        return self.catalogue.get(f"{kind}.{code}", clean(code))

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number as the language writes it; the word for unknown where it is NaN.

        Examples
        --------
        >>> words("vi").number(-1106.26), words("en").number(-1106.26), words("en").number(float("nan"))
        ('−1.106,3', '-1,106.3', 'unknown')
        """
        if not math.isfinite(value):
            return self.catalogue["unknown"]
        text = f"{value + 0.0:,.{decimals}f}"
        if float(text.replace(",", "")) == 0.0:
            text = text.removeprefix("-")
        if self.lang == "en":
            return text
        return text.translate(str.maketrans(",.-", ".,−"))

    def plain(self, value: float) -> str:
        """Return a setting with as many decimals as it has, at most two."""
        decimals = next((count for count in range(2) if math.isclose(value, round(value, count), abs_tol=1e-9)), 2)
        return self.number(value, decimals)

    def percent(self, share: float) -> str:
        """Return a share of 1 in per cent, without the sign."""
        return self.number(100.0 * share, 0 if 0.0995 <= share <= 0.9905 else 1)

    def text(self, value: str) -> str:
        """Return text from a file, the word for unknown where it is empty."""
        return clean(value) or self.catalogue["unknown"]

    def operator(self, name: str) -> str:
        """Return an operator's name."""
        return clean(name) or self.catalogue["unnamed"]

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a list in a sentence; the word for unknown where there are none."""
        cleaned = [clean(name) for name in names]
        if not cleaned:
            return self.catalogue["unknown"]
        *first, last = cleaned
        return f"{', '.join(first)}{self.catalogue['list.and']}{last}" if first else last

    def direction(self, azimuth_deg: float) -> str:
        """Return where an azimuth points, by the eight winds."""
        return self.catalogue[f"direction.{round(azimuth_deg / (360.0 / DIRECTIONS)) % DIRECTIONS}"]

    def day(self, day: date | None) -> str:
        """Return "as of" a date."""
        if day is None:
            return self.catalogue["date.none"]
        return self.say("date.on", date=day.strftime(self.catalogue["date.format"]))

    def iso_day(self, text: str) -> str:
        """Return a date of a table as the language writes it, the word for unknown where there is none."""
        return date.fromisoformat(text).strftime(self.catalogue["date.format"]) if text else self.catalogue["unknown"]


def words(lang: Language) -> Words:
    """Return the catalogue of a language; every language has the same keys.

    Raises
    ------
    InputError
        The language is none of ours.
    """
    return Words(lang, catalogue("whitesignal.explain", lang))

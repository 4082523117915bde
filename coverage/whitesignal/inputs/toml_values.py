"""Reading TOML strictly: every name known, every value of its type and within its range, or a clear no."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from whitesignal.errors import InputError

Settings = TypeVar("Settings")


@dataclass(frozen=True, slots=True)
class Limits:
    """The values a number may take: from ``low`` (excluded where ``above``) to ``high``."""

    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    whole: bool = False

    def hold(self, value: float) -> bool:
        """Return whether the value lies within."""
        return (value > self.low if self.above else value >= self.low) and value <= self.high

    def __str__(self) -> str:
        """Say it in words, as in "a number above 0 and at most 500"."""
        parts = [] if math.isinf(self.low) else [f"{'above' if self.above else 'at least'} {self.low:g}"]
        if not math.isinf(self.high):
            parts.append(f"at most {self.high:g}")
        return " ".join([f"a {'whole ' if self.whole else ''}number", " and ".join(parts)]).strip()


def positive(high: float) -> Limits:
    """Return the limits of a number above 0."""
    return Limits(0.0, high, above=True)


Rules = Mapping[str, Limits | tuple[str, ...] | type[bool] | None]
"""Key → the numbers allowed, the words allowed, ``bool`` for true or false, or None for any text."""


def read_toml(file: Path) -> dict[str, Any]:
    """Return the document; an InputError where it is not UTF-8 or not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise InputError(f"{file}: not valid TOML: brackets nested too deep") from error


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return a "did you mean" for a message, or the names there are where none is near."""
    choices = list(known)
    near = difflib.get_close_matches(name.casefold(), choices, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(choices)}"


def refuse_unknown(
    file: Path, section: str, given: Iterable[str], known: tuple[str, ...], *, kind: str = "key"
) -> None:
    """Raise for the first name that is not known, with the nearest that is."""
    for name in given:
        if name not in known:
            where = f"[{section}] " if section else ""
            raise InputError(f"{file}: {where}unknown {kind} '{name}'; {nearest_name(name, known)}")


def refuse_value(file: Path, section: str, key: str, value: object, wanted: object) -> NoReturn:
    """Raise for a value, saying what it must be."""
    shown = "true" if value is True else "false" if value is False else repr(value)
    raise InputError(f"{file}: [{section}] {key} = {shown} must be {wanted}")


def section_of(file: Path, document: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return a section, empty where it is absent."""
    value = document.get(section, {})
    if not isinstance(value, dict):
        raise InputError(f"{file}: '{section}' must be a section, written [{section}]")
    return value


def read_text(file: Path, section: str, given: Mapping[str, Any], key: str) -> str | None:
    """Return a text that is not blank, None where it is absent."""
    value = given.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        refuse_value(file, section, key, value, "a text in quotation marks")
    return value


def read_flag(file: Path, section: str, given: Mapping[str, Any], key: str) -> bool:
    """Return true or false, false where it is absent."""
    value = given.get(key, False)
    if not isinstance(value, bool):
        refuse_value(file, section, key, value, "true or false")
    return value


def read_date(file: Path, section: str, given: Mapping[str, Any], key: str) -> date | None:
    """Return a date, given as TOML's own or as ISO text; None where it is absent."""
    value = given.get(key)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        refuse_value(file, section, key, value, "a date, as in 2023-06-30")


def read_number(file: Path, section: str, key: str, value: object, limits: Limits) -> float:
    """Return a finite number within its limits."""
    kinds: tuple[type, ...] = (int,) if limits.whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        refuse_value(file, section, key, value, limits)
    number = value if isinstance(value, int | float) else math.nan
    if not math.isfinite(number) or not limits.hold(number):
        refuse_value(file, section, key, value, limits)
    return number if limits.whole else float(number)


def with_settings(
    file: Path,
    section: str,
    given: Mapping[str, Any],
    base: Settings,
    rules: Rules,
) -> Settings:
    """Return ``base`` with the given keys replaced, each checked by its rule."""
    refuse_unknown(file, section, given, tuple(rules))
    changes: dict[str, Any] = {}
    for key, value in given.items():
        rule = rules[key]
        if isinstance(rule, Limits):
            changes[key] = read_number(file, section, key, value, rule)
            continue
        if isinstance(rule, type):
            changes[key] = read_flag(file, section, given, key)
            continue
        changes[key] = read_text(file, section, given, key)
        if rule is not None and value not in rule:
            refuse_value(file, section, key, value, f"one of {', '.join(rule)}; {nearest_name(str(value), rule)}")
    return replace(base, **changes)  # type: ignore[type-var]

"""``[periods]`` and ``[targets]`` of project.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from whitesignal.errors import InputError
from whitesignal.figure_ids import FLOW_SUBJECTS, OPERATOR_STEMS, known_ids
from whitesignal.inputs.toml_values import (
    Limits,
    nearest_name,
    read_date,
    read_number,
    read_text,
    refuse_unknown,
    section_of,
)
from whitesignal.project import Period, Target

PERIOD_KEYS = ("from", "to")
TARGET_KEYS = ("indicator", "at_least", "at_most", "by")

_NAME = re.compile(r"[\w-]+")


def read_periods(file: Path, given: Mapping[str, Any]) -> dict[str, Period]:
    """Return the periods by name, as in ``tet-2024 = { from = 2024-02-01, to = 2024-02-29 }``.

    Raises
    ------
    InputError
        A name that cannot stand in an indicator's id, a day that is missing, an end before the beginning.
    """
    periods = {}
    for name in given:
        section = f"periods.{name}"
        _check_name(file, "periods", name)
        if name in FLOW_SUBJECTS:
            raise InputError(f"{file}: [periods] a period cannot be called '{name}': ids of figures use the word")
        values = section_of(file, given, name)
        refuse_unknown(file, section, values, PERIOD_KEYS)
        first, last = (read_date(file, section, values, key) for key in PERIOD_KEYS)
        if first is None or last is None:
            raise InputError(f"{file}: [{section}] needs both days, as in {{ from = 2023-01-01, to = 2023-06-30 }}")
        if last < first:
            raise InputError(f"{file}: [{section}] ends on {last}, before it begins on {first}")
        periods[name] = Period(first, last)
    return periods


def read_targets(file: Path, given: Mapping[str, Any], periods: Iterable[str]) -> dict[str, Target]:
    """Return the targets by name, as in ``signal = { indicator = "villages.with_signal", at_least = 99, by = … }``.

    Parameters
    ----------
    file
        project.toml, for messages.
    given
        The section.
    periods
        Names of the project's own periods, whose flows may be aimed at too.

    Raises
    ------
    InputError
        An id that no indicator has, with the nearest that one has; no day; neither or both of at_least and at_most.
    """
    known = known_ids(periods)
    targets = {}
    for name in given:
        section = f"targets.{name}"
        _check_name(file, "targets", name)
        values = section_of(file, given, name)
        refuse_unknown(file, section, values, TARGET_KEYS)
        indicator, by = read_text(file, section, values, "indicator"), read_date(file, section, values, "by")
        if indicator is None or by is None:
            raise InputError(f"{file}: [{section}] needs an indicator's id and a day, as in by = 2025-12-31")
        if indicator not in known and not indicator.startswith(OPERATOR_STEMS):
            raise InputError(f"{file}: [{section}] unknown indicator '{indicator}'; {_nearest(indicator, known)}")
        limits = {
            key: read_number(file, section, key, values[key], Limits())
            for key in ("at_least", "at_most")
            if key in values
        }
        if len(limits) != 1:
            raise InputError(f"{file}: [{section}] needs one of at_least and at_most")
        targets[name] = Target(indicator, by, **limits)
    return targets


def _check_name(file: Path, section: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(f"{file}: [{section}] the name '{name}' must be letters, digits, - and _ only")


def _nearest(indicator: str, known: tuple[str, ...]) -> str:
    """Return the nearest id; where none is near, those that begin alike, for all of them would fill the screen."""
    hint = nearest_name(indicator, known)
    if hint.startswith("did"):
        return hint
    alike = [one for one in known if one.split(".")[0] == indicator.split(".")[0]]
    shown = alike or sorted({one.split(".")[0] for one in known})
    return f"known: {', '.join(shown)}" if alike else f"ids begin with {', '.join(shown)}"

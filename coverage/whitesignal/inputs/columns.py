"""Which of a file's columns is which of ours: by name, by alias, or as project.toml says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whitesignal.errors import InputError
from whitesignal.findings import Finding
from whitesignal.inputs.tabular import one_line
from whitesignal.schema import Column
from whitesignal.text import fold, nfc

_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]")
_NOT_WORD = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True, slots=True)
class Matched:
    """Canonical name → the file's own column, and the file's columns that nothing was read from."""

    source: Mapping[str, str]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def header_key(header: str, *, keep_brackets: bool = False) -> str:
    """Return a header as a key for comparing: no marks, case, punctuation or bracketed unit.

    Examples
    --------
    >>> header_key("Băng tần (MHz)"), header_key("antenna_height_m")
    ('bang tan', 'antenna height m')
    """
    text = header if keep_brackets else _BRACKETED.sub(" ", header)
    return " ".join(_NOT_WORD.sub(" ", fold(text)).split())


def match_columns(
    headers: Sequence[str],
    columns: Sequence[Column],
    *,
    file: Path,
    mapping: Mapping[str, str],
    section: str,
) -> Matched:
    """Return which column of a file is read as which canonical one.

    What ``mapping`` names wins and may serve several canonical columns; of the rest, each column is read once, by its
    canonical name before an alias and by an earlier alias before a later one.

    Raises
    ------
    InputError
        A column that the mapping names is not there.
    """
    source = {name: _named(header, headers, name, file, section) for name, header in mapping.items()}
    taken = set(source.values())
    findings: list[Finding] = []
    for column in columns:
        if column.name in source:
            continue
        candidates = [header for header in _candidates(headers, column) if header not in taken]
        if not candidates:
            continue
        source[column.name] = candidates[0]
        taken.add(candidates[0])
        if len(candidates) > 1:
            others = ", ".join(f"'{header}'" for header in candidates[1:])
            message = f"{column.name} is read from '{candidates[0]}', not from {others}"
            findings.append(Finding("info", message, str(file), None, column.name))
    unused = tuple(header for header in headers if header not in taken)
    return Matched(source, unused, tuple(findings))


def require_columns(
    matched: Matched, columns: Sequence[Column], *, headers: Sequence[str], file: Path, section: str
) -> None:
    """Raise one InputError that lists every required column that a file lacks, and the columns it has."""
    missing = [column.name for column in columns if column.required and column.name not in matched.source]
    if missing:
        there = ", ".join(f"'{header}'" for header in headers)
        word = "column" if len(missing) == 1 else "columns"
        raise InputError(
            f"{file}: no {word} {', '.join(missing)}; there are: {there}; "
            f'say which is which under [{section}], as in {missing[0]} = "..."'
        )


def find_header(wanted: str, headers: Sequence[str]) -> str | None:
    """Return the header that a name given in project.toml means: exact first, then without marks and case."""
    exact = [header for header in headers if nfc(header) == one_line(nfc(wanted))]
    near = exact or [header for header in headers if fold(header) == fold(wanted)]
    return near[0] if near else None


def _named(wanted: str, headers: Sequence[str], name: str, file: Path, section: str) -> str:
    found = find_header(wanted, headers)
    if found is None:
        near = difflib.get_close_matches(wanted, headers, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(headers)}"
        raise InputError(f"{file}: no column '{wanted}', which [{section}] names for {name}; {hint}")
    return found


def _candidates(headers: Sequence[str], column: Column) -> list[str]:
    """Return the headers that may be this column, the best first."""
    whole = {header: header_key(header, keep_brackets=True) for header in headers}
    bare = {header: header_key(header) for header in headers}
    found: list[str] = []
    for alias in (column.name, *column.aliases):
        for keys, key in ((whole, header_key(alias, keep_brackets=True)), (bare, header_key(alias))):
            found += [header for header in headers if keys[header] == key and header not in found]
    return found

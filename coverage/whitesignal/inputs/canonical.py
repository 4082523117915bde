"""A file's table seen through our column names, and the rows of it that cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from whitesignal.findings import Finding
from whitesignal.inputs.dirt import conversion_of
from whitesignal.inputs.number_text import Numbers, parse_numbers
from whitesignal.schema import Column, column_named, names

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from whitesignal.inputs.columns import Matched
    from whitesignal.inputs.tabular import TextTable
    from whitesignal.project import Project

Table = TypeVar("Table", bound="pd.DataFrame")


@dataclass(frozen=True, slots=True)
class CanonicalTable:
    """A file's table, and which of its columns is which of ours."""

    table: TextTable
    matched: Matched
    columns: tuple[Column, ...]

    def has(self, name: str) -> bool:
        """Return whether the file has that canonical column."""
        return name in self.matched.source

    def texts(self) -> pd.DataFrame:
        """Return every canonical column as text, "" where the file has none, after file and row."""
        import pandas as pd

        values, source = self.table.values, self.matched.source
        blank = np.full(len(values), "", dtype=object)
        columns = {name: values[source[name]] if name in source else blank for name in names(self.columns)}
        return pd.DataFrame({"file": str(self.table.file), "row": self.table.rows, **columns}, index=values.index)

    def parsed(self, name: str) -> Numbers:
        """Return a column's numbers as they stand; all blank where the file has no such column."""
        if not self.has(name):
            count = len(self.table.values)
            return Numbers(np.full(count, np.nan), np.zeros(count, dtype=np.bool_))
        header = self.matched.source[name]
        grouped = column_named(self.columns, name).grouped
        return parse_numbers(self.table.values[header], grouped=grouped, exact=self.table.exact_column(header))

    def numbers(self, name: str) -> tuple[NDArray[np.float64], list[Finding]]:
        """Return a column's numbers, NaN where blank, unreadable or absurd, with a warning for each of the last two."""
        column = column_named(self.columns, name)
        numbers, findings = self._converted(column)
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        with np.errstate(invalid="ignore"):
            absurd = (numbers.values < low) | (numbers.values > high)
        findings += self.warnings(name, numbers.unreadable, "not a number; taken as not given")
        message = f"not between {low:g} and {high:g} {column.unit}; taken as not given"
        findings += self.warnings(name, absurd, message)
        return np.where(absurd, np.nan, numbers.values), findings

    def _converted(self, column: Column) -> tuple[Numbers, list[Finding]]:
        """Return a column's numbers in our unit, with a finding where the header names another."""
        numbers = self.parsed(column.name)
        header = self.matched.source.get(column.name, "")
        conversion = conversion_of(header, column.unit)
        if conversion is None:
            return numbers, []
        said, convert = conversion
        message = f"{column.name}: '{header}' is in {said}; converted to {column.unit}"
        finding = Finding("info", message, str(self.table.file), None, column.name)
        return Numbers(convert(numbers.values), numbers.unreadable), [finding]

    def words(
        self, name: str, read: Callable[[str], str | None], message: str
    ) -> tuple[NDArray[np.object_], list[Finding]]:
        """Return a column as codes, "" with a warning where ``read`` answers None."""
        if not self.has(name):
            return np.full(len(self.table.values), "", dtype=object), []
        given = self.table.values[self.matched.source[name]]
        meanings = {text: read(text) for text in given.unique()}
        codes = np.array([meanings[text] for text in given], dtype=object)
        unreadable = np.array([code is None for code in codes], dtype=np.bool_)
        codes[unreadable] = ""
        return codes, self.warnings(name, unreadable, message)

    def warnings(self, name: str, objected: NDArray[np.bool_], message: str) -> list[Finding]:
        """Return one warning per row that is objected to."""
        if not objected.any():
            return []
        given = self.table.values[self.matched.source[name]]
        file = str(self.table.file)
        return [
            Finding("warning", f"{name}: {message}", file, int(self.table.rows[at]), name, str(given.iloc[at]))
            for at in np.flatnonzero(objected)
        ]

    def unused(self) -> list[Finding]:
        """Return a finding that lists the file's columns nothing is read from."""
        if not self.matched.unused:
            return []
        listed = ", ".join(f"'{header}'" for header in self.matched.unused)
        return [Finding("info", f"columns not read: {listed}", str(self.table.file))]


def file_labels(project: Project) -> dict[str, str]:
    """Return path → how tables name it: relative to the project where it lies below, so that a project may move."""
    folder = project.folder
    return {
        str(path): path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
        for path in project.inputs.paths()
    }


def labelled(findings: Iterable[Finding], labels: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return findings that name their files by label."""
    return tuple(replace(finding, file=labels.get(finding.file, finding.file)) for finding in findings)


def with_labels(table: Table, labels: Mapping[str, str]) -> Table:
    """Return a table whose column ``file`` names files by label."""
    renamed: Table = table.assign(file=[labels.get(file, file) for file in table["file"]])
    return renamed


def first_reason(*reasons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return, per row, the first reason that is not blank."""
    result = np.full(len(reasons[0]), "", dtype=object)
    for later in reversed(reasons):
        result = np.where(later != "", later, result)
    return result


def set_aside_table(rows: pd.DataFrame, own: pd.DataFrame, reasons: NDArray[np.object_]) -> pd.DataFrame:
    """Return the rows that have a reason, in the file's own columns after file, row and reason."""
    import pandas as pd

    aside = reasons != ""
    theirs = own[aside].rename(columns={name: f"{name} (given)" for name in ("file", "row", "reason")})
    front = pd.DataFrame({"file": rows.loc[aside, "file"], "row": rows.loc[aside, "row"], "reason": reasons[aside]})
    return pd.concat([front, theirs], axis=1).reset_index(drop=True)


def set_aside_findings(rows: pd.DataFrame, reasons: NDArray[np.object_], *, shown: Sequence[str] = ()) -> list[Finding]:
    """Return one error per row that has a reason; its value shows the columns named."""
    aside = rows[reasons != ""]
    values = aside[list(shown)].astype(str).agg(" / ".join, axis=1) if shown and len(aside) else [""] * len(aside)
    return [
        Finding("error", f"row set aside: {reason}", str(file), int(row), "", value.strip(" /"))
        for file, row, reason, value in zip(aside["file"], aside["row"], reasons[reasons != ""], values, strict=True)
    ]

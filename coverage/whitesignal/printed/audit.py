"""A table of printed percentages, checked row by row; nothing is dropped, and what cannot be checked says why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from whitesignal.errors import InputError
from whitesignal.findings import some_rows
from whitesignal.inputs.columns import match_columns
from whitesignal.inputs.tabular import read_table
from whitesignal.printed.percent import (
    Check,
    Percentage,
    digits,
    numerators_that_fit,
    parse_count,
    parse_percentage,
    totals_that_fit,
)
from whitesignal.printed.shares import ShareVerdict, judge_shares
from whitesignal.printed.words import fit_words, half_way_words, prints_as_words, verdict_words
from whitesignal.schema import Column

if TYPE_CHECKING:
    from whitesignal.inputs.tabular import TextTable

AuditVerdict = ShareVerdict | Literal["cannot check"]
AUDIT_VERDICTS: tuple[AuditVerdict, ...] = ("both", "rounding", "truncation", "adjusted", "neither", "cannot check")

AUDIT_COLUMNS: tuple[Column, ...] = (
    Column("value", ("tỷ lệ", "tỉ lệ", "tỷ lệ (%)", "giá trị", "số công bố", "percent", "percentage", "printed"),
           required=True),
    Column("numerator", ("tử số", "số đạt", "đã phủ sóng", "count", "covered")),
    Column("denominator", ("mẫu số", "tổng số", "tổng", "total")),
    Column("uncovered", ("chưa phủ sóng", "số chưa phủ sóng", "còn lại", "chưa đạt", "not covered")),
    Column("decimals", ("số chữ số thập phân", "chữ số thập phân", "decimal places")),
    Column("group", ("nhóm", "nhóm chỉ tiêu")),
    Column("unit", ("đơn vị tính", "đvt", "đơn vị đo")),
    Column("area", ("province", "tỉnh", "tên tỉnh", "tỉnh/thành phố", "địa phương", "huyện", "district")),
    Column("indicator", ("chỉ tiêu", "tên chỉ tiêu", "nội dung", "name", "id")),
    Column("as_of", ("ngày", "thời điểm", "tính đến", "date")),
)  # fmt: skip
"""What an audit reads; ``area``, ``indicator`` and ``as_of`` only say which row it is."""

_PER_HUNDRED = re.compile(r"%|phần trăm|percent|\bper 100\b(?![.,]?[0-9])|\btrên 100\b(?![.,]?[0-9])")


@dataclass(frozen=True, slots=True)
class Audited:
    """One row and what became of it.

    ``row`` counts as a spreadsheet does, the header being row 1; ``check`` is None where there was nothing to compare.
    """

    row: int
    label: str
    value: str
    check: Check | None
    verdict: AuditVerdict
    reason: str


@dataclass(frozen=True, slots=True)
class Audit:
    """Every row of a table, in its order."""

    file: Path
    rows: tuple[Audited, ...]

    def by_verdict(self) -> dict[AuditVerdict, int]:
        """Return how many rows have each verdict, also those that none has."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in AUDIT_VERDICTS}


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    """One row's cells by canonical column."""

    row: int
    cells: dict[str, _Cell]
    has_surplus: bool

    def text(self, name: str) -> str:
        return self.cells.get(name, _Cell()).text

    @property
    def label(self) -> str:
        return " ".join(text for text in (self.text("area"), self.text("indicator")) if text)

    def count(self, name: str) -> int | None:
        """Return a count, None where the cell is blank; a workbook's number has no thousands to group."""
        cell = self.cells.get(name, _Cell())
        if cell.exact and not cell.text.isdigit():
            raise InputError(f"{name}: '{cell.text}' is not a whole number")
        try:
            return parse_count(cell.text) if cell.text else None
        except InputError as error:
            raise InputError(f"{name}: {error}") from error


def audit_table(file: Path) -> Audit:
    """Return a verdict on every row of a CSV file's or a workbook's percentages.

    Parameters
    ----------
    file
        A table with a column ``value``, and ``numerator``, ``denominator``, ``uncovered``, ``decimals``, ``group``,
        ``unit`` where it has them, under these names or their Vietnamese ones (``AUDIT_COLUMNS``). Rows of one group
        are shares of one whole. Without such a column, neighbouring rows of one area and denominator are one where
        their numerators sum to it.

    Raises
    ------
    InputError
        A file that cannot be read as a table, or one without a column of values.
    """
    table = read_table(file)
    records = _with_wholes(_records(table))
    audited = [_audited(record) for record in records]
    has_groups = any("group" in record.cells for record in records)
    for name, places in _named_groups(records) if has_groups else _found_groups(records, audited):
        _judge_group(name, places, records, audited)
    return Audit(file, tuple(audited))


def _records(table: TextTable) -> list[_Record]:
    headers = list(table.values.columns)
    matched = match_columns(headers, AUDIT_COLUMNS, file=table.file, mapping={}, section="")
    if "value" not in matched.source:
        there = ", ".join(f"'{header}'" for header in headers)
        raise InputError(f"{table.file}: no column 'value' with the printed percentages; there are: {there}")
    texts = {name: table.values[header].tolist() for name, header in matched.source.items()}
    exact = {name: table.exact_column(header).tolist() for name, header in matched.source.items()}
    return [
        _Record(
            int(row),
            {name: _Cell(texts[name][place].strip(), exact[name][place]) for name in texts},
            bool(table.surplus[place]),
        )
        for place, row in enumerate(table.rows)
    ]


def _audited(record: _Record) -> Audited:
    """Return the row judged by itself."""
    try:
        check = _check(record)
    except InputError as error:
        return Audited(record.row, record.label, record.text("value"), None, "cannot check", str(error))
    return _with_verdict(record, check, check.verdict)


def _with_verdict(record: _Record, check: Check, verdict: ShareVerdict, because: str = "") -> Audited:
    reason = because or verdict_words(verdict)
    if verdict != "both":
        reason += f"; true {digits(check.true_percent, decimals=check.printed.decimals + 4)} %"
    if verdict == "neither":
        reason += f", prints as {prints_as_words(check)}{_hint(record, check)}"
    reason += f"; {half_way_words(check)}" if half_way_words(check) else ""
    return Audited(record.row, record.label, record.text("value"), check, verdict, reason)


def _hint(record: _Record, check: Check) -> str:
    """Return a guess at a workbook's cell with a percent format, which holds 0.9816 and shows 98.16 %."""
    printed = check.printed
    if not record.cells["value"].exact or printed.decimals < 2:
        return ""
    shown = Percentage(printed.units, printed.decimals - 2)
    fits = Check(shown, check.numerator, check.denominator).verdict != "neither"
    return f"; {shown} would fit: does the sheet show this cell as {shown} %?" if fits else ""


def _check(record: _Record) -> Check:
    """Return the row's percentage beside its counts; an InputError says why it cannot be compared."""
    if record.has_surplus:
        raise InputError("more cells than the header has columns; a decimal comma outside quotes?")
    unit = record.text("unit")
    if unit and not _PER_HUNDRED.search(unit.casefold()):
        raise InputError(f"the unit is '{unit}', so it is no percentage")
    printed = _printed(record)
    uncovered, denominator = record.count("uncovered"), record.count("denominator")
    numerator = _numerator(record, uncovered, denominator)
    if denominator is None or numerator is None:
        raise InputError(_what_would_fit(printed, numerator, uncovered, denominator))
    return Check(printed, numerator, denominator)


def _printed(record: _Record) -> Percentage:
    text = record.text("value")
    if not text:
        raise InputError("no value")
    printed, decimals = parse_percentage(text), record.count("decimals")
    if decimals is None or decimals == printed.decimals:
        return printed
    if decimals < printed.decimals:
        raise InputError(f"'{text}' has more than the {decimals} decimals that the row states")
    return Percentage(printed.units * 10 ** (decimals - printed.decimals), decimals)


def _numerator(record: _Record, uncovered: int | None, denominator: int | None) -> int | None:
    numerator = record.count("numerator")
    if denominator == 0:
        raise InputError("the denominator is 0: nothing is a percentage of nothing")
    if uncovered is None or denominator is None:
        return numerator
    if uncovered > denominator:
        raise InputError(f"{uncovered} uncovered of {denominator}")
    if numerator is not None and numerator + uncovered != denominator:
        raise InputError(f"{numerator} and {uncovered} uncovered are not {denominator}")
    return denominator - uncovered


def _what_would_fit(printed: Percentage, numerator: int | None, uncovered: int | None, denominator: int | None) -> str:
    """Return what is missing, and what it would have to be where the rest says so."""
    if denominator is not None:
        fit = numerators_that_fit(printed, denominator)
        return f"no numerator; of {denominator} would fit {fit_words(fit)}"
    if uncovered is not None:
        return (
            f"no denominator; with {uncovered} uncovered would fit N = {fit_words(totals_that_fit(printed, uncovered))}"
        )
    return "no denominator" if numerator is not None else "neither numerator nor denominator"


def _with_wholes(records: list[_Record]) -> list[_Record]:
    """Return the rows with their numerators' sum as denominator where a group states none."""
    filled = list(records)
    for _, places in _named_groups(records):
        group = [records[place] for place in places]
        if any(one.text("denominator") or not one.text("numerator") for one in group):
            continue
        try:
            total = _Cell(str(sum(one.count("numerator") or 0 for one in group)))
        except InputError:
            continue  # the row with the unreadable numerator says so itself
        for place in places:
            filled[place] = replace(records[place], cells={**records[place].cells, "denominator": total})
    return filled


def _named_groups(records: Sequence[_Record]) -> Iterator[tuple[str, list[int]]]:
    """Yield the groups that the table names, in the order of their first rows."""
    names = dict.fromkeys(record.text("group") for record in records)
    for name in names:
        if name:
            yield f"group '{name}'", [place for place, one in enumerate(records) if one.text("group") == name]


def _found_groups(records: Sequence[_Record], audited: Sequence[Audited]) -> Iterator[tuple[str, list[int]]]:
    """Yield neighbouring rows of one area, date and denominator whose numerators sum to it: all shares of one whole."""
    run: list[int] = []
    keys = [
        (record.text("area"), record.text("as_of"), one.check.denominator) if one.check else None
        for record, one in zip(records, audited, strict=True)
    ]
    for place in range(len(records) + 1):
        if run and (place == len(records) or keys[place] != keys[run[0]]):
            checks = [check for one in run if (check := audited[one].check)]
            if len(run) > 1 and sum(check.numerator for check in checks) == checks[0].denominator:
                yield some_rows([records[one].row for one in run]), run
            run = []
        if place < len(records) and keys[place] is not None:
            run.append(place)


def _judge_group(name: str, places: Sequence[int], records: Sequence[_Record], audited: list[Audited]) -> None:
    """Judge the rows of one group together; where that cannot be done, they keep their own verdicts and say so."""
    try:
        column = judge_shares(*_shares(places, audited))
    except InputError as error:
        for place in places:
            audited[place] = replace(audited[place], reason=f"{audited[place].reason}; {name}: {error}")
        return
    for place, share in zip(places, column.shares, strict=True):
        because = f"adjusted so that {name} sum to 100" if share.verdict == "adjusted" else ""
        audited[place] = _with_verdict(records[place], share.check, share.verdict, because)


def _shares(places: Sequence[int], audited: Sequence[Audited]) -> tuple[list[Percentage], list[int]]:
    """Return a group's printed shares and their counts, which must sum to every row's denominator."""
    checks = [check for place in places if (check := audited[place].check)]
    if len(checks) < len(places):
        raise InputError("not every row can be checked, so its sum says nothing")
    total = sum(check.numerator for check in checks)
    if {check.denominator for check in checks} != {total}:
        raise InputError(f"its numerators sum to {total}, which is not every row's denominator")
    return [check.printed for check in checks], [check.numerator for check in checks]

"""Tables as text: CSV in the encodings and with the delimiters that spreadsheets write, and Excel workbooks."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.errors import InputError
from whitesignal.text import nfc

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
DELIMITERS = (";", ",", "\t", "|")
SNIFFED_RECORDS = 50

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table read as text.

    ``values`` has the file's own columns, one row per record that is not blank; ``rows`` their spreadsheet row
    numbers (the header is 1); ``exact[row, column]`` marks texts written from a workbook's number; ``surplus`` marks
    rows with more values than there are headers.
    """

    file: Path
    values: pd.DataFrame
    rows: NDArray[np.int64]
    exact: NDArray[np.bool_]
    surplus: NDArray[np.bool_]
    sheet: str | None = None

    def exact_column(self, column: str) -> NDArray[np.bool_]:
        """Return which rows of a column were numbers in a workbook."""
        return np.asarray(self.exact[:, list(self.values.columns).index(column)], dtype=np.bool_)


def is_table(path: Path) -> bool:
    """Return whether a path names a CSV file or a workbook."""
    return path.suffix.lower() in TEXT_SUFFIXES + WORKBOOK_SUFFIXES


def read_table(path: Path, *, sheet: str | None = None) -> TextTable:
    """Return a CSV file's or a workbook's table as text.

    Parameters
    ----------
    path
        .csv, .tsv, .txt (any of ``; , tab |``; UTF-8 or UTF-16), .xlsx, .xlsm, .xlsb, .xls, .ods.
    sheet
        The workbook's sheet; by default the first that holds anything.

    Raises
    ------
    InputError
        An unreadable file, an encoding that is not Unicode, a sheet that is not there, no header.
    """
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        found, records = _workbook_records(path, sheet)
        return _table(path, records, sheet=found)
    if sheet is not None:
        raise InputError(f"{path}: a text file has no sheet '{sheet}'")
    return _table(path, _csv_records(path))


def one_line(text: str) -> str:
    """Return a text with every stretch of white space as one space: a wrapped header, a cell in a message."""
    return " ".join(text.split())


def text_of(value: object) -> str:
    """Return a cell's value as the text a person would type: 12.0 is "12", a midnight is a date.

    Examples
    --------
    >>> text_of(29973.0), text_of(0.5), text_of(None), text_of(datetime(2023, 6, 30))
    ('29973', '0.5', '', '2023-06-30')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return nfc(str(value))


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding is None and b"\0" in data[:1000]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path}: not UTF-8 (line {line}, byte 0x{data[error.start]:02x}); it looks like an older Windows encoding "
            "(cp1258 or cp1252): open it in a spreadsheet and save it as 'CSV UTF-8' or .xlsx"
        ) from error


def _csv_records(path: Path) -> Iterable[Sequence[object]]:
    text = _decoded(path)
    first, _, rest = text.partition("\n")
    hint = first.strip().strip('"').casefold()
    declared = hint.removeprefix("sep=") if hint.startswith("sep=") else ""
    body = rest if declared else text  # a spreadsheet obeys this line and does not show it
    delimiter = declared or ("\t" if path.suffix.lower() == ".tsv" else _sniffed_delimiter(body))
    try:
        return list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"{path}: not a table of text ({error})") from error


def _sniffed_delimiter(text: str) -> str:
    """Return the delimiter by which the first records agree best with the header, then the one that splits most."""

    def score(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = [len(record) for record, _ in zip(reader, range(SNIFFED_RECORDS), strict=False) if any(record)]
        if not widths or widths[0] == 1:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    return max(DELIMITERS, key=score)


def _workbook_records(path: Path, sheet: str | None) -> tuple[str, Sequence[Sequence[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        if sheet is not None and sheet not in workbook.sheet_names:
            raise InputError(f"{path}: no sheet '{sheet}'; there are: {', '.join(workbook.sheet_names)}")
        for name in workbook.sheet_names if sheet is None else [sheet]:
            records = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(any(text_of(value) for value in record) for record in records):
                return name, records
    except (CalamineError, OSError) as error:
        raise InputError(f"{path}: not a workbook that can be read ({error})") from error
    raise InputError(f"{path}: {f'sheet {sheet!r}' if sheet else 'every sheet'} is empty")


def _table(path: Path, records: Iterable[Sequence[object]], *, sheet: str | None = None) -> TextTable:
    import pandas as pd

    numbered = [(row, record) for row, record in enumerate(records, start=1) if any(text_of(cell) for cell in record)]
    if not numbered:
        raise InputError(f"{path}: empty; the first row must hold the columns' names")
    headers = [one_line(text_of(cell)) for cell in numbered[0][1]]
    while headers and not headers[-1]:
        headers.pop()
    columns = _distinct(headers)
    width = len(columns)
    body = numbered[1:]
    texts = [[text_of(cell) for cell in record] for _, record in body]
    exact = [[isinstance(cell, int | float) for cell in record] for _, record in body]
    return TextTable(
        file=path,
        values=pd.DataFrame([_padded(record, width, "") for record in texts], columns=columns, dtype=object),
        rows=np.array([row for row, _ in body], dtype=np.int64),
        exact=np.array([_padded(record, width, False) for record in exact], dtype=np.bool_).reshape(len(body), width),
        surplus=np.array([any(record[width:]) for record in texts], dtype=np.bool_),
        sheet=sheet,
    )


def _padded(record: Sequence[Any], width: int, filler: Any) -> list[Any]:
    return [*record[:width], *[filler] * (width - len(record))]


def _distinct(headers: Sequence[str]) -> list[str]:
    """Return headers with blanks named and repetitions numbered, so that each names one column."""
    named = [header or f"column {place}" for place, header in enumerate(headers, start=1)]
    seen: Counter[str] = Counter()
    result = []
    for header in named:
        seen[header] += 1
        result.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return result

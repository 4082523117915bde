"""The report as an Excel workbook: what is said on the first sheet, then a sheet for each table, whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from whitesignal.maps.tables import clean
from whitesignal.report.document import Paragraph, Table
from whitesignal.report.rounding import Number

if TYPE_CHECKING:
    from pathlib import Path

    from whitesignal.report.document import Cell, Document
    from whitesignal.report.labels import Words

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST_NAME = 31
"""Characters of a sheet's name; Excel allows no more."""

LONGEST_CELL = 32_767
WIDEST = 48
_REFUSED = re.compile(r"[\[\]:*?/\\']")


def write_workbook(document: Document, file: Path) -> None:
    """Write the report's sentences and every row of its tables; every text is written as text, never as a formula."""
    from datetime import datetime

    import xlsxwriter

    with xlsxwriter.Workbook(str(file), OPTIONS) as book:
        # No creation date in the file: the same results give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1), "title": clean(document.title)})
        words = document.words
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "heading": book.add_format({"bold": True, "font_color": "#1F4E79", "font_size": 12}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "header": book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True,
                                       "valign": "top"}),
        }  # fmt: skip
        sheets = {table.key: _sheet_name(place, table, words) for place, table in enumerate(_tables(document), start=1)}
        _write_sentences(book.add_worksheet(words.catalog["sheet.text"]), document, sheets, styles)
        numbers: dict[str, Any] = {}
        for table in _tables(document):
            _write_table(book, book.add_worksheet(sheets[table.key]), table, styles, numbers)


def _tables(document: Document) -> list[Table]:
    return [block for section in document.sections for block in section.blocks if isinstance(block, Table)]


def _sheet_name(place: int, table: Table, words: Words) -> str:
    """Return a name no other sheet has: its number and a short name of ours, never a file's text."""
    stem = table.key.split(" ", maxsplit=1)[0]
    name = f"{place} {words.known(f'sheet.{stem}', stem)}"
    return _REFUSED.sub(" ", name)[:LONGEST_NAME]


def _write_sentences(sheet: Any, document: Document, sheets: dict[str, str], styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 120)
    lines: list[tuple[str, str]] = [(document.title, "title"), (document.subtitle, "text")]
    if document.badge:
        lines.append((document.badge, "heading"))
    for section in document.sections:
        lines.append((section.title, "heading"))
        for block in section.blocks:
            if isinstance(block, Paragraph):
                lines.append((block.text, "text"))
            elif isinstance(block, Table):
                where = document.words.say("sheet.see", title=block.title, sheet=sheets[block.key])
                lines.append((where, "text"))
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, _text(text), styles[style])


def _write_table(book: Any, sheet: Any, table: Table, styles: dict[str, Any], numbers: dict[str, Any]) -> None:
    sheet.write_string(0, 0, _text(table.title), styles["heading"])
    sheet.write_string(1, 0, _text(table.note))
    for column, name in enumerate(table.columns):
        sheet.write_string(2, column, _text(name), styles["header"])
        longest = max((len(_plain(row[column])) for row in table.rows[:200]), default=0)
        sheet.set_column(column, column, min(max(longest, 9) + 2, WIDEST))
    for place, row in enumerate(table.rows, start=3):
        for column, cell in enumerate(row):
            if isinstance(cell, Number):
                style = numbers.setdefault(_format(cell), None) or book.add_format({"num_format": _format(cell)})
                numbers[_format(cell)] = style
                sheet.write_number(place, column, float(cell.printed), style)
            elif cell is not None:
                sheet.write_string(place, column, _text(cell))
    sheet.freeze_panes(3, 1)
    if table.rows:
        sheet.autofilter(2, 0, 2 + len(table.rows), len(table.columns) - 1)


def _format(number: Number) -> str:
    """Return Excel's format of a number: the reader's Excel puts in its own marks."""
    decimals = len(number.printed.partition(".")[2])
    body = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    return body + (f'" {number.unit}"' if number.unit else "")


def _plain(cell: Cell) -> str:
    return f"{cell.printed} {cell.unit}" if isinstance(cell, Number) else cell or ""


def _text(text: str) -> str:
    return clean(text)[:LONGEST_CELL]

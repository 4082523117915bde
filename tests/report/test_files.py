"""The workbook and the Word file: the same tables, and no text that a program would run; and the command itself."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from whitesignal.errors import WhitesignalError
from whitesignal.report.content import build_document
from whitesignal.report.document import Table
from whitesignal.report.from_results import read_run_results
from whitesignal.report.rounding import Number
from whitesignal.report.write import write_report

Read = Callable[[Path], Any]


def test_the_workbook_holds_every_table_of_the_report_whole(results: Path, tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(str(write_report(results, tmp_path / "report.xlsx")))
    document = build_document(read_run_results(results))
    tables = [block for section in document.sections for block in section.blocks if isinstance(block, Table)]
    assert len(book.sheet_names) == 1 + len(tables)
    for name, table in zip(book.sheet_names[1:], tables, strict=True):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert rows[0][0] == table.title
        assert len(rows) == 3 + len(table.rows)
        for found, expected in zip(rows[3:], table.rows, strict=True):
            for cell, value in zip(found, expected, strict=False):
                if isinstance(value, Number):
                    assert cell == float(value.printed)
                elif value is None:
                    assert cell == ""


def test_hostile_names_are_text_in_the_workbook_never_a_formula_or_a_link(
    results: Path, tmp_path: Path, hostile: tuple[str, ...]
) -> None:
    file = write_report(results, tmp_path / "report.xlsx")
    with zipfile.ZipFile(file) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
        assert not [name for name in archive.namelist() if "_rels/sheet" in name]
    assert sheets
    assert not any("<f>" in sheet or "<f " in sheet or "hyperlink" in sheet for sheet in sheets)
    book = CalamineWorkbook.from_path(str(file))
    cells = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert set(hostile) <= cells


def test_the_same_results_give_the_same_workbook(results: Path, tmp_path: Path) -> None:
    books = [write_report(results, tmp_path / f"{name}.xlsx").read_bytes() for name in "ab"]
    assert books[0] == books[1]


def test_the_word_file_says_what_the_page_says(results: Path, tmp_path: Path, read_page: Read, hostile: Any) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is an extra of its own")
    book = docx.Document(str(write_report(results, tmp_path / "report.docx")))
    page = read_page(write_report(results))
    assert len(book.tables) == len(page.tables)
    said = {paragraph.text for paragraph in book.paragraphs}
    assert next(text for text in page.texts if text.startswith("Tính đến")) in said
    villages = next(table for table in book.tables if table.rows[0].cells[0].text == "Thôn/bản")
    assert set(hostile) <= {row.cells[0].text for row in villages.rows}


def test_without_python_docx_a_word_file_is_refused_before_anything_is_read(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whitesignal.report.word.find_spec", lambda name: None)
    with pytest.raises(WhitesignalError, match=r"python-docx.*\.html or \.xlsx"):
        write_report(results, tmp_path / "report.docx")
    assert not (tmp_path / "report.docx").exists()


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "whitesignal", "report", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_the_report_into_the_folder_and_prints_its_name(results: Path) -> None:
    done = command(results, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(results / "report.html")
    assert '<html lang="en">' in (results / "report.html").read_text(encoding="utf-8")


def test_the_command_says_no_in_one_line_to_a_folder_without_results(tmp_path: Path) -> None:
    done = command(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1

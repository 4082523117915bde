"""The report as a Word file, for a planner who edits it before sending it on."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from whitesignal.errors import WhitesignalError
from whitesignal.maps.tables import clean
from whitesignal.report.document import Paragraph, Table
from whitesignal.report.html_report import cell_text

if TYPE_CHECKING:
    from pathlib import Path

    from whitesignal.report.document import Curve, Document, Section
    from whitesignal.report.labels import Words

PAGE_MM = (210, 297)
MARGIN_MM = 15
TEXT_POINTS, TABLE_POINTS, NOTE_POINTS = 11, 7.5, 9
SHOWN_ROWS = 60
"""Rows of a table in Word, which takes seconds over every hundred; the workbook has them all."""


def require_docx(file: Path) -> None:
    """Raise unless python-docx is installed.

    Raises
    ------
    WhitesignalError
        It says how to install it, and which formats need nothing more.
    """
    if find_spec("docx") is None:
        raise WhitesignalError(
            f"{file}: a Word file needs python-docx; pip install 'whitesignal[docx]', or choose .html or .xlsx"
        )


def write_word(document: Document, file: Path) -> None:
    """Write the report's sentences, tables and the curve's numbers; every text is a run of text, never a field."""
    from datetime import datetime

    import docx
    from docx.shared import Mm, Pt

    book = docx.Document()
    page = book.sections[0]
    page.page_width, page.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN_MM)
    book.styles["Normal"].font.size = Pt(TEXT_POINTS)
    properties = book.core_properties
    # No date and no author in the file: the same results give the same text.
    properties.created = properties.modified = datetime(2000, 1, 1)
    properties.author, properties.title = "whitesignal", clean(document.title)[:255]
    book.add_heading(clean(document.title), level=0)
    book.add_paragraph(clean(document.subtitle))
    if document.badge:
        book.add_paragraph().add_run(clean(document.badge)).bold = True
    for number, section in enumerate(document.sections, start=1):
        book.add_heading(clean(f"{number}. {section.title}"), level=1)
        _add_blocks(book, section, document.words)
    book.save(str(file))


def _add_blocks(book: Any, section: Section, words: Words) -> None:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            run = book.add_paragraph().add_run(clean(block.text))
            run.bold = block.tone in ("lead", "warning")
        elif isinstance(block, Table):
            _add_table(book, block, words)
        else:
            _add_note(book, _curve_words(block, words))


def _add_table(book: Any, table: Table, words: Words) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    book.add_paragraph().add_run(clean(table.title)).bold = True
    shown = table.rows[: min(table.limit, SHOWN_ROWS)]
    grid = book.add_table(rows=1 + len(shown), cols=len(table.columns), style="Table Grid")
    right = [table.is_number(column) for column in range(len(table.columns))]
    texts = [list(table.columns), *([cell_text(cell, words) for cell in row] for row in shown)]
    for place, (row, line) in enumerate(zip(grid.rows, texts, strict=True)):
        for cell, text, is_right in zip(row.cells, line, right, strict=True):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(clean(text))
            run.font.size, run.bold = Pt(TABLE_POINTS), place == 0
            if is_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if left_out := len(table.rows) - len(shown):
        _add_note(book, words.say("table.more", count=left_out, shown=len(shown), file=table.file))
    _add_note(book, table.note)


def _add_note(book: Any, text: str) -> None:
    from docx.shared import Pt

    book.add_paragraph().add_run(clean(text)).font.size = Pt(NOTE_POINTS)


def _curve_words(curve: Curve, words: Words) -> str:
    """Return where a curve is found: Word has no inline SVG, and the table below it has its numbers."""
    return words.say("curve.elsewhere", title=curve.title)

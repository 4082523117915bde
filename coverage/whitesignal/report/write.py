"""A results folder's report, written in the format its file's name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.errors import InputError
from whitesignal.report.content import build_document
from whitesignal.report.from_results import read_run_results
from whitesignal.results.folder import check_file, require_results, staged_file

if TYPE_CHECKING:
    from whitesignal.maps.labels import Language

REPORT = "report.html"
FORMATS = (".html", ".docx", ".xlsx")


def write_report(
    results: Path, out: Path | None = None, *, lang: Language = "vi", overwrite: bool = False
) -> Path:  # fmt: skip
    """Write the planner's report of a results folder and return its file.

    Parameters
    ----------
    results
        A folder that ``analyze`` wrote; nothing else is read.
    out
        The file: its ending, .html, .docx or .xlsx, says what is written. By default ``report.html`` in the folder,
        which is then drawn anew.
    lang
        Language of words and numbers.
    overwrite
        Replace a file that exists.

    Raises
    ------
    InputError
        No results folder, one that is damaged, or an ending that is none of the three.
    OutputExistsError
        The file exists and ``overwrite`` is not given.
    WhitesignalError
        A Word file is asked for and python-docx is not installed.
    """
    file = out or require_results(results) / REPORT
    suffix = file.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"{file}: a report ends in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    overwrite = overwrite or out is None
    check_file(file, overwrite=overwrite)
    if suffix == ".docx":
        from whitesignal.report.word import require_docx

        require_docx(file)
    document = build_document(read_run_results(results), lang=lang)
    with staged_file(file, overwrite=overwrite) as staged:
        if suffix == ".xlsx":
            from whitesignal.report.workbook import write_workbook

            write_workbook(document, staged)
        elif suffix == ".docx":
            from whitesignal.report.word import write_word

            write_word(document, staged)
        else:
            from whitesignal.report.html_report import html_page

            staged.write_text(html_page(document), encoding="utf-8", newline="\n")
    return file

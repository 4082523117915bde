"""``whitesignal report``: what a results folder says, for a planner to read, print and pass on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options

if TYPE_CHECKING:
    from whitesignal.maps.labels import Language


@click.command("report")
@options.RESULTS
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file to write: .html, .docx or .xlsx.  [default: RESULTS/report.html]",
)
@options.OVERWRITE
@options.LANG
def command(results: Path, out: Path | None, overwrite: bool, lang: Language) -> None:
    """Write the report on RESULTS, a folder that analyze wrote: a page for A4, a Word file or a workbook.

    Without --out the folder's own report is written anew.
    """
    from whitesignal.report.write import write_report

    click.echo(write_report(results, out, lang=lang, overwrite=overwrite))

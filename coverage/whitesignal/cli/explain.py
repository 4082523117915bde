"""``whitesignal explain``: why one village has no signal, as the answer that is sent to its people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options
from whitesignal.cli.quick import without_collecting

if TYPE_CHECKING:
    from datetime import datetime

    from whitesignal.maps.labels import Language

LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), help="Language.  [default: en for text, vi for the page of --out]"
)


@click.command("explain")
@options.PROJECT
@click.argument("village")
@click.option("--results", type=click.Path(path_type=Path), help="A results folder whose figures are to stand beside.")
@options.AS_OF
@options.MODEL
@click.option("--out", type=click.Path(path_type=Path), help="Write one page to this HTML file.")
@options.AS_JSON
@options.OVERWRITE
@LANG
def command(
    project: Path,
    village: str,
    results: Path | None,
    as_of: datetime | None,
    model: str | None,
    out: Path | None,
    as_json: bool,
    overwrite: bool,
    lang: Language | None,
) -> None:
    """Explain why VILLAGE of PROJECT has the signal it has, and what would change it.

    VILLAGE is a village_id, a name that only one village has, or "NAME, COMMUNE".
    """
    from whitesignal.explain import explain_village
    from whitesignal.explain.as_text import as_dict, as_text
    from whitesignal.explain.page import page
    from whitesignal.inputs.all import inputs_read_before
    from whitesignal.project_file import open_project, project_with
    from whitesignal.results.folder import check_file, staged_file
    from whitesignal.results.reach_store import verdict_if_trusted

    without_collecting()
    if out is not None:
        check_file(out, overwrite=overwrite)
    opened = project_with(open_project(project), as_of=as_of.date() if as_of else None, model=model)
    run = verdict_if_trusted(opened.folder / "results", opened)
    inputs = None if run is None else inputs_read_before(opened, run.stations, run.villages)
    explained = explain_village(opened, village, inputs=inputs, results=results)
    if out is not None:
        with staged_file(out, overwrite=overwrite) as staged:
            staged.write_text(page(explained, lang=lang or "vi"), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(as_dict(explained), ensure_ascii=False, indent=1, allow_nan=False))
    elif out is not None:
        click.echo(out)
    else:
        click.echo(as_text(explained, lang=lang or "en"))

"""``whitesignal analyze``: the main job, from a project to a results folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whitesignal.cli import options
from whitesignal.cli.progress import shown_progress

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from whitesignal.maps.labels import Language


@click.command("analyze")
@options.PROJECT
@options.out_folder("PROJECT/results")
@options.AS_OF
@options.MODEL
@click.option("--resolution", "resolution_m", type=click.FloatRange(min=0, min_open=True), help="Cells of the map. [m]")
@click.option("--engine", type=click.Choice(["sweep", "exact"]), help="How the map's rasters are computed.")
@click.option("--quality", type=click.FloatRange(0.25, 16.0), help="Rays of the sweep: more cost time, err less.")
@options.JOBS
@options.OVERWRITE
@options.LANG
def command(
    project: Path,
    out: Path | None,
    as_of: datetime | None,
    model: str | None,
    resolution_m: float | None,
    engine: str | None,
    quality: float | None,
    jobs: int | None,
    overwrite: bool,
    lang: Language,
) -> None:
    """Judge every village of PROJECT and write tables, rasters, lists and a map."""
    from whitesignal.cli.summary import print_summary
    from whitesignal.pipeline import analyze
    from whitesignal.project_file import open_project, project_with
    from whitesignal.results.folder import check_folder

    opened = project_with(
        open_project(project),
        as_of=as_of.date() if as_of else None,
        model=model,
        resolution_m=resolution_m,
        engine=engine,
        quality=quality,
    )
    folder = out or opened.folder / "results"
    check_folder(folder, overwrite=overwrite)
    with shown_progress() as progress:
        analysis = analyze(opened, jobs=jobs, progress=progress)
    analysis.write(folder, overwrite=overwrite, lang=lang)
    print_summary(analysis, folder)

"""``whitesignal whatif``: what a scenario would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options
from whitesignal.cli.progress import shown_progress

if TYPE_CHECKING:
    from whitesignal.difference import Difference
    from whitesignal.maps.labels import Language


@click.command("whatif")
@options.PROJECT
@click.argument("scenario", type=click.Path(path_type=Path))
@options.out_folder("PROJECT/whatif/SCENARIO")
@options.JOBS
@options.AS_JSON
@options.OVERWRITE
@options.LANG
def command(
    project: Path,
    scenario: Path,
    out: Path | None,
    jobs: int | None,
    as_json: bool,
    overwrite: bool,
    lang: Language,
) -> None:
    """Add the stations of SCENARIO, a TOML file, to PROJECT and show which villages change."""
    from whitesignal.difference import whatif
    from whitesignal.project_file import open_project
    from whitesignal.results.folder import check_folder
    from whitesignal.scenario import open_scenario

    opened, planned = open_project(project), open_scenario(scenario)
    folder = out or opened.folder / "whatif" / scenario.stem
    check_folder(folder, overwrite=overwrite)
    with shown_progress() as progress:
        difference = whatif(opened, planned, jobs=jobs, progress=progress)
    difference.write(folder, overwrite=overwrite, lang=lang)
    summary = difference.summary()
    click.echo(json.dumps(summary, ensure_ascii=False, indent=1) if as_json else _as_text(difference, folder))


def _as_text(difference: Difference, folder: Path) -> str:
    before, after = difference.before.villages_by_status(), difference.after.villages_by_status()
    lines = [f"{difference.scenario.name}: {len(difference.scenario.steps)} steps"]
    lines += [f"{status:9} {before[status]:6,} -> {after[status]:6,}" for status in before]
    lines.append(f"gained    {len(difference.gained)} villages, lost {len(difference.lost)}")
    lines.append(f"map       {folder / 'map.html'}")
    return "\n".join(lines)

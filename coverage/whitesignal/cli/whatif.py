"""``whitesignal whatif``: what a scenario would change."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options
from whitesignal.cli.progress import shown_progress
from whitesignal.cli.quick import without_collecting

if TYPE_CHECKING:
    from whitesignal.difference import Difference
    from whitesignal.maps.labels import Language


@click.command("whatif")
@options.PROJECT
@click.argument("scenario", type=click.Path(path_type=Path))
@options.out_folder("PROJECT/whatif/SCENARIO")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    help="Results of a run to reuse; they must be of the project as it is.  [default: PROJECT/results, where it is]",
)
@options.JOBS
@options.AS_JSON
@options.OVERWRITE
@options.LANG
def command(
    project: Path,
    scenario: Path,
    out: Path | None,
    results: Path | None,
    jobs: int | None,
    as_json: bool,
    overwrite: bool,
    lang: Language,
) -> None:
    """Apply the steps of SCENARIO, a TOML file, to PROJECT and show which villages change."""
    from whitesignal.difference import known_reach, whatif
    from whitesignal.project_file import open_project
    from whitesignal.results.folder import check_folder
    from whitesignal.results.reach_store import trusted_verdict
    from whitesignal.scenario import open_scenario

    without_collecting()
    started = time.perf_counter()
    opened, planned = open_project(project), open_scenario(scenario)
    folder = out or opened.folder / "whatif" / scenario.stem
    check_folder(folder, overwrite=overwrite)
    stored, why_not = known_reach(opened, results)
    if why_not:
        click.echo(f"note: {why_not}", err=True)
    verdict = trusted_verdict(results or opened.folder / "results", opened) if stored else None
    with shown_progress() as progress:
        difference = whatif(opened, planned, stored=stored, verdict=verdict, jobs=jobs, progress=progress)
    difference.write(folder, overwrite=overwrite, lang=lang)
    if as_json:
        click.echo(json.dumps(difference.summary(), ensure_ascii=False, indent=1))
        return
    taken = _taken(difference, results or opened.folder / "results", time.perf_counter() - started)
    click.echo("\n".join([*_lines(difference), taken, f"map       {folder / 'map.html'}"]))


def _lines(difference: Difference) -> list[str]:
    before, after = difference.before.villages_by_status(), difference.after.villages_by_status()
    steps = len(difference.scenario.steps)
    lines = [f"{difference.scenario.name}: {steps} {'step' if steps == 1 else 'steps'}"]
    lines += [f"{status:9} {before[status]:6,} -> {after[status]:6,}" for status in before]
    lines.append(f"gained    {len(difference.gained)} villages, lost {len(difference.lost)}")
    figures = [side.figure("villages.with_signal") for side in (difference.before, difference.after)]
    if all(one.value is not None for one in figures):
        lines.append(f"signal    {figures[0].printed} -> {figures[1].printed} % of villages")
    return lines


def _taken(difference: Difference, results: Path, seconds: float) -> str:
    from whitesignal.difference import full_run_s

    total = difference.radiators
    full_s = full_run_s(results)
    beside = f"; the full run took {full_s:.1f} s" if full_s is not None else ""
    return f"physics   {difference.computed:,} of {total:,} radiators computed, {seconds:.1f} s in all{beside}"

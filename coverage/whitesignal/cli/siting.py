"""``whitesignal site``: where next, for a number of stations or a budget."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options
from whitesignal.cli.progress import shown_progress

if TYPE_CHECKING:
    from whitesignal.build_plan import BuildPlan
    from whitesignal.maps.labels import Language


@click.command("site")
@options.PROJECT
@click.option("--new", type=click.IntRange(min=1), help="How many new stations, whatever they cost.")
@click.option(
    "--budget",
    "budget_vnd",
    type=click.FloatRange(min=0, min_open=True),
    help="What they may cost together, by the middle of each range. [VND]",
)
@click.option("--operator", metavar="NAME", help="Who builds; by default whoever has most stations.")
@click.option("--generation", "generations", multiple=True, type=click.Choice(["2G", "3G", "4G", "5G"]),
              help="What a new station transmits, may be repeated.  [default: 4G]")  # fmt: skip
@click.option("--probability", type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
              help="Least probability of signal that counts.")  # fmt: skip
@click.option("--village-weight", type=click.FloatRange(min=0),
              help="What a white village counts beside its people.  [default: more than all people]")  # fmt: skip
@click.option("--candidates", "own", type=click.Path(path_type=Path),
              help="Your own candidates: candidate_id, longitude, latitude, antenna_height_m.")  # fmt: skip
@click.option("--results", type=click.Path(path_type=Path),
              help="Results of a run to reuse.  [default: PROJECT/results, where it is of the project]")  # fmt: skip
@options.out_folder("PROJECT/site")
@options.JOBS
@options.AS_JSON
@options.OVERWRITE
@options.LANG
def command(  # noqa: PLR0913  (one for each option)
    project: Path,
    new: int | None,
    budget_vnd: float | None,
    operator: str | None,
    generations: tuple[str, ...],
    probability: float | None,
    village_weight: float | None,
    own: Path | None,
    results: Path | None,
    out: Path | None,
    jobs: int | None,
    as_json: bool,
    overwrite: bool,
    lang: Language,
) -> None:
    """Choose the new stations that give most white villages of PROJECT, then most people, a signal."""
    from whitesignal.project_file import open_project
    from whitesignal.results.folder import check_folder
    from whitesignal.where_next import plan_sites

    if (new is None) == (budget_vnd is None):
        raise click.UsageError("give one of --new and --budget")
    opened = open_project(project)
    folder = out or opened.folder / "site"
    check_folder(folder, overwrite=overwrite)
    with shown_progress() as progress:
        built = plan_sites(
            opened,
            new=new,
            budget_vnd=budget_vnd,
            operator=operator,
            generations=generations or ("4G",),
            probability=probability,
            village_weight=village_weight,
            own=own,
            results=results,
            jobs=jobs,
            progress=progress,
        )
    if built.note:
        click.echo(f"note: {built.note}", err=True)
    built.write(folder, overwrite=overwrite, lang=lang)
    click.echo(json.dumps(asdict(built.figures), ensure_ascii=False, indent=1) if as_json else _as_text(built, folder))


def _as_text(built: BuildPlan, folder: Path) -> str:
    plan, said = built.plan, built.figures
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in built.candidates["kind"].value_counts().sort_index().items())
    lines = [f"{len(built.candidates):,} candidates: {kinds}"]
    lines += [
        f"{one.rank:3} {one.position_id:10} {one.kind:8} {one.antenna_height_m:4.0f} m  {one.villages_lit:3} villages "
        f"{one.people_gained:7,.0f} people {one.cost_million_vnd:8,.0f} million VND"
        for one in plan.itertuples()
    ]
    proof = f"{said.status}: at most {100 * said.gap:.3g} % more than this could be reached"
    if said.status == "optimal":
        proof = "optimal: no other choice of these candidates reaches more within the limit"
    greedy = f"{said.greedy_villages:,} villages, {said.greedy_people:,.0f} people"
    lines += [
        f"white     {said.white_before:,} -> {said.white_after:,}",
        f"people    {said.people_gained:,.0f} gain signal",
        f"cost      {said.cost_million_vnd:,.0f} million VND, the middle of {said.cost_low_million_vnd:,.0f} to "
        f"{said.cost_high_million_vnd:,.0f}",
        f"proof     {proof}",
        f"greedy    {greedy}: {'less than the plan' if said.beats_greedy else 'as good as the plan'}",
        f"page      {folder / 'plan.html'}",
        f"map       {folder / 'map.html'}",
        f"replay    whitesignal whatif PROJECT {folder / 'plan.toml'}",
    ]
    return "\n".join(lines)

"""``whitesignal init``: a commented project.toml from the files at hand."""

from __future__ import annotations

from pathlib import Path

import click

from whitesignal.cli import options

FILE = click.Path(path_type=Path)


@click.command("init")
@click.argument("folder", metavar="DIR", type=FILE)
@click.option("--stations", type=FILE, multiple=True, required=True, help="Register of stations; may be repeated.")
@click.option("--villages", type=FILE, required=True, help="Village boundaries or points.")
@click.option("--terrain", type=FILE, required=True, help="Terrain model.")
@click.option("--population", type=FILE, help="Raster of people per cell.")
@click.argument("more_stations", metavar="[STATIONS]...", type=FILE, nargs=-1)
@options.OVERWRITE
def command(
    folder: Path,
    stations: tuple[Path, ...],
    villages: Path,
    terrain: Path,
    population: Path | None,
    more_stations: tuple[Path, ...],
    overwrite: bool,
) -> None:
    """Look at the files and write DIR/project.toml: what was recognised, and what to decide.

    Several registers may follow one --stations.
    """
    from whitesignal.inputs.start import write_project_file

    registers = (*stations, *more_stations)
    file = write_project_file(folder, registers, villages, terrain, population=population, overwrite=overwrite)
    click.echo(file)

"""``whitesignal sample``: a bundled sample project to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whitesignal.cli.init import FILE

if TYPE_CHECKING:
    from pathlib import Path


@click.command("sample")
@click.argument("name")
@click.argument("folder", metavar="DIR", type=FILE)
def command(name: str, folder: Path) -> None:
    """Write the bundled sample project NAME (ha-giang, quang-ninh) to DIR. Its data are synthetic."""
    from whitesignal.samples import write_sample

    click.echo(write_sample(name, folder))

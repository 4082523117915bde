"""The command line: one command per file; each reads, calls one function, prints."""

from __future__ import annotations

import atexit
import gc
import sys

import click

from whitesignal.cli import analyze, check, explain, indicator, init, map, path, report, sample, siting, whatif
from whitesignal.errors import WhitesignalError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="whitesignal")
def group() -> None:
    """Which villages have no mobile signal, why, and what is the cheapest thing that would change it."""


for _module in (init, check, analyze, map, report, path, explain, whatif, siting, indicator, sample):
    group.add_command(_module.command)


def main() -> None:
    """Run the command line: exit 0 when done, 1 on an error of the input, 2 on wrong usage."""
    # What is left at the end goes with the process: to look through it for garbage takes longer than many a question.
    atexit.register(gc.freeze)
    try:
        group.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: nothing was written.", err=True)
        sys.exit(130)
    except (WhitesignalError, OSError) as error:
        click.echo(f"Error: {' '.join(str(error).split())}", err=True)
        sys.exit(1)

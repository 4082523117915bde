"""Options and arguments that several commands share: the one place that says what each means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

PROJECT = click.argument("project", type=click.Path(path_type=Path))
"""A project's folder, or its project.toml."""

RESULTS = click.argument("results", type=click.Path(path_type=Path))
"""A folder that ``analyze`` wrote."""

JOBS = click.option("--jobs", type=click.IntRange(min=1), help="Threads; by default all processors.")
MODEL = click.option("--model", metavar="NAME", help="Propagation model in place of the project's.")
OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace results that are there already.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
AS_OF = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Count the stations on air at this date.")
LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of maps and lists."
)


def out_folder(default: str) -> Callable[[Command], Command]:
    """Return the option that says where a folder of results goes."""
    return click.option("--out", type=click.Path(path_type=Path), help=f"Where the results go.  [default: {default}]")

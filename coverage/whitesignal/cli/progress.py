"""Progress on stderr: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from whitesignal.radio.executor import COMPILING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whitesignal.radio.executor import Progress

LINE_EVERY_S = 10.0

COMPILING_LINE = "compiling the propagation kernels, once on this machine: some ten seconds"


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield a progress function that shows on stderr how far each stage has come."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage == COMPILING:
                bar.console.print(COMPILING_LINE)
                return
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield show


def _lines() -> Progress:
    shown_at: dict[str, float] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage == COMPILING:
            click.echo(COMPILING_LINE, err=True)
            return
        now = time.monotonic()
        if done < total and now - shown_at.get(stage, -LINE_EVERY_S) < LINE_EVERY_S:
            return
        shown_at[stage] = now
        click.echo(f"{stage}: {done} of {total}", err=True)

    return show

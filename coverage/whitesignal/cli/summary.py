"""What ``analyze`` prints: the figures a planner asks for first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whitesignal.bands import GENERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from whitesignal.analysis import Analysis


def print_summary(analysis: Analysis, folder: Path) -> None:
    """Print stations by generation, villages by status, sharing, findings, and where the results are."""
    project = analysis.project
    date = f" as of {project.as_of.isoformat()}" if project.as_of else ""
    invented = " (synthetic data)" if project.synthetic else ""
    click.echo(f"{project.name}{date}{invented}, model {project.radio.model}")
    counts = {name: analysis.figure(f"stations.{name.lower()}").value or 0 for name in GENERATIONS}
    split = " + ".join(f"{counts[name]:,.0f} {name}" for name in GENERATIONS)
    click.echo(f"stations  {analysis.figure('stations').value:,.0f} = {split}")
    status = analysis.villages_by_status()
    click.echo(f"villages  {len(analysis.villages):,} = " + ", ".join(f"{n:,} {name}" for name, n in status.items()))
    click.echo(f"          {_share(analysis, 'villages.with_signal', 'with signal at the centre')}")
    for line in (*_chances(analysis), *_declared(analysis)):
        click.echo(line)
    click.echo(f"sharing   {_share(analysis, 'sharing.position', 'with two or more operators')}{_reported(analysis)}")
    severities = [finding.severity for finding in analysis.findings]
    noted = ", ".join(f"{severities.count(name)} {name}s" for name in ("error", "warning") if severities.count(name))
    click.echo(f"findings  {noted or 'none that matter'} ({folder / 'findings.csv'})")
    click.echo(f"map       {folder / 'map.html'}")


def _chances(analysis: Analysis) -> Iterator[str]:
    """Yield how many white villages to expect, where the model's error was drawn."""
    if analysis.chances is None:
        return
    white, people = analysis.chances.white_villages, analysis.chances.people_without_signal
    yield (
        f"expected  {white.expected:,.1f} white villages ({white.low:,} to {white.high:,} in nine of ten draws), "
        f"{people.expected:,.0f} people ({people.low:,} to {people.high:,})"
    )


def _declared(analysis: Analysis) -> Iterator[str]:
    """Yield how the province's own list and the verdicts agree, where there is a list."""
    counts = [analysis.figure(f"declared.{name}").value for name in ("hits", "misses", "false_alarms")]
    if counts[0] is not None:
        hits, misses, alarms = (f"{count or 0:,.0f}" for count in counts)
        yield f"declared  {hits} white in both, {misses} by the list only, {alarms} by the model only (declared.csv)"


def _reported(analysis: Analysis) -> str:
    """Return the first published figure of position sharing, to stand beside the computed one."""
    found = [one for one in analysis.indicators if one.kind == "reported" and one.id == "sharing.position"]
    return f"; reported {found[0].value:g} % ({found[0].area or 'reference'})" if found else ""


def _share(analysis: Analysis, figure_id: str, words: str) -> str:
    figure = analysis.figure(figure_id)
    if figure.value is None:
        return f"none known {words}"
    made_of = f"{figure.numerator:,.0f} of {figure.denominator:,.0f} {figure.denominator_of}"
    return f"{figure.value:.2f} % {words} ({made_of})"

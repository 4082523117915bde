"""``whitesignal check``: what a run would assume and set aside, without running it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from whitesignal.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("check")
@options.PROJECT
@options.AS_JSON
def command(project: Path, as_json: bool) -> None:
    """Read every input of PROJECT and list what is wrong, missing or assumed."""
    from dataclasses import asdict

    from whitesignal.inputs.all import read_inputs
    from whitesignal.project_file import open_project
    from whitesignal.propagation.catalog import model
    from whitesignal.radio.ranges import range_findings

    opened = open_project(project)
    model(opened.radio.model)
    inputs = read_inputs(opened)
    findings = (*inputs.findings, *range_findings(inputs.stations.rows, opened))
    counts = {
        "station_rows": len(inputs.stations.rows),
        "station_rows_counted": int(inputs.stations.rows["counted"].sum()),
        "station_rows_set_aside": len(inputs.stations.set_aside),
        "villages": len(inputs.villages.rows),
        "villages_set_aside": len(inputs.villages.set_aside),
        "clusters": len(inputs.villages.clusters),
        "terrain_void_percent": round(100.0 * float(inputs.terrain.void.mean()), 3),
    }
    if as_json:
        click.echo(json.dumps({**counts, "findings": [asdict(one) for one in findings]}, ensure_ascii=False, indent=1))
        return
    for name, count in counts.items():
        words = name.replace("_", " ").replace("station rows", "station rows used", 1 if name == "station_rows" else 0)
        click.echo(f"{words:24} {count:,}")
    for finding in findings:
        row = f" row {finding.row}" if finding.row is not None else ""
        place = f"{finding.file}{row}: " if finding.file else ""
        click.echo(f"{finding.severity:8} {place}{finding.message}")

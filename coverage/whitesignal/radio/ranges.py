"""Findings about stations that a propagation model was not made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.findings import Finding, some_rows
from whitesignal.propagation import hata
from whitesignal.propagation.catalog import model

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.project import Project


def range_findings(stations: pd.DataFrame, project: Project) -> tuple[Finding, ...]:
    """Return a finding for each file and quantity where counted stations lie outside the model's published range.

    They are computed all the same, the formula carried on.
    """
    info = model(project.radio.model)
    counted = stations[stations["counted"].to_numpy(dtype=bool)]
    limits = []
    if info.frequency_mhz is not None:
        limits.append(("band_mhz", info.frequency_mhz, "MHz"))
    if info.name == "hata":
        limits.append(("antenna_height_m", (hata.BASE_HEIGHT.low, hata.BASE_HEIGHT.high), "m"))
    findings = []
    for column, (low, high), unit in limits:
        outside = counted[(counted[column] < low) | (counted[column] > high)]
        for file, rows in outside.groupby("file", sort=True):
            values = ", ".join(f"{value:g}" for value in sorted(rows[column].unique()))
            findings.append(
                Finding(
                    "warning",
                    f"{len(rows)} station rows lie outside the range of {info.title} ({low:g} to {high:g} {unit}); "
                    f"its formula is carried on to them ({some_rows(rows['row'].tolist())})",
                    file=str(file),
                    column=column,
                    value=values,
                )
            )
    return tuple(findings)

"""Findings about stations that a propagation model was not made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whitesignal.findings import Finding, some_rows
from whitesignal.propagation import hata
from whitesignal.propagation.catalog import model

if TYPE_CHECKING:
    import pandas as pd

    from whitesignal.project import Project
    from whitesignal.propagation.catalog import ModelInfo


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
    if info.distance_km is not None:
        findings.append(_distance_finding(info, counted, project))
    return tuple(findings)


def _distance_finding(info: ModelInfo, counted: pd.DataFrame, project: Project) -> Finding:
    """Return how far the model was published for beside how far stations are followed."""
    low, high = info.distance_km or (0.0, 0.0)
    followed_km = max((project.bands[name].max_km for name in counted["generation"].unique()), default=0.0)
    followed_km = min(followed_km, project.radio.radius_km or followed_km)
    message = (
        f"{info.title} is published for {low:g} to {high:g} km; on shorter paths, and on longer ones up to "
        f"{followed_km:g} km, its formula is carried on"
    )
    return Finding("warning" if followed_km > high else "info", message, column="distance_km")

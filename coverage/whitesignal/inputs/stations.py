"""Registers of stations → one table of cells, every default filled in and flagged, nothing dropped silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.findings import Finding, some_rows
from whitesignal.inputs.canonical import (
    CanonicalTable,
    file_labels,
    first_reason,
    labelled,
    set_aside_findings,
    set_aside_table,
    with_labels,
)
from whitesignal.inputs.clustering import position_ids
from whitesignal.inputs.columns import find_header, match_columns, require_columns
from whitesignal.inputs.dirt import coordinate_faults
from whitesignal.inputs.station_defaults import fill_defaults
from whitesignal.inputs.station_identity import identify
from whitesignal.inputs.tabular import TextTable, one_line, read_table
from whitesignal.inputs.vocabulary import (
    UNKNOWN_OPERATOR,
    azimuths,
    canonical_operator,
    generations_in,
    iso_date,
    operator_of_codes,
    status_of,
)
from whitesignal.project import Project, StationSource
from whitesignal.schema import STATION_COLUMNS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

STATION_TABLE_COLUMNS = (
    "file", "row", "station_id", "position_id", "operator", "generation", "longitude", "latitude", "band_mhz",
    "bandwidth_mhz", "antenna_height_m", "power_dbm", "gain_dbi", "azimuth_deg", "tilt_deg", "beamwidth_deg",
    "structure", "owner", "status", "on_air_on", "off_air_on", "power_group", "transmission_group", "defaults",
    "counted", "not_counted_because",
)  # fmt: skip
SECTION = "columns.stations"


@dataclass(frozen=True, slots=True)
class StationTable:
    """The stations as understood.

    ``rows`` has the columns of ``STATION_TABLE_COLUMNS``, one row per accepted input row (a cell), in file order;
    ``set_aside`` the other rows in the input's own columns, after file, row and reason.
    """

    rows: pd.DataFrame
    set_aside: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """One file's rows: ours, the file's own, and why a row cannot be used ("" where it can)."""

    rows: pd.DataFrame
    own: pd.DataFrame
    reasons: NDArray[np.object_]
    findings: tuple[Finding, ...]


def read_stations(project: Project) -> StationTable:
    """Return every station of the project's registers.

    Raises
    ------
    InputError
        A file that cannot be read, or that lacks a required column.
    """
    import pandas as pd

    tables = [(source, read_table(source.file, sheet=source.sheet)) for source in project.inputs.stations]
    _refuse_unmatched_mapping(project, [table for _, table in tables])
    drafts = [_draft(project, source, table) for source, table in tables]
    rows = pd.concat([draft.rows for draft in drafts], ignore_index=True)
    own = pd.concat([draft.own for draft in drafts], ignore_index=True).fillna("")
    reasons = np.concatenate([draft.reasons for draft in drafts])

    identified = identify(rows, own, reasons)
    reasons = identified.reasons
    accepted = identified.rows[reasons == ""].reset_index(drop=True)
    accepted, default_findings = fill_defaults(accepted, project.bands)
    accepted, counted_findings = _counted(accepted, project)
    accepted, position_findings = _clustered(accepted, project.position_radius_m)
    findings = (
        *(finding for draft in drafts for finding in draft.findings),
        *set_aside_findings(rows, reasons, shown=("station_id",)),
        *identified.findings,
        *default_findings,
        *counted_findings,
        *position_findings,
    )
    labels = file_labels(project)
    return StationTable(
        rows=with_labels(accepted[list(STATION_TABLE_COLUMNS)], labels),
        set_aside=with_labels(set_aside_table(rows, own, reasons), labels),
        findings=labelled(findings, labels),
    )


def _clustered(rows: pd.DataFrame, radius_m: float) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows with positions made of nearby coordinates where the register gives none."""
    if radius_m <= 0.0:
        return rows, []
    position_id = position_ids(rows, radius_m=radius_m)
    before, after = rows["position_id"].nunique(), len(set(position_id))
    if before == after:
        return rows, []
    message = (
        f"position_id: {before} positions are {after} where rows without one stand within {radius_m:g} m of each other "
        "(position_radius_m); no position made so is wider"
    )
    return rows.assign(position_id=position_id), [Finding("info", message, "", None, "position_id")]


def _refuse_unmatched_mapping(project: Project, tables: Sequence[TextTable]) -> None:
    """Raise where project.toml names a column that no file has; one that only some files have is read there."""
    first = tables[0]
    for name, header in project.station_columns.items():
        if all(find_header(header, list(table.values.columns)) is None for table in tables):
            headers = list(first.values.columns)
            match_columns(headers, STATION_COLUMNS, file=first.file, mapping={name: header}, section=SECTION)


def _draft(project: Project, source: StationSource, table: TextTable) -> _Draft:
    headers = list(table.values.columns)
    mapping = {name: header for name, header in project.station_columns.items() if find_header(header, headers)}
    matched = match_columns(headers, STATION_COLUMNS, file=table.file, mapping=mapping, section=SECTION)
    require_columns(matched, STATION_COLUMNS, headers=headers, file=table.file, section=SECTION)
    given = CanonicalTable(table, matched, STATION_COLUMNS)
    findings = [*matched.findings, *given.unused()]

    rows = given.texts()
    rows["generation"], generation_reasons = _generations(rows["generation"])
    east, north = given.parsed("longitude"), given.parsed("latitude")
    rows["longitude"], rows["latitude"] = east.values, north.values
    for column in STATION_COLUMNS:
        if column.is_number and not column.required:
            rows[column.name], found = given.numbers(column.name)
            findings += found
    for name, read, message in (
        ("azimuth_deg", azimuths, "not an azimuth; taken as unknown"),
        ("on_air_on", iso_date, "not a date; the status alone decides"),
        ("off_air_on", iso_date, "not a date; the status alone decides"),
    ):
        rows[name], found = given.words(name, read, message)
        findings += found
    rows["operator"], found = _operators(rows, source)
    surplus = np.where(table.surplus, "more values than there are columns", "").astype(object)
    reasons = first_reason(surplus, coordinate_faults(east, north), generation_reasons)
    return _Draft(rows, table.values, reasons, (*findings, *found))


def _generations(texts: pd.Series) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return generations and, where a text does not name exactly one, why."""
    meanings = {text: generations_in(text) for text in texts.unique()}
    generations = np.array([meanings[text][0] if len(meanings[text]) == 1 else "" for text in texts], dtype=object)

    def reason(text: str) -> str:
        if len(meanings[text]) == 1:
            return ""
        if not text:
            return "no generation"
        shown = one_line(text)
        return f"generation '{shown}' names several" if meanings[text] else f"unknown generation '{shown}'"

    return generations, np.array([reason(text) for text in texts], dtype=object)


def _operators(rows: pd.DataFrame, source: StationSource) -> tuple[NDArray[np.object_], list[Finding]]:
    """Return operators: the row's own, else its network code's, else the file's; "unknown" with a finding if none."""
    otherwise = canonical_operator(source.operator) if source.operator else UNKNOWN_OPERATOR
    spelled = {name: canonical_operator(name) for name in rows["operator"].unique()}
    named = [
        spelled[name] or operator_of_codes(mcc, mnc)
        for name, mcc, mnc in zip(rows["operator"], rows["mcc"], rows["mnc"], strict=True)
    ]
    operators = np.array([name or otherwise for name in named], dtype=object)
    blank = rows["row"].to_numpy()[np.array([not name for name in named], dtype=np.bool_)]
    if not len(blank):
        return operators, []
    if source.operator:
        message = f"operator: {len(blank)} rows have none; '{otherwise}', which project.toml names for this file"
        return operators, [Finding("info", message, str(source.file), None, "operator")]
    message = (
        f"operator: {len(blank)} rows have none ({some_rows(blank.tolist())}); "
        f"all are taken as one operator called '{UNKNOWN_OPERATOR}', so sharing and counts by operator mean little"
    )
    return operators, [Finding("warning", message, str(source.file), None, "operator")]


def _counted(rows: pd.DataFrame, project: Project) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows with status, ``counted`` and ``not_counted_because``."""
    given = rows["status"]
    meanings = {text: status_of(text) for text in given.unique()}
    status = given.map(meanings).astype(object)
    because = np.where(status == "on-air", "", "status " + status.astype(str)).astype(object)
    if project.as_of is not None:
        as_of = project.as_of.isoformat()
        late = ((rows["on_air_on"] > as_of) & (because == "")).to_numpy(dtype=bool)
        because[late] = "on air after as_of"
        gone = ((rows["off_air_on"] != "") & (rows["off_air_on"] <= as_of) & (because == "")).to_numpy(dtype=bool)
        because[gone] = "off air before as_of"
    counted = rows.assign(status=status, counted=because == "", not_counted_because=because)
    return counted, [*_status_findings(rows, status), *_not_counted_findings(because)]


def _status_findings(rows: pd.DataFrame, status: pd.Series) -> list[Finding]:
    unknown = rows[(status == "unrecognised").to_numpy(dtype=bool)]
    message = "status: not a word that is known; the station is not counted"
    findings = [
        Finding("warning", message, file, int(row), "status", word)
        for file, row, word in zip(unknown["file"], unknown["row"], unknown["status"], strict=True)
    ]
    blank = int((rows["status"] == "").sum())
    if blank:
        message = f"status: {blank} of {len(rows)} rows have none and are taken as on-air"
        findings.append(Finding("info", message, "", None, "status"))
    return findings


def _not_counted_findings(because: NDArray[np.object_]) -> list[Finding]:
    reasons, counts = np.unique(because[because != ""].astype(str), return_counts=True)
    return [
        Finding("info", f"{count} of {len(because)} rows are kept but not counted: {reason}", "", None, "status")
        for reason, count in zip(reasons.tolist(), counts.tolist(), strict=True)
    ]

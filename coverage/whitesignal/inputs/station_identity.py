"""Which rows are one station, which stations stand at one position, and which rows repeat or contradict another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.findings import Finding, some_rows
from whitesignal.inputs.canonical import first_reason
from whitesignal.units import EARTH_RADIUS_KM

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

POSITION_DECIMALS = 5
"""Stations at the same coordinates to this many decimals, about a metre, stand at one position."""

FAR_AWAY_KM = 1.0
"""Rows of one station_id this far apart cannot be one station."""

SITE_CODE_SHARE = 0.1
"""Where at least this share of the station_ids holds several operators or generations, they are site codes."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The rows with station_id and position_id, and the reasons with those of repeated and contradicting rows."""

    rows: pd.DataFrame
    reasons: NDArray[np.object_]
    findings: tuple[Finding, ...]


def identify(rows: pd.DataFrame, own: pd.DataFrame, reasons: NDArray[np.object_]) -> Identified:
    """Return the rows with their keys complete; rows that already have a reason are not looked at.

    Of rows that repeat one another word for word, and of rows that share a station_id and cannot be one station, the
    first in file order stands.
    """
    reasons = first_reason(reasons, _repeated(rows, own, reasons))
    reasons = first_reason(reasons, _repeated_elsewhere(rows, reasons))
    usable = reasons == ""
    keyed, position_findings = _positions(rows, usable)
    keyed, station_findings = _stations(keyed, usable)
    contradicting = _contradicting(keyed, usable)
    return Identified(keyed, first_reason(reasons, contradicting), (*position_findings, *station_findings))


def _repeated(rows: pd.DataFrame, own: pd.DataFrame, reasons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return "repeats row N" for every row that is the same, word for word, as an earlier one."""
    result = np.full(len(rows), "", dtype=object)
    at = np.flatnonzero(reasons == "")
    keys = _row_keys(own.iloc[at])
    places = rows.iloc[at].assign(place=at)
    first = places.groupby(keys, sort=False)[["place", "file", "row"]].transform("first")
    later = (first["place"] != places["place"]).to_numpy(dtype=bool)
    repeats = zip(first.loc[later, "file"], first.loc[later, "row"], places.loc[later, "file"], strict=True)
    result[at[later]] = [
        f"repeats row {row}" if file == here else f"repeats row {row} of {Path(file).name}"
        for file, row, here in repeats
    ]
    return result


def _row_keys(table: pd.DataFrame) -> NDArray[np.object_]:
    """Return one text per row that is the same where the rows are."""
    return np.array(["\x1f".join(map(str, row)) for row in table.itertuples(index=False, name=None)], dtype=object)


def _repeated_elsewhere(rows: pd.DataFrame, reasons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return "repeats row N of FILE" for every row with a station_id that means the same as one of an earlier file."""
    result = np.full(len(rows), "", dtype=object)
    at = np.flatnonzero((reasons == "") & (rows["station_id"] != "").to_numpy(dtype=bool))
    named = rows.iloc[at]
    if named["file"].nunique() < 2:
        return result
    meaning = _row_keys(named.drop(columns=["file", "row"]))
    first = named.groupby(meaning, sort=False)[["file", "row"]].transform("first")
    later = (first["file"] != named["file"]).to_numpy(dtype=bool)
    result[at[later]] = [
        f"repeats row {row} of {Path(file).name}"
        for file, row in zip(first["file"].to_numpy()[later], first["row"].to_numpy()[later], strict=True)
    ]
    return result


def _positions(rows: pd.DataFrame, usable: NDArray[np.bool_]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows with a position_id each: given, else that of a row at the same place, else made of the place."""
    keyed = rows.copy()
    place = np.array(
        [
            f"P{longitude:.{POSITION_DECIMALS}f}_{latitude:.{POSITION_DECIMALS}f}"
            for longitude, latitude in zip(keyed["longitude"], keyed["latitude"], strict=True)
        ],
        dtype=object,
    )
    blank = (keyed["position_id"] == "").to_numpy(dtype=bool) & usable
    findings = _split_strays(keyed, place, usable & ~blank)
    if not blank.any():
        return keyed, findings
    given = usable & ~blank
    known = dict(zip(place[given][::-1], keyed.loc[given, "position_id"][::-1], strict=True))
    keyed.loc[blank, "position_id"] = [known.get(where, where) for where in place[blank]]
    count = keyed.loc[blank, "position_id"].nunique()
    message = (
        f"position_id: {int(blank.sum())} rows have none; rows at the same coordinates ({POSITION_DECIMALS} decimals) "
        f"are taken as one position, which makes {count}: masts surveyed twice count twice, so sharing is a lower "
        "bound; [project] position_radius_m = 50 joins what stands within 50 m"
    )
    return keyed, [*findings, Finding("warning", message, "", None, "position_id")]


def _split_strays(keyed: pd.DataFrame, place: NDArray[np.object_], given: NDArray[np.bool_]) -> list[Finding]:
    """Give rows far from most others of their position, in place, a position of their own.

    Either a coordinate is wrong, or two registers number different masts alike: no reason to call them shared.
    """
    at = np.flatnonzero(given)
    table = keyed.iloc[at]
    middle = table.groupby("position_id", sort=False)[["longitude", "latitude"]].transform("median")
    away_km = _distance_km(table["longitude"], table["latitude"], middle["longitude"], middle["latitude"])
    strays = at[away_km > FAR_AWAY_KM]
    if not len(strays):
        return []
    keyed.loc[strays, "position_id"] = [
        f"{name}@{where}" for name, where in zip(keyed.loc[strays, "position_id"], place[strays], strict=True)
    ]
    listed = some_rows(keyed.loc[strays, "row"].tolist())
    message = (
        f"position_id: {len(strays)} rows lie more than {FAR_AWAY_KM:g} km from the others of their position "
        f"({listed}); each place is taken as a position of its own: look whether the coordinates are right"
    )
    return [Finding("warning", message, str(keyed.loc[strays[0], "file"]), None, "position_id")]


def _stations(rows: pd.DataFrame, usable: NDArray[np.bool_]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows with a station_id each: one operator's one generation at one position."""
    keyed = rows.copy()
    findings = []
    blank = (keyed["station_id"] == "").to_numpy(dtype=bool) & usable
    made = keyed["position_id"] + "-" + keyed["operator"] + "-" + keyed["generation"]
    keyed.loc[blank, "station_id"] = made[blank]
    if blank.any():
        message = f"station_id: {int(blank.sum())} rows have none; made of position, operator and generation"
        findings.append(Finding("warning", message, "", None, "station_id"))
    findings += _tell_registers_apart(keyed, usable & ~blank)
    named = usable & ~blank
    kinds = keyed[named].groupby("station_id")[["operator", "generation"]].nunique()
    mixed = (kinds > 1).any(axis=1)
    if len(mixed) and mixed.mean() >= SITE_CODE_SHARE and mixed.sum() > 1:
        keyed.loc[named, "station_id"] = (
            keyed.loc[named, "station_id"] + "-" + keyed.loc[named, "operator"] + "-" + keyed.loc[named, "generation"]
        )
        message = (
            f"station_id: {int(mixed.sum())} of {len(mixed)} stand for several operators or generations, as a site "
            "code does; operator and generation are added to each"
        )
        findings.append(Finding("warning", message, "", None, "station_id"))
    return keyed, findings


def _tell_registers_apart(keyed: pd.DataFrame, named: NDArray[np.bool_]) -> list[Finding]:
    """Add the operator, in place, to ids that several operators' files use for stations of their own."""
    groups = keyed[named].groupby("station_id", sort=False)
    clash = (groups["file"].transform("nunique") > 1) & (groups["operator"].transform("nunique") > 1)
    at = clash.index[clash]
    if not len(at):
        return []
    count = keyed.loc[at, "station_id"].nunique()
    keyed.loc[at, "station_id"] = keyed.loc[at, "station_id"] + "-" + keyed.loc[at, "operator"]
    message = f"station_id: {count} are used by several operators' files; the operator is added to each"
    return [Finding("warning", message, "", None, "station_id")]


def _contradicting(rows: pd.DataFrame, usable: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Return why a row cannot belong to the station whose id it bears: the first row of that id stands."""
    result = np.full(len(rows), "", dtype=object)
    at = np.flatnonzero(usable)
    table = rows.iloc[at]
    groups = table.groupby("station_id", sort=False)
    compared = ("row", "operator", "generation", "longitude", "latitude")
    first = {name: groups[name].transform("first") for name in compared}
    away_km = _distance_km(table["longitude"], table["latitude"], first["longitude"], first["latitude"])
    for objected, what in (
        (away_km > FAR_AWAY_KM, "a place more than 1 km away"),
        ((table["operator"] != first["operator"]).to_numpy(dtype=bool), "another operator"),
        ((table["generation"] != first["generation"]).to_numpy(dtype=bool), "another generation"),
    ):
        others = first["row"].to_numpy()[objected]
        result[at[objected]] = [f"same station_id as row {row} with {what}" for row in others]
    return result


def _distance_km(
    longitude: pd.Series, latitude: pd.Series, other_longitude: pd.Series, other_latitude: pd.Series
) -> NDArray[np.float64]:
    """Return distances on the sphere, good for telling a metre from a kilometre."""
    east = np.radians((longitude - other_longitude).to_numpy(dtype=np.float64))
    north = np.radians((latitude - other_latitude).to_numpy(dtype=np.float64))
    shrink = np.cos(np.radians(latitude.to_numpy(dtype=np.float64)))
    return np.asarray(EARTH_RADIUS_KM * np.hypot(east * shrink, north), dtype=np.float64)

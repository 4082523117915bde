"""Lists of villages → one table of points and polygons in WGS 84, each with its centre, and their clusters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
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
from whitesignal.inputs.columns import match_columns, require_columns
from whitesignal.inputs.dirt import coordinate_faults
from whitesignal.inputs.population import people_and_centres
from whitesignal.inputs.tabular import TextTable, is_table, one_line, read_table, text_of
from whitesignal.inputs.vector import WGS84, in_degrees, layers_of, read_layer
from whitesignal.inputs.village_geometry import areas_km2, given_centres, repaired
from whitesignal.inputs.vocabulary import declared_status_of, iso_date, yes_or_no
from whitesignal.project import Project
from whitesignal.schema import VILLAGE_COLUMNS
from whitesignal.text import fold

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

VILLAGE_TABLE_COLUMNS = (
    "village_id", "name", "commune", "district", "province", "population", "households", "has_grid_power",
    "declared_status", "declared_on", "covered_on", "longitude", "latitude", "centre_from", "area_km2", "geometry",
    "file", "row",
)  # fmt: skip
CLUSTER_TABLE_COLUMNS = ("village_id", "cluster_id", "longitude", "latitude", "population")
CLUSTER_LAYER = "clusters"
SECTION = "columns.villages"


@dataclass(frozen=True, slots=True)
class VillageTable:
    """The villages as understood.

    ``rows`` has the columns of ``VILLAGE_TABLE_COLUMNS`` in WGS 84, one row per accepted village, in file order;
    ``clusters`` those of ``CLUSTER_TABLE_COLUMNS``; ``people`` those of ``population.PEOPLE_COLUMNS``: where the people
    live of villages of which only the outline is known, without clusters; ``set_aside`` the rows that cannot be used,
    in the file's own columns after file, row and reason.
    """

    rows: gpd.GeoDataFrame
    clusters: pd.DataFrame
    people: pd.DataFrame
    set_aside: pd.DataFrame
    findings: tuple[Finding, ...]


def read_villages(project: Project) -> VillageTable:
    """Return the project's villages.

    A village without a usable position stays, with NaN for its centre: it is unknown, not white.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a required column, or has projected coordinates and says no CRS.
    """
    path = project.inputs.villages
    given, shapes, findings = _given(path, dict(project.village_columns))
    rows, found = _attributes(given)
    findings += found
    shapes, shape_reasons, found = _shapes(given, rows, shapes)
    findings += found
    rows, found = _keyed(rows)
    findings += found
    surplus = np.where(given.table.surplus, "more values than there are columns", "").astype(object)
    reasons = first_reason(surplus, shape_reasons)
    reasons = first_reason(reasons, _duplicates(rows, reasons))
    findings += set_aside_findings(rows, reasons, shown=("village_id",))
    accepted = reasons == ""
    table, people, found = _located(project, rows[accepted], shapes[accepted])
    clusters, cluster_findings = _clusters(path, table["village_id"])
    labels = file_labels(project)
    return VillageTable(
        rows=with_labels(table, labels),
        clusters=clusters,
        people=people[~people["village_id"].isin(clusters["village_id"])].reset_index(drop=True),
        set_aside=with_labels(set_aside_table(rows, given.table.values, reasons), labels),
        findings=labelled((*findings, *found, *cluster_findings), labels),
    )


def _given(path: Path, mapping: dict[str, str]) -> tuple[CanonicalTable, gpd.GeoSeries | None, list[Finding]]:
    """Return the file's table, and its geometry where it has one."""
    table, shapes, findings = read_village_file(path)
    headers = list(table.values.columns)
    matched = match_columns(headers, VILLAGE_COLUMNS, file=path, mapping=mapping, section=SECTION)
    places = tuple(column for column in VILLAGE_COLUMNS if column.name in ("longitude", "latitude"))
    require_columns(matched, VILLAGE_COLUMNS, headers=headers, file=path, section=SECTION)
    missing = [column.name for column in places if column.name not in matched.source]
    if shapes is None and missing:
        there = ", ".join(f"'{header}'" for header in headers)
        raise InputError(f"{path}: no geometry and no column {', '.join(missing)}; there are: {there}")
    given = CanonicalTable(table, matched, VILLAGE_COLUMNS)
    return given, shapes, [*findings, *matched.findings, *given.unused()]


def read_village_file(path: Path) -> tuple[TextTable, gpd.GeoSeries | None, list[Finding]]:
    """Return a file's attributes as text, and its geometry in WGS 84 where it has one."""
    if is_table(path):
        return read_table(path), None, []
    frame, findings = in_degrees(read_layer(path, _village_layer(path)), path)
    return _as_text(frame, path), frame.geometry.reset_index(drop=True), findings


def _village_layer(path: Path) -> str | None:
    """Return the layer of the villages: that name, else the first that is not the clusters'."""
    layers = [layer for layer in layers_of(path) if layer.casefold() != CLUSTER_LAYER]
    if not layers:
        raise InputError(f"{path}: holds no layer of villages")
    return next((layer for layer in layers if layer.casefold() == "villages"), layers[0])


def _as_text(frame: gpd.GeoDataFrame, path: Path) -> TextTable:
    """Return a layer's attributes as the table of text that a spreadsheet of them would be."""
    import pandas as pd

    attributes = frame.drop(columns=frame.geometry.name)
    count = len(frame)
    texts = {one_line(str(name)): [text_of(value) for value in attributes[name]] for name in attributes.columns}
    numeric = [pd.api.types.is_numeric_dtype(attributes[name]) for name in attributes.columns]
    return TextTable(
        file=path,
        values=pd.DataFrame(texts, dtype=object, index=range(count)),
        rows=np.arange(2, count + 2, dtype=np.int64),
        exact=np.tile(np.array(numeric, dtype=np.bool_), (count, 1)),
        surplus=np.zeros(count, dtype=np.bool_),
    )


def _attributes(given: CanonicalTable) -> tuple[pd.DataFrame, list[Finding]]:
    rows = given.texts()
    findings: list[Finding] = []
    for name in ("population", "households"):
        rows[name], found = given.numbers(name)
        findings += found
    for name, read, message in (
        ("declared_status", declared_status_of, "not white, weak or covered; taken as not declared"),
        ("declared_on", iso_date, "not a date; left blank"),
        ("covered_on", iso_date, "not a date; left blank"),
    ):
        rows[name], found = given.words(name, read, message)
        findings += found
    power = [yes_or_no(text) for text in rows["has_grid_power"]]
    given_power = zip(rows["has_grid_power"], power, strict=True)
    unclear = np.array([text != "" and value is None for text, value in given_power])
    findings += given.warnings("has_grid_power", unclear.astype(np.bool_), "not yes or no; taken as unknown")
    rows["has_grid_power"] = np.array(power, dtype=object)
    return rows, findings


def _shapes(
    given: CanonicalTable, rows: pd.DataFrame, shapes: gpd.GeoSeries | None
) -> tuple[gpd.GeoSeries, NDArray[np.object_], list[Finding]]:
    """Return geometries, why a row cannot be used, and what was repaired; given coordinates fill the centre."""
    import geopandas as gpd

    east, north = given.parsed("longitude"), given.parsed("latitude")
    faults = coordinate_faults(east, north)
    usable = faults == ""
    rows["longitude"] = np.where(usable, east.values, np.nan)
    rows["latitude"] = np.where(usable, north.values, np.nan)
    if shapes is not None:
        fixed, reasons, findings = repaired(shapes, given.table.rows, str(given.table.file))
        stray = ~usable & ~np.isin(faults, ["no coordinates"])
        if given.has("longitude"):
            findings += given.warnings("longitude", stray, "with latitude, no usable centre; the geometry decides")
        return fixed, reasons, findings
    points = gpd.points_from_xy(rows["longitude"], rows["latitude"])
    series = gpd.GeoSeries(points, crs=WGS84)
    series[~usable] = None
    findings = [
        Finding("warning", f"village without a position: {faults[at]}; its status will be unknown",
                str(given.table.file), int(given.table.rows[at]), "longitude")
        for at in np.flatnonzero(~usable)
    ]  # fmt: skip
    return series, np.full(len(rows), "", dtype=object), findings


def _keyed(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows with a village_id each; where none is given, it is made of commune and name."""
    blank = (rows["village_id"] == "").to_numpy(dtype=bool)
    if not blank.any():
        return rows, []
    made = [_slug(*parts) for parts in zip(rows["district"], rows["commune"], rows["name"], strict=True)]
    keyed = rows.assign(village_id=np.where(blank, np.array(made, dtype=object), rows["village_id"]))
    again = keyed.groupby("village_id").cumcount().to_numpy()
    numbered = [f"{key}-{count + 1}" if count and gap else key
                for key, count, gap in zip(keyed["village_id"], again, blank, strict=True)]  # fmt: skip
    message = (
        f"village_id: {int(blank.sum())} of {len(rows)} villages have none; made of district, commune and name, "
        "so a renamed village becomes another one"
    )
    finding = Finding("warning", message, str(rows["file"].iloc[0]), None, "village_id")
    return keyed.assign(village_id=numbered), [finding]


def _slug(*parts: str) -> str:
    return "/".join(fold(part).replace(" ", "-") for part in parts if part)


def _duplicates(rows: pd.DataFrame, reasons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return "same village_id as row N" for every usable row whose key an earlier usable row bears."""
    result = np.full(len(rows), "", dtype=object)
    at = np.flatnonzero(reasons == "")
    usable = rows.iloc[at]
    first = usable.groupby("village_id", sort=False)["row"].transform("first").to_numpy()
    later = usable["village_id"].duplicated().to_numpy(dtype=bool)
    result[at[later]] = [f"same village_id as row {row}" for row in first[later]]
    return result


def _located(
    project: Project, rows: pd.DataFrame, shapes: gpd.GeoSeries
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Finding]]:
    """Return the table with people, centres and areas, and points where the people of bare outlines live."""
    import geopandas as gpd

    frame = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=shapes.reset_index(drop=True), crs=WGS84)
    frame["area_km2"] = areas_km2(frame.geometry)
    frame, findings = given_centres(frame)
    frame, people, found = people_and_centres(project.inputs.population, frame)
    findings += found
    open_centre = frame["longitude"].isna() & (frame["area_km2"] > 0.0)
    inside = frame.geometry[open_centre].representative_point()
    frame.loc[open_centre, "longitude"], frame.loc[open_centre, "latitude"] = inside.x, inside.y
    frame.loc[open_centre, "centre_from"] = "representative"
    if open_centre.any():
        listed = some_rows(frame.loc[open_centre, "row"].tolist())
        message = (
            f"{int(open_centre.sum())} villages ({listed}) have no given centre and no known people inside; "
            "a point inside the polygon stands for the centre"
        )
        findings.append(Finding("warning", message, str(project.inputs.villages)))
    return frame[list(VILLAGE_TABLE_COLUMNS)], people, findings


def _clusters(path: Path, village_ids: pd.Series) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the points of the layer "clusters", where there is one, that belong to a known village."""
    import pandas as pd

    none = pd.DataFrame({name: pd.Series(dtype="object" if name.endswith("_id") else "float64")
                         for name in CLUSTER_TABLE_COLUMNS})  # fmt: skip
    layers = [] if is_table(path) else layers_of(path)
    layer = next((name for name in layers if name.casefold() == CLUSTER_LAYER), None)
    if layer is None:
        return none, []
    frame, findings = in_degrees(read_layer(path, layer), path)
    if "village_id" not in frame.columns:
        raise InputError(f"{path}: layer '{layer}' has no column village_id")
    owner = frame["village_id"].map(text_of)
    numbered = owner + "-" + (frame.groupby(owner).cumcount() + 1).astype(str)
    points = frame.geometry.representative_point()
    named = frame["cluster_id"].map(text_of) if "cluster_id" in frame.columns else numbered
    table = pd.DataFrame(
        {
            "village_id": owner,
            "cluster_id": named.where((named != "") & ~pd.DataFrame({"v": owner, "c": named}).duplicated(), numbered),
            "longitude": points.x,
            "latitude": points.y,
            "population": pd.to_numeric(frame["population"]) if "population" in frame.columns else np.nan,
        }
    )
    usable = owner.isin(set(village_ids)) & ~points.is_empty & points.notna()
    findings += [
        Finding("error", f"cluster left out: its village is not in the list, or it has no point (layer '{layer}')",
                str(path), int(at) + 2, "village_id", owner[at])
        for at in np.flatnonzero(~usable)
    ]  # fmt: skip
    return table[usable].reset_index(drop=True), findings

"""What a map is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from whitesignal.bands import Generation
    from whitesignal.grid import Raster
    from whitesignal.maps.backdrop import Backdrop


@dataclass(frozen=True)
class MapData:
    """A run's results, as its map needs them.

    Attributes
    ----------
    title
        What the map shows, usually the province's name.
    as_of
        The date the stations are counted at, ISO 8601.
    synthetic
        Whether any input is invented: the map then wears a badge that says so.
    model
        Name of the propagation model.
    stations
        Rows of ``stations.csv``; rows that share a ``station_id`` are cells of one station. Those not ``counted``
        go on a layer of their own. Columns beyond those of the map (tilt, owner, …) show in the popup where known.
    villages
        Rows of ``villages.csv`` with polygons or points, EPSG:4326. ``longitude`` and ``latitude`` are the centre;
        a row without them stands at its geometry's representative point, a row without either is not drawn.
    levels
        Median level of the best station per generation, on a projected grid. [dBm]
    polygons
        Coverage per ``generation``, ``operator`` (``any``: all together) and ``threshold``, EPSG:4326, with
        ``level_dbm``, ``area_km2``, ``people``. The map draws ``any`` at ``service``.
    indicators
        Rows of ``indicators.json``; those of the province make the headline (see `whitesignal.maps.headline`).
    hillshade
        Shaded relief, 0 to 255.
    outlines
        Boundaries, lines or polygons, any CRS; none is EPSG:4326. Where they have a ``level``, all but ``commune``
        are drawn bold.
    notes
        Sentences a reader must know, in the map's language.
    clusters
        Residential clusters: ``village_id``, ``longitude``, ``latitude``, and ``status`` where judged: ``served``,
        ``unserved`` or ``unknown``.
    changed
        Villages whose status a scenario changes: ``village_id``, ``before``, ``after``.
    proposed
        Whether the stations that are not ``counted`` are a plan's: then they show from the start.
    backdrop
        The empty map, the borders of these villages and this hillshade, where they are drawn already.
    """

    title: str
    as_of: str
    synthetic: bool
    model: str
    stations: pd.DataFrame
    villages: gpd.GeoDataFrame
    levels: Mapping[Generation, Raster]
    polygons: gpd.GeoDataFrame
    indicators: Sequence[Mapping[str, object]]
    hillshade: Raster | None = None
    outlines: gpd.GeoDataFrame | None = None
    notes: Sequence[str] = ()
    clusters: pd.DataFrame | None = None
    changed: pd.DataFrame | None = None
    proposed: bool = False
    backdrop: Backdrop | None = None

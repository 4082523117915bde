"""Villages as they were read, beside a run's reach: reading them again takes longer than many a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.inputs.villages import VillageTable
from whitesignal.results.table_store import read_table_arrays, table_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

TABLES = ("rows", "clusters", "people")


def village_arrays(villages: VillageTable) -> dict[str, NDArray[Any]]:
    """Return the tables of villages, clusters and people as arrays to store: no findings, nothing set aside."""
    import shapely

    arrays: dict[str, NDArray[Any]] = {}
    for name in TABLES:
        table = getattr(villages, name)
        kept = table.drop(columns="geometry") if name == "rows" else table
        arrays |= table_arrays(f"read_{name}", kept)
    shapes = [b"" if one is None else one for one in shapely.to_wkb(villages.rows.geometry.to_numpy())]
    arrays["read_shapes"] = np.frombuffer(b"".join(shapes), dtype=np.uint8)
    arrays["read_shape_ends"] = np.cumsum([len(one) for one in shapes], dtype=np.int64)
    return arrays


def read_village_arrays(arrays: Mapping[str, Any]) -> VillageTable:
    """Return the villages that ``village_arrays`` stored, without findings or what was set aside."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    tables = {name: read_table_arrays(f"read_{name}", arrays) for name in TABLES}
    joined, ends = arrays["read_shapes"].tobytes(), arrays["read_shape_ends"].tolist()
    starts = [0, *ends[:-1]]
    shapes = [joined[start:end] or None for start, end in zip(starts, ends, strict=True)]
    rows = gpd.GeoDataFrame(tables["rows"], geometry=shapely.from_wkb(shapes), crs="EPSG:4326")
    return VillageTable(rows, tables["clusters"], tables["people"], pd.DataFrame(), ())

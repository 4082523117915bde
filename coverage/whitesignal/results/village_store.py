"""Villages as they were read, beside a run's reach: reading them again takes longer than many a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from whitesignal.inputs.villages import VillageTable

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TABLES = ("rows", "clusters", "people")

TRUTHS = (None, False, True)
"""What a column of yes, no and unknown holds, stored by its place here."""


def village_arrays(villages: VillageTable) -> dict[str, NDArray[Any]]:
    """Return the tables of villages, clusters and people as arrays to store: no findings, nothing set aside."""
    import shapely

    arrays = {}
    for name in TABLES:
        table = getattr(villages, name)
        kept = table.drop(columns="geometry") if name == "rows" else table
        arrays[f"read_{name}_columns"] = np.array(list(kept.columns), dtype=str)
        arrays |= {f"read_{name}:{column}": _stored(kept[column]) for column in kept.columns}
    shapes = [b"" if one is None else one for one in shapely.to_wkb(villages.rows.geometry.to_numpy())]
    arrays["read_shapes"] = np.frombuffer(b"".join(shapes), dtype=np.uint8)
    arrays["read_shape_ends"] = np.cumsum([len(one) for one in shapes], dtype=np.int64)
    return arrays


def read_village_arrays(arrays: Mapping[str, Any]) -> VillageTable:
    """Return the villages that ``village_arrays`` stored, without findings or what was set aside."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    tables = {}
    for name in TABLES:
        columns = [str(column) for column in arrays[f"read_{name}_columns"]]
        tables[name] = pd.DataFrame({column: _restored(arrays[f"read_{name}:{column}"]) for column in columns})
    joined, ends = arrays["read_shapes"].tobytes(), arrays["read_shape_ends"].tolist()
    starts = [0, *ends[:-1]]
    shapes = [joined[start:end] or None for start, end in zip(starts, ends, strict=True)]
    rows = gpd.GeoDataFrame(tables["rows"], geometry=shapely.from_wkb(shapes), crs="EPSG:4326")
    return VillageTable(rows, tables["clusters"], tables["people"], pd.DataFrame(), ())


def _stored(column: pd.Series[Any]) -> NDArray[Any]:
    """Return a column of numbers, of texts, or of yes, no and unknown as bytes."""
    values = column.to_numpy()
    if values.dtype.kind in "iuf":
        return np.asarray(values)
    listed = values.tolist()
    if all(isinstance(value, str) for value in listed):
        return np.array(listed, dtype=str)
    return np.array([TRUTHS.index(None if value is None or value != value else value) for value in listed], np.int8)


def _restored(values: NDArray[Any]) -> Any:
    import pandas as pd

    if values.dtype == np.int8:
        return pd.Series([TRUTHS[at] for at in values.tolist()], dtype=object)
    # As an array pandas would make its own kind of text of it.
    return pd.Series(values.astype(object), dtype=object) if values.dtype.kind == "U" else values

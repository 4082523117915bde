"""Tables as arrays beside a run's reach, column for column and kind for kind: what is read back is what was there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TRUTHS = (None, False, True)
"""What a column of yes, no and unknown holds, stored by its place here."""


def table_arrays(name: str, table: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return a table's columns as arrays to store, their names led by the table's; its index is not among them."""
    columns = list(table.columns)
    return {
        f"{name}_columns": np.array(columns, dtype=str),
        f"{name}_kinds": np.array([str(table[column].dtype) for column in columns], dtype=str),
        **{f"{name}:{column}": _stored(table[column]) for column in columns},
    }


def read_table_arrays(name: str, arrays: Mapping[str, Any]) -> pd.DataFrame:
    """Return the table that ``table_arrays`` stored under that name."""
    import pandas as pd

    columns, kinds = ([str(one) for one in arrays[f"{name}_{what}"]] for what in ("columns", "kinds"))
    return pd.DataFrame(
        {column: _restored(arrays[f"{name}:{column}"], kind) for column, kind in zip(columns, kinds, strict=True)}
    )


def _stored(column: pd.Series[Any]) -> NDArray[Any]:
    """Return a column of numbers, of truths, of texts, or of yes, no and unknown as bytes."""
    values = column.to_numpy()
    if values.dtype.kind in "iufb":
        return np.asarray(values)
    listed = values.tolist()
    if all(isinstance(value, str) for value in listed):
        return np.array(listed, dtype=str)
    return np.array([TRUTHS.index(None if value is None or value != value else value) for value in listed], np.int8)


def _restored(values: NDArray[Any], kind: str) -> Any:
    import pandas as pd

    if kind == "object" and values.dtype == np.int8:
        return pd.Series([TRUTHS[at] for at in values.tolist()], dtype=object)
    # As an array pandas would make its own kind of text of it.
    return pd.Series(values.astype(object), dtype=kind) if values.dtype.kind == "U" else values

"""Which rows of the register a step means: by name, by group, within a polygon, or by lot."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.inputs.toml_values import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import shapely
    from numpy.typing import NDArray

    from whitesignal.scenario.steps import Outage

NOUNS = (("station_id", "station"), ("position_id", "position"))


def on_air(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows are counted, shape (rows,)."""
    return np.array(rows["counted"].to_numpy(dtype=bool), dtype=np.bool_)


def named(
    rows: pd.DataFrame,
    original: pd.DataFrame,
    *,
    stations: Sequence[str],
    positions: Sequence[str],
    title: str,
    alive: bool = True,
) -> NDArray[np.bool_]:
    """Return which rows are of the stations or positions named; with ``alive`` only those on air.

    Raises
    ------
    InputError
        A name that the register does not hold (any more), or with ``alive`` one of which nothing is on air.
    """
    chosen = np.zeros(len(rows), dtype=bool)
    for (column, noun), listed in zip(NOUNS, (stations, positions), strict=True):
        for name in listed:
            found = (rows[column] == name).to_numpy(dtype=bool)
            if not found.any():
                raise InputError(f"{title}: {_unknown(name, noun, rows[column], original[column])}")
            if alive and not (found & on_air(rows)).any():
                raise InputError(
                    f"{title}: {noun} {name} is not on air ({_because(rows, found)}); take the step out, or add it"
                )
            chosen |= found & on_air(rows) if alive else found
    return chosen


def _unknown(name: str, noun: str, known: pd.Series, original: pd.Series) -> str:
    if (original == name).any():
        return f"{noun} {name} is gone: an earlier step removed or moved it; drop one of the two steps"
    return f"no {noun} '{name}' in the register; {_hint(name, known)}"


def _hint(name: str, known: pd.Series) -> str:
    import difflib

    near = difflib.get_close_matches(name, known.unique().tolist(), n=1)
    return f"did you mean '{near[0]}'?" if near else "ids are those of stations.csv in the results folder"


def _because(rows: pd.DataFrame, found: NDArray[np.bool_]) -> str:
    return str(rows.loc[found, "not_counted_because"].iloc[0])


def of_operator(rows: pd.DataFrame, operator: str, *, title: str) -> NDArray[np.bool_]:
    """Return which rows are an operator's; InputError where the register knows none of that name."""
    found = np.asarray((rows["operator"] == operator).to_numpy(dtype=bool), dtype=np.bool_)
    if not found.any():
        known = sorted(set(rows["operator"]))
        raise InputError(f"{title}: no operator '{operator}' in the register; {nearest_name(operator, known)}")
    return found


def in_outage(rows: pd.DataFrame, original: pd.DataFrame, step: Outage, *, title: str) -> NDArray[np.bool_]:
    """Return which rows on air an outage silences.

    Raises
    ------
    InputError
        An unknown name or group, a polygon that is none, or a choice that holds nothing on air.
    """
    chosen = on_air(rows)
    if step.stations or step.positions:
        chosen &= named(rows, original, stations=step.stations, positions=step.positions, title=title)
    if step.operator is not None:
        chosen &= of_operator(rows, step.operator, title=title)
    for column in ("power_group", "transmission_group"):
        wanted = getattr(step, column)
        if wanted is None:
            continue
        belongs = (rows[column] == wanted).to_numpy(dtype=bool)
        if not belongs.any():
            raise InputError(f"{title}: no {column} '{wanted}' in the register; {_hint(wanted, rows[column])}")
        chosen &= belongs
    if step.polygon is not None:
        chosen &= _inside(rows, step.polygon, title=title)
    if not chosen.any():
        raise InputError(f"{title}: nothing on air is meant by it; look at the order of the steps, and what it names")
    if step.share is None:
        return chosen
    column = f"{step.unit}_id"
    struck = {name for name in rows.loc[chosen, column].unique() if fate(name, step.seed) < step.share}
    return np.asarray(chosen & rows[column].isin(struck).to_numpy(dtype=bool), dtype=np.bool_)


def fate(name: str, seed: int) -> float:
    """Return a number from 0 to 1 that depends on a name and a seed alone, uniform over names.

    A station more, or rows in another order, change nobody's fate; a greater share strikes the same ones and others.
    """
    digest = blake2b(f"{seed}\x1f{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def _inside(rows: pd.DataFrame, polygon: tuple[tuple[float, float], ...] | Path, *, title: str) -> NDArray[np.bool_]:
    import shapely

    shape = _read_polygons(polygon) if isinstance(polygon, Path) else shapely.Polygon(polygon)
    if shape.is_empty or shapely.get_dimensions(shape) != 2 or not shape.is_valid:
        raise InputError(f"{title}: the polygon is none: {shapely.is_valid_reason(shape)}")
    within = shapely.intersects_xy(shape, rows["longitude"].to_numpy(float), rows["latitude"].to_numpy(float))
    if not within.any():
        west, south, east, north = shape.bounds
        bounds = f"{west:.2f}…{east:.2f}° E, {south:.2f}…{north:.2f}° N"
        raise InputError(f"{title}: no station lies within the polygon ({bounds}); is it longitude, then latitude?")
    return np.asarray(within, dtype=np.bool_)


def _read_polygons(file: Path) -> shapely.Geometry:
    import shapely

    from whitesignal.inputs.vector import in_degrees, read_layer

    frame, _ = in_degrees(read_layer(file, None), file)
    return shapely.union_all(shapely.force_2d(frame.geometry.to_numpy()))

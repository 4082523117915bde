"""A village by what people call it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.text import fold, nfc

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LISTED = 10
"""How many candidates an error names."""

COMMUNE_WORDS = ("xa ", "phuong ", "thi tran ")


def find_row(villages: pd.DataFrame, village: str) -> int:
    """Return the row of a village given by its village_id, its name, or "name, commune".

    Marks and case matter only where several villages differ by nothing else.

    Raises
    ------
    InputError
        If there is none, with the nearest names, or several, with their ids.
    """
    text = nfc(village)
    by_id = np.flatnonzero((villages["village_id"] == text).to_numpy())
    if len(by_id):
        return int(by_id[0])
    found = _called(villages, text)
    if len(found) == 1:
        return int(found[0])
    if len(found) == 0:
        near = _nearest(villages, text)
        hint = f"; the nearest are {near}" if near else ""
        raise InputError(f"no village with the id or name {village!r}{hint}")
    listed = ", ".join(_label(villages, row) for row in found[:LISTED].tolist())
    more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
    raise InputError(f"{len(found)} villages are called {village!r}; give one's village_id: {listed}{more}")


def _called(villages: pd.DataFrame, text: str) -> NDArray[np.int64]:
    exact = np.flatnonzero((villages["name"] == text).to_numpy())
    if len(exact):
        return exact
    names = np.asarray([fold(name) for name in villages["name"]], dtype=object)
    found = np.flatnonzero(names == fold(text))
    if len(found) or "," not in text:
        return found
    name, _, commune = text.rpartition(",")
    communes = np.asarray([_bare(commune) for commune in villages["commune"]], dtype=object)
    here = communes == _bare(commune)
    exact = np.flatnonzero((villages["name"] == nfc(name)).to_numpy() & here)
    return exact if len(exact) else np.flatnonzero((names == fold(name)) & here)


def _bare(commune: str) -> str:
    """Return a commune's name as a key, without the word for what kind it is."""
    folded = fold(commune)
    for word in COMMUNE_WORDS:
        if folded.startswith(word):
            return folded.removeprefix(word)
    return folded


def _nearest(villages: pd.DataFrame, text: str) -> str:
    rows_of: dict[str, int] = {}
    for row, (village_id, name, commune) in enumerate(
        zip(villages["village_id"], villages["name"], villages["commune"], strict=True)
    ):
        for key in (fold(village_id), fold(name), fold(f"{name}, {commune}")):
            rows_of.setdefault(key, row)
    rows = dict.fromkeys(rows_of[key] for key in get_close_matches(fold(text), rows_of, n=5))
    return ", ".join(_label(villages, row) for row in list(rows)[:3])


def _label(villages: pd.DataFrame, row: int) -> str:
    at = villages.iloc[row]
    return f"{at['village_id']} ({at['name']}, {at['commune']})"

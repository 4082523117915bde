"""Numbers as people write them: decimal comma or point, thousands grouped or not.

A lone "2.071" is 2.071 or 2071. The column decides: where its other numbers show which sign is the decimal one, by
that; where none does, a quantity that nobody gives to a thousandth (``grouped``) is read as 2071, any other as 2.071.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_PLAIN = r"[+-]?\d+(?:[eE][+-]?\d+)?"
_DECIMAL = r"[+-]?(?:\d+[{sign}]\d*|[{sign}]\d+)(?:[eE][+-]?\d+)?"
_GROUPED = r"[+-]?[1-9]\d{{0,2}}(?:[{group}]\d{{3}})+(?:[{sign}]\d+)?"
_GROUPED_TWICE = r"[+-]?[1-9]\d{{0,2}}(?:[{group}]\d{{3}}){{2,}}"
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_SPACES = " \u00a0\u202f'\u2019"
"""Space, no-break space, narrow no-break space and apostrophes separate thousands, never decimals."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Parsed numbers: NaN where a text is blank or not a number, and ``unreadable`` true for the latter."""

    values: NDArray[np.float64]
    unreadable: NDArray[np.bool_]


def parse_numbers(
    texts: Sequence[str] | pd.Series, *, grouped: bool, exact: NDArray[np.bool_] | None = None
) -> Numbers:
    """Return the numbers that one column's texts stand for.

    Parameters
    ----------
    texts
        One column, shape (rows,).
    grouped
        Whether a lone "2.071" means 2071 where the column does not show otherwise. Never true of coordinates.
    exact
        Rows whose text was written from a number and not by a person: a decimal point, never grouped.

    Examples
    --------
    >>> parse_numbers(["105,34808", " -7.5", "", "abc"], grouped=False).values.tolist()
    [105.34808, -7.5, nan, nan]
    >>> parse_numbers(["2.071", "415"], grouped=True).values.tolist()
    [2071.0, 415.0]
    """
    import pandas as pd

    given = pd.Series(texts, dtype=object).reset_index(drop=True).astype(str).str.strip()
    text = given.str.replace("−", "-", regex=False)
    machine = np.zeros(len(text), dtype=bool) if exact is None else exact
    sign = _decimal_sign(text[~machine])
    ambiguous = text.str.fullmatch(_AMBIGUOUS).to_numpy(dtype=bool)
    as_group = _ambiguous_means_thousands(text, sign=sign, grouped=grouped) & ambiguous & ~machine
    clean = text.where(~as_group, text.str.replace("[.,]", "", regex=True))
    for decimal, group in ((".", ","), (",", ".")):
        both = _GROUPED.format(sign=decimal, group=group + _SPACES)
        is_grouped = ~ambiguous & ~machine & clean.str.fullmatch(both).to_numpy(dtype=bool)
        ungrouped = clean.str.replace(f"[{group}{_SPACES}]", "", regex=True)
        clean = clean.where(~is_grouped, ungrouped)
    plain = rf"{_PLAIN}|{_DECIMAL.format(sign='.,')}"
    readable = clean.str.fullmatch(plain).to_numpy(dtype=bool)
    numbers = pd.to_numeric(clean.where(readable, "nan").str.replace(",", ".", regex=False), errors="coerce")
    values = numbers.to_numpy(dtype=np.float64)
    finite = np.isfinite(values)
    blank = (given == "").to_numpy(dtype=bool)
    return Numbers(np.where(finite, values, np.nan), ~blank & ~(readable & finite))


def _decimal_sign(text: pd.Series) -> Literal[".", ",", "", "both"]:
    """Return the decimal sign that the unambiguous numbers of a column show; "" where none does."""
    shown = ""
    for sign, group in ((".", ","), (",", ".")):
        by_decimals = text.str.fullmatch(_DECIMAL.format(sign=sign)) & ~text.str.fullmatch(_AMBIGUOUS)
        by_groups = text.str.fullmatch(_GROUPED_TWICE.format(group=group)) | (
            text.str.fullmatch(_GROUPED.format(sign=sign, group=group)) & text.str.contains(sign, regex=False)
        )
        if bool((by_decimals | by_groups).any()):
            shown = "both" if shown else sign
    return shown  # type: ignore[return-value]


def _ambiguous_means_thousands(text: pd.Series, *, sign: str, grouped: bool) -> NDArray[np.bool_]:
    """Return, per text, whether its one sign separates thousands, if the text is ambiguous at all."""
    if sign in (".", ","):
        return np.asarray(~text.str.contains(sign, regex=False), dtype=np.bool_)
    return np.full(len(text), grouped, dtype=bool)

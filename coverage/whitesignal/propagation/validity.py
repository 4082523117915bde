"""The ranges for which models are published, and what to do outside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from whitesignal.errors import RangeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

OutOfRange = Literal["raise", "flag"]
"""Outside a published range: raise, or carry the formula on; the model's ``outside_range`` then names what is out."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A closed range of one quantity, as a recommendation publishes it."""

    quantity: str
    unit: str
    low: float
    high: float

    def breach(self, value: ArrayLike) -> str | None:
        """Return a sentence on what is outside, None if nothing is; NaN is outside."""
        values = np.atleast_1d(np.asarray(value, dtype=np.float64))
        outside = values[~((values >= self.low) & (values <= self.high))]
        if outside.size == 0:
            return None
        most = f" and {outside.size - 1} more" if outside.size > 1 else ""
        return f"{self.quantity} {outside[0]:g} {self.unit}{most} outside {self.low:g} to {self.high:g} {self.unit}"


def breaches(values: Sequence[tuple[Limit, ArrayLike]]) -> tuple[str, ...]:
    """Return a sentence for each quantity outside its range, none if all are inside."""
    return tuple(sentence for limit, value in values if (sentence := limit.breach(value)) is not None)


def check(model: str, sentences: Sequence[str], out_of_range: OutOfRange) -> None:
    """Raise unless all is inside or the caller has asked to be flagged only.

    Raises
    ------
    RangeError
        If there is a sentence and ``out_of_range`` is ``"raise"``.
    """
    if sentences and out_of_range == "raise":
        raise RangeError(f"{model}: {'; '.join(sentences)}")


def positive(model: str, quantity: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return the values as an array of floats.

    Raises
    ------
    RangeError
        If one of them is not above zero: no formula can be carried on to there.
    """
    values = np.asarray(value, dtype=np.float64)
    if not np.all(values > 0.0):
        raise RangeError(f"{model}: {quantity} must be above 0")
    return values

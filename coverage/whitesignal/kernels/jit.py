"""The one decorator every kernel wears."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def kernel(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Return the function compiled at its first call, free of the interpreter's lock, cached on disk.

    Division by zero gives inf or NaN, as in numpy: a kernel never raises.
    """
    compiled = njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast(Callable[_Arguments, _Result], compiled)

"""The one decorator every kernel wears, and where its compiled form is kept."""

from __future__ import annotations

import functools
import gc
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core import event, types
from numba.extending import typeof_impl

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "no_rewrites": True}
"""How all are compiled. Nobody takes their address, and numba's rewriting of array expressions finds none here: leaving
both out spares a tenth of the compilation."""

NONE = cast(int, np.int64(0))
"""A count's 0 to start from. Of a plain 0 that is passed on numba compiles a part of its own, beside any number's."""

CONSTANTS = "units.py"
"""The module beside the kernels' folder whose constants are compiled into them."""


def sources_digest(folder: Path) -> str:
    """Return a fingerprint of all that is compiled: the Python sources in a folder, and the constants beside it."""
    digest = hashlib.sha256()
    for source in (*sorted(folder.glob("*.py")), *folder.parent.glob(CONSTANTS)):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def cache_directory() -> Path:
    """Return the folder of the compiled kernels, one per state of all their sources together.

    numba recompiles a kernel when its own file changes, not when a kernel that it calls from another file does:
    a stale caller would go on computing with the old callee.
    """
    here = Path(__file__).parent
    name = f"kernels-{sources_digest(here)}"
    beside = here / "__pycache__"
    if os.access(beside if beside.exists() else here, os.W_OK):
        return beside / name
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whitesignal" / name


def is_compiled(function: str) -> bool:
    """Return whether a kernel, given as "module.name", has been compiled here from the sources as they are."""
    chosen = vars(numba.config)["CACHE_DIR"]
    folder = Path(chosen) if chosen else cache_directory()
    return bool(vars(numba.config)["DISABLE_JIT"]) or any(folder.glob(f"**/{function}-*.nbi"))


class _GarbageWaits(event.Listener):
    """Switches the garbage collector off while a kernel compiles.

    The compiler keeps nearly all that it makes, and looking through it again and again takes a tenth of its time.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.was_on = False

    def on_start(self, event: event.Event) -> None:
        """Note that a compilation begins, within another or not."""
        if self.depth == 0:
            self.was_on = gc.isenabled()
            gc.disable()
        self.depth += 1

    def on_end(self, event: event.Event) -> None:
        """Note that one ends; after the outermost the collector is as it was."""
        self.depth -= 1
        if self.depth == 0 and self.was_on:
            gc.enable()


event.register("numba:compile", _GarbageWaits())  # type: ignore[no-untyped-call]


def kernel(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Return the function compiled at its first call, free of the interpreter's lock, cached on disk.

    Division by zero gives inf or NaN, as in numpy: a kernel never raises. A cache folder that the user chose
    (``NUMBA_CACHE_DIR``) is left alone. Of a part it is the way in for Python.
    """
    settings = vars(numba.config)
    chosen = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = chosen or str(cache_directory())
    try:
        compiled = numba.njit(cache=True, **_OPTIONS)(function.function if isinstance(function, Part) else function)
    finally:
        settings["CACHE_DIR"] = chosen
    return cast(Callable[_Arguments, _Result], compiled)


class Part(Generic[_Arguments, _Result]):
    """A function that kernels call: compiled into them, once for all of them, and interpreted when Python calls it.

    It has no way in from Python, which would be a fifth of its compilation. Registered with numba as an overload it
    would be compiled anew for kernels and for parts, whose settings differ.
    """

    def __init__(self, function: Callable[_Arguments, _Result]) -> None:
        self.function = function
        options: dict[str, Any] = {"no_cpython_wrapper": True, **_OPTIONS}
        self.compiled = numba.njit(**options)(function)
        functools.update_wrapper(self, function)

    def __call__(self, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        """Return what the function returns."""
        return self.function(*args, **kwargs)


part = Part
"""The decorator of what only kernels call."""


@typeof_impl.register(Part)
def _type_of_part(part: Part[Any, Any], _: object) -> types.Dispatcher:
    """Return what numba takes a part for where a kernel names it: the compiled function."""
    return types.Dispatcher(part.compiled)

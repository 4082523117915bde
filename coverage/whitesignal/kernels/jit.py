"""The one decorator every kernel wears, and where its compiled form is kept."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


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


def kernel(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Return the function compiled at its first call, free of the interpreter's lock, cached on disk.

    Division by zero gives inf or NaN, as in numpy: a kernel never raises. A cache folder that the user chose
    (``NUMBA_CACHE_DIR``) is left alone.
    """
    settings = vars(numba.config)
    chosen = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = chosen or str(cache_directory())
    try:
        compiled = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    finally:
        settings["CACHE_DIR"] = chosen
    return cast(Callable[_Arguments, _Result], compiled)

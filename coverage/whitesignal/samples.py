"""Bundled sample projects; their data are synthetic."""

from __future__ import annotations

import shutil
from pathlib import Path

from whitesignal.errors import InputError, OutputExistsError
from whitesignal.results.folder import staged_folder

BUNDLED = Path(__file__).parent / "sample_data"
"""Where an installed package keeps them."""

CHECKOUT = Path(__file__).parents[2] / "data"
"""Where they lie in a checkout of the repository."""


def sample_folders() -> dict[str, Path]:
    """Return the bundled samples by name."""
    home = BUNDLED if BUNDLED.is_dir() else CHECKOUT
    return {file.parent.name: file.parent for file in sorted(home.glob("*/project.toml"))}


def write_sample(name: str, folder: Path) -> Path:
    """Copy a sample project into a new folder and return it.

    Raises
    ------
    InputError
        If there is no sample of that name.
    OutputExistsError
        If the folder exists and is not empty.
    """
    known = sample_folders()
    if name not in known:
        raise InputError(f"no sample called {name!r}; there is {', '.join(known) or 'none'}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputExistsError(f"{folder}: exists already; choose a folder that does not")
    with staged_folder(folder, overwrite=False) as staged:
        shutil.copytree(known[name], staged, dirs_exist_ok=True, ignore=shutil.ignore_patterns("results*", "whatif"))
    return folder

"""The results folder: written aside and moved into place, so that nobody ever sees half of one."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.errors import InputError, OutputExistsError

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN_RECORD = "run.json"
"""The file that tells a results folder from any other."""

PROGRAM = "whitesignal"
"""What its entry ``program`` says: other programs call a record of theirs run.json too."""


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """Raise OutputExistsError unless results may be written here.

    A folder that a run did not write is never replaced, whatever ``overwrite`` says.
    """
    for parent in folder.parents:
        if parent.exists() and not parent.is_dir():
            raise OutputExistsError(f"{parent}: a file, so nothing can be written below it; choose another --out")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputExistsError(f"{folder}: a file stands where the results should go; choose another --out")
    if not any(folder.iterdir()):
        return
    if not _is_ours(folder):
        raise OutputExistsError(
            f"{folder}: not empty, and no results folder (no {RUN_RECORD} of {PROGRAM}); choose another --out"
        )
    if not overwrite:
        raise OutputExistsError(f"{folder}: results exist already; add --overwrite to replace them, or choose --out")


@contextmanager
def staged_folder(folder: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``folder`` when the block ends well, and vanishes otherwise.

    Raises
    ------
    OutputExistsError
        As ``check_folder``, before anything is written.
    """
    check_folder(folder, overwrite=overwrite)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as aside:
        staged = Path(aside) / "new"
        staged.mkdir(mode=0o755)
        yield staged
        check_folder(folder, overwrite=overwrite)
        old = Path(aside) / "old"
        try:
            if folder.exists():
                folder.rename(old)
            staged.rename(folder)
        finally:
            # An interrupt between the two leaves the old results aside, where they would be swept away.
            if old.exists() and not folder.exists():
                old.rename(folder)


def check_file(file: Path, *, overwrite: bool) -> None:
    """Raise OutputExistsError if the file exists and ``overwrite`` is not given, or a folder stands there."""
    if file.is_dir():
        raise OutputExistsError(f"{file}: a folder stands where the file should go; choose another --out")
    if file.exists() and not overwrite:
        raise OutputExistsError(f"{file}: exists already; add --overwrite to replace it, or choose another --out")


@contextmanager
def staged_file(file: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a path that takes the place of ``file`` when the block ends well, and vanishes otherwise.

    Raises
    ------
    OutputExistsError
        As ``check_file``, before anything is written.
    """
    check_file(file, overwrite=overwrite)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as aside:
        # The suffix stays: writers choose a format by it.
        staged = Path(aside) / file.name
        yield staged
        staged.replace(file)


def require_results(folder: Path) -> Path:
    """Return the folder if a run wrote it; InputError otherwise."""
    if not _is_ours(folder):
        raise InputError(f"{folder}: no results here (no {RUN_RECORD} of {PROGRAM}); run `whitesignal analyze` first")
    return folder


def _is_ours(folder: Path) -> bool:
    """Return whether a run of this program wrote the folder, by its record."""
    record = folder / RUN_RECORD
    if not record.is_file():
        return False
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("program") == PROGRAM

"""The results folder: written aside and moved into place, so that nobody ever sees half of one."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.errors import InputError, OutputExistsError

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN_RECORD = "run.json"
"""The file that tells a results folder from any other."""


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """Raise OutputExistsError unless results may be written here.

    A folder that a run did not write is never replaced, whatever ``overwrite`` says.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputExistsError(f"{folder}: a file stands where the results should go; choose another --out")
    if not any(folder.iterdir()):
        return
    if not (folder / RUN_RECORD).is_file():
        raise OutputExistsError(f"{folder}: not empty, and no results folder (no {RUN_RECORD}); choose another --out")
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
        if folder.exists():
            folder.rename(Path(aside) / "old")
        try:
            staged.rename(folder)
        except OSError:
            if (Path(aside) / "old").exists():
                (Path(aside) / "old").rename(folder)
            raise


@contextmanager
def staged_file(file: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a path that takes the place of ``file`` when the block ends well, and vanishes otherwise.

    Raises
    ------
    OutputExistsError
        If the file exists and ``overwrite`` is not given.
    """
    if file.exists() and not overwrite:
        raise OutputExistsError(f"{file}: exists already; add --overwrite to replace it, or choose another --out")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as aside:
        # The suffix stays: writers choose a format by it.
        staged = Path(aside) / file.name
        yield staged
        staged.replace(file)


def require_results(folder: Path) -> Path:
    """Return the folder if a run wrote it; InputError otherwise."""
    if not (folder / RUN_RECORD).is_file():
        raise InputError(f"{folder}: no results here (no {RUN_RECORD}); run `whitesignal analyze` first")
    return folder

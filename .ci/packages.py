"""Fail unless a wheel and an sdist hold exactly what they should."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ("whitesignal/sample_data/ha-giang/", "whitesignal/sample_data/quang-ninh/")
SAMPLE_NEEDS = ("project.toml", "stations.csv", "villages.gpkg", "terrain.tif")
LITTER = ("__pycache__", "/results", "/whatif/", ".pyc")
SDIST_NEEDS = (
    "pyproject.toml", "README.md", "LICENSE", "coverage/whitesignal/py.typed", "data/ha-giang/project.toml",
    "data/quang-ninh/project.toml",
)  # fmt: skip


def package_files() -> set[str]:
    """Return every file of the package in the checkout: sources, type marker, scripts and words of the maps."""
    sources = ROOT / "coverage"
    files = (file.relative_to(sources).as_posix() for file in (sources / "whitesignal").rglob("*") if file.is_file())
    return {name for name in files if "__pycache__" not in name}


def wheel_faults(names: set[str]) -> list[str]:
    """Return what a wheel lacks and what has no place in it."""
    package = package_files()
    missing = [*(package - names), *({f"{sample}{file}" for sample in SAMPLES for file in SAMPLE_NEEDS} - names)]
    allowed = (*SAMPLES, "whitesignal-")
    strangers = [name for name in names - package if not name.startswith(allowed)]
    litter = [name for name in names if name.startswith(SAMPLES) and any(mark in name for mark in LITTER)]
    return [f"the wheel lacks {name}" for name in sorted(missing)] + [
        f"the wheel holds {name}" for name in sorted({*strangers, *litter})
    ]


def sdist_faults(names: set[str]) -> list[str]:
    """Return what an sdist lacks and what has no place in it."""
    inside = {name.partition("/")[2] for name in names}
    litter = sorted(name for name in inside if any(mark in name for mark in LITTER[::3]))
    return [f"the sdist lacks {name}" for name in SDIST_NEEDS if name not in inside] + [
        f"the sdist holds {name}" for name in litter
    ]


def main(wheel: str, sdist: str) -> int:
    """Print the faults of both packages; return 0 if there is none."""
    with zipfile.ZipFile(wheel) as archive:
        found = wheel_faults(set(archive.namelist()))
    with tarfile.open(sdist) as archive:
        found += sdist_faults(set(archive.getnames()))
    for fault in found:
        sys.stderr.write(f"packages: {fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

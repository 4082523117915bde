"""Measure how fast and how exact the engines are, on terrain made for it, against their targets.

    python scripts/bench.py [--quick] [--peer splat] [--json FILE] [--markdown]

Figures are medians of CPU time over several runs, unless they say otherwise; a whole run takes some minutes, --quick
less than one, without the rows at 30 m. The terrain reaches from 0 to 2,900 m with a mean slope of 24° at the
resolution measured, from a fixed seed: a plain fractal, and for the errors also mountains as smooth from cell to cell
as land is.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from whitesignal.propagation.catalog import DEFAULT_MODEL

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench import clock, land, paths, peer, province, sweeps, table  # the folder above must be on the path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whitesignal.grid import Terrain

log = logging.getLogger("bench")

PARTS = ("exact", "sweep", "accuracy", "quality", "step", "growth", "jobs", "province", "compile")
"""As they are shown. Compilation is measured first, and what it leaves behind serves the others."""

MODELS = ("p1812", "itm")
KINDS: tuple[land.Kind, ...] = ("fractal", "mountains")
MARGIN_KM, LEAST_WIDTH_KM = 6.0, 18.0
"""Terrain beyond the radius, for masts that stand off the middle; and the least that holds such mountains."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: resolutions, radius, numbers of positions, paths and runs."""

    resolutions_m: tuple[int, ...] = (90, 30)
    radius_km: float = 20.0
    positions: int = 4
    fine_positions: int = 2
    paths: int = 400
    runs: int = 5
    growth: tuple[int, ...] = (4, 8, 16)
    radii_km: tuple[float, ...] = (5.0, 10.0, 20.0, 40.0)
    province_km: float = 90.0
    province_counts: tuple[int, int] | None = (250, province.POSITIONS_OF_A_PROVINCE)
    compiled: tuple[str, ...] = MODELS
    engines: bool = True

    @property
    def has_fine(self) -> bool:
        """Whether terrain of 30 m is measured."""
        return 30 in self.resolutions_m

    @lru_cache(maxsize=3)  # noqa: B019  (a frozen value that lives as long as the program)
    def terrain(self, resolution_m: int, width_km: float, kind: land.Kind = "fractal") -> Terrain:
        """Return terrain, made once."""
        return land.made_terrain(width_km, float(resolution_m), kind)

    def positions_at(self, resolution_m: int) -> int:
        """Return how many positions are measured: fewer at 30 m, which costs ten times as much."""
        return self.positions if resolution_m > 30 else self.fine_positions

    def around(self, resolution_m: int, kind: land.Kind = "fractal") -> Terrain:
        """Return terrain that holds the radius around each position."""
        return self.terrain(resolution_m, max(2.0 * self.radius_km + MARGIN_KM, LEAST_WIDTH_KM), kind)


QUICK = Size(
    resolutions_m=(90,), positions=2, runs=3, growth=(2, 4), radii_km=(10.0, 20.0, 40.0), compiled=("p1812",),
    engines=False, province_counts=None,
)  # fmt: skip
SMALL = Size(
    resolutions_m=(90,), radius_km=3.0, positions=1, paths=20, runs=1, growth=(1, 2), radii_km=(1.5, 3.0, 6.0),
    province_km=12.0, province_counts=(1, 3), compiled=("p1812",),
)  # fmt: skip
"""For trying the program out: nothing it measures means anything."""


def exact_part(size: Size) -> list[table.Row]:
    return paths.exact_rows(size.terrain(90, 46.0), paths=size.paths, runs=size.runs, engines=size.engines)


def sweep_part(size: Size) -> list[table.Row]:
    return [
        row
        for model in MODELS
        for at in size.resolutions_m
        for row in sweeps.cost_rows(
            size.around(at), model, positions=size.positions_at(at), radius_km=size.radius_km, runs=size.runs
        )
    ]


def accuracy_part(size: Size) -> list[table.Row]:
    return [
        row
        for kind in KINDS
        for at in size.resolutions_m
        for model in MODELS
        for row in sweeps.accuracy_rows(
            size.around(at, kind), model, kind, positions=size.positions_at(at), radius_km=size.radius_km
        )
    ]


def quality_part(size: Size) -> list[table.Row]:
    runs = max(size.runs // 2, 1)
    return [
        row
        for kind in KINDS
        for at in size.resolutions_m
        for row in sweeps.quality_rows(
            size.around(at, kind), "p1812", kind, positions=2, radius_km=size.radius_km, runs=runs
        )
    ]


def step_part(size: Size) -> list[table.Row]:
    fine = size.around(30) if size.has_fine else None
    return paths.step_rows(fine, radius_km=size.radius_km, positions=2)


def growth_part(size: Size) -> list[table.Row]:
    wide = size.terrain(90, 2.0 * size.radii_km[-1] + MARGIN_KM)
    return sweeps.growth_rows(size.around(90), wide, counts=size.growth, radii_km=size.radii_km, runs=size.runs)


def jobs_part(size: Size) -> list[table.Row]:
    positions = 4 * size.positions
    return sweeps.jobs_rows(size.around(90), positions=positions, radius_km=size.radius_km, runs=size.runs)


def province_part(size: Size, cache: Path) -> list[table.Row]:
    if size.province_counts is None:
        return []
    terrain = size.terrain(90, size.province_km)
    compiled = cache / DEFAULT_MODEL
    return province.province_rows(
        terrain,
        counts=size.province_counts,
        radius_km=size.radius_km,
        compiled=compiled if compiled.is_dir() else None,
    )


def compile_part(size: Size, cache: Path) -> list[table.Row]:
    rows = province.compile_rows(size.terrain(90, 12.0), size.compiled, radius_km=3.0, cache=cache)
    from whitesignal.kernels.jit import cache_directory

    if not cache_directory().is_dir():
        import numba

        numba.config.CACHE_DIR = str(cache / DEFAULT_MODEL)
    return rows


def measured(size: Size, parts: Sequence[str], cache: Path) -> list[table.Row]:
    """Return the rows of the parts asked for; ``cache`` is an empty folder for compiled kernels."""
    deeds: dict[str, Callable[[], list[table.Row]]] = {
        "compile": lambda: compile_part(size, cache),
        "exact": lambda: exact_part(size),
        "sweep": lambda: sweep_part(size),
        "accuracy": lambda: accuracy_part(size),
        "quality": lambda: quality_part(size),
        "step": lambda: step_part(size),
        "growth": lambda: growth_part(size),
        "jobs": lambda: jobs_part(size),
        "province": lambda: province_part(size, cache),
    }
    rows = {}
    for name in (name for name in deeds if name in parts):
        started = time.perf_counter()
        rows[name] = deeds[name]()
        log.info("%s: measured in %.0f s", name, time.perf_counter() - started)
    return [row for name in PARTS for row in rows.get(name, ())]


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="less than a minute: nothing at 30 m, fewer runs")
    options.add_argument("--peer", choices=("splat",), help="measure Debian's SPLAT! on the same terrain too")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    options.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    options.add_argument("--size", choices=("full", "small"), default="full", help=argparse.SUPPRESS)
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; return the exit code."""
    asked = parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    log.setLevel(logging.INFO)
    if asked.peer:
        try:
            peer.check_splat()
        except peer.PeerMissingError as error:
            print(f"Error: {error}", file=sys.stderr)
            return 1
    size = SMALL if asked.size == "small" else QUICK if asked.quick else Size()
    with tempfile.TemporaryDirectory(prefix="bench-") as cache:
        rows = measured(size, asked.only, Path(cache))
        if asked.peer:
            ours = table.as_figures(rows)
            rows += peer.splat_rows(size.around(90), radius_km=size.radius_km, runs=min(size.runs, 3), ours=ours)
    print((table.as_markdown if asked.markdown else table.as_text)(rows))
    print(f"\n{clock.machine()}; {date.today().isoformat()}.\n{table.summary(rows)}.")
    if asked.json:
        asked.json.write_text(json.dumps(table.as_figures(rows), indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make the bundled sample projects under data/ from their seeds.

    python scripts/make_samples.py [--out DIR] [NAME ...]

Takes some two minutes each; the same seed and library versions give the same bytes.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))

from samples import (  # the folder above must be on the path
    ha_giang,
    ha_giang_places,
    project_texts,
    quang_ninh,
    quang_ninh_places,
    write,
)

if TYPE_CHECKING:
    from samples.land import Sample

log = logging.getLogger("make_samples")


PUBLISHED = Path(__file__).resolve().parent.parent / "data" / "reported" / "indicators.csv"


def write_sample(folder: Path, made: Sample, project: str, province: str) -> None:
    """Write what every sample has."""
    folder.mkdir(parents=True, exist_ok=True)
    lattice = made.land.ground.lattice
    write.write_terrain(folder / "terrain.tif", made.land.ground.height_m, lattice)
    counts, coarse = write.population_raster(made.villages, made.polygons, made.clusters, lattice)
    write.write_population(folder / "population.tif", counts, coarse)
    write.write_villages(folder / "villages.gpkg", made.villages, made.polygons, made.clusters)
    write.write_stations(folder / "stations.csv", made.stations)
    write.write_reported(folder / "reported.csv", PUBLISHED, {province, "Việt Nam"})
    (folder / "project.toml").write_text(project, encoding="utf-8", newline="\n")


def write_ha_giang(folder: Path) -> None:
    """Write the Hà Giang sample."""
    made = ha_giang.make_sample()
    write_sample(folder, made, project_texts.PROJECT.format(seed=ha_giang_places.SEED), "Hà Giang")
    scenarios = folder / "scenarios"
    scenarios.mkdir(exist_ok=True)
    for name, text in project_texts.scenario_texts(made.stations).items():
        (scenarios / name).write_text(text, encoding="utf-8", newline="\n")


def write_quang_ninh(folder: Path) -> None:
    """Write the Quảng Ninh sample."""
    made = quang_ninh.make_sample()
    write_sample(folder, made.sample, project_texts.QUANG_NINH.format(seed=quang_ninh_places.SEED), "Quảng Ninh")
    write.write_sea(folder / "sea.gpkg", made.shore.sea)


SAMPLES = MappingProxyType({"ha-giang": write_ha_giang, "quang-ninh": write_quang_ninh})


def main() -> None:
    """Write the samples asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {', '.join(SAMPLES)}; default: all")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent.parent / "data", help="default: data/"
    )
    asked = parser.parse_args()
    unknown = set(asked.names) - set(SAMPLES)
    if unknown:
        parser.error(f"no sample called {', '.join(sorted(unknown))}; there is {', '.join(SAMPLES)}")
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    for name in ("samples", "make_samples"):
        logging.getLogger(name).setLevel(logging.INFO)
    for name in asked.names or SAMPLES:
        folder = asked.out / name
        SAMPLES[name](folder)
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            log.info("%9d bytes  %s", file.stat().st_size, file.relative_to(asked.out))


if __name__ == "__main__":
    main()

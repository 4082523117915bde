"""Make the bundled sample projects under data/ from their seeds.

    python scripts/make_samples.py [--out DIR]

Takes some two minutes; the same seed and library versions give the same bytes.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from samples import ha_giang, ha_giang_places, project_texts, write  # the folder above must be on the path

log = logging.getLogger("make_samples")


def write_ha_giang(folder: Path) -> None:
    """Write the Hà Giang sample."""
    made = ha_giang.make_sample()
    (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    lattice = made.land.ground.lattice
    write.write_terrain(folder / "terrain.tif", made.land.ground.height_m, lattice)
    counts, coarse = write.population_raster(made.villages, made.polygons, made.clusters, lattice)
    write.write_population(folder / "population.tif", counts, coarse)
    write.write_villages(folder / "villages.gpkg", made.villages, made.polygons, made.clusters)
    write.write_stations(folder / "stations.csv", made.stations)
    project = project_texts.PROJECT.format(seed=ha_giang_places.SEED)
    (folder / "project.toml").write_text(project, encoding="utf-8", newline="\n")
    new = made.stations[made.stations["on_air_on"].str.startswith("2023")]
    scenario = folder / "scenarios" / "2023-first-half.toml"
    scenario.write_text(project_texts.scenario_text(new), encoding="utf-8", newline="\n")
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        log.info("%9d bytes  %s", file.stat().st_size, file.relative_to(folder))


def main() -> None:
    """Write every sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent.parent / "data", help="default: data/"
    )
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    for name in ("samples", "make_samples"):
        logging.getLogger(name).setLevel(logging.INFO)
    write_ha_giang(parser.parse_args().out / "ha-giang")


if __name__ == "__main__":
    main()

"""SPLAT! on the same terrain: one transmitter, one band, Longley–Rice."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import land
from bench.clock import run_program
from bench.scene import ANTENNA_HEIGHT_M, BANDS_MHZ, MIDDLE_BAND, mast_places
from bench.table import Row

if TYPE_CHECKING:
    from whitesignal.grid import Terrain

PROGRAMS = ("splat", "srtm2sdf")

PART = "A peer on the same terrain, one transmitter"

PARAMETERS = """15.000 ; Earth Dielectric Constant (Relative permittivity)
0.005 ; Earth Conductivity (Siemens per meter)
301.000 ; Atmospheric Bending Constant (N-units)
{frequency_mhz:.3f} ; Frequency in MHz (20 MHz to 20 GHz)
2 ; Radio Climate
1 ; Polarization (0 = Horizontal, 1 = Vertical)
0.50 ; Fraction of situations
0.50 ; Fraction of time
"""


class PeerMissingError(RuntimeError):
    """A program to compare with is not installed."""


def check_splat() -> None:
    """Raise, with the cure, where SPLAT! is not installed."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise PeerMissingError(f"not installed: {', '.join(missing)}; on Debian: apt-get install splat")


def splat_rows(terrain: Terrain, *, radius_km: float, runs: int, ours: dict[str, float]) -> list[Row]:
    """Return SPLAT!'s CPU time for one band, and how much of it our three bands take.

    Raises
    ------
    PeerMissingError
        If it is not installed.
    """
    check_splat()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        tile = land.write_hgt(folder, terrain)
        run_program(["srtm2sdf", "-d", "/dev/null", tile.name], folder=folder)
        longitude, latitude = (float(part[0]) for part in mast_places(terrain, 1, 2.0))
        (folder / "mast.qth").write_text(f"Mast\n{latitude:.6f}\n{360.0 - longitude:.6f}\n{ANTENNA_HEIGHT_M:g} m\n")
        (folder / "mast.lrp").write_text(PARAMETERS.format(frequency_mhz=BANDS_MHZ[MIDDLE_BAND]))
        command = ["splat", "-t", "mast.qth", "-L", "1.5", "-R", f"{radius_km:g}", "-metric", "-db", "200", "-olditm",
                   "-N", "-o", "mast.ppm"]  # fmt: skip
        seconds = statistics.median(run_program(command, folder=folder).cpu_s for _ in range(runs))
    rows = [Row(PART, "splat_itm_90m_s", f"SPLAT! ITM at 90 m, one band, {radius_km:g} km", seconds, "s")]
    for key, words in (("itm_sweep_90m_s", "ITM"), ("p1812_sweep_90m_s", "P.1812")):
        if ours.get(key):
            rows.append(Row(PART, f"splat_over_{key[:-2]}", f"SPLAT!'s one band over our {words} of three",
                            seconds / ours[key], "×"))  # fmt: skip
    return rows

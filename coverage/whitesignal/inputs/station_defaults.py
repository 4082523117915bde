"""What a register does not say of a station, filled in per generation, and flagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.bands import BandDefaults, Generation
from whitesignal.findings import Finding
from whitesignal.inputs.vocabulary import OMNI

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

OMNI_GAIN_DBI = 11.0
"""An omnidirectional collinear antenna, where one is declared: an engineering default. [dBi]"""

MEAN_ROLL_OFF_DB = 3.0
"""Three sectors of unknown orientation give 14 dBi all round, 17 less the mean roll-off: a default. [dB]"""

FROM_BAND = ("band_mhz", "bandwidth_mhz", "antenna_height_m", "power_dbm", "beamwidth_deg")
"""Columns whose default is the generation's, as it stands in ``[bands.*]``."""


def fill_defaults(rows: pd.DataFrame, bands: Mapping[Generation, BandDefaults]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows without a gap, with a column ``defaults`` that lists what was filled in.

    The gain where none is given: a sector antenna's where azimuths are known; less the mean roll-off where they are
    not, all round; that of a collinear antenna where omni is declared. A gain that is given stands. An unknown tilt
    stays unknown.
    """
    generation = rows["generation"].to_numpy(dtype=object)
    filled = rows.copy()
    missing: dict[str, NDArray[np.bool_]] = {}
    for name in FROM_BAND:
        default = _per_row(generation, {key: getattr(band, name) for key, band in bands.items()})
        missing[name] = np.isnan(rows[name].to_numpy(dtype=np.float64))
        filled[name] = np.where(missing[name], default, rows[name])
    azimuth = rows["azimuth_deg"].to_numpy(dtype=object)
    sector = _per_row(generation, {key: band.gain_dbi for key, band in bands.items()})
    gain = np.where(azimuth == "", sector - MEAN_ROLL_OFF_DB, np.where(azimuth == OMNI, OMNI_GAIN_DBI, sector))
    missing["gain_dbi"] = np.isnan(rows["gain_dbi"].to_numpy(dtype=np.float64))
    filled["gain_dbi"] = np.where(missing["gain_dbi"], gain, rows["gain_dbi"])
    missing["azimuth_deg"] = azimuth == ""
    missing["status"] = (rows["status"] == "").to_numpy(dtype=bool)
    names = list(missing)
    flags = np.column_stack([missing[name] for name in names])
    filled["defaults"] = [";".join(np.array(names)[row]) for row in flags]
    return filled, _findings(filled, missing)


def _per_row(generation: NDArray[np.object_], values: Mapping[Generation, float]) -> NDArray[np.float64]:
    result = np.full(len(generation), np.nan)
    for key, value in values.items():
        result[generation == key] = value
    return result


def _findings(filled: pd.DataFrame, missing: Mapping[str, NDArray[np.bool_]]) -> list[Finding]:
    """Return one warning per column that was filled in, with how many rows got which value."""
    findings = []
    files = filled["file"].unique()
    file = str(files[0]) if len(files) == 1 else ""
    for name, gaps in missing.items():
        if name == "status" or not gaps.any():
            continue
        if name == "azimuth_deg":
            assumed = "three sectors of unknown orientation, equal gain all round"
        else:
            counts = filled.loc[gaps].groupby(["generation", name], sort=True).size()
            assumed = ", ".join(f"{value:g} for {count} of {key}" for (key, value), count in counts.items())
        message = f"{name}: {int(gaps.sum())} of {len(filled)} rows have none; assumed {assumed}"
        findings.append(Finding("warning", message, file, None, name))
    return findings

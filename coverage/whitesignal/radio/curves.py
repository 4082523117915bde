"""Loss by the models that are curves over distance: they ride along for comparison with terrain physics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.errors import InputError
from whitesignal.propagation import free_space, hata, tr38901

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.project import Project
    from whitesignal.radio.cells import Site


def curve_loss_db(
    distance_km: NDArray[np.float64],
    slant_km: NDArray[np.float64],
    line_of_sight: NDArray[np.bool_],
    bands_mhz: NDArray[np.float64],
    *,
    site: Site,
    project: Project,
) -> NDArray[np.float64]:
    """Return the loss of n paths in m bands by the project's model, shape (n, m). [dB]

    Parameters
    ----------
    distance_km, slant_km
        Over the ground and between the antennas, shape (n,). [km]
    line_of_sight
        Whether the terrain leaves the path clear, shape (n,); only TR 38.901 asks.

    Notes
    -----
    Outside a model's published range its formula is carried on; ``radio.ranges`` makes the findings that say so.
    The circle is no propagation model: free space, and ``build_cells`` ends each cell at its radius.
    """
    model = project.radio.model
    if model == "hata":
        columns = [_hata_db(distance_km, band_mhz, site, project) for band_mhz in bands_mhz]
    elif model in ("tr38901-rma", "tr38901-uma"):
        columns = [_tr38901_db(distance_km, line_of_sight, band_mhz, site, project) for band_mhz in bands_mhz]
    elif model in ("free-space", "circle"):
        columns = [free_space.loss_db(slant_km, band_mhz) for band_mhz in bands_mhz]
    else:
        raise InputError(f"the model {model!r} cannot be used for a project; its propagation.{model}.loss can")
    return np.column_stack(columns)


def _hata_db(distance_km: NDArray[np.float64], band_mhz: float, site: Site, project: Project) -> NDArray[np.float64]:
    return hata.loss_db(
        distance_km,
        frequency_mhz=band_mhz,
        base_height_m=site.antenna_height_m,
        mobile_height_m=project.clutter.terminal_height_m,
        environment="suburban",
        out_of_range="flag",
    )


def _tr38901_db(
    distance_km: NDArray[np.float64], line_of_sight: NDArray[np.bool_], band_mhz: float, site: Site, project: Project
) -> NDArray[np.float64]:
    curve = tr38901.rma_db if project.radio.model == "tr38901-rma" else tr38901.uma_db
    clear_db, blocked_db = (
        curve(
            distance_km * 1000.0,
            frequency_ghz=band_mhz / 1000.0,
            base_height_m=site.antenna_height_m,
            mobile_height_m=project.clutter.terminal_height_m,
            line_of_sight=clear,
            out_of_range="flag",
        )
        for clear in (True, False)
    )
    return np.where(line_of_sight, clear_db, blocked_db)

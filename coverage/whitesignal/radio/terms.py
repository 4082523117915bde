"""One path's loss taken apart into the terms of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.radio.paths import SitePaths, traced_paths
from whitesignal.radio.traces import terminal_clutter_db

if TYPE_CHECKING:
    from whitesignal.grid import Terrain
    from whitesignal.project import Project
    from whitesignal.radio.cells import Site
    from whitesignal.radio.paths import Receivers


def loss_terms_db(
    terrain: Terrain,
    site: Site,
    point: Receivers,
    band_mhz: float,
    project: Project,
    *,
    paths: SitePaths,
    loss_db: float,
) -> dict[str, float]:
    """Return the terms of one path's loss in one band; they add up to it exactly. [dB]

    Parameters
    ----------
    point
        One place, standing in a village.
    paths, loss_db
        What ``site_paths`` says of it, and its loss in this band.
    """
    model = project.radio.model
    if model == "p1812":
        return _p1812_terms_db(terrain, site, point, band_mhz, project, paths=paths, loss_db=loss_db)
    if model not in ("p526", "itm"):
        return {f"basic transmission loss ({model})": loss_db}
    from whitesignal.propagation import free_space

    # ITM's own free space is over the ground distance.
    clear_km = paths.distance_km[0] if model == "itm" else paths.slant_km[0]
    free_space_db = float(free_space.loss_db(clear_km, band_mhz))
    clutter_db = float(terminal_clutter_db(np.asarray([band_mhz]), project.clutter)[0])
    return {
        "free space": free_space_db,
        "diffraction" if model == "p526" else "terrain, as ITM attenuates": loss_db - free_space_db - clutter_db,
        "terminal clutter": clutter_db,
    }


def _p1812_terms_db(
    terrain: Terrain,
    site: Site,
    point: Receivers,
    band_mhz: float,
    project: Project,
    *,
    paths: SitePaths,
    loss_db: float,
) -> dict[str, float]:
    """Return free space, diffraction, what the village's clutter adds to it, and what scatter and ducts take off."""
    from whitesignal.kernels import p1812_band

    terms = np.empty(p1812_band.TERMS_SIZE)
    diffraction_db = []
    for in_villages in (False, True):
        traced = traced_paths(terrain, site, point, paths.distance_km, project, in_villages=in_villages)
        vertical = project.radio.polarization == "vertical"
        p1812_band.basic_loss_db(traced.geometry[0], band_mhz, vertical, 0.0, terms)
        diffraction_db.append(float(terms[p1812_band.DIFFRACTION_TIME]))
    free_space_db = float(terms[p1812_band.FREE_SPACE])
    return {
        "free space": free_space_db,
        "diffraction": diffraction_db[0],
        "village clutter": diffraction_db[1] - diffraction_db[0],
        "troposcatter and ducting": loss_db - free_space_db - diffraction_db[1],
    }

"""Terrain profiles from a site to many points, and the loss by each model that follows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whitesignal.project import LAYER_MODELS
from whitesignal.units import effective_earth_radius_km

if TYPE_CHECKING:
    from whitesignal.grid import Terrain
    from whitesignal.project import ClutterSettings, Project, RadioSettings
    from whitesignal.radio.cells import Site

ITM_BROADCAST = 3
"""ITM's mode of variability."""

_Common = tuple[
    NDArray[np.float32],
    NDArray[np.bool_],
    float,
    float,
    float,
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    float,
    float,
    float,
    NDArray[np.float64],
    NDArray[np.bool_],
]
"""What every kernel that traces paths takes first: terrain, both ends, lengths, heights, the step, working space."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What the terrain profiles of n paths give; arrays of shape (n,).

    ``geometry`` holds a row of ``kernels.p1812``, ``kernels.itm_layout`` or ``kernels.diffraction`` for each, by the
    model that asked.
    """

    geometry: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    slant_km: NDArray[np.float64]
    departure_deg: NDArray[np.float64]
    line_of_sight: NDArray[np.bool_]
    known: NDArray[np.bool_]


def trace(
    terrain: Terrain,
    site: Site,
    *,
    tx_cell: tuple[float, float],
    rx_cells: tuple[NDArray[np.float64], NDArray[np.float64]],
    rx_latitude: NDArray[np.float64],
    distance_km: NDArray[np.float64],
    village_height_m: float,
    project: Project,
) -> Traced:
    """Return the geometry of the paths from a site to n points, one terrain profile each.

    Parameters
    ----------
    tx_cell, rx_cells
        Columns and rows in the terrain, of the site and of the points, shape (n,).
    rx_latitude
        Of the points, shape (n,). [deg]
    distance_km
        Over the ground, above zero, shape (n,). [km]
    village_height_m
        Clutter around the points, which P.1812 takes into the profile. [m]
    """
    from whitesignal.kernels import exact

    count = len(distance_km)
    slant_km = np.empty(count)
    known = np.empty(count, dtype=bool)
    common: _Common = (
        terrain.height_m,
        voids(terrain),
        terrain.outside_m,
        *tx_cell,
        *rx_cells,
        distance_km,
        site.antenna_height_m,
        project.clutter.terminal_height_m,
        step_km(terrain, project.radio),
        *exact.working_space(distance_km, step_km(terrain, project.radio)),
    )
    if project.radio.model == "itm":
        return _trace_itm(common, distance_km, slant_km, known, project)
    from whitesignal.kernels import diffraction, p1812

    by_p1812 = project.radio.model == "p1812"
    geometry = np.empty((count, p1812.GEOMETRY_SIZE if by_p1812 else diffraction.GEOMETRY_SIZE))
    if by_p1812:
        exact.trace_p1812(
            *common,
            effective_earth_radius_km(project.radio.delta_n),
            surface(terrain, project.radio),
            zones(terrain),
            np.empty(common[-1].size if terrain.zone is not None else 0, dtype=np.int8),
            village_height_m,
            project.clutter.village_radius_m / 1000.0,
            project.radio.n0,
            (site.latitude + rx_latitude) / 2.0,
            geometry,
            slant_km,
            known,
        )
    else:
        exact.trace(*common, effective_earth_radius_km(project.radio.delta_n), geometry, slant_km, known)
    departure_deg, blocked = geometry[:, diffraction.DEPARTURE_DEG], geometry[:, diffraction.BLOCKED]
    return Traced(geometry, distance_km, slant_km, departure_deg, blocked == 0.0, known)


def _trace_itm(
    common: _Common,
    distance_km: NDArray[np.float64],
    slant_km: NDArray[np.float64],
    known: NDArray[np.bool_],
    project: Project,
) -> Traced:
    """Return the geometry as ITM sees it: its own earth radius, horizons and departure angle."""
    from whitesignal.kernels import exact_itm, itm_layout

    geometry = np.empty((len(distance_km), itm_layout.PATH_SIZE))
    exact_itm.trace_itm(*common, project.radio.n0, geometry, slant_km, known)
    clear = geometry[:, itm_layout.TX_HORIZON_INDEX] == -1.0
    return Traced(geometry, distance_km, slant_km, geometry[:, itm_layout.DEPARTURE_DEG], clear, known)


def step_km(terrain: Terrain, radio: RadioSettings) -> float:
    """Return the longest interval of a terrain profile: the project's, else the terrain's own resolution. [km]"""
    return (radio.profile_step_m or terrain.resolution_m) / 1000.0


def voids(terrain: Terrain) -> NDArray[np.bool_]:
    """Return the terrain's voids as the kernels want them: empty where there are none, which spares them the tests."""
    return terrain.void if terrain.void.any() else np.empty((0, 0), dtype=np.bool_)


def surface(terrain: Terrain, radio: RadioSettings) -> NDArray[np.float32]:
    """Return the ground with its clutter as the kernels want it: empty where there is none.

    It is empty too for a model that has clutter as a term of its own, which would count it twice.
    """
    if terrain.surface_m is None or radio.model not in LAYER_MODELS:
        return np.empty((0, 0), dtype=np.float32)
    return terrain.surface_m


def zones(terrain: Terrain) -> NDArray[np.int8]:
    """Return the zones of sea and coast as the kernels want them: empty where all is inland."""
    return np.empty((0, 0), dtype=np.int8) if terrain.zone is None else terrain.zone


def terminal_clutter_db(bands_mhz: NDArray[np.float64], clutter: ClutterSettings) -> NDArray[np.float64]:
    """Return what a village's own clutter costs in each band, by ITU-R P.2108 §3.1. [dB]

    Above 3 GHz, where the recommendation ends, its formula is carried on; ``radio.ranges`` makes the finding.
    """
    from whitesignal.propagation import p2108

    if clutter.village_height_m <= 0.0:
        return np.zeros(len(bands_mhz))  # [clutter] says that there is none; the formula divides by its height
    return np.asarray(
        [
            p2108.terminal_clutter_db(
                band_mhz / 1000.0,
                terminal_height_m=clutter.terminal_height_m,
                clutter_height_m=clutter.village_height_m,
                clutter_type=p2108.VILLAGE_CLUTTER_TYPE,
                street_width_m=clutter.street_width_m,
                out_of_range="flag",
            )
            for band_mhz in bands_mhz
        ]
    )


def _p526_loss_db(traced: Traced, bands_mhz: NDArray[np.float64], project: Project) -> NDArray[np.float64]:
    """Return free space, delta-Bullington and terminal clutter, shape (n, bands). [dB]"""
    from whitesignal.kernels import exact
    from whitesignal.propagation import free_space

    radio = project.radio
    loss_db = np.empty((len(traced.geometry), len(bands_mhz)))
    exact.diffraction_losses(
        traced.geometry,
        bands_mhz,
        radio.polarization == "vertical",
        radio.permittivity,
        radio.conductivity_s_per_m,
        effective_earth_radius_km(radio.delta_n),
        loss_db,
    )
    free_space_db = free_space.loss_db(traced.slant_km[:, None], bands_mhz[None, :])
    return loss_db + free_space_db + terminal_clutter_db(bands_mhz, project.clutter)


def _p1812_loss_db(traced: Traced, bands_mhz: NDArray[np.float64], project: Project) -> NDArray[np.float64]:
    """Return P.1812's loss at 50 % of time and places, shape (n, bands); clutter stands in the profile. [dB]"""
    from whitesignal.kernels import exact, p1812_band

    loss_db = np.empty((len(traced.geometry), len(bands_mhz)))
    terms = np.empty(p1812_band.TERMS_SIZE)
    exact.p1812_losses(traced.geometry, bands_mhz, project.radio.polarization == "vertical", terms, loss_db)
    return loss_db


def itm_bands(bands_mhz: NDArray[np.float64], radio: RadioSettings) -> NDArray[np.float64]:
    """Return what ITM's kernels need to know of each band at the medians, shape (bands, BAND_SIZE).

    The mode of variability is "broadcast", in which the percentages of time, places and situations stay apart, as
    P.1812 has them. At the medians all modes agree to 0.0001 dB.
    """
    from whitesignal.propagation import itm_band

    return np.stack(
        [
            itm_band.band_vector(
                float(band_mhz),
                vertical=radio.polarization == "vertical",
                permittivity=radio.permittivity,
                conductivity_s_per_m=radio.conductivity_s_per_m,
                climate=radio.climate,
                time_percent=50.0,
                location_percent=50.0,
                situation_percent=50.0,
                variability_mode=ITM_BROADCAST,
            )
            for band_mhz in bands_mhz
        ]
    )


def _itm_loss_db(traced: Traced, bands_mhz: NDArray[np.float64], project: Project) -> NDArray[np.float64]:
    """Return ITM's median loss and terminal clutter, of which ITM knows nothing, shape (n, bands). [dB]"""
    from whitesignal.kernels import exact_itm

    loss_db = np.empty((len(traced.geometry), len(bands_mhz)))
    exact_itm.itm_losses(traced.geometry, itm_bands(bands_mhz, project.radio), loss_db)
    return loss_db + terminal_clutter_db(bands_mhz, project.clutter)


TRACED_LOSSES: Mapping[str, Callable[[Traced, NDArray[np.float64], Project], NDArray[np.float64]]] = MappingProxyType(
    {"p526": _p526_loss_db, "p1812": _p1812_loss_db, "itm": _itm_loss_db}
)
"""Model → loss of traced paths in some bands."""

FIRST_KERNEL: Mapping[str, str] = MappingProxyType(
    {"p526": "exact.trace", "p1812": "exact.trace_p1812", "itm": "exact_itm.trace_itm"}
)
"""Model → the kernel that its first path needs; the curves over distance ask the plain walk, or none."""


def compiled_before(model: str) -> bool:
    """Return whether a model's kernels have been compiled on this machine since they were last edited."""
    from whitesignal.kernels.jit import is_compiled

    return is_compiled(FIRST_KERNEL.get(model, FIRST_KERNEL["p526"]))

"""A path in section: terrain over the curved earth, the ray, the Fresnel zone and what blocks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.maps.labels import Language, labels
from whitesignal.maps.tables import clean
from whitesignal.units import wavelength_m

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

M_PER_KM = 1000.0
CLEARANCE_SHARE = 0.6
"""Free of obstacles up to this share of the first Fresnel radius, a path loses almost nothing to diffraction."""

_TERRAIN, _EARTH, _VOID = "#b8a98a", "#dfd8c8", "#c0392b"
_BOX: Mapping[str, object] = MappingProxyType(
    {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
)
_RAY, _FRESNEL = "#10306b", "#1f6fb4"


@dataclass(frozen=True)
class ProfileFigure:
    """A path from a station to a village, and what was found along it.

    Attributes
    ----------
    distance_km
        From the station, rising, shape (n,). [km]
    height_m
        Ground above sea level, shape (n,). [m]
    tx_height_m, rx_height_m
        Antennas above the ground under them. [m]
    frequency_mhz
        Of the carrier; it sets the Fresnel zone. [MHz]
    effective_radius_km
        Effective earth radius, refraction included. [km]
    void
        Where the terrain has no data and ``height_m`` is a stand-in, shape (n,).
    ridge_index
        The sample that blocks most, None on a clear path.
    terms
        Loss by cause, in the order to print. [dB]
    level_dbm, margin_db
        Median level at the village and how far it lies above the threshold; NaN where not computed.
    """

    distance_km: NDArray[np.float64]
    height_m: NDArray[np.float64]
    tx_height_m: float
    rx_height_m: float
    frequency_mhz: float
    effective_radius_km: float
    void: NDArray[np.bool_]
    ridge_index: int | None
    title: str
    station_label: str
    village_label: str
    terms: Mapping[str, float]
    level_dbm: float
    margin_db: float


def bulge_m(distance_km: NDArray[np.float64], effective_radius_km: float) -> NDArray[np.float64]:
    """Return how far the earth rises above the chord between a path's ends. [m]

    Examples
    --------
    Halfway along 20 km over an earth of 8,500 km:

    >>> bulge_m(np.array([0.0, 10.0, 20.0]), 8500.0).round(2).tolist()
    [0.0, 5.88, 0.0]
    """
    along_km = distance_km - distance_km[0]
    rest_km = distance_km[-1] - distance_km
    return np.asarray(along_km * rest_km / (2.0 * effective_radius_km) * M_PER_KM)


def fresnel_radius_m(distance_km: NDArray[np.float64], frequency_mhz: float) -> NDArray[np.float64]:
    """Return the first Fresnel zone's radius along a path, zero at its ends. [m]

    References
    ----------
    ITU-R P.526-15 equation (2), with n = 1.

    Examples
    --------
    >>> fresnel_radius_m(np.array([0.0, 5.0, 10.0]), 900.0).round(1).tolist()
    [0.0, 28.9, 0.0]
    """
    along_m = (distance_km - distance_km[0]) * M_PER_KM
    rest_m = (distance_km[-1] - distance_km) * M_PER_KM
    length_m = (distance_km[-1] - distance_km[0]) * M_PER_KM
    return np.asarray(np.sqrt(wavelength_m(frequency_mhz) * along_m * rest_m / length_m))


def ray_m(figure: ProfileFigure) -> NDArray[np.float64]:
    """Return the height of the straight line between the antennas, in the picture's own heights. [m]"""
    ends_m = (figure.height_m[0] + figure.tx_height_m, figure.height_m[-1] + figure.rx_height_m)
    ends_km = (figure.distance_km[0], figure.distance_km[-1])
    return np.asarray(np.interp(figure.distance_km, ends_km, ends_m))


def plain(text: str) -> str:
    r"""Return text that matplotlib draws as it stands: a pair of ``$`` would be read as a formula.

    Examples
    --------
    >>> plain("$x$")
    '\\$x\\$'
    """
    return clean(text).replace("$", r"\$")


def draw_profile(profile: ProfileFigure, path: Path, *, lang: Language = "en") -> None:
    """Write the picture of a path; the file's suffix says as what (.png, .svg, .pdf).

    Raises
    ------
    InputError
        The language is none of ours.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    words = labels(lang)
    figure = Figure(figsize=(11.0, 5.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_ground(axes, profile, words)
    _draw_ray(axes, profile, words)
    _draw_ends(axes, profile)
    _draw_ridge(axes, profile, words)
    _set_frame(axes, profile, words)
    axes.text(
        0.99, 0.97, _loss_table(profile, words), transform=axes.transAxes, ha="right", va="top", ma="left",
        family="monospace",
        fontsize=8.5, zorder=10, bbox={**_BOX, "edgecolor": "#c9ccd1"},
    )  # fmt: skip
    figure.savefig(path, dpi=130, metadata=_metadata(path))


def _metadata(path: Path) -> dict[str, None] | None:
    """Return what keeps the date of drawing out of the file: the same path gives the same picture."""
    return {"Date": None} if path.suffix == ".svg" else {"CreationDate": None} if path.suffix == ".pdf" else None


def _draw_ground(axes: Axes, profile: ProfileFigure, words: Mapping[str, str]) -> None:
    along_km = profile.distance_km
    earth_m = bulge_m(along_km, profile.effective_radius_km)
    ground_m = profile.height_m + earth_m
    # A level surface at the lowest ground: with sea level the curve would mostly lie below the picture.
    level_m = float(np.min(profile.height_m)) + earth_m
    floor_m = _height_limits_m(profile)[0]
    axes.fill_between(along_km, floor_m, ground_m, color=_TERRAIN, zorder=2, label=words["profile.terrain"])
    axes.fill_between(along_km, floor_m, level_m, color=_EARTH, zorder=3)
    axes.plot(
        along_km, level_m, color="#8d8471", lw=0.9, ls=(0, (4, 3)), zorder=3, label=words["profile.level_surface"]
    )
    axes.plot(along_km, ground_m, color="#6b5d3f", lw=1.0, zorder=4)
    if profile.void.any():
        axes.fill_between(
            along_km, floor_m, ground_m, where=profile.void.tolist(), facecolor="none", edgecolor=_VOID, hatch="////",
            lw=0.0, zorder=5, label=words["profile.void"],
        )  # fmt: skip


def _draw_ray(axes: Axes, profile: ProfileFigure, words: Mapping[str, str]) -> None:
    along_km, line_m = profile.distance_km, ray_m(profile)
    radius_m = fresnel_radius_m(along_km, profile.frequency_mhz)
    inner_m = CLEARANCE_SHARE * radius_m
    axes.fill_between(
        along_km, line_m - radius_m, line_m + radius_m, color=_FRESNEL, alpha=0.16, lw=0, zorder=6,
        label=words["profile.fresnel"],
    )  # fmt: skip
    axes.plot(along_km, line_m - inner_m, color=_FRESNEL, lw=0.8, ls=":", zorder=6, label=words["profile.fresnel_60"])
    axes.plot(along_km, line_m + inner_m, color=_FRESNEL, lw=0.8, ls=":", zorder=6)
    axes.plot(along_km, line_m, color=_RAY, lw=1.4, zorder=7, label=words["profile.ray"])


def _draw_ends(axes: Axes, profile: ProfileFigure) -> None:
    ends = (
        (0, profile.tx_height_m, profile.station_label, "left"),
        (-1, profile.rx_height_m, profile.village_label, "right"),
    )
    for place, antenna_m, label, side in ends:
        along_km, ground_m = profile.distance_km[place], profile.height_m[place]
        axes.plot([along_km, along_km], [ground_m, ground_m + antenna_m], color="#22272e", lw=2.2, zorder=8)
        axes.plot([along_km], [ground_m + antenna_m], marker="o", color="#22272e", ms=4, zorder=8)
        axes.annotate(
            plain(label), (along_km, ground_m + antenna_m), xytext=(5 if side == "left" else -5, 9),
            textcoords="offset points", ha=side, fontsize=9, fontweight="bold", zorder=9,
            bbox={**_BOX, "boxstyle": "round,pad=0.2"},
        )  # fmt: skip


def _draw_ridge(axes: Axes, profile: ProfileFigure, words: Mapping[str, str]) -> None:
    place = profile.ridge_index
    if place is None:
        return
    along_km = float(profile.distance_km[place])
    top_m = float(profile.height_m[place] + bulge_m(profile.distance_km, profile.effective_radius_km)[place])
    above_m = top_m - float(ray_m(profile)[place])
    where = words["profile.above_ray" if above_m >= 0 else "profile.below_ray"].format(height=f"{abs(above_m):.0f}")
    text = f"{words['profile.ridge']}: {along_km:.2f} km, {profile.height_m[place]:.0f} m\n{where}"
    axes.plot([along_km], [top_m], marker="v", color=_VOID, ms=8, zorder=9)
    axes.annotate(
        text, (along_km, top_m), xytext=(0, 12), textcoords="offset points", ha="center", va="bottom", fontsize=8.5,
        color=_VOID, zorder=9, bbox=dict(_BOX),
    )  # fmt: skip


def _height_limits_m(profile: ProfileFigure) -> tuple[float, float]:
    """Return the picture's lowest and highest height: all of ground and ray, with room for labels above. [m]"""
    ground_m = profile.height_m + bulge_m(profile.distance_km, profile.effective_radius_km)
    radius_m = fresnel_radius_m(profile.distance_km, profile.frequency_mhz)
    low_m = float(np.min(ground_m))
    high_m = float(max(np.max(ground_m), np.max(ray_m(profile) + radius_m)))
    room_m = max(high_m - low_m, 20.0)
    return low_m - 0.12 * room_m, high_m + 0.55 * room_m


def _set_frame(axes: Axes, profile: ProfileFigure, words: Mapping[str, str]) -> None:
    axes.set_title(plain(profile.title), loc="left", fontsize=11, fontweight="bold")
    axes.set_xlabel(words["profile.distance"])
    axes.set_ylabel(words["profile.height"])
    axes.set_xlim(float(profile.distance_km[0]), float(profile.distance_km[-1]))
    axes.set_ylim(*_height_limits_m(profile))
    axes.grid(alpha=0.25, lw=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", fontsize=8, framealpha=0.93, ncols=2)


def _loss_table(profile: ProfileFigure, words: Mapping[str, str]) -> str:
    """Return losses by cause and what is left, as columns of one width."""
    rows = [(clean(name), value, "dB") for name, value in profile.terms.items()]
    total = [(words["profile.level"], profile.level_dbm, "dBm"), (words["profile.margin"], profile.margin_db, "dB")]
    total = [row for row in total if np.isfinite(row[1])]
    width = max((len(name) for name, _, _ in [*rows, *total]), default=0)
    lines = [f"{name:<{width}} {value:>8.1f} {unit:<3}" for name, value, unit in rows]
    rule = ["─" * (width + 13)] if rows and total else []
    lines += [*rule, *(f"{name:<{width}} {value:>8.1f} {unit:<3}" for name, value, unit in total)]
    heading = f"{words['profile.loss']}, {profile.frequency_mhz:g} MHz"
    return "\n".join([heading, *lines]).replace("$", r"\$")

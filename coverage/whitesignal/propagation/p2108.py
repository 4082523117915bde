"""Clutter around a terminal, by the height-gain terminal correction model.

References
----------
Recommendation ITU-R P.2108-1, "Prediction of clutter loss", annex 1, §3.1, equations (1) and (2a) to (2g), table 3.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

from whitesignal.errors import InputError
from whitesignal.propagation.validity import Limit, OutOfRange, breaches, check, positive

ClutterType = Literal["water-sea", "open-rural", "suburban", "urban", "trees-forest", "dense-urban"]
"""Table 3's types. The first two take the height-gain equation (2b), the others the diffraction equation (2a)."""

VILLAGE_CLUTTER_TYPE: ClutterType = "suburban"
"""A village's houses and trees: an edge that waves are diffracted over, equation (2a)."""

FREQUENCY = Limit("frequency", "GHz", 0.03, 3.0)


def terminal_clutter_db(
    frequency_ghz: float,
    *,
    terminal_height_m: float,
    clutter_height_m: float,
    clutter_type: ClutterType,
    street_width_m: float = 27.0,
    out_of_range: OutOfRange = "raise",
) -> float:
    """Return the median loss added by the clutter around one terminal. [dB]

    Parameters
    ----------
    frequency_ghz
        Frequency, 0.03 to 3. [GHz]
    terminal_height_m
        Antenna above ground. [m]
    clutter_height_m
        Representative height R of the clutter; at or below the antenna there is no loss. [m]
    clutter_type
        What stands around the terminal.
    street_width_m
        Distance from the terminal to the clutter is taken from it; 27 unless known. [m]
    out_of_range
        ``"raise"``, or ``"flag"`` to carry the formula on above 3 GHz; `outside_range` says that it is.

    Raises
    ------
    RangeError
        Outside the frequency range, unless flagged; always for a height, width or frequency not above 0.
    InputError
        For an unknown clutter type.

    Notes
    -----
    (2a) J(ν) − 6.03 with ν = 0.342 √(f h_dif θ), or (2b) −(21.8 + 6.2 log f) log(h/R). Leaves out clutter further
    along the path: a profile that carries clutter heights already holds this loss, so never add both.

    Examples
    --------
    A telephone at 1.5 m among 5 m houses: 11.5 dB at 900 MHz, 14.3 dB at 1800 MHz.

    >>> for frequency_ghz in (0.9, 1.8):
    ...     loss_db = terminal_clutter_db(frequency_ghz, terminal_height_m=1.5, clutter_height_m=5.0,
    ...                                   clutter_type=VILLAGE_CLUTTER_TYPE)
    ...     print(round(loss_db, 1))
    11.5
    14.3
    """
    if clutter_type not in get_args(ClutterType):
        raise InputError(f"P.2108: unknown clutter type {clutter_type!r}; known: {', '.join(get_args(ClutterType))}")
    positive("P.2108", "the frequency", frequency_ghz)
    positive("P.2108", "the terminal height", terminal_height_m)
    positive("P.2108", "the clutter height", clutter_height_m)
    positive("P.2108", "the street width", street_width_m)
    check("P.2108", outside_range(frequency_ghz), out_of_range)
    if terminal_height_m >= clutter_height_m:
        return 0.0  # (1)
    if clutter_type in ("water-sea", "open-rural"):
        slope_db = 21.8 + 6.2 * math.log10(frequency_ghz)  # (2f)
        return -slope_db * math.log10(terminal_height_m / clutter_height_m)  # (2b)
    above_m = clutter_height_m - terminal_height_m  # (2d)
    angle_deg = math.degrees(math.atan(above_m / street_width_m))  # (2e)
    nu = 0.342 * math.sqrt(frequency_ghz) * math.sqrt(above_m * angle_deg)  # (2c), (2g)
    edge_db = 6.9 + 20.0 * math.log10(math.sqrt((nu - 0.1) ** 2 + 1.0) + nu - 0.1)
    return edge_db - 6.03  # (2a)


def outside_range(frequency_ghz: float) -> tuple[str, ...]:
    """Return a sentence if the frequency is outside the recommendation's range, else nothing."""
    return breaches([(FREQUENCY, frequency_ghz)])

"""Free space: what distance alone costs.

References
----------
Recommendation ITU-R P.525-4, "Calculation of free-space attenuation", equation (3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.propagation.validity import positive
from whitesignal.units import SPEED_OF_LIGHT_M_PER_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def loss_db(distance_km: ArrayLike, frequency_mhz: ArrayLike) -> NDArray[np.float64]:
    """Return the basic transmission loss of free space.

    Parameters
    ----------
    distance_km
        Slant distance between the antennas; broadcasts with the frequency. [km]
    frequency_mhz
        Frequency. [MHz]

    Raises
    ------
    RangeError
        If a distance or a frequency is not above 0.

    Notes
    -----
    20 log10(4πd/λ), equation (3), without the rounding of equation (4) to 32.4 + 20 log f + 20 log d.
    Leaves out everything but distance: no ground, obstacle, clutter or gas. Holds in the far field.

    Examples
    --------
    The recommendation's equation (4) gives 32.4 dB at 1 km and 1 MHz.

    >>> round(float(loss_db(1.0, 1.0)), 1)
    32.4
    """
    distance = positive("free space", "the distance", distance_km)
    frequency = positive("free space", "the frequency", frequency_mhz)
    wavelengths = distance * (frequency * (1e9 / SPEED_OF_LIGHT_M_PER_S))
    return np.asarray(20.0 * np.log10(4.0 * np.pi * wavelengths))

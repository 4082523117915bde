"""Pairs of places within a distance of each other, in metres on the ellipsoid, without looking at all pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whitesignal.geodesy import WGS84_ECCENTRICITY_SQUARED, WGS84_SEMI_MAJOR_M, distance_and_azimuth

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING_MM = 1e-3
"""What floating point may add to a distance, so that equal ones come out equal. [mm]"""

CHORD_SLACK_M = 0.01
"""A chord is never longer than the way over the ellipsoid; this makes up for rounding. [m]"""


def near_pairs(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], within_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return first and second place of every pair within a distance, first < second, and how far apart. [mm]

    Parameters
    ----------
    longitude, latitude
        WGS 84, finite, shape (places,). [deg]
    within_m
        The largest distance that counts. [m]

    Returns
    -------
    first, second, apart_mm
        Shape (pairs,), sorted by first, then second. Whole millimetres, rounded up: equal distances are equal
        whatever the floating point made of them, distinct places are at least 1 mm apart, and what lies within a
        distance by this count does so in truth.

    Notes
    -----
    A k-d tree over geocentric coordinates finds the pairs, the distance over the ellipsoid decides: O(n log n + pairs),
    at any latitude and across the 180th meridian.
    """
    from scipy.spatial import cKDTree

    if len(longitude) < 2:
        return tuple(np.empty((3, 0), dtype=np.int64))  # type: ignore[return-value]
    tree = cKDTree(_geocentric_m(longitude, latitude))
    pairs = tree.query_pairs(within_m + CHORD_SLACK_M, output_type="ndarray").astype(np.int64)
    pairs = np.sort(pairs, axis=1)
    first, second = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].T
    distance_km, _ = distance_and_azimuth(longitude[first], latitude[first], longitude[second], latitude[second])
    apart_mm = np.ceil(1e6 * distance_km - ROUNDING_MM).astype(np.int64)
    differ = (longitude[first] != longitude[second]) | (latitude[first] != latitude[second])
    apart_mm = np.where(differ, np.maximum(apart_mm, 1), 0)
    near = apart_mm <= 1000.0 * within_m
    return first[near], second[near], apart_mm[near]


def _geocentric_m(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the places on the ellipsoid in geocentric coordinates, shape (places, 3). [m]"""
    east, north = np.radians(longitude), np.radians(latitude)
    prime_vertical_m = WGS84_SEMI_MAJOR_M / np.sqrt(1.0 - WGS84_ECCENTRICITY_SQUARED * np.sin(north) ** 2)
    return np.column_stack(
        [
            prime_vertical_m * np.cos(north) * np.cos(east),
            prime_vertical_m * np.cos(north) * np.sin(east),
            prime_vertical_m * (1.0 - WGS84_ECCENTRICITY_SQUARED) * np.sin(north),
        ]
    )
